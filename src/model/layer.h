/* A layer in memory as it came: attributes, polygons, and the source's own feature ids, row by row. */
#ifndef PH_MODEL_LAYER_H
#define PH_MODEL_LAYER_H

#include "model/shapes.h"
#include "model/table.h"

/* Zero-initialise. shapes has no rows for a table without geometry. */
struct ph_layer {
    struct ph_table table;
    struct ph_shapes shapes;
    int64_t *fids;
    size_t fid_capacity;
};

/* Adds a row of unknowns; its shape, where there are shapes, is the caller's to add. */
PH_MUST_USE enum ph_status ph_layer_add_row(struct ph_layer *layer, int64_t fid, struct ph_error *err);

/* Adds a row with the values of another; its shape is not copied. */
PH_MUST_USE enum ph_status ph_layer_copy_row(struct ph_layer *layer, size_t row, struct ph_error *err);

/* Appends all rows of `from`, which has the same columns and is empty afterwards. */
PH_MUST_USE enum ph_status ph_layer_absorb(struct ph_layer *layer, struct ph_layer *from, struct ph_error *err);

/* Puts the rows in the order of their ids. */
PH_MUST_USE enum ph_status ph_layer_sort(struct ph_layer *layer, struct ph_error *err);

/* SHA-256 of all of it: names, types, ids, values, coordinates, in their order. */
PH_MUST_USE enum ph_status ph_layer_digest(const struct ph_layer *layer, char hex[65], struct ph_error *err);

void ph_layer_dispose(struct ph_layer *layer);

#endif
