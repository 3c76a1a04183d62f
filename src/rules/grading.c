/* Ranks, classes, and what becomes of a class: adjustment, youth, veto, and no last class for want of a cell. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/prefetch.h"
#include "base/radix.h"
#include "rules/scheme_parts.h"
#include "rules/scoring_state.h"

#define TEXT_CAP ((size_t)16384)
#define AHEAD ((size_t)16) /* rows */

void ph_grade_leave_plainly(struct ph_score *score, const char *zh, const char *en)
{
    score->status = PH_SCORE_NOT_EVALUATED;
    score->grade = 'T';
    score->reason = zh;
    score->reason_en = en;
}

enum ph_status ph_grade_leave(struct ph_score *score, struct ph_arena *arena, struct ph_error *err, const char *zh,
                              const char *en, ...)
{
    char texts[2][1024];
    va_list arguments, again;
    va_start(arguments, en);
    va_copy(again, arguments);
    vsnprintf(texts[0], sizeof texts[0], zh, arguments);
    vsnprintf(texts[1], sizeof texts[1], en, again);
    va_end(again);
    va_end(arguments);
    ph_grade_leave_plainly(score, ph_arena_text(arena, texts[0], strlen(texts[0])), ph_arena_text(arena, texts[1], strlen(texts[1])));
    return score->reason && score->reason_en ? PH_OK : ph_fail_memory(err);
}

/* ---- classes ---- */

/* n × share, rounded half up, in whole millionths so that 0.15 × 10 is 1.5. */
static size_t quota_of(double share, size_t n)
{
    uint64_t millionths = (uint64_t)llround(share * 1e6);
    return (size_t)((millionths * n + 500000) / 1000000);
}

int ph_grade_before(const struct ph_classes *classes, const struct ph_group_result *result, size_t better, double score,
                    double value)
{
    int last = (int)classes->count - 1;
    if (classes->by == PH_CLASS_BY_VALUE && isnan(value)) return -1;
    for (int c = 0; c < last; c++) {
        double limit = classes->list[c].limit;
        if (classes->by == PH_CLASS_BY_SHARE ? better < result->classes[c].quota
                                             : (classes->by == PH_CLASS_BY_SCORE ? score : value) >= limit)
            return c;
    }
    return last;
}

int ph_grade_final(const struct ph_classes *classes, const struct ph_appraisal *a, int before)
{
    int class = a->adjust_to >= 0 ? a->adjust_to : before - a->adjust_by, last = (int)classes->count - 1;
    class = class < 0 ? 0 : class > last ? last : class;
    if (a->at_worst >= 0 && class > a->at_worst) class = a->at_worst;
    if (a->at_best >= 0 && class < a->at_best) class = a->at_best;
    return class;
}

/* ---- reasons ---- */

/* What the clauses say that moved a class, or tried to. */
static enum ph_status explain(struct ph_scoring *s, size_t row, const struct ph_classes *classes, int before, int class,
                              struct ph_error *err)
{
    const struct ph_appraisal *a = &s->appraisals[row];
    const char *zh[3] = {NULL}, *en[3] = {NULL};
    size_t count = 0;
    static const enum ph_clause_kind kinds[] = {PH_CLAUSE_ADJUST, PH_CLAUSE_NEW, PH_CLAUSE_VETO};
    bool moved[] = {a->adjust_to >= 0 || a->adjust_by != 0 || a->adjust_unread, a->at_worst >= 0, a->at_best >= 0};
    for (int i = 0; i < 3; i++) {
        if (!moved[i] || a->remarks == NULL || a->remarks->zh[kinds[i]] == NULL) continue;
        /* Youth is told where it made a difference. */
        struct ph_appraisal without = *a;
        without.at_worst = -1;
        if (kinds[i] == PH_CLAUSE_NEW && ph_grade_final(classes, &without, before) == class) continue;
        zh[count] = a->remarks->zh[kinds[i]];
        en[count++] = a->remarks->en[kinds[i]];
    }
    if (count == 0) return PH_OK;
    struct ph_text text;
    ph_text_init(&text, TEXT_CAP);
    for (size_t i = 0; i < count; i++) ph_text_addf(&text, "%s%s", i ? "；" : "", zh[i]);
    ph_text_addf(&text, before == class ? "；仍为%c档" : "；由%c档调为%c档", classes->list[before].id, classes->list[class].id);
    if (a->adjust_unread) ph_text_add(&text, "（调档的写法看不懂,未调）");
    s->scores[row].reason = ph_arena_text(&s->arena, ph_text_get(&text), text.length);
    ph_text_clear(&text);
    for (size_t i = 0; i < count; i++) ph_text_addf(&text, "%s%s", i ? "; " : "", en[i]);
    ph_text_addf(&text, before == class ? "; stays %c" : "; %c becomes %c", classes->list[before].id, classes->list[class].id);
    if (a->adjust_unread) ph_text_add(&text, " (an adjustment that cannot be read was left out)");
    s->scores[row].reason_en = ph_arena_text(&s->arena, ph_text_get(&text), text.length);
    bool good = !text.failed && s->scores[row].reason && s->scores[row].reason_en;
    ph_text_dispose(&text);
    return good ? PH_OK : ph_fail_memory(err);
}

