#include "test.h"

#include <string.h>

#include "rules/expr.h"

static struct ph_param params[] = {{.name = "limit", .title = "限值", .literal = "0.5"}, {.name = "unset", .title = "未设值"}};
static struct ph_define defines[] = {
    {.name = "ratio", .title = "比值", .expr = "a / b"},
    {.name = "low", .title = "偏低", .expr = "ratio < limit"},
    {.name = "loop", .title = "回环", .expr = "1 + pool"},
    {.name = "pool", .title = "回池", .expr = "loop"},
};
static const struct ph_variable variables[] = {{"a", "甲数", true}, {"b", "乙数", true}, {"when_built", "建成日期", false}};
static const struct ph_words words = {.params = params, .param_count = 2, .defines = defines, .define_count = 4};
static const struct ph_scope scope = {variables, 3, &words};
static const struct ph_place place = {"mine.yaml", 7, 3};

struct result {
    enum ph_status status;
    struct ph_error err;
    struct ph_text sql;
    bool marks[7], params[2];
};

static void translate(const char *expr, enum ph_define_mode mode, struct result *r)
{
    memset(r, 0, sizeof *r);
    ph_text_init(&r->sql, 1 << 16);
    struct ph_uses uses = {.marks = r->marks, .params = r->params};
    r->status = ph_expr_translate(&scope, expr, strlen(expr), place, mode, &r->sql, &uses, &r->err);
}

/* Blanks mean nothing in SQL outside of texts, and there are none in the texts here. */
static void squeeze(const char *sql, char *out, size_t size)
{
    size_t n = 0;
    for (; *sql && n + 1 < size; sql++)
        if (*sql != ' ' && *sql != '\n' && *sql != '\t') out[n++] = *sql;
    out[n] = '\0';
}

