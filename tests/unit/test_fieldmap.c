#include "audit/fieldmap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#define COLUMNS_CAP 8

/* A source of columns with these names ("|" between). */
struct source {
    struct ph_source_field fields[COLUMNS_CAP];
    struct ph_source_facts facts;
    char names[512];
};

static void make_source(struct source *s, const char *names, bool dbf, const char *encoding)
{
    memset(s, 0, sizeof *s);
    snprintf(s->names, sizeof s->names, "%s", names);
    s->facts = (struct ph_source_facts){.path = "宗地.shp", .fields = s->fields, .dbf = dbf};
    snprintf(s->facts.encoding.name, sizeof s->facts.encoding.name, "%s", encoding);
    for (char *at = s->names; *at;) {
        assert_true(s->facts.field_count < COLUMNS_CAP);
        s->fields[s->facts.field_count++] = (struct ph_source_field){.name = at, .driver_type = "String", .type = PH_TEXT};
        at += strcspn(at, "|");
        if (*at) *at++ = '\0';
    }
}

struct outcome {
    enum ph_status status;
    struct ph_fieldmap map;
    struct ph_problems problems;
    struct ph_error err;
};

static void match(struct outcome *o, const struct source *s, const struct ph_fields *fields, const char *const *orders, bool lenient)
{
    *o = (struct outcome){.err = PH_ERROR_INIT};
    struct ph_fieldmap_request request = {.fields = fields, .source = &s->facts, .map = orders, .lenient = lenient};
    o->status = ph_fieldmap_make(&request, &o->map, &o->problems, &o->err);
}

static void drop(struct outcome *o)
{
    ph_fieldmap_dispose(&o->map);
    ph_problems_dispose(&o->problems);
}

static const struct ph_fields *const lists[] = {&ph_parcel_fields, &ph_enterprise_fields, &ph_ledger_fields, &ph_link_fields};

/* The n-th name of a field: English, Chinese, then the others. False past the end. */
static bool name_of(const struct ph_field *field, size_t n, char *name, size_t size)
{
    if (n < 2) {
        snprintf(name, size, "%s", n == 0 ? field->name : field->title);
        return true;
    }
    const char *at = field->aliases;
    for (n -= 2; *at && n > 0; n--) {
        at += strcspn(at, "|");
        at += *at == '|';
    }
    snprintf(name, size, "%.*s", (int)strcspn(at, "|"), at);
    return *at != '\0';
}

static void no_name_belongs_to_two_fields(void **state)
{
    (void)state;
    char a[128], b[128];
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
        for (size_t f = 0; f < lists[l]->count; f++)
            for (size_t n = 0; name_of(&lists[l]->items[f], n, a, sizeof a); n++)
                for (size_t g = f; g < lists[l]->count; g++)
                    for (size_t m = g == f ? n + 1 : 0; name_of(&lists[l]->items[g], m, b, sizeof b); m++)
                        if (ph_text_compare_nocase(a, b) == 0)
                            fail_msg("%s: of %s and of %s", a, lists[l]->items[f].name, lists[l]->items[g].name);
}

static void every_name_finds_its_field(void **state)
{
    (void)state;
    char name[128];
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
        for (size_t f = 0; f < lists[l]->count; f++)
            for (size_t n = 0; name_of(&lists[l]->items[f], n, name, sizeof name); n++) {
                struct source s;
                struct outcome o;
                make_source(&s, name, false, "UTF-8");
                match(&o, &s, lists[l], NULL, false);
                assert_int_equal(o.status, PH_OK);
                if (o.map.matches[f].source != 0) fail_msg("%s is not taken for %s", name, lists[l]->items[f].name);
                assert_int_equal(o.map.matches[f].how, n == 0 ? PH_MATCH_NAME : n == 1 ? PH_MATCH_TITLE : PH_MATCH_ALIAS);
                assert_int_equal(o.map.fates[0], PH_COLUMN_TAKEN);
                assert_int_equal(o.problems.count, 0);
                drop(&o);
            }
}

/* Cuts a name to 10 bytes of an encoding with `width` bytes a Chinese character, half characters left out. False when
 * there is nothing to cut. */
static bool cut_name(char *name, size_t width, bool *half)
{
    size_t bytes = 0;
    for (char *at = name; *at;) {
        size_t own = (unsigned char)*at < 0x80 ? 1 : width, length = (unsigned char)*at < 0x80 ? 1 : 3;
        if (bytes + own > 10) {
            *half = bytes < 10;
            *at = '\0';
            return true;
        }
        bytes += own;
        at += length;
    }
    return false;
}

