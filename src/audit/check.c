#include "audit/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/measure.h"
#include "audit/intake.h"
#include "base/number.h"
#include "base/threads.h"
#include "geo/flaw.h"
#include "geo/gaps.h"
#include "geo/overlap.h"
#include "io/target.h"

#define SAME_SHARE 0.99 /* shapes of one code in two sources that share so much are one parcel */

static const struct ph_problem_kind invalid = {
    PH_WARNING, "geometry.invalid", "修复界址线;面积按修复后的图形量算,原图形未动",
    "repair the boundary; the area was measured on the repaired shape, the stored one was not touched"};
static const struct ph_problem_kind other_crs = {
    PH_PROBLEM_ERROR, "against.crs", "把参照图层转换到宗地的坐标系", "transform the reference layer to the CRS of the parcels"};

static int stop_asked(void *payload, double done)
{
    const struct ph_progress *progress = payload;
    return progress->report ? progress->report(progress->payload, PH_STAGE_CHECK, done) : 0;
}

static struct ph_topology_options options_of(const struct ph_parcels *p, const struct ph_audit_request *q, struct ph_progress *progress)
{
    struct ph_topology_options options = PH_TOPOLOGY_OPTIONS_INIT;
    options.overlap_min_m2 = q->overlap_min_m2 >= 0 ? q->overlap_min_m2 : PH_OVERLAP_MIN_M2;
    options.overlap_min_share = q->overlap_min_share >= 0 ? q->overlap_min_share : PH_OVERLAP_MIN_SHARE;
    if (q->overlap_max_m2 >= 0) options.overlap_max_m2 = q->overlap_max_m2;
    options.gap_width = fmax(q->gaps, 0);
    options.winding = ph_parcels_facts(p)->dbf ? PH_WINDING_OUTER_CLOCKWISE : PH_WINDING_ANY;
    options.crs = ph_crs_facts(p->crs);
    options.surface = p->surface;
    options.threads = ph_thread_count(q->threads, PH_THREADS_MAX);
    *progress = q->progress;
    options.stop = (struct ph_stop){stop_asked, progress};
    return options;
}

/* Areas of the repaired shapes take the place of those of the invalid ones. */
static enum ph_status measure_repaired(struct ph_parcels *p, const struct ph_check *check, struct ph_error *err)
{
    for (size_t i = 0; i < check->cover.repair_count; i++) {
        const struct ph_repair *repair = &check->cover.repairs[i];
        struct ph_areas *a = &p->areas[repair->row];
        PH_TRY(ph_measure_shapes(p, &check->cover.repaired, repair->index, repair->index + 1, &a->plane_m2, &a->ellipsoid_m2, err));
        a->ellipsoid_dm2 = ph_dm2_from_m2(a->ellipsoid_m2);
    }
    return PH_OK;
}

static enum ph_status check_shapes(struct ph_parcels *p, const struct ph_audit_request *q, struct ph_check *out, struct ph_problems *problems,
                                   struct ph_error *err)
{
    struct ph_progress progress;
    struct ph_topology_options options = options_of(p, q, &progress);
    PH_TRY(ph_cover_init(&out->cover, &p->t.layer.shapes, &options, &out->found, err));
    PH_TRY(measure_repaired(p, out, err));
    for (size_t i = 0; i < out->found.count; i++) {
        const struct ph_topology_finding *f = &out->found.items[i];
        if (f->kind != PH_TOPOLOGY_INVALID && f->kind != PH_TOPOLOGY_HOLE_OUTSIDE) continue;
        PH_TRY(ph_problem_add(problems, &invalid, ph_parcels_facts(p)->path, p->t.layer.fids[f->a], err, "图形无效:%s",
                              "invalid geometry: %s", ph_flaw_zh(f->flaw)));
        problems->items[problems->count - 1].en = ph_flaw_en(f->flaw);
    }
    return PH_OK;
}

