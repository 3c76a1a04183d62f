/* panhuo help: the pages that are made from the option tables. */
#include <string.h>

#include "cli/command.h"
#include "cli/pages.h"

struct help_options {
    struct ph_opt_list topic;
    bool man, keys;
    int completion;
};

static const struct ph_opt table[] = {{.kind = PH_OPT_HEADING, .name = N_("Arguments")},
                                      {.kind = PH_OPT_ARGUMENT,
                                       .name = "COMMAND",
                                       .offset = offsetof(struct help_options, topic),
                                       .max = 1,
                                       .help = N_("show the options of this command")},
                                      {.kind = PH_OPT_HEADING, .name = N_("Pages")},
                                      {.kind = PH_OPT_FLAG,
                                       .name = "man",
                                       .offset = offsetof(struct help_options, man),
                                       .help = N_("print the man page (view it with: man -l FILE)")},
                                      {.kind = PH_OPT_CHOICE,
                                       .name = "completion",
                                       .offset = offsetof(struct help_options, completion),
                                       .choices = (const char *const[]){"bash", NULL},
                                       .help = N_("print completion for a shell")},
                                      {.kind = PH_OPT_FLAG,
                                       .name = "keys",
                                       .offset = offsetof(struct help_options, keys),
                                       .help = N_("print the keys of AUDIT.yaml")},
                                      {.kind = PH_OPT_END}};

static int run(struct ph_cli *cli, void *given)
{
    const struct help_options *options = given;
    FILE *out = cli->out.stream;
    if (options->man) {
        ph_pages_man(out, cli->commands);
    } else if (options->completion >= 0) {
        ph_pages_bash(out, cli->commands);
    } else if (options->keys) {
        ph_pages_keys(out, &ph_cmd_audit);
    } else if (options->topic.count == 0) {
        ph_pages_overview(&cli->out, cli->commands);
    } else {
        for (size_t i = 0; cli->commands[i] != NULL; i++) {
            if (strcmp(cli->commands[i]->name, options->topic.items[0]) != 0) continue;
            ph_pages_command(&cli->out, cli->commands[i]);
            return PH_EXIT_DONE;
        }
        return ph_cli_wrong_use(cli, NULL, _("there is no such command"));
    }
    return PH_EXIT_DONE;
}

const struct ph_command ph_cmd_help = {.name = "help",
                                       .summary = N_("show help, the man page, completion or the keys of AUDIT.yaml"),
                                       .table = table,
                                       .options_size = sizeof(struct help_options),
                                       .run = run};
