/* Formulas against SQLite itself: expressions and values made at random, and every expression of the built-in sets and
 * schemes. A value must be the same to the bit, type included. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/facts.h"
#include "audit/roster.h"
#include "base/date.h"
#include "rules/calculator.h"
#include "rules/scheme.h"

#define EXPRESSIONS 20000
#define ROWS 5
#define ROUND 200 /* expressions for one calculator */
#define CAP 4096

/* ---- chance ---- */

static uint64_t seed = 20260101;

static size_t chance(size_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (size_t)(seed >> 11) % n;
}

#define PICK(list) ((list)[chance(sizeof(list) / sizeof *(list))])

/* ---- both sides ---- */

struct sides {
    struct ph_scope scope;
    struct ph_calculator *calculator;
    sqlite3 *db;
    struct ph_value ours[PH_VARIABLES], theirs[PH_VARIABLES]; /* the same; dates are texts to SQLite */
    char dates[PH_VARIABLES][11];
    bool *marks;
    size_t compared, wrong, odd; /* odd: SQLite refuses the expression, or stops at it */
};

static void start_sides(struct sides *s, const struct ph_variable *variables, size_t count, const struct ph_words *words)
{
    memset(s, 0, sizeof *s);
    s->scope = (struct ph_scope){variables, count, words};
    s->marks = calloc(count + words->define_count + 1, sizeof *s->marks);
    assert_int_equal(ph_sql_open(&s->db, NULL), PH_OK);
    assert_int_equal(ph_calculator_new(&s->scope, &s->calculator, NULL), PH_OK);
}

static void renew_calculator(struct sides *s)
{
    ph_calculator_free(s->calculator);
    assert_int_equal(ph_calculator_new(&s->scope, &s->calculator, NULL), PH_OK);
}

static void end_sides(struct sides *s)
{
    ph_calculator_free(s->calculator);
    sqlite3_close(s->db);
    free(s->marks);
}

static void set_value(struct sides *s, size_t v, struct ph_value value)
{
    s->ours[v] = s->theirs[v] = value;
    if (value.kind != PH_VALUE_DATE) return;
    ph_date_print(s->dates[v], value.date);
    s->theirs[v] = (struct ph_value){.kind = PH_VALUE_TEXT, .text = s->dates[v]};
    if (chance(2)) s->ours[v] = s->theirs[v];
}

static void fetch(const void *row, size_t variable, struct ph_value *out)
{
    *out = ((const struct sides *)row)->ours[variable];
}

static void show(char out[CAP], const struct ph_value *v)
{
    switch (v->kind) {
    case PH_VALUE_UNKNOWN: snprintf(out, CAP, "NULL"); break;
    case PH_VALUE_INT: snprintf(out, CAP, "%lld", (long long)v->integer); break;
    case PH_VALUE_REAL: snprintf(out, CAP, "%a", v->real); break;
    case PH_VALUE_TEXT: snprintf(out, CAP, "'%s'", v->text); break;
    case PH_VALUE_DATE:
        out[0] = '\'';
        ph_date_print(out + 1, v->date);
        memcpy(out + strlen(out), "'", 2);
        break;
    }
}

static void complain(struct sides *s, const char *expr, const char *ours, const char *theirs)
{
    char value[CAP];
    if (s->wrong++ > 20) return;
    print_error("%s\n  gives %s, SQLite says %s\n", expr, ours, theirs);
    for (size_t v = 0; v < s->scope.variable_count; v++) {
        if (!s->marks[v]) continue;
        show(value, &s->theirs[v]);
        print_error("  %s = %s\n", s->scope.variables[v].name, value);
    }
}