static void expressions_become_sql(void **state)
{
    (void)state;
    static const struct {
        const char *expr, *sql;
    } rows[] = {
        {"a", "?1"},
        {"A", "?1"}, /* case of ASCII names does not matter */
        {"甲数", "?1"},
        {"a > 甲数 + B", "?1>?1+?2"},
        {"建成日期 IS NOT NULL", "?3isnotnull"},
        {"limit", "(0.5)"},
        {"限值 * 2", "(0.5)*2"},
        {"unset", "(NULL)"},
        {"'it''s; -- a /*text*/'", "'it''s;--a/*text*/'"},
        {"'甲数'", "'甲数'"}, /* a text, not a name */
        {"coalesce(a, b)", "coalesce(?1,?2)"},
        {"取先有(甲数,乙数)", "coalesce(?1,?2)"},
        {"加年(建成日期, 1)", "add_years(?3,1)"},
        {"IIF (a, 1, 2)", "iif(?1,1,2)"},
        {"a in (1, 2.5)", "?1in(1,2.5)"},
        {"CASE WHEN a THEN b ELSE 0 END", "casewhen?1then?2else0end"},
        {"a || b", "?1||?2"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct result r;
        char sql[256];
        translate(rows[i].expr, PH_EXPAND_DEFINES, &r);
        if (r.status != PH_OK) fail_msg("%s: %s", rows[i].expr, r.err.en);
        squeeze(ph_text_get(&r.sql), sql, sizeof sql);
        assert_string_equal(sql, rows[i].sql);
        ph_text_dispose(&r.sql);
    }
}

static void full_width_signs(void **state)
{
    (void)state;
    static const struct {
        const char *expr, *sql;
    } rows[] = {
        {"max（a，b）≥1", "max(?1,?2)>=1"},
        {"max(1，2)", "max(1,2)"}, /* regression: the sign was taken for a part of the number */
        {"（a＋1）×2÷3", "(?1+1)*2/3"},
        {"a≤1.5　AND　b≠2", "?1<=1.5and?2<>2"},
        {"a＜＝b", "?1<=?2"},
        {"a＞1", "?1>1"},
        {"甲数＝1", "?1=1"},
        {"甲数－乙数％2", "?1-?2%2"},
        {"'（，）'", "'（，）'"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct result r;
        char sql[256];
        translate(rows[i].expr, PH_EXPAND_DEFINES, &r);
        if (r.status != PH_OK) fail_msg("%s: %s", rows[i].expr, r.err.en);
        squeeze(ph_text_get(&r.sql), sql, sizeof sql);
        assert_string_equal(sql, rows[i].sql);
        ph_text_dispose(&r.sql);
    }
}

/* regression: ÷ and × side by side must not open a comment */
static void signs_make_no_comment(void **state)
{
    (void)state;
    static const char *const rows[] = {"1÷×2", "1÷*2", "1－－2", "1－-2", "1／＊2"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct result r;
        translate(rows[i], PH_EXPAND_DEFINES, &r);
        assert_null(strstr(ph_text_get(&r.sql), "/*"));
        assert_null(strstr(ph_text_get(&r.sql), "--"));
        ph_text_dispose(&r.sql);
    }
}

static void what_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *expr, *word; /* that the message must have */
    } rows[] = {
        {"(SELECT 1)", "SELECT"},
        {"a IN (select b from c)", "select"},
        {"exists(1)", "exists"},
        {"1 -- x", "comment"},
        {"1 /* x */", "comment"},
        {"1; 2", "';'"},
        {"\"a\"", "'\"'"},
        {"`a`", "'`'"},
        {"[a]", "'['"},
        {"?1", "'?'"},
        {"@a", "'@'"},
        {"$a", "'$'"},
        {":a", "':'"},
        {"a & b", "'&'"},
        {"random()", "random"},
        {"load_extension('x')", "load_extension"},
        {"date('now')", "date"},
        {"count(a)", "count"},
        {"没有此函数(a)", "没有此函数"},
        {"nosuch > 1", "nosuch"},
        {"甲数乙", "甲数乙"},
        {"current_timestamp", "current_timestamp"},
        {"cast(a AS text)", "cast"},
        {"a COLLATE nocase", "COLLATE"},
        {"'open", "not closed"},
        {"'it''", "not closed"},
        {"1), (2", "closing parenthesis"}, /* regression: two columns where one was meant */
        {"1）， （2", "closing parenthesis"},
        {"(1", "missing"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct result r;
        translate(rows[i].expr, PH_EXPAND_DEFINES, &r);
        if (r.status != PH_E_RULES) fail_msg("%s: let through as %s", rows[i].expr, ph_text_get(&r.sql));
        if (strstr(r.err.en, rows[i].word) == NULL) fail_msg("%s: %s", rows[i].expr, r.err.en);
        assert_string_equal(r.err.file, "mine.yaml");
        assert_int_equal(r.err.line, 7);
        assert_int_equal(r.err.column, 3);
        ph_text_dispose(&r.sql);
    }
}

static void defines_are_expanded_or_bound(void **state)
{
    (void)state;
    static const struct {
        enum ph_define_mode mode;
        const char *sql;
    } rows[] = {{PH_EXPAND_DEFINES, "((?1/?2)<(0.5))or?2"}, {PH_BIND_DEFINES, "?5or?2"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct result r;
        char sql[256];
        translate("偏低 OR b", rows[i].mode, &r);
        assert_int_equal(r.status, PH_OK);
        squeeze(ph_text_get(&r.sql), sql, sizeof sql);
        assert_string_equal(sql, rows[i].sql);
        /* Uses by way of a define count in every mode. */
        static const bool marks[7] = {true, true, false, true, true, false, false}, used[2] = {true, false};
        assert_memory_equal(r.marks, marks, sizeof marks);
        assert_memory_equal(r.params, used, sizeof used);
        ph_text_dispose(&r.sql);
    }
}

static void a_define_must_not_come_back_to_itself(void **state)
{
    (void)state;
    for (int mode = PH_EXPAND_DEFINES; mode <= PH_BIND_DEFINES; mode++) {
        struct result r;
        translate("loop", (enum ph_define_mode)mode, &r);
        assert_int_equal(r.status, PH_E_RULES);
        assert_non_null(strstr(r.err.en, "refers to itself"));
        ph_text_dispose(&r.sql);
    }
}

static void functions_are_listed_once_with_their_chinese_name(void **state)
{
    (void)state;
    const char *title;
    size_t count = 0;
    bool found = false;
    for (const char *name; (name = ph_expr_function(count, &title)) != NULL; count++) {
        assert_true((unsigned char)name[0] < 0x80);
        if (strcmp(name, "add_years") == 0) {
            assert_string_equal(title, "加年");
            found = true;
        }
        if (strcmp(name, "trim") == 0) assert_null(title);
    }
    assert_true(found && count > 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_become_sql),
        cmocka_unit_test(full_width_signs),
        cmocka_unit_test(signs_make_no_comment),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(defines_are_expanded_or_bound),
        cmocka_unit_test(a_define_must_not_come_back_to_itself),
        cmocka_unit_test(functions_are_listed_once_with_their_chinese_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
