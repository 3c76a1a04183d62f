/* Code lists: what the output's code columns may hold and what a person reads for each value.
 * The GeoPackage's schema enums and the value maps of its layer styles come from here. */
#ifndef PH_MODEL_CODELIST_H
#define PH_MODEL_CODELIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* One value of a code column with what a person reads for it. */
struct ph_code {
    const char *value;
    const char *zh;
};

struct ph_codelist {
    const char *name; /* lower case; also the constraint_name in gpkg_data_column_constraints */
    const struct ph_code *codes;
    size_t count;
};

/* All lists, sorted by name. Names: area_basis, delay_cause, ledger_kind, measure, outcome, relation, rule_tag, severity, tag, topic. */
extern const struct ph_codelist ph_codelists[];
extern const size_t ph_codelist_count;

/* The list with this name (exact), or NULL. */
const struct ph_codelist *ph_codelist_find(const char *name);

/* What a person reads for `value` in `list`, or NULL when the list has no such value. Either may be NULL. */
const char *ph_codelist_text(const struct ph_codelist *list, const char *value);

/* The words of several codes joined by ';', joined by '、'. False, and nothing added, when one is not in the list. */
bool ph_codelist_words(const struct ph_codelist *list, const char *codes, struct ph_text *out);

#endif
