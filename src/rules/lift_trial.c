/* The state of a group after one column of one enterprise has changed: own score, others' scores as far as they matter. */
#include <math.h>

#include "rules/lift_state.h"

#define ROUNDING 1e-8 /* more than scores are off by having been rounded */

/* An amount with the lever's column at x. */
static double amount_at(const struct ph_follow *follow, double was, double x)
{
    return follow->scale != 0 ? follow->factor * (x * follow->scale) : was;
}

bool ph_trial_begin(struct ph_search *q)
{
    bool gains = q->lever->gains;
    for (size_t k = 0; k < q->lever->touched_count; k++) {
        const struct ph_touched *t = &q->lever->touched[k];
        struct ph_share_now *share = &q->shares[k];
        struct ph_contribution *c = &share->c;
        share->cell = (enum ph_cell)t->cells[q->row];
        share->points = q->points[t->index];
        c->numerator = t->numerators[q->row];
        c->denominator = t->denominators ? t->denominators[q->row] : NAN;
        c->value = share->cell != PH_CELL_KNOWN ? NAN : t->denominators ? c->numerator / c->denominator : c->numerator;
        if (c->numerator < 0 || c->denominator < 0) gains = false;
    }
    return gains;
}

double ph_trial_slope(const struct ph_search *q)
{
    double slope = 0;
    for (size_t k = 0; k < q->lever->touched_count; k++) {
        const struct ph_touched *t = &q->lever->touched[k];
        const struct ph_share_now *share = &q->shares[k];
        const struct ph_indicator *indicator = t->indicator;
        const struct ph_basis *b = &t->state->basis;
        if (share->cell != PH_CELL_KNOWN || share->points >= indicator->cap || share->points <= indicator->floor) continue;
        double value = amount_at(&t->numerator, 0, 1) - share->c.value * amount_at(&t->denominator, 0, 1);
        if (t->denominators) value /= share->c.denominator;
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
        const struct ph_touched *t = &q->lever->touched[k];
        const struct ph_share_now *share = &q->shares[k];
        if (t->numerator.scale == 0 && share->c.numerator == 0) continue; /* stays zero whatever it is divided by */
        sum += t->most - share->points;
    }
    return sum;
}

static struct ph_line line_of(const struct ph_indicator *indicator, const struct ph_basis *b)
{
    double w = indicator->weight, base = b->base > 0 ? b->base : NAN;
    switch (indicator->formula) {
    case PH_RATIO: return (struct ph_line){0, w / base};
    case PH_RECIPROCAL: return (struct ph_line){0, w * base};
    case PH_LINEAR_DROP: return (struct ph_line){2 * w, -w / base};
    case PH_MINMAX: break;
    }
    double floor = w * indicator->floor_share, slope = w * (1 - indicator->floor_share) / (b->most - b->least);
    return indicator->down ? (struct ph_line){floor + slope * b->most, -slope} : (struct ph_line){floor - slope * b->least, slope};
}

static struct ph_basis basis_about(const struct ph_touched *t, const struct ph_contribution *was, const struct ph_contribution *is)
{
    const struct ph_indicator *indicator = t->indicator;
    const struct ph_basis_set *set = &t->state->set;
    if (indicator->formula == PH_MINMAX || indicator->base_kind != PH_BASE_WEIGHTED_MEAN || isnan(was->value))
        return ph_basis_with(indicator, set, was, is);
    double sum = set->sum.parts[0] - was->numerator + is->numerator, divisor = set->divisor.parts[0] - was->denominator + is->denominator;
    return (struct ph_basis){.base = indicator->base_times * sum / divisor};
}

bool ph_trial_hopeless(const struct ph_search *q, double x)
{
    double moved = ROUNDING;
    if (q->group->classes.by == PH_CLASS_BY_VALUE) return false; /* which is no sum of points */
    for (size_t k = 0; k < q->lever->touched_count; k++) {
        const struct ph_touched *t = &q->lever->touched[k];
        const struct ph_share_now *was = &q->shares[k];
        const struct ph_indicator *indicator = t->indicator;
        if (t->state->mean_rows > 0 || indicator->formula == PH_MINMAX) return false; /* further than the base tells */
        if (indicator->base_kind == PH_BASE_FIXED) continue;
        struct ph_contribution is = {.numerator = amount_at(&t->numerator, was->c.numerator, x),
                                     .denominator = amount_at(&t->denominator, was->c.denominator, x)};
        if (ph_cell_of(indicator, is.numerator, is.denominator, t->denominators != NULL, &is.value) != PH_CELL_KNOWN) return false;
        double before = t->state->basis.base, after = basis_about(t, &was->c, &is).base;
        if (!(before > 0 && after > 0)) return false;
        moved += t->others->most * fabs((indicator->formula == PH_RECIPROCAL ? after / before : before / after) - 1);
    }
    return q->score + ph_trial_may_gain(q) < q->aim - moved * (1 + ROUNDING);
}

