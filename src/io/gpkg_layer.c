/* The layers, tables and views of the GeoPackage, and their rows. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/gpkg_file.h"
#include "io/row.h"
#include "io/rtree.h"
#include "io/tree.h"
#include "io/watch.h"

#define STEP_ROWS ((size_t)1024)

static const char *type_name(enum ph_type type)
{
    static const char *const names[] = {[PH_TEXT] = "TEXT", [PH_REAL] = "REAL", [PH_INT] = "INTEGER", [PH_DATE] = "DATE"};
    return names[type];
}

static OGRFieldType ogr_type(enum ph_type type)
{
    switch (type) {
    case PH_TEXT: return OFTString;
    case PH_REAL: return OFTReal;
    case PH_INT: return OFTInteger64;
    case PH_DATE: return OFTDate;
    }
    return OFTString;
}

/* GDAL makes the table, the spatial reference and the geometry's registration. */
static enum ph_status create_spatial(struct ph_gpkg *gpkg, const struct ph_gpkg_layer *layer, struct ph_error *err)
{
    char identifier[256], geometry[] = "GEOMETRY_NAME=geom", fid[] = "FID=fid", index[] = "SPATIAL_INDEX=NO";
    snprintf(identifier, sizeof identifier, "IDENTIFIER=%s", layer->title);
    char *options[] = {geometry, fid, index, identifier, NULL};
    struct ph_watch watch;
    ph_watch_begin(&watch);
    OGRLayerH ogr = GDALDatasetCreateLayer(gpkg->dataset, layer->name, gpkg->srs, layer->points ? wkbPoint : wkbMultiPolygon, options);
    OGRErr result = ogr ? OGRERR_NONE : OGRERR_FAILURE;
    for (size_t i = 0; result == OGRERR_NONE && i < layer->column_count; i++) {
        OGRFieldDefnH field = OGR_Fld_Create(layer->columns[i].name, ogr_type(layer->columns[i].type));
        result = OGR_L_CreateField(ogr, field, FALSE);
        OGR_Fld_Destroy(field);
    }
    if (result == OGRERR_NONE) result = OGR_L_SyncToDisk(ogr);
    ph_watch_end();
    if (result != OGRERR_NONE || watch.failures) {
        if (sqlite3_errcode(gpkg->db) == SQLITE_FULL) return ph_gpkg_failed(gpkg, err);
        return ph_fail(err, PH_E_OUTPUT, "无法建立图层 %s:%s", "layer %s cannot be made: %s", layer->name, ph_watch_message(&watch));
    }
    if (gpkg->spatial_count == PH_GPKG_SPATIAL_CAP) return ph_fail(err, PH_E_OUTPUT, "图层太多", "too many layers");
    if (gpkg->packs)
        PH_TRY(ph_gpkg_create_index(gpkg, layer->name, err));
    else
        gpkg->spatial[gpkg->spatial_count++] = layer->name;
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(gpkg->db, "SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = ?", -1, &stmt, NULL) != SQLITE_OK)
        return ph_gpkg_failed(gpkg, err);
    sqlite3_bind_text(stmt, 1, layer->name, -1, SQLITE_STATIC);
    if (sqlite3_step(stmt) == SQLITE_ROW) gpkg->srs_id = sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    return PH_OK;
}

static enum ph_status create_table(struct ph_gpkg *gpkg, const struct ph_gpkg_layer *layer, struct ph_error *err)
{
    sqlite3_str *sql = sqlite3_str_new(gpkg->db);
    sqlite3_str_appendf(sql, "CREATE TABLE \"%w\" (\"fid\" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", layer->name);
    for (size_t i = 0; i < layer->column_count; i++) {
        const struct ph_gpkg_column *c = &layer->columns[i];
        sqlite3_str_appendf(sql, ", \"%w\" %s", c->name, type_name(c->type));
        if (c->references) sqlite3_str_appendf(sql, " REFERENCES %s", c->references);
    }
    sqlite3_str_appendf(sql,
                        "); INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)"
                        " VALUES (%Q, 'attributes', %Q, '', %Q, 0)",
                        layer->name, layer->title, gpkg->stamp);
    char *text = sqlite3_str_finish(sql);
    if (text == NULL) return ph_fail_memory(err);
    enum ph_status status = ph_gpkg_sql(gpkg, err, "%s", text);
    sqlite3_free(text);
    return status;
}

static enum ph_status describe_columns(struct ph_gpkg *gpkg, const char *name, const struct ph_gpkg_layer *layer, struct ph_error *err)
{
    for (size_t i = 0; i < layer->column_count; i++) {
        const struct ph_gpkg_column *c = &layer->columns[i];
        if (c->title || c->codelist)
            PH_TRY(ph_gpkg_sql(gpkg, err, "INSERT INTO gpkg_data_columns VALUES (%Q, %Q, NULL, %Q, NULL, NULL, %Q)", name, c->name,
                               c->title, c->codelist));
    }
    return PH_OK;
}

