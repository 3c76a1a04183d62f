#include "rules/lift.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/number.h"
#include "base/prefetch.h"
#include "base/progress.h"
#include "base/threads.h"
#include "rules/lift_state.h"
#include "rules/scheme_parts.h"

#define LINE_BYTES 64 /* of the processor's cache, or a part of one */
#define CHUNK_ROWS ((size_t)256)
#define RISE_CAP 10 /* times its value, or up to the largest of the group, or: what a rise is tried up to */
#define RISE_LEAST 1000.0

/* Steps of 0.01, finer where a value has fewer than four digits above it: how many there are in 1. */
static double steps_in_one(double now)
{
    double steps = 100;
    for (double size = fabs(now); size > 0 && size < 10 && steps < 1e9; size *= 10) steps *= 10;
    return steps;
}

struct worker {
    struct ph_lifts *lifts;
    atomic_size_t *next;
    const struct ph_progress *progress; /* of the calling thread; NULL: of another */
    struct ph_arena arena;
    struct ph_evaluator *evaluator;
    struct ph_search search;
    double *amounts;
    enum ph_status status;
    struct ph_error err;
};

/* The class by score that lifts the row's class; −1: none does, or it has no seat. */
static int target_of(const struct ph_scoring *s, size_t row, enum ph_lift_kind *kind)
{
    const struct ph_score *score = &s->scores[row];
    *kind = PH_LIFT_NOT_GRADED;
    if (score->grade == 'T') return -1;
    const struct ph_classes *classes = &s->scheme->groups[score->group].classes;
    int before = ph_classes_find(classes, score->grade_before), now = ph_classes_find(classes, score->grade);
    *kind = PH_LIFT_BEST;
    if (now == 0) return -1;
    *kind = PH_LIFT_HELD;
    int target = before - 1;
    while (target >= 0 && ph_grade_final(classes, &s->appraisals[row], target) >= now) target--;
    if (target < 0) return -1;
    *kind = PH_LIFT_OUT_OF_REACH;
    return classes->by == PH_CLASS_BY_SHARE && s->groups[score->group].result.classes[target].quota == 0 ? -1 : target;
}

/* Whether the conditions of the scheme say the same of the row where the change ends. */
static enum ph_status check_conditions(struct worker *w, double to, struct ph_lift_found *out)
{
    const struct ph_search *q = &w->search;
    const struct ph_plan *p = &q->s->plan;
    const struct ph_appraisal *was = &q->s->appraisals[q->row];
    bool land = q->lever->variable == p->land_mu;
    if (land && to < q->s->scheme->min_land_mu) out->kind = PH_LIFT_CHANGES_GROUP;
    if (!q->lever->conditions || out->kind == PH_LIFT_CHANGES_GROUP) return PH_OK;
    struct ph_override overrides[] = {{q->lever->variable, to}, {p->land_m2, to * PH_LAND_M2_PER_MU}};
    struct ph_appraisal is;
    PH_TRY(ph_evaluator_run(w->evaluator, q->row, overrides, land && p->land_m2 != SIZE_MAX ? 2 : 1, &is, w->amounts, &w->err));
    if (is.group != was->group || is.exempt != was->exempt)
        out->kind = PH_LIFT_CHANGES_GROUP;
    else if (is.at_worst != was->at_worst || is.at_best != was->at_best || is.adjust_to != was->adjust_to ||
             is.adjust_by != was->adjust_by || is.bonus != was->bonus)
        out->kind = PH_LIFT_CHANGES_CLAUSE;
    return PH_OK;
}

