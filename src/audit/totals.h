/* The totals: each topic's rows add up to the roster to the last 0.01 m², and that is checked before anything is written. */
#ifndef PH_AUDIT_TOTALS_H
#define PH_AUDIT_TOTALS_H

#include "audit/check.h"
#include "audit/land.h"
#include "audit/ledger.h"
#include "audit/tagging.h"

/* Zero-initialise. Codes and labels are static, or the parcels' texts. */
struct ph_totals {
    struct ph_total *items;
    size_t count, capacity;
    struct ph_holders *holders; /* internal */
};

/* Tells the holders of the parcels apart; the ledger has all its rows. */
PH_MUST_USE enum ph_status ph_totals_begin(const struct ph_parcels *parcels, const struct ph_ledger *ledger, struct ph_totals *out,
                                           struct ph_error *err);

/* After ph_totals_begin, on the same. Errors: PH_E_SUMS when a topic's rows do not add up to the roster. */
PH_MUST_USE enum ph_status ph_totals_make(const struct ph_parcels *parcels, const struct ph_tagging *tagging,
                                          const struct ph_ledger *ledger, struct ph_totals *out, struct ph_error *err);
/* What was counted twice: topic `all`, code `overlap` (ground under two parcels or more, each point once), code `net` (the
 * roster less what it counts too often); topic `tag_overlap`, per tag by how much its total is too large. Measured on the
 * ellipsoid. */
PH_MUST_USE enum ph_status ph_totals_add_overlaps(const struct ph_audit_request *request, const struct ph_parcels *parcels,
                                                  const struct ph_tagging *tagging, const struct ph_check *check, struct ph_totals *totals,
                                                  struct ph_error *err);

/* Topic `land`: what enterprises in the table have, what others have, what nobody has. A parcel counts in each of the rows
 * that have some of it. Errors: PH_E_SUMS when their areas do not add up to the roster's. */
PH_MUST_USE enum ph_status ph_totals_add_land(const struct ph_land *land, struct ph_totals *totals, struct ph_error *err);
/* Topic `grade`: enterprises by class and those not evaluated, with their land; a parcel counts in each class that has land
 * in it. Nothing where nothing was scored. Errors: PH_E_SUMS when the classes do not come to the roster. */
PH_MUST_USE enum ph_status ph_totals_add_grades(const struct ph_evaluation *evaluation, const struct ph_land *land,
                                                struct ph_totals *totals, struct ph_error *err);

void ph_totals_dispose(struct ph_totals *totals);

/* The row, or NULL. */
const struct ph_total *ph_totals_find(const struct ph_totals *totals, const char *topic, const char *code);

#endif
