#include "test.h"

#include <string.h>

#include "base/date.h"

static void dates_as_written(void **state)
{
    (void)state;
    static const struct { const char *text, *date; } rows[] = {
        {"2021-06-01", "2021-06-01"},
        {"2021-6-1", "2021-06-01"},
        {"2021/6/1", "2021-06-01"},
        {"2021/06/01", "2021-06-01"},
        {"2021.6.1", "2021-06-01"},
        {"20210601", "2021-06-01"},
        {"2021年6月1日", "2021-06-01"},
        {"2021年06月01日", "2021-06-01"},
        {"2021 年 6 月 1 日", "2021-06-01"},
        {"2021年6月1号", "2021-06-01"},
        {"  2021-06-01  ", "2021-06-01"},
        {"２０２１－０６－０１", "2021-06-01"},
        {"２０２１年６月１日", "2021-06-01"},
        {"2021- 6- 1", "2021-06-01"},
        {"2021-06-01 00:00:00", "2021-06-01"},
        {"2021-06-01T00:00:00", "2021-06-01"},
        {"2021-06-01T23:59:59.999", "2021-06-01"},
        {"2021-06-01 9:30", "2021-06-01"},
        {"2021/6/1 0:00:00", "2021-06-01"},
        {"2021-06-01T00:00:00+08:00", "2021-06-01"},
        {"20210601 00:00:00", "2021-06-01"},
        {"2021年6月1日 10:00", "2021-06-01"},
        {"2020-02-29", "2020-02-29"},
        {"2000-02-29", "2000-02-29"},
        {"1900-01-01", "1900-01-01"},
        {"2200-12-31", "2200-12-31"},
        {"1969-12-31", "1969-12-31"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int32_t days;
        char out[11];
        if (ph_date_parse(rows[i].text, strlen(rows[i].text), &days) != PH_PARSE_OK) fail_msg("%s", rows[i].text);
        ph_date_print(out, days);
        assert_string_equal(out, rows[i].date);
    }
}

static void everything_else(void **state)
{
    (void)state;
    static const struct { enum ph_parse parse; const char *text; } rows[] = {
        {PH_PARSE_BAD, "2021-02-30"},        {PH_PARSE_BAD, "2021-02-29"},          {PH_PARSE_BAD, "1900-02-29"},
        {PH_PARSE_BAD, "2100-02-29"},        {PH_PARSE_BAD, "2021-13-01"},          {PH_PARSE_BAD, "2021-00-10"},
        {PH_PARSE_BAD, "2021-06-00"},        {PH_PARSE_BAD, "2021-06-31"},          {PH_PARSE_BAD, "20210631"},
        {PH_PARSE_BAD, "1899-12-31"},        {PH_PARSE_BAD, "2201-01-01"},          {PH_PARSE_BAD, "9999-12-31"},
        {PH_PARSE_BAD, "44348"},             {PH_PARSE_BAD, "44348.5"},             {PH_PARSE_BAD, "2021061"},
        {PH_PARSE_BAD, "202106011"},         {PH_PARSE_BAD, "21-06-01"},            {PH_PARSE_BAD, "6/1/2021"},
        {PH_PARSE_BAD, "2021-06/01"},        {PH_PARSE_BAD, "2021年6-1"},           {PH_PARSE_BAD, "2021年6月1"},
        {PH_PARSE_BAD, "2021年6月1日前"},    {PH_PARSE_BAD, "约2021-06-01"},        {PH_PARSE_BAD, "2021-06-01 25:00"},
        {PH_PARSE_BAD, "2021-06-01 10:60"},  {PH_PARSE_BAD, "2021-06-01T"},         {PH_PARSE_BAD, "2021-06-01 0"},
        {PH_PARSE_BAD, "2021-05-31T16:00:00Z"}, {PH_PARSE_BAD, "2021-06-01T00:00:00+00:00"}, {PH_PARSE_BAD, "2021-06-"},
        {PH_PARSE_BAD, "2021-"},             {PH_PARSE_BAD, "2021-06-011"},         {PH_PARSE_BAD, "202113"},
        {PH_PARSE_BAD, "2021-13"},           {PH_PARSE_BAD, "二〇二一年六月一日"},  {PH_PARSE_BAD, "2021-06-01\xFF"},
        {PH_PARSE_BAD, "2021-06-01 00:00:00 2021-06-01 00:00:00 2021-06-01 00:00:00 2021-06-01"},
        {PH_PARSE_BAD, "待定"},              {PH_PARSE_BAD, "2021--06-01"},         {PH_PARSE_BAD, "-2021-06-01"},
        {PH_PARSE_PARTIAL, "2021年6月"},     {PH_PARSE_PARTIAL, "2021-06"},         {PH_PARSE_PARTIAL, "2021/6"},
        {PH_PARSE_PARTIAL, "2021.06"},       {PH_PARSE_PARTIAL, "202106"},          {PH_PARSE_PARTIAL, "2021年"},
        {PH_PARSE_PARTIAL, "2021"},          {PH_PARSE_PARTIAL, "２０２１年６月"},  {PH_PARSE_PARTIAL, "2021年6月份"},
        {PH_PARSE_EMPTY, ""},                {PH_PARSE_EMPTY, "  "},                {PH_PARSE_EMPTY, "无"},
        {PH_PARSE_EMPTY, "-"},               {PH_PARSE_EMPTY, "—"},                 {PH_PARSE_EMPTY, "/"},
        {PH_PARSE_EMPTY, "NULL"},            {PH_PARSE_EMPTY, "00000000"},          {PH_PARSE_EMPTY, "0"},
        {PH_PARSE_EMPTY, "0000-00-00"},      {PH_PARSE_EMPTY, "0000/00/00 00:00:00"}, {PH_PARSE_EMPTY, "    -  -  "},
        {PH_PARSE_EMPTY, "  /  /    "},      {PH_PARSE_EMPTY, "  年  月  日"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int32_t days = 0;
        enum ph_parse parse = ph_date_parse(rows[i].text, strlen(rows[i].text), &days);
        if (parse != rows[i].parse) fail_msg("%s: %d", rows[i].text, (int)parse);
        assert_int_equal(days, INT32_MIN);
    }
    int32_t days;
    assert_int_equal(ph_date_parse("\0\0\0\0\0\0\0\0", 8, &days), PH_PARSE_EMPTY);
}

static void the_calendar_is_gapless(void **state)
{
    (void)state;
    assert_int_equal(ph_date_of(1970, 1, 1), 0);
    assert_int_equal(ph_date_of(2000, 3, 1), 11017);
    assert_int_equal(ph_date_of(2023, 11, 30), 19691);
    int32_t first = ph_date_of(1, 1, 1), last = ph_date_of(9999, 12, 31);
    assert_int_equal(last - first + 1, 3652059);
    for (int32_t days = first; days <= last; days++) {
        int year, month, day;
        assert_true(ph_date_parts(days, &year, &month, &day));
        assert_int_equal(ph_date_of(year, month, day), days);
    }
    int ignored;
    assert_false(ph_date_parts(first - 1, &ignored, &ignored, &ignored));
    assert_false(ph_date_parts(last + 1, &ignored, &ignored, &ignored));
    assert_false(ph_date_parts(INT32_MIN, &ignored, &ignored, &ignored));
    assert_false(ph_date_parts(INT32_MAX, &ignored, &ignored, &ignored));
    char out[11] = "x";
    ph_date_print(out, INT32_MIN);
    assert_string_equal(out, "");
    ph_date_print(out, first);
    assert_string_equal(out, "0001-01-01");
}

static int32_t date(const char *text)
{
    int32_t days;
    assert_int_equal(ph_date_parse(text, strlen(text), &days), PH_PARSE_OK);
    return days;
}

static void steps_clamp_to_the_month(void **state)
{
    (void)state;
    static const struct { const char *from; int years, months; const char *to; } rows[] = {
        {"2020-02-29", 1, 0, "2021-02-28"},  {"2020-02-29", 4, 0, "2024-02-29"}, {"2021-06-01", 1, 0, "2022-06-01"},
        {"2021-06-01", -1, 0, "2020-06-01"}, {"2021-01-31", 0, 1, "2021-02-28"}, {"2020-01-31", 0, 1, "2020-02-29"},
        {"2021-03-31", 0, -1, "2021-02-28"}, {"2021-12-15", 0, 1, "2022-01-15"}, {"2021-01-15", 0, -1, "2020-12-15"},
        {"2021-08-31", 0, 13, "2022-09-30"}, {"2021-06-01", 0, 0, "2021-06-01"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int32_t to = ph_date_add_years(ph_date_add_months(date(rows[i].from), rows[i].months), rows[i].years);
        assert_int_equal(to, date(rows[i].to));
    }
    assert_int_equal(ph_date_add_days(date("2021-12-31"), 1), date("2022-01-01"));
    assert_int_equal(ph_date_add_days(date("2021-03-01"), -1), date("2021-02-28"));
    assert_int_equal(ph_date_add_days(INT32_MIN, 1), INT32_MIN);
    assert_int_equal(ph_date_add_months(INT32_MIN, 1), INT32_MIN);
    assert_int_equal(ph_date_add_years(INT32_MIN, 1), INT32_MIN);
    assert_int_equal(ph_date_add_years(date("2021-06-01"), 7979), INT32_MIN);
    assert_int_equal(ph_date_add_years(date("2021-06-01"), -2021), INT32_MIN);
    assert_int_equal(ph_date_add_years(0, INT64_MAX), INT32_MIN);
    assert_int_equal(ph_date_add_months(0, INT64_MIN), INT32_MIN);
    assert_int_equal(ph_date_add_days(0, INT64_MIN), INT32_MIN);
    assert_int_equal(ph_date_add_days(0, 3000000), INT32_MIN);
}

static void spans(void **state)
{
    (void)state;
    static const struct { const char *from, *to; int days, months; } rows[] = {
        {"2021-06-01", "2021-06-01", 0, 0},    {"2021-06-01", "2021-06-30", 29, 0},  {"2021-06-01", "2021-07-01", 30, 1},
        {"2021-01-31", "2021-02-28", 28, 1},   {"2021-01-31", "2021-02-27", 27, 0},  {"2020-02-29", "2021-02-28", 365, 12},
        {"2020-02-29", "2021-02-27", 364, 11}, {"2021-06-15", "2022-06-14", 364, 11}, {"2021-07-01", "2021-06-01", -30, -1},
        {"2021-06-30", "2021-06-01", -29, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(ph_date_days_between(date(rows[i].from), date(rows[i].to)), rows[i].days);
        assert_int_equal(ph_date_months_between(date(rows[i].from), date(rows[i].to)), rows[i].months);
    }
    assert_true(ph_date_days_between(INT32_MIN, 0) == INT64_MIN);
    assert_true(ph_date_days_between(0, INT32_MIN) == INT64_MIN);
    assert_true(ph_date_months_between(INT32_MIN, 0) == INT64_MIN);
    assert_true(ph_date_months_between(0, INT32_MIN) == INT64_MIN);
}

/* The definition in the header, tried over all starts of two years. */
static void months_between_is_the_largest_step(void **state)
{
    (void)state;
    int32_t first = date("2019-06-01");
    for (int32_t from = first; from < first + 731; from += 3) {
        for (int32_t to = from; to < from + 800; to += 5) {
            int64_t months = ph_date_months_between(from, to);
            assert_true(ph_date_add_months(from, months) <= to);
            assert_true(ph_date_add_months(from, months + 1) > to);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_as_written),         cmocka_unit_test(everything_else),
        cmocka_unit_test(the_calendar_is_gapless),  cmocka_unit_test(steps_clamp_to_the_month),
        cmocka_unit_test(spans),                    cmocka_unit_test(months_between_is_the_largest_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