/* Nobody is in the last class for want of a cell: then the row waits for its data (T). */
static enum ph_status hold_back(struct ph_scoring *s, size_t row, const struct ph_classes *classes, int class,
                                struct ph_error *err)
{
    const struct ph_appraisal *a = &s->appraisals[row];
    struct ph_score *score = &s->scores[row];
    int last = (int)classes->count - 1;
    bool forced = a->at_best == last || a->adjust_to == last; /* vetoed or put there, whatever the score */
    if (class != last || forced) return PH_OK;
    struct ph_text text;
    ph_text_init(&text, TEXT_CAP);
    for (size_t i = 0; i < s->scheme->groups[score->group].indicator_count; i++) {
        if (s->cells[i][row] == PH_CELL_KNOWN) continue;
        if (text.length) ph_text_add(&text, "、");
        size_t before = text.length;
        ph_scoring_missing(s, row, i, &text);
        const struct ph_indicator *indicator = &s->scheme->groups[score->group].indicators[i];
        if (text.length == before) ph_text_addf(&text, "%s(为零)", indicator->title);
    }
    if (a->lacks) ph_text_addf(&text, "%s%s", text.length ? "、" : "", a->lacks);
    enum ph_status status = PH_OK;
    if (text.length)
        status = ph_grade_leave(score, &s->arena, err, "缺%s,按现有数据为%c档,待补数据后评价",
                                "%s is missing; %c on the data at hand, to be evaluated when it is there", ph_text_get(&text),
                                classes->list[class].id);
    ph_text_dispose(&text);
    return status;
}

/* ---- rows ---- */

double ph_grade_value(const struct ph_plan_value *class_value, double numerator, double denominator)
{
    double value = class_value->denominator == PH_NO_QUANTITY ? numerator : numerator / denominator;
    return isfinite(value) ? value : NAN;
}

static double value_of(const struct ph_scoring *s, size_t row)
{
    const struct ph_plan_value *v = &s->plan.groups[s->scores[row].group].class_value;
    if (v->numerator == PH_NO_QUANTITY) return NAN;
    return ph_grade_value(v, s->amounts[v->numerator][row],
                          v->denominator == PH_NO_QUANTITY ? NAN : s->amounts[v->denominator][row]);
}

