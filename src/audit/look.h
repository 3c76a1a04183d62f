/* How each layer of the output looks and reads in QGIS. */
#ifndef PH_AUDIT_LOOK_H
#define PH_AUDIT_LOOK_H

#include "audit/contents.h"
#include "io/gpkg.h"
#include "io/style.h"

enum ph_look {
    PH_LOOK_DEFAULT,
    PH_LOOK_PLAIN, /* parcels as a background */
    PH_LOOK_SHEET, /* parcels on an atlas: the sheet's own stands out */
    PH_LOOKS
};

/* What people call each in QGIS. */
extern const char *const ph_look_names[PH_LOOKS];

/* The style of a layer; its legend says how many features each class has, where they were counted. Allocated in the arena. */
PH_MUST_USE enum ph_status ph_look_make(const struct ph_contents *contents, const struct ph_contents_layer *layer, enum ph_look look,
                                        struct ph_arena *arena, struct ph_style *out, struct ph_error *err);

/* The id of the relation by which rows of `child` belong to a feature of `parent`; NULL when memory is out. */
const char *ph_look_relation(struct ph_arena *arena, const char *parent, const char *child);

/* Gives every layer, table and view its default style. */
PH_MUST_USE enum ph_status ph_look_store(struct ph_gpkg *gpkg, const struct ph_contents *contents, struct ph_error *err);

#endif
