/* A workbook, written row by row. A text stays a text whatever it looks like: no formula, no link, no number comes of it. */
#ifndef PH_REPORT_BOOK_H
#define PH_REPORT_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* How a cell is shown; with a frame. */
enum ph_kind {
    PH_KIND_TEXT,   /* short: codes, names */
    PH_KIND_LONG,   /* sentences */
    PH_KIND_DATE,
    PH_KIND_COUNT,  /* whole numbers */
    PH_KIND_NUMBER, /* two decimals shown: areas, money */
    PH_KIND_FINE,   /* four decimals shown: ratios, points */
    PH_KIND_SHARE,  /* 0.25 is shown as 25.00% */
    PH_KINDS
};

enum ph_banner { PH_BANNER_TITLE, PH_BANNER_SECTION, PH_BANNER_NOTE };

struct ph_book;
struct ph_sheet; /* one row is being written at a time; those above it are done */

/* The first failure of any call that returns nothing is told by ph_book_finish. */
PH_MUST_USE enum ph_status ph_book_open(const char *path, const char *title, int32_t created, struct ph_book **out, struct ph_error *err);

/* Writes the file and frees the book, whatever the result. Errors: PH_E_OUTPUT, PH_E_MEMORY. */
PH_MUST_USE enum ph_status ph_book_finish(struct ph_book *book, struct ph_error *err);

/* Throws it away; writes nothing. NULL is allowed. */
void ph_book_discard(struct ph_book *book);

/* Sheets stand in the order in which they are added, and may be filled in any. A4 across, as wide as the page. The widths are
 * in characters, a Chinese one is two. `name` is static. NULL when memory is out; all else takes that for a sheet. */
struct ph_sheet *ph_book_add(struct ph_book *book, const char *name, const double *widths, size_t columns);

unsigned ph_sheet_row(const struct ph_sheet *sheet); /* of the row being written, from 1 as formulas count */
bool ph_sheet_full(const struct ph_sheet *sheet);    /* no row is left */

/* Goes on to the next row. */
void ph_sheet_next(struct ph_sheet *sheet);

/* A row of its own: one text over all columns. */
void ph_sheet_banner(struct ph_sheet *sheet, enum ph_banner kind, const char *text);

/* A row of its own: titles of columns, NULL for none. With `stays` it stays in sight and is repeated on every page. */
void ph_sheet_head(struct ph_sheet *sheet, const char *const *titles, bool stays);

/* Cells of the row from now on stand out: a total. Ends with the row. */
void ph_sheet_total(struct ph_sheet *sheet);

/* NULL and NaN leave an empty cell with its frame. Texts longer than a cell holds are cut and say so. */
void ph_cell_text(struct ph_sheet *sheet, size_t column, enum ph_kind kind, const char *text);
void ph_cell_number(struct ph_sheet *sheet, size_t column, enum ph_kind kind, double number);
void ph_cell_date(struct ph_sheet *sheet, size_t column, const char *date); /* YYYY-MM-DD; what is none stays a text */

/* A formula with the value that it has now. */
void ph_cell_formula(struct ph_sheet *sheet, size_t column, enum ph_kind kind, double value, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void ph_cell_formula_text(struct ph_sheet *sheet, size_t column, const char *value, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A filter over the rows from..to (from 1), the first of which is the head. */
void ph_sheet_filter(struct ph_sheet *sheet, unsigned from, unsigned to);

/* The letter of a column, for formulas; the first 26. */
char ph_column_letter(size_t column);

/* Printed on one page. */
void ph_sheet_one_page(struct ph_sheet *sheet);

/* Bars of the rows from..to of one column, named by another; it stands right of the table at row `at`. */
struct ph_bars {
    const char *title;
    size_t names, values; /* columns */
    enum ph_kind kind;    /* of the values */
    double largest;       /* value */
    unsigned from, to, at; /* rows, from 1 */
};
void ph_sheet_bars(struct ph_sheet *sheet, const struct ph_bars *bars);

#endif
