/* Where in a sheet the header stands, and which rows are no data: titles, units, column numbers, sums, remarks. */
#ifndef PH_IO_HEADING_H
#define PH_IO_HEADING_H

#include "io/grid.h"
#include "model/name.h"

/* What a row of the sheet is. */
enum ph_row_role { PH_ROW_DATA, PH_ROW_TITLE, PH_ROW_HEADER, PH_ROW_UNITS, PH_ROW_NUMBERING, PH_ROW_REPEATED, PH_ROW_SUM, PH_ROW_REMARK };

/* Zero-initialise. */
struct ph_heading {
    struct ph_arena arena;
    size_t known;           /* fields of the list that fits best which some column is named for */
    const char **names;     /* per column; NULL: none */
    const char **units;     /* per column, of a row of units; NULL: none */
    const char *table_units; /* units named for all columns, 、 between; NULL: none */
    unsigned char *roles;   /* enum ph_row_role, per row of the grid */
    size_t columns;
};

/* Finds the header: one row, or up to three where cells are joined or groups stand above, by the names of the fields in
 * `lists` (NULL-terminated). Where no name is known, the first row is taken and `known` is 0. */
PH_MUST_USE enum ph_status ph_heading_find(const struct ph_grid *grid, const struct ph_fields *const *lists, struct ph_heading *out,
                                           struct ph_error *err);
void ph_heading_dispose(struct ph_heading *heading);

#endif
