/* JSON on a stream. */
#ifndef PH_CLI_JSON_H
#define PH_CLI_JSON_H

#include <stdio.h>

/* A string with its quotes, or null. */
void ph_json_string(FILE *out, const char *text);

/* "name":string; without a comma. */
void ph_json_member(FILE *out, const char *name, const char *text);

/* The shortest of 15 to 17 digits that reads back the same; null for NaN and the infinities. */
void ph_json_number(FILE *out, double number);

#endif
