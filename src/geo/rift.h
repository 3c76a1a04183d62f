/* Whether there can be a narrow gap somewhere: a cheap look at the edges that no neighbour shares. */
#ifndef PH_GEO_RIFT_H
#define PH_GEO_RIFT_H

#include "geo/outline.h"

/* A shape in its outline. */
struct ph_outlined {
    const struct ph_outline *outline;
    size_t index;
};

/* Memory kept from one question to the next; one per thread, zero-initialised. */
struct ph_rift {
    struct ph_rift_edge *edges;
    size_t count, capacity;
};

/* Sets *possible false when, among the shapes' edges within `box`, no two that lie on the boundary of their union come closer
 * than `width` but for those that meet in a common end at more than 30 degrees; and to true in doubt, as for shapes that are
 * not clean. An edge lies inside the union when two shapes have it, one on each side.
 * Errors: PH_E_MEMORY. */
PH_MUST_USE enum ph_status ph_rift_possible(struct ph_rift *memory, const struct ph_outlined *shapes, size_t count,
                                            const struct ph_box *box, double width, bool *possible, struct ph_error *err);

void ph_rift_dispose(struct ph_rift *memory);

#endif
