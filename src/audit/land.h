/* The land of the enterprises: every parcel's adopted area divided among those who have it, to the last 0.01 m². */
#ifndef PH_AUDIT_LAND_H
#define PH_AUDIT_LAND_H

#include "audit/links.h"

/* How a stake's area came about. */
enum ph_stake_how {
    PH_STAKE_WHOLE,   /* the parcel */
    PH_STAKE_CLAIMED, /* what the links say */
    PH_STAKE_REST,    /* an owner whose link states no size: what the others leave */
    PH_STAKE_TENANTS, /* rented out: what tenants say, the owner says nothing */
    PH_STAKE_EQUAL    /* an equal part */
};

/* What an enterprise has in a parcel by one relation. */
struct ph_stake {
    size_t parcel, holding;
    enum ph_relation relation;
    enum ph_stake_how how;
    size_t link, link_count; /* the rows of ph_links behind it */
    size_t parties;          /* PH_STAKE_EQUAL: among how many */
    int64_t area_dm2;        /* not negative; INT64_MIN unknown */
    int64_t claimed_dm2;     /* what the links come to, before it was fitted to the parcel */
};

/* Where the land of the parcels is. */
enum ph_land_place { PH_LAND_ASSIGNED, PH_LAND_OFF_ROSTER, PH_LAND_UNASSIGNED, PH_LAND_PLACES };

struct ph_land_sum {
    int64_t parcels, enterprises, area_dm2; /* a parcel counts in every place where some of it is */
};

/* Zero-initialise. */
struct ph_land {
    enum ph_land_share mode;
    struct ph_stake *stakes; /* by parcel, code and relation */
    size_t count, capacity;
    struct ph_land_sum sums[PH_LAND_PLACES]; /* of enterprises in the table, of others, of nobody */
};

/* Divides all parcels; fills the land of enterprises->holdings and makes enterprises->holding_of_parcel the one that a
 * parcel's rules look at: the holder where it has land there, else who has most. The result does not depend on the order
 * of rows. What cannot be divided as the links say is a problem of the links' source. */
PH_MUST_USE enum ph_status ph_land_divide(const struct ph_audit_request *request, const struct ph_parcels *parcels,
                                          const struct ph_links *links, struct ph_enterprises *enterprises, struct ph_land *out,
                                          struct ph_problems *problems, struct ph_error *err);
void ph_land_dispose(struct ph_land *land);

#endif
