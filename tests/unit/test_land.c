#include <string.h>

#include "audit/land_table.h"
#include "audit/land_words.h"
#include "land_park.h"

struct example {
    const char *what;
    enum ph_land_share mode;
    struct park_parcel parcels[3];
    struct park_link ties[5];
    struct {
        const char *code;
        int64_t own, in, out; /* dm²; UNKNOWN where some of it is */
        int parcels;
    } land[5];
    int64_t unassigned;
    const char *problem; /* the one code that is told, or NULL */
};

static const struct example examples[] = {
    {.what = "without links all is the holder's", .mode = PH_LAND_UNSET, .parcels = {{"a", 1000, 0}, {"a", 500, 0}, {NULL, 70, 0}},
     .land = {{"a", 1500, 0, 0, 2}}, .unassigned = 70},
    {.what = "26666.68 × 1200 ÷ 8000", .mode = PH_LAND_UNSET, .parcels = {{"a", 2666668, 8000}}, .ties = {{1, "b", "租入", 0, 0, 1200}},
     .land = {{"a", 2666668, 0, 400000, 1}, {"b", 0, 400000, 0, 1}}},
    {.what = "thirds: the 0.01 m² goes to the first code", .mode = PH_LAND_EXPLICIT, .parcels = {{"z", 10000, 3}},
     .ties = {{1, "c", "租入", 0, 0, 1}, {1, "b", "租入", 0, 0, 1}, {1, "d", "租入", 0, 0, 1}},
     .land = {{"z", 10000, 0, 10000, 0}, {"b", 0, 3334, 0, 1}, {"c", 0, 3333, 0, 1}, {"d", 0, 3333, 0, 1}}},
    {.what = "area goes before share, share before floor", .mode = PH_LAND_EXPLICIT, .parcels = {{"a", 10000, 100}},
     .ties = {{1, "b", "租入", 5, 0.5, 50}, {1, "c", "租入", 0, 0.25, 50}},
     .land = {{"a", 10000, 0, 3000, 1}, {"b", 0, 500, 0, 1}, {"c", 0, 2500, 0, 1}}},
    {.what = "owners in place of the holder", .mode = PH_LAND_EXPLICIT, .parcels = {{"a", 10000, 0}},
     .ties = {{1, "b", "自有", 0, 0.6, 0}, {1, "c", "自有", 40, 0, 0}}, .land = {{"a", 0, 0, 0, 0}, {"b", 6000, 0, 0, 1}, {"c", 4000, 0, 0, 1}},
     .problem = "link.owner_differs"},
    {.what = "an owner without a size takes what is left", .mode = PH_LAND_EXPLICIT, .parcels = {{"a", 10000, 0}},
     .ties = {{1, "a", "自有", 0, 0, 0}, {1, "b", "自有", 30, 0, 0}}, .land = {{"a", 7000, 0, 0, 1}, {"b", 3000, 0, 0, 1}}},
    {.what = "two of them halve it", .mode = PH_LAND_EXPLICIT, .parcels = {{"a", 10001, 0}},
     .ties = {{1, "a", "自有", 0, 0, 0}, {1, "b", "自有", 30, 0, 0}, {1, "c", "自有", 0, 0, 0}},
     .land = {{"a", 3501, 0, 0, 1}, {"b", 3000, 0, 0, 1}, {"c", 3500, 0, 0, 1}}},
    {.what = "a third each, in percent of two decimals", .mode = PH_LAND_EXPLICIT, .parcels = {{"a", 3000000, 0}},
     .ties = {{1, "a", "自有", 0, 0.3333, 0}, {1, "b", "自有", 0, 0.3333, 0}, {1, "c", "自有", 0, 0.3333, 0}},
     .land = {{"a", 1000000, 0, 0, 1}, {"b", 1000000, 0, 0, 1}, {"c", 1000000, 0, 0, 1}}},
    {.what = "owners who leave a part", .mode = PH_LAND_EXPLICIT, .parcels = {{"a", 10000, 0}}, .ties = {{1, "a", "自有", 60, 0, 0}},
     .land = {{"a", 6000, 0, 0, 1}}, .unassigned = 4000, .problem = "link.owners_short"},
    {.what = "owners who claim too much", .mode = PH_LAND_EXPLICIT, .parcels = {{"a", 10000, 0}},
     .ties = {{1, "a", "自有", 90, 0, 0}, {1, "b", "自有", 60, 0, 0}}, .land = {{"a", 6000, 0, 0, 1}, {"b", 4000, 0, 0, 1}}, .problem = "link.over_claim"},
    {.what = "tenants come off the owners in proportion", .mode = PH_LAND_EXPLICIT, .parcels = {{"a", 10000, 0}},
     .ties = {{1, "a", "自有", 0, 0.5, 0}, {1, "b", "自有", 0, 0.3, 0}, {1, "c", "自有", 0, 0.2, 0}, {1, "d", "租入", 10, 0, 0}},
     .land = {{"a", 5000, 0, 500, 1}, {"b", 3000, 0, 300, 1}, {"c", 2000, 0, 200, 1}, {"d", 0, 1000, 0, 1}}},
    {.what = "an owner who says more than the tenants", .mode = PH_LAND_EXPLICIT, .parcels = {{"a", 10000, 0}},
     .ties = {{1, "a", "租出", 30, 0, 0}, {1, "b", "租入", 20, 0, 0}}, .land = {{"a", 10000, 0, 3000, 1}, {"b", 0, 2000, 0, 1}}, .unassigned = 1000,
     .problem = "link.no_tenant"},
    {.what = "tenants who say more than the owner", .mode = PH_LAND_EXPLICIT, .parcels = {{"a", 10000, 0}},
     .ties = {{1, "a", "租出", 20, 0, 0}, {1, "b", "租入", 30, 0, 0}}, .land = {{"a", 10000, 0, 3000, 1}, {"b", 0, 3000, 0, 1}}},
    {.what = "one lease rounded in two ways is one lease", .mode = PH_LAND_EXPLICIT, .parcels = {{"a", 1000000, 0}},
     .ties = {{1, "a", "租出", 3333.5, 0, 0}, {1, "b", "租入", 3333.33, 0, 0}}, .land = {{"a", 1000000, 0, 333333, 1}, {"b", 0, 333333, 0, 1}}},
    {.what = "a tenant lets again", .mode = PH_LAND_EXPLICIT, .parcels = {{"a", 10000, 0}},
     .ties = {{1, "b", "租入", 80, 0, 0}, {1, "b", "租出", 50, 0, 0}, {1, "c", "租入", 50, 0, 0}},
     .land = {{"a", 10000, 0, 8000, 1}, {"b", 0, 8000, 5000, 1}, {"c", 0, 5000, 0, 1}}},
    {.what = "one owner rents from the other", .mode = PH_LAND_EXPLICIT, .parcels = {{NULL, 10000, 0}},
     .ties = {{1, "a", "自有", 0, 0.5, 0}, {1, "b", "自有", 0, 0.5, 0}, {1, "b", "租出", 20, 0, 0}, {1, "a", "租入", 20, 0, 0}},
     .land = {{"a", 5000, 2000, 0, 1}, {"b", 5000, 0, 2000, 1}}},
    {.what = "lets what it does not have", .mode = PH_LAND_EXPLICIT, .parcels = {{"a", 10000, 0}}, .ties = {{1, "b", "租出", 20, 0, 0}},
     .land = {{"a", 10000, 0, 0, 1}, {"b", 0, 0, 0, 0}}, .problem = "link.over_let"},
    {.what = "a tenant where there is no owner", .mode = PH_LAND_EXPLICIT, .parcels = {{NULL, 10000, 0}}, .ties = {{1, "b", "租入", 40, 0, 0}},
     .land = {{"b", 0, 4000, 0, 1}}, .unassigned = 6000},
    {.what = "tenants who claim too much", .mode = PH_LAND_EXPLICIT, .parcels = {{"a", 10000, 50}},
     .ties = {{1, "b", "租入", 0, 0, 75}, {1, "c", "租入", 50, 0, 0}}, .land = {{"a", 10000, 0, 10000, 0}, {"b", 0, 7500, 0, 1}, {"c", 0, 2500, 0, 1}},
     .problem = "link.over_claim"},
    {.what = "no floor area of the parcel", .mode = PH_LAND_EXPLICIT, .parcels = {{"a", 10000, 0}}, .ties = {{1, "b", "租入", 0, 0, 75}},
     .land = {{"a", 10000, 0, UNKNOWN, 1}, {"b", 0, UNKNOWN, 0, 1}}, .problem = "link.no_floor"},
    {.what = "the owner knows what the tenant does not", .mode = PH_LAND_EXPLICIT, .parcels = {{"a", 10000, 0}},
     .ties = {{1, "a", "租出", 30, 0, 0}, {1, "b", "租入", 0, 0, 0}}, .land = {{"a", 10000, 0, 3000, 1}, {"b", 0, UNKNOWN, 0, 1}}, .unassigned = 3000,
     .problem = "link.no_measure"},
    {.what = "an unknown area leaves its parties unknown", .mode = PH_LAND_EXPLICIT, .parcels = {{"a", UNKNOWN, 0}, {"a", 500, 0}},
     .ties = {{1, "b", "租入", 20, 0, 0}}, .land = {{"a", UNKNOWN, 0, 0, 2}, {"b", 0, UNKNOWN, 0, 1}}},
    {.what = "owner: what is rented does not matter", .mode = PH_LAND_OWNER, .parcels = {{"a", 10000, 100}, {NULL, 200, 0}},
     .ties = {{1, "b", "租入", 0, 0, 50}, {2, "c", "租入", 0, 0, 0}}, .land = {{"a", 10000, 0, 0, 1}, {"b", 0, 0, 0, 0}, {"c", 0, 0, 0, 0}}, .unassigned = 200},
    {.what = "equal: holder and tenants alike", .mode = PH_LAND_EQUAL, .parcels = {{"a", 10000, 0}},
     .ties = {{1, "b", "租入", 0, 0, 0}, {1, "c", "租入", 90, 0, 0}}, .land = {{"a", 3334, 0, 0, 1}, {"b", 0, 3333, 0, 1}, {"c", 0, 3333, 0, 1}}},
    {.what = "equal: but not a holder who lets it whole", .mode = PH_LAND_EQUAL, .parcels = {{"a", 10000, 100}},
     .ties = {{1, "a", "租出", 0, 0, 100}, {1, "b", "租入", 0, 0, 0}, {1, "c", "租入", 0, 0, 0}},
     .land = {{"a", 0, 0, 0, 0}, {"b", 0, 5000, 0, 1}, {"c", 0, 5000, 0, 1}}},
    {.what = "floor: the floor counts, not the area", .mode = PH_LAND_FLOOR, .parcels = {{"a", 10000, 100}},
     .ties = {{1, "b", "租入", 5, 0, 50}, {1, "a", "租出", 5, 0, 0}, {1, "c", "租入", 0, 0.1, 25}},
     .land = {{"a", 10000, 0, 7500, 1}, {"b", 0, 5000, 0, 1}, {"c", 0, 2500, 0, 1}}},
    {.what = "floor: a tenant without one", .mode = PH_LAND_FLOOR, .parcels = {{"a", 10000, 100}}, .ties = {{1, "b", "租入", 5, 0, 0}},
     .land = {{"a", 10000, 0, UNKNOWN, 1}, {"b", 0, UNKNOWN, 0, 1}}, .problem = "link.no_measure"},
    {.what = "a parcel larger than any", .mode = PH_LAND_EXPLICIT, .parcels = {{"a", INT64_C(2000000000000), 0}}, .ties = {{1, "b", "租入", 5, 0, 0}},
     .land = {{"a", UNKNOWN, 0, 0, 1}, {"b", 0, UNKNOWN, 0, 1}}, .unassigned = INT64_C(2000000000000)},
    {.what = "claims larger than any", .mode = PH_LAND_EXPLICIT, .parcels = {{"a", 10000, 1}},
     .ties = {{1, "b", "租入", 1e15, 0, 0}, {1, "c", "租入", 0, 0, 1e15}, {1, "d", "租入", 0, 1e300, 0}},
     .land = {{"a", 10000, 0, 10000, 0}, {"b", 0, 3334, 0, 1}, {"c", 0, 3333, 0, 1}, {"d", 0, 3333, 0, 1}}, .problem = "link.over_claim"},
};

