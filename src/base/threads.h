/* How many threads to use, and using them. */
#ifndef PH_BASE_THREADS_H
#define PH_BASE_THREADS_H

#include <stddef.h>

#define PH_THREADS_CAP 64

/* wanted, or with 0 as many as there are cores; 1 to `most`. */
int ph_thread_count(int wanted, int most);

/* Calls work once for each of `count` arguments of `size` bytes that lie one behind the other, in threads of their own but for the
 * first; returns when all have come back. One whose thread cannot be started is called in this one. */
void ph_threads_run(void *(*work)(void *argument), void *arguments, size_t size, int count);

#endif
