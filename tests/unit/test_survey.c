/* The land survey's own areas: figures worked out apart from this program, and how far they lie from the exact ones. */
#include "geo/survey.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/plane.h"
#include "surface_bench.h"
#include "test.h"

static struct ph_survey survey_of(const struct ph_crs *crs, double densify)
{
    struct ph_survey survey;
    assert_int_equal(ph_survey_init(crs, densify, &survey, NULL), PH_OK);
    return survey;
}

static void constants(void **state)
{
    (void)state;
    static const double printed[5] = {1.0033640898341927, 1.1241893819271072e-3, 1.6994594735188535e-6, 2.717857845577432e-9,
                                      4.358419004834252e-12};
    struct ph_crs *crs = NULL;
    assert_int_equal(ph_crs_new("EPSG:4526", &crs, NULL), PH_OK);
    struct ph_survey survey = survey_of(crs, PH_SURVEY_DENSIFY_M);
    for (size_t i = 0; i < 5; i++) assert_true(fabs(survey.strip[i] / printed[i] - 1) < 1e-12);
    assert_true(fabs(survey.c - 6399593.62586402) < 1e-7 && fabs(survey.ep2 - 6.73949677548e-3) < 1e-14);
    ph_crs_free(crs);
}

/* Two plots of zone 38, the first with a hole; the figures stand to 0.01 m² for each step. */
static void example(void **state)
{
    (void)state;
    static const struct {
        double densify, first, second;
    } cases[] = {{PH_SURVEY_DENSIFY_M, 34783.42, 17991.42}, {1e6, 34783.42, 17991.40}, {1, 34783.42, 17991.42}};
    struct bench b;
    open_bench(&b, "EPSG:4526");
    add_ring(&b.shapes, (struct ph_xy[4]){{38360900, 2975120}, {38361140, 2975120}, {38361140, 2974970}, {38360900, 2974970}}, 4);
    add_ring(&b.shapes, (struct ph_xy[4]){{38361000, 2975060}, {38361040, 2975060}, {38361040, 2975030}, {38361000, 2975030}}, 4);
    end_shape(&b.shapes);
    add_ring(&b.shapes, (struct ph_xy[4]){{38360900, 2974950}, {38361100, 2974950}, {38361060, 2974850}, {38360900, 2974850}}, 4);
    end_shape(&b.shapes);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ph_survey survey = survey_of(b.crs, cases[i].densify);
        assert_true(fabs(ph_survey_area(&survey, &b.shapes, 0) - cases[i].first) < 1e-9);
        assert_true(fabs(ph_survey_area(&survey, &b.shapes, 1) - cases[i].second) < 1e-9);
    }
    close_bench(&b);
}

static double uniform(double from, double to)
{
    return from + (to - from) * (double)rand() / RAND_MAX;
}

/* A star-shaped ring of 3 to 12 corners. */
static void add_random(struct ph_shapes *shapes, struct ph_xy at, double size, double units_x, double units_y)
{
    struct ph_xy ring[12];
    size_t count = 3 + (size_t)rand() % 10;
    for (size_t i = 0; i < count; i++) {
        double angle = 6.283185307179586 * ((double)i + uniform(0, 0.8)) / (double)count, r = size * uniform(0.2, 0.5);
        ring[i] = (struct ph_xy){at.x + r * cos(angle) * units_x, at.y + r * sin(angle) * units_y};
    }
    add_ring(shapes, ring, count);
    end_shape(shapes);
}

/* |survey - exact| <= 0.005 m² + 5e-5 m² for each metre of boundary: half the last digit, and what is left of the bend of
 * the edges. */
