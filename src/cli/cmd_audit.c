/* panhuo audit: the options become a request, the summary becomes a page or JSON. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/audit_options.h"
#include "cli/command.h"
#include "cli/json.h"
#include "panhuo/audit.h"

static bool is_yaml(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot != NULL && (strcasecmp(dot, ".yaml") == 0 || strcasecmp(dot, ".yml") == 0);
}

static struct ph_audit_request request_of(const struct ph_audit_options_given *given)
{
    const char *parcels = given->parcels.items[0];
    return (struct ph_audit_request){
        .parcels = is_yaml(parcels) ? NULL : parcels,
        .layer = given->layer,
        .where = given->where,
        .crs = given->crs,
        .encoding = given->encoding,
        .open_options = (const char *const *)given->open_options.items,
        .map = (const char *const *)given->map.items,
        .enterprises = given->enterprises,
        .ledger = given->ledger,
        .rules = given->rules,
        .as_of = given->as_of,
        .period_from = given->period.from,
        .period_to = given->period.to,
        .area_basis = (enum ph_area_basis)(given->area_basis + 1),
        .output = given->output,
        .overwrite = given->overwrite,
        .strict = given->strict,
    };
}

/* Hundredths as a figure with two decimals; "" (or null) where it has no meaning. */
static void hundredths(int64_t number, const char *unknown, char *text, size_t size)
{
    if (number == INT64_MIN) {
        snprintf(text, size, "%s", unknown);
    } else {
        int64_t magnitude = number < 0 ? -number : number;
        snprintf(text, size, "%s%" PRId64 ".%02" PRId64, number < 0 ? "-" : "", magnitude / 100, magnitude % 100);
    }
}

/* Whole 0.01 m² to whole 0.01 mu: 1 mu = 2000/3 m². Rounded half away from zero, here and nowhere before. */
static int64_t mu_hundredths(int64_t area_dm2)
{
    if (area_dm2 == INT64_MIN) return INT64_MIN;
    return (area_dm2 * 3 + (area_dm2 < 0 ? -1000 : 1000)) / 2000;
}

static void count_text(int64_t count, const char *unknown, char *text, size_t size)
{
    snprintf(text, size, "%s", unknown);
    if (count != INT64_MIN) snprintf(text, size, "%" PRId64, count);
}

/* ---- page ---- */

static void print_totals(struct ph_cli *cli, const struct ph_audit_summary *summary)
{
    enum { COLUMNS = 6, FIGURE = 32 };
    const struct ph_term_column heads[COLUMNS] = {{_("Topic"), false},      {_("Item"), false},     {_("Parcels"), true},
                                                  {_("Enterprises"), true}, {_("Area (mu)"), true}, {_("Factory (m²)"), true}};
    const char **cells = calloc(summary->total_count + 1, COLUMNS * sizeof *cells);
    char(*figures)[4][FIGURE] = calloc(summary->total_count + 1, sizeof *figures);
    for (size_t i = 0; cells != NULL && figures != NULL && i < summary->total_count; i++) {
        const struct ph_total *total = &summary->totals[i];
        count_text(total->parcels, "", figures[i][0], FIGURE);
        count_text(total->enterprises, "", figures[i][1], FIGURE);
        hundredths(mu_hundredths(total->area_dm2), "", figures[i][2], FIGURE);
        hundredths(total->factory_dm2, "", figures[i][3], FIGURE);
        const char **row = cells + i * COLUMNS;
        row[0] = total->topic;
        row[1] = cli->lang == PH_LANG_ZH && total->label != NULL ? total->label : total->code;
        for (size_t f = 0; f < 4; f++) row[2 + f] = figures[i][f];
    }
    if (cells != NULL && figures != NULL) ph_term_table(&cli->out, heads, COLUMNS, cells, summary->total_count);
    free(figures);
    free(cells);
}

static void print_page(struct ph_cli *cli, const struct ph_audit_summary *summary)
{
    FILE *out = cli->out.stream;
    print_totals(cli, summary);
    fputc('\n', out);
    fprintf(out, _("Problems: %zu errors, %zu warnings, %zu notes"), summary->errors, summary->warnings, summary->notes);
    fputc('\n', out);
    fprintf(out, _("Written: %s"), summary->output);
    fprintf(out, "\n\n%s\n", ph_lang_pick(cli->lang, summary->statement_zh, summary->statement_en));
}

/* ---- JSON ---- */

static void json_total(FILE *out, const struct ph_total *total)
{
    char figure[32];
    fputc('{', out);
    ph_json_member(out, "topic", total->topic);
    fputc(',', out);
    ph_json_member(out, "code", total->code);
    fputc(',', out);
    ph_json_member(out, "label", total->label);
    count_text(total->parcels, "null", figure, sizeof figure);
    fprintf(out, ",\"parcels\":%s", figure);
    count_text(total->enterprises, "null", figure, sizeof figure);
    fprintf(out, ",\"enterprises\":%s", figure);
    hundredths(total->area_dm2, "null", figure, sizeof figure);
    fprintf(out, ",\"area_m2\":%s", figure);
    hundredths(mu_hundredths(total->area_dm2), "null", figure, sizeof figure);
    fprintf(out, ",\"area_mu\":%s", figure);
    hundredths(total->ellipsoid_dm2, "null", figure, sizeof figure);
    fprintf(out, ",\"ellipsoid_m2\":%s", figure);
    hundredths(total->factory_dm2, "null", figure, sizeof figure);
    fprintf(out, ",\"factory_m2\":%s,", figure);
    ph_json_member(out, "area_basis", total->area_basis);
    fputc('}', out);
}

static void print_json(FILE *out, const struct ph_audit_summary *summary)
{
    fputc('{', out);
    ph_json_member(out, "output", summary->output);
    fprintf(out, ",\"parcels\":%zu,\"problems\":{\"error\":%zu,\"warning\":%zu,\"note\":%zu},\"statement\":{", summary->parcels,
            summary->errors, summary->warnings, summary->notes);
    ph_json_member(out, "zh", summary->statement_zh);
    fputc(',', out);
    ph_json_member(out, "en", summary->statement_en);
    fputs("},\"totals\":[", out);
    for (size_t i = 0; i < summary->total_count; i++) {
        fputs(i == 0 ? "\n" : ",\n", out);
        json_total(out, &summary->totals[i]);
    }
    fputs("]}\n", out);
}

static int run(struct ph_cli *cli, void *options)
{
    const struct ph_audit_options_given *given = options;
    struct ph_audit_request request = request_of(given);
    struct ph_audit_config *config = NULL;
    struct ph_audit_result *result = NULL;
    struct ph_error err = PH_ERROR_INIT;
    int code = PH_EXIT_DONE;
    request.progress = ph_cli_progress(cli);
    ph_cli_configure(&given->config);
    enum ph_status status = PH_OK;
    if (request.parcels == NULL) status = ph_audit_config_read(given->parcels.items[0], &request, &config, &err);
    if (status == PH_OK) status = ph_audit_run(&request, &result, &err);
    ph_progress_line_clear(&cli->progress);
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
