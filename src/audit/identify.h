/* Checks of the codes that name parcels and their holders. */
#ifndef PH_AUDIT_IDENTIFY_H
#define PH_AUDIT_IDENTIFY_H

#include "audit/parcels.h"
#include "base/index.h"

/* Fills parcels->checks, replaces holder codes by their normalised form (each repair reported), and indexes parcel
 * codes to rows (the first row where a code is doubled). Zero-initialise by_code; its keys are the table's texts. */
PH_MUST_USE enum ph_status ph_identify(struct ph_parcels *parcels, struct ph_index *by_code, struct ph_problems *problems,
                                       struct ph_error *err);

/* Normalises the credit codes of a column. */
PH_MUST_USE enum ph_status ph_identify_credit_codes(struct ph_fielded *table, size_t field, const char *source, struct ph_problems *problems,
                                                    struct ph_error *err);

#endif
