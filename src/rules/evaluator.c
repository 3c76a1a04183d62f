/* What a scheme says about one row. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "rules/appraise.h"
#include "rules/quantity.h"
#include "rules/reason.h"
#include "rules/scheme_parts.h"

#define REMARK_CAP 4096

/* The sentence of one clause. */
struct detail {
    sqlite3_stmt *stmt; /* NULL: the title alone */
    bool *marks;
    struct ph_reason *reason;
};

struct ph_evaluator {
    const struct ph_plan *plan;
    const struct ph_roster *roster;
    struct ph_arena *arena;
    sqlite3 *db;
    sqlite3_stmt *stmt;
    bool *asked, *bound; /* per variable: the plan uses it; the statement does */
    struct ph_value *values;
    char (*scratch)[11];
    struct detail *details[PH_CLAUSE_KINDS];
    struct ph_text text;
    size_t row;
};

static enum ph_status prepare_detail(struct ph_evaluator *e, const struct ph_clause *clause, struct detail *detail,
                                     struct ph_error *err)
{
    const struct ph_scope *scope = &e->plan->scope;
    if (clause->reason == NULL) return PH_OK;
    size_t names = scope->variable_count + scope->words->define_count + 1;
    detail->marks = calloc(names, sizeof *detail->marks);
    bool *computed = calloc(names, sizeof *computed); /* none: definitions are written out */
    struct ph_text sql;
    ph_text_init(&sql, PH_SQL_CAP);
    ph_text_add(&sql, "SELECT 0");
    enum ph_status status = detail->marks && computed ? PH_OK : ph_fail_memory(err);
    if (status == PH_OK)
        status = ph_reason_compile(scope, clause->reason, clause->reason_place, &sql,
                                   &(struct ph_uses){.marks = detail->marks, .computed = computed}, &detail->reason, err);
    if (status == PH_OK) status = ph_sql_prepare(e->db, &sql, clause->reason_place, &detail->stmt, err);
    ph_text_dispose(&sql);
    free(computed);
    return status;
}

static enum ph_status prepare(struct ph_evaluator *e, struct ph_error *err)
{
    const struct ph_plan *p = e->plan;
    PH_TRY(ph_sql_open(&e->db, err));
    PH_TRY(ph_sql_prepare(e->db, &p->sql, p->scheme->groups[0].when_place, &e->stmt, err));
    ph_sql_mark((struct ph_str){p->sql.at, p->sql.length}, e->bound);
    for (size_t v = 0; v < p->scope.variable_count; v++) e->asked[v] = e->bound[v] || p->indicator_marks[v];
    for (int kind = 0; kind < PH_CLAUSE_KINDS; kind++)
        for (size_t c = 0; c < p->scheme->clauses[kind].count; c++)
            PH_TRY(prepare_detail(e, &p->scheme->clauses[kind].items[c], &e->details[kind][c], err));
    return PH_OK;
}

enum ph_status ph_evaluator_new(const struct ph_plan *plan, const struct ph_roster *roster, struct ph_arena *arena,
                                struct ph_evaluator **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_evaluator *e = calloc(1, sizeof *e);
    if (e == NULL) return ph_fail_memory(err);
    size_t variables = plan->scope.variable_count + 1;
    e->plan = plan;
    e->roster = roster;
    e->arena = arena;
    ph_text_init(&e->text, REMARK_CAP);
    e->asked = calloc(variables, sizeof *e->asked);
    e->bound = calloc(variables, sizeof *e->bound);
    e->values = calloc(variables, sizeof *e->values);
    e->scratch = calloc(variables, sizeof *e->scratch);
    bool have = e->asked && e->bound && e->values && e->scratch;
    for (int kind = 0; kind < PH_CLAUSE_KINDS; kind++) {
        e->details[kind] = calloc(plan->scheme->clauses[kind].count + 1, sizeof *e->details[kind]);
        have &= e->details[kind] != NULL;
    }
    enum ph_status status = have ? prepare(e, err) : ph_fail_memory(err);
    if (status != PH_OK) {
        ph_evaluator_free(e);
        return status;
    }
    *out = e;
    return PH_OK;
}

void ph_evaluator_free(struct ph_evaluator *e)
{
    if (e == NULL) return;
    for (int kind = 0; kind < PH_CLAUSE_KINDS; kind++) {
        for (size_t c = 0; e->details[kind] && c < e->plan->scheme->clauses[kind].count; c++) {
            sqlite3_finalize(e->details[kind][c].stmt);
            ph_reason_free(e->details[kind][c].reason);
            free(e->details[kind][c].marks);
        }
        free(e->details[kind]);
    }
    sqlite3_finalize(e->stmt);
    sqlite3_close(e->db);
    ph_text_dispose(&e->text);
    free(e->asked);
    free(e->bound);
    free(e->values);
    free(e->scratch);
    free(e);
}

/* ---- values ---- */

void ph_roster_value(const struct ph_roster *roster, size_t row, size_t variable, char scratch[11], struct ph_value *out)
{
    out->kind = PH_VALUE_UNKNOWN;
    if (roster->variables[variable].present) roster->fetch(roster->data, row, variable, scratch, out);
}

