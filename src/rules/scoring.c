#include "rules/scoring.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/threads.h"
#include "rules/scoring_state.h"

#define CHUNK_ROWS ((size_t)1024)
#define TEXT_CAP ((size_t)16384)

/* ---- one row at a time ---- */

struct worker {
    struct ph_scoring *s;
    atomic_size_t *next; /* row to be taken */
    struct ph_arena arena;
    struct ph_evaluator *evaluator;
    double *amounts;
    struct ph_text text;
    enum ph_status status;
    struct ph_error err;
};

static enum ph_status leave_for_land(struct worker *w, struct ph_score *score)
{
    const struct ph_scoring *s = w->s;
    char has[40], least[40];
    double mu = s->plan.land_mu != SIZE_MAX ? ph_evaluator_number(w->evaluator, s->plan.land_mu) : NAN;
    if (isnan(mu)) return ph_grade_leave_plainly(score, "用地面积缺失", "its land area is missing"), PH_OK;
    if (mu <= 0) return ph_grade_leave_plainly(score, "用地面积为零,不能计算亩均", "its land area is zero: nothing per mu"), PH_OK;
    if (mu >= s->scheme->min_land_mu) return PH_OK;
    ph_number_print_fixed(has, sizeof has, mu, 2);
    ph_number_print_fixed(least, sizeof least, s->scheme->min_land_mu, 2);
    return ph_grade_leave(score, &w->arena, &w->err, "用地%s亩,不足%s亩", "its land is %s mu, less than %s mu", has, least);
}

/* Whether the scheme leaves a row out for this cell. */
static enum ph_status leave_for_cell(struct worker *w, size_t row, size_t g, size_t i, enum ph_cell cell, struct ph_score *score)
{
    const struct ph_indicator *indicator = &w->s->scheme->groups[g].indicators[i];
    const char *title = indicator->title, *title_en = indicator->title_en ? indicator->title_en : title;
    if (cell == PH_CELL_ZERO)
        return ph_grade_leave(score, &w->arena, &w->err, "“%s”%.0s为零,按方案不参评", "%.0s'%s' is zero", title, title_en);
    if (cell == PH_CELL_ZERO_DIVISOR)
        return ph_grade_leave(score, &w->arena, &w->err, "“%s”%.0s的分母为零,按方案不参评", "%.0sthe denominator of '%s' is zero",
                              title, title_en);
    ph_text_clear(&w->text);
    ph_scoring_missing(w->s, row, i, &w->text);
    return ph_grade_leave(score, &w->arena, &w->err, "缺%s,“%s”%.0s算不出", "%s is missing: %.0sno '%s'",
                          w->text.length ? ph_text_get(&w->text) : "数据", title, title_en);
}

/* Decides whether a row is evaluated. */
static enum ph_status admit(struct worker *w, size_t row)
{
    struct ph_scoring *s = w->s;
    struct ph_appraisal *a = &s->appraisals[row];
    struct ph_score *score = &s->scores[row];
    score->group = a->group < 0 ? -1 : a->group;
    score->bonus = a->bonus;
    if (a->newly) score->status = PH_SCORE_NEW;
    if (a->group == -1) return ph_grade_leave_plainly(score, "不属于任何一个分组", "it is in none of the groups"), PH_OK;
    if (a->group < 0) {
        const struct ph_score_group *g = &s->scheme->groups[-2 - a->group];
        return ph_grade_leave(score, &w->arena, &w->err, "缺%s,分组“%s”%.0s无法判定",
                              "%s is missing: the group %.0s'%s' cannot be decided", *a->lacks ? a->lacks : "数据", g->title,
                              g->title_en ? g->title_en : g->title);
    }
    const struct ph_score_group *group = &s->scheme->groups[a->group];
    if (group->needs_land || s->scheme->min_land_mu > 0) PH_TRY(leave_for_land(w, score));
    size_t known = 0;
    for (size_t i = 0; i < group->indicator_count; i++) {
        struct ph_contribution c;
        enum ph_cell cell = ph_scoring_cell(s, (size_t)a->group, i, row, &c);
        s->cells[i][row] = (uint8_t)cell;
        known += cell == PH_CELL_KNOWN;
        if (score->status == PH_SCORE_NOT_EVALUATED || cell == PH_CELL_KNOWN) continue;
        if (ph_treatment_of(&group->indicators[i], cell)->policy == PH_POLICY_NOT_EVALUATED)
            PH_TRY(leave_for_cell(w, row, (size_t)a->group, i, cell, score));
    }
    score->completeness = (double)known / (double)group->indicator_count;
    a->scored = score->status != PH_SCORE_NOT_EVALUATED && (!a->exempt || a->treat_as != '\0');
    return PH_OK;
}

