/* The names and functions that expressions can use, printed. */
#ifndef PH_CLI_RULE_NAMES_H
#define PH_CLI_RULE_NAMES_H

#include "cli/command.h"
#include "panhuo/rules.h"

/* Values under the heading given (translated), definitions, parameters. */
void ph_rule_names_print(struct ph_cli *cli, const struct ph_rule_name *const *terms, size_t count, const char *values);
/* The same of all that a set or scheme knows. */
void ph_rule_names_print_all(struct ph_cli *cli, const struct ph_rule_name *terms, size_t count, const char *values);

void ph_rule_functions_print(struct ph_cli *cli);

void ph_rule_name_json(FILE *out, const struct ph_rule_name *term);

#endif
