/* The sections of a case sheet. */
#ifndef PH_REPORT_CASE_SHEET_H
#define PH_REPORT_CASE_SHEET_H

#include "report/case_tree.h"

/* Adds a case for each row of parcels or enterprises for which `where` holds of ?1, which is `value`; *count: how many. */
PH_MUST_USE enum ph_status ph_case_parcels(struct ph_explanation *e, const char *where, const char *value, size_t *count, struct ph_error *err);
PH_MUST_USE enum ph_status ph_case_enterprises(struct ph_explanation *e, const char *code, size_t *count, struct ph_error *err);

#endif
