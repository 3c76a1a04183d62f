/* The audit as a GeoPackage: which layers, tables, columns, views and styles it has. */
#ifndef PH_AUDIT_OUTPUT_H
#define PH_AUDIT_OUTPUT_H

#include "audit/ledger.h"
#include "audit/tagging.h"
#include "audit/totals.h"

/* Everything that a run has found; borrowed. */
struct ph_findings_of_run {
    const struct ph_audit_request *request;
    const struct ph_ruleset *rules;
    const struct ph_parcels *parcels;
    const struct ph_enterprises *enterprises;
    const struct ph_tagging *tagging;
    const struct ph_ledger *ledger;
    const struct ph_totals *totals;
    const struct ph_problems *problems;
    const char *statement_zh, *statement_en;
};

/* Writes request->output, whole or not at all. */
PH_MUST_USE enum ph_status ph_output_write(const struct ph_findings_of_run *run, struct ph_error *err);

#endif
