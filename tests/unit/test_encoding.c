#include "test.h"

#include <string.h>

#include "base/decoder.h"
#include "base/encoding.h"

#define SAMPLE(bytes) {bytes, sizeof(bytes) - 1}

/* 宗地代码 企业名称, 衡阳市蒸湘区工业大道12号, 堃镕机械 (two characters beyond GB 2312) */
static const struct ph_str gbk[] = {
    SAMPLE("ZDDM"),
    SAMPLE("\xD7\xDA\xB5\xD8\xB4\xFA\xC2\xEB"),
    SAMPLE("\xC6\xF3\xD2\xB5\xC3\xFB\xB3\xC6"),
    SAMPLE("\xBA\xE2\xD1\xF4\xCA\xD0\xD5\xF4\xCF\xE6\xC7\xF8\xB9\xA4\xD2\xB5\xB4\xF3\xB5\xC0\x31\x32\xBA\xC5"),
    SAMPLE("\x88\xD2\xE9\x46\xBB\xFA\xD0\xB5"),
};
/* The same cut by bytes: 企业名称 and half a 代, half a character with blanks behind, with NULs behind. */
static const struct ph_str gbk_half[] = {
    SAMPLE("\xC6\xF3\xD2\xB5\xC3\xFB\xB3\xC6\xB4"),
    SAMPLE("\xD7\xDA\xB5\xD8\xB4     "),
    SAMPLE("\xD7\xDA\xB5\xD8\xB4\0\0\xFF"),
};
static const struct ph_str utf8[] = {
    SAMPLE("ZDDM"),
    SAMPLE("\xE5\xAE\x97\xE5\x9C\xB0\xE4\xBB\xA3\xE7\xA0\x81"),
    SAMPLE("\xE4\xBC\x81\xE4\xB8\x9A\xE5\x90\x8D\xE7\xA7\xB0"),
};
static const struct ph_str utf8_half[] = {
    SAMPLE("\xE5\xAE\x97\xE5\x9C\xB0\xE4\xBB\xA3\xE7"),
    SAMPLE("\xE5\xAE\x97\xE5\x9C\xB0\xE4\xBB\xA3\xE7\xA0"),
    SAMPLE("\xE5\xAE\x97\xE5\x9C\xB0\xE4\xBB\xA3\xE7\xA0   "),
};
/* One value damaged. */
static const struct ph_str utf8_broken[] = {
    SAMPLE("\xE5\xAE\x97\xE5\x9C\xB0\xE4\xBB\xA3"),
    SAMPLE("\xE4\xBC\x81\xE4\xB8\x9A\xE5\x90\x8D"),
    SAMPLE("\xE4\xBC\x81\xE4\xB8\x9A\xFF\xE5\x90\x8D"),
};
static const struct ph_str gbk_broken[] = {
    SAMPLE("\xD7\xDA\xB5\xD8"), SAMPLE("\xD7\xDA\xB5\xD8"), SAMPLE("\xD7\xDA\xB5\xD8"), SAMPLE("\xD7\xDA\xB5\xD8"),
    SAMPLE("\xD7\xDA\xB5\xD8"), SAMPLE("\xD7\xDA\xB5\xD8"), SAMPLE("\xD7\xDA\xB5\xD8"), SAMPLE("\xD7\xDA\xB5\xD8"),
    SAMPLE("\xD7\xDA\xB5\xD8"), SAMPLE("\xD7\xDA\xFF\xD8"),
};
static const struct ph_str ascii[] = {SAMPLE("ZDDM"), SAMPLE("430408001001GB00001")};
static const struct ph_str latin[] = {SAMPLE("Gr\xFCnfl\xE4" "che"), SAMPLE("Caf\xE9 M\xFCller")}; /* CP1252 */
static const struct ph_str big5[] = {SAMPLE("\xBC\x73\xAA\x46\xA4\x75\xB7\x7E\xB0\xCF")};        /* 廣東工業區 */
/* 隆, 聋: valid as two-byte UTF-8 too. */
static const struct ph_str two_byte[] = {SAMPLE("\xC2\xA1"), SAMPLE("\xC3\xB8")};
static const struct ph_str korean[] = {SAMPLE("\xB0\xAD\xB3\xB2\xB1\xB8")}; /* CP949 */

struct row {
    const char *title;
    const struct ph_str *samples;
    size_t count;
    int language_byte;
    const char *cpg, *option, *name;
    enum ph_encoding_from from;
    bool overrides;
    size_t bad;
};

#define SET(samples) samples, sizeof samples / sizeof *samples

