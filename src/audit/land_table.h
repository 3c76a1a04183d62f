/* The enterprises' land in the output. */
#ifndef PH_AUDIT_LAND_TABLE_H
#define PH_AUDIT_LAND_TABLE_H

#include "audit/columns.h"
#include "audit/land.h"

/* Writes table `enterprise_parcels`: one row per enterprise, parcel and relation, with its arithmetic. */
PH_MUST_USE enum ph_status ph_land_table_write(const struct ph_land *land, const struct ph_parcels *parcels, const struct ph_links *links,
                                               const struct ph_enterprises *enterprises, struct ph_gpkg *gpkg, struct ph_error *err);

/* The next parcel, from the stake *from on, in which an enterprise of the table has land, with its row there; false: no more. */
bool ph_land_next(const struct ph_land *land, const struct ph_enterprises *enterprises, size_t *from, size_t *row, size_t *parcel);

/* The rows of layer `enterprise_land`: each enterprise in the table that has land, by fid, as a bundle of the parcels in
 * which it has some. More columns may be made before they are settled; the first column gives the enterprise's fid. */
PH_MUST_USE enum ph_status ph_land_layer_make(const struct ph_land *land, const struct ph_parcels *parcels,
                                              const struct ph_enterprises *enterprises, struct ph_columns *columns,
                                              struct ph_bundles *bundles, struct ph_error *err);

#endif
