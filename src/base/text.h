/* UTF-8 text: views, trimming, widths, and a builder that fails once. */
#ifndef PH_BASE_TEXT_H
#define PH_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes that belong to somebody else; not NUL-terminated. */
struct ph_str {
    const char *at;
    size_t length;
};

#define PH_STR(literal) ((struct ph_str){"" literal, sizeof(literal) - 1})

/* A view of a NUL-terminated text; NULL gives an empty view. */
static inline struct ph_str ph_str_of(const char *text)
{
    return text == NULL ? (struct ph_str){"", 0} : (struct ph_str){text, strlen(text)};
}

/* The first `length` bytes less, or everything after them; length is limited to what is there. */
struct ph_str ph_str_after(struct ph_str text, size_t length);

bool ph_str_equal(struct ph_str a, struct ph_str b);

/* Equal without regard to ASCII case. */
bool ph_str_same(struct ph_str a, struct ph_str b);

/* As strcmp, without regard to ASCII case and independent of the locale. */
int ph_text_compare_nocase(const char *a, const char *b);

/* A-Z to a-z (or back), everything else unchanged. */
char ph_lower(char c);
char ph_upper(char c);

/* Whether the code point is a blank: ASCII white space, NUL (DBF padding), NBSP, U+2000-200B, U+202F, U+3000, U+FEFF. */
bool ph_is_blank(uint32_t code);

/* Without the blanks at both ends. */
struct ph_str ph_str_trim(struct ph_str text);

/* Whether there is nothing but ASCII spaces. */
bool ph_str_only_spaces(struct ph_str text);

enum ph_utf8 {
    PH_UTF8_OK,
    PH_UTF8_BAD, /* not UTF-8: over-long, surrogate, beyond U+10FFFF, stray byte */
    PH_UTF8_CUT, /* right so far, but the text ends inside the character */
};

/* Reads the first character of a text that is not empty. *length receives the bytes taken (at least 1);
 * for BAD and CUT that is the part that cannot be read, and *code is U+FFFD. */
enum ph_utf8 ph_utf8_next(struct ph_str text, uint32_t *code, size_t *length);

/* Writes a code point as 1 to 4 bytes and returns how many; surrogates and beyond become U+FFFD. */
size_t ph_utf8_put(char out[4], uint32_t code);

bool ph_utf8_valid(const char *text, size_t length);

/* Columns on a terminal: East Asian wide 2, combining and control characters 0, others 1 (ambiguous ones too). */
size_t ph_utf8_width(const char *text, size_t length);

/* Full-width ASCII (U+FF01-FF5E) and the blanks U+3000 and U+00A0 to their half-width twins; others unchanged. */
uint32_t ph_half_width(uint32_t code);

/* The same over a text, NUL-terminated in out; never longer than the text. False (and "") when it does not fit. */
bool ph_str_half_width(struct ph_str text, char *out, size_t size);

/* A growing text that never exceeds its cap. The first failure (cap, memory) sticks: check `failed`, or what
 * ph_text_take returns, once at the end. */
struct ph_text {
    char *at; /* NUL-terminated; NULL before the first byte */
    size_t length, capacity, cap;
    bool failed;
};

/* cap: the longest text allowed, in bytes. Allocates nothing. */
void ph_text_init(struct ph_text *text, size_t cap);
void ph_text_add_str(struct ph_text *text, struct ph_str more);

static inline void ph_text_add(struct ph_text *text, const char *more)
{
    ph_text_add_str(text, ph_str_of(more));
}

/* printf without floating-point conversions (they follow the locale: use ph_number_print). */
void ph_text_addf(struct ph_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A JSON string with its quotes; bytes that are not UTF-8 become U+FFFD. */
void ph_text_add_json(struct ph_text *text, struct ph_str more);

/* Fit for XML 1.0 and HTML, content or attribute; characters that XML forbids become U+FFFD. */
void ph_text_add_xml(struct ph_text *text, struct ph_str more);

/* The text so far, NUL-terminated; "" when nothing was added. Valid until the next change. */
const char *ph_text_get(const struct ph_text *text);

/* Empties the text and forgets a failure; keeps the memory. */
void ph_text_clear(struct ph_text *text);

/* Hands the text over (to be freed with free()) and empties the builder; NULL when anything had failed. */
char *ph_text_take(struct ph_text *text);
void ph_text_dispose(struct ph_text *text);

#endif
