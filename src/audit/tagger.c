#include "audit/tagger.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"

#define TEXT_CAP ((size_t)1 << 20)

/* Texts under construction for the parcel at hand. */
struct sheet {
    struct ph_text tags, rules, reason, basis, missing, alerts, measures, one, evidence, one_missing;
};

struct ph_tagger {
    const struct ph_tagging *tagging;
    const struct ph_ruleset *set;
    struct ph_engine *engine;
    struct ph_facts facts;
    struct ph_table *tags, *findings; /* of the chunk at hand; the texts of both live in the second */
    size_t first;                     /* row of the chunk */
    uint8_t *outcomes;
    struct sheet sheet;
    struct ph_error *err;
};

static void for_each_text(struct sheet *s, void (*f)(struct ph_text *))
{
    struct ph_text *texts[] = {&s->tags,   &s->rules,    &s->reason, &s->basis,    &s->missing,
                               &s->alerts, &s->measures, &s->one,    &s->evidence, &s->one_missing};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) f(texts[i]);
}

static void start_text(struct ph_text *text)
{
    ph_text_init(text, TEXT_CAP);
}

/* Whether a list joined by `sign` has the word already. */
static bool has(const struct ph_text *list, const char *sign, const char *word)
{
    size_t n = strlen(word), m = strlen(sign);
    for (const char *at = ph_text_get(list); *at;) {
        const char *end = strstr(at, sign);
        size_t length = end ? (size_t)(end - at) : strlen(at);
        if (length == n && memcmp(at, word, n) == 0) return true;
        at += length + (end ? m : 0);
    }
    return false;
}

static void join(struct ph_text *list, const char *sign, const char *word)
{
    if (word == NULL || *word == '\0' || has(list, sign, word)) return;
    if (list->length) ph_text_add(list, sign);
    ph_text_add(list, word);
}

static enum ph_status put(const struct ph_tagger *t, struct ph_table *table, size_t column, size_t row, const struct ph_text *text)
{
    if (text->failed) return ph_fail_memory(t->err);
    if (text->length == 0) return PH_OK;
    table->columns[column].text[row] = ph_table_text(t->findings, ph_text_get(text), text->length);
    return table->columns[column].text[row] ? PH_OK : ph_fail_memory(t->err);
}

static enum ph_status add_finding(struct ph_tagger *t, size_t r, bool hit)
{
    struct ph_table *f = t->findings;
    const struct ph_rule *rule = &t->set->rules[r];
    PH_TRY(ph_table_add_rows(f, 1, t->err));
    size_t row = f->rows - 1;
    struct sheet *s = &t->sheet;
    ph_text_clear(&s->evidence);
    PH_TRY(ph_engine_evidence(t->engine, r, &s->evidence, t->err));
    f->columns[PH_FINDING_PARCEL_FID].integer[row] = (int64_t)t->facts.row + 1;
    f->columns[PH_FINDING_PARCEL_ID].text[row] = ph_parcel_text(t->facts.parcels, PH_PARCEL_ID, t->facts.row);
    f->columns[PH_FINDING_RULE].text[row] = rule->id;
    f->columns[PH_FINDING_TAG].text[row] = ph_tag_name(rule->tag);
    f->columns[PH_FINDING_OUTCOME].text[row] = hit ? "hit" : "unknown";
    if (hit) PH_TRY(put(t, f, PH_FINDING_REASON, row, &s->one));
    PH_TRY(put(t, f, PH_FINDING_EVIDENCE, row, &s->evidence));
    f->columns[PH_FINDING_BASIS].text[row] = rule->cited;
    return put(t, f, PH_FINDING_MISSING, row, &s->one_missing);
}

