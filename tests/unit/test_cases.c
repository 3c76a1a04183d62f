/* The rules against tests/cases/national.cases: each case sets values and says what must come out. The file's head
 * explains its lines. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/facts.h"

#define CASES "cases/national.cases"
#define LINE 1024
#define RULES 64

struct parcel {
    struct ph_value values[PH_VARIABLES];
    char texts[PH_VARIABLES][256];
};

/* A case as far as it has been read, and what it gave once it was run. */
struct one {
    char name[LINE];
    int line;
    size_t expectations; /* of all cases */
    struct parcel parcel;
    struct ph_variable variables[PH_VARIABLES];
    struct ph_ruleset *set;
    bool ran;
    uint8_t outcomes[RULES];
    struct ph_text reasons, missing;
    char since[11];
    double fee;
    enum ph_tag tag;
};

static void fetch(const void *row, size_t variable, struct ph_value *out)
{
    *out = ((const struct parcel *)row)->values[variable];
}

static bool is_text(size_t variable)
{
    if (variable < PH_PARCEL_FIELDS) {
        enum ph_type type = ph_parcel_fields.items[variable].type;
        return type == PH_TEXT || type == PH_DATE;
    }
    return variable == PH_VAR_AS_OF;
}

static bool is_integer(size_t variable)
{
    if (variable < PH_PARCEL_FIELDS) return ph_parcel_fields.items[variable].type == PH_INT;
    return variable >= PH_VAR_PARCEL_ID_OK && variable <= PH_VAR_CRS_SUSPECT;
}

static void set_value(struct one *c, const char *name, const char *text)
{
    struct ph_scope scope = {c->variables, PH_VARIABLES, &c->set->words};
    size_t v = ph_scope_variable(&scope, name, strlen(name));
    if (v >= PH_VARIABLES) fail_msg("%s:%d: no variable %s", CASES, c->line, name);
    if (v >= PH_VARIABLES) return; /* the compiler does not know that fail_msg never returns */
    snprintf(c->parcel.texts[v], sizeof c->parcel.texts[v], "%s", text);
    if (is_text(v))
        c->parcel.values[v] = (struct ph_value){.kind = PH_VALUE_TEXT, .text = c->parcel.texts[v]};
    else if (is_integer(v))
        c->parcel.values[v] = (struct ph_value){.kind = PH_VALUE_INT, .integer = strtoll(text, NULL, 10)};
    else
        c->parcel.values[v] = (struct ph_value){.kind = PH_VALUE_REAL, .real = strtod(text, NULL)};
}

/* What the audit computes from others, unless the case says it. */
static void derive(struct one *c, enum ph_variable_id target, double value)
{
    struct ph_value *v = &c->parcel.values[target];
    if (v->kind == PH_VALUE_UNKNOWN && isfinite(value)) *v = (struct ph_value){.kind = PH_VALUE_REAL, .real = value};
}

static double number(const struct one *c, enum ph_variable_id variable)
{
    const struct ph_value *v = &c->parcel.values[variable];
    return v->kind == PH_VALUE_REAL ? v->real : NAN;
}

static void set_param(struct one *c, const char *name, const char *text)
{
    for (size_t i = 0; i < c->set->words.param_count; i++) {
        struct ph_param *p = &c->set->words.params[i];
        if (strcmp(p->name, name) != 0 && (p->title == NULL || strcmp(p->title, name) != 0)) continue;
        char literal[128];
        bool numeric = strspn(text, "0123456789.-") == strlen(text);
        int n = snprintf(literal, sizeof literal, numeric ? "%s" : "'%s'", text);
        p->literal = ph_arena_text(&c->set->arena, literal, (size_t)n);
        return;
    }
    fail_msg("%s:%d: no param %s", CASES, c->line, name);
}

static void take_rule(struct one *c, struct ph_engine *engine, size_t r, struct ph_error *err)
{
    const struct ph_rule *rule = &c->set->rules[r];
    bool tags = rule->tag < PH_TAG_UNVERIFIED;
    if (c->outcomes[r] == PH_UNDECIDED && tags) {
        ph_engine_missing(engine, r, &c->missing);
        if (c->tag == PH_TAG_NORMAL) c->tag = PH_TAG_UNVERIFIED;
    }
    if (c->outcomes[r] != PH_HIT) return;
    if (tags && rule->tag < c->tag) c->tag = rule->tag;
    char since[11];
    double fee;
    assert_int_equal(ph_engine_reason(engine, r, &c->reasons, since, &fee, err), PH_OK);
    ph_text_add(&c->reasons, "\n");
    if (rule->tag != PH_TAG_IDLE || c->since[0]) return;
    memcpy(c->since, since, sizeof since);
    c->fee = fee;
}

static void evaluate(struct one *c)
{
    if (c->ran) return;
    c->ran = true;
    derive(c, PH_VAR_AREA_MU, number(c, PH_VAR_AREA_M2) * 3 / 2000);
    derive(c, PH_VAR_TAX_PER_MU, number(c, PH_VAR_TAX) / number(c, PH_VAR_HOLDER_MU));
    derive(c, PH_VAR_REVENUE_PER_MU, number(c, PH_VAR_REVENUE) / number(c, PH_VAR_HOLDER_MU));
    struct ph_engine *engine = NULL;
    struct ph_error err = PH_ERROR_INIT;
    assert_true(c->set->rule_count <= RULES);
    if (ph_engine_new(c->set, c->variables, PH_VARIABLES, &engine, &err) != PH_OK) fail_msg("%s: %s", c->name, err.en);
    if (ph_engine_evaluate(engine, fetch, &c->parcel, c->outcomes, &err) != PH_OK) fail_msg("%s: %s", c->name, err.en);
    for (size_t r = 0; r < c->set->rule_count; r++) take_rule(c, engine, r, &err);
    assert_false(c->reasons.failed);
    ph_engine_free(engine);
}

