#include "io/style.h"

#include <stdio.h>
#include <string.h>

#include "io/style_form.h"

const struct ph_style_class ph_style_tags[PH_STYLE_TAGS] = {
    {"approved_unsupplied", "批而未供", "#2e2a70", "#14123a", NULL, NULL},
    {"idle", "疑似闲置", "#b5202e", "#5c0f17", NULL, NULL},
    {"low_efficiency", "疑似低效", "#e0841f", "#70420f", NULL, NULL},
    {"unverified", "待核查", "#cacaca", "#4d4d4d", "slash", NULL},
    {"normal", "正常", "#eff6ea", "#8a9684", NULL, NULL},
};

const struct ph_style_class ph_style_grades[PH_STYLE_GRADES] = {
    {"A", "A档", "#96d382", "#3c6b2c", NULL, NULL},
    {"B", "B档", "#559fd0", "#1f4f70", NULL, NULL},
    {"C", "C档", "#a84f1a", "#55270b", NULL, NULL},
    {"D", "D档", "#640d20", "#320610", NULL, NULL},
    {"T", "不参评", "#f4f4f4", "#6b6b6b", "slash", NULL},
};

const struct ph_style_class ph_style_measures[PH_STYLE_MEASURES] = {
    {"supply", "供地", "#eef2f6", "#8294a6", NULL, NULL},
    {"trade", "二级市场交易", NULL, "#5e1a78", "cross", NULL},
    {"reinvest", "二次投资", NULL, "#b3300f", "slash", NULL},
    {"plan", "提升计划", NULL, "#17539b", "backslash", NULL},
    {"factory", "盘活厂房", NULL, "#0b5a43", "horizontal", NULL},
    {"swap", "置换", NULL, "#5c4a00", "vertical", NULL},
    {"merge", "招商并购", NULL, "#c07ad6", "cross", NULL},
    {"reclaim", "收回/收储", NULL, "#d1a300", "vertical", NULL},
    {"fee", "征缴闲置费", NULL, "#3fb58c", "horizontal", NULL},
    {"extend", "延期", NULL, "#6fb1ea", "backslash", NULL},
    {"start", "动工", NULL, "#f09a6a", "slash", NULL},
    {"complete", "竣工", "#b9c4cc", "#4d5961", NULL, NULL},
};

const struct ph_style_class ph_style_topology[PH_STYLE_TOPOLOGY] = {
    {"overlap", "重叠", "#d7191c", "#7a0d0f", NULL, "circle"},
    {"overlap_sliver", "狭长重叠", "#f4a582", "#a1492a", "slash", "semi_circle"},
    {"contained", "包含", "#c9a3d9", "#5b2175", "vertical", "pentagon"},
    {"duplicate", "重复图形", "#2e2a70", "#14123a", NULL, "square"},
    {"gap", "缝隙", "#ffffbf", "#7a7a2e", "slash", "hexagon"},
    {"sliver", "狭长碎面", "#fdae61", "#8a5415", NULL, "diamond"},
    {"invalid", "图形无效", "#e6e6e6", "#b5202e", "cross", "cross_fill"},
    {"hole_outside", "内环在外环之外", "#e6e6e6", "#5c0f17", "backslash", "triangle"},
    {"repeated_vertex", "重复点", "#abd9e9", "#2c7bb6", "horizontal", "asterisk_fill"},
    {"spike", "尖刺", "#2c7bb6", "#12395a", "horizontal", "star"},
    {"winding", "环绕向不对", "#f2f2f2", "#4d4d4d", "vertical", "arrow"},
};

static const struct ph_style_class plain = {.fill = "#d9d9d9", .line = "#4d4d4d"};

/* QGIS writes colours as red,green,blue,alpha. Anything but #rrggbb is passed on as it is. */
static void put_colour(struct ph_xml *x, const char *name, const char *colour)
{
    unsigned red, green, blue;
    char decimal[32];
    if (colour != NULL && strlen(colour) == 7 && sscanf(colour, "#%2x%2x%2x", &red, &green, &blue) == 3) {
        snprintf(decimal, sizeof decimal, "%u,%u,%u,255", red, green, blue);
        ph_xml_option(x, name, decimal);
    } else {
        ph_xml_option(x, name, colour);
    }
}

static void start_layer(struct ph_xml *x, const char *class_name)
{
    ph_xml_open(x, "layer", "class", class_name, "enabled", "1", "locked", "0", "pass", "0", NULL);
    ph_xml_option_map(x, NULL);
}

