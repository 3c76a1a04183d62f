#include "test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scored.h"

/* Two lines stand before what a row writes: name and title. */
#define GROUPS "groups:\n  - id: g\n    title: 组\n    when: \"1\"\n    indicators:\n"
#define ONE "      - {id: x, title: 甲, value: \"tax / land_mu\", weight: 10, base: 5}\n"

static void built_in_schemes_are_valid(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t groups, gaps;
        bool example;
    } rows[] = {{"hengyang-demo", 1, 0, true}, {"huangyan2022", 2, 0, false}, {"linhai2014", 2, 0, false},
                {"huaian2024", 1, 3, false},   {"jingde2022", 2, 10, false},  {"changle2023", 1, 10, false}};
    struct scored_table table;
    scored_table_start(&table, "tech_investment", 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ph_scheme *scheme = NULL;
        struct ph_error err = PH_ERROR_INIT;
        assert_string_equal(ph_builtin_scheme(i)->name, rows[i].name);
        if (ph_scheme_load(rows[i].name, &scheme, &err) != PH_OK) fail_msg("%s: %s", rows[i].name, err.en);
        if (ph_scheme_validate(scheme, table.variables, table.roster.variable_count, &err) != PH_OK)
            fail_msg("%s: %s %d:%d", rows[i].name, err.en, err.line, err.column);
        assert_int_equal(scheme->group_count, rows[i].groups);
        assert_int_equal(scheme->gap_count, rows[i].gaps);
        assert_int_equal(scheme->example, rows[i].example);
        assert_non_null(scheme->source);
        assert_int_equal(strlen(scheme->sha256), 64);
        ph_scheme_free(scheme);
    }
    assert_null(ph_builtin_scheme(sizeof rows / sizeof *rows));
}

static void everything_is_read(void **state)
{
    (void)state;
    struct ph_scheme *s =
        scored_scheme("example: true\nmin_land_mu: 2\nparams: {w: {value: 12, title: 权}, c: 30}\n"
                      "veto:\n  - {title: 否, when: veto, at_best: C}\nbonus:\n  - {title: 加, points: bonus, at_most: 5}\n"
                      "classes:\n  by: score\n  list: [{id: A, response: 好, from: 90}, {id: B, from: 60}, {id: C}]\n" GROUPS
                      "      - id: x\n        title: 甲\n        value: \"energy / revenue\"\n        weight: 权\n        "
                      "formula: linear_drop\n"
                      "        base: {kind: median, times: 1.5, over: all}\n        cap: 1.5x\n        floor: null\n        "
                      "missing: penalty 3\n"
                      "        zero: full\n        zero_divisor: group_mean\n"
                      "      - {id: y, title: 乙, value: tax, weight: 8, formula: minmax, floor_share: 0.25, direction: down, "
                      "cap: c, floor: 0.5倍}\n");
    const struct ph_indicator *x = &s->groups[0].indicators[0], *y = &s->groups[0].indicators[1];
    assert_true(s->example && s->min_land_mu == 2 && s->groups[0].needs_land);
    assert_true(x->weight == 12 && x->down && x->formula == PH_LINEAR_DROP && x->base_kind == PH_BASE_MEDIAN &&
                x->base_times == 1.5);
    assert_true(x->base_over_all && x->cap == 18 && isinf(x->floor) && x->floor < 0);
    assert_true(x->missing.policy == PH_POLICY_PENALTY && x->missing.penalty == 3);
    assert_true(x->zero.policy == PH_POLICY_FULL && x->zero_divisor.policy == PH_POLICY_GROUP_MEAN);
    assert_true(y->formula == PH_MINMAX && y->down && y->floor_share == 0.25 && y->cap == 30 && y->floor == 4);
    assert_true(y->missing.policy == PH_POLICY_NOT_EVALUATED && y->zero.policy == PH_POLICY_VALUE);
    assert_true(y->zero_divisor.policy == PH_POLICY_NOT_EVALUATED);
    const struct ph_classes *c = &s->groups[0].classes; /* shared ones */
    assert_true(c->by == PH_CLASS_BY_SCORE && c->count == 3 && c->list[1].limit == 60 && isnan(c->list[2].limit));
    assert_string_equal(c->list[0].response, "好");
    assert_true(s->clauses[PH_CLAUSE_VETO].count == 1 && s->clauses[PH_CLAUSE_VETO].items[0].limit == 'C');
    assert_true(s->clauses[PH_CLAUSE_BONUS].count == 1 && s->clauses[PH_CLAUSE_BONUS].items[0].at_most == 5);
    ph_scheme_free(s);
}

