#include "geo/transform.h"

#include <math.h>
#include <string.h>

#include "test.h"

#define DEGREE 0.017453292519943295769

static struct ph_crs *crs_of(const char *definition)
{
    struct ph_crs *crs = NULL;
    assert_int_equal(ph_crs_new(definition, &crs, NULL), PH_OK);
    return crs;
}

/* The transformation, or the error. */
static enum ph_status open_between(const char *from, const char *to, const char *operation, struct ph_transform **out, struct ph_error *err)
{
    struct ph_crs *a = crs_of(from), *b = crs_of(to);
    enum ph_status status = ph_transform_new(a, b, operation, out, err);
    ph_crs_free(a);
    ph_crs_free(b);
    return status;
}

static struct ph_xy moved(const char *from, const char *to, const char *operation, struct ph_xy point)
{
    struct ph_transform *t = NULL;
    struct ph_error err = PH_ERROR_INIT;
    if (open_between(from, to, operation, &t, &err) != PH_OK) fail_msg("%s to %s: %s", from, to, err.en);
    ph_transform_points(t, &point, 1);
    ph_transform_free(t);
    return point;
}

static void assert_near(struct ph_xy found, double x, double y, double slack)
{
    if (!(fabs(found.x - x) <= slack && fabs(found.y - y) <= slack)) fail_msg("%.9f %.9f, expected %.9f %.9f", found.x, found.y, x, y);
}

/* Each CRS's own projector is the witness: to the ellipsoid by one, to the plane by the other. */
static void test_zones(void **state)
{
    (void)state;
    static const struct ph_xy places[] = {{38352416.2, 2972300.5}, {38350000, 2890000}, {38300000, 3040000}, {38500000, 2970000}};
    struct ph_crs *east = crs_of("EPSG:4526"), *west = crs_of("EPSG:4525");
    struct ph_projector *down = NULL, *up = NULL;
    assert_int_equal(ph_projector_new(east, &down, NULL), PH_OK);
    assert_int_equal(ph_projector_new(west, &up, NULL), PH_OK);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct ph_xy witness = places[i];
        ph_project_inverse(down, &witness, 1);
        struct ph_xy degrees = {witness.x / DEGREE, witness.y / DEGREE};
        ph_project_forward(up, &witness, 1);
        struct ph_xy there = moved("EPSG:4526", "EPSG:4525", NULL, places[i]);
        assert_near(there, witness.x, witness.y, 1e-6);
        assert_near(moved("EPSG:4525", "EPSG:4526", NULL, there), places[i].x, places[i].y, 1e-6);
        assert_near(moved("EPSG:4526", "EPSG:4490", NULL, places[i]), degrees.x, degrees.y, 1e-12);
        /* The prefix alone. */
        assert_near(moved("EPSG:4526", "EPSG:4547", NULL, places[i]), places[i].x - 38000000, places[i].y, 1e-6);
    }
    ph_projector_free(down);
    ph_projector_free(up);
    ph_crs_free(east);
    ph_crs_free(west);
}

static void test_facts(void **state)
{
    (void)state;
    struct ph_transform *t = NULL;
    assert_int_equal(open_between("EPSG:4526", "EPSG:4525", "EPSG:15921", &t, NULL), PH_OK); /* nothing to shift: not looked at */
    assert_true(ph_transform_facts(t)->accuracy == 0 && !ph_transform_facts(t)->as_one);
    ph_transform_free(t);
    assert_int_equal(open_between("EPSG:4526", "EPSG:32649", NULL, &t, NULL), PH_OK);
    assert_true(isnan(ph_transform_facts(t)->accuracy) && ph_transform_facts(t)->as_one);
    ph_transform_free(t);
    assert_int_equal(open_between("EPSG:2435", "EPSG:4547", "EPSG:15921", &t, NULL), PH_OK);
    assert_true(ph_transform_facts(t)->accuracy == 1 && ph_transform_facts(t)->as_one);
    assert_non_null(strstr(ph_transform_facts(t)->steps, "Beijing 1954 to WGS 84 (4)"));
    ph_transform_free(t);
}

static void test_datum_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *words;
    } cases[] = {
        {"EPSG:2383", "EPSG:4547", "no published"}, {"EPSG:4610", "EPSG:4490", "no published"}, {"EPSG:2362", "EPSG:32649", "no published"},
        {"EPSG:2435", "EPSG:2383", "no published"}, {"EPSG:2435", "EPSG:4547", "EPSG:15921 Beijing 1954 to WGS 84 (4), 1 m"},
        {"EPSG:4547", "EPSG:2435", "no published"}, {"EPSG:4214", "EPSG:4326", "EPSG:15919 Beijing 1954 to WGS 84 (2), 15 m"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ph_transform *t = NULL;
        struct ph_error err = PH_ERROR_INIT;
        assert_int_equal(open_between(cases[i].from, cases[i].to, NULL, &t, &err), PH_E_CRS);
        assert_null(t);
        if (!strstr(err.en, cases[i].words) || !strstr(err.zh, "--transform")) fail_msg("%s to %s: %s", cases[i].from, cases[i].to, err.en);
    }
}

