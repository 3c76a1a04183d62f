/* The ledger of events: read, joined with the parcels, each row counted or not and why. */
#ifndef PH_AUDIT_LEDGER_H
#define PH_AUDIT_LEDGER_H

#include "audit/parcels.h"
#include "base/index.h"

/* Ledger kinds in the order of model/codelist "ledger_kind". */
struct ph_event {
    size_t parcel;       /* row of the parcels; SIZE_MAX unknown */
    size_t kind;         /* of the code list; SIZE_MAX unknown */
    const char *enterprise; /* the event's own code, else the parcel's holder; NULL unknown */
    int64_t area_dm2;    /* what it counts for: its own area capped at the parcel's, else the whole parcel; INT64_MIN unknown */
    int64_t ellipsoid_dm2; /* the same share of the measured area */
    int64_t factory_dm2; /* INT64_MIN unknown */
    bool counted;
    const char *message; /* why it does not count, or what was odd; NULL when nothing; in `texts` */
};

/* Zero-initialise. */
struct ph_ledger {
    struct ph_fielded t;
    struct ph_source *source; /* NULL: no ledger was given */
    struct ph_event *events;  /* per row */
    struct ph_arena texts;
};

/* Reads the table, if any. Needs no parcels: may run beside reading them. */
PH_MUST_USE enum ph_status ph_ledger_load(const struct ph_audit_request *request, struct ph_ledger *out, struct ph_problems *problems,
                                          struct ph_error *err);

/* Joins what was loaded with the parcels and settles what counts. */
PH_MUST_USE enum ph_status ph_ledger_settle(const struct ph_audit_request *request, const struct ph_parcels *parcels,
                                          const struct ph_index *by_code, struct ph_ledger *out, struct ph_problems *problems,
                                          struct ph_error *err);
void ph_ledger_dispose(struct ph_ledger *ledger);

#endif
