/* The audit as a GeoPackage: which layers, tables, columns, views and styles it has. */
#ifndef PH_AUDIT_OUTPUT_H
#define PH_AUDIT_OUTPUT_H

#include "audit/check.h"
#include "audit/hashes.h"
#include "audit/land_table.h"
#include "audit/ledger.h"
#include "audit/tagging.h"
#include "audit/totals.h"

/* What a run has found; borrowed. A check alone has no tagging, enterprises, links, land, evaluation, ledger, rules, totals and
 * statement: the file then holds what the check found. */
struct ph_findings_of_run {
    const struct ph_audit_request *request;
    const struct ph_parcels *parcels;
    struct ph_tagging *tagging; /* parcels are tagged while they are written */
    const struct ph_check *check;
    const struct ph_enterprises *enterprises;
    const struct ph_links *links;
    const struct ph_land *land;
    const struct ph_land_layer *land_layer; /* looked at where there is a scheme */
    const struct ph_evaluation *evaluation; /* its scores are looked at from ph_output_make_rows on */
    const struct ph_ledger *ledger;
    /* from here on: for ph_output_complete */
    const struct ph_ruleset *rules;
    const struct ph_totals *totals;
    const struct ph_problems *problems;
    struct ph_hashes *hashes; /* NULL: none were started */
    const char *statement_zh, *statement_en;
};

struct ph_output;

/* Refuses an output that could not be written, and one that is there, unless it may be replaced: the file itself or the
 * project beside it. Writes nothing. */
PH_MUST_USE enum ph_status ph_output_check(const struct ph_audit_request *request, struct ph_error *err);

/* Starts the file request->output, with the layers that come in pieces. On error nothing is left behind. */
PH_MUST_USE enum ph_status ph_output_begin(const struct ph_findings_of_run *run, struct ph_output **out, struct ph_error *err);

/* Threads begin to tag parcels and to make rows, of a run with tagging. */
PH_MUST_USE enum ph_status ph_output_make_rows(struct ph_output *output, struct ph_error *err);

/* Writes what needs neither tags nor scores: ledger, stakes, R-trees, topology. Before or after ph_output_make_rows. */
PH_MUST_USE enum ph_status ph_output_write_others(struct ph_output *output, struct ph_error *err);

/* Writes the parcels and, after ph_output_make_rows, what else is made in pieces, but for the receipts. */
PH_MUST_USE enum ph_status ph_output_write_rows(struct ph_output *output, struct ph_error *err);

/* Writes the rest and publishes the file, whole or not at all. The handle is gone afterwards, whatever the result. */
PH_MUST_USE enum ph_status ph_output_complete(struct ph_output *output, struct ph_error *err);

/* Nothing is left behind. NULL is allowed. */
void ph_output_discard(struct ph_output *output);

#endif
