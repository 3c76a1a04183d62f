#include "io/gpkg.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/gpkg_file.h"
#include "io/gpkg_read.h"
#include "io/watch.h"
#include "io/writeback.h"

enum ph_status ph_gpkg_failed(const struct ph_gpkg *gpkg, struct ph_error *err)
{
    int code = sqlite3_errcode(gpkg->db);
    if (code == SQLITE_FULL) return ph_target_no_space(gpkg->path, err);
    const char *message = sqlite3_errmsg(gpkg->db);
    return ph_target_failed(gpkg->path, message, err);
}

/* What GDAL said while watched, as a status. */
static enum ph_status judge(const struct ph_gpkg *gpkg, const struct ph_watch *watch, struct ph_error *err)
{
    if (watch->failures == 0) return PH_OK;
    if (sqlite3_errcode(gpkg->db) == SQLITE_FULL || strstr(watch->first_failure, "full")) return ph_target_no_space(gpkg->path, err);
    return ph_target_failed(gpkg->path, watch->first_failure, err);
}

/* GDAL must know of a transaction, or it would start others inside. */
static enum ph_status transact(struct ph_gpkg *gpkg, bool begin, struct ph_error *err)
{
    struct ph_watch watch;
    ph_watch_begin(&watch);
    OGRErr result = begin ? GDALDatasetStartTransaction(gpkg->dataset, FALSE) : GDALDatasetCommitTransaction(gpkg->dataset);
    ph_watch_end();
    PH_TRY(judge(gpkg, &watch, err));
    return result == OGRERR_NONE ? PH_OK : ph_gpkg_failed(gpkg, err);
}

enum ph_status ph_gpkg_to_pages(struct ph_gpkg *gpkg, struct ph_error *err)
{
    if (gpkg->tail.begun) return PH_OK;
    PH_TRY(transact(gpkg, false, err));
    return ph_tail_begin(&gpkg->tail, err);
}

enum ph_status ph_gpkg_to_sql(struct ph_gpkg *gpkg, struct ph_error *err)
{
    if (!gpkg->tail.begun) return PH_OK;
    PH_TRY(ph_tail_end(&gpkg->tail, err));
    return transact(gpkg, true, err);
}

enum ph_status ph_gpkg_sql(struct ph_gpkg *gpkg, struct ph_error *err, const char *format, ...)
{
    PH_TRY(ph_gpkg_to_sql(gpkg, err));
    va_list args;
    va_start(args, format);
    char *sql = sqlite3_vmprintf(format, args);
    va_end(args);
    if (sql == NULL) return ph_fail_memory(err);
    int result = sqlite3_exec(gpkg->db, sql, NULL, NULL, NULL);
    sqlite3_free(sql);
    return result == SQLITE_OK ? PH_OK : ph_gpkg_failed(gpkg, err);
}

static void set_options(const char *stamp)
{
    CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", stamp);
    /* The part file is worth nothing until it is renamed: no journal, no sync before the end. */
    CPLSetThreadLocalConfigOption("OGR_SQLITE_JOURNAL", stamp ? "OFF" : NULL);
    CPLSetThreadLocalConfigOption("OGR_SQLITE_SYNCHRONOUS", stamp ? "OFF" : NULL);
    CPLSetThreadLocalConfigOption("OGR_GPKG_ALLOW_THREADED_RTREE", stamp ? "NO" : NULL);
    /* QGIS has no shift of datum in a project's PROJ text, and finding one takes longer than all else of the project. */
    CPLSetThreadLocalConfigOption("OSR_ADD_TOWGS84_ON_EXPORT_TO_PROJ4", stamp ? "NO" : NULL);
    /* A row fills a quarter of SQLite's usual page of 4096 bytes. Larger pages than these save little more time and
     * make small files large. */
    CPLSetThreadLocalConfigOption("OGR_SQLITE_PRAGMA", stamp ? "page_size=16384" : NULL);
}

