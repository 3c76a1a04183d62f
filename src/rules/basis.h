/* What a base is made of: the values of a roster, in sums that no order changes, so that one value can be replaced without
 * adding up anew. Internal to rules. */
#ifndef PH_RULES_BASIS_H
#define PH_RULES_BASIS_H

#include "base/exact_sum.h"
#include "rules/points.h"

/* A sum as three doubles that add up to it exactly, the first being the nearest to it. */
struct ph_triple {
    double parts[3];
};

/* One row's share in a base. */
struct ph_contribution {
    double value, numerator, denominator; /* value NaN: it has none */
};

struct ph_basis_set {
    size_t count;
    struct ph_triple sum, divisor; /* of values, or of numerators and denominators */
    double least[2], most[2];      /* the two smallest and the two largest values */
    double *sorted;                /* ascending; median only */
};

/* A set in the making. Zero-initialise. */
struct ph_basis_gather {
    struct ph_basis_set set;
    struct ph_exact_sum sum, divisor;
};

/* most: contributions there may be. Room for them, where a median needs it, is the arena's. */
PH_MUST_USE enum ph_status ph_basis_begin(const struct ph_indicator *indicator, size_t most, struct ph_arena *arena,
                                          struct ph_basis_gather *gather, struct ph_error *err);
/* One that has a value. */
void ph_basis_take(const struct ph_indicator *indicator, struct ph_basis_gather *gather, const struct ph_contribution *c);
struct ph_basis_set ph_basis_end(const struct ph_indicator *indicator, struct ph_basis_gather *gather);

/* values: per row NaN where it has none, else numerators and denominators are read too (weighted mean only). */
PH_MUST_USE enum ph_status ph_basis_gather(const struct ph_indicator *indicator, const struct ph_contribution *items, size_t count,
                                           struct ph_arena *arena, struct ph_basis_set *out, struct ph_error *err);

struct ph_basis ph_basis_of(const struct ph_indicator *indicator, const struct ph_basis_set *set, struct ph_base_found *found);

/* The basis with one of its rows replaced, or one more (`was` has no value); `is` has one. What the formula does not ask for is NaN. */
struct ph_basis ph_basis_with(const struct ph_indicator *indicator, const struct ph_basis_set *set, const struct ph_contribution *was,
                              const struct ph_contribution *is);

#endif
