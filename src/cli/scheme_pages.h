/* Evaluation schemes on the terminal and as JSON. */
#ifndef PH_CLI_SCHEME_PAGES_H
#define PH_CLI_SCHEME_PAGES_H

#include "cli/command.h"
#include "panhuo/rules.h"

/* The whole scheme. */
void ph_scheme_page(struct ph_cli *cli, const struct ph_scheme_sheet *scheme);
void ph_scheme_json(struct ph_cli *cli, const struct ph_scheme_sheet *scheme);

/* One indicator, in every group that has it. Returns whether there is one. */
bool ph_scheme_explain(struct ph_cli *cli, const struct ph_scheme_sheet *scheme, const char *id);

#endif
