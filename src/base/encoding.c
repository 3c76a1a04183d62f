#include "base/encoding.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/decoder.h"

static const char gb[] = "GB18030", utf8[] = "UTF-8", western[] = "CP1252";

struct alias {
    const char *key; /* upper case, without blanks, '-', '_' and the heads below */
    const char *name;
};

static const struct alias aliases[] = {
    {"936", gb},          {"GBK", gb},          {"GB2312", gb},       {"GB231280", gb},     {"GB18030", gb},
    {"54936", gb},        {"EUCCN", gb},        {"CHINESE", gb},      {"UTF8", utf8},       {"65001", utf8},
    {"UTF8BOM", utf8},    {"950", "BIG5"},      {"BIG5", "BIG5"},     {"BIG5HKSCS", "BIG5-HKSCS"},
    {"1252", western},    {"LATIN1", western},  {"88591", western},   {"437", "CP437"},     {"850", "CP850"},
    {"852", "CP852"},     {"866", "CP866"},     {"1250", "CP1250"},   {"1251", "CP1251"},   {"1253", "CP1253"},
    {"1254", "CP1254"},   {"1255", "CP1255"},   {"1256", "CP1256"},   {"1257", "CP1257"},   {"1258", "CP1258"},
    {"874", "CP874"},     {"932", "CP932"},     {"SJIS", "CP932"},    {"SHIFTJIS", "CP932"}, {"949", "CP949"},
    {"EUCKR", "CP949"},
};

const char *ph_encoding_name(struct ph_str written)
{
    static const char *const heads[] = {"WINDOWS", "ANSI", "OEM", "IBM", "ISO", "CP", "MS"};
    char key[24];
    size_t n = 0;
    written = ph_str_trim(written);
    for (size_t i = 0; i < written.length; i++) {
        char c = ph_upper(written.at[i]);
        if (c == ' ' || c == '-' || c == '_') continue;
        if (n + 1 >= sizeof key) return NULL;
        key[n++] = c;
    }
    key[n] = '\0';
    const char *at = key;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        size_t length = strlen(heads[i]);
        if (strncmp(key, heads[i], length) != 0) continue;
        at = key + length;
        break;
    }
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
        if (strcmp(at, aliases[i].key) == 0) return aliases[i].name;
    }
    return NULL;
}

const char *ph_encoding_of_language_byte(int language_byte)
{
    switch (language_byte) {
    case 0x4D:
    case 0x7A: return gb;
    case 0x4F:
    case 0x78: return "BIG5";
    case 0x03:
    case 0x57:
    case 0x58:
    case 0x59: return western;
    case 0x13:
    case 0x7B: return "CP932";
    case 0x4E:
    case 0x79: return "CP949";
    case 0x01: return "CP437";
    case 0x02: return "CP850";
    case 0x64: return "CP852";
    case 0x26:
    case 0x65: return "CP866";
    case 0xC8: return "CP1250";
    case 0xC9: return "CP1251";
    default: return NULL;
    }
}

static struct ph_str up_to_nul(struct ph_str text)
{
    const char *nul = text.length == 0 ? NULL : memchr(text.at, '\0', text.length);
    if (nul != NULL) text.length = (size_t)(nul - text.at);
    return text;
}

/* What the samples look like. */
struct evidence {
    size_t samples; /* with a byte beyond ASCII */
    size_t not_utf8, not_gb;  /* of them */
    size_t cjk;               /* Chinese, kana and full-width characters if read as UTF-8 */
    size_t pairs, common;     /* two-byte characters if read as GB18030; those of GB 2312 among them */
};

/* Reads a sample as UTF-8; false when it is not. */
static bool read_utf8(struct ph_str sample, size_t *cjk)
{
    while (sample.length > 0) {
        uint32_t code;
        size_t n;
        enum ph_utf8 read = ph_utf8_next(sample, &code, &n);
        unsigned char first = (unsigned char)sample.at[0];
        sample = ph_str_after(sample, n);
        if (read != PH_UTF8_OK) return first >= 0xC2 && first <= 0xF4 && ph_str_only_spaces(sample);
        if ((code >= 0x2E80 && code <= 0x9FFF) || (code >= 0xFF00 && code <= 0xFFEF) || code >= 0x20000) ++*cjk;
    }
    return true;
}

static bool between(unsigned char c, unsigned low, unsigned high)
{
    return c >= low && c <= high;
}

/* Reads a sample as GB18030 by its structure; false when it is not. */
static bool read_gb(struct ph_str sample, size_t *pairs, size_t *common)
{
    while (sample.length > 0) {
        const unsigned char *p = (const unsigned char *)sample.at;
        size_t n = 1;
        if (p[0] >= 0x80) {
            if (!between(p[0], 0x81, 0xFE)) return false;
            if (ph_str_only_spaces(ph_str_after(sample, 1))) return true;
            if (between(p[1], '0', '9')) {
                if (sample.length > 2 && !between(p[2], 0x81, 0xFE)) return false;
                if (sample.length > 3 && !between(p[3], '0', '9')) return false;
                n = 4;
            } else {
                if (!between(p[1], 0x40, 0xFE) || p[1] == 0x7F) return false;
                n = 2;
                ++*pairs;
                /* GB 2312: punctuation and signs in rows A1-A3, characters in rows B0-F7. */
                if (p[1] >= 0xA1 && (between(p[0], 0xA1, 0xA3) || between(p[0], 0xB0, 0xF7))) ++*common;
            }
        }
        sample = ph_str_after(sample, n);
    }
    return true;
}

