/* The parcels and what was found in them as tables of the output. */
#ifndef PH_AUDIT_PARCEL_TABLE_H
#define PH_AUDIT_PARCEL_TABLE_H

#include "audit/columns.h"
#include "audit/tagging.h"

/* The parcels from <= row < to (none: the columns only): fields, areas, tags, class, origin, what the source had besides.
 * tags: theirs (ph_tag_column), without rows when there are none yet; NULL in a check, as is evaluation. To be settled. */
PH_MUST_USE enum ph_status ph_parcel_table_make(const struct ph_parcels *parcels, const struct ph_table *tags,
                                                const struct ph_evaluation *evaluation, size_t from, size_t to, struct ph_columns *columns,
                                                struct ph_error *err);

/* The findings (ph_finding_column), which are borrowed. */
PH_MUST_USE enum ph_status ph_finding_table_make(const struct ph_table *findings, struct ph_columns *columns, struct ph_error *err);

#endif
