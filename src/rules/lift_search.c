/* The smallest change that reaches a class: a guess, then trials round it. */
#include <math.h>

#include "rules/lift_state.h"

#define TRIALS_CAP 4000 /* of one search where gains and losses mix */

double ph_search_at(const struct ph_search *q, int64_t n)
{
    double now = q->now * q->steps_in_one, whole = rint(now);
    if (fabs(now - whole) < 1e-6) now = whole;
    return (q->lever->rise ? now + (double)n : now - (double)n) / q->steps_in_one;
}

bool ph_search_reaches(struct ph_search *q, int64_t n, int class)
{
    return ph_trial_at(q, ph_search_at(q, n), &q->first) && ph_trial_reaches(q, &q->first, &q->first, class);
}

/* Whether any step from low to high might reach the class. */
static bool may_reach(struct ph_search *q, int64_t low, int64_t high)
{
    if (q->gains || low == high) return ph_search_reaches(q, high, q->target);
    return ph_trial_at(q, ph_search_at(q, low), &q->first) && ph_trial_at(q, ph_search_at(q, high), &q->second) &&
           ph_trial_reaches(q, &q->first, &q->second, q->target);
}

/* The first step from low to high that reaches the class; 0: none; −1: given up. */
static int64_t first_step(struct ph_search *q, int64_t low, int64_t high, int *trials)
{
    if (--*trials < 0) return -1;
    if (!may_reach(q, low, high)) return 0;
    if (low == high) return low;
    int64_t middle = low + (high - low) / 2, found = first_step(q, low, middle, trials);
    return found != 0 ? found : first_step(q, middle + 1, high, trials);
}

/* What it takes: the score of the last one in, the least score, the least value. */
static double aim(const struct ph_search *q)
{
    const struct ph_classes *classes = &q->s->scheme->groups[q->group].classes;
    if (classes->by != PH_CLASS_BY_SHARE) return classes->list[q->target].limit;
    const struct ph_group_state *g = &q->s->groups[q->group];
    return g->ranked[g->result.classes[q->target].quota - 1].score;
}

double ph_search_excess(struct ph_search *q, double x)
{
    if (!ph_trial_at(q, x, &q->first)) return -INFINITY;
    bool by_value = q->s->scheme->groups[q->group].classes.by == PH_CLASS_BY_VALUE;
    return (by_value ? q->first.value : q->first.own) - aim(q);
}

/* Where a straight line through two trials, again and again, says that the class is reached: a guess. */
static int64_t guess(struct ph_search *q, int64_t last)
{
    double sign = q->lever->rise ? 1 : -1, step = 1 / q->steps_in_one, most = (double)last * step;
    double from = 0, to = fmin(most, fmax(step, fabs(q->now) / 8));
    bool by_value = q->s->scheme->groups[q->group].classes.by == PH_CLASS_BY_VALUE;
    double was = by_value ? ph_search_excess(q, q->now) : q->s->scores[q->row].score - aim(q);
    double is = ph_search_excess(q, q->now + sign * to);
    for (int i = 0; i < 8 && is != 0; i++) {
        double slope = (is - was) / (to - from), next = to - is / slope;
        if (!(slope > 0)) return last;
        next = fmin(most, fmax(step, next));
        if (fabs(next - to) < step / 4) break;
        from = to;
        was = is;
        to = next;
        is = ph_search_excess(q, q->now + sign * to);
    }
    int64_t n = (int64_t)ceil(to * q->steps_in_one - 1e-6);
    return n < 1 ? 1 : n > last ? last : n;
}

/* Narrows [low, high] round the guess, each time four times as far, then looks for the first step. */
int64_t ph_search_first(struct ph_search *q, int64_t last)
{
    if (q->gains && !ph_search_reaches(q, last, q->target)) return 0;
    int64_t low = 1, high = last, n = guess(q, last), far = 1;
    int trials = TRIALS_CAP;
    if (ph_search_reaches(q, n, q->target)) {
        high = n;
        for (; n - far >= low; far *= 4) {
            if (!may_reach(q, low, n - far)) {
                low = n - far + 1;
                break;
            }
            if (q->gains) high = n - far;
        }
        if (high == low) return low;
    } else if (q->gains) {
        low = n + 1;
        for (; n + far < last; far *= 4) {
            if (ph_search_reaches(q, n + far, q->target)) {
                high = n + far;
                break;
            }
            low = n + far + 1;
        }
    }
    return low > high ? 0 : first_step(q, low, high, &trials);
}