double ph_trial_excess(const struct ph_search *q, double x)
{
    bool by_share = q->group->classes.by == PH_CLASS_BY_SHARE;
    size_t last = by_share ? q->state->result.classes[q->target].quota - 1 : 0;
    double excess = q->score - q->aim;
    for (size_t k = 0; k < q->lever->touched_count; k++) {
        const struct ph_touched *t = &q->lever->touched[k];
        const struct ph_share_now *was = &q->shares[k];
        struct ph_contribution is = {.numerator = amount_at(&t->numerator, was->c.numerator, x),
                                     .denominator = amount_at(&t->denominator, was->c.denominator, x)};
        if (ph_cell_of(t->indicator, is.numerator, is.denominator, t->denominators != NULL, &is.value) != PH_CELL_KNOWN) continue;
        struct ph_basis basis = basis_about(t, &was->c, &is);
        struct ph_line line = line_of(t->indicator, &basis);
        double at = t->indicator->formula == PH_RECIPROCAL ? 1 / is.value : is.value;
        excess += ph_points_held(t->indicator, line.alpha + line.beta * at) - was->points;
        double rival = by_share ? t->others->at[last] : NAN, points = t->others->points[last];
        if (!isnan(rival) && !isnan(points)) excess -= ph_points_held(t->indicator, line.alpha + line.beta * rival) - points;
    }
    return excess;
}

/* One touched indicator; false when the cell is gone. */
static bool try_indicator(const struct ph_touched *t, const struct ph_share_now *was, double x, struct ph_trial_item *out)
{
    struct ph_contribution is = {.numerator = amount_at(&t->numerator, was->c.numerator, x),
                                 .denominator = amount_at(&t->denominator, was->c.denominator, x)};
    enum ph_cell after = ph_cell_of(t->indicator, is.numerator, is.denominator, t->denominators != NULL, &is.value);
    out->known = after == PH_CELL_KNOWN;
    out->mean = NAN;
    if (!out->known) {
        out->basis = t->state->basis;
        out->points = was->points;
        return after == was->cell;
    }
    out->basis = ph_basis_with(t->indicator, &t->state->set, &was->c, &is);
    out->points = ph_points(t->indicator, &out->basis, is.value);
    return true;
}

static double class_value_at(const struct ph_search *q, double x)
{
    const struct ph_plan_value *v = &q->s->plan.groups[q->s->scores[q->row].group].class_value;
    double under = v->denominator == PH_NO_QUANTITY ? NAN : q->s->amounts[v->denominator][q->row];
    return ph_grade_value(v, amount_at(&q->lever->class_numerator, q->s->amounts[v->numerator][q->row], x),
                          amount_at(&q->lever->class_denominator, under, x));
}

