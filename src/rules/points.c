#include "rules/points.h"

const struct ph_treatment *ph_treatment_of(const struct ph_indicator *indicator, enum ph_cell cell)
{
    return cell == PH_CELL_ZERO           ? &indicator->zero
           : cell == PH_CELL_ZERO_DIVISOR ? &indicator->zero_divisor
                                          : &indicator->missing;
}

bool ph_gives_mean(const struct ph_indicator *indicator)
{
    return indicator->missing.policy == PH_POLICY_GROUP_MEAN || indicator->zero.policy == PH_POLICY_GROUP_MEAN ||
           indicator->zero_divisor.policy == PH_POLICY_GROUP_MEAN;
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
