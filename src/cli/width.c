#include "cli/width.h"

#include <stdbool.h>
#include <string.h>

struct range {
    unsigned first, last;
};

static bool within(unsigned character, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (character >= ranges[i].first && character <= ranges[i].last) return true;
    }
    return false;
}

unsigned ph_width_decode(const char *text, size_t *length)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t more = at[0] >= 0xF0 && at[0] < 0xF8 ? 3 : at[0] >= 0xE0 ? 2 : at[0] >= 0xC2 ? 1 : 0;
    unsigned character = more == 3 ? at[0] & 0x07U : more == 2 ? at[0] & 0x0FU : more == 1 ? at[0] & 0x1FU : at[0];
    *length = 1;
    if (at[0] >= 0xF8) return at[0];
    for (size_t i = 1; i <= more; i++) {
        if ((at[i] & 0xC0U) != 0x80U) return at[0];
        character = character << 6 | (at[i] & 0x3FU);
    }
    *length = more + 1;
    return character;
}

int ph_width_char(unsigned character)
{
    /* Unicode: general categories Mn and Cf that occur in practice; East Asian Width W and F. */
    static const struct range none[] = {{0x0300, 0x036F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}};
    static const struct range wide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},  {0x3041, 0x4DBF}, {0x4E00, 0xA4CF},
                                        {0xA960, 0xA97F},   {0xAC00, 0xD7A3},  {0xF900, 0xFAFF}, {0xFE10, 0xFE19},
                                        {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},  {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F},
                                        {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
    if (character < 0x300) return 1;
    if (within(character, none, sizeof none / sizeof *none)) return 0;
    return within(character, wide, sizeof wide / sizeof *wide) ? 2 : 1;
}

int ph_width_text(const char *text)
{
    int cells = 0;
    size_t length;
    for (; *text != '\0'; text += length) cells += ph_width_char(ph_width_decode(text, &length));
    return cells;
}

static bool is_one_of(const char *text, size_t length, const char *set)
{
    for (size_t step; *set != '\0'; set += step) {
        ph_width_decode(set, &step);
        if (step == length && memcmp(set, text, length) == 0) return true;
    }
    return false;
}

/* Whether a line may break between two neighbouring characters, neither a space: beside a Chinese one, except that closing
 * marks do not begin a line and opening marks do not end one. */
static bool may_break(const char *left, size_t left_length, const char *right, size_t right_length)
{
    if (is_one_of(right, right_length, "，。；：、？！）》」』】”’,.;:?!)]%℃")) return false;
    if (is_one_of(left, left_length, "（《「『【“‘([")) return false;
    size_t ignored;
    return ph_width_char(ph_width_decode(left, &ignored)) == 2 || ph_width_char(ph_width_decode(right, &ignored)) == 2;
}

size_t ph_width_unbroken(const char *text)
{
    size_t length, next;
    ph_width_decode(text, &length);
    size_t total = length;
    while (text[total] != '\0' && text[total] != ' ' && text[total] != '\n') {
        ph_width_decode(text + total, &next);
        if (may_break(text + total - length, length, text + total, next)) break;
        total += next;
        length = next;
    }
    return total;
}

int ph_width_wrap(FILE *out, const char *text, int column, int indent, int width)
{
    int spaces = 0;
    while (*text != '\0') {
        if (*text == ' ') {
            spaces++;
            text++;
            continue;
        }
        size_t bytes = *text == '\n' ? 1 : ph_width_unbroken(text);
        int cells = 0;
        for (size_t at = 0, step; at < bytes; at += step) cells += ph_width_char(ph_width_decode(text + at, &step));
        if (*text == '\n' || (column > indent && column + spaces + cells > width)) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
            spaces = 0;
        }
        if (*text != '\n') {
            fprintf(out, "%*s%.*s", spaces, "", (int)bytes, text);
            column += spaces + cells;
        }
        spaces = 0;
        text += bytes;
    }
    return column;
}
