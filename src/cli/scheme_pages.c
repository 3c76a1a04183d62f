#include "cli/scheme_pages.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "cli/rule_names.h"

static void line(struct ph_cli *cli, const char *label, const char *text)
{
    ph_term_labelled(&cli->out, label, text);
}

static const char *pick(const struct ph_cli *cli, const char *zh, const char *en)
{
    return ph_lang_pick(cli->lang, zh, en ? en : zh);
}

static const char *mark(int sure)
{
    return sure ? "" : _(" [to be verified]");
}

/* A label with a text, and the mark of what was not checked behind it. */
static void marked_line(struct ph_cli *cli, const char *label, const char *text, int sure)
{
    char both[2048];
    if (text == NULL) return;
    snprintf(both, sizeof both, "%s%s", text, mark(sure));
    line(cli, label, both);
}

/* ---- an indicator in words ---- */

static void put_weight(char *out, size_t size, const struct ph_scheme_indicator_sheet *i)
{
    if (isnan(i->weight))
        snprintf(out, size, "%s", _("not set"));
    else
        snprintf(out, size, "%.10g", i->weight);
}

static void put_formula(char *out, size_t size, const struct ph_scheme_indicator_sheet *i)
{
    if (strcmp(i->formula, "ratio") == 0) {
        snprintf(out, size, "%s", _("value ÷ base × weight"));
    } else if (strcmp(i->formula, "reciprocal") == 0) {
        snprintf(out, size, "%s", _("base ÷ value × weight"));
    } else if (strcmp(i->formula, "linear_drop") == 0) {
        snprintf(out, size, "%s", _("weight × (2 − value ÷ base)"));
    } else {
        const char *range =
            i->down ? _("(largest − value) ÷ (largest − smallest)") : _("(value − smallest) ÷ (largest − smallest)");
        snprintf(out, size, _("weight × [%.10g + %.10g × %s]"), i->floor_share, 1 - i->floor_share, range);
    }
}

static void put_base(char *out, size_t size, const struct ph_scheme_indicator_sheet *i)
{
    static const char *const kinds[][2] = {{"mean", N_("mean")},
                                           {"weighted_mean", N_("Σ numerator ÷ Σ denominator")},
                                           {"median", N_("median")},
                                           {"max", N_("largest value")}};
    char times[40] = "";
    const char *kind = "";
    if (i->base_kind == NULL) {
        snprintf(out, size, "%s", _("smallest and largest value"));
        return;
    }
    if (strcmp(i->base_kind, "fixed") == 0) {
        if (isnan(i->base))
            snprintf(out, size, "%s", _("not set"));
        else
            snprintf(out, size, "%.10g", i->base);
        return;
    }
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (strcmp(kinds[k][0], i->base_kind) == 0) kind = _(kinds[k][1]);
    if (i->base_times != 1) snprintf(times, sizeof times, "%.10g × ", i->base_times);
    snprintf(out, size, "%s%s%s", times, kind, i->base_over_all ? _(" of everybody") : _(" of the group"));
}

static void put_limits(char *out, size_t size, const struct ph_scheme_indicator_sheet *i)
{
    char floor[40], cap[40];
    snprintf(floor, sizeof floor, "%.10g", i->floor);
    snprintf(cap, sizeof cap, "%.10g", i->cap);
    if (isinf(i->floor)) snprintf(floor, sizeof floor, "%s", _("no lower limit"));
    if (isinf(i->cap)) snprintf(cap, sizeof cap, "%s", _("no upper limit"));
    snprintf(out, size, "%s – %s", floor, cap);
}

static void put_treatment(char *out, size_t size, const struct ph_scheme_treatment *t)
{
    static const char *const words[][2] = {{"value", N_("a value like any other")},
                                           {"not_evaluated", N_("not evaluated")},
                                           {"zero", N_("no points")},
                                           {"group_mean", N_("mean of the group's points")},
                                           {"full", N_("the full weight")}};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (strcmp(words[k][0], t->policy) == 0) snprintf(out, size, "%s", _(words[k][1]));
    if (strcmp(t->policy, "penalty") == 0) snprintf(out, size, _("%.10g points less"), t->penalty);
}

/* ---- the page ---- */

