/* The state of a group after one column of one enterprise has changed: own score, others' scores as far as they matter. */
#include <math.h>

#include "rules/lift_state.h"

#define ROUNDING 1e-8 /* more than scores are off by having been rounded */

static const struct ph_indicator *indicator_of(const struct ph_search *q, size_t i)
{
    return &q->s->scheme->groups[q->group].indicators[i];
}

/* The quantity, if it moves with the lever's column; else NULL. */
static const struct ph_amount *moving(const struct ph_search *q, size_t quantity)
{
    const struct ph_plan *p = &q->s->plan;
    if (quantity == PH_NO_QUANTITY) return NULL;
    size_t v = p->quantities[quantity].variable;
    bool land = q->lever->variable == p->land_mu && v == p->land_m2 && v != SIZE_MAX;
    return v == q->lever->variable || land ? &p->quantities[quantity] : NULL;
}

/* A moving amount with the lever's column at x. */
static double amount_at(const struct ph_search *q, const struct ph_amount *amount, double x)
{
    return amount->factor * (amount->variable == q->lever->variable ? x : x * PH_LAND_M2_PER_MU);
}

bool ph_trial_begin(struct ph_search *q)
{
    const struct ph_scoring *s = q->s;
    bool gains = q->lever->gains;
    for (size_t k = 0; k < q->lever->touched_count; k++) {
        size_t i = q->lever->touched[k];
        const struct ph_plan_value *p = &s->plan.groups[q->group].indicators[i];
        struct ph_share_now *share = &q->shares[k];
        *share = (struct ph_share_now){.indicator = indicator_of(q, i), .state = &s->groups[q->group].indicators[i],
                                       .numerator = moving(q, p->numerator), .denominator = moving(q, p->denominator),
                                       .quotient = p->denominator != PH_NO_QUANTITY, .points = s->points[i][q->row]};
        share->cell = ph_scoring_cell(s, q->group, i, q->row, &share->c);
        if (share->c.numerator < 0 || share->c.denominator < 0) gains = false;
    }
    return gains;
}

double ph_trial_slope(const struct ph_search *q)
{
    double slope = 0;
    for (size_t k = 0; k < q->lever->touched_count; k++) {
        const struct ph_share_now *share = &q->shares[k];
        const struct ph_indicator *indicator = share->indicator;
        const struct ph_basis *b = &share->state->basis;
        if (share->cell != PH_CELL_KNOWN || share->points >= indicator->cap || share->points <= indicator->floor) continue;
        double value = share->numerator ? amount_at(q, share->numerator, 1) : 0;
        if (share->denominator) value -= share->c.value * amount_at(q, share->denominator, 1);
        if (share->quotient) value /= share->c.denominator;
        switch (indicator->formula) {
        case PH_RATIO: slope += value * indicator->weight / b->base; break;
        case PH_LINEAR_DROP: slope -= value * indicator->weight / b->base; break;
        case PH_RECIPROCAL: slope -= value * share->points / share->c.value; break;
        case PH_MINMAX:
            value *= indicator->weight * (1 - indicator->floor_share) / (b->most - b->least);
            slope += indicator->down ? -value : value;
            break;
        }
    }
    return slope;
}

double ph_trial_may_gain(const struct ph_search *q)
{
    double sum = 0;
    for (size_t k = 0; k < q->lever->touched_count; k++) {
        const struct ph_share_now *share = &q->shares[k];
        double most = share->indicator->formula == PH_LINEAR_DROP ? 2 * share->indicator->weight
                      : share->indicator->formula == PH_MINMAX    ? share->indicator->weight
                                                                  : INFINITY;
        if (share->numerator == NULL && share->c.numerator == 0) continue; /* stays zero whatever it is divided by */
        sum += fmin(most, share->indicator->cap) - share->points;
    }
    return sum;
}

