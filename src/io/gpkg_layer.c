/* The layers, tables and views of the GeoPackage, and their rows. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "io/gpkg_file.h"
#include "io/rtree.h"
#include "io/watch.h"

#define BLOB_HEAD 40 /* magic, version, flags, srs_id, envelope */

/* A geometry blob under construction; the buffer is used again for every row. */
struct blob {
    unsigned char *bytes;
    size_t length, capacity;
};

static const char *type_name(enum ph_type type)
{
    static const char *const names[] = {[PH_TEXT] = "TEXT", [PH_REAL] = "REAL", [PH_INT] = "INTEGER", [PH_DATE] = "DATE"};
    return names[type];
}

static void put(struct blob *b, const void *data, size_t n)
{
    memcpy(b->bytes + b->length, data, n);
    b->length += n;
}

static void put_u32(struct blob *b, uint32_t v)
{
    put(b, &v, 4);
}

static void put_wkb_head(struct blob *b, uint32_t type, uint32_t count)
{
    unsigned char little = 1;
    put(b, &little, 1);
    put_u32(b, type);
    put_u32(b, count);
}

/* Writes shape `i` as a GeoPackage MULTIPOLYGON; an empty shape gives an empty blob (stored as NULL). */
static enum ph_status make_blob(const struct ph_shapes *s, size_t i, int srs_id, struct blob *b, struct ph_error *err)
{
    uint32_t part = ph_first_part(s, i), part_end = s->shape_end[i];
    b->length = 0;
    if (part == part_end) return PH_OK;
    uint32_t ring_from = ph_first_ring(s, part), ring_to = s->part_end[part_end - 1];
    size_t points = s->ring_end[ring_to - 1] - ph_first_point(s, ring_from);
    size_t need = BLOB_HEAD + 9 + (size_t)(part_end - part) * 9 + (size_t)(ring_to - ring_from) * 4 + points * sizeof(struct ph_xy);
    if (need > b->capacity) {
        unsigned char *grown = realloc(b->bytes, 2 * need);
        if (grown == NULL) return ph_fail_memory(err);
        b->bytes = grown;
        b->capacity = 2 * need;
    }
    const unsigned char head[4] = {'G', 'P', 0, 0x03}; /* version 1, little endian, envelope of x and y */
    int32_t srs = srs_id;
    const struct ph_box *box = &s->boxes[i];
    double envelope[4] = {box->min_x, box->max_x, box->min_y, box->max_y};
    put(b, head, 4);
    put(b, &srs, 4);
    put(b, envelope, sizeof envelope);
    put_wkb_head(b, 6, part_end - part);
    for (; part < part_end; part++) {
        uint32_t ring = ph_first_ring(s, part), ring_end = s->part_end[part];
        put_wkb_head(b, 3, ring_end - ring);
        for (; ring < ring_end; ring++) {
            uint32_t from = ph_first_point(s, ring), count = s->ring_end[ring] - from;
            put_u32(b, count);
            put(b, &s->points[from], count * sizeof(struct ph_xy));
        }
    }
    return PH_OK;
}

