#include "base/decoder.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LEAD_FIRST = 0x81, LEAD_LAST = 0xFE, TRAIL_FIRST = 0x40, TRAIL_LAST = 0xFE };

enum kind { UTF8, GB18030, BIG5, OTHER };

struct ph_decoder {
    enum kind kind;
    iconv_t iconv; /* (iconv_t)-1 for UTF-8 */
    /* Of GB18030 and BIG5 every two-byte character, 0 where there is none: iconv costs ten times as much per value. */
    uint16_t two[LEAD_LAST - LEAD_FIRST + 1][TRAIL_LAST - TRAIL_FIRST + 1];
};

/* One iconv call from a fresh state. iconv takes a char ** for historical reasons and does not write through it. */
static size_t convert(iconv_t cd, const char **in, size_t *in_left, char **out, size_t *out_left)
{
    char *at;
    memcpy(&at, in, sizeof at);
    size_t result = iconv(cd, &at, in_left, out, out_left);
    int error = errno;
    memcpy(in, &at, sizeof at);
    errno = error;
    return result;
}

/* Decodes exactly one character; false when the bytes are not one. */
static bool convert_one(iconv_t cd, const char *bytes, size_t length, uint32_t *code)
{
    char utf8[16];
    char *out = utf8;
    size_t left = sizeof utf8, n;
    iconv(cd, NULL, NULL, NULL, NULL);
    if (convert(cd, &bytes, &length, &out, &left) == (size_t)-1 || length != 0 || out == utf8) return false;
    size_t size = (size_t)(out - utf8);
    return ph_utf8_next((struct ph_str){utf8, size}, code, &n) == PH_UTF8_OK && n == size;
}

static void fill_two(struct ph_decoder *decoder)
{
    for (unsigned lead = LEAD_FIRST; lead <= LEAD_LAST; lead++) {
        for (unsigned trail = TRAIL_FIRST; trail <= TRAIL_LAST; trail++) {
            const char bytes[2] = {(char)lead, (char)trail};
            uint32_t code;
            bool one = trail != 0x7F && convert_one(decoder->iconv, bytes, 2, &code) && code <= 0xFFFF;
            decoder->two[lead - LEAD_FIRST][trail - TRAIL_FIRST] = one ? (uint16_t)code : 0;
        }
    }
}

enum ph_status ph_decoder_open(const char *name, struct ph_decoder **decoder, struct ph_error *err)
{
    *decoder = NULL;
    struct ph_decoder *made = malloc(sizeof *made);
    if (made == NULL) return ph_fail_memory(err);
    made->kind = strcmp(name, "UTF-8") == 0     ? UTF8
                 : strcmp(name, "GB18030") == 0 ? GB18030
                 : strcmp(name, "BIG5") == 0    ? BIG5
                                                : OTHER;
    made->iconv = (iconv_t)-1;
    uint32_t letter = 'A';
    if (made->kind != UTF8) {
        /* A slash would hand iconv its own switches (//IGNORE), which lose characters silently. */
        made->iconv = strchr(name, '/') != NULL || name[0] == '\0' ? (iconv_t)-1 : iconv_open("UTF-8", name);
        if (made->iconv == (iconv_t)-1 || !convert_one(made->iconv, "A", 1, &letter) || letter != 'A') {
            ph_decoder_close(made);
            return ph_fail(err, PH_E_USAGE, "不认识编码“%.40s”：请写 GBK、UTF-8、BIG5 等名称", "unknown encoding \"%.40s\": write GBK, UTF-8, BIG5 or the like",
                           name);
        }
    }
    if (made->kind == GB18030 || made->kind == BIG5) fill_two(made);
    *decoder = made;
    return PH_OK;
}

void ph_decoder_close(struct ph_decoder *decoder)
{
    if (decoder == NULL) return;
    if (decoder->iconv != (iconv_t)-1) iconv_close(decoder->iconv);
    free(decoder);
}

/* Where the decoded text goes: gathered, so that the builder is called per some hundred bytes. */
struct sink {
    struct ph_text *out;
    bool cut, bad;
    size_t length;
    char bytes[256];
};

static void flush(struct sink *sink)
{
    ph_text_add_str(sink->out, (struct ph_str){sink->bytes, sink->length});
    sink->length = 0;
}

static void put_code(struct sink *sink, uint32_t code)
{
    if (sink->length + 4 > sizeof sink->bytes) flush(sink);
    sink->length += ph_utf8_put(sink->bytes + sink->length, code);
}

static void put_bad(struct sink *sink)
{
    sink->bad = true;
    put_code(sink, 0xFFFD);
}

static void decode_utf8(struct ph_str in, struct sink *sink)
{
    while (in.length > 0) {
        uint32_t code;
        size_t n;
        enum ph_utf8 read = ph_utf8_next(in, &code, &n);
        struct ph_str rest = ph_str_after(in, n);
        bool begun = n > 1 || ((unsigned char)in.at[0] >= 0xC2 && (unsigned char)in.at[0] <= 0xF4);
        if (read == PH_UTF8_OK) put_code(sink, code);
        else if (begun && ph_str_only_spaces(rest)) sink->cut = true;
        else put_bad(sink);
        in = rest;
    }
}

