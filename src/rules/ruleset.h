/* A rule set as written: YAML read, extended, merged and checked for form. Nothing is evaluated here. */
#ifndef PH_RULES_RULESET_H
#define PH_RULES_RULESET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "rules/document.h"

/* Order = precedence of the tags; those after PH_TAG_NORMAL never become a parcel's tag. */
enum ph_tag {
    PH_TAG_APPROVED_UNSUPPLIED,
    PH_TAG_IDLE,
    PH_TAG_LOW_EFFICIENCY,
    PH_TAG_UNVERIFIED,
    PH_TAG_NORMAL,
    PH_TAG_ALERT,
    PH_TAG_INDICATOR,
    PH_TAG_DATA,
    PH_TAG_COUNT
};

const char *ph_tag_name(enum ph_tag tag);

struct ph_rule {
    const char *id, *title, *title_en, *basis, *sure, *source;
    const char *cited; /* the basis, with 待核 behind it when it was not checked against an original */
    enum ph_tag tag;
    const char *when;
    const char **needs; /* each "a" or "a|b" */
    size_t need_count;
    const char *reason, *since, *fee; /* since, fee: NULL when not given */
    const char **measures;
    size_t measure_count;
    bool skip_absent; /* not evaluated when the source has no column for its first need */
    struct ph_place place, when_place, reason_place, since_place, fee_place;
};

struct ph_ruleset {
    struct ph_arena arena;
    const char *name, *title, *title_en, *source;
    struct ph_words words;
    struct ph_rule *rules;
    size_t rule_count;
    char sha256[65]; /* over the hashes of the set and of all it extends, in that order */
};

/* Loads a built-in set by name, or a file when `name` has a '/' or ends in .yaml or .yml.
 * Errors: PH_E_RULES with file, line and column. Free with ph_ruleset_free. */
PH_MUST_USE enum ph_status ph_ruleset_load(const char *name, struct ph_ruleset **out, struct ph_error *err);

void ph_ruleset_free(struct ph_ruleset *set);

/* Built-in sets: name and YAML text; NULL past the end. */
const struct ph_builtin_text *ph_builtin_set(size_t index);

#endif
