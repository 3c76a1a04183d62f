/* A double as decimal digits. */
#ifndef PH_BASE_DECIMAL_H
#define PH_BASE_DECIMAL_H

#include <stdbool.h>

/* 0.d1d2d3… * 10^exponent, without trailing zeros; count 0 for zero. */
struct ph_decimal {
    bool negative;
    int count, exponent;
    char digits[40];
};

/* The shortest of 15, 16, 17 digits that reads back as v, which is zero or of size 1e-5 <= |v| < 1e15; false for all others. */
bool ph_decimal_shortest(double v, struct ph_decimal *d);

/* Rounds to `decimals` places, half away from zero. */
void ph_decimal_round(struct ph_decimal *d, int decimals);

/* The digit at 10^place. */
char ph_decimal_digit(const struct ph_decimal *d, int place);

#endif