/* Reads one character that begins with a byte beyond ASCII. Returns the bytes taken; *code is 0 for half a character. */
static size_t next_double(struct ph_decoder *decoder, struct ph_str in, uint32_t *code)
{
    const unsigned char *p = (const unsigned char *)in.at;
    *code = 0xFFFD;
    if (p[0] < LEAD_FIRST || p[0] > LEAD_LAST) return 1;
    if (ph_str_only_spaces(ph_str_after(in, 1))) {
        *code = 0;
        return 1;
    }
    if (p[1] >= '0' && p[1] <= '9' && decoder->kind == GB18030) {
        if (in.length < 4) {
            bool begun = in.length == 2 || (p[2] >= LEAD_FIRST && p[2] <= LEAD_LAST);
            if (begun) *code = 0;
            return begun ? in.length : 1;
        }
        uint32_t four;
        if (!convert_one(decoder->iconv, in.at, 4, &four)) return 1;
        *code = four;
        return 4;
    }
    uint16_t two = p[1] < TRAIL_FIRST || p[1] > TRAIL_LAST ? 0 : decoder->two[p[0] - LEAD_FIRST][p[1] - TRAIL_FIRST];
    if (two == 0) return p[1] < 0x80 ? 1 : 2; /* an ASCII character behind a stray byte survives */
    *code = two;
    return 2;
}

/* The character of two bytes that the text begins with, which is three bytes of UTF-8; 0: it begins with something else. */
static uint32_t common_double(const struct ph_decoder *decoder, struct ph_str in)
{
    const unsigned char *p = (const unsigned char *)in.at;
    if (in.length < 2 || p[0] < LEAD_FIRST || p[0] > LEAD_LAST || p[1] < TRAIL_FIRST || p[1] > TRAIL_LAST) return 0;
    uint32_t code = decoder->two[p[0] - LEAD_FIRST][p[1] - TRAIL_FIRST];
    return code < 0x800 || code == 0xFFFD ? 0 : code;
}

static void decode_double(struct ph_decoder *decoder, struct ph_str in, struct sink *sink)
{
    while (in.length > 0) {
        uint32_t code = common_double(decoder, in);
        size_t n = 1;
        if (code) {
            if (sink->length + 3 > sizeof sink->bytes) flush(sink);
            sink->bytes[sink->length++] = (char)(0xE0 | code >> 12);
            sink->bytes[sink->length++] = (char)(0x80 | (code >> 6 & 0x3F));
            sink->bytes[sink->length++] = (char)(0x80 | (code & 0x3F));
            in = (struct ph_str){in.at + 2, in.length - 2};
            continue;
        }
        code = (unsigned char)in.at[0];
        if (code >= 0x80) n = next_double(decoder, in, &code);
        if (code == 0) sink->cut = true;
        else if (code == 0xFFFD) put_bad(sink);
        else put_code(sink, code);
        in = ph_str_after(in, n);
    }
}

static void decode_other(struct ph_decoder *decoder, struct ph_str in, struct sink *sink)
{
    const char *at = in.at;
    size_t left = in.length;
    iconv(decoder->iconv, NULL, NULL, NULL, NULL);
    while (left > 0) {
        char *out = sink->bytes + sink->length;
        size_t room = sizeof sink->bytes - sink->length;
        size_t result = convert(decoder->iconv, &at, &left, &out, &room);
        int error = errno;
        sink->length = sizeof sink->bytes - room;
        if (result != (size_t)-1) break;
        if (error == E2BIG) {
            flush(sink);
        } else if (error == EINVAL) { /* the input ends inside a character */
            sink->cut = true;
            break;
        } else {
            put_bad(sink);
            at++;
            left--;
            iconv(decoder->iconv, NULL, NULL, NULL, NULL);
        }
    }
}

/* How many bytes the text begins with that are ASCII, up to a NUL. */
static size_t ascii_head(const char *bytes, size_t length)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
    size_t n = 0;
    for (uint64_t eight; n + sizeof eight <= length; n += sizeof eight) {
        memcpy(&eight, bytes + n, sizeof eight);
        if (((eight - ones) | eight) & high) break;
    }
    while (n < length && bytes[n] != '\0' && (unsigned char)bytes[n] < 0x80) n++;
    return n;
}

void ph_decoder_decode(struct ph_decoder *decoder, const char *bytes, size_t length, struct ph_text *out, bool *cut, bool *bad)
{
    /* The ASCII head goes as it is: no encoding that ph_decoder_open admits shifts by an ASCII byte (ESC apart). */
    size_t ascii = ascii_head(bytes, length);
    ph_text_add_str(out, (struct ph_str){bytes, ascii});
    const char *nul = ascii == length ? NULL : memchr(bytes + ascii, '\0', length - ascii);
    struct ph_str in = {bytes + ascii, nul ? (size_t)(nul - bytes) - ascii : length - ascii};
    if (in.length == 0) return;
    if (decoder->kind == UTF8 && ph_utf8_valid(in.at, in.length)) {
        ph_text_add_str(out, in);
        return;
    }
    struct sink sink;
    sink.out = out;
    sink.cut = sink.bad = false;
    sink.length = 0;
    switch (decoder->kind) {
    case UTF8: decode_utf8(in, &sink); break;
    case GB18030:
    case BIG5: decode_double(decoder, in, &sink); break;
    case OTHER: decode_other(decoder, in, &sink); break;
    }
    flush(&sink);
    if (sink.cut && cut != NULL) *cut = true;
    if (sink.bad && bad != NULL) *bad = true;
}
