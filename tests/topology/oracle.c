/* Compares the topology engine with GEOS asked about every shape and every pair whose boxes meet.
 *
 *   topology_oracle [--threads N] [--gaps WIDTH] [--quick] SOURCE
 * SOURCE: any that OGR opens; --quick: times and statistics only.
 *
 * Prints a summary; exit code 1 when anything differs. */
#include <geos_c.h>
#include <math.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "geo/gaps.h"
#include "geo/overlap.h"
#include "geo/pairs.h"

struct job {
    struct ph_shapes shapes;
    struct ph_topology_options options;
    struct ph_topology found;
    GEOSContextHandle_t geos;
    GEOSGeometry **geometries; /* as GEOS repairs them */
    double *areas;             /* of these */
    uint8_t *invalid;
    size_t first_pair, pairs_end; /* in found: the pairs stand behind what is wrong with single shapes */
    size_t pairs, reported, differences;
    double worst;
};

static void check(enum ph_status status, const struct ph_error *err)
{
    if (status == PH_OK) return;
    fprintf(stderr, "%s\n", err->en);
    exit(2);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void read_polygon(OGRGeometryH polygon, struct ph_shapes *shapes)
{
    struct ph_error err = PH_ERROR_INIT;
    int rings = OGR_G_GetGeometryCount(polygon);
    for (int r = 0; r < rings; r++) {
        OGRGeometryH ring = OGR_G_GetGeometryRef(polygon, r);
        int points = OGR_G_GetPointCount(ring);
        for (int i = 0; i < points; i++) check(ph_shapes_add_point(shapes, OGR_G_GetX(ring, i), OGR_G_GetY(ring, i), &err), &err);
        check(ph_shapes_end_ring(shapes, &err), &err);
    }
    check(ph_shapes_end_part(shapes, &err), &err);
}

static void read_source(const char *path, struct ph_shapes *shapes)
{
    OGRRegisterAll();
    OGRDataSourceH source = OGROpen(path, 0, NULL);
    if (source == NULL) exit(2);
    OGRLayerH layer = OGR_DS_GetLayer(source, 0);
    struct ph_error err = PH_ERROR_INIT;
    OGRFeatureH feature;
    while ((feature = OGR_L_GetNextFeature(layer)) != NULL) {
        OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
        OGRwkbGeometryType type = geometry == NULL ? wkbNone : wkbFlatten(OGR_G_GetGeometryType(geometry));
        if (type == wkbPolygon) read_polygon(geometry, shapes);
        if (type == wkbMultiPolygon)
            for (int i = 0; i < OGR_G_GetGeometryCount(geometry); i++) read_polygon(OGR_G_GetGeometryRef(geometry, i), shapes);
        check(ph_shapes_end_shape(shapes, &err), &err);
        OGR_F_Destroy(feature);
    }
    OGR_DS_Destroy(source);
}

static GEOSGeometry *ring_of(struct job *job, uint32_t ring)
{
    uint32_t first = ph_first_point(&job->shapes, ring), count = job->shapes.ring_end[ring] - first;
    GEOSCoordSequence *points = GEOSCoordSeq_create_r(job->geos, count, 2);
    for (uint32_t i = 0; i < count; i++)
        GEOSCoordSeq_setXY_r(job->geos, points, i, job->shapes.points[first + i].x, job->shapes.points[first + i].y);
    return GEOSGeom_createLinearRing_r(job->geos, points);
}

static GEOSGeometry *geometry_of(struct job *job, size_t shape)
{
    const struct ph_shapes *s = &job->shapes;
    uint32_t first = ph_first_part(s, shape), count = s->shape_end[shape] - first;
    GEOSGeometry **parts = malloc((count + 1) * sizeof(GEOSGeometry *));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t outer = ph_first_ring(s, first + i), rings = s->part_end[first + i] - outer;
        GEOSGeometry **holes = malloc((rings + 1) * sizeof(GEOSGeometry *));
        for (uint32_t h = 1; h < rings; h++) holes[h - 1] = ring_of(job, outer + h);
        parts[i] = GEOSGeom_createPolygon_r(job->geos, ring_of(job, outer), holes, rings - 1);
        free(holes);
    }
    GEOSGeometry *out = count == 1 ? parts[0] : GEOSGeom_createCollection_r(job->geos, GEOS_MULTIPOLYGON, parts, count);
    free(parts);
    return out;
}

