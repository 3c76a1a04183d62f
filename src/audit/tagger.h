/* The tools of one thread that tags parcels, and what it does with one. */
#ifndef PH_AUDIT_TAGGER_H
#define PH_AUDIT_TAGGER_H

#include "audit/tagging.h"

struct ph_tagger;

/* tagging is borrowed; its tags are written. Errors: PH_E_RULES, PH_E_MEMORY. NULL may be closed. */
PH_MUST_USE enum ph_status ph_tagger_open(const struct ph_tagging *tagging, struct ph_tagger **out, struct ph_error *err);
void ph_tagger_close(struct ph_tagger *tagger);

/* The column without which the rule is not evaluated at all: its Chinese name; NULL when it is. */
const char *ph_tagger_skips(const struct ph_tagger *tagger, size_t rule);

/* Adds the columns of the two tables: ph_tag_column, ph_finding_column. */
PH_MUST_USE enum ph_status ph_tagger_make_tags(struct ph_table *tags, struct ph_error *err);
PH_MUST_USE enum ph_status ph_tagger_make_findings(struct ph_table *findings, struct ph_error *err);

/* Tags the parcels from <= row < to: makes a row of `tags` for each and rows of `findings`, where the texts of both live. The
 * tables are zero-initialised, and to be disposed of whatever the result. */
PH_MUST_USE enum ph_status ph_tagger_tag(struct ph_tagger *tagger, size_t from, size_t to, struct ph_table *tags, struct ph_table *findings,
                                         struct ph_error *err);

#endif
