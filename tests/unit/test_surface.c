#include "geo/surface.h"

#include <math.h>
#include <stdbool.h>

#include "surface_bench.h"
#include "test.h"

static const char lambert_china[] = "+proj=lcc +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +ellps=GRS80 +units=m +type=crs";
static const char albers_china[] = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +ellps=krass +units=m +type=crs";

/* A grid of places that a CRS is tried at: its reference meridian and how far from it, in degrees. */
struct region {
    const char *name, *definition;
    double meridian, offsets[4], latitudes[4];
};

static const struct region regions[] = {
    {"GK 3 CGCS2000 prefix 38", "EPSG:4526", 114, {-1.5, -0.6, 0, 1.5}, {18, 26.9, 40, 53}},
    {"GK 3 beyond its zone", "EPSG:4526", 114, {-3, -2, 2.2, 3}, {18, 26.9, 40, 53}},
    {"GK 3 CGCS2000 CM 111", "EPSG:4546", 111, {-1.5, 0.3, 1, 1.6}, {18, 26.9, 40, 53}},
    {"GK 6 CGCS2000 prefix 19", "EPSG:4497", 111, {-3, -1.2, 0, 3}, {18, 26.9, 40, 53}},
    {"GK 3 Xi'an 80 prefix 37", "EPSG:2361", 111, {-1.5, -0.6, 0, 1.5}, {18, 26.9, 40, 53}},
    {"GK 6 Beijing 54", "EPSG:21419", 111, {-3, -1.2, 0, 3}, {18, 26.9, 40, 53}},
    {"UTM 49N", "EPSG:32649", 111, {-3, -1.2, 0, 3}, {18, 26.9, 40, 53}},
    {"Lambert-93", "EPSG:2154", 3, {-5, 0, 2, 6}, {42, 45, 48, 51}},
    {"Lambert China", lambert_china, 105, {-30, -8, 7.6, 28}, {18, 26.9, 40, 53}},
    {"Albers China, Krassovsky", albers_china, 105, {-30, -8, 7.6, 28}, {18, 26.9, 40, 53}},
    {"Web Mercator", "EPSG:3857", 112, {-30, -8, 0.6, 20}, {18, 26.9, 40, 53}},
    {"Lambert California, US feet", "EPSG:2229", -118, {-3, -1, 0, 3}, {33, 34, 35, 35.8}},
    {"Oblique, Switzerland", "EPSG:2056", 8, {-2, -0.5, 0.5, 2}, {45.9, 46.5, 47, 47.7}},
    {"longitude-latitude CGCS2000", "EPSG:4490", 112, {-30, -8, 0.6, 20}, {18, 26.9, 40, 53}},
    {"longitude-latitude Beijing 54", "EPSG:4214", 112, {-30, -8, 0.6, 20}, {18, 26.9, 40, 53}},
};

/* Size in metres, the witness's step, and which places are tried (the large sizes are slow). */
static const struct {
    double size, step;
    size_t stride;
} sizes[] = {{10, 0.05, 1}, {100, 0.25, 1}, {1000, 0.9, 1}, {3000, 0.9, 5}, {10000, 0.99, 5}};
enum { SIZES = sizeof sizes / sizeof *sizes, PLACES = 16 };

static void try_region(const struct region *region, double worst[SIZES])
{
    struct bench b;
    open_bench(&b, region->definition);
    double units = witness_units(b.witness);
    for (size_t s = 0; s < SIZES; s++)
        for (size_t p = 0; p < PLACES; p += sizes[s].stride) {
            struct ph_xy at = witness_place(b.witness, region->meridian + region->offsets[p % 4], region->latitudes[p / 4]);
            add_plot(&b.shapes, at, sizes[s].size * units, p % 2);
            add_plot(&b.shapes, (struct ph_xy){at.x - 0.25 * sizes[s].size * units, at.y}, 0.2 * sizes[s].size * units,
                     p % 3 == 0);
            end_shape(&b.shapes);
        }
    double plane[SIZES * PLACES], ellipsoid[SIZES * PLACES];
    size_t slow = 0, shape = 0;
    measure(&b, plane, ellipsoid, &slow);
    assert_int_equal(slow, 0);
    assert_true(ph_surface_quality(b.surface).worst_residual < 2e-11);
    for (size_t s = 0; s < SIZES; s++)
        for (size_t p = 0; p < PLACES; p += sizes[s].stride, shape++) {
            double truth = witness_shape(b.witness, &b.shapes, shape, sizes[s].step), error = fabs(ellipsoid[shape] - truth);
            if (!(error <= tolerance(truth)))
                fail_msg("%s, %g m, place %zu: %.9f m2, dense reference %.9f m2", region->name, sizes[s].size, p,
                         ellipsoid[shape], truth);
            worst[s] = fmax(worst[s], error / tolerance(truth));
        }
    close_bench(&b);
}

