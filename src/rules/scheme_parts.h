/* The parts of a scheme, read one by one. Internal to scheme.c and the files that read the parts. */
#ifndef PH_RULES_SCHEME_PARTS_H
#define PH_RULES_SCHEME_PARTS_H

#include "rules/scheme.h"

/* Position of the text under key in a list of words that ends with NULL; `otherwise` when there is none. */
PH_MUST_USE enum ph_status ph_scheme_word(const struct ph_document *d, const struct ph_yaml *map, const char *key,
                                          const char *const *words, int otherwise, int *out);

PH_MUST_USE enum ph_status ph_indicator_read(struct ph_document *d, const struct ph_yaml *node, struct ph_indicator *out);
/* Weight, base, cap and floor as numbers, once all params are known; what is not set becomes a gap of the scheme. */
PH_MUST_USE enum ph_status ph_indicator_settle(struct ph_document *d, struct ph_scheme *scheme, struct ph_indicator *indicator);

PH_MUST_USE enum ph_status ph_classes_read(struct ph_document *d, const struct ph_yaml *node, struct ph_classes *out);
/* Index of a class, or -1. */
int ph_classes_find(const struct ph_classes *classes, char id);

#endif
