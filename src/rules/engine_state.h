/* The inside of an engine, shared by what evaluates and what accounts for it. Internal to rules. */
#ifndef PH_RULES_ENGINE_STATE_H
#define PH_RULES_ENGINE_STATE_H

#include "rules/calculator.h"
#include "rules/engine.h"
#include "rules/reason.h"

/* A value that a rule's condition refers to. */
struct ph_term {
    size_t index;      /* of the calculator */
    struct ph_str key; /* what stands before it in the evidence: {"name": or ,"name": */
};

/* A rule made ready. */
struct ph_ready {
    struct ph_node *when, *since, *fee; /* since, fee: NULL when not given */
    struct ph_reason *reason;
    struct ph_term *terms; /* variables, then defines */
    size_t term_count;
    const char *skipped_for;
};

struct ph_engine {
    const struct ph_ruleset *set;
    struct ph_scope scope;
    struct ph_calculator *calculator;
    struct ph_ready *rules;
};

/* Errors: PH_E_RULES when a mistake came up in what was worked out for the row so far. */
PH_MUST_USE enum ph_status ph_engine_settle(const struct ph_engine *engine, struct ph_error *err);

#endif