static enum ph_status find_one(struct worker *w, size_t slot, struct ph_lift_found *out)
{
    struct ph_search *q = &w->search;
    const struct ph_scoring *s = q->s;
    const struct ph_score_group *group = q->group;
    q->lever = &w->lifts->levers[s->scores[q->row].group][slot];
    out->kind = (uint8_t)q->lever->kind;
    if (q->lever->kind != PH_LIFT_FOUND) return PH_OK;
    q->now = ph_lever_value(s, q->lever, q->row);
    out->kind = PH_LIFT_CELL_MISSING;
    if (isnan(q->now) || (slot < group->indicator_count && s->cells[slot][q->row] == PH_CELL_MISSING)) return PH_OK;
    q->steps_in_one = steps_in_one(q->now);
    double start = q->now * q->steps_in_one, whole = rint(start);
    q->start = fabs(start - whole) < 1e-6 ? whole : start;
    q->gains = ph_trial_begin(q);
    q->tried = 0;
    double most = fmax(RISE_LEAST, fmax(q->lever->most, RISE_CAP * fabs(q->now))) - q->now;
    double steps =
        q->lever->rise ? floor(most * q->steps_in_one) : floor(q->now * q->steps_in_one - 0.5); /* a cut leaves something */
    int64_t last = (int64_t)fmin(steps, PH_STEPS_CAP);
    int64_t n = last > 0 ? ph_search_first(q, last) : 0;
    out->kind = n < 0 ? PH_LIFT_MIXED : PH_LIFT_OUT_OF_REACH;
    if (n < 0 || last <= 0) return PH_OK;
    out->to = ph_search_at(q, n ? n : last);
    if (n == 0) return check_conditions(w, out->to, out);
    int class = q->target;
    while (class > 0 && ph_search_reaches(q, n, class - 1)) class --;
    *out = (struct ph_lift_found){ph_search_at(q, n), PH_LIFT_FOUND,
                                  group->classes.list[ph_grade_final(&group->classes, &s->appraisals[q->row], class)].id};
    return check_conditions(w, out->to, out);
}

static void begin_row(struct ph_search *q, size_t row, int target)
{
    const struct ph_scoring *s = q->s;
    const struct ph_score *score = &s->scores[row];
    q->row = row;
    q->group = &s->scheme->groups[score->group];
    q->state = &s->groups[score->group];
    q->score = score->score;
    q->bonus = score->bonus;
    for (size_t i = 0; i < q->group->indicator_count; i++) q->points[i] = s->points[i][row];
    q->target = target;
    const struct ph_classes *classes = &q->group->classes;
    q->aim = classes->by == PH_CLASS_BY_SHARE ? q->state->ranked[q->state->result.classes[target].quota - 1].score
                                              : classes->list[target].limit;
}

static enum ph_status find_row(struct worker *w, size_t row)
{
    struct ph_lifts *l = w->lifts;
    const struct ph_scoring *s = l->s;
    struct ph_lift_found *found = &l->found[row * (s->slots + 1)];
    enum ph_lift_kind kind;
    int target = target_of(s, row, &kind);
    for (size_t i = 0; i <= s->slots; i++) found[i] = (struct ph_lift_found){NAN, (uint8_t)kind, '\0'};
    if (target < 0) return PH_OK;
    begin_row(&w->search, row, target);
    size_t count = w->search.group->indicator_count;
    const struct ph_lever *levers = l->levers[s->scores[row].group];
    for (size_t i = 0; i <= count; i++) {
        size_t same = levers[i].same_as;
        struct ph_lift_found *out = &found[i < count ? i : s->slots];
        if (same < i)
            *out = found[same];
        else
            PH_TRY(find_one(w, i, out));
    }
    return PH_OK;
}

static void *work(void *argument)
{
    struct worker *w = argument;
    const struct ph_scoring *s = w->lifts->s;
    w->search.s = s;
    w->search.first.items = ph_arena_alloc(&w->arena, (s->slots + 1) * sizeof *w->search.first.items);
    w->search.second.items = ph_arena_alloc(&w->arena, (s->slots + 1) * sizeof *w->search.second.items);
    w->search.shares = ph_arena_alloc(&w->arena, (s->slots + 1) * sizeof *w->search.shares);
    w->search.points = ph_arena_alloc(&w->arena, (s->slots + 1) * sizeof *w->search.points);
    w->amounts = ph_arena_alloc(&w->arena, (s->plan.quantity_count + 1) * sizeof *w->amounts);
    bool have = w->search.first.items && w->search.second.items && w->search.shares && w->search.points && w->amounts;
    w->status = have ? ph_evaluator_new(&s->plan, &s->roster, &w->arena, &w->evaluator, &w->err) : ph_fail_memory(&w->err);
    for (;;) {
        size_t from = atomic_fetch_add(w->next, CHUNK_ROWS);
        if (from >= s->roster.rows) break;
        if (w->status == PH_OK) w->status = ph_progress_tell(w->progress, PH_STAGE_CHECK, 1, &w->err);
        if (w->status != PH_OK) atomic_store(w->next, s->roster.rows); /* nobody goes on */
        for (size_t row = from; w->status == PH_OK && row < s->roster.rows && row < from + CHUNK_ROWS; row++)
            w->status = find_row(w, row);
    }
    ph_evaluator_free(w->evaluator);
    ph_arena_dispose(&w->arena);
    return NULL;
}

