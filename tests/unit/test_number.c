#include "test.h"

#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/number.h"

static void reads_numbers(void **state)
{
    (void)state;
    static const struct { const char *text; double value; const char *unit; } rows[] = {
        {"0", 0, ""},
        {"-0", 0, ""},
        {"167", 167, ""},
        {" 12.5 ", 12.5, ""},
        {"+3.", 3, ""},
        {".5", 0.5, ""},
        {"-.5", -0.5, ""},
        {"−7", -7, ""},
        {"1,234.50", 1234.5, ""},
        {"12,345,678", 12345678, ""},
        {"1 234 567.8", 1234567.8, ""},
        {"1\xC2\xA0" "234", 1234, ""},
        {"１，２３４．５０", 1234.5, ""},
        {"１，234", 1234, ""},
        {"－１２．５", -12.5, ""},
        {"　３３３５　", 3335, ""},
        {"1.5e3", 1500, ""},
        {"1E-3", 0.001, ""},
        {"4.30408e+17", 4.30408e17, ""},
        {"１ｅ３", 1000, ""},
        {"12.5亩", 12.5, "亩"},
        {"12.5 亩", 12.5, "亩"},
        {"1,234.5万元", 1234.5, "万元"},
        {"45%", 45, "%"},
        {"45％", 45, "％"},
        {"8335.42㎡", 8335.42, "㎡"},
        {"8335.42m2", 8335.42, "m2"},
        {"8335.42 m²", 8335.42, "m²"},
        {"12（公顷）", 12, "公顷"},
        {"12 (万元)", 12, "万元"},
        {"5万元/亩", 5, "万元/亩"},
        {"5e", 5, "e"},
        {"3 ha", 3, "ha"},
        {"0.1", 0.1, ""},
        {"123456789012345.678", 123456789012345.678, ""},
        {"9007199254740993", 9007199254740992.0, ""},
        {"2.2250738585072012e-308", 2.2250738585072012e-308, ""},
        {"0.000000000000000000000000000001", 1e-30, ""},
        {"179769313486231570000000000000000000000", 1.7976931348623157e38, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double value;
        struct ph_str unit;
        if (ph_number_parse(rows[i].text, strlen(rows[i].text), &value, &unit) != PH_PARSE_OK) fail_msg("%s", rows[i].text);
        if (value != rows[i].value || signbit(value) != signbit(rows[i].value)) fail_msg("%s: %.17g", rows[i].text, value);
        assert_int_equal(unit.length, strlen(rows[i].unit));
        assert_memory_equal(unit.at, rows[i].unit, unit.length);
        bool plain = unit.length == 0;
        assert_int_equal(ph_number_parse(rows[i].text, strlen(rows[i].text), &value, NULL), plain ? PH_PARSE_OK : PH_PARSE_BAD);
    }
}

static void unknown_is_said(void **state)
{
    (void)state;
    static const char *const rows[] = {"", "  ", "　", "-", "－", "—", "——", "/", "／", "\\", "无", " 无 ", "NULL", "null", "N/A", "n/a",
                                       "<Null>", "暂无", "未知", "不详"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double value = 1;
        if (ph_number_parse(rows[i], strlen(rows[i]), &value, NULL) != PH_PARSE_EMPTY) fail_msg("'%s'", rows[i]);
        assert_true(isnan(value));
    }
    double value;
    assert_int_equal(ph_number_parse("\0\0\0", 3, &value, NULL), PH_PARSE_EMPTY);
    assert_int_equal(ph_number_parse(NULL, 0, &value, NULL), PH_PARSE_EMPTY);
}

static void refuses_the_rest(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "inf", "nan", "NaN", "-inf", "infinity", "0x1A", "1e999", "1e99999999999", ".", "+", "--1", "+-1", "1..2", "1.2.3",
        "1,23", "1,2345", "12,34,567", "1234,567", ",123", "1,234,56", "0,123", "1,234 567", "1 23", "12 34", "1, 234",
        "2021-06-01", "100~200", "5/6", "约5亩", "3亩5分", "*****", "1.2,345", "e5", "abc", "12abc3", "5#", "(5)", "5(", "5()",
        "五亩", "\xFF", "5\xFF", "1,234,", "5-", "12.5.亩", "5（亩",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double value = 1;
        struct ph_str unit;
        enum ph_parse parse = ph_number_parse(rows[i], strlen(rows[i]), &value, &unit);
        if (parse != PH_PARSE_BAD) fail_msg("%s read as %.17g", rows[i], value);
        assert_true(isnan(value));
    }
    char many[2000];
    double value;
    memset(many, '1', sizeof many);
    assert_int_equal(ph_number_parse(many, sizeof many, &value, NULL), PH_PARSE_BAD);
}

