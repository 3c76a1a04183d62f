/* The sentence that an official would put in a report, from the totals, in Chinese and English. */
#ifndef PH_AUDIT_STATEMENT_H
#define PH_AUDIT_STATEMENT_H

#include "audit/totals.h"

/* Appends both. */
void ph_statement(const struct ph_audit_request *request, const struct ph_totals *totals, struct ph_text *zh, struct ph_text *en);

#endif
