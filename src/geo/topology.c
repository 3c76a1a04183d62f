#include "geo/topology.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_names[] = {
    [PH_TOPOLOGY_INVALID] = "invalid",
    [PH_TOPOLOGY_HOLE_OUTSIDE] = "hole_outside",
    [PH_TOPOLOGY_REPEATED_VERTEX] = "repeated_vertex",
    [PH_TOPOLOGY_SPIKE] = "spike",
    [PH_TOPOLOGY_WINDING] = "winding",
    [PH_TOPOLOGY_SLIVER] = "sliver",
    [PH_TOPOLOGY_OVERLAP] = "overlap",
    [PH_TOPOLOGY_OVERLAP_SLIVER] = "overlap_sliver",
    [PH_TOPOLOGY_CONTAINED] = "contained",
    [PH_TOPOLOGY_DUPLICATE] = "duplicate",
    [PH_TOPOLOGY_GAP] = "gap",
};

const char *ph_topology_kind_name(enum ph_topology_kind kind) { return kind_names[kind]; }

struct ph_topology_finding ph_topology_finding_of(enum ph_topology_kind kind, size_t a)
{
    return (struct ph_topology_finding){
        .kind = kind,
        .a = (uint32_t)a,
        .b = PH_NO_ROW,
        .shape = PH_NO_ROW,
        .count = 1,
        .area_m2 = NAN,
        .ellipsoid_m2 = NAN,
        .share_a = NAN,
        .share_b = NAN,
        .place = {NAN, NAN},
    };
}

static enum ph_status grow(void **array, size_t *capacity, size_t need, size_t width, struct ph_error *err)
{
    if (need <= *capacity) return PH_OK;
    size_t want = need + need / 2 + 64;
    void *grown = realloc(*array, want * width);
    if (grown == NULL) return ph_fail_memory(err);
    *array = grown;
    *capacity = want;
    return PH_OK;
}

enum ph_status ph_topology_add(struct ph_topology *t, const struct ph_topology_finding *finding, const struct ph_shapes *from, size_t shape,
                               struct ph_error *err)
{
    PH_TRY(grow((void **)&t->items, &t->capacity, t->count + 1, sizeof *t->items, err));
    struct ph_topology_finding *item = &t->items[t->count];
    *item = *finding;
    item->shape = PH_NO_ROW;
    if (from != NULL) {
        item->shape = (uint32_t)t->shapes.shape_count;
        PH_TRY(ph_shape_copy(from, shape, &t->shapes, err));
    }
    t->count++;
    return PH_OK;
}

struct origin {
    const struct ph_topology *part;
    const struct ph_topology_finding *finding;
};

/* No two findings of a run agree in all of these, except gaps, which one thread finds in order. */
static int by_rows(const void *a, const void *b)
{
    const struct ph_topology_finding *x = ((const struct origin *)a)->finding, *y = ((const struct origin *)b)->finding;
    if (x->a != y->a) return x->a < y->a ? -1 : 1;
    if (x->b != y->b) return x->b < y->b ? -1 : 1;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    return (x > y) - (x < y);
}

static enum ph_status append(struct ph_topology *out, const struct origin *origin, struct ph_error *err)
{
    struct ph_topology_finding finding = *origin->finding;
    const struct ph_topology *part = origin->part;
    if (finding.around_count > 0) {
        PH_TRY(grow((void **)&out->around, &out->around_capacity, out->around_count + finding.around_count, sizeof *out->around, err));
        memcpy(out->around + out->around_count, part->around + finding.around, finding.around_count * sizeof *out->around);
        finding.around = (uint32_t)out->around_count;
        out->around_count += finding.around_count;
    }
    return ph_topology_add(out, &finding, finding.shape == PH_NO_ROW ? NULL : &part->shapes, finding.shape, err);
}

static void add_statistics(struct ph_topology_statistics *to, const struct ph_topology_statistics *from)
{
    to->shapes += from->shapes;
    to->shapes_to_geos += from->shapes_to_geos;
    to->pairs += from->pairs;
    to->pairs_disjoint += from->pairs_disjoint;
    to->pairs_inside += from->pairs_inside;
    to->pairs_too_small += from->pairs_too_small;
    to->pairs_to_geos += from->pairs_to_geos;
}

static const struct ph_topology *part_at(const struct ph_topology *first, size_t size, size_t i)
{
    return (const struct ph_topology *)(const void *)((const char *)first + i * size);
}

enum ph_status ph_topology_merge(const struct ph_topology *first_part, size_t part_size, size_t count, struct ph_topology *out,
                                 struct ph_error *err)
{
    size_t total = 0, at = 0;
    for (size_t i = 0; i < count; i++) total += part_at(first_part, part_size, i)->count;
    struct origin *order = malloc((total + 1) * sizeof *order);
    if (order == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        const struct ph_topology *part = part_at(first_part, part_size, i);
        for (size_t j = 0; j < part->count; j++) order[at++] = (struct origin){part, &part->items[j]};
        add_statistics(&out->statistics, &part->statistics);
    }
    qsort(order, total, sizeof *order, by_rows);
    enum ph_status status = PH_OK;
    for (size_t i = 0; i < total && status == PH_OK; i++) status = append(out, &order[i], err);
    free(order);
    return status;
}

void ph_topology_dispose(struct ph_topology *t)
{
    free(t->items);
    free(t->around);
    ph_shapes_dispose(&t->shapes);
    memset(t, 0, sizeof *t);
}

struct ph_xy ph_topology_scale(const struct ph_topology_options *options, double y)
{
    const struct ph_crs_facts *crs = options->crs;
    if (crs == NULL) return (struct ph_xy){1, 1};
    if (crs->kind == PH_CRS_PROJECTED) return (struct ph_xy){crs->metres_per_unit, crs->metres_per_unit};
    double unit = crs->radians_per_unit * crs->a, radians = y * crs->radians_per_unit;
    return (struct ph_xy){unit * fabs(cos(radians)), unit};
}

enum ph_status ph_topology_area(const struct ph_topology_options *options, const struct ph_shapes *shapes, size_t shape, double plane,
                                double *m2, struct ph_error *err)
{
    const struct ph_box *box = &shapes->boxes[shape];
    struct ph_xy scale = ph_topology_scale(options, box->min_y / 2 + box->max_y / 2);
    *m2 = plane * scale.x * scale.y;
    if (options->crs == NULL || options->crs->kind == PH_CRS_PROJECTED || options->surface == NULL || !(plane > 0)) return PH_OK;
    double ignored;
    return ph_surface_measure(options->surface, shapes, shape, shape + 1, &ignored, m2, NULL, err);
}

enum ph_status ph_topology_measure(const struct ph_topology_options *options, struct ph_topology *t, size_t from, struct ph_error *err)
{
    size_t shapes = t->shapes.shape_count, first = shapes;
    if (options->surface == NULL || from == t->count) return PH_OK;
    for (size_t i = from; i < t->count; i++)
        if (t->items[i].shape < first) first = t->items[i].shape;
    if (first == shapes) return PH_OK;
    double *m2 = malloc(2 * (shapes - first) * sizeof *m2);
    if (m2 == NULL) return ph_fail_memory(err);
    double *ellipsoid = m2 + (shapes - first);
    enum ph_status status = ph_surface_measure(options->surface, &t->shapes, first, shapes, m2, ellipsoid, NULL, err);
    for (size_t i = from; i < t->count && status == PH_OK; i++)
        if (t->items[i].shape != PH_NO_ROW) t->items[i].ellipsoid_m2 = ellipsoid[t->items[i].shape - first];
    free(m2);
    return status;
}
