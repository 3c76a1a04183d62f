/* What is found in and between shapes: kinds, thresholds, areas, gaps, and the same for any number of threads. */
#include "geo/topology.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/excess.h"
#include "geo/gaps.h"
#include "geo/overlap.h"
#include "geo/wording.h"
#include "geos_witness.h"
#include "test.h"

struct bench {
    struct witness witness;
    struct ph_shapes shapes;
    struct ph_topology_options options;
    struct ph_cover cover;
    struct ph_topology single, pairs, gaps;
};

static struct bench bench_new(void)
{
    return (struct bench){.witness = witness_new(), .options = PH_TOPOLOGY_OPTIONS_INIT};
}

static void put(struct bench *b, const char *wkt)
{
    assert_true(put_wkt(&b->witness, &b->shapes, wkt));
}

static void run(struct bench *b)
{
    assert_int_equal(ph_cover_init(&b->cover, &b->shapes, &b->options, &b->single, NULL), PH_OK);
    assert_int_equal(ph_overlaps(&b->cover, NULL, &b->options, &b->pairs, NULL), PH_OK);
    assert_int_equal(ph_gaps(&b->cover, &b->options, &b->gaps, NULL), PH_OK);
}

static void forget(struct bench *b)
{
    ph_cover_dispose(&b->cover);
    ph_topology_dispose(&b->single);
    ph_topology_dispose(&b->pairs);
    ph_topology_dispose(&b->gaps);
}

static void bench_free(struct bench *b)
{
    forget(b);
    ph_shapes_dispose(&b->shapes);
    witness_free(&b->witness);
}

static void assert_near(double value, double wanted)
{
    if (!(fabs(value - wanted) <= 1e-6)) fail_msg("%.9g, not %.9g", value, wanted);
}

