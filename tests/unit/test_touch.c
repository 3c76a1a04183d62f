/* The touch test claims only what GEOS finds too. */
#include "geo/touch.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "geo/common_area.h"
#include "geo/geos.h"
#include "geo/orient.h"
#include "geo/simple.h"
#include "geos_witness.h"
#include "test.h"

enum { MOST = 64 };

struct bench {
    struct witness witness;
    struct ph_shapes shapes;
    struct ph_toucher toucher;
    struct ph_simple simple;
    struct ph_geos *geos;
};

static struct bench bench_new(void)
{
    struct bench b = {.witness = witness_new()};
    assert_int_equal(ph_geos_new(&b.geos, NULL), PH_OK);
    return b;
}

static void bench_free(struct bench *b)
{
    ph_shapes_dispose(&b->shapes);
    ph_toucher_dispose(&b->toucher);
    ph_simple_dispose(&b->simple);
    ph_geos_free(b->geos);
    witness_free(&b->witness);
}

static void bench_clear(struct bench *b)
{
    b->shapes.point_count = b->shapes.ring_count = b->shapes.part_count = b->shapes.shape_count = 0;
}

/* Traces both shapes, proves the simple test along the way, and asks the touch test. */
static enum ph_touch ask(struct bench *b, bool *valid)
{
    struct ph_outline outline;
    assert_int_equal(ph_outline_init(&outline, &b->shapes, NULL), PH_OK);
    *valid = true;
    for (size_t i = 0; i < 2; i++) {
        bool simple, real = witness_valid(&b->witness, &b->shapes, i);
        assert_true(ph_outline_trace(&outline, i));
        assert_int_equal(ph_shape_simple(&b->simple, &outline, i, &simple, NULL), PH_OK);
        assert_true(real || !simple);
        struct ph_validity validity;
        assert_int_equal(ph_geos_validity(b->geos, (struct ph_shape_ref){&b->shapes, i}, &validity, NULL), PH_OK);
        assert_int_equal(validity.flaw == PH_FLAW_NONE, real);
        outline.clean[i] = real;
        *valid &= real;
    }
    enum ph_touch answer, turned;
    assert_int_equal(ph_touch(&b->toucher, &outline, 0, &outline, 1, &answer, NULL), PH_OK);
    assert_int_equal(ph_touch(&b->toucher, &outline, 1, &outline, 0, &turned, NULL), PH_OK);
    if (answer == PH_TOUCH_A_INSIDE) assert_int_equal(turned, PH_TOUCH_B_INSIDE);
    else if (answer == PH_TOUCH_B_INSIDE) assert_int_equal(turned, PH_TOUCH_A_INSIDE);
    else assert_int_equal(turned, answer);
    ph_outline_dispose(&outline);
    return answer;
}

static enum ph_touch ask_wkt(struct bench *b, const char *first, const char *second)
{
    bool valid;
    bench_clear(b);
    assert_true(put_wkt(&b->witness, &b->shapes, first));
    assert_true(put_wkt(&b->witness, &b->shapes, second));
    return ask(b, &valid);
}

#define SQUARE "POLYGON((0 0,10 0,10 10,0 10,0 0))"
#define FRAME "POLYGON((0 0,10 0,10 10,0 10,0 0),(2 2,8 2,8 8,2 8,2 2))"

