/* The enterprises as a table of the output: fields, land, what each yields per mu, what the evaluation says. */
#ifndef PH_AUDIT_ENTERPRISE_TABLE_H
#define PH_AUDIT_ENTERPRISE_TABLE_H

#include "audit/columns.h"
#include "audit/evaluation.h"

/* The rows from <= row < to of the table (none: the columns only); only the row that counts of an enterprise has land. To be
 * settled once all columns are made. */
PH_MUST_USE enum ph_status ph_enterprise_table_make(const struct ph_enterprises *enterprises, const struct ph_evaluation *evaluation,
                                                    size_t from, size_t to, struct ph_columns *out, struct ph_error *err);

#endif
