#include "panhuo/report.h"

#include <locale.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "test.h"

static char folder[] = "/tmp/panhuo-report-XXXXXX";
static char audit[64], first[64], second[64];

static int make_audit(void **state)
{
    (void)state;
    sqlite3 *db = NULL;
    if (mkdtemp(folder) == NULL) return -1;
    snprintf(audit, sizeof audit, "%s/a.gpkg", folder);
    snprintf(first, sizeof first, "%s/first.xlsx", folder);
    snprintf(second, sizeof second, "%s/second.XLSX", folder);
    int made = sqlite3_open(audit, &db);
    if (made == SQLITE_OK)
        made = sqlite3_exec(db, "PRAGMA application_id = 1196444487; CREATE TABLE gpkg_contents (table_name TEXT);"
                                "CREATE TABLE run (fid INTEGER PRIMARY KEY, key TEXT, value TEXT);"
                                "CREATE TABLE topology (fid INTEGER PRIMARY KEY, kind TEXT, area_m2 REAL);"
                                "INSERT INTO topology (kind, area_m2) VALUES ('overlap', 1234.5678), ('gap', 1e-7)", NULL, NULL, NULL);
    sqlite3_close(db);
    return made;
}

static int drop_folder(void **state)
{
    (void)state;
    unlink(audit);
    unlink(first);
    unlink(second);
    return rmdir(folder);
}

static void whatever_the_locale(void **state)
{
    (void)state;
    char in_c[65], in_german[65];
    struct ph_report_request request = {.audit = audit, .output = first};
    assert_int_equal(ph_report_write(&request, NULL), PH_OK);
    assert_non_null(setlocale(LC_ALL, "de_DE.UTF-8"));
    char comma[8];
    snprintf(comma, sizeof comma, "%.1f", 1.5);
    assert_string_equal(comma, "1,5");
    request.output = second;
    assert_int_equal(ph_report_write(&request, NULL), PH_OK);
    snprintf(comma, sizeof comma, "%.1f", 1.5);
    assert_string_equal(comma, "1,5"); /* the caller's locale is back */
    setlocale(LC_ALL, "C");
    assert_int_equal(ph_digest_file(first, in_c, NULL), PH_OK);
    assert_int_equal(ph_digest_file(second, in_german, NULL), PH_OK);
    assert_string_equal(in_c, in_german);
}

static void refused(void **state)
{
    (void)state;
    static const struct {
        const char *output;
        enum ph_status status;
    } cases[] = {{"x", PH_E_USAGE}, {".xlsx", PH_E_USAGE}, {"x.xls", PH_E_USAGE}, {"", PH_E_USAGE}, {"/nosuch/folder/x.xlsx", PH_E_OUTPUT}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct ph_report_request request = {.audit = audit, .output = cases[i].output, .overwrite = 1};
        assert_int_equal(ph_report_write(&request, NULL), cases[i].status);
    }
    const struct ph_report_request request = {.audit = audit, .output = first};
    assert_int_equal(ph_report_write(&request, NULL), PH_E_EXISTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(whatever_the_locale), cmocka_unit_test(refused)};
    return cmocka_run_group_tests(tests, make_audit, drop_folder);
}