void ph_roster_lacks(const struct ph_roster *roster, size_t row, const bool *marks, struct ph_text *out)
{
    size_t before = out->length;
    char scratch[11];
    for (size_t v = 0; v < roster->variable_count; v++) {
        struct ph_value value;
        if (!marks[v]) continue;
        ph_roster_value(roster, row, v, scratch, &value);
        if (value.kind != PH_VALUE_UNKNOWN) continue;
        if (out->length > before) ph_text_add(out, "、");
        ph_text_add(out, roster->variables[v].title);
    }
}

static void fetch(struct ph_evaluator *e, size_t v)
{
    ph_roster_value(e->roster, e->row, v, e->scratch[v], &e->values[v]);
}

static double number(const struct ph_value *v)
{
    return v->kind == PH_VALUE_REAL ? v->real : v->kind == PH_VALUE_INT ? (double)v->integer : NAN;
}

/* ---- clauses ---- */

/* "title：reason"; what a kind has said already stands before it. */
static enum ph_status add_remark(struct ph_evaluator *e, int kind, size_t c, struct ph_appraisal *out, struct ph_error *err)
{
    const struct ph_clause *clause = &e->plan->scheme->clauses[kind].items[c];
    const struct detail *detail = &e->details[kind][c];
    struct ph_text *text = &e->text;
    ph_text_clear(text);
    if (out->remark[kind]) ph_text_add(text, out->remark[kind]), ph_text_add(text, "；");
    ph_text_add(text, clause->title);
    if (detail->stmt) {
        sqlite3_reset(detail->stmt);
        for (size_t v = 0; v < e->plan->scope.variable_count; v++) {
            if (!detail->marks[v]) continue;
            if (!e->asked[v]) fetch(e, v);
            ph_sql_bind(detail->stmt, (int)v + 1, &e->values[v]);
        }
        ph_text_add(text, "：");
        if (sqlite3_step(detail->stmt) != SQLITE_ROW)
            return ph_fail(err, PH_E_RULES, "“%s”的理由求不出:%s", "the reason of '%s' cannot be evaluated: %s", clause->title,
                           sqlite3_errmsg(e->db)),
                   ph_at_line(err, clause->reason_place.file, clause->reason_place.line, clause->reason_place.column);
        for (size_t i = 0; i < ph_reason_slots(detail->reason); i++) {
            struct ph_value value = ph_sql_column(detail->stmt, (int)i + 1);
            ph_reason_add_slot(detail->reason, i, &value, text);
        }
        ph_reason_add_tail(detail->reason, text);
    }
    out->remark[kind] = ph_arena_text(e->arena, ph_text_get(text), text->length);
    ph_text_clear(text);
    if (out->remark_en[kind]) ph_text_add(text, out->remark_en[kind]), ph_text_add(text, "; ");
    ph_text_add(text, clause->title_en ? clause->title_en : clause->title);
    out->remark_en[kind] = ph_arena_text(e->arena, ph_text_get(text), text->length);
    return out->remark[kind] && out->remark_en[kind] ? PH_OK : ph_fail_memory(err);
}

/* "+1", "-2" (classes better or worse), or the letter of a class. */
static bool read_adjustment(const struct ph_value *v, const struct ph_classes *classes, struct ph_appraisal *out)
{
    char text[16];
    double steps = number(v);
    if (v->kind == PH_VALUE_TEXT) {
        if (!ph_str_half_width(ph_str_trim(ph_str_of(v->text)), text, sizeof text)) return false;
        int class = text[0] && !text[1] ? ph_classes_find(classes, ph_upper(text[0])) : -1;
        if (class >= 0) return out->adjust_to = (int8_t) class, true;
        if (ph_number_parse(text, strlen(text), &steps, NULL) != PH_PARSE_OK) return false;
    }
    if (!(fabs(steps) <= PH_SCHEME_CLASSES) || steps != floor(steps)) return false;
    out->adjust_by = (int8_t)steps;
    return true;
}

static void limit(int8_t *class, int8_t other, bool worse)
{
    if (*class < 0 || (worse ? other > *class : other < *class)) *class = other;
}

/* Takes in that clause c of a kind came out as v. */
static enum ph_status take_clause(struct ph_evaluator *e, int kind, size_t c, const struct ph_value *v,
                                  const struct ph_classes *classes, struct ph_appraisal *out, struct ph_error *err)
{
    const struct ph_clause *clause = &e->plan->scheme->clauses[kind].items[c];
    double x = number(v);
    bool hit = !isnan(x) && x != 0;
    if (kind == PH_CLAUSE_BONUS) {
        if (hit) out->bonus += fmax(-clause->at_most, fmin(clause->at_most, x));
        return PH_OK;
    }
    int8_t class = (int8_t)ph_classes_find(classes, clause->limit);
    switch ((enum ph_clause_kind)kind) {
    case PH_CLAUSE_ADJUST:
        if (v->kind == PH_VALUE_UNKNOWN || (v->kind == PH_VALUE_TEXT && ph_str_trim(ph_str_of(v->text)).length == 0))
            return PH_OK;
        out->adjust_unread |= !read_adjustment(v, classes, out);
        break;
    case PH_CLAUSE_EXEMPT:
        if (!hit) return PH_OK;
        out->exempt = true;
        if (out->treat_as == '\0') out->treat_as = clause->limit;
        break;
    case PH_CLAUSE_NEW:
        if (!hit) return PH_OK;
        out->newly = true;
        limit(&out->at_worst, class, false);
        break;
    default:
        if (!hit) return PH_OK;
        limit(&out->at_best, class, true);
        break;
    }
    return add_remark(e, kind, c, out, err);
}

