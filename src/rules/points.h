/* The arithmetic of one indicator: from a value and a base to points. Pure. Internal to rules. */
#ifndef PH_RULES_POINTS_H
#define PH_RULES_POINTS_H

#include <math.h>

#include "rules/scoring.h"

/* What values are held against. */
struct ph_basis {
    double base;        /* NaN: nobody has a value; no use when it is not above 0 */
    double least, most; /* PH_MINMAX */
};

/* What a row's cell is. *value is NaN unless the cell is KNOWN. denominator is not looked at unless `quotient`. */
static inline enum ph_cell ph_cell_of(const struct ph_indicator *indicator, double numerator, double denominator, bool quotient,
                                      double *value)
{
    double v = *value = quotient ? numerator / denominator : numerator;
    if (isfinite(v) && v != 0) return PH_CELL_KNOWN;
    *value = NAN;
    if (isnan(numerator) || (quotient && isnan(denominator))) return PH_CELL_MISSING;
    if (quotient && denominator == 0) return PH_CELL_ZERO_DIVISOR;
    if (!isfinite(v)) return PH_CELL_MISSING;
    if (indicator->zero.policy != PH_POLICY_VALUE) return PH_CELL_ZERO;
    if (indicator->formula == PH_RECIPROCAL) return PH_CELL_ZERO_DIVISOR;
    *value = v;
    return PH_CELL_KNOWN;
}

/* What the scheme wants of a cell that is not KNOWN. */
const struct ph_treatment *ph_treatment_of(const struct ph_indicator *indicator, enum ph_cell cell);

/* Whether the scheme gives any of the indicator's cells the mean of points. */
bool ph_gives_mean(const struct ph_indicator *indicator);

/* Value ÷ base, base ÷ value, or the share of the span; NaN where the basis is of no use. */
static inline double ph_ratio_of(const struct ph_indicator *indicator, const struct ph_basis *basis, double value)
{
    if (indicator->formula == PH_MINMAX) {
        double span = basis->most - basis->least;
        return span > 0 ? (indicator->down ? basis->most - value : value - basis->least) / span : 1; /* all alike: nobody is below */
    }
    if (!(basis->base > 0)) return NAN;
    return indicator->formula == PH_RECIPROCAL ? basis->base / value : value / basis->base;
}

/* Points of a ratio before cap and floor; 0 for NaN. */
static inline double ph_points_free(const struct ph_indicator *indicator, double ratio)
{
    double w = indicator->weight;
    if (isnan(ratio)) return 0;
    return indicator->formula == PH_MINMAX        ? w * (indicator->floor_share + (1 - indicator->floor_share) * ratio)
           : indicator->formula == PH_LINEAR_DROP ? w * (2 - ratio)
                                                  : ratio * w;
}

/* Points held between floor and cap. */
static inline double ph_points_held(const struct ph_indicator *indicator, double points)
{
    return points > indicator->cap ? indicator->cap : points < indicator->floor ? indicator->floor : points;
}

static inline enum ph_hit ph_hit_of(const struct ph_indicator *indicator, double points)
{
    return points > indicator->cap ? PH_CAP_HIT : points < indicator->floor ? PH_FLOOR_HIT : PH_NOT_HIT;
}

/* Points of a value, cap and floor applied; 0 where the basis is of no use. */
static inline double ph_points(const struct ph_indicator *indicator, const struct ph_basis *basis, double value)
{
    double ratio = ph_ratio_of(indicator, basis, value);
    return isnan(ratio) ? 0 : ph_points_held(indicator, ph_points_free(indicator, ratio));
}

/* Points of a cell that is not KNOWN; NaN for NOT_EVALUATED. */
double ph_treated_points(const struct ph_indicator *indicator, enum ph_cell cell, double mean_points);

/* To 1e-9, on which ranks rest: what differs by less has only been computed in another way. */
static inline double ph_score_rounded(double score)
{
    return rint(score * 1e9) / 1e9;
}

#endif
