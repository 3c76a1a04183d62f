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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
