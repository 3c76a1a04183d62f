#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

struct ph_arena_block {
    struct ph_arena_block *next;
    size_t bytes;
    max_align_t data[];
};

/* Each block is twice the last one: a large arena has few, which malloc takes from the system one by one and gives back at once. */
#define BLOCK_BYTES ((size_t)64 * 1024)
#define BLOCK_BYTES_MAX ((size_t)1024 * 1024)
#define KEPT_BYTES_MAX (64 * 1024 * 1024)

static size_t next_bytes(const struct ph_arena *arena)
{
    size_t last = arena->head ? arena->head->bytes : 0;
    return last < BLOCK_BYTES ? BLOCK_BYTES : last < BLOCK_BYTES_MAX ? 2 * last : BLOCK_BYTES_MAX;
}

static void *take(struct ph_arena *arena, size_t size, size_t align)
{
    size_t pad = (size_t)(-(uintptr_t)arena->at) & (align - 1);
    if (arena->at != NULL && pad <= arena->left && size <= arena->left - pad) {
        char *p = arena->at + pad;
        arena->at = p + size;
        arena->left -= pad + size;
        return p;
    }
    if (size > SIZE_MAX - BLOCK_BYTES) return NULL;
    size_t bytes = size > BLOCK_BYTES / 4 ? size : next_bytes(arena);
    struct ph_arena_block *block = malloc(sizeof *block + bytes);
    if (block == NULL) return NULL;
    block->next = arena->head;
    block->bytes = bytes;
    arena->head = block;
    if (bytes == size) return block->data; /* a block of its own; the current one stays in use */
    arena->at = (char *)block->data + size;
    arena->left = bytes - size;
    return block->data;
}

void *ph_arena_alloc(struct ph_arena *arena, size_t size)
{
    return take(arena, size, _Alignof(max_align_t));
}

char *ph_arena_text(struct ph_arena *arena, const char *text, size_t length)
{
    if (length == SIZE_MAX) return NULL;
    char *copy = take(arena, length + 1, 1);
    if (copy == NULL) return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

void ph_arena_absorb(struct ph_arena *into, struct ph_arena *from)
{
    struct ph_arena_block **tail = &from->head;
    while (*tail != NULL) tail = &(*tail)->next;
    *tail = into->head;
    if (from->head != NULL) into->head = from->head;
    *from = (struct ph_arena){0};
}

void ph_arena_prepare_process(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, (int)BLOCK_BYTES_MAX);
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES_MAX); /* set by the other to a size that is given back and fetched again all the time */
#endif
}

void ph_arena_dispose(struct ph_arena *arena)
{
    while (arena->head != NULL) {
        struct ph_arena_block *next = arena->head->next;
        free(arena->head);
        arena->head = next;
    }
    arena->at = NULL;
    arena->left = 0;
}
