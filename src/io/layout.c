#include "io/layout.h"

#include <math.h>
#include <stdio.h>

#include "base/number.h"

#define FONT "Noto Sans CJK SC"
#define PAGE_GAP 10 /* mm between pages, as QGIS lays them out */
#define MARGIN 12 /* mm, above and below a table that fills a page */
#define CELL_MARGIN 0.8
#define GRID 0.15
#define QT_LEFT "1"
#define QT_RIGHT "2"
#define QT_CENTRE "4"
#define QT_TOP "32"
#define QT_MIDDLE "128"

#define TYPE_PAGE "65638"
#define TYPE_MAP "65639"
#define TYPE_PICTURE "65640"
#define TYPE_LABEL "65641"
#define TYPE_LEGEND "65642"
#define TYPE_SCALE_BAR "65646"
#define TYPE_FRAME "65647"
#define TYPE_TABLE "65649"

/* One item on its way out. */
struct writer {
    struct ph_xml *x;
    const struct ph_layout *layout;
    size_t number; /* of the item; 0 is the layout itself */
};

static const char *align_of(enum ph_layout_align align)
{
    static const char *const names[] = {QT_LEFT, QT_CENTRE, QT_RIGHT};
    return names[align];
}

/* "a,b,mm" */
static const char *pair(char out[80], double a, double b)
{
    char first[32], second[32];
    ph_number_print(first, sizeof first, a);
    ph_number_print(second, sizeof second, b);
    snprintf(out, 80, "%s,%s,mm", first, second);
    return out;
}

static const char *number(char out[32], double value)
{
    ph_number_print(out, 32, value);
    return out;
}

/* QGIS would change the map's height to fit its extent: the extent is widened instead. */
static struct ph_box fit(struct ph_box box, double width, double height)
{
    double high = box.max_y - box.min_y, wide = box.max_x - box.min_x;
    double more_x = fmax(0, high * width / height - wide) / 2, more_y = fmax(0, wide * height / width - high) / 2;
    return (struct ph_box){box.min_x - more_x, box.min_y - more_y, box.max_x + more_x, box.max_y + more_y};
}

/* Ids are unique in a project, and the same in every run. */
static const char *id_of(char out[128], const struct ph_layout *layout, const char *part, size_t n)
{
    snprintf(out, 128, "{%s-%s-%zu}", layout->name, part, n);
    return out;
}

static const char *map_id(char out[128], const struct ph_layout *layout)
{
    return id_of(out, layout, "map", 0);
}

static void put_colour(struct ph_xml *x, const char *name, const char *colour)
{
    unsigned red = 255, green = 255, blue = 255;
    char text[3][16];
    if (colour) sscanf(colour, "#%2x%2x%2x", &red, &green, &blue);
    snprintf(text[0], sizeof text[0], "%u", red);
    snprintf(text[1], sizeof text[1], "%u", green);
    snprintf(text[2], sizeof text[2], "%u", blue);
    ph_xml_leaf(x, name, "red", text[0], "green", text[1], "blue", text[2], "alpha", "255", NULL);
}

static void put_font(struct ph_xml *x, const char *name, double points, bool bold)
{
    char size[32], description[96];
    snprintf(description, sizeof description, FONT ",%s,-1,5,%d,0,0,0,0,0", number(size, points), bold ? 75 : 50);
    ph_xml_leaf(x, name, "description", description, "style", bold ? "Bold" : "", NULL);
}

static void put_text_format(struct ph_xml *x, double points, bool bold)
{
    char size[32];
    ph_xml_leaf(x, "text-style", "fontFamily", FONT, "namedStyle", bold ? "Bold" : "", "fontWeight", bold ? "75" : "50", "fontSize",
                number(size, points), "fontSizeUnit", "Point", "textColor", "0,0,0,255", "textOpacity", "1", NULL);
}

/* Begins an item with what all items have; those that come later lie above. */
static void open_item(const struct writer *w, const struct ph_layout_item *item, const char *type, const char *uuid)
{
    char position[80], size[80], z[24];
    snprintf(z, sizeof z, "%zu", w->number);
    ph_xml_open(w->x, "LayoutItem", "type", type, "uuid", uuid, "templateUuid", uuid, "zValue", z, "position", pair(position, item->x, item->y),
                "size", pair(size, item->width, item->height), "referencePoint", "0", "visibility", "1", "opacity", "1", "frame",
                item->framed ? "true" : "false", "outlineWidthM", "0.2,mm", "frameJoinStyle", "miter", "background",
                item->fill ? "true" : "false", NULL);
}

