#include "model/layer.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"

enum ph_status ph_layer_add_row(struct ph_layer *layer, int64_t fid, struct ph_error *err)
{
    if (layer->table.rows == layer->fid_capacity) {
        size_t capacity = layer->fid_capacity ? 2 * layer->fid_capacity : 1024;
        int64_t *grown = realloc(layer->fids, capacity * sizeof *grown);
        if (grown == NULL) return ph_fail_memory(err);
        layer->fids = grown;
        layer->fid_capacity = capacity;
    }
    layer->fids[layer->table.rows] = fid;
    return ph_table_add_rows(&layer->table, 1, err);
}

enum ph_status ph_layer_copy_row(struct ph_layer *layer, size_t row, struct ph_error *err)
{
    PH_TRY(ph_layer_add_row(layer, layer->fids[row], err));
    ph_table_copy_values(&layer->table, row, layer->table.rows - 1);
    return PH_OK;
}

enum ph_status ph_layer_absorb(struct ph_layer *layer, struct ph_layer *from, struct ph_error *err)
{
    size_t rows = layer->table.rows, more = from->table.rows;
    if (rows + more > layer->fid_capacity) {
        int64_t *grown = realloc(layer->fids, (rows + more) * sizeof *grown);
        if (grown == NULL) return ph_fail_memory(err);
        layer->fids = grown;
        layer->fid_capacity = rows + more;
    }
    if (more) memcpy(layer->fids + rows, from->fids, more * sizeof *from->fids);
    PH_TRY(ph_table_absorb(&layer->table, &from->table, err));
    PH_TRY(ph_shapes_absorb(&layer->shapes, &from->shapes, err));
    ph_layer_dispose(from);
    return PH_OK;
}

struct place {
    int64_t fid;
    size_t row;
};

static int by_fid(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->fid != y->fid) return x->fid < y->fid ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static enum ph_status reorder(struct ph_layer *layer, const struct place *order, struct ph_error *err)
{
    size_t rows = layer->table.rows;
    PH_TRY(ph_table_reorder(&layer->table, &order[0].row, sizeof *order, err));
    for (size_t i = 0; i < rows; i++) layer->fids[i] = order[i].fid;
    if (layer->shapes.shape_count == 0) return PH_OK;
    struct ph_shapes sorted = {0};
    enum ph_status status = PH_OK;
    for (size_t i = 0; status == PH_OK && i < rows; i++) status = ph_shape_copy(&layer->shapes, order[i].row, &sorted, err);
    ph_shapes_dispose(&layer->shapes);
    layer->shapes = sorted;
    return status;
}

enum ph_status ph_layer_sort(struct ph_layer *layer, struct ph_error *err)
{
    size_t rows = layer->table.rows, i = 1;
    while (i < rows && layer->fids[i - 1] <= layer->fids[i]) i++;
    if (i >= rows) return PH_OK;
    struct place *order = malloc(rows * sizeof *order);
    if (order == NULL) return ph_fail_memory(err);
    for (i = 0; i < rows; i++) order[i] = (struct place){layer->fids[i], i};
    qsort(order, rows, sizeof *order, by_fid);
    enum ph_status status = reorder(layer, order, err);
    free(order);
    return status;
}

static void digest_text(struct ph_digest *digest, const char *text)
{
    if (text != NULL)
        ph_digest_add(digest, text, strlen(text) + 1);
    else
        ph_digest_add(digest, "\1", 2); /* no text that anybody wrote */
}

static void digest_column(struct ph_digest *digest, const struct ph_column *column, size_t rows)
{
    digest_text(digest, column->name);
    ph_digest_add(digest, &column->type, sizeof column->type);
    switch (column->type) {
    case PH_TEXT:
        for (size_t row = 0; row < rows; row++) digest_text(digest, column->text[row]);
        break;
    case PH_REAL: ph_digest_add(digest, column->real, rows * sizeof *column->real); break;
    case PH_INT: ph_digest_add(digest, column->integer, rows * sizeof *column->integer); break;
    case PH_DATE: ph_digest_add(digest, column->date, rows * sizeof *column->date); break;
    }
}

enum ph_status ph_layer_digest(const struct ph_layer *layer, char hex[65], struct ph_error *err)
{
    const struct ph_table *table = &layer->table;
    const struct ph_shapes *s = &layer->shapes;
    struct ph_digest *digest = ph_digest_new();
    ph_digest_add(digest, layer->fids, table->rows * sizeof *layer->fids);
    for (size_t c = 0; c < table->column_count; c++) digest_column(digest, &table->columns[c], table->rows);
    ph_digest_add(digest, s->shape_end, s->shape_count * sizeof *s->shape_end);
    ph_digest_add(digest, s->part_end, s->part_count * sizeof *s->part_end);
    ph_digest_add(digest, s->ring_end, s->ring_count * sizeof *s->ring_end);
    ph_digest_add(digest, s->points, s->point_count * sizeof *s->points);
    return ph_digest_end(digest, hex, err);
}

void ph_layer_dispose(struct ph_layer *layer)
{
    ph_table_dispose(&layer->table);
    ph_shapes_dispose(&layer->shapes);
    free(layer->fids);
    memset(layer, 0, sizeof *layer);
}