static enum ph_status set_extent(struct ph_gpkg *gpkg, const char *name, const struct ph_box *boxes, size_t count, struct ph_error *err)
{
    struct ph_box all = PH_BOX_EMPTY;
    for (size_t i = 0; i < count; i++) ph_box_add(&all, &boxes[i]);
    if (all.min_x > all.max_x) return ph_gpkg_sql(gpkg, err, "UPDATE gpkg_contents SET last_change = %Q WHERE table_name = %Q", gpkg->stamp, name);
    return ph_gpkg_sql(gpkg, err,
                       "UPDATE gpkg_contents SET min_x = %!.17g, min_y = %!.17g, max_x = %!.17g, max_y = %!.17g, last_change = %Q"
                       " WHERE table_name = %Q",
                       all.min_x, all.min_y, all.max_x, all.max_y, gpkg->stamp, name);
}

struct ph_gpkg_rows {
    struct ph_gpkg *gpkg;
    const struct ph_gpkg_layer *layer;
    int srs_id;
    struct ph_tree tree;       /* open as soon as there is a row */
    struct ph_records records; /* of ph_gpkg_write_rows */
    bool indexed;
    size_t count;              /* rows written */
};

enum ph_status ph_gpkg_begin_layer(struct ph_gpkg *gpkg, const struct ph_gpkg_layer *layer, struct ph_gpkg_rows **out, struct ph_error *err)
{
    *out = NULL;
    PH_TRY(ph_gpkg_to_sql(gpkg, err));
    PH_TRY(layer->shapes ? create_spatial(gpkg, layer, err) : create_table(gpkg, layer, err));
    PH_TRY(describe_columns(gpkg, layer->name, layer, err));
    struct ph_gpkg_rows *rows = *out = calloc(1, sizeof *rows);
    if (rows == NULL) return ph_fail_memory(err);
    rows->gpkg = gpkg;
    rows->layer = layer;
    rows->srs_id = gpkg->srs_id;
    return PH_OK;
}

enum ph_status ph_gpkg_make_rows(const struct ph_gpkg_rows *rows, const struct ph_gpkg_column *columns, size_t from, size_t to, size_t first,
                                 struct ph_records *out, struct ph_error *err)
{
    return ph_records_add(out, rows->layer, columns ? columns : rows->layer->columns, from, to, first, rows->srs_id, err);
}

enum ph_status ph_gpkg_put_rows(struct ph_gpkg_rows *rows, const struct ph_records *records, struct ph_error *err)
{
    PH_TRY(ph_gpkg_to_pages(rows->gpkg, err));
    if (rows->tree.leaf == NULL) PH_TRY(ph_tree_open(&rows->tree, &rows->gpkg->tail, rows->layer->name, err));
    size_t from = 0;
    for (size_t i = 0; i < records->count; i++) {
        PH_TRY(ph_tree_add(&rows->tree, (int64_t)++rows->count, records->bytes + from, records->ends[i] - from, err));
        from = records->ends[i];
    }
    return PH_OK;
}

enum ph_status ph_gpkg_write_rows(struct ph_gpkg_rows *rows, const struct ph_gpkg_column *columns, size_t from, size_t to, struct ph_error *err)
{
    for (size_t end; from < to; from = end) {
        end = from + STEP_ROWS < to ? from + STEP_ROWS : to;
        ph_records_clear(&rows->records);
        PH_TRY(ph_gpkg_make_rows(rows, columns, from, end, rows->count, &rows->records, err));
        PH_TRY(ph_gpkg_put_rows(rows, &rows->records, err));
    }
    return PH_OK;
}

enum ph_status ph_gpkg_index_layer(struct ph_gpkg_rows *rows, struct ph_error *err)
{
    struct ph_gpkg *gpkg = rows->gpkg;
    const struct ph_gpkg_layer *layer = rows->layer;
    const struct ph_box *boxes = layer->bundles ? layer->bundles->boxes : layer->shapes->boxes;
    size_t count = layer->bundles ? layer->bundles->count : layer->shapes->shape_count;
    char table[256];
    snprintf(table, sizeof table, "rtree_%s_geom", layer->name);
    rows->indexed = true;
    PH_TRY(set_extent(gpkg, layer->name, boxes, count, err));
    if (!gpkg->packs) return PH_OK;
    PH_TRY(ph_gpkg_to_pages(gpkg, err));
    PH_TRY(ph_rtree_fill(&gpkg->tail, table, boxes, count, err));
    return ph_gpkg_to_sql(gpkg, err);
}

