/* The rows of one layer of an audit, as they go to another program, and the writers they go through. */
#ifndef PH_REPORT_EXPORT_ROWS_H
#define PH_REPORT_EXPORT_ROWS_H

#include "io/gpkg_read.h"
#include "model/codelist.h"
#include "model/problems.h"
#include "model/shapes.h"
#include "model/table.h"

/* Zero-initialise. */
struct ph_export_rows {
    struct ph_table table;
    const struct ph_codelist **lists; /* per column, or NULL */
    struct ph_shapes shapes;          /* one a row */
    const char *crs;                  /* EPSG:n, else WKT; in the table's arena */
    int epsg;                         /* 0: none */
    const char *as_of;                /* of the audit, "" when it has none */
};

/* Errors: PH_E_USAGE for a layer or a condition that is not known, PH_E_INPUT. */
PH_MUST_USE enum ph_status ph_export_read(struct ph_gpkg_reader *audit, const char *layer, const char *where, struct ph_export_rows *out,
                                          struct ph_error *err);
void ph_export_rows_dispose(struct ph_export_rows *rows);

/* Writers: `path` is what is to be made, and is not there yet; notes receive what a person must know. */
PH_MUST_USE enum ph_status ph_export_txt(const struct ph_export_rows *rows, const char *path, bool gbk, struct ph_problems *notes,
                                         struct ph_error *err);
/* In `path`, a folder that is there: NAME.shp and what belongs to it, with NAME.fields.txt. */
PH_MUST_USE enum ph_status ph_export_shp(const struct ph_export_rows *rows, const char *path, const char *name, bool gbk,
                                         struct ph_problems *notes, struct ph_error *err);
PH_MUST_USE enum ph_status ph_export_gdb(const struct ph_export_rows *rows, const char *path, const char *layer, struct ph_problems *notes,
                                         struct ph_error *err);

#endif
