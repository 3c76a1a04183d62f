/* The inside of an engine, shared by what evaluates and what accounts for it. Internal to rules. */
#ifndef PH_RULES_ENGINE_STATE_H
#define PH_RULES_ENGINE_STATE_H

#include "rules/engine.h"
#include "rules/reason.h"
#include "rules/sql.h"

/* One prepared statement and the values it must be given. */
struct ph_query {
    sqlite3_stmt *stmt;
    bool *marks;
};

/* What a rule's sentence needs: since, fee, then the slots of the template. */
struct ph_detail {
    struct ph_query query;
    struct ph_reason *reason;
};

struct ph_engine {
    sqlite3 *db;
    const struct ph_ruleset *set;
    struct ph_scope scope;
    size_t value_count; /* variables, then defines */
    struct ph_value *values;
    struct ph_query all;           /* every define, then the outcome of every rule */
    struct ph_detail *details;     /* per rule */
    bool **rule_marks;          /* per rule: what its condition refers to */
    const char **skipped_for;   /* per rule */
    bool *computed;           /* per define: a condition turns on it; others are worked out when a reason asks */
    bool *needed;               /* per variable: a rule names it among its needs */
};

#endif
