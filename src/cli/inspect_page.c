/* What was inspected, on a page for a person. */
#include "cli/inspect_page.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/width.h"

/* ---- what a page is made of ---- */

static void line(struct ph_cli *cli, const char *label, const char *text)
{
    ph_term_labelled(&cli->out, label, text);
}

static void heading(struct ph_cli *cli, const char *text)
{
    fprintf(cli->out.stream, "\n%s%s%s\n", ph_term_style(&cli->out, PH_STYLE_BOLD), text,
            ph_term_style(&cli->out, PH_STYLE_PLAIN));
}

/* ---- the source ---- */

static void print_shapes(struct ph_cli *cli, const struct ph_inspection_content *c)
{
    const struct ph_inspect_shapes *s = &c->shapes;
    char text[400];
    if (!c->has_geometry) {
        line(cli, _("Geometry"), _("none"));
        return;
    }
    snprintf(text, sizeof text, _("%s: %zu of one part, %zu of several, %zu with holes, %zu without a usable shape; %zu points"), c->geometry, s->single,
             s->multiple, s->holed, s->none, s->vertices);
    line(cli, _("Geometry"), text);
}

static void print_source(struct ph_cli *cli, const struct ph_inspection_content *c)
{
    static const char *const kinds[] = {[PH_INSPECT_PARCELS] = N_("parcels"),
                                        [PH_INSPECT_ENTERPRISES] = N_("enterprise table"),
                                        [PH_INSPECT_LEDGER] = N_("ledger of events"),
                                        [PH_INSPECT_LINKS] = N_("links of parcels and enterprises"),
                                        [PH_INSPECT_UNKNOWN] = N_("no table that is known")};
    char text[1200];
    snprintf(text, sizeof text, _("%s (%s)"), c->source, c->driver);
    line(cli, _("File"), text);
    snprintf(text, sizeof text, "%s", c->layer);
    for (size_t i = 0; c->layer_count > 1 && i < c->layer_count; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s", i == 0 ? _("; the file has: ") : _(", "), c->layers[i]);
    }
    line(cli, _("Layer"), text);
    line(cli, _("Taken for"), _(kinds[c->kind]));
    snprintf(text, sizeof text, "%zu", c->rows);
    line(cli, _("Rows"), text);
    print_shapes(cli, c);
    if (isnan(c->min_x)) return;
    int decimals = c->crs.name != NULL && !c->crs.projected ? 6 : 2;
    snprintf(text, sizeof text, "x %.*f … %.*f, y %.*f … %.*f", decimals, c->min_x, decimals, c->max_x, decimals, c->min_y,
             decimals, c->max_y);
    line(cli, _("Extent"), text);
    if (!isnan(c->longitude)) {
        snprintf(text, sizeof text, "%.4f°E %.4f°N", c->longitude, c->latitude);
        line(cli, _("Middle"), text);
    }
    if (c->area_dm2 != INT64_MIN) {
        int64_t mu = (c->area_dm2 * 3 + 1000) / 2000;
        snprintf(text, sizeof text, _("%" PRId64 ".%02d m² = %" PRId64 ".%02d mu"), c->area_dm2 / 100, (int)(c->area_dm2 % 100),
                 mu / 100, (int)(mu % 100));
        line(cli, _("Area"), text);
    }
}

/* What of `text` follows the sentences that it begins with like `other`. */
static const char *after_common(const char *text, const char *other)
{
    const char *rest = text;
    for (size_t i = 0; text[i] != '\0' && text[i] == other[i]; i++) {
        if (strncmp(text + i, "。", 3) == 0) rest = text + i + 3;
        if (strncmp(text + i, ". ", 2) == 0) rest = text + i + 2;
    }
    return rest;
}

