/* The terminal: what a stream can show, tables, and the progress line. */
#ifndef PH_CLI_TERM_H
#define PH_CLI_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct ph_term {
    FILE *stream;
    bool is_terminal;
    bool colour; /* a terminal, NO_COLOR unset or empty, TERM not dumb */
    int width;   /* cells; COLUMNS, else the terminal's own, else 80 */
};

enum ph_style { PH_STYLE_PLAIN, PH_STYLE_BOLD, PH_STYLE_RED, PH_STYLE_YELLOW };

struct ph_term ph_term_of(FILE *stream);

/* The escape sequence that starts a style (PH_STYLE_PLAIN ends it); "" without colour. */
const char *ph_term_style(const struct ph_term *term, enum ph_style style);

struct ph_term_column {
    const char *title; /* as printed */
    bool right;        /* figures stand to the right */
};

/* Prints rows * columns cells (row by row, NULL = empty) under their titles, two spaces apart. On a terminal the last
 * column is wrapped to the width when it stands to the left. */
void ph_term_table(const struct ph_term *term, const struct ph_term_column *heads, size_t columns, const char *const *cells,
                   size_t rows);

/* A label in bold in a column of its own, and its text behind it, wrapped to the width on a terminal. */
void ph_term_labelled(const struct ph_term *term, const char *label, const char *text);

/* One line that is drawn over; drawn again only when the stage or the whole percent changes. Zero-initialise, set `term`. */
struct ph_progress_line {
    const struct ph_term *term; /* NULL, or no terminal: nothing is drawn */
    char stage[96];
    int percent;
    bool drawn;
};

/* `done` is 0 to 1. */
void ph_progress_line_show(struct ph_progress_line *line, const char *stage, double done);

/* Takes the line away; needed before anything else is written to the terminal, results on stdout too. */
void ph_progress_line_clear(struct ph_progress_line *line);

#endif