static void known_pairs(void **state)
{
    (void)state;
    static const struct {
        const char *name, *a, *b;
        enum ph_touch answer;
    } cases[] = {
        {"shared edge", SQUARE, "POLYGON((10 0,20 0,20 10,10 10,10 0))", PH_TOUCH_DISJOINT},
        {"shared edge, both clockwise", "POLYGON((0 0,0 10,10 10,10 0,0 0))", "POLYGON((10 0,10 10,20 10,20 0,10 0))", PH_TOUCH_DISJOINT},
        {"shared edge, windings differ", SQUARE, "POLYGON((10 0,10 10,20 10,20 0,10 0))", PH_TOUCH_DISJOINT},
        {"part of an edge shared", SQUARE, "POLYGON((10 2,20 2,20 8,10 8,10 2))", PH_TOUCH_DISJOINT},
        {"T-junction with the vertex on one side only", SQUARE, "POLYGON((10 5,20 5,20 15,10 15,10 5))", PH_TOUCH_DISJOINT},
        {"corner on corner", SQUARE, "POLYGON((10 10,20 10,20 20,10 20,10 10))", PH_TOUCH_DISJOINT},
        {"corner on edge", SQUARE, "POLYGON((10 5,15 0,15 10,10 5))", PH_TOUCH_DISJOINT},
        {"corner through edge", SQUARE, "POLYGON((9 5,15 0,15 10,9 5))", PH_TOUCH_UNKNOWN},
        {"the same", SQUARE, SQUARE, PH_TOUCH_UNKNOWN},
        {"the same, other start and winding", SQUARE, "POLYGON((10 10,10 0,0 0,0 10,10 10))", PH_TOUCH_UNKNOWN},
        {"inside", SQUARE, "POLYGON((2 2,8 2,8 8,2 8,2 2))", PH_TOUCH_B_INSIDE},
        {"inside, along an edge", SQUARE, "POLYGON((2 0,8 0,8 8,2 8,2 0))", PH_TOUCH_UNKNOWN},
        {"inside, corner on edge", SQUARE, "POLYGON((5 0,8 8,2 8,5 0))", PH_TOUCH_UNKNOWN},
        {"around", "POLYGON((2 2,8 2,8 8,2 8,2 2))", SQUARE, PH_TOUCH_A_INSIDE},
        {"filling the hole", FRAME, "POLYGON((2 2,8 2,8 8,2 8,2 2))", PH_TOUCH_DISJOINT},
        {"in the hole, apart from it", FRAME, "POLYGON((3 3,7 3,7 7,3 7,3 3))", PH_TOUCH_DISJOINT},
        {"in the hole, on one edge", FRAME, "POLYGON((2 3,7 3,7 7,2 7,2 3))", PH_TOUCH_DISJOINT},
        {"over the hole", FRAME, "POLYGON((1 1,9 1,9 9,1 9,1 1))", PH_TOUCH_UNKNOWN},
        {"in the frame's own ground", FRAME, "POLYGON((0.5 0.5,1.5 0.5,1.5 1.5,0.5 1.5,0.5 0.5))", PH_TOUCH_B_INSIDE},
        {"frame in frame", FRAME, "POLYGON((3 3,7 3,7 7,3 7,3 3),(4 4,6 4,6 6,4 6,4 4))", PH_TOUCH_DISJOINT},
        {"two parts, one in the hole, one outside", FRAME,
         "MULTIPOLYGON(((3 3,7 3,7 7,3 7,3 3)),((10 0,20 0,20 10,10 10,10 0)))", PH_TOUCH_DISJOINT},
        {"two parts, one inside", SQUARE, "MULTIPOLYGON(((3 3,7 3,7 7,3 7,3 3)),((10 0,20 0,20 10,10 10,10 0)))", PH_TOUCH_UNKNOWN},
        {"hole touching the outer ring, filled", "POLYGON((0 0,10 0,10 10,0 10,0 0),(5 0,8 5,2 5,5 0))", "POLYGON((5 0,8 5,2 5,5 0))",
         PH_TOUCH_UNKNOWN},
        {"repeated points", "POLYGON((0 0,10 0,10 0,10 10,10 10,0 10,0 0))", "POLYGON((10 0,20 0,20 10,10 10,10 10,10 0))", PH_TOUCH_DISJOINT},
        {"boxes apart", SQUARE, "POLYGON((30 0,40 0,40 10,30 0))", PH_TOUCH_DISJOINT},
        {"boxes meet, shapes do not", "POLYGON((0 0,10 0,0 10,0 0))", "POLYGON((10 10,10 1,9 10,10 10))", PH_TOUCH_DISJOINT},
        {"bow-tie", "POLYGON((0 0,10 10,10 0,0 10,0 0))", "POLYGON((10 0,20 0,20 10,10 10,10 0))", PH_TOUCH_UNKNOWN},
        {"crossing like a plus", "POLYGON((0 4,10 4,10 6,0 6,0 4))", "POLYGON((4 0,6 0,6 10,4 10,4 0))", PH_TOUCH_UNKNOWN},
        {"crossing through two corners", SQUARE, "POLYGON((0 0,10 10,10 20,-10 20,0 0))", PH_TOUCH_UNKNOWN},
    };
    struct bench b = bench_new();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum ph_touch answer = ask_wkt(&b, cases[i].a, cases[i].b);
        if (answer != cases[i].answer) fail_msg("%s: %d, not %d", cases[i].name, (int)answer, (int)cases[i].answer);
    }
    bench_free(&b);
}

