#include "audit/line.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "test.h"

#define PIECES 200
#define AHEAD_MOST 64 /* "some dozens" */

/* What the threads are given, and what they have done. */
struct yard {
    size_t bad_piece;    /* that fails; SIZE_MAX: none */
    bool no_tools;       /* for the threads */
    atomic_size_t made[PIECES];
    atomic_size_t begun; /* pieces */
    atomic_size_t tools; /* open */
    atomic_bool wrong;   /* what a thread saw */
};

static enum ph_status open_tools(const void *payload, void **tools, struct ph_error *err)
{
    struct yard *y = (struct yard *)(uintptr_t)payload;
    if (y->no_tools) return ph_fail_memory(err);
    atomic_fetch_add(&y->tools, 1);
    *tools = &y->tools;
    return PH_OK;
}

static void close_tools(void *tools)
{
    atomic_fetch_sub((atomic_size_t *)tools, 1);
}

/* Rows that tell their piece; the longer ones come from the earlier pieces. */
static enum ph_status make(const void *payload, void *tools, size_t index, struct ph_piece *piece, struct ph_error *err)
{
    struct yard *y = (struct yard *)(uintptr_t)payload;
    const struct timespec a_while = {0, 1000 * (long)((index * 37) % 50)};
    if (tools == NULL) y->wrong = true;
    atomic_fetch_add(&y->begun, 1);
    nanosleep(&a_while, NULL);
    for (size_t i = 0; i < PH_PIECE_LAYERS; i++) {
        struct ph_records *r = &piece->rows[i];
        if (r->length || r->count) y->wrong = true; /* memory that was used before is given empty */
        if (r->capacity < PIECES + i) r->bytes = realloc(r->bytes, r->capacity = PIECES + i);
        if (r->bytes == NULL) return ph_fail_memory(err);
        memset(r->bytes, (int)(index + i), r->length = PIECES - index + i);
        r->count = index;
    }
    atomic_fetch_add(&y->made[index], 1);
    return index == y->bad_piece ? ph_fail(err, PH_E_INPUT, "第 %zu 件坏了", "piece %zu is bad", index) : PH_OK;
}

static struct ph_line *start(struct yard *y, int threads)
{
    const struct ph_line_work work = {y, PIECES, open_tools, close_tools, make};
    struct ph_line *line;
    assert_int_equal(ph_line_start(&work, y, threads, &line, NULL), PH_OK);
    return line;
}

static void take_all(int threads, bool no_tools)
{
    struct yard y = {.bad_piece = SIZE_MAX, .no_tools = no_tools};
    struct ph_line *line = start(&y, threads);
    for (size_t i = 0; i < PIECES; i++) {
        struct ph_piece *piece;
        assert_int_equal(ph_line_take(line, i, &piece, NULL), PH_OK);
        for (size_t k = 0; k < PH_PIECE_LAYERS; k++) {
            assert_int_equal(piece->rows[k].count, i);
            assert_int_equal(piece->rows[k].length, PIECES - i + k);
            for (size_t n = 0; n < piece->rows[k].length; n++) assert_int_equal(piece->rows[k].bytes[n], (unsigned char)(i + k));
        }
        ph_line_release(line, i);
    }
    ph_line_end(line);
    for (size_t i = 0; i < PIECES; i++) assert_int_equal(y.made[i], 1);
    assert_int_equal(y.tools, 0);
    assert_false(y.wrong);
}

static void in_order_whoever_makes_them(void **state)
{
    (void)state;
    for (int threads = 1; threads < 8; threads++) take_all(threads, false);
}

static void without_tools_the_caller_does_it(void **state)
{
    (void)state;
    take_all(4, true);
}

static void no_more_ahead_than_there_is_room_for(void **state)
{
    (void)state;
    struct yard y = {.bad_piece = SIZE_MAX};
    struct ph_line *line = start(&y, 3);
    const struct timespec while_ = {0, 100000000};
    struct ph_piece *piece;
    for (size_t i = 0; i < 3; i++) {
        nanosleep(&while_, NULL);
        assert_in_range(y.begun, i + 1, i + AHEAD_MOST);
        assert_int_equal(ph_line_take(line, i, &piece, NULL), PH_OK);
        ph_line_release(line, i);
    }
    ph_line_end(line); /* with pieces made, under way, and not begun */
    assert_true(y.begun < PIECES);
    assert_int_equal(y.tools, 0);
}

static void what_goes_wrong_is_told_where_it_was(void **state)
{
    (void)state;
    struct yard y = {.bad_piece = 70};
    struct ph_line *line = start(&y, 3);
    struct ph_error err = PH_ERROR_INIT;
    struct ph_piece *piece;
    for (size_t i = 0; i < 70; i++) {
        assert_int_equal(ph_line_take(line, i, &piece, &err), PH_OK);
        ph_line_release(line, i);
    }
    assert_int_equal(ph_line_take(line, 70, &piece, &err), PH_E_INPUT);
    assert_string_equal(err.en, "piece 70 is bad");
    assert_int_equal(err.feature, -1);
    ph_line_end(line);
}

static void nothing(void **state)
{
    (void)state;
    ph_line_end(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_order_whoever_makes_them),        cmocka_unit_test(without_tools_the_caller_does_it),
        cmocka_unit_test(no_more_ahead_than_there_is_room_for), cmocka_unit_test(what_goes_wrong_is_told_where_it_was),
        cmocka_unit_test(nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
