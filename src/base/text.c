#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT 0xFFFDu

struct ph_str ph_str_after(struct ph_str text, size_t length)
{
    if (length > text.length) length = text.length;
    return (struct ph_str){text.at + length, text.length - length};
}

bool ph_str_equal(struct ph_str a, struct ph_str b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

char ph_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

char ph_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

bool ph_str_same(struct ph_str a, struct ph_str b)
{
    if (a.length != b.length) return false;
    for (size_t i = 0; i < a.length; i++) {
        if (ph_lower(a.at[i]) != ph_lower(b.at[i])) return false;
    }
    return true;
}

int ph_text_compare_nocase(const char *a, const char *b)
{
    for (;; a++, b++) {
        unsigned char x = (unsigned char)ph_lower(*a), y = (unsigned char)ph_lower(*b);
        if (x != y) return x < y ? -1 : 1;
        if (x == 0) return 0;
    }
}

bool ph_is_blank(uint32_t code)
{
    return code == 0 || (code >= 0x09 && code <= 0x0D) || code == ' ' || code == 0xA0 ||
           (code >= 0x2000 && code <= 0x200B) || code == 0x202F || code == 0x3000 || code == 0xFEFF;
}

/* Length of the blank at the end of the text, 0 when it does not end in one. */
static size_t blank_at_end(struct ph_str text)
{
    size_t longest = text.length < 3 ? text.length : 3;
    for (size_t n = 1; n <= longest; n++) {
        uint32_t code;
        size_t taken;
        struct ph_str tail = {text.at + text.length - n, n};
        if (ph_utf8_next(tail, &code, &taken) == PH_UTF8_OK && taken == n && ph_is_blank(code)) return n;
    }
    return 0;
}

static bool is_visible(char c)
{
    return c > ' ' && c < 0x7F;
}

struct ph_str ph_str_trim(struct ph_str text)
{
    if (text.length > 0 && is_visible(text.at[0]) && is_visible(text.at[text.length - 1])) return text;
    uint32_t code;
    size_t n;
    while (text.length > 0 && ph_utf8_next(text, &code, &n) == PH_UTF8_OK && ph_is_blank(code)) {
        text = ph_str_after(text, n);
    }
    while (text.length > 0 && (n = blank_at_end(text)) > 0) text.length -= n;
    return text;
}

bool ph_str_only_spaces(struct ph_str text)
{
    size_t i = 0;
    while (i < text.length && text.at[i] == ' ') i++;
    return i == text.length;
}

enum ph_utf8 ph_utf8_next(struct ph_str text, uint32_t *code, size_t *length)
{
    const unsigned char *p = (const unsigned char *)text.at;
    *length = 1;
    *code = p[0];
    if (p[0] < 0x80) return PH_UTF8_OK;
    *code = REPLACEMENT;
    if (p[0] < 0xC2 || p[0] > 0xF4) return PH_UTF8_BAD;
    size_t size = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    /* The second byte's range keeps out over-long forms, surrogates and what lies beyond U+10FFFF. */
    unsigned low = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : 0x80;
    unsigned high = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : 0xBF;
    uint32_t value = p[0] & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        if (i == text.length) return PH_UTF8_CUT;
        if (p[i] < low || p[i] > high) return PH_UTF8_BAD;
        value = value << 6 | (p[i] & 0x3Fu);
        *length = i + 1;
        low = 0x80;
        high = 0xBF;
    }
    *code = value;
    return PH_UTF8_OK;
}

size_t ph_utf8_put(char out[4], uint32_t code)
{
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = REPLACEMENT;
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    out[0] = (char)((0xF00u >> size & 0xFF) | code);
    return size;
}

bool ph_utf8_valid(const char *text, size_t length)
{
    struct ph_str rest = {text, length};
    while (rest.length > 0) {
        uint32_t code;
        size_t n;
        if (ph_utf8_next(rest, &code, &n) != PH_UTF8_OK) return false;
        rest = ph_str_after(rest, n);
    }
    return true;
}

