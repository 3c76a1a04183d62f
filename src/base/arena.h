/* Memory with one lifetime: allocated piece by piece, freed at once. */
#ifndef PH_BASE_ARENA_H
#define PH_BASE_ARENA_H

#include <stddef.h>

struct ph_arena_block;

/* Zero-initialise: struct ph_arena a = {0}; */
struct ph_arena {
    struct ph_arena_block *head;
    char *at;
    size_t left;
};

/* size bytes aligned for any type, or NULL when memory is out. Not cleared. */
void *ph_arena_alloc(struct ph_arena *arena, size_t size);

/* A NUL-terminated copy of length bytes of text, unaligned and packed, or NULL when memory is out. */
char *ph_arena_text(struct ph_arena *arena, const char *text, size_t length);

/* Takes over everything that `from` holds; `from` is empty afterwards. */
void ph_arena_absorb(struct ph_arena *into, struct ph_arena *from);

/* Blocks of the largest size, and all that is as large, go back to the system as soon as they are freed; left to itself glibc
 * keeps them, for the thread that had them. What is smaller is kept. */
void ph_arena_prepare_process(void);

/* Frees everything; the arena may be used again. */
void ph_arena_dispose(struct ph_arena *arena);

#endif