static enum ph_status take_hit(struct ph_tagger *t, size_t r, enum ph_tag primary)
{
    const struct ph_rule *rule = &t->set->rules[r];
    struct sheet *s = &t->sheet;
    struct ph_table *p = t->tags;
    size_t row = t->facts.row - t->first;
    char since[11];
    double fee;
    ph_text_clear(&s->one);
    ph_text_clear(&s->one_missing);
    PH_TRY(ph_engine_reason(t->engine, r, &s->one, since, &fee, t->err));
    join(&s->rules, ";", rule->id);
    if (rule->tag < PH_TAG_UNVERIFIED) join(&s->tags, ";", ph_tag_name(rule->tag));
    if (rule->tag == PH_TAG_ALERT) join(&s->alerts, ";", rule->title);
    for (size_t i = 0; i < rule->measure_count; i++) join(&s->measures, ";", rule->measures[i]);
    if (rule->tag == primary) {
        join(&s->reason, ";", ph_text_get(&s->one));
        join(&s->basis, ";", rule->cited);
    }
    if (rule->tag == PH_TAG_IDLE && since[0] && p->columns[PH_TAGS_IDLE_SINCE].date[row] == PH_DATE_UNKNOWN) {
        int32_t date;
        if (ph_date_parse(since, strlen(since), &date) == PH_PARSE_OK) {
            p->columns[PH_TAGS_IDLE_SINCE].date[row] = date;
            p->columns[PH_TAGS_IDLE_DAYS].integer[row] = ph_date_days_between(date, t->facts.as_of);
        }
    }
    if (rule->tag == PH_TAG_IDLE && isnan(p->columns[PH_TAGS_IDLE_FEE].real[row])) p->columns[PH_TAGS_IDLE_FEE].real[row] = fee;
    return add_finding(t, r, true);
}

static enum ph_status take_unknown(struct ph_tagger *t, size_t r)
{
    struct sheet *s = &t->sheet;
    ph_text_clear(&s->one_missing);
    ph_engine_missing(t->engine, r, &s->one_missing);
    if (t->set->rules[r].tag < PH_TAG_UNVERIFIED) ph_engine_missing(t->engine, r, &s->missing);
    return add_finding(t, r, false);
}

static enum ph_tag primary_tag(const struct ph_tagger *t)
{
    enum ph_tag tag = PH_TAG_NORMAL;
    for (size_t r = 0; r < t->set->rule_count; r++) {
        enum ph_tag own = t->set->rules[r].tag;
        if (own >= PH_TAG_UNVERIFIED) continue;
        if (t->outcomes[r] == PH_HIT && own < tag) tag = own;
        if (t->outcomes[r] == PH_UNDECIDED && tag == PH_TAG_NORMAL) tag = PH_TAG_UNVERIFIED;
    }
    return tag;
}

static enum ph_status tag_one(struct ph_tagger *t)
{
    struct sheet *s = &t->sheet;
    struct ph_table *p = t->tags;
    size_t row = t->facts.row - t->first;
    PH_TRY(ph_engine_evaluate(t->engine, ph_facts_fetch, &t->facts, t->outcomes, t->err));
    enum ph_tag tag = primary_tag(t);
    t->tagging->tag[t->facts.row] = (uint8_t)tag;
    p->columns[PH_TAGS_TAG].text[row] = ph_tag_name(tag);
    for_each_text(s, ph_text_clear);
    /* By precedence of the tags, so that the lists read in that order. */
    for (int level = 0; level < PH_TAG_COUNT; level++)
        for (size_t r = 0; r < t->set->rule_count; r++) {
            if ((int)t->set->rules[r].tag != level) continue;
            if (t->outcomes[r] == PH_HIT) PH_TRY(take_hit(t, r, tag));
            if (t->outcomes[r] == PH_UNDECIDED) PH_TRY(take_unknown(t, r));
        }
    if (tag == PH_TAG_UNVERIFIED) ph_text_addf(&s->reason, "缺%s,无法判定,列入待核查", ph_text_get(&s->missing));
    PH_TRY(put(t, p, PH_TAGS_TAGS, row, &s->tags));
    PH_TRY(put(t, p, PH_TAGS_RULES, row, &s->rules));
    PH_TRY(put(t, p, PH_TAGS_REASON, row, &s->reason));
    PH_TRY(put(t, p, PH_TAGS_BASIS, row, &s->basis));
    PH_TRY(put(t, p, PH_TAGS_MISSING, row, &s->missing));
    PH_TRY(put(t, p, PH_TAGS_ALERTS, row, &s->alerts));
    return put(t, p, PH_TAGS_MEASURES, row, &s->measures);
}

