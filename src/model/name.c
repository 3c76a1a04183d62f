#include "model/name.h"

#include <string.h>

#define FIELDS 128 /* more than any list has */

static bool letter(uint32_t code)
{
    return code < 0x80 && ((code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z'));
}

/* Takes notes in brackets off that tell how to fill in the column. */
static void drop_notes(char *name)
{
    static const char *const notes[] = {"(必填)", "(必填项)", "(选填)", "(全称)", "(18位)", "(盖章)", "[必填]", "[选填]"};
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        char *at = strstr(name, notes[i]);
        if (at) memmove(at, at + strlen(notes[i]), strlen(at + strlen(notes[i])) + 1);
    }
}

bool ph_name_plain(const char *written, char out[PH_NAME_BYTES])
{
    struct ph_str rest = ph_str_trim(ph_str_of(written));
    size_t length = 0;
    bool gap = false;
    uint32_t before = 0;
    out[0] = '\0';
    while (rest.length > 0) {
        uint32_t code;
        size_t n;
        ph_utf8_next(rest, &code, &n);
        rest = ph_str_after(rest, n);
        code = ph_half_width(code);
        if (ph_is_blank(code)) {
            gap = true;
            continue;
        }
        if (length + 6 > PH_NAME_BYTES) return out[0] = '\0', false;
        if (gap && letter(before) && letter(code)) out[length++] = '_';
        length += ph_utf8_put(out + length, code);
        before = code;
        gap = false;
    }
    out[length] = '\0';
    size_t head = strspn(out, "*");
    memmove(out, out + head, length - head + 1);
    for (length -= head; length > 0 && strchr("*:", out[length - 1]);) out[--length] = '\0';
    drop_notes(out);
    return true;
}

int ph_name_rank(const struct ph_field *field, struct ph_str name)
{
    if (ph_str_same(ph_str_of(field->name), name)) return 0;
    if (ph_str_same(ph_str_of(field->title), name)) return 1;
    int rank = 2;
    for (const char *at = field->aliases; *at; rank++) {
        size_t n = strcspn(at, "|");
        if (ph_str_same((struct ph_str){at, n}, name)) return rank;
        at += n + (at[n] == '|');
    }
    return PH_NAME_NONE;
}

struct ph_name_fit ph_name_fit(const struct ph_field *field, const char *plain)
{
    struct ph_name_fit fit = {.bare = ph_str_of(plain), .unit = PH_UNIT_NONE, .factor = PH_FACTOR_ONE};
    fit.rank = ph_name_rank(field, fit.bare);
    if (fit.rank != PH_NAME_NONE) return fit;
    fit.unit = ph_unit_of_name(plain, field->quantity, &fit.bare, &fit.factor);
    if (fit.bare.length < strlen(plain)) fit.rank = ph_name_rank(field, fit.bare);
    return fit;
}

size_t ph_name_count_known(const struct ph_fields *fields, const char *const *names, size_t count)
{
    bool seen[FIELDS] = {false};
    char plain[PH_NAME_BYTES];
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        if (names[i] == NULL || !ph_name_plain(names[i], plain) || plain[0] == '\0') continue;
        for (size_t f = 0; f < fields->count && f < FIELDS; f++) {
            if (seen[f] || ph_name_fit(&fields->items[f], plain).rank == PH_NAME_NONE) continue;
            seen[f] = true;
            found++;
            break;
        }
    }
    return found;
}