static void differs(struct job *job, const char *what, size_t a, size_t b, double ours, double theirs)
{
    if (job->differences++ < 20) printf("%s: %zu, %zu: ours %.9g, GEOS %.9g\n", what, a, b, ours, theirs);
}

static int is_invalid(const struct ph_topology_finding *f)
{
    return f->kind == PH_TOPOLOGY_INVALID || f->kind == PH_TOPOLOGY_HOLE_OUTSIDE;
}

static int is_pair(const struct ph_topology_finding *f)
{
    return f->kind >= PH_TOPOLOGY_OVERLAP && f->kind <= PH_TOPOLOGY_DUPLICATE;
}

static int by_pair(const void *key, const void *item)
{
    const struct ph_topology_finding *k = key, *f = item;
    if (k->a != f->a) return k->a < f->a ? -1 : 1;
    return (k->b > f->b) - (k->b < f->b);
}

static enum ph_status compare_pair(void *payload, size_t a, size_t b, struct ph_error *err)
{
    (void)err;
    struct job *job = payload;
    double area = 0;
    GEOSGeometry *common = GEOSIntersection_r(job->geos, job->geometries[a], job->geometries[b]);
    if (common == NULL || !GEOSArea_r(job->geos, common, &area)) differs(job, "GEOS gave up", a, b, NAN, NAN);
    GEOSGeom_destroy_r(job->geos, common);
    double smaller = fmin(job->areas[a], job->areas[b]);
    int wanted = area > 0 && (area > job->options.overlap_min_m2 || area > job->options.overlap_min_share * smaller);
    struct ph_topology_finding key = {.a = (uint32_t)a, .b = (uint32_t)b};
    const struct ph_topology_finding *f = bsearch(&key, job->found.items + job->first_pair, job->pairs_end - job->first_pair, sizeof key, by_pair);
    job->pairs++;
    job->reported += f != NULL;
    if (wanted != (f != NULL)) differs(job, "reported by one alone", a, b, f != NULL ? f->area_m2 : 0, area);
    if (f == NULL) return PH_OK;
    double off = fabs(f->area_m2 - area);
    if (off > job->worst) job->worst = off;
    if (off > 1e-6 + 1e-9 * area) differs(job, "area", a, b, f->area_m2, area);
    return PH_OK;
}