static void compare_row(struct sides *s, const char *expr, struct ph_node *formula, sqlite3_stmt *stmt)
{
    char ours[CAP], theirs[CAP];
    sqlite3_reset(stmt);
    for (size_t v = 0; v < s->scope.variable_count; v++) ph_sql_bind(stmt, (int)v + 1, &s->theirs[v]);
    ph_calculator_start(s->calculator, fetch, s);
    struct ph_value value = ph_formula_value(s->calculator, formula);
    const char *mistake = s->calculator->mistake;
    if (sqlite3_step(stmt) != SQLITE_ROW) {
        s->odd++; /* formulas need not look at what is not asked for */
        return;
    }
    struct ph_value wanted = ph_sql_column(stmt, 0);
    s->compared++;
    show(ours, &value);
    show(theirs, &wanted);
    if (mistake || strcmp(ours, theirs) != 0) complain(s, expr, mistake ? mistake : ours, theirs);
    ph_calculator_start(s->calculator, fetch, s);
    int truth = ph_formula_truth(s->calculator, formula);
    int holds = sqlite3_column_type(stmt, 0) == SQLITE_NULL ? -1 : sqlite3_column_double(stmt, 0) != 0;
    if (truth != holds) complain(s, expr, truth < 0 ? "unknown" : truth ? "true" : "false", holds < 0 ? "unknown" : holds ? "true" : "false");
}

static void compare(struct sides *s, const char *expr, size_t length, void (*next_row)(struct sides *))
{
    static const struct ph_place place = {"test", 1, 1};
    struct ph_uses uses = {.marks = s->marks};
    struct ph_node *formula = NULL;
    sqlite3_stmt *stmt = NULL;
    struct ph_text sql;
    ph_text_init(&sql, 1 << 20);
    memset(s->marks, 0, s->scope.variable_count + s->scope.words->define_count);
    ph_text_add(&sql, "SELECT (");
    struct ph_error err = PH_ERROR_INIT;
    if (ph_expr_translate(&s->scope, expr, length, place, PH_EXPAND_DEFINES, &sql, &uses, &err) != PH_OK) fail_msg("%s: %s", expr, err.en);
    ph_text_add(&sql, ")");
    bool right = sqlite3_prepare_v2(s->db, ph_text_get(&sql), -1, &stmt, NULL) == SQLITE_OK;
    enum ph_status status = ph_calculator_prepare(s->calculator, expr, length, place, &uses, &formula, &err);
    if (right && status != PH_OK) fail_msg("%s: %s", expr, err.en);
    s->odd += !right;
    for (int row = 0; right && row < ROWS; row++) {
        next_row(s);
        compare_row(s, expr, formula, stmt);
    }
    sqlite3_finalize(stmt);
    ph_text_dispose(&sql);
}

/* ---- expressions made at random ---- */

static struct ph_param params[] = {{.name = "limit", .literal = "0.5"}, {.name = "unset"}, {.name = "mode", .literal = "'any'"}};
static struct ph_define defines[] = {
    {.name = "ratio", .expr = "a / b"},
    {.name = "low", .expr = "ratio < limit"},
    {.name = "label", .expr = "CASE mode WHEN 'all' THEN t ELSE t||'/'||a END"},
    {.name = "later", .expr = "add_months(day, 5)"},
};
static const struct ph_variable variables[] = {{"a", NULL, true}, {"b", NULL, true}, {"t", NULL, true}, {"u", NULL, true},
                                               {"day", NULL, true}, {"due", NULL, true}};
static const struct ph_words words = {.params = params, .param_count = 3, .defines = defines, .define_count = 4};

static void expression(struct ph_text *out, int depth);

static void any_of(struct ph_text *out, int depth, const char *open, size_t least, size_t most)
{
    ph_text_addf(out, " %s(", open);
    for (size_t i = 0, n = least + chance(most - least + 1); i < n; i++) {
        if (i > 0) ph_text_add(out, ",");
        expression(out, depth);
    }
    ph_text_add(out, ") ");
}

