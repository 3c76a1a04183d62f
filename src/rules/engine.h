/* Evaluates a rule set, parcel by parcel. Three-valued: NULL is "cannot be decided". Nothing but pure expressions gets
 * through. */
#ifndef PH_RULES_ENGINE_H
#define PH_RULES_ENGINE_H

#include "base/text.h"
#include "rules/expr.h"
#include "rules/ruleset.h"
#include "rules/value.h"

enum ph_outcome { PH_NO_HIT = 0, PH_HIT = 1, PH_UNDECIDED = 2, PH_SKIPPED = 3 };

struct ph_engine;

/* Spares threads one lock for all memory that SQLite takes (it would count it for the whole process). Works only before
 * SQLite is first used in the process, and is harmless later. */
void ph_engine_prepare_process(void);

/* Prepares every rule. The set and the variables are borrowed until ph_engine_free.
 * Errors: PH_E_RULES with the file and line of the expression and SQLite's words. */
PH_MUST_USE enum ph_status ph_engine_new(const struct ph_ruleset *set, const struct ph_variable *variables, size_t variable_count,
                                         struct ph_engine **out, struct ph_error *err);
void ph_engine_free(struct ph_engine *engine);

/* The outcome of every rule for one row, which must last as long as anything is asked about it; outcomes has
 * set->rule_count elements. */
PH_MUST_USE enum ph_status ph_engine_evaluate(struct ph_engine *engine, ph_fetch *fetch, const void *row, uint8_t *outcomes,
                                              struct ph_error *err);

/* About the row evaluated last: */

/* The rule's sentence with its values filled in; since (YYYY-MM-DD, "" when there is none) and fee (NaN) where the rule has them. */
PH_MUST_USE enum ph_status ph_engine_reason(struct ph_engine *engine, size_t rule, struct ph_text *reason, char since[11], double *fee,
                                            struct ph_error *err);
/* A JSON object of every value that the rule's condition refers to. */
PH_MUST_USE enum ph_status ph_engine_evidence(const struct ph_engine *engine, size_t rule, struct ph_text *out, struct ph_error *err);
/* The Chinese names of what was needed and is unknown, joined by ";" unless already in `out`. */
void ph_engine_missing(const struct ph_engine *engine, size_t rule, struct ph_text *out);

/* For a rule that is not evaluated because the source lacks a column: the Chinese name of what it lacks; else NULL. */
const char *ph_engine_skipped_for(const struct ph_engine *engine, size_t rule);

#endif
