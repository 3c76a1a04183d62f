/* Trying out a change of one column of one enterprise. Internal to rules. */
#ifndef PH_RULES_LIFT_STATE_H
#define PH_RULES_LIFT_STATE_H

#include "rules/lift.h"
#include "rules/scoring_state.h"

#define PH_LAND_M2_PER_MU (2000.0 / 3)
#define PH_STEPS_CAP 1e15 /* of a search */

/* The others: an indicator of everybody ranked in a group. */
struct ph_others {
    /* When a base becomes 1 + a times as large (or as small), nobody's points move by more than a × most. */
    double most;
    /* Per ranked row: what its points are a straight line of, the value or one over it (NaN: they are set, and do not move),
     * and the points as they are (NaN: it has the mean of the others'). */
    double *at, *points;
    /* For the mean of points under another base: what they are a line of, ascending, with running sums.
     * count is 0 where nobody needs it. */
    double *values, *sums; /* sums[n]: of the first n */
    size_t count;
};

/* How an amount follows a column: factor × (scale × column). scale 0: it does not. */
struct ph_follow {
    double factor, scale;
};

/* An indicator that a lever touches. */
struct ph_touched {
    size_t index; /* in its group */
    const struct ph_indicator *indicator;
    const struct ph_indicator_state *state;
    const struct ph_others *others;
    struct ph_follow numerator, denominator;
    const double *numerators, *denominators; /* per row, as they are; denominators NULL: the value is no quotient */
    const uint8_t *cells;
    double most; /* points that a change may bring */
};

/* What a column can do in a group. */
struct ph_lever {
    enum ph_lift_kind kind; /* FOUND: it can be tried; else why not */
    size_t variable;
    const double *column;   /* its values by row, where an indicator uses it as it is; NULL: to be asked for */
    size_t same_as;         /* an earlier indicator with the same column and direction; its own place: none */
    bool rise;              /* else it is cut */
    double most;            /* the largest value in the group, without its sign */
    bool conditions;        /* groups or clauses turn on the column */
    bool gains;             /* where amounts are not negative, every indicator it touches gains by the change, and only its own row */
    bool moves_class_value; /* what the classes go by is made of it: */
    struct ph_follow class_numerator, class_denominator;
    size_t touched_count;
    struct ph_touched *touched;
    int8_t *place; /* per indicator: its place among `touched`; -1 */
};

/* What is kept of a lift; the rest follows from the roster. */
struct ph_lift_found {
    double to;
    uint8_t kind;
    char grade;
};

struct ph_lifts {
    struct ph_arena arena;
    const struct ph_scoring *s;
    struct ph_lever **levers;     /* per group: its indicators, then land */
    struct ph_others **others;    /* per group and indicator */
    struct ph_lift_found *found;  /* per row: indicators of the largest group, then land */
};

/* Levers and others of every group. */
PH_MUST_USE enum ph_status ph_levers_make(struct ph_lifts *lifts, struct ph_error *err);

/* A row's value of the lever's column; NaN when it is unknown, or no number. */
double ph_lever_value(const struct ph_scoring *s, const struct ph_lever *lever, size_t row);

/* Points are alpha + beta × value between floor and cap (one over the value: reciprocal); NaN where the base is of no use. */
struct ph_line {
    double alpha, beta;
};

/* One indicator after the change. */
struct ph_trial_item {
    struct ph_basis basis;
    double points; /* the row's own */
    bool known;    /* its cell is there after the change */
    double mean;   /* of the group's points, about; NaN: not worked out yet */
    struct ph_line line; /* of everybody, once it is asked who has a seat */
};

/* The state after a change. */
struct ph_trial {
    struct ph_trial_item *items; /* per touched indicator */
    double own;                  /* the row's score */
    double value;                /* what its class goes by, where classes go by a value */
    double price;                /* the least score that would do there, as far as was looked, about; NaN: unknown */
};

/* The row's share in an indicator that the lever touches, before the change. */
struct ph_share_now {
    struct ph_contribution c;
    enum ph_cell cell;
    double points;
};

/* One row and one lever. */
struct ph_search {
    const struct ph_scoring *s;
    size_t row;
    const struct ph_score_group *group;
    const struct ph_group_state *state;
    double *points;       /* the row's as they are, per indicator */
    double score, bonus;
    int target;           /* class by score that is wanted, and what it takes now: the score of the last one in, */
    double aim;           /* the least score, the least value */
    const struct ph_lever *lever;
    double now, start, steps_in_one; /* the column's value, and in steps */
    bool gains;                      /* of the lever, for this row */
    struct ph_share_now *shares;     /* per touched indicator: the row's as it is */
    struct ph_trial first, second;   /* room */
    int64_t tried;                   /* the step that `first` is the state at; 0: none */
    bool scored;                     /* and whether it could be scored there */
};

/* Fills q->shares. True when every indicator that the lever touches gains by the change. */
bool ph_trial_begin(struct ph_search *q);

/* What the lever does to the row's own points, about: per unit of its column as things stand, and at the most. */
double ph_trial_slope(const struct ph_search *q);
double ph_trial_may_gain(const struct ph_search *q);

/* Whether it is sure, without working out the state with the column at x, that no column on the way there reaches the class: for a
 * row that gains, by what it may gain and what the others lose at the most. */
bool ph_trial_hopeless(const struct ph_search *q, double x);

/* How far the row's score is above the one it takes, with the column at x: about, for a row that gains. */
double ph_trial_excess(const struct ph_search *q, double x);

/* The state with the column at x. False: the row could not be scored any more. */
bool ph_trial_at(const struct ph_search *q, double x, struct ph_trial *out);

/* The score, in that state, of whoever has the last seat in the class that is wanted now. Classes by share. */
double ph_trial_cut(const struct ph_search *q, struct ph_trial *t);

/* Whether the row has the class that is wanted when each indicator of its own takes the better of two states, and each of
 * the others' the worse. With one state twice: whether it has it there. */
bool ph_trial_reaches(const struct ph_search *q, struct ph_trial *a, struct ph_trial *b, int class);

/* The value n steps away, as it reads: 94.30 less a hundredth is 94.29. */
double ph_search_at(const struct ph_search *q, int64_t n);

/* The first step, of 1 to last, that reaches the class; 0: none; −1: none found, though there may be one. */
int64_t ph_search_first(struct ph_search *q, int64_t last);

/* Whether step n reaches a class. */
bool ph_search_reaches(struct ph_search *q, int64_t n, int class);

#endif
