/* Geometry and topology of the parcels of a run: what is invalid, what overlaps, what was counted twice. */
#ifndef PH_AUDIT_CHECK_H
#define PH_AUDIT_CHECK_H

#include "audit/parcels.h"
#include "geo/cover.h"
#include "geo/excess.h"
#include "geo/topology.h"

/* An overlap is reported beyond either, unless the request says otherwise: m², and share of the smaller parcel. */
#define PH_OVERLAP_MIN_M2 1.0
#define PH_OVERLAP_MIN_SHARE 0.001

/* Zero-initialise. */
struct ph_check {
    struct ph_topology found;
    struct ph_cover cover;
    struct ph_excess twice;  /* ground under two parcels or more, each point once */
    struct ph_excess excess; /* by how much the sum of all areas is larger than the ground they cover */
    size_t against_from;     /* findings from here on are with the second layer: their b is a row of `against` */
    struct ph_fielded against;
    struct ph_source *against_source;
};

/* Settles the CRS, measures every parcel and examines it by itself (what is invalid is measured anew on its repaired
 * shape, and reported), and adopts an area. */
PH_MUST_USE enum ph_status ph_check_measured(struct ph_parcels *parcels, const struct ph_audit_request *request, struct ph_check *out,
                                             struct ph_problems *problems, struct ph_error *err);

/* Makes parcels of several sources, each measured by itself and now in one CRS, ready for what follows. */
PH_MUST_USE enum ph_status ph_check_united(struct ph_parcels *parcels, const struct ph_audit_request *request, struct ph_check *check,
                                           struct ph_error *err);

/* Overlaps, gaps, and what lies against the reference layer. */
PH_MUST_USE enum ph_status ph_check_neighbours(const struct ph_parcels *parcels, const struct ph_audit_request *request,
                                               struct ph_check *check, struct ph_problems *problems, struct ph_error *err);

/* By how much the total of each group is too large; groups per parcel, 0 to group_count - 1. */
PH_MUST_USE enum ph_status ph_check_groups(const struct ph_parcels *parcels, const struct ph_audit_request *request,
                                           const struct ph_check *check, const int32_t *groups, size_t group_count,
                                           struct ph_excess *excess, struct ph_error *err);

void ph_check_dispose(struct ph_check *check);

/* What a row of the second layer is called: its parcel code if it has one, else NULL. */
const char *ph_check_against_name(const struct ph_check *check, size_t row);

#endif
