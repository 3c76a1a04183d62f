#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scored.h"

#define GROUP "groups:\n  - id: all\n    title: 全部\n    when: \"1\"\n    indicators:\n"
#define TAX "      - {id: tax, title: 亩均税收, value: \"tax / land_mu\", weight: 40, "

static void close_to(double got, double wanted, const char *what)
{
    if (!(fabs(got - wanted) <= 1e-9) && !(isnan(got) && isnan(wanted))) fail_msg("%s: %.12g, not %.12g", what, got, wanted);
}

/* One indicator over a small roster: the points of its first enterprise. */
static void formulas_by_hand(void **state)
{
    (void)state;
    static const struct {
        const char *what, *indicator, *table;
        double points;
    } rows[] = {
        /* 200 ÷ 10 = 20; 20 ÷ 16 × 40 = 50 */
        {"ratio", "base: 16}", "tax land_mu\n200 10\n", 50},
        {"cap in points", "base: 16, cap: 45}", "tax land_mu\n200 10\n", 45},
        {"cap as a multiple", "base: 16, cap: 1.2x}", "tax land_mu\n200 10\n", 48},
        {"a negative value stops at 0", "base: 16}", "tax land_mu\n-200 10\n", 0},
        {"no floor", "base: 16, floor: null}", "tax land_mu\n-200 10\n", -50},
        {"a floor in points", "base: 16, floor: 5}", "tax land_mu\n10 10\n", 5},
        /* values 20, 10, 6: mean 12; 20 ÷ 12 × 40 = 66.6… */
        {"mean", "base: mean}", "tax land_mu\n200 10\n100 10\n60 10\n", 200.0 / 3},
        {"twice the mean", "base: {kind: mean, times: 2}}", "tax land_mu\n200 10\n100 10\n60 10\n", 100.0 / 3},
        /* Σ tax 360 ÷ Σ land 40 = 9; 20 ÷ 9 × 40 = 88.8… */
        {"weighted mean", "base: weighted_mean}", "tax land_mu\n200 10\n100 10\n60 20\n", 800.0 / 9},
        {"median of three", "base: median}", "tax land_mu\n200 10\n100 10\n60 10\n", 80},
        /* 20, 12, 10, 6: (12 + 10) ÷ 2 = 11 */
        {"median of four", "base: median}", "tax land_mu\n200 10\n100 10\n60 10\n120 10\n", 800.0 / 11},
        {"the largest", "base: max}", "tax land_mu\n200 10\n100 10\n400 10\n", 20},
        {"a third of the largest", "base: {kind: max, times: 0.5}}", "tax land_mu\n200 10\n100 10\n400 10\n", 40},
        /* 40 × [0.2 + 0.8 × (20 − 6) ÷ (26 − 6)] = 40 × 0.76 = 30.4 */
        {"min–max", "formula: minmax, floor_share: 0.2}", "tax land_mu\n200 10\n260 10\n60 10\n", 30.4},
        {"min–max turned round", "formula: minmax, floor_share: 0.2, direction: down}", "tax land_mu\n200 10\n260 10\n60 10\n",
         17.6},
        {"min–max, all alike", "formula: minmax, floor_share: 0.2}", "tax land_mu\n200 10\n200 10\n", 40},
        /* 40 × (2 − 20 ÷ 16) = 30 */
        {"linear drop", "formula: linear_drop, base: 16}", "tax land_mu\n200 10\n", 30},
        {"linear drop beyond twice the base", "formula: linear_drop, base: 16}", "tax land_mu\n330 10\n", 0},
        {"linear drop at zero", "formula: linear_drop, base: 16}", "tax land_mu\n0 10\n", 80},
        /* 16 ÷ 20 × 40 = 32 */
        {"reciprocal", "formula: reciprocal, base: 16}", "tax land_mu\n200 10\n", 32},
        {"a base of zero is of no use", "base: mean}", "tax land_mu\n0 10\n0 10\n", 0},
        {"a base below zero is of no use", "base: mean}", "tax land_mu\n10 10\n-500 10\n", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char yaml[1024];
        snprintf(yaml, sizeof yaml, GROUP TAX "%s\n", rows[i].indicator);
        struct ph_scheme *scheme = scored_scheme(yaml);
        struct scored_table table;
        scored_table_read(&table, rows[i].table);
        struct ph_scoring *s = scored_run(scheme, &table);
        struct ph_score_term term;
        assert_int_equal(ph_scoring_term_count(s, 0), 1);
        ph_scoring_term(s, 0, 0, &term);
        close_to(term.points, rows[i].points, rows[i].what);
        close_to(ph_scoring_row(s, 0)->score, rows[i].points, rows[i].what);
        ph_scoring_free(s);
        ph_scheme_free(scheme);
    }
}

static struct ph_scheme *built_in(const char *name)
{
    struct ph_scheme *scheme = NULL;
    assert_int_equal(ph_scheme_load(name, &scheme, NULL), PH_OK);
    return scheme;
}

static void points_are(const struct ph_scoring *s, size_t row, const double *wanted, size_t count)
{
    struct ph_score_term term;
    assert_int_equal(ph_scoring_term_count(s, row), count);
    for (size_t i = 0; i < count; i++) {
        ph_scoring_term(s, row, i, &term);
        close_to(term.points, wanted[i], term.indicator->id);
    }
}

/* The notice of 2023-09-25: 规上 = 亩均税收 ÷ 24.097 × 30 + 亩均增加值 ÷ 136.16 × 20 + 单位能耗增加值 ÷ 2.694 × 20 +
 * 单位排放增加值 ÷ 4929.81 × 10
 * + 劳动生产率 ÷ 18.14 × 10 + 研发比重 ÷ 0.0302 × 10; 规下 = 亩均税收 ÷ 11.5932 × 50 + 单位电耗税收 ÷ 0.2352 × 50; no emission
 * data: the group's mean. The points were worked out by decimal arithmetic with 30 digits. */
static void huangyan_as_published(void **state)
{
    (void)state;
    static const double above[] = {43.822882516496, 22.032902467685, 22.271714922049,
                                   10.142378712364, 11.025358324146, 10.347682119205},
                        below[] = {51.754476762240, 318.877551020408};
    struct ph_scheme *scheme = built_in("huangyan2022");
    static struct scored_table table;
    /* 704 ÷ 20 = 35.2; 3000 ÷ 20 = 150; 3000 ÷ 1000 = 3; 3000 ÷ 0.6 = 5000; 3000 ÷ 150 = 20; 250 ÷ 8000 = 0.03125
     * 60 ÷ 5 = 12; 10000 × 60 ÷ 400000 = 1.5 */
    scored_table_read(&table, "size_class tax land_mu value_added energy emission staff rd revenue electricity\n"
                              "规上 704 20 3000 1000 0.6 150 250 8000 -\n"
                              "规下 60 5 - - - - - - 400000\n"
                              "规上 300 30 1800 900 0.5 120 90 6000 -\n"
                              "规上 300 30 1800 900 - 120 90 6000 -\n"
                              "- 300 30 1800 900 0.5 120 90 6000 400000\n"
                              "规上 704 20 3000 - 0.6 150 250 8000 -\n");
    struct ph_scoring *s = scored_run(scheme, &table);
    points_are(s, 0, above, 6);
    close_to(ph_scoring_row(s, 0)->score, 119.642919061945, "规上");
    points_are(s, 1, below, 2);
    close_to(ph_scoring_row(s, 1)->score, 370.632027782648, "规下");
    /* 1800 ÷ 0.5 = 3600; 3600 ÷ 4929.81 × 10 = 7.302512672902; the mean of it and 10.142378712364 */
    struct ph_score_term term;
    ph_scoring_term(s, 3, 3, &term);
    close_to(term.points, 8.722445692633, "no emission data");
    assert_true(term.cell == PH_CELL_MISSING && term.policy == PH_POLICY_GROUP_MEAN);
    assert_int_equal(ph_scoring_row(s, 0)->rank, 1);
    assert_int_equal(ph_scoring_row(s, 1)->rank, 1);
    assert_int_equal(ph_scoring_row(s, 0)->grade, 'T'); /* no classes were published */
    assert_string_equal(ph_scoring_row(s, 4)->reason, "缺规模,分组“规上企业”无法判定");
    assert_string_equal(ph_scoring_row(s, 5)->reason, "缺综合能耗,“单位能耗增加值”算不出");
    assert_int_equal(ph_scoring_term_count(s, 5), 0);
    ph_scoring_free(s);
    ph_scheme_free(scheme);
}

/* 20 ÷ 15 × 40, 400 ÷ 300 × 10, 4 ÷ 3 × 20, 600 ÷ 500 × 15, 0.2 ÷ 0.1 × 5, 18 ÷ 15 × 10; and for 2 mu
 * 10 ÷ 15 × 50, 150 ÷ 300 × 20, 10000 × 20 ÷ 50000 ÷ 2 × 30 */
static void linhai_as_published(void **state)
{
    (void)state;
    static const double large[] = {160.0 / 3, 40.0 / 3, 80.0 / 3, 18, 10, 12}, small[] = {100.0 / 3, 10, 60};
    struct ph_scheme *scheme = built_in("linhai2014");
    static struct scored_table table;
    scored_table_read(&table, "tax land_mu revenue value_added energy cod water staff electricity\n"
                              "200 10 4000 1800 450 3 9000 100 -\n20 2 300 - - - - - 50000\n100 3 1 1 1 1 1 1 -\n");
    struct ph_scoring *s = scored_run(scheme, &table);
    points_are(s, 0, large, 6);
    points_are(s, 1, small, 3);
    assert_int_equal(ph_scoring_row(s, 2)->group, 0); /* three mu belong to the large */
    ph_scoring_free(s);
    ph_scheme_free(scheme);
}

/* Four enterprises, base the mean of those that are known; the last one has no tax, or none but 0. */
static void missing_and_zero(void **state)
{
    (void)state;
    static const struct {
        const char *what, *indicator, *cell;
        double points, first; /* of the last one; of the first one */
    } rows[] = {
        /* known: 30, 20, 10: mean 20; 30 ÷ 20 × 40 = 60; points 60, 40, 20: mean 40 */
        {"missing: zero", "base: mean, missing: zero}", "-", 0, 60},
        {"missing: the group's mean", "base: mean, missing: group_mean}", "-", 40, 60},
        {"missing: penalty", "base: mean, missing: penalty 3}", "-", -3, 60},
        {"missing: full", "base: mean, missing: full}", "-", 40, 60},
        {"missing: not evaluated", "base: mean}", "-", NAN, 60},
        /* zero is a value: mean (30 + 20 + 10 + 0) ÷ 4 = 15; 30 ÷ 15 × 40 = 80 */
        {"zero: a value", "base: mean, missing: full}", "0", 0, 80},
        {"zero: treated, and out of the base", "base: mean, zero: penalty 2}", "0", -2, 60},
        {"zero: the group's mean", "base: mean, zero: group_mean}", "0", 40, 60},
        {"zero: not evaluated", "base: mean, zero: not_evaluated}", "0", NAN, 60},
        {"the floor does not stop a penalty", "base: mean, missing: penalty 7, floor: 0}", "-", -7, 60},
        {"the mean is of capped points", "base: mean, missing: group_mean, cap: 1x}", "-", 100.0 / 3, 40},
    };
    static struct scored_table table;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char yaml[512], text[128];
        snprintf(yaml, sizeof yaml, GROUP TAX "%s\n", rows[i].indicator);
        snprintf(text, sizeof text, "tax land_mu\n300 10\n200 10\n100 10\n%s 10\n", rows[i].cell);
        struct ph_scheme *scheme = scored_scheme(yaml);
        scored_table_read(&table, text);
        struct ph_scoring *s = scored_run(scheme, &table);
        close_to(ph_scoring_row(s, 3)->score, rows[i].points, rows[i].what);
        close_to(ph_scoring_row(s, 0)->score, rows[i].first, rows[i].what);
        assert_int_equal(ph_scoring_term_count(s, 3), isnan(rows[i].points) ? 0 : 1);
        close_to(ph_scoring_row(s, 3)->completeness, strcmp(rows[i].what, "zero: a value") == 0 ? 1 : 0, rows[i].what);
        ph_scoring_free(s);
        ph_scheme_free(scheme);
    }
}

