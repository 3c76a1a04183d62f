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

enum ph_status ph_basis_begin(const struct ph_indicator *indicator, size_t most, struct ph_arena *arena,
                              struct ph_basis_gather *gather, struct ph_error *err)
{
    *gather = (struct ph_basis_gather){.set = {.least = {INFINITY, INFINITY}, .most = {-INFINITY, -INFINITY}}};
    if (indicator->base_kind != PH_BASE_MEDIAN) return PH_OK;
    gather->set.sorted = ph_arena_alloc(arena, (most + 1) * sizeof *gather->set.sorted);
    return gather->set.sorted ? PH_OK : ph_fail_memory(err);
}

void ph_basis_take(const struct ph_indicator *indicator, struct ph_basis_gather *gather, const struct ph_contribution *c)
{
    switch (indicator->base_kind) {
    case PH_BASE_MEAN: ph_exact_add(&gather->sum, c->value); break;
    case PH_BASE_WEIGHTED_MEAN:
        ph_exact_add(&gather->sum, c->numerator);
        ph_exact_add(&gather->divisor, c->denominator);
        break;
    case PH_BASE_MEDIAN: gather->set.sorted[gather->set.count] = c->value; break;
    case PH_BASE_FIXED:
    case PH_BASE_MAX: break;
    }
    note_extremes(&gather->set, c->value);
    gather->set.count++;
}

struct ph_basis_set ph_basis_end(const struct ph_indicator *indicator, struct ph_basis_gather *gather)
{
    struct ph_basis_set *set = &gather->set;
    if (indicator->base_kind == PH_BASE_MEDIAN) qsort(set->sorted, set->count, sizeof *set->sorted, ascending);
    set->sum = triple_of(&gather->sum);
    set->divisor = triple_of(&gather->divisor);
    return *set;
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

/* The first of the sorted values that is not below v. */
static size_t place_of(const struct ph_basis_set *set, double v)
{
    size_t low = 0, high = set->count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (set->sorted[mid] < v)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* The i-th of the sorted values with `was` (NaN: nothing) taken out and `is` put in. */
static double sorted_at(const struct ph_basis_set *set, double was, double is, size_t i)
{
    size_t gone = isnan(was) ? set->count : place_of(set, was), below = place_of(set, is);
    if (below > gone) below--; /* without `was`, everything behind it moves down by one */
    if (i == below) return is;
    if (i > below) i--;
    return set->sorted[i + (i >= gone)];
}

struct ph_basis ph_basis_of(const struct ph_indicator *indicator, const struct ph_basis_set *set, struct ph_base_found *found)
{
    size_t n = set->count;
    *found = (struct ph_base_found){.base = NAN, .sum = NAN, .divisor = NAN, .least = NAN, .most = NAN, .count = n, .mean_points = NAN};
    if (n > 0) {
        found->least = set->least[0];
        found->most = set->most[0];
        switch (indicator->base_kind) {
        case PH_BASE_FIXED: break;
        case PH_BASE_MEAN:
        case PH_BASE_WEIGHTED_MEAN:
            found->sum = set->sum.parts[0];
            found->divisor = indicator->base_kind == PH_BASE_MEAN ? (double)n : set->divisor.parts[0];
            if (found->divisor != 0) found->base = found->sum / found->divisor;
            break;
        case PH_BASE_MEDIAN:
            found->base = n % 2 ? set->sorted[n / 2] : (set->sorted[n / 2 - 1] + set->sorted[n / 2]) / 2;
            break;
        case PH_BASE_MAX: found->base = found->most; break;
        }
    }
    found->base = indicator->base_kind == PH_BASE_FIXED ? indicator->base : indicator->base_times * found->base;
    return (struct ph_basis){found->base, found->least, found->most};
}

struct ph_basis ph_basis_with(const struct ph_indicator *indicator, const struct ph_basis_set *set, const struct ph_contribution *was,
                              const struct ph_contribution *is)
{
    static const struct ph_contribution nothing = {NAN, 0, 0};
    struct ph_basis basis = {NAN, NAN, NAN};
    if (indicator->formula == PH_MINMAX || indicator->base_kind == PH_BASE_MAX) {
        basis.least = fmin(was->value == set->least[0] ? set->least[1] : set->least[0], is->value);
        basis.most = fmax(was->value == set->most[0] ? set->most[1] : set->most[0], is->value);
    }
    size_t count = set->count;
    if (isnan(was->value)) was = &nothing, count++;
    switch (indicator->base_kind) {
    case PH_BASE_FIXED: basis.base = indicator->base; return basis;
    case PH_BASE_MEAN: basis.base = replaced(&set->sum, count > set->count ? 0 : was->value, is->value) / (double)count; break;
    case PH_BASE_WEIGHTED_MEAN: {
        double divisor = replaced(&set->divisor, was->denominator, is->denominator);
        if (divisor != 0) basis.base = replaced(&set->sum, was->numerator, is->numerator) / divisor;
        break;
    }
    case PH_BASE_MEDIAN:
        basis.base = sorted_at(set, was->value, is->value, count / 2);
        if (count % 2 == 0) basis.base = (sorted_at(set, was->value, is->value, count / 2 - 1) + basis.base) / 2;
        break;
    case PH_BASE_MAX: basis.base = basis.most; break;
    }
    basis.base *= indicator->base_times;
    return basis;
}