struct range {
    uint32_t first, last;
};

/* Unicode: general categories Mn, Me, Cf of the scripts that a park's tables may hold. */
static const struct range no_width[] = {
    {0x0000, 0x001F}, {0x007F, 0x009F}, {0x00AD, 0x00AD}, {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},
    {0x0610, 0x061A}, {0x064B, 0x065F}, {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1ACE},
    {0x1DC0, 0x1DFF}, {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x2064}, {0x20D0, 0x20F0}, {0x302A, 0x302D},
    {0x3099, 0x309A}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xE0100, 0xE01EF},
};

/* Unicode: East_Asian_Width W and F. */
static const struct range wide[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},   {0x23F0, 0x23F0},   {0x23F3, 0x23F3},
    {0x25FD, 0x25FE},   {0x2614, 0x2615},   {0x2648, 0x2653},   {0x26A1, 0x26A1},   {0x26AA, 0x26AB},   {0x2705, 0x2705},
    {0x274C, 0x274C},   {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},   {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},
    {0x2E80, 0x303E},   {0x3041, 0x3247},   {0x3250, 0x4DBF},   {0x4E00, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE10, 0xFE19},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},   {0x16FE0, 0x18DFF},
    {0x1AFF0, 0x1B2FF}, {0x1F200, 0x1F320}, {0x1F32D, 0x1F335}, {0x1F337, 0x1F37C}, {0x1F3E0, 0x1F3F0}, {0x1F400, 0x1F43E},
    {0x1F442, 0x1F4FC}, {0x1F550, 0x1F567}, {0x1F5FB, 0x1F64F}, {0x1F680, 0x1F6C5}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
};

static bool in_ranges(uint32_t code, const struct range *ranges, size_t count)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (code > ranges[middle].last) low = middle + 1;
        else high = middle;
    }
    return low < count && code >= ranges[low].first;
}

size_t ph_utf8_width(const char *text, size_t length)
{
    struct ph_str rest = {text, length};
    size_t columns = 0;
    while (rest.length > 0) {
        uint32_t code;
        size_t n;
        ph_utf8_next(rest, &code, &n);
        rest = ph_str_after(rest, n);
        if (code >= 0x20 && code < 0x7F) columns += 1;
        else if (!in_ranges(code, no_width, sizeof no_width / sizeof *no_width)) {
            columns += in_ranges(code, wide, sizeof wide / sizeof *wide) ? 2 : 1;
        }
    }
    return columns;
}

uint32_t ph_half_width(uint32_t code)
{
    if (code >= 0xFF01 && code <= 0xFF5E) return code - 0xFEE0;
    return code == 0x3000 || code == 0xA0 ? ' ' : code;
}

bool ph_str_half_width(struct ph_str text, char *out, size_t size)
{
    size_t at = 0;
    while (text.length > 0) {
        uint32_t code;
        size_t n;
        char bytes[4];
        enum ph_utf8 read = ph_utf8_next(text, &code, &n);
        size_t put = n;
        if (read == PH_UTF8_OK) put = ph_utf8_put(bytes, ph_half_width(code));
        else memcpy(bytes, text.at, n);
        if (at + put >= size) {
            if (size > 0) out[0] = '\0';
            return false;
        }
        memcpy(out + at, bytes, put);
        at += put;
        text = ph_str_after(text, n);
    }
    if (at >= size) return false;
    out[at] = '\0';
    return true;
}

void ph_text_init(struct ph_text *text, size_t cap)
{
    *text = (struct ph_text){.cap = cap};
}

/* Makes room for `more` bytes and the NUL. */
static bool grow(struct ph_text *text, size_t more)
{
    if (text->failed) return false;
    if (text->length > text->cap || more > text->cap - text->length || text->cap == SIZE_MAX) {
        text->failed = true;
        return false;
    }
    size_t need = text->length + more + 1;
    size_t capacity = text->capacity > SIZE_MAX / 2 ? need : text->capacity * 2;
    if (capacity > text->cap + 1) capacity = text->cap + 1;
    if (capacity < need) capacity = need;
    if (capacity < 64 && text->cap >= 63) capacity = 64;
    char *at = realloc(text->at, capacity);
    if (at == NULL) {
        text->failed = true;
        return false;
    }
    text->at = at;
    text->capacity = capacity;
    return true;
}

