#include "model/name.h"

#include <string.h>

#include "test.h"

static void plain_forms(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"企业名称", "企业名称"},
        {" 企业\n名称 ", "企业名称"},
        {"企　业　名　称", "企业名称"},
        {"占地面积（亩）", "占地面积(亩)"},
        {"ＣＯＤＥ", "CODE"},
        {"credit code", "credit_code"},
        {"COD 排放量", "COD排放量"},
        {"*企业名称：", "企业名称"},
        {"统一社会信用代码（必填）", "统一社会信用代码"},
        {"企业名称（全称）", "企业名称"},
        {"面积（登记）", "面积(登记)"},
        {"：", ""},
        {"", ""},
    };
    char out[PH_NAME_BYTES], text[2 * PH_NAME_BYTES];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(ph_name_plain(rows[i][0], out));
        assert_string_equal(out, rows[i][1]);
    }
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_false(ph_name_plain(text, out));
    assert_string_equal(out, "");
}

static void names_of_fields(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum ph_enterprise_field field;
        enum ph_unit_found unit;
        int64_t times;
    } rows[] = {
        {"税收", PH_ENT_TAX, PH_UNIT_NONE, 1},          {"税收(亿元)", PH_ENT_TAX, PH_UNIT_FOUND, 10000},
        {"税收_万元", PH_ENT_TAX, PH_UNIT_FOUND, 1},    {"从业人数(人)", PH_ENT_STAFF, PH_UNIT_FOUND, 1},
        {"税收(美元)", PH_ENT_TAX, PH_UNIT_UNREADABLE, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ph_name_fit fit = ph_name_fit(&ph_enterprise_fields.items[rows[i].field], rows[i].name);
        if (fit.rank == PH_NAME_NONE || fit.unit != rows[i].unit || fit.factor.times != rows[i].times) fail_msg("%s", rows[i].name);
    }
    assert_int_equal(ph_name_fit(&ph_enterprise_fields.items[PH_ENT_TAX], "税收增幅").rank, PH_NAME_NONE);
}

static void a_field_is_known_once(void **state)
{
    (void)state;
    static const char *const names[] = {"税收", "入库税收", NULL, "企业\n名称", "甲", "信用代码", ""};
    assert_int_equal(ph_name_count_known(&ph_enterprise_fields, names, sizeof names / sizeof *names), 3);
}

static void units_for_a_whole_table(void **state)
{
    (void)state;
    struct ph_factor factor = PH_FACTOR_ONE;
    assert_true(ph_unit_in_list("万元、亩", PH_AREA, &factor));
    assert_int_equal(factor.times, 2000);
    assert_true(ph_unit_in_list("元", PH_MONEY, &factor));
    assert_int_equal(factor.over, 10000);
    assert_false(ph_unit_in_list("亩、公顷", PH_AREA, &factor)); /* which of the two is not said */
    assert_false(ph_unit_in_list("万元", PH_AREA, &factor));
    assert_false(ph_unit_in_list(NULL, PH_AREA, &factor));
    assert_false(ph_unit_in_list("", PH_AREA, &factor));
    assert_false(ph_unit_in_list("1", PH_AREA, &factor)); /* a code of MJDW, no word */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(plain_forms), cmocka_unit_test(names_of_fields), cmocka_unit_test(a_field_is_known_once),
                                       cmocka_unit_test(units_for_a_whole_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
