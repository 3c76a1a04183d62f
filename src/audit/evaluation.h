/* The per-mu evaluation (亩均效益) of those in the enterprise table. */
#ifndef PH_AUDIT_EVALUATION_H
#define PH_AUDIT_EVALUATION_H

#include "audit/units.h"
#include "rules/lift.h"

/* Zero-initialise, and leave where it is: the scoring borrows from it. */
struct ph_evaluation {
    struct ph_scheme *scheme; /* NULL: none was asked for, and nothing is scored */
    struct ph_variable variables[PH_ROSTER_VARIABLES];
    struct ph_units units;
    struct ph_roster roster;
    struct ph_scoring *scoring;
    struct ph_lifts *lifts;
};

/* Loads request->scheme, if any, before anything is read. Errors: PH_E_RULES; PH_E_USAGE without an enterprise table. */
PH_MUST_USE enum ph_status ph_evaluation_open(const struct ph_audit_request *request, struct ph_evaluation *out, struct ph_error *err);

/* Scores; to be called once the land is known. */
PH_MUST_USE enum ph_status ph_evaluation_run(const struct ph_audit_request *request, const struct ph_enterprises *enterprises,
                                             struct ph_evaluation *evaluation, struct ph_problems *problems, struct ph_error *err);
void ph_evaluation_dispose(struct ph_evaluation *evaluation);

/* What came of a row of the enterprise table; NULL: it was not scored, or does not count. */
const struct ph_score *ph_evaluation_of_row(const struct ph_evaluation *evaluation, size_t row);
/* What came of the enterprise that a parcel is judged by; NULL: there is none in the table. */
const struct ph_score *ph_evaluation_of_parcel(const struct ph_evaluation *evaluation, size_t parcel);
/* What came of count enterprises, at most PH_EVALUATION_BLOCK, of an evaluation that has scored; SIZE_MAX and one that is not in the
 * table: NULL. */
enum { PH_EVALUATION_BLOCK = 256 };
void ph_evaluation_of_holdings(const struct ph_evaluation *evaluation, const size_t *holdings, size_t count, const struct ph_score **out);

#endif
