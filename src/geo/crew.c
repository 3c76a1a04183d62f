#include "geo/crew.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

struct crew {
    ph_crew_job *job;
    size_t jobs;
    struct ph_stop stop;
    atomic_size_t next;
    atomic_bool over;
};

struct hand {
    struct crew *crew;
    void *worker;
    bool asks; /* the calling thread */
    pthread_t thread;
    size_t failed_job;
    struct ph_error error;
};

static void *work(void *payload)
{
    struct hand *hand = payload;
    struct crew *crew = hand->crew;
    while (!atomic_load(&crew->over)) {
        size_t job = atomic_fetch_add(&crew->next, 1);
        if (job >= crew->jobs) break;
        enum ph_status status = crew->job(hand->worker, job, &hand->error);
        if (status == PH_OK && hand->asks && crew->stop.asked != NULL &&
            crew->stop.asked(crew->stop.payload, (double)(job + 1) / (double)crew->jobs) != 0)
            status = ph_fail(&hand->error, PH_E_CANCELLED, "已取消", "cancelled");
        if (status == PH_OK) continue;
        hand->error.status = status;
        hand->failed_job = job;
        atomic_store(&crew->over, true);
    }
    return NULL;
}

enum ph_status ph_crew_run(void *workers, size_t size, size_t count, size_t jobs, ph_crew_job *job, struct ph_stop stop,
                           struct ph_error *err)
{
    struct crew crew = {.job = job, .jobs = jobs, .stop = stop};
    if (count > jobs) count = jobs;
    if (count == 0) return PH_OK;
    struct hand *hands = calloc(count, sizeof *hands);
    if (hands == NULL) return ph_fail_memory(err);
    atomic_init(&crew.next, 0);
    atomic_init(&crew.over, false);
    for (size_t i = 0; i < count; i++)
        hands[i] = (struct hand){.crew = &crew, .worker = (char *)workers + i * size, .asks = i == 0, .failed_job = SIZE_MAX,
                                 .error = PH_ERROR_INIT};
    size_t started = 1;
    while (started < count && pthread_create(&hands[started].thread, NULL, work, &hands[started]) == 0) started++;
    work(&hands[0]);
    for (size_t i = 1; i < started; i++) pthread_join(hands[i].thread, NULL);
    const struct hand *first = &hands[0];
    for (size_t i = 1; i < started; i++)
        if (hands[i].failed_job < first->failed_job) first = &hands[i];
    enum ph_status status = first->failed_job == SIZE_MAX ? PH_OK : first->error.status;
    if (status != PH_OK && err != NULL) *err = first->error;
    free(hands);
    return status;
}
