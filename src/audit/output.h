/* The audit as a GeoPackage: which layers, tables, columns, views and styles it has. */
#ifndef PH_AUDIT_OUTPUT_H
#define PH_AUDIT_OUTPUT_H

#include "audit/check.h"
#include "audit/hashes.h"
#include "audit/land.h"
#include "audit/ledger.h"
#include "audit/tagging.h"
#include "audit/totals.h"

/* What a run has found; borrowed. ph_output_begin needs what comes first, ph_output_complete everything. A check alone has
 * no tagging, enterprises, links, land, ledger, rules, totals and statement: the file then holds what the check found. */
struct ph_findings_of_run {
    const struct ph_audit_request *request;
    const struct ph_parcels *parcels;
    const struct ph_tagging *tagging;
    struct ph_tagging_job *tagging_job; /* rows are written as they are tagged */
    const struct ph_check *check;
    const struct ph_enterprises *enterprises;
    const struct ph_links *links;
    const struct ph_land *land;
    const struct ph_evaluation *evaluation;
    const struct ph_ledger *ledger;
    /* from here on: for ph_output_complete */
    const struct ph_ruleset *rules;
    const struct ph_totals *totals;
    const struct ph_problems *problems;
    struct ph_hashes *hashes; /* NULL: none were started */
    const char *statement_zh, *statement_en;
};

struct ph_gpkg;

/* Refuses an output that could not be written, and one that is there, unless it may be replaced: the file itself or the
 * project beside it. Writes nothing. */
PH_MUST_USE enum ph_status ph_output_check(const struct ph_audit_request *request, struct ph_error *err);

/* Starts request->output and writes enterprises, ledger and parcels. On error nothing is left behind. */
PH_MUST_USE enum ph_status ph_output_begin(const struct ph_findings_of_run *run, struct ph_gpkg **out, struct ph_error *err);

/* Writes the rest and publishes the file, whole or not at all. The handle is gone afterwards, whatever the result. */
PH_MUST_USE enum ph_status ph_output_complete(struct ph_gpkg *gpkg, const struct ph_findings_of_run *run, struct ph_error *err);

#endif