/* What SQLite would have noted while inserting. */
static enum ph_status settle(struct ph_gpkg_rows *rows, struct ph_error *err)
{
    struct ph_gpkg *gpkg = rows->gpkg;
    const struct ph_gpkg_layer *layer = rows->layer;
    if (rows->count) {
        PH_TRY(ph_gpkg_to_pages(gpkg, err));
        PH_TRY(ph_tree_close(&rows->tree, err));
        PH_TRY(ph_gpkg_sql(gpkg, err, "INSERT INTO sqlite_sequence VALUES (%Q, %lld)", layer->name, (long long)rows->count));
    }
    return layer->shapes == NULL || rows->indexed ? PH_OK : ph_gpkg_index_layer(rows, err);
}

enum ph_status ph_gpkg_end_layer(struct ph_gpkg_rows *rows, bool abandon, struct ph_error *err)
{
    if (rows == NULL) return PH_OK;
    enum ph_status status = abandon ? PH_OK : settle(rows, err);
    ph_tree_dispose(&rows->tree);
    ph_records_dispose(&rows->records);
    free(rows);
    return status;
}

enum ph_status ph_gpkg_add_layer(struct ph_gpkg *gpkg, const struct ph_gpkg_layer *layer, struct ph_error *err)
{
    struct ph_gpkg_rows *rows = NULL;
    PH_TRY(ph_gpkg_begin_layer(gpkg, layer, &rows, err));
    enum ph_status status = ph_gpkg_write_rows(rows, NULL, 0, layer->rows, err);
    enum ph_status ended = ph_gpkg_end_layer(rows, status != PH_OK, err);
    return status == PH_OK ? ended : status;
}

/* A view is registered as features, at most where the layer's lie. */
static enum ph_status create_view(struct ph_gpkg *gpkg, const char *name, const char *title, const char *layer, const char *select,
                                  struct ph_error *err)
{
    return ph_gpkg_sql(gpkg, err,
                       "CREATE VIEW \"%w\" AS %s;"
                       "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, min_x, min_y, max_x, max_y,"
                       " srs_id) SELECT %Q, 'features', %Q, '', last_change, min_x, min_y, max_x, max_y, srs_id FROM gpkg_contents"
                       " WHERE table_name = %Q;"
                       "INSERT INTO gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m)"
                       " SELECT %Q, 'geom', 'MULTIPOLYGON', srs_id, 0, 0 FROM gpkg_geometry_columns WHERE table_name = %Q",
                       name, select, name, title, layer, name, layer);
}

enum ph_status ph_gpkg_add_view(struct ph_gpkg *gpkg, const char *name, const char *title, const struct ph_gpkg_layer *layer,
                                const char *where, struct ph_error *err)
{
    sqlite3_str *sql = sqlite3_str_new(gpkg->db);
    /* GDAL takes OGC_FID for the key of a view. */
    sqlite3_str_appendall(sql, "SELECT \"fid\" AS \"OGC_FID\", \"geom\"");
    for (size_t i = 0; i < layer->column_count; i++) sqlite3_str_appendf(sql, ", \"%w\"", layer->columns[i].name);
    sqlite3_str_appendf(sql, " FROM \"%w\" WHERE %s", layer->name, where);
    char *select = sqlite3_str_finish(sql);
    if (select == NULL) return ph_fail_memory(err);
    enum ph_status status = create_view(gpkg, name, title, layer->name, select, err);
    sqlite3_free(select);
    return status == PH_OK ? describe_columns(gpkg, name, layer, err) : status;
}

enum ph_status ph_gpkg_add_placed_view(struct ph_gpkg *gpkg, const char *name, const char *title, const char *table, const char *layer,
                                       const char *key, const char *where, struct ph_error *err)
{
    sqlite3_str *sql = sqlite3_str_new(gpkg->db);
    sqlite3_str_appendall(sql, "SELECT t.\"fid\" AS \"OGC_FID\", l.\"geom\"");
    sqlite3_stmt *columns = NULL;
    int result = sqlite3_prepare_v2(gpkg->db, "SELECT name FROM pragma_table_info(?1) WHERE name <> 'fid'", -1, &columns, NULL);
    sqlite3_bind_text(columns, 1, table, -1, SQLITE_STATIC);
    while (result == SQLITE_OK && sqlite3_step(columns) == SQLITE_ROW) sqlite3_str_appendf(sql, ", t.\"%w\"", sqlite3_column_text(columns, 0));
    sqlite3_finalize(columns);
    sqlite3_str_appendf(sql, " FROM \"%w\" AS t JOIN \"%w\" AS l ON l.\"fid\" = t.\"%w\" WHERE %s", table, layer, key, where);
    char *select = sqlite3_str_finish(sql);
    if (select == NULL) return ph_fail_memory(err);
    enum ph_status status = create_view(gpkg, name, title, layer, select, err);
    sqlite3_free(select);
    if (status != PH_OK) return status;
    return ph_gpkg_sql(gpkg, err,
                       "INSERT INTO gpkg_data_columns SELECT %Q, column_name, name, title, description, mime_type, constraint_name"
                       " FROM gpkg_data_columns WHERE table_name = %Q",
                       name, table);
}
