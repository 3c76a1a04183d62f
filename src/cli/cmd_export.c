/* panhuo export: parcels of an audit for other programs. */
#include <stdio.h>

#include "cli/command.h"
#include "panhuo/export.h"

struct export_options {
    struct ph_opt_list audit;
    const char *layer, *where, *output, *encoding;
    bool overwrite;
};

#define AT(member) offsetof(struct export_options, member)

static const struct ph_opt table[] = {
    {.kind = PH_OPT_HEADING, .name = N_("Arguments")},
    {.kind = PH_OPT_ARGUMENT, .name = "AUDIT.gpkg", .offset = AT(audit), .min = 1, .max = 1, .help = N_("what panhuo audit wrote")},
    {.kind = PH_OPT_TEXT, .name = "layer", .offset = AT(layer), .value = "NAME", .fallback = "parcels", .help = N_("the layer of polygons to take")},
    {.kind = PH_OPT_TEXT,
     .name = "where",
     .offset = AT(where),
     .value = "SQL",
     .help = N_("only the rows for which this holds, a condition over the columns (tag = 'idle' AND area_mu > 20), which may also be called by their "
                "Chinese titles")},
    {.kind = PH_OPT_TEXT,
     .letter = 'o',
     .name = "output",
     .offset = AT(output),
     .value = "FILE",
     .help = N_("what to write: .txt boundary points as surveyors file them, .shp a shapefile with the national codes for names and a list of the fields, "
                ".gdb a FileGDB with aliases and coded values; required")},
    {.kind = PH_OPT_TEXT,
     .name = "encoding",
     .offset = AT(encoding),
     .value = "UTF-8|GBK",
     .help = N_("of the texts (default: UTF-8 in a .txt, GBK in a .shp)")},
    {.kind = PH_OPT_FLAG, .name = "overwrite", .offset = AT(overwrite), .help = N_("replace the output when it exists")},
    {.kind = PH_OPT_END}};

static int run(struct ph_cli *cli, void *options)
{
    const struct export_options *given = options;
    if (given->output == NULL) return ph_cli_wrong_use(cli, &ph_cmd_export, _("an output is needed: -o FILE.txt|FILE.shp|FILE.gdb"));
    const struct ph_export_request request = {.audit = given->audit.items[0],
                                              .layer = given->layer,
                                              .where = given->where,
                                              .output = given->output,
                                              .encoding = given->encoding,
                                              .overwrite = given->overwrite};
    struct ph_export_result *result = NULL;
    struct ph_error err = PH_ERROR_INIT;
    if (ph_export_run(&request, &result, &err) != PH_OK) return ph_cli_fail(cli, &err);
    const struct ph_export_summary *summary = ph_export_result_summary(result);
    for (size_t i = 0; i < summary->note_count; i++) {
        const struct ph_export_note *note = &summary->notes[i];
        ph_cli_say(cli, 0, "%s (%s)", ph_lang_pick(cli->lang, note->zh, note->en), ph_lang_pick(cli->lang, note->hint_zh, note->hint_en));
    }
    if (cli->verbosity >= 0) {
        fprintf(cli->out.stream, _("Written: %s (%zu rows)"), given->output, summary->rows);
        fputc('\n', cli->out.stream);
    }
    ph_export_result_free(result);
    return PH_EXIT_DONE;
}

const struct ph_command ph_cmd_export = {.name = "export",
                                         .summary = N_("write parcels of an audit as boundary-point TXT, shapefile or FileGDB"),
                                         .description = N_("The audit is only read. The output appears whole or not at all."),
                                         .table = table,
                                         .options_size = sizeof(struct export_options),
                                         .run = run};
