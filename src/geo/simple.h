/* A cheap test by which most polygons are known to be valid. */
#ifndef PH_GEO_SIMPLE_H
#define PH_GEO_SIMPLE_H

#include "geo/outline.h"

/* Memory that the test keeps from one shape to the next; one per thread, zero-initialised. */
struct ph_simple {
    struct ph_simple_edge *edges;
    size_t capacity;
};

/* Whether the shape is valid beyond doubt: every ring closed and simple, no two rings meet, holes inside their outer
 * ring and not in each other, parts beside each other. *simple false says nothing: ask GEOS. The shape must have been
 * traced, and ph_outline_trace must have returned true.
 * Errors: PH_E_MEMORY. */
PH_MUST_USE enum ph_status ph_shape_simple(struct ph_simple *memory, const struct ph_outline *outline, size_t shape, bool *simple,
                                           struct ph_error *err);

void ph_simple_dispose(struct ph_simple *memory);

#endif
