#include "base/number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"

bool ph_says_nothing(struct ph_str text)
{
    static const char *const words[] = {
        "",     "-",    "--",     "---",  "—",      "——",     "–",  "－", "/",  "／", "\\",
        "＼",   "无",   "暂无",   "没有", "空",     "未知",   "不详", "null", "none", "n/a", "na",
        "#n/a", "#n/a!", "<null>", "<空>", "(null)", "\\n",
    };
    text = ph_str_trim(text);
    if (text.length > 0 && text.at[0] >= '0' && text.at[0] <= '9') return false; /* by far the most frequent case */
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (ph_str_same(text, ph_str_of(words[i]))) return true;
    }
    return false;
}

/* A number taken apart: the digits as ASCII text for strtod, and the rest of the text. */
struct scan {
    struct ph_str rest;
    char ascii[512]; /* sign, digits, point, exponent */
    size_t length;
    size_t digits; /* of the mantissa */
};

/* The next character in half width, U+2212 as '-', narrow blanks as ' '; 0 at the end. */
static uint32_t peek(const struct scan *scan, size_t skip, size_t *next)
{
    struct ph_str rest = ph_str_after(scan->rest, skip);
    *next = skip;
    if (rest.length == 0) return 0;
    uint32_t code;
    size_t n;
    ph_utf8_next(rest, &code, &n);
    *next = skip + n;
    code = ph_half_width(code);
    if (code == 0x2212) return '-';
    return code == 0x2009 || code == 0x202F ? ' ' : code;
}

static bool is_digit(uint32_t code)
{
    return code >= '0' && code <= '9';
}

static bool put(struct scan *scan, uint32_t code)
{
    if (scan->length + 1 >= sizeof scan->ascii) return false;
    scan->ascii[scan->length++] = (char)code;
    scan->ascii[scan->length] = '\0';
    return true;
}

static void skip_to(struct scan *scan, size_t next)
{
    scan->rest = ph_str_after(scan->rest, next);
}

/* Takes digits as long as there are any; *count receives how many. */
static bool take_digits(struct scan *scan, size_t *count)
{
    size_t next;
    uint32_t code;
    *count = 0;
    while (is_digit(code = peek(scan, 0, &next))) {
        if (!put(scan, code)) return false;
        skip_to(scan, next);
        ++*count;
    }
    scan->digits += *count;
    return true;
}

static void take_sign(struct scan *scan)
{
    size_t next;
    uint32_t code = peek(scan, 0, &next);
    if (code != '+' && code != '-') return;
    put(scan, code);
    skip_to(scan, next);
}

/* Digits before the point with separators of thousands. False when the groups are not well formed. */
static bool take_whole(struct scan *scan)
{
    size_t count, next;
    size_t start = scan->length;
    if (!take_digits(scan, &count)) return false;
    uint32_t separator = peek(scan, 0, &next);
    if (separator != ',' && separator != ' ') return true;
    if (!is_digit(peek(scan, next, &(size_t){0}))) return true; /* a blank before a unit, or a stray comma */
    if (count == 0 || count > 3 || scan->ascii[start] == '0') return false;
    while (peek(scan, 0, &next) == separator && is_digit(peek(scan, next, &(size_t){0}))) {
        skip_to(scan, next);
        if (!take_digits(scan, &count) || count != 3) return false;
    }
    return true;
}

/* An exponent, if an e is followed by one. */
static bool take_exponent(struct scan *scan)
{
    size_t next, after, count;
    uint32_t code = peek(scan, 0, &next);
    if (code != 'e' && code != 'E') return true;
    uint32_t sign = peek(scan, next, &after);
    bool is_signed = sign == '+' || sign == '-';
    if (!is_digit(is_signed ? peek(scan, after, &(size_t){0}) : sign)) return true;
    size_t digits = scan->digits;
    if (!put(scan, 'e')) return false;
    skip_to(scan, next);
    take_sign(scan);
    bool taken = take_digits(scan, &count) && count <= 5;
    scan->digits = digits;
    return taken;
}

static bool take_number(struct scan *scan)
{
    size_t next, count;
    take_sign(scan);
    if (!take_whole(scan)) return false;
    if (peek(scan, 0, &next) == '.') {
        if (!put(scan, '.')) return false;
        skip_to(scan, next);
        if (!take_digits(scan, &count)) return false;
    }
    return scan->digits > 0 && take_exponent(scan);
}

