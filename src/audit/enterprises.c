#include "audit/enterprises.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/identify.h"
#include "audit/intake.h"
#include "base/date.h"
#include "base/number.h"

static const struct ph_problem_kind doubled = {
    PH_WARNING, "enterprise.duplicate", "同一企业同一年度只应有一行", "one row per enterprise and year"};
static const struct ph_problem_kind blank_code = {
    PH_WARNING, "enterprise.blank_code", "补上统一社会信用代码", "add the credit code"};
static const struct ph_problem_kind size_unknown = {
    PH_WARNING, "enterprise.size_class", "写规上或规下(是、否,1、0 亦可)", "write 规上 or 规下 (or yes and no, 1 and 0)"};
static const struct ph_problem_kind adjust_unknown = {
    PH_WARNING, "enterprise.adjust", "写升档、降档,或调到哪一档(A、B、C、D)", "write +1, -1 or the class (A, B, C, D)"};
static const struct ph_problem_kind unknown_code = {
    PH_WARNING, "enterprise.unknown_code", "在企业表补上该企业,或核对代码", "add it to the enterprise table, or check the code"};
static const struct ph_problem_kind later_year = {
    PH_WARNING, "enterprise.later_year", "给出该年度或以前的企业数据,或核对 --as-of", "give figures of that year or before, or check --as-of"};

static const struct ph_problem_kind reported_tax = {
    PH_NOTE, "enterprise.reported_per_mu", "要由程序计算,补上税收一列", "add a column of tax to have it worked out"};
static const struct ph_problem_kind area_differs = {
    PH_WARNING, "enterprise.area_differs", "核对企业用地:缺宗地、有租赁,或填报有误", "check the enterprise's land: a parcel missing, land let, or a wrong figure"};

#define OCCUPIED_SLACK_DM2 1000 /* what an enterprise reports may differ from its parcels by 10 m² or 1 % */
#define OCCUPIED_SLACK_SHARE 100

static enum ph_status holding_of(struct ph_enterprises *e, const char *code, size_t *index, int *added, struct ph_error *err)
{
    uint64_t *value;
    PH_TRY(ph_index_put(&e->by_code, code, &value, added, err));
    if (*added) {
        if (e->holding_count == e->holding_capacity) {
            size_t capacity = e->holding_capacity ? 2 * e->holding_capacity : 256;
            struct ph_holding *grown = realloc(e->holdings, capacity * sizeof *grown);
            if (grown == NULL) return ph_fail_memory(err);
            e->holdings = grown;
            e->holding_capacity = capacity;
        }
        *value = e->holding_count;
        e->holdings[e->holding_count] = (struct ph_holding){.code = code, .row = SIZE_MAX, .unit = e->holding_count};
        e->holding_count++;
    }
    *index = (size_t)*value;
    return PH_OK;
}

static bool is_one_of(const char *text, const char *const *words)
{
    while (*words && !ph_str_same(ph_str_of(*words), ph_str_of(text))) words++;
    return *words != NULL;
}

static const char *const yes[] = {"是", "1", "Y", "yes", "true", NULL};
static const char *const no[] = {"否", "0", "N", "no", "false", NULL};

/* 规上 or 规下 for what people write under either header; NULL for anything else. */
static const char *size_class_of(const char *text)
{
    static const char *const above[] = {"规上", "规上企业", "规上工业", "规上工业企业", "规模以上", "规模以上企业", "规模以上工业", "规模以上工业企业", NULL};
    static const char *const below[] = {"规下", "规下企业", "规下工业", "规下工业企业", "规模以下", "规模以下企业", "规模以下工业", "规模以下工业企业", NULL};
    if (is_one_of(text, above) || is_one_of(text, yes)) return "规上";
    return is_one_of(text, below) || is_one_of(text, no) ? "规下" : NULL;
}

/* +1, -1 or a class; NULL for anything else. */
static const char *adjust_of(const char *text)
{
    static const char *const up[] = {"+1", "1", "升", "升档", "升一档", "上调", "上调一档", "提档", "升级", NULL};
    static const char *const down[] = {"-1", "降", "降档", "降一档", "下调", "下调一档", "降级", NULL};
    static const char *const classes[][5] = {{"A", "A类", "A档", "A级"}, {"B", "B类", "B档", "B级"}, {"C", "C类", "C档", "C级"}, {"D", "D类", "D档", "D级"}};
    char half[32];
    if (!ph_str_half_width(ph_str_of(text), half, sizeof half)) return NULL;
    if (is_one_of(half, up)) return "+1";
    if (is_one_of(half, down)) return "-1";
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (is_one_of(half, classes[i])) return classes[i][0];
    return NULL;
}

