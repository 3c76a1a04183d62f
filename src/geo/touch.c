#include "geo/touch.h"

#include <stdlib.h>
#include <string.h>

#include "geo/orient.h"

enum { SORT_FROM = 2048 }; /* products of edge counts from which sorting pays */

struct ph_touch_edge {
    struct ph_box box;
    uint32_t ring, at; /* from point at to the next */
};

/* One of the two shapes. */
struct side {
    const struct ph_outline *outline;
    uint32_t first_ring, end_ring;
    const struct ph_box *box;
    struct ph_touch_edge *edges;
    size_t count;
    uint8_t *met; /* by ring - first_ring */
};

/* The boundary's two arms at a point, the inside to the left of both when it is walked from `from` to `to`. */
struct wedge {
    struct ph_xy at, from, to;
};

void ph_toucher_dispose(struct ph_toucher *memory)
{
    free(memory->edges);
    free(memory->met);
    memset(memory, 0, sizeof *memory);
}

static struct side side_of(const struct ph_outline *outline, size_t shape)
{
    const struct ph_shapes *s = outline->shapes;
    uint32_t first_part = ph_first_part(s, shape), end_part = s->shape_end[shape];
    struct side side = {.outline = outline, .box = &s->boxes[shape]};
    side.first_ring = ph_first_ring(s, first_part);
    side.end_ring = end_part > first_part ? s->part_end[end_part - 1] : side.first_ring;
    return side;
}

static struct ph_box common_box(const struct ph_box *a, const struct ph_box *b)
{
    struct ph_box box;
    box.min_x = a->min_x > b->min_x ? a->min_x : b->min_x;
    box.min_y = a->min_y > b->min_y ? a->min_y : b->min_y;
    box.max_x = a->max_x < b->max_x ? a->max_x : b->max_x;
    box.max_y = a->max_y < b->max_y ? a->max_y : b->max_y;
    return box;
}

static enum ph_status reserve_edges(struct ph_toucher *memory, size_t count, struct ph_error *err)
{
    if (count <= memory->capacity) return PH_OK;
    size_t want = count + count / 2 + 256;
    struct ph_touch_edge *grown = realloc(memory->edges, want * sizeof *grown);
    if (grown == NULL) return ph_fail_memory(err);
    memory->edges = grown;
    memory->capacity = want;
    return PH_OK;
}

static enum ph_status reserve_rings(struct ph_toucher *memory, size_t count, struct ph_error *err)
{
    if (count > memory->met_capacity) {
        uint8_t *grown = realloc(memory->met, count * 2);
        if (grown == NULL) return ph_fail_memory(err);
        memory->met = grown;
        memory->met_capacity = count * 2;
    }
    memset(memory->met, 0, count);
    return PH_OK;
}

/* The edges of one run that meet the clip box, appended at *count; *seen grows by their boxes. */
static void collect_run(const struct ph_shapes *s, uint32_t ring, uint32_t at, const struct ph_box *clip,
                        struct ph_touch_edge *edges, size_t *count, struct ph_box *seen)
{
    uint32_t end = s->ring_end[ring];
    uint32_t stop = end - at > PH_RUN_EDGES + 1 ? at + PH_RUN_EDGES + 1 : end;
    const struct ph_xy *p = s->points;
    for (uint32_t i = at; i + 1 < stop; i++) {
        struct ph_xy a = p[i], b = p[i + 1];
        struct ph_box box = {a.x < b.x ? a.x : b.x, a.y < b.y ? a.y : b.y, a.x < b.x ? b.x : a.x, a.y < b.y ? b.y : a.y};
        if (!ph_boxes_meet(&box, clip) || ph_same_point(a, b)) continue;
        edges[(*count)++] = (struct ph_touch_edge){box, ring, i};
        seen->min_x = box.min_x < seen->min_x ? box.min_x : seen->min_x;
        seen->min_y = box.min_y < seen->min_y ? box.min_y : seen->min_y;
        seen->max_x = box.max_x > seen->max_x ? box.max_x : seen->max_x;
        seen->max_y = box.max_y > seen->max_y ? box.max_y : seen->max_y;
    }
}

/* Appends a side's edges within the clip box from *total on; the box is then narrowed to what was found. */
static enum ph_status collect(struct ph_toucher *memory, struct side *side, struct ph_box *clip, size_t *total, struct ph_error *err)
{
    const struct ph_outline *o = side->outline;
    struct ph_box seen = {clip->max_x, clip->max_y, clip->min_x, clip->min_y};
    size_t start = *total;
    for (uint32_t ring = side->first_ring; ring < side->end_ring; ring++) {
        uint32_t at = ph_first_point(o->shapes, ring);
        for (uint32_t run = ph_first_run(o, ring); run < o->run_end[ring]; run++, at += PH_RUN_EDGES) {
            if (!ph_boxes_meet(&o->runs[run], clip)) continue;
            PH_TRY(reserve_edges(memory, *total + PH_RUN_EDGES, err));
            collect_run(o->shapes, ring, at, clip, memory->edges, total, &seen);
        }
    }
    side->count = *total - start;
    *clip = common_box(clip, &seen);
    return PH_OK;
}

