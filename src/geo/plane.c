#include "geo/plane.h"

#include <math.h>

static double ring_area(const struct ph_xy *p, size_t count)
{
    double sum = 0;
    for (size_t i = 1; i + 1 < count; i++) /* about the first point: coordinates of 38 500 000 would cost seven digits */
        sum += (p[i].x - p[0].x) * (p[i + 1].y - p[0].y) - (p[i + 1].x - p[0].x) * (p[i].y - p[0].y);
    return fabs(sum) / 2;
}

double ph_plane_area(const struct ph_shapes *s, size_t shape)
{
    double area = 0;
    for (uint32_t part = ph_first_part(s, shape); part < s->shape_end[shape]; part++) {
        uint32_t outer = ph_first_ring(s, part);
        for (uint32_t ring = outer; ring < s->part_end[part]; ring++) {
            uint32_t first = ph_first_point(s, ring);
            double a = ring_area(s->points + first, s->ring_end[ring] - first);
            area += ring == outer ? a : -a;
        }
    }
    return area;
}

double ph_plane_perimeter(const struct ph_shapes *s, size_t shape, double x_scale, double y_scale)
{
    double length = 0;
    for (uint32_t part = ph_first_part(s, shape); part < s->shape_end[shape]; part++) {
        for (uint32_t ring = ph_first_ring(s, part); ring < s->part_end[part]; ring++) {
            for (uint32_t i = ph_first_point(s, ring); i + 1 < s->ring_end[ring]; i++) {
                double dx = (s->points[i + 1].x - s->points[i].x) * x_scale, dy = (s->points[i + 1].y - s->points[i].y) * y_scale;
                length += sqrt(dx * dx + dy * dy);
            }
        }
    }
    return length;
}
