#include "geo/simple.h"

#include <stdlib.h>
#include <string.h>

#include "geo/orient.h"

enum {
    SORT_FROM = 96, /* edges from which sorting pays */
    MANY = 64       /* holes of a part or parts of a shape beyond which all pairs are GEOS's task */
};

/* Repeated points left out: a and b differ. */
struct ph_simple_edge {
    struct ph_xy a, b;
    struct ph_box box;
    uint32_t ring, order; /* order: place within the ring */
};

void ph_simple_dispose(struct ph_simple *memory)
{
    free(memory->edges);
    memset(memory, 0, sizeof *memory);
}

static enum ph_status reserve(struct ph_simple *memory, size_t count, struct ph_error *err)
{
    if (count <= memory->capacity) return PH_OK;
    size_t want = count + count / 2;
    struct ph_simple_edge *grown = realloc(memory->edges, want * sizeof *grown);
    if (grown == NULL) return ph_fail_memory(err);
    memory->edges = grown;
    memory->capacity = want;
    return PH_OK;
}

static struct ph_box box_of(struct ph_xy a, struct ph_xy b)
{
    struct ph_box box;
    box.min_x = a.x < b.x ? a.x : b.x;
    box.max_x = a.x < b.x ? b.x : a.x;
    box.min_y = a.y < b.y ? a.y : b.y;
    box.max_y = a.y < b.y ? b.y : a.y;
    return box;
}

/* Neighbours in a ring share b = c; they are fine unless the second runs back over the first. */
static bool folds_back(struct ph_xy a, struct ph_xy b, struct ph_xy d)
{
    if (ph_orient(a, b, d) != 0) return false;
    return ph_same_point(a, d) || ph_strictly_between(a, b, d) || ph_strictly_between(b, d, a);
}

/* The edges of a ring. False when it is open, has fewer than three distinct edges or folds back. */
static bool add_ring(const struct ph_shapes *s, uint32_t ring, struct ph_simple_edge *edges, size_t *count)
{
    uint32_t first = ph_first_point(s, ring), end = s->ring_end[ring];
    if (end - first < 4 || !ph_same_point(s->points[first], s->points[end - 1])) return false;
    size_t start = *count;
    for (uint32_t i = first; i + 1 < end; i++) {
        struct ph_xy a = s->points[i], b = s->points[i + 1];
        if (ph_same_point(a, b)) continue;
        size_t at = (*count)++;
        edges[at] = (struct ph_simple_edge){a, b, box_of(a, b), ring, (uint32_t)(at - start)};
    }
    size_t n = *count - start;
    if (n < 3) return false;
    for (size_t i = 0; i < n; i++)
        if (folds_back(edges[start + i].a, edges[start + i].b, edges[start + (i + 1) % n].b)) return false;
    return true;
}

/* Whether two edges that are not neighbours have a point in common. */
static bool meet(const struct ph_simple_edge *e, const struct ph_simple_edge *f)
{
    if (ph_same_point(e->a, f->a) || ph_same_point(e->a, f->b) || ph_same_point(e->b, f->a) || ph_same_point(e->b, f->b)) return true;
    int side = ph_orient(e->a, e->b, f->a);
    if (side != 0 && side == ph_orient(e->a, e->b, f->b)) return false;
    side = ph_orient(f->a, f->b, e->a);
    return side == 0 || side != ph_orient(f->a, f->b, e->b);
}

/* ring_last: order of the last edge of a ring, at index ring - first_ring. */
static bool neighbours(const struct ph_simple_edge *e, const struct ph_simple_edge *f)
{
    if (e->ring != f->ring) return false;
    const struct ph_simple_edge *low = e->order < f->order ? e : f, *high = e->order < f->order ? f : e;
    if (high->order == low->order + 1) return true;
    /* The first and the last share the ring's first point; any other edge that did would touch the ring there. */
    return low->order == 0 && ph_same_point(high->b, low->a);
}

static int by_min_x(const void *a, const void *b)
{
    const struct ph_simple_edge *e = a, *f = b;
    if (e->box.min_x != f->box.min_x) return e->box.min_x < f->box.min_x ? -1 : 1;
    if (e->ring != f->ring) return e->ring < f->ring ? -1 : 1;
    return (e->order > f->order) - (e->order < f->order);
}

static bool crossing_free(struct ph_simple_edge *edges, size_t count)
{
    bool sorted = count >= SORT_FROM;
    if (sorted) qsort(edges, count, sizeof *edges, by_min_x);
    for (size_t i = 0; i < count; i++) {
        const struct ph_simple_edge *e = &edges[i];
        for (size_t j = i + 1; j < count; j++) {
            const struct ph_simple_edge *f = &edges[j];
            if (sorted && f->box.min_x > e->box.max_x) break;
            if (!ph_boxes_meet(&e->box, &f->box)) continue;
            if (!neighbours(e, f) && meet(e, f)) return false;
        }
    }
    return true;
}

static struct ph_xy start_of(const struct ph_shapes *s, uint32_t ring)
{
    return s->points[ph_first_point(s, ring)];
}

/* Rings that do not meet: are they where they belong? */
static bool nested_rightly(const struct ph_outline *outline, size_t shape)
{
    const struct ph_shapes *s = outline->shapes;
    uint32_t first_part = ph_first_part(s, shape), end_part = s->shape_end[shape];
    if (end_part - first_part > MANY) return false;
    for (uint32_t part = first_part; part < end_part; part++) {
        uint32_t outer = ph_first_ring(s, part), end = s->part_end[part];
        if (end - outer > MANY) return false;
        for (uint32_t hole = outer + 1; hole < end; hole++) {
            if (ph_ring_holds(outline, outer, start_of(s, hole)) <= 0) return false;
            for (uint32_t other = outer + 1; other < end; other++)
                if (other != hole && ph_ring_holds(outline, other, start_of(s, hole)) >= 0) return false;
        }
        for (uint32_t other = first_part; other < end_part; other++)
            if (other != part && ph_ring_holds(outline, ph_first_ring(s, other), start_of(s, outer)) >= 0) return false;
    }
    return true;
}

enum ph_status ph_shape_simple(struct ph_simple *memory, const struct ph_outline *outline, size_t shape, bool *simple,
                               struct ph_error *err)
{
    const struct ph_shapes *s = outline->shapes;
    uint32_t first_part = ph_first_part(s, shape), end_part = s->shape_end[shape];
    *simple = false;
    if (first_part == end_part) return PH_OK;
    uint32_t first = ph_first_ring(s, first_part), end = s->part_end[end_part - 1];
    if (first == end) return PH_OK;
    for (uint32_t part = first_part; part < end_part; part++)
        if (ph_first_ring(s, part) == s->part_end[part]) return PH_OK;
    PH_TRY(reserve(memory, s->ring_end[end - 1] - ph_first_point(s, first), err));
    size_t count = 0;
    for (uint32_t ring = first; ring < end; ring++)
        if (!add_ring(s, ring, memory->edges, &count)) return PH_OK;
    *simple = crossing_free(memory->edges, count) && nested_rightly(outline, shape);
    return PH_OK;
}