static void divisors_of_zero(void **state)
{
    (void)state;
    static const struct {
        const char *what, *more;
        double points;
    } rows[] = {{"as missing", "missing: zero}", 0},
                {"as it says", "missing: zero, zero_divisor: full}", 10},
                {"not evaluated", "zero_divisor: not_evaluated, missing: zero}", NAN}};
    static struct scored_table table;
    scored_table_read(&table, "tax energy land_mu\n8 4 1\n8 0 1\n0 4 1\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char yaml[512];
        snprintf(yaml, sizeof yaml, GROUP "      - {id: x, title: 甲, value: \"tax / energy\", weight: 10, base: mean, %s\n",
                 rows[i].more);
        struct ph_scheme *scheme = scored_scheme(yaml);
        struct ph_scoring *s = scored_run(scheme, &table);
        close_to(ph_scoring_row(s, 1)->score, rows[i].points, rows[i].what);
        close_to(ph_scoring_row(s, 0)->score, 20, rows[i].what); /* values 2 and 0: mean 1; 2 ÷ 1 × 10 */
        close_to(ph_scoring_row(s, 2)->score, 0, rows[i].what);
        ph_scoring_free(s);
        ph_scheme_free(scheme);
    }
}

/* ---- land ---- */

static void without_land_nobody_is_ranked(void **state)
{
    (void)state;
    struct ph_scheme *scheme = scored_scheme("min_land_mu: 3\n" GROUP TAX "base: mean}\n"),
                     *any = scored_scheme(
                         "groups:\n  - id: t\n    title: 无地\n    when: \"1\"\n    needs_land: false\n    indicators:\n"
                         "      - {id: x, title: 甲, value: tax, weight: 10, base: mean}\n");
    static struct scored_table table;
    scored_table_read(&table, "tax land_mu\n100 10\n100 -\n100 0\n100 -5\n100 2.99\n100 3\n");
    static const char *const reasons[] = {
        NULL, "用地面积缺失", "用地面积为零,不能计算亩均", "用地面积为零,不能计算亩均", "用地2.99亩,不足3.00亩", NULL};
    struct ph_scoring *s = scored_run(scheme, &table);
    for (size_t row = 0; row < 6; row++) {
        const struct ph_score *score = ph_scoring_row(s, row);
        assert_int_equal(score->status, reasons[row] ? PH_SCORE_NOT_EVALUATED : PH_SCORE_EVALUATED);
        if (reasons[row]) assert_string_equal(score->reason, reasons[row]);
        assert_true(isnan(score->score) == (reasons[row] != NULL));
    }
    assert_int_equal(ph_scoring_group(s, 0)->ranked, 2);
    ph_scoring_free(s);
    s = scored_run(any, &table);
    assert_int_equal(ph_scoring_group(s, 0)->ranked, 6);
    ph_scoring_free(s);
    ph_scheme_free(scheme);
    ph_scheme_free(any);
}