/* One touched indicator; false when the cell is gone. */
static bool try_indicator(const struct ph_search *q, const struct ph_share_now *was, double x, struct ph_trial_item *out)
{
    const struct ph_indicator *indicator = was->indicator;
    const struct ph_indicator_state *state = was->state;
    struct ph_contribution is = was->c;
    if (was->numerator) is.numerator = amount_at(q, was->numerator, x);
    if (was->denominator) is.denominator = amount_at(q, was->denominator, x);
    enum ph_cell after = ph_cell_of(indicator, is.numerator, is.denominator, was->quotient, &is.value);
    out->known = after == PH_CELL_KNOWN;
    out->mean = NAN;
    if (!out->known) {
        out->basis = state->basis;
        out->points = was->points;
        return after == was->cell;
    }
    bool of_roster = indicator->base_kind != PH_BASE_FIXED || indicator->formula == PH_MINMAX;
    out->basis = of_roster ? ph_basis_of(indicator, &state->set, &was->c, &is, NULL) : state->basis;
    out->points = ph_points(indicator, &out->basis, is.value, NULL, NULL);
    return true;
}

static double class_value_at(const struct ph_search *q, const struct ph_plan_value *v, double x)
{
    const struct ph_amount *numerator = moving(q, v->numerator), *denominator = moving(q, v->denominator);
    double over = numerator ? amount_at(q, numerator, x) : q->s->amounts[v->numerator][q->row], under = NAN;
    if (v->denominator != PH_NO_QUANTITY) under = denominator ? amount_at(q, denominator, x) : q->s->amounts[v->denominator][q->row];
    return ph_grade_value(v, over, under);
}

bool ph_trial_at(const struct ph_search *q, double x, struct ph_trial *out)
{
    const struct ph_scoring *s = q->s;
    const struct ph_lever *lever = q->lever;
    for (size_t k = 0; k < lever->touched_count; k++)
        if (!try_indicator(q, &q->shares[k], x, &out->items[k])) return false;
    double score = 0;
    for (size_t i = 0; i < s->scheme->groups[q->group].indicator_count; i++)
        score += lever->place[i] < 0 ? s->points[i][q->row] : out->items[lever->place[i]].points;
    out->own = ph_score_rounded(score + s->scores[q->row].bonus);
    const struct ph_plan_value *v = &s->plan.groups[q->group].class_value;
    if (v->numerator != PH_NO_QUANTITY) out->value = class_value_at(q, v, x);
    return true;
}

/* ---- the mean of points under another base ---- */

