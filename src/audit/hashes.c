#include "audit/hashes.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"

enum ph_status ph_hashes_add(struct ph_hashes *h, const struct ph_source *source, struct ph_error *err)
{
    const struct ph_source_facts *facts = source ? ph_source_facts(source) : NULL;
    if (facts == NULL || facts->rows_tell) return PH_OK;
    struct ph_hash *items = realloc(h->items, (h->count + facts->file_count + 1) * sizeof *items);
    if (items == NULL) return ph_fail_memory(err);
    h->items = items;
    for (size_t i = 0; i < facts->file_count; i++) items[h->count++] = (struct ph_hash){.path = facts->files[i]};
    return PH_OK;
}

static bool make(const char *path, char hex[65])
{
    struct ph_error ignored = PH_ERROR_INIT;
    bool good = ph_digest_file(path, hex, &ignored) == PH_OK;
    if (!good) hex[0] = '\0';
    return good;
}

static void *work(void *argument)
{
    struct ph_hashes *h = argument;
    for (size_t i = 0; i < h->count && !atomic_load(&h->over); i++) make(h->items[i].path, h->items[i].hex);
    return NULL;
}

void ph_hashes_start(struct ph_hashes *h, int threads)
{
    h->running = threads != 1 && pthread_create(&h->thread, NULL, work, h) == 0;
    if (!h->running) h->count = 0;
}

static void join(struct ph_hashes *h)
{
    if (h->running) pthread_join(h->thread, NULL);
    h->running = false;
}

bool ph_hashes_get(struct ph_hashes *h, const char *path, char hex[65])
{
    if (h) join(h);
    for (size_t i = 0; h && i < h->count; i++) {
        if (strcmp(h->items[i].path, path) != 0) continue;
        memcpy(hex, h->items[i].hex, sizeof h->items[i].hex);
        return hex[0] != '\0';
    }
    return make(path, hex);
}

void ph_hashes_dispose(struct ph_hashes *h)
{
    atomic_store(&h->over, true);
    join(h);
    free(h->items);
    h->items = NULL;
    h->count = 0;
}
