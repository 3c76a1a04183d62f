/* From an open table to its fields: matched, read, converted. */
#ifndef PH_AUDIT_INTAKE_H
#define PH_AUDIT_INTAKE_H

#include "audit/normalise.h"

/* Reads the whole of a source by the fields of one kind of table. progress may be NULL. oddities: where what is odd about its fields goes
 * (the same list as problems, or one that is thrown away). lenient: a column that fits two fields is reported, not an error. open_field: see ph_normalise. */
PH_MUST_USE enum ph_status ph_intake(struct ph_source *source, const struct ph_fields *fields, bool lenient, size_t open_field,
                                     const struct ph_progress *progress, struct ph_fielded *out, struct ph_problems *oddities,
                                     struct ph_problems *problems, struct ph_error *err);

#endif
