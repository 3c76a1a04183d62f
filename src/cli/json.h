/* JSON on a stream. */
#ifndef PH_CLI_JSON_H
#define PH_CLI_JSON_H

#include <stdio.h>

/* A string with its quotes, or null. */
void ph_json_string(FILE *out, const char *text);

/* "name":string; without a comma. */
void ph_json_member(FILE *out, const char *name, const char *text);

/* 15 significant digits; null for NaN and the infinities. */
void ph_json_number(FILE *out, double number);

#endif
