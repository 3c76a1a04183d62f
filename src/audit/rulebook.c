/* A rule set laid out for a person. */
#include "panhuo/rules.h"

#include <stdlib.h>
#include <string.h>

#include "audit/facts.h"
#include "audit/words.h"
#include "model/codelist.h"
#include "rules/reason.h"

#define SQL_CAP ((size_t)4 * 1024 * 1024)

struct ph_rulebook {
    struct ph_arena arena;
    struct ph_ruleset *set;
    struct ph_variable variables[PH_VARIABLES];
    struct ph_rule_name *terms;
    struct ph_rulebook_content content;
};

/* What the rule uses, marked in the order of the terms. */
static enum ph_status mark_terms(const struct ph_rulebook *b, const struct ph_rule *rule, bool *marks, struct ph_error *err)
{
    struct ph_scope scope = {b->variables, PH_VARIABLES, &b->set->words};
    struct ph_uses uses = {.marks = marks, .params = marks + PH_VARIABLES + b->set->words.define_count};
    const char *expressions[] = {rule->when, rule->since, rule->fee};
    struct ph_text sql;
    ph_text_init(&sql, SQL_CAP);
    enum ph_status status = PH_OK;
    for (size_t i = 0; status == PH_OK && i < sizeof expressions / sizeof *expressions; i++)
        if (expressions[i])
            status = ph_expr_translate(&scope, expressions[i], strlen(expressions[i]), rule->when_place, PH_BIND_DEFINES, &sql,
                                       &uses, err);
    struct ph_reason *reason = NULL;
    if (status == PH_OK) status = ph_reason_compile(&scope, NULL, rule->reason, rule->reason_place, &uses, &reason, err);
    ph_reason_free(reason);
    ph_text_dispose(&sql);
    return status;
}

static enum ph_status list_uses(struct ph_rulebook *b, const struct ph_rule *rule, struct ph_rule_sheet *out,
                                struct ph_error *err)
{
    size_t count = b->content.term_count;
    bool *marks = calloc(count, sizeof *marks);
    const struct ph_rule_name **used = ph_arena_alloc(&b->arena, count * sizeof *used);
    enum ph_status status = marks && used ? mark_terms(b, rule, marks, err) : ph_fail_memory(err);
    for (size_t i = 0; status == PH_OK && i < count; i++)
        if (marks[i]) used[out->term_count++] = &b->terms[i];
    out->terms = used;
    free(marks);
    return status;
}

static enum ph_status list_needs(struct ph_rulebook *b, const struct ph_rule *rule, struct ph_rule_sheet *out,
                                 struct ph_error *err)
{
    struct ph_scope scope = {b->variables, PH_VARIABLES, &b->set->words};
    const char **titles = ph_arena_alloc(&b->arena, (rule->need_count + 1) * sizeof *titles);
    if (titles == NULL) return ph_fail_memory(err);
    struct ph_text text;
    ph_text_init(&text, 4096);
    for (size_t i = 0; i < rule->need_count; i++) {
        ph_text_clear(&text);
        for (const char *at = rule->needs[i]; *at;) {
            size_t n = strcspn(at, "|");
            if (text.length) ph_text_add(&text, "或");
            ph_text_add(&text, b->variables[ph_scope_variable(&scope, at, n)].title);
            at += n + (at[n] == '|');
        }
        titles[i] = text.failed ? NULL : ph_arena_text(&b->arena, ph_text_get(&text), text.length);
        if (titles[i] == NULL) return ph_text_dispose(&text), ph_fail_memory(err);
    }
    ph_text_dispose(&text);
    out->needs = rule->needs;
    out->need_titles = titles;
    out->need_count = rule->need_count;
    return PH_OK;
}

