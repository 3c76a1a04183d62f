#include "model/problems.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"

#define SENTENCE_BYTES 2048

static enum ph_status reserve(struct ph_problems *problems, size_t more, struct ph_error *err)
{
    if (problems->count + more <= problems->capacity) return PH_OK;
    size_t capacity = problems->capacity ? 2 * problems->capacity : 256;
    if (capacity < problems->count + more) capacity = problems->count + more;
    struct ph_problem *grown = realloc(problems->items, capacity * sizeof *grown);
    if (grown == NULL) return ph_fail_memory(err);
    problems->items = grown;
    problems->capacity = capacity;
    return PH_OK;
}

enum ph_status ph_problems_absorb(struct ph_problems *problems, struct ph_problems *from, struct ph_error *err)
{
    PH_TRY(reserve(problems, from->count, err));
    if (from->count) memcpy(problems->items + problems->count, from->items, from->count * sizeof *from->items);
    problems->count += from->count;
    from->count = 0;
    ph_arena_absorb(&problems->arena, &from->arena);
    return PH_OK;
}

enum ph_status ph_problem_add_text(struct ph_problems *problems, const struct ph_problem_kind *kind, const char *source,
                                   int64_t feature, const char *zh, const char *en, struct ph_error *err)
{
    PH_TRY(reserve(problems, 1, err));
    char *texts[] = {ph_arena_text(&problems->arena, source, strlen(source)), ph_arena_text(&problems->arena, zh, strlen(zh)),
                     ph_arena_text(&problems->arena, en, strlen(en))};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (texts[i] == NULL) return ph_fail_memory(err);
        ph_secret_hide(texts[i]);
    }
    problems->items[problems->count++] = (struct ph_problem){
        .severity = kind->severity,
        .code = kind->code,
        .source = texts[0],
        .feature = feature,
        .zh = texts[1],
        .en = texts[2],
        .hint_zh = kind->hint_zh,
        .hint_en = kind->hint_en,
    };
    return PH_OK;
}

enum ph_status ph_problem_add(struct ph_problems *problems, const struct ph_problem_kind *kind, const char *source,
                              int64_t feature, struct ph_error *err, const char *zh, const char *en, ...)
{
    char text[2][SENTENCE_BYTES];
    va_list args;
    va_start(args, en);
    va_list again;
    va_copy(again, args);
    vsnprintf(text[0], sizeof text[0], zh, args);
    vsnprintf(text[1], sizeof text[1], en, again);
    va_end(again);
    va_end(args);
    return ph_problem_add_text(problems, kind, source, feature, text[0], text[1], err);
}

size_t ph_problems_count(const struct ph_problems *problems, enum ph_severity at_least)
{
    size_t count = 0;
    for (size_t i = 0; i < problems->count; i++) count += problems->items[i].severity >= at_least;
    return count;
}

void ph_problems_dispose(struct ph_problems *problems)
{
    free(problems->items);
    ph_arena_dispose(&problems->arena);
    memset(problems, 0, sizeof *problems);
}