/* Returns 0, or the errno of what the disk refused meanwhile. */
static int close_file(struct ph_gpkg *gpkg)
{
    ph_gpkg_close(gpkg->written);
    gpkg->written = NULL;
    if (gpkg->dataset) GDALClose(gpkg->dataset);
    gpkg->dataset = NULL;
    int refused = ph_writeback_end(gpkg->tail.writeback);
    gpkg->tail.writeback = NULL;
    if (gpkg->srs) OSRRelease(gpkg->srs);
    gpkg->srs = NULL;
    set_options(NULL);
    return refused;
}

static void remove_part(const struct ph_gpkg *gpkg)
{
    unlink(gpkg->part);
    char journal[sizeof gpkg->part + 16];
    snprintf(journal, sizeof journal, "%s-journal", gpkg->part);
    unlink(journal);
}

void ph_gpkg_discard(struct ph_gpkg *gpkg)
{
    if (gpkg == NULL) return;
    struct ph_watch watch;
    ph_watch_begin(&watch);
    (void)close_file(gpkg);
    ph_watch_end();
    remove_part(gpkg);
    free(gpkg->project);
    free(gpkg);
}

static enum ph_status start_schema(struct ph_gpkg *gpkg, struct ph_error *err)
{
    PH_TRY(ph_gpkg_sql(gpkg, err,
                       "CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,"
                       " definition TEXT NOT NULL, scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));"
                       "CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT,"
                       " description TEXT, mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),"
                       " CONSTRAINT gdc_tn UNIQUE (table_name, name));"
                       "CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT,"
                       " min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,"
                       " CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));"));
    PH_TRY(ph_gpkg_sql(gpkg, err,
                       "INSERT INTO gpkg_extensions VALUES ('gpkg_data_columns', NULL, 'gpkg_schema',"
                       " 'http://www.geopackage.org/spec121/#extension_schema', 'read-write'),"
                       " ('gpkg_data_column_constraints', NULL, 'gpkg_schema',"
                       " 'http://www.geopackage.org/spec121/#extension_schema', 'read-write');"
                       "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),"
                       " f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,"
                       " styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),"
                       " update_time DATETIME DEFAULT (strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ','now')));"
                       "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)"
                       " VALUES ('layer_styles', 'attributes', 'layer_styles', '', %Q, 0);",
                       gpkg->stamp));
    for (size_t i = 0; i < ph_codelist_count; i++)
        for (size_t k = 0; k < ph_codelists[i].count; k++)
            PH_TRY(ph_gpkg_sql(gpkg, err, "INSERT INTO gpkg_data_column_constraints VALUES (%Q,'enum',%Q,NULL,NULL,NULL,NULL,%Q)",
                               ph_codelists[i].name, ph_codelists[i].codes[k].value, ph_codelists[i].codes[k].zh));
    return PH_OK;
}

static enum ph_status open_part(struct ph_gpkg *gpkg, const char *crs, struct ph_error *err)
{
    GDALDriverH driver = GDALGetDriverByName("GPKG");
    if (driver == NULL) return ph_fail(err, PH_E_LIBRARY, "GDAL 没有 GPKG 驱动", "GDAL has no GPKG driver");
    /* Feature counts by trigger would cost more than the rows themselves. */
    char none[] = "ADD_GPKG_OGR_CONTENTS=NO";
    char *options[] = {none, NULL};
    struct ph_watch watch;
    ph_watch_begin(&watch);
    gpkg->srs = OSRNewSpatialReference(NULL);
    OGRErr known = OSRSetFromUserInput(gpkg->srs, crs);
    OSRSetAxisMappingStrategy(gpkg->srs, OAMS_TRADITIONAL_GIS_ORDER);
    gpkg->dataset = known == OGRERR_NONE ? GDALCreate(driver, gpkg->part, 0, 0, 0, GDT_Unknown, options) : NULL;
    ph_watch_end();
    if (known != OGRERR_NONE) return ph_fail(err, PH_E_CRS, "坐标系无法写出:%s", "the CRS cannot be written: %s", crs);
    if (gpkg->dataset == NULL || watch.failures) {
        if (errno == ENOSPC || strstr(watch.first_failure, "full")) return ph_target_no_space(gpkg->path, err);
        return ph_target_failed(gpkg->path, ph_watch_message(&watch), err);
    }
    gpkg->db = GDALGetInternalHandle(gpkg->dataset, "SQLITE_HANDLE");
    gpkg->tail = (struct ph_tail){.db = gpkg->db, .path = gpkg->path};
    if (gpkg->db == NULL) return ph_fail(err, PH_E_LIBRARY, "GDAL 未给出 SQLite 句柄", "GDAL gives no SQLite handle");
    return PH_OK;
}

