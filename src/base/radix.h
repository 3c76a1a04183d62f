/* Sorting by whole numbers: as many passes as the numbers have digits that differ, without comparing. */
#ifndef PH_BASE_RADIX_H
#define PH_BASE_RADIX_H

#include <stddef.h>
#include <stdint.h>

struct ph_keyed {
    uint64_t key;
    uint32_t row;
};

/* A key in the order of the numbers; v: not NaN. 0 and -0 have the same one. */
uint64_t ph_radix_key(double v);

/* Sorts the items by key, ascending; equal ones stay in their order. room: for `count` items as well. Either array may be where they
 * end up: it is returned. */
struct ph_keyed *ph_radix_sort(struct ph_keyed *items, struct ph_keyed *room, size_t count);

#endif
