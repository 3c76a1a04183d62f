#include "geo/overlap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/common_area.h"
#include "geo/pairs.h"
#include "geo/plane.h"
#include "geo/touch.h"

static const double sliver_m2 = 10;
static const double sliver_roundness = 0.01; /* 4πA/P² */
static const double four_pi = 12.566370614359172;
static const double whole = 0.9999; /* share from which all of a shape is meant */

struct worker {
    const struct ph_cover *a, *b;
    const struct ph_pairs *pairs;
    const struct ph_topology_options *options;
    struct ph_toucher toucher;
    struct ph_slopes slopes;
    struct ph_geos *geos; /* made when it is first needed */
    struct ph_topology found;
    struct ph_shapes common; /* of the pair at hand */
};

/* A pair whose boxes meet, with the shapes to calculate with. */
struct pair {
    size_t a, b;
    struct ph_shape_ref shape_a, shape_b;
    const struct ph_outline *outline_a, *outline_b;
    bool repaired;
    double area_a, area_b; /* square units */
};

static void clear(struct ph_shapes *s)
{
    s->point_count = s->ring_count = s->part_count = s->shape_count = 0;
}

static double smaller(const struct pair *pair)
{
    return pair->area_a < pair->area_b ? pair->area_a : pair->area_b;
}

/* Whether no common area of that many square units could be reported. */
static bool below_thresholds(const struct worker *w, const struct pair *pair, double m2, double plane)
{
    return !(m2 > w->options->overlap_min_m2) && !(plane > w->options->overlap_min_share * smaller(pair));
}

/* For a bound of the common area in square units; y: the latitude for a geographic CRS, the one with the longest degree. */
static bool bound_below_thresholds(const struct worker *w, const struct pair *pair, double bound, double y)
{
    struct ph_xy scale = ph_topology_scale(w->options, y);
    const double margin = 1.02; /* of rounding, and of the length of a degree */
    return below_thresholds(w, pair, bound * scale.x * scale.y * margin, bound * margin);
}

/* The boxes have more in common than the shapes; where that does not settle it, the area is found without the polygon. */
static enum ph_status too_small(struct worker *w, const struct pair *pair, bool *small, struct ph_error *err)
{
    const struct ph_box *a = &pair->shape_a.shapes->boxes[pair->shape_a.index], *b = &pair->shape_b.shapes->boxes[pair->shape_b.index];
    double min_y = fmax(a->min_y, b->min_y), max_y = fmin(a->max_y, b->max_y);
    double width = fmin(a->max_x, b->max_x) - fmax(a->min_x, b->min_x), height = max_y - min_y;
    double y = min_y <= 0 && max_y >= 0 ? 0 : fmin(fabs(min_y), fabs(max_y));
    *small = !(width > 0 && height > 0) || bound_below_thresholds(w, pair, width * height, y);
    size_t index_a = pair->shape_a.index, index_b = pair->shape_b.index;
    if (*small || !pair->outline_a->clean[index_a] || !pair->outline_b->clean[index_b]) return PH_OK;
    double area, margin;
    PH_TRY(ph_common_area(&w->slopes, pair->outline_a, index_a, pair->outline_b, index_b, &area, &margin, err));
    *small = bound_below_thresholds(w, pair, area + margin, y);
    return PH_OK;
}

static enum ph_topology_kind kind_of(const struct worker *w, const struct ph_shapes *common, const struct ph_topology_finding *finding,
                                     double plane)
{
    if (finding->share_a >= whole && finding->share_b >= whole) return PH_TOPOLOGY_DUPLICATE;
    if (finding->share_a >= whole || finding->share_b >= whole) return PH_TOPOLOGY_CONTAINED;
    if (finding->area_m2 < sliver_m2) return PH_TOPOLOGY_OVERLAP_SLIVER;
    struct ph_xy scale = ph_topology_scale(w->options, common->boxes[0].min_y);
    double perimeter = ph_plane_perimeter(common, 0, scale.x, scale.y);
    bool thin = four_pi * plane * scale.x * scale.y < sliver_roundness * perimeter * perimeter;
    return thin ? PH_TOPOLOGY_OVERLAP_SLIVER : PH_TOPOLOGY_OVERLAP;
}

/* Reports the pair if what it has in common, the only shape of w->common, passes a threshold. */
static enum ph_status judge(struct worker *w, const struct pair *pair, struct ph_error *err)
{
    double plane = ph_plane_area(&w->common, 0), m2;
    if (!(plane > 0)) return PH_OK;
    PH_TRY(ph_topology_area(w->options, &w->common, 0, plane, &m2, err));
    if (below_thresholds(w, pair, m2, plane)) return PH_OK;
    struct ph_topology_finding finding = ph_topology_finding_of(PH_TOPOLOGY_OVERLAP, pair->a);
    finding.b = (uint32_t)pair->b;
    finding.area_m2 = m2;
    finding.share_a = fmin(plane / pair->area_a, 1);
    finding.share_b = fmin(plane / pair->area_b, 1);
    finding.kind = kind_of(w, &w->common, &finding, plane);
    finding.repaired = pair->repaired;
    finding.hidden = m2 > w->options->overlap_max_m2;
    return ph_topology_add(&w->found, &finding, &w->common, 0, err);
}

