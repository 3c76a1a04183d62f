#include "audit/unite.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const struct ph_problem_kind type_differs = {
    PH_NOTE, "field.type", "各来源宜用同一类型", "let the sources agree on the type"};

/* Uniting two tables. */
struct uniting {
    struct ph_fielded *all, *more;
    size_t from;        /* where the rows of `more` begin */
    const char *source; /* of `more` */
    struct ph_problems *problems;
    struct ph_error *err;
};

static enum ph_status grow(void **array, size_t count, size_t width, struct ph_error *err)
{
    void *grown = realloc(*array, count * width);
    if (grown == NULL) return ph_fail_memory(err);
    *array = grown;
    return PH_OK;
}

/* The values of a column of `more` at the end of one of `all`. */
static enum ph_status copy_values(const struct uniting *u, size_t to, const struct ph_column *from)
{
    struct ph_column *column = &u->all->layer.table.columns[to];
    for (size_t row = 0; row < u->more->layer.table.rows; row++) {
        if (!ph_column_known(from, row)) continue;
        size_t at = u->from + row;
        char text[PH_VALUE_BYTES];
        switch (column->type) {
        case PH_REAL: column->real[at] = from->real[row]; break;
        case PH_INT: column->integer[at] = from->integer[row]; break;
        case PH_DATE: column->date[at] = from->date[row]; break;
        case PH_TEXT:
            column->text[at] = from->text[row];
            if (from->type == PH_TEXT) break;
            ph_column_print(from, row, text);
            column->text[at] = ph_table_text(&u->all->layer.table, text, strlen(text));
            if (column->text[at] == NULL) return ph_fail_memory(u->err);
        }
    }
    return PH_OK;
}

static enum ph_status unite_fields(const struct uniting *u)
{
    for (size_t f = 0; f < u->all->fields->count; f++) {
        const struct ph_field *field = &u->all->fields->items[f];
        const struct ph_column *from = ph_field_column(u->more, f);
        if (from == NULL) continue;
        if (u->all->column_of[f] == SIZE_MAX)
            PH_TRY(ph_table_add_column(&u->all->layer.table, field->name, field->title, field->type, &u->all->column_of[f], u->err));
        PH_TRY(copy_values(u, u->all->column_of[f], from));
    }
    return PH_OK;
}

/* The column for one that is carried over; made if there is none of its name. */
static enum ph_status find_carried(const struct uniting *u, const struct ph_column *column, size_t *index)
{
    struct ph_table *table = &u->all->layer.table;
    for (size_t i = 0; i < u->all->carried_count; i++) {
        struct ph_column *known = &table->columns[u->all->carried[i]];
        if (ph_text_compare_nocase(known->name, column->name) != 0) continue;
        *index = u->all->carried[i];
        if (known->type == column->type) return PH_OK;
        PH_TRY(ph_problem_add(u->problems, &type_differs, u->source, -1, u->err, "列 %s 的类型与前面的来源不同,按文本合并",
                              "column %s is of another type than in the sources before; united as text", column->name));
        return ph_table_make_text(table, *index, u->err);
    }
    PH_TRY(grow((void **)&u->all->carried, u->all->carried_count + 1, sizeof *u->all->carried, u->err));
    PH_TRY(ph_table_add_column(table, column->name, column->title, column->type, index, u->err));
    u->all->carried[u->all->carried_count++] = *index;
    return PH_OK;
}

static enum ph_status unite_carried(const struct uniting *u)
{
    for (size_t i = 0; i < u->more->carried_count; i++) {
        const struct ph_column *column = &u->more->layer.table.columns[u->more->carried[i]];
        size_t to = 0;
        PH_TRY(find_carried(u, column, &to));
        PH_TRY(copy_values(u, to, column));
    }
    return PH_OK;
}

/* The rows themselves, still without values. */
static enum ph_status add_rows(const struct uniting *u)
{
    struct ph_layer *all = &u->all->layer, *more = &u->more->layer;
    size_t rows = more->table.rows;
    PH_TRY(grow((void **)&all->fids, u->from + rows + 1, sizeof *all->fids, u->err));
    all->fid_capacity = u->from + rows + 1;
    if (rows > 0) memcpy(all->fids + u->from, more->fids, rows * sizeof *all->fids);
    PH_TRY(ph_table_add_rows(&all->table, rows, u->err));
    return ph_shapes_absorb(&all->shapes, &more->shapes, u->err);
}

static enum ph_status unite_parts(struct ph_parcels *all, struct ph_parcels *more, size_t from, struct ph_error *err)
{
    size_t rows = ph_parcel_count(more);
    PH_TRY(grow((void **)&all->areas, from + rows + 1, sizeof *all->areas, err));
    PH_TRY(grow((void **)&all->checks, from + rows + 1, sizeof *all->checks, err));
    PH_TRY(grow((void **)&all->parts, all->part_count + 1, sizeof *all->parts, err));
    memcpy(all->areas + from, more->areas, rows * sizeof *all->areas);
    memcpy(all->checks + from, more->checks, rows * sizeof *all->checks);
    all->parts[all->part_count] = more->parts[0];
    all->parts[all->part_count++].to = from + rows;
    more->part_count = 0;
    return PH_OK;
}

enum ph_status ph_parcels_unite(struct ph_parcels *all, struct ph_parcels *more, struct ph_problems *problems, struct ph_error *err)
{
    struct uniting u = {.all = &all->t, .more = &more->t, .from = ph_parcel_count(all), .source = ph_parcels_facts(more)->path,
                       .problems = problems, .err = err};
    PH_TRY(add_rows(&u));
    PH_TRY(unite_fields(&u));
    PH_TRY(unite_carried(&u));
    PH_TRY(unite_parts(all, more, u.from, err));
    ph_arena_absorb(&all->t.layer.table.arena, &more->t.layer.table.arena);
    ph_parcels_dispose(more);
    return PH_OK;
}
