/* A scheme of the per-mu evaluation (亩均效益) as written: YAML read, extended and checked for form. Nothing is evaluated
 * here. schemes/hengyang-demo.yaml says what each key means. */
#ifndef PH_RULES_SCHEME_H
#define PH_RULES_SCHEME_H

#include <stdbool.h>

#include "rules/document.h"

#define PH_SCHEME_CLASSES 4     /* A to D: what totals, code lists and styles know; best first */
#define PH_SCHEME_INDICATORS 64 /* of a group, at most */

enum ph_base_kind { PH_BASE_FIXED, PH_BASE_MEAN, PH_BASE_WEIGHTED_MEAN, PH_BASE_MEDIAN, PH_BASE_MAX };

enum ph_formula {
    PH_RATIO,       /* value ÷ base × weight */
    PH_MINMAX,      /* weight × [floor_share + (1 − floor_share) × (value − min) ÷ (max − min)]; turned round for `down` */
    PH_LINEAR_DROP, /* weight × (2 − value ÷ base) */
    PH_RECIPROCAL   /* base ÷ value × weight */
};

/* What a cell that is missing, or zero, is given. */
enum ph_policy {
    PH_POLICY_VALUE, /* zero only: zero is a value like any other */
    PH_POLICY_NOT_EVALUATED,
    PH_POLICY_ZERO,       /* no points */
    PH_POLICY_GROUP_MEAN, /* the mean of the points of those in the group whose cell is there */
    PH_POLICY_PENALTY,    /* −penalty points */
    PH_POLICY_FULL        /* the weight */
};

struct ph_treatment {
    enum ph_policy policy;
    double penalty;
};

/* A number as it stands in the file: itself, the name of a param, and for cap and floor "1.5x", a multiple of the weight. */
struct ph_written {
    const char *text; /* NULL: null, or nothing */
    struct ph_place place;
};

struct ph_indicator {
    const char *id, *title, *title_en, *unit, *source, *sure, *note;
    const char *value; /* an expression; "a / b" at its top level makes a the numerator and b the denominator */
    bool down;         /* less is better */
    double weight;     /* NaN: not set, see gaps */
    enum ph_formula formula;
    enum ph_base_kind base_kind;
    double base;        /* fixed; NaN: not set, see gaps */
    double base_times;  /* the base is this many times the mean, …; 1 for fixed */
    bool base_over_all; /* of everyone evaluated, not of the group alone */
    double floor_share; /* PH_MINMAX */
    double cap, floor;  /* points; ±infinity: none */
    struct ph_treatment missing, zero, zero_divisor; /* zero: the value is 0; zero_divisor: its denominator is 0 */
    struct ph_written weight_written, base_written, cap_written, floor_written;
    struct ph_place place, value_place;
};

enum ph_class_by { PH_CLASS_NONE, PH_CLASS_BY_SHARE, PH_CLASS_BY_SCORE, PH_CLASS_BY_VALUE };

struct ph_class {
    char id; /* 'A' … */
    const char *response, *response_en;
    double limit; /* cumulated share (0.20: the best 20 %), or the least score or value; the last class has none (NaN) */
};

struct ph_classes {
    enum ph_class_by by;
    const char *of; /* PH_CLASS_BY_VALUE: the id of an indicator, or an expression */
    const char *source, *sure;
    struct ph_class list[PH_SCHEME_CLASSES];
    size_t count;
    struct ph_place place;
};

struct ph_score_group {
    const char *id, *title, *title_en, *note;
    const char *when;
    bool needs_land; /* who has none is not evaluated */
    struct ph_indicator *indicators;
    size_t indicator_count;
    struct ph_classes classes;
    bool own_classes;
    struct ph_place place, when_place;
};

enum ph_clause_kind {
    PH_CLAUSE_EXEMPT, /* not evaluated (豁免) */
    PH_CLAUSE_ADJUST, /* an expression that gives +1, -1 or a class (调档) */
    PH_CLAUSE_NEW,    /* newly founded: no worse than at_worst, unless vetoed */
    PH_CLAUSE_VETO,   /* no better than at_best (一票否决) */
    PH_CLAUSE_BONUS,  /* an expression that gives points, negative ones for a penalty */
    PH_CLAUSE_KINDS
};

/* Something beside the score that has a say, with its reason. Applied in the order of the kinds. */
struct ph_clause {
    enum ph_clause_kind kind;
    const char *title, *title_en, *source, *sure;
    const char *when;   /* the expression */
    const char *reason; /* a template, as of rules; NULL: the title says it */
    char limit;         /* NEW: at_worst, VETO: at_best, EXEMPT: treated as; '\0': none */
    double at_most;     /* BONUS: |points| at most; infinity: no limit */
    struct ph_place place, when_place, reason_place;
};

struct ph_clauses {
    struct ph_clause *items;
    size_t count;
};

/* Something that was not published and that the scheme cannot score without: a weight, or a base. */
struct ph_scheme_gap {
    const struct ph_indicator *indicator;
    const char *key;   /* "weight", "base" */
    const char *param; /* to be filled in; NULL: the key itself */
    struct ph_place place;
};

struct ph_scheme {
    struct ph_arena arena;
    const char *name, *title, *title_en, *source, *sure, *note;
    bool example; /* weights are an example: to be said wherever the scheme is printed */
    double min_land_mu; /* who has less is not evaluated; 0: no minimum */
    struct ph_words words;
    struct ph_score_group *groups; /* the first whose `when` is true takes the enterprise */
    size_t group_count;
    struct ph_clauses clauses[PH_CLAUSE_KINDS];
    struct ph_classes classes; /* of groups that have none of their own */
    struct ph_scheme_gap *gaps;
    size_t gap_count;
    char sha256[65]; /* over the hashes of the scheme and of all it extends, in that order */
};

/* Loads a built-in scheme by name, or a file when `name` has a '/' or ends in .yaml or .yml.
 * Errors: PH_E_RULES with file, line and column. Free with ph_scheme_free. */
PH_MUST_USE enum ph_status ph_scheme_load(const char *name, struct ph_scheme **out, struct ph_error *err);

void ph_scheme_free(struct ph_scheme *scheme);

/* Built-in schemes; NULL past the end. */
const struct ph_builtin_text *ph_builtin_scheme(size_t index);

#endif
