#include "base/apportion.h"

#include <stdlib.h>

__extension__ typedef unsigned __int128 wide;

struct remainder {
    uint64_t size; /* in parts of the sum of weights */
    size_t part;
};

static int largest_first(const void *a, const void *b)
{
    const struct remainder *p = a, *q = b;
    if (p->size != q->size) return p->size > q->size ? -1 : 1;
    return p->part < q->part ? -1 : p->part > q->part;
}

enum ph_status ph_apportion(int64_t total, const int64_t *weights, size_t count, int64_t *parts, struct ph_error *err)
{
    uint64_t sum = 0;
    int64_t left = total;
    for (size_t i = 0; i < count; i++) sum += (uint64_t)weights[i];
    for (size_t i = 0; i < count; i++) {
        parts[i] = (int64_t)((wide)(uint64_t)total * (uint64_t)weights[i] / sum);
        left -= parts[i];
    }
    if (left == 0) return PH_OK;
    struct remainder *remainders = malloc(count * sizeof *remainders);
    if (remainders == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < count; i++)
        remainders[i] = (struct remainder){(uint64_t)((wide)(uint64_t)total * (uint64_t)weights[i] % sum), i};
    qsort(remainders, count, sizeof *remainders, largest_first);
    for (size_t i = 0; i < (size_t)left; i++) parts[remainders[i].part]++; /* fewer are left than there are parts */
    free(remainders);
    return PH_OK;
}
