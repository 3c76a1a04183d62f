#include "geo/rift.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/orient.h"

static const double tangent_30 = 0.57735026918962576;

/* From the lesser end to the greater, by x and then y. */
struct ph_rift_edge {
    struct ph_xy low, high;
    uint8_t inside_left; /* of the direction from low to high */
};

void ph_rift_dispose(struct ph_rift *memory)
{
    free(memory->edges);
    memset(memory, 0, sizeof *memory);
}

static int by_place(struct ph_xy p, struct ph_xy q)
{
    if (p.x != q.x) return p.x < q.x ? -1 : 1;
    return (p.y > q.y) - (p.y < q.y);
}

static int by_ends(const void *a, const void *b)
{
    const struct ph_rift_edge *e = a, *f = b;
    int order = by_place(e->low, f->low);
    return order != 0 ? order : by_place(e->high, f->high);
}

static enum ph_status take_ring(struct ph_rift *memory, const struct ph_outline *o, uint32_t ring, const struct ph_box *box,
                                struct ph_error *err)
{
    const struct ph_shapes *s = o->shapes;
    uint32_t at = ph_first_point(s, ring), end = s->ring_end[ring];
    for (uint32_t run = ph_first_run(o, ring); run < o->run_end[ring]; run++, at += PH_RUN_EDGES) {
        if (!ph_boxes_meet(&o->runs[run], box)) continue;
        if (memory->count + PH_RUN_EDGES > memory->capacity) {
            size_t want = memory->capacity * 2 + 1024;
            struct ph_rift_edge *grown = realloc(memory->edges, want * sizeof *grown);
            if (grown == NULL) return ph_fail_memory(err);
            memory->edges = grown;
            memory->capacity = want;
        }
        uint32_t stop = end - at > PH_RUN_EDGES + 1 ? at + PH_RUN_EDGES + 1 : end;
        for (uint32_t i = at; i + 1 < stop; i++) {
            struct ph_xy p = s->points[i], q = s->points[i + 1];
            if (ph_same_point(p, q) || fmax(p.x, q.x) < box->min_x || fmin(p.x, q.x) > box->max_x || fmax(p.y, q.y) < box->min_y ||
                fmin(p.y, q.y) > box->max_y)
                continue;
            bool forward = by_place(p, q) < 0;
            memory->edges[memory->count++] = (struct ph_rift_edge){forward ? p : q, forward ? q : p, forward != (o->reversed[ring] != 0)};
        }
    }
    return PH_OK;
}

/* Leaves the edges with the inside on one side only, once each, in order of their western ends. */
static void drop_shared(struct ph_rift *memory)
{
    size_t kept = 0;
    struct ph_rift_edge *e = memory->edges;
    qsort(e, memory->count, sizeof *e, by_ends);
    for (size_t from = 0, to = 0; from < memory->count; from = to) {
        bool left = false, right = false;
        for (; to < memory->count && by_ends(&e[from], &e[to]) == 0; to++) {
            left |= e[to].inside_left;
            right |= !e[to].inside_left;
        }
        if (left != right) e[kept++] = e[from];
    }
    memory->count = kept;
}

static double distance_squared(struct ph_xy p, const struct ph_rift_edge *e)
{
    double dx = e->high.x - e->low.x, dy = e->high.y - e->low.y;
    double t = ((p.x - e->low.x) * dx + (p.y - e->low.y) * dy) / (dx * dx + dy * dy);
    t = t > 0 ? (t < 1 ? t : 1) : 0;
    double x = p.x - e->low.x - t * dx, y = p.y - e->low.y - t * dy;
    return x * x + y * y;
}

/* Whether the angle at a common end is sharp. */
static bool sharp(struct ph_xy at, struct ph_xy p, struct ph_xy q)
{
    double ux = p.x - at.x, uy = p.y - at.y, vx = q.x - at.x, vy = q.y - at.y, dot = ux * vx + uy * vy;
    return dot > 0 && fabs(ux * vy - uy * vx) < tangent_30 * dot;
}

static bool close_together(const struct ph_rift_edge *e, const struct ph_rift_edge *f, double width)
{
    if (ph_same_point(e->low, f->low)) return sharp(e->low, e->high, f->high);
    if (ph_same_point(e->low, f->high)) return sharp(e->low, e->high, f->low);
    if (ph_same_point(e->high, f->low)) return sharp(e->high, e->low, f->high);
    if (ph_same_point(e->high, f->high)) return sharp(e->high, e->low, f->low);
    double least = width * width;
    if (distance_squared(e->low, f) < least || distance_squared(e->high, f) < least || distance_squared(f->low, e) < least ||
        distance_squared(f->high, e) < least)
        return true;
    return ph_orient(e->low, e->high, f->low) != ph_orient(e->low, e->high, f->high) &&
           ph_orient(f->low, f->high, e->low) != ph_orient(f->low, f->high, e->high); /* they cross */
}

static bool any_close(const struct ph_rift *memory, double width)
{
    for (size_t i = 0; i < memory->count; i++) {
        const struct ph_rift_edge *e = &memory->edges[i];
        double north = fmax(e->low.y, e->high.y) + width, south = fmin(e->low.y, e->high.y) - width;
        for (size_t j = i + 1; j < memory->count && memory->edges[j].low.x <= e->high.x + width; j++) {
            const struct ph_rift_edge *f = &memory->edges[j];
            if (fmin(f->low.y, f->high.y) > north || fmax(f->low.y, f->high.y) < south) continue;
            if (close_together(e, f, width)) return true;
        }
    }
    return false;
}

enum ph_status ph_rift_possible(struct ph_rift *memory, const struct ph_outlined *shapes, size_t count, const struct ph_box *box,
                                double width, bool *possible, struct ph_error *err)
{
    *possible = true;
    memory->count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct ph_outline *o = shapes[i].outline;
        const struct ph_shapes *s = o->shapes;
        if (!ph_boxes_meet(&s->boxes[shapes[i].index], box)) continue;
        if (!o->clean[shapes[i].index]) return PH_OK;
        for (uint32_t part = ph_first_part(s, shapes[i].index); part < s->shape_end[shapes[i].index]; part++)
            for (uint32_t ring = ph_first_ring(s, part); ring < s->part_end[part]; ring++) PH_TRY(take_ring(memory, o, ring, box, err));
    }
    drop_shared(memory);
    *possible = any_close(memory, width);
    return PH_OK;
}
