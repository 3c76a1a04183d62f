#include "io/rings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct ring {
    const struct ph_xy *points; /* closed */
    size_t count;
    double area; /* not signed */
    struct ring *within; /* the smallest ring around it */
    int depth;
};

static double area_of(const struct ph_xy *p, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i + 1 < n; i++)
        sum += (p[i].x - p[0].x) * (p[i + 1].y - p[0].y) - (p[i + 1].x - p[0].x) * (p[i].y - p[0].y);
    return fabs(sum) / 2;
}

static bool inside(struct ph_xy q, const struct ring *r)
{
    bool in = false;
    for (size_t i = 0; i + 1 < r->count; i++) {
        struct ph_xy a = r->points[i], b = r->points[i + 1];
        if ((a.y > q.y) != (b.y > q.y) && q.x < a.x + (q.y - a.y) / (b.y - a.y) * (b.x - a.x)) in = !in;
    }
    return in;
}

/* A point within the ring: halfway up, between the first two edges from the west. False for a ring without height. */
static bool point_within(const struct ring *r, struct ph_xy *out)
{
    double south = INFINITY, north = -INFINITY, west = INFINITY, next = INFINITY;
    for (size_t i = 0; i + 1 < r->count; i++) {
        south = fmin(south, r->points[i].y);
        north = fmax(north, r->points[i].y);
    }
    out->y = south + (north - south) / 2;
    for (size_t i = 0; i + 1 < r->count; i++) {
        struct ph_xy a = r->points[i], b = r->points[i + 1];
        if ((a.y > out->y) == (b.y > out->y)) continue;
        double x = a.x + (out->y - a.y) / (b.y - a.y) * (b.x - a.x);
        next = fmin(next, fmax(west, x));
        west = fmin(west, x);
    }
    out->x = west + (next - west) / 2;
    return isfinite(out->x);
}

/* Whether `a` lies in `b`, which it may touch. */
static bool lies_in(const struct ring *a, const struct ring *b)
{
    struct ph_xy p;
    return a->area < b->area && point_within(a, &p) && inside(p, b);
}

static int larger_first(const void *a, const void *b)
{
    double x = ((const struct ring *)a)->area, y = ((const struct ring *)b)->area;
    return (x < y) - (x > y);
}

static bool suspicious(const struct ph_shapes *s, size_t first_part, const struct ring *rings, size_t first_ring, bool by_winding)
{
    for (size_t part = first_part; part < s->part_count; part++) {
        const struct ring *outer = &rings[ph_first_ring(s, part) - first_ring];
        for (size_t r = ph_first_ring(s, part) + 1; r < s->part_end[part]; r++)
            if (rings[r - first_ring].area > outer->area) return true;
        for (size_t other = first_part; by_winding && other < s->part_count; other++)
            if (other != part && lies_in(outer, &rings[ph_first_ring(s, other) - first_ring])) {
                bool in_hole = false;
                for (size_t r = ph_first_ring(s, other) + 1; r < s->part_end[other]; r++)
                    in_hole |= lies_in(outer, &rings[r - first_ring]);
                if (!in_hole) return true;
            }
    }
    return false;
}

/* Writes the rings back: each of even depth with those of odd depth right inside it. */
static enum ph_status rebuild(struct ph_shapes *s, size_t first_part, struct ring *rings, size_t count, struct ph_error *err)
{
    s->part_count = first_part;
    s->ring_count = ph_first_ring(s, first_part);
    s->point_count = ph_first_point(s, s->ring_count);
    for (size_t o = 0; o < count; o++) {
        if (rings[o].depth % 2) continue;
        for (size_t r = o; r < count; r++) {
            if (r != o && !(rings[r].depth % 2 && rings[r].within == &rings[o])) continue;
            for (size_t i = 0; i < rings[r].count; i++) PH_TRY(ph_shapes_add_point(s, rings[r].points[i].x, rings[r].points[i].y, err));
            PH_TRY(ph_shapes_end_ring(s, err));
        }
        PH_TRY(ph_shapes_end_part(s, err));
    }
    return PH_OK;
}

static enum ph_status settle(struct ph_shapes *s, size_t first_part, struct ring *rings, size_t count, struct ph_error *err)
{
    size_t from = ph_first_point(s, ph_first_ring(s, first_part)), points = s->point_count - from;
    struct ph_xy *copy = malloc((points + 1) * sizeof *copy);
    if (copy == NULL) return ph_fail_memory(err);
    memcpy(copy, s->points + from, points * sizeof *copy);
    for (size_t i = 0; i < count; i++) rings[i].points = copy + (rings[i].points - (s->points + from));
    qsort(rings, count, sizeof *rings, larger_first);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            if (lies_in(&rings[i], &rings[k])) {
                rings[i].within = &rings[k];
                rings[i].depth = rings[k].depth + 1;
            }
    enum ph_status status = rebuild(s, first_part, rings, count, err);
    free(copy);
    return status;
}

enum ph_status ph_rings_settle(struct ph_shapes *s, bool by_winding, bool *changed, struct ph_error *err)
{
    size_t first_part = ph_first_part(s, s->shape_count), first_ring = ph_first_ring(s, first_part);
    size_t count = s->ring_count - first_ring;
    *changed = false;
    if (count < 2) return PH_OK;
    struct ring *rings = calloc(count, sizeof *rings);
    if (rings == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        size_t at = ph_first_point(s, first_ring + i);
        rings[i] = (struct ring){.points = s->points + at, .count = s->ring_end[first_ring + i] - at};
        rings[i].area = area_of(rings[i].points, rings[i].count);
    }
    enum ph_status status = PH_OK;
    if (suspicious(s, first_part, rings, first_ring, by_winding)) {
        *changed = true;
        status = settle(s, first_part, rings, count, err);
    }
    free(rings);
    return status;
}
