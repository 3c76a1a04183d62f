#include "io/project.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_minixml.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "io/zip.h"
#include "test.h"

#define CAP ((size_t)1 << 20)
#define HOSTILE "</qgis><!-- \"甲\" & 'b' ]]> %s"

static CPLXMLNode *parse(const struct ph_text *text)
{
    assert_false(text->failed);
    CPLErrorReset();
    CPLXMLNode *tree = CPLParseXMLString(ph_text_get(text));
    assert_int_equal(CPLGetLastErrorType(), CE_None);
    assert_non_null(tree);
    return tree;
}

/* The n-th element of this name among the children. */
static CPLXMLNode *child_at(CPLXMLNode *parent, const char *name, size_t n)
{
    for (CPLXMLNode *child = parent ? parent->psChild : NULL; child != NULL; child = child->psNext)
        if (child->eType == CXT_Element && strcmp(child->pszValue, name) == 0 && n-- == 0) return child;
    return NULL;
}

static CPLXMLNode *child_with(CPLXMLNode *parent, const char *name, const char *attribute, const char *value)
{
    CPLXMLNode *child;
    for (size_t n = 0; (child = child_at(parent, name, n)) != NULL; n++)
        if (strcmp(CPLGetXMLValue(child, attribute, ""), value) == 0) return child;
    fail_msg("no <%s> with %s=%s", name, attribute, value);
    return NULL;
}

static void assert_value(CPLXMLNode *node, const char *path, const char *wanted)
{
    const char *found = CPLGetXMLValue(node, path, NULL);
    assert_non_null(found);
    assert_string_equal(found, wanted);
}

/* ---- the writer ---- */

static void elements_are_closed_as_they_were_opened(void **state)
{
    (void)state;
    struct ph_text text;
    ph_text_init(&text, CAP);
    struct ph_xml x = {.out = &text};
    ph_xml_open(&x, "a", "b", HOSTILE, "c", NULL, NULL);
    ph_xml_attributes(&x, "d", "1", NULL);
    ph_xml_leaf(&x, "e", NULL);
    ph_xml_text(&x, "f", HOSTILE, "g", "2", NULL);
    ph_xml_open(&x, "h", NULL);
    ph_xml_close(&x);
    ph_xml_close(&x);
    ph_xml_close(&x); /* one too many does nothing */
    assert_string_equal(ph_text_get(&text), "<a b=\"&lt;/qgis&gt;&lt;!-- &quot;甲&quot; &amp; &#39;b&#39; ]]&gt; %s\" c=\"\" d=\"1\">\n<e/>\n"
                                            "<f g=\"2\">&lt;/qgis&gt;&lt;!-- &quot;甲&quot; &amp; &#39;b&#39; ]]&gt; %s</f>\n<h/>\n</a>\n");
    ph_text_dispose(&text);
}

static void elements_nested_too_deep_are_noticed(void **state)
{
    (void)state;
    struct ph_text text;
    ph_text_init(&text, CAP);
    struct ph_xml x = {.out = &text};
    for (size_t i = 0; i < PH_XML_DEPTH; i++) ph_xml_open(&x, "a", NULL);
    assert_false(text.failed);
    ph_xml_open(&x, "a", NULL);
    assert_true(text.failed);
    ph_text_dispose(&text);
}

/* ---- the project ---- */

static const struct ph_project_style styles[] = {{"默认", {.geometry = "polygon"}}, {HOSTILE, {.geometry = "polygon", .label_expression = "'<'", .label_scale = 5000}}};
static const struct ph_project_style bare = {"默认", {.geometry = "none"}};
static const struct ph_project_layer layers[] = {
    {.id = "layer_parcels", .table = "parcels", .title = HOSTILE, .group = "审计", .styles = styles, .style_count = 2, .visible = true},
    {.id = "layer_findings", .table = "findings", .title = "结论", .group = HOSTILE, .styles = &bare, .style_count = 1, .read_only = true},
};
static const char *const groups[] = {"审计", HOSTILE};
static const struct ph_project_relation relation = {"parcels_findings", HOSTILE, "layer_findings", "parcel_fid", "layer_parcels", "fid"};
static const struct ph_project_theme theme = {HOSTILE, {{"layer_parcels", HOSTILE}, {"layer_findings", "默认"}}, 2};
static const struct ph_project_place place = {HOSTILE, {38359481.5, 2974158.25, 38362308, 2976197}};
static const struct ph_layout_column columns[] = {{HOSTILE, "\"a\" < '&'", 20, PH_LAYOUT_RIGHT}};
static const struct ph_layout_table table = {.layer = "layer_findings", .relation = "parcels_findings", .columns = columns, .column_count = 1, .more_pages = 1};
static const struct ph_layout_entry entry = {"layer_parcels", ""};
static const struct ph_layout_item items[] = {
    {.kind = PH_LAYOUT_LABEL, .x = 10.5, .y = 8, .width = 100, .height = 10, .text = HOSTILE, .points = 9.5, .framed = true},
    {.kind = PH_LAYOUT_MAP, .x = 10, .y = 20, .width = 100, .height = 50, .grid = true},
    {.kind = PH_LAYOUT_SCALE_BAR, .width = 60, .height = 10, .points = 7},
    {.kind = PH_LAYOUT_NORTH, .width = 10, .height = 10},
    {.kind = PH_LAYOUT_LEGEND, .text = HOSTILE, .points = 8, .entries = &entry, .entry_count = 1},
    {.kind = PH_LAYOUT_TABLE, .x = 10, .y = 80, .width = 190, .height = 100, .points = 7, .table = &table},
};
static const struct ph_layout layout = {.name = HOSTILE, .width = 210, .height = 297, .items = items, .item_count = 6, .theme = HOSTILE, .extent = {0, 0, 100, 100},
                                        .coverage = "layer_parcels", .condition = "\"tag\" <> 'normal'", .order = "1", .page_name = "2", .file_name = "3"};

