/* Areas of polygons in the plane of their CRS and on its ellipsoid.
 *
 * A surface is prepared once for the data at hand and is constant afterwards: any number of threads may
 * measure with it. */
#ifndef PH_GEO_SURFACE_H
#define PH_GEO_SURFACE_H

#include <stddef.h>

#include "base/error.h"
#include "geo/crs.h"
#include "model/shapes.h"

struct ph_surface;

/* boxes: where the data lies, in CRS units: those of the shapes (shapes->boxes, shapes->shape_count), which keeps
 * one stray parcel from costing anything, or one extent with count 1. Shapes outside are still measured
 * rightly, only slowly. crs must outlive the surface. The caller frees *out.
 * Errors: PH_E_MEMORY, PH_E_LIBRARY. */
PH_MUST_USE enum ph_status ph_surface_new(const struct ph_crs *crs, const struct ph_box *boxes, size_t count,
                                          struct ph_surface **out, struct ph_error *err);

/* Areas in m² of the shapes from <= i < to, written at plane_m2[i - from] and ellipsoid_m2[i - from].
 * plane_m2: in the plane of a projected CRS (m² also where its unit is the foot); NaN for a geographic one.
 * ellipsoid_m2: on the CRS's ellipsoid, edges straight in the CRS's plane (geographic: in longitude-latitude),
 * within max(1e-6 m², 1e-10) of the truth.
 * A part counts |outer ring| - sum of |holes|, whichever way they are wound; parts add. An empty shape gives 0,
 * coordinates that are not finite give NaN; on the ellipsoid also those that the projection does not reach.
 * slow: NULL, or where to add the number of rings that no fit covered and that took the exact way (some
 * microseconds a vertex).
 * Errors: PH_E_MEMORY, PH_E_LIBRARY, only when such a ring needs PROJ. */
PH_MUST_USE enum ph_status ph_surface_measure(const struct ph_surface *surface, const struct ph_shapes *shapes, size_t from,
                                              size_t to, double *plane_m2, double *ellipsoid_m2, size_t *slow,
                                              struct ph_error *err);

/* What was prepared, for the record: patches fitted (0 for a geographic CRS, which needs none) and the largest
 * relative misfit of the area element at their check points. */
struct ph_surface_quality {
    size_t patches;
    double worst_residual;
};

struct ph_surface_quality ph_surface_quality(const struct ph_surface *surface);

/* NULL is allowed. */
void ph_surface_free(struct ph_surface *surface);

#endif
