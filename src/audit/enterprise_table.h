/* The enterprises as a table of the output: fields, land, what each yields per mu, what the evaluation says. */
#ifndef PH_AUDIT_ENTERPRISE_TABLE_H
#define PH_AUDIT_ENTERPRISE_TABLE_H

#include "audit/columns.h"
#include "audit/evaluation.h"

/* One row per row of the table; only the row that counts of an enterprise has land. To be settled once all columns are made. */
PH_MUST_USE enum ph_status ph_enterprise_table_make(const struct ph_enterprises *enterprises, const struct ph_evaluation *evaluation,
                                                    struct ph_columns *out, struct ph_error *err);

#endif
