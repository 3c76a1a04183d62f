#include "base/threads.h"

#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

int ph_thread_count(int wanted, int most)
{
    long count = wanted > 0 ? wanted : sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > most ? most : (int)count;
}

void ph_threads_run(void *(*work)(void *argument), void *arguments, size_t size, int count)
{
    pthread_t ids[PH_THREADS_CAP];
    bool started[PH_THREADS_CAP] = {false};
    for (int i = 1; i < count && i < PH_THREADS_CAP; i++)
        started[i] = pthread_create(&ids[i], NULL, work, (char *)arguments + (size_t)i * size) == 0;
    for (int i = 0; i < count; i++)
        if (i >= PH_THREADS_CAP || !started[i]) work((char *)arguments + (size_t)i * size);
    for (int i = 1; i < count && i < PH_THREADS_CAP; i++)
        if (started[i]) pthread_join(ids[i], NULL);
}
