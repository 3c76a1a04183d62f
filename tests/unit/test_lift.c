#include "test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "rules/lift.h"
#include "scored.h"

#define CLASSES                                                                                                              \
    "classes:\n  by: share\n  list:\n    - {id: A, upto: 0.2}\n    - {id: B, upto: 0.75}\n    - {id: C, upto: 0.95}\n    - " \
    "{id: D}\n"
#define GROUP "groups:\n  - id: all\n    title: 全部\n    when: \"1\"\n    indicators:\n"
#define INDICATOR(id, value, weight, more) \
    "      - {id: " id ", title: " id ", value: \"" value "\", weight: " weight ", " more "}\n"

/* Numbers that only look random. */
static uint64_t next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

static const char *const schemes[] = {
    /* fixed bases */
    CLASSES GROUP INDICATOR("tax", "tax / land_mu", "40", "base: 10") INDICATOR("rev", "revenue / land_mu", "60", "base: 90"),
    /* bases of the roster, caps */
    CLASSES GROUP INDICATOR("tax", "tax / land_mu", "40", "base: mean, cap: 1.5x")
        INDICATOR("rev", "revenue / land_mu", "30", "base: weighted_mean, cap: 2x")
            INDICATOR("rd", "rd / land_mu", "30", "base: max, missing: zero"),
    /* less is better; missing cells get the mean */
    CLASSES GROUP INDICATOR("tax", "tax / land_mu", "50", "base: {kind: median, times: 2}")
        INDICATOR("en", "energy / revenue", "30", "formula: linear_drop, base: weighted_mean, missing: group_mean, cap: 1.5x")
            INDICATOR("em", "emission / revenue", "20", "formula: reciprocal, base: mean, missing: group_mean, cap: 1.5x"),
    /* min–max, and revenue that helps one and harms the other */
    CLASSES GROUP INDICATOR("rev", "revenue / land_mu", "50", "formula: minmax, floor_share: 0.2")
        INDICATOR("rd", "rd / revenue", "30", "base: mean, missing: group_mean")
            INDICATOR("en", "energy / land_mu", "20", "formula: minmax, direction: down, missing: penalty 3"),
    /* by score */
    "classes:\n  by: score\n  list:\n    - {id: A, from: 110}\n    - {id: B, from: 80}\n    - {id: C, from: 50}\n    - {id: "
    "D}\n" GROUP INDICATOR("tax", "tax / land_mu", "60", "base: mean, cap: 1.5x")
        INDICATOR("te", "tax / energy", "40", "base: mean, missing: zero"),
    /* by an indicator */
    "classes:\n  by: value\n  of: tax\n  list:\n    - {id: A, from: 14}\n    - {id: B, from: 7}\n    - {id: C}\n" GROUP INDICATOR(
        "tax", "tax / land_mu", "60", "base: mean") INDICATOR("rev", "revenue / land_mu", "40", "base: mean"),
    /* groups by land; clauses */
    CLASSES "bonus:\n  - {title: 加分, points: bonus}\n  - {title: 缴税大户, points: \"iif(tax > 300, 5, 0)\"}\n"
            "veto:\n  - {title: 否决, when: \"veto IS NOT NULL\", at_best: C}\n"
            "adjust:\n  - {title: 调档, to: adjust}\n"
            "new:\n  - {title: 新办, when: \"add_years(founded, 3) > as_of\", at_worst: C}\n"
            "groups:\n  - id: big\n    title: 大\n    when: \"land_mu >= 8\"\n    indicators:\n" INDICATOR("tax", "tax / land_mu",
                                                                                                           "70", "base: mean")
                INDICATOR("rev", "revenue / land_mu", "30",
                          "base: {kind: mean, over: all}") "  - id: small\n    title: 小\n    when: \"1\"\n    "
                                                           "indicators:\n" INDICATOR("tax", "tax / land_mu", "100",
                                                                                     "base: {kind: weighted_mean, times: 2}, "
                                                                                     "cap: 130, floor: 5"),
    /* losses that count */
    CLASSES GROUP INDICATOR("p", "profit / land_mu", "50", "base: mean, floor: null")
        INDICATOR("t", "tax / land_mu", "50", "base: mean"),
};

