#include "base/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

static enum ph_status parse(struct ph_arena *arena, const char *text, struct ph_yaml **root, struct ph_error *err)
{
    *root = NULL;
    *err = (struct ph_error)PH_ERROR_INIT;
    return ph_yaml_parse(arena, text, strlen(text), "审核.yaml", root, err);
}

static void every_value_knows_its_place(void **state)
{
    (void)state;
    struct ph_arena arena = {0};
    struct ph_error err;
    struct ph_yaml *root;
    assert_int_equal(parse(&arena, "# 说明\nparcels: 宗地.shp\nmap:\n  - a=b\n  - 'c=d'\nempty:\n", &root, &err), PH_OK);
    assert_int_equal(root->kind, PH_YAML_MAP);
    const struct ph_yaml *parcels = ph_yaml_get(root, "parcels"), *map = ph_yaml_get(root, "map");
    assert_string_equal(parcels->text, "宗地.shp");
    assert_string_equal(parcels->key, "parcels");
    assert_int_equal(parcels->key_line, 2);
    assert_int_equal(parcels->key_column, 1);
    assert_int_equal(parcels->line, 2);
    assert_int_equal(parcels->column, 10);
    assert_false(parcels->quoted);
    assert_int_equal(map->kind, PH_YAML_LIST);
    assert_string_equal(map->child->text, "a=b");
    assert_string_equal(map->child->next->text, "c=d");
    assert_true(map->child->next->quoted);
    assert_int_equal(map->child->next->line, 5);
    assert_null(map->child->next->next);
    assert_int_equal(ph_yaml_get(root, "empty")->kind, PH_YAML_NULL);
    assert_null(ph_yaml_get(root, "absent"));
    assert_null(ph_yaml_get(parcels, "a"));
    assert_null(ph_yaml_get(NULL, "a"));
    ph_arena_dispose(&arena);
}

static void only_plain_null_is_null(void **state)
{
    (void)state;
    struct ph_arena arena = {0};
    struct ph_error err;
    struct ph_yaml *root;
    assert_int_equal(parse(&arena, "[null, ~, '', 'null', \"~\", Null, 0, no]", &root, &err), PH_OK);
    static const enum ph_yaml_kind kinds[] = {PH_YAML_NULL,   PH_YAML_NULL,   PH_YAML_SCALAR, PH_YAML_SCALAR,
                                              PH_YAML_SCALAR, PH_YAML_SCALAR, PH_YAML_SCALAR, PH_YAML_SCALAR};
    size_t i = 0;
    for (const struct ph_yaml *v = root->child; v; v = v->next, i++) assert_int_equal(v->kind, kinds[i]);
    assert_int_equal(i, sizeof kinds / sizeof *kinds);
    ph_arena_dispose(&arena);
}

static void blocks_and_nesting(void **state)
{
    (void)state;
    struct ph_arena arena = {0};
    struct ph_error err;
    struct ph_yaml *root;
    static const char text[] = "rules:\n"
                               "  - id: XZ01\n"
                               "    when: >-\n"
                               "      a AND\n"
                               "      b\n"
                               "    needs: [x, y|z]\n"
                               "  - {id: XZ02, reason: \"甲\\\n"
                               "      乙\"}\n";
    assert_int_equal(parse(&arena, text, &root, &err), PH_OK);
    const struct ph_yaml *first = ph_yaml_get(root, "rules")->child, *second = first->next;
    assert_string_equal(ph_yaml_get(first, "when")->text, "a AND b");
    assert_true(ph_yaml_get(first, "when")->quoted);
    assert_int_equal(ph_yaml_get(first, "when")->key_line, 3);
    assert_string_equal(ph_yaml_get(first, "needs")->child->next->text, "y|z");
    assert_string_equal(ph_yaml_get(second, "reason")->text, "甲乙");
    assert_int_equal(ph_yaml_get(second, "id")->line, 7);
    ph_arena_dispose(&arena);
}

static void mistakes_say_where(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int line, column; /* 0: not told */
        const char *words;
    } rows[] = {
        {"a: 1\na: 2\n", 2, 1, "twice"},
        {"a: 1\nb: {c: 1, c: 2}\n", 2, 11, "twice"},
        {"a: [1, 2\nb: 3\n", -1, -1, "syntax"},
        {"a: 'open\n", -1, -1, "syntax"},
        {"a: b: c\n", 1, -1, "syntax"},
        {"a:\n\t- b\n", -1, -1, "syntax"},
        {"{[1]: 2}", 1, -1, "plain text"},
        {"a: &x 1\nb: *x\n", -1, -1, "aliases"},
        {"", 0, 0, "empty"},
        {"# nothing\n", 0, 0, "empty"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ph_arena arena = {0};
        struct ph_error err;
        struct ph_yaml *root;
        assert_int_equal(parse(&arena, rows[i].text, &root, &err), PH_E_CONFIG);
        if (strstr(err.en, rows[i].words) == NULL) fail_msg("%s: %s", rows[i].text, err.en);
        assert_string_equal(err.file, "审核.yaml");
        assert_true(strlen(err.zh) > 0);
        if (rows[i].line >= 0 && err.line != rows[i].line) fail_msg("%s: line %d", rows[i].text, err.line);
        if (rows[i].column >= 0 && err.column != rows[i].column) fail_msg("%s: column %d", rows[i].text, err.column);
        ph_arena_dispose(&arena);
    }
}

/* Recursion follows the nesting of the text, which somebody else wrote. */
static void nesting_has_an_end(void **state)
{
    (void)state;
    enum { DEEP = 20000 };
    char *text = malloc(2 * DEEP + 1);
    assert_non_null(text);
    memset(text, '[', DEEP);
    memset(text + DEEP, ']', DEEP);
    text[2 * DEEP] = '\0';
    struct ph_arena arena = {0};
    struct ph_error err;
    struct ph_yaml *root;
    assert_int_equal(parse(&arena, text, &root, &err), PH_E_CONFIG);
    ph_arena_dispose(&arena);
    free(text);
}

static void a_file_or_none(void **state)
{
    (void)state;
    char path[] = "/tmp/panhuo-yaml-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "a: 1\n", 5), 5);
    close(fd);
    struct ph_arena arena = {0};
    struct ph_error err = PH_ERROR_INIT;
    struct ph_yaml *root = NULL;
    assert_int_equal(ph_yaml_load(&arena, path, &root, &err), PH_OK);
    assert_string_equal(ph_yaml_get(root, "a")->text, "1");
    unlink(path);
    assert_int_equal(ph_yaml_load(&arena, path, &root, &err), PH_E_CONFIG);
    assert_string_equal(err.file, path);
    assert_int_equal(ph_yaml_load(&arena, "/tmp", &root, NULL), PH_E_CONFIG); /* a folder opens, but cannot be read */
    ph_arena_dispose(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_knows_its_place), cmocka_unit_test(only_plain_null_is_null), cmocka_unit_test(blocks_and_nesting),
        cmocka_unit_test(mistakes_say_where),          cmocka_unit_test(nesting_has_an_end),      cmocka_unit_test(a_file_or_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
