/* The case sheet of a parcel or an enterprise: what the audit says about it, with every value it was decided on. */
#ifndef PANHUO_EXPLAIN_H
#define PANHUO_EXPLAIN_H

#include <stddef.h>

#include "panhuo/api.h"
#include "panhuo/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum ph_case_kind {
    PH_CASE_TEXT,
    PH_CASE_NUMBER,
    PH_CASE_OBJECT, /* members by key */
    PH_CASE_LIST,   /* objects */
    PH_CASE_TABLE   /* a list of objects with the same members */
};

/* A tree; members and items are chained by `next`. Texts UTF-8. */
struct ph_case_node {
    enum ph_case_kind kind;
    const char *key, *title; /* English, as the audit's columns are called, and Chinese; NULL for items of a list */
    const char *value;       /* of a text or number: as the audit has it; NULL: unknown */
    const char *shown;       /* the same for people who read Chinese */
    const struct ph_case_node *child, *next;
};

/* All texts UTF-8, borrowed. */
struct ph_explain_request {
    const char *audit; /* the GeoPackage that an audit wrote; it is not changed */
    const char *code;  /* a parcel code, a credit code, a name of an enterprise, the beginning of such a code or a part of
                        * such a name if it fits one alone, or #FID: a row of the layer `parcels` */
};

struct ph_explanation;

/* Errors: PH_E_INPUT, also when nothing fits the code; the sentence then names what is near. */
PH_API enum ph_status ph_explain(const struct ph_explain_request *request, struct ph_explanation **out, struct ph_error *err);

/* The list of cases, one object each: several where rows share the code. Borrowed until ph_explanation_free. */
PH_API const struct ph_case_node *ph_explanation_cases(const struct ph_explanation *explanation);
PH_API void ph_explanation_free(struct ph_explanation *explanation);

#ifdef __cplusplus
}
#endif
#endif
