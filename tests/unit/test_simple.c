/* The simple test calls valid only what GEOS calls valid; what remains gets GEOS's verdict in our words. */
#include "geo/simple.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geos.h"
#include "geos_witness.h"
#include "test.h"

struct bench {
    struct witness witness;
    struct ph_shapes shapes;
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
    ph_simple_dispose(&b->simple);
    ph_geos_free(b->geos);
    witness_free(&b->witness);
}

static void bench_clear(struct bench *b)
{
    b->shapes.point_count = b->shapes.ring_count = b->shapes.part_count = b->shapes.shape_count = 0;
}

/* The simple test's answer about shape 0, and GEOS's through the port of entry. */
static bool ask(struct bench *b, struct ph_validity *validity)
{
    struct ph_outline outline;
    bool simple = false;
    assert_int_equal(ph_outline_init(&outline, &b->shapes, NULL), PH_OK);
    if (ph_outline_trace(&outline, 0)) assert_int_equal(ph_shape_simple(&b->simple, &outline, 0, &simple, NULL), PH_OK);
    assert_int_equal(ph_geos_validity(b->geos, (struct ph_shape_ref){&b->shapes, 0}, validity, NULL), PH_OK);
    ph_outline_dispose(&outline);
    return simple;
}

static void known_shapes(void **state)
{
    (void)state;
    static const struct {
        const char *name, *wkt;
        bool simple;
        enum ph_flaw flaw;
    } cases[] = {
        {"square", "POLYGON((0 0,10 0,10 10,0 10,0 0))", true, PH_FLAW_NONE},
        {"repeated point", "POLYGON((0 0,0 0,10 0,10 0,10 0,10 10,0 10,0 0,0 0))", true, PH_FLAW_NONE},
        {"straight on", "POLYGON((0 0,5 0,10 0,10 10,0 10,0 0))", true, PH_FLAW_NONE},
        {"bow-tie", "POLYGON((0 0,10 10,10 0,0 10,0 0))", false, PH_FLAW_SELF_INTERSECTION},
        {"spike", "POLYGON((0 0,10 0,20 0,10 0,10 10,0 10,0 0))", false, PH_FLAW_SELF_INTERSECTION},
        {"collapsed", "POLYGON((0 0,10 0,0 0,0 0))", false, PH_FLAW_TOO_FEW_POINTS},
        {"touching itself in a point", "POLYGON((0 0,10 0,5 5,10 10,0 10,5 5,0 0))", false, PH_FLAW_RING_SELF_INTERSECTION},
        {"touching its own edge", "POLYGON((0 0,10 0,10 10,5 0,0 10,0 0))", false, PH_FLAW_RING_SELF_INTERSECTION},
        {"hole", "POLYGON((0 0,10 0,10 10,0 10,0 0),(2 2,8 2,8 8,2 8,2 2))", true, PH_FLAW_NONE},
        {"hole touching in a point", "POLYGON((0 0,10 0,10 10,0 10,0 0),(0 0,8 2,8 8,0 0))", false, PH_FLAW_NONE},
        {"hole outside", "POLYGON((0 0,10 0,10 10,0 10,0 0),(20 20,28 20,28 28,20 28,20 20))", false, PH_FLAW_HOLE_OUTSIDE},
        {"hole crossing", "POLYGON((0 0,10 0,10 10,0 10,0 0),(5 5,15 5,15 8,5 8,5 5))", false, PH_FLAW_SELF_INTERSECTION},
        {"hole in hole", "POLYGON((0 0,10 0,10 10,0 10,0 0),(1 1,9 1,9 9,1 9,1 1),(2 2,8 2,8 8,2 8,2 2))", false, PH_FLAW_NESTED_HOLES},
        {"cut in two by a hole", "POLYGON((0 0,10 0,10 10,0 10,0 0),(5 0,6 5,5 10,4 5,5 0))", false, PH_FLAW_DISCONNECTED_INTERIOR},
        {"parts apart", "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))", true, PH_FLAW_NONE},
        {"part in part", "MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((2 2,8 2,8 8,2 8,2 2)))", false, PH_FLAW_NESTED_PARTS},
        {"part in the hole of a part", "MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0),(2 2,8 2,8 8,2 8,2 2)),((3 3,7 3,7 7,3 7,3 3)))", false, PH_FLAW_NONE},
        {"parts overlap", "MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((5 5,15 5,15 15,5 15,5 5)))", false, PH_FLAW_SELF_INTERSECTION},
        {"beyond the predicate's reach", "POLYGON((0 0,1e-130 0,1e-130 1e-130,0 0))", false, PH_FLAW_NONE},
    };
    struct bench b = bench_new();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ph_validity validity;
        bench_clear(&b);
        assert_true(put_wkt(&b.witness, &b.shapes, cases[i].wkt));
        bool simple = ask(&b, &validity);
        if (simple != cases[i].simple || validity.flaw != cases[i].flaw)
            fail_msg("%s: simple %d, flaw %d (%s)", cases[i].name, simple, (int)validity.flaw, ph_flaw_en(validity.flaw));
        if (validity.flaw != PH_FLAW_NONE) assert_true(isfinite(validity.place.x) && isfinite(validity.place.y));
    }
    bench_free(&b);
}

