/* Geometry and topology only: what is invalid, what overlaps, what is counted twice. */
#ifndef PANHUO_CHECK_H
#define PANHUO_CHECK_H

#include "panhuo/audit.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How many findings of one kind. Areas are whole 0.01 m²; INT64_MIN where a kind has none. */
struct ph_check_kind {
    const char *kind, *label; /* the word of the output, and what a person reads for it in Chinese; static */
    int against;              /* 1: of the parcels and the reference layer */
    size_t count;
    int64_t area_dm2;
};

struct ph_check_finding {
    const char *kind;
    int against;                    /* 1: parcel_b is a feature of the reference layer */
    const char *parcel_a, *parcel_b; /* codes; NULL where there is none */
    double area_m2;                 /* NaN: none */
    double share_a, share_b;        /* NaN: none */
    const char *zh, *en;            /* one sentence */
};

/* Areas in whole 0.01 m² on the ellipsoid. */
struct ph_check_summary {
    const char *output, *project; /* the GeoPackage, and the QGIS project beside it; NULL: nothing was written */
    size_t parcels;
    int64_t area_dm2;  /* of all parcels */
    int64_t twice_dm2; /* ground under two parcels or more, each point once */
    int64_t net_dm2;   /* the ground that the parcels cover */
    const struct ph_check_kind *kinds; /* those that were found, in the order of the findings */
    size_t kind_count;
    const struct ph_check_finding *findings; /* as in the output's table `topology` */
    size_t finding_count;
    size_t errors, warnings, notes; /* rows in problems */
};

struct ph_check_result;

/* Reads, measures and checks the parcels, and writes the output, whole or not at all, where the request names one: layers
 * `parcels`, `topology` and `topology_places`, tables `problems` and `run`. Of the request nothing that concerns tables,
 * rules, period or area basis is looked at; as_of only dates the file (unset: 1970-01-01).
 * Errors: those of ph_audit_run but PH_E_RULES and PH_E_SUMS. */
PH_API enum ph_status ph_check_run(const struct ph_audit_request *request, struct ph_check_result **out, struct ph_error *err);

/* Borrowed until ph_check_result_free. */
PH_API const struct ph_check_summary *ph_check_result_summary(const struct ph_check_result *result);
PH_API void ph_check_result_free(struct ph_check_result *result);

#ifdef __cplusplus
}
#endif
#endif