static void put_colours(struct ph_xml *x, const struct ph_layout_item *item)
{
    put_colour(x, "FrameColor", "#000000");
    put_colour(x, "BackgroundColor", item->fill);
}

static void put_label(const struct writer *w, const struct ph_layout_item *item)
{
    char uuid[128];
    open_item(w, item, TYPE_LABEL, id_of(uuid, w->layout, "item", w->number));
    ph_xml_attributes(w->x, "labelText", item->text, "htmlState", "0",
                "marginX", item->framed ? "1" : "0", "marginY", item->top ? "1" : "0", "halign", align_of(item->align), "valign",
                item->top ? QT_TOP : QT_MIDDLE, NULL);
    put_colours(w->x, item);
    put_font(w->x, "LabelFont", item->points, item->bold);
    put_colour(w->x, "FontColor", "#000000");
    ph_xml_close(w->x);
}

/* Crosses at a round distance that is 40 to 80 mm on the page; numbers at the left and below. */
static void put_grid(const struct writer *w)
{
    ph_xml_open(w->x, "ComposerMapGrid", "name", "坐标网", "uuid", "{panhuo-grid}", "show", "1", "position", "3", "unit", "3", "minimumIntervalWidth",
                "40", "maximumIntervalWidth", "80", "gridStyle", "1", "crossLength", "2", "gridFrameStyle", "2", "gridFrameWidth", "1.5",
                "gridFrameSideFlags", "15", "gridFramePenThickness", "0.2", "gridFramePenColor", "0,0,0,255", "showAnnotation", "1",
                "annotationFormat", "0", "annotationPrecision", w->layout->geographic ? "4" : "0", "frameAnnotationDistance", "0.8", NULL);
    ph_xml_attributes(w->x, "leftAnnotationDisplay", "0", "leftAnnotationPosition", "1", "leftAnnotationDirection", "1", "bottomAnnotationDisplay",
                      "0", "bottomAnnotationPosition", "1", "bottomAnnotationDirection", "0", "rightAnnotationDisplay", "3",
                      "topAnnotationDisplay", "3", NULL);
    put_text_format(w->x, 6, false);
    ph_xml_close(w->x);
}

static void put_map(const struct writer *w, const struct ph_layout_item *item)
{
    char uuid[128], edges[4][32];
    struct ph_box e = fit(w->layout->extent, item->width, item->height);
    open_item(w, item, TYPE_MAP, map_id(uuid, w->layout));
    ph_xml_attributes(w->x, "id", "地图", "followPreset", "true",
                "followPresetName", w->layout->theme, "keepLayerSet", "false", "mapRotation", "0", "drawCanvasItems", "true", NULL);
    put_colours(w->x, item);
    ph_xml_leaf(w->x, "Extent", "xmin", number(edges[0], e.min_x), "ymin", number(edges[1], e.min_y), "xmax", number(edges[2], e.max_x),
                "ymax", number(edges[3], e.max_y), NULL);
    if (item->grid) put_grid(w);
    /* scalingMode 2: the sheet's feature with a margin, as a share of its size */
    ph_xml_leaf(w->x, "AtlasMap", "atlasDriven", w->layout->coverage ? "1" : "0", "scalingMode", "2", "margin", "0.6", NULL);
    ph_xml_close(w->x);
}

static void put_scale_bar(const struct writer *w, const struct ph_layout_item *item)
{
    char uuid[128], map[128], most[32], least[32];
    /* segmentSizeMode 1: a round length that fits */
    open_item(w, item, TYPE_SCALE_BAR, id_of(uuid, w->layout, "item", w->number));
    ph_xml_attributes(w->x, "mapUuid", map_id(map, w->layout),
                "style", "Single Box", "unitType", "meters", "unitLabel", "米", "numMapUnitsPerScaleBarUnit", "1", "numSegments", "2",
                "numSegmentsLeft", "0", "segmentSizeMode", "1", "minBarWidth", number(least, item->width / 3), "maxBarWidth",
                number(most, item->width - 12), "height", "2", "labelBarSpace", "1", "boxContentSpace", "1", "alignment", "0", "outlineWidth", "0.2", NULL);
    put_colours(w->x, item);
    put_text_format(w->x, item->points, false);
    ph_xml_close(w->x);
}

