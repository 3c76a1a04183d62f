/* The polygons of a layer, kept once and compactly: coordinates in one array, and for each level
 * (shape, part, ring) the index one past its last child. */
#ifndef PH_MODEL_SHAPES_H
#define PH_MODEL_SHAPES_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct ph_xy {
    double x, y; /* easting/longitude first, as files store it; units of the layer's CRS */
};

struct ph_box {
    double min_x, min_y, max_x, max_y; /* min > max: empty */
};

#define PH_BOX_EMPTY {INFINITY, INFINITY, -INFINITY, -INFINITY}

/* Makes *all large enough for another. */
static inline void ph_box_add(struct ph_box *all, const struct ph_box *box)
{
    if (box->min_x < all->min_x) all->min_x = box->min_x;
    if (box->min_y < all->min_y) all->min_y = box->min_y;
    if (box->max_x > all->max_x) all->max_x = box->max_x;
    if (box->max_y > all->max_y) all->max_y = box->max_y;
}

/* Zero-initialise. Rings are closed (last point = first) and as wound in the source; the first ring of a
 * part is its outer one, the others are holes. A shape without parts is an empty geometry. */
struct ph_shapes {
    struct ph_xy *points;
    uint32_t *ring_end; /* one past the ring's last point */
    uint32_t *part_end; /* one past the part's last ring */
    uint32_t *shape_end; /* one past the shape's last part */
    struct ph_box *boxes; /* per shape */
    size_t point_count, ring_count, part_count, shape_count;
    size_t point_capacity, ring_capacity, part_capacity, shape_capacity;
};

/* Building: points, then close the ring, then the part, then the shape. At most 2^32-1 of each. */
PH_MUST_USE enum ph_status ph_shapes_add_point(struct ph_shapes *shapes, double x, double y, struct ph_error *err);
PH_MUST_USE enum ph_status ph_shapes_end_ring(struct ph_shapes *shapes, struct ph_error *err);
PH_MUST_USE enum ph_status ph_shapes_end_part(struct ph_shapes *shapes, struct ph_error *err);
PH_MUST_USE enum ph_status ph_shapes_end_shape(struct ph_shapes *shapes, struct ph_error *err);

static inline uint32_t ph_first_part(const struct ph_shapes *s, size_t shape) { return shape ? s->shape_end[shape - 1] : 0; }
static inline uint32_t ph_first_ring(const struct ph_shapes *s, size_t part) { return part ? s->part_end[part - 1] : 0; }
static inline uint32_t ph_first_point(const struct ph_shapes *s, size_t ring) { return ring ? s->ring_end[ring - 1] : 0; }

/* The box around all of them; empty when there is none. */
struct ph_box ph_shapes_extent(const struct ph_shapes *shapes);

/* Appends one shape of another store. */
PH_MUST_USE enum ph_status ph_shape_copy(const struct ph_shapes *from, size_t shape, struct ph_shapes *to, struct ph_error *err);

/* Appends all shapes of `from`, which is empty afterwards. */
PH_MUST_USE enum ph_status ph_shapes_absorb(struct ph_shapes *shapes, struct ph_shapes *from, struct ph_error *err);

void ph_shapes_dispose(struct ph_shapes *shapes);

/* Shapes of a store taken together, without their points: bundle i is of members end[i - 1] to end[i]. Zero-initialise. */
struct ph_bundles {
    size_t *members;      /* shapes of the store */
    size_t *end;
    struct ph_box *boxes; /* per bundle */
    size_t count;
};

void ph_bundles_dispose(struct ph_bundles *bundles);

#endif
