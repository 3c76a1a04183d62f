/* panhuo rules: rule sets and schemes listed, validated, explained, printed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/rule_names.h"
#include "cli/scheme_pages.h"
#include "panhuo/rules.h"

struct rules_options {
    struct ph_opt_list set;
    const char *scheme, *explain;
    bool print, json;
};

static const struct ph_opt table[] = {
    {.kind = PH_OPT_HEADING, .name = N_("Arguments")},
    {.kind = PH_OPT_ARGUMENT,
     .name = "SET|RULES.yaml",
     .offset = offsetof(struct rules_options, set),
     .max = 1,
     .help = N_("a built-in rule set or a file, to be validated and listed; without it the built-in sets and schemes are listed")},
    {.kind = PH_OPT_TEXT,
     .name = "scheme",
     .offset = offsetof(struct rules_options, scheme),
     .value = "NAME|FILE",
     .help = N_("an evaluation scheme in place of a rule set")},
    {.kind = PH_OPT_HEADING, .name = N_("Pages")},
    {.kind = PH_OPT_TEXT,
     .name = "explain",
     .offset = offsetof(struct rules_options, explain),
     .value = "ID",
     .help = N_("explain a rule of the set (without a set: of national) or an indicator of the scheme; 'names' lists what "
                "expressions can name, 'functions' what they can call")},
    {.kind = PH_OPT_FLAG,
     .name = "print",
     .offset = offsetof(struct rules_options, print),
     .help = N_("print the YAML text of a built-in set or scheme, to be copied and edited")},
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

/* ---- JSON ---- */

/* ---- lists ---- */

/* One of what is built in. */
struct entry {
    const char *kind, *name, *title, *title_en;
    size_t count; /* of rules, of indicators */
};

static void list_entries(struct ph_cli *cli, const struct entry *entries, size_t count, const char *kind, const char *heading,
                         const char *counted)
{
    enum { COLUMNS = 3, MANY = 64 };
    const struct ph_term_column heads[COLUMNS] = {{heading, false}, {counted, true}, {_("Title"), false}};
    const char *cells[MANY * COLUMNS];
    char counts[MANY][24];
    size_t rows = 0;
    for (size_t i = 0; i < count && rows < MANY; i++) {
        const struct entry *e = &entries[i];
        if (strcmp(e->kind, kind) != 0) continue;
        snprintf(counts[rows], sizeof counts[rows], "%zu", e->count);
        cells[COLUMNS * rows] = e->name;
        cells[COLUMNS * rows + 1] = counts[rows];
        cells[COLUMNS * rows + 2] = ph_lang_pick(cli->lang, e->title, e->title_en ? e->title_en : e->title);
        rows++;
    }
    ph_term_table(&cli->out, heads, COLUMNS, cells, rows);
    fputc('\n', cli->out.stream);
}

static void json_entries(FILE *out, const struct entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct entry *e = &entries[i];
        const struct ph_json_text members[] = {{"kind", e->kind}, {"name", e->name}, {"title", e->title}, {"title_en", e->title_en}};
        fputs(i == 0 ? "[{" : ",\n{", out);
        ph_json_members(out, members, sizeof members / sizeof *members);
        fprintf(out, ",\"%s\":%zu}", strcmp(e->kind, "rules") == 0 ? "rules" : "indicators", e->count);
    }
    fputs("]\n", out);
}

static size_t indicator_count(const struct ph_scheme_sheet *scheme)
{
    size_t count = 0;
    for (size_t g = 0; g < scheme->group_count; g++) count += scheme->groups[g].indicator_count;
    return count;
}

static int list_builtin(struct ph_cli *cli, bool json)
{
    enum { MANY = 64 };
    struct ph_rulebook *sets[MANY];
    struct ph_schemebook *schemes[MANY];
    struct entry entries[2 * MANY];
    size_t set_count = 0, scheme_count = 0, count = 0;
    struct ph_error err = PH_ERROR_INIT;
    enum ph_status status = PH_OK;
    for (const char *name; status == PH_OK && set_count < MANY && (name = ph_rulebook_builtin(set_count, NULL)) != NULL;) {
        if ((status = ph_rulebook_open(name, &sets[set_count], &err)) != PH_OK) break;
        const struct ph_rulebook_content *set = ph_rulebook_content(sets[set_count++]);
        entries[count++] = (struct entry){"rules", name, set->title, set->title_en, set->rule_count};
    }
    for (const char *name; status == PH_OK && scheme_count < MANY && (name = ph_schemebook_builtin(scheme_count, NULL)) != NULL;) {
        if ((status = ph_schemebook_open(name, &schemes[scheme_count], &err)) != PH_OK) break;
        const struct ph_scheme_sheet *scheme = ph_schemebook_sheet(schemes[scheme_count++]);
        entries[count++] = (struct entry){"scheme", name, scheme->title, scheme->title_en, indicator_count(scheme)};
    }
    if (status == PH_OK && json) {
        json_entries(cli->out.stream, entries, count);
    } else if (status == PH_OK) {
        list_entries(cli, entries, count, "rules", _("Rule set"), _("Rules"));
        list_entries(cli, entries, count, "scheme", _("Scheme"), _("Indicators"));
        fprintf(cli->out.stream, "%s\n",
                _("panhuo rules SET lists a set, panhuo rules SET --explain ID explains a rule, panhuo rules SET --print > MINE.yaml "
                  "copies it for editing; the same with --scheme NAME for a scheme."));
    }
    for (size_t i = 0; i < set_count; i++) ph_rulebook_free(sets[i]);
    for (size_t i = 0; i < scheme_count; i++) ph_schemebook_free(schemes[i]);
    return status == PH_OK ? PH_EXIT_DONE : ph_cli_fail(cli, &err);
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
    ph_rule_names_print(cli, rule->terms, rule->term_count, _("Values of the parcel"));
}