static void print_crs(struct ph_cli *cli, const struct ph_inspect_crs *crs)
{
    char text[1200];
    if (crs->name != NULL) {
        snprintf(text, sizeof text, "%s%s%s%s%s", crs->name, crs->code ? " (" : "", crs->code ? crs->code : "",
                 crs->code ? ")" : "", crs->ordered ? _(", as --crs says") : "");
        line(cli, _("CRS"), text);
        snprintf(text, sizeof text, "%s%s%s", crs->projected ? _("projected") : _("longitude and latitude"),
                 crs->datum[0] ? ", " : "", crs->datum);
        if (!isnan(crs->central_meridian)) {
            size_t used = strlen(text);
            snprintf(text + used, sizeof text - used, _(", central meridian %g°"), crs->central_meridian);
        }
        if (crs->zone_width != 0 && crs->zone_number != 0) {
            size_t used = strlen(text);
            snprintf(text + used, sizeof text - used, _(", zone %d of %d°"), crs->zone_number, crs->zone_width);
        }
        if (crs->zone_prefix != 0) {
            size_t used = strlen(text);
            snprintf(text + used, sizeof text - used, _(", eastings begin with %d"), crs->zone_prefix);
        }
        line(cli, "", text);
    } else {
        line(cli, _("CRS"), _("none that can be used"));
    }
    bool answered = crs->name == NULL && !crs->ordered && crs->guess_count > 0; /* the likely ones say it all */
    if (crs->zh != NULL && !answered) line(cli, _("Doubt"), ph_lang_pick(cli->lang, crs->zh, crs->en));
    for (int speaks_for = 1; speaks_for >= 0; speaks_for--) {
        const char *label = speaks_for ? _("Backed by") : _("Left open");
        for (size_t i = 0; i < crs->evidence_count; i++) {
            if (crs->evidence[i].speaks_for != speaks_for) continue;
            line(cli, label, ph_lang_pick(cli->lang, crs->evidence[i].zh, crs->evidence[i].en));
            label = "";
        }
    }
    for (size_t i = 0; i < crs->guess_count; i++) {
        const char *words = ph_lang_pick(cli->lang, crs->guesses[i].zh, crs->guesses[i].en);
        if (i > 0) words = after_common(words, ph_lang_pick(cli->lang, crs->guesses[0].zh, crs->guesses[0].en));
        snprintf(text, sizeof text, "--crs %s  %s", crs->guesses[i].code, words);
        line(cli, i == 0 ? _("Likely CRS") : "", text);
    }
}

static void print_encoding(struct ph_cli *cli, const struct ph_inspection_content *c)
{
    line(cli, _("Encoding"),
         c->encoding == NULL ? _("UTF-8, as the format has it") : ph_lang_pick(cli->lang, c->encoding_zh, c->encoding_en));
    bool worded = c->words != NULL && c->words[0] != '\0';
    if (worded && c->reading_count == 0) line(cli, _("Samples"), c->words);
    for (size_t i = 0; worded && i < c->reading_count; i++) {
        const struct ph_inspect_reading *r = &c->readings[i];
        char text[800];
        if (r->bad > 0)
            snprintf(text, sizeof text, _("%s (cannot read %zu of the samples): %s"), r->encoding, r->bad, r->words);
        else
            snprintf(text, sizeof text, _("%s: %s"), r->encoding, r->words);
        line(cli, i == 0 ? _("Samples") : i == 1 ? _("Else") : "", text);
    }
}

/* ---- fields ---- */

static const char *how_text(enum ph_inspect_how how)
{
    static const char *const texts[] = {[PH_HOW_CARRIED] = N_("carried over"),
                                        [PH_HOW_NAME] = N_("English name"),
                                        [PH_HOW_TITLE] = N_("Chinese name"),
                                        [PH_HOW_ALIAS] = N_("known name or code"),
                                        [PH_HOW_CUT] = N_("name cut off"),
                                        [PH_HOW_ORDERED] = "--map",
                                        [PH_HOW_UNIT] = N_("states the unit of the area"),
                                        [PH_HOW_SURPLUS] = N_("carried over: another column fits better"),
                                        [PH_HOW_AMBIGUOUS] = N_("fits two fields: --map must say which")};
    return how == PH_HOW_ORDERED ? texts[how] : _(texts[how]);
}

