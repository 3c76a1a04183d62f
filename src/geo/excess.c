#include "geo/excess.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "geo/geos.h"
#include "geo/outline.h"
#include "geo/pairs.h"
#include "geo/plane.h"

/* Overlaps to be counted once where they lie on one another: `refs` in the order of their keys, unions of each run of
 * equal keys. */
struct item {
    uint32_t key, finding; /* key: what is united; findings of one key stand together */
    int32_t group;
};

struct bundle {
    const struct ph_topology *found;
    const struct ph_topology_options *options;
    struct ph_geos *geos; /* made when it is first needed */
    struct item *items;
    size_t count;
    struct ph_shape_ref *refs;
    struct ph_shapes united;
    double *plane, *ellipsoid; /* sums by group */
};

static bool is_overlap(const struct ph_topology_finding *f)
{
    return f->kind >= PH_TOPOLOGY_OVERLAP && f->kind <= PH_TOPOLOGY_DUPLICATE;
}

static int by_key(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return (x->finding > y->finding) - (x->finding < y->finding);
}

/* The common ground of one run of items, added to its group's sums. */
static enum ph_status add_run(struct bundle *b, size_t from, size_t to, struct ph_error *err)
{
    const struct ph_topology_finding *first = &b->found->items[b->items[from].finding];
    int32_t group = b->items[from].group;
    if (to - from == 1) {
        b->plane[group] += first->area_m2;
        b->ellipsoid[group] += first->ellipsoid_m2;
        return PH_OK;
    }
    for (size_t i = from; i < to; i++) b->refs[i - from] = (struct ph_shape_ref){&b->found->shapes, b->found->items[b->items[i].finding].shape};
    if (b->geos == NULL) PH_TRY(ph_geos_new(&b->geos, err));
    struct ph_shapes *u = &b->united;
    u->point_count = u->ring_count = u->part_count = u->shape_count = 0;
    PH_TRY(ph_geos_union(b->geos, b->refs, to - from, u, err));
    double m2, ellipsoid = NAN, ignored;
    PH_TRY(ph_topology_area(b->options, u, 0, ph_plane_area(u, 0), &m2, err));
    if (b->options->surface != NULL) PH_TRY(ph_surface_measure(b->options->surface, u, 0, 1, &ignored, &ellipsoid, NULL, err));
    b->plane[group] += m2;
    b->ellipsoid[group] += ellipsoid;
    return PH_OK;
}

static enum ph_status add_runs(struct bundle *b, size_t group_count, struct ph_excess *out, struct ph_error *err)
{
    qsort(b->items, b->count, sizeof *b->items, by_key);
    for (size_t from = 0, to = 0; from < b->count; from = to) {
        while (to < b->count && b->items[to].key == b->items[from].key) to++;
        PH_TRY(add_run(b, from, to, err));
    }
    bool geographic = b->options->crs != NULL && b->options->crs->kind == PH_CRS_GEOGRAPHIC;
    for (size_t i = 0; i < group_count; i++) {
        out[i].plane_dm2 = geographic ? INT64_MIN : ph_dm2_from_m2(b->plane[i]);
        out[i].ellipsoid_dm2 = b->options->surface == NULL ? INT64_MIN : ph_dm2_from_m2(b->ellipsoid[i]);
    }
    return PH_OK;
}

static enum ph_status bundle_init(struct bundle *b, const struct ph_topology *found, const struct ph_topology_options *options,
                                  size_t group_count, struct ph_error *err)
{
    *b = (struct bundle){.found = found, .options = options};
    b->items = malloc((found->count + 1) * sizeof *b->items);
    b->refs = malloc((found->count + 1) * sizeof *b->refs);
    b->plane = calloc(group_count + 1, sizeof *b->plane);
    b->ellipsoid = calloc(group_count + 1, sizeof *b->ellipsoid);
    bool good = b->items != NULL && b->refs != NULL && b->plane != NULL && b->ellipsoid != NULL;
    return good ? PH_OK : ph_fail_memory(err);
}

static void bundle_dispose(struct bundle *b)
{
    free(b->items);
    free(b->refs);
    free(b->plane);
    free(b->ellipsoid);
    ph_shapes_dispose(&b->united);
    ph_geos_free(b->geos);
}

/* Overlaps whose boxes meet get one key: the least of their numbers, found by following `parent`. */
static uint32_t root_of(uint32_t *parent, uint32_t i)
{
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
}

static enum ph_status join(void *payload, size_t a, size_t b, struct ph_error *err)
{
    (void)err;
    uint32_t *parent = payload;
    uint32_t x = root_of(parent, (uint32_t)a), y = root_of(parent, (uint32_t)b);
    if (x < y) parent[y] = x;
    else parent[x] = y;
    return PH_OK;
}

static enum ph_status cluster(struct bundle *b, struct ph_error *err)
{
    struct ph_box *boxes = malloc((b->count + 1) * sizeof *boxes);
    uint32_t *parent = malloc((b->count + 1) * sizeof *parent);
    struct ph_pairs pairs = {0};
    enum ph_status status = boxes == NULL || parent == NULL ? ph_fail_memory(err) : PH_OK;
    for (size_t i = 0; status == PH_OK && i < b->count; i++) {
        boxes[i] = b->found->shapes.boxes[b->found->items[b->items[i].finding].shape];
        parent[i] = (uint32_t)i;
    }
    if (status == PH_OK) status = ph_pairs_init(&pairs, boxes, b->count, NULL, 0, err);
    for (size_t strip = 0; status == PH_OK && strip < pairs.strip_count; strip++) status = ph_pairs_visit(&pairs, strip, join, parent, err);
    for (size_t i = 0; status == PH_OK && i < b->count; i++) b->items[i].key = root_of(parent, (uint32_t)i);
    ph_pairs_dispose(&pairs);
    free(boxes);
    free(parent);
    return status;
}

enum ph_status ph_overlap_union(const struct ph_topology *found, const struct ph_topology_options *options, struct ph_excess *out,
                                struct ph_error *err)
{
    struct bundle b;
    enum ph_status status = bundle_init(&b, found, options, 1, err);
    if (status == PH_OK) {
        for (size_t i = 0; i < found->count; i++)
            if (is_overlap(&found->items[i])) b.items[b.count++] = (struct item){.finding = (uint32_t)i};
        status = cluster(&b, err);
    }
    if (status == PH_OK) status = add_runs(&b, 1, out, err);
    bundle_dispose(&b);
    return status;
}

/* Taking the group's shapes one after the other, each adds what it shares with those before it: the union of its
 * overlaps with lower rows. */
enum ph_status ph_group_excess(const struct ph_topology *found, const struct ph_topology_options *options, const int32_t *groups,
                               size_t group_count, struct ph_excess *out, struct ph_error *err)
{
    struct bundle b;
    enum ph_status status = bundle_init(&b, found, options, group_count, err);
    for (size_t i = 0; status == PH_OK && i < found->count; i++) {
        const struct ph_topology_finding *f = &found->items[i];
        if (!is_overlap(f) || groups[f->a] < 0 || groups[f->a] != groups[f->b]) continue;
        b.items[b.count++] = (struct item){f->b, (uint32_t)i, groups[f->a]};
    }
    if (status == PH_OK) status = add_runs(&b, group_count, out, err);
    bundle_dispose(&b);
    return status;
}