static void test_named_operations(void **state)
{
    (void)state;
    /* 15.8 m, -154.4 m, -82.3 m of EPSG:15921, worked out by hand through cartesian coordinates (Krassowsky, WGS 84). */
    struct ph_xy beijing = {112.5, 26.9}, there = moved("EPSG:4214", "EPSG:4490", "EPSG:15921", beijing);
    double lambda = beijing.x * DEGREE, phi = beijing.y * DEGREE, f = 1 / 298.3, e2 = f * (2 - f), n = 6378245 / sqrt(1 - e2 * sin(phi) * sin(phi));
    double x = n * cos(phi) * cos(lambda) + 15.8, y = n * cos(phi) * sin(lambda) - 154.4, z = n * (1 - e2) * sin(phi) - 82.3;
    double wf = 1 / 298.257222101, we2 = wf * (2 - wf), p = hypot(x, y), latitude = phi;
    for (int i = 0; i < 20; i++) {
        double wn = 6378137 / sqrt(1 - we2 * sin(latitude) * sin(latitude));
        latitude = atan2(z + we2 * wn * sin(latitude), p);
    }
    assert_near(there, atan2(y, x) / DEGREE, latitude / DEGREE, 2e-9);
    assert_near(moved("EPSG:4490", "EPSG:4214", "EPSG:15921", there), beijing.x, beijing.y, 1e-8); /* the same way back, but for the height that is left out */
    /* Four parameters in the plane, as bureaus give them. */
    assert_near(moved("EPSG:2383", "EPSG:4547", "+proj=affine +xoff=100 +yoff=-20", (struct ph_xy){352416, 2972300}), 352516, 2972280, 1e-9);
    /* A pipeline takes degrees as radians unless it says otherwise. */
    assert_near(moved("EPSG:4610", "EPSG:4490", "+proj=pipeline +step +proj=noop", (struct ph_xy){112.5, 26.9}), 112.5, 26.9, 1e-12);
    assert_near(moved("EPSG:4610", "EPSG:4547", "+proj=tmerc +lon_0=114 +x_0=500000 +ellps=GRS80", (struct ph_xy){114, 0}), 500000, 0, 1e-6);
    static const struct {
        const char *operation, *words;
    } wrong[] = {{"EPSG:99999999", "no coordinate operation"}, {"EPSG:4326", "no coordinate operation"}, {"nonsense", "no coordinate operation"}, {"EPSG:15921", "leads from"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct ph_transform *t = NULL;
        struct ph_error err = PH_ERROR_INIT;
        assert_int_equal(open_between("EPSG:2383", "EPSG:4547", wrong[i].operation, &t, &err), PH_E_USAGE);
        if (!strstr(err.en, wrong[i].words)) fail_msg("%s: %s", wrong[i].operation, err.en);
    }
}

static void test_same(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {{"EPSG:4526", "EPSG:4526", true}, {"EPSG:4526", "EPSG:4547", false}, {"EPSG:4526", "EPSG:4525", false}, {"EPSG:4490", "EPSG:4326", false},
                 {"+proj=tmerc +lon_0=112.5 +x_0=500000 +ellps=GRS80 +type=crs", "+proj=tmerc +lon_0=112.5 +x_0=500000 +ellps=GRS80 +type=crs", true},
                 {"+proj=tmerc +lon_0=112.5 +x_0=500000 +ellps=GRS80 +type=crs", "+proj=tmerc +lat_0=0 +lon_0=112.5 +x_0=500000 +ellps=GRS80 +type=crs", true},
                 {"+proj=tmerc +lon_0=112.5 +x_0=500000 +ellps=GRS80 +type=crs", "+proj=tmerc +lon_0=112 +x_0=500000 +ellps=GRS80 +type=crs", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ph_crs *a = crs_of(cases[i].a), *b = crs_of(cases[i].b);
        if (ph_crs_same(a, b) != cases[i].same) fail_msg("%s and %s", cases[i].a, cases[i].b);
        ph_crs_free(a);
        ph_crs_free(b);
    }
}

static void add_triangle(struct ph_shapes *s, double x, double y)
{
    assert_int_equal(ph_shapes_add_point(s, x, y, NULL), PH_OK);
    assert_int_equal(ph_shapes_add_point(s, x, y + 0.001, NULL), PH_OK);
    assert_int_equal(ph_shapes_add_point(s, x + 0.001, y, NULL), PH_OK);
    assert_int_equal(ph_shapes_add_point(s, x, y, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_ring(s, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_part(s, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_shape(s, NULL), PH_OK);
}

/* One shape has no image, one is empty already: both are kept as empty rows, and only the first is lost. */
static void test_shapes(void **state)
{
    (void)state;
    struct ph_shapes s = {0};
    bool lost[4] = {false};
    add_triangle(&s, 112.5, 26.9);
    add_triangle(&s, 112.5, 1e6);
    assert_int_equal(ph_shapes_end_shape(&s, NULL), PH_OK);
    add_triangle(&s, 112.6, 26.9);
    struct ph_transform *t = NULL;
    assert_int_equal(open_between("EPSG:4490", "EPSG:4547", NULL, &t, NULL), PH_OK);
    assert_int_equal(ph_transform_shapes(t, &s, lost, NULL), PH_OK);
    ph_transform_free(t);
    assert_int_equal(s.shape_count, 4);
    assert_int_equal(s.part_count, 2);
    assert_int_equal(s.point_count, 8);
    assert_true(!lost[0] && lost[1] && !lost[2] && !lost[3]);
    assert_true(s.boxes[1].min_x > s.boxes[1].max_x && s.boxes[2].min_x > s.boxes[2].max_x);
    struct ph_xy corner = moved("EPSG:4490", "EPSG:4547", NULL, (struct ph_xy){112.6, 26.9});
    assert_true(s.points[4].x == corner.x && s.points[4].y == corner.y);
    assert_true(s.points[4].x == s.points[7].x && s.points[4].y == s.points[7].y);
    assert_true(s.boxes[3].min_x <= corner.x && s.boxes[3].max_y > corner.y + 100);
    ph_shapes_dispose(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_zones), cmocka_unit_test(test_facts), cmocka_unit_test(test_datum_is_refused),
                                       cmocka_unit_test(test_named_operations), cmocka_unit_test(test_same), cmocka_unit_test(test_shapes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