/* Two shapes and what is said of the pair. */
static void pairs_of_two(void **state)
{
    (void)state;
    static const struct {
        const char *name, *a, *b;
        int kind; /* -1: nothing */
        double m2, share_a, share_b;
    } cases[] = {
        {"apart", "POLYGON((0 0,100 0,100 100,0 100,0 0))", "POLYGON((100 0,200 0,200 100,100 100,100 0))", -1, 0, 0, 0},
        {"overlap", "POLYGON((0 0,100 0,100 100,0 100,0 0))", "POLYGON((90 0,190 0,190 100,90 100,90 0))", PH_TOPOLOGY_OVERLAP, 1000, 0.1, 0.1},
        {"both windings", "POLYGON((0 0,0 100,100 100,100 0,0 0))", "POLYGON((90 0,190 0,190 100,90 100,90 0))", PH_TOPOLOGY_OVERLAP, 1000, 0.1, 0.1},
        {"a long sliver", "POLYGON((0 0,100 0,100 100,0 100,0 0))", "POLYGON((99.8 0,199.8 0,199.8 100,99.8 100,99.8 0))", PH_TOPOLOGY_OVERLAP_SLIVER,
         20, 0.002, 0.002},
        {"a small one", "POLYGON((0 0,100 0,100 100,0 100,0 0))", "POLYGON((98 98,198 98,198 198,98 198,98 98))", PH_TOPOLOGY_OVERLAP_SLIVER, 4,
         0.0004, 0.0004},
        {"1 m² exactly, a small share: not more", "POLYGON((0 0,100 0,100 100,0 100,0 0))", "POLYGON((99 99,199 99,199 199,99 199,99 99))", -1, 0, 0, 0},
        {"less than 1 m², a large share", "POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((9.5 9.5,19.5 9.5,19.5 19.5,9.5 19.5,9.5 9.5))",
         PH_TOPOLOGY_OVERLAP_SLIVER, 0.25, 0.0025, 0.0025},
        {"contained", "POLYGON((0 0,100 0,100 100,0 100,0 0))", "POLYGON((20 20,80 20,80 80,20 80,20 20))", PH_TOPOLOGY_CONTAINED, 3600, 0.36, 1},
        {"contained, along an edge", "POLYGON((20 0,80 0,80 80,20 80,20 0))", "POLYGON((0 0,100 0,100 100,0 100,0 0))", PH_TOPOLOGY_CONTAINED, 4800, 1,
         0.48},
        {"duplicate", "POLYGON((0 0,100 0,100 100,0 100,0 0))", "POLYGON((0 0,100 0,100 100,0 100,0 0))", PH_TOPOLOGY_DUPLICATE, 10000, 1, 1},
        {"duplicate, other start, other winding, more points", "POLYGON((0 0,100 0,100 100,0 100,0 0))",
         "POLYGON((100 100,100 0,50 0,0 0,0 100,100 100))", PH_TOPOLOGY_DUPLICATE, 10000, 1, 1},
        {"in the hole", "POLYGON((0 0,100 0,100 100,0 100,0 0),(20 20,80 20,80 80,20 80,20 20))", "POLYGON((20 20,80 20,80 80,20 80,20 20))", -1, 0, 0,
         0},
        {"bow-tie over a square: as repaired", "POLYGON((0 0,100 100,100 0,0 100,0 0))", "POLYGON((0 0,50 0,50 100,0 100,0 0))", PH_TOPOLOGY_OVERLAP, 2500,
         0.5, 0.5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench b = bench_new();
        put(&b, cases[i].a);
        put(&b, cases[i].b);
        run(&b);
        if (b.pairs.count != (cases[i].kind >= 0)) fail_msg("%s: %zu findings", cases[i].name, b.pairs.count);
        if (b.pairs.count > 0) {
            const struct ph_topology_finding *f = &b.pairs.items[0];
            if ((int)f->kind != cases[i].kind) fail_msg("%s: %s", cases[i].name, ph_topology_kind_name(f->kind));
            assert_int_equal(f->a, 0);
            assert_int_equal(f->b, 1);
            assert_near(f->area_m2, cases[i].m2);
            assert_near(f->share_a, cases[i].share_a);
            assert_near(f->share_b, cases[i].share_b);
            assert_true(f->shape != PH_NO_ROW);
        }
        bench_free(&b);
    }
}

static void options_move_the_thresholds(void **state)
{
    (void)state;
    struct bench b = bench_new();
    put(&b, "POLYGON((0 0,100 0,100 100,0 100,0 0))");
    put(&b, "POLYGON((90 0,190 0,190 100,90 100,90 0))");
    b.options.overlap_min_m2 = 1000;
    b.options.overlap_min_share = 0.1;
    run(&b);
    assert_int_equal(b.pairs.count, 0); /* neither is passed: equal is not more */
    forget(&b);
    b.options.overlap_min_share = 0.0999;
    b.options.overlap_max_m2 = 999;
    run(&b);
    assert_int_equal(b.pairs.count, 1);
    assert_true(b.pairs.items[0].hidden);
    forget(&b);
    struct ph_crs_facts feet = {.kind = PH_CRS_PROJECTED, .metres_per_unit = 0.3048};
    b.options = (struct ph_topology_options)PH_TOPOLOGY_OPTIONS_INIT;
    b.options.crs = &feet;
    run(&b);
    assert_int_equal(b.pairs.count, 1);
    assert_near(b.pairs.items[0].area_m2, 1000 * 0.3048 * 0.3048);
    bench_free(&b);
}

static const struct ph_topology_finding *only(const struct ph_topology *t, enum ph_topology_kind kind)
{
    const struct ph_topology_finding *found = NULL;
    for (size_t i = 0; i < t->count; i++) {
        if (t->items[i].kind != kind) continue;
        assert_null(found);
        found = &t->items[i];
    }
    return found;
}

static void single_shapes(void **state)
{
    (void)state;
    static const struct {
        const char *name, *wkt;
        int kind;
        enum ph_flaw flaw;
        uint32_t count;
        double m2, x, y;
    } cases[] = {
        {"nothing", "POLYGON((0 0,100 0,100 100,0 100,0 0))", -1, PH_FLAW_NONE, 0, 0, 0, 0},
        {"bow-tie", "POLYGON((0 0,100 100,100 0,0 100,0 0))", PH_TOPOLOGY_INVALID, PH_FLAW_SELF_INTERSECTION, 1, 5000, 50, 50},
        {"hole outside", "POLYGON((0 0,100 0,100 100,0 100,0 0),(200 0,200 50,250 50,250 0,200 0))", PH_TOPOLOGY_HOLE_OUTSIDE, PH_FLAW_HOLE_OUTSIDE, 1, 12500,
         200, 0},
        {"repeated vertices", "POLYGON((0 0,100 0,100 0,100 0,100 100,0 100,0 0))", PH_TOPOLOGY_REPEATED_VERTEX, PH_FLAW_NONE, 2, NAN, 100, 0},
        {"spike", "POLYGON((0 0,100 0,100 50,200 50.1,100 50.2,100 100,0 100,0 0))", PH_TOPOLOGY_SPIKE, PH_FLAW_NONE, 1, NAN, 200, 50.1},
        {"hole wound as its outer ring", "POLYGON((0 0,100 0,100 100,0 100,0 0),(20 20,80 20,80 80,20 80,20 20))", PH_TOPOLOGY_WINDING, PH_FLAW_NONE, 1, NAN,
         20, 20},
        {"small", "POLYGON((0 0,3 0,3 3,0 3,0 0))", PH_TOPOLOGY_SLIVER, PH_FLAW_NONE, 1, 9, NAN, NAN},
        {"thin", "POLYGON((0 0,1000 0,1000 1,0 1,0 0))", PH_TOPOLOGY_SLIVER, PH_FLAW_NONE, 1, 1000, NAN, NAN},
        {"not thin enough", "POLYGON((0 0,1000 0,1000 4,0 4,0 0))", -1, PH_FLAW_NONE, 0, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench b = bench_new();
        put(&b, cases[i].wkt);
        run(&b);
        if (b.single.count != (cases[i].kind >= 0)) fail_msg("%s: %zu findings, first %d", cases[i].name, b.single.count, (int)b.single.items[0].kind);
        if (b.single.count > 0) {
            const struct ph_topology_finding *f = only(&b.single, (enum ph_topology_kind)cases[i].kind);
            if (f == NULL) fail_msg("%s: %s", cases[i].name, ph_topology_kind_name(b.single.items[0].kind));
            assert_int_equal(f->flaw, cases[i].flaw);
            assert_int_equal(f->count, cases[i].count);
            if (!isnan(cases[i].m2)) assert_near(f->area_m2, cases[i].m2);
            assert_int_equal(f->shape == PH_NO_ROW, isnan(cases[i].m2));
            if (!isnan(cases[i].x)) assert_true(f->place.x == cases[i].x && f->place.y == cases[i].y);
        }
        bench_free(&b);
    }
}

static void winding_of_the_format(void **state)
{
    (void)state;
    for (int winding = PH_WINDING_ANY; winding <= PH_WINDING_OUTER_COUNTER; winding++) {
        struct bench b = bench_new();
        put(&b, "POLYGON((0 0,100 0,100 100,0 100,0 0))");
        b.options.winding = (enum ph_winding)winding;
        run(&b);
        assert_int_equal(b.single.count, winding == PH_WINDING_OUTER_CLOCKWISE);
        bench_free(&b);
    }
}

static void broken_shapes_do_no_harm(void **state)
{
    (void)state;
    struct bench b = bench_new();
    put_shape(&b.shapes); /* empty */
    put_ring(&b.shapes, (struct ph_xy[]){{0, 0}, {NAN, 0}, {100, 100}, {0, 100}}, 4);
    put_part(&b.shapes);
    put_shape(&b.shapes);
    put_ring(&b.shapes, (struct ph_xy[]){{0, 0}, {1, 1}}, 2);
    put_part(&b.shapes);
    put_shape(&b.shapes);
    put_ring(&b.shapes, (struct ph_xy[]){{0, 0}, {INFINITY, 0}, {100, 100}, {0, 100}}, 4);
    put_part(&b.shapes);
    put_shape(&b.shapes);
    put(&b, "POLYGON((0 0,100 0,100 100,0 100,0 0))");
    b.options.gap_width = 1;
    run(&b);
    assert_int_equal(b.pairs.count, 0);
    assert_int_equal(b.single.count, 3);
    static const enum ph_flaw flaws[] = {PH_FLAW_NOT_FINITE, PH_FLAW_TOO_FEW_POINTS, PH_FLAW_NOT_FINITE};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(b.single.items[i].a, i + 1);
        assert_int_equal(b.single.items[i].kind, PH_TOPOLOGY_INVALID);
        assert_int_equal(b.single.items[i].flaw, flaws[i]);
        assert_near(b.single.items[i].area_m2, 0);
    }
    bench_free(&b);
}

/* Three squares of 100 m, each 10 m into the next but the middle ones all on one place. */
static void land_counted_twice(void **state)
{
    (void)state;
    struct bench b = bench_new();
    put(&b, "POLYGON((0 0,100 0,100 100,0 100,0 0))");
    put(&b, "POLYGON((90 0,190 0,190 100,90 100,90 0))");
    put(&b, "POLYGON((90 0,190 0,190 100,90 100,90 0))"); /* the same again */
    put(&b, "POLYGON((500 0,600 0,600 100,500 100,500 0))");
    put(&b, "POLYGON((580 0,680 0,680 100,580 100,580 0))");
    run(&b);
    assert_int_equal(b.pairs.count, 4);
    struct ph_excess all, groups[2];
    assert_int_equal(ph_overlap_union(&b.pairs, &b.options, &all, NULL), PH_OK);
    assert_int_equal(all.plane_dm2, (10000 + 2000) * 100); /* square 1 whole, of which 10 m are under three */
    assert_true(all.ellipsoid_dm2 == INT64_MIN);
    static const int32_t group_of[] = {0, 0, 0, 1, -1};
    assert_int_equal(ph_group_excess(&b.pairs, &b.options, group_of, 2, groups, NULL), PH_OK);
    assert_int_equal(groups[0].plane_dm2, (30000 - 19000) * 100); /* sum of areas less the ground covered */
    assert_int_equal(groups[1].plane_dm2, 0);
    bench_free(&b);
}

static void against_another_layer(void **state)
{
    (void)state;
    struct bench b = bench_new(), red = bench_new();
    put(&b, "POLYGON((0 0,100 0,100 100,0 100,0 0))");
    put(&b, "POLYGON((50 0,150 0,150 100,50 100,50 0))");
    put(&b, "POLYGON((1000 0,1100 0,1100 100,1000 100,1000 0))");
    put(&red, "POLYGON((5000 0,5100 0,5100 100,5000 0))");
    put(&red, "POLYGON((900 -100,1200 -100,1200 200,900 200,900 -100))");
    put(&red, "POLYGON((-100 50,100 50,100 500,-100 500,-100 50))");
    assert_int_equal(ph_cover_init(&b.cover, &b.shapes, &b.options, NULL, NULL), PH_OK);
    assert_int_equal(ph_cover_init(&red.cover, &red.shapes, &red.options, NULL, NULL), PH_OK);
    assert_int_equal(ph_overlaps(&b.cover, &red.cover, &b.options, &b.pairs, NULL), PH_OK);
    static const struct {
        uint32_t a, b;
        enum ph_topology_kind kind;
        double m2;
    } wanted[] = {{0, 2, PH_TOPOLOGY_OVERLAP, 5000}, {1, 2, PH_TOPOLOGY_OVERLAP, 2500}, {2, 1, PH_TOPOLOGY_CONTAINED, 10000}};
    assert_int_equal(b.pairs.count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(b.pairs.items[i].a, wanted[i].a);
        assert_int_equal(b.pairs.items[i].b, wanted[i].b);
        assert_int_equal(b.pairs.items[i].kind, wanted[i].kind);
        assert_near(b.pairs.items[i].area_m2, wanted[i].m2);
    }
    bench_free(&red);
    bench_free(&b);
}

static void gaps_between_neighbours(void **state)
{
    (void)state;
    struct bench b = bench_new();
    put(&b, "POLYGON((0 0,100 0,100 100,0 100,0 0))");
    put(&b, "POLYGON((100.2 0,200 0,200 100,100.2 100,100.2 0))");   /* 0.2 m to the first */
    put(&b, "POLYGON((210 0,300 0,300 100,210 100,210 0))");         /* a road of 10 m */
    put(&b, "POLYGON((300 0,400 0,400 100,300 100,300 50,300 0))");  /* no gap */
    put(&b, "POLYGON((0 100,100 100,100 200,55 200,55 150,54.5 150,54.5 200,0 200,0 100))"); /* a notch of its own */
    b.options.gap_width = 1;
    run(&b);
    assert_int_equal(b.gaps.count, 1);
    const struct ph_topology_finding *f = &b.gaps.items[0];
    assert_int_equal(f->kind, PH_TOPOLOGY_GAP);
    assert_int_equal(f->a, 0);
    assert_int_equal(f->b, 1);
    assert_int_equal(f->around_count, 3); /* the last comes to its corner */
    assert_int_equal(b.gaps.around[f->around + 2], 4);
    assert_near(f->area_m2, 20);
    forget(&b);
    b.options.gap_width = 0.1;
    run(&b);
    assert_int_equal(b.gaps.count, 0);
    forget(&b);
    b.options.gap_width = 11;
    run(&b);
    assert_true(b.gaps.count >= 2);
    bench_free(&b);
}

/* A long alley goes through many tiles and is still one gap. */
static void a_gap_is_not_cut(void **state)
{
    (void)state;
    struct bench b = bench_new();
    for (int side = 0; side < 2; side++) {
        for (int i = 0; i < 200; i++) {
            double x = 38500000 + 20.0 * i, y = 3100000 + (side ? 30.5 : 0);
            struct ph_xy ring[] = {{x, y}, {x + 20, y}, {x + 20, y + 30}, {x, y + 30}};
            put_ring(&b.shapes, ring, 4);
            put_part(&b.shapes);
            put_shape(&b.shapes);
        }
    }
    b.options.gap_width = 1;
    for (int threads = 1; threads <= 2; threads++) {
        b.options.threads = threads;
        run(&b);
        assert_int_equal(b.gaps.count, 1);
        assert_true(fabs(b.gaps.items[0].area_m2 - 4000 * 0.5) < 1e-3);
        assert_int_equal(b.gaps.items[0].around_count, 400);
        assert_int_equal(b.gaps.around[399], 399);
        forget(&b);
    }
    bench_free(&b);
}

static void put_random_layer(struct bench *b)
{
    struct dice dice = {5};
    for (int i = 0; i < 3000; i++) {
        double x = 38500000 + 100 * (i % 60) + 20 * roll_unit(&dice), y = 3100000 + 100 * (int)(i / 60) + 20 * roll_unit(&dice);
        double w = 60 + 50 * roll_unit(&dice), h = 60 + 50 * roll_unit(&dice);
        struct ph_xy ring[] = {{x, y}, {x + w, y + roll_unit(&dice)}, {x + w, y + h}, {x, y + h}};
        if (i % 97 == 0) {
            struct ph_xy p = ring[1];
            ring[1] = ring[2];
            ring[2] = p;
        }
        put_ring(&b->shapes, ring, 4);
        put_part(&b->shapes);
        put_shape(&b->shapes);
    }
}

static void assert_same(const struct ph_topology *a, const struct ph_topology *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        const struct ph_topology_finding *f = &a->items[i], *g = &b->items[i];
        assert_true(f->kind == g->kind && f->flaw == g->flaw && f->a == g->a && f->b == g->b && f->shape == g->shape && f->count == g->count);
        assert_true(f->around == g->around && f->around_count == g->around_count);
        assert_memory_equal(&f->area_m2, &g->area_m2, sizeof(double));
        assert_memory_equal(&f->share_a, &g->share_a, sizeof(double));
        assert_memory_equal(&f->place, &g->place, sizeof f->place);
    }
    assert_int_equal(a->around_count, b->around_count);
    if (a->around_count > 0) assert_memory_equal(a->around, b->around, a->around_count * sizeof *a->around);
    assert_int_equal(a->shapes.point_count, b->shapes.point_count);
    if (a->shapes.point_count > 0) assert_memory_equal(a->shapes.points, b->shapes.points, a->shapes.point_count * sizeof *a->shapes.points);
    assert_memory_equal(&a->statistics, &b->statistics, sizeof a->statistics);
}

