#include "geo/outline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/orient.h"

enum ph_status ph_outline_init(struct ph_outline *outline, const struct ph_shapes *shapes, struct ph_error *err)
{
    memset(outline, 0, sizeof *outline);
    outline->shapes = shapes;
    size_t rings = shapes->ring_count;
    outline->run_end = malloc((rings + 1) * sizeof *outline->run_end);
    outline->reversed = calloc(rings + 1, 1);
    outline->clean = calloc(shapes->shape_count + 1, 1);
    if (outline->run_end == NULL || outline->reversed == NULL || outline->clean == NULL) return ph_fail_memory(err);
    uint32_t runs = 0;
    for (size_t r = 0; r < rings; r++) {
        uint32_t points = shapes->ring_end[r] - ph_first_point(shapes, r);
        uint32_t edges = points > 0 ? points - 1 : 0;
        runs += (edges + PH_RUN_EDGES - 1) / PH_RUN_EDGES;
        outline->run_end[r] = runs;
    }
    outline->runs = malloc(((size_t)runs + 1) * sizeof *outline->runs);
    if (outline->runs == NULL) return ph_fail_memory(err);
    return PH_OK;
}

void ph_outline_dispose(struct ph_outline *outline)
{
    free(outline->runs);
    free(outline->run_end);
    free(outline->reversed);
    free(outline->clean);
    memset(outline, 0, sizeof *outline);
}

int ph_ring_winding(const struct ph_xy *points, size_t count)
{
    if (count < 4) return 0;
    size_t last = count - 1, low = 0; /* points[last] repeats points[0] */
    for (size_t i = 1; i < last; i++)
        if (points[i].x < points[low].x || (points[i].x == points[low].x && points[i].y < points[low].y)) low = i;
    size_t before = low, after = low;
    do before = (before + last - 1) % last;
    while (before != low && ph_same_point(points[before], points[low]));
    do after = (after + 1) % last;
    while (after != low && ph_same_point(points[after], points[low]));
    return ph_orient(points[before], points[low], points[after]);
}

/* Boxes of the runs of one ring. Returns whether all coordinates are within reach of the predicate. */
static bool trace_ring(struct ph_outline *outline, size_t ring)
{
    const struct ph_shapes *s = outline->shapes;
    uint32_t first = ph_first_point(s, ring), end = s->ring_end[ring], run = ph_first_run(outline, ring);
    bool reached = true;
    for (uint32_t at = first; at < end; at++) reached &= ph_orient_reaches(s->points[at].x) && ph_orient_reaches(s->points[at].y);
    for (uint32_t at = first; at + 1 < end; at += PH_RUN_EDGES, run++) {
        uint32_t stop = end - at > PH_RUN_EDGES + 1 ? at + PH_RUN_EDGES + 1 : end;
        struct ph_box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};
        for (uint32_t i = at; i < stop; i++) {
            struct ph_xy p = s->points[i];
            box.min_x = p.x < box.min_x ? p.x : box.min_x;
            box.max_x = p.x > box.max_x ? p.x : box.max_x;
            box.min_y = p.y < box.min_y ? p.y : box.min_y;
            box.max_y = p.y > box.max_y ? p.y : box.max_y;
        }
        outline->runs[run] = box;
    }
    return reached;
}

bool ph_outline_trace(struct ph_outline *outline, size_t shape)
{
    const struct ph_shapes *s = outline->shapes;
    bool reached = true;
    for (uint32_t part = ph_first_part(s, shape); part < s->shape_end[shape]; part++) {
        uint32_t outer = ph_first_ring(s, part);
        for (uint32_t ring = outer; ring < s->part_end[part]; ring++) {
            bool ring_reached = trace_ring(outline, ring);
            reached &= ring_reached;
            if (!ring_reached) continue;
            uint32_t first = ph_first_point(s, ring);
            int winding = ph_ring_winding(s->points + first, s->ring_end[ring] - first);
            outline->reversed[ring] = ring == outer ? winding < 0 : winding > 0;
        }
    }
    return reached;
}

int ph_ring_holds(const struct ph_outline *outline, size_t ring, struct ph_xy p)
{
    const struct ph_shapes *s = outline->shapes;
    bool inside = false;
    uint32_t at = ph_first_point(s, ring), end = s->ring_end[ring];
    for (uint32_t run = ph_first_run(outline, ring); run < outline->run_end[ring]; run++, at += PH_RUN_EDGES) {
        const struct ph_box *box = &outline->runs[run];
        if (box->min_y > p.y || box->max_y < p.y || box->max_x < p.x) continue;
        uint32_t stop = end - at > PH_RUN_EDGES + 1 ? at + PH_RUN_EDGES + 1 : end;
        for (uint32_t i = at; i + 1 < stop; i++) {
            struct ph_xy a = s->points[i], b = s->points[i + 1];
            if (a.x < p.x && b.x < p.x) continue;
            if ((a.y > p.y) == (b.y > p.y)) {
                if (a.y == p.y && b.y == p.y && (ph_same_point(a, p) || ph_same_point(b, p) || ph_strictly_between(a, b, p))) return 0;
                if (ph_same_point(a, p) || ph_same_point(b, p)) return 0;
                continue;
            }
            int side = ph_orient(a, b, p);
            if (side == 0) return 0;
            if ((side > 0) == (b.y > a.y)) inside = !inside; /* the ray from p to greater x meets the edge */
        }
    }
    return inside ? 1 : -1;
}

bool ph_shape_holds(const struct ph_outline *outline, size_t shape, struct ph_xy p)
{
    const struct ph_shapes *s = outline->shapes;
    const struct ph_box *box = &s->boxes[shape];
    if (p.x < box->min_x || p.x > box->max_x || p.y < box->min_y || p.y > box->max_y) return false;
    bool inside = false;
    uint32_t first = ph_first_ring(s, ph_first_part(s, shape));
    uint32_t last_part = s->shape_end[shape];
    uint32_t end = last_part > ph_first_part(s, shape) ? s->part_end[last_part - 1] : first;
    for (uint32_t ring = first; ring < end; ring++) inside ^= ph_ring_holds(outline, ring, p) > 0;
    return inside;
}
