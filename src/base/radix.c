#include "base/radix.h"

#include <string.h>

#define DIGIT_BITS 11
#define DIGITS 6 /* of 64 bits */
#define VALUES ((size_t)1 << DIGIT_BITS)

static size_t digit(uint64_t key, unsigned place)
{
    return (size_t)(key >> place * DIGIT_BITS) & (VALUES - 1);
}

uint64_t ph_radix_key(double v)
{
    uint64_t bits;
    v += 0.0; /* -0 becomes 0 */
    memcpy(&bits, &v, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

struct ph_keyed *ph_radix_sort(struct ph_keyed *items, struct ph_keyed *room, size_t count)
{
    for (unsigned place = 0; place < DIGITS; place++) {
        size_t next[VALUES] = {0};
        for (size_t i = 0; i < count; i++) next[digit(items[i].key, place)]++;
        if (count == 0 || next[digit(items[0].key, place)] == count) continue; /* all the same */
        for (size_t d = 0, from = 0; d < VALUES; d++) {
            size_t have = next[d];
            next[d] = from;
            from += have;
        }
        for (size_t i = 0; i < count; i++) room[next[digit(items[i].key, place)]++] = items[i];
        struct ph_keyed *sorted = room;
        room = items;
        items = sorted;
    }
    return items;
}
