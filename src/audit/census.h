/* How many rows of each class the layers of the output have, and where: counted from what the run holds, at a small part of
 * what reading the rows back would cost. */
#ifndef PH_AUDIT_CENSUS_H
#define PH_AUDIT_CENSUS_H

#include "audit/contents.h"
#include "audit/output.h"

/* Counts the layers that the run writes. */
void ph_census_take(const struct ph_findings_of_run *run, struct ph_contents *contents);

/* Counts a row. value: its class, borrowed; NULL: none. */
void ph_census_add(struct ph_contents_layer *layer, const char *value, const struct ph_box *box);

/* Views that each show one class of `layer` and bear its name have what was counted there. */
void ph_census_share(struct ph_contents *contents, const struct ph_contents_layer *layer);

#endif
