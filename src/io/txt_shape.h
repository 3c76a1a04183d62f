/* From the rings of a boundary-point file to polygons, and back. */
#ifndef PH_IO_TXT_SHAPE_H
#define PH_IO_TXT_SHAPE_H

#include "io/txt.h"

/* Adds one shape for each plot; a ring within another is a hole, whatever its number, and is wound against it. */
PH_MUST_USE enum ph_status ph_txt_shapes(const struct ph_txt *txt, const char *source, struct ph_shapes *shapes, struct ph_problems *problems,
                                         struct ph_error *err);

/* In the units of the coordinates: |outer rings| less |holes|, and the length of all rings. */
struct ph_txt_extent {
    double area, length;
};
struct ph_txt_extent ph_txt_extent(const struct ph_shapes *shapes, size_t shape);

/* Adds a plot with the rings of a shape in metres. Of `items`, PH_TXT_ITEMS of them, the count of points and the hectares are
 * worked out here. */
PH_MUST_USE enum ph_status ph_txt_add_shape(struct ph_txt *txt, struct ph_str *items, const struct ph_shapes *shapes, size_t shape,
                                            struct ph_error *err);

/* How many decimals write the coordinates, at least 3 and at most 6: as many as change none of them by more than a micrometre. */
int ph_txt_decimals(const struct ph_txt *txt);

#endif