/* Replaces the words of a column by what they mean; what they do not say is a problem, and unknown. */
static enum ph_status settle_words(struct ph_fielded *t, enum ph_enterprise_field field, const char *(*meaning_of)(const char *),
                                   const struct ph_problem_kind *kind, const char *source, struct ph_problems *problems, struct ph_error *err)
{
    if (t->column_of[field] == SIZE_MAX) return PH_OK;
    const char **texts = t->layer.table.columns[t->column_of[field]].text;
    for (size_t row = 0; row < t->layer.table.rows; row++) {
        const char *text = texts[row];
        if (text == NULL) continue;
        texts[row] = meaning_of(text);
        if (texts[row] == NULL && !ph_says_nothing(ph_str_of(text)))
            PH_TRY(ph_problem_add(problems, kind, source, t->layer.fids[row], err, "%s读不懂:“%s”,按未知处理",
                                  "%s cannot be read: '%s'; taken as unknown", ph_enterprise_fields.items[field].title, text));
    }
    return PH_OK;
}

/* A veto or an exemption is one only when its cell does not say that there is none. */
static void drop_denials(struct ph_fielded *t)
{
    static const enum ph_enterprise_field fields[] = {PH_ENT_EXEMPT, PH_ENT_VETO, PH_ENT_ADJUST, PH_ENT_ADJUST_REASON};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (t->column_of[fields[i]] == SIZE_MAX) continue;
        const char **texts = t->layer.table.columns[t->column_of[fields[i]]].text;
        for (size_t row = 0; row < t->layer.table.rows; row++)
            if (texts[row] && (ph_says_nothing(ph_str_of(texts[row])) || is_one_of(texts[row], no))) texts[row] = NULL;
    }
}

static enum ph_status read_table(const struct ph_audit_request *q, struct ph_enterprises *e, struct ph_problems *problems, struct ph_error *err)
{
    struct ph_source_request request = {.path = q->enterprises, .table = true, .fields = &ph_enterprise_fields};
    PH_TRY(ph_source_open(&request, &e->source, err));
    PH_TRY(ph_intake(e->source, &ph_enterprise_fields, false, SIZE_MAX, NULL, &e->t, problems, problems, err));
    PH_TRY(settle_words(&e->t, PH_ENT_SIZE_CLASS, size_class_of, &size_unknown, ph_source_facts(e->source)->path, problems, err));
    drop_denials(&e->t);
    PH_TRY(settle_words(&e->t, PH_ENT_ADJUST, adjust_of, &adjust_unknown, ph_source_facts(e->source)->path, problems, err));
    if (e->t.column_of[PH_ENT_CODE] != SIZE_MAX)
        return ph_identify_credit_codes(&e->t, PH_ENT_CODE, ph_source_facts(e->source)->path, problems, err);
    ph_fail(err, PH_E_FIELDS, "企业表没有统一社会信用代码一列", "the enterprise table has no column of credit codes");
    ph_at_file(err, ph_source_facts(e->source)->path);
    return PH_E_FIELDS;
}

static int64_t year_of(const struct ph_enterprises *e, size_t row)
{
    const struct ph_column *years = ph_field_column(&e->t, PH_ENT_YEAR);
    return years && years->integer[row] != PH_INT_UNKNOWN ? years->integer[row] : 0;
}

