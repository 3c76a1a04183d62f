#include "io/txt_shape.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "io/rings.h"

static const struct ph_problem_kind parts = {PH_NOTE, "txt.parts", "核对圈号", "check the ring numbers"};

static double signed_area(const struct ph_shapes *s, size_t ring)
{
    size_t first = ph_first_point(s, ring);
    const struct ph_xy *o = &s->points[first];
    double sum = 0;
    for (size_t i = first + 1; i < s->ring_end[ring]; i++) {
        const struct ph_xy *p = &s->points[i - 1], *q = &s->points[i];
        sum += (p->x - o->x) * (q->y - o->y) - (q->x - o->x) * (p->y - o->y);
    }
    return sum / 2;
}

/* The layout gives no meaning to the winding; polygons elsewhere do. */
static void wind_holes(struct ph_shapes *s, size_t part)
{
    size_t outer = ph_first_ring(s, part);
    for (size_t ring = outer + 1; ring < s->part_end[part]; ring++) {
        if ((signed_area(s, ring) > 0) != (signed_area(s, outer) > 0)) continue;
        for (size_t a = ph_first_point(s, ring), b = s->ring_end[ring]; a + 1 < b; a++) {
            struct ph_xy swap = s->points[a];
            s->points[a] = s->points[--b];
            s->points[b] = swap;
        }
    }
}

enum ph_status ph_txt_shapes(const struct ph_txt *txt, const char *source, struct ph_shapes *shapes, struct ph_problems *problems,
                             struct ph_error *err)
{
    size_t ring = 0, point = 0;
    for (size_t i = 0; i < txt->plot_count; i++) {
        const struct ph_txt_plot *plot = &txt->plots[i];
        size_t first_ring = ring, first_part = shapes->part_count;
        for (; ring < plot->ring_end; ring++) {
            struct ph_xy start = txt->points[point];
            for (; point < txt->ring_end[ring]; point++) PH_TRY(ph_shapes_add_point(shapes, txt->points[point].x, txt->points[point].y, err));
            PH_TRY(ph_shapes_add_point(shapes, start.x, start.y, err));
            PH_TRY(ph_shapes_end_ring(shapes, err));
            PH_TRY(ph_shapes_end_part(shapes, err));
        }
        bool nested;
        PH_TRY(ph_rings_settle(shapes, true, &nested, err));
        PH_TRY(ph_shapes_end_shape(shapes, err));
        for (size_t part = first_part; part < shapes->part_count; part++) wind_holes(shapes, part);
        size_t count = shapes->part_count - first_part;
        if (count > 1)
            PH_TRY(ph_problem_add(problems, &parts, source, (int64_t)plot->line, err, "地块“%s”的 %zu 个环中有 %zu 个互不包含,按多部分读",
                                  "plot '%s': of its %zu rings %zu lie outside one another; read as parts", ph_txt_item(plot, PH_TXT_ID), ring - first_ring, count));
    }
    return PH_OK;
}

struct ph_txt_extent ph_txt_extent(const struct ph_shapes *s, size_t shape)
{
    struct ph_txt_extent e = {0, 0};
    for (size_t part = ph_first_part(s, shape); part < s->shape_end[shape]; part++)
        for (size_t ring = ph_first_ring(s, part); ring < s->part_end[part]; ring++) {
            for (size_t i = ph_first_point(s, ring) + 1; i < s->ring_end[ring]; i++)
                e.length += hypot(s->points[i].x - s->points[i - 1].x, s->points[i].y - s->points[i - 1].y);
            e.area += (ring == ph_first_ring(s, part) ? 1 : -1) * fabs(signed_area(s, ring));
        }
    return e;
}

enum ph_status ph_txt_add_shape(struct ph_txt *txt, struct ph_str *items, const struct ph_shapes *shapes, size_t shape, struct ph_error *err)
{
    char count[24], hectares[40];
    size_t first = ph_first_ring(shapes, ph_first_part(shapes, shape));
    size_t end = shapes->shape_end[shape] ? shapes->part_end[shapes->shape_end[shape] - 1] : 0;
    size_t points = end > first ? shapes->ring_end[end - 1] - ph_first_point(shapes, first) : 0;
    snprintf(count, sizeof count, "%zu", points);
    ph_print_hectares(hectares, sizeof hectares, ph_dm2_from_m2(ph_txt_extent(shapes, shape).area), 4);
    items[PH_TXT_COUNT] = ph_str_of(count);
    items[PH_TXT_HECTARES] = ph_str_of(hectares);
    PH_TRY(ph_txt_add_plot(txt, 0, items, PH_TXT_ITEMS, err));
    for (size_t ring = first; ring < end; ring++) {
        for (size_t i = ph_first_point(shapes, ring); i + 1 < shapes->ring_end[ring]; i++) PH_TRY(ph_txt_add_point(txt, shapes->points[i], err));
        PH_TRY(ph_txt_end_ring(txt, err));
    }
    return PH_OK;
}

static bool written_in(double v, double per_unit)
{
    return fabs(round(v * per_unit) / per_unit - v) <= 1e-6;
}

int ph_txt_decimals(const struct ph_txt *txt)
{
    int decimals = 3;
    for (size_t i = 0; i < txt->point_count && decimals < 6; i++)
        while (decimals < 6 && !(written_in(txt->points[i].x, pow(10, decimals)) && written_in(txt->points[i].y, pow(10, decimals)))) decimals++;
    return decimals;
}