static void prints_shortest(void **state)
{
    (void)state;
    static const struct { double v; const char *text; } rows[] = {
        {0, "0"},         {-0.0, "0"},      {1, "1"},           {-1.5, "-1.5"},        {0.1, "0.1"},
        {0.30000000000000004, "0.30000000000000004"},           {100, "100"},          {1e15, "1000000000000000"},
        {1e16, "1e16"},   {1.5e300, "1.5e300"}, {1e-4, "0.0001"}, {1.25e-7, "1.25e-7"}, {123456.789, "123456.789"},
        {-2e-300, "-2e-300"}, {1.0 / 3, "0.3333333333333333"},
    };
    char out[32];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(ph_number_print(out, sizeof out, rows[i].v), strlen(rows[i].text));
        assert_string_equal(out, rows[i].text);
    }
    assert_int_equal(ph_number_print(out, sizeof out, NAN), 0);
    assert_int_equal(ph_number_print(out, sizeof out, INFINITY), 0);
    assert_int_equal(ph_number_print(out, 3, 100), 0);
    assert_string_equal(out, "");
    assert_int_equal(ph_number_print(out, 4, 100), 3);
    assert_int_equal(ph_number_print(out, 0, 100), 0);
}

static void printing_and_reading_are_inverse(void **state)
{
    (void)state;
    uint64_t seed = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        double v, back;
        memcpy(&v, &seed, sizeof v);
        if (i % 2 == 0) v = (double)(seed % 1000000000000u) / 1000;
        if (!isfinite(v)) continue;
        char out[32];
        size_t n = ph_number_print(out, sizeof out, v);
        assert_true(n > 0);
        assert_int_equal(ph_number_parse(out, n, &back, NULL), PH_PARSE_OK);
        assert_true(back == v);
        assert_true(strtod(out, NULL) == v);
    }
}

/* Digits without zeros at the end, 0.d1d2d3… * 10^exponent: the fewest of printf's 15, 16, 17 that strtod reads back. */
static int shortest_by_printf(double v, char digits[20])
{
    char text[40];
    double back = NAN;
    for (int precision = 14; precision <= 16 && back != v; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, v);
        back = strtod(text, NULL);
    }
    size_t count = strcspn(text, "e");
    while (count > 1 && (text[count - 1] == '0' || text[count - 1] == '.')) count--;
    snprintf(digits, 20, "%c%.*s", text[0], count > 2 ? (int)count - 2 : 0, text + 2);
    return atoi(strchr(text, 'e') + 1) + 1;
}

static double random_size(uint64_t *seed, int i)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    uint64_t bits = (uint64_t)(1023 - 20 + (int)(*seed % 72)) << 52; /* a power of two from 1e-6 to 2e15, … */
    if (i % 4) bits |= *seed >> 12;
    if (i % 4 == 2) bits &= ~(uint64_t)0 << (*seed >> 8) % 52; /* … with few bits, … */
    double v;
    memcpy(&v, &bits, sizeof v);
    if (i % 4 == 3) v = (double)(*seed >> (*seed & 31) & 0x3FFFFFFFFFF) / (double)(1 + (*seed >> 40) % 100000); /* … or a quotient */
    if (i % 8 == 0) v = nextafter(v, 0);
    return i % 16 == 3 ? round(v * 1000) / 1000 : v;
}

static void digits_are_the_shortest(void **state)
{
    (void)state;
    uint64_t seed = 88172645463325252u;
    for (int i = 0; i < 400000; i++) {
        double v = random_size(&seed, i);
        char wanted[20], digits[24];
        int exponent = shortest_by_printf(v, wanted);
        struct ph_decimal d;
        if (!ph_decimal_shortest(v, &d)) {
            assert_true(v < 1e-5 || v >= 1e15);
            continue;
        }
        int count = snprintf(digits, sizeof digits, "%" PRIu64, d.digits);
        if (strcmp(digits, wanted) != 0 || (v != 0 && count - d.decimals != exponent))
            fail_msg("%.17g: %s / 10^%d, not 0.%s e%d", v, digits, d.decimals, wanted, exponent);
    }
}