bool ph_trial_at(const struct ph_search *q, double x, struct ph_trial *out)
{
    const struct ph_lever *lever = q->lever;
    for (size_t k = 0; k < lever->touched_count; k++)
        if (!try_indicator(&lever->touched[k], &q->shares[k], x, &out->items[k])) return false;
    double score = 0;
    for (size_t i = 0, count = q->group->indicator_count; i < count; i++)
        score += lever->place[i] < 0 ? q->points[i] : out->items[lever->place[i]].points;
    out->own = ph_score_rounded(score + q->bonus);
    if (q->group->classes.by == PH_CLASS_BY_VALUE) out->value = class_value_at(q, x);
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

/* Σ points of everybody known, about. */
static double sum_about(const struct ph_indicator *indicator, const struct ph_basis *b, const struct ph_others *t)
{
    struct ph_line line = line_of(indicator, b);
    double to_floor = (indicator->floor - line.alpha) / line.beta, to_cap = (indicator->cap - line.alpha) / line.beta;
    size_t low = count_below(t, fmin(to_floor, to_cap)), high = count_below(t, fmax(to_floor, to_cap));
    double sum = line.alpha * (double)(high - low) + line.beta * (t->sums[high] - t->sums[low]);
    if (low > 0) sum += (double)low * (line.beta > 0 ? indicator->floor : indicator->cap);
    if (high < t->count) sum += (double)(t->count - high) * (line.beta > 0 ? indicator->cap : indicator->floor);
    return sum;
}

/* Of a row whose cell is there. */
static double value_of(const struct ph_touched *t, size_t row)
{
    return t->denominators ? t->numerators[row] / t->denominators[row] : t->numerators[row];
}

/* The same as the scoring would have it. */
static double mean_exactly(const struct ph_search *q, const struct ph_touched *t, const struct ph_trial_item *item)
{
    struct ph_exact_sum sum = {{0}};
    size_t known = 0;
    for (size_t j = 0; j < q->state->result.ranked; j++) {
        size_t row = q->state->ranked[j].row;
        if (row == q->row || t->cells[row] != PH_CELL_KNOWN) continue;
        ph_exact_add(&sum, ph_points(t->indicator, &item->basis, value_of(t, row)));
        known++;
    }
    if (item->known) ph_exact_add(&sum, item->points), known++;
    return known ? ph_exact_get(&sum) / (double)known : 0;
}

static double mean_about(const struct ph_search *q, size_t k, struct ph_trial_item *item)
{
    const struct ph_touched *t = &q->lever->touched[k];
    const struct ph_indicator_state *state = t->state;
    if (!isnan(item->mean)) return item->mean;
    bool before = q->shares[k].cell == PH_CELL_KNOWN;
    double sum = state->known ? state->found.mean_points * (double)state->known : 0;
    if (t->others->count > 0) sum = sum_about(t->indicator, &item->basis, t->others);
    if (before) sum -= ph_points(t->indicator, &item->basis, q->shares[k].c.value);
    if (item->known) sum += item->points;
    size_t known = state->known - (size_t)before + (size_t)item->known;
    if (!isfinite(sum)) return item->mean = mean_exactly(q, t, item); /* a base of no use */
    return item->mean = known ? sum / (double)known : 0;
}

/* ---- the others ---- */

/* Points of another row; *about is set where they are known to 1e-8 only. */
static double others_points(const struct ph_search *q, size_t k, size_t row, struct ph_trial_item *item, bool exactly, bool *about)
{
    const struct ph_touched *t = &q->lever->touched[k];
    enum ph_cell cell = (enum ph_cell)t->cells[row];
    if (cell == PH_CELL_KNOWN) return ph_points(t->indicator, &item->basis, value_of(t, row));
    if (ph_treatment_of(t->indicator, cell)->policy != PH_POLICY_GROUP_MEAN) return q->s->points[t->index][row];
    if (exactly) return mean_exactly(q, t, item);
    *about = true;
    return mean_about(q, k, item);
}

static double others_score(const struct ph_search *q, size_t row, const struct ph_trial *a, const struct ph_trial *b,
                           bool exactly, bool *about)
{
    double score = 0;
    for (size_t i = 0; i < q->group->indicator_count; i++) {
        int k = q->lever->place[i];
        double points = k < 0 ? q->s->points[i][row] : others_points(q, (size_t)k, row, &a->items[k], exactly, about);
        if (k >= 0 && b != a) points = fmin(points, others_points(q, (size_t)k, row, &b->items[k], exactly, about));
        score += points;
    }
    return ph_score_rounded(score + q->s->scores[row].bonus);
}

static double about_at(const struct ph_touched *t, const struct ph_trial_item *item, double at, double *size)
{
    double points = item->line.alpha + item->line.beta * at;
    *size += fabs(item->line.alpha) + fabs(points);
    return ph_points_held(t->indicator, points);
}

/* The score of ranked row j; about, where that says already whether it is above the row's own. */
static double score_of(const struct ph_search *q, size_t j, double own, const struct ph_trial *a, const struct ph_trial *b)
{
    double score = q->state->ranked[j].score, size = 1 + fabs(score); /* from what moves; NaN: it has a mean of points */
    for (size_t k = 0; k < q->lever->touched_count; k++) {
        const struct ph_touched *t = &q->lever->touched[k];
        double at = t->others->at[j];
        if (isnan(at)) continue;
        double points = about_at(t, &a->items[k], at, &size);
        if (b != a) points = fmin(points, about_at(t, &b->items[k], at, &size));
        score += points - t->others->points[j];
    }
    if (fabs(score - own) > ROUNDING * size) return score;
    bool about = false;
    size_t row = q->state->ranked[j].row;
    score = others_score(q, row, a, b, false, &about);
    if (about && fabs(score - own) < 10 * ROUNDING) score = others_score(q, row, a, b, true, &about);
    return score;
}

double ph_trial_cut(const struct ph_search *q, struct ph_trial *t)
{
    bool about = false;
    return others_score(q, q->state->ranked[q->state->result.classes[q->target].quota - 1].row, t, t, false, &about);
}

/* How far points of others move: none further than away × ph_others.most + further. */
struct movement {
    double away, further;
};

static struct movement movement_of(const struct ph_touched *t, const struct ph_share_now *share, const struct ph_trial_item *item)
{
    const struct ph_indicator *indicator = t->indicator;
    const struct ph_basis *was = &t->state->basis, *is = &item->basis;
    struct movement m = {0, 0};
    if (!item->known) return m;
    if (indicator->formula == PH_MINMAX) {
        for (int end = 0; end < 2; end++) { /* cap and floor only slow a move */
            double v = end ? t->state->set.most[0] : t->state->set.least[0];
            m.further = fmax(m.further, fabs(ph_points_free(indicator, ph_ratio_of(indicator, is, v)) -
                                             ph_points_free(indicator, ph_ratio_of(indicator, was, v))));
        }
        if (!(was->most > was->least) || !(is->most > is->least)) m.further = INFINITY;
    } else if (indicator->base_kind != PH_BASE_FIXED) {
        if (was->base > 0 && is->base > 0)
            m.away = fabs((indicator->formula == PH_RECIPROCAL ? is->base / was->base : was->base / is->base) - 1);
        else
            m.further = INFINITY;
    }
    if (t->state->mean_rows == 0) return m;
    /* Who has the mean of points moves with everybody, and by the row's own share in it. */
    double points = share->cell == PH_CELL_KNOWN ? share->points : t->state->found.mean_points;
    size_t known = t->state->known;
    m.further += known > 1 ? fabs(item->points - points) / (double)(known - 1) : INFINITY;
    return m;
}

/* Whether fewer than `quota` are better than `own`. */
static bool has_seat(const struct ph_search *q, struct ph_trial *a, struct ph_trial *b, double own, size_t quota)
{
    const struct ph_group_state *g = q->state;
    size_t touched = q->lever->touched_count;
    if (quota == 0) return false;
    if (quota >= g->result.ranked) return true;
    double moved = ROUNDING, risen = 0; /* where the row gains, nobody else does but by the mean of points */
    for (size_t k = 0; k < touched; k++) {
        const struct ph_touched *t = &q->lever->touched[k];
        struct movement m = movement_of(t, &q->shares[k], &a->items[k]);
        if (b != a) { /* the wider of two states */
            struct movement other = movement_of(t, &q->shares[k], &b->items[k]);
            m = (struct movement){fmax(m.away, other.away), fmax(m.further, other.further)};
        }
        moved += t->others->most * m.away + m.further;
        risen += m.further;
    }
    risen = !q->gains ? moved : risen > 0 ? risen + ROUNDING : 0;
    double cut = a->price = g->ranked[quota - 1].score; /* of somebody else: the row itself has at least `quota` above it */
    if (own >= cut + risen) return true;
    if (own < cut - moved) return false;
    for (size_t k = 0; k < touched; k++) {
        const struct ph_indicator *indicator = q->lever->touched[k].indicator;
        a->items[k].line = line_of(indicator, &a->items[k].basis);
        if (b != a) b->items[k].line = line_of(indicator, &b->items[k].basis);
    }
    size_t j = quota; /* who comes before is better, whatever moves */
    while (j > 0 && g->ranked[j - 1].score <= own + moved) j--;
    size_t better = j - (q->score > own + moved);
    double least = INFINITY, most = -INFINITY; /* of those who are better, and are not */
    for (; j < g->result.ranked && better < quota && g->ranked[j].score > own - risen; j++) {
        if (g->ranked[j].row == q->row) continue;
        double score = score_of(q, j, own, a, b);
        better += score > own;
        if (score > own && score < least) least = score;
        if (score <= own && score > most) most = score;
    }
    a->price = better < quota ? most : least;
    return better < quota;
}

bool ph_trial_reaches(const struct ph_search *q, struct ph_trial *a, struct ph_trial *b, int class)
{
    double own = a->own;
    if (b != a) {
        own = 0;
        for (size_t i = 0; i < q->group->indicator_count; i++) {
            int k = q->lever->place[i];
            own += k < 0 ? q->points[i] : fmax(a->items[k].points, b->items[k].points);
        }
        own = ph_score_rounded(own + q->bonus);
    }
    switch (q->group->classes.by) {
    case PH_CLASS_BY_SHARE: return has_seat(q, a, b, own, q->state->result.classes[class].quota);
    case PH_CLASS_BY_SCORE: return own >= (a->price = q->group->classes.list[class].limit);
    case PH_CLASS_BY_VALUE: return fmax(a->value, b->value) >= q->group->classes.list[class].limit;
    default: return false;
    }
}
