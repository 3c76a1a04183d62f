#include "io/style.h"

#include <cpl_error.h>
#include <cpl_minixml.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#define CAP (1 << 20)

static const struct ph_code outcomes[] = {{"hit", "命中"}, {"unknown", "无法判定"}};
static const struct ph_style_field fields[] = {
    {.name = "fid", .title = "序号", .read_only = true},
    {.name = "outcome", .title = "结果", .codes = outcomes, .code_count = 2, .read_only = true, .tab = 1},
    {.name = "备注", .lines = true},
};

static struct ph_style style_of(const char *geometry)
{
    return (struct ph_style){
        .fields = fields,
        .field_count = sizeof fields / sizeof *fields,
        .class_field = "tag",
        .classes = ph_style_tags,
        .class_count = PH_STYLE_TAGS,
        .geometry = geometry,
        .name_expression = "\"parcel_id\"",
        .label_expression = "\"parcel_id\" || '\n'",
        .label_scale = 10000,
        .map_tip = "<b>[% \"reason\" %]</b>",
    };
}

/* The parsed document; free with CPLDestroyXMLNode. Fails the test when it is not well-formed. */
static CPLXMLNode *parse(const struct ph_style *style)
{
    struct ph_text text;
    ph_text_init(&text, CAP);
    ph_style_qml(style, &text);
    assert_false(text.failed);
    CPLErrorReset();
    CPLXMLNode *tree = CPLParseXMLString(ph_text_get(&text));
    assert_int_equal(CPLGetLastErrorType(), CE_None);
    assert_non_null(tree);
    ph_text_dispose(&text);
    return tree;
}

static size_t children(CPLXMLNode *parent, const char *name)
{
    size_t count = 0;
    for (CPLXMLNode *child = parent ? parent->psChild : NULL; child != NULL; child = child->psNext)
        if (child->eType == CXT_Element && strcmp(child->pszValue, name) == 0) count++;
    return count;
}

/* The n-th child element with this name. */
static CPLXMLNode *child_at(CPLXMLNode *parent, const char *name, size_t n)
{
    for (CPLXMLNode *child = parent ? parent->psChild : NULL; child != NULL; child = child->psNext)
        if (child->eType == CXT_Element && strcmp(child->pszValue, name) == 0 && n-- == 0) return child;
    fail_msg("no such element: %s", name);
    return NULL;
}

static void assert_attribute(CPLXMLNode *node, const char *path, const char *wanted)
{
    const char *found = CPLGetXMLValue(node, path, NULL);
    assert_non_null(found);
    assert_string_equal(found, wanted);
}

static void every_field_has_an_alias_and_a_lock(void **state)
{
    (void)state;
    struct ph_style style = style_of("polygon");
    CPLXMLNode *tree = parse(&style);
    CPLXMLNode *aliases = CPLGetXMLNode(tree, "=qgis.aliases"), *editable = CPLGetXMLNode(tree, "=qgis.editable");
    assert_int_equal(children(aliases, "alias"), 3);
    assert_int_equal(children(editable, "field"), 3);
    for (size_t i = 0; i < 3; i++) {
        assert_attribute(child_at(aliases, "alias", i), "field", fields[i].name);
        assert_attribute(child_at(aliases, "alias", i), "name", fields[i].title ? fields[i].title : "");
        assert_attribute(child_at(editable, "field", i), "editable", fields[i].read_only ? "0" : "1");
    }
    CPLDestroyXMLNode(tree);
}

static void code_columns_get_a_value_map(void **state)
{
    (void)state;
    struct ph_style style = style_of("none");
    CPLXMLNode *tree = parse(&style);
    CPLXMLNode *configuration = CPLGetXMLNode(tree, "=qgis.fieldConfiguration");
    assert_int_equal(children(configuration, "field"), 2);
    assert_attribute(configuration, "field.name", "outcome");
    assert_attribute(configuration, "field.editWidget.type", "ValueMap");
    CPLXMLNode *map = CPLGetXMLNode(configuration, "field.editWidget.config.Option.Option");
    assert_attribute(map, "name", "map");
    assert_int_equal(children(map, "Option"), 2);
    for (size_t i = 0; i < 2; i++) {
        assert_attribute(child_at(map, "Option", i), "Option.name", outcomes[i].zh);
        assert_attribute(child_at(map, "Option", i), "Option.value", outcomes[i].value);
    }
    CPLDestroyXMLNode(tree);
}

