/* panhuo rules: rule sets listed, validated, explained, printed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/json.h"
#include "panhuo/rules.h"

struct rules_options {
    struct ph_opt_list set;
    const char *explain;
    bool print, json;
};

static const struct ph_opt table[] = {
    {.kind = PH_OPT_HEADING, .name = N_("Arguments")},
    {.kind = PH_OPT_ARGUMENT,
     .name = "SET|RULES.yaml",
     .offset = offsetof(struct rules_options, set),
     .max = 1,
     .help = N_("a built-in rule set or a file, to be validated and listed; without it the built-in sets are listed")},
    {.kind = PH_OPT_HEADING, .name = N_("Pages")},
    {.kind = PH_OPT_TEXT,
     .name = "explain",
     .offset = offsetof(struct rules_options, explain),
     .value = "ID",
     .help = N_("explain a rule of the set (without a set: of national); 'names' lists what expressions can name, "
                "'functions' what they can call")},
    {.kind = PH_OPT_FLAG,
     .name = "print",
     .offset = offsetof(struct rules_options, print),
     .help = N_("print the YAML text of a built-in set, to be copied and edited")},
    {.kind = PH_OPT_FLAG, .name = "json", .offset = offsetof(struct rules_options, json), .help = N_("print the result as JSON")},
    {.kind = PH_OPT_END}};

/* ---- what a page is made of ---- */

static void line(struct ph_cli *cli, const char *label, const char *text)
{
    ph_term_labelled(&cli->out, label, text);
}

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

/* ---- lists ---- */

static int list_builtin(struct ph_cli *cli, bool json)
{
    enum { COLUMNS = 3, MANY = 64 };
    const struct ph_term_column heads[COLUMNS] = {{_("Rule set"), false}, {_("Rules"), true}, {_("Title"), false}};
    const char *cells[MANY * COLUMNS];
    struct ph_rulebook *books[MANY];
    char counts[MANY][24];
    size_t count = 0;
    int code = PH_EXIT_DONE;
    for (const char *name; count < MANY && (name = ph_rulebook_builtin(count, NULL)) != NULL; count++) {
        struct ph_error err = PH_ERROR_INIT;
        if (ph_rulebook_open(name, &books[count], &err) != PH_OK) {
            code = ph_cli_fail(cli, &err);
            break;
        }
        const struct ph_rulebook_content *set = ph_rulebook_content(books[count]);
        snprintf(counts[count], sizeof counts[count], "%zu", set->rule_count);
        cells[COLUMNS * count] = name;
        cells[COLUMNS * count + 1] = counts[count];
        cells[COLUMNS * count + 2] = ph_lang_pick(cli->lang, set->title, set->title_en ? set->title_en : set->title);
    }
    if (code == PH_EXIT_DONE && !json) {
        ph_term_table(&cli->out, heads, COLUMNS, cells, count);
        fprintf(cli->out.stream, "\n%s\n",
                _("panhuo rules SET lists a set, panhuo rules SET --explain ID explains a rule, "
                  "panhuo rules SET --print > MINE.yaml copies it for editing."));
    }
    for (size_t i = 0; code == PH_EXIT_DONE && json && i < count; i++) {
        const struct ph_rulebook_content *set = ph_rulebook_content(books[i]);
        fputs(i == 0 ? "[" : ",\n", cli->out.stream);
        fputc('{', cli->out.stream);
        ph_json_member(cli->out.stream, "name", set->name);
        fputc(',', cli->out.stream);
        ph_json_member(cli->out.stream, "title", set->title);
        fputc(',', cli->out.stream);
        ph_json_member(cli->out.stream, "title_en", set->title_en);
        fprintf(cli->out.stream, ",\"rules\":%zu}%s", set->rule_count, i + 1 == count ? "]\n" : "");
    }
    for (size_t i = 0; i < count; i++) ph_rulebook_free(books[i]);
    return code;
}

/* Basis, with a mark behind it when it was not checked against an original. */
static char *basis_of(const struct ph_rule_sheet *rule)
{
    const char *mark = rule->sure ? "" : _(" [to be verified]");
    size_t size = strlen(rule->basis) + strlen(mark) + 1;
    char *text = malloc(size);
    if (text != NULL) snprintf(text, size, "%s%s", rule->basis, mark);
    return text;
}

