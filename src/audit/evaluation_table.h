/* The evaluation in the output: columns of the enterprises, and the receipt. */
#ifndef PH_AUDIT_EVALUATION_TABLE_H
#define PH_AUDIT_EVALUATION_TABLE_H

#include "audit/columns.h"
#include "audit/evaluation.h"
#include "audit/land.h"

/* Adds scheme, score_group, score, rank, grade_before, grade, grade_reason, response, completeness and lift to columns
 * that have one row per row of the enterprise table; unknown throughout where nothing was scored. */
PH_MUST_USE enum ph_status ph_evaluation_add_columns(const struct ph_evaluation *evaluation, struct ph_columns *columns, struct ph_error *err);

/* A grade as text; NULL for '\0'. Static. */
const char *ph_grade_text(char grade);

/* Adds grade and score to columns that have one row per parcel. */
PH_MUST_USE enum ph_status ph_evaluation_add_parcel_columns(const struct ph_evaluation *evaluation, struct ph_columns *columns,
                                                            struct ph_error *err);

/* Writes table `score_terms`, the receipt: one row per enterprise and indicator. Nothing where nothing was scored. */
PH_MUST_USE enum ph_status ph_evaluation_write_terms(const struct ph_evaluation *evaluation, struct ph_gpkg *gpkg, struct ph_error *err);

/* Writes layer `enterprise_land`, the land of each with its class. Nothing where nothing was scored. */
PH_MUST_USE enum ph_status ph_evaluation_write_land(const struct ph_evaluation *evaluation, const struct ph_land *land,
                                                    const struct ph_parcels *parcels, struct ph_gpkg *gpkg, struct ph_error *err);

#endif
