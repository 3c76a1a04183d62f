/* What each column can do in each group. */
#include <math.h>
#include <stdlib.h>

#include "base/prefetch.h"
#include "rules/lift_state.h"

#define AHEAD ((size_t)16) /* rows */

/* The column that a lift by this indicator changes; SIZE_MAX: none. */
static size_t column_of(const struct ph_plan *p, const struct ph_score_group *group, size_t g, size_t i)
{
    if (i == group->indicator_count) return p->land_mu;
    return p->quantities[p->groups[g].indicators[i].numerator].variable;
}

/* Whether an amount is made of a lever's column; *plain: and is no more than that column times a factor. */
static bool made_of(const struct ph_plan *p, size_t quantity, size_t variable, bool *plain)
{
    if (quantity == PH_NO_QUANTITY) return false;
    const struct ph_amount *q = &p->quantities[quantity];
    bool land = variable == p->land_mu && p->land_m2 != SIZE_MAX && q->marks[p->land_m2];
    if (!q->marks[variable] && !land) return false;
    *plain &= q->variable != SIZE_MAX;
    return true;
}

/* Whether an indicator gains where the lever is moved, as long as amounts are not negative. */
static bool gains(const struct ph_scoring *s, size_t g, size_t i, bool rise, bool numerator, bool denominator)
{
    const struct ph_indicator *indicator = &s->scheme->groups[g].indicators[i];
    const struct ph_plan_value *v = &s->plan.groups[g].indicators[i];
    if (numerator == denominator) return false;
    double factor = s->plan.quantities[numerator ? v->numerator : v->denominator].factor;
    bool grows = rise == (numerator == (factor > 0));
    /* Values below zero, where they count, would turn others' moves round. */
    return grows != indicator->down && (s->groups[g].indicators[i].set.least[0] >= 0 || indicator->floor >= 0);
}

/* How a quantity follows a lever's column. */
static struct ph_follow follow_of(const struct ph_plan *p, size_t quantity, size_t variable)
{
    if (quantity == PH_NO_QUANTITY) return (struct ph_follow){0, 0};
    const struct ph_amount *q = &p->quantities[quantity];
    bool land = variable == p->land_mu && q->variable == p->land_m2 && q->variable != SIZE_MAX;
    return (struct ph_follow){q->factor, q->variable == variable ? 1 : land ? PH_LAND_M2_PER_MU : 0};
}

static struct ph_touched touched_of(const struct ph_lifts *l, size_t g, size_t i, size_t variable)
{
    const struct ph_scoring *s = l->s;
    const struct ph_indicator *indicator = &s->scheme->groups[g].indicators[i];
    const struct ph_plan_value *v = &s->plan.groups[g].indicators[i];
    double most = indicator->formula == PH_LINEAR_DROP ? 2 * indicator->weight
                  : indicator->formula == PH_MINMAX    ? indicator->weight
                                                       : INFINITY;
    return (struct ph_touched){.index = i,
                               .indicator = indicator,
                               .state = &s->groups[g].indicators[i],
                               .others = &l->others[g][i],
                               .numerator = follow_of(&s->plan, v->numerator, variable),
                               .denominator = follow_of(&s->plan, v->denominator, variable),
                               .numerators = s->amounts[v->numerator],
                               .denominators = v->denominator == PH_NO_QUANTITY ? NULL : s->amounts[v->denominator],
                               .cells = s->cells[i],
                               .most = fmin(most, indicator->cap)};
}