/* The wedge at a vertex; repeated points are passed over. */
static struct wedge wedge_at(const struct side *side, const struct ph_touch_edge *edge)
{
    const struct ph_shapes *s = side->outline->shapes;
    uint32_t first = ph_first_point(s, edge->ring), last = s->ring_end[edge->ring] - 1;
    struct ph_xy at = s->points[edge->at], after = s->points[edge->at + 1];
    uint32_t before = edge->at;
    do before = before == first ? last - 1 : before - 1;
    while (before != edge->at && ph_same_point(s->points[before], at));
    if (side->outline->reversed[edge->ring]) return (struct wedge){at, after, s->points[before]};
    return (struct wedge){at, s->points[before], after};
}

/* The half-plane at a point inside an edge. */
static struct wedge wedge_on(const struct side *side, const struct ph_touch_edge *edge, struct ph_xy at)
{
    const struct ph_xy *p = side->outline->shapes->points + edge->at;
    if (side->outline->reversed[edge->ring]) return (struct wedge){at, p[1], p[0]};
    return (struct wedge){at, p[0], p[1]};
}

/* Whether the direction to p lies inside the wedge, not on its arms. */
static bool within(const struct wedge *w, struct ph_xy p)
{
    int opening = ph_orient(w->at, w->to, w->from); /* the inside: from the arm `to` counter-clockwise to `from` */
    int left_of_to = ph_orient(w->at, w->to, p);
    if (opening == 0) return left_of_to > 0; /* straight on: valid rings do not turn back */
    if (opening > 0) return left_of_to > 0 && ph_orient(w->at, p, w->from) > 0;
    int left_of_from = ph_orient(w->at, w->from, p);
    return !(left_of_from >= 0 && left_of_to <= 0);
}

static bool same_direction(struct ph_xy at, struct ph_xy p, struct ph_xy q)
{
    if (ph_same_point(p, q)) return true;
    if (ph_orient(at, p, q) != 0) return false;
    return (p.x > at.x) == (q.x > at.x) && (p.x < at.x) == (q.x < at.x) && (p.y > at.y) == (q.y > at.y) &&
           (p.y < at.y) == (q.y < at.y);
}

/* Whether two wedges at one point have no direction in common. */
static bool wedges_apart(const struct wedge *a, const struct wedge *b)
{
    if (ph_same_point(a->from, b->to) && ph_same_point(a->to, b->from)) return true; /* complements */
    if (within(a, b->from) || within(a, b->to) || within(b, a->from) || within(b, a->to)) return false;
    return !(same_direction(a->at, a->from, b->from) && same_direction(a->at, a->to, b->to));
}

static bool meet_at(struct side *a, const struct ph_touch_edge *e, const struct wedge *wa, struct side *b, const struct ph_touch_edge *f,
                    const struct wedge *wb)
{
    a->met[e->ring - a->first_ring] = 1;
    b->met[f->ring - b->first_ring] = 1;
    return wedges_apart(wa, wb);
}

/* Whether two edges whose boxes meet leave it open that the interiors are disjoint. Each vertex is looked at when
 * its edge is one that starts there. */
static bool edges_apart(struct side *a, const struct ph_touch_edge *e, struct side *b, const struct ph_touch_edge *f)
{
    const struct ph_xy *p = a->outline->shapes->points + e->at, *q = b->outline->shapes->points + f->at;
    if (ph_same_point(p[0], q[1]) && ph_same_point(p[1], q[0]))
        return a->outline->reversed[e->ring] == b->outline->reversed[f->ring];
    if (ph_same_point(p[0], q[0])) {
        struct wedge wa = wedge_at(a, e), wb = wedge_at(b, f);
        return meet_at(a, e, &wa, b, f, &wb);
    }
    int p0 = ph_orient(q[0], q[1], p[0]), p1 = ph_orient(q[0], q[1], p[1]);
    if (p0 != 0 && p0 == p1) return true;
    int q0 = ph_orient(p[0], p[1], q[0]), q1 = ph_orient(p[0], p[1], q[1]);
    if (q0 != 0 && q0 == q1) return true;
    if (p0 != 0 && p1 != 0 && q0 != 0 && q1 != 0) return false;
    if (p0 == 0 && ph_strictly_between(q[0], q[1], p[0])) {
        struct wedge wa = wedge_at(a, e), wb = wedge_on(b, f, p[0]);
        if (!meet_at(a, e, &wa, b, f, &wb)) return false;
    }
    if (q0 == 0 && ph_strictly_between(p[0], p[1], q[0])) {
        struct wedge wa = wedge_on(a, e, q[0]), wb = wedge_at(b, f);
        if (!meet_at(a, e, &wa, b, f, &wb)) return false;
    }
    return true;
}

