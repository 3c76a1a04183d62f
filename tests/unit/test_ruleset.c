#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rules/ruleset.h"

/* A folder of its own for the files that a test writes. */
struct folder {
    char path[64];
};

static int make_folder(void **state)
{
    struct folder *f = calloc(1, sizeof *f);
    assert_non_null(f);
    snprintf(f->path, sizeof f->path, "/tmp/panhuo-ruleset-XXXXXX");
    assert_non_null(mkdtemp(f->path));
    *state = f;
    return 0;
}

static const char *const names[] = {"a.yaml", "b.yaml", "c.yml"};

static int drop_folder(void **state)
{
    struct folder *f = *state;
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", f->path, names[i]);
        unlink(path);
    }
    rmdir(f->path);
    free(f);
    return 0;
}

/* Writes one of `names` and gives its path back. */
static const char *write_file(const struct folder *f, const char *name, const char *text)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", f->path, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return path;
}

static const struct ph_rule *rule_of(const struct ph_ruleset *set, const char *id)
{
    for (size_t i = 0; i < set->rule_count; i++)
        if (strcmp(set->rules[i].id, id) == 0) return &set->rules[i];
    return NULL;
}

static const struct ph_param *param_of(const struct ph_ruleset *set, const char *name)
{
    for (size_t i = 0; i < set->words.param_count; i++)
        if (strcmp(set->words.params[i].name, name) == 0) return &set->words.params[i];
    return NULL;
}

static struct ph_ruleset *load(const char *name)
{
    struct ph_ruleset *set = NULL;
    struct ph_error err = PH_ERROR_INIT;
    if (ph_ruleset_load(name, &set, &err) != PH_OK) fail_msg("%s: %s %s:%d", name, err.en, err.file, err.line);
    return set;
}

#define HEAD "name: mine\ntitle: 我的\n"
#define RULE(id, tag) "  - id: " id "\n    tag: " tag "\n    title: 题\n    basis: 据\n    when: \"1\"\n    reason: 由\n"

static void built_in_sets_load(void **state)
{
    (void)state;
    size_t count = 0;
    for (const struct ph_builtin_text *b; (b = ph_builtin_set(count)) != NULL; count++) {
        struct ph_ruleset *set = load(b->name);
        assert_string_equal(set->name, b->name);
        assert_int_equal(strlen(set->sha256), 64);
        assert_non_null(rule_of(set, "XZ01"));
        for (size_t i = 0; i < set->rule_count; i++) {
            assert_true(set->rules[i].basis[0] != '\0');
            assert_true(set->rules[i].place.line > 0);
        }
        ph_ruleset_free(set);
    }
    assert_int_equal(count, 10);
}

/* Every rule of the law's list is there. */
static void national_is_whole(void **state)
{
    (void)state;
    static const char *const ids[] = {"PW01", "XZ01", "XZ02", "XZ03", "XZ04", "XZ05", "XZ06", "DX01", "DX02", "DX03",
                                      "DX04", "DX05", "DX06", "DX07", "KZ01", "KZ02", "KZ03", "SJ01", "SJ02", "SJ05"};
    struct ph_ruleset *set = load("national");
    assert_int_equal(set->rule_count, sizeof ids / sizeof *ids);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (rule_of(set, ids[i]) == NULL) fail_msg("no %s", ids[i]);
    const struct ph_rule *idle = rule_of(set, "XZ01");
    assert_int_equal(idle->tag, PH_TAG_IDLE);
    assert_string_equal(idle->needs[0], "agreed_start|delivery_date");
    assert_string_equal(idle->measures[0], "ZJ");
    assert_string_equal(idle->place.file, "national");
    assert_null(param_of(set, "tax_min")->literal); /* null: the criterion is not set */
    assert_string_equal(param_of(set, "stalled_logic")->literal, "'any'");
    ph_ruleset_free(set);
}

