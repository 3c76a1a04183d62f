#include "model/table.h"

#include <string.h>

#include "test.h"

static void each_type_starts_unknown(void **state)
{
    (void)state;
    static const enum ph_type types[] = {PH_TEXT, PH_REAL, PH_INT, PH_DATE};
    struct ph_table table = {0};
    for (size_t t = 0; t < 4; t++) assert_int_equal(ph_table_add_column(&table, "c", "列", types[t], NULL, NULL), PH_OK);
    assert_int_equal(ph_table_add_rows(&table, 3, NULL), PH_OK);
    for (size_t t = 0; t < 4; t++)
        for (size_t row = 0; row < 3; row++) assert_false(ph_column_known(&table.columns[t], row));
    ph_table_dispose(&table);
}

static void zero_and_empty_text_are_known(void **state)
{
    (void)state;
    struct ph_table table = {0};
    size_t text, real, integer, date;
    assert_int_equal(ph_table_add_column(&table, "a", NULL, PH_TEXT, &text, NULL), PH_OK);
    assert_int_equal(ph_table_add_column(&table, "b", NULL, PH_REAL, &real, NULL), PH_OK);
    assert_int_equal(ph_table_add_column(&table, "c", NULL, PH_INT, &integer, NULL), PH_OK);
    assert_int_equal(ph_table_add_column(&table, "d", NULL, PH_DATE, &date, NULL), PH_OK);
    assert_int_equal(ph_table_add_rows(&table, 1, NULL), PH_OK);
    table.columns[text].text[0] = "";
    table.columns[real].real[0] = 0.0;
    table.columns[integer].integer[0] = 0;
    table.columns[date].date[0] = 0; /* 1970-01-01 */
    for (size_t c = 0; c < 4; c++) assert_true(ph_column_known(&table.columns[c], 0));
    ph_table_dispose(&table);
}

static void a_column_added_late_is_unknown_in_all_rows(void **state)
{
    (void)state;
    struct ph_table table = {0};
    size_t late;
    assert_int_equal(ph_table_add_rows(&table, 2000, NULL), PH_OK);
    assert_int_equal(ph_table_add_column(&table, "late", NULL, PH_REAL, &late, NULL), PH_OK);
    assert_int_equal(ph_table_add_rows(&table, 3000, NULL), PH_OK);
    for (size_t row = 0; row < 5000; row++) assert_false(ph_column_known(&table.columns[late], row));
    ph_table_dispose(&table);
}

static void values_survive_growth(void **state)
{
    (void)state;
    struct ph_table table = {0};
    size_t number, text;
    assert_int_equal(ph_table_add_column(&table, "number", NULL, PH_INT, &number, NULL), PH_OK);
    assert_int_equal(ph_table_add_column(&table, "text", NULL, PH_TEXT, &text, NULL), PH_OK);
    for (size_t row = 0; row < 10000; row++) {
        assert_int_equal(ph_table_add_rows(&table, 1, NULL), PH_OK);
        table.columns[number].integer[row] = (int64_t)row;
        table.columns[text].text[row] = ph_table_text(&table, "宗地代码", strlen("宗地"));
    }
    assert_int_equal(table.rows, 10000);
    for (size_t row = 0; row < 10000; row++) {
        assert_int_equal(table.columns[number].integer[row], (int64_t)row);
        assert_string_equal(table.columns[text].text[row], "宗地");
    }
    ph_table_dispose(&table);
}

static void more_columns_than_the_first_block(void **state)
{
    (void)state;
    struct ph_table table = {0};
    char name[] = "c000";
    for (int c = 0; c < 500; c++) {
        size_t index;
        name[1] = (char)('0' + c / 100);
        name[2] = (char)('0' + c / 10 % 10);
        name[3] = (char)('0' + c % 10);
        assert_int_equal(ph_table_add_column(&table, name, NULL, PH_DATE, &index, NULL), PH_OK);
        assert_int_equal(index, c);
    }
    assert_int_equal(ph_table_find(&table, "c499"), 499);
    assert_string_equal(table.columns[7].name, "c007"); /* a copy: the caller's buffer has changed since */
    ph_table_dispose(&table);
}

