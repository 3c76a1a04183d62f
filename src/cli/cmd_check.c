/* panhuo check: geometry and topology of parcels, on a page or as JSON, and in a file. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/audit_options.h"
#include "cli/command.h"
#include "cli/figures.h"
#include "cli/json.h"
#include "panhuo/check.h"

#define SHOWN_FINDINGS 20 /* without -v */

/* ---- page ---- */

static void print_kinds(struct ph_cli *cli, const struct ph_check_summary *summary)
{
    enum { COLUMNS = 3, NAME = 96 };
    const struct ph_term_column heads[COLUMNS] = {{_("Finding"), false}, {_("Count"), true}, {_("Area (mu)"), true}};
    struct {
        char name[NAME], count[PH_FIGURE], mu[PH_FIGURE];
    } *texts = calloc(summary->kind_count + 1, sizeof *texts);
    const char **cells = calloc(summary->kind_count + 1, COLUMNS * sizeof *cells);
    for (size_t i = 0; texts != NULL && cells != NULL && i < summary->kind_count; i++) {
        const struct ph_check_kind *kind = &summary->kinds[i];
        snprintf(texts[i].name, NAME, "%s%s", ph_lang_pick(cli->lang, kind->label, kind->kind), kind->against ? _(" (reference layer)") : "");
        snprintf(texts[i].count, PH_FIGURE, "%zu", kind->count);
        ph_figure_hundredths(ph_figure_mu(kind->area_dm2), "", texts[i].mu, PH_FIGURE);
        cells[i * COLUMNS] = texts[i].name;
        cells[i * COLUMNS + 1] = texts[i].count;
        cells[i * COLUMNS + 2] = texts[i].mu;
    }
    if (texts != NULL && cells != NULL && summary->kind_count > 0)
        ph_term_table(&cli->out, heads, COLUMNS, cells, summary->kind_count);
    free(cells);
    free(texts);
    if (summary->kind_count == 0) fprintf(cli->out.stream, "%s\n", _("Nothing was found."));
}

static void print_findings(struct ph_cli *cli, const struct ph_check_summary *summary)
{
    size_t shown = cli->verbosity > 0 || summary->finding_count < SHOWN_FINDINGS ? summary->finding_count : SHOWN_FINDINGS;
    if (shown > 0) fputc('\n', cli->out.stream);
    for (size_t i = 0; i < shown; i++)
        fprintf(cli->out.stream, "%s\n", ph_lang_pick(cli->lang, summary->findings[i].zh, summary->findings[i].en));
    if (shown == summary->finding_count) return;
    fprintf(cli->out.stream, _("… and %zu more; -v prints all"), summary->finding_count - shown);
    fputc('\n', cli->out.stream);
}

/* The sentence that remains with -q. */
static void print_sum(struct ph_cli *cli, const struct ph_check_summary *summary)
{
    char area[PH_FIGURE], twice[PH_FIGURE], twice_m2[PH_FIGURE], net[PH_FIGURE];
    ph_figure_hundredths(ph_figure_mu(summary->area_dm2), "?", area, sizeof area);
    ph_figure_hundredths(ph_figure_mu(summary->twice_dm2), "?", twice, sizeof twice);
    ph_figure_hundredths(summary->twice_dm2, "?", twice_m2, sizeof twice_m2);
    ph_figure_hundredths(ph_figure_mu(summary->net_dm2), "?", net, sizeof net);
    fprintf(cli->out.stream, _("%zu parcels, %s mu on the ellipsoid; counted twice or more %s mu (%s m²); net %s mu."),
            summary->parcels, area, twice, twice_m2, net);
    fputc('\n', cli->out.stream);
}

static void print_page(struct ph_cli *cli, const struct ph_check_summary *summary)
{
    FILE *out = cli->out.stream;
    if (cli->verbosity >= 0) {
        print_kinds(cli, summary);
        print_findings(cli, summary);
        fputc('\n', out);
        fprintf(out, _("Problems: %zu errors, %zu warnings, %zu notes"), summary->errors, summary->warnings, summary->notes);
        fputc('\n', out);
        if (summary->output != NULL) {
            fprintf(out, _("Written: %s"), summary->output);
            fputc('\n', out);
            if (summary->project) fprintf(out, _("QGIS project: %s"), summary->project);
            if (summary->project) fputc('\n', out);
        }
        fputc('\n', out);
    }
    print_sum(cli, summary);
}

