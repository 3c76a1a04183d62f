/* The tables that account for a run: totals, rules, problems, and what was run. */
#ifndef PH_AUDIT_RECORD_H
#define PH_AUDIT_RECORD_H

#include "audit/columns.h"
#include "audit/output.h"

PH_MUST_USE enum ph_status ph_record_totals(const struct ph_findings_of_run *run, struct ph_columns *out, struct ph_error *err);
PH_MUST_USE enum ph_status ph_record_rules(const struct ph_findings_of_run *run, struct ph_columns *out, struct ph_error *err);
PH_MUST_USE enum ph_status ph_record_rule_names(const struct ph_findings_of_run *run, struct ph_columns *out, struct ph_error *err);
PH_MUST_USE enum ph_status ph_record_problems(const struct ph_findings_of_run *run, struct ph_columns *out, struct ph_error *err);
PH_MUST_USE enum ph_status ph_record_run(const struct ph_findings_of_run *run, struct ph_columns *out, struct ph_error *err);

#endif