static void put_length(struct ph_xml *x, const char *name, const char *unit_name, const char *millimetres)
{
    ph_xml_option(x, name, millimetres);
    ph_xml_option(x, unit_name, "MM");
}

static void put_line(struct ph_xml *x, const char *colour, const char *millimetres)
{
    start_layer(x, "SimpleLine");
    put_colour(x, "line_color", colour);
    ph_xml_option(x, "line_style", "solid");
    put_length(x, "line_width", "line_width_unit", millimetres);
    ph_xml_close(x);
}

static void put_outline(struct ph_xml *x, const char *colour)
{
    put_colour(x, "outline_color", colour);
    ph_xml_option(x, "outline_style", "solid");
    put_length(x, "outline_width", "outline_width_unit", "0.2");
}

/* Hatching is drawn as lines with a distance in millimetres: a brush pattern of the screen would vanish in print. */
static void put_hatch(struct ph_xml *x, const struct ph_style_class *class, const char *angle)
{
    start_layer(x, "LinePatternFill");
    ph_xml_option(x, "angle", angle);
    put_colour(x, "color", class->line);
    put_length(x, "distance", "distance_unit", class->fill ? "1.6" : "2");
    ph_xml_close(x);
    ph_xml_open(x, "symbol", "type", "line", "name", "hatch", "alpha", "1", "clip_to_extent", "1", "force_rhr", "0", NULL);
    put_line(x, class->line, class->fill ? "0.25" : "0.45");
    for (size_t i = 0; i < 3; i++) ph_xml_close(x);
}

static void put_pattern(struct ph_xml *x, const struct ph_style_class *class)
{
    static const struct {
        const char *pattern, *angle;
    } lines[] = {{"slash", "45"},   {"backslash", "135"}, {"horizontal", "0"},
                 {"vertical", "90"}, {"cross", "45"},      {"cross", "135"}};
    if (class->pattern == NULL) return;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (strcmp(lines[i].pattern, class->pattern) == 0) put_hatch(x, class, lines[i].angle);
}

/* A heavy line that is there only where the condition holds. */
static void put_heavy_outline(struct ph_xml *x, const char *condition)
{
    put_line(x, "#d6006c", "1.1");
    ph_xml_open(x, "data_defined_properties", NULL);
    ph_xml_option_map(x, NULL);
    ph_xml_option(x, "name", "");
    ph_xml_option_map(x, "properties");
    ph_xml_option_map(x, "enabled");
    ph_xml_leaf(x, "Option", "type", "bool", "name", "active", "value", "true", NULL);
    ph_xml_option(x, "expression", condition);
    ph_xml_leaf(x, "Option", "type", "int", "name", "type", "value", "3", NULL);
    ph_xml_close(x);
    ph_xml_close(x);
    ph_xml_option(x, "type", "collection");
    for (size_t i = 0; i < 3; i++) ph_xml_close(x);
}

static void put_area_layers(struct ph_xml *x, const struct ph_style *style, const struct ph_style_class *class)
{
    start_layer(x, "SimpleFill");
    put_colour(x, "color", class->fill ? class->fill : "0,0,0,0");
    ph_xml_option(x, "joinstyle", "bevel");
    put_outline(x, class->line);
    ph_xml_option(x, "style", class->fill ? "solid" : "no");
    ph_xml_close(x);
    ph_xml_close(x);
    put_pattern(x, class);
    if (style->outlined) put_heavy_outline(x, style->outlined);
}

static void put_marker_layer(struct ph_xml *x, const struct ph_style_class *class)
{
    start_layer(x, "SimpleMarker");
    put_colour(x, "color", class->fill);
    ph_xml_option(x, "name", class->marker ? class->marker : "circle");
    put_outline(x, class->line);
    put_length(x, "size", "size_unit", "3.4");
    ph_xml_close(x);
    ph_xml_close(x);
}

static void put_symbol(struct ph_xml *x, const struct ph_style *style, const struct ph_style_class *class, const char *name, bool point)
{
    ph_xml_open(x, "symbol", "type", point ? "marker" : "fill", "name", name, "alpha", "1", "clip_to_extent", "1", "force_rhr", "0", NULL);
    if (point)
        put_marker_layer(x, class);
    else
        put_area_layers(x, style, class);
    ph_xml_close(x);
}