static void a_file_extends_and_overrides(void **state)
{
    const char *path = write_file(*state, "a.yaml",
                                  HEAD "extends: national\ndisable: [XZ06, SJ01]\n"
                                       "params:\n  tax_min: 12.5\n  stalled_logic: all\n  own: {value: \"5\", title: 自有}\n"
                                       "define:\n  started: \"1\"\n  extra: {title: 另有, expr: \"started + 1\"}\n"
                                       "rules:\n" RULE("XZ01", "alert") RULE("ZZ01", "data"));
    struct ph_ruleset *set = load(path), *base = load("national");
    assert_string_equal(set->name, "mine");
    assert_int_equal(set->rule_count, base->rule_count - 2 + 1);
    assert_int_equal(set->words.define_count, base->words.define_count + 1);
    assert_null(rule_of(set, "XZ06"));
    assert_null(rule_of(set, "SJ01"));
    assert_int_equal(rule_of(set, "XZ01")->tag, PH_TAG_ALERT);
    assert_string_equal(rule_of(set, "XZ01")->place.file, path);
    assert_string_equal(rule_of(set, "XZ02")->place.file, "national");
    assert_string_equal(set->rules[1].id, base->rules[1].id); /* in its own place */
    assert_string_equal(param_of(set, "tax_min")->literal, "12.5");
    assert_string_equal(param_of(set, "tax_min")->title, "亩均税收下限"); /* inherited */
    assert_string_equal(param_of(set, "stalled_logic")->literal, "'all'");
    assert_string_equal(param_of(set, "own")->literal, "'5'"); /* in quotes: a text */
    assert_string_not_equal(set->sha256, base->sha256);
    ph_ruleset_free(set);
    ph_ruleset_free(base);
}

static void extends_is_relative_to_the_file(void **state)
{
    char path[128];
    write_file(*state, "b.yaml", HEAD "rules:\n" RULE("B1", "idle"));
    snprintf(path, sizeof path, "%s", write_file(*state, "c.yml", HEAD "extends: b.yaml\nrules:\n" RULE("C1", "idle")));
    struct ph_ruleset *set = load(path);
    assert_int_equal(set->rule_count, 2);
    ph_ruleset_free(set);
}

/* The hash stands for every file that the set was read from. */
static void the_hash_covers_the_base(void **state)
{
    char path[128], first[65];
    write_file(*state, "b.yaml", HEAD "rules:\n" RULE("B1", "idle"));
    snprintf(path, sizeof path, "%s", write_file(*state, "a.yaml", HEAD "extends: ./b.yaml\n"));
    struct ph_ruleset *set = load(path);
    memcpy(first, set->sha256, sizeof first);
    ph_ruleset_free(set);
    write_file(*state, "b.yaml", HEAD "rules:\n" RULE("B1", "alert"));
    set = load(path);
    assert_string_not_equal(set->sha256, first);
    ph_ruleset_free(set);
}