static void atom(struct ph_text *out)
{
    static const char *const atoms[] = {
        "a", "b", "a", "b", "t", "u", "day", "due", "ratio", "low", "label", "later", "limit", "unset", "mode", "NULL",
        "0", "1", "2", "3", "-1", "7", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "0.5", "-0.0", ".25", "1e3",
        "1.5", "0.3333333333333333", "2.675", "1e308", "4.9e-7", "''", "'a'", "'B'", "'it''s'", "'停产'", "'半停产'", "'12'", "' 1.5x'",
        "'2020-02-29'", "'%产'", "'_产'", "'%A%'", "'_%'", "'集体'", "'1e2'",
    };
    ph_text_addf(out, " %s ", PICK(atoms));
}

static void binary(struct ph_text *out, int depth)
{
    static const char *const operators[] = {"AND", "OR", "AND", "OR", "=",  "<>", "!=", "==", "<",  "<=",   ">",        ">=",       "+",
                                            "-",   "*",  "/",   "%",  "||", "IS", "IS NOT", "LIKE", "NOT LIKE", "GLOB", "|", "<<", "≥", "×"};
    expression(out, depth);
    ph_text_addf(out, " %s ", PICK(operators));
    expression(out, depth);
}

static void test_of(struct ph_text *out, int depth)
{
    static const char *const behind[] = {"ISNULL", "NOTNULL", "NOT NULL", "IS NULL", "IS NOT NULL", "IS 0"};
    expression(out, depth);
    switch (chance(4)) {
    case 0: ph_text_addf(out, " %s ", PICK(behind)); break;
    case 1: any_of(out, depth, chance(2) ? "IN" : "NOT IN", 1, 4); break;
    default:
        ph_text_add(out, chance(2) ? " BETWEEN " : " NOT BETWEEN ");
        expression(out, depth);
        ph_text_add(out, " AND ");
        expression(out, depth);
        break;
    }
}

static void choice(struct ph_text *out, int depth)
{
    ph_text_add(out, " CASE ");
    if (chance(2)) expression(out, depth);
    for (size_t i = 0, n = 1 + chance(3); i < n; i++) {
        ph_text_add(out, " WHEN ");
        expression(out, depth);
        ph_text_add(out, " THEN ");
        expression(out, depth);
    }
    if (chance(2)) ph_text_add(out, " ELSE "), expression(out, depth);
    ph_text_add(out, " END ");
}

/* Dates among the operands: on anything else the functions are mistakes, and nothing is compared. */
static void calendar(struct ph_text *out)
{
    static const char *const moves[] = {"add_years", "minus_years", "add_months", "minus_months", "add_days"},
                      *const spans[] = {"days_between", "months_between"},
                      *const dates[] = {"day", "due", "later", "'2020-02-29'", "add_days(day, 40)", "'2020/3/1'", "20210601", "NULL"},
                      *const numbers[] = {"0", "1", "13", "-7", "3.9", "'2'", "a", "b", "400"};
    if (chance(2))
        ph_text_addf(out, " %s(%s, %s) ", PICK(moves), PICK(dates), PICK(numbers));
    else
        ph_text_addf(out, " %s(%s, %s) ", PICK(spans), PICK(dates), PICK(dates));
}

static void call(struct ph_text *out, int depth)
{
    static const struct {
        const char *name;
        size_t least, most;
    } functions[] = {{"coalesce", 2, 3}, {"iif", 3, 3},  {"ifnull", 2, 2}, {"nullif", 2, 2}, {"abs", 1, 1},   {"min", 2, 3},
                     {"max", 2, 3},      {"round", 1, 2}, {"length", 1, 1}, {"substr", 2, 3}, {"instr", 2, 2}, {"trim", 1, 2},
                     {"upper", 1, 1},    {"lower", 1, 1}, {"replace", 3, 3}};
    size_t i = chance(sizeof functions / sizeof *functions);
    any_of(out, depth, functions[i].name, functions[i].least, functions[i].most);
}

