/* A double as decimal digits. */
#ifndef PH_BASE_DECIMAL_H
#define PH_BASE_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

/* digits / 10^decimals; decimals may be negative. */
struct ph_decimal {
    bool negative;
    int decimals;
    uint64_t digits;
};

/* The shortest of 15, 16, 17 digits that reads back as v, which is zero or of size 1e-5 <= |v| < 1e15; false for all others.
 * Without zeros at the end. */
bool ph_decimal_shortest(double v, struct ph_decimal *d);

/* Takes zeros at the end off. */
void ph_decimal_strip(struct ph_decimal *d);

/* Rounds to `decimals` places if it has more, half away from zero. */
void ph_decimal_round(struct ph_decimal *d, int decimals);

#endif
