/* The geometry column of a GeoPackage, as polygons. */
#ifndef PH_IO_GPKG_SHAPE_H
#define PH_IO_GPKG_SHAPE_H

#include "base/error.h"
#include "model/shapes.h"

/* Adds exactly one shape for a value of the column (NULL and 0 for an unknown one): an empty one when it holds no polygon.
 * Errors: PH_E_INPUT when the bytes are no GeoPackage geometry. */
PH_MUST_USE enum ph_status ph_gpkg_shape(const void *blob, size_t length, struct ph_shapes *shapes, struct ph_error *err);

/* Metres of one unit of the coordinates of a CRS, told as WKT; 0 when they are degrees. What cannot be read counts as metres. */
double ph_gpkg_unit_metres(const char *wkt);

#endif