static enum ph_status find_all(struct ph_lifts *l, int threads, const struct ph_progress *progress, struct ph_error *err)
{
    struct worker workers[PH_THREADS_CAP];
    atomic_size_t next = 0;
    size_t chunks = l->s->roster.rows / CHUNK_ROWS + 1;
    int count = ph_thread_count(threads, chunks < PH_THREADS_CAP ? (int)chunks : PH_THREADS_CAP);
    for (int i = 0; i < count; i++) workers[i] = (struct worker){.lifts = l, .next = &next, .err = PH_ERROR_INIT};
    workers[0].progress = progress;
    ph_threads_run(work, workers, sizeof *workers, count);
    for (int i = 0; i < count; i++)
        if (workers[i].status != PH_OK) {
            if (err) *err = workers[i].err;
            return workers[i].status;
        }
    return PH_OK;
}

enum ph_status ph_lifts_find(const struct ph_scoring *scoring, int threads, const struct ph_progress *progress, struct ph_lifts **out,
                             struct ph_error *err)
{
    *out = NULL;
    struct ph_lifts *l = calloc(1, sizeof *l);
    if (l == NULL) return ph_fail_memory(err);
    l->s = scoring;
    l->found = ph_arena_alloc(&l->arena, (scoring->roster.rows + 1) * (scoring->slots + 1) * sizeof *l->found);
    enum ph_status status = l->found ? ph_levers_make(l, err) : ph_fail_memory(err);
    if (status == PH_OK) status = find_all(l, threads, progress, err);
    if (status != PH_OK) {
        ph_lifts_free(l);
        return status;
    }
    *out = l;
    return PH_OK;
}

void ph_lifts_free(struct ph_lifts *lifts)
{
    if (lifts == NULL) return;
    ph_arena_dispose(&lifts->arena);
    free(lifts);
}

static const struct ph_lift_found *found_of(const struct ph_lifts *l, size_t row, size_t indicator)
{
    return &l->found[row * (l->s->slots + 1) + (indicator == PH_LIFT_LAND ? l->s->slots : indicator)];
}

void ph_lifts_prefetch(const struct ph_lifts *l, size_t row)
{
    const struct ph_lift_found *found = found_of(l, row, 0), *end = found + l->s->slots + 1;
    for (; found < end; found += LINE_BYTES / sizeof *found) ph_prefetch(found);
}

double ph_lifts_value(const struct ph_lifts *l, size_t row, size_t indicator)
{
    const struct ph_lift_found *f = found_of(l, row, indicator);
    return f->kind == PH_LIFT_FOUND ? f->to : NAN;
}

void ph_lifts_get(const struct ph_lifts *l, size_t row, size_t indicator, struct ph_lift *out)
{
    const struct ph_scoring *s = l->s;
    const struct ph_lift_found *f = found_of(l, row, indicator);
    *out = (struct ph_lift){.kind = (enum ph_lift_kind)f->kind,
                            .grade = f->grade,
                            .variable = SIZE_MAX,
                            .now = NAN,
                            .to = f->to,
                            .change = NAN,
                            .step = NAN};
    int g = s->scores[row].group;
    if (g < 0) return;
    const struct ph_lever *lever = &l->levers[g][indicator == PH_LIFT_LAND ? s->scheme->groups[g].indicator_count : indicator];
    out->variable = lever->variable;
    if (lever->kind != PH_LIFT_FOUND) return;
    out->now = ph_lever_value(s, lever, row);
    out->change = out->to - out->now;
    out->step = 1 / steps_in_one(out->now);
}
