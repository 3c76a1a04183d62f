/* panhuo audit: the options become a request, the summary becomes a page or JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/audit_options.h"
#include "cli/command.h"
#include "cli/figures.h"
#include "cli/json.h"
#include "panhuo/audit.h"

static bool is_yaml(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot != NULL && (strcasecmp(dot, ".yaml") == 0 || strcasecmp(dot, ".yml") == 0);
}

/* ---- page ---- */

/* Without -v: no land uses, and no row that says that there is nothing. */
static bool worth_a_line(const struct ph_cli *cli, const struct ph_total *total)
{
    if (cli->verbosity > 0 || strcmp(total->topic, "all") == 0 || strcmp(total->topic, "tag") == 0) return true;
    return strcmp(total->topic, "land_use") != 0 && (total->parcels > 0 || total->enterprises > 0);
}

static void print_totals(struct ph_cli *cli, const struct ph_audit_summary *summary)
{
    enum { COLUMNS = 6, FIGURE = PH_FIGURE };
    const struct ph_term_column heads[COLUMNS] = {{_("Topic"), false},      {_("Item"), false},     {_("Parcels"), true},
                                                  {_("Enterprises"), true}, {_("Area (mu)"), true}, {_("Factory (m²)"), true}};
    const char **cells = calloc(summary->total_count + 1, COLUMNS * sizeof *cells);
    char(*figures)[4][FIGURE] = calloc(summary->total_count + 1, sizeof *figures);
    const char *topic = "";
    size_t rows = 0;
    for (size_t i = 0; cells != NULL && figures != NULL && i < summary->total_count; i++) {
        const struct ph_total *total = &summary->totals[i];
        if (!worth_a_line(cli, total)) continue;
        ph_figure_count(total->parcels, "", figures[i][0], FIGURE);
        ph_figure_count(total->enterprises, "", figures[i][1], FIGURE);
        ph_figure_hundredths(ph_figure_mu(total->area_dm2), "", figures[i][2], FIGURE);
        ph_figure_hundredths(total->factory_dm2, "", figures[i][3], FIGURE);
        const char **row = cells + rows++ * COLUMNS;
        row[0] = strcmp(topic, total->topic) == 0 ? "" : ph_lang_pick(cli->lang, total->topic_label, total->topic);
        row[1] = ph_lang_pick(cli->lang, total->label, total->code);
        for (size_t f = 0; f < 4; f++) row[2 + f] = figures[i][f];
        topic = total->topic;
    }
    if (cells != NULL && figures != NULL) ph_term_table(&cli->out, heads, COLUMNS, cells, rows);
    free(figures);
    free(cells);
}

static void print_assumptions(struct ph_cli *cli, const struct ph_audit_summary *summary)
{
    FILE *out = cli->out.stream;
    if (summary->assumption_count > 0) fprintf(out, "%s\n", _("How the inputs were read:"));
    for (size_t i = 0; i < summary->assumption_count; i++) {
        const struct ph_assumption *a = &summary->assumptions[i];
        const char *slash = strrchr(a->source, '/');
        fprintf(out, "  %s: %s\n", slash ? slash + 1 : a->source, ph_lang_pick(cli->lang, a->zh, a->en));
    }
    if (summary->assumption_count > 0) fputc('\n', out);
}

static void print_page(struct ph_cli *cli, const struct ph_audit_summary *summary)
{
    FILE *out = cli->out.stream;
    if (cli->verbosity >= 0) {
        print_totals(cli, summary);
        fputc('\n', out);
        print_assumptions(cli, summary);
        fprintf(out, _("Problems: %zu errors, %zu warnings, %zu notes"), summary->errors, summary->warnings, summary->notes);
        fputc('\n', out);
        fprintf(out, _("Written: %s"), summary->output);
        fputc('\n', out);
        if (summary->project) fprintf(out, _("QGIS project: %s"), summary->project);
        fputs(summary->project ? "\n\n" : "\n", out);
    }
    fprintf(out, "%s\n", ph_lang_pick(cli->lang, summary->statement_zh, summary->statement_en));
}

/* ---- JSON ---- */

