#include "report/export_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "io/gpkg_shape.h"
#include "report/where.h"

#define SQL_CAP ((size_t)1 << 16)

static const char *keep(struct ph_export_rows *rows, const char *text, struct ph_error *err)
{
    const char *kept = ph_table_text(&rows->table, text ? text : "", text ? strlen(text) : 0);
    if (kept == NULL) (void)ph_fail_memory(err);
    return kept;
}

static enum ph_status no_layer(struct ph_gpkg_reader *audit, const char *layer, struct ph_error *err)
{
    struct ph_query *query = NULL;
    char names[400] = "";
    bool row;
    PH_TRY(ph_query_open(audit, "SELECT group_concat(table_name, ', ') FROM gpkg_geometry_columns WHERE geometry_type_name LIKE '%POLYGON'", &query, err));
    enum ph_status status = ph_query_next(query, &row, err);
    if (status == PH_OK && row && ph_query_text(query, 0)) snprintf(names, sizeof names, "%s", ph_query_text(query, 0));
    ph_query_close(query);
    PH_TRY(status);
    return ph_fail(err, PH_E_USAGE, "没有面图层“%.100s”;有:%s", "no layer of polygons '%.100s'; there are: %s", layer, names);
}

/* The geometry column and the CRS. */
static enum ph_status read_place(struct ph_gpkg_reader *audit, const char *layer, struct ph_export_rows *out, const char **geometry, struct ph_error *err)
{
    struct ph_query *query = NULL;
    bool row;
    PH_TRY(ph_query_open(audit,
                         "SELECT g.column_name, s.organization, s.organization_coordsys_id, s.definition, (SELECT value FROM run WHERE key = 'as_of')"
                         " FROM gpkg_geometry_columns AS g JOIN gpkg_spatial_ref_sys AS s USING (srs_id)"
                         " WHERE g.table_name = ?1 AND g.geometry_type_name LIKE '%POLYGON'",
                         &query, err));
    ph_query_bind_text(query, 1, layer);
    enum ph_status status = ph_query_next(query, &row, err);
    if (status == PH_OK && row) {
        const char *authority = ph_query_text(query, 1);
        char code[32];
        bool epsg = authority && ph_text_compare_nocase(authority, "EPSG") == 0;
        out->epsg = epsg ? (int)ph_query_int(query, 2) : 0;
        snprintf(code, sizeof code, "EPSG:%d", out->epsg);
        *geometry = keep(out, ph_query_text(query, 0), err);
        out->crs = keep(out, epsg ? code : ph_query_text(query, 3), err);
        out->as_of = keep(out, ph_query_text(query, 4), err);
        if (!*geometry || !out->crs || !out->as_of) status = PH_E_MEMORY;
    }
    ph_query_close(query);
    PH_TRY(status);
    return row ? PH_OK : no_layer(audit, layer, err);
}

static enum ph_type type_of(const char *declared)
{
    if (strcmp(declared, "REAL") == 0 || strcmp(declared, "DOUBLE") == 0 || strcmp(declared, "FLOAT") == 0) return PH_REAL;
    if (strstr(declared, "INT") || strcmp(declared, "BOOLEAN") == 0) return PH_INT;
    return strcmp(declared, "DATE") == 0 ? PH_DATE : PH_TEXT;
}

static enum ph_status read_columns(struct ph_gpkg_reader *audit, const char *layer, const char *geometry, struct ph_export_rows *out, struct ph_error *err)
{
    struct ph_query *query = NULL;
    PH_TRY(ph_query_open(audit,
                         "SELECT p.name, p.type, d.title, d.constraint_name FROM pragma_table_info(?1) AS p LEFT JOIN gpkg_data_columns AS d"
                         " ON d.table_name = ?1 AND d.column_name = p.name WHERE p.name NOT IN ('fid', 'OGC_FID', ?2) ORDER BY p.cid",
                         &query, err));
    ph_query_bind_text(query, 1, layer);
    ph_query_bind_text(query, 2, geometry);
    bool row = true;
    enum ph_status status = PH_OK;
    while (status == PH_OK && (status = ph_query_next(query, &row, err)) == PH_OK && row) {
        const struct ph_codelist **grown = realloc(out->lists, (out->table.column_count + 1) * sizeof *grown);
        if (grown == NULL) {
            status = ph_fail_memory(err);
            break;
        }
        out->lists = grown;
        const char *list = ph_query_text(query, 3);
        out->lists[out->table.column_count] = list ? ph_codelist_find(list) : NULL;
        status = ph_table_add_column(&out->table, ph_query_text(query, 0), ph_query_text(query, 2), type_of(ph_query_text(query, 1)), NULL, err);
    }
    ph_query_close(query);
    return status;
}

