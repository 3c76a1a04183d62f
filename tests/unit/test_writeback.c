#include "io/writeback.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define MUCH ((size_t)64 * 1024 * 1024)

/* Long enough for the thread to have been to the disk. */
static void wait_a_little(void)
{
    const struct timespec while_ = {0, 300000000};
    nanosleep(&while_, NULL);
}

static void a_file(void **state)
{
    (void)state;
    char path[] = "/tmp/panhuo-writeback-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    struct ph_writeback *w = ph_writeback_begin(path);
    assert_non_null(w);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(write(file, path, sizeof path), sizeof path);
        ph_writeback_told(w, MUCH / 10);
    }
    assert_int_equal(ph_writeback_end(w), 0);
    close(file);
    unlink(path);
}

/* What cannot be synced stands for a disk that refuses. */
static void a_refusal_is_kept(void **state)
{
    (void)state;
    struct ph_writeback *w = ph_writeback_begin("/dev/null");
    assert_non_null(w);
    ph_writeback_told(w, MUCH);
    wait_a_little();
    assert_int_equal(ph_writeback_end(w), EINVAL);
}

static void little_is_left_for_the_end(void **state)
{
    (void)state;
    struct ph_writeback *w = ph_writeback_begin("/dev/null");
    assert_non_null(w);
    ph_writeback_told(w, 1000);
    wait_a_little();
    assert_int_equal(ph_writeback_end(w), 0);
}

static void no_file(void **state)
{
    (void)state;
    assert_null(ph_writeback_begin("/nowhere/at/all"));
    ph_writeback_told(NULL, MUCH);
    assert_int_equal(ph_writeback_end(NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_file), cmocka_unit_test(a_refusal_is_kept), cmocka_unit_test(little_is_left_for_the_end),
                                       cmocka_unit_test(no_file)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
