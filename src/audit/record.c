#include "audit/record.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/number.h"
#include "panhuo/version.h"

#define TEXT_CAP ((size_t)64 * 1024)

static double m2(int64_t dm2)
{
    return dm2 == INT64_MIN ? NAN : (double)dm2 / 100;
}

/* The name without its folder: where a file lay is no fact of the audit, unless it takes the folder to tell two sources apart. */
static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

static const char *source_name(const struct ph_parcels *p, const char *path)
{
    for (size_t i = 0; i < p->part_count; i++)
        if (strcmp(ph_source_facts(p->parts[i].source)->path, path) == 0) return p->parts[i].label;
    return base_name(path);
}

enum ph_status ph_record_totals(const struct ph_findings_of_run *run, struct ph_columns *c, struct ph_error *err)
{
    enum { TOPIC, CODE, LABEL, PARCELS, ENTERPRISES, AREA, MU, ELLIPSOID, FACTORY, BASIS, FROM, TO, COUNT };
    static const struct {
        const char *name, *title;
        enum ph_type type;
        const char *codelist;
    } columns[COUNT] = {
        {"topic", "项目", PH_TEXT, "topic"},           {"code", "代码", PH_TEXT, NULL},
        {"label", "名称", PH_TEXT, NULL},              {"parcels", "宗数", PH_INT, NULL},
        {"enterprises", "企业数", PH_INT, NULL},       {"area_m2", "面积(㎡)", PH_REAL, NULL},
        {"area_mu", "面积(亩)", PH_REAL, NULL},        {"ellipsoid_m2", "椭球面积(㎡)", PH_REAL, NULL},
        {"factory_m2", "标准厂房(㎡)", PH_REAL, NULL}, {"area_basis", "面积依据", PH_TEXT, "area_basis"},
        {"period_from", "期初", PH_DATE, NULL},        {"period_to", "期末", PH_DATE, NULL},
    };
    const struct ph_totals *t = run->totals;
    PH_TRY(ph_table_add_rows(&c->made, t->count, err));
    for (size_t i = 0; i < COUNT; i++) PH_TRY(ph_columns_make(c, columns[i].name, columns[i].title, columns[i].type, columns[i].codelist, NULL, err));
    struct ph_column *out = c->made.columns;
    for (size_t row = 0; row < t->count; row++) {
        const struct ph_total *total = &t->items[row];
        out[TOPIC].text[row] = total->topic;
        out[CODE].text[row] = total->code;
        out[LABEL].text[row] = total->label;
        out[PARCELS].integer[row] = total->parcels;
        out[ENTERPRISES].integer[row] = total->enterprises;
        out[AREA].real[row] = m2(total->area_dm2);
        out[MU].real[row] = ph_mu_rounded(total->area_dm2);
        out[ELLIPSOID].real[row] = m2(total->ellipsoid_dm2);
        out[FACTORY].real[row] = m2(total->factory_dm2);
        out[BASIS].text[row] = total->area_basis;
        if (strcmp(total->topic, "measure") != 0) continue;
        if (run->request->period_from != PH_NO_DATE) out[FROM].date[row] = run->request->period_from;
        out[TO].date[row] = run->request->period_to != PH_NO_DATE ? run->request->period_to : run->request->as_of;
    }
    return PH_OK;
}