enum ph_status ph_check_measured(struct ph_parcels *p, const struct ph_audit_request *q, struct ph_check *out, struct ph_problems *problems,
                                 struct ph_error *err)
{
    PH_TRY(ph_measure(p, q, problems, err));
    PH_TRY(check_shapes(p, q, out, problems, err));
    return ph_measure_adopt(p, q, problems, err);
}

enum ph_status ph_check_united(struct ph_parcels *p, const struct ph_audit_request *q, struct ph_check *check, struct ph_error *err)
{
    const struct ph_shapes *shapes = &p->t.layer.shapes;
    PH_TRY(ph_surface_new(p->crs, shapes->boxes, shapes->shape_count, &p->surface, err));
    struct ph_progress progress;
    struct ph_topology_options options = options_of(p, q, &progress);
    return ph_cover_init(&check->cover, shapes, &options, NULL, err);
}

static enum ph_status read_against(const struct ph_audit_request *q, struct ph_check *check, struct ph_problems *problems, struct ph_error *err)
{
    PH_TRY(ph_source_open(&(struct ph_source_request){.path = q->against}, &check->against_source, err));
    const struct ph_source_facts *facts = ph_source_facts(check->against_source);
    if (q->output) PH_TRY(ph_target_check_inputs(q->output, facts->files, facts->file_count, err));
    /* What is odd about the reference layer's fields is no matter of this audit. */
    struct ph_problems aside = {0};
    enum ph_status status =
        ph_intake(check->against_source, &ph_parcel_fields, true, SIZE_MAX, &q->progress, &check->against, &aside, problems, err);
    ph_problems_dispose(&aside);
    return status;
}

/* Into the CRS of the parcels, unless that would be a change of datum. */
static enum ph_status move_against(const struct ph_parcels *p, struct ph_check *check, bool *comparable, struct ph_problems *problems,
                                   struct ph_error *err)
{
    const struct ph_source_facts *facts = ph_source_facts(check->against_source);
    struct ph_shapes *shapes = &check->against.layer.shapes;
    struct ph_crs *crs = NULL;
    struct ph_transform *transform = NULL;
    *comparable = true;
    if (facts->wkt == NULL) return PH_OK;
    PH_TRY(ph_crs_new(facts->wkt, &crs, err));
    bool same = ph_crs_same(crs, p->crs);
    enum ph_status status = same ? PH_OK : ph_transform_new(crs, p->crs, NULL, &transform, err);
    *comparable = status == PH_OK;
    if (status == PH_E_CRS)
        status = ph_problem_add(problems, &other_crs, facts->path, -1, err, "参照图层的坐标系是 %s,宗地是 %s;基准不同,未比对",
                                "the reference layer is in %s, the parcels in %s; the datums differ and they were not compared",
                                ph_crs_facts(crs)->name, ph_crs_facts(p->crs)->name);
    ph_crs_free(crs);
    bool *lost = transform ? calloc(shapes->shape_count + 1, sizeof *lost) : NULL;
    if (transform) status = lost ? ph_transform_shapes(transform, shapes, lost, err) : ph_fail_memory(err);
    free(lost);
    ph_transform_free(transform);
    return status;
}

static enum ph_status hold_against(const struct ph_parcels *p, const struct ph_audit_request *q, const struct ph_topology_options *options,
                                   struct ph_check *check, struct ph_problems *problems, struct ph_error *err)
{
    PH_TRY(read_against(q, check, problems, err));
    bool comparable;
    PH_TRY(move_against(p, check, &comparable, problems, err));
    if (!comparable) return PH_OK;
    struct ph_cover cover = {0};
    enum ph_status status;
    struct ph_topology found = {0};
    status = ph_cover_init(&cover, &check->against.layer.shapes, options, NULL, err);
    if (status == PH_OK) status = ph_overlaps(&check->cover, &cover, options, &found, err);
    check->against_from = check->found.count;
    for (size_t i = 0; status == PH_OK && i < found.count; i++)
        status = ph_topology_add(&check->found, &found.items[i], &found.shapes, found.items[i].shape, err);
    ph_topology_dispose(&found);
    ph_cover_dispose(&cover);
    return status;
}

