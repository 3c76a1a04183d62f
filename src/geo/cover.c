#include "geo/cover.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/orient.h"
#include "geo/plane.h"
#include "geo/simple.h"

enum { JOB = 512 }; /* shapes a job */

static const double sliver_m2 = 10;
static const double sliver_roundness = 0.01;       /* 4πA/P² */
static const double four_pi = 12.566370614359172;
static const double spike_tangent = 0.0174550649;  /* of 1 degree */
static const double spike_metres = 0.01;           /* shorter edges make no spike */

struct worker {
    struct ph_cover *cover;
    const struct ph_topology_options *options;
    struct ph_simple simple;
    struct ph_geos *geos; /* made when it is first needed */
    struct ph_topology found;
    struct ph_shapes repaired;
    struct ph_repair *repairs;
    size_t repair_count, repair_capacity;
};

/* What one walk along a ring shows. */
struct walk {
    uint32_t repeated, spikes;
    struct ph_xy first_repeated, first_spike;
};

static bool is_spike(struct ph_xy before, struct ph_xy at, struct ph_xy after, struct ph_xy scale)
{
    double ux = (before.x - at.x) * scale.x, uy = (before.y - at.y) * scale.y;
    double vx = (after.x - at.x) * scale.x, vy = (after.y - at.y) * scale.y;
    double dot = ux * vx + uy * vy;
    if (!(dot > 0) || !isfinite(dot) || !(fabs(ux * vy - uy * vx) < spike_tangent * dot)) return false;
    double least = spike_metres * spike_metres;
    return ux * ux + uy * uy >= least && vx * vx + vy * vy >= least;
}

static void walk_ring(const struct ph_xy *p, size_t count, struct ph_xy scale, struct walk *walk)
{
    if (count < 4) return;
    size_t last = count - 1; /* repeats the first */
    struct ph_xy before = p[last - 1];
    for (size_t i = last - 1; i > 0 && ph_same_point(before, p[0]); i--) before = p[i - 1];
    for (size_t i = 0; i < last; i++) {
        struct ph_xy at = p[i];
        if (ph_same_point(at, p[i + 1])) {
            if (walk->repeated++ == 0) walk->first_repeated = at;
            continue;
        }
        if (is_spike(before, at, p[i + 1], scale) && walk->spikes++ == 0) walk->first_spike = at;
        before = at;
    }
}

static enum ph_status report_places(struct worker *w, enum ph_topology_kind kind, size_t row, uint32_t count, struct ph_xy place,
                                    struct ph_error *err)
{
    if (count == 0) return PH_OK;
    struct ph_topology_finding finding = ph_topology_finding_of(kind, row);
    finding.count = count;
    finding.place = place;
    return ph_topology_add(&w->found, &finding, NULL, 0, err);
}

static enum ph_status examine_rings(struct worker *w, size_t row, bool valid, struct ph_error *err)
{
    const struct ph_shapes *s = w->cover->shapes;
    struct ph_xy scale = ph_topology_scale(w->options, s->boxes[row].min_y);
    struct walk walk = {0};
    uint32_t first = ph_first_ring(s, ph_first_part(s, row)), wrong = 0;
    uint32_t end = s->part_end[s->shape_end[row] - 1];
    struct ph_xy place = {NAN, NAN};
    const uint8_t *reversed = w->cover->outline.reversed;
    enum ph_winding winding = w->options->winding;
    uint8_t wanted = winding == PH_WINDING_ANY ? reversed[first] : winding == PH_WINDING_OUTER_CLOCKWISE;
    for (uint32_t ring = first; ring < end; ring++) {
        const struct ph_xy *p = s->points + ph_first_point(s, ring);
        walk_ring(p, s->ring_end[ring] - ph_first_point(s, ring), scale, &walk);
        if (valid && reversed[ring] != wanted && wrong++ == 0) place = p[0]; /* of a bow-tie there is no saying */
    }
    PH_TRY(report_places(w, PH_TOPOLOGY_REPEATED_VERTEX, row, walk.repeated, walk.first_repeated, err));
    PH_TRY(report_places(w, PH_TOPOLOGY_SPIKE, row, walk.spikes, walk.first_spike, err));
    return report_places(w, PH_TOPOLOGY_WINDING, row, wrong, place, err);
}