static struct evidence gather(const struct ph_str *samples, size_t count)
{
    struct evidence e = {0};
    for (size_t i = 0; i < count; i++) {
        struct ph_str sample = up_to_nul(samples[i]);
        size_t ascii = 0;
        while (ascii < sample.length && (unsigned char)sample.at[ascii] < 0x80) ascii++;
        if (ascii == sample.length) continue;
        e.samples++;
        if (!read_utf8(sample, &e.cjk)) e.not_utf8++;
        if (!read_gb(sample, &e.pairs, &e.common)) e.not_gb++;
    }
    return e;
}

/* How many samples hold bytes that this encoding does not know. */
static enum ph_status count_bad(const char *name, const struct ph_str *samples, size_t count, size_t *bad, struct ph_error *err)
{
    struct ph_decoder *decoder;
    struct ph_text text;
    *bad = 0;
    PH_TRY(ph_decoder_open(name, &decoder, err));
    ph_text_init(&text, (size_t)1 << 30);
    bool failed = false;
    for (size_t i = 0; i < count; i++) {
        bool wrong = false;
        ph_text_clear(&text);
        ph_decoder_decode(decoder, samples[i].at, samples[i].length, &text, NULL, &wrong);
        if (wrong) ++*bad;
        failed = failed || text.failed;
    }
    ph_text_dispose(&text);
    ph_decoder_close(decoder);
    return failed ? ph_fail_memory(err) : PH_OK;
}

/* Written by programs as a default, so that it says little: the encodings of Western Europe. */
static bool is_western(const char *name)
{
    return strcmp(name, western) == 0 || strcmp(name, "CP437") == 0 || strcmp(name, "CP850") == 0;
}

static bool same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* At least half of the pairs are common characters and hardly a sample breaks: Latin letters with accents give neither. */
static bool reads_as_chinese(const struct evidence *e)
{
    return e->pairs > 0 && e->common * 2 >= e->pairs && e->not_gb * 10 <= e->samples;
}

/* Most samples are UTF-8 with Chinese in it, and read as GB18030 they give rare characters: a value here and there is
 * damaged. (Two-byte UTF-8 sequences can be GBK by chance, three-byte ones of Chinese characters throughout cannot.) */
static bool reads_as_damaged_utf8(const struct evidence *e)
{
    return e->cjk > 0 && e->not_utf8 * 2 <= e->samples && e->common * 2 < e->pairs;
}

/* Whether a declared encoding fits the bytes; `other` is the other declaration or NULL. */
static enum ph_status fits(const char *name, const char *other, const struct ph_encoding_evidence *given,
                           const struct evidence *e, bool *yes, struct ph_error *err)
{
    size_t bad = 0;
    *yes = false;
    if (name == NULL) return PH_OK;
    if (same(name, utf8)) {
        *yes = e->not_utf8 == 0;
    } else if (same(name, gb)) {
        /* Nearly all Big5 text is GB18030 by structure; the share of common characters tells them apart. */
        *yes = e->not_gb == 0 && (!same(other, "BIG5") || e->common * 10 >= e->pairs * 9);
    } else if (is_western(name)) {
        *yes = e->not_utf8 > 0 && !reads_as_chinese(e);
    } else {
        PH_TRY(count_bad(name, given->samples, given->sample_count, &bad, err));
        *yes = bad == 0;
    }
    return PH_OK;
}

/* The contract's rule without the option. */
static enum ph_status choose(const struct ph_encoding_evidence *given, const char *byte_says, const char *cpg_says,
                             const char **name, enum ph_encoding_from *from, struct ph_error *err)
{
    struct evidence e = gather(given->samples, given->sample_count);
    bool byte_fits, cpg_fits;
    *from = PH_ENCODING_ASCII;
    *name = cpg_says != NULL ? cpg_says : byte_says != NULL ? byte_says : utf8;
    if (e.samples == 0) return PH_OK;
    PH_TRY(fits(byte_says, cpg_says, given, &e, &byte_fits, err));
    PH_TRY(fits(cpg_says, byte_says, given, &e, &cpg_fits, err));
    /* A Western declaration fits almost anything: it only counts when no other one fits. */
    if (byte_fits && cpg_fits && is_western(byte_says)) byte_fits = false;
    bool is_utf8 = e.not_utf8 == 0 ? e.cjk > 0 || same(cpg_says, utf8) || (!byte_fits && !cpg_fits) : reads_as_damaged_utf8(&e);
    *from = PH_ENCODING_BYTES;
    if (is_utf8) *name = utf8;
    else if (byte_fits) *name = byte_says;
    else if (cpg_fits) *name = cpg_says;
    else if (!reads_as_chinese(&e) && byte_says != NULL && is_western(byte_says)) *name = byte_says;
    else if (!reads_as_chinese(&e) && cpg_says != NULL && is_western(cpg_says)) *name = cpg_says;
    else *name = gb;
    if (same(*name, byte_says)) *from = PH_ENCODING_LANGUAGE_BYTE;
    else if (same(*name, cpg_says)) *from = PH_ENCODING_CPG;
    return PH_OK;
}

