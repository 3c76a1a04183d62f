#define _GNU_SOURCE /* O_DIRECT */
#include "io/writeback.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/large.h"

#ifndef O_DIRECT
#define O_DIRECT 0 /* through the cache, then */
#endif

#define BATCHES 6
#define BATCH_BYTES ((size_t)4 * 1024 * 1024)
#define ALIGNMENT 4096 /* of whatever goes past the cache */
#define SYNC_BYTES ((size_t)16 * 1024 * 1024) /* this much in the cache is brought to the disk */

/* Bytes that lie together in the file. */
struct batch {
    unsigned char *bytes;
    size_t length;
    uint64_t offset;
};

struct ph_writeback {
    int file, direct; /* the same file; direct: past the cache, −1 when that cannot be */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t moved;
    struct batch filling;          /* the caller's */
    struct batch batches[BATCHES]; /* a ring: `waiting` of them from `first` on are the thread's */
    size_t first, waiting;
    unsigned char *spare[BATCHES]; /* memory of batches that are written: what was used last is used next */
    size_t spare_count;
    size_t unsynced; /* bytes in the cache */
    bool over;
    int failure; /* errno of the first */
};

static int write_all(int file, const struct batch *b)
{
    for (size_t done = 0; done < b->length;) {
        ssize_t n = pwrite(file, b->bytes + done, b->length - done, (off_t)(b->offset + done));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n ? errno : ENOSPC;
        done += (size_t)n;
    }
    return 0;
}

/* Whole batches go past the cache; what is written over or read again soon is not among them. */
static int write_batch(struct ph_writeback *w, const struct batch *b)
{
    if (w->direct >= 0 && b->length == BATCH_BYTES && b->offset % ALIGNMENT == 0) {
        int failure = write_all(w->direct, b);
        if (failure != EINVAL) return failure;
        close(w->direct); /* not on this file system */
        w->direct = -1;
    }
    int failure = write_all(w->file, b);
    w->unsynced += b->length;
    if (failure || w->unsynced < SYNC_BYTES) return failure;
    w->unsynced = 0;
    return fdatasync(w->file) == 0 ? 0 : errno;
}

static void *run(void *payload)
{
    struct ph_writeback *w = payload;
    pthread_mutex_lock(&w->lock);
    while (!w->over) {
        if (w->waiting == 0) {
            pthread_cond_wait(&w->moved, &w->lock);
            continue;
        }
        const struct batch *b = &w->batches[w->first];
        int failure = w->failure;
        pthread_mutex_unlock(&w->lock);
        if (failure == 0) failure = write_batch(w, b);
        pthread_mutex_lock(&w->lock);
        w->failure = failure;
        w->spare[w->spare_count++] = b->bytes;
        w->first = (w->first + 1) % BATCHES;
        w->waiting--;
        pthread_cond_broadcast(&w->moved);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

static void dispose(struct ph_writeback *w)
{
    if (w->file >= 0) close(w->file);
    if (w->direct >= 0) close(w->direct);
    for (size_t i = 0; i < w->waiting; i++) free(w->batches[(w->first + i) % BATCHES].bytes);
    for (size_t i = 0; i < w->spare_count; i++) free(w->spare[i]);
    free(w->filling.bytes);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->moved);
    free(w);
}

struct ph_writeback *ph_writeback_begin(const char *path)
{
    struct ph_writeback *w = calloc(1, sizeof *w);
    if (w == NULL) return NULL;
    w->file = open(path, O_WRONLY | O_CLOEXEC);
    w->direct = O_DIRECT ? open(path, O_WRONLY | O_CLOEXEC | O_DIRECT) : -1;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->moved, NULL);
    if (w->file >= 0 && pthread_create(&w->thread, NULL, run, w) == 0) return w;
    dispose(w);
    return NULL;
}

/* Gives what is filled to the thread, and waits until at most `most` batches are left with it. */
static int hand_over(struct ph_writeback *w, size_t most)
{
    pthread_mutex_lock(&w->lock);
    if (w->filling.length) {
        w->batches[(w->first + w->waiting++) % BATCHES] = w->filling;
        w->filling = (struct batch){0};
        pthread_cond_broadcast(&w->moved);
    }
    while (w->waiting > most) pthread_cond_wait(&w->moved, &w->lock);
    if (w->filling.bytes == NULL && w->spare_count) w->filling.bytes = w->spare[--w->spare_count];
    int failure = w->failure;
    pthread_mutex_unlock(&w->lock);
    return failure;
}

int ph_writeback_put(struct ph_writeback *w, uint64_t offset, const unsigned char *bytes, size_t n)
{
    struct batch *b = &w->filling;
    assert(n <= BATCH_BYTES);
    int failure = 0;
    if (b->length && (offset != b->offset + b->length || b->length + n > BATCH_BYTES)) failure = hand_over(w, BATCHES - 1);
    if (b->bytes == NULL) b->bytes = ph_large_alloc(BATCH_BYTES);
    if (b->bytes == NULL) return ENOMEM;
    if (b->length == 0) b->offset = offset;
    memcpy(b->bytes + b->length, bytes, n);
    b->length += n;
    return b->length == BATCH_BYTES ? hand_over(w, BATCHES - 1) : failure;
}

int ph_writeback_drain(struct ph_writeback *w)
{
    return hand_over(w, 0);
}

int ph_writeback_end(struct ph_writeback *w)
{
    if (w == NULL) return 0;
    pthread_mutex_lock(&w->lock);
    w->over = true;
    pthread_cond_broadcast(&w->moved);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    int failure = w->failure;
    dispose(w);
    return failure;
}