enum ph_status ph_record_problems(const struct ph_findings_of_run *run, struct ph_columns *c, struct ph_error *err)
{
    enum { SEVERITY, CODE, SOURCE, FEATURE, MESSAGE, HINT, COUNT };
    static const struct {
        const char *name, *title;
        enum ph_type type;
    } columns[COUNT] = {{"severity", "级别", PH_TEXT}, {"code", "代码", PH_TEXT},    {"source", "来源", PH_TEXT},
                        {"feature", "要素号", PH_INT}, {"message", "问题", PH_TEXT}, {"hint", "处理建议", PH_TEXT}};
    static const char *const severities[] = {[PH_NOTE] = "note", [PH_WARNING] = "warning", [PH_PROBLEM_ERROR] = "error"};
    const struct ph_problems *p = run->problems;
    PH_TRY(ph_table_add_rows(&c->made, p->count, err));
    for (size_t i = 0; i < COUNT; i++)
        PH_TRY(ph_columns_make(c, columns[i].name, columns[i].title, columns[i].type, i == SEVERITY ? "severity" : NULL, NULL, err));
    struct ph_column *out = c->made.columns;
    for (size_t row = 0; row < p->count; row++) {
        const struct ph_problem *problem = &p->items[row];
        out[SEVERITY].text[row] = severities[problem->severity];
        out[CODE].text[row] = problem->code;
        out[SOURCE].text[row] = source_name(run->parcels, problem->source);
        if (problem->feature >= 0) out[FEATURE].integer[row] = problem->feature;
        out[MESSAGE].text[row] = problem->zh;
        out[HINT].text[row] = problem->hint_zh;
    }
    return PH_OK;
}

/* The run table under construction. */
struct account {
    struct ph_columns *c;
    struct ph_hashes *hashes;
    struct ph_error *err;
};

static enum ph_status put(const struct account *a, const char *key, const char *value)
{
    struct ph_table *t = &a->c->made;
    PH_TRY(ph_table_add_rows(t, 1, a->err));
    const char *texts[] = {key, value ? value : ""};
    for (size_t i = 0; i < 2; i++) {
        t->columns[i].text[t->rows - 1] = ph_table_text(t, texts[i], strlen(texts[i]));
        if (t->columns[i].text[t->rows - 1] == NULL) return ph_fail_memory(a->err);
    }
    return PH_OK;
}

static enum ph_status put_date(const struct account *a, const char *key, int32_t date)
{
    char text[11];
    ph_date_print(text, date);
    return put(a, key, text);
}

static enum ph_status put_number(const struct account *a, const char *key, double number)
{
    char text[32];
    ph_number_print(text, sizeof text, number);
    return put(a, key, text);
}

static enum ph_status put_count(const struct account *a, const char *key, size_t count)
{
    char text[24];
    snprintf(text, sizeof text, "%zu", count);
    return put(a, key, text);
}

static enum ph_status put_source(const struct account *a, const char *role, const char *name, const struct ph_source *source)
{
    if (source == NULL) return PH_OK;
    const struct ph_source_facts *facts = ph_source_facts(source);
    char key[600];
    snprintf(key, sizeof key, "input.%s", role);
    PH_TRY(put(a, key, name ? name : base_name(facts->path)));
    snprintf(key, sizeof key, "input.%s.layer", role);
    PH_TRY(put(a, key, facts->layer));
    snprintf(key, sizeof key, "input.%s.rows", role);
    PH_TRY(put_count(a, key, facts->features < 0 ? 0 : (size_t)facts->features));
    if (facts->encoding_known) {
        snprintf(key, sizeof key, "input.%s.encoding", role);
        PH_TRY(put(a, key, facts->encoding.name));
        snprintf(key, sizeof key, "input.%s.encoding_reason", role);
        PH_TRY(put(a, key, facts->encoding.zh));
    }
    if (facts->rows_sha256[0]) {
        snprintf(key, sizeof key, "input.%s.rows_sha256", role);
        PH_TRY(put(a, key, facts->rows_sha256));
    }
    for (size_t i = 0; !facts->rows_tell && i < facts->file_count; i++) {
        char hash[65];
        if (!ph_hashes_get(a->hashes, facts->files[i], hash)) continue;
        snprintf(key, sizeof key, "input.%s.sha256.%s", role, base_name(facts->files[i]));
        PH_TRY(put(a, key, hash));
    }
    return PH_OK;
}