static void decide_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct row *row = &rows[i];
        struct ph_encoding_evidence evidence = {ph_str_of(row->option), row->language_byte, ph_str_of(row->cpg), row->samples,
                                                row->count};
        struct ph_encoding_choice choice;
        struct ph_error err = PH_ERROR_INIT;
        assert_int_equal(ph_encoding_decide(&evidence, &choice, &err), PH_OK);
        if (strcmp(choice.name, row->name) != 0 || choice.from != row->from || choice.overrides != row->overrides ||
            choice.bad_samples != row->bad) {
            fail_msg("%s: %s from %d, overrides %d, bad %zu", row->title, choice.name, (int)choice.from, choice.overrides,
                     choice.bad_samples);
        }
        assert_non_null(strstr(choice.zh, choice.name));
        assert_non_null(strstr(choice.en, choice.name));
        assert_true(ph_utf8_valid(choice.zh, strlen(choice.zh)));
    }
}

/* What GDAL 3.6.2 makes of each of these is wrong or right by luck; all of them must come out right. */
static void language_byte_against_cpg(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"0, none", SET(gbk), 0, NULL, NULL, "GB18030", PH_ENCODING_BYTES, false, 0},
        {"0x4D, none", SET(gbk), 0x4D, NULL, NULL, "GB18030", PH_ENCODING_LANGUAGE_BYTE, false, 0},
        {"0x7A, none", SET(gbk), 0x7A, NULL, NULL, "GB18030", PH_ENCODING_LANGUAGE_BYTE, false, 0},
        {"0x57, none", SET(gbk), 0x57, NULL, NULL, "GB18030", PH_ENCODING_BYTES, true, 0},
        {"0, GBK", SET(gbk), 0, "GBK", NULL, "GB18030", PH_ENCODING_CPG, false, 0},
        {"0, 936", SET(gbk), 0, "936\r\n", NULL, "GB18030", PH_ENCODING_CPG, false, 0},
        {"0, CP936", SET(gbk), 0, "CP936", NULL, "GB18030", PH_ENCODING_CPG, false, 0},
        {"0, GB2312", SET(gbk), 0, "gb2312", NULL, "GB18030", PH_ENCODING_CPG, false, 0},
        {"0, GB18030", SET(gbk), 0, "GB18030", NULL, "GB18030", PH_ENCODING_CPG, false, 0},
        {"0, ANSI 936", SET(gbk), 0, "ANSI 936", NULL, "GB18030", PH_ENCODING_CPG, false, 0},
        {"0, OEM", SET(gbk), 0, "OEM", NULL, "GB18030", PH_ENCODING_BYTES, false, 0},
        {"0, OEM 936", SET(gbk), 0, "OEM 936", NULL, "GB18030", PH_ENCODING_CPG, false, 0},
        {"0, System", SET(gbk), 0, "System", NULL, "GB18030", PH_ENCODING_BYTES, false, 0},
        {"0x4D, UTF-8 (wrong)", SET(gbk), 0x4D, "UTF-8", NULL, "GB18030", PH_ENCODING_LANGUAGE_BYTE, true, 0},
        {"UTF-8 bytes 0x4D, none", SET(utf8), 0x4D, NULL, NULL, "UTF-8", PH_ENCODING_BYTES, true, 0},
        /* beyond the table */
        {"0x57, ISO-8859-1", SET(gbk), 0x57, "ISO-8859-1", NULL, "GB18030", PH_ENCODING_BYTES, true, 0},
        {"0x57, GBK", SET(gbk), 0x57, "GBK", NULL, "GB18030", PH_ENCODING_CPG, true, 0},
        {"0, UTF-8 (wrong)", SET(gbk), 0, "UTF-8", NULL, "GB18030", PH_ENCODING_BYTES, true, 0},
        {"UTF-8 bytes 0, none", SET(utf8), 0, NULL, NULL, "UTF-8", PH_ENCODING_BYTES, false, 0},
        {"UTF-8 bytes 0, UTF-8", SET(utf8), 0, "UTF-8", NULL, "UTF-8", PH_ENCODING_CPG, false, 0},
        {"UTF-8 bytes 0x57, none", SET(utf8), 0x57, NULL, NULL, "UTF-8", PH_ENCODING_BYTES, true, 0},
        {"UTF-8 bytes 0x4D, UTF-8", SET(utf8), 0x4D, "UTF-8", NULL, "UTF-8", PH_ENCODING_CPG, true, 0},
        {"UTF-8 bytes 0, OEM", SET(utf8), 0, "OEM", NULL, "UTF-8", PH_ENCODING_BYTES, false, 0},
        {"UTF-8 bytes 0, GBK (wrong)", SET(utf8), 0, "GBK", NULL, "UTF-8", PH_ENCODING_BYTES, true, 0},
    };
    decide_rows(rows, sizeof rows / sizeof *rows);
}