/* ---- groups and bases ---- */

static void groups_have_their_own_bases(void **state)
{
    (void)state;
    struct ph_scheme *scheme =
        scored_scheme("groups:\n  - id: big\n    title: 大\n    when: \"land_mu >= 8\"\n    indicators:\n"
                      "      - {id: x, title: 甲, value: \"tax / land_mu\", weight: 10, base: mean}\n"
                      "      - {id: y, title: 乙, value: \"tax / land_mu\", weight: 10, base: {kind: mean, over: all}}\n"
                      "  - id: small\n    title: 小\n    when: \"size_class = '规上'\"\n    indicators:\n"
                      "      - {id: x, title: 甲, value: \"tax / land_mu\", weight: 10, base: mean}\n");
    static struct scored_table table;
    scored_table_read(&table, "tax land_mu size_class\n80 10 -\n40 10 -\n30 5 规上\n10 5 规下\n10 5 -\n");
    struct ph_scoring *s = scored_run(scheme, &table);
    /* big: 8 and 4: mean 6, 8 ÷ 6 × 10 = 13.33; over all: 8, 4, 6: mean 6 */
    static const double first[] = {40.0 / 3, 40.0 / 3}, third[] = {10};
    points_are(s, 0, first, 2);
    points_are(s, 2, third, 1);
    assert_int_equal(ph_scoring_base(s, 0, 0)->count, 2);
    assert_int_equal(ph_scoring_base(s, 0, 1)->count, 3);
    assert_int_equal(ph_scoring_row(s, 2)->rank, 1);
    assert_string_equal(ph_scoring_row(s, 3)->reason, "不属于任何一个分组");
    assert_string_equal(ph_scoring_row(s, 4)->reason, "缺规模,分组“小”无法判定");
    ph_scoring_free(s);
    ph_scheme_free(scheme);
}

