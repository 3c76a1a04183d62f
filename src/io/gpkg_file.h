/* What the two halves of the GeoPackage writer share: the open file, and SQL on it. Internal to io. */
#ifndef PH_IO_GPKG_FILE_H
#define PH_IO_GPKG_FILE_H

#include <cpl_conv.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <sqlite3.h>

#include "io/gpkg.h"
#include "io/tail.h"
#include "io/target.h"

#define PH_GPKG_SPATIAL_CAP 16

struct ph_gpkg {
    char path[PH_TARGET_PATH_CAP], part[PH_TARGET_PATH_CAP + 8];
    char stamp[32]; /* YYYY-MM-DDT00:00:00.000Z */
    GDALDatasetH dataset;
    sqlite3 *db; /* the dataset's own */
    struct ph_tail tail;            /* on db */
    struct ph_gpkg_reader *written; /* on db */
    unsigned char *project; /* its archive, for the file beside; NULL: none */
    size_t project_length;
    OGRSpatialReferenceH srs;
    int srs_id; /* known after the first spatial layer */
    bool packs; /* fills the R-trees itself, as each layer is written; else GDAL does at the end */
    const char *spatial[PH_GPKG_SPATIAL_CAP]; /* layers still without an R-tree */
    size_t spatial_count;
};

/* Who writes now: SQLite, in a transaction, or we, behind its pages. Both do nothing when it is so already. */
PH_MUST_USE enum ph_status ph_gpkg_to_sql(struct ph_gpkg *gpkg, struct ph_error *err);
PH_MUST_USE enum ph_status ph_gpkg_to_pages(struct ph_gpkg *gpkg, struct ph_error *err);

/* One or more statements, in a transaction; `format` as sqlite3_mprintf (%Q text literal, %w inside double quotes). */
PH_MUST_USE enum ph_status ph_gpkg_sql(struct ph_gpkg *gpkg, struct ph_error *err, const char *format, ...);

/* The error of the last SQLite call: PH_E_OUTPUT, with what to do when the disk is full. */
enum ph_status ph_gpkg_failed(const struct ph_gpkg *gpkg, struct ph_error *err);

/* Gives the closed file its name, and the project beside it. */
PH_MUST_USE enum ph_status ph_gpkg_publish(const struct ph_gpkg *gpkg, struct ph_error *err);

/* The R-tree of a layer with its triggers and registration, filled with the rows the layer has. */
PH_MUST_USE enum ph_status ph_gpkg_create_index(struct ph_gpkg *gpkg, const char *layer, struct ph_error *err);

#endif