static void check_part(const struct example *x, const char *code, const struct ph_holding *h, enum ph_relation r, int64_t wanted)
{
    bool right = wanted == UNKNOWN ? h->unknown[r] : !h->unknown[r] && h->dm2[r] == wanted;
    if (!right) fail_msg("%s: %s, relation %d: %lld%s", x->what, code, (int)r, (long long)h->dm2[r], h->unknown[r] ? " and unknown" : "");
}

static void check_example(const struct example *x)
{
    struct park p;
    size_t parcels = 0, ties = 0;
    while (parcels < 3 && x->parcels[parcels].dm2) parcels++;
    while (ties < 5 && x->ties[ties].parcel) ties++;
    park_divide(&p, x->mode, x->parcels, parcels, x->ties, NULL, ties);
    for (size_t i = 0; i < 5 && x->land[i].code; i++) {
        const struct ph_holding *h = park_holding(&p, x->land[i].code);
        check_part(x, x->land[i].code, h, PH_OWN, x->land[i].own);
        check_part(x, x->land[i].code, h, PH_RENTED_IN, x->land[i].in);
        check_part(x, x->land[i].code, h, PH_RENTED_OUT, x->land[i].out);
        if (h->parcels != x->land[i].parcels) fail_msg("%s: %s has %d parcels", x->what, x->land[i].code, (int)h->parcels);
    }
    if (p.land.sums[PH_LAND_UNASSIGNED].area_dm2 != x->unassigned)
        fail_msg("%s: unassigned %lld", x->what, (long long)p.land.sums[PH_LAND_UNASSIGNED].area_dm2);
    for (size_t i = 0; i < p.problems.count; i++)
        if (x->problem == NULL || strcmp(p.problems.items[i].code, x->problem) != 0) fail_msg("%s: %s", x->what, p.problems.items[i].en);
    if (x->problem && p.problems.count == 0) fail_msg("%s: no %s", x->what, x->problem);
    park_drop(&p);
}

