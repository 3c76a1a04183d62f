/* Which parcels an event is about that names no parcel code: by its enterprise, by where it lies. */
#ifndef PH_AUDIT_LEDGER_JOIN_H
#define PH_AUDIT_LEDGER_JOIN_H

#include "audit/parcels.h"
#include "base/index.h"

enum ph_join_how {
    PH_JOIN_NOTHING,    /* the event names neither enterprise nor place */
    PH_JOIN_NONE,       /* there is no such parcel */
    PH_JOIN_ONLY,       /* the only parcel of the enterprise */
    PH_JOIN_PLACE,      /* the only one that lies there */
    PH_JOIN_ALL,        /* all of the enterprise: the event states no area, or that of all */
    PH_JOIN_UNDECIDED   /* several, and the event does not say which */
};

/* What the event says; NULL and INT64_MIN: nothing. */
struct ph_join_question {
    const char *enterprise_code, *enterprise_name, *location;
    int64_t area_dm2;
};

/* Zero-initialise. */
struct ph_ledger_join {
    const struct ph_parcels *parcels; /* NULL: not made yet */
    struct ph_arena texts;
    struct ph_index by_code, by_name; /* first parcel of a holder, plus one */
    size_t *next_code, *next_name;    /* the holder's next parcel, SIZE_MAX after the last */
    size_t *found;                    /* rows of the parcels that were found last */
    size_t count;
};

PH_MUST_USE enum ph_status ph_ledger_join_find(struct ph_ledger_join *join, const struct ph_parcels *parcels, const struct ph_join_question *question,
                                               enum ph_join_how *how, struct ph_error *err);
void ph_ledger_join_dispose(struct ph_ledger_join *join);

#endif
