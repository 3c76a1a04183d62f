#include "rules/engine.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/engine_state.h"

void ph_engine_prepare_process(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum ph_status new_marks(const struct ph_engine *e, bool **marks, struct ph_error *err)
{
    *marks = calloc(e->value_count ? e->value_count : 1, sizeof **marks);
    return *marks ? PH_OK : ph_fail_memory(err);
}

/* Checks the needs. *absent receives the Chinese name of the first one, which is what the rule turns on, when the
 * inputs have no column for it; else NULL. */
static enum ph_status check_needs(const struct ph_engine *e, const struct ph_rule *rule, const char **absent, struct ph_error *err)
{
    *absent = NULL;
    for (size_t i = 0; i < rule->need_count; i++) {
        const char *first = NULL;
        bool present = false;
        for (const char *at = rule->needs[i]; *at;) {
            size_t n = strcspn(at, "|");
            size_t v = ph_scope_variable(&e->scope, at, n);
            if (v == SIZE_MAX) {
                ph_fail(err, PH_E_RULES, "needs:没有字段叫“%.*s”", "needs: no field is called '%.*s'", (int)n, at);
                ph_at_line(err, rule->place.file, rule->place.line, rule->place.column);
                return PH_E_RULES;
            }
            e->needed[v] = true;
            if (first == NULL) first = e->scope.variables[v].title;
            present |= e->scope.variables[v].present;
            at += n + (at[n] == '|');
        }
        if (i == 0 && !present) *absent = first;
    }
    return PH_OK;
}

/* Checks every define and marks, per define, what it uses directly and through others. */
static enum ph_status walk_defines(struct ph_engine *e, bool **uses, struct ph_error *err)
{
    const struct ph_ruleset *set = e->set;
    struct ph_text aside;
    ph_text_init(&aside, PH_SQL_CAP);
    enum ph_status status = PH_OK;
    for (size_t d = 0; status == PH_OK && d < set->words.define_count; d++) {
        const struct ph_define *define = &set->words.defines[d];
        status = ph_sql_check(e->db, &e->scope, define->expr, define->place, err);
        if (status == PH_OK) status = new_marks(e, &uses[d], err);
        ph_text_clear(&aside);
        if (status == PH_OK)
            status = ph_expr_translate(&e->scope, define->expr, strlen(define->expr), define->place, PH_COLUMN_DEFINES, &aside,
                                       &(struct ph_uses){.marks = uses[d]}, err);
    }
    ph_text_dispose(&aside);
    return status;
}

/* The level of a define is one above the highest of those it uses. Returns the number of levels. */
static size_t find_levels(const struct ph_engine *e, bool *const *uses, size_t *level)
{
    size_t defines = e->set->words.define_count, top = 0;
    for (size_t pass = 0; pass < defines; pass++)
        for (size_t d = 0; d < defines; d++) {
            size_t own = 1;
            for (size_t i = 0; i < defines; i++)
                if (i != d && uses[d][e->scope.variable_count + i] && level[i] >= own) own = level[i] + 1;
            level[d] = own;
            if (own > top && e->computed[d]) top = own;
        }
    return top;
}

/* "d0,d1,…" of the levels below `below`; those at `below - 1` are computed there, the others handed on. SQLite does not
 * fold a sub-query without FROM into the outer one, so every define is computed once a row. */
static enum ph_status add_level(const struct ph_engine *e, const size_t *level, size_t at, struct ph_text *sql, struct ph_error *err)
{
    const struct ph_ruleset *set = e->set;
    bool first = true;
    ph_text_add(sql, " FROM (SELECT ");
    for (size_t d = 0; d < set->words.define_count; d++) {
        if (level[d] > at || !e->computed[d]) continue;
        if (!first) ph_text_add(sql, ",");
        first = false;
        if (level[d] == at) {
            const struct ph_define *define = &set->words.defines[d];
            ph_text_add(sql, "(");
            PH_TRY(ph_expr_translate(&e->scope, define->expr, strlen(define->expr), define->place, PH_COLUMN_DEFINES, sql,
                                     &(struct ph_uses){.marks = e->all.marks}, err));
            ph_text_addf(sql, ") AS d%zu", d);
        } else {
            ph_text_addf(sql, "d%zu", d);
        }
    }
    if (at > 1) PH_TRY(add_level(e, level, at - 1, sql, err));
    ph_text_add(sql, ")");
    return PH_OK;
}

static enum ph_status add_rule(struct ph_engine *e, size_t r, struct ph_text *sql, struct ph_error *err)
{
    const struct ph_rule *rule = &e->set->rules[r];
    PH_TRY(ph_sql_check(e->db, &e->scope, rule->when, rule->when_place, err));
    PH_TRY(check_needs(e, rule, &e->skipped_for[r], err));
    PH_TRY(new_marks(e, &e->rule_marks[r], err));
    if (!rule->skip_absent) e->skipped_for[r] = NULL;
    struct ph_text condition;
    ph_text_init(&condition, PH_SQL_CAP);
    enum ph_status status = ph_expr_translate(&e->scope, rule->when, strlen(rule->when), rule->when_place, PH_COLUMN_DEFINES, &condition,
                                              &(struct ph_uses){.marks = e->rule_marks[r]}, err);
    ph_text_add(sql, "(");
    ph_expr_add_guarded(e->skipped_for[r] ? "0" : ph_text_get(&condition), sql);
    ph_text_add(sql, ")");
    ph_text_dispose(&condition);
    for (size_t k = 0; !e->skipped_for[r] && k < e->value_count; k++) e->all.marks[k] |= e->rule_marks[r][k];
    return status;
}

static enum ph_status write_query(struct ph_engine *e, bool *const *uses, size_t *level, struct ph_text *sql, struct ph_error *err)
{
    const struct ph_ruleset *set = e->set;
    struct ph_text rules;
    ph_text_init(&rules, PH_SQL_CAP);
    enum ph_status status = PH_OK;
    for (size_t r = 0; status == PH_OK && r < set->rule_count; r++) {
        ph_text_add(&rules, ",");
        status = add_rule(e, r, &rules, err);
    }
    ph_text_add(sql, "SELECT 0");
    size_t computed = 0;
    for (size_t d = 0; d < set->words.define_count; d++) {
        e->computed[d] = e->all.marks[e->scope.variable_count + d];
        computed += e->computed[d];
        if (e->computed[d])
            ph_text_addf(sql, ",d%zu", d);
        else
            ph_text_add(sql, ",NULL");
    }
    ph_text_add(sql, ph_text_get(&rules));
    ph_text_dispose(&rules);
    size_t levels = find_levels(e, uses, level);
    return status == PH_OK && computed ? add_level(e, level, levels, sql, err) : status;
}

static enum ph_status prepare_rules(struct ph_engine *e, struct ph_error *err)
{
    const struct ph_ruleset *set = e->set;
    size_t defines = set->words.define_count ? set->words.define_count : 1;
    bool **uses = calloc(defines, sizeof *uses);
    size_t *level = calloc(defines, sizeof *level);
    struct ph_text sql;
    ph_text_init(&sql, PH_SQL_CAP);
    enum ph_status status = uses && level ? new_marks(e, &e->all.marks, err) : ph_fail_memory(err);
    if (status == PH_OK) status = walk_defines(e, uses, err);
    if (status == PH_OK) status = write_query(e, uses, level, &sql, err);
    struct ph_place place = set->rule_count ? set->rules[0].when_place : (struct ph_place){0};
    if (status == PH_OK) status = ph_sql_prepare(e->db, &sql, place, &e->all.stmt, err);
    for (size_t d = 0; uses && d < set->words.define_count; d++) free(uses[d]);
    free(uses);
    free(level);
    ph_text_dispose(&sql);
    return status;
}

static enum ph_status prepare_detail(struct ph_engine *e, size_t r, struct ph_error *err)
{
    const struct ph_rule *rule = &e->set->rules[r];
    struct ph_detail *detail = &e->details[r];
    PH_TRY(new_marks(e, &detail->query.marks, err));
    if (rule->since) PH_TRY(ph_sql_check(e->db, &e->scope, rule->since, rule->since_place, err));
    if (rule->fee) PH_TRY(ph_sql_check(e->db, &e->scope, rule->fee, rule->fee_place, err));
    struct ph_text sql;
    ph_text_init(&sql, PH_SQL_CAP);
    struct ph_uses uses = {.marks = detail->query.marks, .computed = e->computed};
    ph_text_add(&sql, "SELECT (");
    const char *since = rule->since ? rule->since : "NULL", *fee = rule->fee ? rule->fee : "NULL";
    enum ph_status status = ph_expr_translate(&e->scope, since, strlen(since), rule->since_place, PH_BIND_DEFINES, &sql, &uses, err);
    ph_text_add(&sql, "),(");
    if (status == PH_OK) status = ph_expr_translate(&e->scope, fee, strlen(fee), rule->fee_place, PH_BIND_DEFINES, &sql, &uses, err);
    ph_text_add(&sql, ")");
    if (status == PH_OK) status = ph_reason_compile(&e->scope, rule->reason, rule->reason_place, &sql, &uses, &detail->reason, err);
    if (status == PH_OK) status = ph_sql_prepare(e->db, &sql, rule->reason_place, &detail->query.stmt, err);
    ph_text_dispose(&sql);
    return status;
}

enum ph_status ph_engine_new(const struct ph_ruleset *set, const struct ph_variable *variables, size_t variable_count,
                             struct ph_engine **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_engine *e = calloc(1, sizeof *e);
    if (e == NULL) return ph_fail_memory(err);
    e->set = set;
    e->scope = (struct ph_scope){variables, variable_count, &set->words};
    e->value_count = variable_count + set->words.define_count;
    e->values = calloc(e->value_count + 1, sizeof *e->values);
    e->details = calloc(set->rule_count + 1, sizeof *e->details);
    e->rule_marks = calloc(set->rule_count + 1, sizeof *e->rule_marks);
    e->skipped_for = calloc(set->rule_count + 1, sizeof *e->skipped_for);
    e->computed = calloc(set->words.define_count + 1, sizeof *e->computed);
    e->needed = calloc(variable_count + 1, sizeof *e->needed);
    bool have = e->values && e->details && e->rule_marks && e->skipped_for && e->computed && e->needed;
    enum ph_status status = have ? ph_sql_open(&e->db, err) : ph_fail_memory(err);
    if (status == PH_OK) status = ph_sql_check_names(&e->scope, err);
    if (status == PH_OK) status = prepare_rules(e, err);
    for (size_t r = 0; status == PH_OK && r < set->rule_count; r++) status = prepare_detail(e, r, err);
    if (status != PH_OK) {
        ph_engine_free(e);
        return status;
    }
    *out = e;
    return PH_OK;
}

void ph_engine_free(struct ph_engine *e)
{
    if (e == NULL) return;
    for (size_t r = 0; r < e->set->rule_count; r++) {
        if (e->details) {
            sqlite3_finalize(e->details[r].query.stmt);
            free(e->details[r].query.marks);
            ph_reason_free(e->details[r].reason);
        }
        if (e->rule_marks) free(e->rule_marks[r]);
    }
    sqlite3_finalize(e->all.stmt);
    free(e->all.marks);
    free(e->details);
    free(e->rule_marks);
    free(e->skipped_for);
    free(e->computed);
    free(e->needed);
    free(e->values);
    sqlite3_close(e->db);
    free(e);
}

static void bind(const struct ph_engine *e, const struct ph_query *q)
{
    size_t count = q == &e->all ? e->scope.variable_count : e->value_count; /* there, defines are columns */
    for (size_t i = 0; i < count; i++) {
        if (q->marks[i]) ph_sql_bind(q->stmt, (int)i + 1, &e->values[i]);
    }
}

/* Runs a query to its single row; the row stays readable until the next run. */
static enum ph_status run(const struct ph_engine *e, const struct ph_query *q, struct ph_error *err)
{
    sqlite3_reset(q->stmt);
    bind(e, q);
    if (sqlite3_step(q->stmt) == SQLITE_ROW) return PH_OK;
    return ph_fail(err, PH_E_RULES, "规则求值失败:%s", "a rule cannot be evaluated: %s", sqlite3_errmsg(e->db));
}

enum ph_status ph_engine_evaluate(struct ph_engine *e, ph_fetch *fetch, const void *row, uint8_t *outcomes, struct ph_error *err)
{
    const struct ph_ruleset *set = e->set;
    size_t variables = e->scope.variable_count;
    for (size_t i = 0; i < variables; i++) {
        e->values[i].kind = PH_VALUE_UNKNOWN;
        if (e->all.marks[i] || e->needed[i]) fetch(row, i, &e->values[i]);
    }
    PH_TRY(run(e, &e->all, err));
    int column = 1;
    for (size_t i = 0; i < set->words.define_count; i++) e->values[variables + i] = ph_sql_column(e->all.stmt, column++);
    for (size_t r = 0; r < set->rule_count; r++, column++) {
        outcomes[r] = PH_SKIPPED;
        if (e->skipped_for[r]) continue;
        if (sqlite3_column_type(e->all.stmt, column) == SQLITE_NULL)
            outcomes[r] = PH_UNDECIDED;
        else
            outcomes[r] = sqlite3_column_double(e->all.stmt, column) != 0 ? PH_HIT : PH_NO_HIT;
        if (outcomes[r] != PH_HIT) continue;
        /* Reasons may name values that no condition names. */
        const bool *marks = e->details[r].query.marks;
        for (size_t i = 0; i < variables; i++)
            if (marks[i] && !e->all.marks[i]) fetch(row, i, &e->values[i]);
    }
    return PH_OK;
}

enum ph_status ph_engine_reason(struct ph_engine *e, size_t rule, struct ph_text *reason, char since[11], double *fee, struct ph_error *err)
{
    const struct ph_detail *detail = &e->details[rule];
    PH_TRY(run(e, &detail->query, err));
    struct ph_value v = ph_sql_column(detail->query.stmt, 0);
    since[0] = '\0';
    if (v.kind == PH_VALUE_TEXT) snprintf(since, 11, "%s", v.text);
    v = ph_sql_column(detail->query.stmt, 1);
    *fee = v.kind == PH_VALUE_REAL ? v.real : v.kind == PH_VALUE_INT ? (double)v.integer : NAN;
    for (size_t i = 0; i < ph_reason_slots(detail->reason); i++) {
        v = ph_sql_column(detail->query.stmt, (int)i + 2);
        ph_reason_add_slot(detail->reason, i, &v, reason);
    }
    ph_reason_add_tail(detail->reason, reason);
    return PH_OK;
}

const char *ph_engine_skipped_for(const struct ph_engine *e, size_t rule)
{
    return e->skipped_for[rule];
}
