/* The program: which commands there are, the options all of them share, and the exit code. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/pages.h"
#include "panhuo/audit.h"
#include "panhuo/version.h"

/* The only variable of the whole program outside a function: a signal handler can reach nothing else. */
static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    interrupted = number;
}

/* The first Ctrl-C asks the library to stop cleanly, the second one ends the process. */
static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND | SA_RESTART};
    sigemptyset(&action.sa_mask);
    struct sigaction inherited;
    bool ignored = sigaction(SIGINT, NULL, &inherited) == 0 && inherited.sa_handler == SIG_IGN; /* a shell's background job */
    if (!ignored) sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static int unknown_command(struct ph_cli *cli, const char *word)
{
    char sentence[256];
    const char *nearest = NULL;
    size_t best = SIZE_MAX;
    for (size_t i = 0; cli->commands[i] != NULL; i++) {
        size_t distance = ph_opt_distance(word, cli->commands[i]->name);
        if (distance >= best || !ph_opt_is_near(distance, word)) continue;
        best = distance;
        nearest = cli->commands[i]->name;
    }
    if (nearest == NULL) {
        snprintf(sentence, sizeof sentence, _("unknown command '%s'"), word);
    } else {
        snprintf(sentence, sizeof sentence, _("unknown command '%s'; did you mean '%s'?"), word, nearest);
    }
    return ph_cli_wrong_use(cli, NULL, sentence);
}

/* Answers --help and --version; false when neither was given. */
static bool answer(struct ph_cli *cli, const struct ph_global_options *globals, const struct ph_command *command)
{
    if (globals->version) {
        fputs("panhuo " PANHUO_VERSION "\n", cli->out.stream);
    } else if (globals->help && command != NULL) {
        ph_pages_command(&cli->out, command);
    } else if (globals->help) {
        ph_pages_overview(&cli->out, cli->commands);
    }
    return globals->version || globals->help;
}

static int run_command(struct ph_cli *cli, const struct ph_command *command, struct ph_global_options *globals, int argc,
                       char *const *argv)
{
    void *options = calloc(1, command->options_size);
    if (options == NULL) return ph_cli_wrong_use(cli, command, _("out of memory"));
    ph_opt_init(command->table, options);
    struct ph_opt_set sets[] = {{command->table, options}, {ph_global_table, globals}};
    struct ph_opt_error err = {""};
    int code = PH_EXIT_DONE;
    if (!ph_opt_parse(sets, 2, argc, argv, NULL, &err)) {
        code = ph_cli_wrong_use(cli, command, err.text);
    } else if (!answer(cli, globals, command)) {
        cli->verbosity = (int)globals->verbose - (int)globals->quiet;
        cli->progress_lines = globals->progress_lines;
        bool enough = ph_opt_check_arguments(command->table, options, &err);
        code = enough ? command->run(cli, options) : ph_cli_wrong_use(cli, command, err.text);
    }
    ph_opt_dispose(command->table, options);
    free(options);
    return code;
}

static int run(struct ph_cli *cli, int argc, char *const *argv)
{
    struct ph_global_options globals;
    struct ph_opt_set set = {ph_global_table, &globals};
    struct ph_opt_error err = {""};
    int used = 0;
    ph_opt_init(ph_global_table, &globals);
    if (!ph_opt_parse(&set, 1, argc, argv, &used, &err)) return ph_cli_wrong_use(cli, NULL, err.text);
    if (answer(cli, &globals, NULL)) return PH_EXIT_DONE;
    if (used == argc) {
        ph_pages_overview(&cli->err, cli->commands);
        return PH_EXIT_WRONG_USE;
    }
    for (size_t i = 0; cli->commands[i] != NULL; i++) {
        if (strcmp(cli->commands[i]->name, argv[used]) != 0) continue;
        return run_command(cli, cli->commands[i], &globals, argc - used - 1, argv + used + 1);
    }
    return unknown_command(cli, argv[used]);
}

int main(int argc, char **argv)
{
    static const struct ph_command *const commands[] = {&ph_cmd_audit, &ph_cmd_check,  &ph_cmd_explain, &ph_cmd_export, &ph_cmd_inspect,
                                                        &ph_cmd_report, &ph_cmd_rules, &ph_cmd_help, NULL};
    struct ph_cli cli = {.lang = ph_lang_of_arguments(argc, argv),
                         .out = ph_term_of(stdout),
                         .err = ph_term_of(stderr),
                         .interrupted = &interrupted,
                         .commands = commands};
    ph_prepare_process();
    cli.progress.term = &cli.err;
    ph_lang_start(cli.lang);
    catch_signals();
    int code = run(&cli, argc - 1, argv + 1);
    ph_progress_line_clear(&cli.progress);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "panhuo: %s%s: %s\n", _("error: "), _("stdout cannot be written"), strerror(errno));
        return PH_EXIT_FAILED;
    }
    return code;
}
