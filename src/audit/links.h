/* The table of links: which enterprise has how much of which parcel, and by what right. */
#ifndef PH_AUDIT_LINKS_H
#define PH_AUDIT_LINKS_H

#include "audit/enterprises.h"

struct ph_link {
    size_t row;    /* of the table */
    size_t parcel; /* row of the parcels */
    size_t holding;
    const char *code; /* of the enterprise */
    enum ph_relation relation;
    int64_t area_dm2, floor_dm2; /* INT64_MIN not stated */
    double share;                /* of the parcel, 1 is all of it; NaN not stated */
    const char *note;            /* "" for none */
};

/* Zero-initialise. */
struct ph_links {
    struct ph_fielded t;
    struct ph_source *source; /* NULL: no table was given */
    const char *path;         /* what problems name it by */
    struct ph_link *items;    /* those that could be joined, by parcel, code, relation, size and note */
    size_t count;
};

/* Reads the table, if any. Needs no parcels: may run beside reading them. */
PH_MUST_USE enum ph_status ph_links_load(const struct ph_audit_request *request, struct ph_links *out, struct ph_problems *problems,
                                         struct ph_error *err);

/* Joins what was loaded with parcels and enterprises; rows that cannot be joined are problems. */
PH_MUST_USE enum ph_status ph_links_join(const struct ph_audit_request *request, const struct ph_parcels *parcels,
                                         const struct ph_index *by_code, struct ph_enterprises *enterprises, struct ph_links *links,
                                         struct ph_problems *problems, struct ph_error *err);
void ph_links_dispose(struct ph_links *links);

#endif
