#include "surface_bench.h"

#include <math.h>
#include <string.h>

#include "test.h"

const struct ph_xy corners[CORNERS] = {{-0.46, -0.31}, {0.12, -0.50}, {0.50, -0.22}, {0.21, 0.06},
                                       {0.43, 0.41},   {-0.18, 0.50}, {-0.50, 0.13}};

void open_bench(struct bench *b, const char *definition)
{
    memset(b, 0, sizeof *b);
    assert_int_equal(ph_crs_new(definition, &b->crs, NULL), PH_OK);
    b->witness = witness_open(definition);
    assert_non_null(b->witness);
}

void close_bench(struct bench *b)
{
    ph_surface_free(b->surface);
    ph_shapes_dispose(&b->shapes);
    witness_close(b->witness);
    ph_crs_free(b->crs);
}

void end_shape(struct ph_shapes *shapes)
{
    assert_int_equal(ph_shapes_end_part(shapes, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_shape(shapes, NULL), PH_OK);
}

void add_ring(struct ph_shapes *shapes, const struct ph_xy *points, size_t count)
{
    for (size_t i = 0; i <= count; i++) {
        struct ph_xy p = points[i % count];
        assert_int_equal(ph_shapes_add_point(shapes, p.x, p.y, NULL), PH_OK);
    }
    assert_int_equal(ph_shapes_end_ring(shapes, NULL), PH_OK);
}

void add_plot(struct ph_shapes *shapes, struct ph_xy at, double size, bool reversed)
{
    struct ph_xy ring[CORNERS];
    for (size_t i = 0; i < CORNERS; i++) {
        struct ph_xy c = corners[reversed ? CORNERS - 1 - i : i];
        ring[i] = (struct ph_xy){at.x + c.x * size, at.y + c.y * size};
    }
    add_ring(shapes, ring, CORNERS);
}

void measure(struct bench *b, double *plane, double *ellipsoid, size_t *slow)
{
    if (b->surface == NULL)
        assert_int_equal(ph_surface_new(b->crs, b->shapes.boxes, b->shapes.shape_count, &b->surface, NULL), PH_OK);
    assert_int_equal(ph_surface_measure(b->surface, &b->shapes, 0, b->shapes.shape_count, plane, ellipsoid, slow, NULL), PH_OK);
}

double tolerance(double area)
{
    return fmax(1e-6, 1e-10 * area);
}