/* What was asked for of a source, and how it came into the output's CRS. Keys begin with `prefix`. */
static enum ph_status put_asked(const struct account *a, const char *prefix, const struct ph_part *part)
{
    char key[80];
#define KEY(name) (snprintf(key, sizeof key, "%s%s", prefix, name), key)
    if (part->asked.where) PH_TRY(put(a, KEY("where"), part->asked.where));
    for (const char *const *m = part->asked.map; m && *m; m++) PH_TRY(put(a, KEY("map"), *m));
    if (part->crs == NULL) return PH_OK;
    const struct ph_crs_facts *crs = ph_crs_facts(part->crs);
    PH_TRY(put(a, KEY("measured_crs"), crs->code ? crs->code : crs->name));
    PH_TRY(put(a, KEY("transform"), part->moved.steps));
    if (part->moved.as_one) PH_TRY(put(a, KEY("transform_as_one"), "WGS 84 = CGCS2000"));
    return isnan(part->moved.accuracy) ? PH_OK : put_number(a, KEY("transform_accuracy_m"), part->moved.accuracy);
#undef KEY
}

/* input.parcels for the only source, input.parcels.1, .2 … for several. */
static enum ph_status put_parcels(const struct account *a, const struct ph_parcels *p)
{
    for (size_t i = 0; i < p->part_count; i++) {
        char role[40] = "parcels", prefix[60] = "";
        if (p->part_count > 1) {
            snprintf(role, sizeof role, "parcels.%zu", i + 1);
            snprintf(prefix, sizeof prefix, "input.%s.", role);
        }
        PH_TRY(put_asked(a, prefix, &p->parts[i]));
        PH_TRY(put_source(a, role, p->parts[i].label, p->parts[i].source));
    }
    return PH_OK;
}

static enum ph_status put_rules(const struct account *a, const struct ph_ruleset *rules)
{
    PH_TRY(put(a, "rules", rules->name));
    PH_TRY(put(a, "rules_title", rules->title));
    return put(a, "rules_sha256", rules->sha256);
}

/* What a score rests on: the scheme, and how each base and each class came about. */
static enum ph_status put_scheme(const struct account *a, const struct ph_evaluation *e)
{
    const struct ph_scheme *s = e->scheme;
    if (e->scoring == NULL) return PH_OK;
    PH_TRY(put(a, "scheme", s->name));
    PH_TRY(put(a, "scheme_title", s->title));
    PH_TRY(put(a, "scheme_sha256", s->sha256));
    if (s->source) PH_TRY(put(a, "scheme_source", s->source));
    if (s->example) PH_TRY(put(a, "scheme_example", "权重为示例,不是公布的方案"));
    enum ph_status status = PH_OK;
    struct ph_text text;
    ph_text_init(&text, TEXT_CAP);
    for (size_t g = 0; status == PH_OK && g < s->group_count; g++) {
        const struct ph_score_group *group = &s->groups[g];
        char key[300];
        for (size_t i = 0; status == PH_OK && i < group->indicator_count; i++) {
            ph_text_clear(&text);
            ph_base_arithmetic(&group->indicators[i], ph_scoring_base(e->scoring, g, i), &text);
            snprintf(key, sizeof key, "scheme.base.%s.%s", group->id, group->indicators[i].id);
            status = put(a, key, ph_text_get(&text));
        }
        const struct ph_group_result *result = ph_scoring_group(e->scoring, g);
        ph_text_clear(&text);
        ph_text_addf(&text, "参评 %zu 家", result->ranked);
        for (size_t k = 0; k < group->classes.count; k++) {
            ph_text_addf(&text, ";%c 档 %zu 家", group->classes.list[k].id, result->classes[k].before);
            if (!isnan(result->classes[k].cut)) ph_text_addf(&text, ",末位 %.9g 分", result->classes[k].cut);
        }
        snprintf(key, sizeof key, "scheme.classes.%s", group->id);
        if (status == PH_OK) status = put(a, key, ph_text_get(&text));
    }
    if (text.failed) status = ph_fail_memory(a->err);
    ph_text_dispose(&text);
    return status;
}

