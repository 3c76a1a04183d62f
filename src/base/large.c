#define _GNU_SOURCE /* madvise */
#include "base/large.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

void *ph_large_alloc(size_t bytes)
{
    if (bytes > SIZE_MAX - PH_LARGE_PAGE) return NULL;
    size_t whole = (bytes + PH_LARGE_PAGE - 1) / PH_LARGE_PAGE * PH_LARGE_PAGE;
    void *room = aligned_alloc(PH_LARGE_PAGE, whole);
#ifdef MADV_HUGEPAGE
    if (room) (void)madvise(room, whole, MADV_HUGEPAGE); /* where there are none, small ones do */
#endif
    return room;
}