static void examples_by_hand(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) check_example(&examples[i]);
}

static void roster_and_others(void **state)
{
    (void)state;
    static const struct park_parcel parcels[] = {{"a", 10000, 0}, {"x1", 500, 0}, {NULL, 70, 0}, {NULL, UNKNOWN, 0}};
    static const struct park_link ties[] = {{1, "x2", "租入", 20, 0, 0}, {1, "b", "租入", 10, 0, 0}, {2, "a", "租入", 5, 0, 0}};
    struct park p;
    park_divide(&p, PH_LAND_EXPLICIT, parcels, 4, ties, NULL, 3);
    static const struct ph_land_sum wanted[PH_LAND_PLACES] = {{1, 2, 8000}, {1, 1, 2000}, {2, 0, 70}};
    assert_int_equal(p.enterprises.holdings[p.enterprises.holding_of_parcel[1]].code[0], 'a');
    for (size_t i = 0; i < PH_LAND_PLACES; i++) {
        assert_int_equal(p.land.sums[i].area_dm2, wanted[i].area_dm2 + (i == PH_LAND_ASSIGNED ? 500 : 0));
        assert_int_equal(p.land.sums[i].parcels, wanted[i].parcels + (i == PH_LAND_ASSIGNED));
        assert_int_equal(p.land.sums[i].enterprises, wanted[i].enterprises);
    }
    park_drop(&p);
}

