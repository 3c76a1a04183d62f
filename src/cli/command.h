/* What a command is, what it is given, and how it ends. To add one: a const table and an options struct, a run function and
 * a struct ph_command in cmd_<name>.c, a line below and one in main.c; help, man page and completion follow. */
#ifndef PH_CLI_COMMAND_H
#define PH_CLI_COMMAND_H

#include <signal.h>

#include "cli/lang.h"
#include "cli/opt.h"
#include "cli/term.h"
#include "panhuo/error.h"
#include "panhuo/progress.h"

enum ph_exit {
    PH_EXIT_DONE = 0,      /* findings about land are not failures */
    PH_EXIT_FAILED = 1,    /* could not be done */
    PH_EXIT_WRONG_USE = 2, /* wrong options, AUDIT.yaml or rules */
    PH_EXIT_STRICT = 3     /* done, --strict was given, and the problems hold an error */
};

struct ph_command;

/* Seconds a run spent in each stage, between one report and the next. */
struct ph_stage_times {
    double seconds[PH_STAGE_WRITE + 1];
    double started, last; /* of a clock that only goes forward */
    enum ph_stage stage;  /* of the last report */
    bool tagging;         /* not every parcel is tagged yet */
};

struct ph_cli {
    enum ph_lang lang;
    int verbosity; /* -1 after -q, 1 after -v, else 0 */
    struct ph_term out, err;
    struct ph_progress_line progress;
    bool progress_lines; /* --progress-lines */
    int told;            /* percent of the last such line, -1 before the first */
    struct ph_stage_times times;
    const volatile sig_atomic_t *interrupted;
    const struct ph_command *const *commands; /* ends with NULL */
};

struct ph_command {
    const char *name;
    const char *summary;     /* msgid: one line */
    const char *description; /* msgid: further paragraphs, or NULL */
    const struct ph_opt *table;
    size_t options_size;                           /* of the struct the table writes to */
    int (*run)(struct ph_cli *cli, void *options); /* returns an enum ph_exit */
};

extern const struct ph_command ph_cmd_audit, ph_cmd_check, ph_cmd_explain, ph_cmd_export, ph_cmd_inspect, ph_cmd_report, ph_cmd_rules, ph_cmd_help;

/* Accepted before and after the command's name. */
struct ph_global_options {
    bool help, version, quiet, verbose, progress_lines;
    int lang;
};
extern const struct ph_opt ph_global_table[];

/* Prints the error with its place on stderr; returns the exit code that goes with its status. */
int ph_cli_fail(struct ph_cli *cli, const struct ph_error *error);

/* Prints a usage error and where to read on; `command` may be NULL. Returns PH_EXIT_WRONG_USE. */
int ph_cli_wrong_use(struct ph_cli *cli, const struct ph_command *command, const char *sentence);

/* A message on stderr, shown from this verbosity on (-1 always, 0 unless -q, 1 with -v). A newline is added. */
void ph_cli_say(struct ph_cli *cli, int verbosity, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* What the library is given to report to: draws the progress line unless -q, takes the time, and stops the run after
 * Ctrl-C. The run begins now. */
struct ph_progress ph_cli_progress(struct ph_cli *cli);

/* The run is over: takes the progress line away and, with -v, prints the seconds of each stage on stderr. */
void ph_cli_say_stages(struct ph_cli *cli);

/* --config: GDAL takes an option that is not configured from the environment; so the program needs no GDAL of its own. */
void ph_cli_configure(const struct ph_opt_list *config);

#endif