static enum ph_status make_lever(struct ph_lifts *l, size_t g, size_t slot, struct ph_lever *out, struct ph_error *err)
{
    const struct ph_scoring *s = l->s;
    const struct ph_plan *p = &s->plan;
    const struct ph_score_group *group = &s->scheme->groups[g];
    size_t count = group->indicator_count, v = column_of(p, group, g, slot);
    bool land = slot == count, plain = true;
    *out = (struct ph_lever){.kind = PH_LIFT_NO_COLUMN, .variable = v, .gains = true};
    if (v == SIZE_MAX || !p->scope.variables[v].present) return PH_OK;
    for (size_t q = 0; q < p->quantity_count; q++)
        if (p->quantities[q].variable == v && p->quantities[q].factor == 1) out->column = s->amounts[q];
    double factor = land ? 1 : p->quantities[p->groups[g].indicators[slot].numerator].factor;
    out->rise = !land && group->indicators[slot].down == (factor < 0);
    out->touched = ph_arena_alloc(&l->arena, count * sizeof *out->touched);
    out->place = ph_arena_alloc(&l->arena, count * sizeof *out->place);
    if (out->touched == NULL || out->place == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        const struct ph_plan_value *value = &p->groups[g].indicators[i];
        bool numerator = made_of(p, value->numerator, v, &plain), denominator = made_of(p, value->denominator, v, &plain);
        out->place[i] = numerator || denominator ? (int8_t)out->touched_count : -1;
        if (out->place[i] < 0) continue;
        out->touched[out->touched_count++] = touched_of(l, g, i, v);
        if (plain) out->gains &= gains(s, g, i, out->rise, numerator, denominator);
    }
    const struct ph_plan_value *value = &p->groups[g].class_value;
    bool numerator = made_of(p, value->numerator, v, &plain), denominator = made_of(p, value->denominator, v, &plain);
    out->moves_class_value = numerator || denominator;
    out->class_numerator = follow_of(p, value->numerator, v);
    out->class_denominator = follow_of(p, value->denominator, v);
    if (out->moves_class_value) out->gains = false;
    for (size_t k = 0; k < s->scheme->group_count; k++)
        out->conditions |= p->groups[k].marks[v] || (land && p->land_m2 != SIZE_MAX && p->groups[k].marks[p->land_m2]);
    for (int kind = 0; kind < PH_CLAUSE_KINDS; kind++)
        for (size_t c = 0; c < s->scheme->clauses[kind].count; c++)
            out->conditions |=
                p->clauses[kind][c].marks[v] || (land && p->land_m2 != SIZE_MAX && p->clauses[kind][c].marks[p->land_m2]);
    if (plain && (out->touched_count > 0 || out->moves_class_value)) out->kind = PH_LIFT_FOUND;
    return PH_OK;
}