/* The holder as long as it has land there, else who has most, of equals the first code. */
static void the_parcels_enterprise(void **state)
{
    (void)state;
    static const struct park_parcel parcels[] = {{"h", 10000, 0}, {"h", 10000, 0}, {"h", 10000, 0}, {NULL, 10000, 0}, {NULL, 10000, 0}};
    static const struct park_link ties[] = {{1, "b", "租入", 99, 0, 0}, {2, "b", "租入", 0, 1, 0},    {3, "c", "租入", 0, 0.5, 0},
                                      {3, "b", "租入", 0, 0.5, 0}, {4, "c", "租入", 60, 0, 0}, {4, "b", "租入", 40, 0, 0}};
    static const char *const wanted[] = {"h", "b", "b", "c"};
    struct park p;
    park_divide(&p, PH_LAND_EXPLICIT, parcels, 5, ties, NULL, 6);
    for (size_t i = 0; i < 4; i++) assert_string_equal(p.enterprises.holdings[p.enterprises.holding_of_parcel[i]].code, wanted[i]);
    assert_true(p.enterprises.holding_of_parcel[4] == SIZE_MAX);
    park_drop(&p);
}

static void units_of_those_who_share(void **state)
{
    (void)state;
    static const struct park_parcel parcels[] = {{"d", 10000, 0}, {"c", 10000, 0}, {"e", 10000, 0}, {"f", 10000, 0}, {"g", UNKNOWN, 0}};
    static const struct park_link ties[] = {{1, "b", "租入", 20, 0, 0}, {2, "b", "租入", 10, 0, 0}, {3, "f", "租入", 0, 1, 0}, {5, "h", "租入", 1, 0, 0}};
    static const char *const wanted[][2] = {{"b", "b"}, {"c", "b"}, {"d", "b"}, {"e", "e"}, {"f", "f"}, {"g", "g"}, {"h", "g"}};
    struct park p;
    park_divide(&p, PH_LAND_MERGE, parcels, 5, ties, NULL, 4);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) /* e lets all it has: it shares nothing */
        assert_string_equal(p.enterprises.holdings[park_holding(&p, wanted[i][0])->unit].code, wanted[i][1]);
    park_drop(&p);
    park_divide(&p, PH_LAND_EXPLICIT, parcels, 5, ties, NULL, 4);
    for (size_t h = 0; h < p.enterprises.holding_count; h++) assert_true(p.enterprises.holdings[h].unit == h);
    park_drop(&p);
}