/* Never, silently, another field: the right one, or the question which. */
static void cut_names_find_their_field_or_ask(void **state)
{
    (void)state;
    char name[128];
    size_t found = 0, asked = 0;
    for (size_t width = 2; width <= 3; width++)
        for (size_t f = 0; f < ph_parcel_fields.count; f++)
            for (size_t n = 0; name_of(&ph_parcel_fields.items[f], n, name, sizeof name); n++) {
                struct source s;
                struct outcome o;
                bool half = false;
                if (!cut_name(name, width, &half)) continue;
                make_source(&s, name, true, width == 2 ? "GB18030" : "UTF-8");
                s.fields[0].cut = half;
                match(&o, &s, &ph_parcel_fields, NULL, false);
                bool right = o.status == PH_OK && o.map.matches[f].source == 0;
                if (!right && o.status != PH_E_FIELDS) fail_msg("%s of %s is taken for another field", name, ph_parcel_fields.items[f].name);
                found += right;
                asked += !right;
                drop(&o);
            }
    if (found <= 20 * asked) fail_msg("%zu found, %zu asked", found, asked);
}

static void only_a_dbf_cuts(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool dbf;
        const char *encoding;
        bool cut;
        bool taken;
    } rows[] = {
        {"统一社会信", true, "GB18030", false, true}, {"统一社会信", false, "GB18030", false, false},
        {"统一社会", true, "GB18030", false, false}, /* 8 bytes: not cut, so another name */
        {"统一社", true, "UTF-8", false, true},       {"统一", true, "UTF-8", false, false},
        {"统一", true, "UTF-8", true, true}, /* the driver saw half a character */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct source s;
        struct outcome o;
        make_source(&s, rows[i].name, rows[i].dbf, rows[i].encoding);
        s.fields[0].cut = rows[i].cut;
        match(&o, &s, &ph_parcel_fields, NULL, false);
        assert_int_equal(o.status, PH_OK);
        if ((o.map.matches[PH_HOLDER_CODE].source == 0) != rows[i].taken) fail_msg("%zu: %s", i, rows[i].name);
        if (rows[i].taken) assert_int_equal(o.map.matches[PH_HOLDER_CODE].how, PH_MATCH_CUT);
        drop(&o);
    }
}

static void units_of_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum ph_parcel_field field;
        enum ph_unit_from from;
        int64_t times, over;
    } rows[] = {
        {"registered_m2", PH_REGISTERED_M2, PH_UNIT_NAMED, 1, 1},
        {"登记面积", PH_REGISTERED_M2, PH_UNIT_ASSUMED, 1, 1},
        {"DJMJ", PH_REGISTERED_M2, PH_UNIT_ASSUMED, 1, 1},
        {"登记面积（亩）", PH_REGISTERED_M2, PH_UNIT_NAMED, 2000, 3},
        {"供地面积(公顷)", PH_REGISTERED_M2, PH_UNIT_NAMED, 10000, 1},
        {"登记面积_㎡", PH_REGISTERED_M2, PH_UNIT_NAMED, 1, 1},
        {"成交价款(元)", PH_LAND_PRICE, PH_UNIT_NAMED, 1, 10000},
        {"成交价款/万元", PH_LAND_PRICE, PH_UNIT_NAMED, 1, 1},
        {"成交价款(美元)", PH_LAND_PRICE, PH_UNIT_CUT_OFF, 1, 1},
        {"容积率", PH_FAR, PH_UNIT_PLAIN, 1, 1},
        {"建筑系数", PH_COVERAGE, PH_UNIT_PLAIN, 1, 1},
        {"宗地代码", PH_PARCEL_ID, PH_UNIT_PLAIN, 1, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct source s;
        struct outcome o;
        make_source(&s, rows[i].name, false, "UTF-8");
        match(&o, &s, &ph_parcel_fields, NULL, false);
        const struct ph_match *m = &o.map.matches[rows[i].field];
        if (m->source != 0 || m->unit_from != rows[i].from) fail_msg("%s: %d", rows[i].name, (int)m->unit_from);
        assert_int_equal(m->factor.times, rows[i].times);
        assert_int_equal(m->factor.over, rows[i].over);
        drop(&o);
    }
}

static void two_fields_are_a_question(void **state)
{
    (void)state;
    struct source s;
    struct outcome o;
    make_source(&s, "使用权", true, "UTF-8"); /* 使用权人, 使用权面积 */
    match(&o, &s, &ph_parcel_fields, NULL, false);
    assert_int_equal(o.status, PH_E_FIELDS);
    assert_string_equal(o.err.file, "宗地.shp");
    assert_non_null(strstr(o.err.en, "--map holder_name=使用权"));
    assert_non_null(strstr(o.err.zh, "--map registered_m2=使用权"));
    drop(&o);
    match(&o, &s, &ph_parcel_fields, NULL, true);
    assert_int_equal(o.status, PH_OK);
    assert_int_equal(o.map.fates[0], PH_COLUMN_AMBIGUOUS);
    assert_int_equal(o.problems.count, 1);
    assert_string_equal(o.problems.items[0].code, "field.ambiguous");
    drop(&o);
    static const char *const orders[] = {"holder_name=使用权", NULL};
    match(&o, &s, &ph_parcel_fields, orders, false);
    assert_int_equal(o.status, PH_OK);
    assert_int_equal(o.map.matches[PH_HOLDER_NAME].source, 0);
    assert_int_equal(o.map.matches[PH_REGISTERED_M2].source, SIZE_MAX);
    drop(&o);
}

