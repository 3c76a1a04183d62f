#include "io/writeback.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

#define PAGE ((size_t)16384)
#define MUCH ((size_t)40 * 1024 * 1024) /* more than all batches hold */

static void fill(unsigned char *page, size_t size, size_t number)
{
    for (size_t i = 0; i < size; i++) page[i] = (unsigned char)(number * 31 + i * 7 + i / 251);
}

/* The pages of the file from its `first` on are those that were put. */
static void hold_against(const char *path, size_t page_bytes, size_t first, size_t count)
{
    unsigned char *wanted = malloc(page_bytes), *found = malloc(page_bytes);
    FILE *f = fopen(path, "rb");
    assert_true(f && wanted && found && fseek(f, (long)(first * page_bytes), SEEK_SET) == 0);
    for (size_t i = first; i < first + count; i++) {
        fill(wanted, page_bytes, i);
        assert_int_equal(fread(found, 1, page_bytes, f), page_bytes);
        assert_memory_equal(found, wanted, page_bytes);
    }
    assert_int_equal(fgetc(f), EOF);
    fclose(f);
    free(wanted);
    free(found);
}

/* In the folder of the tests' outputs and in memory: not every file system lets writes go past the cache. */
static void pages_in(const char *folder, size_t page_bytes, size_t first)
{
    char path[64];
    snprintf(path, sizeof path, "%s/panhuo-writeback-XXXXXX", folder);
    int file = mkstemp(path);
    if (file < 0) skip();
    size_t pages = MUCH / page_bytes + 1;
    unsigned char *page = malloc(page_bytes);
    struct ph_writeback *w = ph_writeback_begin(path);
    assert_true(page && w);
    for (size_t i = first; i < first + pages; i++) {
        fill(page, page_bytes, i);
        assert_int_equal(ph_writeback_put(w, i * page_bytes, page, page_bytes), 0);
        if (i == pages * 3 / 4) assert_int_equal(ph_writeback_drain(w), 0);
    }
    assert_int_equal(ph_writeback_drain(w), 0);
    hold_against(path, page_bytes, first, pages);
    assert_int_equal(ph_writeback_end(w), 0);
    hold_against(path, page_bytes, first, pages);
    free(page);
    close(file);
    unlink(path);
}

static void pages(void **state)
{
    (void)state;
    pages_in("/tmp", PAGE, 3);
    pages_in("/tmp", 512, 1); /* its batches do not lie where they could go past the cache */
    pages_in("/tmp", 65536, 0);
}

static void pages_in_memory(void **state)
{
    (void)state;
    pages_in("/dev/shm", PAGE, 3);
}

/* Pages that do not follow one another. */
static void with_gaps(void **state)
{
    (void)state;
    char path[] = "/tmp/panhuo-writeback-XXXXXX";
    int file = mkstemp(path);
    struct ph_writeback *w = ph_writeback_begin(path);
    unsigned char page[PAGE], found[PAGE];
    assert_true(file >= 0 && w);
    for (size_t i = 0; i < 300; i += i % 3 ? 1 : 2) {
        fill(page, PAGE, i);
        assert_int_equal(ph_writeback_put(w, i * PAGE, page, PAGE), 0);
    }
    assert_int_equal(ph_writeback_drain(w), 0);
    for (size_t i = 0; i < 300; i += i % 3 ? 1 : 2) {
        fill(page, PAGE, i);
        assert_int_equal(pread(file, found, PAGE, (off_t)(i * PAGE)), PAGE);
        assert_memory_equal(found, page, PAGE);
    }
    assert_int_equal(ph_writeback_end(w), 0);
    close(file);
    unlink(path);
}

static void a_refusal_is_told(void **state)
{
    (void)state;
    static unsigned char page[PAGE];
    struct ph_writeback *w = ph_writeback_begin("/dev/full");
    assert_non_null(w);
    int failure = 0;
    for (size_t i = 0; i < MUCH / PAGE && failure == 0; i++) failure = ph_writeback_put(w, i * PAGE, page, PAGE);
    assert_int_equal(failure, ENOSPC); /* before all of it was put: nobody goes on for long in vain */
    assert_int_equal(ph_writeback_drain(w), ENOSPC);
    assert_int_equal(ph_writeback_end(w), ENOSPC);
}

static void a_refusal_of_little_is_told(void **state)
{
    (void)state;
    static const unsigned char page[PAGE] = {1};
    struct ph_writeback *w = ph_writeback_begin("/dev/full");
    assert_non_null(w);
    assert_int_equal(ph_writeback_put(w, 0, page, PAGE), 0);
    assert_int_equal(ph_writeback_drain(w), ENOSPC);
    assert_int_equal(ph_writeback_end(w), ENOSPC);
}

static void an_end_does_not_wait(void **state)
{
    (void)state;
    char path[] = "/tmp/panhuo-writeback-XXXXXX";
    int file = mkstemp(path);
    static const unsigned char page[PAGE] = {1};
    struct ph_writeback *w = ph_writeback_begin(path);
    assert_true(file >= 0 && w);
    assert_int_equal(ph_writeback_put(w, 0, page, PAGE), 0);
    assert_int_equal(ph_writeback_end(w), 0);
    struct stat facts;
    assert_int_equal(fstat(file, &facts), 0);
    assert_int_equal(facts.st_size, 0);
    close(file);
    unlink(path);
}

static void no_file(void **state)
{
    (void)state;
    assert_null(ph_writeback_begin("/nowhere/at/all"));
    assert_int_equal(ph_writeback_end(NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pages),
                                       cmocka_unit_test(pages_in_memory),
                                       cmocka_unit_test(with_gaps),
                                       cmocka_unit_test(a_refusal_is_told),
                                       cmocka_unit_test(a_refusal_of_little_is_told),
                                       cmocka_unit_test(an_end_does_not_wait),
                                       cmocka_unit_test(no_file)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