static const char *title_of(const struct ph_cli *cli, const struct ph_rule_sheet *rule)
{
    return ph_lang_pick(cli->lang, rule->title, rule->title_en ? rule->title_en : rule->title);
}

static const char *tag_of(const struct ph_cli *cli, const struct ph_rule_sheet *rule)
{
    return ph_lang_pick(cli->lang, or_empty(rule->tag_title), rule->tag);
}

static void list_rules(struct ph_cli *cli, const struct ph_rulebook_content *set)
{
    enum { COLUMNS = 4 };
    const struct ph_term_column heads[COLUMNS] = {
        {_("Rule"), false}, {_("Tag"), false}, {_("Title"), false}, {_("Basis"), false}};
    const char **cells = calloc(set->rule_count + 1, COLUMNS * sizeof *cells);
    char **bases = calloc(set->rule_count + 1, sizeof *bases);
    line(cli, _("Rule set"), ph_lang_pick(cli->lang, set->title, set->title_en ? set->title_en : set->title));
    line(cli, _("Code"), set->name);
    if (set->source != NULL) line(cli, _("Source"), set->source);
    line(cli, "SHA-256", set->sha256);
    fputc('\n', cli->out.stream);
    for (size_t i = 0; cells != NULL && bases != NULL && i < set->rule_count; i++) {
        const struct ph_rule_sheet *rule = &set->rules[i];
        bases[i] = basis_of(rule);
        const char *row[COLUMNS] = {rule->id, tag_of(cli, rule), title_of(cli, rule), bases[i]};
        memcpy(cells + i * COLUMNS, row, sizeof row);
    }
    if (cells != NULL && bases != NULL) ph_term_table(&cli->out, heads, COLUMNS, cells, set->rule_count);
    for (size_t i = 0; bases != NULL && i < set->rule_count; i++) free(bases[i]);
    free(bases);
    free(cells);
    fputc('\n', cli->out.stream);
    fprintf(cli->out.stream, _("Valid: %zu rules."), set->rule_count);
    fputc('\n', cli->out.stream);
}

static void list_functions(struct ph_cli *cli)
{
    const char *title;
    for (size_t i = 0; ph_rulebook_function(i, &title) != NULL; i++)
        fprintf(cli->out.stream, "%s%s%s\n", ph_rulebook_function(i, &title), title ? "  " : "", or_empty(title));
}

static void print_names(struct ph_cli *cli, const struct ph_rule_name *const *terms, size_t count, enum ph_rule_name_kind kind)
{
    enum { COLUMNS = 3 };
    const struct ph_term_column heads[COLUMNS] = {{_("Name"), false}, {_("English name"), false}, {_("Meaning"), false}};
    const size_t columns = kind == PH_NAME_VALUE ? COLUMNS - 1 : COLUMNS; /* values carry no meaning but their name */
    const char **cells = calloc(count + 1, COLUMNS * sizeof *cells);
    char(*texts)[4096] = calloc(count + 1, sizeof *texts);
    size_t rows = 0;
    for (size_t i = 0; cells != NULL && texts != NULL && i < count; i++) {
        const struct ph_rule_name *t = terms[i];
        if (t->kind != kind) continue;
        char *text = texts[rows];
        if (kind == PH_NAME_DEFINE)
            snprintf(text, sizeof texts[0], "= %s%s%s", t->expr, t->note ? _("; note: ") : "", or_empty(t->note));
        else if (kind == PH_NAME_PARAM)
            snprintf(text, sizeof texts[0], "= %s%s%s%s%s%s", t->value ? t->value : _("not set"),
                     t->value && t->unit && *t->unit ? " " : "", t->value ? or_empty(t->unit) : "",
                     t->source ? _("; source: ") : "", or_empty(t->source),
                     t->sure && strcmp(t->sure, "V") != 0 ? _(" [to be verified]") : "");
        const char *row[COLUMNS] = {t->title ? t->title : t->name, t->name, text};
        memcpy(cells + columns * rows++, row, columns * sizeof *row);
    }
    if (rows > 0) {
        static const char *const titles[] = {N_("Values of the parcel"), N_("Definitions"), N_("Parameters")};
        fprintf(cli->out.stream, "\n%s%s%s\n", ph_term_style(&cli->out, PH_STYLE_BOLD), _(titles[kind]),
                ph_term_style(&cli->out, PH_STYLE_PLAIN));
        ph_term_table(&cli->out, heads, columns, cells, rows);
    }
    free(texts);
    free(cells);
}

