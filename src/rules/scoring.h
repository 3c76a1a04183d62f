/* Enterprises scored, ranked and put into classes by a scheme. No result depends on the order of rows. */
#ifndef PH_RULES_SCORING_H
#define PH_RULES_SCORING_H

#include "rules/engine.h"
#include "rules/scheme.h"

/* The enterprises as a caller has them. Variables that the scoring itself looks for by name: land_mu, land_m2 (what a cut
 * in land changes; a row without land_mu, or with 0, cannot be ranked) and as_of. Everything is borrowed until the
 * scoring is freed. */
struct ph_roster {
    size_t rows;
    const struct ph_variable *variables;
    size_t variable_count;
    /* The value of a variable for a row; a date may be written to scratch as YYYY-MM-DD. Called from several threads at once. */
    void (*fetch)(const void *data, size_t row, size_t variable, char scratch[11], struct ph_value *out);
    const void *data;
};

enum ph_score_status {
    PH_SCORE_EVALUATED,
    PH_SCORE_NEW,          /* evaluated, newly founded */
    PH_SCORE_EXEMPT,       /* grade T, with the scheme's reason */
    PH_SCORE_NOT_EVALUATED /* grade T: something is missing, or nothing fits */
};

struct ph_score {
    enum ph_score_status status;
    int group;          /* of the scheme; -1: none */
    double score;       /* rounded to 1e-9, on which ranks rest; NaN: none */
    uint32_t rank;      /* in the group, 1 is the best, ties share the smaller number; 0: none */
    char grade_before;  /* class by score alone; '\0': none */
    char grade;         /* 'A' … or 'T' (不参评) */
    double completeness; /* share of the group's indicators whose cells are there; NaN when there is no group */
    double bonus;        /* sum of bonus and penalty points, in `score` already */
    const char *reason, *reason_en;     /* why T, or why grade is not grade_before; NULL: nothing to say */
    const char *response, *response_en; /* what follows from the class; NULL: none */
};

enum ph_cell { PH_CELL_KNOWN, PH_CELL_MISSING, PH_CELL_ZERO, PH_CELL_ZERO_DIVISOR };

enum ph_hit { PH_NOT_HIT, PH_CAP_HIT, PH_FLOOR_HIT };

/* One line of the receipt. */
struct ph_score_term {
    const struct ph_indicator *indicator;
    double numerator, denominator; /* denominator NaN: the value is no quotient */
    double value, base, ratio;     /* ratio: value ÷ base, base ÷ value, or the share of the span (minmax); NaN: none */
    double least, most;            /* of the values (minmax) */
    double weight, points;
    enum ph_hit hit;
    enum ph_cell cell;
    enum ph_policy policy; /* applied to a cell that is not KNOWN, else PH_POLICY_VALUE */
};

/* How a base came about. */
struct ph_base_found {
    double base;        /* NaN: nobody has a value */
    double sum, divisor; /* mean: Σ value, n; weighted mean: Σ numerator, Σ denominator; else NaN */
    double least, most; /* of the values */
    size_t count;       /* values it rests on */
    double mean_points; /* of the group's known cells: what PH_POLICY_GROUP_MEAN gives; NaN: nobody, or no use for it */
};

struct ph_group_result {
    size_t ranked; /* n, of which the shares are taken: without exempt and not evaluated rows */
    struct {
        size_t quota;  /* by share: k, the cumulated number that n × share allows, rounded half up */
        size_t before; /* rows by score alone */
        double cut;    /* score of the last one in; NaN: nobody */
    } classes[PH_SCHEME_CLASSES];
};

struct ph_scoring;

/* Scores everybody. threads: 0 for as many as there are cores. Frees with ph_scoring_free.
 * Errors: PH_E_RULES with file, line and column for a wrong expression, and where the scheme has gaps. */
PH_MUST_USE enum ph_status ph_scoring_run(const struct ph_scheme *scheme, const struct ph_roster *roster, int threads,
                                          struct ph_scoring **out, struct ph_error *err);
void ph_scoring_free(struct ph_scoring *scoring);

/* Has every expression of the scheme compiled over these variables, as ph_scoring_run would; gaps are no error here. */
PH_MUST_USE enum ph_status ph_scheme_validate(const struct ph_scheme *scheme, const struct ph_variable *variables,
                                              size_t variable_count, struct ph_error *err);

const struct ph_score *ph_scoring_row(const struct ph_scoring *scoring, size_t row);

/* Asks for the memory of a row that terms are soon taken from. */
void ph_scoring_prefetch(const struct ph_scoring *scoring, size_t row);

/* The receipt of a row: as many terms as its group has indicators, 0 for a row that was not scored. */
size_t ph_scoring_term_count(const struct ph_scoring *scoring, size_t row);
void ph_scoring_term(const struct ph_scoring *scoring, size_t row, size_t indicator, struct ph_score_term *out);

const struct ph_base_found *ph_scoring_base(const struct ph_scoring *scoring, size_t group, size_t indicator);
const struct ph_group_result *ph_scoring_group(const struct ph_scoring *scoring, size_t group);

/* Names of variables that the scheme uses and the inputs have no column for; SIZE_MAX past the end. */
size_t ph_scoring_absent(const struct ph_scoring *scoring, size_t index);

/* Adds the Chinese names of the columns that a term lacks, joined by 、; nothing when all are there. */
void ph_scoring_missing(const struct ph_scoring *scoring, size_t row, size_t indicator, struct ph_text *out);

/* The arithmetic of a term, which ph_scoring_term gave, in Chinese: "704.00 ÷ 20.00 = 35.20；35.20 ÷ 24.097 × 30 = 43.82". */
void ph_scoring_arithmetic(const struct ph_scoring *scoring, size_t row, size_t indicator, const struct ph_score_term *term,
                           struct ph_text *out);
/* How a base came about, in Chinese: "Σ分子 1204.85 ÷ Σ分母 50.00 = 24.097". */
void ph_base_arithmetic(const struct ph_indicator *indicator, const struct ph_base_found *base, struct ph_text *out);

#endif
