#include "io/writeback.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#define STEP_BYTES ((size_t)16 * 1024 * 1024)

struct ph_writeback {
    int file;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t moved;
    size_t pending; /* bytes since the last time */
    bool over;
    int failure; /* errno of the first */
};

static void *run(void *payload)
{
    struct ph_writeback *w = payload;
    pthread_mutex_lock(&w->lock);
    while (!w->over) {
        if (w->pending < STEP_BYTES) {
            pthread_cond_wait(&w->moved, &w->lock);
            continue;
        }
        w->pending = 0;
        pthread_mutex_unlock(&w->lock);
        int failure = fdatasync(w->file) == 0 ? 0 : errno;
        pthread_mutex_lock(&w->lock);
        if (w->failure == 0) w->failure = failure;
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

struct ph_writeback *ph_writeback_begin(const char *path)
{
    struct ph_writeback *w = calloc(1, sizeof *w);
    if (w == NULL) return NULL;
    w->file = open(path, O_RDONLY | O_CLOEXEC);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->moved, NULL);
    if (w->file >= 0 && pthread_create(&w->thread, NULL, run, w) == 0) return w;
    if (w->file >= 0) close(w->file);
    free(w);
    return NULL;
}

void ph_writeback_told(struct ph_writeback *w, size_t bytes)
{
    if (w == NULL) return;
    pthread_mutex_lock(&w->lock);
    w->pending += bytes;
    if (w->pending >= STEP_BYTES) pthread_cond_signal(&w->moved);
    pthread_mutex_unlock(&w->lock);
}

int ph_writeback_end(struct ph_writeback *w)
{
    if (w == NULL) return 0;
    pthread_mutex_lock(&w->lock);
    w->over = true;
    pthread_cond_signal(&w->moved);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    close(w->file);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->moved);
    int failure = w->failure;
    free(w);
    return failure;
}
