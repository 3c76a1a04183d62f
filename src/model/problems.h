/* What is wrong with the inputs, row by row. Append only; nothing is ever removed. */
#ifndef PH_MODEL_PROBLEMS_H
#define PH_MODEL_PROBLEMS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

enum ph_severity { PH_NOTE, PH_WARNING, PH_PROBLEM_ERROR };

struct ph_problem {
    enum ph_severity severity;
    const char *code;   /* static, e.g. "date.unreadable" */
    const char *source; /* file name as given but for passwords, or "" */
    int64_t feature;    /* the source's own feature id or data line; -1 when about the whole source */
    const char *zh, *en;           /* what is wrong, with the text as found */
    const char *hint_zh, *hint_en; /* what to do; static */
};

/* Zero-initialise. */
struct ph_problems {
    struct ph_arena arena;
    struct ph_problem *items;
    size_t count, capacity;
};

/* Where a problem is and of which kind; the sentence comes in the call. */
struct ph_problem_kind {
    enum ph_severity severity;
    const char *code;
    const char *hint_zh, *hint_en;
};

PH_MUST_USE enum ph_status ph_problem_add(struct ph_problems *problems, const struct ph_problem_kind *kind, const char *source,
                                          int64_t feature, struct ph_error *err, const char *zh, const char *en, ...)
    __attribute__((format(printf, 6, 8), format(printf, 7, 8)));

/* The same with sentences that are ready. */
PH_MUST_USE enum ph_status ph_problem_add_text(struct ph_problems *problems, const struct ph_problem_kind *kind, const char *source,
                                               int64_t feature, const char *zh, const char *en, struct ph_error *err);

/* Appends what `from` holds, which is empty afterwards. */
PH_MUST_USE enum ph_status ph_problems_absorb(struct ph_problems *problems, struct ph_problems *from, struct ph_error *err);

/* How many of at least this severity. */
size_t ph_problems_count(const struct ph_problems *problems, enum ph_severity at_least);

void ph_problems_dispose(struct ph_problems *problems);

#endif