static bool may_start_unit(uint32_t code)
{
    if (code < 0x80) return (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z') || code == '%';
    if (code < 0xC0) return code == 0xB0 || code == 0xB5;
    if (code == 0xD7 || code == 0xF7 || code == 0xFFFD) return false;
    return code == 0x2030 || !((code >= 0x2000 && code <= 0x206F) || (code >= 0x3000 && code <= 0x303F));
}

/* Whether what follows a number can be a unit: no further number hides in it (`0x1A`, `2021-06-01`, `3亩5分`, `1.2.3`). */
static bool looks_like_unit(struct ph_str text)
{
    struct scan scan = {.rest = text};
    size_t next;
    uint32_t before = 0, code;
    if (!may_start_unit(peek(&scan, 0, &next))) return false;
    for (size_t at = 0; (code = peek(&scan, at, &next)) != 0; at = next) {
        if (is_digit(code) && !(code == '2' && (before == 'm' || before == 'M'))) return false;
        if (code == '-' || code == '+' || code == '.' || code == ',' || code == '~') return false;
        before = code;
    }
    return true;
}

/* The unit behind the number, without the brackets around it. */
static bool take_unit(struct scan *scan, struct ph_str *unit)
{
    static const char *const brackets[][2] = {{"(", ")"}, {"（", "）"}, {"[", "]"}, {"【", "】"}};
    struct ph_str text = ph_str_trim(scan->rest);
    for (size_t i = 0; i < sizeof brackets / sizeof *brackets; i++) {
        struct ph_str open = ph_str_of(brackets[i][0]), close = ph_str_of(brackets[i][1]);
        if (text.length <= open.length + close.length) continue;
        struct ph_str head = {text.at, open.length}, tail = {text.at + text.length - close.length, close.length};
        if (!ph_str_equal(head, open) || !ph_str_equal(tail, close)) continue;
        text = ph_str_trim((struct ph_str){text.at + open.length, text.length - open.length - close.length});
        break;
    }
    if (text.length > 0 && (unit == NULL || !looks_like_unit(text))) return false;
    if (unit != NULL) *unit = text;
    return true;
}

#if FLT_EVAL_METHOD == 0
/* Plain digits with a sign and a point perhaps, up to 15 of them, over a power of ten that is a double itself: one
 * rounding, so correctly rounded. False for anything else. */
static bool exact_value(struct ph_str text, double *value)
{
    static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
    uint64_t mantissa = 0;
    size_t at = text.length && (text.at[0] == '-' || text.at[0] == '+'), point = SIZE_MAX;
    size_t digits = text.length - at;
    bool negative = at && text.at[0] == '-';
    if (digits > 19) return false; /* so many fit into mantissa */
    for (; at < text.length; at++) {
        unsigned digit = (unsigned)text.at[at] - '0';
        if (digit <= 9) {
            mantissa = mantissa * 10 + digit;
        } else if (text.at[at] == '.' && point == SIZE_MAX) {
            point = at;
            digits--;
        } else {
            return false;
        }
    }
    if (digits == 0 || mantissa >= 1000000000000000) return false;
    double size = (double)(int64_t)mantissa / powers[point == SIZE_MAX ? 0 : text.length - point - 1];
    *value = negative ? -size : size;
    return true;
}
#else
static bool exact_value(struct ph_str text, double *value)
{
    (void)text;
    (void)value;
    return false;
}
#endif

/* Runs strtod under the C locale, of this thread only. */
static double c_strtod(const char *ascii)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c == (locale_t)0) return NAN;
    locale_t before = uselocale(c);
    double value = strtod(ascii, NULL);
    uselocale(before);
    freelocale(c);
    return value;
}

enum ph_parse ph_number_parse(const char *text, size_t length, double *value, struct ph_str *unit)
{
    *value = NAN;
    if (unit != NULL) *unit = (struct ph_str){text, 0};
    struct ph_str trimmed = ph_str_trim((struct ph_str){text, length});
    double read;
    if (exact_value(trimmed, &read)) { /* by far the most */
        *value = read == 0 ? 0.0 : read; /* no -0 */
        return PH_PARSE_OK;
    }
    if (ph_says_nothing(trimmed)) return PH_PARSE_EMPTY;
    struct scan scan = {.rest = trimmed};
    struct ph_str found = {text, 0};
    if (!take_number(&scan) || !take_unit(&scan, unit == NULL ? NULL : &found)) return PH_PARSE_BAD;
    if (!exact_value((struct ph_str){scan.ascii, scan.length}, &read)) read = c_strtod(scan.ascii);
    if (!isfinite(read)) return PH_PARSE_BAD;
    *value = read == 0 ? 0.0 : read;
    if (unit != NULL) *unit = found;
    return PH_PARSE_OK;
}

