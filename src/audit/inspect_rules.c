/* Which rules can be decided with what is there, and for lack of what the others cannot: the rules are tried. */
#include <stdlib.h>
#include <string.h>

#include "audit/inspection.h"
#include "audit/land.h"
#include "audit/tagger.h"
#include "base/date.h"

#define CHUNK_ROWS ((size_t)2048)

enum { LACKS = 24 }; /* of one rule; the rest is not told */

/* Everything that a trial owns. */
struct trial {
    struct ph_inspection *n;
    struct ph_audit_request request;
    struct ph_ruleset *set;
    struct ph_enterprises enterprises;
    struct ph_links links;
    struct ph_land land;
    struct ph_evaluation evaluation;
    struct ph_tagging tagging;
    struct ph_problems aside; /* what is wrong with the enterprise table is told when that is inspected */
    struct ph_inspect_rule *rules;
    struct ph_inspect_lack (*lacks)[LACKS]; /* per rule */
    struct ph_error *err;
};

/* The last day on which something happened to a parcel. */
static int32_t last_day(const struct ph_parcels *p)
{
    static const enum ph_parcel_field fields[] = {PH_APPROVED_DATE, PH_CONTRACT_DATE, PH_DELIVERY_DATE, PH_ACTUAL_START, PH_STOPPED_SINCE,
                                                  PH_ACTUAL_COMPLETION, PH_CLOSED_SINCE};
    int32_t last = PH_DATE_UNKNOWN;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const struct ph_column *column = ph_field_column(&p->t, fields[i]);
        for (size_t row = 0; column && row < ph_parcel_count(p); row++)
            if (column->date[row] > last) last = column->date[row];
    }
    return last;
}

static enum ph_status settle_date(struct trial *t, const struct ph_inspect_request *q)
{
    if (q->as_of == NULL) {
        t->request.as_of = last_day(&t->n->parcels);
    } else if (ph_date_parse(q->as_of, strlen(q->as_of), &t->request.as_of) != PH_PARSE_OK) {
        return ph_fail(t->err, PH_E_USAGE, "截止日不是日期:“%s”(应如 2023-11-30)", "the reference date is none: '%s' (write 2023-11-30)", q->as_of);
    }
    ph_date_print(t->n->content.as_of, t->request.as_of);
    if (t->request.as_of == PH_DATE_UNKNOWN) t->request.as_of = ph_date_of(2000, 1, 1); /* nothing is compared with it */
    return PH_OK;
}

static enum ph_status start(struct trial *t, const struct ph_inspect_request *q)
{
    const struct ph_parcels *p = &t->n->parcels;
    t->request = (struct ph_audit_request)PH_AUDIT_REQUEST_INIT;
    t->request.enterprises = q->enterprises;
    t->request.threads = 1;
    PH_TRY(settle_date(t, q));
    PH_TRY(ph_ruleset_load(q->rules ? q->rules : "national", &t->set, t->err));
    PH_TRY(ph_enterprises_load(&t->request, &t->enterprises, &t->aside, t->err));
    PH_TRY(ph_enterprises_join(p, &t->enterprises, &t->aside, t->err));
    PH_TRY(ph_land_divide(&t->request, p, &t->links, &t->enterprises, &t->land, &t->aside, t->err));
    return ph_tagging_prepare(&t->request, t->set, p, &t->enterprises, &t->evaluation, &t->tagging, &t->aside, t->err);
}

/* The variable of this title. */
static size_t variable_of(const struct trial *t, const char *title, size_t length)
{
    for (size_t i = 0; i < PH_VARIABLES; i++)
        if (strlen(t->tagging.variables[i].title) == length && memcmp(t->tagging.variables[i].title, title, length) == 0) return i;
    return SIZE_MAX;
}

/* Names what is missing: 税收或亩均税收 in both languages, and whether there is nowhere to find it. */
static enum ph_status name_lack(const struct trial *t, const char *title, size_t length, struct ph_inspect_lack *lack)
{
    static const char either[] = "或";
    struct ph_text zh, en;
    ph_text_init(&zh, 4096);
    ph_text_init(&en, 4096);
    *lack = (struct ph_inspect_lack){.absent = 1};
    for (const char *at = title, *end = title + length; at < end;) {
        const char *next = strstr(at, either);
        size_t n = (size_t)((next && next < end ? next : end) - at), v = variable_of(t, at, n);
        bool indicator = v >= PH_VAR_TAX && v <= PH_VAR_EMISSION_PER_MU;
        ph_text_addf(&zh, "%s%s%.*s", zh.length ? either : "", indicator ? "企业表的" : "", (int)n, at);
        if (v != SIZE_MAX) ph_text_addf(&en, "%s%s", en.length ? " or " : "", t->tagging.variables[v].name);
        if (v != SIZE_MAX && t->tagging.variables[v].present) lack->absent = 0;
        at += n + (next && next < end ? sizeof either - 1 : 0);
    }
    lack->title = ph_arena_text(&t->n->arena, ph_text_get(&zh), zh.length);
    lack->name = ph_arena_text(&t->n->arena, ph_text_get(&en), en.length);
    ph_text_dispose(&zh);
    ph_text_dispose(&en);
    return lack->title && lack->name ? PH_OK : ph_fail_memory(t->err);
}

