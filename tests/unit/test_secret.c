#include "base/secret.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "model/problems.h"
#include "test.h"

static void test_what_is_hidden(void **state)
{
    (void)state;
    static const struct {
        const char *text, *shown;
    } rows[] = {
        {"", ""},
        {"宗地.shp", "宗地.shp"},
        {"PG:dbname=park user=wang", "PG:dbname=park user=wang"},
        {"PG:dbname=park password=s3cret user=wang", "PG:dbname=park password=* user=wang"},
        {"PG:dbname=park PASSWORD = s3cret", "PG:dbname=park PASSWORD = *"},
        {"PG:password='two words\\'s' dbname=park", "PG:password='*' dbname=park"},
        {"PG:password=a\\ b dbname=park", "PG:password=* dbname=park"},
        {"PG:password= dbname=park", "PG:password= *"}, /* libpq reads it so */
        {"PG:password=a&b=c dbname=park", "PG:password=* dbname=park"},
        {"sslpassword=x password=y", "sslpassword=* password=*"},
        {"MSSQL:server=s;UID=u;PWD=geheim", "MSSQL:server=s;UID=u;PWD=*"},
        {"postgresql://wang:s3cret@db:5432/park", "postgresql://wang:*@db:5432/park"},
        {"PG:postgresql://wang:p@ss/wo:rd@db/park?sslmode=require", "PG:postgresql://wang:*@db/park?sslmode=require"},
        {"postgresql://db/park?password=s3cret&user=wang", "postgresql://db/park?password=*&user=wang"},
        {"postgresql://wang@db/park", "postgresql://wang@db/park"},
        {"https://a.cn/x?y=1 und https://u:v@b.cn/", "https://a.cn/x?y=1 und https://u:*@b.cn/"},
        {"open 'PG:dbname=park password=s3cret': no such", "open 'PG:dbname=park password=* no such"},
        {"password authentication failed", "password authentication failed"},
        {"password=", "password="},
        {"password='", "password='"},
        {"password=x\\", "password=*"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[200];
        snprintf(text, sizeof text, "%s", rows[i].text);
        ph_secret_hide(text);
        assert_string_equal(text, rows[i].shown);
    }
}

/* Whatever goes wrong, and whoever says it. */
static void test_errors_and_problems(void **state)
{
    (void)state;
    static const char source[] = "PG:dbname=park password=s3cret";
    static const struct ph_problem_kind kind = {PH_WARNING, "test", "", ""};
    struct ph_error err = PH_ERROR_INIT;
    assert_int_equal(ph_fail(&err, PH_E_INPUT, "打不开 %s", "cannot open %s", source), PH_E_INPUT);
    ph_at_file(&err, source);
    assert_null(strstr(err.zh, "s3cret"));
    assert_null(strstr(err.en, "s3cret"));
    assert_string_equal(err.file, "PG:dbname=park password=*");
    struct ph_problems problems = {0};
    assert_int_equal(ph_problem_add(&problems, &kind, source, -1, NULL, "见 %s", "see %s", source), PH_OK);
    assert_string_equal(problems.items[0].source, "PG:dbname=park password=*");
    assert_string_equal(problems.items[0].zh, "见 PG:dbname=park password=*");
    assert_string_equal(problems.items[0].en, "see PG:dbname=park password=*");
    ph_problems_dispose(&problems);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_is_hidden), cmocka_unit_test(test_errors_and_problems)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