static void rows_that_say_the_same_count_once(void **state)
{
    (void)state;
    static const struct park_parcel parcels[] = {{"a", 10000, 0}};
    static const struct park_link ties[] = {{1, "b", "租入", 20, 0, 0}, {1, "b", "rented_in", 20, 0, 0}, {1, "b", "承租", 10, 0, 0}};
    struct park p;
    park_divide(&p, PH_LAND_EXPLICIT, parcels, 1, ties, NULL, 3);
    assert_int_equal(park_holding(&p, "b")->dm2[PH_RENTED_IN], 3000);
    assert_true(park_has_problem(&p, "link.duplicate"));
    park_drop(&p);
}

static void the_arithmetic_in_words(void **state)
{
    (void)state;
    static const struct park_parcel parcels[] = {{"a", 2666668, 8000}, {"a", 10000, 0}};
    static const struct park_link ties[] = {{1, "b", "租入", 0, 0, 1200},  {1, "c", "租入", 0, 0.125, 0}, {1, "c", "租入", 10.5, 0, 0}, {1, "a", "租出", 3000, 0, 0},
                                      {2, "a", "自有", 0, 0, 0}, {2, "d", "自有", 60, 0, 0}};
    static const char *const wanted[] = {"宗地 26666.68㎡",
                                         "租出 3000㎡,承租各户另报 4343.84㎡,合计 7343.84㎡",
                                         "宗地 26666.68㎡ × 租用厂房 1200㎡ ÷ 建筑面积 8000㎡ = 4000.00㎡",
                                         "宗地 26666.68㎡ × 租入份额 12.5% + 租入 10.5㎡ = 3343.84㎡",
                                         "宗地 100.00㎡ 中其他权利人以外的部分 = 40.00㎡",
                                         "自有 60㎡"};
    struct park p;
    park_divide(&p, PH_LAND_EXPLICIT, parcels, 2, ties, NULL, 6);
    assert_int_equal(p.land.count, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < p.land.count; i++) {
        struct ph_text words;
        ph_text_init(&words, 10000);
        ph_land_words(&p.land, &p.parcels, &p.links, &p.land.stakes[i], &words);
        assert_string_equal(ph_text_get(&words), wanted[i]);
        ph_text_dispose(&words);
    }
    park_drop(&p);
}