/* What the rules are made of most, and what goes wrong in it. */
static void usual(struct ph_text *out)
{
    static const char *const operators[] = {"=", "<>", "<", "<=", ">", ">="}, *const amounts[] = {"a", "b", "-a", "(a - b)", "a * b"},
                      *const texts[] = {"t", "u", "day", "a", "t||u", "'停ab'"}, *const places[] = {"1", "2", "13", "0", "-1", "b"},
                      *const patterns[] = {"'%产'", "'%A%'", "'a'", "'_%'", "'%__ab'", "'停_B'", "'%b%产%'", "'1%'", "''", "'%'", "u", "5"};
    switch (chance(3)) {
    case 0: ph_text_addf(out, " round(%s, %zu) %s 0 ", PICK(amounts), PICK(((size_t[]){0, 1, 6, 6, 9, 16})), PICK(operators)); break;
    case 1: ph_text_addf(out, " %s %sLIKE %s ", PICK(texts), chance(2) ? "" : "NOT ", PICK(patterns)); break;
    default: ph_text_addf(out, " substr(%s, %s, %s) ", PICK(texts), PICK(places), PICK(places)); break;
    }
}

static void expression(struct ph_text *out, int depth)
{
    static const char *const fronts[] = {" NOT ", " - ", " + "};
    if (depth <= 0 || chance(6) == 0) {
        atom(out);
        return;
    }
    bool enclosed = chance(3) == 0;
    if (enclosed) ph_text_add(out, "(");
    switch (chance(12)) {
    case 0:
        ph_text_add(out, PICK(fronts));
        expression(out, depth - 1);
        break;
    case 1: test_of(out, depth - 1); break;
    case 2: choice(out, depth - 1); break;
    case 3: call(out, depth - 1); break;
    case 4: call(out, depth - 1); break;
    case 5: calendar(out); break;
    case 6: usual(out); break;
    default: binary(out, depth - 1); break;
    }
    if (enclosed) ph_text_add(out, ")");
}

static struct ph_value any_value(void)
{
    static const int64_t integers[] = {0, 1, -1, 2, 3, 12, 2020, INT64_MAX, INT64_MIN, (1LL << 53) + 1, 1234567};
    static const double reals[] = {0.0, -0.0, 0.5, 1.0, -2.5, 3, 1e300, -1e300, 4.9e-7, 5e-7, -4.9e-7, 1e-6, 1e-9, 0.1, 2.675, 0x1p53, 0x1p63, 1 / 3.0, 1e17};
    static const char *const texts[] = {"", "a", "A", "b", "停产", "半停产", "集体土地", "12", "1.5x", "-3", "1e2", "abc停", "停ab", "2020-02-29", " 7", "%"};
    switch (chance(4)) {
    case 0: return (struct ph_value){.kind = PH_VALUE_UNKNOWN};
    case 1: return (struct ph_value){.kind = PH_VALUE_INT, .integer = PICK(integers)};
    case 2: return (struct ph_value){.kind = PH_VALUE_REAL, .real = PICK(reals)};
    default: return (struct ph_value){.kind = PH_VALUE_TEXT, .text = PICK(texts)};
    }
}

static struct ph_value any_date(void)
{
    if (chance(5) == 0) return (struct ph_value){.kind = PH_VALUE_UNKNOWN};
    return (struct ph_value){.kind = PH_VALUE_DATE, .date = (int32_t)(ph_date_of(1901, 1, 1) + (int64_t)chance(109000))}; /* to 2199 */
}

static void any_row(struct sides *s)
{
    for (size_t v = 0; v < 4; v++) set_value(s, v, any_value());
    set_value(s, 4, any_date());
    set_value(s, 5, any_date());
}

