/* JSON on a stream. */
#ifndef PH_CLI_JSON_H
#define PH_CLI_JSON_H

#include <stdio.h>

/* A string with its quotes, or null. */
void ph_json_string(FILE *out, const char *text);

/* "name":string; without a comma. */
void ph_json_member(FILE *out, const char *name, const char *text);

struct ph_json_text {
    const char *name, *text;
};

/* Several of them with commas between. */
void ph_json_members(FILE *out, const struct ph_json_text *members, size_t count);

/* 15 significant digits; null for NaN and the infinities. */
void ph_json_number(FILE *out, double number);

#endif