/* How lattice places become coordinates. */
struct frame {
    struct ph_xy origin;
    double step;
};

static struct ph_xy at(const struct frame *frame, int x, int y)
{
    return (struct ph_xy){frame->origin.x + frame->step * x, frame->origin.y + frame->step * y};
}

/* Points of a small lattice in the order of their direction from its middle: often simple, often not. */
static size_t lattice_ring(struct dice *dice, const struct frame *frame, struct ph_xy *out)
{
    size_t n = (size_t)(3 + roll_int(dice, 6));
    int ox = roll_int(dice, 5), oy = roll_int(dice, 5);
    double direction[16];
    for (size_t i = 0; i < n; i++) {
        int x = roll_int(dice, 7), y = roll_int(dice, 7);
        struct ph_xy p = at(frame, x + ox, y + oy);
        double key = atan2(y - 3.1, x - 3.2) + (roll_int(dice, 12) == 0 ? 1.5 : 0);
        size_t j = i;
        for (; j > 0 && direction[j - 1] > key; j--) {
            direction[j] = direction[j - 1];
            out[j] = out[j - 1];
        }
        direction[j] = key;
        out[j] = p;
    }
    return n;
}

/* A chain across the square 0..8 by 0..8 parts it in two: a takes the left side, b the right one. */
static size_t half(struct dice *dice, const struct frame *frame, const struct ph_xy *chain, size_t count, bool right, struct ph_xy *out)
{
    size_t n = 0;
    bool drop = roll_int(dice, 3) == 0;
    for (size_t i = 0; i < count; i++) {
        if (drop && i > 0 && i + 1 < count && roll_int(dice, 2) == 0) continue; /* a vertex that the neighbour does not have */
        struct ph_xy p = chain[i];
        if (roll_int(dice, 60) == 0) p.x = nextafter(p.x, roll_int(dice, 2) ? INFINITY : -INFINITY);
        if (roll_int(dice, 60) == 0) p.y += frame->step * (roll_unit(dice) - 0.5) * 0.01;
        out[n++] = p;
        if (roll_int(dice, 20) == 0) out[n++] = p;
        if (i + 1 < count && roll_int(dice, 8) == 0) /* a vertex nearly or exactly on the edge */
            out[n++] = (struct ph_xy){(p.x + chain[i + 1].x) / 2, (p.y + chain[i + 1].y) / 2};
    }
    int side = right ? 12 : -4;
    out[n++] = at(frame, side, 8);
    out[n++] = at(frame, side, 0);
    return n;
}

static void halves(struct dice *dice, const struct frame *frame, struct ph_xy *a, size_t *na, struct ph_xy *b, size_t *nb)
{
    struct ph_xy chain[12];
    size_t count = (size_t)(2 + roll_int(dice, 6));
    int x = 4;
    for (size_t i = 0; i < count; i++) {
        chain[i] = at(frame, x, (int)(8 * i / (count - 1)));
        if (roll_int(dice, 2) == 0) x = 2 + roll_int(dice, 5);
    }
    *na = half(dice, frame, chain, count, false, a);
    *nb = half(dice, frame, chain, count, true, b);
}