/* A file of a few lines fills in what a published scheme leaves open, or takes one section's place. */
static void a_scheme_extends_another(void **state)
{
    (void)state;
    struct ph_scheme *s = scored_scheme("extends: huaian2024\nparams: {base_tax: 20, base_sales: 400}\nbonus:\n"
                                        "veto:\n  - {title: 否决, when: \"veto IS NOT NULL\", at_best: D}\n");
    assert_int_equal(s->gap_count, 1);
    assert_string_equal(s->gaps[0].param, "base_green");
    assert_string_equal(s->gaps[0].key, "base");
    assert_true(s->groups[0].indicators[0].base == 20 && s->groups[0].indicators[1].base == 400);
    assert_int_equal(s->clauses[PH_CLAUSE_BONUS].count, 0);
    assert_int_equal(s->clauses[PH_CLAUSE_VETO].count, 1);
    assert_int_equal(s->clauses[PH_CLAUSE_EXEMPT].count, 2);
    assert_string_equal(s->name, "mine");
    ph_scheme_free(s);
    s = scored_scheme("extends: hengyang-demo\n" GROUPS ONE);
    assert_int_equal(s->group_count, 2); /* another id: one more group */
    ph_scheme_free(s);
}

/* What was not published stops the scoring, and the error says where to fill it in. */
static void a_scheme_with_gaps_does_not_score(void **state)
{
    (void)state;
    struct ph_scheme *s = NULL;
    struct ph_scoring *scoring = NULL;
    struct ph_error err = PH_ERROR_INIT;
    struct scored_table table;
    scored_table_start(&table, "tax land_mu", 0);
    assert_int_equal(ph_scheme_load("changle2023", &s, &err), PH_OK);
    assert_int_equal(ph_scoring_run(s, &table.roster, 1, &scoring, &err), PH_E_RULES);
    assert_non_null(strstr(err.zh, "w_tax"));
    assert_non_null(strstr(err.en, "10 to be filled in"));
    assert_string_equal(err.file, "changle2023");
    assert_int_equal(err.line, 14);
    ph_scheme_free(s);
}

struct mistake {
    const char *text, *word;
    int line, column;
};

static void refused(const struct mistake *row)
{
    struct ph_scheme *s = NULL;
    struct ph_error err = PH_ERROR_INIT;
    enum ph_status status = scored_scheme_try(row->text, &s, &err);
    assert_null(s);
    if (status != PH_E_RULES || err.status != PH_E_RULES) fail_msg("%s: %d %s", row->word, (int)status, err.en);
    if (strstr(err.en, row->word) == NULL) fail_msg("%s: %s", row->word, err.en);
    if (row->line && err.line != row->line) fail_msg("%s: line %d: %s", row->word, err.line, err.en);
    if (row->column && err.column != row->column) fail_msg("%s: column %d: %s", row->word, err.column, err.en);
    if (err.zh[0] == '\0') fail_msg("%s: nothing in Chinese", row->word);
}

