/* What a boundary-point file says of itself, held against its points. */
#ifndef PH_IO_TXT_CHECK_H
#define PH_IO_TXT_CHECK_H

#include "io/txt.h"

/* EPSG number of the CRS by 坐标系, 几度分带, 带号 and the zone number in the eastings; 0 when they do not give one, with a row
 * in problems when they say something that cannot be made one. */
PH_MUST_USE enum ph_status ph_txt_epsg(const struct ph_txt *txt, const char *source, struct ph_problems *problems, int *epsg,
                                       struct ph_error *err);

/* Compares the points and hectares that each plot declares with its shape, which is number `first` + i of `shapes`. */
PH_MUST_USE enum ph_status ph_txt_compare(const struct ph_txt *txt, const char *source, const struct ph_shapes *shapes, size_t first,
                                          struct ph_problems *problems, struct ph_error *err);

#endif
