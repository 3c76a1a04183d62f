#include "io/style.h"

#include <stdio.h>
#include <string.h>

const struct ph_style_class ph_style_tags[PH_STYLE_TAGS] = {
    {"approved_unsupplied", "批而未供", "#2e2a70", "#14123a", NULL},
    {"idle", "疑似闲置", "#b5202e", "#5c0f17", NULL},
    {"low_efficiency", "疑似低效", "#e0841f", "#70420f", NULL},
    {"unverified", "待核查", "#cacaca", "#4d4d4d", "slash"},
    {"normal", "正常", "#eff6ea", "#8a9684", NULL},
};

const struct ph_style_class ph_style_grades[PH_STYLE_GRADES] = {
    {"A", "A类", "#96d382", "#3c6b2c", NULL},
    {"B", "B类", "#559fd0", "#1f4f70", NULL},
    {"C", "C类", "#a84f1a", "#55270b", NULL},
    {"D", "D类", "#640d20", "#320610", NULL},
    {"T", "不参评", "#f4f4f4", "#6b6b6b", "slash"},
};

const struct ph_style_class ph_style_topology[PH_STYLE_TOPOLOGY] = {
    {"overlap", "重叠", "#d7191c", "#7a0d0f", NULL},
    {"overlap_sliver", "狭长重叠", "#f4a582", "#a1492a", NULL},
    {"contained", "包含", "#7b3294", "#3f174d", NULL},
    {"duplicate", "重复图形", "#2e2a70", "#14123a", NULL},
    {"gap", "缝隙", "#ffffbf", "#7a7a2e", "slash"},
    {"sliver", "狭长碎面", "#fdae61", "#8a5415", NULL},
    {"invalid", "图形无效", "#e6e6e6", "#b5202e", "cross"},
    {"hole_outside", "内环在外环之外", "#e6e6e6", "#5c0f17", "backslash"},
    {"repeated_vertex", "重复点", "#abd9e9", "#2c7bb6", NULL},
    {"spike", "尖刺", "#2c7bb6", "#12395a", NULL},
    {"winding", "环绕向不对", "#bdbdbd", "#4d4d4d", NULL},
};

static const struct ph_style_class plain = {NULL, NULL, "#d9d9d9", "#4d4d4d", NULL};

static void put(struct ph_text *out, const char *text)
{
    ph_text_add(out, text);
}

static void put_attribute(struct ph_text *out, const char *name, const char *value)
{
    ph_text_addf(out, " %s=\"", name);
    ph_text_add_xml(out, ph_str_of(value));
    put(out, "\"");
}

static void put_option(struct ph_text *out, const char *name, const char *value)
{
    put(out, "<Option type=\"QString\"");
    put_attribute(out, "name", name);
    put_attribute(out, "value", value);
    put(out, "/>\n");
}

/* QGIS writes colours as red,green,blue,alpha. Anything but #rrggbb is passed on as it is. */
static void put_colour(struct ph_text *out, const char *name, const char *colour)
{
    unsigned red, green, blue;
    char decimal[32];
    if (colour != NULL && strlen(colour) == 7 && sscanf(colour, "#%2x%2x%2x", &red, &green, &blue) == 3) {
        snprintf(decimal, sizeof decimal, "%u,%u,%u,255", red, green, blue);
        put_option(out, name, decimal);
    } else {
        put_option(out, name, colour);
    }
}

static void put_layer_start(struct ph_text *out, const char *class_name)
{
    ph_text_addf(out, "<layer class=\"%s\" enabled=\"1\" locked=\"0\" pass=\"0\">\n<Option type=\"Map\">\n", class_name);
}