static void unit_text(const struct ph_inspect_field *field, char *text, size_t size)
{
    static const char *const from[] = {[PH_UNIT_OF_NONE] = "",
                                       [PH_UNIT_OF_NAME] = N_("from the name"),
                                       [PH_UNIT_OF_TABLE] = N_("from the table"),
                                       [PH_UNIT_OF_MAP] = "--map",
                                       [PH_UNIT_OF_COLUMN] = N_("row by row, in a column of its own"),
                                       [PH_UNIT_OF_MEASURED] = N_("not stated; see the problems"),
                                       [PH_UNIT_OF_DEFAULT] = N_("not stated, assumed"),
                                       [PH_UNIT_OF_NOTHING] = N_("cannot be read; all unknown")};
    const char *words = from[field->unit_from];
    if (words[0] != '\0') words = _(words);
    if (field->unit == NULL)
        snprintf(text, size, "%s", words);
    else
        snprintf(text, size, words[0] ? _("%s (%s)") : "%s%s", field->unit, words);
}

static void print_fields(struct ph_cli *cli, const struct ph_inspection_content *c)
{
    enum { COLUMNS = 7 };
    static const char *const sure[] = {"", N_("doubtful"), N_("likely"), N_("sure")};
    const struct ph_term_column heads[COLUMNS] = {{_("Column"), false}, {_("Type"), false}, {_("Known"), true}, {_("Taken for"), false},
                                                  {_("How"), false},    {_("Sure"), false}, {_("Unit"), false}};
    const char **cells = calloc(c->field_count + 1, COLUMNS * sizeof *cells);
    char(*texts)[3][160] = calloc(c->field_count + 1, sizeof *texts);
    for (size_t i = 0; cells != NULL && texts != NULL && i < c->field_count; i++) {
        const struct ph_inspect_field *f = &c->fields[i];
        snprintf(texts[i][0], sizeof texts[i][0], "%zu/%zu", f->known, c->rows);
        if (f->known < f->present) snprintf(texts[i][0], sizeof texts[i][0], _("%zu/%zu, %zu unreadable"), f->known, c->rows, f->present - f->known);
        if (f->field != NULL)
            snprintf(texts[i][1], sizeof texts[i][1], "%s %s", ph_lang_pick(cli->lang, f->title, f->field),
                     ph_lang_pick(cli->lang, f->field, f->title));
        unit_text(f, texts[i][2], sizeof texts[i][2]);
        const char *row[COLUMNS] = {f->source, f->type, texts[i][0], f->field ? texts[i][1] : "", how_text(f->how),
                              f->confidence ? _(sure[f->confidence]) : "", texts[i][2]};
        memcpy(cells + i * COLUMNS, row, sizeof row);
    }
    heading(cli, _("Fields"));
    if (cells != NULL && texts != NULL) ph_term_table(&cli->out, heads, COLUMNS, cells, c->field_count);
    free(texts);
    free(cells);
    char absent[2400] = "";
    for (size_t i = 0; i < c->absent_count; i++) {
        size_t used = strlen(absent);
        snprintf(absent + used, sizeof absent - used, "%s%s", i ? _(", ") : "", ph_lang_pick(cli->lang, c->absent[i], c->absent_names[i]));
    }
    if (c->absent_count == 0 || c->kind == PH_INSPECT_UNKNOWN) return;
    fputc('\n', cli->out.stream);
    line(cli, _("Not found"), absent);
}

/* ---- what could be decided ---- */

static void lacks_text(struct ph_cli *cli, const struct ph_inspect_rule *rule, char *text, size_t size)
{
    text[0] = '\0';
    for (size_t i = 0; i < rule->lack_count; i++) {
        const struct ph_inspect_lack *lack = &rule->lacks[i];
        size_t used = strlen(text);
        snprintf(text + used, size - used, "%s%s %zu", i ? _("; ") : "", ph_lang_pick(cli->lang, lack->title, lack->name), lack->rows);
        used = strlen(text);
        if (lack->absent) snprintf(text + used, size - used, "%s", _(" (no such column)"));
    }
}

