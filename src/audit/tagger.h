/* The tools of one thread that tags parcels, and what it does with one. */
#ifndef PH_AUDIT_TAGGER_H
#define PH_AUDIT_TAGGER_H

#include "audit/facts.h"
#include "audit/tagging.h"

/* Texts under construction for the parcel at hand. */
struct ph_tagger_sheet {
    struct ph_text tags, rules, reason, basis, missing, alerts, measures, one, evidence, one_missing;
};

/* Zero-initialise. */
struct ph_tagger {
    const struct ph_audit_request *request;
    const struct ph_ruleset *set;
    struct ph_engine *engine;
    struct ph_facts facts;
    struct ph_tagging *out;
    struct ph_table *tags, *findings; /* of the chunk at hand; the texts of both live in the second */
    size_t first;                     /* row of the chunk */
    uint8_t *outcomes;
    struct ph_tagger_sheet sheet;
    struct ph_error *err;
};

/* set, variables and what facts, request and out point at are borrowed. Errors: PH_E_RULES, PH_E_MEMORY; to be closed all the same. */
PH_MUST_USE enum ph_status ph_tagger_open(struct ph_tagger *tagger, const struct ph_audit_request *request, const struct ph_ruleset *set,
                                          const struct ph_variable *variables, const struct ph_facts *facts, struct ph_tagging *out,
                                          struct ph_error *err);
void ph_tagger_close(struct ph_tagger *tagger);

/* Adds the columns of the two tables: ph_tag_column, ph_finding_column. */
PH_MUST_USE enum ph_status ph_tagger_make_tags(struct ph_table *tags, struct ph_error *err);
PH_MUST_USE enum ph_status ph_tagger_make_findings(struct ph_table *findings, struct ph_error *err);

/* Tags parcel facts.row: its row of `tags`, rows of `findings`, its tag in `out`. tags, findings, first and err are set beforehand. */
PH_MUST_USE enum ph_status ph_tagger_tag(struct ph_tagger *tagger);

#endif
