#include "cli/command.h"
/* being written */
static const struct ph_opt table[] = {{.kind = PH_OPT_END}};
static int run(struct ph_cli *cli, void *options) { (void)cli; (void)options; return PH_EXIT_FAILED; }
const struct ph_command ph_cmd_rules = {.name = "rules", .summary = "", .table = table, .options_size = 1, .run = run};
