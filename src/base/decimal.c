#include "base/decimal.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 wide;

static void take_digits(uint64_t whole, int decimals, struct ph_decimal *d)
{
    char text[24];
    int count = 0;
    while (whole % 10 == 0) { /* never 0 */
        whole /= 10;
        decimals--;
    }
    for (; whole > 0; whole /= 10) text[count++] = (char)('0' + whole % 10);
    d->exponent = count - decimals;
    while (count > 0) d->digits[d->count++] = text[--count];
}

/* By whole numbers: v is mantissa / 2^shift, so v * 10^decimals is known exactly, and so is how far the digits nearest to it
 * lie from it. They read back as v within half of what lies between v and the next double. (Below a power of two that is
 * less; none in this range makes a difference, nor is there a tie.) */
bool ph_decimal_shortest(double v, struct ph_decimal *d)
{
    static const double bounds[] = {1e-4, 1e-3, 1e-2, 1e-1, 1e0,  1e1,  1e2,  1e3,  1e4, 1e5,
                                    1e6,  1e7,  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14};
    static const uint64_t powers[] = {
        1u, 10u, 100u, 1000u, 10000u, 100000u, 1000000u, 10000000u, 100000000u, 1000000000u, 10000000000u, 100000000000u, 1000000000000u,
        10000000000000u, 100000000000000u, 1000000000000000u, 10000000000000000u, 100000000000000000u, 1000000000000000000u,
        10000000000000000000u};
    int binary, decimals = 19;
    *d = (struct ph_decimal){.negative = signbit(v) && v != 0};
    v = fabs(v);
    if (!(v >= 1e-5 && v < 1e15)) return v == 0;
    uint64_t mantissa = (uint64_t)(frexp(v, &binary) * 0x1p53), nearest = 0;
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
    take_digits(nearest, decimals, d);
    return true;
}

void ph_decimal_round(struct ph_decimal *d, int decimals)
{
    int keep = d->exponent + decimals;
    if (keep >= d->count) return;
    if (keep < 0) {
        d->count = 0;
        return;
    }
    bool up = d->digits[keep] >= '5';
    d->count = keep;
    while (up && d->count > 0 && d->digits[d->count - 1] == '9') d->count--;
    if (!up) return;
    if (d->count > 0) {
        d->digits[d->count - 1]++;
    } else {
        d->digits[0] = '1';
        d->count = 1;
        d->exponent++;
    }
}

char ph_decimal_digit(const struct ph_decimal *d, int place)
{
    int i = d->exponent - 1 - place;
    return i >= 0 && i < d->count ? d->digits[i] : '0';
}
