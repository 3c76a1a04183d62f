/* Findings of topology in sentences. */
#ifndef PH_GEO_WORDING_H
#define PH_GEO_WORDING_H

#include "base/text.h"
#include "geo/topology.h"

/* Adds the sentence of a finding. name_a, name_b: what the two parcels are called (b is not looked at where there is
 * none). Areas are the finding's area_m2. */
void ph_topology_message(const struct ph_topology_finding *finding, const char *name_a, const char *name_b, bool english,
                         struct ph_text *out);

#endif