/* ---- one rule ---- */

static void explain(struct ph_cli *cli, const struct ph_rule_sheet *rule)
{
    char text[1024];
    snprintf(text, sizeof text, "%s  %s", rule->id, ph_lang_pick(cli->lang, rule->title, or_empty(rule->title_en)));
    line(cli, _("Rule"), text);
    snprintf(text, sizeof text, "%s (%s)", or_empty(rule->tag_title), rule->tag);
    line(cli, _("Tag"), text);
    char *basis = basis_of(rule);
    line(cli, _("Basis"), or_empty(basis));
    free(basis);
    if (rule->source != NULL) line(cli, _("Source"), rule->source);
    line(cli, _("Condition"), rule->when);
    text[0] = '\0';
    for (size_t i = 0; i < rule->need_count; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s (%s)", i ? "; " : "", rule->need_titles[i], rule->needs[i]);
    }
    if (rule->need_count > 0) line(cli, _("Needs"), text);
    if (rule->skip_absent) line(cli, "", _("not evaluated when the data has no column for the first of these"));
    line(cli, _("Reason"), rule->reason);
    if (rule->since != NULL) line(cli, _("Idle since"), rule->since);
    if (rule->fee != NULL) line(cli, _("Idle fee"), rule->fee);
    text[0] = '\0';
    for (size_t i = 0; i < rule->measure_count; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s %s", i ? "; " : "", rule->measures[i].code,
                 or_empty(rule->measures[i].title));
    }
    if (rule->measure_count > 0) line(cli, _("Measures"), text);
    snprintf(text, sizeof text, "%s:%d", rule->file, rule->line);
    line(cli, _("Written in"), text);
    for (int kind = PH_NAME_VALUE; kind <= PH_NAME_PARAM; kind++)
        print_names(cli, rule->terms, rule->term_count, (enum ph_rule_name_kind)kind);
}

/* ---- JSON ---- */

struct member {
    const char *name, *text;
};

static void json_members(FILE *out, const struct member *members, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0) fputc(',', out);
        ph_json_member(out, members[i].name, members[i].text);
    }
}

static void json_term(FILE *out, const struct ph_rule_name *t)
{
    static const char *const kinds[] = {"value", "define", "param"};
    struct member members[] = {{"kind", kinds[t->kind]}, {"name", t->name},     {"title", t->title},
                               {"expr", t->expr},        {"note", t->note},     {"value", t->value},
                               {"unit", t->unit},        {"source", t->source}, {"sure", t->sure}};
    size_t from[] = {3, 3, 5}, to[] = {3, 5, 9};
    fputc('{', out);
    json_members(out, members, 3);
    if (to[t->kind] > from[t->kind]) fputc(',', out);
    json_members(out, members + from[t->kind], to[t->kind] - from[t->kind]);
    fputc('}', out);
}

static void json_rule(FILE *out, const struct ph_rule_sheet *rule, bool terms)
{
    struct member members[] = {
        {"id", rule->id},         {"tag", rule->tag},   {"title", rule->title}, {"title_en", rule->title_en},
        {"basis", rule->basis},   {"when", rule->when}, {"since", rule->since}, {"fee", rule->fee},
        {"reason", rule->reason}, {"file", rule->file}};
    fputc('{', out);
    json_members(out, members, sizeof members / sizeof *members);
    fprintf(out, ",\"line\":%d,\"sure\":%s,\"needs\":[", rule->line, rule->sure ? "true" : "false");
    for (size_t i = 0; i < rule->need_count; i++) {
        if (i > 0) fputc(',', out);
        ph_json_string(out, rule->needs[i]);
    }
    fputs("],\"measures\":[", out);
    for (size_t i = 0; i < rule->measure_count; i++) {
        if (i > 0) fputc(',', out);
        ph_json_string(out, rule->measures[i].code);
    }
    fputc(']', out);
    for (size_t i = 0; terms && i < rule->term_count; i++) {
        fputs(i ? "," : ",\"names\":[", out);
        json_term(out, rule->terms[i]);
        if (i + 1 == rule->term_count) fputc(']', out);
    }
    fputc('}', out);
}