static void half_characters_do_not_mislead(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"GBK half", SET(gbk_half), 0, NULL, NULL, "GB18030", PH_ENCODING_BYTES, false, 0},
        {"GBK half, 0x4D + UTF-8", SET(gbk_half), 0x4D, "UTF-8", NULL, "GB18030", PH_ENCODING_LANGUAGE_BYTE, true, 0},
        {"GBK half, OEM", SET(gbk_half), 0x57, "OEM", NULL, "GB18030", PH_ENCODING_BYTES, true, 0},
        {"UTF-8 half", SET(utf8_half), 0, NULL, NULL, "UTF-8", PH_ENCODING_BYTES, false, 0},
        {"UTF-8 half, 0x4D", SET(utf8_half), 0x4D, NULL, NULL, "UTF-8", PH_ENCODING_BYTES, true, 0},
        {"UTF-8 half, UTF-8", SET(utf8_half), 0, "65001", NULL, "UTF-8", PH_ENCODING_CPG, false, 0},
    };
    decide_rows(rows, sizeof rows / sizeof *rows);
}

static void other_evidence(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"ASCII", SET(ascii), 0, NULL, NULL, "UTF-8", PH_ENCODING_ASCII, false, 0},
        {"ASCII, 0x4D + UTF-8", SET(ascii), 0x4D, "UTF-8", NULL, "UTF-8", PH_ENCODING_ASCII, false, 0},
        {"no sample", NULL, 0, 0x4D, NULL, NULL, "GB18030", PH_ENCODING_ASCII, false, 0},
        {"Western", SET(latin), 0x57, NULL, NULL, "CP1252", PH_ENCODING_LANGUAGE_BYTE, false, 0},
        {"Western, cpg", SET(latin), 0, "ANSI 1252", NULL, "CP1252", PH_ENCODING_CPG, false, 0},
        {"Big5", SET(big5), 0x78, NULL, NULL, "BIG5", PH_ENCODING_LANGUAGE_BYTE, false, 0},
        {"Big5, 950", SET(big5), 0, "950", NULL, "BIG5", PH_ENCODING_CPG, false, 0},
        {"Big5 against 0x4D", SET(big5), 0x4D, "BIG5", NULL, "BIG5", PH_ENCODING_CPG, true, 0},
        {"Big5 against 0x57", SET(big5), 0x57, "BIG5", NULL, "BIG5", PH_ENCODING_CPG, true, 0},
        {"GBK against Big5", SET(gbk_half), 0x4D, "BIG5", NULL, "GB18030", PH_ENCODING_LANGUAGE_BYTE, true, 0},
        {"Korean", SET(korean), 0, "CP949", NULL, "CP949", PH_ENCODING_CPG, false, 0},
        {"two-byte, GBK declared", SET(two_byte), 0x4D, NULL, NULL, "GB18030", PH_ENCODING_LANGUAGE_BYTE, false, 0},
        {"two-byte, nothing declared", SET(two_byte), 0, NULL, NULL, "UTF-8", PH_ENCODING_BYTES, false, 0},
        {"two-byte, UTF-8 declared", SET(two_byte), 0x4D, "UTF-8", NULL, "UTF-8", PH_ENCODING_CPG, true, 0},
        {"one value broken, UTF-8", SET(utf8_broken), 0, NULL, NULL, "UTF-8", PH_ENCODING_BYTES, false, 1},
        {"one value broken, UTF-8 under 0x4D", SET(utf8_broken), 0x4D, NULL, NULL, "UTF-8", PH_ENCODING_BYTES, true, 1},
        {"one value broken, UTF-8 declared", SET(utf8_broken), 0x4D, "UTF-8", NULL, "UTF-8", PH_ENCODING_CPG, true, 1},
        {"one value broken, GBK", SET(gbk_broken), 0x57, NULL, NULL, "GB18030", PH_ENCODING_BYTES, true, 1},
        {"one value broken, GBK declared", SET(gbk_broken), 0, "GBK", NULL, "GB18030", PH_ENCODING_CPG, false, 1},
        {"ordered", SET(gbk), 0, "UTF-8", "gbk", "GB18030", PH_ENCODING_ORDERED, true, 0},
        {"ordered wrongly", SET(gbk), 0x4D, NULL, "UTF-8", "UTF-8", PH_ENCODING_ORDERED, true, 4},
        {"ordered by iconv's name", SET(korean), 0, NULL, "UHC", "UHC", PH_ENCODING_ORDERED, false, 0},
    };
    decide_rows(rows, sizeof rows / sizeof *rows);
}

