/* What is written from the option tables, in the language of the program. */
#ifndef PH_CLI_PAGES_H
#define PH_CLI_PAGES_H

#include "cli/command.h"

/* `panhuo --help`, and `panhuo COMMAND --help`, wrapped to the terminal. */
void ph_pages_overview(const struct ph_term *term, const struct ph_command *const *commands);
void ph_pages_command(const struct ph_term *term, const struct ph_command *command);

/* The man page panhuo(1), in roff. */
void ph_pages_man(FILE *out, const struct ph_command *const *commands);

/* Completion for bash. */
void ph_pages_bash(FILE *out, const struct ph_command *const *commands);

/* The keys of AUDIT.yaml, as comments to fill in. */
void ph_pages_keys(FILE *out, const struct ph_command *command);

#endif