static void put_north(const struct writer *w, const struct ph_layout_item *item)
{
    char uuid[128], map[128];
    open_item(w, item, TYPE_PICTURE, id_of(uuid, w->layout, "item", w->number));
    ph_xml_attributes(w->x, "mapUuid", map_id(map, w->layout), "file",
                ":/images/north_arrows/layout_default_north_arrow.svg", "mode", "0", "resizeMode", "0", "anchorPoint", "4", "northMode", "0",
                "svgFillColor", "0,0,0,255", "svgBorderColor", "0,0,0,255", "svgBorderWidth", "0.2", NULL);
    put_colours(w->x, item);
    ph_xml_close(w->x);
}

static void put_legend_fonts(const struct writer *w, const struct ph_layout_item *item)
{
    static const char *const names[] = {"title", "group", "subgroup", "symbol", "symbolLabel"};
    ph_xml_open(w->x, "styles", NULL);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ph_xml_open(w->x, "style", "name", names[i], "alignment", "1", i ? "marginTop" : "marginBottom", i == 3 ? "1.2" : "2", i == 4 ? "marginLeft" : NULL, "2", NULL);
        put_font(w->x, "styleFont", i == 0 ? item->points + 2 : item->points, i == 0);
        ph_xml_close(w->x);
    }
    ph_xml_close(w->x);
}

/* Not linked to the map: it shows the layers as they are, without what stands out on one sheet. */
static void put_legend(const struct writer *w, const struct ph_layout_item *item)
{
    char uuid[128];
    open_item(w, item, TYPE_LEGEND, id_of(uuid, w->layout, "item", w->number));
    ph_xml_attributes(w->x, "title", item->text, "titleAlignment", "1", "resizeToContents", "1", "columnCount", item->columns > 1 ? "2" : "1", "splitLayer", "1", "symbolWidth", "8", "symbolHeight", "4.5",
                "boxSpace", "2", "columnSpace", "2", "symbolAlignment", "1", "fontColor", "#000000", NULL);
    put_colours(w->x, item);
    put_legend_fonts(w, item);
    ph_xml_open(w->x, "layer-tree-group", NULL);
    for (size_t i = 0; i < item->entry_count; i++) {
        ph_xml_open(w->x, "layer-tree-layer", "id", item->entries[i].layer, "name", item->entries[i].heading, "checked", "Qt::Checked",
                    "expanded", "1", NULL);
        ph_xml_open(w->x, "customproperties", NULL);
        ph_xml_option_map(w->x, NULL);
        ph_xml_option(w->x, "cached_name", item->entries[i].heading);
        ph_xml_option(w->x, "legend/title-label", item->entries[i].heading);
        if (*item->entries[i].heading == '\0') ph_xml_option(w->x, "legend/title-style", "hidden");
        for (size_t k = 0; k < 3; k++) ph_xml_close(w->x);
    }
    ph_xml_close(w->x);
    ph_xml_close(w->x);
}

/* ---- tables ---- */

static void put_frame(const struct writer *w, const struct ph_layout_item *item, const char *table, size_t n)
{
    char uuid[128];
    open_item(w, item, TYPE_FRAME, id_of(uuid, w->layout, "frame", 100 * w->number + n));
    ph_xml_attributes(w->x, "multiFrame", table, "multiFrameTemplateUuid",
                table, "hidePageIfEmpty", n ? "1" : "0", "hideBackgroundIfEmpty", n ? "1" : "0", NULL);
    put_colours(w->x, item);
    ph_xml_close(w->x);
}

static void put_columns(struct ph_xml *x, const struct ph_layout_table *table)
{
    char width[32];
    ph_xml_open(x, "displayColumns", NULL);
    for (size_t i = 0; i < table->column_count; i++) {
        const struct ph_layout_column *c = &table->columns[i];
        ph_xml_leaf(x, "column", "attribute", c->expression, "heading", c->heading, "width", number(width, c->width - 2 * CELL_MARGIN - GRID), "hAlignment",
                    align_of(c->align), "vAlignment", QT_MIDDLE, NULL);
    }
    ph_xml_close(x);
    ph_xml_open(x, "sortColumns", NULL);
    if (table->order) ph_xml_leaf(x, "column", "attribute", table->order, "sortOrder", "0", "hAlignment", QT_LEFT, "vAlignment", QT_MIDDLE, NULL);
    ph_xml_close(x);
}

