/* How many threads to use. */
#ifndef PH_BASE_THREADS_H
#define PH_BASE_THREADS_H

/* wanted, or with 0 as many as there are cores; 1 to `most`. */
int ph_thread_count(int wanted, int most);

#endif