/* Writes shape `i`, a place, as a POINT. */
static enum ph_status make_point(const struct ph_shapes *s, size_t i, int srs_id, struct blob *b, struct ph_error *err)
{
    const unsigned char head[4] = {'G', 'P', 0, 0x01}, little = 1; /* version 1, little endian, no envelope */
    uint32_t part = ph_first_part(s, i);
    int32_t srs = srs_id;
    b->length = 0;
    if (part == s->shape_end[i]) return PH_OK;
    if (b->capacity < BLOB_HEAD) {
        unsigned char *grown = realloc(b->bytes, BLOB_HEAD);
        if (grown == NULL) return ph_fail_memory(err);
        b->bytes = grown;
        b->capacity = BLOB_HEAD;
    }
    put(b, head, 4);
    put(b, &srs, 4);
    put(b, &little, 1);
    put_u32(b, 1);
    put(b, &s->points[ph_first_point(s, ph_first_ring(s, part))], sizeof(struct ph_xy));
    return PH_OK;
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

/* What is bound stays bound from row to row (NULL at the start), so only what differs from the row before is bound again.
 * Texts are compared by address, which codes share. date: the column's own, as SQLite reads it when it steps. */
static void bind_value(sqlite3_stmt *stmt, int n, const struct ph_column *values, size_t row, bool first, char date[11])
{
    size_t before = first ? row : row - 1;
    switch (values->type) {
    case PH_TEXT:
        if (row == before || values->text[row] != values->text[before]) sqlite3_bind_text(stmt, n, values->text[row], -1, SQLITE_STATIC);
        break;
    case PH_REAL:
        if (!isnan(values->real[row]))
            sqlite3_bind_double(stmt, n, values->real[row]);
        else if (first || !isnan(values->real[before]))
            sqlite3_bind_null(stmt, n);
        break;
    case PH_INT:
        if (values->integer[row] == values->integer[before] && row != before) break;
        if (values->integer[row] == PH_INT_UNKNOWN)
            sqlite3_bind_null(stmt, n);
        else
            sqlite3_bind_int64(stmt, n, values->integer[row]);
        break;
    case PH_DATE:
        if (values->date[row] == values->date[before] && row != before) break;
        if (values->date[row] == PH_DATE_UNKNOWN) {
            sqlite3_bind_null(stmt, n);
        } else {
            ph_date_print(date, values->date[row]);
            sqlite3_bind_text(stmt, n, date, 10, SQLITE_STATIC);
        }
        break;
    }
}

static enum ph_status insert_statement(struct ph_gpkg *gpkg, const struct ph_gpkg_layer *layer, sqlite3_stmt **stmt, struct ph_error *err)
{
    sqlite3_str *sql = sqlite3_str_new(gpkg->db);
    sqlite3_str_appendf(sql, "INSERT INTO \"%w\" (\"fid\"%s", layer->name, layer->shapes ? ", \"geom\"" : "");
    for (size_t i = 0; i < layer->column_count; i++)
        if (layer->columns[i].values) sqlite3_str_appendf(sql, ", \"%w\"", layer->columns[i].name);
    sqlite3_str_appendf(sql, ") VALUES (?%s", layer->shapes ? ", ?" : "");
    for (size_t i = 0; i < layer->column_count; i++)
        if (layer->columns[i].values) sqlite3_str_appendall(sql, ", ?");
    sqlite3_str_appendall(sql, ")");
    char *text = sqlite3_str_finish(sql);
    if (text == NULL) return ph_fail_memory(err);
    int result = sqlite3_prepare_v2(gpkg->db, text, -1, stmt, NULL);
    sqlite3_free(text);
    return result == SQLITE_OK ? PH_OK : ph_gpkg_failed(gpkg, err);
}

static enum ph_status set_extent(struct ph_gpkg *gpkg, const char *name, const struct ph_shapes *shapes, size_t rows, struct ph_error *err)
{
    struct ph_box all = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (size_t i = 0; i < rows; i++) {
        const struct ph_box *b = &shapes->boxes[i];
        if (b->min_x < all.min_x) all.min_x = b->min_x;
        if (b->min_y < all.min_y) all.min_y = b->min_y;
        if (b->max_x > all.max_x) all.max_x = b->max_x;
        if (b->max_y > all.max_y) all.max_y = b->max_y;
    }
    if (all.min_x > all.max_x) return ph_gpkg_sql(gpkg, err, "UPDATE gpkg_contents SET last_change = %Q WHERE table_name = %Q", gpkg->stamp, name);
    return ph_gpkg_sql(gpkg, err,
                       "UPDATE gpkg_contents SET min_x = %!.17g, min_y = %!.17g, max_x = %!.17g, max_y = %!.17g, last_change = %Q"
                       " WHERE table_name = %Q",
                       all.min_x, all.min_y, all.max_x, all.max_y, gpkg->stamp, name);
}

/* The triggers of an index made beforehand must not fill it row by row. SQLite leaves them out of statements that are
 * prepared while they are off. */
static void switch_triggers(struct ph_gpkg *gpkg, int on)
{
    sqlite3_db_config(gpkg->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, on, (int *)NULL);
}

struct ph_gpkg_rows {
    struct ph_gpkg *gpkg;
    const struct ph_gpkg_layer *layer;
    sqlite3_stmt *stmt;
    struct blob blob;
    char (*dates)[11]; /* per column */
    size_t count;      /* rows written */
};

enum ph_status ph_gpkg_begin_layer(struct ph_gpkg *gpkg, const struct ph_gpkg_layer *layer, struct ph_gpkg_rows **out, struct ph_error *err)
{
    *out = NULL;
    PH_TRY(layer->shapes ? create_spatial(gpkg, layer, err) : create_table(gpkg, layer, err));
    PH_TRY(describe_columns(gpkg, layer->name, layer, err));
    struct ph_gpkg_rows *rows = calloc(1, sizeof *rows);
    if (rows == NULL) return ph_fail_memory(err);
    rows->gpkg = gpkg;
    rows->layer = layer;
    rows->dates = calloc(layer->column_count + 1, sizeof *rows->dates);
    if (rows->dates == NULL) {
        free(rows);
        return ph_fail_memory(err);
    }
    *out = rows;
    return PH_OK;
}

static enum ph_status bind_geometry(struct ph_gpkg_rows *rows, int n, struct ph_error *err)
{
    const struct ph_gpkg_layer *layer = rows->layer;
    PH_TRY((layer->points ? make_point : make_blob)(layer->shapes, rows->count, rows->gpkg->srs_id, &rows->blob, err));
    if (rows->blob.length)
        sqlite3_bind_blob64(rows->stmt, n, rows->blob.bytes, rows->blob.length, SQLITE_STATIC);
    else
        sqlite3_bind_null(rows->stmt, n);
    return PH_OK;
}

enum ph_status ph_gpkg_write_rows(struct ph_gpkg_rows *rows, const struct ph_gpkg_column *columns, size_t from, size_t to, struct ph_error *err)
{
    const struct ph_gpkg_layer *layer = rows->layer;
    if (columns == NULL) columns = layer->columns;
    switch_triggers(rows->gpkg, 0);
    if (rows->stmt == NULL) PH_TRY(insert_statement(rows->gpkg, layer, &rows->stmt, err));
    for (size_t row = from; row < to; row++) {
        int n = 1;
        sqlite3_bind_int64(rows->stmt, n++, (sqlite3_int64)rows->count + 1);
        if (layer->shapes) PH_TRY(bind_geometry(rows, n++, err));
        for (size_t i = 0; i < layer->column_count; i++)
            if (layer->columns[i].values) bind_value(rows->stmt, n++, columns[i].values, row, row == from, rows->dates[i]);
        if (sqlite3_step(rows->stmt) != SQLITE_DONE) return ph_gpkg_failed(rows->gpkg, err);
        sqlite3_reset(rows->stmt);
        rows->count++;
    }
    return PH_OK;
}

static enum ph_status fill_index(struct ph_gpkg *gpkg, const struct ph_gpkg_layer *layer, size_t count, struct ph_error *err)
{
    char table[256];
    snprintf(table, sizeof table, "rtree_%s_geom", layer->name);
    enum ph_status status = ph_rtree_fill(gpkg->db, table, layer->shapes->boxes, count, err);
    return status == PH_E_OUTPUT && sqlite3_errcode(gpkg->db) != SQLITE_OK ? ph_gpkg_failed(gpkg, err) : status;
}

enum ph_status ph_gpkg_end_layer(struct ph_gpkg_rows *rows, bool abandon, struct ph_error *err)
{
    if (rows == NULL) return PH_OK;
    struct ph_gpkg *gpkg = rows->gpkg;
    const struct ph_gpkg_layer *layer = rows->layer;
    size_t count = rows->count;
    sqlite3_finalize(rows->stmt);
    switch_triggers(gpkg, 1);
    free(rows->dates);
    free(rows->blob.bytes);
    free(rows);
    if (abandon || layer->shapes == NULL) return PH_OK;
    PH_TRY(set_extent(gpkg, layer->name, layer->shapes, count, err));
    return gpkg->packs ? fill_index(gpkg, layer, count, err) : PH_OK;
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
