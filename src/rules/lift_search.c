/* The smallest change that reaches a class: a guess, then trials round it. */
#include <math.h>

#include "rules/lift_state.h"

#define TRIALS_CAP 4000 /* of one search where gains and losses mix */
#define GUESSES_CAP 40
#define NEAR_TRIALS 8   /* that go by what the last one lacked */
#define NEAR 16         /* steps; a line through trials so near is as good as straight */

double ph_search_at(const struct ph_search *q, int64_t n)
{
    return (q->lever->rise ? q->start + (double)n : q->start - (double)n) / q->steps_in_one;
}

static bool try_step(struct ph_search *q, int64_t n)
{
    if (q->tried != n) q->first.price = NAN, q->scored = ph_trial_at(q, ph_search_at(q, n), &q->first);
    q->tried = n;
    return q->scored;
}

bool ph_search_reaches(struct ph_search *q, int64_t n, int class)
{
    return try_step(q, n) && ph_trial_reaches(q, &q->first, &q->first, class);
}

/* Whether any step from low to high might reach the class. */
static bool may_reach(struct ph_search *q, int64_t low, int64_t high)
{
    if (low == high) return ph_search_reaches(q, high, q->target);
    q->tried = 0;
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

/* What the class goes by at x, less what it takes now. */
static double excess(struct ph_search *q, double x)
{
    if (q->gains) return ph_trial_excess(q, x);
    q->tried = 0;
    if (!ph_trial_at(q, x, &q->first)) return -INFINITY;
    return (q->group->classes.by == PH_CLASS_BY_VALUE ? q->first.value : q->first.own) - q->aim;
}

/* Where a straight line through the last two trials, again and again, says that the class is reached: a guess. A line that leads out
 * of what is still open has met a cap or a floor, and what is open is halved. In the end, what the change does to the score that is
 * to be overtaken, unless trials told of it. */
static int64_t guess(struct ph_search *q, int64_t last, double *gain)
{
    enum ph_class_by by = q->group->classes.by;
    double sign = q->lever->rise ? 1 : -1, step = 1 / q->steps_in_one, low = 0, high = (double)last * step;
    double was = by == PH_CLASS_BY_VALUE ? excess(q, q->now) : q->score - q->aim;
    double slope = by == PH_CLASS_BY_VALUE ? 0 : sign * ph_trial_slope(q);
    double from = 0, to = fmin(high, fmax(step, slope > 0 ? -was / slope : fabs(q->now) / 8));
    for (int i = 0; i < GUESSES_CAP && high - low > step; i++) {
        double is = excess(q, q->now + sign * to);
        slope = (is - was) / (to - from);
        if (is < 0)
            low = to;
        else
            high = to;
        from = to;
        was = is;
        to -= is / slope;
        if (!(to >= low && to <= high)) to = low + (high - low) / 2;
        if (fabs(to - from) < NEAR * step) break;
    }
    if (by == PH_CLASS_BY_SHARE && !q->gains && slope > 0) to += (ph_trial_cut(q, &q->first) - q->aim) / slope;
    *gain = slope;
    return (int64_t)fmin((double)last, fmax(1, ceil(to * q->steps_in_one - 1e-6)));
}

/* How many steps make up for what the last trial was above or below what it takes. */
static int64_t steps_off(const struct ph_search *q, double slope)
{
    double steps = fabs(q->first.price - q->first.own) / slope * q->steps_in_one;
    if (!(steps >= 1 && steps < PH_STEPS_CAP)) return 1;
    return (int64_t)(q->first.own < q->first.price ? ceil(steps) : steps);
}

/* Where every step gains. Goes where what the last trial lacked says, and after a few trials, halves what is open. */
static int64_t search_gaining(struct ph_search *q, int64_t last)
{
    bool hopeful = ph_trial_may_gain(q) > q->aim - q->score;
    if (!hopeful && (ph_trial_hopeless(q, ph_search_at(q, last)) || !ph_search_reaches(q, last, q->target))) return 0;
    double slope;
    int64_t low = 1, high = hopeful ? last + 1 : last; /* which reaches it, unless it is one too many */
    int64_t n = guess(q, last, &slope);
    if (n > 1) n--; /* the first step is proved by two trials */
    for (int trials = 1; low < high; trials++) {
        bool reaches = ph_search_reaches(q, n, q->target);
        int64_t off = steps_off(q, slope);
        if (reaches)
            high = n;
        else
            low = n + 1;
        n = trials > NEAR_TRIALS ? low + (high - low) / 2 : reaches ? n - off : n + off;
        n = n < low ? low : n >= high ? high - 1 : n;
    }
    return high > last ? 0 : high;
}

/* Narrows [low, high] round the guess, each time four times as far, then looks for the first step. */
int64_t ph_search_first(struct ph_search *q, int64_t last)
{
    if (q->gains) return search_gaining(q, last);
    double slope;
    int64_t low = 1, high = last, n = guess(q, last, &slope);
    int trials = TRIALS_CAP;
    if (ph_search_reaches(q, n, q->target)) {
        high = n;
        for (int64_t far = 1; n - far >= low; far *= 4) {
            if (may_reach(q, low, n - far)) continue;
            low = n - far + 1;
            break;
        }
        if (high == low) return low;
    }
    return low > high ? 0 : first_step(q, low, high, &trials);
}
