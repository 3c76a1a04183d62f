/* A scheme made ready. */
#include <string.h>

#include "rules/appraise.h"
#include "rules/quantity.h"

/* The expression in SQL, checked by itself. *out lives in the plan. */
static enum ph_status translate(struct ph_plan *p, sqlite3 *db, const char *expr, struct ph_place place, struct ph_str *out,
                                struct ph_error *err)
{
    struct ph_text sql;
    ph_text_init(&sql, PH_SQL_CAP);
    bool *marks = ph_arena_alloc(&p->arena, p->scope.variable_count + p->scope.words->define_count + 1);
    enum ph_status status = marks ? PH_OK : ph_fail_memory(err);
    if (status == PH_OK)
        status = ph_expr_translate(&p->scope, expr, strlen(expr), place, PH_EXPAND_DEFINES, &sql,
                                   &(struct ph_uses){.marks = marks}, err);
    *out = (struct ph_str){ph_arena_text(&p->arena, ph_text_get(&sql), sql.length), sql.length};
    if (status == PH_OK && (sql.failed || out->at == NULL)) status = ph_fail_memory(err);
    if (status == PH_OK) status = ph_sql_check(db, *out, place, err);
    ph_text_dispose(&sql);
    return status;
}

static bool *new_marks(struct ph_plan *p)
{
    bool *marks = ph_arena_alloc(&p->arena, p->scope.variable_count + 1);
    if (marks) memset(marks, 0, p->scope.variable_count + 1);
    return marks;
}

static enum ph_status add_quantity(struct ph_plan *p, struct ph_str sql, size_t *index, struct ph_error *err)
{
    for (*index = 0; *index < p->quantity_count; (*index)++)
        if (ph_str_equal(p->quantities[*index].sql, sql)) return PH_OK;
    struct ph_amount q = {.sql = sql, .marks = new_marks(p)};
    p->quantities = ph_document_grown(&p->arena, p->quantities, p->quantity_count, sizeof q);
    if (p->quantities == NULL || q.marks == NULL) return ph_fail_memory(err);
    if (!ph_sql_column_of(sql, &q.variable, &q.factor)) q.variable = SIZE_MAX;
    ph_sql_mark(sql, q.marks);
    ph_sql_mark(sql, p->indicator_marks);
    p->quantities[p->quantity_count++] = q;
    return PH_OK;
}

static enum ph_status plan_value(struct ph_plan *p, sqlite3 *db, const char *expr, struct ph_place place, struct ph_plan_value *out,
                                 struct ph_error *err)
{
    struct ph_str sql, numerator, denominator;
    PH_TRY(translate(p, db, expr, place, &sql, err));
    out->marks = new_marks(p);
    if (out->marks == NULL) return ph_fail_memory(err);
    ph_sql_mark(sql, out->marks);
    out->denominator = PH_NO_QUANTITY;
    if (ph_sql_quotient(sql, &numerator, &denominator))
        PH_TRY(add_quantity(p, denominator, &out->denominator, err));
    else
        numerator = ph_sql_bare(sql);
    PH_TRY(add_quantity(p, numerator, &out->numerator, err));
    out->plain = p->quantities[out->numerator].variable != SIZE_MAX &&
                 (out->denominator == PH_NO_QUANTITY || p->quantities[out->denominator].variable != SIZE_MAX);
    return PH_OK;
}

static enum ph_status plan_indicator(struct ph_plan *p, sqlite3 *db, const struct ph_indicator *indicator, struct ph_plan_value *out,
                                     struct ph_error *err)
{
    PH_TRY(plan_value(p, db, indicator->value, indicator->value_place, out, err));
    if (indicator->base_kind != PH_BASE_WEIGHTED_MEAN || out->denominator != PH_NO_QUANTITY) return PH_OK;
    ph_fail(err, PH_E_RULES, "base: weighted_mean 要求 value 写成“分子 / 分母”", "base: weighted_mean needs a value of the form 'a / b'");
    ph_at_line(err, indicator->value_place.file, indicator->value_place.line, indicator->value_place.column);
    return PH_E_RULES;
}