static size_t count_below(const struct ph_others *t, double limit)
{
    size_t low = 0, high = t->count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (t->values[mid] < limit)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Σ points of everybody known, about: points are alpha + beta × value between floor and cap. */
static double sum_about(const struct ph_indicator *indicator, const struct ph_basis *b, const struct ph_others *t)
{
    double w = indicator->weight, alpha = 0, beta = 0;
    double slope = w * (1 - indicator->floor_share) / (b->most - b->least);
    switch (indicator->formula) {
    case PH_RATIO: beta = w / b->base; break;
    case PH_RECIPROCAL: beta = w * b->base; break;
    case PH_LINEAR_DROP:
        alpha = 2 * w;
        beta = -w / b->base;
        break;
    case PH_MINMAX:
        beta = indicator->down ? -slope : slope;
        alpha = w * indicator->floor_share + (indicator->down ? slope * b->most : -slope * b->least);
        break;
    }
    double to_floor = (indicator->floor - alpha) / beta, to_cap = (indicator->cap - alpha) / beta;
    size_t low = count_below(t, fmin(to_floor, to_cap)), high = count_below(t, fmax(to_floor, to_cap));
    double sum = alpha * (double)(high - low) + beta * (t->sums[high] - t->sums[low]);
    if (low > 0) sum += (double)low * (beta > 0 ? indicator->floor : indicator->cap);
    if (high < t->count) sum += (double)(t->count - high) * (beta > 0 ? indicator->cap : indicator->floor);
    return sum;
}

/* The same as the scoring would have it. */
static double mean_exactly(const struct ph_search *q, size_t i, const struct ph_trial_item *item)
{
    const struct ph_scoring *s = q->s;
    const struct ph_group_state *g = &s->groups[q->group];
    struct ph_exact_sum sum = {{0}};
    size_t known = 0;
    for (size_t j = 0; j < g->result.ranked; j++) {
        struct ph_contribution c;
        size_t row = g->ranked[j].row;
        if (row == q->row || ph_scoring_cell(s, q->group, i, row, &c) != PH_CELL_KNOWN) continue;
        ph_exact_add(&sum, ph_points(indicator_of(q, i), &item->basis, c.value, NULL, NULL));
        known++;
    }
    if (item->known) ph_exact_add(&sum, item->points), known++;
    return known ? ph_exact_get(&sum) / (double)known : 0;
}

static double mean_about(const struct ph_search *q, size_t i, struct ph_trial_item *item)
{
    const struct ph_indicator *indicator = indicator_of(q, i);
    const struct ph_indicator_state *state = &q->s->groups[q->group].indicators[i];
    const struct ph_others *table = &q->others[i];
    if (!isnan(item->mean)) return item->mean;
    struct ph_contribution was;
    bool before = ph_scoring_cell(q->s, q->group, i, q->row, &was) == PH_CELL_KNOWN;
    double sum = state->known ? state->found.mean_points * (double)state->known : 0;
    if (table->count > 0) sum = sum_about(indicator, &item->basis, table);
    if (before) sum -= ph_points(indicator, &item->basis, was.value, NULL, NULL);
    if (item->known) sum += item->points;
    size_t known = state->known - (size_t)before + (size_t)item->known;
    if (!isfinite(sum)) return item->mean = mean_exactly(q, i, item); /* a base of no use */
    return item->mean = known ? sum / (double)known : 0;
}

/* ---- the others ---- */

/* Points of another row; *about is set where they are known to 1e-8 only. */
static double others_points(const struct ph_search *q, size_t i, size_t row, struct ph_trial_item *item, bool exactly,
                            bool *about)
{
    const struct ph_scoring *s = q->s;
    struct ph_contribution c;
    if (s->cells[i][row] == PH_CELL_KNOWN) {
        ph_scoring_cell(s, q->group, i, row, &c);
        return ph_points(indicator_of(q, i), &item->basis, c.value, NULL, NULL);
    }
    if (ph_treatment_of(indicator_of(q, i), (enum ph_cell)s->cells[i][row])->policy != PH_POLICY_GROUP_MEAN)
        return s->points[i][row];
    if (exactly) return mean_exactly(q, i, item);
    *about = true;
    return mean_about(q, i, item);
}

static double others_score(const struct ph_search *q, size_t row, const struct ph_trial *a, const struct ph_trial *b,
                           bool exactly, bool *about)
{
    const struct ph_scoring *s = q->s;
    double score = 0;
    for (size_t i = 0; i < s->scheme->groups[q->group].indicator_count; i++) {
        int k = q->lever->place[i];
        double points = k < 0 ? s->points[i][row] : others_points(q, i, row, &a->items[k], exactly, about);
        if (k >= 0 && b != a) points = fmin(points, others_points(q, i, row, &b->items[k], exactly, about));
        score += points;
    }
    return ph_score_rounded(score + s->scores[row].bonus);
}

static bool is_better(const struct ph_search *q, size_t row, double own, const struct ph_trial *a, const struct ph_trial *b)
{
    bool about = false;
    double score = others_score(q, row, a, b, false, &about);
    if (about && fabs(score - own) < 10 * ROUNDING) score = others_score(q, row, a, b, true, &about);
    return score > own;
}

double ph_trial_cut(const struct ph_search *q, struct ph_trial *t)
{
    const struct ph_group_state *g = &q->s->groups[q->group];
    bool about = false;
    return others_score(q, g->ranked[g->result.classes[q->target].quota - 1].row, t, t, false, &about);
}

/* Of the ranked rows, how many have a score above `limit`. */
static size_t count_above(const struct ph_group_state *g, double limit)
{
    size_t low = 0, high = g->result.ranked;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (g->ranked[mid].score > limit)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* How far points move when one basis takes another's place; cap and floor only slow a move. */
static void note_movement(const struct ph_share_now *share, struct ph_trial_item *item)
{
    const struct ph_indicator *indicator = share->indicator;
    const struct ph_basis *was = &share->state->basis, *is = &item->basis;
    item->away = item->further = 0;
    if (!item->known) return;
    if (indicator->formula == PH_MINMAX) {
        struct ph_indicator bare = *indicator;
        bare.cap = INFINITY;
        bare.floor = -INFINITY;
        for (int end = 0; end < 2; end++) {
            double v = end ? share->state->set.most[0] : share->state->set.least[0];
            item->further = fmax(item->further, fabs(ph_points(&bare, is, v, NULL, NULL) - ph_points(&bare, was, v, NULL, NULL)));
        }
        if (!(was->most > was->least) || !(is->most > is->least)) item->further = INFINITY;
    } else if (indicator->base_kind != PH_BASE_FIXED) {
        if (was->base > 0 && is->base > 0)
            item->away = fabs((indicator->formula == PH_RECIPROCAL ? is->base / was->base : was->base / is->base) - 1);
        else
            item->further = INFINITY;
    }
    if (share->state->mean_rows == 0) return;
    /* Who has the mean of points moves with everybody, and by the row's own share in it. */
    double points = share->cell == PH_CELL_KNOWN ? share->points : share->state->found.mean_points;
    size_t known = share->state->known;
    item->further += known > 1 ? fabs(item->points - points) / (double)(known - 1) : INFINITY;
}

/* How far anybody else's score may have moved. */
static double movement_of_all(const struct ph_search *q, const struct ph_trial *t)
{
    double moved = ROUNDING;
    for (size_t k = 0; k < q->lever->touched_count; k++)
        moved += q->others[q->lever->touched[k]].most * t->items[k].away + t->items[k].further;
    return moved;
}

/* The same of ranked row j; 0: it has not moved at all. */
static double movement_of(const struct ph_search *q, const struct ph_trial *t, size_t j)
{
    double moved = 0;
    for (size_t k = 0; k < q->lever->touched_count; k++) {
        const struct ph_others *others = &q->others[q->lever->touched[k]];
        double points = others->reach[j] * t->items[k].away + t->items[k].further - others->slack[j];
        if (points > 0) moved += points;
    }
    return moved > 0 ? moved + ROUNDING : 0;
}

/* Whether fewer than `quota` are better than `own`. */
static bool has_seat(const struct ph_search *q, struct ph_trial *a, struct ph_trial *b, double own, size_t quota)
{
    const struct ph_group_state *g = &q->s->groups[q->group];
    double risen = 0; /* where the row gains, nobody else does but by the mean of points */
    for (size_t k = 0; k < q->lever->touched_count; k++) {
        note_movement(&q->shares[k], &a->items[k]);
        if (b != a) { /* the wider of two states */
            note_movement(&q->shares[k], &b->items[k]);
            a->items[k].away = fmax(a->items[k].away, b->items[k].away);
            a->items[k].further = fmax(a->items[k].further, b->items[k].further);
        }
        risen += a->items[k].further;
    }
    if (risen > 0) risen += ROUNDING;
    double bound = movement_of_all(q, a);
    if (quota == 0) return false;
    if (quota >= g->result.ranked) return true;
    double cut = g->ranked[quota - 1].score; /* of somebody else: the row itself has at least `quota` above it */
    if (own >= cut + bound) return true;
    if (own < cut - bound) return false;
    size_t sure = count_above(g, own + bound), open = count_above(g, own - (q->gains ? risen : bound)), better = sure;
    if (q->s->scores[q->row].score > own + bound) better--;
    for (size_t j = sure; j < open && better < quota; j++) {
        double score = g->ranked[j].score, moved = movement_of(q, a, j);
        if (score + moved <= own || g->ranked[j].row == q->row) continue;
        better += score - moved > own || is_better(q, g->ranked[j].row, own, a, b);
    }
    return better < quota;
}

bool ph_trial_reaches(const struct ph_search *q, struct ph_trial *a, struct ph_trial *b, int class)
{
    const struct ph_scoring *s = q->s;
    const struct ph_score_group *group = &s->scheme->groups[q->group];
    double own = a->own;
    if (b != a) {
        own = 0;
        for (size_t i = 0; i < group->indicator_count; i++) {
            int k = q->lever->place[i];
            own += k < 0 ? s->points[i][q->row] : fmax(a->items[k].points, b->items[k].points);
        }
        own = ph_score_rounded(own + s->scores[q->row].bonus);
    }
    switch (group->classes.by) {
    case PH_CLASS_BY_SHARE: return has_seat(q, a, b, own, s->groups[q->group].result.classes[class].quota);
    case PH_CLASS_BY_SCORE: return own >= group->classes.list[class].limit;
    case PH_CLASS_BY_VALUE: return fmax(a->value, b->value) >= group->classes.list[class].limit;
    default: return false;
    }
}
