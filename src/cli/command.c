#include "cli/command.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const struct ph_opt ph_global_table[] = {
    {.kind = PH_OPT_HEADING, .name = N_("General options")},
    {.kind = PH_OPT_CHOICE,
     .name = "lang",
     .offset = offsetof(struct ph_global_options, lang),
     .choices = (const char *const[]){"zh", "en", NULL},
     .help = N_("language of messages (default: from the locale, Chinese when none is set)")},
    {.kind = PH_OPT_FLAG,
     .letter = 'q',
     .name = "quiet",
     .offset = offsetof(struct ph_global_options, quiet),
     .help = N_("only errors on stderr, no progress; audit and check print their closing sentence only")},
    {.kind = PH_OPT_FLAG,
     .letter = 'v',
     .name = "verbose",
     .offset = offsetof(struct ph_global_options, verbose),
     .help = N_("say more on stderr")},
    {.kind = PH_OPT_FLAG,
     .name = "progress-lines",
     .offset = offsetof(struct ph_global_options, progress_lines),
     .help = N_("progress as lines on stderr, percent of the whole and stage: for programs that start this one")},
    {.kind = PH_OPT_FLAG,
     .letter = 'h',
     .name = "help",
     .offset = offsetof(struct ph_global_options, help),
     .help = N_("show this help; after a command, the command's")},
    {.kind = PH_OPT_FLAG,
     .name = "version",
     .offset = offsetof(struct ph_global_options, version),
     .help = N_("show the version")},
    {.kind = PH_OPT_END}};

static void say_error(struct ph_cli *cli, const char *sentence)
{
    ph_progress_line_clear(&cli->progress);
    fprintf(cli->err.stream, "panhuo: %s%s%s%s\n", ph_term_style(&cli->err, PH_STYLE_RED), _("error: "),
            ph_term_style(&cli->err, PH_STYLE_PLAIN), sentence);
}

int ph_cli_fail(struct ph_cli *cli, const struct ph_error *error)
{
    FILE *out = cli->err.stream;
    say_error(cli, ph_lang_pick(cli->lang, error->zh, error->en));
    if (error->file[0] != '\0') fprintf(out, "  %s%s", _("at: "), error->file);
    if (error->file[0] != '\0' && error->line > 0) fprintf(out, ":%d", error->line);
    if (error->file[0] != '\0' && error->line > 0 && error->column > 0) fprintf(out, ":%d", error->column);
    const char *separator = error->file[0] != '\0' ? _(", ") : "  ";
    if (error->layer[0] != '\0') {
        fprintf(out, "%s%s%s", separator, _("layer "), error->layer);
        separator = _(", ");
    }
    if (error->feature >= 0) fprintf(out, "%s%s%" PRId64, separator, _("feature "), error->feature);
    if (error->file[0] != '\0' || error->layer[0] != '\0' || error->feature >= 0) fputc('\n', out);
    bool wrong_use = error->status >= PH_E_USAGE && error->status < PH_E_INPUT;
    return wrong_use || error->status == PH_E_FIELDS ? PH_EXIT_WRONG_USE : PH_EXIT_FAILED;
}

int ph_cli_wrong_use(struct ph_cli *cli, const struct ph_command *command, const char *sentence)
{
    char call[64];
    snprintf(call, sizeof call, "panhuo%s%s --help", command == NULL ? "" : " ", command == NULL ? "" : command->name);
    say_error(cli, sentence);
    fprintf(cli->err.stream, _("Try '%s'."), call);
    fputc('\n', cli->err.stream);
    return PH_EXIT_WRONG_USE;
}

void ph_cli_say(struct ph_cli *cli, int verbosity, const char *format, ...)
{
    if (cli->verbosity < verbosity) return;
    ph_progress_line_clear(&cli->progress);
    va_list args;
    va_start(args, format);
    vfprintf(cli->err.stream, format, args);
    va_end(args);
    fputc('\n', cli->err.stream);
}

static const char *stage_name(enum ph_stage stage)
{
    static const char *const names[] = {
        [PH_STAGE_READ] = N_("reading parcels"),     [PH_STAGE_MEASURE] = N_("measuring areas"),
        [PH_STAGE_CHECK] = N_("checking geometry"),  [PH_STAGE_RULES] = N_("applying rules"),
        [PH_STAGE_LEDGER] = N_("ledger and totals"), [PH_STAGE_WRITE] = N_("writing GeoPackage"),
    };
    return _(names[stage]);
}

static double now(void)
{
    struct timespec at = {0};
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

/* A line for each percent of the whole, every stage being as long as another. */
static void show(struct ph_cli *cli, enum ph_stage stage, double done)
{
    int percent = (int)(100 * ((double)stage + done) / (PH_STAGE_WRITE + 1));
    if (!cli->progress_lines) {
        ph_progress_line_show(&cli->progress, stage_name(stage), done);
    } else if (percent > cli->told) {
        fprintf(cli->err.stream, "%d%% %s\n", percent, stage_name(stage));
        fflush(cli->err.stream);
        cli->told = percent;
    }
}

/* Tables are written before the rules are applied, and rows while others are tagged: until the last is tagged nothing is told
 * of writing. */
static int report(void *payload, enum ph_stage stage, double done)
{
    struct ph_cli *cli = payload;
    double at = now();
    cli->times.seconds[stage] += at - cli->times.last;
    cli->times.last = at;
    cli->times.stage = stage;
    if (stage == PH_STAGE_RULES) cli->times.tagging = done < 1;
    bool aside = stage == PH_STAGE_WRITE && cli->times.tagging;
    if (cli->verbosity >= 0 && !aside) show(cli, stage, done);
    return *cli->interrupted != 0;
}

struct ph_progress ph_cli_progress(struct ph_cli *cli)
{
    cli->times = (struct ph_stage_times){.started = now(), .tagging = true};
    cli->times.last = cli->times.started;
    cli->told = -1;
    return (struct ph_progress){report, cli};
}

void ph_cli_say_stages(struct ph_cli *cli)
{
    ph_progress_line_clear(&cli->progress);
    if (cli->verbosity < 1) return;
    double at = now();
    cli->times.seconds[cli->times.stage] += at - cli->times.last;
    for (size_t i = 0; i <= PH_STAGE_WRITE; i++)
        if (cli->times.seconds[i] > 0) ph_cli_say(cli, 1, _("%7.3f s  %s"), cli->times.seconds[i], stage_name((enum ph_stage)i));
    ph_cli_say(cli, 1, _("%7.3f s  %s"), at - cli->times.started, _("in all"));
}

void ph_cli_configure(const struct ph_opt_list *config)
{
    for (size_t i = 0; i < config->count; i++) {
        char *equals = strchr(config->items[i], '=');
        *equals = '\0';
        setenv(config->items[i], equals + 1, 1);
        *equals = '=';
    }
}
