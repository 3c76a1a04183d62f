#include "cli/json.h"

#include <math.h>

void ph_json_string(FILE *out, const char *text)
{
    if (text == NULL) {
        fputs("null", out);
        return;
    }
    fputc('"', out);
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\') {
            fprintf(out, "\\%c", *at);
        } else if (*at < 0x20) {
            fprintf(out, "\\u%04x", *at);
        } else {
            fputc(*at, out);
        }
    }
    fputc('"', out);
}

void ph_json_member(FILE *out, const char *name, const char *text)
{
    fprintf(out, "\"%s\":", name);
    ph_json_string(out, text);
}

void ph_json_members(FILE *out, const struct ph_json_text *members, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0) fputc(',', out);
        ph_json_member(out, members[i].name, members[i].text);
    }
}

void ph_json_number(FILE *out, double number)
{
    if (!isfinite(number)) {
        fputs("null", out);
        return;
    }
    fprintf(out, "%.15g", number);
}
