/* All parcels of a run: every source read and measured by itself, in its own CRS, then united in the output's. */
#ifndef PH_AUDIT_GATHER_H
#define PH_AUDIT_GATHER_H

#include "audit/check.h"

/* Fills in parcels and check (both zero-initialised; dispose of them also after an error), ready for ph_check_neighbours. One
 * source in the output's CRS is left as it was read.
 * Errors: those of reading and measuring; PH_E_CRS for another datum when no transformation is named. */
PH_MUST_USE enum ph_status ph_parcels_gather(const struct ph_audit_request *request, struct ph_parcels *parcels, struct ph_check *check,
                                             struct ph_problems *problems, struct ph_error *err);

#endif