/* Each enterprise in the table with the polygons of the parcels where it has land, and no other. */
static void the_layer(void **state)
{
    (void)state;
    static const struct park_parcel parcels[] = {{"a", 10000, 0}, {"b", 10000, 0}, {"x", 10000, 0}, {"a", 10000, 0}};
    static const struct park_link ties[] = {{2, "c", "租入", 0, 1, 0}, {3, "c", "租入", 10, 0, 0}};
    struct park p;
    park_divide(&p, PH_LAND_EXPLICIT, parcels, 4, ties, NULL, 2);
    struct ph_shapes *own = &p.parcels.t.layer.shapes;
    struct ph_land_layer layer = {0};
    const struct ph_bundles *bundles = &layer.bundles;
    for (int i = 0; i < 4; i++) {
        for (int k = 0; k < 4; k++) assert_int_equal(ph_shapes_add_point(own, 10 * i + (k == 1), k == 2, NULL), PH_OK);
        assert_int_equal(ph_shapes_end_ring(own, NULL), PH_OK);
        assert_int_equal(ph_shapes_end_part(own, NULL), PH_OK);
        assert_int_equal(ph_shapes_end_shape(own, NULL), PH_OK);
    }
    struct ph_columns columns = {0};
    assert_int_equal(ph_land_layer_make(&p.land, &p.parcels, &p.enterprises, &layer, NULL), PH_OK);
    static const struct {
        const char *code;
        double m2;
        size_t parcels[2];
        double min_x, max_x;
    } wanted[] = {{"a", 200, {0, 3}, 0, 31}, {"c", 110, {1, 2}, 10, 21}};
    assert_int_equal(bundles->count, 2);
    assert_int_equal(ph_land_layer_columns(&layer, &p.enterprises, 0, 2, &columns, NULL), PH_OK);
    assert_int_equal(columns.made.rows, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(columns.made.columns[1].text[i], wanted[i].code);
        assert_true(columns.made.columns[3].real[i] == wanted[i].m2);
        assert_int_equal(bundles->end[i], 2 * i + 2);
        assert_memory_equal(&bundles->members[2 * i], wanted[i].parcels, sizeof wanted[i].parcels);
        assert_true(bundles->boxes[i].min_x == wanted[i].min_x && bundles->boxes[i].max_x == wanted[i].max_x);
        size_t row = (size_t)columns.made.columns[0].integer[i] - 1;
        assert_string_equal(p.enterprises.holdings[p.enterprises.holding_of_row[row]].code, wanted[i].code);
    }
    ph_columns_dispose(&columns);
    ph_land_layer_dispose(&layer);
    ph_shapes_dispose(own);
    park_drop(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_by_hand),
        cmocka_unit_test(roster_and_others),
        cmocka_unit_test(the_parcels_enterprise),
        cmocka_unit_test(units_of_those_who_share),
        cmocka_unit_test(rows_that_say_the_same_count_once),
        cmocka_unit_test(the_arithmetic_in_words),
        cmocka_unit_test(the_layer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
