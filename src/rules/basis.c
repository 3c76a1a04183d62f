#include "rules/basis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static struct ph_triple triple_of(struct ph_exact_sum *sum)
{
    struct ph_triple t;
    for (int i = 0; i < 3; i++) {
        t.parts[i] = ph_exact_get(sum);
        if (!isfinite(t.parts[i])) return (struct ph_triple){{t.parts[i], 0, 0}};
        ph_exact_add(sum, -t.parts[i]);
    }
    return t;
}

static void note_extremes(struct ph_basis_set *set, double v)
{
    double low = v, high = v;
    for (int i = 0; i < 2; i++) {
        if (low < set->least[i]) {
            double t = set->least[i];
            set->least[i] = low;
            low = t;
        }
        if (high > set->most[i]) {
            double t = set->most[i];
            set->most[i] = high;
            high = t;
        }
    }
}

enum ph_status ph_basis_gather(const struct ph_indicator *indicator, const struct ph_contribution *items, size_t count,
                               struct ph_arena *arena, struct ph_basis_set *out, struct ph_error *err)
{
    bool weighted = indicator->base_kind == PH_BASE_WEIGHTED_MEAN, median = indicator->base_kind == PH_BASE_MEDIAN;
    *out = (struct ph_basis_set){.least = {INFINITY, INFINITY}, .most = {-INFINITY, -INFINITY}};
    struct ph_exact_sum sum = {{0}}, divisor = {{0}};
    if (median) out->sorted = ph_arena_alloc(arena, (count + 1) * sizeof *out->sorted);
    if (median && out->sorted == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        const struct ph_contribution *c = &items[i];
        if (isnan(c->value)) continue;
        ph_exact_add(&sum, weighted ? c->numerator : c->value);
        if (weighted) ph_exact_add(&divisor, c->denominator);
        if (median) out->sorted[out->count] = c->value;
        note_extremes(out, c->value);
        out->count++;
    }
    if (median) qsort(out->sorted, out->count, sizeof *out->sorted, ascending);
    out->sum = triple_of(&sum);
    out->divisor = triple_of(&divisor);
    return PH_OK;
}

/* a + b; *lost: what rounding takes away. */
static double two_sum(double a, double b, double *lost)
{
    double s = a + b, v = s - a;
    *lost = (a - (s - v)) + (b - v);
    return s;
}

/* RN(t − was + is). What rounding took away is carried along; where it could turn the last bit, the sum is taken exactly. */
static double replaced(const struct ph_triple *t, double was, double is)
{
    if (was == is) return t->parts[0];
    double lost, more;
    double sum = two_sum(two_sum(t->parts[0], -was, &lost), is, &more);
    double rest = lost + more + t->parts[1] + t->parts[2];
    double slack = (fabs(lost) + fabs(more) + fabs(t->parts[1]) + fabs(t->parts[2])) * 0x1p-48;
    if (sum + (rest + slack) == sum + (rest - slack)) return sum + rest;
    struct ph_exact_sum exact = {{0}};
    const double terms[] = {t->parts[0], t->parts[1], t->parts[2], -was, is};
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) ph_exact_add(&exact, terms[i]);
    return ph_exact_get(&exact);
}

/* The i-th of the sorted values with `was` taken out and `is` put in. */
static double sorted_at(const struct ph_basis_set *set, double was, double is, size_t i)
{
    if (isnan(was) && isnan(is)) return set->sorted[i];
    /* Ranks of `was` and `is` among the sorted; without `was`, everything behind it moves down by one. */
    size_t gone = set->count, low = 0, high = set->count;
    if (!isnan(was)) {
        while (low < high) {
            size_t mid = (low + high) / 2;
            if (set->sorted[mid] < was)
                low = mid + 1;
            else
                high = mid;
        }
        gone = low;
    }
    size_t kept = set->count - (isnan(was) ? 0 : 1), below = 0;
    low = 0, high = kept;
    while (!isnan(is) && low < high) {
        size_t mid = (low + high) / 2;
        if (set->sorted[mid + (mid >= gone)] < is)
            low = mid + 1;
        else
            high = mid;
    }
    below = isnan(is) ? kept : low;
    if (i == below && !isnan(is)) return is;
    if (i > below) i--;
    return set->sorted[i + (i >= gone)];
}

static double median_of(const struct ph_basis_set *set, double was, double is, size_t count)
{
    if (count % 2) return sorted_at(set, was, is, count / 2);
    return (sorted_at(set, was, is, count / 2 - 1) + sorted_at(set, was, is, count / 2)) / 2;
}

struct ph_basis ph_basis_of(const struct ph_indicator *indicator, const struct ph_basis_set *set,
                            const struct ph_contribution *was, const struct ph_contribution *is, struct ph_base_found *found)
{
    static const struct ph_contribution nothing = {NAN, 0, 0};
    bool out = was && !isnan(was->value), in = is && !isnan(is->value);
    if (!out) was = &nothing;
    if (!in) is = &nothing;
    size_t count = set->count - out + in;
    struct ph_basis basis = {.base = NAN, .least = NAN, .most = NAN};
    double sum = NAN, divisor = NAN;
    if (count > 0 && (found || indicator->formula == PH_MINMAX || indicator->base_kind == PH_BASE_MAX)) {
        basis.least = fmin(was->value == set->least[0] ? set->least[1] : set->least[0], is->value); /* not of NaN */
        basis.most = fmax(was->value == set->most[0] ? set->most[1] : set->most[0], is->value);
    }
    if (count > 0 && indicator->base_kind == PH_BASE_WEIGHTED_MEAN) {
        sum = replaced(&set->sum, was->numerator, is->numerator);
        divisor = replaced(&set->divisor, was->denominator, is->denominator);
        if (divisor != 0) basis.base = sum / divisor;
    } else if (count > 0 && indicator->base_kind == PH_BASE_MEAN) {
        sum = replaced(&set->sum, out ? was->value : 0, in ? is->value : 0);
        divisor = (double)count;
        basis.base = sum / divisor;
    } else if (count > 0 && indicator->base_kind == PH_BASE_MEDIAN) {
        basis.base = median_of(set, was->value, is->value, count);
    } else if (indicator->base_kind == PH_BASE_MAX) {
        basis.base = basis.most;
    }
    basis.base = indicator->base_kind == PH_BASE_FIXED ? indicator->base : indicator->base_times * basis.base;
    if (found)
        *found = (struct ph_base_found){.base = basis.base,
                                        .sum = sum,
                                        .divisor = divisor,
                                        .least = basis.least,
                                        .most = basis.most,
                                        .count = count,
                                        .mean_points = NAN};
    return basis;
}