static void print_indicators(struct ph_cli *cli, const struct ph_scheme_group_sheet *g)
{
    enum { COLUMNS = 7, WIDTH = 256 };
    const struct ph_term_column heads[COLUMNS] = {{_("Indicator"), false}, {_("Title"), false}, {_("Weight"), true},
                                                  {_("Value"), false},     {_("Base"), false},  {_("Scoring"), false},
                                                  {_("Missing"), false}};
    char(*texts)[5][WIDTH] = calloc(g->indicator_count + 1, sizeof *texts);
    const char **cells = calloc(g->indicator_count + 1, COLUMNS * sizeof *cells);
    double sum = 0;
    for (size_t i = 0; texts != NULL && cells != NULL && i < g->indicator_count; i++) {
        const struct ph_scheme_indicator_sheet *one = &g->indicators[i];
        snprintf(texts[i][0], WIDTH, "%s%s", pick(cli, one->title, one->title_en), mark(one->sure));
        put_weight(texts[i][1], WIDTH, one);
        put_base(texts[i][2], WIDTH, one);
        put_formula(texts[i][3], WIDTH, one);
        put_treatment(texts[i][4], WIDTH, &one->missing);
        const char *row[COLUMNS] = {one->id, texts[i][0], texts[i][1], one->value, texts[i][2], texts[i][3], texts[i][4]};
        memcpy(cells + i * COLUMNS, row, sizeof row);
        sum += one->weight;
    }
    if (texts != NULL && cells != NULL) ph_term_table(&cli->out, heads, COLUMNS, cells, g->indicator_count);
    if (!isnan(sum)) fprintf(cli->out.stream, _("Weights together: %.10g\n"), sum);
    free(texts);
    free(cells);
}

static void print_classes(struct ph_cli *cli, const struct ph_scheme_group_sheet *g)
{
    char text[1024] = "";
    if (g->class_by == NULL) {
        line(cli, _("Classes"), _("none are set: scores and ranks only"));
        return;
    }
    for (size_t i = 0; i < g->class_count; i++) {
        const struct ph_scheme_class_sheet *c = &g->classes[i];
        char limit[160];
        if (isnan(c->limit))
            snprintf(limit, sizeof limit, "%s", _("the rest"));
        else if (strcmp(g->class_by, "share") == 0)
            snprintf(limit, sizeof limit, _("up to %.10g %% of the ranked"), c->limit * 100);
        else
            snprintf(limit, sizeof limit, _("from %.10g"), c->limit);
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%c %s%s(%s)", i ? "; " : "", c->id,
                 c->response ? pick(cli, c->response, c->response_en) : "", c->response ? " " : "", limit);
    }
    line(cli, _("Classes"), text);
    if (strcmp(g->class_by, "value") == 0) line(cli, _("by the value"), g->class_of);
    if (strcmp(g->class_by, "score") == 0) line(cli, "", _("by the score"));
    marked_line(cli, _("Source"), g->class_source, g->class_sure);
}

static const char *kind_of(const char *kind)
{
    static const char *const words[][2] = {{"exempt", N_("Exempt")},
                                           {"adjust", N_("Adjustment")},
                                           {"new", N_("Newly founded")},
                                           {"veto", N_("Veto")},
                                           {"bonus", N_("Bonus, penalty")}};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (strcmp(words[k][0], kind) == 0) return _(words[k][1]);
    return kind;
}

static void print_clauses(struct ph_cli *cli, const struct ph_scheme_sheet *s)
{
    enum { COLUMNS = 4, WIDTH = 256 };
    const struct ph_term_column heads[COLUMNS] = {
        {_("Kind"), false}, {_("Title"), false}, {_("Expression"), false}, {_("Effect"), false}};
    char(*texts)[2][WIDTH] = calloc(s->clause_count + 1, sizeof *texts);
    const char **cells = calloc(s->clause_count + 1, COLUMNS * sizeof *cells);
    for (size_t i = 0; texts != NULL && cells != NULL && i < s->clause_count; i++) {
        const struct ph_scheme_clause_sheet *c = &s->clauses[i];
        char *effect = texts[i][1];
        if (strcmp(c->kind, "exempt") == 0) snprintf(effect, WIDTH, "%s", _("not evaluated"));
        if (strcmp(c->kind, "exempt") == 0 && c->limit) snprintf(effect, WIDTH, _("no class, treated as %c"), c->limit);
        if (strcmp(c->kind, "new") == 0) snprintf(effect, WIDTH, _("no worse than %c"), c->limit);
        if (strcmp(c->kind, "veto") == 0) snprintf(effect, WIDTH, _("no better than %c"), c->limit);
        if (strcmp(c->kind, "adjust") == 0) snprintf(effect, WIDTH, "%s", _("so many classes better or worse, or that class"));
        if (strcmp(c->kind, "bonus") == 0) snprintf(effect, WIDTH, "%s", _("points added"));
        if (strcmp(c->kind, "bonus") == 0 && !isinf(c->at_most))
            snprintf(effect, WIDTH, _("points added, %.10g at most"), c->at_most);
        snprintf(texts[i][0], WIDTH, "%s%s", pick(cli, c->title, c->title_en), mark(c->sure));
        const char *row[COLUMNS] = {kind_of(c->kind), texts[i][0], c->when, effect};
        memcpy(cells + i * COLUMNS, row, sizeof row);
    }
    if (s->clause_count > 0) fputc('\n', cli->out.stream);
    if (texts != NULL && cells != NULL && s->clause_count > 0) ph_term_table(&cli->out, heads, COLUMNS, cells, s->clause_count);
    free(texts);
    free(cells);
}

