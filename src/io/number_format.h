/* What a spreadsheet's number format shows a number as. */
#ifndef PH_IO_NUMBER_FORMAT_H
#define PH_IO_NUMBER_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

enum ph_number_format {
    PH_FORMAT_NUMBER,
    PH_FORMAT_PERCENT,
    PH_FORMAT_DATE,
    PH_FORMAT_MONTH /* a date that shows no day */
};

/* Of a format that every spreadsheet knows by number (ECMA-376 18.8.30, with the Chinese ones 27-36 and 50-58). */
enum ph_number_format ph_number_format_builtin(long id);
/* Of a format code, as in yyyy"年"m"月"d"日". */
enum ph_number_format ph_number_format_code(const char *code);

#define PH_FORMATTED_BYTES 48
/* Writes the text of a cell: 2021-06-01 for a date; 2021年6月 where only the month is shown and the day is the first, which
 * nobody wrote; 45% for a percentage. "" for day 0, which is how an empty cell shows through a formula. False where the
 * number cannot be what the format says (a time of day, a negative day): it is left a number. */
bool ph_number_format_write(enum ph_number_format format, double value, bool from_1904, char out[PH_FORMATTED_BYTES]);

#endif