static void dense_reference_everywhere(void **state)
{
    (void)state;
    print_message("largest error, as a part of max(1e-6 m2, 1e-10)\n%-30s", "");
    for (size_t s = 0; s < SIZES; s++) print_message("%8g m", sizes[s].size);
    print_message("\n");
    for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
        double worst[SIZES] = {0};
        try_region(&regions[i], worst);
        print_message("%-30s", regions[i].name);
        for (size_t s = 0; s < SIZES; s++) print_message("  %8.4f", worst[s]);
        print_message("\n");
    }
}

/* PROJ's geodesic area has noise of its own, about 1e-4 m². */
static void geodesic_witness(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
        struct bench b;
        open_bench(&b, regions[i].definition);
        struct ph_xy at = witness_place(b.witness, regions[i].meridian + regions[i].offsets[2], regions[i].latitudes[1]);
        add_plot(&b.shapes, at, 800 * witness_units(b.witness), false);
        end_shape(&b.shapes);
        double plane, ellipsoid;
        measure(&b, &plane, &ellipsoid, NULL);
        double witness = witness_geodesic(b.witness, b.shapes.points, CORNERS, 1);
        if (fabs(ellipsoid - witness) > 2e-3) fail_msg("%s: %.6f, geodesic %.6f", regions[i].name, ellipsoid, witness);
        close_bench(&b);
    }
}

static void holes_parts_and_winding(void **state)
{
    (void)state;
    static const char *const definitions[] = {"EPSG:4526", "EPSG:4490", "EPSG:2229"};
    static const double places[3][2] = {{112.6, 26.9}, {112.6, 26.9}, {-118, 34}};
    for (size_t d = 0; d < 3; d++) {
        struct bench b;
        open_bench(&b, definitions[d]);
        struct ph_xy at = witness_place(b.witness, places[d][0], places[d][1]);
        double m = witness_units(b.witness);
        struct ph_xy hole = {at.x - 20 * m, at.y}, far = {at.x + 20000 * m, at.y + 15000 * m};
        for (unsigned winding = 0; winding < 8; winding++) { /* one shape: outer and hole, and a second part 25 km off */
            add_plot(&b.shapes, at, 200 * m, winding & 1);
            add_plot(&b.shapes, hole, 50 * m, winding & 2);
            assert_int_equal(ph_shapes_end_part(&b.shapes, NULL), PH_OK);
            add_plot(&b.shapes, far, 300 * m, winding & 4);
            end_shape(&b.shapes);
        }
        add_plot(&b.shapes, at, 200 * m, false);
        end_shape(&b.shapes);
        add_plot(&b.shapes, hole, 50 * m, false);
        end_shape(&b.shapes);
        add_plot(&b.shapes, far, 300 * m, false);
        end_shape(&b.shapes);
        double plane[11], ellipsoid[11];
        measure(&b, plane, ellipsoid, NULL);
        for (size_t i = 0; i < 8; i++) {
            assert_true(fabs(ellipsoid[i] - (ellipsoid[8] - ellipsoid[9] + ellipsoid[10])) < 1e-7);
            if (d == 1)
                assert_true(isnan(plane[i]));
            else
                assert_true(fabs(plane[i] - (plane[8] - plane[9] + plane[10])) < 1e-7);
        }
        close_bench(&b);
    }
}

static void plane_area_in_square_metres(void **state)
{
    (void)state;
    static const struct {
        const char *definition;
        double x, y, expected;
    } cases[] = {{"EPSG:4526", 38360887.125, 2975102.25, 1e4},
                 {"EPSG:2229", 6.48e6, 1.84e6, 1e4 * (1200.0 / 3937) * (1200.0 / 3937)}};
    for (size_t i = 0; i < 2; i++) {
        struct bench b;
        open_bench(&b, cases[i].definition);
        double x = cases[i].x, y = cases[i].y;
        add_ring(&b.shapes, (struct ph_xy[4]){{x, y}, {x, y + 100}, {x + 100, y + 100}, {x + 100, y}}, 4);
        end_shape(&b.shapes);
        double plane, ellipsoid;
        measure(&b, &plane, &ellipsoid, NULL);
        assert_true(fabs(plane - cases[i].expected) < 1e-10);
        close_bench(&b);
    }
}

