/* The enterprise table: one row per enterprise and year; indicators for the parcels of each holder. */
#ifndef PH_AUDIT_ENTERPRISES_H
#define PH_AUDIT_ENTERPRISES_H

#include "audit/parcels.h"
#include "base/index.h"

struct ph_holding {
    size_t row;       /* of the enterprise's latest year not after as_of; SIZE_MAX when it is not in the table */
    int64_t parcels;
    int64_t area_dm2; /* adopted area of its parcels; unknown ones add nothing and set `partial` */
    bool partial;
};

/* Zero-initialise. */
struct ph_enterprises {
    struct ph_fielded t;
    struct ph_source *source;      /* NULL: no table was given */
    struct ph_index by_code;       /* credit code to holding */
    struct ph_holding *holdings;
    size_t holding_count, holding_capacity;
    size_t *holding_of_parcel;     /* per parcel; SIZE_MAX for none */
    size_t *holding_of_row;        /* per row of the table; SIZE_MAX when not the one that counts */
};

/* Reads the table, if any. Needs no parcels: may run beside reading them. */
PH_MUST_USE enum ph_status ph_enterprises_load(const struct ph_audit_request *request, struct ph_enterprises *out,
                                               struct ph_problems *problems, struct ph_error *err);

/* Joins what was loaded with the parcels by holder code. */
PH_MUST_USE enum ph_status ph_enterprises_join(const struct ph_parcels *parcels, struct ph_enterprises *enterprises,
                                               struct ph_problems *problems, struct ph_error *err);
void ph_enterprises_dispose(struct ph_enterprises *enterprises);

/* An indicator of the holder of a parcel; NaN when unknown. */
double ph_holder_indicator(const struct ph_enterprises *e, size_t parcel, enum ph_enterprise_field field);
/* Mu held by the holder of a parcel over all its parcels; NaN when there is no holder or an area is unknown. */
double ph_holder_mu(const struct ph_enterprises *e, size_t parcel);

#endif
