#include "audit/evaluation_table.h"

#include <math.h>
#include <string.h>

#define TEXT_CAP ((size_t)64 * 1024)

struct column {
    const char *name, *title;
    enum ph_type type;
    const char *codelist;
};

/* Text that is worked out into columns. */
struct writer {
    struct ph_columns *c;
    struct ph_text text;
    struct ph_error *err;
};

/* Keeps the writer's text, if it is not empty, and clears it. */
static enum ph_status keep(struct writer *w, size_t column, size_t row)
{
    struct ph_table *t = &w->c->made;
    if (w->text.failed) return ph_fail_memory(w->err);
    if (w->text.length == 0) return PH_OK;
    t->columns[column].text[row] = ph_table_text(t, ph_text_get(&w->text), w->text.length);
    ph_text_clear(&w->text);
    return t->columns[column].text[row] ? PH_OK : ph_fail_memory(w->err);
}

const char *ph_grade_text(char grade)
{
    static const char grades[][2] = {"A", "B", "C", "D", "T"};
    for (size_t i = 0; i < sizeof grades / sizeof *grades; i++)
        if (grades[i][0] == grade) return grades[i];
    return NULL;
}

enum { SCHEME, GROUP, SCORE, RANK, GRADE_BEFORE, GRADE, REASON, RESPONSE, COMPLETENESS, LIFT, COLUMNS };

static enum ph_status fill_row(struct writer *w, const struct ph_evaluation *e, const size_t *at, size_t row, const char *scheme)
{
    size_t from = w->c->first + row;
    const struct ph_score *s = ph_evaluation_of_row(e, from);
    struct ph_column *columns = w->c->made.columns;
    if (s == NULL) return PH_OK;
    columns[at[SCHEME]].text[row] = scheme;
    if (s->group >= 0) columns[at[GROUP]].text[row] = e->scheme->groups[s->group].title;
    columns[at[SCORE]].real[row] = s->score;
    if (s->rank) columns[at[RANK]].integer[row] = s->rank;
    columns[at[GRADE_BEFORE]].text[row] = ph_grade_text(s->grade_before);
    columns[at[GRADE]].text[row] = ph_grade_text(s->grade);
    columns[at[REASON]].text[row] = s->reason;
    columns[at[RESPONSE]].text[row] = s->response;
    columns[at[COMPLETENESS]].real[row] = s->completeness;
    ph_lift_summary(e->lifts, e->units.of_row[from], &w->text);
    return keep(w, at[LIFT], row);
}

enum ph_status ph_evaluation_add_columns(const struct ph_evaluation *e, struct ph_columns *c, struct ph_error *err)
{
    static const struct column names[COLUMNS] = {
        {"scheme", "评价方案", PH_TEXT, NULL},      {"score_group", "评价分组", PH_TEXT, NULL}, {"score", "得分", PH_REAL, NULL},
        {"rank", "组内名次", PH_INT, NULL},         {"grade_before", "调整前评级", PH_TEXT, "grade"},
        {"grade", "评级", PH_TEXT, "grade"},        {"grade_reason", "评级说明", PH_TEXT, NULL}, {"response", "对应措施", PH_TEXT, NULL},
        {"completeness", "数据完整度", PH_REAL, NULL}, {"lift", "如何升档", PH_TEXT, NULL},
    };
    size_t at[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++) PH_TRY(ph_columns_make(c, names[i].name, names[i].title, names[i].type, names[i].codelist, &at[i], err));
    if (e->scheme == NULL || c->made.rows == 0) return PH_OK;
    struct writer w = {.c = c, .err = err};
    ph_text_init(&w.text, TEXT_CAP);
    ph_text_addf(&w.text, "%s%s", e->scheme->name, e->scheme->example ? "(权重为示例)" : "");
    const char *text = ph_text_get(&w.text), *scheme = ph_table_text(&c->made, text, strlen(text));
    enum ph_status status = scheme ? PH_OK : ph_fail_memory(err);
    ph_text_clear(&w.text);
    for (size_t row = 0; status == PH_OK && row < c->made.rows; row++) status = fill_row(&w, e, at, row, scheme);
    ph_text_dispose(&w.text);
    return status;
}

enum ph_status ph_evaluation_add_parcel_columns(const struct ph_evaluation *e, struct ph_columns *c, struct ph_error *err)
{
    size_t grade, score;
    PH_TRY(ph_columns_make(c, "grade", "评级", PH_TEXT, "grade", &grade, err));
    PH_TRY(ph_columns_make(c, "score", "得分", PH_REAL, NULL, &score, err));
    for (size_t row = 0; row < c->made.rows; row++) {
        const struct ph_score *s = ph_evaluation_of_parcel(e, c->first + row);
        if (s == NULL) continue;
        c->made.columns[grade].text[row] = ph_grade_text(s->grade);
        c->made.columns[score].real[row] = s->score;
    }
    return PH_OK;
}

enum {
    TERM_ENTERPRISE, TERM_CODE, TERM_INDICATOR, TERM_TITLE, TERM_VALUE, TERM_UNIT, TERM_BASE, TERM_RATIO, TERM_WEIGHT, TERM_POINTS, TERM_CAP_HIT,
    TERM_MISSING, TERM_ARITHMETIC, TERM_LIFT_VALUE, TERM_COLUMNS
};

