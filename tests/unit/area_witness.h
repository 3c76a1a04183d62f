/* A second opinion on ellipsoidal areas for tests and the benchmark: dense, slow, in long double, sharing nothing
 * with the library but PROJ's inverse. */
#ifndef PH_AREA_WITNESS_H
#define PH_AREA_WITNESS_H

#include <stddef.h>

#include "model/shapes.h"

struct witness;

/* NULL when PROJ refuses. definition as for ph_crs_new. */
struct witness *witness_open(const char *definition);
void witness_close(struct witness *witness);

/* Degrees to CRS units, x first. */
struct ph_xy witness_place(const struct witness *witness, double longitude, double latitude);

/* CRS units per metre (degrees of longitude of the equator for a geographic CRS). */
double witness_units(const struct witness *witness);

/* |area| in m² of a ring with edges straight in the CRS's coordinates: each cut into pieces of at most `step` metres,
 * the ends inverse projected, closed authalic form about the first vertex. */
double witness_dense(const struct witness *witness, const struct ph_xy *ring, size_t count, double step);

/* The same pieces as geodesics, by geod_polygonarea. */
double witness_geodesic(const struct witness *witness, const struct ph_xy *ring, size_t count, double step);

/* Outer ring less holes, parts added, by witness_dense. */
double witness_shape(const struct witness *witness, const struct ph_shapes *shapes, size_t shape, double step);

#endif