static void compare(struct job *job)
{
    size_t n = job->shapes.shape_count, at = 0, invalid = 0;
    struct ph_error err = PH_ERROR_INIT;
    job->geos = GEOS_init_r();
    job->geometries = calloc(n, sizeof(GEOSGeometry *));
    job->areas = calloc(n, sizeof *job->areas);
    GEOSMakeValidParams *by_structure = GEOSMakeValidParams_create_r(job->geos);
    GEOSMakeValidParams_setMethod_r(job->geos, by_structure, GEOS_MAKE_VALID_STRUCTURE);
    for (size_t i = 0; i < n; i++) {
        job->geometries[i] = geometry_of(job, i);
        int valid = GEOSisValid_r(job->geos, job->geometries[i]);
        invalid += !valid;
        while (at < job->first_pair && job->found.items[at].a <= i && (job->found.items[at].a < i || !is_invalid(&job->found.items[at]))) at++;
        int ours = !(at < job->first_pair && job->found.items[at].a == i);
        if (ours != valid) differs(job, "validity", i, i, ours, valid);
        if (!valid) {
            GEOSGeometry *repaired = GEOSMakeValidWithParams_r(job->geos, job->geometries[i], by_structure);
            GEOSGeom_destroy_r(job->geos, job->geometries[i]);
            job->geometries[i] = repaired;
        }
        GEOSArea_r(job->geos, job->geometries[i], &job->areas[i]);
    }
    /* Every pair of boxes that meet, by the plainest way there is. */
    double start = seconds();
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++)
            if (ph_boxes_meet(&job->shapes.boxes[a], &job->shapes.boxes[b])) check(compare_pair(job, a, b, &err), &err);
    printf("GEOS: %zu invalid, %zu pairs of boxes, %.2f s; reported %zu, worst area difference %.3g m2\n", invalid, job->pairs,
           seconds() - start, job->reported, job->worst);
    size_t ours = 0;
    for (size_t i = 0; i < job->found.count; i++) ours += (size_t)is_pair(&job->found.items[i]);
    if (ours != job->reported) differs(job, "pairs that GEOS does not know", 0, 0, (double)ours, (double)job->reported);
    if (job->pairs != job->found.statistics.pairs)
        differs(job, "pairs of boxes", 0, 0, (double)job->found.statistics.pairs, (double)job->pairs);
    for (size_t i = 0; i < n; i++) GEOSGeom_destroy_r(job->geos, job->geometries[i]);
    GEOSMakeValidParams_destroy_r(job->geos, by_structure);
    free(job->geometries);
    free(job->areas);
    GEOS_finish_r(job->geos);
}

static void run(struct job *job)
{
    struct ph_error err = PH_ERROR_INIT;
    struct ph_cover cover;
    double start = seconds();
    check(ph_cover_init(&cover, &job->shapes, &job->options, &job->found, &err), &err);
    double examined = seconds();
    job->first_pair = job->found.count;
    check(ph_overlaps(&cover, NULL, &job->options, &job->found, &err), &err);
    double done = seconds();
    size_t pairs_end = job->found.count;
    check(ph_gaps(&cover, &job->options, &job->found, &err), &err);
    if (job->options.gap_width > 0) printf("%zu gaps in %.3f s\n", job->found.count - pairs_end, seconds() - done);
    job->pairs_end = pairs_end;
    const struct ph_topology_statistics *s = &job->found.statistics;
    printf("%zu shapes, %zu points: examined in %.3f s, %zu to GEOS (%.2f %%); overlaps in %.3f s\n", s->shapes, job->shapes.point_count,
           examined - start, s->shapes_to_geos, 100.0 * (double)s->shapes_to_geos / (double)(s->shapes + !s->shapes), done - examined);
    printf("%zu pairs: %zu disjoint, %zu inside, %zu too small, %zu to GEOS (%.2f %%)\n", s->pairs, s->pairs_disjoint, s->pairs_inside,
           s->pairs_too_small, s->pairs_to_geos, 100.0 * (double)s->pairs_to_geos / (double)(s->pairs + !s->pairs));
    size_t kinds[PH_TOPOLOGY_GAP + 1] = {0};
    for (size_t i = 0; i < job->found.count; i++) kinds[job->found.items[i].kind]++;
    for (int k = 0; k <= PH_TOPOLOGY_GAP; k++)
        if (kinds[k] > 0) printf("  %s %zu\n", ph_topology_kind_name((enum ph_topology_kind)k), kinds[k]);
    ph_cover_dispose(&cover);
}

int main(int argc, char **argv)
{
    struct job job = {.options = PH_TOPOLOGY_OPTIONS_INIT};
    int quick = 0;
    for (int i = 1; i + 1 < argc; i++) {
        if (strcmp(argv[i], "--threads") == 0) job.options.threads = (int)strtol(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--gaps") == 0) job.options.gap_width = strtod(argv[++i], NULL);
        else quick |= strcmp(argv[i], "--quick") == 0;
    }
    if (argc < 2) return 2;
    read_source(argv[argc - 1], &job.shapes);
    run(&job);
    if (!quick) compare(&job);
    printf("%zu differences\n", job.differences);
    ph_topology_dispose(&job.found);
    ph_shapes_dispose(&job.shapes);
    return job.differences > 0;
}