/* One sentence for all rows of years after the reference date's, and for how many enterprises there is nothing else. */
static enum ph_status tell_later(struct ph_enterprises *e, int last_year, struct ph_problems *problems, struct ph_error *err)
{
    const struct ph_column *codes = ph_field_column(&e->t, PH_ENT_CODE);
    int64_t first = INT64_MAX, last = INT64_MIN;
    size_t count = 0, without = 0;
    for (size_t row = 0; row < e->t.layer.table.rows; row++) {
        int64_t year = year_of(e, row);
        uint64_t *ignored;
        int added;
        if (codes->text[row] == NULL || year <= last_year) continue;
        PH_TRY(ph_index_put(&e->later, codes->text[row], &ignored, &added, err));
        if (added && ph_index_get(&e->by_code, codes->text[row]) == NULL) without++;
        if (year < first) first = year;
        if (year > last) last = year;
        count++;
    }
    if (count == 0) return PH_OK;
    char which[48];
    int n = snprintf(which, sizeof which, "%lld", (long long)first);
    if (last > first) snprintf(which + n, sizeof which - (size_t)n, "–%lld", (long long)last);
    return ph_problem_add(problems, &later_year, ph_source_facts(e->source)->path, -1, err,
                          "%zu 行是 %s 年的,晚于截止日所在的 %d 年,未用;其中 %zu 家企业没有更早的行,按企业表中没有处理",
                          "%zu rows are of %s, after the year of the reference date, %d, and are not used; %zu of the enterprises have no earlier row and "
                          "are treated as not in the table", count, which, last_year, without);
}

/* Takes, per code, the latest year that is not after the reference date's. */
static enum ph_status choose_rows(const struct ph_audit_request *q, struct ph_enterprises *e, struct ph_problems *problems, struct ph_error *err)
{
    const struct ph_column *codes = ph_field_column(&e->t, PH_ENT_CODE);
    int last_year, month, day;
    if (!ph_date_parts(q->as_of, &last_year, &month, &day)) last_year = 9999;
    PH_TRY(ph_index_reserve(&e->by_code, e->t.layer.table.rows, err));
    for (size_t row = 0; row < e->t.layer.table.rows; row++) {
        if (codes->text[row] == NULL) {
            PH_TRY(ph_problem_add(problems, &blank_code, ph_source_facts(e->source)->path, e->t.layer.fids[row], err, "没有统一社会信用代码,不能与宗地对应",
                                  "no credit code: it cannot be joined with parcels"));
            continue;
        }
        int64_t year = year_of(e, row);
        if (year > last_year) continue;
        size_t index = 0;
        int added;
        PH_TRY(holding_of(e, codes->text[row], &index, &added, err));
        size_t *chosen = &e->holdings[index].row;
        if (*chosen == SIZE_MAX || year > year_of(e, *chosen))
            *chosen = row;
        else if (year == year_of(e, *chosen))
            PH_TRY(ph_problem_add(problems, &doubled, ph_source_facts(e->source)->path, e->t.layer.fids[row], err, "企业 %s 同一年度有两行,用先出现的一行",
                                  "enterprise %s has two rows for a year; the first is used", codes->text[row]));
    }
    return tell_later(e, last_year, problems, err);
}

enum ph_status ph_enterprises_find(struct ph_enterprises *e, const char *code, const char *source, int64_t feature, size_t *holding,
                                   struct ph_problems *problems, struct ph_error *err)
{
    int added;
    PH_TRY(holding_of(e, code, holding, &added, err));
    if (!added || e->source == NULL || ph_index_get(&e->later, code)) return PH_OK;
    return ph_problem_add(problems, &unknown_code, source, feature, err, "企业表中没有 %s", "%s is not in the enterprise table", code);
}

enum ph_status ph_enterprises_join(const struct ph_parcels *p, struct ph_enterprises *e, struct ph_problems *problems, struct ph_error *err)
{
    size_t parcels = ph_parcel_count(p), rows = e->t.layer.table.rows;
    e->holding_of_parcel = malloc((parcels + 1) * sizeof *e->holding_of_parcel);
    e->holding_of_row = malloc((rows + 1) * sizeof *e->holding_of_row);
    if (e->holding_of_parcel == NULL || e->holding_of_row == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < parcels; i++) {
        const char *code = ph_parcel_text(p, PH_HOLDER_CODE, i);
        e->holding_of_parcel[i] = SIZE_MAX;
        if (code)
            PH_TRY(ph_enterprises_find(e, code, ph_parcel_path(p, i), p->t.layer.fids[i], &e->holding_of_parcel[i], problems, err));
    }
    for (size_t row = 0; row < rows; row++) e->holding_of_row[row] = SIZE_MAX;
    for (size_t h = 0; h < e->holding_count; h++)
        if (e->holdings[h].row != SIZE_MAX) e->holding_of_row[e->holdings[h].row] = h;
    return PH_OK;
}

