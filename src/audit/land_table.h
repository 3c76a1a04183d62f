/* The enterprises' land in the output. */
#ifndef PH_AUDIT_LAND_TABLE_H
#define PH_AUDIT_LAND_TABLE_H

#include "audit/columns.h"
#include "audit/land.h"
#include "io/row.h"

/* Table `enterprise_parcels`, one row per enterprise, parcel and relation, with its arithmetic: its columns, and the rows of the
 * stakes from <= i < to. */
PH_MUST_USE enum ph_status ph_land_table_columns(struct ph_columns *columns, struct ph_error *err);
PH_MUST_USE enum ph_status ph_land_table_add(const struct ph_land *land, const struct ph_parcels *parcels, const struct ph_links *links,
                                             const struct ph_enterprises *enterprises, size_t from, size_t to, struct ph_records *out,
                                             struct ph_error *err);

/* Layer `enterprise_land`: each enterprise in the table that has land, as a bundle of the parcels in which it has some.
 * Zero-initialise. */
struct ph_land_layer {
    size_t *rows; /* per bundle, ascending: of the enterprise table */
    struct ph_bundles bundles;
};

PH_MUST_USE enum ph_status ph_land_layer_make(const struct ph_land *land, const struct ph_parcels *parcels,
                                              const struct ph_enterprises *enterprises, struct ph_land_layer *out, struct ph_error *err);
void ph_land_layer_dispose(struct ph_land_layer *layer);

/* Its columns, for the bundles from <= i < to (none: the columns only). More may be made before they are settled. */
PH_MUST_USE enum ph_status ph_land_layer_columns(const struct ph_land_layer *layer, const struct ph_enterprises *enterprises, size_t from,
                                                 size_t to, struct ph_columns *columns, struct ph_error *err);

#endif
