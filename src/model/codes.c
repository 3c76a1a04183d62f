#include "model/codes.h"

#include <stdbool.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"

/* Copies the text in half width, upper case and without blanks. Returns the number of characters kept, also those beyond
 * the room; *ascii tells whether all were ASCII. */
static size_t normalise(struct ph_str text, char *out, size_t size, bool *ascii)
{
    size_t count = 0;
    *ascii = true;
    for (size_t at = 0, n = 1; at < text.length; at += n, n = 1) {
        uint32_t code = (unsigned char)text.at[at];
        if (code >= 0x80) {
            ph_utf8_next(ph_str_after(text, at), &code, &n);
            code = ph_half_width(code);
        }
        if ((code <= ' ' || code >= 0x80) && ph_is_blank(code)) continue;
        if (code >= 0x80) *ascii = false;
        if (count + 1 < size) out[count] = code < 0x80 ? ph_upper((char)code) : '?';
        count++;
    }
    out[count < size ? count : size - 1] = '\0';
    return count;
}

static bool all_digits(const char *at, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9') return false;
    }
    return true;
}

/* GB 32100-2015, 4.1: 31 symbols, without I O S V Z. The place of a symbol is its value. */
static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/* GB 32100-2015, appendix A: 31 - (sum of value times 3^(i-1) modulo 31) modulo 31. '\0' for a symbol out of the alphabet. */
static char check_character(const char *first17)
{
    int sum = 0, weight = 1;
    for (size_t i = 0; i < 17; i++) {
        const char *symbol = strchr(alphabet, first17[i]);
        if (symbol == NULL || *symbol == '\0') return '\0';
        sum += (int)(symbol - alphabet) * weight;
        weight = weight * 3 % 31;
    }
    return alphabet[(31 - sum % 31) % 31];
}

struct ph_credit_code ph_credit_code_check(const char *text, size_t length)
{
    struct ph_credit_code found = {.result = PH_CODE_EMPTY};
    struct ph_str view = {text, length};
    bool ascii, repaired = false;
    char code[20];
    if (ph_says_nothing(view)) return found;
    found.result = PH_CODE_BAD_SHAPE;
    if (normalise(view, code, sizeof code, &ascii) != 18 || !ascii) return found;
    for (size_t i = 0; i < 18; i++) {
        if (code[i] != 'O' && code[i] != 'I') continue;
        code[i] = code[i] == 'O' ? '0' : '1';
        repaired = true;
    }
    /* No registrar has the number 0: eighteen zeros would pass the check character. */
    char expected = check_character(code);
    if (code[0] == '0' || !all_digits(code + 2, 6) || expected == '\0' || strchr(alphabet, code[17]) == NULL) return found;
    memcpy(found.code, code, sizeof found.code);
    found.expected = expected;
    found.result = code[17] != expected ? PH_CODE_BAD_CHECK : repaired ? PH_CODE_REPAIRED : PH_CODE_OK;
    return found;
}

static bool is_parcel_code(const char *code)
{
    return all_digits(code, 12) && strchr("GJZ", code[12]) != NULL && strchr("ABCDEFGHSWXY", code[13]) != NULL &&
           all_digits(code + 14, 5);
}

/* EMPTY, OTHER, or OK for text of `wanted` ASCII characters. */
static enum ph_shape first_look(struct ph_str view, size_t wanted, char *code)
{
    bool ascii;
    code[0] = '\0';
    if (ph_says_nothing(view)) return PH_SHAPE_EMPTY;
    if (normalise(view, code, wanted + 1, &ascii) == wanted && ascii) return PH_SHAPE_OK;
    code[0] = '\0';
    return PH_SHAPE_OTHER;
}

enum ph_shape ph_parcel_code_check(const char *text, size_t length, char code[20])
{
    enum ph_shape shape = first_look((struct ph_str){text, length}, 19, code);
    if (shape != PH_SHAPE_OK || is_parcel_code(code)) return shape;
    code[0] = '\0';
    return PH_SHAPE_BAD;
}

enum ph_shape ph_unit_number_check(const char *text, size_t length, const char *parcel_code, char code[29])
{
    enum ph_shape shape = first_look((struct ph_str){text, length}, 28, code);
    if (shape != PH_SHAPE_OK) return shape;
    if (!is_parcel_code(code) || strchr("FLQW", code[19]) == NULL || !all_digits(code + 20, 8)) {
        code[0] = '\0';
        return PH_SHAPE_BAD;
    }
    bool other = parcel_code != NULL && parcel_code[0] != '\0' && strncmp(code, parcel_code, 19) != 0;
    return other ? PH_SHAPE_MISMATCH : PH_SHAPE_OK;
}
