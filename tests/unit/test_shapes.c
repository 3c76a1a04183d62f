#include "model/shapes.h"

#include <math.h>

#include "test.h"

static void add_square(struct ph_shapes *shapes, double x, double y, double side)
{
    const double corners[5][2] = {{x, y}, {x, y + side}, {x + side, y + side}, {x + side, y}, {x, y}};
    for (size_t i = 0; i < 5; i++) assert_int_equal(ph_shapes_add_point(shapes, corners[i][0], corners[i][1], NULL), PH_OK);
    assert_int_equal(ph_shapes_end_ring(shapes, NULL), PH_OK);
}

static void assert_box(struct ph_box box, double min_x, double min_y, double max_x, double max_y)
{
    assert_true(box.min_x == min_x && box.min_y == min_y && box.max_x == max_x && box.max_y == max_y);
}

/* Shape 0: one part with a hole and one without; shape 1: no part; shape 2: one part. */
static void build_three(struct ph_shapes *shapes)
{
    add_square(shapes, 0, 0, 100);
    add_square(shapes, 10, 10, 20);
    assert_int_equal(ph_shapes_end_part(shapes, NULL), PH_OK);
    add_square(shapes, 200, -50, 10);
    assert_int_equal(ph_shapes_end_part(shapes, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_shape(shapes, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_shape(shapes, NULL), PH_OK);
    add_square(shapes, 500, 500, 1);
    assert_int_equal(ph_shapes_end_part(shapes, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_shape(shapes, NULL), PH_OK);
}

static void levels_tile_without_gaps(void **state)
{
    (void)state;
    struct ph_shapes s = {0};
    build_three(&s);
    assert_int_equal(s.shape_count, 3);
    assert_int_equal(s.part_count, 3);
    assert_int_equal(s.ring_count, 4);
    assert_int_equal(s.point_count, 20);
    static const uint32_t first_part[] = {0, 2, 2}, end_part[] = {2, 2, 3};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(ph_first_part(&s, i), first_part[i]);
        assert_int_equal(s.shape_end[i], end_part[i]);
    }
    static const uint32_t first_ring[] = {0, 2, 3};
    for (size_t i = 0; i < 3; i++) assert_int_equal(ph_first_ring(&s, i), first_ring[i]);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(ph_first_point(&s, i), 5 * i);
        assert_int_equal(s.ring_end[i], 5 * i + 5);
    }
    ph_shapes_dispose(&s);
}

static void boxes_cover_their_own_shape_only(void **state)
{
    (void)state;
    struct ph_shapes s = {0};
    build_three(&s);
    assert_box(s.boxes[0], 0, -50, 210, 100);
    assert_true(s.boxes[1].min_x > s.boxes[1].max_x); /* empty geometry */
    assert_true(s.boxes[1].min_y > s.boxes[1].max_y);
    assert_box(s.boxes[2], 500, 500, 501, 501);
    ph_shapes_dispose(&s);
}

static void an_empty_shape_may_come_first(void **state)
{
    (void)state;
    struct ph_shapes s = {0};
    assert_int_equal(ph_shapes_end_shape(&s, NULL), PH_OK);
    add_square(&s, 1, 2, 3);
    assert_int_equal(ph_shapes_end_part(&s, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_shape(&s, NULL), PH_OK);
    assert_true(s.boxes[0].min_x > s.boxes[0].max_x);
    assert_box(s.boxes[1], 1, 2, 4, 5);
    assert_int_equal(ph_first_part(&s, 1), 0);
    ph_shapes_dispose(&s);
}

static void nan_coordinates_do_not_spoil_the_box(void **state)
{
    (void)state;
    struct ph_shapes s = {0};
    assert_int_equal(ph_shapes_add_point(&s, NAN, NAN, NULL), PH_OK);
    add_square(&s, 7, 8, 1);
    assert_int_equal(ph_shapes_end_part(&s, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_shape(&s, NULL), PH_OK);
    assert_box(s.boxes[0], 7, 8, 8, 9);
    ph_shapes_dispose(&s);
}

static void everything_survives_growth(void **state)
{
    (void)state;
    struct ph_shapes s = {0};
    enum { COUNT = 20000 };
    for (size_t i = 0; i < COUNT; i++) {
        add_square(&s, (double)i, (double)(2 * i), 1);
        assert_int_equal(ph_shapes_end_part(&s, NULL), PH_OK);
        assert_int_equal(ph_shapes_end_shape(&s, NULL), PH_OK);
    }
    assert_int_equal(s.point_count, 5 * COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        size_t point = ph_first_point(&s, ph_first_ring(&s, ph_first_part(&s, i)));
        assert_int_equal(point, 5 * i);
        assert_true(s.points[point].x == (double)i && s.points[point].y == (double)(2 * i));
        assert_box(s.boxes[i], (double)i, (double)(2 * i), (double)i + 1, (double)(2 * i) + 1);
    }
    ph_shapes_dispose(&s);
    assert_null(s.points);
    assert_int_equal(s.shape_count, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_tile_without_gaps),      cmocka_unit_test(boxes_cover_their_own_shape_only),
        cmocka_unit_test(an_empty_shape_may_come_first), cmocka_unit_test(nan_coordinates_do_not_spoil_the_box),
        cmocka_unit_test(everything_survives_growth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