static void fill(struct scored_table *t, size_t rows, uint64_t *seed)
{
    static const struct {
        const char *name;
        double most;
        unsigned missing; /* in a thousand */
    } columns[] = {{"tax", 400, 30},      {"revenue", 4000, 20}, {"rd", 100, 100},    {"energy", 500, 150},
                   {"emission", 30, 150}, {"profit", 200, 0},    {"land_mu", 30, 20}, {"bonus", 10, 800}};
    scored_table_start(t, "tax revenue rd energy emission profit land_mu land_m2 bonus veto adjust founded", rows);
    for (size_t row = 0; row < rows; row++) {
        for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
            double v = columns[c].most * (double)(next(seed) % 10000) / 10000;
            if (next(seed) % 4 == 0) v = ceil(v / columns[c].most * 4) * columns[c].most / 4; /* ties, zeros */
            if (strcmp(columns[c].name, "profit") == 0) v -= 80;
            if (next(seed) % 1000 >= columns[c].missing) scored_number(t, row, columns[c].name, v);
        }
        static const char *const adjustments[] = {"+1", "-1", "B", "D"};
        struct ph_value land = *scored_cell(t, row, "land_mu");
        if (land.kind == PH_VALUE_REAL) scored_number(t, row, "land_m2", land.real * (2000.0 / 3));
        if (next(seed) % 10 == 0) *scored_cell(t, row, "veto") = (struct ph_value){.kind = PH_VALUE_TEXT, .text = "事故"};
        if (next(seed) % 6 == 0)
            *scored_cell(t, row, "adjust") = (struct ph_value){.kind = PH_VALUE_TEXT, .text = adjustments[next(seed) % 4]};
        bool young = next(seed) % 8 == 0;
        *scored_cell(t, row, "founded") = (struct ph_value){.kind = PH_VALUE_TEXT, .text = young ? "2022-05-01" : "2010-05-01"};
    }
}

/* The row's class when its column is x, everything worked out anew. */
static char grade_at(const struct ph_scheme *scheme, struct scored_table *t, size_t row, size_t variable, double x)
{
    struct ph_value was = t->cells[row][variable], land = *scored_cell(t, row, "land_m2");
    t->cells[row][variable] = (struct ph_value){.kind = PH_VALUE_REAL, .real = x};
    if (strcmp(t->variables[variable].name, "land_mu") == 0) scored_number(t, row, "land_m2", x * (2000.0 / 3));
    struct ph_scoring *s = scored_run(scheme, t);
    char grade = ph_scoring_row(s, row)->grade;
    ph_scoring_free(s);
    t->cells[row][variable] = was;
    *scored_cell(t, row, "land_m2") = land;
    return grade;
}

/* So many steps back from a value, as it reads in decimals. */
static double steps_from(double x, double step, double steps)
{
    double in_one = rint(1 / step), whole = rint(x * in_one);
    if (fabs(x * in_one - whole) > 1e-6) whole = x * in_one;
    return (whole + steps) / in_one;
}

static void check(size_t which, const struct ph_scheme *scheme, struct scored_table *t, const struct ph_scoring *s,
                  const struct ph_lifts *lifts, size_t row, size_t indicator, unsigned *counts, uint64_t *seed)
{
    struct ph_lift lift;
    ph_lifts_get(lifts, row, indicator, &lift);
    counts[lift.kind]++;
    char now = ph_scoring_row(s, row)->grade;
    double sign = lift.to > lift.now ? 1 : -1;
    if (lift.kind == PH_LIFT_FOUND) {
        char there = grade_at(scheme, t, row, lift.variable, lift.to);
        char short_of = grade_at(scheme, t, row, lift.variable, steps_from(lift.to, lift.step, -sign));
        if (there != lift.grade || there >= now)
            fail_msg("scheme %zu row %zu indicator %zd: %.10g to %.10g gives %c, not %c", which, row, (ssize_t)indicator,
                     lift.now, lift.to, there, lift.grade);
        if (short_of != 'T' && short_of < now)
            fail_msg("scheme %zu row %zu indicator %zd: %.10g to %.10g is more than needed", which, row, (ssize_t)indicator,
                     lift.now, lift.to);
    }
    if (lift.kind != PH_LIFT_FOUND && lift.kind != PH_LIFT_OUT_OF_REACH) return;
    if (isnan(lift.to)) return;
    /* Nothing in between does either. */
    for (int i = 0; i < 3; i++) {
        double steps = floor(fabs(lift.to - lift.now) / lift.step * (double)(next(seed) % 1000) / 1000);
        char grade = grade_at(scheme, t, row, lift.variable, steps_from(lift.now, lift.step, sign * steps));
        if (grade != 'T' && grade < now)
            fail_msg("scheme %zu row %zu indicator %zd: %.10g does, %.10g was found (kind %d)", which, row, (ssize_t)indicator,
                     steps_from(lift.now, lift.step, sign * steps), lift.to, (int)lift.kind);
    }
}

