/* panhuo inspect: what files hold, on a page or as JSON, what could be decided with them, and what to do next. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/inspect_json.h"
#include "cli/inspect_page.h"

struct inspect_options {
    struct ph_opt_list source;
    const char *layer, *crs, *encoding, *txt_layout, *rules, *as_of, *write_config;
    struct ph_opt_list map, open_options, config;
    bool json, fix_cpg, overwrite;
};

#define AT(member) offsetof(struct inspect_options, member)

static const struct ph_opt table[] = {
    {.kind = PH_OPT_HEADING, .name = N_("Arguments")},
    {.kind = PH_OPT_ARGUMENT,
     .name = "SOURCE",
     .offset = AT(source),
     .min = 1,
     .max = 64,
     .help = N_("parcels in any form GDAL reads, or a table of enterprises, links or events (XLSX, ODS, CSV; FILE.xlsx:SHEET); of several, the "
                "options about one source mean the first")},
    {.kind = PH_OPT_TEXT,
     .name = "layer",
     .offset = AT(layer),
     .value = "NAME",
     .help = N_("layer of the source (needed when it has several)")},
    {.kind = PH_OPT_TEXT,
     .name = "crs",
     .offset = AT(crs),
     .value = "EPSG:4526",
     .help = N_("coordinate reference system of the parcels; overrides the .prj")},
    {.kind = PH_OPT_TEXT,
     .name = "encoding",
     .offset = AT(encoding),
     .value = "GBK",
     .help = N_("encoding of the parcels' texts (default: found out from the file)")},
    {.kind = PH_OPT_LIST,
     .flags = PH_OPT_KEY_VALUE,
     .name = "map",
     .offset = AT(map),
     .value = "FIELD=SOURCE",
     .help = N_("take a canonical field from this source column, with its unit if need be (registered_m2=AREA:mu); repeatable")},
    {.kind = PH_OPT_LIST,
     .flags = PH_OPT_KEY_VALUE | PH_OPT_ONE_DASH,
     .name = "oo",
     .offset = AT(open_options),
     .value = "KEY=VALUE",
     .help = N_("open option of the GDAL driver; repeatable")},
    {.kind = PH_OPT_TEXT,
     .name = "txt-layout",
     .offset = AT(txt_layout),
     .value = "COLUMNS",
     .help = N_("the source is a bare list of boundary points with these columns, as in id,x,y: id (of the plot), point, ring, x and y "
                "(the numbers tell which is north), north, east, - for one to skip")},
    {.kind = PH_OPT_PAIR,
     .name = "config",
     .offset = AT(config),
     .value = "KEY VALUE",
     .help = N_("configuration option of GDAL; repeatable")},
    {.kind = PH_OPT_TEXT,
     .name = "rules",
     .offset = AT(rules),
     .value = "NAME|FILE",
     .help = N_("rule set to try on the parcels: what can be decided, and for lack of what not (default: national)")},
    {.kind = PH_OPT_TEXT,
     .name = "as-of",
     .offset = AT(as_of),
     .value = "YYYY-MM-DD",
     .help = N_("reference date to try the rules for (default: the last day on which something happened to a parcel)")},
    {.kind = PH_OPT_TEXT,
     .name = "write-config",
     .offset = AT(write_config),
     .value = "AUDIT.yaml",
     .help = N_("write what was found as an AUDIT.yaml: what is settled as keys, what is not in comments")},
    {.kind = PH_OPT_FLAG,
     .name = "fix-cpg",
     .offset = AT(fix_cpg),
     .help = N_("write the .cpg that the texts of a shapefile ask for, and nothing else")},
    {.kind = PH_OPT_FLAG, .name = "overwrite", .offset = AT(overwrite), .help = N_("replace an existing AUDIT.yaml")},
    {.kind = PH_OPT_FLAG, .name = "json", .offset = AT(json), .help = N_("print the result as JSON")},
    {.kind = PH_OPT_END}};

/* What was asked of each source: the options about one mean the first. */
static struct ph_inspect_request request_of(struct ph_cli *cli, const struct inspect_options *given, size_t i)
{
    struct ph_inspect_request request = {.source = given->source.items[i], .rules = given->rules, .as_of = given->as_of, .progress = ph_cli_progress(cli)};
    if (i > 0) return request;
    request.layer = given->layer;
    request.crs = given->crs;
    request.encoding = given->encoding;
    request.open_options = (const char *const *)given->open_options.items;
    request.txt_layout = given->txt_layout;
    request.map = (const char *const *)given->map.items;
    return request;
}

