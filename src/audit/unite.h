/* Parcels of several sources become one table. */
#ifndef PH_AUDIT_UNITE_H
#define PH_AUDIT_UNITE_H

#include "audit/check.h"

/* Appends the rows of `more`, from one source and measured, with its part; `more` is empty afterwards. Both have their shapes in
 * the same CRS. A field is one column; other columns are united by name, and where their types differ they become texts, which is
 * a problem (field.type). What is prepared for the shapes of `all` (its surface) is out of date then. */
PH_MUST_USE enum ph_status ph_parcels_unite(struct ph_parcels *all, struct ph_parcels *more, struct ph_problems *problems, struct ph_error *err);

#endif
