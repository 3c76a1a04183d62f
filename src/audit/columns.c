#include "audit/columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum ph_status ph_columns_add(struct ph_columns *c, const char *name, const char *title, enum ph_type type, const struct ph_column *values,
                              const char *codelist, struct ph_error *err)
{
    if (c->count == c->capacity) {
        size_t capacity = c->capacity ? 2 * c->capacity : 64;
        struct ph_gpkg_column *grown = realloc(c->items, capacity * sizeof *grown);
        if (grown == NULL) return ph_fail_memory(err);
        c->items = grown;
        c->capacity = capacity;
    }
    c->items[c->count++] = (struct ph_gpkg_column){.name = name, .title = title, .type = type, .values = values, .codelist = codelist};
    return PH_OK;
}

enum ph_status ph_columns_add_fields(struct ph_columns *c, const struct ph_fielded *table, struct ph_error *err)
{
    for (size_t f = 0; f < table->fields->count; f++) {
        const struct ph_field *field = &table->fields->items[f];
        const struct ph_column *values = table->column_of ? ph_field_column(table, f) : NULL;
        PH_TRY(ph_columns_add(c, field->name, field->title, field->type, values, NULL, err));
    }
    return PH_OK;
}

static bool taken(const struct ph_columns *c, const char *name)
{
    if (ph_text_compare_nocase(name, "fid") == 0 || ph_text_compare_nocase(name, "geom") == 0) return true;
    if (ph_text_compare_nocase(name, "ogc_fid") == 0) return true;
    for (size_t i = 0; i < c->count; i++)
        if (ph_text_compare_nocase(c->items[i].name, name) == 0) return true;
    return false;
}

enum ph_status ph_columns_add_carried(struct ph_columns *c, const struct ph_fielded *table, struct ph_error *err)
{
    for (size_t i = 0; i < table->carried_count; i++) {
        const struct ph_column *column = &table->layer.table.columns[table->carried[i]];
        const char *name = column->name[0] ? column->name : "unnamed";
        if (ph_text_compare_nocase(name, "fid") == 0) name = "fid"; /* found as src_fid, however it was written */
        char other[300];
        snprintf(other, sizeof other, "%s", name);
        for (int n = 1; taken(c, other); n++) {
            if (n == 1)
                snprintf(other, sizeof other, "src_%.250s", name);
            else
                snprintf(other, sizeof other, "src_%.250s_%d", name, n);
        }
        const char *kept = ph_arena_text(&c->names, other, strlen(other));
        if (kept == NULL) return ph_fail_memory(err);
        PH_TRY(ph_columns_add(c, kept, column->title, column->type, column, NULL, err));
    }
    return PH_OK;
}

enum ph_status ph_columns_make(struct ph_columns *c, const char *name, const char *title, enum ph_type type, const char *codelist, size_t *made,
                               struct ph_error *err)
{
    PH_TRY(ph_table_add_column(&c->made, name, title, type, made, err));
    return ph_columns_add(c, name, title, type, NULL, codelist, err);
}

void ph_columns_settle(struct ph_columns *c)
{
    for (size_t i = 0; i < c->count; i++) {
        size_t made = ph_table_find(&c->made, c->items[i].name);
        if (made == SIZE_MAX || c->items[i].values != NULL) continue;
        c->items[i].values = &c->made.columns[made];
        c->items[i].first = c->first;
    }
}

void ph_columns_dispose(struct ph_columns *c)
{
    free(c->items);
    ph_table_dispose(&c->made);
    ph_arena_dispose(&c->names);
    memset(c, 0, sizeof *c);
}