/* The last first: parcels are held against the rules with the enterprise table that stands behind them. */
static enum ph_status inspect_all(struct ph_inspect_request *requests, struct ph_inspection **all, size_t count, struct ph_error *err)
{
    const char *enterprises = NULL;
    for (size_t i = count; i-- > 0;) {
        requests[i].enterprises = enterprises;
        enum ph_status status = ph_inspect(&requests[i], &all[i], err);
        if (status != PH_OK) return status;
        if (ph_inspection_content(all[i])->kind == PH_INSPECT_ENTERPRISES) enterprises = requests[i].source;
    }
    return PH_OK;
}

static void print_all(struct ph_cli *cli, const struct ph_inspect_request *requests, struct ph_inspection *const *all, size_t count, bool json)
{
    FILE *out = cli->out.stream;
    if (json && count > 1) fputs("[\n", out);
    for (size_t i = 0; i < count; i++) {
        const struct ph_inspection_content *c = ph_inspection_content(all[i]);
        if (i > 0) fputs(json ? ",\n" : "\n\n", out);
        if (json)
            ph_inspect_print_json(out, c);
        else
            ph_inspect_print_page(cli, &requests[i], c);
    }
    if (json && count > 1) fputs("]\n", out);
}

static void say_cpg(struct ph_cli *cli, const struct ph_inspect_cpg *cpg)
{
    if (cpg->now[0] == '\0')
        ph_cli_say(cli, 0, _("%s: not written, all texts are ASCII and need none"), cpg->path);
    else if (!cpg->written)
        ph_cli_say(cli, 0, _("%s: left as it is, it says %s already"), cpg->path, cpg->before);
    else if (cpg->before[0] != '\0')
        ph_cli_say(cli, 0, _("%s: written, %s in place of %s; nothing else was changed"), cpg->path, cpg->now, cpg->before);
    else
        ph_cli_say(cli, 0, _("%s: written, %s; nothing else was changed"), cpg->path, cpg->now);
    if (cpg->language_byte != 0)
        ph_cli_say(cli, 0, _("The language byte 0x%02X of the DBF says otherwise, and ArcGIS looks at that first; save the DBF anew there."),
                   (unsigned)cpg->language_byte);
}

static enum ph_status write_files(struct ph_cli *cli, const struct inspect_options *given, struct ph_inspection *const *all, size_t count, struct ph_error *err)
{
    struct ph_inspect_cpg cpg;
    for (size_t i = 0; given->fix_cpg && i < count; i++) {
        if (i > 0 && !ph_inspection_content(all[i])->has_geometry) continue;
        enum ph_status status = ph_inspection_fix_cpg(all[i], &cpg, err);
        if (status != PH_OK) return status;
        say_cpg(cli, &cpg);
    }
    if (given->write_config == NULL) return PH_OK;
    enum ph_status status = ph_inspection_write_config((const struct ph_inspection *const *)all, count, given->write_config, given->overwrite, err);
    if (status == PH_OK) ph_cli_say(cli, 0, _("Written: %s; look it through and add the reference date (as-of)"), given->write_config);
    return status;
}

static int run(struct ph_cli *cli, void *options)
{
    const struct inspect_options *given = options;
    size_t count = given->source.count;
    struct ph_inspect_request *requests = calloc(count, sizeof *requests);
    struct ph_inspection **all = calloc(count, sizeof(struct ph_inspection *));
    struct ph_error err = PH_ERROR_INIT;
    ph_cli_configure(&given->config);
    enum ph_status status = requests != NULL && all != NULL ? PH_OK : PH_E_MEMORY;
    for (size_t i = 0; status == PH_OK && i < count; i++) requests[i] = request_of(cli, given, i);
    if (status == PH_OK) status = inspect_all(requests, all, count, &err);
    ph_progress_line_clear(&cli->progress);
    if (status == PH_OK) print_all(cli, requests, all, count, given->json);
    if (status == PH_OK) status = write_files(cli, given, all, count, &err);
    int code = status == PH_OK ? PH_EXIT_DONE : ph_cli_fail(cli, &err);
    for (size_t i = 0; all != NULL && i < count; i++) ph_inspection_free(all[i]);
    free(all);
    free(requests);
    return code;
}

const struct ph_command ph_cmd_inspect = {
    .name = "inspect",
    .summary = N_("show what files hold, what is wrong with them, what could be decided with them, and what to do"),
    .description = N_("Nothing is written unless --write-config or --fix-cpg asks for it. The problems are those that the audit would find up to the "
                      "areas, the first ten of each kind; those of rules, ledger and totals come with the audit."),
    .table = table,
    .options_size = sizeof(struct inspect_options),
    .run = run};