/* Any start, either winding. */
static void put_turned(struct dice *dice, struct ph_shapes *shapes, const struct ph_xy *points, size_t count)
{
    struct ph_xy out[MOST];
    size_t start = (size_t)roll_int(dice, (int)count);
    bool back = roll_int(dice, 2) == 0;
    for (size_t i = 0; i < count; i++) out[i] = points[(start + (back ? count - i : i)) % count];
    put_ring(shapes, out, count);
}

static void box_ring(const struct frame *frame, int x, int y, int wide, int high, struct ph_xy *out)
{
    out[0] = at(frame, x, y);
    out[1] = at(frame, x + wide, y);
    out[2] = at(frame, x + wide, y + high);
    out[3] = at(frame, x, y + high);
}

/* A box, now and then with a hole and a second part, on the lattice. */
static void put_boxes(struct dice *dice, const struct frame *frame, struct ph_shapes *shapes)
{
    struct ph_xy ring[4];
    int x = roll_int(dice, 6), y = roll_int(dice, 6), wide = 1 + roll_int(dice, 8), high = 1 + roll_int(dice, 8);
    box_ring(frame, x, y, wide, high, ring);
    put_turned(dice, shapes, ring, 4);
    if (wide > 2 && high > 2 && roll_int(dice, 2) == 0) {
        box_ring(frame, x + 1, y + 1, 1 + roll_int(dice, wide - 2), 1 + roll_int(dice, high - 2), ring);
        put_turned(dice, shapes, ring, roll_int(dice, 4) == 0 ? 3 : 4);
    }
    put_part(shapes);
    if (roll_int(dice, 4) == 0) {
        box_ring(frame, x + roll_int(dice, 9), y + roll_int(dice, 9), 1 + roll_int(dice, 3), 1 + roll_int(dice, 3), ring);
        put_turned(dice, shapes, ring, roll_int(dice, 4) == 0 ? 3 : 4);
        put_part(shapes);
    }
    put_shape(shapes);
}

static void put_random_pair(struct dice *dice, struct ph_shapes *shapes)
{
    static const struct frame frames[] = {
        {{0, 0}, 1}, {{38500000, 3100000}, 1}, {{38500000.125, 3100000.7}, 0.37}, {{38512345.678, 2987654.321}, 1e-3},
        {{113.2, 30.4}, 1e-5}, {{38500000, 3100000}, 1e-7}, {{-38500000.3, 0.1}, 13.7},
    };
    const struct frame *frame = &frames[roll_int(dice, 7)];
    struct ph_xy a[MOST], b[MOST];
    size_t na = 0, nb = 0;
    int kind = roll_int(dice, 3);
    if (kind == 2) {
        put_boxes(dice, frame, shapes);
        put_boxes(dice, frame, shapes);
        return;
    }
    if (kind == 0) {
        na = lattice_ring(dice, frame, a);
        nb = lattice_ring(dice, frame, b);
    } else {
        halves(dice, frame, a, &na, b, &nb);
    }
    put_turned(dice, shapes, a, na);
    put_part(shapes);
    put_shape(shapes);
    put_turned(dice, shapes, b, nb);
    put_part(shapes);
    put_shape(shapes);
}

static void describe(const struct ph_shapes *s)
{
    for (size_t ring = 0; ring < s->ring_count; ring++) {
        printf("ring %zu:", ring);
        for (uint32_t i = ph_first_point(s, ring); i < s->ring_end[ring]; i++) printf(" %.17g %.17g,", s->points[i].x, s->points[i].y);
        printf("\n");
    }
}

