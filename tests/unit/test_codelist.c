#include "model/codelist.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "test.h"

static void names_are_lower_case_sorted_and_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < ph_codelist_count; i++) {
        const char *name = ph_codelists[i].name;
        for (const char *c = name; *c != '\0'; c++) assert_true(islower((unsigned char)*c) || *c == '_');
        if (i > 0) assert_true(strcmp(ph_codelists[i - 1].name, name) < 0);
        assert_ptr_equal(ph_codelist_find(name), &ph_codelists[i]);
    }
    assert_null(ph_codelist_find("Tag"));
    assert_null(ph_codelist_find(""));
    assert_null(ph_codelist_find(NULL));
}

/* A value twice breaks the UNIQUE of gpkg_data_column_constraints, a text twice makes a value map ambiguous. */
static void values_and_texts_are_unique_in_a_list(void **state)
{
    (void)state;
    for (size_t i = 0; i < ph_codelist_count; i++) {
        const struct ph_codelist *list = &ph_codelists[i];
        assert_true(list->count > 0);
        for (size_t k = 0; k < list->count; k++) {
            assert_true(*list->codes[k].value != '\0' && *list->codes[k].zh != '\0');
            assert_true(ph_utf8_valid(list->codes[k].zh, strlen(list->codes[k].zh)));
            for (size_t m = 0; m < k; m++) {
                assert_string_not_equal(list->codes[m].value, list->codes[k].value);
                assert_string_not_equal(list->codes[m].zh, list->codes[k].zh);
            }
        }
    }
}

static void texts_of_values(void **state)
{
    (void)state;
    static const struct {
        const char *list, *value, *zh;
    } cases[] = {
        {"tag", "idle", "疑似闲置"},
        {"tag", "unverified", "待核查"},
        {"rule_tag", "alert", "预警"},
        {"area_basis", "ellipsoid", "椭球"},
        {"outcome", "unknown", "无法判定"},
        {"severity", "note", "提示"},
        {"ledger_kind", "reclaim", "收回/收储"},
        {"topic", "land_use", "土地用途"},
        {"measure", "ZJ", "征缴闲置费"},
        {"tag", "IDLE", NULL},
        {"tag", "alert", NULL},
        {"none", "idle", NULL},
        {"tag", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text = ph_codelist_text(ph_codelist_find(cases[i].list), cases[i].value);
        if (cases[i].zh == NULL) assert_null(text);
        else assert_string_equal(text, cases[i].zh);
    }
}

/* Reports and precedence go by this order. */
static void tags_in_order_of_precedence(void **state)
{
    (void)state;
    static const char *const order[] = {"approved_unsupplied", "idle", "low_efficiency", "unverified", "normal"};
    const struct ph_codelist *tags = ph_codelist_find("tag");
    assert_int_equal(tags->count, sizeof order / sizeof *order);
    for (size_t i = 0; i < tags->count; i++) assert_string_equal(tags->codes[i].value, order[i]);
}

static void words_of_several(void **state)
{
    (void)state;
    static const struct {
        const char *codes, *words; /* NULL: one is not in the list */
    } cases[] = {{"ZJ", "征缴闲置费"}, {"ZJ;WS", "征缴闲置费、无偿收回"}, {"ZJ;", "征缴闲置费"}, {"", ""}, {"ZJ;xx", NULL}, {"ZJ WS", NULL},
                 {"a code that is far too long to be in any list of codes whatsoever it may be called", NULL}};
    struct ph_text words;
    ph_text_init(&words, 1000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ph_text_clear(&words);
        assert_true(ph_codelist_words(ph_codelist_find("measure"), cases[i].codes, &words) == (cases[i].words != NULL));
        assert_string_equal(ph_text_get(&words), cases[i].words ? cases[i].words : "");
    }
    assert_false(ph_codelist_words(NULL, "ZJ", &words));
    ph_text_dispose(&words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_lower_case_sorted_and_found),
        cmocka_unit_test(values_and_texts_are_unique_in_a_list),
        cmocka_unit_test(texts_of_values),
        cmocka_unit_test(words_of_several),
        cmocka_unit_test(tags_in_order_of_precedence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
