/* How each layer of the output looks in QGIS. */
#ifndef PH_AUDIT_LOOK_H
#define PH_AUDIT_LOOK_H

#include "io/gpkg.h"

/* Gives the layer, table or view `name`, which has the columns of `layer`, its default style. class_value: a view shows
 * this one tag; NULL: all. */
PH_MUST_USE enum ph_status ph_look(struct ph_gpkg *gpkg, const struct ph_gpkg_layer *layer, const char *name, const char *class_value,
                                   struct ph_error *err);

#endif