static void whatever_is_written(void **state)
{
    (void)state;
    struct sides s;
    struct ph_text expr;
    ph_text_init(&expr, 1 << 16);
    start_sides(&s, variables, 6, &words);
    for (int i = 0; i < EXPRESSIONS; i++) {
        ph_text_clear(&expr);
        expression(&expr, 1 + i % 4);
        compare(&s, ph_text_get(&expr), expr.length, any_row);
        if (i % ROUND == 0) renew_calculator(&s);
    }
    print_message("compared %zu values, left out %zu\n", s.compared, s.odd);
    assert_int_equal(s.wrong, 0);
    assert_true(s.compared > EXPRESSIONS * ROWS / 2);
    ph_text_dispose(&expr);
    end_sides(&s);
}

/* What is no date, and what else SQLite stops at. */
static void mistakes(void **state)
{
    (void)state;
    static const char *const rows[] = {"add_years(t, 1)",          "add_days(add_years(day, 300), 1)", "months_between(add_years(day, 300), day)",
                                       "days_between(day, a)",     "days_between(t, day)",             "t = 'x' OR add_months(t, 1) > day",
                                       "abs(-9223372036854775808)", "1 + abs(b)"};
    struct sides s;
    start_sides(&s, variables, 6, &words);
    set_value(&s, 0, (struct ph_value){.kind = PH_VALUE_INT, .integer = 7});
    set_value(&s, 1, (struct ph_value){.kind = PH_VALUE_INT, .integer = INT64_MIN});
    set_value(&s, 2, (struct ph_value){.kind = PH_VALUE_TEXT, .text = "停产"});
    set_value(&s, 4, (struct ph_value){.kind = PH_VALUE_DATE, .date = ph_date_of(2020, 2, 29)});
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int again = 0; again < 2; again++) {
            struct ph_node *formula = NULL;
            struct ph_uses uses = {.marks = s.marks};
            assert_int_equal(ph_calculator_prepare(s.calculator, rows[i], strlen(rows[i]), (struct ph_place){0}, &uses, &formula, NULL), PH_OK);
            ph_calculator_start(s.calculator, fetch, &s);
            ph_formula_value(s.calculator, formula);
            const char *wanted = strstr(rows[i], "abs") ? "integer overflow" : "not a date (YYYY-MM-DD)";
            if (s.calculator->mistake == NULL) fail_msg("%s: no mistake", rows[i]);
            assert_string_equal(s.calculator->mistake, wanted);
        }
    end_sides(&s);
}

/* ---- the expressions that are written ---- */

static enum ph_type types[PH_VARIABLES];

/* Something that the rules look for, now and then. */
static struct ph_value typed_value(enum ph_type type)
{
    static const char *const texts[] = {"停产", "半停产", "在产", "建成", "在建", "停工", "集体所有", "国有", "JF", "GH", "政府原因", "非政府原因", "工业用地",
                                        "0601", "1001仓储", "430407001001GB00001", "430407001001JB00001", "已供", "未供", "规上", "规下", "+1", ""};
    if (chance(4) == 0) return (struct ph_value){.kind = PH_VALUE_UNKNOWN};
    switch (type) {
    case PH_TEXT: return (struct ph_value){.kind = PH_VALUE_TEXT, .text = PICK(texts)};
    case PH_INT: return (struct ph_value){.kind = PH_VALUE_INT, .integer = (int64_t)chance(400) - 90};
    case PH_REAL: return (struct ph_value){.kind = PH_VALUE_REAL, .real = chance(8) ? (double)chance(100000) / 64 : 0.0};
    case PH_DATE: break;
    }
    return (struct ph_value){.kind = PH_VALUE_DATE, .date = ph_date_of(2015, 1, 1) + (int32_t)chance(4000)};
}

static void typed_row(struct sides *s)
{
    for (size_t v = 0; v < s->scope.variable_count; v++) set_value(s, v, typed_value(types[v]));
}

static void compare_written(struct sides *s, const char *expr)
{
    for (int i = 0; expr && i < 20; i++) compare(s, expr, strlen(expr), typed_row);
}