static struct ph_project project_of(void)
{
    return (struct ph_project){.title = HOSTILE, .file = "成果 \"1\" & <2>.gpkg", .crs = {"WKT<&>", "+proj", "EPSG:4526", HOSTILE, "EPSG:1024", false},
                               .extent = {0, 0, 1, 1}, .groups = groups, .group_count = 2, .layers = layers, .layer_count = 2, .relations = &relation,
                               .relation_count = 1, .themes = &theme, .theme_count = 1, .places = &place, .place_count = 1, .layouts = &layout, .layout_count = 1};
}

static CPLXMLNode *write_project(const struct ph_project *project)
{
    struct ph_text text;
    ph_text_init(&text, CAP);
    ph_project_xml(project, &text);
    CPLXMLNode *tree = parse(&text);
    ph_text_dispose(&text);
    return tree;
}

static void hostile_texts_come_back_as_they_were(void **state)
{
    (void)state;
    struct ph_project project = project_of();
    CPLXMLNode *tree = write_project(&project), *root = CPLGetXMLNode(tree, "=qgis");
    static const char *const paths[] = {"projectname", "title", "projectCrs.spatialrefsys.description", "projectlayers.maplayer.layername",
                                        "relations.relation.name", "visibility-presets.visibility-preset.name",
                                        "visibility-presets.visibility-preset.layer.style", "Bookmarks.Bookmark.name", "Bookmarks.Bookmark.group",
                                        "Layouts.Layout.name", "Layouts.Layout.LayoutItem.labelText"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) assert_value(root, paths[i], HOSTILE);
    CPLXMLNode *manager = CPLGetXMLNode(root, "projectlayers.maplayer.map-layer-style-manager");
    assert_value(manager, "current", "默认");
    CPLXMLNode *other = child_with(manager, "map-layer-style", "name", HOSTILE);
    assert_value(other, "qgis.labeling.settings.text-style.fieldName", "'<'");
    assert_value(other, "qgis.labeling.settings.rendering.scaleMax", "5000");
    CPLDestroyXMLNode(tree);
}

static void the_project_holds_what_it_was_given(void **state)
{
    (void)state;
    struct ph_project project = project_of();
    CPLXMLNode *tree = write_project(&project), *root = CPLGetXMLNode(tree, "=qgis");
    assert_value(root, "projectCrs.spatialrefsys.wkt", "WKT<&>");
    assert_value(root, "properties.Measure.Ellipsoid", "EPSG:1024");
    assert_value(root, "properties.Paths.Absolute", "false");
    CPLXMLNode *groups_node = CPLGetXMLNode(root, "layer-tree-group"), *second = child_at(groups_node, "layer-tree-group", 1);
    assert_value(child_at(groups_node, "layer-tree-group", 0), "layer-tree-layer.checked", "Qt::Checked");
    assert_value(second, "name", HOSTILE);
    assert_value(second, "layer-tree-layer.checked", "Qt::Unchecked");
    assert_value(second, "layer-tree-layer.source", "./成果 \"1\" & <2>.gpkg|layername=findings");
    CPLXMLNode *layer = child_at(CPLGetXMLNode(root, "projectlayers"), "maplayer", 1);
    assert_value(layer, "id", "layer_findings");
    assert_value(layer, "readOnly", "1");
    assert_value(layer, "datasource", "./成果 \"1\" & <2>.gpkg|layername=findings");
    assert_null(CPLGetXMLNode(layer, "srs")); /* a table has no place */
    assert_value(child_at(CPLGetXMLNode(root, "projectlayers"), "maplayer", 0), "srs.spatialrefsys.authid", "EPSG:4526");
    CPLXMLNode *link = CPLGetXMLNode(root, "relations.relation");
    assert_value(link, "referencingLayer", "layer_findings");
    assert_value(link, "referencedLayer", "layer_parcels");
    assert_value(link, "fieldRef.referencingField", "parcel_fid");
    assert_value(link, "fieldRef.referencedField", "fid");
    assert_value(root, "Bookmarks.Bookmark.extent",
                 "POLYGON((38359481.5 2974158.25, 38362308 2974158.25, 38362308 2976197, 38359481.5 2976197, 38359481.5 2974158.25))");
    CPLDestroyXMLNode(tree);
}