static void print_rules(struct ph_cli *cli, const struct ph_inspection_content *c)
{
    enum { COLUMNS = 4 };
    const struct ph_term_column heads[COLUMNS] = {{_("Rule"), false}, {_("Title"), false}, {_("Undecided"), true}, {_("For lack of, and for how many parcels"), false}};
    const char **cells = calloc(c->rule_count + 1, COLUMNS * sizeof *cells);
    char(*texts)[2][600] = calloc(c->rule_count + 1, sizeof *texts), text[400];
    if (c->rule_set != NULL) {
        const char *set = ph_lang_pick(cli->lang, c->rule_set, c->rule_set_en);
        if (c->as_of[0] != '\0')
            snprintf(text, sizeof text, _("What can be decided (%s, tried for %s)"), set, c->as_of);
        else
            snprintf(text, sizeof text, _("What can be decided (%s)"), set);
        heading(cli, text);
    }
    size_t rows = 0;
    for (size_t i = 0; cells != NULL && texts != NULL && i < c->rule_count; i++) {
        const struct ph_inspect_rule *rule = &c->rules[i];
        if (rule->undecided == 0 && !rule->skipped) continue;
        snprintf(texts[i][0], sizeof texts[i][0], "%zu", rule->undecided);
        lacks_text(cli, rule, texts[i][1], sizeof texts[i][1]);
        const char *row[COLUMNS] = {rule->id, ph_lang_pick(cli->lang, rule->title, rule->title_en), rule->skipped ? _("skipped") : texts[i][0], texts[i][1]};
        memcpy(cells + rows++ * COLUMNS, row, sizeof row);
    }
    if (rows > 0) ph_term_table(&cli->out, heads, COLUMNS, cells, rows);
    if (c->rule_set != NULL)
        fprintf(cli->out.stream, _("The other %zu rules can be decided for every parcel; %zu of %zu parcels would stay unverified.\n"), c->rule_count - rows,
                c->unverified, c->rows);
    free(texts);
    free(cells);
}

/* ---- problems ---- */

static void print_problem(struct ph_cli *cli, const struct ph_inspect_problem *p, bool rows)
{
    FILE *out = cli->out.stream;
    bool error = strcmp(p->severity, "error") == 0, warning = strcmp(p->severity, "warning") == 0;
    const char *word = error ? _("error") : warning ? _("warning") : _("note");
    enum ph_style style = error ? PH_STYLE_RED : warning ? PH_STYLE_YELLOW : PH_STYLE_PLAIN;
    const char *hint = ph_lang_pick(cli->lang, p->hint_zh, p->hint_en);
    fprintf(out, "%s[%s]%s %s", ph_term_style(&cli->out, style), word, ph_term_style(&cli->out, PH_STYLE_PLAIN), p->code);
    fprintf(out, " × %zu", p->count);
    fprintf(out, "%s%s\n", hint && *hint ? "  → " : "", hint ? hint : "");
    for (size_t i = 0; i < p->example_count; i++) {
        char where[64] = "";
        if (p->examples[i].feature >= 0)
            snprintf(where, sizeof where, rows ? _("row %lld: ") : _("feature %lld: "), (long long)p->examples[i].feature);
        fprintf(out, "    %s", where);
        ph_width_wrap(out, ph_lang_pick(cli->lang, p->examples[i].zh, p->examples[i].en), 4 + ph_width_text(where), 6,
                      cli->out.is_terminal ? cli->out.width : 1 << 20);
        fputc('\n', out);
    }
}