static enum ph_status take_row(struct worker *w, size_t row)
{
    struct ph_scoring *s = w->s;
    struct ph_score *score = &s->scores[row];
    *score = (struct ph_score){.group = -1, .score = NAN, .completeness = NAN};
    PH_TRY(ph_evaluator_run(w->evaluator, row, NULL, 0, &s->appraisals[row], w->amounts, &w->err));
    for (size_t q = 0; q < s->plan.quantity_count; q++) s->amounts[q][row] = w->amounts[q];
    PH_TRY(admit(w, row));
    if (s->appraisals[row].exempt) {
        score->status = PH_SCORE_EXEMPT;
        score->grade = 'T';
        score->reason = s->appraisals[row].remarks->zh[PH_CLAUSE_EXEMPT];
        score->reason_en = s->appraisals[row].remarks->en[PH_CLAUSE_EXEMPT];
    }
    return PH_OK;
}

static void *work(void *argument)
{
    struct worker *w = argument;
    struct ph_scoring *s = w->s;
    w->amounts = malloc((s->plan.quantity_count + 1) * sizeof *w->amounts);
    w->status = w->amounts ? ph_evaluator_new(&s->plan, &s->roster, &w->arena, &w->evaluator, &w->err) : ph_fail_memory(&w->err);
    for (;;) {
        size_t from = atomic_fetch_add(w->next, CHUNK_ROWS);
        if (from >= s->roster.rows) break;
        for (size_t row = from; w->status == PH_OK && row < s->roster.rows && row < from + CHUNK_ROWS; row++)
            w->status = take_row(w, row);
    }
    ph_evaluator_free(w->evaluator);
    ph_text_dispose(&w->text);
    free(w->amounts);
    return NULL;
}

static enum ph_status take_rows(struct ph_scoring *s, int threads, struct ph_error *err)
{
    struct worker workers[PH_THREADS_CAP];
    atomic_size_t next = 0;
    size_t chunks = s->roster.rows / CHUNK_ROWS + 1;
    int count = ph_thread_count(threads, chunks < PH_THREADS_CAP ? (int)chunks : PH_THREADS_CAP);
    for (int i = 0; i < count; i++) {
        workers[i] = (struct worker){.s = s, .next = &next, .err = PH_ERROR_INIT};
        ph_text_init(&workers[i].text, TEXT_CAP);
    }
    ph_threads_run(work, workers, sizeof *workers, count);
    enum ph_status status = PH_OK;
    for (int i = 0; i < count; i++) {
        ph_arena_absorb(&s->arena, &workers[i].arena);
        if (status != PH_OK || workers[i].status == PH_OK) continue;
        status = workers[i].status;
        if (err) *err = workers[i].err;
    }
    return status;
}

/* ---- bases, points, scores ---- */

