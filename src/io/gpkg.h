/* Writes a GeoPackage: whole or not at all. GDAL makes the file, its spatial reference and the R-tree;
 * rows are packed into pages of the file (io/row.h, io/tree.h).
 *
 * The file is written as NAME.part in the same folder and renamed by ph_gpkg_finish. */
#ifndef PH_IO_GPKG_H
#define PH_IO_GPKG_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "model/codelist.h"
#include "model/shapes.h"
#include "model/table.h"

struct ph_gpkg_column {
    const char *name, *title;       /* title: Chinese alias, may be NULL */
    enum ph_type type;
    const struct ph_column *values; /* NULL: unknown in every row */
    size_t first;                   /* the row that the first of the values is of */
    const char *codelist;           /* name of a list in model/codelist.h, or NULL */
    const char *references;         /* "table(column)" of a foreign key, or NULL */
};

/* Primary key: `fid`, 1 to `rows`. Geometry, when shapes is given: `geom`, MULTIPOLYGON, or POINT. */
struct ph_gpkg_layer {
    const char *name, *title;
    const struct ph_gpkg_column *columns;
    size_t column_count;
    size_t rows;
    const struct ph_shapes *shapes;
    const struct ph_bundles *bundles; /* NULL: the rows are the shapes */
    bool points;                      /* each shape is one ring of one point: a place */
};

struct ph_gpkg;

/* Starts PATH.part. crs: WKT or "EPSG:n". stamp: YYYY-MM-DD, written wherever the format wants a time of change. */
PH_MUST_USE enum ph_status ph_gpkg_create(const char *path, const char *crs, const char *stamp, struct ph_gpkg **out,
                                          struct ph_error *err);

/* A layer whose rows are all there. */
PH_MUST_USE enum ph_status ph_gpkg_add_layer(struct ph_gpkg *gpkg, const struct ph_gpkg_layer *layer, struct ph_error *err);

/* The same in pieces, for rows that come little by little. Several layers may be open at once. */
struct ph_gpkg_rows;
struct ph_records; /* io/row.h */

/* layer->rows is not looked at; there will be one row a shape. The layer is borrowed until ph_gpkg_end_layer. */
PH_MUST_USE enum ph_status ph_gpkg_begin_layer(struct ph_gpkg *gpkg, const struct ph_gpkg_layer *layer, struct ph_gpkg_rows **rows,
                                               struct ph_error *err);

/* Writes the elements from <= i < to of the columns' values as the next rows; columns: as many as the layer has, NULL for
 * the layer's own. The shapes go by the number of the row in the layer. */
PH_MUST_USE enum ph_status ph_gpkg_write_rows(struct ph_gpkg_rows *rows, const struct ph_gpkg_column *columns, size_t from, size_t to,
                                              struct ph_error *err);

/* The two halves of it. The first may be called by several threads at once, and meanwhile other layers be written; first: number of
 * the element `from` in the layer, where it has shapes. The second takes the rows in their order. */
PH_MUST_USE enum ph_status ph_gpkg_make_rows(const struct ph_gpkg_rows *rows, const struct ph_gpkg_column *columns, size_t from, size_t to,
                                             size_t first, struct ph_records *out, struct ph_error *err);
PH_MUST_USE enum ph_status ph_gpkg_put_rows(struct ph_gpkg_rows *rows, const struct ph_records *records, struct ph_error *err);

/* Extent and index, which need the shapes only: before all rows are there if that is a better time, else ph_gpkg_end_layer does it. */
PH_MUST_USE enum ph_status ph_gpkg_index_layer(struct ph_gpkg_rows *rows, struct ph_error *err);

/* Frees rows, whatever the result. With `abandon` it only frees. */
PH_MUST_USE enum ph_status ph_gpkg_end_layer(struct ph_gpkg_rows *rows, bool abandon, struct ph_error *err);

/* A spatial view on a layer written before: the rows for which the SQL condition holds. */
PH_MUST_USE enum ph_status ph_gpkg_add_view(struct ph_gpkg *gpkg, const char *name, const char *title,
                                            const struct ph_gpkg_layer *layer, const char *where, struct ph_error *err);

/* A spatial view on a table: its rows for which the SQL condition holds, at the place of the feature of `layer` whose fid
 * stands in their column `key`. Both were written before. */
PH_MUST_USE enum ph_status ph_gpkg_add_placed_view(struct ph_gpkg *gpkg, const char *name, const char *title, const char *table,
                                                   const char *layer, const char *key, const char *where, struct ph_error *err);

/* What has been written so far, to be queried; lives as long as gpkg. */
struct ph_gpkg_reader *ph_gpkg_written(struct ph_gpkg *gpkg);

/* The CRS of the file in words that QGIS understands; `code` is "" for one without. Allocated in the arena. */
struct ph_gpkg_crs {
    const char *wkt, *proj, *code, *name;
    const char *ellipsoid; /* "EPSG:1024", or "PARAMETER:a:b" */
    bool geographic;
};
PH_MUST_USE enum ph_status ph_gpkg_crs(const struct ph_gpkg *gpkg, struct ph_arena *arena, struct ph_gpkg_crs *out, struct ph_error *err);

/* Where the project goes that is published beside a file: NAME.qgz for NAME.gpkg. */
void ph_gpkg_sidecar(const char *path, char *out, size_t size);

/* Puts a QGIS project (a .qgs document) into the file under this name; ph_gpkg_finish puts it beside the file as well.
 * At most once. */
PH_MUST_USE enum ph_status ph_gpkg_add_project(struct ph_gpkg *gpkg, const char *name, struct ph_str document, struct ph_error *err);

/* The default style of a layer, view or table. */
PH_MUST_USE enum ph_status ph_gpkg_add_style(struct ph_gpkg *gpkg, const char *layer, bool spatial, const char *title, const char *qml,
                                             struct ph_error *err);

/* Builds the R-trees, closes, makes durable and renames; both files or neither. The handle is gone afterwards, whatever the result. */
PH_MUST_USE enum ph_status ph_gpkg_finish(struct ph_gpkg *gpkg, struct ph_error *err);

/* Throws the unfinished file away. NULL is allowed. */
void ph_gpkg_discard(struct ph_gpkg *gpkg);

#endif
