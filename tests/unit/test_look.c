#include "audit/look.h"

#include <cpl_minixml.h>
#include <gdal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/census.h"
#include "audit/form.h"
#include "model/field.h"
#include "test.h"

/* Two parcels, the second without a shape; three events, one of them of no parcel. The file is never finished. */
struct park {
    char path[64];
    struct ph_shapes shapes;
    struct ph_table parcels, events;
    struct ph_gpkg *gpkg;
    struct ph_contents contents;
};

static void add_square(struct ph_shapes *s)
{
    const struct ph_xy corners[] = {{38500000, 0}, {38500000, 9}, {38500009, 9}, {38500009, 0}, {38500000, 0}};
    for (size_t i = 0; i < 5; i++) assert_int_equal(ph_shapes_add_point(s, corners[i].x, corners[i].y, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_ring(s, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_part(s, NULL), PH_OK);
}

static struct ph_gpkg_column column_of(struct ph_table *table, const char *name, const char *title, enum ph_type type, const char *codelist)
{
    size_t at;
    assert_int_equal(ph_table_add_column(table, name, title, type, &at, NULL), PH_OK);
    return (struct ph_gpkg_column){.name = name, .title = title, .type = type, .codelist = codelist};
}

static void write_park(struct park *p)
{
    assert_int_equal(ph_table_add_rows(&p->parcels, 2, NULL), PH_OK);
    assert_int_equal(ph_table_add_rows(&p->events, 3, NULL), PH_OK);
    struct ph_gpkg_column parcels[] = {column_of(&p->parcels, "parcel_id", "宗地代码", PH_TEXT, NULL), column_of(&p->parcels, "area_m2", "面积", PH_REAL, NULL),
                                       column_of(&p->parcels, "tag", "标签", PH_TEXT, "tag"), column_of(&p->parcels, "片区", NULL, PH_TEXT, NULL)};
    struct ph_gpkg_column events[] = {column_of(&p->events, "kind", "措施", PH_TEXT, "ledger_kind"),
                                      column_of(&p->events, "parcel_fid", "宗地序号", PH_INT, NULL)};
    events[1].references = "parcels(fid)";
    for (size_t i = 0; i < 4; i++) parcels[i].values = &p->parcels.columns[i];
    for (size_t i = 0; i < 2; i++) events[i].values = &p->events.columns[i];
    p->parcels.columns[2].text[0] = p->parcels.columns[2].text[1] = "idle";
    for (int64_t i = 0; i < 3; i++) {
        p->events.columns[0].text[i] = i ? "trade" : "plan";
        p->events.columns[1].integer[i] = i < 2 ? i + 1 : PH_INT_UNKNOWN;
    }
    const struct ph_gpkg_layer layer = {.name = "parcels", .title = "宗地", .columns = parcels, .column_count = 4, .rows = 2, .shapes = &p->shapes};
    const struct ph_gpkg_layer ledger = {.name = "ledger", .title = "台账", .columns = events, .column_count = 2, .rows = 3};
    assert_int_equal(ph_gpkg_create(p->path, "EPSG:4526", "2023-11-30", &p->gpkg, NULL), PH_OK);
    assert_int_equal(ph_gpkg_add_layer(p->gpkg, &ledger, NULL), PH_OK);
    assert_int_equal(ph_gpkg_add_layer(p->gpkg, &layer, NULL), PH_OK);
    assert_int_equal(ph_gpkg_add_view(p->gpkg, "idle", "疑似闲置", &layer, "tag = 'idle'", NULL), PH_OK);
    assert_int_equal(ph_gpkg_add_placed_view(p->gpkg, "ledger_land", "盘活措施", "ledger", "parcels", "parcel_fid", "1", NULL), PH_OK);
    assert_int_equal(ph_contents_read(ph_gpkg_written(p->gpkg), &p->contents, NULL), PH_OK);
    for (size_t i = 0; i < 2; i++) ph_census_add(&p->contents.layers[1], "idle", &p->shapes.boxes[i]);
    ph_census_share(&p->contents, &p->contents.layers[1]);
    ph_census_add(&p->contents.layers[3], "plan", &p->shapes.boxes[0]);
    ph_census_add(&p->contents.layers[3], "trade", &p->shapes.boxes[1]);
}

static int make_park(void **state)
{
    static struct park park;
    GDALAllRegister();
    snprintf(park.path, sizeof park.path, "/tmp/panhuo-look-%ld.gpkg", (long)getpid());
    add_square(&park.shapes);
    assert_int_equal(ph_shapes_end_shape(&park.shapes, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_shape(&park.shapes, NULL), PH_OK);
    write_park(&park);
    *state = &park;
    return 0;
}

static int drop_park(void **state)
{
    struct park *p = *state;
    ph_contents_dispose(&p->contents);
    ph_gpkg_discard(p->gpkg);
    ph_shapes_dispose(&p->shapes);
    ph_table_dispose(&p->parcels);
    ph_table_dispose(&p->events);
    return 0;
}

static void contents_are_what_was_written(void **state)
{
    const struct park *p = *state;
    static const struct {
        const char *name, *title, *geometry;
        bool is_view;
        size_t columns;
    } layers[] = {{"ledger", "台账", "none", false, 2}, {"parcels", "宗地", "polygon", false, 4}, {"idle", "疑似闲置", "polygon", true, 4},
                  {"ledger_land", "盘活措施", "polygon", true, 2}};
    assert_int_equal(p->contents.count, 4);
    for (size_t i = 0; i < 4; i++) {
        const struct ph_contents_layer *layer = &p->contents.layers[i];
        assert_string_equal(layer->name, layers[i].name);
        assert_string_equal(layer->title, layers[i].title);
        assert_string_equal(layer->geometry, layers[i].geometry);
        assert_int_equal(layer->is_view, layers[i].is_view);
        assert_int_equal(layer->column_count, layers[i].columns);
        assert_ptr_equal(ph_contents_layer(&p->contents, layer->name), layer);
    }
    const struct ph_contents_layer *ledger = ph_contents_layer(&p->contents, "ledger_land");
    assert_string_equal(ph_contents_column(ledger, "kind")->codelist, "ledger_kind");
    assert_string_equal(ph_contents_column(ledger, "kind")->title, "措施");
    assert_null(ph_contents_column(ledger, "kind")->references);
    assert_string_equal(ph_contents_column(&p->contents.layers[0], "parcel_fid")->references, "parcels");
    assert_null(ph_contents_column(&p->contents.layers[1], "片区")->title);
    assert_null(ph_contents_column(&p->contents.layers[1], "geom"));
    assert_null(ph_contents_layer(&p->contents, "layer_styles"));
    assert_null(ph_contents_column(NULL, "kind"));
}

/* The event of no parcel has no place. */
static void a_placed_view_has_the_rows_of_a_place(void **state)
{
    const struct park *p = *state;
    struct ph_query *query = NULL;
    bool row = false;
    assert_int_equal(ph_query_open(ph_gpkg_written(p->gpkg), "SELECT count(*), sum(OGC_FID), count(geom) FROM ledger_land", &query, NULL), PH_OK);
    assert_int_equal(ph_query_next(query, &row, NULL), PH_OK);
    assert_int_equal(ph_query_int(query, 0), 2);
    assert_int_equal(ph_query_int(query, 1), 1 + 2);
    assert_int_equal(ph_query_int(query, 2), 1);
    ph_query_close(query);
}

static struct ph_style look_at(const struct park *p, const char *layer, enum ph_look look, struct ph_arena *arena)
{
    struct ph_style style;
    const struct ph_contents_layer *found = ph_contents_layer(&p->contents, layer);
    assert_int_equal(ph_look_make(&p->contents, found, look, arena, &style, NULL), PH_OK);
    return style;
}

static void legends_count(void **state)
{
    const struct park *p = *state;
    struct ph_arena arena = {0};
    struct ph_style style = look_at(p, "parcels", PH_LOOK_DEFAULT, &arena);
    assert_int_equal(style.class_count, PH_STYLE_TAGS);
    assert_string_equal(style.classes[0].label, "批而未供（0）");
    assert_string_equal(style.classes[1].label, "疑似闲置（2）");
    assert_null(style.outlined);
    style = look_at(p, "idle", PH_LOOK_DEFAULT, &arena);
    assert_int_equal(style.class_count, 1);
    assert_string_equal(style.classes[0].label, "疑似闲置（2）");
    style = look_at(p, "ledger_land", PH_LOOK_DEFAULT, &arena);
    assert_string_equal(style.class_field, "kind");
    assert_string_equal(style.classes[1].label, "二级市场交易（1）");
    style = look_at(p, "parcels", PH_LOOK_PLAIN, &arena);
    assert_null(style.class_field);
    style = look_at(p, "parcels", PH_LOOK_SHEET, &arena);
    assert_non_null(style.outlined);
    assert_int_equal(style.class_count, PH_STYLE_TAGS);
    style = look_at(p, "ledger", PH_LOOK_DEFAULT, &arena);
    assert_int_equal(style.class_count, 0);
    assert_null(style.map_tip);
    ph_arena_dispose(&arena);
}

static const struct ph_style_field *field_of(const struct ph_style *style, const char *name)
{
    for (size_t i = 0; i < style->field_count; i++)
        if (strcmp(style->fields[i].name, name) == 0) return &style->fields[i];
    fail_msg("no such field: %s", name);
    return NULL;
}

static void forms_follow_the_contents(void **state)
{
    const struct park *p = *state;
    struct ph_arena arena = {0};
    struct ph_style style = look_at(p, "parcels", PH_LOOK_DEFAULT, &arena);
    static const struct {
        const char *field, *tab;
        bool read_only;
    } fields[] = {{"parcel_id", "标识", false}, {"area_m2", "面积", true}, {"tag", "判定", true}, {"片区", "其他", false}};
    assert_int_equal(style.tab_count, 5); /* 台账 has no field but rows; 日期 and 企业 have neither */
    for (size_t i = 0; i < 4; i++) {
        const struct ph_style_field *field = field_of(&style, fields[i].field);
        assert_string_equal(style.tabs[field->tab].title, fields[i].tab);
        assert_int_equal(field->read_only, fields[i].read_only);
    }
    assert_string_equal(style.tabs[3].title, "台账");
    assert_int_equal(style.tabs[3].relation_count, 1);
    assert_string_equal(style.tabs[3].relations[0], "parcels_ledger");
    style = look_at(p, "idle", PH_LOOK_DEFAULT, &arena);
    assert_int_equal(style.tab_count, 4);
    assert_true(field_of(&style, "parcel_id")->read_only);
    style = look_at(p, "ledger_land", PH_LOOK_DEFAULT, &arena);
    assert_int_equal(style.tab_count, 0);
    assert_int_equal(field_of(&style, "kind")->code_count, PH_STYLE_MEASURES);
    ph_arena_dispose(&arena);
}

static size_t tabs_with(const char *layer, const char *field)
{
    const struct ph_form_tab *tabs = NULL;
    size_t count = ph_form_tabs(layer, &tabs), found = 0;
    for (size_t i = 0; i < count; i++) found += ph_form_names(tabs[i].fields, field);
    return found;
}

static void every_known_field_stands_on_one_tab(void **state)
{
    (void)state;
    for (size_t i = 0; i < ph_parcel_fields.count; i++)
        if (tabs_with("parcels", ph_parcel_fields.items[i].name) != 1) fail_msg("parcels.%s", ph_parcel_fields.items[i].name);
    for (size_t i = 0; i < ph_enterprise_fields.count; i++)
        if (tabs_with("enterprises", ph_enterprise_fields.items[i].name) != 1) fail_msg("enterprises.%s", ph_enterprise_fields.items[i].name);
    assert_int_equal(tabs_with("run", "key"), 0);
}

static void names_in_a_list(void **state)
{
    (void)state;
    assert_true(ph_form_names("a", "a"));
    assert_true(ph_form_names("aa b c", "b"));
    assert_true(ph_form_names("aa b c", "c"));
    assert_false(ph_form_names("aa b c", "a"));
    assert_false(ph_form_names("aa b c", "aa b"));
    assert_false(ph_form_names("aa b c", ""));
    assert_false(ph_form_names("", "a"));
    assert_false(ph_form_names(NULL, "a"));
}

static void every_layer_gets_a_default_style(void **state)
{
    const struct park *p = *state;
    struct ph_query *query = NULL;
    bool row = true;
    size_t count = 0;
    assert_int_equal(ph_look_store(p->gpkg, &p->contents, NULL), PH_OK);
    assert_int_equal(ph_query_open(ph_gpkg_written(p->gpkg), "SELECT styleQML, f_table_name, f_geometry_column FROM layer_styles", &query, NULL), PH_OK);
    while (ph_query_next(query, &row, NULL) == PH_OK && row) {
        CPLXMLNode *tree = CPLParseXMLString(ph_query_text(query, 0));
        assert_non_null(tree);
        CPLDestroyXMLNode(tree);
        assert_string_equal(ph_query_text(query, 2), strcmp(ph_query_text(query, 1), "ledger") == 0 ? "" : "geom");
        count++;
    }
    assert_int_equal(count, 4);
    ph_query_close(query);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contents_are_what_was_written),
        cmocka_unit_test(a_placed_view_has_the_rows_of_a_place),
        cmocka_unit_test(legends_count),
        cmocka_unit_test(forms_follow_the_contents),
        cmocka_unit_test(every_known_field_stands_on_one_tab),
        cmocka_unit_test(names_in_a_list),
        cmocka_unit_test(every_layer_gets_a_default_style),
    };
    return cmocka_run_group_tests(tests, make_park, drop_park);
}