static void bound_to_the_exact_area(void **state)
{
    (void)state;
    static const struct {
        const char *definition;
        double meridian, half;
    } zones[] = {{"EPSG:4526", 114, 1.5}, {"EPSG:4546", 111, 1.6}, {"EPSG:2361", 111, 1.5}, {"EPSG:2434", 111, 1.5},
                 {"EPSG:4497", 111, 3},   {"EPSG:4490", 112, 20},  {"EPSG:4610", 112, 20},  {"EPSG:4214", 112, 20}};
    static const double sizes[] = {20, 200, 700, 2000};
    enum { PLOTS = 400 };
    srand(20231130);
    for (size_t z = 0; z < sizeof zones / sizeof *zones; z++) {
        struct bench b;
        open_bench(&b, zones[z].definition);
        bool degrees = ph_crs_facts(b.crs)->kind == PH_CRS_GEOGRAPHIC;
        double perimeters[PLOTS], plane[PLOTS], exact[PLOTS], worst = 0, worst_m2 = 0;
        for (size_t i = 0; i < PLOTS; i++) {
            double latitude = uniform(18, 53), unit = degrees ? 1 / 111195.0 : 1, east = degrees ? unit / cos(latitude / 57.29578) : 1;
            struct ph_xy at = witness_place(b.witness, zones[z].meridian + uniform(-zones[z].half, zones[z].half), latitude);
            add_random(&b.shapes, at, sizes[i % 4], east, unit);
            perimeters[i] = ph_plane_perimeter(&b.shapes, i, 1 / east, 1 / unit);
        }
        measure(&b, plane, exact, NULL);
        struct ph_survey survey = survey_of(b.crs, PH_SURVEY_DENSIFY_M);
        for (size_t i = 0; i < PLOTS; i++) {
            double off = fabs(ph_survey_area(&survey, &b.shapes, i) - exact[i]);
            if (!(off <= 0.005 + 5e-5 * perimeters[i]))
                fail_msg("%s: %.4f m2 from the exact %.4f m2, boundary %.0f m", zones[z].definition, off, exact[i], perimeters[i]);
            worst = fmax(worst, (off - 0.005) / perimeters[i]);
            worst_m2 = fmax(worst_m2, off);
        }
        print_message("%-12s largest difference %.4f m2; beyond rounding %.1e m2 per metre of boundary\n", zones[z].definition, worst_m2, worst);
        close_bench(&b);
    }
}

static void refused(void **state)
{
    (void)state;
    static const char *const definitions[] = {
        "EPSG:32649", "EPSG:4326", "EPSG:3857",
        "+proj=tmerc +lat_0=26 +lon_0=112.5 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +type=crs",
        "+proj=tmerc +lat_0=0 +lon_0=112.5 +k=1 +x_0=500000 +y_0=-2900000 +ellps=GRS80 +units=m +type=crs"};
    for (size_t i = 0; i < sizeof definitions / sizeof *definitions; i++) {
        struct ph_crs *crs = NULL;
        struct ph_survey survey;
        struct ph_error err = PH_ERROR_INIT;
        assert_int_equal(ph_crs_new(definitions[i], &crs, NULL), PH_OK);
        assert_int_equal(ph_survey_init(crs, PH_SURVEY_DENSIFY_M, &survey, &err), PH_E_USAGE);
        assert_non_null(strstr(err.en, "exact"));
        ph_crs_free(crs);
    }
    struct ph_crs *crs = NULL;
    struct ph_survey survey;
    assert_int_equal(ph_crs_new("EPSG:4526", &crs, NULL), PH_OK);
    assert_int_equal(ph_survey_init(crs, 0, &survey, NULL), PH_E_USAGE);
    ph_crs_free(crs);
}

/* A city's own meridian is as good as a zone's; what is not a number or out of reach has no area. */
static void own_meridian_and_nonsense(void **state)
{
    (void)state;
    struct bench b;
    open_bench(&b, "+proj=tmerc +lat_0=0 +lon_0=112.5 +k=1 +x_0=500000 +y_0=0 +a=6378137 +rf=298.257222101 +units=m +type=crs");
    struct ph_survey survey = survey_of(b.crs, PH_SURVEY_DENSIFY_M);
    add_plot(&b.shapes, (struct ph_xy){512000, 2975000}, 300, true);
    end_shape(&b.shapes);
    add_plot(&b.shapes, (struct ph_xy){NAN, 2975000}, 300, false);
    end_shape(&b.shapes);
    add_plot(&b.shapes, (struct ph_xy){38512000, 2975000}, 300, false);
    end_shape(&b.shapes);
    assert_int_equal(ph_shapes_end_shape(&b.shapes, NULL), PH_OK);
    assert_true(fabs(ph_survey_area(&survey, &b.shapes, 0) - witness_shape(b.witness, &b.shapes, 0, 0.5)) < 0.01);
    assert_true(isnan(ph_survey_area(&survey, &b.shapes, 1)));
    assert_true(isnan(ph_survey_area(&survey, &b.shapes, 2)));
    assert_true(ph_survey_area(&survey, &b.shapes, 3) == 0);
    close_bench(&b);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(constants), cmocka_unit_test(example), cmocka_unit_test(bound_to_the_exact_area),
        cmocka_unit_test(refused),   cmocka_unit_test(own_meridian_and_nonsense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