static void names_are_found_without_regard_to_ascii_case(void **state)
{
    (void)state;
    struct ph_table table = {0};
    assert_int_equal(ph_table_add_column(&table, "Parcel_ID", "宗地代码", PH_TEXT, NULL, NULL), PH_OK);
    assert_int_equal(ph_table_add_column(&table, "用途", NULL, PH_TEXT, NULL, NULL), PH_OK);
    assert_int_equal(ph_table_find(&table, "parcel_id"), 0);
    assert_int_equal(ph_table_find(&table, "用途"), 1);
    assert_true(ph_table_find(&table, "parcel") == SIZE_MAX);
    assert_string_equal(table.columns[0].title, "宗地代码");
    assert_null(table.columns[1].title);
    ph_table_dispose(&table);
}

static void rows_beyond_memory_are_an_error(void **state)
{
    (void)state;
    struct ph_table table = {0};
    struct ph_error err = PH_ERROR_INIT;
    assert_int_equal(ph_table_add_column(&table, "a", NULL, PH_REAL, NULL, NULL), PH_OK);
    assert_int_equal(ph_table_add_rows(&table, 1, NULL), PH_OK);
    assert_int_equal(ph_table_add_rows(&table, SIZE_MAX, &err), PH_E_MEMORY);
    assert_int_equal(ph_table_add_rows(&table, SIZE_MAX / 4, &err), PH_E_MEMORY);
    assert_int_equal(err.status, PH_E_MEMORY);
    assert_int_equal(table.rows, 1);
    ph_table_dispose(&table);
}

static void disposed_tables_are_empty_and_usable(void **state)
{
    (void)state;
    struct ph_table table = {0};
    for (int round = 0; round < 2; round++) {
        assert_int_equal(ph_table_add_column(&table, "a", NULL, PH_TEXT, NULL, NULL), PH_OK);
        assert_int_equal(ph_table_add_rows(&table, 10, NULL), PH_OK);
        ph_table_dispose(&table);
        assert_int_equal(table.rows, 0);
        assert_int_equal(table.column_count, 0);
        assert_null(table.columns);
    }
}

static void arena_blocks_are_aligned_and_apart(void **state)
{
    (void)state;
    /* Around the block size of 256 KiB and its quarter, from which a piece gets a block of its own. */
    static const size_t sizes[] = {0, 1, 7, 16, 4095, 65535, 65536, 65537, 262143, 262144, 262145, 1, 3, 1048576, 5};
    enum { COUNT = sizeof sizes / sizeof *sizes };
    struct ph_arena arena = {0};
    unsigned char *pieces[COUNT];
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < COUNT; i++) {
            pieces[i] = ph_arena_alloc(&arena, sizes[i]);
            assert_non_null(pieces[i]);
            assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
            memset(pieces[i], (int)i + 1, sizes[i]);
        }
        for (size_t i = 0; i < COUNT; i++)
            for (size_t at = 0; at < sizes[i]; at += 97) assert_int_equal(pieces[i][at], i + 1);
        ph_arena_dispose(&arena);
    }
}

static void arena_texts_are_cut_and_terminated(void **state)
{
    (void)state;
    struct ph_arena arena = {0};
    const char *head = ph_arena_text(&arena, "衡阳高新区", strlen("衡阳"));
    const char *none = ph_arena_text(&arena, "", 0);
    assert_string_equal(head, "衡阳");
    assert_string_equal(none, "");
    assert_true(head != none);
    ph_arena_dispose(&arena);
}

static void arena_refuses_sizes_that_overflow(void **state)
{
    (void)state;
    struct ph_arena arena = {0};
    assert_null(ph_arena_alloc(&arena, SIZE_MAX));
    assert_null(ph_arena_alloc(&arena, SIZE_MAX - 8));
    assert_null(ph_arena_text(&arena, "", SIZE_MAX));
    assert_non_null(ph_arena_alloc(&arena, 1));
    ph_arena_dispose(&arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_starts_unknown),
        cmocka_unit_test(zero_and_empty_text_are_known),
        cmocka_unit_test(a_column_added_late_is_unknown_in_all_rows),
        cmocka_unit_test(values_survive_growth),
        cmocka_unit_test(more_columns_than_the_first_block),
        cmocka_unit_test(names_are_found_without_regard_to_ascii_case),
        cmocka_unit_test(rows_beyond_memory_are_an_error),
        cmocka_unit_test(disposed_tables_are_empty_and_usable),
        cmocka_unit_test(arena_blocks_are_aligned_and_apart),
        cmocka_unit_test(arena_texts_are_cut_and_terminated),
        cmocka_unit_test(arena_refuses_sizes_that_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