/* The projection's scale depends on x alone in Web Mercator's y, on nothing in x: moving east changes nothing. */
static void moving_along_a_parallel(void **state)
{
    (void)state;
    static const char *const definitions[] = {"EPSG:3857", "EPSG:4490"};
    for (size_t d = 0; d < 2; d++) {
        struct bench b;
        open_bench(&b, definitions[d]);
        double m = witness_units(b.witness), step = d == 0 ? 65536 : 0.5; /* exact in binary beside the start */
        struct ph_xy start = witness_place(b.witness, 112, 26.9);
        start.x = d == 0 ? 12582912 : 112;
        for (int i = 0; i < 20; i++) {
            add_plot(&b.shapes, (struct ph_xy){start.x + i * step, start.y}, 700 * m, false);
            end_shape(&b.shapes);
        }
        double plane[20], ellipsoid[20];
        measure(&b, plane, ellipsoid, NULL);
        for (int i = 1; i < 20; i++) assert_true(fabs(ellipsoid[i] / ellipsoid[0] - 1) < 1e-12);
        close_bench(&b);
    }
}

/* Whichever corner comes first, even in another cell of the fit: 38 535 168 and 2 883 584 are multiples of 2^18. */
static void first_vertex_on_any_side_of_a_seam(void **state)
{
    (void)state;
    static const double ranges[] = {20, 800, 9000};
    for (size_t r = 0; r < 3; r++) {
        struct bench b;
        open_bench(&b, "EPSG:4526");
        for (size_t first = 0; first < CORNERS; first++) {
            struct ph_xy ring[CORNERS];
            for (size_t i = 0; i < CORNERS; i++)
                ring[i] = (struct ph_xy){38535168 + ranges[r] * corners[(first + i) % CORNERS].x,
                                         2883584 + ranges[r] * corners[(first + i) % CORNERS].y};
            add_ring(&b.shapes, ring, CORNERS);
            end_shape(&b.shapes);
        }
        double plane[CORNERS], ellipsoid[CORNERS];
        size_t slow = 0;
        measure(&b, plane, ellipsoid, &slow);
        assert_int_equal(slow, 0);
        for (size_t i = 1; i < CORNERS; i++) assert_true(fabs(ellipsoid[i] - ellipsoid[0]) < fmax(1e-8, 1e-12 * ellipsoid[0]));
        close_bench(&b);
    }
}

static void slow_way_agrees(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
        struct bench b;
        open_bench(&b, regions[i].definition);
        if (ph_crs_facts(b.crs)->kind == PH_CRS_GEOGRAPHIC) {
            close_bench(&b);
            continue;
        }
        struct ph_xy at = witness_place(b.witness, regions[i].meridian + regions[i].offsets[1], regions[i].latitudes[2]);
        for (double size = 10; size < 11000; size *= 10) {
            add_plot(&b.shapes, at, size * witness_units(b.witness), false);
            end_shape(&b.shapes);
        }
        double plane[4], fast[4], exact[4];
        size_t slow = 0;
        measure(&b, plane, fast, &slow);
        assert_int_equal(slow, 0);
        ph_surface_free(b.surface);
        assert_int_equal(ph_surface_new(b.crs, NULL, 0, &b.surface, NULL), PH_OK);
        measure(&b, plane, exact, &slow);
        assert_int_equal(slow, 4);
        for (size_t k = 0; k < 4; k++)
            if (fabs(fast[k] - exact[k]) > tolerance(fast[k]))
                fail_msg("%s, shape %zu: %.9f, exact %.9f", regions[i].name, k, fast[k], exact[k]);
        close_bench(&b);
    }
}

/* A figure too large for a patch is the sum of the pieces that are not. */
static void large_figure_is_the_sum_of_small_ones(void **state)
{
    (void)state;
    static const char *const definitions[] = {"EPSG:4497", "EPSG:4490"};
    for (size_t d = 0; d < 2; d++) {
        struct bench b;
        open_bench(&b, definitions[d]);
        struct ph_xy o = d == 0 ? (struct ph_xy){19300000, 2700000} : (struct ph_xy){109, 24};
        enum { N = 20 };
        double step = d == 0 ? 20000 : 0.25;
        for (int y = 0; y < N; y++)
            for (int x = 0; x < N; x++) {
                double w = o.x + x * step, s = o.y + y * step, e = w + step, n = s + step;
                add_ring(&b.shapes, (struct ph_xy[4]){{w, s}, {e, s}, {e, n}, {w, n}}, 4);
                end_shape(&b.shapes);
            }
        double e = o.x + N * step, n = o.y + N * step;
        add_ring(&b.shapes, (struct ph_xy[4]){{o.x, o.y}, {e, o.y}, {e, n}, {o.x, n}}, 4);
        end_shape(&b.shapes);
        double plane[N * N + 1], ellipsoid[N * N + 1], sum = 0;
        size_t slow = 0;
        measure(&b, plane, ellipsoid, &slow);
        assert_int_equal(slow, d == 0 ? 1 : 0);
        for (int i = 0; i < N * N; i++) sum += ellipsoid[i];
        if (fabs(sum / ellipsoid[N * N] - 1) > 1e-11) fail_msg("%s: whole %.3f, sum %.3f", definitions[d], ellipsoid[N * N], sum);
        close_bench(&b);
    }
}

