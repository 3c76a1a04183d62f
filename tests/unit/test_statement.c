#include "audit/statement.h"

#include <string.h>

#include "base/date.h"
#include "test.h"

#define TAGS                                                                                                    \
    {.topic = "all", .code = "all", .parcels = 123, .area_dm2 = 362778575},                                     \
        {.topic = "tag", .code = "approved_unsupplied", .parcels = 2, .area_dm2 = 10635715},                    \
        {.topic = "tag", .code = "idle", .parcels = 11, .area_dm2 = 24089672},                                  \
        {.topic = "tag", .code = "low_efficiency"}, {.topic = "tag", .code = "unverified", .parcels = 3},       \
        {.topic = "tag", .code = "normal"}

static struct ph_total without_ledger[] = {TAGS};
static struct ph_total with_ledger[] = {
    TAGS,
    {.topic = "measure", .code = "supply", .parcels = 30, .enterprises = 10, .area_dm2 = 120599998},
    {.topic = "measure", .code = "trade", .parcels = 3, .enterprises = 3, .area_dm2 = 11133327},
    {.topic = "measure", .code = "reinvest", .parcels = 13, .enterprises = 9, .area_dm2 = 32133330},
    {.topic = "measure", .code = "plan", .parcels = 20, .enterprises = 15, .area_dm2 = 55666662, .factory_dm2 = 6250000},
    {.topic = "measure", .code = "swap"},
};

static int32_t day(const char *text)
{
    int32_t days;
    assert_int_equal(ph_date_parse(text, strlen(text), &days), PH_PARSE_OK);
    return days;
}

static void assert_says(const struct ph_text *text, const char *words)
{
    if (strstr(ph_text_get(text), words) == NULL) fail_msg("no '%s' in: %s", words, ph_text_get(text));
}

/* The words that an official's report has: whole figures, rounded once. */
static void figures_and_words(void **state)
{
    (void)state;
    struct ph_text zh, en;
    struct ph_totals totals = {.items = with_ledger, .count = sizeof with_ledger / sizeof *with_ledger};
    struct ph_audit_request q = {.as_of = day("2023-11-30"), .period_from = day("2023-01-01"), .period_to = day("2023-11-15")};
    ph_text_init(&zh, 8192);
    ph_text_init(&en, 8192);
    ph_statement(&q, NULL, &totals, &zh, &en);
    assert_says(&zh, "截至2023-11-30,共审计123宗5441.68亩,其中批而未供2宗159.54亩、疑似闲置11宗361.35亩、疑似低效0宗0.00亩、待核查3宗0.00亩。");
    assert_says(&zh, "2023-01-01至2023-11-15:3宗167.00亩通过二级市场交易盘活;9家企业482.00亩二次投资;供应土地1809.00亩;"
                     "15家企业835.00亩制定提升计划、标准厂房6.25万平方米。");
    assert_null(strstr(ph_text_get(&zh), "置换")); /* nothing was swapped */
    assert_says(&zh, "认定以主管部门认定书为准");
    assert_says(&en, "As of 2023-11-30: 123 parcels, 5441.68 mu audited; 2 parcels, 159.54 mu approved but not supplied");
    assert_says(&en, "2023-01-01 to 2023-11-15: 3 parcels, 167.00 mu, traded on the secondary market; 9 enterprises, 482.00 mu, reinvested; "
                     "1809.00 mu supplied; 15 enterprises, 835.00 mu, with an uplift plan, 6.25 × 10 000 m² of standard factory.");
    assert_says(&en, "only the authority identifies");
    assert_false(zh.failed || en.failed);
    ph_text_dispose(&zh);
    ph_text_dispose(&en);
}

static void a_period_without_a_beginning(void **state)
{
    (void)state;
    struct ph_text zh, en;
    struct ph_totals totals = {.items = with_ledger, .count = sizeof with_ledger / sizeof *with_ledger};
    struct ph_audit_request q = {.as_of = day("2023-11-30"), .period_from = PH_NO_DATE, .period_to = PH_NO_DATE};
    ph_text_init(&zh, 8192);
    ph_text_init(&en, 8192);
    ph_statement(&q, NULL, &totals, &zh, &en);
    assert_says(&zh, "。截至2023-11-30:3宗");
    assert_says(&en, ". Up to 2023-11-30: 3 parcels");
    ph_text_dispose(&zh);
    ph_text_dispose(&en);
}

static void without_a_ledger_nothing_is_said_of_measures(void **state)
{
    (void)state;
    struct ph_text zh, en;
    struct ph_totals totals = {.items = without_ledger, .count = sizeof without_ledger / sizeof *without_ledger};
    struct ph_audit_request q = {.as_of = day("2023-11-30"), .period_from = day("2023-01-01"), .period_to = PH_NO_DATE};
    ph_text_init(&zh, 8192);
    ph_text_init(&en, 8192);
    ph_statement(&q, NULL, &totals, &zh, &en);
    assert_says(&zh, "待核查3宗0.00亩。(疑似");
    assert_null(strstr(ph_text_get(&zh), "2023-01-01"));
    assert_null(strstr(ph_text_get(&en), "2023-01-01"));
    ph_text_dispose(&zh);
    ph_text_dispose(&en);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_and_words),
        cmocka_unit_test(a_period_without_a_beginning),
        cmocka_unit_test(without_a_ledger_nothing_is_said_of_measures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
