#include "io/rings.h"

#include <string.h>

#include "test.h"

/* A square ring with its lower left corner at x, y; clockwise, or the other way. */
struct square {
    double x, y, side;
    int ends_part; /* the part ends after this ring */
    int counter;
};

static void add(struct ph_shapes *s, const struct square *q)
{
    struct ph_xy clockwise[] = {{q->x, q->y}, {q->x, q->y + q->side}, {q->x + q->side, q->y + q->side}, {q->x + q->side, q->y}, {q->x, q->y}};
    for (size_t i = 0; i < 5; i++) {
        struct ph_xy p = clockwise[q->counter ? 4 - i : i];
        assert_int_equal(ph_shapes_add_point(s, p.x, p.y, NULL), PH_OK);
    }
    assert_int_equal(ph_shapes_end_ring(s, NULL), PH_OK);
    if (q->ends_part) assert_int_equal(ph_shapes_end_part(s, NULL), PH_OK);
}

/* Settles the squares as the second shape behind an untouched first one; the result: rings per part, "2,1". */
static bool settle(const struct square *squares, size_t count, bool by_winding, const char *parts, double first_side)
{
    struct ph_shapes s = {0};
    static const struct square before = {-50, -50, 1, 1, 0};
    add(&s, &before);
    assert_int_equal(ph_shapes_end_shape(&s, NULL), PH_OK);
    for (size_t i = 0; i < count; i++) add(&s, &squares[i]);
    bool changed = true;
    assert_int_equal(ph_rings_settle(&s, by_winding, &changed, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_shape(&s, NULL), PH_OK);
    assert_int_equal(s.shape_count, 2);
    assert_int_equal(s.ring_count, count + 1);
    assert_int_equal(s.point_count, 5 * (count + 1));
    char found[64] = "";
    for (size_t part = ph_first_part(&s, 1); part < s.shape_end[1]; part++) {
        size_t used = strlen(found);
        found[used] = (char)('0' + (s.part_end[part] - ph_first_ring(&s, part)));
        found[used + 1] = '\0';
    }
    assert_string_equal(found, parts);
    const struct ph_xy *p = &s.points[ph_first_point(&s, ph_first_ring(&s, ph_first_part(&s, 1)))];
    assert_true(p[2].x - p[0].x == first_side || p[0].x - p[2].x == first_side);
    assert_true(s.points[0].x == -50);
    ph_shapes_dispose(&s);
    return changed;
}

static void right_roles_stay(void **state)
{
    (void)state;
    const struct square one[] = {{0, 0, 10, 1, 0}};
    const struct square holed[] = {{0, 0, 10, 0, 0}, {2, 2, 2, 0, 1}, {6, 6, 2, 1, 1}};
    const struct square apart[] = {{0, 0, 10, 1, 0}, {20, 0, 10, 1, 0}};
    const struct square island[] = {{0, 0, 10, 0, 0}, {2, 2, 6, 1, 1}, {4, 4, 2, 1, 0}};
    const struct square touching[] = {{0, 0, 10, 1, 0}, {10, 0, 5, 1, 0}};
    assert_false(settle(one, 1, true, "1", 10));
    assert_false(settle(holed, 3, true, "3", 10));
    assert_false(settle(apart, 2, true, "11", 10));
    assert_false(settle(island, 3, true, "21", 10));
    assert_false(settle(touching, 2, true, "11", 10));
}

static void a_hole_larger_than_its_ring_is_none(void **state)
{
    (void)state;
    const struct square swapped[] = {{2, 2, 2, 0, 0}, {0, 0, 10, 1, 1}};
    const struct square two[] = {{2, 2, 2, 0, 0}, {0, 0, 10, 0, 1}, {6, 6, 2, 1, 0}};
    assert_true(settle(swapped, 2, false, "2", 10));
    assert_true(settle(two, 3, false, "3", 10));
}

/* A shapefile whose holes are wound as outer rings: GDAL gives parts inside parts. Where the format tells them apart
 * otherwise, a part inside another is an overlap of the parcel with itself, and stays. */
static void parts_inside_parts(void **state)
{
    (void)state;
    const struct square nested[] = {{0, 0, 10, 1, 0}, {2, 2, 2, 1, 0}};
    const struct square deep[] = {{4, 4, 2, 1, 0}, {0, 0, 10, 1, 0}, {2, 2, 6, 1, 0}, {20, 0, 10, 1, 0}};
    assert_true(settle(nested, 2, true, "2", 10));
    assert_false(settle(nested, 2, false, "11", 10));
    assert_true(settle(deep, 4, true, "211", 10));
    for (int side = 0; side < 4; side++) { /* a hole may touch its ring, on any side */
        const struct square hugging[] = {{0, 0, 10, 1, 0}, {side == 0 ? 0 : side == 1 ? 8 : 4, side == 2 ? 0 : side == 3 ? 8 : 4, 2, 1, 0}};
        assert_true(settle(hugging, 2, true, "2", 10));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_roles_stay),
        cmocka_unit_test(a_hole_larger_than_its_ring_is_none),
        cmocka_unit_test(parts_inside_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