static void the_same_on_any_number_of_threads(void **state)
{
    (void)state;
    struct bench one = bench_new();
    put_random_layer(&one);
    one.options.gap_width = 2;
    run(&one);
    assert_true(one.pairs.count > 1000 && one.single.count > 20 && one.gaps.count > 10);
    print_message("%zu single, %zu pairs, %zu gaps\n", one.single.count, one.pairs.count, one.gaps.count);
    for (int threads = 2; threads <= 5; threads += 3) {
        struct bench many = bench_new();
        put_random_layer(&many);
        many.options.gap_width = 2;
        many.options.threads = threads;
        run(&many);
        assert_same(&one.single, &many.single);
        assert_same(&one.pairs, &many.pairs);
        assert_same(&one.gaps, &many.gaps);
        bench_free(&many);
    }
    bench_free(&one);
}

static int stop_at_once(void *payload, double done)
{
    (void)payload;
    (void)done;
    return 1;
}

static void it_can_be_stopped(void **state)
{
    (void)state;
    struct bench b = bench_new();
    put_random_layer(&b);
    b.options.threads = 2;
    b.options.stop.asked = stop_at_once;
    struct ph_error err = PH_ERROR_INIT;
    assert_int_equal(ph_cover_init(&b.cover, &b.shapes, &b.options, &b.single, &err), PH_E_CANCELLED);
    assert_int_equal(err.status, PH_E_CANCELLED);
    bench_free(&b);
}

