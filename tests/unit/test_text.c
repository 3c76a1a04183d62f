#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static void assert_str(struct ph_str got, const char *want)
{
    assert_int_equal(got.length, strlen(want));
    assert_memory_equal(got.at, want, got.length);
}

static void trims_every_blank(void **state)
{
    (void)state;
    static const struct { struct ph_str in; const char *out; } rows[] = {
        {{"", 0}, ""},
        {{" a b ", 5}, "a b"},
        {{"\t\r\n\v\f", 5}, ""},
        {{"工业\0\0\0", 9}, "工业"},
        {{"　　工业　用地　", 24}, "工业　用地"},
        {{"\xC2\xA0x\xC2\xA0", 5}, "x"},
        {{"\xEF\xBB\xBF" "ZDDM", 7}, "ZDDM"},
        {{" \xE5\xB7 ", 4}, "\xE5\xB7"},
        {{"\x80\x80", 2}, "\x80\x80"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) assert_str(ph_str_trim(rows[i].in), rows[i].out);
}

static void utf8_is_strict(void **state)
{
    (void)state;
    static const struct { const char *text; enum ph_utf8 read; size_t length; uint32_t code; } rows[] = {
        {"a", PH_UTF8_OK, 1, 'a'},
        {"é", PH_UTF8_OK, 2, 0xE9},
        {"亩", PH_UTF8_OK, 3, 0x4EA9},
        {"𠀀", PH_UTF8_OK, 4, 0x20000},
        {"\xF4\x8F\xBF\xBF", PH_UTF8_OK, 4, 0x10FFFF},
        {"\x80", PH_UTF8_BAD, 1, 0xFFFD},
        {"\xC0\x80", PH_UTF8_BAD, 1, 0xFFFD},             /* over-long NUL */
        {"\xC1\xAA\xCD\xA8", PH_UTF8_BAD, 1, 0xFFFD},     /* 联通 in GBK, the Notepad trap */
        {"\xE0\x9F\xBF", PH_UTF8_BAD, 1, 0xFFFD},         /* over-long */
        {"\xED\xA0\x80", PH_UTF8_BAD, 1, 0xFFFD},         /* surrogate */
        {"\xF4\x90\x80\x80", PH_UTF8_BAD, 1, 0xFFFD},     /* beyond U+10FFFF */
        {"\xE4\xBA", PH_UTF8_CUT, 2, 0xFFFD},
        {"\xE4", PH_UTF8_CUT, 1, 0xFFFD},
        {"\xE4\xBA" "a", PH_UTF8_BAD, 2, 0xFFFD},
        {"\xFF", PH_UTF8_BAD, 1, 0xFFFD},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t code;
        size_t length;
        assert_int_equal(ph_utf8_next(ph_str_of(rows[i].text), &code, &length), rows[i].read);
        assert_int_equal(length, rows[i].length);
        assert_int_equal(code, rows[i].code);
        assert_int_equal(ph_utf8_valid(rows[i].text, strlen(rows[i].text)), rows[i].read == PH_UTF8_OK);
    }
}

static void every_code_point_survives(void **state)
{
    (void)state;
    for (uint32_t code = 1; code <= 0x10FFFF; code += code < 0x3000 ? 1 : 61) {
        char bytes[4];
        size_t n = ph_utf8_put(bytes, code), taken;
        uint32_t back;
        assert_int_equal(ph_utf8_next((struct ph_str){bytes, n}, &back, &taken), PH_UTF8_OK);
        assert_int_equal(taken, n);
        assert_int_equal(back, code >= 0xD800 && code <= 0xDFFF ? 0xFFFD : code);
    }
}

static void width_counts_columns(void **state)
{
    (void)state;
    static const struct { const char *text; size_t columns; } rows[] = {
        {"", 0},        {"abc", 3},    {"地块A1", 6}, {"（亩）", 6}, {"㎡", 2}, {"m²", 2}, {"a\xCC\x81", 1},
        {"\xE2\x80\x8B", 0}, {"─│", 2},     {"　", 2},      {"𠀀", 2},      {"\n", 0}, {"\xFF", 1}, {"—", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(ph_utf8_width(rows[i].text, strlen(rows[i].text)), rows[i].columns);
    }
}

static void half_width_forms(void **state)
{
    (void)state;
    char out[32];
    assert_true(ph_str_half_width(PH_STR("ＺＤ－１２（亩）　ｘ"), out, sizeof out));
    assert_string_equal(out, "ZD-12(亩) x");
    assert_true(ph_str_half_width(PH_STR("工业\xFF"), out, sizeof out));
    assert_string_equal(out, "工业\xFF");
    assert_true(ph_str_half_width(PH_STR("abc"), out, 4));
    assert_false(ph_str_half_width(PH_STR("abc"), out, 3));
    assert_string_equal(out, "");
}

static void compares_without_case(void **state)
{
    (void)state;
    assert_int_equal(ph_text_compare_nocase("ZDDM", "zddm"), 0);
    assert_true(ph_text_compare_nocase("a", "B") < 0);
    assert_true(ph_text_compare_nocase("ab", "A") > 0);
    assert_true(ph_text_compare_nocase("z", "亩") < 0);
    assert_true(ph_str_same(PH_STR("Geom"), PH_STR("GEOM")));
    assert_false(ph_str_same(PH_STR("Geom"), PH_STR("GEO")));
    assert_true(ph_str_equal(ph_str_of(NULL), PH_STR("")));
    assert_int_equal(ph_str_after(PH_STR("ab"), 5).length, 0);
}

static void builder_builds(void **state)
{
    (void)state;
    struct ph_text text;
    ph_text_init(&text, 10000);
    assert_string_equal(ph_text_get(&text), "");
    ph_text_addf(&text, "%d%s", 3, "宗");
    ph_text_add_json(&text, PH_STR("a\"\\\n\x01亩\xFF"));
    ph_text_add_xml(&text, PH_STR("<a b='&\">\t\x02\xEF\xBF\xBE"));
    assert_string_equal(ph_text_get(&text), "3宗\"a\\\"\\\\\\n\\u0001亩\xEF\xBF\xBD\""
                                            "&lt;a b=&#39;&amp;&quot;&gt;&#9;\xEF\xBF\xBD\xEF\xBF\xBD");
    char *taken = ph_text_take(&text);
    assert_non_null(taken);
    assert_null(text.at);
    free(taken);
    for (int i = 0; i < 1000; i++) ph_text_add(&text, "0123456789");
    assert_false(text.failed);
    assert_int_equal(text.length, 10000);
    ph_text_dispose(&text);
}

static void builder_failure_sticks(void **state)
{
    (void)state;
    struct ph_text text;
    ph_text_init(&text, 5);
    ph_text_add(&text, "abc");
    ph_text_add(&text, "def");
    assert_true(text.failed);
    ph_text_add(&text, "d");
    assert_string_equal(ph_text_get(&text), "abc");
    assert_null(ph_text_take(&text));
    ph_text_addf(&text, "%s", "abcde");
    assert_false(text.failed);
    ph_text_addf(&text, "%d", 1);
    assert_true(text.failed);
    ph_text_clear(&text);
    char *empty = ph_text_take(&text);
    assert_string_equal(empty, "");
    free(empty);
    ph_text_init(&text, SIZE_MAX); /* no cap at all is refused rather than overflowing */
    ph_text_add(&text, "a");
    assert_true(text.failed);
    ph_text_dispose(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trims_every_blank),        cmocka_unit_test(utf8_is_strict),
        cmocka_unit_test(every_code_point_survives), cmocka_unit_test(width_counts_columns),
        cmocka_unit_test(half_width_forms),         cmocka_unit_test(compares_without_case),
        cmocka_unit_test(builder_builds),           cmocka_unit_test(builder_failure_sticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