/* The shortest digits rounded as one does it by hand. */
static void round_by_hand(double v, int decimals, char out[400])
{
    char digits[20], text[400];
    int exponent = shortest_by_printf(fabs(v), digits), n = (int)strlen(digits);
    size_t whole = exponent > 0 ? (size_t)exponent : 1, length = whole + (size_t)decimals;
    for (size_t i = 0; i <= length; i++) {
        int at = (int)i - (int)whole + exponent;
        text[i] = at >= 0 && at < n ? digits[at] : '0';
    }
    int carry = text[length] >= '5';
    for (size_t i = length; i-- > 0 && carry;) {
        carry = text[i] == '9';
        text[i] = carry ? '0' : (char)(text[i] + 1);
    }
    text[length] = '\0';
    bool nothing = !carry && strspn(text, "0") == length;
    snprintf(out, 400, "%s%s%.*s%s%s", v < 0 && !nothing ? "-" : "", carry ? "1" : "", (int)whole, text, decimals ? "." : "", text + whole);
}

static void fixed_is_rounded_as_by_hand(void **state)
{
    (void)state;
    static const double borders[] = {-0.0, 5e-324, -5e-324, 2.2250738585072014e-308, 1e-5, 9.999999999999999e-6, 0.5, -0.5, 1e12, 999999999999.5,
                                     1e15, 1e16, -1e17, 9007199254740992, 1.7976931348623157e308, -1.2345678901234568e17};
    uint64_t seed = 88172645463325252u;
    for (int i = 0; i < 300000; i++) {
        double v = random_size(&seed, i);
        int decimals = (int)(seed >> 20 & 0xFFFF) % 18;
        if (i % 5 == 0) v = ((double)(seed % 100000000) + 0.5) / pow(10, decimals); /* ties, as they read */
        if (i % 7 == 0) memcpy(&v, &seed, sizeof v);
        if (i < (int)(sizeof borders / sizeof *borders * 18)) {
            v = borders[i / 18];
            decimals = i % 18;
        }
        if (i % 2) v = -v;
        if (!isfinite(v)) continue;
        char out[400], wanted[400];
        round_by_hand(v, decimals, wanted);
        if (ph_number_print_fixed(out, sizeof out, v, decimals) != strlen(out) || strcmp(out, wanted) != 0)
            fail_msg("%.17g with %d decimals: %s, not %s", v, decimals, out, wanted);
    }
}

static void prints_fixed(void **state)
{
    (void)state;
    static const struct { double v; int decimals; const char *text; } rows[] = {
        {167, 2, "167.00"},     {2.675, 2, "2.68"},   {-2.675, 2, "-2.68"}, {1.005, 2, "1.01"},  {0.125, 2, "0.13"},
        {0.005, 2, "0.01"},     {0.0049, 2, "0.00"},  {-0.004, 2, "0.00"},  {0.5, 0, "1"},       {1.5, 0, "2"},
        {2.5, 0, "3"},          {0.49999999999999994, 0, "0"},              {9.995, 2, "10.00"}, {99.95, 1, "100.0"},
        {1e21, 2, "1000000000000000000000.00"},       {0.06, 1, "0.1"},     {0.04, 1, "0.0"},    {1234567.891, 1, "1234567.9"},
        {0, 3, "0.000"},        {1e-20, 4, "0.0000"}, {62500, 0, "62500"},
    };
    char out[64];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ph_number_print_fixed(out, sizeof out, rows[i].v, rows[i].decimals);
        assert_string_equal(out, rows[i].text);
    }
    char wide[400];
    assert_true(ph_number_print_fixed(wide, sizeof wide, -1.7976931348623157e308, 17) > 320);
    assert_int_equal(ph_number_print_fixed(out, sizeof out, NAN, 2), 0);
}

