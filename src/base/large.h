/* Memory in large pages, where the system has them. */
#ifndef PH_BASE_LARGE_H
#define PH_BASE_LARGE_H

#include <stddef.h>

#define PH_LARGE_PAGE ((size_t)2 * 1024 * 1024)

/* At least so many bytes, for what fills them: pages of 2 MiB are fetched, and given to the disk, in a fraction of the time that small
 * ones take, but whole. The caller frees them with free(); realloc() may be used. NULL: no memory. */
void *ph_large_alloc(size_t bytes);

#endif
