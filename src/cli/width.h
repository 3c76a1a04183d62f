/* How many terminal cells UTF-8 text takes, and lines that break where Chinese and Latin text may break. */
#ifndef PH_CLI_WIDTH_H
#define PH_CLI_WIDTH_H

#include <stddef.h>
#include <stdio.h>

/* The character at `text` (not at its end): *length bytes long; a byte that is not UTF-8 counts as itself. */
unsigned ph_width_decode(const char *text, size_t *length);

/* Cells of one character: 0 for combining marks, 2 for Chinese characters and full-width signs, else 1. */
int ph_width_char(unsigned character);

/* Cells of a line of text. */
int ph_width_text(const char *text);

/* Bytes from `text` to the next place where a line may break: a space, a line end, or beside a Chinese character where
 * the punctuation allows. At least one character; not at the end of the text. */
size_t ph_width_unbroken(const char *text);

/* Writes `text` with the cursor at `column`, breaking before `width`; further lines begin with `indent` spaces.
 * A '\n' in the text breaks. Returns the column after the last character; no newline is added. */
int ph_width_wrap(FILE *out, const char *text, int column, int indent, int width);

#endif
