/* Narrow ground between neighbours that no shape covers. */
#ifndef PH_GEO_GAPS_H
#define PH_GEO_GAPS_H

#include "geo/cover.h"

/* Appends every piece of ground narrower than options->gap_width metres that lies between two shapes or more: what the
 * union of all shapes gains when it grows and then shrinks by half the width, corners square. Pieces that meet, be it in a
 * point, are one gap; those under 0.01 m² are rounding, not ground. In a geographic CRS the width is measured with the length of a degree of latitude.
 * Errors: PH_E_MEMORY, PH_E_LIBRARY, PH_E_CANCELLED. */
PH_MUST_USE enum ph_status ph_gaps(const struct ph_cover *cover, const struct ph_topology_options *options, struct ph_topology *out,
                                   struct ph_error *err);

#endif