static void print_gaps(struct ph_cli *cli, const struct ph_scheme_sheet *s)
{
    fprintf(cli->out.stream, _("Valid, but it cannot score before %zu things are filled in that were not published:\n"),
            s->gap_count);
    for (size_t i = 0; i < s->gap_count; i++) {
        const struct ph_scheme_gap_sheet *gap = &s->gaps[i];
        const char *what = strcmp(gap->key, "weight") == 0 ? _("weight") : _("base");
        fprintf(cli->out.stream, "  %s:%d  %s / %s: %s%s%s\n", gap->file, gap->line, gap->group, gap->indicator, what,
                gap->param ? " = " : "", gap->param ? gap->param : "");
    }
}

void ph_scheme_page(struct ph_cli *cli, const struct ph_scheme_sheet *s)
{
    line(cli, _("Scheme"), pick(cli, s->title, s->title_en));
    line(cli, _("Code"), s->name);
    marked_line(cli, _("Source"), s->source, s->sure);
    if (s->example) line(cli, _("Mind"), _("The weights are an example, no authority's."));
    if (s->note != NULL) line(cli, _("Note"), s->note);
    line(cli, "SHA-256", s->sha256);
    size_t indicators = 0;
    for (size_t i = 0; i < s->group_count; i++) {
        const struct ph_scheme_group_sheet *g = &s->groups[i];
        char text[512];
        indicators += g->indicator_count;
        fputc('\n', cli->out.stream);
        snprintf(text, sizeof text, "%s  %s", g->id, pick(cli, g->title, g->title_en));
        line(cli, _("Group"), text);
        line(cli, _("Condition"), g->when);
        if (g->note != NULL) line(cli, _("Note"), g->note);
        print_indicators(cli, g);
        print_classes(cli, g);
    }
    print_clauses(cli, s);
    const struct ph_rule_name **words = calloc(s->term_count + 1, sizeof *words);
    size_t count = 0;
    for (size_t i = 0; words != NULL && i < s->term_count; i++)
        if (s->terms[i].kind != PH_NAME_VALUE) words[count++] = &s->terms[i];
    if (words != NULL) ph_rule_names_print(cli, words, count, "");
    free(words);
    fputc('\n', cli->out.stream);
    if (s->gap_count > 0)
        print_gaps(cli, s);
    else
        fprintf(cli->out.stream, _("Valid: %zu groups, %zu indicators.\n"), s->group_count, indicators);
}

bool ph_scheme_explain(struct ph_cli *cli, const struct ph_scheme_sheet *s, const char *id)
{
    bool found = false;
    char text[1024];
    for (size_t g = 0; g < s->group_count; g++)
        for (size_t k = 0; k < s->groups[g].indicator_count; k++) {
            const struct ph_scheme_indicator_sheet *i = &s->groups[g].indicators[k];
            if (strcmp(i->id, id) != 0) continue;
            if (found) fputc('\n', cli->out.stream);
            found = true;
            snprintf(text, sizeof text, "%s  %s%s", i->id, pick(cli, i->title, i->title_en), mark(i->sure));
            line(cli, _("Indicator"), text);
            line(cli, _("Group"), pick(cli, s->groups[g].title, s->groups[g].title_en));
            line(cli, _("Value"), i->value);
            if (i->unit != NULL) line(cli, _("Unit"), i->unit);
            line(cli, _("Direction"), i->down ? _("less is better") : _("more is better"));
            put_weight(text, sizeof text, i);
            line(cli, _("Weight"), text);
            put_base(text, sizeof text, i);
            line(cli, _("Base"), text);
            put_formula(text, sizeof text, i);
            line(cli, _("Scoring"), text);
            put_limits(text, sizeof text, i);
            line(cli, _("Points"), text);
            put_treatment(text, sizeof text, &i->missing);
            line(cli, _("Missing"), text);
            put_treatment(text, sizeof text, &i->zero);
            line(cli, _("Zero"), text);
            put_treatment(text, sizeof text, &i->zero_divisor);
            line(cli, _("Divisor zero"), text);
            if (i->source != NULL) line(cli, _("Source"), i->source);
            if (i->note != NULL) line(cli, _("Note"), i->note);
            snprintf(text, sizeof text, "%s:%d", i->file, i->line);
            line(cli, _("Written in"), text);
            if (s->example) line(cli, _("Mind"), _("The weights are an example, no authority's."));
        }
    return found;
}

/* ---- JSON ---- */

static void json_treatment(FILE *out, const char *name, const struct ph_scheme_treatment *t)
{
    fprintf(out, ",\"%s\":{", name);
    ph_json_member(out, "policy", t->policy);
    if (strcmp(t->policy, "penalty") == 0) fprintf(out, ",\"points\":%.15g", t->penalty);
    fputc('}', out);
}

