#include "cli/pages.h"

#include <string.h>

#include "cli/width.h"
#include "panhuo/version.h"

enum { LABEL_MAX_CELLS = 30, MARGIN = 2, GAP = 2, TEXT_SIZE = 1024 };

static const char *const exit_texts[] = {
    N_("done; what was found about the land is no failure"),
    N_("could not be done: input or output, damaged data, no space"),
    N_("wrong use, wrong configuration or wrong rules"),
    N_("done, but --strict was given and the problems hold an error"),
};

static const char *const variables[][2] = {
    {"LC_ALL, LC_MESSAGES, LANG", N_("language of messages; the first that is set counts")},
    {"COLUMNS", N_("width of help and tables")},
    {"NO_COLOR", N_("no colours when it is set and not empty")},
    {"PANHUO_LOCALEDIR", N_("folder of the message catalogues")},
};

/* ---- pieces ---- */

static void value_of(const struct ph_opt *row, char *text, size_t size)
{
    text[0] = '\0';
    if (row->value != NULL) snprintf(text, size, "%s", row->value);
    if (row->value != NULL || row->choices == NULL) return;
    size_t used = 0;
    for (size_t i = 0; row->choices[i] != NULL && used < size; i++) {
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? "|" : "", row->choices[i]);
    }
}

static void label_of(const struct ph_opt *row, char *text, size_t size)
{
    char shown[64], value[128], letter[8] = "    ";
    ph_opt_shown(row, shown, sizeof shown);
    value_of(row, value, sizeof value);
    if (row->kind == PH_OPT_ARGUMENT || row->flags & PH_OPT_ONE_DASH) letter[0] = '\0';
    if (row->letter != 0) snprintf(letter, sizeof letter, "-%c, ", row->letter);
    snprintf(text, size, "%s%s%s%s", letter, shown, value[0] == '\0' ? "" : " ", value);
}

static void help_of(const struct ph_opt *row, char *text, size_t size)
{
    int used = snprintf(text, size, "%s", _(row->help));
    if (row->fallback == NULL || used < 0 || (size_t)used >= size) return;
    snprintf(text + used, size - (size_t)used, _(" (default: %s)"), row->fallback);
}

/* "panhuo audit PARCELS [options]" */
static void usage_of(const struct ph_command *command, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "panhuo %s", command->name);
    for (const struct ph_opt *row = command->table; row->kind != PH_OPT_END && used < size; row++) {
        if (row->kind != PH_OPT_ARGUMENT) continue;
        bool optional = row->min < 1;
        used += (size_t)snprintf(text + used, size - used, " %s%s%s%s", optional ? "[" : "", row->name, row->max > 1 ? "..." : "",
                                 optional ? "]" : "");
    }
    if (used < size) snprintf(text + used, size - used, " %s", _("[options]"));
}

/* ---- help ---- */

static void print_entry(const struct ph_term *term, const char *label, const char *text, int column)
{
    int at = MARGIN + ph_width_text(label);
    fprintf(term->stream, "%*s%s", MARGIN, "", label);
    if (at + GAP > column) {
        fputc('\n', term->stream);
        at = 0;
    }
    fprintf(term->stream, "%*s", column - at, "");
    ph_width_wrap(term->stream, text, column, column, term->width);
    fputc('\n', term->stream);
}

static void print_heading(const struct ph_term *term, const char *title)
{
    fprintf(term->stream, "\n%s%s%s\n", ph_term_style(term, PH_STYLE_BOLD), title, ph_term_style(term, PH_STYLE_PLAIN));
}

static void print_paragraph(const struct ph_term *term, const char *text)
{
    ph_width_wrap(term->stream, text, 0, 0, term->width);
    fputc('\n', term->stream);
}

static int column_of(const struct ph_opt *table)
{
    int column = 0;
    char label[256];
    for (const struct ph_opt *row = table; row->kind != PH_OPT_END; row++) {
        if (row->kind == PH_OPT_HEADING) continue;
        label_of(row, label, sizeof label);
        int cells = ph_width_text(label);
        if (cells <= LABEL_MAX_CELLS && cells > column) column = cells;
    }
    return MARGIN + column + GAP;
}

static void print_table(const struct ph_term *term, const struct ph_opt *table)
{
    int column = column_of(table);
    char label[256], text[TEXT_SIZE];
    for (const struct ph_opt *row = table; row->kind != PH_OPT_END; row++) {
        if (row->kind == PH_OPT_HEADING) {
            print_heading(term, _(row->name));
            continue;
        }
        label_of(row, label, sizeof label);
        help_of(row, text, sizeof text);
        print_entry(term, label, text, column);
    }
}