static void put_renderer(struct ph_xml *x, const struct ph_style *style, bool point)
{
    bool by_class = style->class_field != NULL && style->class_count > 0;
    char name[24];
    ph_xml_open(x, "renderer-v2", "type", by_class ? "categorizedSymbol" : "singleSymbol", "enableorderby", style->last ? "1" : "0",
                "forceraster", "0", "symbollevels", "0", by_class ? "attr" : NULL, style->class_field, NULL);
    if (by_class) ph_xml_open(x, "categories", NULL);
    for (size_t i = 0; by_class && i < style->class_count; i++) {
        snprintf(name, sizeof name, "%zu", i);
        ph_xml_leaf(x, "category", "render", "true", "type", "string", "value", style->classes[i].value, "label", style->classes[i].label,
                    "symbol", name, NULL);
    }
    if (by_class) ph_xml_close(x);
    ph_xml_open(x, "symbols", NULL);
    for (size_t i = 0; by_class && i < style->class_count; i++) {
        snprintf(name, sizeof name, "%zu", i);
        put_symbol(x, style, &style->classes[i], name, point);
    }
    if (!by_class) put_symbol(x, style, style->class_count > 0 ? &style->classes[0] : &plain, "0", point);
    ph_xml_close(x);
    if (style->last) {
        ph_xml_open(x, "orderby", NULL);
        ph_xml_text(x, "orderByClause", style->last, "asc", "1", "nullsFirst", "1", NULL);
        ph_xml_close(x);
    }
    ph_xml_close(x);
}

/* No font family: QGIS then takes the application's own, which on a Chinese system has the characters;
 * a named one that is missing makes it complain. */
static void put_labeling(struct ph_xml *x, const struct ph_style *style, bool point)
{
    char scale[16];
    snprintf(scale, sizeof scale, "%d", style->label_scale);
    ph_xml_open(x, "labeling", "type", "simple", NULL);
    ph_xml_open(x, "settings", "calloutType", "simple", NULL);
    ph_xml_open(x, "text-style", "fontSize", "8", "fontSizeUnit", "Point", "fontWeight", "50", "textColor", "32,32,32,255", "textOpacity",
                "1", "isExpression", "1", "fieldName", style->label_expression, NULL);
    ph_xml_leaf(x, "text-buffer", "bufferDraw", "1", "bufferSize", "0.7", "bufferSizeUnits", "MM", "bufferColor", "255,255,255,255",
                "bufferOpacity", "1", "bufferJoinStyle", "128", "bufferNoFill", "1", NULL);
    ph_xml_close(x);
    /* Beside a point; over the middle of an area, however narrow it is. */
    ph_xml_leaf(x, "placement", "placement", point ? "0" : "1", "quadOffset", "4", "dist", point ? "1" : "0", "distUnits", "MM", "priority",
                "5", "centroidWhole", "1", "centroidInside", "1", NULL);
    ph_xml_leaf(x, "rendering", "drawLabels", "1", "scaleVisibility", "1", "scaleMin", "0", "scaleMax", scale, "displayAll", "0",
                "obstacle", "1", "upsidedownLabels", "0", NULL);
    ph_xml_close(x);
    ph_xml_close(x);
}

static bool has_geometry(const struct ph_style *style, const char *geometry)
{
    return style->geometry != NULL && strcmp(style->geometry, geometry) == 0;
}

const char *ph_style_labels(const struct ph_style *style)
{
    return style->label_expression && (has_geometry(style, "point") || has_geometry(style, "polygon")) ? "1" : "0";
}

void ph_style_elements(const struct ph_style *style, struct ph_xml *xml)
{
    bool point = has_geometry(style, "point");
    if (point || has_geometry(style, "polygon")) put_renderer(xml, style, point);
    if (*ph_style_labels(style) == '1') put_labeling(xml, style, point);
    ph_style_fields(style, xml);
    if (style->name_expression) ph_xml_text(xml, "previewExpression", style->name_expression, NULL);
    if (style->map_tip) ph_xml_text(xml, "mapTip", style->map_tip, NULL);
}

void ph_style_qml_element(const struct ph_style *style, struct ph_xml *xml)
{
    ph_xml_open(xml, "qgis", "version", "3.22.0", "styleCategories", "AllStyleCategories", "hasScaleBasedVisibilityFlag", "0", "labelsEnabled",
                ph_style_labels(style), NULL);
    ph_style_elements(style, xml);
    ph_xml_text(xml, "layerGeometryType", has_geometry(style, "point") ? "0" : has_geometry(style, "polygon") ? "2" : "4", NULL);
    ph_xml_close(xml);
}

void ph_style_qml(const struct ph_style *style, struct ph_text *out)
{
    struct ph_xml xml = {.out = out};
    ph_text_add(out, "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n");
    ph_style_qml_element(style, &xml);
}
