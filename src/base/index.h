/* From text to a number: an open hash table over texts that somebody else keeps. */
#ifndef PH_BASE_INDEX_H
#define PH_BASE_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct ph_index_slot {
    const char *key; /* NULL: free */
    uint64_t hash, value;
};

/* Zero-initialise. Keys are borrowed and must outlive the index. Iteration order is not defined: never iterate. */
struct ph_index {
    struct ph_index_slot *slots;
    size_t capacity, count;
};

/* Makes room for this many keys at once, rather than as they come. */
PH_MUST_USE enum ph_status ph_index_reserve(struct ph_index *index, size_t count, struct ph_error *err);

/* The place of the key's value; *added tells whether it is new (its value is then 0). */
PH_MUST_USE enum ph_status ph_index_put(struct ph_index *index, const char *key, uint64_t **value, int *added, struct ph_error *err);

/* The key's value, or NULL. */
const uint64_t *ph_index_get(const struct ph_index *index, const char *key);

void ph_index_dispose(struct ph_index *index);

#endif
