/* Which shapes share area. */
#ifndef PH_GEO_OVERLAP_H
#define PH_GEO_OVERLAP_H

#include "geo/cover.h"

/* Appends every pair of shapes whose common area passes the options' thresholds to *out, with the area as geometry:
 * within a layer (b NULL; finding.a < finding.b), or between two. Invalid shapes count as repaired. The pairs are those
 * that GEOS's intersection of every pair would give.
 * Errors: PH_E_MEMORY, PH_E_LIBRARY, PH_E_CANCELLED. */
PH_MUST_USE enum ph_status ph_overlaps(const struct ph_cover *a, const struct ph_cover *b, const struct ph_topology_options *options,
                                       struct ph_topology *out, struct ph_error *err);

#endif