static void print_problems(struct ph_cli *cli, const struct ph_inspection_content *c)
{
    char text[160];
    snprintf(text, sizeof text, _("Problems: %zu errors, %zu warnings, %zu notes"), c->errors, c->warnings, c->notes);
    heading(cli, text);
    for (size_t i = 0; i < c->problem_count; i++) print_problem(cli, &c->problems[i], !c->has_geometry);
}

/* ---- what to do next ---- */

/* A word as a shell takes it. */
static void print_word(FILE *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=,+-@%";
    bool quoted = word[0] == '\0';
    for (const char *at = word; *at != '\0'; at++) quoted |= (unsigned char)*at < 0x80 && strchr(plain, *at) == NULL;
    fputc(' ', out);
    if (quoted) fputc('\'', out);
    for (const char *at = word; *at != '\0'; at++) {
        if (*at == '\'') {
            fputs("'\\''", out);
        } else {
            fputc(*at, out);
        }
    }
    if (quoted) fputc('\'', out);
}

static void print_option(FILE *out, const char *option, const char *value)
{
    if (value == NULL) return;
    fprintf(out, " %s", option);
    print_word(out, value);
}

static void print_command(FILE *out, const struct ph_inspect_request *given, const struct ph_inspection_content *c)
{
    fputs("  panhuo audit", out);
    if (c->kind == PH_INSPECT_PARCELS) {
        print_word(out, c->source);
        print_option(out, "--layer", given->layer ? given->layer : c->layer_count > 1 ? c->layer : NULL);
        const char *crs = given->crs;
        if (crs == NULL && c->crs.guess_count > 0) crs = c->crs.guesses[0].certain ? c->crs.guesses[0].code : _("EPSG:NUMBER");
        print_option(out, "--crs", crs);
        print_option(out, "--encoding", given->encoding);
        print_option(out, "--txt-layout", given->txt_layout);
        for (const char *const *m = given->map; m != NULL && *m != NULL; m++) print_option(out, "--map", *m);
        for (const char *const *o = given->open_options; o != NULL && *o != NULL; o++) print_option(out, "-oo", *o);
    } else {
        print_word(out, _("PARCELS.shp"));
        static const char *const options[] = {[PH_INSPECT_ENTERPRISES] = "--enterprises", [PH_INSPECT_LEDGER] = "--ledger", [PH_INSPECT_LINKS] = "--links"};
        print_option(out, options[c->kind], c->source);
    }
    fputs(" --as-of YYYY-MM-DD -o audit.gpkg\n", out);
}

static void print_next(struct ph_cli *cli, const struct ph_inspect_request *given, const struct ph_inspection_content *c)
{
    FILE *out = cli->out.stream;
    bool ambiguous = false;
    for (size_t i = 0; i < c->field_count; i++) ambiguous |= c->fields[i].how == PH_HOW_AMBIGUOUS;
    heading(cli, _("Next"));
    if (c->kind == PH_INSPECT_UNKNOWN) {
        fprintf(out, "%s\n", _("No column has a known name: check that this is the right file, and that its columns are named in the ordinary way."));
        return;
    }
    if (c->kind == PH_INSPECT_PARCELS && c->shapes.single + c->shapes.multiple == 0) {
        fprintf(out, "%s\n", _("There are no polygons here: parcels cannot be audited from this."));
        return;
    }
    if (ambiguous) fprintf(out, "%s\n", _("Columns that fit two fields stop the audit: settle each with the --map shown above."));
    if (c->kind == PH_INSPECT_PARCELS && c->crs.name == NULL)
        fprintf(out, "%s\n", _("Without a CRS there is no audit: ask for the .prj, or give --crs when you are sure."));
    print_command(out, given, c);
}

void ph_inspect_print_page(struct ph_cli *cli, const struct ph_inspect_request *given, const struct ph_inspection_content *c)
{
    print_source(cli, c);
    if (c->has_geometry) print_crs(cli, &c->crs);
    print_encoding(cli, c);
    print_fields(cli, c);
    print_rules(cli, c);
    print_problems(cli, c);
    print_next(cli, given, c);
}
