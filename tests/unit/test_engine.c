#include "test.h"

#include <math.h>
#include <string.h>

#include "rules/engine.h"

enum { A, B, STATE, DUE, GONE, AS_OF, VARIABLES };

static const struct ph_variable variables[VARIABLES] = {{"a", "甲数", true},         {"b", "乙数", true},
                                                        {"state", "状态", true},     {"due", "到期日", true},
                                                        {"gone", "没有的列", false}, {"as_of", "截止日", true}};

#define PLACE(line_)          \
    {                         \
        "mine.yaml", line_, 5 \
    }
#define UNKNOWN                  \
    {                            \
        .kind = PH_VALUE_UNKNOWN \
    }
#define INT(value)                             \
    {                                          \
        .kind = PH_VALUE_INT, .integer = value \
    }
#define REAL(value)                          \
    {                                        \
        .kind = PH_VALUE_REAL, .real = value \
    }
#define TEXT(value)                          \
    {                                        \
        .kind = PH_VALUE_TEXT, .text = value \
    }

static struct ph_param params[] = {{.name = "limit", .title = "限值", .literal = "0.5"},
                                   {.name = "unset", .title = "未设", .literal = NULL}};
static struct ph_define defines[] = {
    {.name = "ratio", .title = "比值", .expr = "a / b", .place = PLACE(3)},
    {.name = "low", .title = "偏低", .expr = "ratio < limit", .place = PLACE(4)},
    {.name = "full_year", .title = "满一年日", .expr = "add_years(due, 1)", .place = PLACE(5)},
};

static void fetch(const void *row, size_t variable, struct ph_value *out)
{
    *out = ((const struct ph_value *)row)[variable];
}

static struct ph_rule rule_when(const char *when)
{
    return (struct ph_rule){.id = "R",
                            .title = "题",
                            .basis = "据",
                            .tag = PH_TAG_IDLE,
                            .when = when,
                            .reason = "由",
                            .place = PLACE(10),
                            .when_place = PLACE(11),
                            .reason_place = PLACE(12),
                            .since_place = PLACE(13),
                            .fee_place = PLACE(14)};
}

static struct ph_ruleset set_of(struct ph_rule *rules, size_t count)
{
    return (struct ph_ruleset){
        .words = {params, 2, defines, 3}, .rules = rules, .rule_count = count};
}

static struct ph_engine *engine_of(const struct ph_ruleset *set)
{
    struct ph_engine *engine = NULL;
    struct ph_error err = PH_ERROR_INIT;
    if (ph_engine_new(set, variables, VARIABLES, &engine, &err) != PH_OK) fail_msg("%s %s:%d", err.en, err.file, err.line);
    return engine;
}

static int outcome_of(const char *when, const struct ph_value *row)
{
    struct ph_rule rule = rule_when(when);
    struct ph_ruleset set = set_of(&rule, 1);
    struct ph_engine *engine = engine_of(&set);
    uint8_t outcome = 99;
    struct ph_error err = PH_ERROR_INIT;
    if (ph_engine_evaluate(engine, fetch, row, &outcome, &err) != PH_OK) fail_msg("%s: %s", when, err.en);
    ph_engine_free(engine);
    return outcome;
}

/* Known: a = 1, b = 4, state = '停产', due = 2020-02-29. Unknown: gone. */
static const struct ph_value parcel[VARIABLES] = {REAL(1), REAL(4),           TEXT("停产"), TEXT("2020-02-29"),
                                                  UNKNOWN, TEXT("2023-11-30")};