static enum ph_status find_bases(struct ph_scoring *s, size_t g, struct ph_basis_gather *gathers, struct ph_error *err)
{
    const struct ph_score_group *group = &s->scheme->groups[g];
    bool over_all = false; /* any */
    for (size_t i = 0; i < group->indicator_count; i++) {
        over_all |= group->indicators[i].base_over_all;
        PH_TRY(ph_basis_begin(&group->indicators[i], s->roster.rows, &s->arena, &gathers[i], err));
    }
    for (size_t row = 0; row < s->roster.rows; row++) {
        bool own = s->scores[row].group == (int)g;
        if (!(own || over_all) || !ph_scoring_counts(s, row)) continue;
        s->groups[g].result.ranked += own;
        for (size_t i = 0; i < group->indicator_count; i++) {
            struct ph_contribution c;
            if ((own || group->indicators[i].base_over_all) && ph_scoring_cell(s, g, i, row, &c) == PH_CELL_KNOWN)
                ph_basis_take(&group->indicators[i], &gathers[i], &c);
        }
    }
    for (size_t i = 0; i < group->indicator_count; i++) {
        struct ph_indicator_state *state = &s->groups[g].indicators[i];
        state->set = ph_basis_end(&group->indicators[i], &gathers[i]);
        state->basis = ph_basis_of(&group->indicators[i], &state->set, &state->found);
    }
    return PH_OK;
}

/* Points of the cells that are there. sums: room for one per indicator. */
static void find_points(struct ph_scoring *s, size_t g, struct ph_exact_sum *sums)
{
    const struct ph_score_group *group = &s->scheme->groups[g];
    struct ph_indicator_state *states = s->groups[g].indicators;
    for (size_t i = 0; i < group->indicator_count; i++) sums[i] = (struct ph_exact_sum){{0}};
    for (size_t row = 0; row < s->roster.rows; row++) {
        if (s->scores[row].group != (int)g || !s->appraisals[row].scored) continue;
        bool counts = ph_scoring_counts(s, row);
        for (size_t i = 0; i < group->indicator_count; i++) {
            struct ph_contribution c;
            if (ph_scoring_cell(s, g, i, row, &c) != PH_CELL_KNOWN) continue;
            double points = s->points[i][row] = ph_points(&group->indicators[i], &states[i].basis, c.value);
            if (!counts) continue;
            if (ph_gives_mean(&group->indicators[i])) ph_exact_add(&sums[i], points);
            states[i].known++;
        }
    }
    for (size_t i = 0; i < group->indicator_count; i++)
        if (ph_gives_mean(&group->indicators[i]) && states[i].known) states[i].found.mean_points = ph_exact_get(&sums[i]) / (double)states[i].known;
}

/* Points of the other cells, and the sum. */
static void score_row(struct ph_scoring *s, size_t row)
{
    struct ph_score *score = &s->scores[row];
    const struct ph_score_group *group = &s->scheme->groups[score->group];
    double sum = 0;
    for (size_t i = 0; i < group->indicator_count; i++) {
        enum ph_cell cell = (enum ph_cell)s->cells[i][row];
        if (cell != PH_CELL_KNOWN) {
            struct ph_indicator_state *state = &s->groups[score->group].indicators[i];
            s->points[i][row] = ph_treated_points(&group->indicators[i], cell, state->found.mean_points);
            state->mean_rows += ph_treatment_of(&group->indicators[i], cell)->policy == PH_POLICY_GROUP_MEAN;
        }
        sum += s->points[i][row];
    }
    score->score = ph_score_rounded(sum + score->bonus);
}

static enum ph_status score_all(struct ph_scoring *s, struct ph_error *err)
{
    struct ph_basis_gather *gathers = malloc((s->slots + 1) * sizeof *gathers);
    struct ph_exact_sum *sums = malloc((s->slots + 1) * sizeof *sums);
    enum ph_status status = gathers && sums ? PH_OK : ph_fail_memory(err);
    for (size_t g = 0; status == PH_OK && g < s->scheme->group_count; g++) {
        status = find_bases(s, g, gathers, err);
        if (status == PH_OK) find_points(s, g, sums);
    }
    free(gathers);
    free(sums);
    for (size_t row = 0; status == PH_OK && row < s->roster.rows; row++)
        if (s->appraisals[row].scored) score_row(s, row);
    return status;
}

/* ---- the whole ---- */

