/* What opening and reading a sheet share. Internal to io. */
#ifndef PH_IO_SHEET_FILE_H
#define PH_IO_SHEET_FILE_H

#include "io/heading.h"
#include "io/sheet.h"
#include "io/workbook.h"

struct ph_sheet_column {
    size_t at;        /* of the grid */
    const char *name;
    const char *kind; /* of its cells, as OGR names types, or "mixed" */
    enum ph_type type;
};

struct ph_sheet {
    struct ph_arena arena;
    struct ph_workbook workbook;
    size_t chosen; /* of the workbook's sheets */
    struct ph_grid grid;
    struct ph_heading heading;
    struct ph_problems problems; /* found while opening */
    struct ph_sheet_column *columns;
    size_t column_count, rows; /* rows of data */
};

/* From grid and heading to columns: named, each name once, joined cells filled in, types settled. */
PH_MUST_USE enum ph_status ph_sheet_plan(struct ph_sheet *sheet, const struct ph_fields *const *lists, struct ph_error *err);

#endif
