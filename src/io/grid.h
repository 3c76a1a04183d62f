/* A sheet as its file holds it: rows of cells, and what each cell is known to be. */
#ifndef PH_IO_GRID_H
#define PH_IO_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

enum ph_cell_kind {
    PH_CELL_BLANK,
    PH_CELL_TEXT,
    PH_CELL_NUMBER,   /* text: as the file writes the number, decimal point */
    PH_CELL_PERCENT,  /* text: 45% */
    PH_CELL_DATE,     /* text: YYYY-MM-DD, or a month without its day as it is shown */
    PH_CELL_NO_VALUE, /* a formula whose result was not stored; text: the formula, or "" */
    PH_CELL_FAULT     /* the error that a formula ended in; text: #REF! */
};

struct ph_cell {
    const char *text; /* trimmed UTF-8; NULL for PH_CELL_BLANK only */
    enum ph_cell_kind kind;
};

struct ph_grid_row {
    size_t number;         /* 1-based, as a person sees it */
    struct ph_cell *cells; /* from column 0 on; those beyond `count` are blank */
    size_t count;
};

/* Cells joined into one; 0-based columns, row numbers from 1; last ones included. */
struct ph_merge {
    size_t first_row, last_row, first_column, last_column;
};

/* Zero-initialise. Rows without any cell are left out. */
struct ph_grid {
    struct ph_arena arena;
    struct ph_grid_row *rows;
    size_t row_count, row_capacity, cell_count, columns;
    struct ph_merge *merges;
    size_t merge_count, merge_capacity;
    struct ph_cell *pending; /* of the row under way */
    size_t pending_count, pending_capacity;
};

#define PH_GRID_COLUMNS ((size_t)16384)
#define PH_GRID_ROWS ((size_t)1048576)

/* Puts a cell into the row under way; blank text leaves it blank. Errors: PH_E_INPUT beyond PH_GRID_COLUMNS. */
PH_MUST_USE enum ph_status ph_grid_put(struct ph_grid *grid, size_t column, enum ph_cell_kind kind, struct ph_str text, struct ph_error *err);
/* Closes the row under way; numbers must rise. Errors: PH_E_INPUT beyond PH_GRID_ROWS and when there are too many cells. */
PH_MUST_USE enum ph_status ph_grid_end_row(struct ph_grid *grid, size_t number, struct ph_error *err);
/* The row that was closed last once more, under the next number. */
PH_MUST_USE enum ph_status ph_grid_repeat_row(struct ph_grid *grid, struct ph_error *err);
PH_MUST_USE enum ph_status ph_grid_merge(struct ph_grid *grid, struct ph_merge merge, struct ph_error *err);

/* Never NULL: a blank one where there is none. */
const struct ph_cell *ph_grid_cell(const struct ph_grid_row *row, size_t column);

#define PH_PLACE_BYTES 32
/* "C5": column and row as a spreadsheet names them; row 0: the column alone. */
void ph_grid_place(char out[PH_PLACE_BYTES], size_t column, size_t row);
/* The column of "C5" or "C", SIZE_MAX when it is none; *row (may be NULL) receives 5, or 0. */
size_t ph_grid_column(const char *place, size_t *row);

void ph_grid_dispose(struct ph_grid *grid);

#endif