/* Beyond what an overlap counts, and what else was looked for. */
static enum ph_status put_overlaps(const struct account *a, const struct ph_audit_request *q)
{
    PH_TRY(put_number(a, "overlap_min_m2", q->overlap_min_m2 >= 0 ? q->overlap_min_m2 : PH_OVERLAP_MIN_M2));
    PH_TRY(put_number(a, "overlap_min_share", q->overlap_min_share >= 0 ? q->overlap_min_share : PH_OVERLAP_MIN_SHARE));
    if (q->overlap_max_m2 >= 0) PH_TRY(put_number(a, "overlap_max_m2", q->overlap_max_m2));
    return q->gaps > 0 ? put_number(a, "gaps", q->gaps) : PH_OK;
}

enum ph_status ph_record_run(const struct ph_findings_of_run *run, struct ph_columns *c, struct ph_error *err)
{
    static const char *const bases[] = {"auto", "auto", "registered", "ellipsoid", "plane"};
    static const char *const shares[] = {[PH_LAND_EXPLICIT] = "explicit", "owner", "equal", "floor", "merge"};
    const struct ph_audit_request *q = run->request;
    const struct ph_crs_facts *crs = ph_crs_facts(run->parcels->crs);
    struct account a = {c, run->hashes, err};
    PH_TRY(ph_columns_make(c, "key", "项", PH_TEXT, NULL, NULL, err));
    PH_TRY(ph_columns_make(c, "value", "值", PH_TEXT, NULL, NULL, err));
    PH_TRY(put(&a, "program", "panhuo " PANHUO_VERSION));
    if (q->as_of != PH_NO_DATE) PH_TRY(put_date(&a, "as_of", q->as_of));
    if (run->ledger && q->period_from != PH_NO_DATE) PH_TRY(put_date(&a, "period_from", q->period_from));
    if (run->ledger) PH_TRY(put_date(&a, "period_to", q->period_to != PH_NO_DATE ? q->period_to : q->as_of));
    PH_TRY(put(&a, "crs", crs->code ? crs->code : crs->name));
    PH_TRY(put(&a, "crs_name", crs->name));
    PH_TRY(put(&a, "crs_from", q->out_crs ? "--out-crs" : run->parcels->parts[0].asked.crs ? "--crs" : "source"));
    PH_TRY(put(&a, "area_basis", bases[q->area_basis]));
    PH_TRY(put(&a, "area_method", q->area_method == PH_METHOD_SURVEY ? "survey" : "exact"));
    if (q->area_method == PH_METHOD_SURVEY) PH_TRY(put_number(&a, "densify", run->parcels->survey.densify));
    if (run->land) PH_TRY(put(&a, "land_share", shares[run->land->mode]));
    if (run->rules) PH_TRY(put_rules(&a, run->rules));
    if (run->evaluation) PH_TRY(put_scheme(&a, run->evaluation));
    PH_TRY(put_overlaps(&a, q));
    PH_TRY(put_parcels(&a, run->parcels));
    if (run->enterprises) PH_TRY(put_source(&a, "enterprises", NULL, run->enterprises->source));
    if (run->links) PH_TRY(put_source(&a, "links", NULL, run->links->source));
    if (run->ledger) PH_TRY(put_source(&a, "ledger", NULL, run->ledger->source));
    PH_TRY(put_source(&a, "against", NULL, run->check->against_source));
    PH_TRY(put_count(&a, "parcels", ph_parcel_count(run->parcels)));
    if (run->tagging) PH_TRY(put_count(&a, "findings", run->tagging->finding_count));
    PH_TRY(put_count(&a, "topology", run->check->found.count));
    PH_TRY(put_count(&a, "problems.error", ph_problems_count(run->problems, PH_PROBLEM_ERROR)));
    PH_TRY(put_count(&a, "problems.warning", ph_problems_count(run->problems, PH_WARNING) - ph_problems_count(run->problems, PH_PROBLEM_ERROR)));
    if (run->statement_zh == NULL) return PH_OK;
    PH_TRY(put(&a, "statement_zh", run->statement_zh));
    return put(&a, "statement_en", run->statement_en);
}