static void what_geos_would_not_take(void **state)
{
    (void)state;
    struct bench b = bench_new();
    struct ph_validity validity;
    put_ring(&b.shapes, (struct ph_xy[]){{0, 0}, {1, 0}}, 2);
    put_part(&b.shapes);
    put_shape(&b.shapes);
    assert_false(ask(&b, &validity));
    assert_int_equal(validity.flaw, PH_FLAW_TOO_FEW_POINTS);
    bench_clear(&b);
    put_ring(&b.shapes, (struct ph_xy[]){{0, 0}, {1, 0}, {NAN, 1}, {0, 1}}, 4);
    put_part(&b.shapes);
    put_shape(&b.shapes);
    assert_false(ask(&b, &validity));
    assert_int_equal(validity.flaw, PH_FLAW_NOT_FINITE);
    bench_clear(&b);
    static const struct ph_xy open[] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    for (size_t i = 0; i < 4; i++) assert_int_equal(ph_shapes_add_point(&b.shapes, open[i].x, open[i].y, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_ring(&b.shapes, NULL), PH_OK);
    put_part(&b.shapes);
    put_shape(&b.shapes);
    assert_false(ask(&b, &validity));
    assert_int_equal(validity.flaw, PH_FLAW_NOT_CLOSED);
    bench_clear(&b);
    put_shape(&b.shapes); /* empty */
    assert_false(ask(&b, &validity));
    assert_int_equal(validity.flaw, PH_FLAW_NONE);
    bench_free(&b);
}

static void put_lattice_ring(struct dice *dice, struct ph_shapes *shapes, struct ph_xy origin, double step, int size)
{
    struct ph_xy ring[9];
    size_t n = (size_t)(3 + roll_int(dice, 6));
    for (size_t i = 0; i < n; i++) {
        double angle = 6.2831853 * (double)i / (double)n + 0.1, far = 0.4 + 0.6 * roll_unit(dice);
        int x = (int)(size * far * cos(angle)), y = (int)(size * far * sin(angle));
        if (roll_int(dice, 8) == 0) x = roll_int(dice, 2 * size) - size;
        ring[i] = (struct ph_xy){origin.x + step * x, origin.y + step * y};
        if (roll_int(dice, 12) == 0 && i > 0) ring[i] = ring[(size_t)roll_int(dice, (int)i)];
    }
    put_ring(shapes, ring, n);
}

static void conservative_on_random_shapes(void **state)
{
    (void)state;
    struct bench b = bench_new();
    struct dice dice = {20261124};
    size_t valid = 0, simple = 0;
    for (int round = 0; round < 150000; round++) {
        bench_clear(&b);
        struct ph_xy origin = round % 2 ? (struct ph_xy){38500000.25, 3100000.7} : (struct ph_xy){0, 0};
        double step = round % 3 == 0 ? 1e-3 : round % 3 == 1 ? 1 : 0.37;
        int parts = 1 + (roll_int(&dice, 4) == 0);
        for (int part = 0; part < parts; part++) {
            put_lattice_ring(&dice, &b.shapes, origin, step, 12);
            for (int holes = roll_int(&dice, 3) - 1; holes > 0; holes--) put_lattice_ring(&dice, &b.shapes, origin, step, 5);
            put_part(&b.shapes);
            origin.x += step * (8 + roll_int(&dice, 16));
        }
        put_shape(&b.shapes);
        struct ph_validity validity;
        bool real = witness_valid(&b.witness, &b.shapes, 0), said = ask(&b, &validity);
        assert_int_equal(validity.flaw == PH_FLAW_NONE, real);
        if (said && !real) fail_msg("round %d: simple, but GEOS says %s", round, ph_flaw_en(validity.flaw));
        valid += real;
        simple += said;
    }
    print_message("valid: %zu, of these known without GEOS: %zu\n", valid, simple);
    assert_true(valid > 40000 && simple > valid * 9 / 10);
    bench_free(&b);
}

/* A ring of many points: the sorted sweep; one point moved through the opposite side makes it invalid. */
static void many_points(void **state)
{
    (void)state;
    struct bench b = bench_new();
    enum { POINTS = 1000 };
    static struct ph_xy ring[POINTS];
    for (int broken = 0; broken < 2; broken++) {
        for (int i = 0; i < POINTS; i++) {
            double angle = 6.283185307 * i / POINTS, far = 100 + (i % 2);
            ring[i] = (struct ph_xy){38500000 + far * cos(angle), 3100000 + far * sin(angle)};
        }
        if (broken) ring[10] = (struct ph_xy){38500000 - 102, 3100000};
        bench_clear(&b);
        put_ring(&b.shapes, ring, POINTS);
        put_part(&b.shapes);
        put_shape(&b.shapes);
        struct ph_validity validity;
        assert_int_equal(ask(&b, &validity), !broken);
        assert_int_equal(validity.flaw, broken ? PH_FLAW_SELF_INTERSECTION : PH_FLAW_NONE);
    }
    bench_free(&b);
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    char *text = calloc(1, 1 << 20);
    size_t length = fread(text, 1, (1 << 20) - 1, file);
    fclose(file);
    text[length] = '\0';
    return text;
}

/* The cases <a> WKT </a> … <op name="isValid"…> true </op> of a file; returns how many are about polygons. */
static size_t run_cases(struct bench *b, const char *path, size_t *known)
{
    char *text = read_file(path);
    size_t count = 0;
    if (text == NULL) return 0;
    for (char *at = strstr(text, "<a>"); at != NULL; at = strstr(at, "<a>")) {
        char *wkt = at + 3, *end = strstr(wkt, "</a>"), *op = strstr(end, "name=\"isValid\"");
        *end = '\0';
        at = strchr(op, '>') + 1;
        while (isspace((unsigned char)*at)) at++;
        bool wanted = strncmp(at, "true", 4) == 0;
        bench_clear(b);
        if (!put_wkt(&b->witness, &b->shapes, wkt)) continue;
        struct ph_validity validity;
        bool simple = ask(b, &validity);
        if ((validity.flaw == PH_FLAW_NONE) != wanted) fail_msg("%s: %s: %s", path, wkt, ph_flaw_en(validity.flaw));
        if (simple && !wanted) fail_msg("%s: simple, but invalid: %s", path, wkt);
        count++;
        *known += simple;
    }
    free(text);
    return count;
}

static void the_topology_suites_cases(void **state)
{
    (void)state;
    const char *shared = getenv("PANHUO_SHARED"), *files[] = {"TestValid.xml", "TestValid2.xml"};
    const char *const roots[] = {shared, "../shared", "../../shared", "../../../shared"};
    struct bench b = bench_new();
    size_t count = 0, known = 0;
    for (size_t root = 0; root < 4 && count == 0; root++) {
        for (size_t i = 0; roots[root] != NULL && i < 2; i++) {
            char path[512];
            snprintf(path, sizeof path, "%s/data/jts-testxml/general/%s", roots[root], files[i]);
            count += run_cases(&b, path, &known);
        }
    }
    bench_free(&b);
    if (count == 0) {
        print_message("SKIPPED: no data/jts-testxml under $PANHUO_SHARED or ../shared\n");
        skip();
    }
    print_message("%zu cases about polygons, %zu known without GEOS\n", count, known);
    assert_true(count > 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_shapes),
        cmocka_unit_test(what_geos_would_not_take),
        cmocka_unit_test(many_points),
        cmocka_unit_test(conservative_on_random_shapes),
        cmocka_unit_test(the_topology_suites_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