static void put_table(const struct writer *w, const struct ph_layout_item *item)
{
    const struct ph_layout_table *table = item->table;
    char uuid[128], frame[128], margin[32], grid[32];
    id_of(uuid, w->layout, "table", w->number);
    put_frame(w, item, uuid, 0);
    for (size_t i = 1; i <= table->more_pages; i++) {
        struct ph_layout_item rest = *item;
        rest.y = (double)i * (w->layout->height + PAGE_GAP) + MARGIN;
        rest.height = w->layout->height - 2 * MARGIN;
        put_frame(w, &rest, uuid, i);
    }
    ph_xml_open(w->x, "LayoutMultiFrame", "type", TYPE_TABLE, "uuid", uuid, "templateUuid", uuid, "resizeMode", "0", "source",
                table->relation ? "2" : "0", "vectorLayer", table->layer, "relationId", table->relation, "filterFeatures",
                table->condition ? "true" : "false", "featureFilter", table->condition, "maxFeatures", "1000", "wrapBehavior", "1",
                "cellMargin", number(margin, CELL_MARGIN), "showGrid", "1", "horizontalGrid", "1", "verticalGrid", "1", "gridStrokeWidth",
                number(grid, GRID), "gridColor",
                "0,0,0,255", "headerMode", "1", "headerHAlignment", "1", "emptyTableMode", "0", "backgroundColor", "255,255,255,255", NULL);
    for (size_t i = 0; i <= table->more_pages; i++) {
        id_of(frame, w->layout, "frame", 100 * w->number + i);
        ph_xml_leaf(w->x, "childFrame", "uuid", frame, "templateUuid", frame, NULL);
    }
    ph_xml_open(w->x, "headerTextFormat", NULL);
    put_text_format(w->x, item->points, true);
    ph_xml_close(w->x);
    ph_xml_open(w->x, "contentTextFormat", NULL);
    put_text_format(w->x, item->points, false);
    ph_xml_close(w->x);
    put_columns(w->x, table);
    ph_xml_close(w->x);
}

/* ---- the layout ---- */

static void put_item(const struct writer *w, const struct ph_layout_item *item)
{
    static void (*const put[])(const struct writer *, const struct ph_layout_item *) = {
        [PH_LAYOUT_LABEL] = put_label,         [PH_LAYOUT_MAP] = put_map,     [PH_LAYOUT_LEGEND] = put_legend,
        [PH_LAYOUT_SCALE_BAR] = put_scale_bar, [PH_LAYOUT_NORTH] = put_north, [PH_LAYOUT_TABLE] = put_table,
    };
    put[item->kind](w, item);
}

static void put_pages(const struct writer *w)
{
    size_t pages = 1;
    for (size_t i = 0; i < w->layout->item_count; i++)
        if (w->layout->items[i].table && w->layout->items[i].table->more_pages >= pages) pages = w->layout->items[i].table->more_pages + 1;
    ph_xml_open(w->x, "PageCollection", NULL);
    for (size_t i = 0; i < pages; i++) {
        char uuid[128], position[80], size[80];
        id_of(uuid, w->layout, "page", i + 1);
        ph_xml_leaf(w->x, "LayoutItem", "type", TYPE_PAGE, "uuid", uuid, "templateUuid", uuid, "position",
                    pair(position, 0, (double)i * (w->layout->height + PAGE_GAP)), "size", pair(size, w->layout->width, w->layout->height),
                    "visibility", "1", "background", "true", "frame", "false", NULL);
    }
    ph_xml_close(w->x);
}

void ph_layout_xml(const struct ph_layout *layout, struct ph_xml *xml)
{
    struct writer w = {xml, layout, 0};
    ph_xml_open(xml, "Layout", "name", layout->name, "units", "mm", "printResolution", "300", NULL);
    put_pages(&w);
    for (w.number = 1; w.number <= layout->item_count; w.number++) put_item(&w, &layout->items[w.number - 1]);
    if (layout->coverage)
        ph_xml_leaf(xml, "Atlas", "enabled", "1", "coverageLayer", layout->coverage, "hideCoverage", "0", "filterFeatures", "1", "featureFilter",
                    layout->condition, "sortFeatures", "1", "sortAscending", "1", "sortKey", layout->order, "pageNameExpression",
                    layout->page_name, "filenamePattern", layout->file_name, NULL);
    else
        ph_xml_leaf(xml, "Atlas", "enabled", "0", NULL);
    ph_xml_close(xml);
}