static enum ph_status keep_repair(struct worker *w, size_t row, struct ph_error *err)
{
    if (w->repair_count == w->repair_capacity) {
        size_t want = w->repair_capacity * 2 + 64;
        struct ph_repair *grown = realloc(w->repairs, want * sizeof *grown);
        if (grown == NULL) return ph_fail_memory(err);
        w->repairs = grown;
        w->repair_capacity = want;
    }
    uint32_t index = (uint32_t)w->repaired.shape_count;
    PH_TRY(ph_geos_repair(w->geos, (struct ph_shape_ref){w->cover->shapes, row}, &w->repaired, err));
    w->repairs[w->repair_count++] = (struct ph_repair){(uint32_t)row, index};
    return PH_OK;
}

static enum ph_status report_invalid(struct worker *w, size_t row, const struct ph_validity *validity, struct ph_error *err)
{
    PH_TRY(keep_repair(w, row, err));
    size_t index = w->repaired.shape_count - 1;
    struct ph_topology_finding finding = ph_topology_finding_of(
        validity->flaw == PH_FLAW_HOLE_OUTSIDE ? PH_TOPOLOGY_HOLE_OUTSIDE : PH_TOPOLOGY_INVALID, row);
    finding.flaw = validity->flaw;
    finding.place = validity->place;
    finding.repaired = true;
    double plane = ph_plane_area(&w->repaired, index);
    PH_TRY(ph_topology_area(w->options, &w->repaired, index, plane, &finding.area_m2, err));
    return ph_topology_add(&w->found, &finding, &w->repaired, index, err);
}

/* Valid or not; reported when not. */
static enum ph_status examine_validity(struct worker *w, size_t row, bool *valid, struct ph_error *err)
{
    struct ph_outline *outline = &w->cover->outline;
    bool reached = ph_outline_trace(outline, row), simple = false;
    if (reached) PH_TRY(ph_shape_simple(&w->simple, outline, row, &simple, err));
    outline->clean[row] = simple;
    *valid = simple;
    if (simple) return PH_OK;
    w->found.statistics.shapes_to_geos++;
    if (w->geos == NULL) PH_TRY(ph_geos_new(&w->geos, err));
    struct ph_validity validity;
    PH_TRY(ph_geos_validity(w->geos, (struct ph_shape_ref){outline->shapes, row}, &validity, err));
    *valid = validity.flaw == PH_FLAW_NONE;
    outline->clean[row] = *valid && reached;
    return *valid ? PH_OK : report_invalid(w, row, &validity, err);
}

static enum ph_status examine_size(struct worker *w, size_t row, bool valid, struct ph_error *err)
{
    const struct ph_shapes *s = valid ? w->cover->shapes : &w->repaired;
    size_t index = valid ? row : s->shape_count - 1;
    if (s->shape_end[index] == ph_first_part(s, index)) return PH_OK; /* nothing is left of it: said by INVALID */
    double y = s->boxes[index].min_y / 2 + s->boxes[index].max_y / 2, m2;
    struct ph_xy scale = ph_topology_scale(w->options, y);
    double plane = ph_plane_area(s, index), perimeter = ph_plane_perimeter(s, index, scale.x, scale.y);
    double estimate = plane * scale.x * scale.y;
    bool thin = four_pi * estimate < sliver_roundness * perimeter * perimeter;
    if (!thin && estimate > sliver_m2 * 1.1) return PH_OK;
    PH_TRY(ph_topology_area(w->options, s, index, plane, &m2, err));
    if (!thin && !(m2 < sliver_m2)) return PH_OK;
    struct ph_topology_finding finding = ph_topology_finding_of(PH_TOPOLOGY_SLIVER, row);
    finding.area_m2 = m2;
    finding.repaired = !valid;
    return ph_topology_add(&w->found, &finding, s, index, err);
}

static enum ph_status examine(void *payload, size_t job, struct ph_error *err)
{
    struct worker *w = payload;
    const struct ph_shapes *s = w->cover->shapes;
    size_t end = (job + 1) * JOB < s->shape_count ? (job + 1) * JOB : s->shape_count;
    for (size_t row = job * JOB; row < end; row++) {
        w->found.statistics.shapes++;
        if (s->shape_end[row] == ph_first_part(s, row)) continue;
        bool valid;
        PH_TRY(examine_validity(w, row, &valid, err));
        PH_TRY(examine_rings(w, row, valid, err));
        PH_TRY(examine_size(w, row, valid, err));
    }
    return PH_OK;
}

