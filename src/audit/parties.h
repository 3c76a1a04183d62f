/* Those who have something of one parcel, what they say they have, and what they get. */
#ifndef PH_AUDIT_PARTIES_H
#define PH_AUDIT_PARTIES_H

#include "audit/links.h"

#define PH_FINE 10000 /* claims are in 1/10000 of 0.01 m² */

struct ph_party {
    size_t holding;
    const char *code;
    size_t link[PH_RELATIONS], link_count[PH_RELATIONS]; /* its rows, by relation */
    int64_t claim[PH_RELATIONS];                         /* their sum in PH_FINE, as far as it is known */
    bool unknown[PH_RELATIONS];                          /* a row's size is not known */
    bool owner, rest;                                    /* rest: an owner's row that states no size */
    int64_t dm2[PH_RELATIONS];                           /* what it gets */
};

/* Zero-initialise; used for one parcel after the other. */
struct ph_parties {
    struct ph_party *items; /* by code */
    size_t count, capacity;
    int64_t *weights, *parts; /* one more than parties */
    size_t parcel, first; /* first: of its links */
    size_t equals;        /* how many have equal parts */
    int64_t whole_dm2;    /* of the parcel; INT64_MIN unknown */
    int64_t left_dm2;     /* nobody's */
};

/* What dividing needs to know; borrowed. */
struct ph_division {
    enum ph_land_share mode;
    const struct ph_parcels *parcels;
    const struct ph_links *links;
    const struct ph_enterprises *enterprises;
    const char *source; /* of the links */
    struct ph_problems *problems;
    struct ph_error *err;
};

/* Gathers who has something of the parcel: the links from <= i < to, and the holder when no link names an owner. */
PH_MUST_USE enum ph_status ph_parties_gather(const struct ph_division *d, size_t parcel, size_t from, size_t to, struct ph_parties *p);

/* Divides the parcel among them. */
PH_MUST_USE enum ph_status ph_parties_divide(const struct ph_division *d, struct ph_parties *p);

void ph_parties_dispose(struct ph_parties *parties);

/* What a party has there after all; INT64_MIN when that is not known. */
int64_t ph_party_dm2(const struct ph_party *party);

#endif
