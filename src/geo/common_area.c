#include "geo/common_area.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PAIRS = 40000 }; /* of edges */

/* An edge over a stretch of x, relative to a corner of the boxes' common part. */
struct ph_slope {
    double west, east;             /* west < east */
    double west_y, rise, run;      /* y = west_y + (x - west) / run * rise */
    double sign;
};

void ph_slopes_dispose(struct ph_slopes *memory)
{
    free(memory->items);
    memset(memory, 0, sizeof *memory);
}

static enum ph_status reserve(struct ph_slopes *memory, size_t count, struct ph_error *err)
{
    if (count <= memory->capacity) return PH_OK;
    size_t want = count + count / 2 + 256;
    struct ph_slope *grown = realloc(memory->items, want * sizeof *grown);
    if (grown == NULL) return ph_fail_memory(err);
    memory->items = grown;
    memory->capacity = want;
    return PH_OK;
}

/* The edges of one run that reach into the clip's stretch of x. What lies below the other shape altogether, `lowest`, cancels
 * out and is left out. */
static size_t take_run(const struct ph_outline *o, uint32_t ring, uint32_t at, const struct ph_box *clip, double lowest,
                       struct ph_slope *out)
{
    const struct ph_shapes *s = o->shapes;
    uint32_t end = s->ring_end[ring];
    uint32_t stop = end - at > PH_RUN_EDGES + 1 ? at + PH_RUN_EDGES + 1 : end;
    size_t count = 0;
    for (uint32_t i = at; i + 1 < stop; i++) {
        struct ph_xy p = s->points[i], q = s->points[i + 1];
        bool westward = q.x < p.x;
        struct ph_xy west = westward ? q : p, east = westward ? p : q;
        if (!(west.x < east.x) || west.x >= clip->max_x || east.x <= clip->min_x || (p.y <= lowest && q.y <= lowest)) continue;
        out[count++] = (struct ph_slope){
            .west = west.x - clip->min_x,
            .east = east.x - clip->min_x,
            .west_y = west.y - clip->min_y,
            .rise = east.y - west.y,
            .run = east.x - west.x,
            .sign = westward != (o->reversed[ring] != 0) ? 1 : -1,
        };
    }
    return count;
}

static enum ph_status take(struct ph_slopes *memory, const struct ph_outline *o, size_t shape, const struct ph_box *clip, double lowest,
                           size_t *total, struct ph_error *err)
{
    const struct ph_shapes *s = o->shapes;
    uint32_t first_part = ph_first_part(s, shape), end_part = s->shape_end[shape];
    uint32_t first = ph_first_ring(s, first_part), end = end_part > first_part ? s->part_end[end_part - 1] : first;
    for (uint32_t ring = first; ring < end; ring++) {
        uint32_t at = ph_first_point(s, ring);
        for (uint32_t run = ph_first_run(o, ring); run < o->run_end[ring]; run++, at += PH_RUN_EDGES) {
            const struct ph_box *box = &o->runs[run];
            if (box->max_x <= clip->min_x || box->min_x >= clip->max_x || box->max_y <= lowest) continue;
            PH_TRY(reserve(memory, *total + PH_RUN_EDGES, err));
            *total += take_run(o, ring, at, clip, lowest, memory->items + *total);
        }
    }
    return PH_OK;
}

static double y_at(const struct ph_slope *e, double x)
{
    return e->west_y + (x - e->west) / e->run * e->rise;
}

/* The area below the lower of two edges over the stretch of x that they and the clip share. */
static double below_both(const struct ph_slope *e, const struct ph_slope *f, double width)
{
    double west = e->west > f->west ? e->west : f->west, east = e->east < f->east ? e->east : f->east;
    west = west > 0 ? west : 0;
    east = east < width ? east : width;
    if (!(west < east)) return 0;
    double e_west = y_at(e, west), e_east = y_at(e, east), f_west = y_at(f, west), f_east = y_at(f, east);
    double at_west = e_west - f_west, at_east = e_east - f_east, run = east - west;
    double low_west = at_west < 0 ? e_west : f_west, low_east = at_east < 0 ? e_east : f_east;
    if ((at_west < 0) == (at_east < 0)) return run * (low_west + low_east) / 2;
    double part = at_west / (at_west - at_east); /* they cross */
    double crossing = e_west + part * (e_east - e_west);
    return run * (part * (low_west + crossing) + (1 - part) * (crossing + low_east)) / 2;
}

enum ph_status ph_common_area(struct ph_slopes *memory, const struct ph_outline *a, size_t shape_a, const struct ph_outline *b,
                              size_t shape_b, double *area, double *margin, struct ph_error *err)
{
    const struct ph_box *box_a = &a->shapes->boxes[shape_a], *box_b = &b->shapes->boxes[shape_b];
    struct ph_box clip = {fmax(box_a->min_x, box_b->min_x), fmax(box_a->min_y, box_b->min_y), fmin(box_a->max_x, box_b->max_x),
                          fmin(box_a->max_y, box_b->max_y)};
    double width = clip.max_x - clip.min_x, height = fmax(box_a->max_y, box_b->max_y) - fmin(box_a->min_y, box_b->min_y);
    size_t count = 0;
    *area = *margin = 0;
    if (!(width > 0)) return PH_OK;
    PH_TRY(take(memory, a, shape_a, &clip, box_b->min_y, &count, err));
    size_t total = count;
    PH_TRY(take(memory, b, shape_b, &clip, box_a->min_y, &total, err));
    size_t pairs = count * (total - count);
    if (pairs > MOST_PAIRS) {
        *area = INFINITY;
        return PH_OK;
    }
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = count; j < total; j++)
            sum += memory->items[i].sign * memory->items[j].sign * below_both(&memory->items[i], &memory->items[j], width);
    *area = sum;
    /* Some ten roundings a pair, each of at most 2^-53 of the clip's width times the boxes' height, and the sum's. */
    *margin = 1e-14 * (double)(pairs + 1) * width * height;
    return PH_OK;
}