/* ---- in words ---- */

static void the_arithmetic_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *indicator, *table, *wanted;
    } rows[] = {
        {"value: \"tax / land_mu\", weight: 30, base: 24.097}", "tax land_mu\n704 20\n",
         "704.00 ÷ 20.00 = 35.20；35.20 ÷ 24.097 × 30 = 43.82"},
        {"value: \"tax / land_mu\", weight: 30, base: 24.097, cap: 36}", "tax land_mu\n704 20\n",
         "704.00 ÷ 20.00 = 35.20；35.20 ÷ 24.097 × 30 = 43.82,超过上限,计 36.00"},
        {"value: tax, weight: 30, base: 24.097}", "tax land_mu\n-7 20\n", "-7.00 ÷ 24.097 × 30 = -8.71,低于下限,计 0.00"},
        {"value: \"energy / revenue\", weight: 15, formula: linear_drop, base: 0.5}", "energy revenue land_mu\n35 100 1\n",
         "35.00 ÷ 100.00 = 0.35；15 × (2 − 0.35 ÷ 0.50) = 19.50"},
        {"value: \"energy / revenue\", weight: 15, formula: reciprocal, base: 0.5}", "energy revenue land_mu\n35 100 1\n",
         "35.00 ÷ 100.00 = 0.35；0.50 ÷ 0.35 × 15 = 21.43"},
        {"value: tax, weight: 30, formula: minmax, floor_share: 0.2}", "tax land_mu\n35.2 1\n2 1\n80 1\n",
         "30 × [0.2 + 0.8 × (35.20 − 2.00) ÷ (80.00 − 2.00)] = 16.22"},
        {"value: tax, weight: 30, formula: minmax, direction: down}", "tax land_mu\n35.2 1\n-2 1\n80 1\n",
         "30 × [0 + 1 × (80.00 − 35.20) ÷ (80.00 − (-2.00))] = 16.39"},
        {"value: tax, weight: 30, formula: minmax}", "tax land_mu\n35.2 1\n", "30 × [0 + 1 × 1](全组相同) = 30.00"},
        {"value: \"rd / revenue\", weight: 10, base: 0.0302}", "rd revenue land_mu\n250 8000 1\n",
         "250.00 ÷ 8000.00 = 0.03125；0.03125 ÷ 0.0302 × 10 = 10.35"},
        {"value: \"rd / revenue\", weight: 10, base: 0.0302, missing: zero}", "rd revenue land_mu\n- - 1\n",
         "缺营业收入、研发投入,计零分 = 0.00"},
        {"value: \"rd / revenue\", weight: 10, base: 0.0302, missing: penalty 3}", "rd revenue land_mu\n- 5 1\n",
         "缺研发投入,扣分 = -3.00"},
        {"value: \"rd / revenue\", weight: 10, base: 0.0302, missing: group_mean}", "rd revenue land_mu\n5 0 1\n",
         "分母为零,取本组该项平均分 = 0.00"},
        {"value: rd, weight: 10, base: 0.0302, zero: full}", "rd land_mu\n0 1\n", "值为零,计满分 = 10.00"},
        {"value: rd, weight: 10, base: mean}", "rd land_mu\n0 1\n", "基准值不大于零,不计分 = 0.00"},
    };
    static struct scored_table table;
    struct ph_text text;
    ph_text_init(&text, 4096);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char yaml[512];
        snprintf(yaml, sizeof yaml, GROUP "      - {id: x, title: 甲, %s\n", rows[i].indicator);
        struct ph_scheme *scheme = scored_scheme(yaml);
        scored_table_read(&table, rows[i].table);
        struct ph_scoring *s = scored_run(scheme, &table);
        ph_text_clear(&text);
        struct ph_score_term term;
        ph_scoring_term(s, 0, 0, &term);
        ph_scoring_arithmetic(s, 0, 0, &term, &text);
        if (strcmp(ph_text_get(&text), rows[i].wanted) != 0) fail_msg("%s\n%s", ph_text_get(&text), rows[i].wanted);
        ph_scoring_free(s);
        ph_scheme_free(scheme);
    }
    ph_text_dispose(&text);
}