/* GDAL builds R-trees in bulk since 3.8. */
static bool gdal_fills_row_by_row(void)
{
    return strtol(GDALVersionInfo("VERSION_NUM"), NULL, 10) < GDAL_COMPUTE_VERSION(3, 8, 0);
}

enum ph_status ph_gpkg_create(const char *path, const char *crs, const char *stamp, struct ph_gpkg **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_gpkg *gpkg = calloc(1, sizeof *gpkg);
    if (gpkg == NULL) return ph_fail_memory(err);
    snprintf(gpkg->path, sizeof gpkg->path, "%s", path);
    snprintf(gpkg->part, sizeof gpkg->part, "%s.part", path);
    snprintf(gpkg->stamp, sizeof gpkg->stamp, "%sT00:00:00.000Z", stamp);
    remove_part(gpkg); /* left by a run that was killed */
    gpkg->packs = gdal_fills_row_by_row();
    set_options(gpkg->stamp);
    enum ph_status status = open_part(gpkg, crs, err);
    gpkg->tail.writeback = ph_writeback_begin(gpkg->part);
    if (status == PH_OK) status = ph_gpkg_open_on(gpkg->db, path, &gpkg->written, err);
    if (status == PH_OK) status = transact(gpkg, true, err);
    if (status == PH_OK) status = start_schema(gpkg, err);
    if (status != PH_OK) {
        ph_gpkg_discard(gpkg);
        return status;
    }
    *out = gpkg;
    return PH_OK;
}

struct ph_gpkg_reader *ph_gpkg_written(struct ph_gpkg *gpkg)
{
    return gpkg->written;
}

enum ph_status ph_gpkg_add_style(struct ph_gpkg *gpkg, const char *layer, bool spatial, const char *title, const char *qml,
                                 struct ph_error *err)
{
    return ph_gpkg_sql(gpkg, err,
                       "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML,"
                       " styleSLD, useAsDefault, description, owner, ui, update_time)"
                       " VALUES ('', '', %Q, %Q, %Q, %Q, '', 1, '', '', NULL, %Q)",
                       layer, spatial ? "geom" : "", title, qml, gpkg->stamp);
}

enum ph_status ph_gpkg_create_index(struct ph_gpkg *gpkg, const char *layer, struct ph_error *err)
{
    char sql[256];
    snprintf(sql, sizeof sql, "SELECT CreateSpatialIndex('%s', 'geom')", layer);
    struct ph_watch watch;
    ph_watch_begin(&watch);
    OGRLayerH result = GDALDatasetExecuteSQL(gpkg->dataset, sql, NULL, NULL);
    if (result) GDALDatasetReleaseResultSet(gpkg->dataset, result);
    ph_watch_end();
    return judge(gpkg, &watch, err);
}

enum ph_status ph_gpkg_finish(struct ph_gpkg *gpkg, struct ph_error *err)
{
    enum ph_status status = transact(gpkg, false, err);
    for (size_t i = 0; status == PH_OK && i < gpkg->spatial_count; i++) status = ph_gpkg_create_index(gpkg, gpkg->spatial[i], err);
    if (status != PH_OK) {
        ph_gpkg_discard(gpkg);
        return status;
    }
    struct ph_watch watch;
    ph_watch_begin(&watch);
    int refused = close_file(gpkg);
    ph_watch_end();
    if (refused) status = refused == ENOSPC || refused == EDQUOT ? ph_target_no_space(gpkg->path, err) : ph_target_failed(gpkg->path, strerror(refused), err);
    if (status == PH_OK && watch.failures)
        status = strstr(watch.first_failure, "full") ? ph_target_no_space(gpkg->path, err)
                                                     : ph_target_failed(gpkg->path, watch.first_failure, err);
    if (status == PH_OK) status = ph_gpkg_publish(gpkg, err);
    if (status != PH_OK) remove_part(gpkg);
    free(gpkg->project);
    free(gpkg);
    return status;
}
