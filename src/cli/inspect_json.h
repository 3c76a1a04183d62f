/* The inspection as JSON. */
#ifndef PH_CLI_INSPECT_JSON_H
#define PH_CLI_INSPECT_JSON_H

#include <stdio.h>

#include "panhuo/inspect.h"

void ph_inspect_print_json(FILE *out, const struct ph_inspection_content *content);

#endif
