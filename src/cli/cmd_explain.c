/* panhuo explain: the case sheet of a parcel or of an enterprise, on a page or as JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/json.h"
#include "panhuo/explain.h"

#define TITLE 128

struct explain_options {
    struct ph_opt_list words; /* the audit and the code */
    bool json;
};

#define AT(member) offsetof(struct explain_options, member)

static const struct ph_opt table[] = {
    {.kind = PH_OPT_HEADING, .name = N_("Arguments")},
    {.kind = PH_OPT_ARGUMENT,
     .name = "AUDIT.gpkg CODE",
     .offset = AT(words),
     .min = 2,
     .max = 2,
     .help = N_("what panhuo audit wrote, and a parcel code, a credit code or the name of an enterprise; the beginning of a code or a part of a name "
                "will do where it fits one alone, and #N is the N-th row of the parcels")},
    {.kind = PH_OPT_FLAG, .name = "json", .offset = AT(json), .help = N_("print the result as JSON")},
    {.kind = PH_OPT_END}};

/* ---- page ---- */

/* The Chinese title, or the English key as words. */
static const char *title_of(const struct ph_cli *cli, const struct ph_case_node *node, char text[TITLE])
{
    snprintf(text, TITLE, "%s", ph_lang_pick(cli->lang, node->title, node->key));
    for (char *at = text; cli->lang == PH_LANG_EN && *at; at++)
        if (*at == '_') *at = ' ';
    return text;
}

static const char *value_of(const struct ph_cli *cli, const struct ph_case_node *node)
{
    if (node->value == NULL) return _("unknown");
    return node->kind == PH_CASE_NUMBER ? node->shown : ph_lang_pick(cli->lang, node->shown, node->value);
}

/* Members in one run: "title value; title value". */
static void print_inline(struct ph_cli *cli, const struct ph_case_node *node)
{
    char title[TITLE];
    size_t size = 1;
    for (const struct ph_case_node *n = node->child; n; n = n->next)
        size += strlen(title_of(cli, n, title)) + strlen(value_of(cli, n)) + 8;
    char *text = calloc(size, 1), *at = text;
    for (const struct ph_case_node *n = node->child; text && n; n = n->next)
        at += snprintf(at, size - (size_t)(at - text), "%s %s%s", title_of(cli, n, title), value_of(cli, n), n->next ? _("; ") : "");
    if (text) ph_term_labelled(&cli->out, title_of(cli, node, title), text);
    free(text);
}

static void print_members(struct ph_cli *cli, const struct ph_case_node *node)
{
    char title[TITLE];
    for (const struct ph_case_node *n = node->child; n; n = n->next) {
        if (n->kind == PH_CASE_OBJECT)
            print_inline(cli, n);
        else
            ph_term_labelled(&cli->out, title_of(cli, n, title), value_of(cli, n));
    }
}

static size_t count(const struct ph_case_node *node)
{
    size_t n = 0;
    for (const struct ph_case_node *child = node->child; child; child = child->next) n++;
    return n;
}

static void print_table(struct ph_cli *cli, const struct ph_case_node *node)
{
    size_t rows = count(node), columns = count(node->child), at = 0, column = 0;
    struct ph_term_column *heads = calloc(columns, sizeof *heads);
    char(*titles)[TITLE] = calloc(columns, sizeof *titles);
    const char **cells = calloc(rows * columns, sizeof *cells);
    for (const struct ph_case_node *n = node->child->child; heads && titles && n; n = n->next, column++)
        heads[column] = (struct ph_term_column){title_of(cli, n, titles[column]), n->kind == PH_CASE_NUMBER};
    for (const struct ph_case_node *row = node->child; cells && row; row = row->next)
        for (const struct ph_case_node *n = row->child; n; n = n->next) cells[at++] = n->value ? value_of(cli, n) : "";
    if (heads && titles && cells) ph_term_table(&cli->out, heads, columns, cells, rows);
    free(cells);
    free(titles);
    free(heads);
}

static void print_section(struct ph_cli *cli, const struct ph_case_node *node)
{
    char title[TITLE];
    fprintf(cli->out.stream, "\n%s%s%s\n", ph_term_style(&cli->out, PH_STYLE_BOLD), title_of(cli, node, title),
            ph_term_style(&cli->out, PH_STYLE_PLAIN));
    if (node->kind == PH_CASE_OBJECT) print_members(cli, node);
    if (node->kind == PH_CASE_TABLE) print_table(cli, node);
    for (const struct ph_case_node *item = node->child; node->kind == PH_CASE_LIST && item; item = item->next) {
        print_members(cli, item);
        if (item->next) fputc('\n', cli->out.stream);
    }
}

static void print_page(struct ph_cli *cli, const struct ph_case_node *cases)
{
    char title[TITLE];
    for (const struct ph_case_node *c = cases->child; c; c = c->next) {
        if (c != cases->child) fprintf(cli->out.stream, "\n%s\n\n", "────────────────────");
        for (const struct ph_case_node *n = c->child; n; n = n->next) {
            if (n->kind == PH_CASE_TEXT)
                ph_term_labelled(&cli->out, title_of(cli, n, title), value_of(cli, n));
            else
                print_section(cli, n);
        }
    }
}

/* ---- JSON ---- */

static void print_json(FILE *out, const struct ph_case_node *node)
{
    bool list = node->kind == PH_CASE_LIST || node->kind == PH_CASE_TABLE;
    if (node->kind == PH_CASE_TEXT) ph_json_string(out, node->value);
    if (node->kind == PH_CASE_NUMBER) fputs(node->value ? node->value : "null", out);
    if (node->kind == PH_CASE_TEXT || node->kind == PH_CASE_NUMBER) return;
    fputc(list ? '[' : '{', out);
    for (const struct ph_case_node *n = node->child; n; n = n->next) {
        if (n != node->child) fputc(',', out);
        if (list) fputc('\n', out);
        if (!list) ph_json_string(out, n->key);
        if (!list) fputc(':', out);
        print_json(out, n);
    }
    fputc(list ? ']' : '}', out);
}

static int run(struct ph_cli *cli, void *options)
{
    const struct explain_options *given = options;
    const struct ph_explain_request request = {.audit = given->words.items[0], .code = given->words.items[1]};
    struct ph_explanation *explanation = NULL;
    struct ph_error err = PH_ERROR_INIT;
    if (ph_explain(&request, &explanation, &err) != PH_OK) return ph_cli_fail(cli, &err);
    if (given->json) {
        print_json(cli->out.stream, ph_explanation_cases(explanation));
        fputc('\n', cli->out.stream);
    } else {
        print_page(cli, ph_explanation_cases(explanation));
    }
    ph_explanation_free(explanation);
    return PH_EXIT_DONE;
}

const struct ph_command ph_cmd_explain = {.name = "explain",
                                          .summary = N_("print the case sheet of a parcel or of an enterprise, with every value and its arithmetic"),
                                          .table = table,
                                          .options_size = sizeof(struct explain_options),
                                          .run = run};
