/* The arithmetic of one indicator: from a value and a base to points. Pure. Internal to rules. */
#ifndef PH_RULES_POINTS_H
#define PH_RULES_POINTS_H

#include "rules/scoring.h"

/* What values are held against. */
struct ph_basis {
    double base;        /* NaN: nobody has a value; no use when it is not above 0 */
    double least, most; /* PH_MINMAX */
};

/* What a row's cell is. *value is NaN unless the cell is KNOWN. denominator is not looked at unless `quotient`. */
enum ph_cell ph_cell_of(const struct ph_indicator *indicator, double numerator, double denominator, bool quotient, double *value);

/* What the scheme wants of a cell that is not KNOWN. */
const struct ph_treatment *ph_treatment_of(const struct ph_indicator *indicator, enum ph_cell cell);

/* Points of a value, cap and floor applied; 0 where the basis is of no use. ratio and hit may be NULL. */
double ph_points(const struct ph_indicator *indicator, const struct ph_basis *basis, double value, double *ratio, enum ph_hit *hit);

/* Points of a cell that is not KNOWN; NaN for NOT_EVALUATED. */
double ph_treated_points(const struct ph_indicator *indicator, enum ph_cell cell, double mean_points);

/* To 1e-9, on which ranks rest: what differs by less has only been computed in another way. */
double ph_score_rounded(double score);

#endif