static void sentences(void **state)
{
    (void)state;
    struct ph_topology_finding f = ph_topology_finding_of(PH_TOPOLOGY_OVERLAP, 0);
    f.area_m2 = 1000;
    f.share_a = 0.1;
    f.share_b = 0.25;
    static const struct {
        enum ph_topology_kind kind;
        const char *zh, *en;
    } cases[] = {
        {PH_TOPOLOGY_OVERLAP, "甲 与 乙 重叠 1000.00 m²(1.50 亩),占 甲 的 10.00%,占 乙 的 25.00%",
         "甲 and 乙 overlap by 1000.00 m² (1.50 mu), 10.00 % of 甲, 25.00 % of 乙"},
        {PH_TOPOLOGY_CONTAINED, "乙 全部落在 甲 之内,重叠 1000.00 m²(1.50 亩),占 甲 的 10.00%,占 乙 的 25.00%",
         "乙 lies within 甲, 1000.00 m² (1.50 mu), 10.00 % of 甲, 25.00 % of 乙"},
        {PH_TOPOLOGY_SPIKE, "甲 有 1 处尖刺(界址线折返,夹角小于 1 度)", "甲: 1 spikes (the boundary turns back within 1 degree)"},
        {PH_TOPOLOGY_GAP, "甲 与 乙 之间有缝隙 1000.00 m²(1.50 亩)", "gap between 甲 and 乙: 1000.00 m² (1.50 mu)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (int english = 0; english < 2; english++) {
            struct ph_text text;
            ph_text_init(&text, 1000);
            f.kind = cases[i].kind;
            ph_topology_message(&f, "甲", "乙", english, &text);
            assert_string_equal(ph_text_get(&text), english ? cases[i].en : cases[i].zh);
            ph_text_dispose(&text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_of_two),
        cmocka_unit_test(options_move_the_thresholds),
        cmocka_unit_test(single_shapes),
        cmocka_unit_test(winding_of_the_format),
        cmocka_unit_test(broken_shapes_do_no_harm),
        cmocka_unit_test(land_counted_twice),
        cmocka_unit_test(against_another_layer),
        cmocka_unit_test(gaps_between_neighbours),
        cmocka_unit_test(a_gap_is_not_cut),
        cmocka_unit_test(the_same_on_any_number_of_threads),
        cmocka_unit_test(it_can_be_stopped),
        cmocka_unit_test(sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
