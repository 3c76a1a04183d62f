#include "audit/totals.h"

#include <stdlib.h>
#include <string.h>

#include "model/codelist.h"
#include "test.h"

#define UNKNOWN INT64_MIN

struct parcel {
    const char *holder, *use;
    enum ph_tag tag;
    int64_t adopted, ellipsoid; /* dm² */
    enum ph_area_basis basis;
};

struct event {
    const char *kind;
    size_t parcel;
    const char *enterprise;
    int64_t area, ellipsoid, factory; /* dm² */
    bool counted;
};

/* A park in memory. */
struct park {
    struct ph_parcels parcels;
    struct ph_tagging tagging;
    struct ph_ledger ledger;
    struct ph_totals totals;
    size_t column_of[PH_PARCEL_FIELDS];
};

static void make_parcels(struct park *p, const struct parcel *parcels, size_t count)
{
    struct ph_table *table = &p->parcels.t.layer.table;
    for (size_t f = 0; f < PH_PARCEL_FIELDS; f++) p->column_of[f] = SIZE_MAX;
    p->parcels.t.column_of = p->column_of;
    assert_int_equal(ph_table_add_column(table, "holder_code", NULL, PH_TEXT, &p->column_of[PH_HOLDER_CODE], NULL), PH_OK);
    assert_int_equal(ph_table_add_column(table, "land_use", NULL, PH_TEXT, &p->column_of[PH_LAND_USE], NULL), PH_OK);
    assert_int_equal(ph_table_add_rows(table, count, NULL), PH_OK);
    p->parcels.areas = calloc(count + 1, sizeof *p->parcels.areas);
    p->tagging.tag = calloc(count + 1, 1);
    assert_non_null(p->parcels.areas);
    assert_non_null(p->tagging.tag);
    for (size_t i = 0; i < count; i++) {
        table->columns[0].text[i] = parcels[i].holder;
        table->columns[1].text[i] = parcels[i].use;
        p->parcels.areas[i] =
            (struct ph_areas){.adopted_dm2 = parcels[i].adopted, .ellipsoid_dm2 = parcels[i].ellipsoid, .basis = parcels[i].basis};
        p->tagging.tag[i] = (uint8_t)parcels[i].tag;
    }
}

static size_t kind_of(const char *kind)
{
    const struct ph_codelist *kinds = ph_codelist_find("ledger_kind");
    for (size_t k = 0; k < kinds->count; k++)
        if (strcmp(kinds->codes[k].value, kind) == 0) return k;
    fail_msg("%s", kind);
    return SIZE_MAX;
}

static enum ph_status make(struct park *p, const struct parcel *parcels, size_t count, const struct event *events, size_t event_count)
{
    memset(p, 0, sizeof *p);
    make_parcels(p, parcels, count);
    if (events) {
        p->ledger.source = (struct ph_source *)(void *)p; /* only asked whether it is there */
        assert_int_equal(ph_table_add_rows(&p->ledger.t.layer.table, event_count, NULL), PH_OK);
        p->ledger.events = calloc(event_count + 1, sizeof *p->ledger.events);
        assert_non_null(p->ledger.events);
        for (size_t i = 0; i < event_count; i++)
            p->ledger.events[i] = (struct ph_event){.parcel = events[i].parcel,
                                                    .kind = kind_of(events[i].kind),
                                                    .enterprise = events[i].enterprise,
                                                    .area_dm2 = events[i].area,
                                                    .ellipsoid_dm2 = events[i].ellipsoid,
                                                    .factory_dm2 = events[i].factory,
                                                    .counted = events[i].counted};
    }
    struct ph_error err = PH_ERROR_INIT;
    enum ph_status begun = ph_totals_begin(&p->parcels, &p->ledger, &p->totals, &err);
    if (begun != PH_OK) return begun;
    return ph_totals_make(&p->parcels, &p->tagging, &p->ledger, &p->totals, &err);
}

static void drop(struct park *p)
{
    ph_totals_dispose(&p->totals);
    ph_table_dispose(&p->parcels.t.layer.table);
    ph_table_dispose(&p->ledger.t.layer.table);
    free(p->parcels.areas);
    free(p->tagging.tag);
    free(p->ledger.events);
}

static const struct ph_total *row(const struct park *p, const char *topic, const char *code)
{
    const struct ph_total *t = ph_totals_find(&p->totals, topic, code);
    if (t == NULL) fail_msg("no total %s %s", topic, code);
    return t;
}

static void assert_total(const struct park *p, const char *topic, const char *code, int64_t parcels, int64_t enterprises, int64_t area)
{
    const struct ph_total *t = row(p, topic, code);
    if (t->parcels != parcels || t->enterprises != enterprises || t->area_dm2 != area)
        fail_msg("%s %s: %lld parcels, %lld enterprises, %lld dm²", topic, code, (long long)t->parcels, (long long)t->enterprises,
                 (long long)t->area_dm2);
}

static const struct parcel roster[] = {
    {"甲", "工业用地", PH_TAG_IDLE, 1000003, 999503, PH_BASIS_REGISTERED},
    {"甲", "仓储用地", PH_TAG_IDLE, 2000001, 2000001, PH_BASIS_ELLIPSOID},
    {"乙", "工业用地", PH_TAG_NORMAL, 3000000, 2998500, PH_BASIS_REGISTERED},
    {NULL, NULL, PH_TAG_UNVERIFIED, UNKNOWN, UNKNOWN, PH_BASIS_UNSET},
};
#define ROSTER (sizeof roster / sizeof *roster)

