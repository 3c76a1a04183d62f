#include "base/index.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

static void values_are_found_again(void **state)
{
    (void)state;
    enum { KEYS = 5000 };
    static char keys[KEYS][24];
    struct ph_index index = {0};
    assert_null(ph_index_get(&index, "0"));
    for (size_t i = 0; i < KEYS; i++) {
        uint64_t *value;
        int added;
        snprintf(keys[i], sizeof keys[i], "430499001001GB%05zu", i);
        assert_int_equal(ph_index_put(&index, keys[i], &value, &added, NULL), PH_OK);
        assert_true(added);
        assert_int_equal(*value, 0);
        *value = i;
    }
    assert_int_equal(index.count, KEYS);
    for (size_t i = 0; i < KEYS; i++) {
        char other[24]; /* by its bytes, not by its address */
        memcpy(other, keys[i], sizeof other);
        assert_non_null(ph_index_get(&index, other));
        assert_int_equal(*ph_index_get(&index, other), i);
    }
    assert_null(ph_index_get(&index, "430499001001GB"));
    ph_index_dispose(&index);
}

static void the_first_stays(void **state)
{
    (void)state;
    struct ph_index index = {0};
    uint64_t *value;
    int added;
    assert_int_equal(ph_index_put(&index, "", &value, &added, NULL), PH_OK);
    *value = UINT64_MAX;
    char empty[] = "";
    assert_int_equal(ph_index_put(&index, empty, &value, &added, NULL), PH_OK);
    assert_false(added);
    assert_true(*value == UINT64_MAX);
    assert_int_equal(index.count, 1);
    assert_null(ph_index_get(&index, "宗地"));
    assert_int_equal(ph_index_put(&index, "宗地", &value, &added, NULL), PH_OK);
    assert_true(added);
    ph_index_dispose(&index);
}

static void disposed_is_empty_and_usable(void **state)
{
    (void)state;
    struct ph_index index = {0};
    uint64_t *value;
    int added;
    for (int round = 0; round < 2; round++) {
        assert_int_equal(ph_index_put(&index, "a", &value, &added, NULL), PH_OK);
        assert_true(added);
        ph_index_dispose(&index);
        assert_int_equal(index.count, 0);
        assert_null(ph_index_get(&index, "a"));
    }
}

static void room_is_made_once(void **state)
{
    (void)state;
    struct ph_index index = {0};
    uint64_t *value;
    int added;
    assert_int_equal(ph_index_put(&index, "a", &value, &added, NULL), PH_OK);
    *value = 7;
    assert_int_equal(ph_index_reserve(&index, 1000, NULL), PH_OK);
    assert_int_equal(*ph_index_get(&index, "a"), 7);
    const struct ph_index_slot *slots = index.slots;
    static char keys[999][8];
    for (size_t i = 0; i < 999; i++) {
        snprintf(keys[i], sizeof keys[i], "%zu", i);
        assert_int_equal(ph_index_put(&index, keys[i], &value, &added, NULL), PH_OK);
    }
    assert_int_equal(index.count, 1000);
    assert_ptr_equal(index.slots, slots);
    assert_int_equal(ph_index_reserve(&index, 1, NULL), PH_OK);
    assert_ptr_equal(index.slots, slots);
    ph_index_dispose(&index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_found_again),
        cmocka_unit_test(the_first_stays),
        cmocka_unit_test(disposed_is_empty_and_usable),
        cmocka_unit_test(room_is_made_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
