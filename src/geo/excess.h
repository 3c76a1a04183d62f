/* How much land is counted twice. */
#ifndef PH_GEO_EXCESS_H
#define PH_GEO_EXCESS_H

#include "geo/topology.h"

/* Areas in whole 0.01 m²; INT64_MIN where they are not known (the plane of a geographic CRS, the ellipsoid without a
 * surface). */
struct ph_excess {
    int64_t plane_dm2, ellipsoid_dm2;
};

/* The ground that two or more shapes cover, each point once: the union of the overlaps found within one layer.
 * Errors: PH_E_MEMORY, PH_E_LIBRARY. */
PH_MUST_USE enum ph_status ph_overlap_union(const struct ph_topology *found, const struct ph_topology_options *options,
                                            struct ph_excess *out, struct ph_error *err);

/* By how much the sum of the areas of each group is larger than the ground it covers: a point under k shapes of the
 * group counts k - 1 times. groups: per row of the layer, from 0 to group_count - 1, or negative for none.
 * out: group_count entries. Errors: PH_E_MEMORY, PH_E_LIBRARY. */
PH_MUST_USE enum ph_status ph_group_excess(const struct ph_topology *found, const struct ph_topology_options *options, const int32_t *groups,
                                           size_t group_count, struct ph_excess *out, struct ph_error *err);

#endif
