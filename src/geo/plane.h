/* Sizes of shapes in the plane of their coordinates. */
#ifndef PH_GEO_PLANE_H
#define PH_GEO_PLANE_H

#include "model/shapes.h"

/* |outer rings| minus |holes|, part by part, in square units. */
double ph_plane_area(const struct ph_shapes *shapes, size_t shape);

/* Length of all rings, x and y first multiplied by the given scales. */
double ph_plane_perimeter(const struct ph_shapes *shapes, size_t shape, double x_scale, double y_scale);

#endif
