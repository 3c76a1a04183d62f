/* The words of a rule set or a scheme laid out for a person. */
#ifndef PH_AUDIT_WORDS_H
#define PH_AUDIT_WORDS_H

#include "panhuo/rules.h"
#include "rules/expr.h"

/* Variables, defines, params, in that order, in the arena. */
PH_MUST_USE enum ph_status ph_words_list(struct ph_arena *arena, const struct ph_variable *variables, size_t variable_count,
                                         const struct ph_words *words, struct ph_rule_name **out, size_t *count, struct ph_error *err);

#endif