static void long_texts_get_lines(void **state)
{
    (void)state;
    struct ph_style style = style_of("none");
    CPLXMLNode *tree = parse(&style), *field = child_at(CPLGetXMLNode(tree, "=qgis.fieldConfiguration"), "field", 1);
    assert_attribute(field, "name", "备注");
    assert_attribute(field, "editWidget.type", "TextEdit");
    assert_attribute(field, "editWidget.config.Option.Option.name", "IsMultiline");
    CPLDestroyXMLNode(tree);
}

static void a_form_has_its_fields_on_tabs(void **state)
{
    (void)state;
    static const char *const relations[] = {"parcels_findings", "parcels_ledger"};
    static const struct ph_style_tab tabs[] = {{"标识", NULL, 0}, {"判定", relations, 2}};
    struct ph_style style = style_of("polygon");
    CPLXMLNode *tree = parse(&style);
    assert_null(CPLGetXMLNode(tree, "=qgis.attributeEditorForm"));
    CPLDestroyXMLNode(tree);
    style.tabs = tabs;
    style.tab_count = 2;
    tree = parse(&style);
    assert_attribute(tree, "=qgis.editorlayout", "tablayout");
    CPLXMLNode *form = CPLGetXMLNode(tree, "=qgis.attributeEditorForm");
    assert_int_equal(children(form, "attributeEditorContainer"), 2);
    CPLXMLNode *first = child_at(form, "attributeEditorContainer", 0), *second = child_at(form, "attributeEditorContainer", 1);
    assert_int_equal(children(first, "attributeEditorField"), 2);
    assert_int_equal(children(first, "attributeEditorRelation"), 0);
    assert_attribute(second, "name", "判定");
    assert_attribute(second, "attributeEditorField.name", "outcome");
    assert_attribute(child_at(second, "attributeEditorRelation", 1), "relation", "parcels_ledger");
    CPLDestroyXMLNode(tree);
}

static void some_features_are_drawn_last_and_outlined(void **state)
{
    (void)state;
    struct ph_style style = style_of("polygon");
    CPLXMLNode *tree = parse(&style);
    assert_attribute(tree, "=qgis.renderer-v2.enableorderby", "0");
    assert_int_equal(children(CPLGetXMLNode(tree, "=qgis.renderer-v2.symbols.symbol"), "layer"), 1);
    CPLDestroyXMLNode(tree);
    style.last = style.outlined = "$id = 1 AND 'a' < 'b'";
    tree = parse(&style);
    assert_attribute(tree, "=qgis.renderer-v2.enableorderby", "1");
    assert_attribute(tree, "=qgis.renderer-v2.orderby.orderByClause", style.last);
    CPLXMLNode *symbol = CPLGetXMLNode(tree, "=qgis.renderer-v2.symbols.symbol");
    CPLXMLNode *outline = child_at(symbol, "layer", children(symbol, "layer") - 1);
    assert_attribute(outline, "class", "SimpleLine");
    CPLXMLNode *enabled = child_at(CPLGetXMLNode(outline, "data_defined_properties.Option"), "Option", 1);
    assert_attribute(enabled, "Option.name", "enabled");
    assert_attribute(child_at(child_at(enabled, "Option", 0), "Option", 1), "value", style.outlined);
    CPLDestroyXMLNode(tree);
}

static void legend_has_a_symbol_per_class(void **state)
{
    (void)state;
    static const char *const geometries[] = {"polygon", "point"}, *const symbols[] = {"fill", "marker"};
    for (size_t g = 0; g < 2; g++) {
        struct ph_style style = style_of(geometries[g]);
        CPLXMLNode *tree = parse(&style), *renderer = CPLGetXMLNode(tree, "=qgis.renderer-v2");
        assert_attribute(renderer, "type", "categorizedSymbol");
        assert_attribute(renderer, "attr", "tag");
        CPLXMLNode *categories = CPLGetXMLNode(renderer, "categories"), *list = CPLGetXMLNode(renderer, "symbols");
        assert_int_equal(children(categories, "category"), PH_STYLE_TAGS);
        assert_int_equal(children(list, "symbol"), PH_STYLE_TAGS);
        for (size_t i = 0; i < PH_STYLE_TAGS; i++) {
            CPLXMLNode *category = child_at(categories, "category", i), *symbol = child_at(list, "symbol", i);
            assert_attribute(category, "value", ph_style_tags[i].value);
            assert_attribute(category, "label", ph_style_tags[i].label);
            assert_attribute(symbol, "name", CPLGetXMLValue(category, "symbol", ""));
            assert_attribute(symbol, "type", symbols[g]);
        }
        CPLDestroyXMLNode(tree);
    }
}