enum ph_status ph_enterprises_load(const struct ph_audit_request *q, struct ph_enterprises *out, struct ph_problems *problems,
                                   struct ph_error *err)
{
    if (q->enterprises == NULL) return PH_OK;
    PH_TRY(read_table(q, out, problems, err));
    return choose_rows(q, out, problems, err);
}

void ph_enterprises_dispose(struct ph_enterprises *e)
{
    ph_index_dispose(&e->by_code);
    ph_index_dispose(&e->later);
    ph_fielded_dispose(&e->t);
    ph_source_free(e->source);
    free(e->holdings);
    free(e->holding_of_parcel);
    free(e->holding_of_row);
    memset(e, 0, sizeof *e);
}

double ph_holder_indicator(const struct ph_enterprises *e, size_t parcel, enum ph_enterprise_field field)
{
    size_t h = e->holding_of_parcel[parcel];
    if (h == SIZE_MAX || e->holdings[h].row == SIZE_MAX) return NAN;
    const struct ph_column *column = ph_field_column(&e->t, field);
    if (column == NULL || !ph_column_known(column, e->holdings[h].row)) return NAN;
    return column->type == PH_INT ? (double)column->integer[e->holdings[h].row] : column->real[e->holdings[h].row];
}

double ph_holder_mu(const struct ph_enterprises *e, size_t parcel)
{
    size_t h = e->holding_of_parcel[parcel];
    return h == SIZE_MAX ? NAN : ph_mu_from_dm2(ph_holding_dm2(&e->holdings[h]));
}

double ph_holder_per_mu(const struct ph_enterprises *e, size_t parcel, enum ph_enterprise_field field)
{
    double mu = ph_holder_mu(e, parcel), value = ph_holder_indicator(e, parcel, field);
    if (field == PH_ENT_TAX && isnan(value)) return ph_holder_indicator(e, parcel, PH_ENT_REPORTED_TAX_PER_MU);
    return mu > 0 ? value / mu : NAN;
}

static enum ph_status check_occupied(const struct ph_enterprises *e, const struct ph_holding *h, const char *source, struct ph_problems *problems,
                                     struct ph_error *err)
{
    const struct ph_column *column = ph_field_column(&e->t, PH_ENT_OCCUPIED);
    int64_t stated = column ? ph_dm2_from_m2(column->real[h->row]) : INT64_MIN, own = ph_holding_dm2(h);
    if (stated == INT64_MIN || own == INT64_MIN || h->parcels == 0) return PH_OK;
    int64_t gap = stated > own ? stated - own : own - stated;
    if (gap <= OCCUPIED_SLACK_DM2 || gap <= own / OCCUPIED_SLACK_SHARE) return PH_OK;
    char reported[40], found[40];
    ph_print_mu(reported, sizeof reported, stated, 2);
    ph_print_mu(found, sizeof found, own, 2);
    return ph_problem_add(problems, &area_differs, source, e->t.layer.fids[h->row], err, "企业 %s 填报占地 %s 亩,名下宗地合计 %s 亩",
                          "enterprise %s reports %s mu, its parcels come to %s mu", h->code, reported, found);
}

enum ph_status ph_enterprises_check(const struct ph_enterprises *e, struct ph_problems *problems, struct ph_error *err)
{
    if (e->source == NULL) return PH_OK;
    const char *source = ph_source_facts(e->source)->path;
    const struct ph_column *taxes = ph_field_column(&e->t, PH_ENT_TAX), *reported = ph_field_column(&e->t, PH_ENT_REPORTED_TAX_PER_MU);
    size_t count = 0;
    for (size_t i = 0; i < e->holding_count; i++) {
        const struct ph_holding *h = &e->holdings[i];
        if (h->row == SIZE_MAX) continue;
        count += reported && ph_column_known(reported, h->row) && !(taxes && ph_column_known(taxes, h->row));
        PH_TRY(check_occupied(e, h, source, problems, err));
    }
    if (count == 0) return PH_OK;
    return ph_problem_add(problems, &reported_tax, source, -1, err, "%zu 家企业没有税收数,亩均税收用填报的数",
                          "%zu enterprises have no figure of tax: the tax per mu that they report is used", count);
}