static int by_min_x(const void *a, const void *b)
{
    const struct ph_touch_edge *e = a, *f = b;
    if (e->box.min_x != f->box.min_x) return e->box.min_x < f->box.min_x ? -1 : 1;
    return (e->at > f->at) - (e->at < f->at);
}

/* The edges of `other` from `from` on that begin within the box of e. */
static bool sweep_one(struct side *a, const struct ph_touch_edge *e, struct side *b, size_t from, bool swapped)
{
    for (size_t j = from; j < b->count && b->edges[j].box.min_x <= e->box.max_x; j++) {
        const struct ph_touch_edge *f = &b->edges[j];
        if (!ph_boxes_meet(&e->box, &f->box)) continue;
        if (!(swapped ? edges_apart(b, f, a, e) : edges_apart(a, e, b, f))) return false;
    }
    return true;
}

static bool boundaries_apart(struct side *a, struct side *b)
{
    if (a->count * b->count < SORT_FROM) {
        for (size_t i = 0; i < a->count; i++)
            for (size_t j = 0; j < b->count; j++)
                if (ph_boxes_meet(&a->edges[i].box, &b->edges[j].box) && !edges_apart(a, &a->edges[i], b, &b->edges[j])) return false;
        return true;
    }
    qsort(a->edges, a->count, sizeof *a->edges, by_min_x);
    qsort(b->edges, b->count, sizeof *b->edges, by_min_x);
    size_t i = 0, j = 0;
    while (i < a->count && j < b->count) {
        if (a->edges[i].box.min_x <= b->edges[j].box.min_x) {
            if (!sweep_one(a, &a->edges[i], b, j, false)) return false;
            i++;
        } else {
            if (!sweep_one(b, &b->edges[j], a, i, true)) return false;
            j++;
        }
    }
    return true;
}

/* How many rings of a that do not meet b's boundary lie inside b, and how many outside. */
static void count_apart(const struct side *a, const struct side *b, size_t shape_b, size_t *inside, size_t *outside)
{
    const struct ph_shapes *s = a->outline->shapes;
    for (uint32_t ring = a->first_ring; ring < a->end_ring; ring++) {
        if (a->met[ring - a->first_ring]) continue;
        bool in = ph_shape_holds(b->outline, shape_b, s->points[ph_first_point(s, ring)]);
        *inside += in;
        *outside += !in;
    }
}

enum ph_status ph_touch(struct ph_toucher *memory, const struct ph_outline *a, size_t shape_a, const struct ph_outline *b,
                        size_t shape_b, enum ph_touch *answer, struct ph_error *err)
{
    struct side sa = side_of(a, shape_a), sb = side_of(b, shape_b);
    *answer = PH_TOUCH_UNKNOWN;
    size_t rings_a = sa.end_ring - sa.first_ring, rings_b = sb.end_ring - sb.first_ring, total = 0;
    if (!ph_boxes_meet(sa.box, sb.box) || rings_a == 0 || rings_b == 0) {
        *answer = PH_TOUCH_DISJOINT;
        return PH_OK;
    }
    if (!a->clean[shape_a] || !b->clean[shape_b]) return PH_OK;
    PH_TRY(reserve_rings(memory, rings_a + rings_b, err));
    sa.met = memory->met;
    sb.met = memory->met + rings_a;
    struct ph_box clip = common_box(sa.box, sb.box);
    PH_TRY(collect(memory, &sa, &clip, &total, err));
    if (sa.count > 0) PH_TRY(collect(memory, &sb, &clip, &total, err));
    sa.edges = memory->edges;
    sb.edges = memory->edges + sa.count;
    if (!boundaries_apart(&sa, &sb)) return PH_OK;
    size_t a_in = 0, a_out = 0, b_in = 0, b_out = 0;
    count_apart(&sa, &sb, shape_b, &a_in, &a_out);
    count_apart(&sb, &sa, shape_a, &b_in, &b_out);
    if (a_in == 0 && b_in == 0) *answer = PH_TOUCH_DISJOINT;
    else if (a_in == rings_a && b_in == 0) *answer = PH_TOUCH_A_INSIDE;
    else if (b_in == rings_b && a_in == 0) *answer = PH_TOUCH_B_INSIDE;
    return PH_OK;
}