void ph_pages_command(const struct ph_term *term, const struct ph_command *command)
{
    char usage[256];
    usage_of(command, usage, sizeof usage);
    fprintf(term->stream, "%s%s\n\n", _("Usage: "), usage);
    print_paragraph(term, _(command->summary));
    if (command->description != NULL) {
        fputc('\n', term->stream);
        print_paragraph(term, _(command->description));
    }
    print_table(term, command->table);
    print_table(term, ph_global_table);
}

void ph_pages_overview(const struct ph_term *term, const struct ph_command *const *commands)
{
    fprintf(term->stream, "%s%s\n\n", _("Usage: "), _("panhuo COMMAND [arguments] [options]"));
    print_paragraph(
        term,
        _("Land-parcel audit: idle and low-efficiency plots and why, exact areas, totals that add up, one GeoPackage for QGIS."));
    print_heading(term, _("Commands"));
    for (size_t i = 0; commands[i] != NULL; i++) print_entry(term, commands[i]->name, _(commands[i]->summary), 12);
    print_table(term, ph_global_table);
    print_heading(term, _("Exit status"));
    for (size_t i = 0; i < sizeof exit_texts / sizeof *exit_texts; i++) {
        print_entry(term, (char[]){(char)('0' + i), '\0'}, _(exit_texts[i]), 5);
    }
    fputc('\n', term->stream);
    print_paragraph(term, _("'panhuo COMMAND --help' shows the options of a command; 'panhuo help --man', '--completion bash' "
                            "and '--keys' print the man "
                            "page, completion for bash and the keys of AUDIT.yaml."));
}

/* ---- man page ---- */

/* One line of text. Between Chinese characters "\:" lets the line break. */
static void roff(FILE *out, const char *text)
{
    if (*text == '.' || *text == '\'') fputs("\\&", out);
    while (*text != '\0') {
        size_t bytes = ph_width_unbroken(text);
        for (size_t i = 0; i < bytes; i++) {
            const char *escape = text[i] == '\\' ? "\\e" : text[i] == '-' ? "\\-" : text[i] == '\n' ? "\n.PP\n" : NULL;
            if (escape != NULL) fputs(escape, out);
            if (escape == NULL) fputc(text[i], out);
        }
        char here = *text;
        text += bytes;
        if (here != ' ' && here != '\n' && *text != ' ' && *text != '\n' && *text != '\0') fputs("\\:", out);
    }
    fputc('\n', out);
}

static void roff_section(FILE *out, const char *macro, const char *title)
{
    fprintf(out, ".%s %s\n", macro, title);
}

static void roff_entry(FILE *out, const char *label, const char *text)
{
    fputs(".TP\n.B ", out);
    roff(out, label + strspn(label, " "));
    roff(out, text);
}

static void roff_table(FILE *out, const struct ph_opt *table)
{
    char label[256], text[TEXT_SIZE];
    for (const struct ph_opt *row = table; row->kind != PH_OPT_END; row++) {
        if (row->kind == PH_OPT_HEADING) {
            fputs(".PP\n.I ", out);
            roff(out, _(row->name));
            continue;
        }
        label_of(row, label, sizeof label);
        help_of(row, text, sizeof text);
        roff_entry(out, label, text);
    }
}

void ph_pages_man(FILE *out, const struct ph_command *const *commands)
{
    char usage[256];
    fputs(".\\\" -*- coding: UTF-8 -*-\n.TH PANHUO 1 \"\" \"panhuo " PANHUO_VERSION "\"\n.ad l\n", out);
    roff_section(out, "SH", _("NAME"));
    roff(out, _("panhuo - land-parcel audit"));
    roff_section(out, "SH", _("SYNOPSIS"));
    for (size_t i = 0; commands[i] != NULL; i++) {
        usage_of(commands[i], usage, sizeof usage);
        if (i > 0) fputs(".br\n", out);
        roff(out, usage);
    }
    roff_section(out, "SH", _("DESCRIPTION"));
    roff(
        out,
        _("Land-parcel audit: idle and low-efficiency plots and why, exact areas, totals that add up, one GeoPackage for QGIS."));
    roff_section(out, "SH", _("COMMANDS"));
    for (size_t i = 0; commands[i] != NULL; i++) {
        usage_of(commands[i], usage, sizeof usage);
        fputs(".SS ", out);
        roff(out, usage);
        roff(out, _(commands[i]->summary));
        if (commands[i]->description != NULL) fputs(".PP\n", out);
        if (commands[i]->description != NULL) roff(out, _(commands[i]->description));
        roff_table(out, commands[i]->table);
    }
    roff_section(out, "SH", _("OPTIONS"));
    roff_table(out, ph_global_table);
    roff_section(out, "SH", _("EXIT STATUS"));
    for (size_t i = 0; i < sizeof exit_texts / sizeof *exit_texts; i++) {
        roff_entry(out, (char[]){(char)('0' + i), '\0'}, _(exit_texts[i]));
    }
    roff_section(out, "SH", _("ENVIRONMENT"));
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) roff_entry(out, variables[i][0], _(variables[i][1]));
}