static void lifts_hold_when_all_is_worked_out_anew(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 3, 5, 8, 13, 21, 40};
    static struct scored_table t;
    unsigned counts[16] = {0};
    uint64_t seed = 7;
    for (size_t which = 0; which < sizeof schemes / sizeof *schemes; which++) {
        struct ph_scheme *scheme = scored_scheme(schemes[which]);
        for (size_t k = 0; k < 3 * sizeof sizes / sizeof *sizes; k++) {
            fill(&t, sizes[k % (sizeof sizes / sizeof *sizes)], &seed);
            struct ph_scoring *s = scored_run(scheme, &t);
            struct ph_lifts *lifts = NULL;
            struct ph_error err = PH_ERROR_INIT;
            assert_int_equal(ph_lifts_find(s, 1, NULL, &lifts, &err), PH_OK);
            for (size_t row = 0; row < t.roster.rows; row++) {
                size_t terms = ph_scoring_term_count(s, row);
                for (size_t i = 0; i < terms; i++) check(which, scheme, &t, s, lifts, row, i, counts, &seed);
                if (terms) check(which, scheme, &t, s, lifts, row, PH_LIFT_LAND, counts, &seed);
            }
            ph_lifts_free(lifts);
            ph_scoring_free(s);
        }
        ph_scheme_free(scheme);
    }
    assert_true(counts[PH_LIFT_FOUND] > 1000);
}

#define BY_SCORE "classes:\n  by: score\n  list: [{id: A, from: 60}, {id: B, from: 30}, {id: C}]\n"
#define TAX "      - {id: tax, title: 亩均税收, unit: 万元/亩, value: \"tax / land_mu\", weight: 40, base: 10, cap: 50}\n"

/* One enterprise, its first indicator and its land, by hand. */
static const struct {
    const char *scheme, *table, *indicator, *land;
} by_hand[] = {
    /* 100 ÷ 10 ÷ 10 × 40 + 15 = 55; 5 points more are 1.25 万元/亩: 112.50 万元, or 100 ÷ 11.25 = 8.888… mu */
    {BY_SCORE "bonus:\n  - {title: 加, points: bonus}\n" GROUP TAX, "tax land_mu bonus\n100 10 15\n",
     "税收增加12.50万元到112.50万元,可达A档", "用地减少1.12亩到8.88亩,可达A档"},
    /* a cell below 10 is counted in finer steps: 7.5 ÷ 10 ÷ 10 × 40 = 3; 30 points take 75 */
    {BY_SCORE GROUP TAX, "tax land_mu\n7.5 10\n", "税收增加67.500万元到75.000万元,可达B档", "用地减少9.00亩到1.00亩,可达B档"},
    /* the cap of 50 is below 60 */
    {BY_SCORE GROUP TAX, "tax land_mu\n100 10\n", "单靠这一项升不了档",
     "单靠这一项升不了档"},
    {BY_SCORE "bonus:\n  - {title: 加, points: bonus}\n" GROUP TAX, "tax land_mu bonus\n100 10 40\n", "已在最好一档",
     "已在最好一档"},
    {BY_SCORE "veto:\n  - {title: 否, when: veto, at_best: C}\n" GROUP TAX, "tax land_mu veto\n100 10 1\n",
     "受一票否决或调档限制,得分再高也不升档", "受一票否决或调档限制,得分再高也不升档"},
    /* one class down whatever the score: B needs what A takes, which the cap forbids */
    {BY_SCORE "adjust:\n  - {title: 调, to: adjust}\n" GROUP TAX, "tax land_mu adjust\n100 10 -1\n",
     "单靠这一项升不了档", "单靠这一项升不了档"},
    {BY_SCORE GROUP "      - {id: x, title: 甲, value: \"abs(tax) / land_mu\", weight: 40, base: 10}\n",
     "tax land_mu\n10 10\n", "不是单独一列的增减,不试算", "用地减少8.67亩到1.33亩,可达B档"},
    {BY_SCORE GROUP "      - {id: x, title: 甲, value: rd, weight: 40, base: 10, missing: group_mean}\n" TAX,
     "tax land_mu rd\n80 10 -\n", "缺数据,先补：研发投入", "单靠这一项升不了档"},
    {BY_SCORE GROUP "      - {id: x, title: 甲, value: rd, weight: 40, base: 10}\n", "rd land_mu\n5 10\n",
     "研发投入增加2.500到7.500,可达B档", "不是单独一列的增减,不试算"},
    /* 1.34 mu would do, but less than 3 is another group */
    {BY_SCORE "groups:\n  - id: big\n    title: 大\n    when: \"land_mu >= 3\"\n    indicators:\n" TAX
              "  - id: small\n    title: 小\n    when: \"1\"\n    indicators:\n" TAX,
     "tax land_mu\n10 10\n", "税收增加65.00万元到75.00万元,可达B档", "用地减少8.67亩到1.33亩,将改变分组或退出评价"},
    {BY_SCORE "bonus:\n  - {title: 大户, points: \"iif(tax > 70, 5, 0)\"}\n" GROUP TAX, "tax land_mu\n10 10\n",
     "税收增加65.00万元到75.00万元,将触动方案中的其他条件(加分、调档、否决),不试算", "用地减少8.67亩到1.33亩,可达B档"},
    /* the same bonus, of everybody, and one that turns on a column which the inputs lack and a cut in land sets */
    {BY_SCORE "bonus:\n  - {title: 加, points: 15}\n" GROUP TAX, "tax land_mu\n100 10\n",
     "税收增加12.50万元到112.50万元,可达A档", "用地减少1.12亩到8.88亩,可达A档"},
    {BY_SCORE "bonus:\n  - {title: 小, points: \"iif(land_m2 < 5000, 5, 0)\"}\n" GROUP TAX, "tax land_mu\n10 10\n",
     "税收增加65.00万元到75.00万元,可达B档", "用地减少8.67亩到1.33亩,将触动方案中的其他条件(加分、调档、否决),不试算"},
    /* the best 20 % of one are nobody */
    {CLASSES GROUP TAX, "tax land_mu\n10 10\n", "单靠这一项升不了档", "单靠这一项升不了档"},
};