static enum ph_status plan_group(struct ph_plan *p, sqlite3 *db, const struct ph_score_group *group, struct ph_plan_group *out,
                                 struct ph_error *err)
{
    out->class_value = (struct ph_plan_value){PH_NO_QUANTITY, PH_NO_QUANTITY, NULL, false};
    out->indicators = ph_arena_alloc(&p->arena, group->indicator_count * sizeof *out->indicators);
    if (out->indicators == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < group->indicator_count; i++)
        PH_TRY(plan_indicator(p, db, &group->indicators[i], &out->indicators[i], err));
    if (group->classes.by != PH_CLASS_BY_VALUE) return PH_OK;
    for (size_t i = 0; i < group->indicator_count; i++) {
        if (strcmp(group->indicators[i].id, group->classes.of) != 0) continue;
        out->class_value = out->indicators[i];
        return PH_OK;
    }
    return plan_value(p, db, group->classes.of, group->classes.place, &out->class_value, err);
}

static enum ph_status add_condition(struct ph_plan *p, sqlite3 *db, const char *expr, struct ph_place place, struct ph_str *when,
                                    bool **marks, struct ph_error *err)
{
    PH_TRY(translate(p, db, expr, place, when, err));
    *marks = new_marks(p);
    if (*marks == NULL) return ph_fail_memory(err);
    ph_sql_mark(*when, *marks);
    return PH_OK;
}

static enum ph_status plan_clauses(struct ph_plan *p, sqlite3 *db, int kind, struct ph_error *err)
{
    const struct ph_clauses *clauses = &p->scheme->clauses[kind];
    p->clauses[kind] = ph_arena_alloc(&p->arena, (clauses->count + 1) * sizeof **p->clauses);
    if (p->clauses[kind] == NULL) return ph_fail_memory(err);
    for (size_t c = 0; c < clauses->count; c++) {
        struct ph_plan_clause *clause = &p->clauses[kind][c];
        PH_TRY(add_condition(p, db, clauses->items[c].when, clauses->items[c].when_place, &clause->when, &clause->marks, err));
        clause->answerable = true;
        for (size_t v = 0; v < p->scope.variable_count; v++)
            clause->answerable &= !clause->marks[v] || p->scope.variables[v].present;
    }
    return PH_OK;
}

static enum ph_status make(struct ph_plan *p, sqlite3 *db, struct ph_error *err)
{
    const struct ph_scheme *s = p->scheme;
    struct ph_str unused;
    PH_TRY(ph_sql_check_names(&p->scope, err));
    for (size_t d = 0; d < s->words.define_count; d++)
        PH_TRY(translate(p, db, s->words.defines[d].expr, s->words.defines[d].place, &unused, err));
    for (size_t g = 0; g < s->group_count; g++) {
        PH_TRY(add_condition(p, db, s->groups[g].when, s->groups[g].when_place, &p->groups[g].when, &p->groups[g].marks, err));
        PH_TRY(plan_group(p, db, &s->groups[g], &p->groups[g], err));
    }
    for (int kind = 0; kind < PH_CLAUSE_KINDS; kind++) PH_TRY(plan_clauses(p, db, kind, err));
    return PH_OK;
}

enum ph_status ph_plan_make(struct ph_plan *plan, const struct ph_scheme *scheme, const struct ph_variable *variables,
                            size_t variable_count, struct ph_error *err)
{
    *plan = (struct ph_plan){.scheme = scheme, .scope = {variables, variable_count, &scheme->words}};
    plan->groups = ph_arena_alloc(&plan->arena, scheme->group_count * sizeof *plan->groups);
    plan->indicator_marks = new_marks(plan);
    if (!plan->groups || !plan->indicator_marks) return ph_fail_memory(err);
    plan->land_mu = ph_scope_variable(&plan->scope, "land_mu", strlen("land_mu"));
    plan->land_m2 = ph_scope_variable(&plan->scope, "land_m2", strlen("land_m2"));
    sqlite3 *db = NULL;
    enum ph_status status = ph_sql_open(&db, err);
    if (status == PH_OK) status = make(plan, db, err);
    sqlite3_close(db);
    return status;
}

void ph_plan_dispose(struct ph_plan *plan)
{
    ph_arena_dispose(&plan->arena);
}

enum ph_status ph_scheme_validate(const struct ph_scheme *scheme, const struct ph_variable *variables, size_t variable_count,
                                  struct ph_error *err)
{
    static const struct ph_roster nobody = {0};
    struct ph_plan plan;
    struct ph_arena arena = {0};
    struct ph_evaluator *evaluator = NULL;
    enum ph_status status = ph_plan_make(&plan, scheme, variables, variable_count, err);
    if (status == PH_OK) status = ph_evaluator_new(&plan, &nobody, &arena, &evaluator, err); /* the reasons too */
    ph_evaluator_free(evaluator);
    ph_arena_dispose(&arena);
    ph_plan_dispose(&plan);
    return status;
}
