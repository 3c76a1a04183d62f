#include "rules/engine.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "rules/engine_state.h"

void ph_engine_prepare_process(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
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
            if (first == NULL) first = e->scope.variables[v].title;
            present |= e->scope.variables[v].present;
            at += n + (at[n] == '|');
        }
        if (i == 0 && !present) *absent = first;
    }
    return PH_OK;
}

/* The terms of a rule by the marks of its condition. */
static enum ph_status list_terms(struct ph_engine *e, const bool *marks, struct ph_ready *ready, struct ph_error *err)
{
    size_t variables = e->scope.variable_count, count = variables + e->set->words.define_count;
    struct ph_arena *arena = &e->calculator->arena;
    for (size_t i = 0; i < count; i++) ready->term_count += marks[i];
    struct ph_term *term = ready->terms = ph_arena_alloc(arena, ready->term_count * sizeof *term);
    if (term == NULL) return ph_fail_memory(err);
    struct ph_text key;
    ph_text_init(&key, PH_SQL_CAP);
    bool failed = false;
    for (size_t i = 0; i < count; i++) {
        if (!marks[i]) continue;
        ph_text_clear(&key);
        ph_text_add(&key, term == ready->terms ? "{" : ",");
        ph_text_add_json(&key, ph_str_of(i < variables ? e->scope.variables[i].name : e->set->words.defines[i - variables].name));
        ph_text_add(&key, ":");
        *term = (struct ph_term){i, {ph_arena_text(arena, ph_text_get(&key), key.length), key.length}};
        failed |= key.failed || term->key.at == NULL;
        term++;
    }
    ph_text_dispose(&key);
    return failed ? ph_fail_memory(err) : PH_OK;
}

static enum ph_status prepare_rule(struct ph_engine *e, const struct ph_rule *rule, bool *marks, struct ph_ready *ready,
                                   struct ph_error *err)
{
    struct ph_uses uses = {.marks = marks};
    PH_TRY(ph_calculator_prepare(e->calculator, rule->when, strlen(rule->when), rule->when_place, &uses, &ready->when, err));
    PH_TRY(list_terms(e, marks, ready, err));
    PH_TRY(check_needs(e, rule, &ready->skipped_for, err));
    if (!rule->skip_absent) ready->skipped_for = NULL;
    if (rule->since)
        PH_TRY(ph_calculator_prepare(e->calculator, rule->since, strlen(rule->since), rule->since_place, &uses, &ready->since, err));
    if (rule->fee) PH_TRY(ph_calculator_prepare(e->calculator, rule->fee, strlen(rule->fee), rule->fee_place, &uses, &ready->fee, err));
    return ph_reason_compile(&e->scope, e->calculator, rule->reason, rule->reason_place, &uses, &ready->reason, err);
}

static enum ph_status prepare_rules(struct ph_engine *e, struct ph_error *err)
{
    size_t count = e->scope.variable_count + e->set->words.define_count;
    bool *marks = calloc(count + 1, sizeof *marks);
    enum ph_status status = marks ? PH_OK : ph_fail_memory(err);
    for (size_t r = 0; status == PH_OK && r < e->set->rule_count; r++) {
        memset(marks, 0, count * sizeof *marks);
        status = prepare_rule(e, &e->set->rules[r], marks, &e->rules[r], err);
    }
    free(marks);
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
    e->rules = calloc(set->rule_count + 1, sizeof *e->rules);
    enum ph_status status = e->rules ? ph_calculator_new(&e->scope, &e->calculator, err) : ph_fail_memory(err);
    if (status == PH_OK) status = prepare_rules(e, err);
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
    for (size_t r = 0; e->rules && r < e->set->rule_count; r++) ph_reason_free(e->rules[r].reason);
    ph_calculator_free(e->calculator);
    free(e->rules);
    free(e);
}

enum ph_status ph_engine_settle(const struct ph_engine *e, struct ph_error *err)
{
    const char *mistake = e->calculator->mistake;
    return mistake ? ph_fail(err, PH_E_RULES, "规则求值失败:%s", "a rule cannot be evaluated: %s", mistake) : PH_OK;
}

enum ph_status ph_engine_evaluate(struct ph_engine *e, ph_fetch *fetch, const void *row, uint8_t *outcomes, struct ph_error *err)
{
    ph_calculator_start(e->calculator, fetch, row);
    for (size_t r = 0; r < e->set->rule_count; r++) {
        int t = e->rules[r].skipped_for ? 0 : ph_formula_truth(e->calculator, e->rules[r].when);
        outcomes[r] = e->rules[r].skipped_for ? PH_SKIPPED : t < 0 ? PH_UNDECIDED : t ? PH_HIT : PH_NO_HIT;
    }
    return ph_engine_settle(e, err);
}

enum ph_status ph_engine_reason(struct ph_engine *e, size_t rule, struct ph_text *reason, char since[11], double *fee, struct ph_error *err)
{
    const struct ph_ready *ready = &e->rules[rule];
    struct ph_value v = {.kind = PH_VALUE_UNKNOWN};
    if (ready->since) v = ph_formula_value(e->calculator, ready->since);
    since[0] = '\0';
    if (v.kind == PH_VALUE_DATE) ph_date_print(since, v.date);
    if (v.kind == PH_VALUE_TEXT) snprintf(since, 11, "%s", v.text);
    v.kind = PH_VALUE_UNKNOWN;
    if (ready->fee) v = ph_formula_value(e->calculator, ready->fee);
    *fee = v.kind == PH_VALUE_REAL ? v.real : v.kind == PH_VALUE_INT ? (double)v.integer : NAN;
    ph_reason_add(ready->reason, e->calculator, reason);
    return ph_engine_settle(e, err);
}

const char *ph_engine_skipped_for(const struct ph_engine *e, size_t rule)
{
    return e->rules[rule].skipped_for;
}
