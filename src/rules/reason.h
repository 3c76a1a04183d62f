/* The sentence of a rule: text with {expression}, {expression:.2f} (fixed decimals) and {expression:%} (percent,
 * one decimal) in it. {{ is a brace. An unknown value reads 未知. */
#ifndef PH_RULES_REASON_H
#define PH_RULES_REASON_H

#include "rules/calculator.h"

struct ph_reason;

/* Makes `text` (borrowed) ready for the calculator; without one (NULL) only marks what it uses. Errors: PH_E_RULES at `place`. */
PH_MUST_USE enum ph_status ph_reason_compile(const struct ph_scope *scope, struct ph_calculator *calculator, const char *text,
                                             struct ph_place place, struct ph_uses *uses, struct ph_reason **out, struct ph_error *err);
/* The sentence for the calculator's row. */
void ph_reason_add(const struct ph_reason *reason, struct ph_calculator *calculator, struct ph_text *out);
void ph_reason_free(struct ph_reason *reason);

#endif