/* The shortest of 15, 16, 17 digits that reads back as v (finite). */
static bool shortest(double v, struct ph_decimal *d)
{
    if (ph_decimal_shortest(v, d)) return true;
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c == (locale_t)0) return false;
    locale_t before = uselocale(c);
    char text[40];
    for (int precision = 14; precision <= 16; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, fabs(v));
        if (strtod(text, NULL) == fabs(v)) break;
    }
    char *e = strchr(text, 'e');
    d->decimals = (int)(e - text) - 2 - (int)strtol(e + 1, NULL, 10);
    uselocale(before);
    freelocale(c);
    for (const char *p = text; p < e; p++) {
        if (*p != '.') d->digits = d->digits * 10 + (uint64_t)(*p - '0');
    }
    ph_decimal_strip(d);
    return true;
}

/* Copies the text if it fits. */
static size_t deliver(char *out, size_t size, struct ph_str text)
{
    if (text.length >= size) {
        if (size > 0) out[0] = '\0';
        return 0;
    }
    memcpy(out, text.at, text.length);
    out[text.length] = '\0';
    return text.length;
}

static char *put_pair(char *at, uint64_t two)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
                                "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
                                "8081828384858687888990919293949596979899";
    return memcpy(at - 2, &pairs[2 * two], 2);
}

/* Writes v / 10^decimals in front of `at`; returns where it begins. */
static char *put_digits(char *at, uint64_t v, int decimals)
{
    if (decimals > 0) {
        if (decimals % 2) {
            *--at = (char)('0' + v % 10);
            v /= 10;
        }
        for (int n = decimals / 2; n > 0; n--, v /= 100) at = put_pair(at, v % 100);
        *--at = '.';
    }
    for (; v > 99; v /= 100) at = put_pair(at, v % 100);
    if (v > 9) return put_pair(at, v);
    *--at = (char)('0' + v);
    return at;
}

/* The same with a sign. */
static struct ph_str put_number(char *end, bool negative, uint64_t v, int decimals)
{
    char *at = put_digits(end, v, decimals);
    if (negative && v > 0) *--at = '-';
    return (struct ph_str){at, (size_t)(end - at)};
}

/* With at least that many decimals. */
static struct ph_str put_decimal(char *end, const struct ph_decimal *d, int decimals)
{
    char *at = end;
    int own = d->decimals > 0 ? d->decimals : 0;
    for (int i = own; i < decimals; i++) *--at = '0';
    if (own == 0 && decimals > 0) *--at = '.';
    for (int i = d->decimals; i < 0; i++) *--at = '0';
    struct ph_str number = put_number(at, d->negative, d->digits, own);
    return (struct ph_str){number.at, (size_t)(end - number.at)};
}

/* The common case: v is so far from halfway between two results that the error of one multiplication cannot matter.
 * Empty when it is not. */
static struct ph_str far_from_tie(char room[PH_NUMBER_ROOM], double v, int decimals)
{
    static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10};
    if (decimals < 0 || decimals > 10) return PH_STR("");
    double scaled = fabs(v) * powers[decimals];
    if (!(scaled < 1e12)) return PH_STR("");
    int64_t whole = (int64_t)scaled;
    double fraction = scaled - (double)whole;
    if (fabs(fraction - 0.5) < 1e-3) return PH_STR("");
    return put_number(room + PH_NUMBER_ROOM, v < 0, (uint64_t)(whole + (fraction > 0.5)), decimals);
}

static size_t print_carefully(char *out, size_t size, double v, int decimals)
{
    struct ph_decimal d;
    char text[400];
    if (decimals < 0) decimals = 0;
    if (decimals > 17) decimals = 17;
    if (!isfinite(v) || !shortest(v, &d)) return deliver(out, size, PH_STR(""));
    ph_decimal_round(&d, decimals);
    return deliver(out, size, put_decimal(text + sizeof text, &d, decimals));
}

struct ph_str ph_fixed_text(char room[PH_NUMBER_ROOM], double v, int decimals)
{
    struct ph_str quick = far_from_tie(room, v, decimals);
    return quick.length ? quick : (struct ph_str){room, print_carefully(room, PH_NUMBER_ROOM, v, decimals)};
}