/* Hatching is drawn as lines with a distance in millimetres: a brush pattern of the screen would vanish in print. */
static void put_hatch(struct ph_text *out, const struct ph_style_class *class, const char *angle)
{
    put_layer_start(out, "LinePatternFill");
    put_option(out, "angle", angle);
    put_colour(out, "color", class->line);
    put_option(out, "distance", "1.6");
    put_option(out, "distance_unit", "MM");
    put(out, "</Option>\n<symbol type=\"line\" name=\"hatch\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">\n");
    put_layer_start(out, "SimpleLine");
    put_colour(out, "line_color", class->line);
    put_option(out, "line_style", "solid");
    put_option(out, "line_width", "0.25");
    put_option(out, "line_width_unit", "MM");
    put(out, "</Option>\n</layer>\n</symbol>\n</layer>\n");
}

static void put_pattern(struct ph_text *out, const struct ph_style_class *class)
{
    static const struct {
        const char *pattern, *angle;
    } lines[] = {{"slash", "45"},   {"backslash", "135"}, {"horizontal", "0"},
                 {"vertical", "90"}, {"cross", "45"},      {"cross", "135"}};
    if (class->pattern == NULL) return;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (strcmp(lines[i].pattern, class->pattern) == 0) put_hatch(out, class, lines[i].angle);
}

static void put_area_layers(struct ph_text *out, const struct ph_style_class *class)
{
    put_layer_start(out, "SimpleFill");
    put_colour(out, "color", class->fill);
    put_option(out, "joinstyle", "bevel");
    put_colour(out, "outline_color", class->line);
    put_option(out, "outline_style", "solid");
    put_option(out, "outline_width", "0.2");
    put_option(out, "outline_width_unit", "MM");
    put_option(out, "style", "solid");
    put(out, "</Option>\n</layer>\n");
    put_pattern(out, class);
}

static void put_marker_layer(struct ph_text *out, const struct ph_style_class *class)
{
    put_layer_start(out, "SimpleMarker");
    put_colour(out, "color", class->fill);
    put_option(out, "name", "circle");
    put_colour(out, "outline_color", class->line);
    put_option(out, "outline_style", "solid");
    put_option(out, "outline_width", "0.2");
    put_option(out, "outline_width_unit", "MM");
    put_option(out, "size", "2.4");
    put_option(out, "size_unit", "MM");
    put(out, "</Option>\n</layer>\n");
}

static void put_symbol(struct ph_text *out, const struct ph_style_class *class, size_t index, bool point)
{
    ph_text_addf(out, "<symbol type=\"%s\" name=\"%zu\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">\n",
                   point ? "marker" : "fill", index);
    if (point) put_marker_layer(out, class);
    else put_area_layers(out, class);
    put(out, "</symbol>\n");
}

static void put_renderer(struct ph_text *out, const struct ph_style *style, bool point)
{
    bool by_class = style->class_field != NULL && style->class_count > 0;
    ph_text_addf(out, "<renderer-v2 type=\"%s\" enableorderby=\"0\" forceraster=\"0\" symbollevels=\"0\"",
                   by_class ? "categorizedSymbol" : "singleSymbol");
    if (by_class) put_attribute(out, "attr", style->class_field);
    put(out, ">\n");
    if (by_class) put(out, "<categories>\n");
    for (size_t i = 0; by_class && i < style->class_count; i++) {
        put(out, "<category render=\"true\" type=\"string\"");
        put_attribute(out, "value", style->classes[i].value);
        put_attribute(out, "label", style->classes[i].label);
        ph_text_addf(out, " symbol=\"%zu\"/>\n", i);
    }
    if (by_class) put(out, "</categories>\n");
    put(out, "<symbols>\n");
    for (size_t i = 0; by_class && i < style->class_count; i++) put_symbol(out, &style->classes[i], i, point);
    if (!by_class) put_symbol(out, style->class_count > 0 ? &style->classes[0] : &plain, 0, point);
    put(out, "</symbols>\n</renderer-v2>\n");
}

/* No font family: QGIS then takes the application's own, which on a Chinese system has the characters;
 * a named one that is missing makes it complain. */
static void put_labeling(struct ph_text *out, const char *expression, bool point)
{
    put(out, "<labeling type=\"simple\">\n<settings calloutType=\"simple\">\n"
             "<text-style fontSize=\"8\" fontSizeUnit=\"Point\" fontWeight=\"50\" textColor=\"32,32,32,255\" textOpacity=\"1\" isExpression=\"1\"");
    put_attribute(out, "fieldName", expression);
    put(out, ">\n<text-buffer bufferDraw=\"1\" bufferSize=\"0.7\" bufferSizeUnits=\"MM\" bufferColor=\"255,255,255,255\""
             " bufferOpacity=\"1\" bufferJoinStyle=\"128\" bufferNoFill=\"1\"/>\n</text-style>\n");
    ph_text_addf(out, "<placement placement=\"%d\" dist=\"%d\" distUnits=\"MM\" priority=\"5\" centroidWhole=\"1\"/>\n",
                   point ? 0 : 4, point ? 1 : 0);
    ph_text_addf(out, "<rendering drawLabels=\"1\" scaleVisibility=\"1\" scaleMin=\"0\" scaleMax=\"%d\" displayAll=\"0\""
                        " obstacle=\"1\" upsidedownLabels=\"0\"/>\n</settings>\n</labeling>\n",
                   PH_STYLE_LABEL_SCALE);
}

static void put_value_map(struct ph_text *out, const struct ph_style_field *field)
{
    put(out, "<editWidget type=\"ValueMap\">\n<config>\n<Option type=\"Map\">\n<Option type=\"List\" name=\"map\">\n");
    for (size_t i = 0; i < field->code_count; i++) {
        put(out, "<Option type=\"Map\">");
        put_option(out, field->codes[i].zh, field->codes[i].value);
        put(out, "</Option>\n");
    }
    put(out, "</Option>\n</Option>\n</config>\n</editWidget>\n");
}

static void put_fields(struct ph_text *out, const struct ph_style *style)
{
    put(out, "<fieldConfiguration>\n");
    for (size_t i = 0; i < style->field_count; i++) {
        if (style->fields[i].codes == NULL || style->fields[i].code_count == 0) continue;
        put(out, "<field configurationFlags=\"None\"");
        put_attribute(out, "name", style->fields[i].name);
        put(out, ">\n");
        put_value_map(out, &style->fields[i]);
        put(out, "</field>\n");
    }
    put(out, "</fieldConfiguration>\n<aliases>\n");
    for (size_t i = 0; i < style->field_count; i++) {
        ph_text_addf(out, "<alias index=\"%zu\"", i);
        put_attribute(out, "field", style->fields[i].name);
        put_attribute(out, "name", style->fields[i].title);
        put(out, "/>\n");
    }
    put(out, "</aliases>\n<editable>\n");
    for (size_t i = 0; i < style->field_count; i++) {
        put(out, "<field");
        put_attribute(out, "name", style->fields[i].name);
        ph_text_addf(out, " editable=\"%d\"/>\n", style->fields[i].read_only ? 0 : 1);
    }
    put(out, "</editable>\n");
}

static void put_element(struct ph_text *out, const char *name, const char *text)
{
    if (text == NULL) return;
    ph_text_addf(out, "<%s>", name);
    ph_text_add_xml(out, ph_str_of(text));
    ph_text_addf(out, "</%s>\n", name);
}

void ph_style_qml(const struct ph_style *style, struct ph_text *out)
{
    bool point = style->geometry != NULL && strcmp(style->geometry, "point") == 0;
    bool polygon = style->geometry != NULL && strcmp(style->geometry, "polygon") == 0;
    bool labels = (point || polygon) && style->label_expression != NULL;
    put(out, "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n");
    ph_text_addf(out, "<qgis version=\"3.22.0\" styleCategories=\"AllStyleCategories\" hasScaleBasedVisibilityFlag=\"0\""
                        " labelsEnabled=\"%d\">\n",
                   labels ? 1 : 0);
    if (point || polygon) put_renderer(out, style, point);
    if (labels) put_labeling(out, style->label_expression, point);
    put_fields(out, style);
    put_element(out, "previewExpression", style->label_expression);
    put_element(out, "mapTip", style->map_tip);
    ph_text_addf(out, "<layerGeometryType>%d</layerGeometryType>\n</qgis>\n", point ? 0 : polygon ? 2 : 4);
}
