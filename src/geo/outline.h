/* What the topology tests want to know of a layer's rings beforehand: boxes of runs of edges, and winding. */
#ifndef PH_GEO_OUTLINE_H
#define PH_GEO_OUTLINE_H

#include <stdbool.h>

#include "base/error.h"
#include "model/shapes.h"

enum { PH_RUN_EDGES = 32 };

/* A run is up to PH_RUN_EDGES consecutive edges of one ring. Edge i of a ring goes from point i to i + 1. */
struct ph_outline {
    const struct ph_shapes *shapes; /* borrowed */
    struct ph_box *runs;
    uint32_t *run_end;  /* per ring: one past its last run */
    uint8_t *reversed;  /* per ring: the polygon's inside lies right of it as it is stored */
    uint8_t *clean;     /* per shape: valid, and its coordinates are such that ph_orient is exact */
};

/* Allocates; nothing is known yet (clean is 0 throughout). Dispose of it with ph_outline_dispose, also after an error. */
PH_MUST_USE enum ph_status ph_outline_init(struct ph_outline *outline, const struct ph_shapes *shapes, struct ph_error *err);

/* Fills in runs and winding of one shape. Threads may trace different shapes. A ring whose winding cannot be told
 * counts as stored. Returns whether ph_orient is exact on all its coordinates. */
bool ph_outline_trace(struct ph_outline *outline, size_t shape);

void ph_outline_dispose(struct ph_outline *outline);

static inline uint32_t ph_first_run(const struct ph_outline *o, size_t ring) { return ring ? o->run_end[ring - 1] : 0; }

static inline bool ph_boxes_meet(const struct ph_box *a, const struct ph_box *b)
{
    return a->min_x <= b->max_x && b->min_x <= a->max_x && a->min_y <= b->max_y && b->min_y <= a->max_y;
}

/* 1 when p lies inside the ring (however it is wound), 0 on it, -1 outside; exact. */
int ph_ring_holds(const struct ph_outline *outline, size_t ring, struct ph_xy p);

/* The same for a shape whose rings do not cross; p must not lie on any of them. */
bool ph_shape_holds(const struct ph_outline *outline, size_t shape, struct ph_xy p);

/* Winding of a simple ring: 1 counter-clockwise, -1 clockwise, 0 when it cannot be told. Exact. */
int ph_ring_winding(const struct ph_xy *points, size_t count);

#endif