size_t ph_number_print_fixed(char *out, size_t size, double v, int decimals)
{
    char room[PH_NUMBER_ROOM];
    struct ph_str quick = far_from_tie(room, v, decimals);
    return quick.length ? deliver(out, size, quick) : print_carefully(out, size, v, decimals);
}

struct ph_str ph_number_text(char room[PH_NUMBER_ROOM], double v)
{
    struct ph_decimal d;
    char *end = room + PH_NUMBER_ROOM, mantissa[24];
    if (fabs(v) < 1e12 && v == (double)(int64_t)v) return put_number(end, v < 0, (uint64_t)fabs(v), 0);
    if (!isfinite(v) || !shortest(v, &d)) return PH_STR("");
    if (fabs(v) >= 1e-5 && fabs(v) < 1e16) return put_decimal(end, &d, 0);
    struct ph_str digits = put_number(mantissa + sizeof mantissa, false, d.digits, 0);
    int more = (int)digits.length - 1;
    int n = snprintf(room, PH_NUMBER_ROOM, "%s%c%s%.*se%d", d.negative ? "-" : "", digits.at[0], more ? "." : "", more, digits.at + 1, more - d.decimals);
    return (struct ph_str){room, (size_t)n};
}

size_t ph_number_print(char *out, size_t size, double v)
{
    char room[PH_NUMBER_ROOM];
    return deliver(out, size, ph_number_text(room, v));
}

int64_t ph_dm2_from_m2(double m2)
{
    double dm2 = round(m2 * 100);
    return fabs(dm2) < 9.2e18 ? (int64_t)dm2 : INT64_MIN; /* NaN compares false */
}

/* Whole and fraction (in units of 10^-decimals) of |dm2| * times / over, rounded half away from zero. */
static void split(int64_t dm2, uint64_t times, uint64_t over, uint64_t scale, uint64_t *whole, uint64_t *fraction)
{
    uint64_t size = dm2 < 0 ? (uint64_t)-dm2 : (uint64_t)dm2;
    uint64_t rest = size % over * times;
    *whole = size / over * times + rest / over;
    *fraction = (rest % over * scale + over / 2) / over;
    if (*fraction == scale) {
        ++*whole;
        *fraction = 0;
    }
}

static size_t print_area(char *out, size_t size, int64_t dm2, uint64_t times, uint64_t over, int decimals)
{
    if (dm2 == INT64_MIN) return deliver(out, size, PH_STR(""));
    if (decimals < 0) decimals = 0;
    if (decimals > 9) decimals = 9;
    uint64_t scale = 1, whole, fraction;
    for (int i = 0; i < decimals; i++) scale *= 10;
    split(dm2, times, over, scale, &whole, &fraction);
    char room[PH_NUMBER_ROOM], *end = room + sizeof room, *at = end;
    if (decimals > 0) at = put_digits(at, fraction, decimals) + 1; /* its whole part is 0 and gives way */
    at = put_digits(at, whole, 0);
    if (dm2 < 0 && (whole > 0 || fraction > 0)) *--at = '-';
    return deliver(out, size, (struct ph_str){at, (size_t)(end - at)});
}

size_t ph_print_mu(char *out, size_t size, int64_t dm2, int decimals)
{
    return print_area(out, size, dm2, 3, 200000, decimals);
}

struct ph_str ph_m2_text(char room[PH_NUMBER_ROOM], int64_t dm2)
{
    return dm2 == INT64_MIN ? PH_STR("") : put_number(room + PH_NUMBER_ROOM, dm2 < 0, dm2 < 0 ? (uint64_t)-dm2 : (uint64_t)dm2, 2);
}

size_t ph_print_m2(char *out, size_t size, int64_t dm2)
{
    char room[PH_NUMBER_ROOM];
    return deliver(out, size, ph_m2_text(room, dm2));
}

size_t ph_print_hectares(char *out, size_t size, int64_t dm2, int decimals)
{
    return print_area(out, size, dm2, 1, 1000000, decimals);
}

double ph_mu_from_dm2(int64_t dm2)
{
    return dm2 == INT64_MIN ? NAN : (double)dm2 * 3 / 200000;
}

double ph_mu_rounded(int64_t dm2)
{
    if (dm2 == INT64_MIN) return NAN;
    uint64_t whole, fraction;
    split(dm2, 3, 200000, 100, &whole, &fraction);
    double hundredths = (double)(whole * 100 + fraction);
    return (dm2 < 0 && hundredths > 0 ? -hundredths : hundredths) / 100;
}
