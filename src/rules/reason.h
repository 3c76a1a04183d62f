/* The sentence of a rule: text with {expression}, {expression:.2f} (fixed decimals) and {expression:%} (percent,
 * one decimal) in it. {{ is a brace. An unknown value reads 未知. */
#ifndef PH_RULES_REASON_H
#define PH_RULES_REASON_H

#include "rules/engine.h"

struct ph_reason;

/* Appends ",(slot)" for each slot of `text` (borrowed) to `sql`. Errors: PH_E_RULES at `place`. */
PH_MUST_USE enum ph_status ph_reason_compile(const struct ph_scope *scope, const char *text, struct ph_place place,
                                             struct ph_text *sql, struct ph_uses *uses, struct ph_reason **out,
                                             struct ph_error *err);
size_t ph_reason_slots(const struct ph_reason *reason);
/* The text before slot i and its value; then, after the last slot, the rest. */
void ph_reason_add_slot(const struct ph_reason *reason, size_t slot, const struct ph_value *value, struct ph_text *out);
void ph_reason_add_tail(const struct ph_reason *reason, struct ph_text *out);
void ph_reason_free(struct ph_reason *reason);

#endif