/* One parcel in two sources, drawn a little differently in each, is one parcel told twice. */
static void mark_doubled(const struct ph_parcels *p, struct ph_topology_finding *f)
{
    if (f->kind != PH_TOPOLOGY_OVERLAP && f->kind != PH_TOPOLOGY_CONTAINED) return;
    if (fmin(f->share_a, f->share_b) < SAME_SHARE || ph_parcel_part(p, f->a) == ph_parcel_part(p, f->b)) return;
    const char *a = ph_parcel_text(p, PH_PARCEL_ID, f->a), *b = ph_parcel_text(p, PH_PARCEL_ID, f->b);
    if (a && b && strcmp(a, b) == 0) f->kind = PH_TOPOLOGY_DUPLICATE;
}

/* What was counted twice must not depend on what is to be listed: overlaps are looked for down to the usual limits, or
 * further when further is asked for, and those below the limits asked for only count. */
static enum ph_status find_overlaps(const struct ph_parcels *p, const struct ph_cover *cover, struct ph_topology_options options,
                                    struct ph_topology *found, struct ph_error *err)
{
    double min_m2 = options.overlap_min_m2, min_share = options.overlap_min_share;
    size_t from = found->count;
    options.overlap_min_m2 = fmin(min_m2, PH_OVERLAP_MIN_M2);
    options.overlap_min_share = fmin(min_share, PH_OVERLAP_MIN_SHARE);
    PH_TRY(ph_overlaps(cover, NULL, &options, found, err));
    for (size_t i = from; i < found->count; i++) {
        struct ph_topology_finding *f = &found->items[i];
        f->hidden |= !(f->area_m2 > min_m2 || fmax(f->share_a, f->share_b) > min_share);
        mark_doubled(p, f);
    }
    return PH_OK;
}

enum ph_status ph_check_neighbours(const struct ph_parcels *p, const struct ph_audit_request *q, struct ph_check *check,
                                   struct ph_problems *problems, struct ph_error *err)
{
    struct ph_progress progress;
    struct ph_topology_options options = options_of(p, q, &progress);
    PH_TRY(find_overlaps(p, &check->cover, options, &check->found, err));
    PH_TRY(ph_overlap_union(&check->found, &options, &check->twice, err));
    int32_t *one = calloc(ph_parcel_count(p) + 1, sizeof *one);
    if (one == NULL) return ph_fail_memory(err);
    enum ph_status status = ph_group_excess(&check->found, &options, one, 1, &check->excess, err);
    free(one);
    PH_TRY(status);
    if (q->gaps > 0) PH_TRY(ph_gaps(&check->cover, &options, &check->found, err));
    check->against_from = check->found.count;
    if (q->against) PH_TRY(hold_against(p, q, &options, check, problems, err));
    ph_cover_dispose(&check->cover); /* large, and what follows needs only what was found */
    return PH_OK;
}

enum ph_status ph_check_groups(const struct ph_parcels *p, const struct ph_audit_request *q, const struct ph_check *check,
                               const int32_t *groups, size_t group_count, struct ph_excess *excess, struct ph_error *err)
{
    struct ph_progress progress;
    struct ph_topology_options options = options_of(p, q, &progress);
    struct ph_topology own = check->found;
    own.count = check->against_from; /* the second layer's rows are not the parcels' */
    return ph_group_excess(&own, &options, groups, group_count, excess, err);
}

void ph_check_dispose(struct ph_check *check)
{
    ph_topology_dispose(&check->found);
    ph_cover_dispose(&check->cover);
    ph_fielded_dispose(&check->against);
    ph_source_free(check->against_source);
    memset(check, 0, sizeof *check);
}

const char *ph_check_against_name(const struct ph_check *check, size_t row)
{
    const struct ph_column *column = check->against.column_of ? ph_field_column(&check->against, PH_PARCEL_ID) : NULL;
    return column ? column->text[row] : NULL;
}