/* What was declared, in both languages. */
static void describe(const struct ph_encoding_evidence *given, const char *byte_says, const char *cpg_says, char zh[192],
                     char en[192])
{
    char cpg[33];
    size_t n = 0;
    struct ph_str text = ph_str_trim(given->cpg);
    for (; n < text.length && n + 1 < sizeof cpg; n++) cpg[n] = text.at[n] >= ' ' && text.at[n] <= '~' ? text.at[n] : '?';
    cpg[n] = '\0';
    char byte_zh[64] = "", byte_en[64] = "";
    if (given->language_byte != 0) {
        unsigned byte = (unsigned)given->language_byte & 0xFF;
        snprintf(byte_zh, sizeof byte_zh, "语言字节 0x%02X（%s）", byte, byte_says == NULL ? "不明" : byte_says);
        snprintf(byte_en, sizeof byte_en, "language byte 0x%02X (%s)", byte, byte_says == NULL ? "unknown" : byte_says);
    }
    if (n > 0) {
        const char *and = byte_zh[0] == '\0' ? "" : "，";
        snprintf(zh, 192, "%s%s.cpg 写“%s”（%s）", byte_zh, and, cpg, cpg_says == NULL ? "不明" : cpg_says);
        snprintf(en, 192, "%s%s.cpg \"%s\" (%s)", byte_en, byte_en[0] == '\0' ? "" : ", ", cpg, cpg_says == NULL ? "unknown" : cpg_says);
    } else {
        snprintf(zh, 192, "%s", byte_zh[0] == '\0' ? "无" : byte_zh);
        snprintf(en, 192, "%s", byte_en[0] == '\0' ? "nothing" : byte_en);
    }
}

static void give_reason(const struct ph_encoding_evidence *given, const char *byte_says, const char *cpg_says,
                        struct ph_encoding_choice *choice)
{
    static const char *const zh[] = {"由选项指定", "所见文字全是 ASCII，各种编码都一样", "DBF 语言字节如此声明", ".cpg 如此声明",
                                     "按字节判断"};
    static const char *const en[] = {"as the option says", "all text seen is ASCII, any encoding would do",
                                     "as the language byte says", "as the .cpg says", "judged by the bytes"};
    char declared_zh[192], declared_en[192], bad_zh[96] = "", bad_en[96] = "";
    describe(given, byte_says, cpg_says, declared_zh, declared_en);
    if (choice->bad_samples > 0) {
        snprintf(bad_zh, sizeof bad_zh, "；%zu 个样本中有读不出的字节", choice->bad_samples);
        snprintf(bad_en, sizeof bad_en, "; %zu samples hold bytes that cannot be read", choice->bad_samples);
    }
    snprintf(choice->zh, sizeof choice->zh, "编码取 %s：%s（文件声明：%s）%s", choice->name, zh[choice->from], declared_zh, bad_zh);
    snprintf(choice->en, sizeof choice->en, "%s is taken: %s (declared: %s)%s", choice->name, en[choice->from], declared_en, bad_en);
}

enum ph_status ph_encoding_decide(const struct ph_encoding_evidence *evidence, struct ph_encoding_choice *choice,
                                  struct ph_error *err)
{
    const char *byte_says = ph_encoding_of_language_byte(evidence->language_byte);
    const char *cpg_says = ph_encoding_name(evidence->cpg);
    struct ph_str option = ph_str_trim(evidence->option);
    const char *name = ph_encoding_name(option);
    *choice = (struct ph_encoding_choice){.from = PH_ENCODING_ORDERED};
    if (option.length == 0) {
        PH_TRY(choose(evidence, byte_says, cpg_says, &name, &choice->from, err));
        snprintf(choice->name, sizeof choice->name, "%s", name);
    } else if (name != NULL) {
        snprintf(choice->name, sizeof choice->name, "%s", name);
    } else {
        /* iconv may know it; the decoder below refuses what it does not. */
        size_t length = option.length < sizeof choice->name ? option.length : sizeof choice->name - 1;
        memcpy(choice->name, option.at, length);
    }
    PH_TRY(count_bad(choice->name, evidence->samples, evidence->sample_count, &choice->bad_samples, err));
    choice->overrides = choice->from != PH_ENCODING_ASCII && ((byte_says != NULL && strcmp(choice->name, byte_says) != 0) ||
                                                              (cpg_says != NULL && strcmp(choice->name, cpg_says) != 0));
    give_reason(evidence, byte_says, cpg_says, choice);
    return PH_OK;
}