static int by_row(const void *a, const void *b)
{
    const struct ph_repair *x = a, *y = b;
    return (x->row > y->row) - (x->row < y->row);
}

/* The workers' repaired shapes in one store. Their order in the store is of no consequence. */
static enum ph_status gather_repairs(struct ph_cover *cover, const struct worker *workers, size_t count, struct ph_error *err)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++) total += workers[i].repair_count;
    cover->repairs = malloc((total + 1) * sizeof *cover->repairs);
    if (cover->repairs == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < workers[i].repair_count; j++) {
            struct ph_repair repair = {workers[i].repairs[j].row, (uint32_t)cover->repaired.shape_count};
            PH_TRY(ph_shape_copy(&workers[i].repaired, workers[i].repairs[j].index, &cover->repaired, err));
            cover->repairs[cover->repair_count++] = repair;
        }
    }
    qsort(cover->repairs, cover->repair_count, sizeof *cover->repairs, by_row);
    return PH_OK;
}

/* The repaired shapes take part in the cheap tests, those that are valid beyond doubt. */
static enum ph_status trace_repairs(struct ph_cover *cover, struct ph_simple *memory, struct ph_error *err)
{
    struct ph_outline *outline = &cover->repaired_outline;
    PH_TRY(ph_outline_init(outline, &cover->repaired, err));
    for (size_t i = 0; i < cover->repaired.shape_count; i++) {
        bool simple = false;
        if (ph_outline_trace(outline, i)) PH_TRY(ph_shape_simple(memory, outline, i, &simple, err));
        outline->clean[i] = simple;
    }
    return PH_OK;
}

static void worker_dispose(struct worker *w)
{
    ph_simple_dispose(&w->simple);
    ph_geos_free(w->geos);
    ph_topology_dispose(&w->found);
    ph_shapes_dispose(&w->repaired);
    free(w->repairs);
}

enum ph_status ph_cover_init(struct ph_cover *cover, const struct ph_shapes *shapes, const struct ph_topology_options *options,
                             struct ph_topology *findings, struct ph_error *err)
{
    memset(cover, 0, sizeof *cover);
    cover->shapes = shapes;
    PH_TRY(ph_outline_init(&cover->outline, shapes, err));
    size_t count = options->threads > 1 ? (size_t)options->threads : 1;
    struct worker *workers = calloc(count, sizeof *workers);
    if (workers == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < count; i++) workers[i] = (struct worker){.cover = cover, .options = options};
    enum ph_status status =
        ph_crew_run(workers, sizeof *workers, count, (shapes->shape_count + JOB - 1) / JOB, examine, options->stop, err);
    if (status == PH_OK) status = gather_repairs(cover, workers, count, err);
    if (status == PH_OK) status = trace_repairs(cover, &workers[0].simple, err);
    if (status == PH_OK && findings != NULL) {
        size_t from = findings->count;
        status = ph_topology_merge(&workers[0].found, sizeof *workers, count, findings, err);
        if (status == PH_OK) status = ph_topology_measure(options, findings, from, err);
    }
    for (size_t i = 0; i < count; i++) worker_dispose(&workers[i]);
    free(workers);
    return status;
}

struct ph_shape_ref ph_cover_shape(const struct ph_cover *cover, size_t row, bool *repaired)
{
    *repaired = false;
    if (cover->repair_count == 0 || cover->outline.clean[row]) return (struct ph_shape_ref){cover->shapes, row};
    struct ph_repair key = {(uint32_t)row, 0};
    const struct ph_repair *found = bsearch(&key, cover->repairs, cover->repair_count, sizeof key, by_row);
    if (found == NULL) return (struct ph_shape_ref){cover->shapes, row};
    *repaired = true;
    return (struct ph_shape_ref){&cover->repaired, found->index};
}

void ph_cover_dispose(struct ph_cover *cover)
{
    ph_outline_dispose(&cover->outline);
    ph_outline_dispose(&cover->repaired_outline);
    ph_shapes_dispose(&cover->repaired);
    free(cover->repairs);
    memset(cover, 0, sizeof *cover);
}
