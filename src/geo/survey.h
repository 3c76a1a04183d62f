/* Areas by the procedure of the national land survey (rules on ellipsoidal areas of 2008, carried into the third survey), with its
 * constants and its roundings, so that a figure can be held against the survey's own to 0.01 m². geo/surface.h is exact.
 *
 * Each edge is cut into equal pieces no longer than `densify` in the plane; plane coordinates are rounded to 0.1 mm, led to
 * the ellipsoid by the inverse Gauss series, latitude and longitude rounded to 1e-6 seconds; each piece with the central
 * meridian bounds a trapezoid, and the sum over all rings is rounded to 0.01 m², half away from zero. Coordinates of a
 * geographic CRS are taken as latitude and longitude, their edges cut at about the same length. */
#ifndef PH_GEO_SURVEY_H
#define PH_GEO_SURVEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "geo/crs.h"
#include "model/shapes.h"

#define PH_SURVEY_DENSIFY_M 70.0 /* the step of the survey's software; the last centimetre depends on it */

struct ph_survey {
    const struct ph_survey_ellipsoid *ellipsoid; /* static */
    bool geographic;
    double seconds_per_unit; /* geographic */
    double false_easting;    /* metres, with the zone number if there is one */
    double densify;          /* metres */
    double strip[5];         /* A to E of the trapezoid series */
    double c, ep2;           /* radius of curvature at the pole, second eccentricity squared */
};

/* densify in metres. Errors: PH_E_USAGE when it is below 1, or when the procedure does not know the CRS: it is neither geographic nor
 * Gauss-Krüger in metres, or not on the ellipsoid of CGCS2000, Xian 1980 or Beijing 1954. */
PH_MUST_USE enum ph_status ph_survey_init(const struct ph_crs *crs, double densify, struct ph_survey *out, struct ph_error *err);

/* m² of shape `shape`: the outer ring of each part less its holes, however they are wound. NaN when the coordinates are
 * not finite or lie more than 500 km from the central meridian, where the series ends. */
double ph_survey_area(const struct ph_survey *survey, const struct ph_shapes *shapes, size_t shape);

#endif