static void lifts_by_hand(void **state)
{
    (void)state;
    static struct scored_table t;
    struct ph_text text;
    ph_text_init(&text, 4096);
    for (size_t i = 0; i < sizeof by_hand / sizeof *by_hand; i++) {
        struct ph_scheme *scheme = scored_scheme(by_hand[i].scheme);
        scored_table_read(&t, by_hand[i].table);
        struct ph_scoring *s = scored_run(scheme, &t);
        struct ph_lifts *lifts = NULL;
        assert_int_equal(ph_lifts_find(s, 1, NULL, &lifts, NULL), PH_OK);
        ph_text_clear(&text);
        ph_lift_text(lifts, 0, 0, &text);
        if (strcmp(ph_text_get(&text), by_hand[i].indicator) != 0) fail_msg("%zu: %s", i, ph_text_get(&text));
        ph_text_clear(&text);
        ph_lift_text(lifts, 0, PH_LIFT_LAND, &text);
        if (strcmp(ph_text_get(&text), by_hand[i].land) != 0) fail_msg("%zu, land: %s", i, ph_text_get(&text));
        ph_lifts_free(lifts);
        ph_scoring_free(s);
        ph_scheme_free(scheme);
    }
    ph_text_dispose(&text);
}

static void lifts_are_summed_up(void **state)
{
    (void)state;
    static const struct {
        const char *table, *wanted;
    } rows[] = {
        {"tax land_mu revenue\n150 10 0\n", "单项即可升档：营业收入增加5.00到5.00,可达A档"},
        {"tax land_mu revenue\n10 10 1\n", "单项即可升档：税收增加60.00万元到70.00万元,可达B档；用地减少8.58亩到1.42亩,可达B档"},
        {"tax land_mu revenue\n80 10 0\n", "单靠任何一项都升不了档"},
        {"tax land_mu revenue\n1000 10 100\n", ""},
        {"tax land_mu revenue\n- 10 100\n", ""}};
    struct ph_scheme *scheme =
        scored_scheme(BY_SCORE GROUP TAX "      - {id: r, title: 营收, value: revenue, weight: 20, base: 10, cap: 20}\n");
    static struct scored_table t;
    struct ph_text text;
    ph_text_init(&text, 4096);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        scored_table_read(&t, rows[i].table);
        struct ph_scoring *s = scored_run(scheme, &t);
        struct ph_lifts *lifts = NULL;
        assert_int_equal(ph_lifts_find(s, 1, NULL, &lifts, NULL), PH_OK);
        ph_text_clear(&text);
        ph_lift_summary(lifts, 0, &text);
        if (strcmp(ph_text_get(&text), rows[i].wanted) != 0) fail_msg("%zu: %s", i, ph_text_get(&text));
        ph_lifts_free(lifts);
        ph_scoring_free(s);
    }
    ph_text_dispose(&text);
    ph_scheme_free(scheme);
}

static int stop(void *payload, enum ph_stage stage, double done)
{
    (void)payload, (void)stage, (void)done;
    return 1;
}

static void may_be_stopped(void **state)
{
    (void)state;
    static struct scored_table t;
    scored_table_read(&t, "tax land_mu\n10 10\n");
    struct ph_scheme *scheme = scored_scheme(BY_SCORE GROUP TAX);
    struct ph_scoring *s = scored_run(scheme, &t);
    struct ph_lifts *lifts = NULL;
    assert_int_equal(ph_lifts_find(s, 2, &(struct ph_progress){stop, NULL}, &lifts, NULL), PH_E_CANCELLED);
    assert_null(lifts);
    ph_scoring_free(s);
    ph_scheme_free(scheme);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lifts_hold_when_all_is_worked_out_anew),
        cmocka_unit_test(lifts_by_hand),
        cmocka_unit_test(lifts_are_summed_up),
        cmocka_unit_test(may_be_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