static void json_set(FILE *out, const struct ph_rulebook_content *set)
{
    struct member members[] = {{"name", set->name},
                               {"title", set->title},
                               {"title_en", set->title_en},
                               {"source", set->source},
                               {"sha256", set->sha256}};
    fputc('{', out);
    json_members(out, members, sizeof members / sizeof *members);
    fputs(",\"valid\":true,\"rules\":[", out);
    for (size_t i = 0; i < set->rule_count; i++) {
        fputs(i ? ",\n" : "\n", out);
        json_rule(out, &set->rules[i], false);
    }
    fputs("],\"names\":[", out);
    for (size_t i = 0; i < set->term_count; i++) {
        fputs(i ? ",\n" : "\n", out);
        json_term(out, &set->terms[i]);
    }
    fputs("]}\n", out);
}

/* ---- the command ---- */

static int print_text(struct ph_cli *cli, const char *name)
{
    const char *text, *found;
    for (size_t i = 0; (found = ph_rulebook_builtin(i, &text)) != NULL; i++) {
        if (strcmp(found, name) != 0) continue;
        fputs(text, cli->out.stream);
        return PH_EXIT_DONE;
    }
    char sentence[512];
    snprintf(sentence, sizeof sentence, _("--print takes a built-in set; there is none called '%s'"), name);
    return ph_cli_wrong_use(cli, &ph_cmd_rules, sentence);
}

static int explain_one(struct ph_cli *cli, const struct rules_options *given, const struct ph_rulebook_content *set)
{
    if (strcmp(given->explain, "names") == 0) {
        const struct ph_rule_name **terms = calloc(set->term_count + 1, sizeof *terms);
        for (size_t i = 0; terms != NULL && i < set->term_count; i++) terms[i] = &set->terms[i];
        for (int kind = PH_NAME_VALUE; terms != NULL && kind <= PH_NAME_PARAM; kind++)
            print_names(cli, terms, set->term_count, (enum ph_rule_name_kind)kind);
        free(terms);
        return PH_EXIT_DONE;
    }
    for (size_t i = 0; i < set->rule_count; i++) {
        if (strcmp(set->rules[i].id, given->explain) != 0) continue;
        if (given->json) {
            json_rule(cli->out.stream, &set->rules[i], true);
            fputc('\n', cli->out.stream);
        } else {
            explain(cli, &set->rules[i]);
        }
        return PH_EXIT_DONE;
    }
    char sentence[1024];
    snprintf(sentence, sizeof sentence, _("rule set %s has no rule '%s'; it has:"), set->name, given->explain);
    for (size_t i = 0; i < set->rule_count; i++) {
        size_t used = strlen(sentence);
        snprintf(sentence + used, sizeof sentence - used, " %s", set->rules[i].id);
    }
    return ph_cli_wrong_use(cli, &ph_cmd_rules, sentence);
}

static int run(struct ph_cli *cli, void *options)
{
    const struct rules_options *given = options;
    const char *name = given->set.count > 0 ? given->set.items[0] : "national";
    if (given->print) return print_text(cli, name);
    if (given->set.count == 0 && given->explain == NULL) return list_builtin(cli, given->json);
    if (given->explain != NULL && strcmp(given->explain, "functions") == 0) return list_functions(cli), PH_EXIT_DONE;
    struct ph_rulebook *book = NULL;
    struct ph_error err = PH_ERROR_INIT;
    if (ph_rulebook_open(name, &book, &err) != PH_OK) return ph_cli_fail(cli, &err);
    const struct ph_rulebook_content *set = ph_rulebook_content(book);
    int code = PH_EXIT_DONE;
    if (given->explain != NULL)
        code = explain_one(cli, given, set);
    else if (given->json)
        json_set(cli->out.stream, set);
    else
        list_rules(cli, set);
    ph_rulebook_free(book);
    return code;
}

const struct ph_command ph_cmd_rules = {
    .name = "rules",
    .summary = N_("list, validate and explain rule sets"),
    .description = N_("A rule set is a YAML file that may extend another one. Every expression is compiled as the audit would; "
                      "what is wrong is shown with file, line and column."),
    .table = table,
    .options_size = sizeof(struct rules_options),
    .run = run};
