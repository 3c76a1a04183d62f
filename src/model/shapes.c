#include "model/shapes.h"

#include <stdlib.h>
#include <string.h>

static enum ph_status grow(void **array, size_t *capacity, size_t count, size_t width, struct ph_error *err)
{
    if (count >= UINT32_MAX) /* the index arrays would wrap */
        return ph_fail(err, PH_E_INPUT, "几何数据超过 2^32 个点,请分批处理", "more than 2^32 points: split the input");
    if (count < *capacity) return PH_OK;
    size_t want = *capacity ? *capacity + *capacity / 2 : 4096;
    void *grown = realloc(*array, want * width);
    if (grown == NULL) return ph_fail_memory(err);
    *array = grown;
    *capacity = want;
    return PH_OK;
}

enum ph_status ph_shapes_add_point(struct ph_shapes *shapes, double x, double y, struct ph_error *err)
{
    PH_TRY(grow((void **)&shapes->points, &shapes->point_capacity, shapes->point_count, sizeof *shapes->points, err));
    shapes->points[shapes->point_count++] = (struct ph_xy){x, y};
    return PH_OK;
}

enum ph_status ph_shapes_end_ring(struct ph_shapes *shapes, struct ph_error *err)
{
    PH_TRY(grow((void **)&shapes->ring_end, &shapes->ring_capacity, shapes->ring_count, sizeof *shapes->ring_end, err));
    shapes->ring_end[shapes->ring_count++] = (uint32_t)shapes->point_count;
    return PH_OK;
}

enum ph_status ph_shapes_end_part(struct ph_shapes *shapes, struct ph_error *err)
{
    PH_TRY(grow((void **)&shapes->part_end, &shapes->part_capacity, shapes->part_count, sizeof *shapes->part_end, err));
    shapes->part_end[shapes->part_count++] = (uint32_t)shapes->ring_count;
    return PH_OK;
}

enum ph_status ph_shapes_end_shape(struct ph_shapes *shapes, struct ph_error *err)
{
    size_t box_capacity = shapes->shape_capacity;
    PH_TRY(grow((void **)&shapes->boxes, &box_capacity, shapes->shape_count, sizeof *shapes->boxes, err));
    PH_TRY(grow((void **)&shapes->shape_end, &shapes->shape_capacity, shapes->shape_count, sizeof *shapes->shape_end, err));
    struct ph_box box = PH_BOX_EMPTY;
    uint32_t ring = ph_first_ring(shapes, ph_first_part(shapes, shapes->shape_count));
    for (size_t i = ph_first_point(shapes, ring); i < shapes->point_count; i++) {
        struct ph_xy p = shapes->points[i];
        if (p.x < box.min_x) box.min_x = p.x;
        if (p.y < box.min_y) box.min_y = p.y;
        if (p.x > box.max_x) box.max_x = p.x;
        if (p.y > box.max_y) box.max_y = p.y;
    }
    shapes->boxes[shapes->shape_count] = box;
    shapes->shape_end[shapes->shape_count++] = (uint32_t)shapes->part_count;
    return PH_OK;
}

struct ph_box ph_shapes_extent(const struct ph_shapes *s)
{
    struct ph_box all = PH_BOX_EMPTY;
    for (size_t i = 0; i < s->shape_count; i++) ph_box_add(&all, &s->boxes[i]);
    return all;
}

enum ph_status ph_shape_copy(const struct ph_shapes *from, size_t shape, struct ph_shapes *to, struct ph_error *err)
{
    for (uint32_t part = ph_first_part(from, shape); part < from->shape_end[shape]; part++) {
        for (uint32_t ring = ph_first_ring(from, part); ring < from->part_end[part]; ring++) {
            for (uint32_t i = ph_first_point(from, ring); i < from->ring_end[ring]; i++)
                PH_TRY(ph_shapes_add_point(to, from->points[i].x, from->points[i].y, err));
            PH_TRY(ph_shapes_end_ring(to, err));
        }
        PH_TRY(ph_shapes_end_part(to, err));
    }
    return ph_shapes_end_shape(to, err);
}

static enum ph_status join(void **array, size_t *count, size_t *capacity, const void *more, size_t more_count, size_t width,
                           struct ph_error *err)
{
    if (*count + more_count > UINT32_MAX) return grow(array, capacity, UINT32_MAX, width, err);
    if (more_count == 0) return PH_OK;
    if (*count + more_count > *capacity) {
        void *grown = realloc(*array, (*count + more_count) * width);
        if (grown == NULL) return ph_fail_memory(err);
        *array = grown;
        *capacity = *count + more_count;
    }
    memcpy((char *)*array + *count * width, more, more_count * width);
    *count += more_count;
    return PH_OK;
}

enum ph_status ph_shapes_absorb(struct ph_shapes *s, struct ph_shapes *from, struct ph_error *err)
{
    for (size_t i = 0; i < from->ring_count; i++) from->ring_end[i] += (uint32_t)s->point_count;
    for (size_t i = 0; i < from->part_count; i++) from->part_end[i] += (uint32_t)s->ring_count;
    for (size_t i = 0; i < from->shape_count; i++) from->shape_end[i] += (uint32_t)s->part_count;
    size_t boxes = s->shape_count, box_capacity = s->shape_capacity;
    PH_TRY(join((void **)&s->boxes, &boxes, &box_capacity, from->boxes, from->shape_count, sizeof *s->boxes, err));
    PH_TRY(join((void **)&s->shape_end, &s->shape_count, &s->shape_capacity, from->shape_end, from->shape_count, sizeof *s->shape_end, err));
    PH_TRY(join((void **)&s->part_end, &s->part_count, &s->part_capacity, from->part_end, from->part_count, sizeof *s->part_end, err));
    PH_TRY(join((void **)&s->ring_end, &s->ring_count, &s->ring_capacity, from->ring_end, from->ring_count, sizeof *s->ring_end, err));
    PH_TRY(join((void **)&s->points, &s->point_count, &s->point_capacity, from->points, from->point_count, sizeof *s->points, err));
    ph_shapes_dispose(from);
    return PH_OK;
}

void ph_shapes_dispose(struct ph_shapes *shapes)
{
    free(shapes->points);
    free(shapes->ring_end);
    free(shapes->part_end);
    free(shapes->shape_end);
    free(shapes->boxes);
    memset(shapes, 0, sizeof *shapes);
}

void ph_bundles_dispose(struct ph_bundles *bundles)
{
    free(bundles->members);
    free(bundles->end);
    free(bundles->boxes);
    memset(bundles, 0, sizeof *bundles);
}
