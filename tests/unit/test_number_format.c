#include "io/number_format.h"

#include <math.h>

#include "test.h"

static void codes(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        enum ph_number_format format;
    } rows[] = {
        {"General", PH_FORMAT_NUMBER},
        {"G/通用格式", PH_FORMAT_NUMBER},
        {"0.00", PH_FORMAT_NUMBER},
        {"#,##0.00_);[Red]\\(#,##0.00\\)", PH_FORMAT_NUMBER},
        {"0.00E+00", PH_FORMAT_NUMBER},
        {"0.00\"亩day\"", PH_FORMAT_NUMBER},
        {"0.00\\d", PH_FORMAT_NUMBER},
        {"@", PH_FORMAT_NUMBER},
        {"h:mm:ss", PH_FORMAT_NUMBER},
        {"[h]:mm", PH_FORMAT_NUMBER},
        {"mm:ss.0", PH_FORMAT_NUMBER},
        {"0%", PH_FORMAT_PERCENT},
        {"0.00%;[Red]-0.00%", PH_FORMAT_PERCENT},
        {"yyyy-mm-dd", PH_FORMAT_DATE},
        {"YYYY/M/D", PH_FORMAT_DATE},
        {"yyyy\"年\"m\"月\"d\"日\"", PH_FORMAT_DATE},
        {"yyyy年m月d日", PH_FORMAT_DATE},
        {"[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", PH_FORMAT_DATE},
        {"[$-804]yyyy\\-mm\\-dd;@", PH_FORMAT_DATE},
        {"[DBNum1][$-804]yyyy\"年\"m\"月\"d\"日\"", PH_FORMAT_DATE},
        {"e\"年\"m\"月\"d\"日\"", PH_FORMAT_DATE},
        {"yyyy/m/d h:mm", PH_FORMAT_DATE},
        {"m\"月\"d\"日\"", PH_FORMAT_DATE},
        {"yyyy\"年\"m\"月\"", PH_FORMAT_MONTH},
        {"mmm-yy", PH_FORMAT_MONTH},
        {"yyyy.mm", PH_FORMAT_MONTH},
        {"\"unclosed", PH_FORMAT_NUMBER},
        {"\\", PH_FORMAT_NUMBER},
        {"", PH_FORMAT_NUMBER},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (ph_number_format_code(rows[i].code) != rows[i].format) fail_msg("%s", rows[i].code);
}

static void values(void **state)
{
    (void)state;
    static const struct {
        enum ph_number_format format;
        double value;
        bool from_1904;
        const char *text; /* NULL: stays a number */
    } rows[] = {
        {PH_FORMAT_DATE, 44348, false, "2021-06-01"},  {PH_FORMAT_DATE, 44348.999999, false, "2021-06-01"},
        {PH_FORMAT_DATE, 42886, true, "2021-06-01"},   {PH_FORMAT_DATE, 0, true, "1904-01-01"},
        {PH_FORMAT_DATE, 1, false, "1900-01-01"},      {PH_FORMAT_DATE, 59, false, "1900-02-28"},
        {PH_FORMAT_DATE, 61, false, "1900-03-01"},     {PH_FORMAT_DATE, 60, false, NULL},
        {PH_FORMAT_DATE, 0, false, ""},                {PH_FORMAT_DATE, 0.5, false, NULL},
        {PH_FORMAT_DATE, -1, false, NULL},             {PH_FORMAT_DATE, 3e6, false, NULL},
        {PH_FORMAT_DATE, NAN, false, NULL},            {PH_FORMAT_MONTH, 44348, false, "2021年6月"},
        {PH_FORMAT_MONTH, 44349, false, "2021-06-02"}, {PH_FORMAT_PERCENT, 0.07, false, "7%"},
        {PH_FORMAT_PERCENT, 0.125, false, "12.5%"},    {PH_FORMAT_PERCENT, -1.2, false, "-120%"},
        {PH_FORMAT_NUMBER, 5, false, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[PH_FORMATTED_BYTES];
        bool written = ph_number_format_write(rows[i].format, rows[i].value, rows[i].from_1904, text);
        if (written != (rows[i].text != NULL)) fail_msg("%zu: %s", i, text);
        if (written) assert_string_equal(text, rows[i].text);
    }
}

static void known_by_number(void **state)
{
    (void)state;
    for (long id = 0; id < 70; id++) {
        enum ph_number_format format = ph_number_format_builtin(id);
        bool time = (id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) || id == 55 || id == 56;
        if (time) assert_int_equal(format, PH_FORMAT_NUMBER);
    }
    assert_int_equal(ph_number_format_builtin(0), PH_FORMAT_NUMBER);
    assert_int_equal(ph_number_format_builtin(14), PH_FORMAT_DATE);
    assert_int_equal(ph_number_format_builtin(31), PH_FORMAT_DATE);
    assert_int_equal(ph_number_format_builtin(57), PH_FORMAT_MONTH);
    assert_int_equal(ph_number_format_builtin(10), PH_FORMAT_PERCENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(codes), cmocka_unit_test(values), cmocka_unit_test(known_by_number)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
