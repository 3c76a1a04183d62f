/* Options of a command: one const table says what there is, what it takes and where it goes.
 * Parsing, --help, the man page, bash completion and the keys of AUDIT.yaml all come from it (pages.h).
 *
 * A value that was not given is unknown, never a guess: NULL, an empty list, -1, INT32_MIN or NaN (ph_opt_init).
 * So another source (AUDIT.yaml) can be laid below the command line, and the defaults below that. */
#ifndef PH_CLI_OPT_H
#define PH_CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ph_opt_kind {
    PH_OPT_END,      /* the last row */
    PH_OPT_HEADING,  /* `name` is the title of the group that follows, a msgid */
    PH_OPT_ARGUMENT, /* struct ph_opt_list: min to max words without a dash */
    PH_OPT_FLAG,     /* bool */
    PH_OPT_TEXT,     /* const char *, borrowed from argv; the last one given counts */
    PH_OPT_LIST,     /* struct ph_opt_list; repeatable */
    PH_OPT_PAIR,     /* struct ph_opt_list; repeatable, takes two words KEY VALUE, kept as "KEY=VALUE" */
    PH_OPT_CHOICE,   /* int, an index into `choices` */
    PH_OPT_DATE,     /* int32_t, days since 1970-01-01 */
    PH_OPT_PERIOD,   /* struct ph_opt_period */
    PH_OPT_NUMBER    /* double, min to max where max > min */
};

enum {
    PH_OPT_KEY_VALUE = 1, /* each value must read KEY=VALUE */
    PH_OPT_ONE_DASH = 2,  /* a long name behind a single dash: GDAL's -oo */
    PH_OPT_NO_KEY = 4     /* not a key of AUDIT.yaml */
};

struct ph_opt {
    enum ph_opt_kind kind;
    unsigned flags;
    char letter;                /* -o; 0 = none */
    const char *name;           /* long name without dashes; shown name of an argument */
    size_t offset;              /* of the target in the command's options */
    const char *value;          /* what stands for the value in help; NULL for flags and choices */
    const char *fallback;       /* what help says counts when it is not given, or NULL; whoever uses the value applies it */
    const char *help;           /* msgid */
    const char *const *choices; /* ends with NULL */
    double min, max;
};

struct ph_opt_list {
    char **items; /* owned copies, ends with NULL; NULL when there is none */
    size_t count;
};

/* Both days included. */
struct ph_opt_period {
    int32_t from, to;
};

/* A table and the options it writes to. */
struct ph_opt_set {
    const struct ph_opt *table;
    void *options;
};

/* One sentence in the language of the program, without a full stop. */
struct ph_opt_error {
    char text[512];
};

/* Everything unknown. `options` is the caller's storage. */
void ph_opt_init(const struct ph_opt *table, void *options);

/* Reads argv[0..argc-1] (without program and command name). Of two sets with the same name the first wins.
 * Where no table takes arguments, reading stops at the first word that is not an option; *used = words read.
 * False with a sentence in *err when something is not as the tables say. */
bool ph_opt_parse(const struct ph_opt_set *sets, size_t set_count, int argc, char *const *argv, int *used,
                  struct ph_opt_error *err);

/* Whether as many arguments were given as the table asks for; separate, so that --help can be answered first. */
bool ph_opt_check_arguments(const struct ph_opt *table, const void *options, struct ph_opt_error *err);

/* Frees the lists. The options may be initialised again. */
void ph_opt_dispose(const struct ph_opt *table, void *options);

/* The option as a person writes it: "--as-of", "-oo", or an argument's name. */
void ph_opt_shown(const struct ph_opt *row, char *text, size_t size);

/* How many single-character edits apart two names are, capped at 32. */
size_t ph_opt_distance(const char *a, const char *b);

/* Whether `distance` from what was written is near enough to ask "did you mean". */
bool ph_opt_is_near(size_t distance, const char *written);

#endif