/* An exemption or a youth that cannot be decided for want of a cell: named, so that nobody ends in the worst class by it. */
static enum ph_status take_open(struct ph_evaluator *e, int kind, size_t c, struct ph_appraisal *out, struct ph_error *err)
{
    const struct ph_plan_clause *clause = &e->plan->clauses[kind][c];
    if ((kind != PH_CLAUSE_EXEMPT && kind != PH_CLAUSE_NEW) || !clause->answerable || out->lacks) return PH_OK;
    ph_text_clear(&e->text);
    ph_roster_lacks(e->roster, e->row, clause->marks, &e->text);
    if (e->text.length == 0) return PH_OK;
    out->lacks = ph_arena_text(e->arena, ph_text_get(&e->text), e->text.length);
    return out->lacks ? PH_OK : ph_fail_memory(err);
}

static enum ph_status take_group(struct ph_evaluator *e, struct ph_appraisal *out, struct ph_error *err)
{
    const struct ph_scheme *s = e->plan->scheme;
    out->group = -1;
    for (size_t g = 0; g < s->group_count; g++) {
        struct ph_value v = ph_sql_column(e->stmt, (int)g);
        double x = number(&v);
        if (x == 0) continue;
        out->group = isnan(x) ? -2 - (int)g : (int)g;
        break;
    }
    if (out->group >= -1) return PH_OK;
    ph_text_clear(&e->text);
    ph_roster_lacks(e->roster, e->row, e->plan->groups[-2 - out->group].marks, &e->text);
    out->lacks = ph_arena_text(e->arena, ph_text_get(&e->text), e->text.length);
    return out->lacks ? PH_OK : ph_fail_memory(err);
}

static enum ph_status take_clauses(struct ph_evaluator *e, struct ph_appraisal *out, struct ph_error *err)
{
    static const struct ph_classes none = {0};
    const struct ph_scheme *s = e->plan->scheme;
    const struct ph_classes *classes = out->group >= 0 ? &s->groups[out->group].classes : &none;
    int column = (int)s->group_count;
    for (int kind = 0; kind < PH_CLAUSE_KINDS; kind++)
        for (size_t c = 0; c < s->clauses[kind].count; c++) {
            struct ph_value v = ph_sql_column(e->stmt, column++);
            if (v.kind == PH_VALUE_UNKNOWN)
                PH_TRY(take_open(e, kind, c, out, err));
            else
                PH_TRY(take_clause(e, kind, c, &v, classes, out, err));
        }
    return PH_OK;
}

enum ph_status ph_evaluator_run(struct ph_evaluator *e, size_t row, const struct ph_override *overrides, size_t override_count,
                                struct ph_appraisal *out, double *amounts, struct ph_error *err)
{
    const struct ph_plan *p = e->plan;
    *out = (struct ph_appraisal){.at_worst = -1, .at_best = -1, .adjust_to = -1};
    e->row = row;
    for (size_t v = 0; v < p->scope.variable_count; v++)
        if (e->asked[v]) fetch(e, v);
    for (size_t i = 0; i < override_count; i++)
        e->values[overrides[i].variable] = (struct ph_value){.kind = PH_VALUE_REAL, .real = overrides[i].value};
    sqlite3_reset(e->stmt);
    for (size_t v = 0; v < p->scope.variable_count; v++)
        if (e->bound[v]) ph_sql_bind(e->stmt, (int)v + 1, &e->values[v]);
    if (sqlite3_step(e->stmt) != SQLITE_ROW)
        return ph_fail(err, PH_E_RULES, "评价方案求值失败:%s", "the scheme cannot be evaluated: %s", sqlite3_errmsg(e->db));
    PH_TRY(take_group(e, out, err));
    int column = (int)p->scheme->group_count;
    for (int kind = 0; kind < PH_CLAUSE_KINDS; kind++) column += (int)p->scheme->clauses[kind].count;
    for (size_t q = 0; q < p->quantity_count; q++) {
        const struct ph_amount *quantity = &p->quantities[q];
        struct ph_value v = quantity->variable == SIZE_MAX ? ph_sql_column(e->stmt, column++) : e->values[quantity->variable];
        amounts[q] = quantity->variable == SIZE_MAX ? number(&v) : quantity->factor * number(&v);
        if (!isfinite(amounts[q])) amounts[q] = NAN;
    }
    return take_clauses(e, out, err);
}
