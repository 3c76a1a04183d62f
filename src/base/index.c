#include "base/index.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a. */
static uint64_t hash(const char *key)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (; *key; key++) h = (h ^ (unsigned char)*key) * UINT64_C(1099511628211);
    return h;
}

/* Keys are looked at only where hashes agree: each would be a trip to memory. */
static struct ph_index_slot *find(const struct ph_index *index, const char *key, uint64_t h)
{
    size_t at = (size_t)h & (index->capacity - 1);
    while (index->slots[at].key && (index->slots[at].hash != h || strcmp(index->slots[at].key, key) != 0)) at = (at + 1) & (index->capacity - 1);
    return &index->slots[at];
}

static enum ph_status grow(struct ph_index *index, size_t capacity, struct ph_error *err)
{
    struct ph_index wider = {.capacity = capacity, .count = index->count};
    /* Pages from calloc, which compilers also make of malloc and memset, would be mapped twice: when looked at, when put into. */
    wider.slots = aligned_alloc(64, wider.capacity * sizeof *wider.slots); /* 256 slots or a multiple */
    if (wider.slots == NULL) return ph_fail_memory(err);
    memset(wider.slots, 0, wider.capacity * sizeof *wider.slots);
    for (size_t i = 0; i < index->capacity; i++) {
        if (index->slots[i].key == NULL) continue;
        size_t at = (size_t)index->slots[i].hash & (wider.capacity - 1);
        while (wider.slots[at].key) at = (at + 1) & (wider.capacity - 1);
        wider.slots[at] = index->slots[i];
    }
    free(index->slots);
    *index = wider;
    return PH_OK;
}

enum ph_status ph_index_reserve(struct ph_index *index, size_t count, struct ph_error *err)
{
    size_t capacity = index->capacity ? index->capacity : 256;
    while (capacity / 2 < count && capacity <= SIZE_MAX / 4 / sizeof *index->slots) capacity *= 2;
    return capacity > index->capacity ? grow(index, capacity, err) : PH_OK;
}

enum ph_status ph_index_put(struct ph_index *index, const char *key, uint64_t **value, int *added, struct ph_error *err)
{
    PH_TRY(ph_index_reserve(index, index->count + 1, err));
    uint64_t h = hash(key);
    struct ph_index_slot *slot = find(index, key, h);
    *added = slot->key == NULL;
    if (*added) {
        *slot = (struct ph_index_slot){.key = key, .hash = h};
        index->count++;
    }
    *value = &slot->value;
    return PH_OK;
}

const uint64_t *ph_index_get(const struct ph_index *index, const char *key)
{
    if (index->capacity == 0) return NULL;
    const struct ph_index_slot *slot = find(index, key, hash(key));
    return slot->key ? &slot->value : NULL;
}

void ph_index_dispose(struct ph_index *index)
{
    free(index->slots);
    memset(index, 0, sizeof *index);
}
