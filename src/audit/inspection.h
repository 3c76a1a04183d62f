/* What looking at a source has found so far, and the parts of telling it. Internal to inspect*.c. */
#ifndef PH_AUDIT_INSPECTION_H
#define PH_AUDIT_INSPECTION_H

#include "audit/measure.h"
#include "panhuo/inspect.h"

struct ph_inspection {
    struct ph_arena arena;
    struct ph_parcels parcels; /* source and table, of whichever kind */
    struct ph_fieldmap map;
    struct ph_problems problems;
    struct ph_error as_parcels; /* why it could not be opened as parcels; status 0: it could */
    bool measured;              /* the parcels' areas are known */
    struct ph_inspection_content content;
    struct ph_inspect_request request; /* borrows from the caller */
};

static inline const struct ph_source_facts *ph_inspection_facts(const struct ph_inspection *n)
{
    return ph_parcels_facts(&n->parcels);
}

/* The list of fields of a kind of table. */
const struct ph_fields *ph_inspection_fields(enum ph_inspect_kind kind);

PH_MUST_USE enum ph_status ph_inspection_tell_fields(struct ph_inspection *n, struct ph_error *err);
PH_MUST_USE enum ph_status ph_inspection_tell_crs(struct ph_inspection *n, const struct ph_inspect_request *request, struct ph_error *err);
PH_MUST_USE enum ph_status ph_inspection_tell_rules(struct ph_inspection *n, const struct ph_inspect_request *request, struct ph_error *err);

#endif
