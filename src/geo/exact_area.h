/* The slow way to an ellipsoidal area, for rings that no fit covers: larger than a patch, or where the
 * projection is singular. */
#ifndef PH_GEO_EXACT_AREA_H
#define PH_GEO_EXACT_AREA_H

#include <stddef.h>

#include "geo/crs.h"
#include "geo/ellipsoid.h"

/* |area| in m² of a ring whose edges are straight in the plane of a projected CRS: each edge is cut, inverse
 * projected and integrated by the closed authalic form about the ring's first vertex, until it settles.
 * NaN where the projection cannot be inverted. A ring round a pole is not supported. */
double ph_exact_area(struct ph_projector *projector, const struct ph_ellipsoid *ellipsoid, const struct ph_xy *ring,
                     size_t count);

#endif
