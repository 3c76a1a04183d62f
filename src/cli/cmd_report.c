/* panhuo report: an audit as a file for people who have no GIS. */
#include <stdio.h>

#include "cli/command.h"
#include "panhuo/report.h"

struct report_options {
    struct ph_opt_list audit;
    const char *output;
    bool overwrite;
};

#define AT(member) offsetof(struct report_options, member)

static const struct ph_opt table[] = {
    {.kind = PH_OPT_HEADING, .name = N_("Arguments")},
    {.kind = PH_OPT_ARGUMENT, .name = "AUDIT.gpkg", .offset = AT(audit), .min = 1, .max = 1, .help = N_("what panhuo audit wrote")},
    {.kind = PH_OPT_TEXT,
     .letter = 'o',
     .name = "output",
     .offset = AT(output),
     .value = "FILE",
     .help = N_("the report; .html is a page with a map, to look at and print, .xlsx a workbook of the lists that are submitted")},
    {.kind = PH_OPT_FLAG, .name = "overwrite", .offset = AT(overwrite), .help = N_("replace the output when it exists")},
    {.kind = PH_OPT_END}};

static int run(struct ph_cli *cli, void *options)
{
    const struct report_options *given = options;
    if (given->output == NULL) return ph_cli_wrong_use(cli, &ph_cmd_report, _("an output is needed: -o FILE.html|FILE.xlsx"));
    const struct ph_report_request request = {.audit = given->audit.items[0], .output = given->output, .overwrite = given->overwrite};
    struct ph_error err = PH_ERROR_INIT;
    if (ph_report_write(&request, &err) != PH_OK) return ph_cli_fail(cli, &err);
    if (cli->verbosity >= 0) {
        fprintf(cli->out.stream, _("Written: %s"), given->output);
        fputc('\n', cli->out.stream);
    }
    return PH_EXIT_DONE;
}

const struct ph_command ph_cmd_report = {.name = "report",
                                         .summary = N_("write an audit as a page or a workbook, for people who have no GIS"),
                                         .description = N_("The audit is only read. The same audit gives the same bytes."),
                                         .table = table,
                                         .options_size = sizeof(struct report_options),
                                         .run = run};
