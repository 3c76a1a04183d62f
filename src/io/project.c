#include "io/project.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"

static const char *yes_no(bool yes)
{
    return yes ? "1" : "0";
}

static void put_number(struct ph_xml *x, const char *name, double number)
{
    char text[32];
    ph_number_print(text, sizeof text, number);
    ph_xml_text(x, name, text, NULL);
}

static void put_crs(struct ph_xml *x, const struct ph_gpkg_crs *crs)
{
    ph_xml_open(x, "spatialrefsys", NULL);
    ph_xml_text(x, "wkt", crs->wkt, NULL);
    ph_xml_text(x, "proj4", crs->proj, NULL);
    ph_xml_text(x, "authid", crs->code, NULL);
    ph_xml_text(x, "description", crs->name, NULL);
    ph_xml_text(x, "ellipsoidacronym", crs->ellipsoid, NULL);
    ph_xml_text(x, "geographicflag", crs->geographic ? "true" : "false", NULL);
    ph_xml_close(x);
}

/* "./FILE|layername=TABLE" */
static const char *source_of(const struct ph_project *p, const struct ph_project_layer *layer, char out[1024])
{
    snprintf(out, 1024, "./%s|layername=%s", p->file, layer->table);
    return out;
}

/* ---- tree, themes, views ---- */

static void put_tree_layer(struct ph_xml *x, const struct ph_project *p, const struct ph_project_layer *layer)
{
    char source[1024];
    ph_xml_leaf(x, "layer-tree-layer", "id", layer->id, "name", layer->title, "source", source_of(p, layer, source), "providerKey", "ogr",
                "checked", layer->visible ? "Qt::Checked" : "Qt::Unchecked", "expanded", yes_no(layer->visible), NULL);
}

static void put_tree(struct ph_xml *x, const struct ph_project *p)
{
    ph_xml_open(x, "layer-tree-group", NULL);
    for (size_t g = 0; g < p->group_count; g++) {
        bool expanded = false;
        for (size_t i = 0; i < p->layer_count; i++) expanded |= p->layers[i].visible && strcmp(p->layers[i].group, p->groups[g]) == 0;
        ph_xml_open(x, "layer-tree-group", "name", p->groups[g], "checked", "Qt::Checked", "expanded", yes_no(expanded), NULL);
        for (size_t i = 0; i < p->layer_count; i++)
            if (strcmp(p->layers[i].group, p->groups[g]) == 0) put_tree_layer(x, p, &p->layers[i]);
        ph_xml_close(x);
    }
    ph_xml_close(x);
}

static void put_themes(struct ph_xml *x, const struct ph_project *p)
{
    ph_xml_open(x, "visibility-presets", NULL);
    for (size_t i = 0; i < p->theme_count; i++) {
        const struct ph_project_theme *theme = &p->themes[i];
        ph_xml_open(x, "visibility-preset", "name", theme->title, "has-expanded-info", "0", "has-checked-group-info", "0", NULL);
        for (size_t k = 0; k < theme->sight_count; k++)
            ph_xml_leaf(x, "layer", "id", theme->sights[k].layer, "visible", "1", "style", theme->sights[k].style, NULL);
        ph_xml_close(x);
    }
    ph_xml_close(x);
}

static void put_places(struct ph_xml *x, const struct ph_project *p)
{
    ph_xml_open(x, "Bookmarks", NULL);
    for (size_t i = 0; i < p->place_count; i++) {
        const struct ph_box *b = &p->places[i].box;
        const double corners[][2] = {{b->min_x, b->min_y}, {b->max_x, b->min_y}, {b->max_x, b->max_y}, {b->min_x, b->max_y}, {b->min_x, b->min_y}};
        char extent[512] = "POLYGON((", a[32], c[32];
        for (size_t k = 0; k < 5; k++) {
            ph_number_print(a, sizeof a, corners[k][0]);
            ph_number_print(c, sizeof c, corners[k][1]);
            size_t length = strlen(extent);
            snprintf(extent + length, sizeof extent - length, "%s%s %s", k ? ", " : "", a, c);
        }
        strncat(extent, "))", sizeof extent - strlen(extent) - 1);
        char id[48];
        snprintf(id, sizeof id, "panhuo_place_%zu", i + 1);
        ph_xml_open(x, "Bookmark", "id", id, "name", p->places[i].title, "group", p->title, "extent", extent, NULL);
        put_crs(x, &p->crs);
        ph_xml_close(x);
    }
    ph_xml_close(x);
}