static enum ph_status read_value(const struct ph_query *query, struct ph_export_rows *out, size_t c, size_t row, struct ph_error *err)
{
    struct ph_column *column = &out->table.columns[c];
    const char *text = ph_query_text(query, (int)c);
    if (text == NULL) return PH_OK;
    switch (column->type) {
    case PH_REAL: column->real[row] = ph_query_real(query, (int)c); break;
    case PH_INT: column->integer[row] = ph_query_int(query, (int)c); break;
    case PH_DATE: (void)ph_date_parse(text, strlen(text), &column->date[row]); break;
    case PH_TEXT: return (column->text[row] = keep(out, text, err)) ? PH_OK : PH_E_MEMORY;
    }
    return PH_OK;
}

static enum ph_status read_rows(struct ph_query *query, struct ph_export_rows *out, struct ph_error *err)
{
    for (bool row = true;;) {
        PH_TRY(ph_query_next(query, &row, err));
        if (!row) return PH_OK;
        PH_TRY(ph_table_add_rows(&out->table, 1, err));
        for (size_t c = 0; c < out->table.column_count; c++) PH_TRY(read_value(query, out, c, out->table.rows - 1, err));
        size_t length;
        const void *blob = ph_query_blob(query, (int)out->table.column_count, &length);
        PH_TRY(ph_gpkg_shape(blob, length, &out->shapes, err));
    }
}

enum ph_status ph_export_read(struct ph_gpkg_reader *audit, const char *layer, const char *where, struct ph_export_rows *out, struct ph_error *err)
{
    const char *geometry = NULL;
    PH_TRY(read_place(audit, layer, out, &geometry, err));
    PH_TRY(read_columns(audit, layer, geometry, out, err));
    size_t count = out->table.column_count;
    const char **names = malloc((count + 1) * sizeof *names);
    if (names == NULL) return ph_fail_memory(err);
    for (size_t c = 0; c < count; c++) names[c] = out->table.columns[c].name;
    names[count] = geometry;
    struct ph_text rest;
    ph_text_init(&rest, SQL_CAP);
    struct ph_query *query = NULL;
    enum ph_status status = ph_where_add(where, &out->table, &rest, err);
    if (status == PH_OK) {
        ph_text_add(&rest, ph_gpkg_has(audit, layer, "fid") ? " ORDER BY \"fid\"" : " ORDER BY \"OGC_FID\""); /* the latter in views */
        status = ph_query_columns(audit, layer, names, count + 1, ph_text_get(&rest), &query, err);
        if (status == PH_OK) status = read_rows(query, out, err);
        if (status == PH_E_INPUT && where) { /* SQLite's words about the condition */
            char words[400];
            const char *colon = err ? strstr(err->en, ": ") : NULL;
            snprintf(words, sizeof words, "%.390s", colon ? colon + 2 : "");
            status = ph_fail(err, PH_E_USAGE, "--where 有误:%s", "--where is wrong: %s", words);
        }
    }
    ph_query_close(query);
    ph_text_dispose(&rest);
    free(names);
    return status;
}

void ph_export_rows_dispose(struct ph_export_rows *rows)
{
    ph_table_dispose(&rows->table);
    ph_shapes_dispose(&rows->shapes);
    free(rows->lists);
    memset(rows, 0, sizeof *rows);
}