static void layouts_hold_what_they_were_given(void **state)
{
    (void)state;
    struct ph_project project = project_of();
    CPLXMLNode *tree = write_project(&project), *page = CPLGetXMLNode(tree, "=qgis.Layouts.Layout");
    CPLXMLNode *pages = CPLGetXMLNode(page, "PageCollection");
    assert_non_null(child_at(pages, "LayoutItem", 1)); /* the table goes on */
    assert_null(child_at(pages, "LayoutItem", 2));
    CPLXMLNode *label = child_with(page, "LayoutItem", "type", "65641"), *map = child_with(page, "LayoutItem", "type", "65639");
    assert_value(label, "position", "10.5,8,mm");
    assert_value(label, "LabelFont.description", "Noto Sans CJK SC,9.5,-1,5,50,0,0,0,0,0");
    assert_value(map, "Extent.xmin", "-50"); /* widened to the item's shape */
    assert_value(map, "Extent.ymax", "100");
    assert_value(map, "AtlasMap.atlasDriven", "1");
    assert_value(map, "ComposerMapGrid.annotationPrecision", "0");
    assert_value(child_with(page, "LayoutItem", "type", "65646"), "mapUuid", CPLGetXMLValue(map, "uuid", ""));
    CPLXMLNode *frames = CPLGetXMLNode(page, "LayoutMultiFrame"), *frame = child_with(page, "LayoutItem", "hidePageIfEmpty", "1");
    assert_value(frames, "source", "2");
    assert_value(frames, "relationId", "parcels_findings");
    assert_value(frames, "displayColumns.column.heading", HOSTILE);
    assert_value(frame, "multiFrame", CPLGetXMLValue(frames, "uuid", ""));
    assert_value(child_at(frames, "childFrame", 1), "uuid", CPLGetXMLValue(frame, "uuid", ""));
    assert_value(page, "Atlas.coverageLayer", "layer_parcels");
    assert_value(page, "Atlas.featureFilter", "\"tag\" <> 'normal'");
    CPLDestroyXMLNode(tree);
}

static void an_empty_project_is_a_document(void **state)
{
    (void)state;
    struct ph_project project = {.title = "", .file = "a.gpkg", .extent = {1, 1, 0, 0}};
    CPLXMLNode *tree = write_project(&project);
    assert_null(CPLGetXMLNode(tree, "=qgis.mapcanvas"));
    CPLDestroyXMLNode(tree);
}

/* ---- the archive ---- */

static void the_archive_gives_the_file_back(void **state)
{
    (void)state;
    char content[50000];
    for (size_t i = 0; i < sizeof content; i++) content[i] = (char)(i * i % 251);
    unsigned char *twice[2];
    size_t lengths[2];
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(ph_zip_one("成果.qgs", (struct ph_str){content, sizeof content}, &twice[i], &lengths[i], NULL), PH_OK);
        if (i == 0) nanosleep(&(struct timespec){2, 100000000}, NULL); /* longer than a time in a zip is exact to */
    }
    assert_int_equal(lengths[0], lengths[1]);
    assert_memory_equal(twice[0], twice[1], lengths[0]);
    VSIFCloseL(VSIFileFromMemBuffer("/vsimem/project.zip", twice[0], lengths[0], FALSE));
    GByte *back = NULL;
    vsi_l_offset size = 0;
    assert_true(VSIIngestFile(NULL, "/vsizip//vsimem/project.zip/成果.qgs", &back, &size, -1));
    assert_int_equal(size, sizeof content);
    assert_memory_equal(back, content, sizeof content);
    VSIUnlink("/vsimem/project.zip");
    VSIFree(back);
    free(twice[0]);
    free(twice[1]);
}

static void the_project_lies_beside_the_file(void **state)
{
    (void)state;
    static const struct {
        const char *path, *sidecar;
    } names[] = {{"a.gpkg", "a.qgz"}, {"/b/成果 1.GPKG", "/b/成果 1.qgz"}, {"a.b", "a.b.qgz"}, {"a.gpkg/b", "a.gpkg/b.qgz"}, {".gpkg", ".gpkg.qgz"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char out[64];
        ph_gpkg_sidecar(names[i].path, out, sizeof out);
        assert_string_equal(out, names[i].sidecar);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_are_closed_as_they_were_opened),
        cmocka_unit_test(elements_nested_too_deep_are_noticed),
        cmocka_unit_test(hostile_texts_come_back_as_they_were),
        cmocka_unit_test(the_project_holds_what_it_was_given),
        cmocka_unit_test(layouts_hold_what_they_were_given),
        cmocka_unit_test(an_empty_project_is_a_document),
        cmocka_unit_test(the_archive_gives_the_file_back),
        cmocka_unit_test(the_project_lies_beside_the_file),
    };
    GDALAllRegister();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
