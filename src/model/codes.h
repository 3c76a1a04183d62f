/* Code numbers and their checks: unified social credit codes, parcel codes, real-estate unit numbers. */
#ifndef PH_MODEL_CODES_H
#define PH_MODEL_CODES_H

#include <stddef.h>

enum ph_code {
    PH_CODE_OK,
    PH_CODE_REPAIRED,  /* right once O was read as 0 and I as 1 */
    PH_CODE_EMPTY,     /* nothing, or words that say so */
    PH_CODE_BAD_SHAPE, /* not 18 characters of the alphabet, or letters in the region; old 15-digit numbers too */
    PH_CODE_BAD_CHECK, /* the last character does not follow from the others */
};

/* 统一社会信用代码, GB 32100-2015. */
struct ph_credit_code {
    enum ph_code result;
    char code[19];     /* half width, upper case, no blanks, repaired; "" for EMPTY and BAD_SHAPE */
    char expected;     /* the check character that the first 17 give; '\0' for EMPTY and BAD_SHAPE */
};

struct ph_credit_code ph_credit_code_check(const char *text, size_t length);

enum ph_shape {
    PH_SHAPE_OK,
    PH_SHAPE_EMPTY,
    PH_SHAPE_OTHER,    /* of another length or with Chinese in it: a numbering of its own, not a fault */
    PH_SHAPE_BAD,      /* of the right length, but not built as it should be */
    PH_SHAPE_MISMATCH, /* unit numbers only: well built, but of another parcel */
};

/* 宗地代码, 19 characters: county 6, cadastral district 3, sub-district 3, two feature letters (ownership G J Z; right
 * A B C D E F G H S W X Y), sequence 5. code receives it in half width, upper case, without blanks for OK, else "". */
enum ph_shape ph_parcel_code_check(const char *text, size_t length, char code[20]);

/* 不动产单元号, 28 characters: the parcel code, one letter for what stands on the land (F L Q W), 8 digits. With a parcel
 * code as ph_parcel_code_check returned it, the first 19 must be that code; NULL or "" asks nothing. */
enum ph_shape ph_unit_number_check(const char *text, size_t length, const char *parcel_code, char code[29]);

#endif
