/* Sums of doubles without rounding: whatever the order, the same sum, rounded once when it is asked for. */
#ifndef PH_BASE_EXACT_SUM_H
#define PH_BASE_EXACT_SUM_H

#include <stdint.h>

#define PH_EXACT_LIMBS 68 /* of 32 bits: from the smallest double to 2^31 times the largest */

/* Zero-initialise. For up to 2^31 numbers. */
struct ph_exact_sum {
    int64_t limbs[PH_EXACT_LIMBS];
};

/* v must be finite. Subtract by adding -v. */
void ph_exact_add(struct ph_exact_sum *sum, double v);

/* The double nearest to the sum, ties to even. */
double ph_exact_get(const struct ph_exact_sum *sum);

#endif