static void the_better_name_wins(void **state)
{
    (void)state;
    static const struct {
        const char *names;
        size_t taken;
    } rows[] = {{"ZDDM|parcel_id", 1}, {"parcel_id|ZDDM", 0}, {"宗地代码|ZDDM", 0}, {"DKBH|宗地编号", 1}, {"DKBH|dkbh", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct source s;
        struct outcome o;
        make_source(&s, rows[i].names, false, "UTF-8");
        match(&o, &s, &ph_parcel_fields, NULL, false);
        assert_int_equal(o.status, PH_OK);
        assert_int_equal(o.map.matches[PH_PARCEL_ID].source, rows[i].taken);
        assert_int_equal(o.map.fates[rows[i].taken], PH_COLUMN_TAKEN);
        assert_int_equal(o.map.fates[1 - rows[i].taken], PH_COLUMN_SURPLUS);
        assert_int_equal(o.problems.count, 1);
        assert_string_equal(o.problems.items[0].code, "field.unused_alias");
        assert_non_null(strstr(o.problems.items[0].en, s.fields[1 - rows[i].taken].name));
        drop(&o);
    }
}

static void orders_come_first(void **state)
{
    (void)state;
    struct source s;
    struct outcome o;
    static const char *const orders[] = {"宗地代码=BH", "registered_m2=MJ:亩", "land_price=价:款(元)", NULL};
    make_source(&s, "BH|ZDDM|mj|价:款(元)|备注", false, "UTF-8");
    match(&o, &s, &ph_parcel_fields, orders, false);
    assert_int_equal(o.status, PH_OK);
    assert_int_equal(o.map.matches[PH_PARCEL_ID].source, 0);
    assert_int_equal(o.map.matches[PH_PARCEL_ID].how, PH_MATCH_ORDERED);
    assert_int_equal(o.map.fates[1], PH_COLUMN_CARRIED); /* no field is left for it */
    assert_int_equal(o.map.matches[PH_REGISTERED_M2].source, 2);
    assert_int_equal(o.map.matches[PH_REGISTERED_M2].unit_from, PH_UNIT_ORDERED);
    assert_int_equal(o.map.matches[PH_REGISTERED_M2].factor.times, 2000);
    assert_int_equal(o.map.matches[PH_LAND_PRICE].source, 3); /* the colon belongs to the name */
    assert_int_equal(o.map.matches[PH_LAND_PRICE].unit_from, PH_UNIT_NAMED);
    assert_int_equal(o.map.matches[PH_LAND_PRICE].factor.over, 10000);
    assert_int_equal(o.map.fates[4], PH_COLUMN_CARRIED);
    assert_int_equal(o.problems.count, 0);
    drop(&o);
}

static void wrong_orders_say_what_there_is(void **state)
{
    (void)state;
    static const struct {
        const char *order, *words;
    } rows[] = {{"parcel_id", "FIELD=SOURCE"},
                {"parcel=BH", "no field 'parcel'"},
                {"parcel_id=代码", "BH, MJ"},
                {"registered_m2=MJ:斤", "斤"},
                {"registered_m2=MJ:万元", "万元"},
                {"parcel_id=MJ2:亩", "BH, MJ"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct source s;
        struct outcome o;
        const char *orders[] = {rows[i].order, NULL};
        make_source(&s, "BH|MJ", false, "UTF-8");
        match(&o, &s, &ph_parcel_fields, orders, true);
        assert_int_equal(o.status, PH_E_USAGE);
        if (strstr(o.err.en, rows[i].words) == NULL) fail_msg("%s: %s", rows[i].order, o.err.en);
        assert_null(o.map.matches);
        drop(&o);
    }
}

static void the_column_of_units(void **state)
{
    (void)state;
    static const struct {
        const char *names;
        size_t at;
    } rows[] = {{"DJMJ|MJDW", 1}, {"mjdw|DJMJ", 0}, {"面积单位", 0}, {"area_unit|MJDW", 1}, {"单位", SIZE_MAX}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct source s;
        struct outcome o;
        make_source(&s, rows[i].names, false, "UTF-8");
        match(&o, &s, &ph_parcel_fields, NULL, false);
        assert_int_equal(o.map.area_unit, rows[i].at);
        drop(&o);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_name_belongs_to_two_fields),
        cmocka_unit_test(every_name_finds_its_field),
        cmocka_unit_test(cut_names_find_their_field_or_ask),
        cmocka_unit_test(only_a_dbf_cuts),
        cmocka_unit_test(units_of_names),
        cmocka_unit_test(two_fields_are_a_question),
        cmocka_unit_test(the_better_name_wins),
        cmocka_unit_test(orders_come_first),
        cmocka_unit_test(wrong_orders_say_what_there_is),
        cmocka_unit_test(the_column_of_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
