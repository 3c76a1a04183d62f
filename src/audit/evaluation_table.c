#include "audit/evaluation_table.h"

#include <math.h>
#include <string.h>

#define TEXT_CAP ((size_t)64 * 1024)
#define AHEAD ((size_t)8) /* rows */

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

/* Asks for what will be read a few rows on. */
static void look_ahead(const struct ph_evaluation *e, size_t row, size_t to)
{
    size_t unit = row + AHEAD < to ? e->units.of_row[row + AHEAD] : SIZE_MAX;
    if (unit == SIZE_MAX) return;
    ph_scoring_prefetch(e->scoring, unit);
    ph_lifts_prefetch(e->lifts, unit);
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
    for (size_t row = 0; status == PH_OK && row < c->made.rows; row++) {
        look_ahead(e, c->first + row, c->first + c->made.rows);
        status = fill_row(&w, e, at, row, scheme);
    }
    ph_text_dispose(&w.text);
    return status;
}

enum ph_status ph_evaluation_add_parcel_columns(const struct ph_evaluation *e, struct ph_columns *c, struct ph_error *err)
{
    size_t grade, score;
    PH_TRY(ph_columns_make(c, "grade", "评级", PH_TEXT, "grade", &grade, err));
    PH_TRY(ph_columns_make(c, "score", "得分", PH_REAL, NULL, &score, err));
    struct ph_column *columns = c->made.columns;
    for (size_t from = 0, count; e->scoring && from < c->made.rows; from += count) {
        const struct ph_score *scores[PH_EVALUATION_BLOCK];
        count = c->made.rows - from < PH_EVALUATION_BLOCK ? c->made.rows - from : PH_EVALUATION_BLOCK;
        ph_evaluation_of_holdings(e, &e->units.enterprises->holding_of_parcel[c->first + from], count, scores);
        for (size_t i = 0; i < count; i++) {
            if (scores[i] == NULL) continue;
            columns[grade].text[from + i] = ph_grade_text(scores[i]->grade);
            columns[score].real[from + i] = scores[i]->score;
        }
    }
    return PH_OK;
}

enum { TERM_COLUMNS = 14 };

enum ph_status ph_evaluation_term_columns(struct ph_columns *c, struct ph_error *err)
{
    static const struct column names[TERM_COLUMNS] = {
        {"enterprise_fid", "企业序号", PH_INT, NULL}, {"code", "统一社会信用代码", PH_TEXT, NULL}, {"indicator", "指标", PH_TEXT, NULL},
        {"title", "指标名称", PH_TEXT, NULL},         {"value", "指标值", PH_REAL, NULL},          {"unit", "单位", PH_TEXT, NULL},
        {"base", "基准值", PH_REAL, NULL},            {"ratio", "比值", PH_REAL, NULL},            {"weight", "权重", PH_REAL, NULL},
        {"points", "得分", PH_REAL, NULL},            {"cap_hit", "封顶保底", PH_TEXT, "cap_hit"},  {"missing", "缺少数据", PH_TEXT, NULL},
        {"arithmetic", "算式", PH_TEXT, NULL},        {"lift_value", "升档所需值", PH_REAL, NULL},
    };
    for (size_t i = 0; i < TERM_COLUMNS; i++) PH_TRY(ph_columns_make(c, names[i].name, names[i].title, names[i].type, names[i].codelist, NULL, err));
    c->items[0].references = "enterprises(fid)";
    return PH_OK;
}

/* What each receipt says of an indicator; the lengths are counted once. */
struct indicator_words {
    struct ph_str id, title, unit; /* unit: at NULL: none */
};

/* Those of a group, if `words` are not of it already. */
static void find_words(const struct ph_score_group *group, const struct ph_score_group **of, struct indicator_words words[PH_SCHEME_INDICATORS])
{
    if (*of == group) return;
    *of = group;
    for (size_t i = 0; i < group->indicator_count; i++) {
        const struct ph_indicator *indicator = &group->indicators[i];
        words[i] = (struct indicator_words){ph_str_of(indicator->id), ph_str_of(indicator->title), {NULL, 0}};
        if (indicator->unit) words[i].unit = ph_str_of(indicator->unit);
    }
}

/* Puts the values in the order of the columns. */
static enum ph_status add_term(const struct ph_evaluation *e, size_t unit, size_t i, const struct indicator_words *words, struct ph_row *row,
                               struct ph_text *text, struct ph_error *err)
{
    struct ph_score_term term;
    ph_scoring_term(e->scoring, unit, i, &term);
    ph_row_str(row, words->id);
    ph_row_str(row, words->title);
    ph_row_real(row, term.value);
    ph_row_str(row, words->unit);
    ph_row_real(row, term.base);
    ph_row_real(row, term.ratio);
    ph_row_real(row, term.weight);
    ph_row_real(row, term.points);
    ph_row_text(row, term.hit == PH_CAP_HIT ? "cap" : term.hit == PH_FLOOR_HIT ? "floor" : NULL);
    ph_text_clear(text);
    ph_scoring_missing(e->scoring, unit, i, text);
    ph_row_text(row, text->length ? ph_text_get(text) : NULL);
    ph_text_clear(text);
    ph_scoring_arithmetic(e->scoring, unit, i, &term, text);
    ph_row_str(row, (struct ph_str){ph_text_get(text), text->length});
    ph_row_real(row, ph_lifts_value(e->lifts, unit, i));
    return text->failed ? ph_fail_memory(err) : PH_OK;
}

enum ph_status ph_evaluation_add_terms(const struct ph_evaluation *e, size_t from, size_t to, struct ph_records *out, struct ph_error *err)
{
    const struct ph_column *codes = ph_field_column(&e->units.enterprises->t, PH_ENT_CODE);
    const struct ph_score_group *group = NULL; /* whose words there are */
    struct indicator_words words[PH_SCHEME_INDICATORS];
    struct ph_row row;
    struct ph_text text;
    ph_text_init(&text, TEXT_CAP);
    enum ph_status status = ph_row_open(&row, TERM_COLUMNS, err);
    for (size_t r = from; status == PH_OK && r < to; r++) {
        look_ahead(e, r, to);
        size_t unit = e->units.of_row[r], terms = unit == SIZE_MAX ? 0 : ph_scoring_term_count(e->scoring, unit);
        if (terms == 0) continue;
        struct ph_str code = ph_str_of(codes->text[r]);
        find_words(&e->scheme->groups[ph_scoring_row(e->scoring, unit)->group], &group, words);
        for (size_t i = 0; status == PH_OK && i < terms; i++) {
            ph_row_int(&row, (int64_t)r + 1);
            ph_row_str(&row, code);
            status = add_term(e, unit, i, &words[i], &row, &text, err);
            if (status == PH_OK) status = ph_row_add(&row, out, err);
        }
    }
    ph_row_close(&row);
    ph_text_dispose(&text);
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
