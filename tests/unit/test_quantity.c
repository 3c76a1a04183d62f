#include "test.h"

#include <string.h>

#include "rules/quantity.h"

static void quotients_are_taken_apart(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *numerator, *denominator; /* NULL: no quotient */
    } rows[] = {
        {"?1 / ?2", "?1", "?2"},
        {"(?1 / ?2)", "?1", "?2"},
        {"100 * ?1 / ?2", "100 * ?1", "?2"},
        {"?1 / (?2 + ?3)", "?1", "?2 + ?3"},
        {"(?1 + ?4) / ?2", "?1 + ?4", "?2"},
        {"-?1 / ?2", "-?1", "?2"},
        {"?1 / -?2", "?1", "-?2"},
        {"?1 / ?2 / ?3", "?1 / ?2", "?3"},
        {"coalesce(?1,0) / ?2", "coalesce(?1,0)", "?2"},
        {"?1 / length('a/b')", "?1", "length('a/b')"},
        {"?1 / ?2 * 100", NULL, NULL},
        {"?1 / ?2 + 1", NULL, NULL},
        {"?1 - ?2 / ?3", NULL, NULL},
        {"?1 * ?2", NULL, NULL},
        {"?1", NULL, NULL},
        {"?1 / ?2 > 3", NULL, NULL},
        {"(?1 / ?2) + (?3 / ?4)", NULL, NULL},
        {"case when ?1 then ?2 / ?3 end", NULL, NULL},
        {"'?1 / ?2'", NULL, NULL},
        {"", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ph_str a, b;
        bool quotient = ph_sql_quotient(ph_str_of(rows[i].sql), &a, &b);
        if (quotient != (rows[i].numerator != NULL)) fail_msg("%s", rows[i].sql);
        if (quotient && (!ph_str_equal(a, ph_str_of(rows[i].numerator)) || !ph_str_equal(b, ph_str_of(rows[i].denominator))))
            fail_msg("%s: %.*s | %.*s", rows[i].sql, (int)a.length, a.at, (int)b.length, b.at);
    }
}

static void plain_columns_are_recognised(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        bool plain;
        size_t variable;
        double factor;
    } rows[] = {
        {"?7", true, 6, 1},          {"(?7)", true, 6, 1},    {"100 * ?7", true, 6, 100},
        {"?7 * 0.5", true, 6, 0.5},  {"-?7", true, 6, -1},    {"(10000) * ?7", true, 6, 10000},
        {"- 2 * -?7", true, 6, 2},   {"?7 + 1", false, 0, 0}, {"?7 * ?8", false, 0, 0},
        {"2 * 3 * ?7", false, 0, 0}, {"?7 / 2", false, 0, 0}, {"3", false, 0, 0},
        {"abs(?7)", false, 0, 0},    {"", false, 0, 0},       {"?7 *", false, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t variable = 99;
        double factor;
        bool plain = ph_sql_column_of(ph_str_of(rows[i].sql), &variable, &factor);
        if (plain != rows[i].plain || (plain && (variable != rows[i].variable || factor != rows[i].factor)))
            fail_msg("%s: %d %zu %g", rows[i].sql, plain, variable, factor);
    }
}

static void variables_are_marked(void **state)
{
    (void)state;
    bool marks[12] = {false};
    ph_sql_mark(PH_STR("coalesce(?2,'?3') / ?11"), marks);
    for (size_t i = 0; i < 12; i++) assert_int_equal(marks[i], i == 1 || i == 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotients_are_taken_apart),
        cmocka_unit_test(plain_columns_are_recognised),
        cmocka_unit_test(variables_are_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