static void patterns_are_lines_over_the_fill(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        size_t layers;
        const char *angle; /* of the last layer */
    } cases[] = {{NULL, 1, NULL},          {"solid", 1, NULL},   {"slash", 2, "45"}, {"backslash", 2, "135"},
                 {"horizontal", 2, "0"}, {"vertical", 2, "90"}, {"cross", 3, "135"}, {"no such", 1, NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ph_style_class class = {"a", "甲", "#ff8000", "#000000", cases[i].pattern, NULL};
        struct ph_style style = {.classes = &class, .class_count = 1, .geometry = "polygon"};
        CPLXMLNode *tree = parse(&style), *symbol = CPLGetXMLNode(tree, "=qgis.renderer-v2.symbols.symbol");
        assert_attribute(tree, "=qgis.renderer-v2.type", "singleSymbol");
        assert_int_equal(children(symbol, "layer"), cases[i].layers);
        assert_attribute(child_at(child_at(symbol, "layer", 0), "Option", 0), "Option.value", "255,128,0,255");
        CPLXMLNode *last = child_at(symbol, "layer", cases[i].layers - 1);
        if (cases[i].angle != NULL) assert_attribute(last, "Option.Option.value", cases[i].angle);
        CPLDestroyXMLNode(tree);
    }
}

static void an_area_without_a_fill_is_see_through(void **state)
{
    (void)state;
    struct ph_style_class class = {"a", "甲", NULL, "#000000", "slash", NULL};
    struct ph_style style = {.classes = &class, .class_count = 1, .geometry = "polygon"};
    CPLXMLNode *tree = parse(&style), *options = CPLGetXMLNode(tree, "=qgis.renderer-v2.symbols.symbol.layer.Option");
    CPLXMLNode *last = child_at(options, "Option", children(options, "Option") - 1);
    assert_attribute(last, "name", "style");
    assert_attribute(last, "value", "no");
    CPLDestroyXMLNode(tree);
}

static void labels_end_at_a_scale(void **state)
{
    (void)state;
    struct ph_style style = style_of("polygon");
    CPLXMLNode *tree = parse(&style);
    assert_attribute(tree, "=qgis.labelsEnabled", "1");
    assert_attribute(tree, "=qgis.labeling.settings.text-style.fieldName", style.label_expression);
    assert_attribute(tree, "=qgis.labeling.settings.rendering.scaleVisibility", "1");
    assert_attribute(tree, "=qgis.labeling.settings.rendering.scaleMax", "10000");
    assert_attribute(tree, "=qgis.mapTip", style.map_tip);
    CPLDestroyXMLNode(tree);
}

static void a_table_has_no_symbols(void **state)
{
    (void)state;
    struct ph_style style = style_of("none");
    CPLXMLNode *tree = parse(&style);
    assert_null(CPLGetXMLNode(tree, "=qgis.renderer-v2"));
    assert_null(CPLGetXMLNode(tree, "=qgis.labeling"));
    assert_attribute(tree, "=qgis.labelsEnabled", "0");
    assert_attribute(tree, "=qgis.previewExpression", style.name_expression);
    CPLDestroyXMLNode(tree);
}

static void an_empty_style_is_a_document(void **state)
{
    (void)state;
    CPLDestroyXMLNode(parse(&(struct ph_style){0}));
    CPLDestroyXMLNode(parse(&(struct ph_style){.geometry = "polygon"}));
    CPLDestroyXMLNode(parse(&(struct ph_style){.geometry = "point", .class_field = "tag"}));
}