static void mistakes_are_shown_at_their_place(void **state)
{
    (void)state;
    static const struct mistake rows[] = {
        {"group: []\n", "unknown key 'group'", 3, 1},
        {"source: x\n", "no groups", 1, 0},
        {"groups: {}\n", "must be a list", 3, 1},
        {"groups:\n  - id: g\n", "'title' is missing", 4, 0},
        {GROUPS "      - {id: x, title: 甲, weight: 1, base: 1}\n", "'value' is missing", 8, 0},
        {GROUPS "      - {id: x, title: 甲, value: tax, wieght: 1}\n", "unknown key 'wieght'", 8, 39},
        {GROUPS ONE ONE, "'x' is written twice", 9, 0},
        {GROUPS "      - {id: x, title: 甲, value: tax, weight: ten, base: 1}\n", "'ten' is neither", 8, 47},
        {GROUPS "      - {id: x, title: 甲, value: tax, weight: -1, base: 1}\n", "'-1' is neither", 8, 47},
        {GROUPS "      - {id: x, title: 甲, value: tax, weight: 1, base: 0}\n", "'0' is neither", 8, 0},
        {"params: {w: many}\n" GROUPS "      - {id: x, title: 甲, value: tax, weight: w, base: 1}\n", "'many'", 3, 0},
        {GROUPS "      - {id: x, title: 甲, value: tax, weight: 1, base: {kind: maen}}\n", "'maen'; it can be: fixed, mean", 8,
         0},
        {GROUPS "      - {id: x, title: 甲, value: tax, weight: 1, base: {kind: mean, times: 0}}\n", "'0'", 8, 0},
        {GROUPS "      - {id: x, title: 甲, value: tax, weight: 1, base: {kind: mean, of: all}}\n", "unknown key 'of'", 8, 0},
        {GROUPS "      - {id: x, title: 甲, value: tax, weight: 1, base: [1]}\n", "base must be", 8, 0},
        {GROUPS "      - {id: x, title: 甲, value: tax, weight: 1, base: 1, formula: log}\n", "'log'", 8, 0},
        {GROUPS "      - {id: x, title: 甲, value: tax, weight: 1, base: 1, direction: down}\n", "do not fit", 8, 0},
        {GROUPS "      - {id: x, title: 甲, value: tax, weight: 1, base: 1, floor_share: 0.2}\n", "for minmax only", 8, 0},
        {GROUPS "      - {id: x, title: 甲, value: tax, weight: 1, base: 1, missing: ignore}\n", "'ignore'", 8, 0},
        {GROUPS "      - {id: x, title: 甲, value: tax, weight: 1, base: 1, missing: value}\n", "only 'zero'", 8, 0},
        {GROUPS "      - {id: x, title: 甲, value: tax, weight: 1, base: 1, missing: penalty some}\n", "'some'", 8, 0},
        {GROUPS "      - {id: x, title: 甲, value: tax, weight: 1, base: 1, cap: high}\n", "'high'", 8, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) refused(&rows[i]);
}

static void mistakes_of_classes_and_clauses(void **state)
{
    (void)state;
    static const struct mistake rows[] = {
        {GROUPS ONE "classes: {by: rank, list: [{id: A}, {id: B}]}\n", "'rank'", 9, 0},
        {GROUPS ONE "classes: {by: share, list: [{id: A, upto: 0.2}]}\n", "two classes", 9, 0},
        {GROUPS ONE "classes:\n  by: share\n  list:\n    - {id: A, upto: 0.5}\n    - {id: B, upto: 0.4}\n    - {id: C}\n",
         "best class first", 13, 0},
        {GROUPS ONE "classes:\n  by: share\n  list:\n    - {id: A, upto: 0.5}\n    - {id: A}\n", "used once", 13, 0},
        {GROUPS ONE "classes:\n  by: share\n  list:\n    - {id: A, upto: 0.5}\n    - {id: T}\n", "not evaluated", 13, 0},
        {GROUPS ONE "classes:\n  by: share\n  list:\n    - {id: D, upto: 0.5}\n    - {id: E}\n", "A, B, C and D", 13, 0},
        {GROUPS ONE "classes:\n  by: score\n  list:\n    - {id: A, upto: 0.5}\n    - {id: B}\n", "needs its limit", 12, 0},
        {GROUPS ONE "classes:\n  by: share\n  list:\n    - {id: A, upto: 0.5}\n    - {id: B, upto: 0.9}\n", "needs its limit", 13,
         0},
        {GROUPS ONE "classes: {by: value, list: [{id: A, from: 1}, {id: B}]}\n", "'of'", 9, 0},
        {GROUPS ONE "veto:\n  - {title: 否, when: veto}\n", "'at_best' is missing", 10, 0},
        {GROUPS ONE "veto:\n  - {title: 否, when: veto, at_best: AB}\n", "letter of a class", 10, 0},
        {GROUPS ONE "classes: {by: share, list: [{id: A, upto: 0.5}, {id: B}]}\nveto:\n  - {title: 否, when: veto, at_best: C}\n",
         "class C", 11, 0},
        {GROUPS ONE "bonus: {title: 加}\n", "must be a list", 9, 0},
        {GROUPS ONE "min_land_mu: -1\n", "zero or more", 9, 0},
        {GROUPS ONE "example: maybe\n", "'maybe'", 9, 0},
        {"extends: nosuch\n", "no built-in 'nosuch'", 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) refused(&rows[i]);
}

/* What is wrong with an expression shows when it is compiled over the variables. */
static void wrong_expressions_are_shown_at_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *word;
        int line;
    } rows[] = {
        {GROUPS "      - {id: x, title: 甲, value: \"tax /\", weight: 1, base: 1}\n", "syntax error", 8},
        {GROUPS "      - {id: x, title: 甲, value: \"tax / lnad\", weight: 1, base: 1}\n", "'lnad'", 8},
        {GROUPS "      - {id: x, title: 甲, value: \"tax\", weight: 1, base: weighted_mean}\n", "'a / b'", 8},
        {GROUPS "      - {id: x, title: 甲, value: \"tax / land_mu + 1\", weight: 1, base: weighted_mean}\n", "'a / b'", 8},
        {"groups:\n  - id: g\n    title: 组\n    when: \"tax >\"\n    indicators:\n" ONE, "syntax error", 6},
        {GROUPS ONE "veto:\n  - title: 否\n    when: \"(SELECT 1)\"\n    at_best: A\n", "SELECT", 11},
        {GROUPS ONE "veto:\n  - title: 否\n    when: veto\n    at_best: A\n    reason: \"{nosuch}\"\n", "'nosuch'", 13},
        {GROUPS ONE "define: {tax: \"1\"}\n", "field already", 9},
        {"define: {bad: \"1 +\"}\n" GROUPS ONE, "syntax error", 3},
        {GROUPS ONE "classes: {by: value, of: \"nosuch\", list: [{id: A, from: 1}, {id: B}]}\n", "'nosuch'", 9},
    };
    struct scored_table table;
    scored_table_start(&table, "tax land_mu", 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ph_scheme *s = scored_scheme(rows[i].text);
        struct ph_error err = PH_ERROR_INIT;
        enum ph_status status = ph_scheme_validate(s, table.variables, table.roster.variable_count, &err);
        if (status != PH_E_RULES || strstr(err.en, rows[i].word) == NULL || err.line != rows[i].line)
            fail_msg("%zu: %d line %d: %s", i, (int)status, err.line, err.en);
        ph_scheme_free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(built_in_schemes_are_valid),
        cmocka_unit_test(everything_is_read),
        cmocka_unit_test(a_scheme_extends_another),
        cmocka_unit_test(a_scheme_with_gaps_does_not_score),
        cmocka_unit_test(mistakes_are_shown_at_their_place),
        cmocka_unit_test(mistakes_of_classes_and_clauses),
        cmocka_unit_test(wrong_expressions_are_shown_at_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
