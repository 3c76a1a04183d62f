#include "io/connection.h"

#include <string.h>

#include "test.h"

static void test_what_is_a_database(void **state)
{
    (void)state;
    static const char *const databases[] = {"PG:dbname=park", "pg:", "postgresql://db/park", "postgres://db/park", "PG:postgresql://db/park"};
    static const char *const others[] = {"", "park.gpkg", "PG", "/data/PG:a", "MYSQL:park", "http://db/park"};
    for (size_t i = 0; i < sizeof databases / sizeof *databases; i++) assert_true(ph_connection_is(databases[i]));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) assert_false(ph_connection_is(others[i]));
}

static void test_values(void **state)
{
    (void)state;
    static const struct {
        const char *name, *key, *value; /* NULL: there is none */
    } rows[] = {
        {"PG:dbname=park user=wang", "dbname", "park"},
        {"PG:dbname = 'two words' user=wang", "dbname", "two words"},
        {"PG:user=wang DBNAME=it\\'s", "dbname", "it's"},
        {"PG:password='dbname=no' dbname=park", "dbname", "park"},
        {"PG:active_schema=city dbname=park", "active_schema", "city"},
        {"PG:dbname=park", "active_schema", NULL},
        {"PG:dbname=", "dbname", NULL},
        {"PG:park", "dbname", NULL},
        {"PG:", "dbname", NULL},
        {"postgresql://u:p@db:5432/park?sslmode=require", "dbname", "park"},
        {"PG:postgresql://db/park", "dbname", "park"},
        {"postgresql://db", "dbname", NULL},
        {"postgresql://db/park", "active_schema", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char value[100];
        bool found = ph_connection_value(rows[i].name, rows[i].key, value, sizeof value);
        if (found != (rows[i].value != NULL)) fail_msg("%s: %s", rows[i].name, value);
        assert_string_equal(value, rows[i].value ? rows[i].value : "");
    }
    char small[5];
    assert_true(ph_connection_value("PG:dbname=parkland", "dbname", small, sizeof small));
    assert_string_equal(small, "park");
}

static void test_for_libpq(void **state)
{
    (void)state;
    static const struct {
        const char *name, *own;
    } rows[] = {
        {"PG:dbname=park", "dbname=park"},
        {"PG:dbname=park tables=a,b schemas=x active_schema='y z' user=wang", "dbname=park user=wang"},
        {"PG:tables=a", ""},
        {"PG:dbname=park junk", "dbname=park junk"},
        {"postgresql://u@db/park?x=tables", "postgresql://u@db/park?x=tables"},
        {"PG:postgresql://u@db/park", "postgresql://u@db/park"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char own[PH_CONNECTION_BYTES];
        assert_true(ph_connection_for_libpq(rows[i].name, own));
        assert_string_equal(own, rows[i].own);
    }
    static char longer[PH_CONNECTION_BYTES + 10];
    memset(longer, 'a', sizeof longer - 1);
    memcpy(longer, "PG:", 3);
    char own[PH_CONNECTION_BYTES];
    assert_false(ph_connection_for_libpq(longer, own));
}

static void test_labels(void **state)
{
    (void)state;
    static const struct {
        const char *name, *label;
    } rows[] = {{"PG:host=h dbname=park user=u password=p", "PG:park:parcels"}, {"postgresql://u:p@h/park", "PG:park:parcels"}, {"PG:service=city password=p", "PG:parcels"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char label[100];
        ph_connection_label(rows[i].name, "parcels", label, sizeof label);
        assert_string_equal(label, rows[i].label);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_is_a_database), cmocka_unit_test(test_values), cmocka_unit_test(test_for_libpq),
                                       cmocka_unit_test(test_labels)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