/* Column names and titles come from other people's files. */
static void hostile_texts_come_back_as_they_were(void **state)
{
    (void)state;
    static const struct {
        const char *given, *back;
    } texts[] = {
        {"\"/><alias field=\"x\" name=\"y\"/>", NULL},
        {"</qgis><!-- ]]> & &amp; &lt; 'it'", NULL},
        {"a\tb\nc\rd", NULL},
        {"%s%n%d", NULL},
        {"宗地𠮷\xC2\xA0", NULL},
        {"bell\x07 end\x01", "bell\xEF\xBF\xBD end\xEF\xBF\xBD"},
        {"\xEF\xBF\xBE", "\xEF\xBF\xBD"},
        {"half \xE5\xAE", "half \xEF\xBF\xBD"},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *given = texts[i].given, *back = texts[i].back ? texts[i].back : given;
        struct ph_code code = {given, given};
        struct ph_style_field field = {.name = given, .title = given, .codes = &code, .code_count = 1};
        struct ph_style_class class = {given, given, given, given, given, given};
        const char *const relation = given;
        struct ph_style_tab tab = {given, &relation, 1};
        struct ph_style style = {&field, 1, &tab, 1, given, &class, 1, "polygon", given, given, 1, given, given, given};
        CPLXMLNode *tree = parse(&style);
        CPLXMLNode *aliases = CPLGetXMLNode(tree, "=qgis.aliases");
        assert_int_equal(children(aliases, "alias"), 1);
        assert_attribute(aliases, "alias.field", back);
        assert_attribute(aliases, "alias.name", back);
        assert_attribute(tree, "=qgis.renderer-v2.categories.category.label", back);
        assert_attribute(tree, "=qgis.fieldConfiguration.field.editWidget.config.Option.Option.Option.Option.value", back);
        assert_attribute(tree, "=qgis.labeling.settings.text-style.fieldName", back);
        assert_attribute(tree, "=qgis.attributeEditorForm.attributeEditorContainer.name", back);
        assert_attribute(tree, "=qgis.attributeEditorForm.attributeEditorContainer.attributeEditorField.name", back);
        assert_attribute(tree, "=qgis.attributeEditorForm.attributeEditorContainer.attributeEditorRelation.relation", back);
        if (*given != '\0') assert_attribute(tree, "=qgis.renderer-v2.orderby.orderByClause", back);
        if (*given != '\0') assert_attribute(tree, "=qgis.mapTip", back);
        CPLDestroyXMLNode(tree);
    }
}

static void the_same_style_gives_the_same_bytes(void **state)
{
    (void)state;
    struct ph_style style = style_of("polygon");
    struct ph_text twice[2];
    for (size_t i = 0; i < 2; i++) {
        ph_text_init(&twice[i], CAP);
        ph_style_qml(&style, &twice[i]);
    }
    assert_string_equal(ph_text_get(&twice[0]), ph_text_get(&twice[1]));
    ph_text_dispose(&twice[0]);
    ph_text_dispose(&twice[1]);
}

static void a_cap_too_small_is_noticed(void **state)
{
    (void)state;
    struct ph_style style = style_of("polygon");
    struct ph_text text;
    ph_text_init(&text, 1000);
    ph_style_qml(&style, &text);
    assert_true(text.failed);
    ph_text_dispose(&text);
}

static void assert_legend_is(const struct ph_style_class *classes, size_t count, const char *codelist)
{
    const struct ph_codelist *list = ph_codelist_find(codelist);
    assert_int_equal(list->count, count);
    for (size_t i = 0; i < count; i++) assert_string_equal(ph_codelist_text(list, classes[i].value), classes[i].label);
}

static void legends_match_the_code_lists(void **state)
{
    (void)state;
    assert_legend_is(ph_style_tags, PH_STYLE_TAGS, "tag");
    assert_legend_is(ph_style_topology, PH_STYLE_TOPOLOGY, "topology_kind");
    assert_legend_is(ph_style_measures, PH_STYLE_MEASURES, "ledger_kind");
}

/* Linear sRGB of #rrggbb. */
static void linear(const char *colour, double rgb[3])
{
    for (size_t i = 0; i < 3; i++) {
        char pair[3] = {colour[1 + 2 * i], colour[2 + 2 * i], '\0'};
        double c = (double)strtoul(pair, NULL, 16) / 255;
        rgb[i] = c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
    }
}

/* CIE L*a*b* (D65) of linear sRGB seen through the 3 x 3 matrix `eye`. */
static void lab_seen(const double rgb[3], const double eye[9], double lab[3])
{
    static const double to_xyz[9] = {0.4124564, 0.3575761, 0.1804375, 0.2126729, 0.7151522, 0.0721750, 0.0193339, 0.1191920, 0.9503041};
    static const double white[3] = {0.95047, 1, 1.08883};
    double seen[3], f[3];
    for (size_t i = 0; i < 3; i++) {
        seen[i] = eye[3 * i] * rgb[0] + eye[3 * i + 1] * rgb[1] + eye[3 * i + 2] * rgb[2];
        seen[i] = fmin(1, fmax(0, seen[i]));
    }
    for (size_t i = 0; i < 3; i++) {
        double v = (to_xyz[3 * i] * seen[0] + to_xyz[3 * i + 1] * seen[1] + to_xyz[3 * i + 2] * seen[2]) / white[i];
        f[i] = v > 216.0 / 24389 ? cbrt(v) : (24389.0 / 27 * v + 16) / 116;
    }
    lab[0] = 116 * f[1] - 16;
    lab[1] = 500 * (f[0] - f[1]);
    lab[2] = 200 * (f[1] - f[2]);
}