static void unknown_orders_are_refused(void **state)
{
    (void)state;
    static const char *const unknown[] = {"klingon", "GBK//IGNORE", "UTF-16", "a-name-that-is-far-longer-than-any-encoding-has"};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        struct ph_encoding_evidence evidence = {.option = ph_str_of(unknown[i])};
        struct ph_encoding_choice choice;
        struct ph_error err = PH_ERROR_INIT;
        assert_int_equal(ph_encoding_decide(&evidence, &choice, &err), PH_E_USAGE);
        assert_true(err.zh[0] != '\0' && err.en[0] != '\0');
    }
}

static void names_people_write(void **state)
{
    (void)state;
    static const struct { const char *written, *name; } rows[] = {
        {"GBK", "GB18030"},     {"936", "GB18030"},          {"cp936", "GB18030"},  {"GB2312", "GB18030"}, {"GB 18030", "GB18030"},
        {"ANSI 936", "GB18030"}, {"windows-936", "GB18030"}, {"EUC-CN", "GB18030"}, {"UTF8", "UTF-8"},     {" utf-8\n", "UTF-8"},
        {"65001", "UTF-8"},     {"BIG5", "BIG5"},            {"950", "BIG5"},       {"1252", "CP1252"},    {"ISO 8859-1", "CP1252"},
        {"\xEF\xBB\xBFUTF-8", "UTF-8"},                      {"OEM", NULL},         {"ANSI", NULL},        {"System", NULL},
        {"", NULL},             {"\xD6\xD0", NULL},          {"a very long name of nothing at all", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *name = ph_encoding_name(ph_str_of(rows[i].written));
        if (rows[i].name == NULL) assert_null(name);
        else assert_string_equal(name, rows[i].name);
    }
    assert_null(ph_encoding_of_language_byte(0));
    assert_null(ph_encoding_of_language_byte(0xFF));
}

static void decodes(void **state)
{
    (void)state;
    static const struct { const char *encoding; struct ph_str bytes; const char *text; bool cut, bad; } rows[] = {
        {"GB18030", SAMPLE(""), "", false, false},
        {"GB18030", SAMPLE("ZDDM 12"), "ZDDM 12", false, false},
        {"GB18030", SAMPLE("A\xD7\xDA\xB5\xD8" "1"), "A宗地1", false, false},
        {"GB18030", SAMPLE("\x88\xD2\xE9\x46"), "堃镕", false, false},
        {"GB18030", SAMPLE("\x95\x32\x82\x36"), "𠀀", false, false},
        {"GB18030", SAMPLE("\x81\x30\x84\x36"), "¥", false, false},
        {"GB18030", SAMPLE("\xD7\xDA\xB5"), "宗", true, false},
        {"GB18030", SAMPLE("\xD7\xDA\xB5   "), "宗   ", true, false},
        {"GB18030", SAMPLE("\xD7\xDA\0\xFF\xFF"), "宗", false, false},
        {"GB18030", SAMPLE("\xD7\xDA\x95\x32"), "宗", true, false},
        {"GB18030", SAMPLE("\xD7\xDA\x95\x32\x82"), "宗", true, false},
        {"GB18030", SAMPLE("\xD7\xDA\x95" "2 "), "宗\xEF\xBF\xBD" "2 ", false, true},
        {"GB18030", SAMPLE("\xD7\xDA\xFF\xB5\xD8"), "宗\xEF\xBF\xBD地", false, true},
        {"GB18030", SAMPLE("\xD7\xDA\x80"), "宗\xEF\xBF\xBD", false, true},
        {"GB18030", SAMPLE("\xD7/a"), "\xEF\xBF\xBD/a", false, true},
        {"UTF-8", SAMPLE("A\xE5\xAE\x97\xE5\x9C\xB0"), "A宗地", false, false},
        {"UTF-8", SAMPLE("\xE5\xAE\x97\xE5\x9C"), "宗", true, false},
        {"UTF-8", SAMPLE("\xE5\xAE\x97\xE5"), "宗", true, false},
        {"UTF-8", SAMPLE("\xE5\xAE\x97\xE5  "), "宗  ", true, false},
        {"UTF-8", SAMPLE("\xE5\xAE\x97\xFF"), "宗\xEF\xBF\xBD", false, true},
        {"UTF-8", SAMPLE("\xE5\xAE\x41\xE5\x9C\xB0\xE5"), "\xEF\xBF\xBD" "A地", true, true},
        {"BIG5", SAMPLE("\xBC\x73\xAA\x46\xA4\x75\xB7"), "廣東工", true, false},
        {"BIG5", SAMPLE("\xBC\x73\xFF\xA4\x75"), "廣\xEF\xBF\xBD工", false, true},
        {"CP1252", SAMPLE("Caf\xE9 \x80"), "Café €", false, false},
        {"CP1252", SAMPLE("a\x81" "b"), "a\xEF\xBF\xBD" "b", false, true},
        {"CP949", SAMPLE("\xB0\xAD\xB3\xB2\xB1"), "강남", true, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ph_decoder *decoder;
        struct ph_text text;
        bool cut = false, bad = false;
        assert_int_equal(ph_decoder_open(rows[i].encoding, &decoder, NULL), PH_OK);
        ph_text_init(&text, 1000);
        ph_decoder_decode(decoder, rows[i].bytes.at, rows[i].bytes.length, &text, &cut, &bad);
        if (strcmp(ph_text_get(&text), rows[i].text) != 0 || cut != rows[i].cut || bad != rows[i].bad) {
            fail_msg("row %zu: '%s' cut %d bad %d", i, ph_text_get(&text), cut, bad);
        }
        ph_text_dispose(&text);
        ph_decoder_close(decoder);
    }
}

/* Longer than the decoder's own buffer, in each of its ways. */
static void decodes_long_text(void **state)
{
    (void)state;
    static const struct { const char *encoding; struct ph_str bytes; const char *text; } rows[] = {
        {"GB18030", SAMPLE("\xD7\xDA\xB5\xD8"), "宗地"},
        {"UTF-8", SAMPLE("\xE5\xAE\x97\xFF"), "宗\xEF\xBF\xBD"},
        {"CP949", SAMPLE("\xB0\xAD\xB3\xB2"), "강남"},
        {"CP1252", SAMPLE("\xE9\x81"), "é\xEF\xBF\xBD"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ph_decoder *decoder;
        struct ph_text in, out, want;
        assert_int_equal(ph_decoder_open(rows[i].encoding, &decoder, NULL), PH_OK);
        ph_text_init(&in, 100000);
        ph_text_init(&out, 100000);
        ph_text_init(&want, 100000);
        for (int j = 0; j < 1000; j++) {
            ph_text_add_str(&in, rows[i].bytes);
            ph_text_add(&want, rows[i].text);
        }
        ph_decoder_decode(decoder, in.at, in.length, &out, NULL, NULL);
        assert_false(out.failed);
        assert_string_equal(ph_text_get(&out), ph_text_get(&want));
        ph_text_dispose(&out);
        ph_text_init(&out, 5);
        ph_decoder_decode(decoder, in.at, in.length, &out, NULL, NULL);
        assert_true(out.failed);
        ph_text_dispose(&in);
        ph_text_dispose(&out);
        ph_text_dispose(&want);
        ph_decoder_close(decoder);
    }
    ph_decoder_close(NULL);
}

/* Whatever the bytes, what comes out is UTF-8. */
static void output_is_always_utf8(void **state)
{
    (void)state;
    static const char *const encodings[] = {"GB18030", "UTF-8", "BIG5", "CP1252", "CP949"};
    uint32_t seed = 2463534242u;
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
        struct ph_decoder *decoder;
        struct ph_text text;
        assert_int_equal(ph_decoder_open(encodings[i], &decoder, NULL), PH_OK);
        ph_text_init(&text, 10000);
        for (int j = 0; j < 5000; j++) {
            char bytes[24];
            size_t length = (size_t)j % (sizeof bytes + 1);
            for (size_t k = 0; k < length; k++) {
                seed ^= seed << 13;
                seed ^= seed >> 17;
                seed ^= seed << 5;
                bytes[k] = (char)(seed >> 8 | (j % 3 == 0 ? 0x80 : 0));
            }
            ph_text_clear(&text);
            ph_decoder_decode(decoder, bytes, length, &text, NULL, NULL);
            assert_true(ph_utf8_valid(ph_text_get(&text), text.length));
        }
        ph_text_dispose(&text);
        ph_decoder_close(decoder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(language_byte_against_cpg), cmocka_unit_test(half_characters_do_not_mislead),
        cmocka_unit_test(other_evidence),            cmocka_unit_test(unknown_orders_are_refused),
        cmocka_unit_test(names_people_write),
        cmocka_unit_test(decodes),                   cmocka_unit_test(decodes_long_text),
        cmocka_unit_test(output_is_always_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
