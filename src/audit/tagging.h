/* Every rule on every parcel: tags, reasons, findings. */
#ifndef PH_AUDIT_TAGGING_H
#define PH_AUDIT_TAGGING_H

#include "audit/facts.h"

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

/* Zero-initialise. What is given to ph_tagging_prepare is borrowed. */
struct ph_tagging {
    const struct ph_audit_request *request;
    const struct ph_ruleset *set;
    const struct ph_parcels *parcels;
    const struct ph_enterprises *enterprises;
    const struct ph_evaluation *evaluation;
    struct ph_variable variables[PH_VARIABLES];
    struct ph_table tags, findings; /* ph_tag_column, ph_finding_column; no rows: those are made chunk by chunk */
    struct ph_tagger *own;          /* of the calling thread */
    uint8_t *tag;                   /* enum ph_tag per parcel, once it is tagged */
    size_t finding_count;           /* of the chunks put into the output */
};

/* Prepares the rules (PH_E_RULES) and makes the empty tables. */
PH_MUST_USE enum ph_status ph_tagging_prepare(const struct ph_audit_request *request, const struct ph_ruleset *set,
                                              const struct ph_parcels *parcels, const struct ph_enterprises *enterprises,
                                              const struct ph_evaluation *evaluation, struct ph_tagging *out,
                                              struct ph_problems *problems, struct ph_error *err);

void ph_tagging_dispose(struct ph_tagging *tagging);

#endif