static void every_topic_adds_up(void **state)
{
    (void)state;
    struct park p;
    assert_int_equal(make(&p, roster, ROSTER, NULL, 0), PH_OK);
    assert_total(&p, "all", "all", 4, 2, 6000004);
    assert_total(&p, "tag", "idle", 2, 1, 3000004);
    assert_total(&p, "tag", "normal", 1, 1, 3000000);
    assert_total(&p, "tag", "unverified", 1, 0, 0);
    assert_total(&p, "tag", "approved_unsupplied", 0, 0, 0);
    assert_total(&p, "tag", "low_efficiency", 0, 0, 0);
    assert_total(&p, "land_use", "工业用地", 2, 2, 4000003);
    assert_total(&p, "land_use", "仓储用地", 1, 1, 2000001);
    assert_total(&p, "land_use", "", 1, 0, 0);
    assert_string_equal(row(&p, "land_use", "")->label, "未填");
    assert_string_equal(row(&p, "tag", "idle")->label, "疑似闲置");
    assert_true(row(&p, "all", "all")->ellipsoid_dm2 == 5998004);
    assert_true(row(&p, "all", "all")->factory_dm2 == UNKNOWN);
    assert_null(ph_totals_find(&p.totals, "measure", "trade")); /* no ledger: no rows, rather than zeros */
    drop(&p);
}

static void the_basis_is_told(void **state)
{
    (void)state;
    struct park p;
    assert_int_equal(make(&p, roster, ROSTER, NULL, 0), PH_OK);
    assert_string_equal(row(&p, "all", "all")->area_basis, "mixed");
    assert_string_equal(row(&p, "tag", "idle")->area_basis, "mixed");
    assert_string_equal(row(&p, "land_use", "工业用地")->area_basis, "registered");
    assert_string_equal(row(&p, "land_use", "仓储用地")->area_basis, "ellipsoid");
    assert_null(row(&p, "tag", "unverified")->area_basis);
    drop(&p);
}

static void a_parcel_counts_once_per_measure(void **state)
{
    (void)state;
    static const struct event events[] = {
        {"reinvest", 0, "甲", 400000, 399800, UNKNOWN, true},
        {"reinvest", 0, "丙", 1000003, 999503, 5000000, true}, /* the larger of the two, whichever comes first */
        {"reinvest", 0, "甲", 400000, 399800, 1250000, true},
        {"reinvest", 2, "乙", 100000, 99950, UNKNOWN, true},
        {"reinvest", 1, "丁", 2000001, 2000001, 7000000, false}, /* not counted: neither area, firm nor factory */
        {"trade", 0, "甲", 1000003, 999503, UNKNOWN, true},
        {"supply", 3, NULL, UNKNOWN, UNKNOWN, UNKNOWN, true},
    };
    struct park p;
    assert_int_equal(make(&p, roster, ROSTER, events, sizeof events / sizeof *events), PH_OK);
    assert_total(&p, "measure", "reinvest", 2, 3, 1100003);
    assert_true(row(&p, "measure", "reinvest")->factory_dm2 == 6250000);
    assert_true(row(&p, "measure", "reinvest")->ellipsoid_dm2 == 1099453);
    assert_string_equal(row(&p, "measure", "reinvest")->area_basis, "registered");
    assert_total(&p, "measure", "trade", 1, 1, 1000003);
    assert_total(&p, "measure", "supply", 1, 0, 0);
    assert_null(row(&p, "measure", "supply")->area_basis);
    assert_total(&p, "measure", "swap", 0, 0, 0);
    assert_true(row(&p, "measure", "swap")->factory_dm2 == 0);
    size_t measures = 0;
    for (size_t i = 0; i < p.totals.count; i++) measures += strcmp(p.totals.items[i].topic, "measure") == 0;
    assert_int_equal(measures, ph_codelist_find("ledger_kind")->count);
    drop(&p);
}

/* What the sums are checked for: a parcel that no row of a topic counts. */
static void sums_that_do_not_add_up_stop_the_run(void **state)
{
    (void)state;
    struct parcel tampered[ROSTER];
    memcpy(tampered, roster, sizeof roster);
    tampered[2].tag = PH_TAG_ALERT; /* never a parcel's tag */
    struct park p;
    assert_int_equal(make(&p, tampered, ROSTER, NULL, 0), PH_E_SUMS);
    drop(&p);
}

static void land_adds_up_to_the_parcels(void **state)
{
    (void)state;
    struct park p;
    assert_int_equal(make(&p, roster, ROSTER, NULL, 0), PH_OK);
    struct ph_land land = {.sums = {{3, 2, 5000000}, {1, 1, 900000}, {2, 0, 100004}}};
    assert_int_equal(ph_totals_add_land(&land, &p.totals, NULL), PH_OK);
    assert_total(&p, "land", "assigned", 3, 2, 5000000);
    assert_total(&p, "land", "off_roster", 1, 1, 900000);
    assert_total(&p, "land", "unassigned", 2, 0, 100004);
    assert_string_equal(row(&p, "land", "assigned")->topic_label, "企业用地");
    land.sums[PH_LAND_OFF_ROSTER].area_dm2--;
    assert_int_equal(ph_totals_add_land(&land, &p.totals, NULL), PH_E_SUMS);
    drop(&p);
}

static void nothing_adds_up_to_nothing(void **state)
{
    (void)state;
    struct park p;
    assert_int_equal(make(&p, roster, 0, NULL, 0), PH_OK);
    assert_total(&p, "all", "all", 0, 0, 0);
    assert_null(row(&p, "all", "all")->area_basis);
    drop(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_topic_adds_up),
        cmocka_unit_test(the_basis_is_told),
        cmocka_unit_test(a_parcel_counts_once_per_measure),
        cmocka_unit_test(sums_that_do_not_add_up_stop_the_run),
        cmocka_unit_test(land_adds_up_to_the_parcels),
        cmocka_unit_test(nothing_adds_up_to_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