static void outcomes_have_three_values(void **state)
{
    (void)state;
    static const struct {
        const char *when;
        enum ph_outcome outcome;
    } rows[] = {
        {"a = 1", PH_HIT},
        {"a > 1", PH_NO_HIT},
        {"gone > 1", PH_UNDECIDED},
        {"NULL", PH_UNDECIDED},
        {"gone > 1 OR a = 1", PH_HIT},
        {"gone > 1 AND a > 1", PH_NO_HIT},
        {"gone > 1 AND a = 1", PH_UNDECIDED},
        {"NOT gone > 1", PH_UNDECIDED},
        {"coalesce(gone, 5) > 1", PH_HIT},
        {"gone IS NULL", PH_HIT},
        {"low", PH_HIT}, /* 1/4 < 0.5 */
        {"偏低 AND 甲数 ＝ 1", PH_HIT},
        {"ratio = 0.25", PH_HIT},
        {"a > unset", PH_UNDECIDED}, /* a criterion that is not set: the rule must ask */
        {"unset IS NOT NULL AND a > unset", PH_NO_HIT},
        {"state IN ('停产', '半停产')", PH_HIT},
        {"状态 NOT IN ('停产', '半停产')", PH_NO_HIT},
        {"gone IN ('x', 'y')", PH_UNDECIDED},
        {"gone NOT IN ('x', 'y')", PH_UNDECIDED},
        {"NOT state IN ('x')", PH_HIT},
        {"a = 1 AND state IN ('x', '停产')", PH_HIT},
        {"state LIKE '%产'", PH_HIT},
        {"CASE WHEN gone THEN 0 WHEN a THEN 1 END", PH_HIT},
        {"CASE WHEN gone THEN 1 END", PH_UNDECIDED},
        {"0.1", PH_HIT}, /* any number but 0 */
        {"-0.0", PH_NO_HIT},
        {"a / 0", PH_UNDECIDED},
        {"full_year = '2021-02-28'", PH_HIT},
        {"add_months(due, 12) = '2021-02-28' AND 加日(due, 1) = '2020-03-01'", PH_HIT},
        {"minus_years(due, 1) = '2019-02-28' AND minus_months(due, 1) = '2020-01-29'", PH_HIT},
        {"days_between(due, as_of) = 1370", PH_HIT},
        {"相差月数(due, as_of) = 45", PH_HIT},
        {"days_between(gone, as_of) > 0", PH_UNDECIDED},
        {"as_of >= full_year", PH_HIT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int outcome = outcome_of(rows[i].when, parcel);
        if (outcome != (int)rows[i].outcome) fail_msg("%s: %d", rows[i].when, outcome);
    }
}

/* A date function on what is no date is a mistake of the rule, not unknown. */
static void no_date_where_one_is_due(void **state)
{
    (void)state;
    struct ph_rule rule = rule_when("add_years(state, 1) > as_of");
    struct ph_ruleset set = set_of(&rule, 1);
    struct ph_engine *engine = engine_of(&set);
    uint8_t outcome;
    struct ph_error err = PH_ERROR_INIT;
    assert_int_equal(ph_engine_evaluate(engine, fetch, parcel, &outcome, &err), PH_E_RULES);
    assert_non_null(strstr(err.en, "not a date"));
    ph_engine_free(engine);
}

/* One row leaves nothing behind for the next. */
static void rows_do_not_see_each_other(void **state)
{
    (void)state;
    struct ph_rule rules[] = {rule_when("low"), rule_when("state = '停产'")};
    struct ph_ruleset set = set_of(rules, 2);
    struct ph_engine *engine = engine_of(&set);
    static const struct ph_value nothing[VARIABLES] = {UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN};
    static const struct ph_value high[VARIABLES] = {INT(3), REAL(4), TEXT("在产"), UNKNOWN, UNKNOWN, UNKNOWN};
    static const struct {
        const struct ph_value *row;
        uint8_t outcomes[2];
    } rows[] = {{parcel, {PH_HIT, PH_HIT}},
                {nothing, {PH_UNDECIDED, PH_UNDECIDED}},
                {high, {PH_NO_HIT, PH_NO_HIT}},
                {parcel, {PH_HIT, PH_HIT}}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t outcomes[2];
        assert_int_equal(ph_engine_evaluate(engine, fetch, rows[i].row, outcomes, NULL), PH_OK);
        assert_memory_equal(outcomes, rows[i].outcomes, 2);
    }
    ph_engine_free(engine);
}

static void reason_is(const char *reason, const char *wanted)
{
    struct ph_rule rule = rule_when("1");
    rule.reason = reason;
    struct ph_ruleset set = set_of(&rule, 1);
    struct ph_engine *engine = engine_of(&set);
    uint8_t outcome;
    char since[11];
    double fee;
    struct ph_text text;
    ph_text_init(&text, 4096);
    assert_int_equal(ph_engine_evaluate(engine, fetch, parcel, &outcome, NULL), PH_OK);
    assert_int_equal(ph_engine_reason(engine, 0, &text, since, &fee, NULL), PH_OK);
    if (strcmp(ph_text_get(&text), wanted) != 0) fail_msg("%s gives %s", reason, ph_text_get(&text));
    assert_string_equal(since, "");
    assert_true(isnan(fee));
    ph_text_dispose(&text);
    ph_engine_free(engine);
}

static void reasons_are_filled_in(void **state)
{
    (void)state;
    static const struct {
        const char *reason, *wanted;
    } rows[] = {
        {"没有空格位", "没有空格位"},
        {"{a}亩", "1亩"},
        {"{甲数:.2f}㎡", "1.00㎡"},
        {"{a / 3:.4f}", "0.3333"},
        {"{2.675:.2f}", "2.68"}, /* as it reads, not as the double lies */
        {"{ratio:%}", "25.0%"},
        {"{1 / 3.0:%}", "33.3%"},
        {"{state}自{due}", "停产自2020-02-29"},
        {"{gone}、{gone:.2f}、{gone:%}", "未知、未知、未知"},
        {"{{a}", "{a}"},
        {"{'a}b'}", "a}b"},
        {"{'a:.2f'}", "a:.2f"},
        {"{iif(a = 1, '是'||state, '否')}!", "是停产!"},
        {"{coalesce(gone, '未设'):.2f}", "未设"},
        {"至{as_of}已{days_between(full_year, as_of)}天", "至2023-11-30已1005天"},
        {"{限值}", "0.5"},
        {"{unset}", "未知"},
        {"{a}{b}{a}", "141"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) reason_is(rows[i].reason, rows[i].wanted);
}

static void since_and_fee(void **state)
{
    (void)state;
    struct ph_rule rules[] = {rule_when("1"), rule_when("1"), rule_when("1")};
    rules[0].since = "full_year";
    rules[0].fee = "0.2 * b";
    rules[1].since = "add_years(gone, 1)";
    rules[1].fee = "gone * 0.2";
    rules[2].fee = "3";
    struct ph_ruleset set = set_of(rules, 3);
    struct ph_engine *engine = engine_of(&set);
    static const struct {
        const char *since;
        double fee;
    } wanted[] = {{"2021-02-28", 0.8}, {"", NAN}, {"", 3}};
    uint8_t outcomes[3];
    assert_int_equal(ph_engine_evaluate(engine, fetch, parcel, outcomes, NULL), PH_OK);
    for (size_t r = 0; r < 3; r++) {
        struct ph_text text;
        char since[11];
        double fee;
        ph_text_init(&text, 100);
        assert_int_equal(ph_engine_reason(engine, r, &text, since, &fee, NULL), PH_OK);
        assert_string_equal(since, wanted[r].since);
        assert_true(isnan(wanted[r].fee) ? isnan(fee) : fabs(fee - wanted[r].fee) < 1e-12);
        ph_text_dispose(&text);
    }
    ph_engine_free(engine);
}

static void missing_fields_are_named_in_chinese(void **state)
{
    (void)state;
    static const char *both[] = {"gone", "due"}, *either[] = {"gone|due"}, *none_of[] = {"gone|a"}, *known[] = {"state"};
    static const struct ph_value row[VARIABLES] = {UNKNOWN, REAL(4), TEXT("停产"), UNKNOWN, UNKNOWN, TEXT("2023-11-30")};
    struct ph_rule rules[] = {rule_when("gone > due"), rule_when("coalesce(gone, due) > 1"), rule_when("a > 1"),
                              rule_when("ratio > 1"), rule_when("gone > 1")};
    rules[0].needs = both, rules[0].need_count = 2;
    rules[1].needs = either, rules[1].need_count = 1;
    rules[2].needs = none_of, rules[2].need_count = 1;
    /* regression: state is in no expression, and was taken for missing. Nothing of the needs is: what the condition names is. */
    rules[3].needs = known, rules[3].need_count = 1;
    struct ph_ruleset set = set_of(rules, 5);
    struct ph_engine *engine = engine_of(&set);
    static const char *const wanted[] = {"没有的列;到期日", "没有的列或到期日", "没有的列或甲数", "甲数", "没有的列"};
    uint8_t outcomes[5];
    assert_int_equal(ph_engine_evaluate(engine, fetch, row, outcomes, NULL), PH_OK);
    struct ph_text all;
    ph_text_init(&all, 1000);
    for (size_t r = 0; r < 5; r++) {
        struct ph_text text;
        ph_text_init(&text, 1000);
        assert_int_equal(outcomes[r], PH_UNDECIDED);
        ph_engine_missing(engine, r, &text);
        assert_string_equal(ph_text_get(&text), wanted[r]);
        ph_text_dispose(&text);
        ph_engine_missing(engine, r, &all);
    }
    assert_string_equal(ph_text_get(&all), "没有的列;到期日;没有的列或到期日;没有的列或甲数;甲数"); /* none twice */
    ph_text_dispose(&all);
    ph_engine_free(engine);
}

static void rules_without_their_column_are_skipped(void **state)
{
    (void)state;
    static const char *gone[] = {"gone"}, *either[] = {"gone|a"}, *second[] = {"a", "gone"};
    struct ph_rule rules[] = {rule_when("gone > 1"), rule_when("gone > 1"), rule_when("gone > 1"), rule_when("gone > 1")};
    rules[0].needs = gone, rules[0].need_count = 1, rules[0].skip_absent = true;
    rules[1].needs = gone, rules[1].need_count = 1;
    rules[2].needs = either, rules[2].need_count = 1, rules[2].skip_absent = true;
    rules[3].needs = second, rules[3].need_count = 2, rules[3].skip_absent = true; /* it turns on the first */
    struct ph_ruleset set = set_of(rules, 4);
    struct ph_engine *engine = engine_of(&set);
    uint8_t outcomes[4];
    assert_int_equal(ph_engine_evaluate(engine, fetch, parcel, outcomes, NULL), PH_OK);
    static const uint8_t wanted[] = {PH_SKIPPED, PH_UNDECIDED, PH_UNDECIDED, PH_UNDECIDED};
    assert_memory_equal(outcomes, wanted, sizeof wanted);
    assert_string_equal(ph_engine_skipped_for(engine, 0), "没有的列");
    for (size_t r = 1; r < 4; r++) assert_null(ph_engine_skipped_for(engine, r));
    ph_engine_free(engine);
}

static void evidence_is_json(void **state)
{
    (void)state;
    struct ph_rule rules[] = {rule_when("low OR gone"), rule_when("state = '停产' AND due < as_of")};
    struct ph_ruleset set = set_of(rules, 2);
    struct ph_engine *engine = engine_of(&set);
    static const struct ph_value row[VARIABLES] = {INT(1),  REAL(0.4),         TEXT("a\"b\\c\n"), TEXT("2020-02-29"),
                                                   UNKNOWN, TEXT("2023-11-30")};
    static const char *const wanted[] = {"{\"a\":1,\"b\":0.4,\"gone\":null,\"ratio\":2.5,\"low\":0}",
                                         "{\"state\":\"a\\\"b\\\\c\\n\",\"due\":\"2020-02-29\",\"as_of\":\"2023-11-30\"}"};
    uint8_t outcomes[2];
    assert_int_equal(ph_engine_evaluate(engine, fetch, row, outcomes, NULL), PH_OK);
    for (size_t r = 0; r < 2; r++) {
        struct ph_text text;
        ph_text_init(&text, 1000);
        assert_int_equal(ph_engine_evidence(engine, r, &text, NULL), PH_OK);
        assert_string_equal(ph_text_get(&text), wanted[r]);
        ph_text_dispose(&text);
    }
    ph_engine_free(engine);
}

struct mistake {
    const char *word;
    int line;
};

static void refused(const struct ph_ruleset *set, struct mistake wanted)
{
    struct ph_engine *engine = NULL;
    struct ph_error err = PH_ERROR_INIT;
    if (ph_engine_new(set, variables, VARIABLES, &engine, &err) != PH_E_RULES) fail_msg("let through: %s", wanted.word);
    assert_null(engine);
    if (strstr(err.en, wanted.word) == NULL) fail_msg("%s: %s", wanted.word, err.en);
    if (err.line != wanted.line) fail_msg("%s: line %d", wanted.word, err.line);
    assert_string_equal(err.file, "mine.yaml");
    assert_int_equal(err.column, 5);
}

static void mistakes_are_shown_at_their_line(void **state)
{
    (void)state;
    static const struct {
        const char *when, *reason, *since, *fee, *need;
        struct mistake wanted;
    } rows[] = {
        {"a >", "由", NULL, NULL, NULL, {"syntax error", 11}},
        {"a b", "由", NULL, NULL, NULL, {"syntax error", 11}},
        {"nosuch", "由", NULL, NULL, NULL, {"nosuch", 11}},
        {"round(1, 2, 3)", "由", NULL, NULL, NULL, {"wrong number of arguments", 11}},
        {"1), (0", "由", NULL, NULL, NULL, {"parenthesis", 11}},
        {"(1, 2)", "由", NULL, NULL, NULL, {"row value", 11}},
        {"12abc", "由", NULL, NULL, NULL, {"unrecognized token", 11}},
        {"1", "{a", NULL, NULL, NULL, {"brace", 12}},
        {"1", "{nosuch}", NULL, NULL, NULL, {"nosuch", 12}},
        {"1", "{a:.2g}", NULL, NULL, NULL, {"format", 12}},
        {"1", "{a +}", NULL, NULL, NULL, {"syntax error", 12}},
        {"1", "由", "full_year +", NULL, NULL, {"incomplete|syntax", 13}},
        {"1", "由", NULL, "nosuch * 2", NULL, {"nosuch", 14}},
        {"1", "由", NULL, NULL, "nosuch", {"nosuch", 10}},
        {"1", "由", NULL, NULL, "a|nosuch", {"nosuch", 10}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *needs[] = {rows[i].need};
        struct ph_rule rule = rule_when(rows[i].when);
        rule.reason = rows[i].reason;
        rule.since = rows[i].since;
        rule.fee = rows[i].fee;
        if (rows[i].need) rule.needs = needs, rule.need_count = 1;
        struct ph_ruleset set = set_of(&rule, 1);
        struct mistake wanted = rows[i].wanted;
        if (strchr(wanted.word, '|')) wanted.word = "syntax";
        refused(&set, wanted);
    }
}

static void mistakes_of_defines_and_names(void **state)
{
    (void)state;
    static struct ph_define bad[] = {{.name = "x", .expr = "1 +", .place = PLACE(21)}},
                            loop[] = {{.name = "x", .expr = "x + 1", .place = PLACE(22)}},
                            clash[] = {{.name = "state", .expr = "1", .place = PLACE(23)}};
    static struct ph_param same[] = {{.name = "a", .literal = "1", .place = PLACE(24)}};
    struct ph_rule rule = rule_when("1");
    struct ph_ruleset set = {.words = {.defines = bad, .define_count = 1}, .rules = &rule, .rule_count = 1};
    refused(&set, (struct mistake){"syntax error", 21});
    set.words.defines = loop;
    refused(&set, (struct mistake){"refers to itself", 22});
    set.words.defines = clash;
    refused(&set, (struct mistake){"field already", 23});
    set.words.define_count = 0;
    set.words.params = same;
    set.words.param_count = 1;
    refused(&set, (struct mistake){"field already", 24});
}

/* The translator lets no table through; should one come by another way, SQLite's authorizer stops it. */
static void the_authorizer_stands_behind_the_translator(void **state)
{
    (void)state;
    static const char *const literals[] = {"SELECT count(*) FROM sqlite_master", "SELECT * FROM pragma_database_list"};
    for (size_t i = 0; i < sizeof literals / sizeof *literals; i++) {
        struct ph_param forged[] = {{.name = "forged", .literal = literals[i]}};
        struct ph_rule rule = rule_when("forged > 0");
        struct ph_ruleset set = {.words = {.params = forged, .param_count = 1}, .rules = &rule, .rule_count = 1};
        struct ph_engine *engine = NULL;
        struct ph_error err = PH_ERROR_INIT;
        assert_int_equal(ph_engine_new(&set, variables, VARIABLES, &engine, &err), PH_E_RULES);
        if (strstr(err.en, "prohibited") == NULL && strstr(err.en, "not authorized") == NULL) fail_msg("%s", err.en);
    }
}

static void a_set_without_rules(void **state)
{
    (void)state;
    struct ph_ruleset set = {.rule_count = 0};
    struct ph_engine *engine = engine_of(&set);
    uint8_t outcome = 7;
    assert_int_equal(ph_engine_evaluate(engine, fetch, parcel, &outcome, NULL), PH_OK);
    assert_int_equal(outcome, 7);
    ph_engine_free(engine);
    ph_engine_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcomes_have_three_values),
        cmocka_unit_test(no_date_where_one_is_due),
        cmocka_unit_test(rows_do_not_see_each_other),
        cmocka_unit_test(reasons_are_filled_in),
        cmocka_unit_test(since_and_fee),
        cmocka_unit_test(missing_fields_are_named_in_chinese),
        cmocka_unit_test(rules_without_their_column_are_skipped),
        cmocka_unit_test(evidence_is_json),
        cmocka_unit_test(mistakes_are_shown_at_their_line),
        cmocka_unit_test(mistakes_of_defines_and_names),
        cmocka_unit_test(the_authorizer_stands_behind_the_translator),
        cmocka_unit_test(a_set_without_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