double ph_lever_value(const struct ph_scoring *s, const struct ph_lever *lever, size_t row)
{
    if (lever->column) return lever->column[row];
    struct ph_value v;
    char scratch[11];
    ph_roster_value(&s->roster, row, lever->variable, scratch, &v);
    return v.kind == PH_VALUE_REAL ? v.real : v.kind == PH_VALUE_INT ? (double)v.integer : NAN;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Running sums of the known values, so that a sum of points needs no loop. */
static enum ph_status sum_up(struct ph_lifts *l, const struct ph_indicator_state *state, const struct ph_group_state *group,
                             const uint8_t *cells, struct ph_others *out, struct ph_error *err)
{
    out->values = ph_arena_alloc(&l->arena, (state->known + 1) * sizeof *out->values);
    out->sums = ph_arena_alloc(&l->arena, (state->known + 1) * sizeof *out->sums);
    if (out->values == NULL || out->sums == NULL) return ph_fail_memory(err);
    for (size_t j = 0; j < group->result.ranked; j++)
        if (cells[group->ranked[j].row] == PH_CELL_KNOWN) out->values[out->count++] = out->at[j];
    qsort(out->values, out->count, sizeof *out->values, ascending);
    double sum = 0, rest = 0; /* what rounding takes away is carried along */
    for (size_t j = 0; j < out->count; j++) {
        double v = out->values[j], more = sum + v;
        out->sums[j] = sum + rest;
        rest += fabs(sum) >= fabs(v) ? (sum - more) + v : (v - more) + sum;
        sum = more;
    }
    out->sums[out->count] = sum + rest;
    return PH_OK;
}

static void prefetch_row(const struct ph_scoring *s, size_t g, size_t i, size_t row)
{
    const struct ph_plan_value *v = &s->plan.groups[g].indicators[i];
    ph_prefetch(&s->points[i][row]);
    ph_prefetch(&s->amounts[v->numerator][row]);
    if (v->denominator != PH_NO_QUANTITY) ph_prefetch(&s->amounts[v->denominator][row]);
}

static enum ph_status make_others(struct ph_lifts *l, size_t g, size_t i, struct ph_others *out, struct ph_error *err)
{
    const struct ph_scoring *s = l->s;
    const struct ph_indicator *indicator = &s->scheme->groups[g].indicators[i];
    const struct ph_group_state *group = &s->groups[g];
    const struct ph_indicator_state *state = &group->indicators[i];
    size_t n = group->result.ranked;
    *out = (struct ph_others){.at = ph_arena_alloc(&l->arena, (n + 1) * sizeof *out->at),
                              .points = ph_arena_alloc(&l->arena, (n + 1) * sizeof *out->points)};
    if (out->at == NULL || out->points == NULL) return ph_fail_memory(err);
    /* What is in proportion to the base or its inverse: the points, with linear_drop 2 × weight less the points. */
    double from = indicator->formula == PH_LINEAR_DROP ? 2 * indicator->weight : 0;
    for (size_t j = 0; j < n; j++) {
        size_t row = group->ranked[j].row;
        struct ph_contribution c;
        if (j + AHEAD < n) prefetch_row(s, g, i, group->ranked[j + AHEAD].row);
        enum ph_cell cell = ph_scoring_cell(s, g, i, row, &c);
        out->at[j] = indicator->formula == PH_RECIPROCAL ? 1 / c.value : c.value;
        out->points[j] = s->points[i][row];
        if (cell == PH_CELL_KNOWN) {
            out->most = fmax(out->most, fabs(from - out->points[j]));
        } else if (ph_treatment_of(indicator, cell)->policy == PH_POLICY_GROUP_MEAN) {
            out->at[j] = 0;
            out->points[j] = NAN; /* the mean of all moves no further than the furthest */
        }
    }
    bool fixed = indicator->base_kind == PH_BASE_FIXED && indicator->formula != PH_MINMAX;
    return fixed || state->mean_rows == 0 ? PH_OK : sum_up(l, state, group, s->cells[i], out, err);
}

enum ph_status ph_levers_make(struct ph_lifts *l, struct ph_error *err)
{
    const struct ph_scoring *s = l->s;
    size_t groups = s->scheme->group_count;
    l->levers = ph_arena_alloc(&l->arena, groups * sizeof *l->levers);
    l->others = ph_arena_alloc(&l->arena, groups * sizeof *l->others);
    if (l->levers == NULL || l->others == NULL) return ph_fail_memory(err);
    for (size_t g = 0; g < groups; g++) {
        size_t count = s->scheme->groups[g].indicator_count;
        l->levers[g] = ph_arena_alloc(&l->arena, (count + 1) * sizeof **l->levers);
        l->others[g] = ph_arena_alloc(&l->arena, count * sizeof **l->others);
        if (l->levers[g] == NULL || l->others[g] == NULL) return ph_fail_memory(err);
        for (size_t i = 0; i <= count; i++) {
            struct ph_lever *lever = &l->levers[g][i];
            PH_TRY(make_lever(l, g, i, lever, err));
            lever->same_as = i;
            for (size_t j = i; j-- > 0;)
                if (l->levers[g][j].variable == lever->variable && l->levers[g][j].rise == lever->rise) lever->same_as = j;
            for (size_t j = 0; lever->kind == PH_LIFT_FOUND && lever->rise && j < s->groups[g].result.ranked; j++)
                lever->most = fmax(lever->most, fabs(ph_lever_value(s, lever, s->groups[g].ranked[j].row)));
            if (i < count) PH_TRY(make_others(l, g, i, &l->others[g][i], err));
        }
    }
    return PH_OK;
}
