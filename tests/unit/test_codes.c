#include "test.h"

#include <string.h>

#include "model/codes.h"

static void credit_codes(void **state)
{
    (void)state;
    static const struct { const char *text; enum ph_code result; const char *code; char expected; } rows[] = {
        {"91350100M000100Y43", PH_CODE_OK, "91350100M000100Y43", '3'}, /* the standard's example */
        {"９１３５０１００Ｍ０００１００Ｙ４３", PH_CODE_OK, "91350100M000100Y43", '3'},
        {" 91350100m000100y43 ", PH_CODE_OK, "91350100M000100Y43", '3'},
        {"9135 0100 M000100Y43　", PH_CODE_OK, "91350100M000100Y43", '3'},
        {"91350100MOOO1OOY43", PH_CODE_REPAIRED, "91350100M000100Y43", '3'},
        {"9I350I00M000I00Y43", PH_CODE_REPAIRED, "91350100M000100Y43", '3'},
        {"91350100M000100Y4B", PH_CODE_BAD_CHECK, "91350100M000100Y4B", '3'}, /* regression: "31 -" forgotten */
        {"91350100M000100Y44", PH_CODE_BAD_CHECK, "91350100M000100Y44", '3'},
        {"91350100M00010OY44", PH_CODE_BAD_CHECK, "91350100M000100Y44", '3'},
        {"19350100M000100Y43", PH_CODE_BAD_CHECK, "19350100M000100Y43", 'J'},
        {"", PH_CODE_EMPTY, "", '\0'},
        {" 无 ", PH_CODE_EMPTY, "", '\0'},
        {"—", PH_CODE_EMPTY, "", '\0'},
        {"91350100M000100Y4", PH_CODE_BAD_SHAPE, "", '\0'},
        {"91350100M000100Y433", PH_CODE_BAD_SHAPE, "", '\0'},
        {"350100100012345", PH_CODE_BAD_SHAPE, "", '\0'},    /* registration number of before 2015 */
        {"91350100M000100Z43", PH_CODE_BAD_SHAPE, "", '\0'}, /* no Z in the alphabet */
        {"91350100M000100Y4S", PH_CODE_BAD_SHAPE, "", '\0'},
        {"9135A100M000100Y43", PH_CODE_BAD_SHAPE, "", '\0'}, /* a letter in the region */
        {"000000000000000000", PH_CODE_BAD_SHAPE, "", '\0'}, /* passes the check character */
        {"91350100M000100Y-3", PH_CODE_BAD_SHAPE, "", '\0'},
        {"衡阳某某机械有限公司高新区一二三四五", PH_CODE_BAD_SHAPE, "", '\0'},
        {"91350100M000100Y4\xFF", PH_CODE_BAD_SHAPE, "", '\0'},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ph_credit_code found = ph_credit_code_check(rows[i].text, strlen(rows[i].text));
        if (found.result != rows[i].result) fail_msg("%s: %d", rows[i].text, (int)found.result);
        assert_string_equal(found.code, rows[i].code);
        assert_int_equal(found.expected, rows[i].expected);
    }
    assert_int_equal(ph_credit_code_check(NULL, 0).result, PH_CODE_EMPTY);
}

/* GB 32100-2015: the weights are prime to 31, so no single wrong symbol passes. */
static void every_single_slip_is_found(void **state)
{
    (void)state;
    static const char good[] = "91350100M000100Y43", symbols[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    for (size_t at = 0; at < 18; at++) {
        for (const char *symbol = symbols; *symbol != '\0'; symbol++) {
            char code[19];
            memcpy(code, good, sizeof code);
            code[at] = *symbol;
            enum ph_code result = ph_credit_code_check(code, 18).result;
            if (*symbol == good[at]) assert_int_equal(result, PH_CODE_OK);
            else assert_true(result == PH_CODE_BAD_CHECK || result == PH_CODE_BAD_SHAPE);
        }
    }
}

static void parcel_codes(void **state)
{
    (void)state;
    static const struct { const char *text; enum ph_shape shape; const char *code; } rows[] = {
        {"430408001001GB00001", PH_SHAPE_OK, "430408001001GB00001"},
        {"430408 001 001 GB 00001", PH_SHAPE_OK, "430408001001GB00001"},
        {"４３０４０８００１００１ｇｂ００００１", PH_SHAPE_OK, "430408001001GB00001"},
        {"430408001001JC00012", PH_SHAPE_OK, "430408001001JC00012"},
        {"430408001001ZW00012", PH_SHAPE_OK, "430408001001ZW00012"},
        {"430408001001KB00001", PH_SHAPE_BAD, ""},
        {"430408001001GQ00001", PH_SHAPE_BAD, ""},
        {"430408001001GB0000A", PH_SHAPE_BAD, ""},
        {"43040800100OGB00001", PH_SHAPE_BAD, ""},
        {"4304080010010100001", PH_SHAPE_BAD, ""},
        {"GX-2021-001", PH_SHAPE_OTHER, ""},
        {"430408001001GB0001", PH_SHAPE_OTHER, ""},
        {"430408001001GB000011", PH_SHAPE_OTHER, ""},
        {"衡国用（2015）第00123号一二三四五", PH_SHAPE_OTHER, ""},
        {"", PH_SHAPE_EMPTY, ""},
        {"/", PH_SHAPE_EMPTY, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char code[20];
        enum ph_shape shape = ph_parcel_code_check(rows[i].text, strlen(rows[i].text), code);
        if (shape != rows[i].shape) fail_msg("%s: %d", rows[i].text, (int)shape);
        assert_string_equal(code, rows[i].code);
    }
}

static void unit_numbers(void **state)
{
    (void)state;
    static const struct { const char *text, *parcel; enum ph_shape shape; } rows[] = {
        {"430408001001GB00001W00000000", "430408001001GB00001", PH_SHAPE_OK},
        {"430408 001001 GB00001 F00010001", "430408001001GB00001", PH_SHAPE_OK},
        {"430408001001GB00001W00000000", NULL, PH_SHAPE_OK},
        {"430408001001GB00001W00000000", "", PH_SHAPE_OK},
        {"430408001001GB00001W00000000", "430408001001GB00002", PH_SHAPE_MISMATCH},
        {"430408001001GB00001X00000000", NULL, PH_SHAPE_BAD},
        {"430408001001GB00001W0000000A", NULL, PH_SHAPE_BAD},
        {"430408001001KB00001W00000000", NULL, PH_SHAPE_BAD},
        {"430408001001GB00001", NULL, PH_SHAPE_OTHER},
        {"无", NULL, PH_SHAPE_EMPTY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char code[29];
        enum ph_shape shape = ph_unit_number_check(rows[i].text, strlen(rows[i].text), rows[i].parcel, code);
        if (shape != rows[i].shape) fail_msg("%s: %d", rows[i].text, (int)shape);
        assert_int_equal(strlen(code), shape == PH_SHAPE_OK || shape == PH_SHAPE_MISMATCH ? 28 : 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(credit_codes),
        cmocka_unit_test(every_single_slip_is_found),
        cmocka_unit_test(parcel_codes),
        cmocka_unit_test(unit_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