/* Matrices for full deficiency: Machado, Oliveira and Fernandes 2009, table 1. */
static void assert_told_apart(const struct ph_style_class *classes, size_t count)
{
    static const struct {
        const char *name;
        double matrix[9];
    } eyes[] = {
        {"normal", {1, 0, 0, 0, 1, 0, 0, 0, 1}},
        {"deuteranopia", {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881}},
        {"protanopia", {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998}},
        {"tritanopia", {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900}},
    };
    for (size_t e = 0; e < sizeof eyes / sizeof *eyes; e++)
        for (size_t i = 0; i < count; i++)
            for (size_t k = 0; k < i; k++) {
                double rgb[2][3], lab[2][3];
                linear(classes[i].fill, rgb[0]);
                linear(classes[k].fill, rgb[1]);
                for (size_t s = 0; s < 2; s++) lab_seen(rgb[s], eyes[e].matrix, lab[s]);
                double distance = sqrt(pow(lab[0][0] - lab[1][0], 2) + pow(lab[0][1] - lab[1][1], 2) + pow(lab[0][2] - lab[1][2], 2));
                if (distance < 14) fail_msg("%s: %s and %s look alike", eyes[e].name, classes[i].value, classes[k].value);
                if (e == 0 && fabs(lab[0][0] - lab[1][0]) < 14) fail_msg("in grey %s and %s look alike", classes[i].value, classes[k].value);
            }
}

static void classes_differ_in_grey_and_to_every_eye(void **state)
{
    (void)state;
    assert_told_apart(ph_style_tags, PH_STYLE_TAGS);
    assert_told_apart(ph_style_grades, PH_STYLE_GRADES);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Patterns are told apart by themselves, colours (of the fill, or the lines where there is none) of one pattern by lightness. */
static void assert_patterns_differ(const struct ph_style_class *classes, size_t count)
{
    static const double eye[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++) {
            double rgb[3], lab[2][3];
            if (!same_text(classes[i].pattern, classes[k].pattern)) continue;
            linear(classes[i].fill ? classes[i].fill : classes[i].line, rgb);
            lab_seen(rgb, eye, lab[0]);
            linear(classes[k].fill ? classes[k].fill : classes[k].line, rgb);
            lab_seen(rgb, eye, lab[1]);
            if (fabs(lab[0][0] - lab[1][0]) < 14) fail_msg("%s and %s look alike", classes[i].value, classes[k].value);
        }
}

static void patterns_and_shapes_differ(void **state)
{
    (void)state;
    assert_patterns_differ(ph_style_measures, PH_STYLE_MEASURES);
    assert_patterns_differ(ph_style_topology, PH_STYLE_TOPOLOGY);
    for (size_t i = 0; i < PH_STYLE_TOPOLOGY; i++)
        for (size_t k = 0; k < i; k++)
            if (same_text(ph_style_topology[i].marker, ph_style_topology[k].marker)) fail_msg("%s has the shape of another", ph_style_topology[i].value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_has_an_alias_and_a_lock),
        cmocka_unit_test(code_columns_get_a_value_map),
        cmocka_unit_test(long_texts_get_lines),
        cmocka_unit_test(a_form_has_its_fields_on_tabs),
        cmocka_unit_test(some_features_are_drawn_last_and_outlined),
        cmocka_unit_test(legend_has_a_symbol_per_class),
        cmocka_unit_test(patterns_are_lines_over_the_fill),
        cmocka_unit_test(an_area_without_a_fill_is_see_through),
        cmocka_unit_test(labels_end_at_a_scale),
        cmocka_unit_test(a_table_has_no_symbols),
        cmocka_unit_test(an_empty_style_is_a_document),
        cmocka_unit_test(hostile_texts_come_back_as_they_were),
        cmocka_unit_test(the_same_style_gives_the_same_bytes),
        cmocka_unit_test(a_cap_too_small_is_noticed),
        cmocka_unit_test(legends_match_the_code_lists),
        cmocka_unit_test(patterns_and_shapes_differ),
        cmocka_unit_test(classes_differ_in_grey_and_to_every_eye),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
