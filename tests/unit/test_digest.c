#include "base/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

/* FIPS 180-2, appendix B, and the million a's of appendix B.3. */
static void known_answers(void **state)
{
    (void)state;
    static const struct {
        const char *text, *hex;
    } rows[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    char hex[65];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(ph_digest_bytes(rows[i].text, strlen(rows[i].text), hex, NULL), PH_OK);
        assert_string_equal(hex, rows[i].hex);
    }
}

static void a_file_longer_than_one_read(void **state)
{
    (void)state;
    enum { LENGTH = 1000000 };
    char path[] = "/tmp/panhuo-digest-XXXXXX", from_file[65], from_bytes[65];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    char *text = malloc(LENGTH);
    assert_non_null(text);
    memset(text, 'a', LENGTH);
    assert_int_equal(write(fd, text, LENGTH), LENGTH);
    close(fd);
    assert_int_equal(ph_digest_file(path, from_file, NULL), PH_OK);
    assert_string_equal(from_file, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    assert_int_equal(ph_digest_bytes(text, LENGTH, from_bytes, NULL), PH_OK);
    assert_string_equal(from_file, from_bytes);
    free(text);
    unlink(path);
}

static void what_cannot_be_read_is_told(void **state)
{
    (void)state;
    char hex[65];
    static const char *const paths[] = {"/tmp/没有这个文件.shp", "/tmp"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct ph_error err = PH_ERROR_INIT;
        assert_int_equal(ph_digest_file(paths[i], hex, &err), PH_E_INPUT);
        assert_int_equal(err.status, PH_E_INPUT);
        assert_string_equal(err.file, paths[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(a_file_longer_than_one_read),
        cmocka_unit_test(what_cannot_be_read_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
