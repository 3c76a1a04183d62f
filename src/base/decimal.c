#include "base/decimal.h"

#include <float.h>
#include <math.h>
#include <stddef.h>

__extension__ typedef unsigned __int128 wide;

static const uint64_t powers[] = {
    1u, 10u, 100u, 1000u, 10000u, 100000u, 1000000u, 10000000u, 100000000u, 1000000000u, 10000000000u, 100000000000u, 1000000000000u,
    10000000000000u, 100000000000000u, 1000000000000000u, 10000000000000000u, 100000000000000000u, 1000000000000000000u,
    10000000000000000000u};

void ph_decimal_strip(struct ph_decimal *d)
{
    for (; d->digits > 0 && d->digits % 10 == 0; d->digits /= 10) d->decimals--;
}

/* Most figures have few decimals: digits that read back as v, and no more than 15 of them, are the shortest. */
static bool has_few_decimals(double v, struct ph_decimal *d)
{
    enum { FEW = 6 };
    double scaled = v * (double)powers[FEW];
    if (FLT_EVAL_METHOD != 0 || !(scaled < 1e15)) return false;
    d->digits = (uint64_t)(int64_t)(scaled + 0.5);
    d->decimals = FEW;
    return (double)(int64_t)d->digits / (double)powers[FEW] == v;
}

/* By whole numbers: v is mantissa / 2^shift, so v * 10^decimals is known exactly, and so is how far the digits nearest to it
 * lie from it. They read back as v within half of what lies between v and the next double. (Below a power of two that is
 * less; none in this range makes a difference, nor is there a tie.) */
static void find_digits(double v, struct ph_decimal *d)
{
    static const double bounds[] = {1e-4, 1e-3, 1e-2, 1e-1, 1e0,  1e1,  1e2,  1e3,  1e4, 1e5,
                                    1e6,  1e7,  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14};
    int binary, decimals = 19;
    uint64_t mantissa = (uint64_t)(int64_t)(frexp(v, &binary) * 0x1p53), nearest = 0;
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds && v >= bounds[i]; i++) decimals--;
    int shift = 53 - binary;
    wide power = powers[decimals], half = (wide)1 << (shift - 1);
    for (int digits = 15; digits <= 17; digits++, decimals++, power *= 10) {
        wide exact = mantissa * power, rest = exact & (2 * half - 1);
        nearest = (uint64_t)(exact >> shift);
        bool up = rest > half || (rest == half && nearest % 2 == 1);
        nearest += up;
        if (digits == 17 || 2 * (up ? 2 * half - rest : rest) < power) break;
    }
    d->digits = nearest;
    d->decimals = decimals;
}

bool ph_decimal_shortest(double v, struct ph_decimal *d)
{
    *d = (struct ph_decimal){.negative = signbit(v) && v != 0};
    v = fabs(v);
    if (!(v >= 1e-5 && v < 1e15)) return v == 0;
    if (!has_few_decimals(v, d)) find_digits(v, d);
    ph_decimal_strip(d);
    return true;
}

void ph_decimal_round(struct ph_decimal *d, int decimals)
{
    int drop = d->decimals - decimals;
    if (drop <= 0) return;
    d->decimals = decimals;
    d->digits = drop < 19 ? (d->digits + powers[drop] / 2) / powers[drop] : 0; /* never more than 17 digits */
}