static void json_total(FILE *out, const struct ph_total *total)
{
    char figure[PH_FIGURE];
    fputc('{', out);
    ph_json_member(out, "topic", total->topic);
    fputc(',', out);
    ph_json_member(out, "code", total->code);
    fputc(',', out);
    ph_json_member(out, "label", total->label);
    ph_figure_count(total->parcels, "null", figure, sizeof figure);
    fprintf(out, ",\"parcels\":%s", figure);
    ph_figure_count(total->enterprises, "null", figure, sizeof figure);
    fprintf(out, ",\"enterprises\":%s", figure);
    ph_figure_hundredths(total->area_dm2, "null", figure, sizeof figure);
    fprintf(out, ",\"area_m2\":%s", figure);
    ph_figure_hundredths(ph_figure_mu(total->area_dm2), "null", figure, sizeof figure);
    fprintf(out, ",\"area_mu\":%s", figure);
    ph_figure_hundredths(total->ellipsoid_dm2, "null", figure, sizeof figure);
    fprintf(out, ",\"ellipsoid_m2\":%s", figure);
    ph_figure_hundredths(total->factory_dm2, "null", figure, sizeof figure);
    fprintf(out, ",\"factory_m2\":%s,", figure);
    ph_json_member(out, "area_basis", total->area_basis);
    fputc('}', out);
}

static void print_json(FILE *out, const struct ph_audit_summary *summary)
{
    fputc('{', out);
    ph_json_member(out, "output", summary->output);
    fputc(',', out);
    ph_json_member(out, "project", summary->project);
    fprintf(out, ",\"parcels\":%zu,\"problems\":{\"error\":%zu,\"warning\":%zu,\"note\":%zu},\"statement\":{", summary->parcels,
            summary->errors, summary->warnings, summary->notes);
    ph_json_member(out, "zh", summary->statement_zh);
    fputc(',', out);
    ph_json_member(out, "en", summary->statement_en);
    fputs("},\"assumptions\":[", out);
    for (size_t i = 0; i < summary->assumption_count; i++) {
        fputs(i == 0 ? "\n{" : ",\n{", out);
        ph_json_member(out, "source", summary->assumptions[i].source);
        fputc(',', out);
        ph_json_member(out, "zh", summary->assumptions[i].zh);
        fputc(',', out);
        ph_json_member(out, "en", summary->assumptions[i].en);
        fputc('}', out);
    }
    fputs("],\"totals\":[", out);
    for (size_t i = 0; i < summary->total_count; i++) {
        fputs(i == 0 ? "\n" : ",\n", out);
        json_total(out, &summary->totals[i]);
    }
    fputs("]}\n", out);
}

static int run(struct ph_cli *cli, void *options)
{
    const struct ph_audit_options_given *given = options;
    bool from_file = false;
    for (size_t i = 0; i < given->parcels.count; i++) from_file |= is_yaml(given->parcels.items[i]);
    if (from_file && given->parcels.count > 1) return ph_cli_wrong_use(cli, &ph_cmd_audit, _("a file of options stands alone; it lists the sources of parcels itself"));
    struct ph_audit_source *sources = ph_audit_sources_of(given);
    if (sources == NULL) return ph_cli_wrong_use(cli, &ph_cmd_audit, _("out of memory"));
    struct ph_audit_request request = ph_audit_request_of(given, sources);
    struct ph_audit_config *config = NULL;
    struct ph_audit_result *result = NULL;
    struct ph_error err = PH_ERROR_INIT;
    int code = PH_EXIT_DONE;
    request.progress = ph_cli_progress(cli);
    ph_cli_configure(&given->config);
    enum ph_status status = PH_OK;
    if (from_file) request.source_count = 0;
    if (from_file) status = ph_audit_config_read(given->parcels.items[0], &request, &config, &err);
    if (status == PH_OK) status = ph_audit_run(&request, &result, &err);
    ph_cli_say_stages(cli);
    if (status != PH_OK) {
        code = ph_cli_fail(cli, &err);
    } else {
        const struct ph_audit_summary *summary = ph_audit_result_summary(result);
        if (given->json) print_json(cli->out.stream, summary);
        if (!given->json) print_page(cli, summary);
        if (request.strict && summary->errors > 0) code = PH_EXIT_STRICT;
    }
    ph_audit_result_free(result);
    ph_audit_config_free(config);
    free(sources);
    return code;
}

const struct ph_command ph_cmd_audit = {
    .name = "audit",
    .summary = N_("audit parcels and write one GeoPackage in which every tag explains itself"),
    .description =
        N_("Every option but --config and --json is also a key of AUDIT.yaml; what the command line says wins. Paths in the file "
           "are relative "
           "to it. What a rule cannot decide for lack of data is unverified, never normal; a parcel is only suspected to be "
           "idle as long as it carries no ruling document."),
    .table = ph_audit_table,
    .options_size = sizeof(struct ph_audit_options_given),
    .run = run};
