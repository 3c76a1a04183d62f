/* A QGIS project (.qgs) over the layers of one GeoPackage, as plain data and as XML. Written for QGIS 3.22 and later;
 * paths are relative to the project, which lies beside the file or inside it. */
#ifndef PH_IO_PROJECT_H
#define PH_IO_PROJECT_H

#include "io/gpkg.h"
#include "io/layout.h"
#include "io/style.h"

/* A style of a layer under its name. */
struct ph_project_style {
    const char *name;
    struct ph_style style;
};

struct ph_project_layer {
    const char *id; /* QGIS keeps ids of more than 10 characters only */
    const char *table, *title;
    const char *group; /* of the layer tree */
    const struct ph_project_style *styles; /* the first is shown */
    size_t style_count;
    bool visible;   /* when the project opens; its group is unfolded then */
    bool read_only; /* a view */
};

struct ph_project_relation {
    const char *id, *title;
    const char *child, *child_field; /* id of the layer, its field that names … */
    const char *parent, *parent_field; /* … the feature by this one */
};

/* Which layers are seen, by which of their styles. */
struct ph_project_theme {
    const char *title;
    struct ph_project_sight {
        const char *layer, *style;
    } sights[4];
    size_t sight_count;
};

struct ph_project_place {
    const char *title;
    struct ph_box box; /* in the project's CRS */
};

struct ph_project {
    const char *title;
    const char *file; /* name of the GeoPackage without its folder */
    struct ph_gpkg_crs crs;
    struct ph_box extent; /* first view; empty (min > max) when nothing has a place */
    const char *const *groups; /* in the order of the tree */
    size_t group_count;
    const struct ph_project_layer *layers; /* in the order of the tree */
    size_t layer_count;
    const struct ph_project_relation *relations;
    size_t relation_count;
    const struct ph_project_theme *themes;
    size_t theme_count;
    const struct ph_project_place *places; /* bookmarks */
    size_t place_count;
    const struct ph_layout *layouts;
    size_t layout_count;
};

/* Appends the document; the same project gives the same bytes. A failure stays in `out`. */
void ph_project_xml(const struct ph_project *project, struct ph_text *out);

#endif
