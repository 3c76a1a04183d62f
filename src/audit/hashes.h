/* SHA-256 of the files that were read, worked out in a thread of its own while the run goes on. */
#ifndef PH_AUDIT_HASHES_H
#define PH_AUDIT_HASHES_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "io/source.h"

struct ph_hash {
    const char *path; /* the source's own */
    char hex[65];     /* "" for what is no plain file (a folder, a database) */
};

/* Zero-initialise, and leave where it is once started. */
struct ph_hashes {
    struct ph_hash *items;
    size_t count;
    pthread_t thread;
    bool running;
    atomic_bool over; /* they are no longer wanted */
};

/* The files of a source, borrowed until ph_hashes_dispose. NULL is allowed. */
PH_MUST_USE enum ph_status ph_hashes_add(struct ph_hashes *hashes, const struct ph_source *source, struct ph_error *err);

/* Starts, once all are added; with one thread nothing is done before it is asked for. */
void ph_hashes_start(struct ph_hashes *hashes, int threads);

/* The hash of a file, waiting for it or making it now; false: it has none. hashes may be NULL. */
bool ph_hashes_get(struct ph_hashes *hashes, const char *path, char hex[65]);

void ph_hashes_dispose(struct ph_hashes *hashes);

#endif
