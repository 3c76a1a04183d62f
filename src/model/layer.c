#include "model/layer.h"

#include <stdlib.h>
#include <string.h>

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

void ph_layer_dispose(struct ph_layer *layer)
{
    ph_table_dispose(&layer->table);
    ph_shapes_dispose(&layer->shapes);
    free(layer->fids);
    memset(layer, 0, sizeof *layer);
}
