#include "base/exact_sum.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define LOWEST (-1074) /* the exponent of the first limb's first bit */

void ph_exact_add(struct ph_exact_sum *sum, double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    unsigned exponent = (unsigned)(bits >> 52) & 0x7FF;
    uint64_t mantissa = (bits & 0xFFFFFFFFFFFFF) | (uint64_t)(exponent != 0) << 52;
    unsigned shift = exponent ? exponent - 1 : 0, limb = shift / 32, offset = shift % 32;
    uint64_t low = (mantissa & 0xFFFFFFFF) << offset, high = (mantissa >> 32) << offset;
    int64_t parts[3] = {(int64_t)(low & 0xFFFFFFFF), (int64_t)((low >> 32) + (high & 0xFFFFFFFF)), (int64_t)(high >> 32)};
    int64_t sign = bits >> 63 ? -1 : 1;
    for (unsigned i = 0; i < 3; i++) sum->limbs[limb + i] += sign * parts[i];
}

/* The sum as digits of 32 bits of its absolute value. Returns whether it is negative. */
static bool carry_over(const struct ph_exact_sum *sum, uint32_t digits[PH_EXACT_LIMBS])
{
    int64_t carry = 0;
    for (int i = 0; i < PH_EXACT_LIMBS; i++) {
        int64_t v = sum->limbs[i] + carry;
        digits[i] = (uint32_t)(v & 0xFFFFFFFF);
        carry = (v - (int64_t)digits[i]) / ((int64_t)1 << 32);
    }
    if (carry >= 0) return false;
    uint64_t borrowed = 1; /* two's complement turned round */
    for (int i = 0; i < PH_EXACT_LIMBS; i++) {
        borrowed += (uint32_t)~digits[i];
        digits[i] = (uint32_t)borrowed;
        borrowed >>= 32;
    }
    return true;
}

double ph_exact_get(const struct ph_exact_sum *sum)
{
    uint32_t digits[PH_EXACT_LIMBS];
    bool negative = carry_over(sum, digits);
    int top = PH_EXACT_LIMBS - 1;
    while (top > 0 && digits[top] == 0) top--;
    uint64_t head = (uint64_t)digits[top] << 32 | (top > 0 ? digits[top - 1] : 0);
    if (head == 0) return 0;
    int exponent = 32 * (top - 1) + LOWEST; /* of head's last bit */
    uint32_t next = top > 1 ? digits[top - 2] : 0;
    bool more = false;
    for (int i = 0; i < top - 2; i++) more |= digits[i] != 0;
    int blank = 0;
    while (!(head << blank >> 63)) blank++;
    if (blank > 0) head = head << blank | next >> (32 - blank), next <<= blank; /* blank < 32: the top digit is not 0 */
    exponent -= blank;
    uint64_t kept = head >> 11, rest = head & 0x7FF;
    if (rest > 0x400 || (rest == 0x400 && (next || more || (kept & 1)))) kept++;
    double v = ldexp((double)kept, exponent + 11);
    return negative ? -v : v;
}