static bool has_room(const struct ph_text *text, size_t more)
{
    return more < text->capacity - text->length && !text->failed;
}

static void put(struct ph_text *text, struct ph_str more)
{
    char *at = text->at + text->length;
    text->length += more.length;
    at[more.length] = '\0';
    if (more.length > 0) memcpy(at, more.at, more.length);
}

/* Apart, so that what is by far the most frequent stays short. */
__attribute__((noinline)) static void put_growing(struct ph_text *text, struct ph_str more)
{
    if (grow(text, more.length)) put(text, more);
}

void ph_text_add_str(struct ph_text *text, struct ph_str more)
{
    if (has_room(text, more.length)) put(text, more);
    else put_growing(text, more);
}

void ph_text_addf(struct ph_text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0) text->failed = true;
    if (n >= 0 && (has_room(text, (size_t)n) || grow(text, (size_t)n))) {
        vsnprintf(text->at + text->length, (size_t)n + 1, format, again);
        text->length += (size_t)n;
    }
    va_end(again);
}

/* The escape of a character in JSON, or NULL when it stands for itself. */
static const char *json_escape(uint32_t code, char buffer[8])
{
    switch (code) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: break;
    }
    if (code >= 0x20) return NULL;
    snprintf(buffer, 8, "\\u%04x", (unsigned)code);
    return buffer;
}

/* The escape of a character in XML, or NULL. White space is written as a reference so that an attribute keeps it. */
static const char *xml_escape(uint32_t code, char buffer[8])
{
    (void)buffer;
    switch (code) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case '\t': return "&#9;";
    case '\n': return "&#10;";
    case '\r': return "&#13;";
    default: return code < 0x20 || code == 0xFFFE || code == 0xFFFF ? "\xEF\xBF\xBD" : NULL;
    }
}

static void add_escaped(struct ph_text *text, struct ph_str more, const char *(*escape)(uint32_t, char[8]))
{
    char buffer[8];
    size_t plain = 0; /* bytes at more.at that need no escape */
    while (plain < more.length && !text->failed) {
        uint32_t code;
        size_t n;
        enum ph_utf8 read = ph_utf8_next(ph_str_after(more, plain), &code, &n);
        const char *instead = read == PH_UTF8_OK ? escape(code, buffer) : "\xEF\xBF\xBD";
        if (instead == NULL) {
            plain += n;
            continue;
        }
        ph_text_add_str(text, (struct ph_str){more.at, plain});
        ph_text_add(text, instead);
        more = ph_str_after(more, plain + n);
        plain = 0;
    }
    ph_text_add_str(text, more);
}

void ph_text_add_json(struct ph_text *text, struct ph_str more)
{
    ph_text_add(text, "\"");
    add_escaped(text, more, json_escape);
    ph_text_add(text, "\"");
}

void ph_text_add_xml(struct ph_text *text, struct ph_str more)
{
    add_escaped(text, more, xml_escape);
}

const char *ph_text_get(const struct ph_text *text)
{
    return text->at == NULL ? "" : text->at;
}

void ph_text_clear(struct ph_text *text)
{
    text->length = 0;
    text->failed = false;
    if (text->at != NULL) text->at[0] = '\0';
}

char *ph_text_take(struct ph_text *text)
{
    ph_text_add(text, ""); /* an empty text is a text too */
    char *at = text->failed ? NULL : text->at;
    if (text->failed) free(text->at);
    ph_text_init(text, text->cap);
    return at;
}

void ph_text_dispose(struct ph_text *text)
{
    free(text->at);
    ph_text_init(text, text->cap);
}