/* ---- completion ---- */

static void bash_words(FILE *out, const struct ph_opt *table)
{
    char shown[64];
    for (const struct ph_opt *row = table; row->kind != PH_OPT_END; row++) {
        if (row->kind == PH_OPT_HEADING || row->kind == PH_OPT_ARGUMENT) continue;
        ph_opt_shown(row, shown, sizeof shown);
        fprintf(out, " %s", shown);
    }
}

static void bash_choices(FILE *out, const char *command, const struct ph_opt *table)
{
    char shown[64];
    for (const struct ph_opt *row = table; row->kind != PH_OPT_END; row++) {
        if (row->kind != PH_OPT_CHOICE) continue;
        ph_opt_shown(row, shown, sizeof shown);
        fprintf(out, "    %s:%s) words='", command, shown);
        for (size_t i = 0; row->choices[i] != NULL; i++) fprintf(out, "%s%s", i ? " " : "", row->choices[i]);
        fputs("' ;;\n", out);
    }
}

void ph_pages_bash(FILE *out, const struct ph_command *const *commands)
{
    fputs("# bash completion for panhuo\n"
          "_panhuo()\n{\n"
          "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= words= i\n"
          "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
          "        case ${COMP_WORDS[i]} in\n        ",
          out);
    for (size_t i = 0; commands[i] != NULL; i++) fprintf(out, "%s%s", i ? "|" : "", commands[i]->name);
    fputs(") command=${COMP_WORDS[i]}; break ;;\n        esac\n    done\n    case $command:$prev in\n", out);
    for (size_t i = 0; commands[i] != NULL; i++) bash_choices(out, commands[i]->name, commands[i]->table);
    bash_choices(out, "*", ph_global_table);
    fputs("    *)\n        case $command:$cur in\n", out);
    for (size_t i = 0; commands[i] != NULL; i++) {
        fprintf(out, "        %s:-*) words='", commands[i]->name);
        bash_words(out, commands[i]->table);
        bash_words(out, ph_global_table);
        fputs("' ;;\n", out);
    }
    fputs("        :-*) words='", out);
    bash_words(out, ph_global_table);
    fputs("' ;;\n        :*) words='", out);
    for (size_t i = 0; commands[i] != NULL; i++) fprintf(out, " %s", commands[i]->name);
    /* Without an answer of ours, -o default completes file names. */
    fputs("' ;;\n        esac ;;\n    esac\n"
          "    COMPREPLY=()\n"
          "    if [[ -n $words ]]; then COMPREPLY=($(compgen -W \"$words\" -- \"$cur\")); fi\n"
          "}\ncomplete -o default -F _panhuo panhuo\n",
          out);
}

/* ---- AUDIT.yaml ---- */

void ph_pages_keys(FILE *out, const struct ph_command *command)
{
    char value[128], text[TEXT_SIZE];
    for (const struct ph_opt *row = command->table; row->kind != PH_OPT_END; row++) {
        if (row->kind == PH_OPT_ARGUMENT || row->flags & PH_OPT_NO_KEY) continue;
        if (row->kind == PH_OPT_HEADING) {
            fprintf(out, "\n# %s\n", _(row->name));
            continue;
        }
        value_of(row, value, sizeof value);
        help_of(row, text, sizeof text);
        bool list = row->kind == PH_OPT_LIST;
        fprintf(out, "# %s: %s%s%s  # %s\n", row->name, list ? "[" : "", row->kind == PH_OPT_FLAG ? "true" : value,
                list ? "]" : "", text);
    }
}
