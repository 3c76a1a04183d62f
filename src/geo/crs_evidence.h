/* What speaks for a CRS that nothing speaks against, and what coordinates alone cannot tell. */
#ifndef PH_GEO_CRS_EVIDENCE_H
#define PH_GEO_CRS_EVIDENCE_H

#include "geo/crs.h"

enum { PH_CRS_EVIDENCE_MAX = 6, PH_CRS_EVIDENCE_BYTES = 320 };

struct ph_crs_evidence {
    bool speaks_for; /* false: left open */
    char zh[PH_CRS_EVIDENCE_BYTES], en[PH_CRS_EVIDENCE_BYTES];
};

/* About coordinates that fill `extent` (CRS units, x first): zone number, place in the zone, axes; the neighbouring zone, the
 * seam to it, the datum. Writes at most PH_CRS_EVIDENCE_MAX, and their number to *count. Errors: PH_E_LIBRARY, PH_E_MEMORY. */
PH_MUST_USE enum ph_status ph_crs_evidence(const struct ph_crs *crs, struct ph_box extent, struct ph_crs_evidence out[PH_CRS_EVIDENCE_MAX],
                                           size_t *count, struct ph_error *err);

#endif
