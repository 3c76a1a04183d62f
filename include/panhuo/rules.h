/* Rule sets and evaluation schemes to read: what is built in, and one of them loaded, validated and laid out for a person. */
#ifndef PANHUO_RULES_H
#define PANHUO_RULES_H

#include <stddef.h>

#include "panhuo/api.h"
#include "panhuo/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum ph_rule_name_kind {
    PH_NAME_VALUE,  /* of a parcel: a field, an area, an indicator of its holder, a check */
    PH_NAME_DEFINE, /* an expression with a name */
    PH_NAME_PARAM   /* a constant with a name */
};

/* A name that expressions can use. Texts that were not given are NULL. */
struct ph_rule_name {
    enum ph_rule_name_kind kind;
    const char *name, *title;         /* English, Chinese */
    const char *expr, *note;          /* of a define */
    const char *value;                /* of a param; NULL: the criterion is not set */
    const char *unit, *source, *sure; /* of a param */
    const char *file;                 /* NULL for values */
    int line;
};

struct ph_rule_measure {
    const char *code, *title; /* title: Chinese, NULL for a code that is on no list */
};

struct ph_rule_sheet {
    const char *id, *tag, *tag_title; /* tag_title: Chinese */
    const char *title, *title_en;
    const char *basis, *source;
    int sure;                                /* 0: the basis was not checked against an original (待核) */
    const char *when, *since, *fee, *reason; /* as written; since and fee may be NULL */
    const char *const *needs;                /* English names, "a|b": either */
    const char *const *need_titles;          /* the same in Chinese, "甲或乙" */
    size_t need_count;
    int skip_absent; /* not evaluated when the source has no column for the first need */
    const struct ph_rule_measure *measures;
    size_t measure_count;
    const struct ph_rule_name *const *terms; /* all that it uses, directly or by way of a define: values, defines, params */
    size_t term_count;
    const char *file; /* or the name of a built-in set */
    int line;
};

struct ph_rulebook_content {
    const char *name, *title, *title_en, *source;
    const char *sha256; /* over the set and all it extends */
    const struct ph_rule_sheet *rules;
    size_t rule_count;
    const struct ph_rule_name *terms; /* values, defines, params */
    size_t term_count;
};

struct ph_rulebook;

/* Loads a built-in set by name, or a file when `name` has a '/' or ends in .yaml or .yml, and has every expression
 * compiled. Errors: PH_E_RULES with file, line and column and, for an expression, SQLite's words. */
PH_API enum ph_status ph_rulebook_open(const char *name, struct ph_rulebook **out, struct ph_error *err);

/* Borrowed until ph_rulebook_free. */
PH_API const struct ph_rulebook_content *ph_rulebook_content(const struct ph_rulebook *book);
PH_API void ph_rulebook_free(struct ph_rulebook *book);

/* The built-in sets: name and YAML text (NUL-terminated, static); NULL past the end. text may be NULL. */
PH_API const char *ph_rulebook_builtin(size_t index, const char **text);

/* The functions that expressions may call; NULL past the end. *title receives the Chinese name or NULL. */
PH_API const char *ph_rulebook_function(size_t index, const char **title);

/* ---- schemes of the per-mu evaluation ---- */

struct ph_scheme_treatment {
    const char *policy; /* value, not_evaluated, zero, group_mean, penalty, full */
    double penalty;
};

struct ph_scheme_indicator_sheet {
    const char *id, *title, *title_en, *unit, *value, *source, *note;
    int sure;            /* 0: not checked against an original (待核) */
    int down;            /* less is better */
    double weight;       /* NaN: not published, to be filled in */
    const char *formula; /* ratio, minmax, linear_drop, reciprocal */
    double floor_share;  /* minmax */
    const char *base_kind; /* fixed, mean, weighted_mean, median, max; NULL: minmax needs none */
    double base;           /* fixed; NaN: not published, to be filled in */
    double base_times;
    int base_over_all; /* of everybody, not of the group */
    double cap, floor; /* points; infinite: none */
    struct ph_scheme_treatment missing, zero, zero_divisor;
    const char *file;
    int line;
};

struct ph_scheme_class_sheet {
    char id;
    const char *response, *response_en;
    double limit; /* cumulated share, or least score or value; NaN for the last */
};

struct ph_scheme_group_sheet {
    const char *id, *title, *title_en, *when, *note;
    int needs_land;
    const struct ph_scheme_indicator_sheet *indicators;
    size_t indicator_count;
    const char *class_by, *class_of; /* share, score, value; NULL: no classes */
    const struct ph_scheme_class_sheet *classes;
    size_t class_count;
    const char *class_source;
    int class_sure;
};

struct ph_scheme_clause_sheet {
    const char *kind; /* exempt, adjust, new, veto, bonus */
    const char *title, *title_en, *when, *reason, *source;
    int sure;
    char limit;     /* class; '\0': none */
    double at_most; /* points; infinite: no limit */
    const char *file;
    int line;
};

struct ph_scheme_gap_sheet {
    const char *group, *indicator; /* Chinese titles */
    const char *key, *param;       /* weight or base; the param to be filled in, or NULL */
    const char *file;
    int line;
};

struct ph_scheme_sheet {
    const char *name, *title, *title_en, *source, *note, *sha256;
    int sure, example; /* example: the weights are one; to be said wherever they are shown */
    double min_land_mu;
    const struct ph_scheme_group_sheet *groups;
    size_t group_count;
    const struct ph_scheme_clause_sheet *clauses;
    size_t clause_count;
    const struct ph_scheme_gap_sheet *gaps; /* while there are any, the scheme cannot score */
    size_t gap_count;
    const struct ph_rule_name *terms; /* values, defines, params */
    size_t term_count;
};

struct ph_schemebook;

/* Loads a built-in scheme by name, or a file when `name` has a '/' or ends in .yaml or .yml, and has every expression
 * compiled. Errors: PH_E_RULES with file, line and column and, for an expression, SQLite's words. */
PH_API enum ph_status ph_schemebook_open(const char *name, struct ph_schemebook **out, struct ph_error *err);

/* Borrowed until ph_schemebook_free. */
PH_API const struct ph_scheme_sheet *ph_schemebook_sheet(const struct ph_schemebook *book);
PH_API void ph_schemebook_free(struct ph_schemebook *book);

/* The built-in schemes, as ph_rulebook_builtin. */
PH_API const char *ph_schemebook_builtin(size_t index, const char **text);

#ifdef __cplusplus
}
#endif
#endif