static void areas_are_exact(void **state)
{
    (void)state;
    static const struct { int64_t dm2; const char *mu, *m2, *ha; } rows[] = {
        {0, "0.00", "0.00", "0.0000"},
        {1, "0.00", "0.01", "0.0000"},
        {333, "0.00", "3.33", "0.0003"},       /* 0.004995 mu */
        {334, "0.01", "3.34", "0.0003"},       /* 0.00501 mu */
        {1000, "0.02", "10.00", "0.0010"},     /* 0.015 mu exactly: half goes up */
        {-1000, "-0.02", "-10.00", "-0.0010"},
        {-1, "0.00", "-0.01", "0.0000"},
        {11133333, "167.00", "111333.33", "11.1333"},
        {120600000, "1809.00", "1206000.00", "120.6000"},
        {66666667, "1000.00", "666666.67", "66.6667"},
        {INT64_MAX, "138350580552821.64", "92233720368547758.07", "9223372036854.7758"},
        {INT64_MIN, "", "", ""},
    };
    char out[40];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(ph_print_mu(out, sizeof out, rows[i].dm2, 2), strlen(rows[i].mu));
        assert_string_equal(out, rows[i].mu);
        ph_print_m2(out, sizeof out, rows[i].dm2);
        assert_string_equal(out, rows[i].m2);
        ph_print_hectares(out, sizeof out, rows[i].dm2, 4);
        assert_string_equal(out, rows[i].ha);
    }
    ph_print_mu(out, sizeof out, 11133333, 0);
    assert_string_equal(out, "167");
    ph_print_mu(out, sizeof out, 11133333, 9);
    assert_string_equal(out, "166.999995000");
    ph_print_mu(out, 3, 11133333, 2);
    assert_string_equal(out, "");
}

static void area_conversions(void **state)
{
    (void)state;
    assert_int_equal(ph_dm2_from_m2(111333.33), 11133333);
    assert_int_equal(ph_dm2_from_m2(0.125), 13);
    assert_int_equal(ph_dm2_from_m2(-0.125), -13);
    assert_int_equal(ph_dm2_from_m2(0.0049), 0);
    assert_true(ph_dm2_from_m2(NAN) == INT64_MIN);
    assert_true(ph_dm2_from_m2(INFINITY) == INT64_MIN);
    assert_true(ph_dm2_from_m2(-1e20) == INT64_MIN);
    assert_true(ph_mu_from_dm2(200000) == 3);
    assert_true(ph_mu_from_dm2(1000) == 0.015);
    assert_true(isnan(ph_mu_from_dm2(INT64_MIN)));
    assert_true(ph_mu_rounded(11133333) == 167);
    assert_true(ph_mu_rounded(1000) == 0.02);
    assert_true(ph_mu_rounded(-1000) == -0.02);
    assert_true(!signbit(ph_mu_rounded(-1)));
    assert_true(isnan(ph_mu_rounded(INT64_MIN)));
}

/* The rounded double and the printed text are the same figure. */
static void rounded_mu_is_the_printed_one(void **state)
{
    (void)state;
    for (int64_t dm2 = -100000; dm2 < 100000; dm2 += 7) {
        char text[40], number[40];
        ph_print_mu(text, sizeof text, dm2, 2);
        ph_number_print_fixed(number, sizeof number, ph_mu_rounded(dm2), 2);
        assert_string_equal(text, number);
    }
}

/* A program that called setlocale(LC_ALL, "de_DE.UTF-8") must get the same figures. */
static void locale_does_not_matter(void **state)
{
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "ru_RU.UTF-8"};
    bool set = false;
    for (size_t i = 0; i < sizeof names / sizeof *names && !set; i++) set = setlocale(LC_ALL, names[i]) != NULL;
    if (!set) {
        print_message("SKIPPED: no locale with a decimal comma is installed\n");
        skip();
    }
    char out[40];
    double value;
    ph_number_print(out, sizeof out, 1.5e-9);
    assert_string_equal(out, "1.5e-9");
    ph_number_print_fixed(out, sizeof out, 1234.5, 2);
    assert_string_equal(out, "1234.50");
    assert_int_equal(ph_number_parse("1.25e-3", 7, &value, NULL), PH_PARSE_OK);
    assert_true(value == 0.00125);
    setlocale(LC_ALL, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_numbers),
        cmocka_unit_test(unknown_is_said),
        cmocka_unit_test(refuses_the_rest),
        cmocka_unit_test(prints_shortest),
        cmocka_unit_test(printing_and_reading_are_inverse),
        cmocka_unit_test(digits_are_the_shortest),
        cmocka_unit_test(fixed_is_rounded_as_by_hand),
        cmocka_unit_test(prints_fixed),
        cmocka_unit_test(areas_are_exact),
        cmocka_unit_test(area_conversions),
        cmocka_unit_test(rounded_mu_is_the_printed_one),
        cmocka_unit_test(locale_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
