/* The radix sort against qsort: random keys of every size, keys that share digits, equal keys, numbers with their signs. */
#include "base/radix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#define MOST ((size_t)3000)

static uint64_t seed = 20260101;

static uint64_t next(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return seed ^ seed >> 29;
}

/* By key, then by place: what a stable sort gives. */
static int by_key_and_row(const void *a, const void *b)
{
    const struct ph_keyed *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static void sorts_as_qsort_does(void **state)
{
    (void)state;
    static struct ph_keyed items[MOST], room[MOST], expected[MOST];
    static const uint64_t masks[] = {0, 3, 0x7ff, 0xffffffff, 0xffe0000000000000, UINT64_MAX, 0xf00000000000000f};
    for (size_t count = 0; count < MOST; count = count * 2 + 1) {
        for (size_t m = 0; m < sizeof masks / sizeof *masks; m++) {
            for (size_t i = 0; i < count; i++) items[i] = (struct ph_keyed){next() & masks[m], (uint32_t)i};
            memcpy(expected, items, sizeof items);
            qsort(expected, count, sizeof *expected, by_key_and_row);
            const struct ph_keyed *sorted = ph_radix_sort(items, room, count);
            assert_true(sorted == items || sorted == room);
            size_t wrong = 0;
            for (size_t i = 0; i < count; i++) wrong += sorted[i].key != expected[i].key || sorted[i].row != expected[i].row;
            assert_int_equal(wrong, 0);
        }
    }
}

static void keys_go_as_their_numbers(void **state)
{
    (void)state;
    static const double ascending[] = {-INFINITY, -1e300, -2, -1.5, -1e-300, 0, 1e-310, 1e-300, 1.5, 2, 1e300, INFINITY};
    for (size_t i = 0; i + 1 < sizeof ascending / sizeof *ascending; i++) assert_true(ph_radix_key(ascending[i]) < ph_radix_key(ascending[i + 1]));
    assert_true(ph_radix_key(-0.0) == ph_radix_key(0.0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sorts_as_qsort_does), cmocka_unit_test(keys_go_as_their_numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