/* The slots of a sentence. */
static void compare_slots(struct sides *s, const char *reason)
{
    for (const char *at = reason ? strchr(reason, '{') : NULL; at; at = strchr(at, '{')) {
        const char *end = ++at, *style = NULL;
        for (bool quoted = false; quoted || *end != '}'; end++) {
            if (*end == '\'') quoted = !quoted;
            if (*end == ':' && !quoted) style = end;
        }
        for (int i = 0; i < 20; i++) compare(s, at, (size_t)((style ? style : end) - at), typed_row);
        at = end;
    }
}

static void built_in_rules(void **state)
{
    (void)state;
    struct ph_variable facts[PH_VARIABLES];
    ph_facts_variables(NULL, NULL, NULL, facts);
    for (size_t v = 0; v < PH_VARIABLES; v++) {
        types[v] = v < PH_PARCEL_FIELDS ? ph_parcel_fields.items[v].type : v == PH_VAR_AS_OF ? PH_DATE : v == PH_VAR_GRADE ? PH_TEXT : PH_REAL;
        if (v >= PH_VAR_PARCEL_ID_OK && v <= PH_VAR_CRS_SUSPECT) types[v] = PH_INT;
    }
    const struct ph_builtin_text *text;
    for (size_t i = 0; (text = ph_builtin_set(i)) != NULL; i++) {
        struct ph_ruleset *set = NULL;
        struct sides s;
        assert_int_equal(ph_ruleset_load(text->name, &set, NULL), PH_OK);
        start_sides(&s, facts, PH_VARIABLES, &set->words);
        for (size_t d = 0; d < set->words.define_count; d++) compare_written(&s, set->words.defines[d].expr);
        for (size_t r = 0; r < set->rule_count; r++) {
            compare_written(&s, set->rules[r].when);
            compare_written(&s, set->rules[r].since);
            compare_written(&s, set->rules[r].fee);
            compare_slots(&s, set->rules[r].reason);
            renew_calculator(&s);
        }
        if (s.wrong || s.odd || s.compared == 0) fail_msg("%s: %zu of %zu wrong, %zu refused", text->name, s.wrong, s.compared, s.odd);
        end_sides(&s);
        ph_ruleset_free(set);
    }
}

static void built_in_schemes(void **state)
{
    (void)state;
    struct ph_variable roster[PH_ROSTER_VARIABLES];
    ph_roster_variables(roster);
    for (size_t v = 0; v < PH_ROSTER_VARIABLES; v++)
        types[v] = v < PH_ENTERPRISE_FIELDS ? ph_enterprise_fields.items[v].type : v == PH_ROSTER_AS_OF ? PH_DATE : PH_REAL;
    const struct ph_builtin_text *text;
    for (size_t i = 0; (text = ph_builtin_scheme(i)) != NULL; i++) {
        struct ph_scheme *scheme = NULL;
        struct sides s;
        assert_int_equal(ph_scheme_load(text->name, &scheme, NULL), PH_OK);
        start_sides(&s, roster, PH_ROSTER_VARIABLES, &scheme->words);
        for (size_t g = 0; g < scheme->group_count; g++) {
            compare_written(&s, scheme->groups[g].when);
            for (size_t k = 0; k < scheme->groups[g].indicator_count; k++) compare_written(&s, scheme->groups[g].indicators[k].value);
        }
        for (int kind = 0; kind < PH_CLAUSE_KINDS; kind++)
            for (size_t c = 0; c < scheme->clauses[kind].count; c++) {
                compare_written(&s, scheme->clauses[kind].items[c].when);
                compare_slots(&s, scheme->clauses[kind].items[c].reason);
            }
        if (s.wrong || s.odd || s.compared == 0) fail_msg("%s: %zu of %zu wrong, %zu refused", text->name, s.wrong, s.compared, s.odd);
        end_sides(&s);
        ph_scheme_free(scheme);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_written),
        cmocka_unit_test(mistakes),
        cmocka_unit_test(built_in_rules),
        cmocka_unit_test(built_in_schemes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
