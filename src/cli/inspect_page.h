/* What was inspected, on a page for a person. */
#ifndef PH_CLI_INSPECT_PAGE_H
#define PH_CLI_INSPECT_PAGE_H

#include "cli/command.h"
#include "panhuo/inspect.h"

/* `given`: what was asked, for the command to run next. */
void ph_inspect_print_page(struct ph_cli *cli, const struct ph_inspect_request *given, const struct ph_inspection_content *content);

#endif
