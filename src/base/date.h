/* Calendar dates as days since 1970-01-01 (proleptic Gregorian); INT32_MIN is unknown and stays unknown. */
#ifndef PH_BASE_DATE_H
#define PH_BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/number.h"

/* Reads 2021-06-01, 2021/6/1, 2021.6.1, 20210601, 2021年6月1日, each also with a time of day (which is dropped;
 * a time zone other than +08:00 is BAD, since the day could be another one), in full width too. Years 1900 to 2200.
 * A year or a month without its day is PARTIAL: the day is not guessed. 00000000 and blank forms (`  -  -  `) are EMPTY.
 * Serial numbers of spreadsheets are BAD. On anything but OK *days is INT32_MIN. */
enum ph_parse ph_date_parse(const char *text, size_t length, int32_t *days);

/* Days of a date, INT32_MIN when there is no such day or the year is not within 1 to 9999. */
int32_t ph_date_of(int year, int month, int day);

/* The parts of a date; false for unknown and for years outside 1 to 9999. */
bool ph_date_parts(int32_t days, int *year, int *month, int *day);

/* Whether the day is in a year that ph_date_parse reads. */
bool ph_date_fits(int32_t days);

/* YYYY-MM-DD, or "" when unknown. */
void ph_date_print(char out[11], int32_t days);

/* The same day n years or months on (n may be negative); a day that the month lacks becomes its last one
 * (29 February + 1 year = 28 February). Unknown when the result is outside the years 1 to 9999. */
int32_t ph_date_add_years(int32_t days, int64_t years);
int32_t ph_date_add_months(int32_t days, int64_t months);
int32_t ph_date_add_days(int32_t days, int64_t more);

/* Days from `from` to `to`; INT64_MIN when either is unknown. */
int64_t ph_date_days_between(int32_t from, int32_t to);

/* Full months from `from` to `to`: the largest n with ph_date_add_months(from, n) <= to; negative when `to` comes
 * first (the same count with the sign turned). INT64_MIN when either is unknown. */
int64_t ph_date_months_between(int32_t from, int32_t to);

#endif