/* Counts one name of a list with ';' between for a rule. */
static enum ph_status count_lack(struct trial *t, size_t r, const char *title, size_t length)
{
    struct ph_inspect_rule *rule = &t->rules[r];
    struct ph_inspect_lack lack;
    PH_TRY(name_lack(t, title, length, &lack));
    size_t i = 0;
    while (i < rule->lack_count && strcmp(t->lacks[r][i].title, lack.title) != 0) i++;
    if (i == LACKS) return PH_OK;
    if (i == rule->lack_count) t->lacks[r][rule->lack_count++] = lack;
    t->lacks[r][i].rows++;
    return PH_OK;
}

static enum ph_status count_unknown(struct trial *t, const struct ph_table *findings, size_t row)
{
    const char *id = findings->columns[PH_FINDING_RULE].text[row], *missing = findings->columns[PH_FINDING_MISSING].text[row];
    size_t r = 0;
    while (r < t->set->rule_count && strcmp(t->set->rules[r].id, id) != 0) r++;
    if (r == t->set->rule_count) return PH_OK;
    t->rules[r].undecided++;
    for (const char *at = missing; at && *at;) {
        size_t n = strcspn(at, ";");
        PH_TRY(count_lack(t, r, at, n));
        at += n + (at[n] == ';');
    }
    return PH_OK;
}

/* A rule that is not evaluated lacks what it turns on, for every parcel. */
static enum ph_status skip_rule(struct trial *t, size_t r)
{
    const struct ph_rule *rule = &t->set->rules[r];
    struct ph_scope scope = {t->tagging.variables, PH_VARIABLES, &t->set->words};
    struct ph_text titles;
    if (!rule->skip_absent || rule->need_count == 0) return PH_OK;
    bool present = false;
    ph_text_init(&titles, 4096);
    for (const char *at = rule->needs[0]; *at;) {
        size_t n = strcspn(at, "|"), v = ph_scope_variable(&scope, at, n);
        present |= t->tagging.variables[v].present;
        ph_text_addf(&titles, "%s%s", titles.length ? "或" : "", t->tagging.variables[v].title);
        at += n + (at[n] == '|');
    }
    enum ph_status status = present ? PH_OK : name_lack(t, ph_text_get(&titles), titles.length, &t->lacks[r][0]);
    if (!present) t->lacks[r][0].rows = ph_parcel_count(&t->n->parcels);
    t->rules[r].lack_count = !present;
    t->rules[r].skipped = !present;
    ph_text_dispose(&titles);
    return status;
}

static enum ph_status begin_rules(struct trial *t)
{
    struct ph_arena *arena = &t->n->arena;
    struct ph_inspection_content *c = &t->n->content;
    t->rules = ph_arena_alloc(arena, (t->set->rule_count + 1) * sizeof *t->rules);
    t->lacks = ph_arena_alloc(arena, (t->set->rule_count + 1) * sizeof *t->lacks);
    c->rule_set = ph_arena_text(arena, t->set->title, strlen(t->set->title));
    c->rule_set_en = ph_arena_text(arena, t->set->title_en, strlen(t->set->title_en));
    if (t->rules == NULL || t->lacks == NULL || c->rule_set == NULL || c->rule_set_en == NULL) return ph_fail_memory(t->err);
    for (size_t r = 0; r < t->set->rule_count; r++) {
        const struct ph_rule *rule = &t->set->rules[r];
        const char *texts[] = {rule->id, rule->title, rule->title_en ? rule->title_en : rule->title};
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            if ((texts[i] = ph_arena_text(arena, texts[i], strlen(texts[i]))) == NULL) return ph_fail_memory(t->err);
        t->rules[r] = (struct ph_inspect_rule){.id = texts[0], .title = texts[1], .title_en = texts[2], .tag = ph_tag_name(rule->tag),
                                               .lacks = t->lacks[r]};
        PH_TRY(skip_rule(t, r));
    }
    c->rules = t->rules;
    c->rule_count = t->set->rule_count;
    return PH_OK;
}

static enum ph_status try_chunk(struct trial *t, size_t from, size_t to)
{
    struct ph_table tags = {0}, findings = {0};
    enum ph_status status = ph_tagger_tag(t->tagging.own, from, to, &tags, &findings, t->err);
    for (size_t row = 0; status == PH_OK && row < findings.rows; row++)
        if (strcmp(findings.columns[PH_FINDING_OUTCOME].text[row], "unknown") == 0) status = count_unknown(t, &findings, row);
    for (size_t row = from; row < to; row++) t->n->content.unverified += t->tagging.tag[row] == PH_TAG_UNVERIFIED;
    ph_table_dispose(&tags);
    ph_table_dispose(&findings);
    return status;
}

static enum ph_status try_rules(struct trial *t)
{
    size_t rows = ph_parcel_count(&t->n->parcels);
    PH_TRY(begin_rules(t));
    for (size_t from = 0; from < rows; from += CHUNK_ROWS) PH_TRY(try_chunk(t, from, from + CHUNK_ROWS < rows ? from + CHUNK_ROWS : rows));
    return PH_OK;
}

enum ph_status ph_inspection_tell_rules(struct ph_inspection *n, const struct ph_inspect_request *q, struct ph_error *err)
{
    if (!n->measured) return PH_OK;
    struct trial *t = calloc(1, sizeof *t);
    if (t == NULL) return ph_fail_memory(err);
    t->n = n;
    t->err = err;
    enum ph_status status = start(t, q);
    if (status == PH_OK) status = try_rules(t);
    ph_tagging_dispose(&t->tagging);
    ph_land_dispose(&t->land);
    ph_enterprises_dispose(&t->enterprises);
    ph_problems_dispose(&t->aside);
    ph_ruleset_free(t->set);
    free(t);
    return status;
}