static enum ph_status fill_term(struct writer *w, const struct ph_evaluation *e, size_t unit, size_t indicator, size_t row)
{
    struct ph_score_term term;
    struct ph_column *columns = w->c->made.columns;
    ph_scoring_term(e->scoring, unit, indicator, &term);
    columns[TERM_INDICATOR].text[row] = term.indicator->id;
    columns[TERM_TITLE].text[row] = term.indicator->title;
    columns[TERM_VALUE].real[row] = term.value;
    columns[TERM_UNIT].text[row] = term.indicator->unit;
    columns[TERM_BASE].real[row] = term.base;
    columns[TERM_RATIO].real[row] = term.ratio;
    columns[TERM_WEIGHT].real[row] = term.weight;
    columns[TERM_POINTS].real[row] = term.points;
    columns[TERM_CAP_HIT].text[row] = term.hit == PH_CAP_HIT ? "cap" : term.hit == PH_FLOOR_HIT ? "floor" : NULL;
    columns[TERM_LIFT_VALUE].real[row] = ph_lifts_value(e->lifts, unit, indicator);
    ph_scoring_missing(e->scoring, unit, indicator, &w->text);
    PH_TRY(keep(w, TERM_MISSING, row));
    ph_scoring_arithmetic(e->scoring, unit, indicator, &term, &w->text);
    return keep(w, TERM_ARITHMETIC, row);
}

static size_t terms_of_row(const struct ph_evaluation *e, size_t row)
{
    return ph_evaluation_of_row(e, row) ? ph_scoring_term_count(e->scoring, e->units.of_row[row]) : 0;
}

enum ph_status ph_evaluation_make_terms(const struct ph_evaluation *e, size_t from, size_t to, struct ph_columns *c, struct ph_error *err)
{
    static const struct column names[TERM_COLUMNS] = {
        {"enterprise_fid", "企业序号", PH_INT, NULL}, {"code", "统一社会信用代码", PH_TEXT, NULL}, {"indicator", "指标", PH_TEXT, NULL},
        {"title", "指标名称", PH_TEXT, NULL},         {"value", "指标值", PH_REAL, NULL},          {"unit", "单位", PH_TEXT, NULL},
        {"base", "基准值", PH_REAL, NULL},            {"ratio", "比值", PH_REAL, NULL},            {"weight", "权重", PH_REAL, NULL},
        {"points", "得分", PH_REAL, NULL},            {"cap_hit", "封顶保底", PH_TEXT, "cap_hit"},  {"missing", "缺少数据", PH_TEXT, NULL},
        {"arithmetic", "算式", PH_TEXT, NULL},        {"lift_value", "升档所需值", PH_REAL, NULL},
    };
    size_t rows = 0, made = 0;
    for (size_t row = from; row < to; row++) rows += terms_of_row(e, row);
    PH_TRY(ph_table_add_rows(&c->made, rows, err));
    for (size_t i = 0; i < TERM_COLUMNS; i++) PH_TRY(ph_columns_make(c, names[i].name, names[i].title, names[i].type, names[i].codelist, NULL, err));
    c->items[TERM_ENTERPRISE].references = "enterprises(fid)";
    if (rows == 0) return PH_OK;
    const struct ph_column *codes = ph_field_column(&e->units.enterprises->t, PH_ENT_CODE);
    struct writer w = {.c = c, .err = err};
    ph_text_init(&w.text, TEXT_CAP);
    enum ph_status status = PH_OK;
    for (size_t row = from; status == PH_OK && row < to; row++) {
        size_t terms = terms_of_row(e, row);
        for (size_t i = 0; status == PH_OK && i < terms; i++, made++) {
            c->made.columns[TERM_ENTERPRISE].integer[made] = (int64_t)row + 1;
            c->made.columns[TERM_CODE].text[made] = codes->text[row];
            status = fill_term(&w, e, e->units.of_row[row], i, made);
        }
    }
    ph_text_dispose(&w.text);
    return status;
}

enum ph_status ph_evaluation_add_class_columns(const struct ph_evaluation *e, const size_t *rows, struct ph_columns *c, struct ph_error *err)
{
    size_t score, grade, rank, response;
    PH_TRY(ph_columns_make(c, "score", "得分", PH_REAL, NULL, &score, err));
    PH_TRY(ph_columns_make(c, "grade", "评级", PH_TEXT, "grade", &grade, err));
    PH_TRY(ph_columns_make(c, "rank", "组内名次", PH_INT, NULL, &rank, err));
    PH_TRY(ph_columns_make(c, "response", "对应措施", PH_TEXT, NULL, &response, err));
    struct ph_column *columns = c->made.columns;
    for (size_t i = 0; i < c->made.rows; i++) {
        const struct ph_score *s = ph_evaluation_of_row(e, rows[i]);
        columns[score].real[i] = s->score;
        columns[grade].text[i] = ph_grade_text(s->grade);
        if (s->rank) columns[rank].integer[i] = s->rank;
        columns[response].text[i] = s->response;
    }
    return PH_OK;
}
