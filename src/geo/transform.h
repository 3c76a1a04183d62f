/* From one CRS to another: vertex by vertex, edges stay straight. A change of datum is made only by an operation that
 * somebody has named, but for WGS 84 and CGCS2000, which are taken as one. */
#ifndef PH_GEO_TRANSFORM_H
#define PH_GEO_TRANSFORM_H

#include "geo/crs.h"

/* Whether the two give every place the same coordinates. False in doubt. */
bool ph_crs_same(const struct ph_crs *a, const struct ph_crs *b);

struct ph_transform;

struct ph_transform_facts {
    char steps[512];   /* as PROJ names them, or the pipeline as it was given */
    double accuracy;   /* metres, as PROJ knows it; NaN unknown; 0 where no datum changes */
    bool as_one;       /* WGS 84 and CGCS2000 were taken as one */
};

/* operation: NULL, or what is to be done where the datums differ (it is not looked at where they do not): the code of an
 * operation between them ("EPSG:15921"), or a PROJ pipeline from the coordinates of `from` to those of `to`, easting or
 * longitude first, degrees as radians unless it says otherwise. The caller frees *out.
 * Errors: PH_E_CRS when the datums differ and no operation is named: the message says which there are, and how accurate;
 * PH_E_USAGE for an operation that cannot be read or leads elsewhere; PH_E_LIBRARY, PH_E_MEMORY. */
PH_MUST_USE enum ph_status ph_transform_new(const struct ph_crs *from, const struct ph_crs *to, const char *operation,
                                            struct ph_transform **out, struct ph_error *err);

const struct ph_transform_facts *ph_transform_facts(const struct ph_transform *transform);

/* In place. What has no image becomes NaN. */
void ph_transform_points(struct ph_transform *transform, struct ph_xy *points, size_t count);

/* In place. A shape with a point that has no image becomes empty and lost[i] true; lost has one element a shape and is
 * false at the start. Errors: PH_E_MEMORY. */
PH_MUST_USE enum ph_status ph_transform_shapes(struct ph_transform *transform, struct ph_shapes *shapes, bool *lost, struct ph_error *err);

/* NULL is allowed. */
void ph_transform_free(struct ph_transform *transform);

#endif
