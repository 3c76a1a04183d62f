/* A scheme made ready for a list of variables, and what it says about one row taken alone: its group, the amounts that the
 * indicators are made of, the clauses that hit. Internal to rules. */
#ifndef PH_RULES_APPRAISE_H
#define PH_RULES_APPRAISE_H

#include "rules/scoring.h"
#include "rules/sql.h"

#define PH_NO_QUANTITY SIZE_MAX

/* An amount that indicators are made of. Equal expressions are one. */
struct ph_amount {
    struct ph_str sql;
    size_t variable; /* it is this column times factor; SIZE_MAX: any other expression */
    double factor;
    bool *marks; /* per variable: depends on it */
};

/* Of an indicator, or of what classes go by. */
struct ph_plan_value {
    size_t numerator, denominator; /* quantities; denominator PH_NO_QUANTITY: the value is no quotient */
    bool *marks;                   /* per variable: it is made of it */
    bool plain;                    /* its quantities are columns: where it has a value, none of them is missing */
};

struct ph_plan_group {
    struct ph_plan_value *indicators;
    struct ph_plan_value class_value; /* numerator PH_NO_QUANTITY: classes go by share or score */
    struct ph_str when;               /* its condition, and per variable, whether that names it */
    bool *marks;
};

struct ph_plan_clause {
    struct ph_str when; /* its condition, and per variable, whether that names it */
    bool *marks;
    bool answerable; /* the inputs have a column for every one of them */
};

/* Shared by threads once it is made. */
struct ph_plan {
    struct ph_arena arena;
    const struct ph_scheme *scheme;
    struct ph_scope scope;
    struct ph_amount *quantities;
    size_t quantity_count;
    struct ph_plan_group *groups;
    struct ph_plan_clause *clauses[PH_CLAUSE_KINDS];
    bool *indicator_marks;  /* per variable: indicators and classes turn on it */
    size_t land_mu, land_m2; /* variables; SIZE_MAX: there is none */
};

/* Errors: PH_E_RULES at the expression. Dispose whatever comes back. */
PH_MUST_USE enum ph_status ph_plan_make(struct ph_plan *plan, const struct ph_scheme *scheme, const struct ph_variable *variables,
                                        size_t variable_count, struct ph_error *err);
void ph_plan_dispose(struct ph_plan *plan);

/* What the clauses that hit say, by kind; NULL: none of that kind. */
struct ph_remarks {
    const char *zh[PH_CLAUSE_BONUS], *en[PH_CLAUSE_BONUS];
};

/* What the conditions say about a row. Classes are given by their place in the group's list. */
struct ph_appraisal {
    int group; /* -1: none fits; -2 - g: the condition of group g cannot be decided */
    bool exempt, newly, adjust_unread;
    bool scored; /* every indicator has points */
    char treat_as;               /* of the exemption; '\0': none */
    int8_t at_worst, at_best;    /* of NEW, of VETO; -1: none */
    int8_t adjust_to, adjust_by; /* a class, or so many classes better; -1 and 0: none */
    double bonus;
    const char *lacks; /* Chinese names of what is missing to decide on the group, or on EXEMPT or NEW; NULL: nothing */
    struct ph_remarks *remarks; /* NULL: no clause says anything; EXEMPT does where `exempt` is set */
};

struct ph_evaluator;

/* A column taken for something else than it is. */
struct ph_override {
    size_t variable;
    double value;
};

/* One thread's. Texts of the appraisals go to the arena. Errors: PH_E_RULES at the expression. */
PH_MUST_USE enum ph_status ph_evaluator_new(const struct ph_plan *plan, const struct ph_roster *roster, struct ph_arena *arena,
                                            struct ph_evaluator **out, struct ph_error *err);
void ph_evaluator_free(struct ph_evaluator *evaluator);

/* amounts: one per quantity, NaN where unknown. */
PH_MUST_USE enum ph_status ph_evaluator_run(struct ph_evaluator *evaluator, size_t row, const struct ph_override *overrides,
                                            size_t override_count, struct ph_appraisal *out, double *amounts, struct ph_error *err);

/* A number of the row that was run last; NaN when it is unknown, or no number. */
double ph_evaluator_number(struct ph_evaluator *evaluator, size_t variable);

/* The value of a variable, unknown where the inputs have no column for it. */
void ph_roster_value(const struct ph_roster *roster, size_t row, size_t variable, char scratch[11], struct ph_value *out);
/* Adds the Chinese names of the marked variables that a row lacks, joined by 、. */
void ph_roster_lacks(const struct ph_roster *roster, size_t row, const bool *marks, struct ph_text *out);

#endif
