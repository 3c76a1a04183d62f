#include "cli/rule_names.h"

#include <stdlib.h>
#include <string.h>

#include "cli/json.h"

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

void ph_rule_functions_print(struct ph_cli *cli)
{
    const char *title, *name;
    for (size_t i = 0; (name = ph_rulebook_function(i, &title)) != NULL; i++)
        fprintf(cli->out.stream, "%s%s%s\n", name, title ? "  " : "", or_empty(title));
}

static void print_kind(struct ph_cli *cli, const struct ph_rule_name *const *terms, size_t count, enum ph_rule_name_kind kind,
                       const char *heading)
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
        fprintf(cli->out.stream, "\n%s%s%s\n", ph_term_style(&cli->out, PH_STYLE_BOLD), heading,
                ph_term_style(&cli->out, PH_STYLE_PLAIN));
        ph_term_table(&cli->out, heads, columns, cells, rows);
    }
    free(texts);
    free(cells);
}

void ph_rule_names_print(struct ph_cli *cli, const struct ph_rule_name *const *terms, size_t count, const char *values)
{
    print_kind(cli, terms, count, PH_NAME_VALUE, values);
    print_kind(cli, terms, count, PH_NAME_DEFINE, _("Definitions"));
    print_kind(cli, terms, count, PH_NAME_PARAM, _("Parameters"));
}

void ph_rule_names_print_all(struct ph_cli *cli, const struct ph_rule_name *terms, size_t count, const char *values)
{
    const struct ph_rule_name **list = calloc(count + 1, sizeof *list);
    for (size_t i = 0; list != NULL && i < count; i++) list[i] = &terms[i];
    if (list != NULL) ph_rule_names_print(cli, list, count, values);
    free(list);
}

void ph_rule_name_json(FILE *out, const struct ph_rule_name *t)
{
    static const char *const kinds[] = {"value", "define", "param"};
    struct ph_json_text members[] = {{"kind", kinds[t->kind]}, {"name", t->name},     {"title", t->title},
                                     {"expr", t->expr},        {"note", t->note},     {"value", t->value},
                                     {"unit", t->unit},        {"source", t->source}, {"sure", t->sure}};
    size_t from[] = {3, 3, 5}, to[] = {3, 5, 9};
    fputc('{', out);
    ph_json_members(out, members, 3);
    if (to[t->kind] > from[t->kind]) fputc(',', out);
    ph_json_members(out, members + from[t->kind], to[t->kind] - from[t->kind]);
    fputc('}', out);
}