static void json_number(FILE *out, const char *name, double v)
{
    fprintf(out, ",\"%s\":", name);
    ph_json_number(out, v);
}

static void json_indicator(FILE *out, const struct ph_scheme_indicator_sheet *i)
{
    const struct ph_json_text members[] = {
        {"id", i->id},           {"title", i->title},         {"title_en", i->title_en}, {"unit", i->unit}, {"value", i->value},
        {"formula", i->formula}, {"base_kind", i->base_kind}, {"source", i->source},     {"note", i->note}};
    fputc('{', out);
    ph_json_members(out, members, sizeof members / sizeof *members);
    fprintf(out, ",\"down\":%s,\"sure\":%s,\"over_all\":%s", i->down ? "true" : "false", i->sure ? "true" : "false",
            i->base_over_all ? "true" : "false");
    json_number(out, "weight", i->weight);
    json_number(out, "base", i->base);
    json_number(out, "times", i->base_times);
    json_number(out, "floor_share", i->floor_share);
    json_number(out, "cap", i->cap);
    json_number(out, "floor", i->floor);
    json_treatment(out, "missing", &i->missing);
    json_treatment(out, "zero", &i->zero);
    json_treatment(out, "zero_divisor", &i->zero_divisor);
    fputc('}', out);
}

static void json_group(FILE *out, const struct ph_scheme_group_sheet *g)
{
    const struct ph_json_text members[] = {{"id", g->id},     {"title", g->title},       {"title_en", g->title_en},
                                           {"when", g->when}, {"class_by", g->class_by}, {"class_of", g->class_of}};
    fputc('{', out);
    ph_json_members(out, members, sizeof members / sizeof *members);
    fputs(",\"indicators\":[", out);
    for (size_t i = 0; i < g->indicator_count; i++) {
        fputs(i ? ",\n" : "\n", out);
        json_indicator(out, &g->indicators[i]);
    }
    fputs("],\"classes\":[", out);
    for (size_t i = 0; i < g->class_count; i++) {
        const char id[2] = {g->classes[i].id, '\0'};
        const struct ph_json_text texts[] = {
            {"id", id}, {"response", g->classes[i].response}, {"response_en", g->classes[i].response_en}};
        fputs(i ? ",{" : "{", out);
        ph_json_members(out, texts, 3);
        json_number(out, "limit", g->classes[i].limit);
        fputc('}', out);
    }
    fputs("]}", out);
}

void ph_scheme_json(struct ph_cli *cli, const struct ph_scheme_sheet *s)
{
    FILE *out = cli->out.stream;
    const struct ph_json_text members[] = {{"name", s->name},     {"title", s->title}, {"title_en", s->title_en},
                                           {"source", s->source}, {"note", s->note},   {"sha256", s->sha256}};
    fputc('{', out);
    ph_json_members(out, members, sizeof members / sizeof *members);
    fprintf(out, ",\"valid\":true,\"example\":%s,\"sure\":%s", s->example ? "true" : "false", s->sure ? "true" : "false");
    json_number(out, "min_land_mu", s->min_land_mu);
    fputs(",\"groups\":[", out);
    for (size_t i = 0; i < s->group_count; i++) {
        if (i > 0) fputc(',', out);
        json_group(out, &s->groups[i]);
    }
    fputs("],\"clauses\":[", out);
    for (size_t i = 0; i < s->clause_count; i++) {
        const struct ph_scheme_clause_sheet *c = &s->clauses[i];
        const char limit[2] = {c->limit, '\0'};
        const struct ph_json_text texts[] = {{"kind", c->kind}, {"title", c->title},   {"title_en", c->title_en},
                                             {"when", c->when}, {"reason", c->reason}, {"class", c->limit ? limit : NULL}};
        fputs(i ? ",\n{" : "\n{", out);
        ph_json_members(out, texts, sizeof texts / sizeof *texts);
        json_number(out, "at_most", c->at_most);
        fputc('}', out);
    }
    fputs("],\"gaps\":[", out);
    for (size_t i = 0; i < s->gap_count; i++) {
        const struct ph_scheme_gap_sheet *g = &s->gaps[i];
        const struct ph_json_text texts[] = {
            {"group", g->group}, {"indicator", g->indicator}, {"key", g->key}, {"param", g->param}};
        fputs(i ? ",\n{" : "\n{", out);
        ph_json_members(out, texts, 4);
        fputc('}', out);
    }
    fputs("],\"names\":[", out);
    for (size_t i = 0; i < s->term_count; i++) {
        fputs(i ? ",\n" : "\n", out);
        ph_rule_name_json(out, &s->terms[i]);
    }
    fputs("]}\n", out);
}
