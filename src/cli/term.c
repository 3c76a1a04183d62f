#include "cli/term.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/width.h"

static int width_of(int descriptor)
{
    const char *columns = getenv("COLUMNS");
    long width = columns == NULL ? 0 : strtol(columns, NULL, 10);
    struct winsize size;
    if (width <= 0 && ioctl(descriptor, TIOCGWINSZ, &size) == 0) width = size.ws_col;
    if (width <= 0) return 80;
    return width < 40 ? 40 : width > 400 ? 400 : (int)width;
}

struct ph_term ph_term_of(FILE *stream)
{
    const char *no_colour = getenv("NO_COLOR"), *name = getenv("TERM");
    struct ph_term term = {.stream = stream, .is_terminal = isatty(fileno(stream)) == 1};
    term.colour = term.is_terminal && (no_colour == NULL || no_colour[0] == '\0') && (name == NULL || strcmp(name, "dumb") != 0);
    term.width = width_of(fileno(stream));
    return term;
}

const char *ph_term_style(const struct ph_term *term, enum ph_style style)
{
    static const char *const codes[] = {"\033[0m", "\033[1m", "\033[31m", "\033[33m", "\033[32m"};
    return term->colour ? codes[style] : "";
}

static void pad(FILE *out, int cells)
{
    if (cells > 0) fprintf(out, "%*s", cells, "");
}

static void print_row(const struct ph_term *term, const struct ph_term_column *heads, const int *widths, size_t columns,
                      const char *const *cells, int last_at)
{
    int owed = 0; /* spaces not yet written: none stand at the end of a line */
    for (size_t c = 0; c < columns; c++) {
        const char *text = cells == NULL ? heads[c].title : cells[c] == NULL ? "" : cells[c];
        int gap = widths[c] - ph_width_text(text);
        if (heads[c].right) owed += gap;
        if (text[0] != '\0') {
            pad(term->stream, owed);
            owed = 0;
        }
        if (c + 1 == columns && !heads[c].right && term->is_terminal) {
            ph_width_wrap(term->stream, text, last_at, last_at, term->width);
        } else {
            fputs(text, term->stream);
        }
        owed += (heads[c].right ? 0 : gap) + 2;
    }
    fputc('\n', term->stream);
}

void ph_term_table(const struct ph_term *term, const struct ph_term_column *heads, size_t columns, const char *const *cells,
                   size_t rows)
{
    enum { MAX_COLUMNS = 32 };
    int widths[MAX_COLUMNS], last_at = 0;
    if (columns == 0 || columns > MAX_COLUMNS) return;
    for (size_t c = 0; c < columns; c++) {
        widths[c] = ph_width_text(heads[c].title);
        for (size_t r = 0; r < rows; r++) {
            const char *text = cells[r * columns + c];
            int cell = text == NULL ? 0 : ph_width_text(text);
            if (cell > widths[c]) widths[c] = cell;
        }
        if (c + 1 < columns) last_at += widths[c] + 2;
    }
    fputs(ph_term_style(term, PH_STYLE_BOLD), term->stream);
    print_row(term, heads, widths, columns, NULL, last_at);
    fputs(ph_term_style(term, PH_STYLE_PLAIN), term->stream);
    for (size_t r = 0; r < rows; r++) print_row(term, heads, widths, columns, cells + r * columns, last_at);
}

void ph_term_labelled(const struct ph_term *term, const char *label, const char *text)
{
    enum { INDENT = 12, UNLIMITED = 1 << 20 };
    int gap = INDENT - ph_width_text(label);
    if (gap < 1) gap = 1;
    fprintf(term->stream, "%s%s%s%*s", ph_term_style(term, PH_STYLE_BOLD), label, ph_term_style(term, PH_STYLE_PLAIN), gap, "");
    ph_width_wrap(term->stream, text, ph_width_text(label) + gap, INDENT, term->is_terminal ? term->width : UNLIMITED);
    fputc('\n', term->stream);
}

void ph_progress_line_show(struct ph_progress_line *line, const char *stage, double done)
{
    enum { BAR = 30 };
    const struct ph_term *term = line->term;
    if (term == NULL || !term->is_terminal) return;
    int percent = done >= 1 ? 100 : done > 0 ? (int)(done * 100) : 0;
    if (line->drawn && percent == line->percent && strncmp(line->stage, stage, sizeof line->stage - 1) == 0) return;
    line->percent = percent;
    line->drawn = true;
    snprintf(line->stage, sizeof line->stage, "%s", stage);
    fprintf(term->stream, "\r\033[K%s ", stage);
    if (ph_width_text(stage) + BAR + 9 < term->width) {
        fputc('[', term->stream);
        for (int i = 0; i < BAR; i++) fputc(i < percent * BAR / 100 ? '#' : '.', term->stream);
        fputs("] ", term->stream);
    }
    fprintf(term->stream, "%3d%%", percent);
    fflush(term->stream);
}

void ph_progress_line_clear(struct ph_progress_line *line)
{
    if (!line->drawn) return;
    fputs("\r\033[K", line->term->stream);
    fflush(line->term->stream);
    line->drawn = false;
}
