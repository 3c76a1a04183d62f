/* Numbered jobs shared out among threads. The only place that starts threads. */
#ifndef PH_GEO_CREW_H
#define PH_GEO_CREW_H

#include <stddef.h>

#include "base/error.h"

/* A way to stop. asked: NULL, or called on the calling thread now and then with the share done, 0 to 1; a result
 * other than 0 ends the work with PH_E_CANCELLED. */
struct ph_stop {
    int (*asked)(void *payload, double done);
    void *payload;
};

/* worker is this thread's own memory. */
typedef enum ph_status ph_crew_job(void *worker, size_t job, struct ph_error *err);

/* Runs jobs 0 <= job < jobs, each once, on `count` threads of which the calling one is the first; workers are laid out
 * one after the other, `size` bytes each. Fewer threads do the work when the system gives no more. After a failure no
 * further job begins, and of several failures the one of the lowest job is told. */
PH_MUST_USE enum ph_status ph_crew_run(void *workers, size_t size, size_t count, size_t jobs, ph_crew_job *job, struct ph_stop stop,
                                       struct ph_error *err);

#endif
