/* The area that two polygons have in common, without the polygon: no case is degenerate. */
#ifndef PH_GEO_COMMON_AREA_H
#define PH_GEO_COMMON_AREA_H

#include "geo/outline.h"

/* Memory kept from one pair to the next; one per thread, zero-initialised. */
struct ph_slopes {
    struct ph_slope *items; /* of a, then of b */
    size_t capacity;
};

/* The area in square units of what two shapes have in common, each of them clean in its outline. It differs from the
 * truth by less than *margin. INFINITY for shapes of so many edges that GEOS is faster.
 *
 * A polygon is the sum of the strips below its edges, those of edges that run west (its inside to the left) counted
 * positive, those that run east negative. The product of two such sums is the sum over all pairs of edges of what lies
 * below both, that is, below the lower of two lines over a common stretch of x.
 * Errors: PH_E_MEMORY. */
PH_MUST_USE enum ph_status ph_common_area(struct ph_slopes *memory, const struct ph_outline *a, size_t shape_a, const struct ph_outline *b,
                                          size_t shape_b, double *area, double *margin, struct ph_error *err);

void ph_slopes_dispose(struct ph_slopes *memory);

#endif
