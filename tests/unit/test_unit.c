#include "test.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/unit.h"

static const struct {
    enum ph_quantity quantity;
    const char *word;
    int64_t times, over;
} known[] = {
    {PH_AREA, "㎡", 1, 1},
    {PH_AREA, "m2", 1, 1},
    {PH_AREA, "M²", 1, 1},
    {PH_AREA, "ｍ２", 1, 1},
    {PH_AREA, " 平方米 ", 1, 1},
    {PH_AREA, "平米", 1, 1},
    {PH_AREA, "亩", 2000, 3},
    {PH_AREA, "公顷", 10000, 1},
    {PH_AREA, "公 顷", 10000, 1},
    {PH_AREA, "HA", 10000, 1},
    {PH_AREA, "hm²", 10000, 1},
    {PH_AREA, "㏊", 10000, 1},
    {PH_AREA, "万平方米", 10000, 1},
    {PH_AREA, "万㎡", 10000, 1},
    {PH_AREA, "平方公里", 1000000, 1},
    {PH_AREA, "km2", 1000000, 1},
    {PH_AREA, "㎢", 1000000, 1},
    {PH_AREA, "万亩", 20000000, 3},
    {PH_MONEY, "万元", 1, 1},
    {PH_MONEY, "元", 1, 10000},
    {PH_MONEY, "千元", 1, 10},
    {PH_MONEY, "百万元", 100, 1},
    {PH_MONEY, "亿元", 10000, 1},
    {PH_PER_MU, "万元/亩", 1, 1},
    {PH_PER_MU, "万元／亩", 1, 1},
    {PH_PER_MU, "万元/亩·年", 1, 1},
    {PH_PER_MU, "万元每亩", 1, 1},
    {PH_PER_MU, "元/亩", 1, 10000},
    {PH_PER_MU, "万元/公顷", 1, 15},
    {PH_PER_MU, "元/平方米", 1, 15},
    {PH_PER_MU, "元/㎡", 1, 15},
    {PH_PER_MU, "万元/㎡", 2000, 3},
    {PH_PER_MU, "亿元/平方公里", 20, 3},
    {PH_PERCENT, "%", 1, 1},
    {PH_PERCENT, "％", 1, 1},
    {PH_PERCENT, "‰", 1, 10},
    {PH_ENERGY, "吨标准煤", 1, 1},
    {PH_ENERGY, "tce", 1, 1},
    {PH_ENERGY, "千克标准煤", 1, 1000},
    {PH_ENERGY, "万吨标准煤", 10000, 1},
    {PH_ELECTRICITY, "kWh", 1, 1},
    {PH_ELECTRICITY, "万千瓦时", 10000, 1},
    {PH_ELECTRICITY, "万度", 10000, 1},
    {PH_WATER, "吨", 1, 1},
    {PH_WATER, "m³", 1, 1},
    {PH_WATER, "万㎥", 10000, 1},
    {PH_MASS, "kg", 1, 1000},
    {PH_MASS, "T", 1, 1},
};

static void words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct ph_factor factor;
        bool from_code = true;
        if (!ph_unit_of_word(ph_str_of(known[i].word), known[i].quantity, &factor, &from_code)) fail_msg("%s", known[i].word);
        assert_int_equal(factor.times, known[i].times);
        assert_int_equal(factor.over, known[i].over);
        assert_false(from_code);
    }
}

