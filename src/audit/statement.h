/* The sentence that an official would put in a report, from the totals, in Chinese and English. */
#ifndef PH_AUDIT_STATEMENT_H
#define PH_AUDIT_STATEMENT_H

#include "audit/totals.h"

/* Appends both. scheme: of the evaluation whose classes are in the totals; NULL: there was none. */
void ph_statement(const struct ph_audit_request *request, const struct ph_scheme *scheme, const struct ph_totals *totals, struct ph_text *zh, struct ph_text *en);

#endif