static void nothing_and_nonsense(void **state)
{
    (void)state;
    struct bench b;
    open_bench(&b, "EPSG:4526");
    double x = 38360887, y = 2975102;
    assert_int_equal(ph_shapes_end_shape(&b.shapes, NULL), PH_OK);     /* 0 empty */
    add_ring(&b.shapes, (struct ph_xy[3]){{x, y}, {x, y}, {x, y}}, 3); /* 1 a point */
    end_shape(&b.shapes);
    add_ring(&b.shapes, (struct ph_xy[3]){{x, y}, {x + 10, y + 10}, {x + 20, y + 20}}, 3); /* 2 a line */
    end_shape(&b.shapes);
    add_ring(&b.shapes, (struct ph_xy[3]){{x, y}, {x + 10, NAN}, {x + 20, y}}, 3); /* 3 */
    end_shape(&b.shapes);
    add_ring(&b.shapes, (struct ph_xy[3]){{x, y}, {INFINITY, y}, {x + 20, y + 5}}, 3); /* 4 */
    end_shape(&b.shapes);
    add_ring(&b.shapes, (struct ph_xy[3]){{NAN, y}, {x, y + 4}, {x + 20, y}}, 3); /* 5 */
    end_shape(&b.shapes);
    add_ring(&b.shapes, (struct ph_xy[3]){{1e9, 1e9}, {1e9 + 10, 1e9}, {1e9, 1e9 + 10}}, 3); /* 6 unreached */
    end_shape(&b.shapes);
    add_plot(&b.shapes, (struct ph_xy){x, y}, 100, false); /* 7 sound */
    end_shape(&b.shapes);
    double plane[8], ellipsoid[8];
    measure(&b, plane, ellipsoid, NULL);
    for (int i = 0; i < 3; i++) assert_true(plane[i] == 0 && ellipsoid[i] == 0);
    for (int i = 3; i < 6; i++) assert_true(isnan(plane[i]) && isnan(ellipsoid[i]));
    assert_true(plane[6] == 50 && isnan(ellipsoid[6]));
    double truth = witness_shape(b.witness, &b.shapes, 7, 0.25);
    assert_true(fabs(ellipsoid[7] - truth) < 1e-6);
    double one_plane, one;
    assert_int_equal(ph_surface_measure(b.surface, &b.shapes, 7, 8, &one_plane, &one, NULL, NULL), PH_OK);
    assert_true(one == ellipsoid[7] && one_plane == plane[7]);
    close_bench(&b);
}

/* Polar stereographic: longitude turns round the pole and no cell there can be fitted by differences of it. */
static void singular_place_is_measured_the_slow_way(void **state)
{
    (void)state;
    struct bench b;
    open_bench(&b, "EPSG:3031");
    add_plot(&b.shapes, (struct ph_xy){3000, 3000}, 1000, false);
    end_shape(&b.shapes);
    double plane, ellipsoid;
    size_t slow = 0;
    measure(&b, &plane, &ellipsoid, &slow);
    assert_true(fabs(ellipsoid - witness_shape(b.witness, &b.shapes, 0, 0.5)) < 1e-3);
    close_bench(&b);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(dense_reference_everywhere),
        cmocka_unit_test(geodesic_witness),
        cmocka_unit_test(holes_parts_and_winding),
        cmocka_unit_test(plane_area_in_square_metres),
        cmocka_unit_test(moving_along_a_parallel),
        cmocka_unit_test(first_vertex_on_any_side_of_a_seam),
        cmocka_unit_test(slow_way_agrees),
        cmocka_unit_test(large_figure_is_the_sum_of_small_ones),
        cmocka_unit_test(nothing_and_nonsense),
        cmocka_unit_test(singular_place_is_measured_the_slow_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