static void words_of_other_quantities(void **state)
{
    (void)state;
    static const struct { enum ph_quantity quantity; const char *word; } rows[] = {
        {PH_AREA, "万元"}, {PH_AREA, ""},      {PH_AREA, "4"},      {PH_AREA, "0"},    {PH_AREA, "米"},
        {PH_MONEY, "亩"},  {PH_MONEY, "美元"}, {PH_MONEY, "1"},     {PH_MONEY, "万元/亩"}, {PH_PER_MU, "万元"},
        {PH_PER_MU, "亩"}, {PH_PER_MU, "/"},   {PH_ENERGY, "kWh"},  {PH_ENERGY, "吨"}, {PH_ENERGY, "万千瓦时"},
        {PH_MASS, "m3"},   {PH_WATER, "kg"},   {PH_ELECTRICITY, "吨标准煤"}, {PH_AREA, "t"},
        {PH_AREA, "亩亩亩亩亩亩亩亩亩亩亩亩亩亩亩亩亩亩亩亩"},   {PH_AREA, "\xFF"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ph_factor factor;
        if (ph_unit_of_word(ph_str_of(rows[i].word), rows[i].quantity, &factor, NULL)) fail_msg("%s", rows[i].word);
    }
}

static void codes_of_the_unit_field(void **state)
{
    (void)state;
    static const struct ph_factor want[] = {{1, 1}, {2000, 3}, {10000, 1}};
    static const char *const codes[] = {"1", "2", "３"};
    for (size_t i = 0; i < 3; i++) {
        struct ph_factor factor;
        bool from_code = false;
        assert_true(ph_unit_of_word(ph_str_of(codes[i]), PH_AREA, &factor, &from_code));
        assert_true(from_code);
        assert_int_equal(factor.times, want[i].times);
        assert_int_equal(factor.over, want[i].over);
    }
}

static const struct {
    const char *name;
    enum ph_quantity quantity;
    enum ph_unit_found found;
    const char *bare;
    int64_t times, over;
} names[] = {
    {"供地面积(公顷)", PH_AREA, PH_UNIT_FOUND, "供地面积", 10000, 1},
    {"供地面积（亩）", PH_AREA, PH_UNIT_FOUND, "供地面积", 2000, 3},
    {"供地面积（亩)", PH_AREA, PH_UNIT_FOUND, "供地面积", 2000, 3},
    {"供地面积 [单位：亩]", PH_AREA, PH_UNIT_FOUND, "供地面积", 2000, 3},
    {"面积亩", PH_AREA, PH_UNIT_FOUND, "面积", 2000, 3},
    {"面积_亩", PH_AREA, PH_UNIT_FOUND, "面积", 2000, 3},
    {"面积/亩", PH_AREA, PH_UNIT_FOUND, "面积", 2000, 3},
    {"面积万亩", PH_AREA, PH_UNIT_FOUND, "面积", 20000000, 3},
    {"面积m2", PH_AREA, PH_UNIT_FOUND, "面积", 1, 1},
    {"面积m²", PH_AREA, PH_UNIT_FOUND, "面积", 1, 1},
    {"面积hm2", PH_AREA, PH_UNIT_FOUND, "面积", 10000, 1},
    {"建筑面积㎡", PH_AREA, PH_UNIT_FOUND, "建筑面积", 1, 1},
    {"建筑面积(万平方米)", PH_AREA, PH_UNIT_FOUND, "建筑面积", 10000, 1},
    {"面积(登记)(亩)", PH_AREA, PH_UNIT_FOUND, "面积(登记)", 2000, 3},
    {"area_mu", PH_AREA, PH_UNIT_FOUND, "area", 2000, 3},
    {"area_m2", PH_AREA, PH_UNIT_FOUND, "area", 1, 1},
    {"AREA_HA", PH_AREA, PH_UNIT_FOUND, "AREA", 10000, 1},
    {"area (ha)", PH_AREA, PH_UNIT_FOUND, "area", 10000, 1},
    {"area/mu", PH_AREA, PH_UNIT_FOUND, "area", 2000, 3},
    {"成交价款(万元)", PH_MONEY, PH_UNIT_FOUND, "成交价款", 1, 1},
    {"成交价款万元", PH_MONEY, PH_UNIT_FOUND, "成交价款", 1, 1},
    {"成交价款（元）", PH_MONEY, PH_UNIT_FOUND, "成交价款", 1, 10000},
    {"成交价款/亿元", PH_MONEY, PH_UNIT_FOUND, "成交价款", 10000, 1},
    {"tax_wan", PH_MONEY, PH_UNIT_FOUND, "tax", 1, 1},
    {"tax_yuan", PH_MONEY, PH_UNIT_FOUND, "tax", 1, 10000},
    {"投资强度(万元/公顷)", PH_PER_MU, PH_UNIT_FOUND, "投资强度", 1, 15},
    {"投资强度万元/亩", PH_PER_MU, PH_UNIT_FOUND, "投资强度", 1, 1},
    {"建筑系数(%)", PH_PERCENT, PH_UNIT_FOUND, "建筑系数", 1, 1},
    {"建筑系数%", PH_PERCENT, PH_UNIT_FOUND, "建筑系数", 1, 1},
    {"综合能耗(吨标准煤)", PH_ENERGY, PH_UNIT_FOUND, "综合能耗", 1, 1},
    {"用电量(万kWh)", PH_ELECTRICITY, PH_UNIT_FOUND, "用电量", 10000, 1},
    {"用水量_t", PH_WATER, PH_UNIT_FOUND, "用水量", 1, 1},
    {"化学需氧量（千克）", PH_MASS, PH_UNIT_FOUND, "化学需氧量", 1, 1000},
    {"从业人数(人)", PH_PLAIN, PH_UNIT_FOUND, "从业人数", 1, 1},
    {"扣除天数（天）", PH_PLAIN, PH_UNIT_FOUND, "扣除天数", 1, 1},
    /* none */
    {"登记面积", PH_AREA, PH_UNIT_NONE, "登记面积", 1, 1},
    {" 登记面积 ", PH_AREA, PH_UNIT_NONE, "登记面积", 1, 1},
    {"面积(登记)", PH_AREA, PH_UNIT_NONE, "面积(登记)", 1, 1},
    {"面积(亩)备注", PH_AREA, PH_UNIT_NONE, "面积(亩)备注", 1, 1},
    {"zdmj_t", PH_AREA, PH_UNIT_NONE, "zdmj_t", 1, 1},
    {"alpha", PH_AREA, PH_UNIT_NONE, "alpha", 1, 1},
    {"面积2", PH_AREA, PH_UNIT_NONE, "面积2", 1, 1},
    {"面积_1", PH_AREA, PH_UNIT_NONE, "面积_1", 1, 1},
    {"面积(1)", PH_AREA, PH_UNIT_NONE, "面积(1)", 1, 1},
    {"亩", PH_AREA, PH_UNIT_NONE, "亩", 1, 1},
    {"", PH_AREA, PH_UNIT_NONE, "", 1, 1},
    {"_mu", PH_AREA, PH_UNIT_NONE, "_mu", 1, 1},
    {"不动产单元", PH_PLAIN, PH_UNIT_NONE, "不动产单元", 1, 1},
    /* a unit that is none of this quantity */
    {"面积(万元)", PH_AREA, PH_UNIT_UNREADABLE, "面积", 1, 1},
    {"能耗(kWh)", PH_ENERGY, PH_UNIT_UNREADABLE, "能耗", 1, 1},
    {"能耗(万千瓦时)", PH_ENERGY, PH_UNIT_UNREADABLE, "能耗", 1, 1},
    {"投资(万美元)", PH_MONEY, PH_UNIT_UNREADABLE, "投资", 1, 1},
    {"税收(万元/亩)", PH_MONEY, PH_UNIT_UNREADABLE, "税收", 1, 1},
    {"税收万元/亩", PH_MONEY, PH_UNIT_UNREADABLE, "税收万元", 1, 1},
    /* names cut to 10 bytes */
    {"供地面积（", PH_AREA, PH_UNIT_UNREADABLE, "供地面积", 1, 1},
    {"供地面积(", PH_AREA, PH_UNIT_UNREADABLE, "供地面积", 1, 1},
    {"面积(万平", PH_AREA, PH_UNIT_UNREADABLE, "面积", 1, 1},
    {"面积（公顷", PH_AREA, PH_UNIT_FOUND, "面积", 10000, 1},
};

static void units_in_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct ph_str bare;
        struct ph_factor factor;
        enum ph_unit_found found = ph_unit_of_name(names[i].name, names[i].quantity, &bare, &factor);
        if (found != names[i].found || !ph_str_equal(bare, ph_str_of(names[i].bare)) || factor.times != names[i].times ||
            factor.over != names[i].over) {
            fail_msg("%s: found %d, bare '%.*s', factor %d/%d", names[i].name, (int)found, (int)bare.length, bare.at, (int)factor.times,
                     (int)factor.over);
        }
    }
}

static void factors_apply_with_one_rounding_each(void **state)
{
    (void)state;
    assert_true(ph_factor_apply((struct ph_factor){1, 10000}, 12345) == 1.2345);
    assert_true(ph_factor_apply((struct ph_factor){2000, 3}, 3) == 2000);
    assert_int_equal(ph_dm2_from_m2(ph_factor_apply((struct ph_factor){2000, 3}, 167)), 11133333);
    assert_true(ph_factor_apply(PH_FACTOR_ONE, 0.1) == 0.1);
    assert_true(ph_factor_apply((struct ph_factor){1, 15}, 4500) == 300);
    assert_true(isnan(ph_factor_apply((struct ph_factor){1, 15}, NAN)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words),
        cmocka_unit_test(words_of_other_quantities),
        cmocka_unit_test(codes_of_the_unit_field),
        cmocka_unit_test(units_in_names),
        cmocka_unit_test(factors_apply_with_one_rounding_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
