/* The inside of a scoring, shared by what scores, what grades and what looks for a lift. Internal to rules. */
#ifndef PH_RULES_SCORING_STATE_H
#define PH_RULES_SCORING_STATE_H

#include "rules/appraise.h"
#include "rules/basis.h"

struct ph_indicator_state {
    struct ph_basis_set set;
    struct ph_basis basis;
    struct ph_base_found found;
    size_t known;     /* ranked rows of the group whose cell is there */
    size_t mean_rows; /* rows of the group whose cell is not there and that were given the mean of points */
    struct ph_str before_value, behind_value; /* the formula in words; nothing behind: the value does not matter */
};

/* A row among those ranked. */
struct ph_place_in_group {
    double score;
    uint32_t row;
};

struct ph_group_state {
    struct ph_indicator_state *indicators;
    struct ph_place_in_group *ranked; /* best first */
    struct ph_group_result result;
};

struct ph_scoring {
    struct ph_arena arena;
    const struct ph_scheme *scheme;
    struct ph_roster roster;
    struct ph_plan plan;
    struct ph_score *scores;           /* per row */
    struct ph_appraisal *appraisals;   /* per row */
    double **amounts;                  /* per quantity, per row */
    double **points;                   /* per place of an indicator in its group, per row; NaN: not scored */
    uint8_t **cells;                   /* the same: enum ph_cell */
    size_t slots;                      /* indicators of the largest group */
    struct ph_group_state *groups;
};

/* A row's cell of an indicator of group g, and what it contributes to a base. */
static inline enum ph_cell ph_scoring_cell(const struct ph_scoring *s, size_t g, size_t indicator, size_t row,
                                           struct ph_contribution *out)
{
    const struct ph_plan_value *p = &s->plan.groups[g].indicators[indicator];
    bool quotient = p->denominator != PH_NO_QUANTITY;
    out->numerator = s->amounts[p->numerator][row];
    out->denominator = quotient ? s->amounts[p->denominator][row] : NAN;
    return ph_cell_of(&s->scheme->groups[g].indicators[indicator], out->numerator, out->denominator, quotient, &out->value);
}

/* Whether a row goes into bases, n and ranks. */
static inline bool ph_scoring_counts(const struct ph_scoring *s, size_t row)
{
    return s->scores[row].status <= PH_SCORE_NEW;
}

/* Ranks, classes and what becomes of them. */
PH_MUST_USE enum ph_status ph_grade_all(struct ph_scoring *s, struct ph_error *err);

/* The class that comes of a class by score (both as places in the list): adjustment, youth, veto. */
int ph_grade_final(const struct ph_classes *classes, const struct ph_appraisal *appraisal, int before);

/* What the classes of a row's group go by, where they go by a value; NaN when unknown. */
double ph_grade_value(const struct ph_plan_value *class_value, double numerator, double denominator);

/* Class by score alone of somebody with that many better, that score, that value; -1 when the value is unknown. */
int ph_grade_before(const struct ph_classes *classes, const struct ph_group_result *result, size_t better, double score, double value);

/* Words what all receipts of an indicator have in common. */
PH_MUST_USE enum ph_status ph_receipts_prepare(struct ph_scoring *s, struct ph_error *err);

/* Puts a row among those not evaluated, with two sentences that outlive it. */
void ph_grade_leave_plainly(struct ph_score *score, const char *zh, const char *en);
/* The same, with both sentences made by printf of the same arguments; they go to the arena. */
PH_MUST_USE enum ph_status ph_grade_leave(struct ph_score *score, struct ph_arena *arena, struct ph_error *err, const char *zh,
                                          const char *en, ...) __attribute__((format(printf, 4, 6), format(printf, 5, 6)));

#endif