static enum ph_status list_measures(struct ph_rulebook *b, const struct ph_rule *rule, struct ph_rule_sheet *out,
                                    struct ph_error *err)
{
    const struct ph_codelist *names = ph_codelist_find("measure");
    struct ph_rule_measure *measures = ph_arena_alloc(&b->arena, (rule->measure_count + 1) * sizeof *measures);
    if (measures == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < rule->measure_count; i++)
        measures[i] = (struct ph_rule_measure){rule->measures[i], ph_codelist_text(names, rule->measures[i])};
    out->measures = measures;
    out->measure_count = rule->measure_count;
    return PH_OK;
}

static enum ph_status lay_out(struct ph_rulebook *b, struct ph_error *err)
{
    const struct ph_ruleset *set = b->set;
    struct ph_rule_sheet *sheets = ph_arena_alloc(&b->arena, (set->rule_count + 1) * sizeof *sheets);
    if (sheets == NULL) return ph_fail_memory(err);
    b->content = (struct ph_rulebook_content){.name = set->name,
                                              .title = set->title,
                                              .title_en = set->title_en,
                                              .source = set->source,
                                              .sha256 = set->sha256,
                                              .rules = sheets,
                                              .rule_count = set->rule_count};
    PH_TRY(ph_words_list(&b->arena, b->variables, PH_VARIABLES, &set->words, &b->terms, &b->content.term_count, err));
    b->content.terms = b->terms;
    for (size_t i = 0; i < set->rule_count; i++) {
        const struct ph_rule *r = &set->rules[i];
        const char *tag = ph_tag_name(r->tag);
        sheets[i] = (struct ph_rule_sheet){.id = r->id,
                                           .tag = tag,
                                           .tag_title = ph_codelist_text(ph_codelist_find("rule_tag"), tag),
                                           .title = r->title,
                                           .title_en = r->title_en,
                                           .basis = r->basis,
                                           .source = r->source,
                                           .sure = r->sure == NULL || strcmp(r->sure, "V") == 0,
                                           .when = r->when,
                                           .since = r->since,
                                           .fee = r->fee,
                                           .reason = r->reason,
                                           .skip_absent = r->skip_absent,
                                           .file = r->place.file,
                                           .line = r->place.line};
        PH_TRY(list_needs(b, r, &sheets[i], err));
        PH_TRY(list_measures(b, r, &sheets[i], err));
        PH_TRY(list_uses(b, r, &sheets[i], err));
    }
    return PH_OK;
}

/* Has every expression compiled, as the audit would. */
static enum ph_status validate(const struct ph_rulebook *b, struct ph_error *err)
{
    struct ph_engine *engine = NULL;
    enum ph_status status = ph_engine_new(b->set, b->variables, PH_VARIABLES, &engine, err);
    ph_engine_free(engine);
    return status;
}

enum ph_status ph_rulebook_open(const char *name, struct ph_rulebook **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_rulebook *b = calloc(1, sizeof *b);
    if (b == NULL) return ph_fail_memory(err);
    ph_facts_variables(NULL, NULL, NULL, b->variables);
    enum ph_status status = ph_ruleset_load(name, &b->set, err);
    if (status == PH_OK) status = validate(b, err);
    if (status == PH_OK) status = lay_out(b, err);
    if (status != PH_OK) {
        ph_rulebook_free(b);
        return status;
    }
    *out = b;
    return PH_OK;
}

const struct ph_rulebook_content *ph_rulebook_content(const struct ph_rulebook *book)
{
    return &book->content;
}

void ph_rulebook_free(struct ph_rulebook *book)
{
    if (book == NULL) return;
    ph_ruleset_free(book->set);
    ph_arena_dispose(&book->arena);
    free(book);
}

const char *ph_rulebook_builtin(size_t index, const char **text)
{
    const struct ph_builtin_text *set = ph_builtin_set(index);
    if (set && text) *text = set->text;
    return set ? set->name : NULL;
}

const char *ph_rulebook_function(size_t index, const char **title)
{
    return ph_expr_function(index, title);
}