/* Every answer that is not UNKNOWN is what GEOS's relation says, over pairs made to touch in every way. */
static void conservative_on_random_pairs(void **state)
{
    (void)state;
    struct bench b = bench_new();
    struct dice dice = {20261123};
    size_t counts[4] = {0}, missed = 0, invalid = 0, overlaid = 0;
    for (int round = 0; round < 240000; round++) {
        bench_clear(&b);
        put_random_pair(&dice, &b.shapes);
        bool valid;
        enum ph_touch answer = ask(&b, &valid);
        counts[answer]++;
        invalid += !valid;
        if (!valid) {
            if (answer != PH_TOUCH_UNKNOWN) assert_false(ph_boxes_meet(&b.shapes.boxes[0], &b.shapes.boxes[1]));
            continue;
        }
        char relation[10];
        witness_relate(&b.witness, &b.shapes, 0, 1, relation);
        bool right = answer == PH_TOUCH_UNKNOWN || (answer == PH_TOUCH_DISJOINT && relation[0] == 'F') ||
                     (answer == PH_TOUCH_A_INSIDE && strncmp(relation, "2FF1FF", 6) == 0) ||
                     (answer == PH_TOUCH_B_INSIDE && relation[0] == '2' && relation[1] == '1' && relation[3] == 'F' && relation[4] == 'F' &&
                      relation[6] == 'F' && relation[7] == 'F');
        if (!right && answer == PH_TOUCH_DISJOINT && relation[0] == '?') { /* GEOS's relation gave up: its overlay decides */
            right = witness_common_area(&b.witness, &b.shapes, 0, 1) == 0;
            overlaid++;
        }
        if (!right) {
            describe(&b.shapes);
            fail_msg("round %d: answer %d, relation %s, common area %g", round, (int)answer, relation,
                     witness_common_area(&b.witness, &b.shapes, 0, 1));
        }
        missed += answer == PH_TOUCH_UNKNOWN && relation[0] == 'F';
    }
    print_message("pairs: %zu disjoint, %zu inside, %zu unknown (of these disjoint: %zu, with an invalid shape: %zu); %zu by overlay\n", counts[PH_TOUCH_DISJOINT],
                  counts[PH_TOUCH_A_INSIDE] + counts[PH_TOUCH_B_INSIDE], counts[PH_TOUCH_UNKNOWN], missed, invalid, overlaid);
    assert_true(counts[PH_TOUCH_DISJOINT] > 50000);
    assert_true(counts[PH_TOUCH_UNKNOWN] - invalid > 50000);
    assert_true(missed < counts[PH_TOUCH_DISJOINT] / 20);
    bench_free(&b);
}

/* The area that decides what GEOS need not look at. What GEOS's own intersection points are rounded by is allowed for. */
static void common_area_on_random_pairs(void **state)
{
    (void)state;
    struct bench b = bench_new();
    struct ph_slopes slopes = {0};
    struct dice dice = {4711};
    size_t compared = 0;
    for (int round = 0; round < 60000; round++) {
        bench_clear(&b);
        put_random_pair(&dice, &b.shapes);
        if (!witness_valid(&b.witness, &b.shapes, 0) || !witness_valid(&b.witness, &b.shapes, 1)) continue;
        struct ph_outline outline;
        assert_int_equal(ph_outline_init(&outline, &b.shapes, NULL), PH_OK);
        assert_true(ph_outline_trace(&outline, 0) && ph_outline_trace(&outline, 1));
        double area, margin, truth = witness_common_area(&b.witness, &b.shapes, 0, 1);
        assert_int_equal(ph_common_area(&slopes, &outline, 0, &outline, 1, &area, &margin, NULL), PH_OK);
        const struct ph_box *box = &b.shapes.boxes[0];
        double size = box->max_x - box->min_x + box->max_y - box->min_y, ulp = fmax(fabs(box->max_x), fabs(box->max_y)) * 0x1p-52;
        if (!(fabs(area - truth) <= margin + 20 * ulp * size)) {
            describe(&b.shapes);
            fail_msg("round %d: %.17g, GEOS %.17g, margin %g", round, area, truth, margin);
        }
        assert_true(margin <= 1e-9 * (size * size + 200 * size));
        ph_outline_dispose(&outline);
        compared++;
    }
    print_message("%zu pairs compared\n", compared);
    assert_true(compared > 30000);
    ph_slopes_dispose(&slopes);
    bench_free(&b);
}

