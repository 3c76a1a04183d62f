/* How many m² of the ellipsoid lie under one unit of a projected plane, as a function of the place.
 *
 * The ellipsoidal area of a figure in the plane is the integral over it of
 *     D(x, y) = M(phi) N(phi) cos(phi) |d(lambda, phi)/d(x, y)|.
 * D is smooth, so it is fitted once, on square patches that cover the data, by polynomials that keep about
 * 1e-13 of it. The patches are constant afterwards and may be shared between threads. */
#ifndef PH_GEO_DENSITY_H
#define PH_GEO_DENSITY_H

#include <stddef.h>

#include "base/error.h"
#include "geo/crs.h"
#include "model/shapes.h"

enum { PH_DENSITY_DEGREE = 6, PH_DENSITY_TERMS = (PH_DENSITY_DEGREE + 1) * (PH_DENSITY_DEGREE + 2) / 2 };

/* D on |x - x0| <= half, |y - y0| <= half, in powers of u = (x - x0)/half, v = (y - y0)/half, total degree 6.
 * Term (i, j), u^i v^j, stands at ph_density_term(j) + i. Unit: m² per square CRS unit. */
struct ph_patch {
    double x0, y0;
    double half;     /* of the fitted square; it reaches over the edge of the patch's own cell */
    double cubic;    /* bound on |third derivative along any direction|, by u and v, over the fitted square */
    double residual; /* largest relative misfit seen at the check points */
    double terms[PH_DENSITY_TERMS];
};

static inline size_t ph_density_term(size_t j)
{
    return j * (2 * PH_DENSITY_DEGREE + 3 - j) / 2;
}

struct ph_density;

/* Fits D wherever a box touches. Boxes that are empty, not finite or too large to be a parcel's are left
 * out, and so is what cannot be fitted: ph_density_at gives NULL there.
 * crs must be projected. Errors: PH_E_MEMORY, PH_E_LIBRARY. */
PH_MUST_USE enum ph_status ph_density_new(const struct ph_crs *crs, const struct ph_box *boxes, size_t count,
                                          struct ph_density **out, struct ph_error *err);

/* The patch whose cell holds the point, or NULL. */
const struct ph_patch *ph_density_at(const struct ph_density *density, double x, double y);

/* D at a point of the patch. */
double ph_patch_value(const struct ph_patch *patch, double x, double y);

size_t ph_density_patches(const struct ph_density *density);
double ph_density_worst_residual(const struct ph_density *density);

/* NULL is allowed. */
void ph_density_free(struct ph_density *density);

#endif