static enum ph_status refuse_gaps(const struct ph_scheme *scheme, struct ph_error *err)
{
    if (scheme->gap_count == 0) return PH_OK;
    const struct ph_scheme_gap *gap = &scheme->gaps[0];
    const char *weight = strcmp(gap->key, "weight") == 0 ? "" : NULL, *at = gap->param ? gap->param : gap->key;
    ph_fail(err, PH_E_RULES,
            "方案“%s”还不能用来评价:指标“%s”的%s没有公布,须自行填写(%s);共 %zu 处待填,见 panhuo rules --scheme %s",
            "scheme '%s' cannot score yet: indicator '%s' has no %s published, to be filled in (%s); %zu to be filled in, see "
            "panhuo rules --scheme %s",
            scheme->name, gap->indicator->title, weight ? "权重(weight)" : "基准值(base)", at, scheme->gap_count, scheme->name);
    return ph_at_line(err, gap->place.file, gap->place.line, gap->place.column), PH_E_RULES;
}

static enum ph_status take_memory(struct ph_scoring *s, struct ph_error *err)
{
    size_t rows = s->roster.rows + 1, quantities = s->plan.quantity_count;
    for (size_t g = 0; g < s->scheme->group_count; g++)
        if (s->scheme->groups[g].indicator_count > s->slots) s->slots = s->scheme->groups[g].indicator_count;
    s->scores = ph_arena_alloc(&s->arena, rows * sizeof *s->scores);
    s->appraisals = ph_arena_alloc(&s->arena, rows * sizeof *s->appraisals);
    s->amounts = ph_arena_alloc(&s->arena, (quantities + 1) * sizeof *s->amounts);
    s->points = ph_arena_alloc(&s->arena, s->slots * sizeof *s->points);
    s->cells = ph_arena_alloc(&s->arena, s->slots * sizeof *s->cells);
    s->groups = ph_arena_alloc(&s->arena, s->scheme->group_count * sizeof *s->groups);
    bool have = s->scores && s->appraisals && s->amounts && s->points && s->cells && s->groups;
    for (size_t q = 0; have && q < quantities; q++)
        have = (s->amounts[q] = ph_arena_alloc(&s->arena, rows * sizeof **s->amounts)) != NULL;
    for (size_t i = 0; have && i < s->slots; i++) {
        s->points[i] = ph_arena_alloc(&s->arena, rows * sizeof **s->points);
        s->cells[i] = ph_arena_alloc(&s->arena, rows * sizeof **s->cells);
        have = s->points[i] && s->cells[i];
    }
    for (size_t g = 0; have && g < s->scheme->group_count; g++) {
        size_t count = s->scheme->groups[g].indicator_count;
        struct ph_indicator_state *states = ph_arena_alloc(&s->arena, count * sizeof *states);
        if (states) memset(states, 0, count * sizeof *states);
        s->groups[g] = (struct ph_group_state){.indicators = states};
        have = states != NULL;
    }
    return have ? PH_OK : ph_fail_memory(err);
}

enum ph_status ph_scoring_run(const struct ph_scheme *scheme, const struct ph_roster *roster, int threads,
                              struct ph_scoring **out, struct ph_error *err)
{
    *out = NULL;
    PH_TRY(refuse_gaps(scheme, err));
    struct ph_scoring *s = calloc(1, sizeof *s);
    if (s == NULL) return ph_fail_memory(err);
    s->scheme = scheme;
    s->roster = *roster;
    enum ph_status status = ph_plan_make(&s->plan, scheme, roster->variables, roster->variable_count, err);
    if (status == PH_OK) status = take_memory(s, err);
    if (status == PH_OK) status = take_rows(s, threads, err);
    if (status == PH_OK) status = score_all(s, err);
    if (status == PH_OK) status = ph_grade_all(s, err);
    if (status == PH_OK) status = ph_receipts_prepare(s, err);
    if (status != PH_OK) {
        ph_scoring_free(s);
        return status;
    }
    *out = s;
    return PH_OK;
}

void ph_scoring_free(struct ph_scoring *s)
{
    if (s == NULL) return;
    ph_plan_dispose(&s->plan);
    ph_arena_dispose(&s->arena);
    free(s);
}
