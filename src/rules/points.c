#include "rules/points.h"

#include <math.h>

enum ph_cell ph_cell_of(const struct ph_indicator *indicator, double numerator, double denominator, bool quotient, double *value)
{
    *value = NAN;
    if (isnan(numerator) || (quotient && isnan(denominator))) return PH_CELL_MISSING;
    if (quotient && denominator == 0) return PH_CELL_ZERO_DIVISOR;
    double v = quotient ? numerator / denominator : numerator;
    if (!isfinite(v)) return PH_CELL_MISSING;
    if (v == 0 && indicator->zero.policy != PH_POLICY_VALUE) return PH_CELL_ZERO;
    if (v == 0 && indicator->formula == PH_RECIPROCAL) return PH_CELL_ZERO_DIVISOR;
    *value = v;
    return PH_CELL_KNOWN;
}

const struct ph_treatment *ph_treatment_of(const struct ph_indicator *indicator, enum ph_cell cell)
{
    return cell == PH_CELL_ZERO           ? &indicator->zero
           : cell == PH_CELL_ZERO_DIVISOR ? &indicator->zero_divisor
                                          : &indicator->missing;
}

double ph_points(const struct ph_indicator *indicator, const struct ph_basis *basis, double value, double *ratio,
                 enum ph_hit *hit)
{
    double w = indicator->weight, r = NAN, points = 0;
    if (indicator->formula == PH_MINMAX) {
        double span = basis->most - basis->least;
        r = span > 0 ? (indicator->down ? basis->most - value : value - basis->least) / span : 1; /* all alike: nobody is below */
        points = w * (indicator->floor_share + (1 - indicator->floor_share) * r);
    } else if (basis->base > 0) {
        r = indicator->formula == PH_RECIPROCAL ? basis->base / value : value / basis->base;
        points = indicator->formula == PH_LINEAR_DROP ? w * (2 - r) : r * w;
    }
    if (ratio) *ratio = r;
    if (hit)
        *hit = isnan(r)                    ? PH_NOT_HIT
               : points > indicator->cap   ? PH_CAP_HIT
               : points < indicator->floor ? PH_FLOOR_HIT
                                           : PH_NOT_HIT;
    if (isnan(r)) return 0;
    return points > indicator->cap ? indicator->cap : points < indicator->floor ? indicator->floor : points;
}

double ph_treated_points(const struct ph_indicator *indicator, enum ph_cell cell, double mean_points)
{
    const struct ph_treatment *t = ph_treatment_of(indicator, cell);
    switch (t->policy) {
    case PH_POLICY_NOT_EVALUATED: return NAN;
    case PH_POLICY_GROUP_MEAN: return isnan(mean_points) ? 0 : mean_points;
    case PH_POLICY_PENALTY: return -t->penalty;
    case PH_POLICY_FULL: return indicator->weight;
    default: return 0;
    }
}

double ph_score_rounded(double score)
{
    return rint(score * 1e9) / 1e9;
}