static enum ph_status grade_row(struct ph_scoring *s, struct ph_group_state *g, size_t row, size_t better, struct ph_error *err)
{
    struct ph_score *score = &s->scores[row];
    const struct ph_classes *classes = &s->scheme->groups[score->group].classes;
    score->rank = (uint32_t)better + 1;
    if (classes->by == PH_CLASS_NONE) {
        enum ph_score_status status = score->status;
        ph_grade_leave_plainly(score, "方案没有分档办法,只有得分和名次", "the scheme has no classes, only scores and ranks");
        score->status = status;
        return PH_OK;
    }
    int before = ph_grade_before(classes, &g->result, better, score->score, value_of(s, row));
    if (before < 0) return ph_grade_leave_plainly(score, "分档所依的数缺失", "what the classes go by is missing"), PH_OK;
    score->grade_before = classes->list[before].id;
    g->result.classes[before].before++;
    g->result.classes[before].cut = score->score; /* rows come best first */
    int class = ph_grade_final(classes, &s->appraisals[row], before);
    score->grade = classes->list[class].id;
    PH_TRY(explain(s, row, classes, before, class, err));
    PH_TRY(hold_back(s, row, classes, class, err));
    if (score->grade == 'T') return PH_OK;
    score->response = classes->list[class].response;
    score->response_en = classes->list[class].response_en;
    return PH_OK;
}

/* Who is ranked in the group, best first, equal scores in the order of the rows. */
static enum ph_status rank_group(struct ph_scoring *s, size_t group, struct ph_error *err)
{
    struct ph_group_state *g = &s->groups[group];
    size_t n = g->result.ranked, j = 0;
    g->ranked = ph_arena_alloc(&s->arena, (n + 1) * sizeof *g->ranked);
    struct ph_keyed *items = malloc(2 * (n + 1) * sizeof *items);
    if (g->ranked && items) {
        for (size_t row = 0; row < s->roster.rows; row++)
            if (s->scores[row].group == (int)group && ph_scoring_counts(s, row))
                items[j++] = (struct ph_keyed){~ph_radix_key(s->scores[row].score), (uint32_t)row};
        const struct ph_keyed *sorted = ph_radix_sort(items, items + n, n);
        for (size_t i = 0; i < n; i++) {
            if (i + AHEAD < n) ph_prefetch(&s->scores[sorted[i + AHEAD].row]);
            g->ranked[i] = (struct ph_place_in_group){s->scores[sorted[i].row].score, sorted[i].row};
        }
    }
    free(items);
    return g->ranked && items ? PH_OK : ph_fail_memory(err);
}

static enum ph_status grade_group(struct ph_scoring *s, size_t group, struct ph_error *err)
{
    struct ph_group_state *g = &s->groups[group];
    const struct ph_classes *classes = &s->scheme->groups[group].classes;
    size_t n = g->result.ranked;
    PH_TRY(rank_group(s, group, err));
    for (size_t c = 0; c < PH_SCHEME_CLASSES; c++) {
        g->result.classes[c].cut = NAN;
        bool last = c + 1 >= classes->count;
        if (classes->by == PH_CLASS_BY_SHARE && c < classes->count)
            g->result.classes[c].quota = last ? n : quota_of(classes->list[c].limit, n);
    }
    for (size_t i = 0, better = 0; i < n; i++) {
        if (i + AHEAD < n) {
            ph_prefetch(&s->scores[g->ranked[i + AHEAD].row]);
            ph_prefetch(&s->appraisals[g->ranked[i + AHEAD].row]);
        }
        if (i > 0 && g->ranked[i].score < g->ranked[i - 1].score) better = i;
        PH_TRY(grade_row(s, g, g->ranked[i].row, better, err));
    }
    return PH_OK;
}

/* An exempt row may be treated as if it had a class. */
static void treat_exempt(struct ph_scoring *s, size_t row)
{
    const struct ph_appraisal *a = &s->appraisals[row];
    if (!a->exempt || a->treat_as == '\0') return;
    const struct ph_classes *classes = a->group >= 0 ? &s->scheme->groups[a->group].classes : &s->scheme->classes;
    int class = ph_classes_find(classes, a->treat_as);
    if (class < 0) return;
    s->scores[row].response = classes->list[class].response;
    s->scores[row].response_en = classes->list[class].response_en;
}

enum ph_status ph_grade_all(struct ph_scoring *s, struct ph_error *err)
{
    for (size_t g = 0; g < s->scheme->group_count; g++) PH_TRY(grade_group(s, g, err));
    for (size_t row = 0; row < s->roster.rows; row++) treat_exempt(s, row);
    return PH_OK;
}