static void json_rule(FILE *out, const struct ph_rule_sheet *rule, bool terms)
{
    struct ph_json_text members[] = {
        {"id", rule->id},         {"tag", rule->tag},   {"title", rule->title}, {"title_en", rule->title_en},
        {"basis", rule->basis},   {"when", rule->when}, {"since", rule->since}, {"fee", rule->fee},
        {"reason", rule->reason}, {"file", rule->file}};
    fputc('{', out);
    ph_json_members(out, members, sizeof members / sizeof *members);
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
        ph_rule_name_json(out, rule->terms[i]);
        if (i + 1 == rule->term_count) fputc(']', out);
    }
    fputc('}', out);
}

static void json_set(FILE *out, const struct ph_rulebook_content *set)
{
    struct ph_json_text members[] = {{"name", set->name},
                               {"title", set->title},
                               {"title_en", set->title_en},
                               {"source", set->source},
                               {"sha256", set->sha256}};
    fputc('{', out);
    ph_json_members(out, members, sizeof members / sizeof *members);
    fputs(",\"valid\":true,\"rules\":[", out);
    for (size_t i = 0; i < set->rule_count; i++) {
        fputs(i ? ",\n" : "\n", out);
        json_rule(out, &set->rules[i], false);
    }
    fputs("],\"names\":[", out);
    for (size_t i = 0; i < set->term_count; i++) {
        fputs(i ? ",\n" : "\n", out);
        ph_rule_name_json(out, &set->terms[i]);
    }
    fputs("]}\n", out);
}

/* ---- the command ---- */

static int print_text(struct ph_cli *cli, const char *name, const char *(*builtin)(size_t index, const char **text))
{
    const char *text, *found;
    for (size_t i = 0; (found = builtin(i, &text)) != NULL; i++) {
        if (strcmp(found, name) != 0) continue;
        fputs(text, cli->out.stream);
        return PH_EXIT_DONE;
    }
    char sentence[512];
    snprintf(sentence, sizeof sentence, _("--print takes what is built in; there is nothing called '%s'"), name);
    return ph_cli_wrong_use(cli, &ph_cmd_rules, sentence);
}

static int explain_indicator(struct ph_cli *cli, const struct ph_scheme_sheet *scheme, const char *id)
{
    if (strcmp(id, "names") == 0) {
        ph_rule_names_print_all(cli, scheme->terms, scheme->term_count, _("Values of the enterprise"));
        return PH_EXIT_DONE;
    }
    if (ph_scheme_explain(cli, scheme, id)) return PH_EXIT_DONE;
    char sentence[1024];
    snprintf(sentence, sizeof sentence, _("scheme %s has no indicator '%s'; it has:"), scheme->name, id);
    for (size_t g = 0; g < scheme->group_count; g++)
        for (size_t i = 0; i < scheme->groups[g].indicator_count; i++) {
            size_t used = strlen(sentence);
            snprintf(sentence + used, sizeof sentence - used, " %s", scheme->groups[g].indicators[i].id);
        }
    return ph_cli_wrong_use(cli, &ph_cmd_rules, sentence);
}

static int run_scheme(struct ph_cli *cli, const struct rules_options *given)
{
    if (given->set.count > 0) return ph_cli_wrong_use(cli, &ph_cmd_rules, _("a rule set or --scheme, not both"));
    if (given->print) return print_text(cli, given->scheme, ph_schemebook_builtin);
    struct ph_schemebook *book = NULL;
    struct ph_error err = PH_ERROR_INIT;
    if (ph_schemebook_open(given->scheme, &book, &err) != PH_OK) return ph_cli_fail(cli, &err);
    int code = PH_EXIT_DONE;
    if (given->explain != NULL)
        code = explain_indicator(cli, ph_schemebook_sheet(book), given->explain);
    else if (given->json)
        ph_scheme_json(cli, ph_schemebook_sheet(book));
    else
        ph_scheme_page(cli, ph_schemebook_sheet(book));
    ph_schemebook_free(book);
    return code;
}

static int explain_one(struct ph_cli *cli, const struct rules_options *given, const struct ph_rulebook_content *set)
{
    if (strcmp(given->explain, "names") == 0) {
        ph_rule_names_print_all(cli, set->terms, set->term_count, _("Values of the parcel"));
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
    if (given->explain != NULL && strcmp(given->explain, "functions") == 0) return ph_rule_functions_print(cli), PH_EXIT_DONE;
    if (given->scheme != NULL) return run_scheme(cli, given);
    if (given->print) return print_text(cli, name, ph_rulebook_builtin);
    if (given->set.count == 0 && given->explain == NULL) return list_builtin(cli, given->json);
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
    .summary = N_("list, validate and explain rule sets and evaluation schemes"),
    .description = N_("A rule set or a scheme is a YAML file that may extend another one. Every expression is compiled as the audit "
                      "would; what is wrong is shown with file, line and column."),
    .table = table,
    .options_size = sizeof(struct rules_options),
    .run = run};