static void mistakes_are_shown_at_their_place(void **state)
{
    static const struct {
        const char *text, *word;
        int line, column;
    } rows[] = {
        {HEAD "rule: []\n", "unknown key 'rule'", 3, 1},
        {HEAD "rules:\n  - id: A\n    tagg: idle\n", "unknown key 'tagg'", 5, 5},
        {HEAD "params:\n  x: {value: 1, unti: m}\n", "unknown key 'unti'", 4, 0},
        {HEAD "rules:\n" RULE("A", "idle") RULE("B", "idle") RULE("A", "idle"), "'A' is written twice", 16, 0},
        {HEAD "rules:\n" RULE("A", "lazy"), "tag 'lazy'", 5, 5},
        {HEAD "rules:\n" RULE("A", "unverified"), "tag 'unverified'", 5, 5},
        {HEAD "rules:\n" RULE("A", "normal"), "tag 'normal'", 5, 5},
        {HEAD "rules:\n  - id: A\n    tag: idle\n", "'title' is missing", 4, 0},
        {HEAD "rules:\n  - tag: idle\n", "'id' is missing", 4, 0},
        {"title: 我的\n", "'name' is missing", 1, 0},
        {HEAD "rules:\n  - just text\n", "must be a map", 4, 0},
        {HEAD "rules:\n" RULE("A", "idle") "    needs: far\n", "'needs' must be a list", 10, 0},
        {HEAD "rules:\n" RULE("A", "idle") "    absent: maybe\n", "absent must be", 10, 0},
        {HEAD "params:\n  x: [1, 2]\n", "'x'", 4, 0},
        {HEAD "define:\n  x: {title: 题}\n", "'expr' is missing", 4, 0},
        {HEAD "disable: [QQ]\n", "no rule 'QQ'", 3, 0},
        {HEAD "name: twice\n", "'name'", 3, 0},
        {HEAD "rules: [\n", "YAML", 0, 0},
        {HEAD "  bad: indent\n", "YAML", 2, 0},
        {HEAD "source: \"open\n", "YAML", 0, 0},
        {"- a list\n", "must be a map", 1, 0},
        {HEAD "extends: nosuch\n", "no built-in 'nosuch'", 0, 0},
        {"", "empty", 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *path = write_file(*state, "a.yaml", rows[i].text);
        struct ph_ruleset *set = NULL;
        struct ph_error err = PH_ERROR_INIT;
        enum ph_status status = ph_ruleset_load(path, &set, &err);
        assert_null(set);
        if (status != PH_E_RULES || err.status != PH_E_RULES) fail_msg("%zu: %d %s", i, (int)status, err.en);
        if (strstr(err.en, rows[i].word) == NULL) fail_msg("%zu: %s", i, err.en);
        if (rows[i].line && err.line != rows[i].line) fail_msg("%zu: line %d: %s", i, err.line, err.en);
        if (rows[i].column && err.column != rows[i].column) fail_msg("%zu: column %d: %s", i, err.column, err.en);
        if (rows[i].line) assert_string_equal(err.file, path);
    }
}

static void sections_that_are_no_maps(void **state)
{
    static const char *const texts[] = {HEAD "params: 5\n", HEAD "define: [a]\n", HEAD "rules: {A: b}\n", HEAD "rules: none\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *path = write_file(*state, "a.yaml", texts[i]);
        struct ph_ruleset *set = NULL;
        struct ph_error err = PH_ERROR_INIT;
        enum ph_status status = ph_ruleset_load(path, &set, &err);
        ph_ruleset_free(set);
        if (status != PH_E_RULES) fail_msg("%s: %d", texts[i], (int)status);
        assert_int_equal(err.line, 3);
    }
}

static void loops_of_extends_end(void **state)
{
    char path[128];
    write_file(*state, "b.yaml", HEAD "extends: a.yaml\n");
    snprintf(path, sizeof path, "%s", write_file(*state, "a.yaml", HEAD "extends: b.yaml\n"));
    struct ph_ruleset *set = NULL;
    struct ph_error err = PH_ERROR_INIT;
    assert_int_equal(ph_ruleset_load(path, &set, &err), PH_E_RULES);
    assert_non_null(strstr(err.en, "levels deep"));
}

static void a_file_that_is_not_there(void **state)
{
    (void)state;
    struct ph_ruleset *set = NULL;
    struct ph_error err = PH_ERROR_INIT;
    assert_int_equal(ph_ruleset_load("/nonexistent/rules.yaml", &set, &err), PH_E_RULES);
    assert_string_equal(err.file, "/nonexistent/rules.yaml");
    err = (struct ph_error)PH_ERROR_INIT;
    assert_int_equal(ph_ruleset_load("nosuch", &set, &err), PH_E_RULES);
    assert_non_null(strstr(err.en, "national"));
    assert_int_equal(ph_ruleset_load("nosuch", &set, NULL), PH_E_RULES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(built_in_sets_load),           cmocka_unit_test(national_is_whole),
        cmocka_unit_test(a_file_extends_and_overrides), cmocka_unit_test(extends_is_relative_to_the_file),
        cmocka_unit_test(the_hash_covers_the_base),     cmocka_unit_test(mistakes_are_shown_at_their_place),
        cmocka_unit_test(sections_that_are_no_maps),    cmocka_unit_test(loops_of_extends_end),
        cmocka_unit_test(a_file_that_is_not_there),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
