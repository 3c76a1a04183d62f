#include "audit/contents.h"

#include <math.h>
#include <string.h>

/* A copy of a text cell; NULL stays NULL. */
static enum ph_status keep(struct ph_arena *arena, const struct ph_query *query, int cell, const char **out, struct ph_error *err)
{
    const char *text = ph_query_text(query, cell);
    *out = text ? ph_arena_text(arena, text, strlen(text)) : NULL;
    return text && *out == NULL ? ph_fail_memory(err) : PH_OK;
}

static enum ph_status count_rows(struct ph_gpkg_reader *reader, const char *sql, const char *layer, size_t *out, struct ph_error *err)
{
    struct ph_query *query = NULL;
    bool row = false;
    PH_TRY(ph_query_open(reader, sql, &query, err));
    if (layer) ph_query_bind_text(query, 1, layer);
    enum ph_status status = ph_query_next(query, &row, err);
    *out = row ? (size_t)ph_query_int(query, 0) : 0;
    ph_query_close(query);
    return status;
}

/* Key and geometry aside. */
#define COLUMNS "FROM pragma_table_info(?1) AS t LEFT JOIN gpkg_data_columns AS d ON d.table_name = ?1 AND d.column_name = t.name" \
                " WHERE t.name NOT IN ('fid', 'OGC_FID', 'geom')"

static enum ph_status keep_column(struct ph_arena *arena, const struct ph_query *query, struct ph_contents_column *out, struct ph_error *err)
{
    PH_TRY(keep(arena, query, 0, &out->name, err));
    PH_TRY(keep(arena, query, 1, &out->title, err));
    PH_TRY(keep(arena, query, 2, &out->codelist, err));
    return keep(arena, query, 3, &out->references, err);
}

static enum ph_status read_columns(struct ph_gpkg_reader *reader, struct ph_arena *arena, struct ph_contents_layer *layer, struct ph_error *err)
{
    size_t capacity;
    PH_TRY(count_rows(reader, "SELECT count(*) " COLUMNS, layer->name, &capacity, err));
    struct ph_contents_column *columns = ph_arena_alloc(arena, (capacity + 1) * sizeof *columns);
    if (columns == NULL) return ph_fail_memory(err);
    layer->columns = columns;
    struct ph_query *query = NULL;
    PH_TRY(ph_query_open(reader,
                         "SELECT t.name, d.title, d.constraint_name,"
                         " (SELECT f.\"table\" FROM pragma_foreign_key_list(?1) AS f WHERE f.\"from\" = t.name) " COLUMNS " ORDER BY t.cid",
                         &query, err));
    ph_query_bind_text(query, 1, layer->name);
    enum ph_status status = PH_OK;
    for (bool row = true; status == PH_OK && layer->column_count < capacity;) {
        status = ph_query_next(query, &row, err);
        if (status == PH_OK && row) status = keep_column(arena, query, &columns[layer->column_count++], err);
        if (!row) break;
    }
    ph_query_close(query);
    return status;
}

#define LAYERS "FROM gpkg_contents AS c WHERE c.table_name <> 'layer_styles'"

static enum ph_status keep_layer(struct ph_gpkg_reader *reader, struct ph_arena *arena, const struct ph_query *query, struct ph_contents_layer *out,
                                 struct ph_error *err)
{
    const char *geometry = ph_query_text(query, 2);
    *out = (struct ph_contents_layer){.geometry = geometry == NULL ? "none" : strcmp(geometry, "POINT") == 0 ? "point" : "polygon",
                                      .is_view = ph_query_int(query, 3) == 1, .extent = PH_BOX_EMPTY};
    PH_TRY(keep(arena, query, 0, &out->name, err));
    PH_TRY(keep(arena, query, 1, &out->title, err));
    return read_columns(reader, arena, out, err);
}

enum ph_status ph_contents_read(struct ph_gpkg_reader *reader, struct ph_contents *out, struct ph_error *err)
{
    size_t capacity;
    PH_TRY(count_rows(reader, "SELECT count(*) " LAYERS, NULL, &capacity, err));
    out->layers = ph_arena_alloc(&out->arena, (capacity + 1) * sizeof *out->layers);
    if (out->layers == NULL) return ph_fail_memory(err);
    struct ph_query *query = NULL;
    PH_TRY(ph_query_open(reader,
                         "SELECT c.table_name, c.identifier, (SELECT g.geometry_type_name FROM gpkg_geometry_columns AS g WHERE g.table_name ="
                         " c.table_name), (SELECT s.type = 'view' FROM sqlite_master AS s WHERE s.name = c.table_name) " LAYERS " ORDER BY c.rowid",
                         &query, err));
    enum ph_status status = PH_OK;
    for (bool row = true; status == PH_OK && out->count < capacity;) {
        status = ph_query_next(query, &row, err);
        if (status == PH_OK && row) status = keep_layer(reader, &out->arena, query, &out->layers[out->count++], err);
        if (!row) break;
    }
    ph_query_close(query);
    return status;
}

const struct ph_contents_class *ph_contents_class(const struct ph_contents_layer *layer, const char *value)
{
    for (size_t i = 0; i < layer->class_count; i++)
        if (strcmp(layer->classes[i].value, value) == 0) return &layer->classes[i];
    return NULL;
}

void ph_contents_dispose(struct ph_contents *contents)
{
    ph_arena_dispose(&contents->arena);
    *contents = (struct ph_contents){0};
}

const struct ph_contents_layer *ph_contents_layer(const struct ph_contents *contents, const char *name)
{
    for (size_t i = 0; i < contents->count; i++)
        if (strcmp(contents->layers[i].name, name) == 0) return &contents->layers[i];
    return NULL;
}

const struct ph_contents_column *ph_contents_column(const struct ph_contents_layer *layer, const char *name)
{
    for (size_t i = 0; layer && i < layer->column_count; i++)
        if (strcmp(layer->columns[i].name, name) == 0) return &layer->columns[i];
    return NULL;
}

const char *ph_contents_key(const struct ph_contents_layer *layer, const char *table)
{
    if (strcmp(layer->name, table) == 0) return "fid";
    return strcmp(layer->name, "enterprise_land") == 0 && strcmp(table, "enterprises") == 0 ? "enterprise_fid" : NULL;
}
