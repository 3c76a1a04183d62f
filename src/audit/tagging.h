/* Every rule on every parcel: tags, reasons, findings. */
#ifndef PH_AUDIT_TAGGING_H
#define PH_AUDIT_TAGGING_H

#include "audit/evaluation.h"
#include "audit/parcels.h"
#include "io/row.h"
#include "rules/engine.h"

/* What the rules say of one parcel, as columns of a table: one row per parcel of a chunk. */
enum ph_tag_column {
    PH_TAGS_TAG,     /* primary tag */
    PH_TAGS_TAGS,    /* all tags hit, ";" between */
    PH_TAGS_RULES,   /* all rules hit */
    PH_TAGS_REASON,  /* of the rules of the primary tag */
    PH_TAGS_BASIS,
    PH_TAGS_MISSING, /* Chinese names of the fields without which a rule could not decide */
    PH_TAGS_ALERTS,
    PH_TAGS_IDLE_SINCE,
    PH_TAGS_IDLE_DAYS,
    PH_TAGS_IDLE_FEE, /* 万元 */
    PH_TAGS_MEASURES,
    PH_TAGS_COLUMNS
};

enum ph_finding_column {
    PH_FINDING_PARCEL_FID, /* row + 1 */
    PH_FINDING_PARCEL_ID,
    PH_FINDING_RULE,
    PH_FINDING_TAG,
    PH_FINDING_OUTCOME,
    PH_FINDING_REASON,
    PH_FINDING_EVIDENCE,
    PH_FINDING_BASIS,
    PH_FINDING_MISSING,
    PH_FINDING_COLUMNS
};

/* Zero-initialise. */
struct ph_tagging {
    struct ph_table tags, findings; /* ph_tag_column, ph_finding_column; no rows: they come with the chunks */
    size_t finding_count;     /* of the chunks taken */
    uint8_t *tag;             /* enum ph_tag per parcel */
};

/* Tags in the background, chunk by chunk, and makes what is tagged into rows of the output. The result does not depend on the
 * number of threads. */
struct ph_tagging_job;

/* Prepares the rules (PH_E_RULES) and makes the empty tables. Everything given is borrowed until ph_tagging_stop. On error
 * there is nothing to stop. */
PH_MUST_USE enum ph_status ph_tagging_prepare(const struct ph_audit_request *request, const struct ph_ruleset *set,
                                              const struct ph_parcels *parcels, const struct ph_enterprises *enterprises,
                                              const struct ph_evaluation *evaluation, struct ph_tagging *out,
                                              struct ph_problems *problems, struct ph_tagging_job **job, struct ph_error *err);

/* The parcels from <= row < to and what was found in them. */
struct ph_tagging_chunk {
    size_t from, to;
    const struct ph_table *tags, *findings;      /* NULL once they are rows */
    struct ph_records parcel_rows, finding_rows; /* as ph_tagging_make made them */
};

/* Makes the rows of a chunk; called by any of the threads, by several at once. */
typedef enum ph_status ph_tagging_make(const void *payload, struct ph_tagging_chunk *chunk, struct ph_error *err);

/* Starts request->threads - 1 threads. make may be NULL. payload is borrowed until ph_tagging_finish. */
void ph_tagging_start(struct ph_tagging_job *job, ph_tagging_make *make, const void *payload);

size_t ph_tagging_chunk_count(const struct ph_tagging_job *job);

/* Returns when the chunk is done; the calling thread helps meanwhile. To be taken in order. *chunk is the job's. */
PH_MUST_USE enum ph_status ph_tagging_take(struct ph_tagging_job *job, size_t index, struct ph_tagging_chunk **chunk, struct ph_error *err);

/* Frees the findings of a chunk, or its rows. */
void ph_tagging_release(struct ph_tagging_job *job, size_t index);

/* Ends the threads; chunks that they had not begun are left. */
void ph_tagging_finish(struct ph_tagging_job *job);

/* Ends and frees the job. NULL is allowed. */
void ph_tagging_stop(struct ph_tagging_job *job);

void ph_tagging_dispose(struct ph_tagging *tagging);

#endif
