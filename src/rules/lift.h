/* What would lift an enterprise to the next better class: the smallest change of one column alone, everybody else
 * unchanged, with bases, points and ranks worked out anew. */
#ifndef PH_RULES_LIFT_H
#define PH_RULES_LIFT_H

#include "panhuo/progress.h"
#include "rules/scoring.h"

enum ph_lift_kind {
    PH_LIFT_FOUND,
    PH_LIFT_NOT_GRADED,   /* exempt or not evaluated */
    PH_LIFT_BEST,         /* in the best class already */
    PH_LIFT_HELD,         /* a veto or an adjustment keeps the class, whatever the score */
    PH_LIFT_NO_COLUMN,    /* the numerator is no single column that the inputs have */
    PH_LIFT_CELL_MISSING, /* the cell is not there: it has to be filled first */
    PH_LIFT_OUT_OF_REACH, /* not even the largest change does (cap, weight), or the class has no seat */
    PH_LIFT_MIXED,        /* the change helps one indicator and harms another, and no answer was found */
    PH_LIFT_CHANGES_GROUP, /* the change would move it to another group, or out of the evaluation */
    PH_LIFT_CHANGES_CLAUSE /* another condition of the scheme (bonus, veto …) turns on the same column */
};

struct ph_lift {
    enum ph_lift_kind kind;
    char grade;      /* FOUND: the class that is reached */
    size_t variable; /* the column; SIZE_MAX: none */
    double now, to;  /* its value, and the nearest one that reaches the class; OUT_OF_REACH: the last one tried; else NaN */
    double change;   /* to − now, a whole number of steps */
    double step;     /* 0.01, finer for values below 10: one step less does not do */
};

struct ph_lifts;

/* Works out every lift; the roster must still be there. progress (may be NULL) is asked now and then whether to stop. Free with
 * ph_lifts_free. Errors: PH_E_MEMORY, PH_E_RULES, PH_E_CANCELLED. */
PH_MUST_USE enum ph_status ph_lifts_find(const struct ph_scoring *scoring, int threads, const struct ph_progress *progress,
                                         struct ph_lifts **out, struct ph_error *err);
void ph_lifts_free(struct ph_lifts *lifts);

/* The lift by an indicator's numerator (rise, or cut where less is better), or by a cut in land. */
#define PH_LIFT_LAND SIZE_MAX
void ph_lifts_get(const struct ph_lifts *lifts, size_t row, size_t indicator, struct ph_lift *out);

/* Asks for the memory of a row whose lifts are soon asked for. */
void ph_lifts_prefetch(const struct ph_lifts *lifts, size_t row);

/* The value that the column has to come to; NaN where nothing was found. */
double ph_lifts_value(const struct ph_lifts *lifts, size_t row, size_t indicator);

/* In Chinese: "税收增加12.35万元到716.35万元,可达B档", or why not. */
void ph_lift_text(const struct ph_lifts *lifts, size_t row, size_t indicator, struct ph_text *out);
/* In a sentence, all that would do; nothing for a row that is best already or has no class. */
void ph_lift_summary(const struct ph_lifts *lifts, size_t row, struct ph_text *out);

#endif