static void bases_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *base, *wanted;
    } rows[] = {{"base: 24.097", "固定值：24.097"},
                {"base: mean", "平均值：Σ值 24.00 ÷ 2 = 12.00(2 家)"},
                {"base: {kind: mean, times: 2}", "平均值：Σ值 24.00 ÷ 2 = 12.00，× 2 = 24.00(2 家)"},
                {"base: weighted_mean", "加权平均值：Σ分子 320.00 ÷ Σ分母 30.00 = 10.666667(2 家)"},
                {"base: median", "中位数：12.00(2 家)"},
                {"base: max", "最大值：16.00(2 家)"},
                {"formula: minmax", "最小 8.00，最大 16.00(2 家)"}};
    static struct scored_table table;
    scored_table_read(&table, "tax land_mu\n160 10\n160 20\n");
    struct ph_text text;
    ph_text_init(&text, 4096);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char yaml[512];
        snprintf(yaml, sizeof yaml, GROUP TAX "%s}\n", rows[i].base);
        struct ph_scheme *scheme = scored_scheme(yaml);
        struct ph_scoring *s = scored_run(scheme, &table);
        ph_text_clear(&text);
        ph_base_arithmetic(&scheme->groups[0].indicators[0], ph_scoring_base(s, 0, 0), &text);
        if (strcmp(ph_text_get(&text), rows[i].wanted) != 0) fail_msg("%s\n%s", ph_text_get(&text), rows[i].wanted);
        ph_scoring_free(s);
        ph_scheme_free(scheme);
    }
    ph_text_dispose(&text);
}