static void expect_outcome(const struct one *c, const char *id, const char *wanted)
{
    static const char *const names[] = {
        [PH_NO_HIT] = "no", [PH_HIT] = "hit", [PH_UNDECIDED] = "unknown", [PH_SKIPPED] = "skipped"};
    for (size_t r = 0; r < c->set->rule_count; r++) {
        if (strcmp(c->set->rules[r].id, id) != 0) continue;
        const char *found = names[c->outcomes[r]];
        if (strcmp(found, wanted) != 0) fail_msg("%s:%d: %s: %s is %s, not %s", CASES, c->line, c->name, id, found, wanted);
        return;
    }
    fail_msg("%s:%d: no rule %s", CASES, c->line, id);
}

static bool listed(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = list; *at; at += strcspn(at, ";"), at += *at == ';') {
        size_t length = strcspn(at, ";");
        const char *either = strstr(at, word);
        if ((length == n && memcmp(at, word, n) == 0) || (either != NULL && either < at + length)) return true;
    }
    return false;
}

static void expect(struct one *c, const char *what, const char *value)
{
    bool good;
    const char *found = "";
    char fee[40] = "none";
    evaluate(c);
    c->expectations++;
    if (strcmp(what, "tag") == 0) {
        found = ph_tag_name(c->tag);
        good = strcmp(found, value) == 0;
    } else if (strcmp(what, "since") == 0) {
        found = c->since[0] ? c->since : "none";
        good = strcmp(found, value) == 0;
    } else if (strcmp(what, "fee") == 0) {
        if (isfinite(c->fee)) snprintf(fee, sizeof fee, "%.4f", c->fee);
        found = fee;
        good = strcmp(value, "none") == 0 ? !isfinite(c->fee) : fabs(c->fee - strtod(value, NULL)) < 1e-9;
    } else if (strcmp(what, "text") == 0) {
        found = ph_text_get(&c->reasons);
        good = strstr(found, value) != NULL;
    } else if (strcmp(what, "missing") == 0) {
        found = ph_text_get(&c->missing);
        good = listed(found, value);
    } else {
        expect_outcome(c, what, value);
        return;
    }
    if (!good) fail_msg("%s:%d: %s: %s is '%s', not '%s'", CASES, c->line, c->name, what, found, value);
}

static void start(struct one *c, const char *rules)
{
    struct ph_error err = PH_ERROR_INIT;
    ph_facts_variables(NULL, NULL, NULL, c->variables);
    ph_text_init(&c->reasons, 1 << 20);
    ph_text_init(&c->missing, 1 << 16);
    c->tag = PH_TAG_NORMAL;
    c->fee = NAN;
    if (ph_ruleset_load(rules, &c->set, &err) != PH_OK) fail_msg("%s:%d: %s", CASES, c->line, err.en);
}

static void finish(struct one *c)
{
    if (c->set != NULL && !c->ran) fail_msg("%s:%d: '%s' expects nothing", CASES, c->line, c->name);
    ph_ruleset_free(c->set);
    ph_text_dispose(&c->reasons);
    ph_text_dispose(&c->missing);
    int line = c->line;
    size_t expectations = c->expectations;
    memset(c, 0, sizeof *c);
    c->line = line;
    c->expectations = expectations;
}

/* One line: a word, another, and the rest. */
static void obey(struct one *c, char *text)
{
    char *what = text, *name = what + strcspn(what, " ");
    if (*name) *name++ = '\0';
    char *value = name + strcspn(name, " ");
    bool first = strcmp(what, "rules") == 0;
    if (!first && c->set == NULL) fail_msg("%s:%d: rules must come first", CASES, c->line);
    if (*value && !first) *value++ = '\0';
    if (first)
        start(c, name);
    else if (strcmp(what, "as_of") == 0)
        set_value(c, "as_of", name);
    else if (strcmp(what, "set") == 0)
        set_value(c, name, value);
    else if (strcmp(what, "param") == 0)
        set_param(c, name, value);
    else if (strcmp(what, "expect") == 0)
        expect(c, name, value);
    else
        fail_msg("%s:%d: what is '%s'?", CASES, c->line, what);
}

static void every_case(void **state)
{
    (void)state;
    FILE *file = fopen(CASES, "r");
    if (file == NULL) fail_msg("%s cannot be opened", CASES);
    struct one *c = calloc(1, sizeof *c);
    char text[LINE];
    size_t cases = 0;
    while (fgets(text, sizeof text, file) != NULL) {
        c->line++;
        text[strcspn(text, "\r\n")] = '\0';
        if (text[0] == '\0') {
            finish(c);
        } else if (strncmp(text, "# case: ", 8) == 0) {
            if (c->set != NULL) fail_msg("%s:%d: an empty line is missing", CASES, c->line);
            snprintf(c->name, sizeof c->name, "%s", text + 8);
            cases++;
        } else if (text[0] != '#') {
            obey(c, text);
        }
    }
    finish(c);
    fclose(file);
    print_message("%zu cases, %zu expectations\n", cases, c->expectations);
    free(c);
    assert_true(cases >= 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_case)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
