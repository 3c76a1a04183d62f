/* Numbers as people write them, read and printed without regard to the locale; areas printed from whole 0.01 m². */
#ifndef PH_BASE_NUMBER_H
#define PH_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum ph_parse {
    PH_PARSE_OK,
    PH_PARSE_EMPTY,   /* nothing there, or words that say so: the value is unknown */
    PH_PARSE_BAD,     /* something is there that cannot be read */
    PH_PARSE_PARTIAL, /* dates only: a year or a month without its day */
};

/* Whether the text is empty or says that there is no value: - — / \ 无 暂无 未知 不详 NULL N/A <Null> … */
bool ph_says_nothing(struct ph_str text);

/* Reads `1234.5`, `-1.2e3`, `1,234.50`, `1 234`, full-width forms of these, blanks around. Separators of thousands
 * count only in well-formed groups of three. A unit behind the number (`12.5亩`, `12.5 (万元)`, `45%`) is returned in
 * *unit, a view into text, empty when there is none; with unit NULL such a text is BAD. The value is correctly rounded.
 * On anything but OK *value is NaN. */
enum ph_parse ph_number_parse(const char *text, size_t length, double *value, struct ph_str *unit);

/* The shortest of 15, 16 or 17 digits that reads back as the same double; plain up to 16 digits before the point,
 * else d.ddde±x. Returns the length, or 0 (and "") when it does not fit or v is not finite. 32 bytes always do. */
size_t ph_number_print(char *out, size_t size, double v);

/* v with this many decimals (0 to 17), rounded half away from zero as its shortest decimal form reads: 2.675 gives
 * 2.68 although the double lies below. No "-0". Returns the length, or 0 (and "") when it does not fit or v is not finite. */
size_t ph_number_print_fixed(char *out, size_t size, double v, int decimals);

/* The same two in room of the caller's, not NUL-terminated, for who puts them elsewhere; empty when they do not fit. */
#define PH_NUMBER_ROOM 64
struct ph_str ph_number_text(char room[PH_NUMBER_ROOM], double v);
struct ph_str ph_fixed_text(char room[PH_NUMBER_ROOM], double v, int decimals);

/* Areas are whole dm² (0.01 m²); INT64_MIN is unknown. 1 mu = 2000/3 m² exactly, 1 ha = 10 000 m². */

/* dm² from m², rounded half away from zero; INT64_MIN for NaN and beyond ±9.2e16 m². */
int64_t ph_dm2_from_m2(double m2);

/* Mu in full precision, and rounded to 0.01 mu half away from zero in integer arithmetic; NaN for unknown. */
double ph_mu_from_dm2(int64_t dm2);
double ph_mu_rounded(int64_t dm2);

/* Rounded once, half away from zero, in integer arithmetic; decimals 0 to 9. Length, or 0 (and "") when it does not
 * fit or the area is unknown. */
size_t ph_print_mu(char *out, size_t size, int64_t dm2, int decimals);
size_t ph_print_m2(char *out, size_t size, int64_t dm2); /* two decimals: exact */
struct ph_str ph_m2_text(char room[PH_NUMBER_ROOM], int64_t dm2);
size_t ph_print_hectares(char *out, size_t size, int64_t dm2, int decimals);

#endif
