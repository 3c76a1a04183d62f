#include "model/problems.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

static const struct ph_problem_kind unreadable = {PH_WARNING, "date.unreadable", "改成 2021-06-01 的写法",
                                                  "write it as 2021-06-01"};
static const struct ph_problem_kind blank = {PH_PROBLEM_ERROR, "code.blank", "补填宗地代码", "fill in the parcel code"};
static const struct ph_problem_kind taken = {PH_NOTE, "encoding.taken", "", ""};

static void both_sentences_are_filled_in(void **state)
{
    (void)state;
    struct ph_problems problems = {0};
    char source[] = "宗地.shp", found[] = "2021年13月";
    assert_int_equal(ph_problem_add(&problems, &unreadable, source, 41, NULL, "看不懂的日期“%s”(第%d列)",
                                    "unreadable date '%s' (column %d)", found, 7),
                     PH_OK);
    memset(source, 'x', sizeof source - 1); /* what was given may be used again */
    memset(found, 'x', sizeof found - 1);
    const struct ph_problem *p = &problems.items[0];
    assert_string_equal(p->zh, "看不懂的日期“2021年13月”(第7列)");
    assert_string_equal(p->en, "unreadable date '2021年13月' (column 7)");
    assert_string_equal(p->source, "宗地.shp");
    assert_string_equal(p->code, "date.unreadable");
    assert_string_equal(p->hint_zh, "改成 2021-06-01 的写法");
    assert_string_equal(p->hint_en, "write it as 2021-06-01");
    assert_int_equal(p->feature, 41);
    assert_int_equal(p->severity, PH_WARNING);
    ph_problems_dispose(&problems);
}

static void counted_by_least_severity(void **state)
{
    (void)state;
    struct ph_problems problems = {0};
    const struct ph_problem_kind *kinds[] = {&taken, &unreadable, &unreadable, &blank, &blank, &blank};
    assert_int_equal(ph_problems_count(&problems, PH_NOTE), 0);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        assert_int_equal(ph_problem_add(&problems, kinds[i], "", -1, NULL, "无", "none"), PH_OK);
    assert_int_equal(ph_problems_count(&problems, PH_NOTE), 6);
    assert_int_equal(ph_problems_count(&problems, PH_WARNING), 5);
    assert_int_equal(ph_problems_count(&problems, PH_PROBLEM_ERROR), 3);
    ph_problems_dispose(&problems);
}

static void order_survives_growth(void **state)
{
    (void)state;
    struct ph_problems problems = {0};
    for (int i = 0; i < 5000; i++)
        assert_int_equal(ph_problem_add(&problems, &blank, "a.shp", i, NULL, "第%d宗", "parcel %d", i), PH_OK);
    assert_int_equal(problems.count, 5000);
    for (int i = 0; i < 5000; i++) {
        assert_int_equal(problems.items[i].feature, i);
        assert_int_equal(strtol(problems.items[i].en + strlen("parcel "), NULL, 10), i);
    }
    ph_problems_dispose(&problems);
    assert_int_equal(problems.count, 0);
    assert_null(problems.items);
}

static void a_text_of_any_length_fits(void **state)
{
    (void)state;
    struct ph_problems problems = {0};
    enum { LENGTH = 100000 };
    char *found = malloc(LENGTH + 1);
    assert_non_null(found);
    memset(found, 'x', LENGTH);
    found[LENGTH] = '\0';
    assert_int_equal(ph_problem_add(&problems, &unreadable, "a.shp", 0, NULL, "看不懂的日期：%s", "unreadable date: %s", found),
                     PH_OK);
    assert_memory_equal(problems.items[0].en, "unreadable date: xxx", 20);
    assert_memory_equal(problems.items[0].zh, "看不懂的日期：xxx", strlen("看不懂的日期：xxx"));
    ph_problems_dispose(&problems);
    free(found);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sentences_are_filled_in),
        cmocka_unit_test(counted_by_least_severity),
        cmocka_unit_test(order_survives_growth),
        cmocka_unit_test(a_text_of_any_length_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
