#include "base/apportion.h"

#include "test.h"

static void parts_worked_by_hand(void **state)
{
    (void)state;
    static const struct {
        int64_t total, weights[4], parts[4];
    } rows[] = {
        {10000, {1, 1, 1}, {3334, 3333, 3333}},           /* ties go to the first */
        {10, {1, 2, 3, 4}, {1, 2, 3, 4}},
        {100, {333, 333, 334}, {33, 33, 34}},             /* 33.3 33.3 33.4 */
        {7, {50, 30, 20}, {4, 2, 1}},                     /* 3.5 2.1 1.4 */
        {1, {0, 1, 1}, {0, 1, 0}},
        {0, {1, 5}, {0, 0}},
        {1000000000000, {INT64_MAX / 2, INT64_MAX / 2}, {500000000000, 500000000000}},
        {999999999999, {3, 0, 6}, {333333333333, 0, 666666666666}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t parts[4];
        assert_int_equal(ph_apportion(rows[i].total, rows[i].weights, 4, parts, NULL), PH_OK);
        for (size_t k = 0; k < 4; k++)
            if (parts[k] != rows[i].parts[k]) fail_msg("row %zu, part %zu: %lld", i, k, (long long)parts[k]);
    }
}

/* The parts add up, and none is further than one from its quota. */
static void parts_of_any_total(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int turn = 0; turn < 20000; turn++) {
        int64_t weights[9], parts[9], sum = 0, weight = 0;
        for (size_t i = 0; i < 9; i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
            weights[i] = (int64_t)(seed >> (34 + seed % 24));
            weight += weights[i];
        }
        int64_t total = (int64_t)(seed >> 30);
        weights[turn % 9]++;
        weight++;
        assert_int_equal(ph_apportion(total, weights, 9, parts, NULL), PH_OK);
        for (size_t i = 0; i < 9; i++) {
            double quota = (double)total * ((double)weights[i] / (double)weight);
            sum += parts[i];
            assert_true((double)parts[i] > quota - 1.001 && (double)parts[i] < quota + 1.001);
        }
        assert_true(sum == total);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(parts_worked_by_hand), cmocka_unit_test(parts_of_any_total)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