/* Many vertices: runs and the sorted sweep are on their way too. */
static void long_boundaries(void **state)
{
    (void)state;
    struct bench b = bench_new();
    struct dice dice = {7};
    for (int round = 0; round < 300; round++) {
        bench_clear(&b);
        enum { TEETH = 400 };
        static struct ph_xy seam[TEETH], ring[TEETH + 2];
        for (int i = 0; i < TEETH; i++) seam[i] = (struct ph_xy){38500000 + 0.31 * i, 3100000 + roll_unit(&dice)};
        for (int side = 0; side < 2; side++) {
            memcpy(ring, seam, sizeof seam);
            if (side == 1 && round % 3 == 1) ring[roll_int(&dice, TEETH)].y -= 1e-9 + roll_unit(&dice);
            ring[TEETH] = (struct ph_xy){38500000 + 0.31 * (TEETH - 1), 3100000 + (side ? 9 : -9)};
            ring[TEETH + 1] = (struct ph_xy){38500000, 3100000 + (side ? 9 : -9)};
            put_ring(&b.shapes, ring, TEETH + 2);
            put_part(&b.shapes);
            put_shape(&b.shapes);
        }
        bool valid;
        enum ph_touch answer = ask(&b, &valid);
        assert_true(valid);
        char relation[10];
        witness_relate(&b.witness, &b.shapes, 0, 1, relation);
        assert_int_equal(answer, relation[0] == 'F' ? PH_TOUCH_DISJOINT : PH_TOUCH_UNKNOWN);
    }
    bench_free(&b);
}

/* Points 1 ulp beside a long line: where a filter alone or 80-bit arithmetic gives the wrong side. */
static void orientation_is_exact(void **state)
{
    (void)state;
    struct dice dice = {99};
    size_t zero = 0;
    for (int i = 0; i < 200000; i++) {
        int64_t x0 = 38500000000 + roll_int(&dice, 1000), y0 = 3100000000 + roll_int(&dice, 1000);
        int64_t dx = roll_int(&dice, 4000), dy = roll_int(&dice, 4000), k = roll_int(&dice, 100000);
        int64_t x1 = x0 + dx * k + roll_int(&dice, 3) - 1, y1 = y0 + dy * k, x2 = x0 + dx, y2 = y0 + dy;
        int64_t det = (x1 - x0) * (y2 - y0) - (y1 - y0) * (x2 - x0); /* whole numbers: exact */
        int truth = (det > 0) - (det < 0);
        struct ph_xy a = {(double)x0, (double)y0}, b = {(double)x1, (double)y1}, c = {(double)x2, (double)y2};
        assert_int_equal(ph_orient(a, b, c), truth);
        assert_int_equal(ph_orient_exact(a, b, c), truth);
        assert_int_equal(ph_orient_exact(b, a, c), -truth);
        zero += truth == 0;
    }
    assert_true(zero > 1000);
    struct ph_xy a = {0.5, 0.5}, b = {12, 12}, c = {24, 24};
    for (int i = 0; i < 200; i++, a.x = nextafter(a.x, 1)) assert_int_equal(ph_orient(a, b, c), i == 0 ? 0 : -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_pairs),
        cmocka_unit_test(orientation_is_exact),
        cmocka_unit_test(long_boundaries),
        cmocka_unit_test(common_area_on_random_pairs),
        cmocka_unit_test(conservative_on_random_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
