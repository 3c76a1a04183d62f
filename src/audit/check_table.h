/* What the check found, as rows of the layers `topology` (areas) and `topology_places` (points). */
#ifndef PH_AUDIT_CHECK_TABLE_H
#define PH_AUDIT_CHECK_TABLE_H

#include "audit/check.h"
#include "audit/columns.h"
#include "base/text.h"

/* Zero-initialise. */
struct ph_check_table {
    struct ph_columns areas, places;
    struct ph_shapes area_shapes, place_shapes; /* per row; empty where there is none */
};

/* Findings beyond --overlap-max-m2 are left out. */
PH_MUST_USE enum ph_status ph_check_table_make(const struct ph_check *check, const struct ph_parcels *parcels, struct ph_check_table *out,
                                               struct ph_error *err);
/* Adds the sentence of one finding of the check; its parcels by their codes. */
void ph_check_message(const struct ph_check *check, const struct ph_parcels *parcels, size_t finding, bool english, struct ph_text *out);

void ph_check_table_dispose(struct ph_check_table *table);

#endif
