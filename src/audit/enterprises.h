/* The enterprise table: one row per enterprise and year; indicators for the parcels of each holder. */
#ifndef PH_AUDIT_ENTERPRISES_H
#define PH_AUDIT_ENTERPRISES_H

#include "audit/parcels.h"
#include "base/index.h"

/* How an enterprise has land in a parcel, in the order of model/codelist "relation". Its land is own + rented in - rented out. */
enum ph_relation { PH_OWN, PH_RENTED_IN, PH_RENTED_OUT, PH_RELATIONS };

/* An enterprise that the table, a parcel or a link names. What is known of its land comes from audit/land. */
struct ph_holding {
    const char *code;
    size_t row;                 /* of its latest year not after as_of; SIZE_MAX when it is not in the table */
    int64_t parcels;            /* in which it has land */
    int64_t dm2[PH_RELATIONS];  /* what is known */
    bool unknown[PH_RELATIONS]; /* there is more, of unknown area */
    size_t unit;                /* the holding that stands for those judged together; itself when it is judged alone */
};

/* Its land; INT64_MIN when some of it is unknown. */
static inline int64_t ph_holding_dm2(const struct ph_holding *h)
{
    bool unknown = h->unknown[PH_OWN] || h->unknown[PH_RENTED_IN] || h->unknown[PH_RENTED_OUT];
    return unknown ? INT64_MIN : h->dm2[PH_OWN] + h->dm2[PH_RENTED_IN] - h->dm2[PH_RENTED_OUT];
}

/* Zero-initialise. */
struct ph_enterprises {
    struct ph_fielded t;
    struct ph_source *source;      /* NULL: no table was given */
    struct ph_index by_code;       /* credit code to holding */
    struct ph_index later;         /* credit codes of rows of years after as_of's */
    struct ph_holding *holdings;
    size_t holding_count, holding_capacity;
    size_t *holding_of_parcel;     /* the holder's; from audit/land on, whoever the parcel's rules look at; SIZE_MAX for none */
    size_t *holding_of_row;        /* per row of the table; SIZE_MAX when not the one that counts */
};

/* Reads the table, if any. Needs no parcels: may run beside reading them. */
PH_MUST_USE enum ph_status ph_enterprises_load(const struct ph_audit_request *request, struct ph_enterprises *out,
                                               struct ph_problems *problems, struct ph_error *err);

/* The enterprise of this code, in the table or not; one that is not (nor with a
 * later year, which was told of all such rows) is a problem of this feature, told once. */
PH_MUST_USE enum ph_status ph_enterprises_find(struct ph_enterprises *enterprises, const char *code, const char *source, int64_t feature,
                                               size_t *holding, struct ph_problems *problems, struct ph_error *err);

/* Joins what was loaded with the parcels by holder code. */
PH_MUST_USE enum ph_status ph_enterprises_join(const struct ph_parcels *parcels, struct ph_enterprises *enterprises,
                                               struct ph_problems *problems, struct ph_error *err);
void ph_enterprises_dispose(struct ph_enterprises *enterprises);

/* An indicator of a parcel's enterprise; NaN when unknown. */
double ph_holder_indicator(const struct ph_enterprises *e, size_t parcel, enum ph_enterprise_field field);
/* Mu of a parcel's enterprise over all its parcels; NaN when there is none or an area is unknown. */
double ph_holder_mu(const struct ph_enterprises *e, size_t parcel);
/* The indicator over that; of the tax, where it is unknown, what the enterprise reports per mu. */
double ph_holder_per_mu(const struct ph_enterprises *e, size_t parcel, enum ph_enterprise_field field);

/* What enterprises report of their land, held against the parcels they were given. After the land was divided. */
PH_MUST_USE enum ph_status ph_enterprises_check(const struct ph_enterprises *enterprises, struct ph_problems *problems, struct ph_error *err);

#endif