enum ph_status ph_tagger_make_findings(struct ph_table *table, struct ph_error *err)
{
    static const struct {
        const char *name, *title;
        enum ph_type type;
    } columns[PH_FINDING_COLUMNS] = {
        {"parcel_fid", "宗地序号", PH_INT}, {"parcel_id", "宗地代码", PH_TEXT}, {"rule", "规则", PH_TEXT},
        {"tag", "标签", PH_TEXT},           {"outcome", "结论", PH_TEXT},       {"reason", "理由", PH_TEXT},
        {"evidence", "证据", PH_TEXT},      {"basis", "依据", PH_TEXT},         {"missing", "缺少字段", PH_TEXT},
    };
    for (size_t i = 0; i < PH_FINDING_COLUMNS; i++)
        PH_TRY(ph_table_add_column(table, columns[i].name, columns[i].title, columns[i].type, NULL, err));
    return PH_OK;
}

enum ph_status ph_tagger_make_tags(struct ph_table *table, struct ph_error *err)
{
    static const struct {
        const char *name, *title;
        enum ph_type type;
    } columns[PH_TAGS_COLUMNS] = {
        {"tag", "标签", PH_TEXT},        {"tags", "全部标签", PH_TEXT},       {"rules", "命中规则", PH_TEXT},
        {"reason", "理由", PH_TEXT},     {"basis", "依据", PH_TEXT},          {"missing", "缺少字段", PH_TEXT},
        {"alerts", "预警", PH_TEXT},     {"idle_since", "闲置起算日", PH_DATE}, {"idle_days", "闲置天数", PH_INT},
        {"idle_fee", "闲置费(万元)", PH_REAL}, {"measures", "建议措施", PH_TEXT},
    };
    for (size_t i = 0; i < PH_TAGS_COLUMNS; i++)
        PH_TRY(ph_table_add_column(table, columns[i].name, columns[i].title, columns[i].type, NULL, err));
    return PH_OK;
}

enum ph_status ph_tagger_tag(struct ph_tagger *t, size_t from, size_t to, struct ph_table *tags, struct ph_table *findings, struct ph_error *err)
{
    t->tags = tags;
    t->findings = findings;
    t->first = from;
    t->err = err;
    PH_TRY(ph_tagger_make_tags(tags, err));
    PH_TRY(ph_table_add_rows(tags, to - from, err));
    PH_TRY(ph_tagger_make_findings(findings, err));
    for (t->facts.row = from; t->facts.row < to; t->facts.row++) PH_TRY(tag_one(t));
    return PH_OK;
}

const char *ph_tagger_skips(const struct ph_tagger *tagger, size_t rule)
{
    return ph_engine_skipped_for(tagger->engine, rule);
}

enum ph_status ph_tagger_open(const struct ph_tagging *tagging, struct ph_tagger **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_tagger *t = calloc(1, sizeof *t);
    if (t == NULL) return ph_fail_memory(err);
    t->tagging = tagging;
    t->set = tagging->set;
    t->facts = (struct ph_facts){.parcels = tagging->parcels, .enterprises = tagging->enterprises, .evaluation = tagging->evaluation,
                                 .as_of = tagging->request->as_of};
    for_each_text(&t->sheet, start_text);
    t->outcomes = malloc(t->set->rule_count + 1);
    enum ph_status status = t->outcomes ? ph_engine_new(t->set, tagging->variables, PH_VARIABLES, &t->engine, err) : ph_fail_memory(err);
    if (status == PH_OK)
        *out = t;
    else
        ph_tagger_close(t);
    return status;
}

void ph_tagger_close(struct ph_tagger *t)
{
    if (t == NULL) return;
    ph_engine_free(t->engine);
    free(t->outcomes);
    for_each_text(&t->sheet, ph_text_dispose);
    free(t);
}