/* ---- JSON ---- */

/* ,"<prefix>m2":…,"<prefix>mu":… */
static void json_area(FILE *out, const char *prefix, int64_t area_dm2)
{
    char figure[PH_FIGURE];
    ph_figure_hundredths(area_dm2, "null", figure, sizeof figure);
    fprintf(out, ",\"%sm2\":%s", prefix, figure);
    ph_figure_hundredths(ph_figure_mu(area_dm2), "null", figure, sizeof figure);
    fprintf(out, ",\"%smu\":%s", prefix, figure);
}

static void json_finding(FILE *out, const struct ph_check_finding *f)
{
    const struct {
        const char *name, *text;
    } texts[] = {{"kind", f->kind}, {"parcel_a", f->parcel_a}, {"parcel_b", f->parcel_b}, {"zh", f->zh}, {"en", f->en}};
    const struct {
        const char *name;
        double number;
    } numbers[] = {{"area_m2", f->area_m2}, {"share_a", f->share_a}, {"share_b", f->share_b}};
    fprintf(out, "{\"against\":%s", f->against ? "true" : "false");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fputc(',', out);
        ph_json_member(out, texts[i].name, texts[i].text);
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        fprintf(out, ",\"%s\":", numbers[i].name);
        ph_json_number(out, numbers[i].number);
    }
    fputc('}', out);
}

static void print_json(FILE *out, const struct ph_check_summary *s)
{
    fputc('{', out);
    ph_json_member(out, "output", s->output);
    fputc(',', out);
    ph_json_member(out, "project", s->project);
    fprintf(out, ",\"parcels\":%zu", s->parcels);
    json_area(out, "area_", s->area_dm2);
    json_area(out, "twice_", s->twice_dm2);
    json_area(out, "net_", s->net_dm2);
    fprintf(out, ",\"problems\":{\"error\":%zu,\"warning\":%zu,\"note\":%zu},\"kinds\":[", s->errors, s->warnings, s->notes);
    for (size_t i = 0; i < s->kind_count; i++) {
        const struct ph_check_kind *kind = &s->kinds[i];
        fputs(i == 0 ? "\n{" : ",\n{", out);
        ph_json_member(out, "kind", kind->kind);
        fputc(',', out);
        ph_json_member(out, "label", kind->label);
        fprintf(out, ",\"against\":%s,\"count\":%zu", kind->against ? "true" : "false", kind->count);
        json_area(out, "area_", kind->area_dm2);
        fputc('}', out);
    }
    fputs("],\"findings\":[", out);
    for (size_t i = 0; i < s->finding_count; i++) {
        fputs(i == 0 ? "\n" : ",\n", out);
        json_finding(out, &s->findings[i]);
    }
    fputs("]}\n", out);
}

static int run(struct ph_cli *cli, void *options)
{
    struct ph_audit_options_given *given = options;
    given->period = (struct ph_opt_period){INT32_MIN, INT32_MIN};
    struct ph_audit_source *sources = ph_audit_sources_of(given);
    if (sources == NULL) return ph_cli_wrong_use(cli, &ph_cmd_check, _("out of memory"));
    struct ph_audit_request request = ph_audit_request_of(given, sources);
    struct ph_check_result *result = NULL;
    struct ph_error err = PH_ERROR_INIT;
    int code = PH_EXIT_DONE;
    request.progress = ph_cli_progress(cli);
    ph_cli_configure(&given->config);
    enum ph_status status = ph_check_run(&request, &result, &err);
    ph_cli_say_stages(cli);
    if (status != PH_OK) {
        code = ph_cli_fail(cli, &err);
    } else {
        const struct ph_check_summary *summary = ph_check_result_summary(result);
        if (given->json) print_json(cli->out.stream, summary);
        if (!given->json) print_page(cli, summary);
        if (request.strict && summary->errors > 0) code = PH_EXIT_STRICT;
    }
    ph_check_result_free(result);
    free(sources);
    return code;
}

const struct ph_command ph_cmd_check = {
    .name = "check",
    .summary = N_("find overlaps, duplicates, slivers and invalid shapes, and what they count twice"),
    .description = N_("Nothing is moved or repaired in the output: what is invalid is measured on a repaired shape aside. An overlap is "
                      "reported when it is larger than either limit. Without an output the findings are only printed."),
    .table = ph_check_table,
    .options_size = sizeof(struct ph_audit_options_given),
    .run = run};
