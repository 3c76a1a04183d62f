/* The evaluation in the output: columns of the enterprises, of parcels and land, and the receipt. */
#ifndef PH_AUDIT_EVALUATION_TABLE_H
#define PH_AUDIT_EVALUATION_TABLE_H

#include "audit/columns.h"
#include "audit/evaluation.h"
#include "io/row.h"

/* Adds scheme, score_group, score, rank, grade_before, grade, grade_reason, response, completeness and lift to columns
 * that have one row per row of the enterprise table from columns->first on; unknown throughout where nothing was scored. */
PH_MUST_USE enum ph_status ph_evaluation_add_columns(const struct ph_evaluation *evaluation, struct ph_columns *columns, struct ph_error *err);

/* A grade as text; NULL for '\0'. Static. */
const char *ph_grade_text(char grade);

/* Adds grade and score to columns that have one row per parcel. */
PH_MUST_USE enum ph_status ph_evaluation_add_parcel_columns(const struct ph_evaluation *evaluation, struct ph_columns *columns,
                                                            struct ph_error *err);

/* The receipt, table `score_terms`: its columns, and the rows of the enterprises from <= row < to, one per indicator. */
PH_MUST_USE enum ph_status ph_evaluation_term_columns(struct ph_columns *columns, struct ph_error *err);
PH_MUST_USE enum ph_status ph_evaluation_add_terms(const struct ph_evaluation *evaluation, size_t from, size_t to, struct ph_records *out,
                                                   struct ph_error *err);

/* Adds score, grade, rank and response to columns that have one row for each of these rows of the enterprise table. */
PH_MUST_USE enum ph_status ph_evaluation_add_class_columns(const struct ph_evaluation *evaluation, const size_t *rows, struct ph_columns *columns,
                                                           struct ph_error *err);

#endif