/* What is seen when the project opens. */
static void put_canvas(struct ph_xml *x, const struct ph_project *p)
{
    if (p->extent.min_x > p->extent.max_x) return;
    ph_xml_open(x, "mapcanvas", "name", "theMapCanvas", "annotationsVisible", "1", NULL);
    ph_xml_text(x, "units", p->crs.geographic ? "degrees" : "meters", NULL);
    ph_xml_open(x, "extent", NULL);
    put_number(x, "xmin", p->extent.min_x);
    put_number(x, "ymin", p->extent.min_y);
    put_number(x, "xmax", p->extent.max_x);
    put_number(x, "ymax", p->extent.max_y);
    ph_xml_close(x);
    ph_xml_text(x, "rotation", "0", NULL);
    ph_xml_open(x, "destinationsrs", NULL);
    put_crs(x, &p->crs);
    ph_xml_close(x);
    ph_xml_close(x);
}

/* ---- layers and relations ---- */

static void put_style_manager(struct ph_xml *x, const struct ph_project_layer *layer)
{
    ph_xml_open(x, "map-layer-style-manager", "current", layer->styles[0].name, NULL);
    ph_xml_leaf(x, "map-layer-style", "name", layer->styles[0].name, NULL);
    for (size_t i = 1; i < layer->style_count; i++) {
        ph_xml_open(x, "map-layer-style", "name", layer->styles[i].name, NULL);
        ph_style_qml_element(&layer->styles[i].style, x);
        ph_xml_close(x);
    }
    ph_xml_close(x);
}

static void put_layer(struct ph_xml *x, const struct ph_project *p, const struct ph_project_layer *layer)
{
    const struct ph_style *style = &layer->styles[0].style;
    char source[1024];
    ph_xml_open(x, "maplayer", "type", "vector", "styleCategories", "AllStyleCategories", "hasScaleBasedVisibilityFlag", "0", "labelsEnabled",
                ph_style_labels(style), "readOnly", yes_no(layer->read_only), NULL);
    ph_xml_text(x, "id", layer->id, NULL);
    ph_xml_text(x, "datasource", source_of(p, layer, source), NULL);
    ph_xml_text(x, "layername", layer->title, NULL);
    ph_xml_text(x, "provider", "ogr", "encoding", "UTF-8", NULL);
    if (strcmp(style->geometry, "none") != 0) {
        ph_xml_open(x, "srs", NULL);
        put_crs(x, &p->crs);
        ph_xml_close(x);
    }
    put_style_manager(x, layer);
    ph_style_elements(style, x);
    ph_xml_close(x);
}

static void put_relations(struct ph_xml *x, const struct ph_project *p)
{
    ph_xml_open(x, "relations", NULL);
    for (size_t i = 0; i < p->relation_count; i++) {
        const struct ph_project_relation *r = &p->relations[i];
        ph_xml_open(x, "relation", "id", r->id, "name", r->title, "referencingLayer", r->child, "referencedLayer", r->parent, "strength",
                    "Association", NULL);
        ph_xml_leaf(x, "fieldRef", "referencingField", r->child_field, "referencedField", r->parent_field, NULL);
        ph_xml_close(x);
    }
    ph_xml_close(x);
}

/* ---- the document ---- */

static void put_properties(struct ph_xml *x, const struct ph_project *p)
{
    ph_xml_open(x, "properties", NULL);
    ph_xml_open(x, "Paths", NULL);
    ph_xml_text(x, "Absolute", "false", "type", "bool", NULL);
    ph_xml_close(x);
    ph_xml_open(x, "SpatialRefSys", NULL);
    ph_xml_text(x, "ProjectionsEnabled", "1", "type", "int", NULL);
    ph_xml_close(x);
    ph_xml_open(x, "Measure", NULL);
    ph_xml_text(x, "Ellipsoid", p->crs.ellipsoid, "type", "QString", NULL);
    ph_xml_close(x);
    ph_xml_open(x, "Measurement", NULL);
    ph_xml_text(x, "AreaUnits", "m2", "type", "QString", NULL);
    ph_xml_text(x, "DistanceUnits", "meters", "type", "QString", NULL);
    ph_xml_close(x);
    ph_xml_close(x);
}

void ph_project_xml(const struct ph_project *project, struct ph_text *out)
{
    struct ph_xml x = {.out = out};
    ph_text_add(out, "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n");
    ph_xml_open(&x, "qgis", "version", "3.22.0", "projectname", project->title, NULL);
    ph_xml_text(&x, "title", project->title, NULL);
    ph_xml_open(&x, "projectCrs", NULL);
    put_crs(&x, &project->crs);
    ph_xml_close(&x);
    put_tree(&x, project);
    put_relations(&x, project);
    put_canvas(&x, project);
    ph_xml_open(&x, "projectlayers", NULL);
    for (size_t i = 0; i < project->layer_count; i++) put_layer(&x, project, &project->layers[i]);
    ph_xml_close(&x);
    put_properties(&x, project);
    put_themes(&x, project);
    put_places(&x, project);
    ph_xml_open(&x, "Layouts", NULL);
    for (size_t i = 0; i < project->layout_count; i++) ph_layout_xml(&project->layouts[i], &x);
    ph_xml_close(&x);
    ph_xml_close(&x);
}
