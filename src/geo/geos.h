/* The only port of entry of GEOS: shapes in, shapes out. */
#ifndef PH_GEO_GEOS_H
#define PH_GEO_GEOS_H

#include <stdbool.h>

#include "base/error.h"
#include "geo/flaw.h"
#include "model/shapes.h"

/* One per thread. */
struct ph_geos;

PH_MUST_USE enum ph_status ph_geos_new(struct ph_geos **out, struct ph_error *err);

/* NULL is allowed. */
void ph_geos_free(struct ph_geos *geos);

/* A shape of a layer. */
struct ph_shape_ref {
    const struct ph_shapes *shapes;
    size_t index;
};

struct ph_validity {
    enum ph_flaw flaw;   /* PH_FLAW_NONE: valid */
    struct ph_xy place;  /* where it is invalid; NaN when unknown */
};

/* GEOS's isValidDetail; rings that GEOS would not even take (open, too few points, coordinates that are not finite)
 * are named without it. An empty shape is valid. */
PH_MUST_USE enum ph_status ph_geos_validity(struct ph_geos *geos, struct ph_shape_ref shape, struct ph_validity *out,
                                            struct ph_error *err);

/* Appends the repaired shape to *out as one shape (empty when nothing is left of it): GEOS's MakeValid by structure,
 * outer rings together minus holes together, both lobes of a bow-tie; a hole outside its outer ring becomes a part.
 * Rings that are no rings are left out. */
PH_MUST_USE enum ph_status ph_geos_repair(struct ph_geos *geos, struct ph_shape_ref shape, struct ph_shapes *out, struct ph_error *err);

/* Appends what two valid shapes have in common to *out as one shape: its polygons, without lines and points. */
PH_MUST_USE enum ph_status ph_geos_intersection(struct ph_geos *geos, struct ph_shape_ref a, struct ph_shape_ref b,
                                                struct ph_shapes *out, struct ph_error *err);

/* Appends the union of valid shapes to *out as one shape. */
PH_MUST_USE enum ph_status ph_geos_union(struct ph_geos *geos, const struct ph_shape_ref *shapes, size_t count, struct ph_shapes *out,
                                         struct ph_error *err);

/* Appends to *out, each as a shape of its own, the pieces of ground within `window` that no shape covers and that are
 * narrower than `width`: what the union of the shapes gains by growing and shrinking again by half the width, with
 * square corners. Coordinates as the shapes'. */
PH_MUST_USE enum ph_status ph_geos_narrow_gaps(struct ph_geos *geos, const struct ph_shape_ref *shapes, size_t count, double width,
                                               const struct ph_box *window, struct ph_shapes *out, struct ph_error *err);

/* Whether two valid shapes come closer than or as close as distance. */
PH_MUST_USE enum ph_status ph_geos_near(struct ph_geos *geos, struct ph_shape_ref a, struct ph_shape_ref b, double distance, bool *near,
                                        struct ph_error *err);

#endif
