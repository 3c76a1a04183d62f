#include "test.h"

#include <float.h>
#include <math.h>

#include "base/exact_sum.h"

static double sum_of(const double *v, size_t count)
{
    struct ph_exact_sum sum = {{0}};
    for (size_t i = 0; i < count; i++) ph_exact_add(&sum, v[i]);
    return ph_exact_get(&sum);
}

static void sums_are_rounded_once(void **state)
{
    (void)state;
    static const struct {
        double v[6], wanted;
    } rows[] = {
        {{0}, 0},
        {{1, 2, 3}, 6},
        {{0.1, 0.2, 0.3}, 0.6}, /* 0.6000000000000001 when added one by one */
        {{1e16, 1, -1e16}, 1},
        {{1e308, 1, -1e308, 1e-308}, 1},
        {{-0.1, -0.2, -0.3}, -0.6},
        {{1, 0x1p-53}, 1},               /* half a unit in the last place: to even */
        {{1, 0x1p-53, 0x1p-1074}, 1 + 0x1p-52}, /* a trace more than half */
        {{1 + 0x1p-52, 0x1p-53}, 1 + 0x1p-51},
        {{0x1p-1074, 0x1p-1074}, 0x1p-1073},
        {{DBL_MAX, -DBL_MAX, 3}, 3},
        {{DBL_MAX, DBL_MAX}, INFINITY},
        {{5, -5}, 0},
        {{-1, 0x1p-60}, -1},
        {{2251799813685248.5, -2251799813685248}, 0.5},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double got = sum_of(rows[i].v, 6);
        if (!(got == rows[i].wanted)) fail_msg("row %zu: %a", i, got);
    }
}

/* Against whole numbers: with n/1024 everything fits a 64-bit integer. */
static void order_does_not_matter(void **state)
{
    (void)state;
    enum { N = 1000 };
    static double v[N];
    uint64_t seed = 42;
    int64_t whole = 0;
    for (size_t i = 0; i < N; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        int64_t n = (int64_t)(seed >> 20) - ((int64_t)1 << 43);
        whole += n;
        v[i] = (double)n / 1024;
    }
    double forth = sum_of(v, N);
    assert_true(forth == (double)whole / 1024);
    for (size_t i = 0; i < N / 2; i++) {
        double t = v[i];
        v[i] = v[N - 1 - i];
        v[N - 1 - i] = t;
    }
    assert_true(sum_of(v, N) == forth);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sums_are_rounded_once), cmocka_unit_test(order_does_not_matter)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