static struct pair pair_of(const struct worker *w, size_t a, size_t b)
{
    bool repaired_a, repaired_b;
    struct pair pair = {.a = a, .b = b, .shape_a = ph_cover_shape(w->a, a, &repaired_a), .shape_b = ph_cover_shape(w->b, b, &repaired_b)};
    pair.outline_a = ph_cover_outline(w->a, repaired_a);
    pair.outline_b = ph_cover_outline(w->b, repaired_b);
    pair.repaired = repaired_a || repaired_b;
    return pair;
}

/* What a pair has in common that is not known to be disjoint. */
static enum ph_status look_closely(struct worker *w, struct pair *pair, enum ph_touch touch, struct ph_error *err)
{
    struct ph_topology_statistics *statistics = &w->found.statistics;
    pair->area_a = ph_plane_area(pair->shape_a.shapes, pair->shape_a.index);
    pair->area_b = ph_plane_area(pair->shape_b.shapes, pair->shape_b.index);
    clear(&w->common);
    if (touch != PH_TOUCH_UNKNOWN) {
        struct ph_shape_ref inner = touch == PH_TOUCH_A_INSIDE ? pair->shape_a : pair->shape_b;
        statistics->pairs_inside++;
        PH_TRY(ph_shape_copy(inner.shapes, inner.index, &w->common, err));
        return judge(w, pair, err);
    }
    bool small;
    PH_TRY(too_small(w, pair, &small, err));
    if (small) {
        statistics->pairs_too_small++;
        return PH_OK;
    }
    statistics->pairs_to_geos++;
    if (w->geos == NULL) PH_TRY(ph_geos_new(&w->geos, err));
    PH_TRY(ph_geos_intersection(w->geos, pair->shape_a, pair->shape_b, &w->common, err));
    return judge(w, pair, err);
}

static enum ph_status look(void *payload, size_t a, size_t b, struct ph_error *err)
{
    struct worker *w = payload;
    struct pair pair = pair_of(w, a, b);
    enum ph_touch touch;
    w->found.statistics.pairs++;
    PH_TRY(ph_touch(&w->toucher, pair.outline_a, pair.shape_a.index, pair.outline_b, pair.shape_b.index, &touch, err));
    if (touch != PH_TOUCH_DISJOINT) return look_closely(w, &pair, touch, err);
    w->found.statistics.pairs_disjoint++;
    return PH_OK;
}

static enum ph_status look_at_strip(void *payload, size_t strip, struct ph_error *err)
{
    struct worker *w = payload;
    return ph_pairs_visit(w->pairs, strip, look, w, err);
}

static enum ph_status run(const struct ph_cover *a, const struct ph_cover *b, const struct ph_pairs *pairs,
                          const struct ph_topology_options *options, struct ph_topology *out, struct ph_error *err)
{
    size_t count = options->threads > 1 ? (size_t)options->threads : 1, from = out->count;
    struct worker *workers = calloc(count, sizeof *workers);
    if (workers == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < count; i++) workers[i] = (struct worker){.a = a, .b = b != NULL ? b : a, .pairs = pairs, .options = options};
    enum ph_status status = ph_crew_run(workers, sizeof *workers, count, pairs->strip_count, look_at_strip, options->stop, err);
    if (status == PH_OK) status = ph_topology_merge(&workers[0].found, sizeof *workers, count, out, err);
    if (status == PH_OK) status = ph_topology_measure(options, out, from, err);
    for (size_t i = 0; i < count; i++) {
        ph_toucher_dispose(&workers[i].toucher);
        ph_slopes_dispose(&workers[i].slopes);
        ph_geos_free(workers[i].geos);
        ph_topology_dispose(&workers[i].found);
        ph_shapes_dispose(&workers[i].common);
    }
    free(workers);
    return status;
}

enum ph_status ph_overlaps(const struct ph_cover *a, const struct ph_cover *b, const struct ph_topology_options *options,
                           struct ph_topology *out, struct ph_error *err)
{
    struct ph_pairs pairs;
    enum ph_status status = ph_pairs_init(&pairs, a->shapes->boxes, a->shapes->shape_count, b == NULL ? NULL : b->shapes->boxes,
                                          b == NULL ? 0 : b->shapes->shape_count, err);
    if (status == PH_OK) status = run(a, b, &pairs, options, out, err);
    ph_pairs_dispose(&pairs);
    return status;
}