/* A column that the inputs lack is said once, and its indicator follows the policy. */
static void absent_columns_are_told(void **state)
{
    (void)state;
    struct ph_scheme *scheme = built_in("hengyang-demo");
    static struct scored_table table;
    scored_table_read(&table, "tax revenue energy land_mu\n100 1000 50 10\n50 800 60 10\n");
    struct ph_scoring *s = scored_run(scheme, &table);
    size_t v = ph_scoring_absent(s, 0);
    assert_string_equal(table.variables[v].name, "rd");
    v = ph_scoring_absent(s, 1);
    assert_string_equal(table.variables[v].name, "emission");
    assert_true(ph_scoring_absent(s, 2) == SIZE_MAX); /* veto, adjust … are nobody's need */
    close_to(ph_scoring_row(s, 0)->completeness, 0.6, "three of five");
    ph_scoring_free(s);
    ph_scheme_free(scheme);
}

static void nobody_and_one(void **state)
{
    (void)state;
    struct ph_scheme *scheme = built_in("hengyang-demo");
    static struct scored_table table;
    scored_table_start(&table, "tax revenue land_mu", 0);
    struct ph_scoring *s = scored_run(scheme, &table);
    assert_int_equal(ph_scoring_group(s, 0)->ranked, 0);
    assert_true(isnan(ph_scoring_base(s, 0, 0)->base));
    ph_scoring_free(s);
    scored_table_read(&table, "tax revenue land_mu\n- 5 3\n");
    s = scored_run(scheme, &table);
    assert_string_equal(ph_scoring_row(s, 0)->reason, "缺税收,“亩均税收”算不出");
    assert_int_equal(ph_scoring_row(s, 0)->grade, 'T');
    ph_scoring_free(s);
    ph_scheme_free(scheme);
}

/* A mistake that shows only when a row is evaluated. */
static void errors_of_evaluation(void **state)
{
    (void)state;
    struct ph_scheme *scheme =
        scored_scheme("new:\n  - {title: 新, when: \"add_years(code, 1) > as_of\", at_worst: C}\n" GROUP TAX "base: 1}\n");
    static struct scored_table table;
    scored_table_read(&table, "code tax land_mu\n甲 5 3\n");
    struct ph_scoring *s = NULL;
    struct ph_error err = PH_ERROR_INIT;
    assert_int_equal(ph_scoring_run(scheme, &table.roster, 2, &s, &err), PH_E_RULES);
    assert_null(s);
    assert_non_null(strstr(err.en, "not a date"));
    ph_scheme_free(scheme);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas_by_hand),
        cmocka_unit_test(huangyan_as_published),
        cmocka_unit_test(linhai_as_published),
        cmocka_unit_test(missing_and_zero),
        cmocka_unit_test(divisors_of_zero),
        cmocka_unit_test(without_land_nobody_is_ranked),
        cmocka_unit_test(groups_have_their_own_bases),
        cmocka_unit_test(the_arithmetic_is_told),
        cmocka_unit_test(bases_are_told),
        cmocka_unit_test(absent_columns_are_told),
        cmocka_unit_test(nobody_and_one),
        cmocka_unit_test(errors_of_evaluation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
