#include "audit/project.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "audit/form.h"
#include "audit/look.h"
#include "audit/printout.h"
#include "io/project.h"

#define PROJECT_CAP ((size_t)64 * 1024 * 1024)
#define EDGE 0.05 /* of an extent, left free around it, and a tenth of that of the whole */

enum group { TOPOLOGY, ENTERPRISES, AUDIT, TABLES, GROUPS };

/* From top to bottom, as layers are drawn: what is found lies above the parcels. A layer that is not named here comes last in
 * its group, a table among the tables. */
static const struct {
    const char *title, *layers;
} groups[GROUPS] = {
    [TOPOLOGY] = {"拓扑", "topology_places topology"},
    [ENTERPRISES] = {"企业", "enterprise_land enterprises enterprise_parcels score_terms"},
    [AUDIT] = {"审计", "idle low_efficiency approved_unsupplied unverified ledger_land parcels"},
    [TABLES] = {"表", "findings ledger totals rules rule_names problems run"},
};

/* A theme is there when its first layer has the field; its other layers where they are. */
static const struct {
    const char *title, *field;
    struct {
        const char *layer;
        enum ph_look look;
    } sights[4];
} themes[] = {
    {"三类土地", "tag", {{"parcels", PH_LOOK_DEFAULT}}},
    {"亩均评价", "grade", {{"enterprise_land", PH_LOOK_DEFAULT}, {"parcels", PH_LOOK_PLAIN}}},
    {"盘活", "kind", {{"ledger_land", PH_LOOK_DEFAULT}, {"parcels", PH_LOOK_PLAIN}}},
    {"几何问题", "kind", {{"topology_places", PH_LOOK_DEFAULT}, {"topology", PH_LOOK_DEFAULT}, {"parcels", PH_LOOK_PLAIN}}},
    {PH_PRINTOUT_THEME, "tag", {{"parcels", PH_LOOK_SHEET}}},
};
#define THEMES (sizeof themes / sizeof *themes)

/* A project under construction; everything it points to lies in the arena. */
struct draft {
    const struct ph_contents *contents;
    struct ph_arena arena;
    struct ph_project project;
    struct ph_error *err;
};

static void *take(struct draft *d, size_t count, size_t size)
{
    void *items = ph_arena_alloc(&d->arena, (count + 1) * size);
    if (items) memset(items, 0, (count + 1) * size);
    else (void)ph_fail_memory(d->err);
    return items;
}

static const char *layer_id(struct draft *d, const char *table)
{
    char text[256];
    int n = snprintf(text, sizeof text, PH_PRINTOUT_LAYER "%s", table);
    return ph_arena_text(&d->arena, text, (size_t)n);
}

/* ---- layers ---- */

static enum group group_of(const struct ph_contents_layer *layer)
{
    for (enum group g = 0; g < GROUPS; g++)
        if (ph_form_names(groups[g].layers, layer->name)) return g;
    return strcmp(layer->geometry, "none") == 0 ? TABLES : AUDIT;
}

/* Parcels have a style for each use; sheets are for tags. */
static enum ph_status add_styles(struct draft *d, const struct ph_contents_layer *layer, struct ph_project_layer *out)
{
    size_t count = strcmp(layer->name, "parcels") != 0 ? 1 : ph_contents_column(layer, "tag") ? PH_LOOKS : PH_LOOK_SHEET;
    struct ph_project_style *styles = take(d, count, sizeof *styles);
    if (styles == NULL) return PH_E_MEMORY;
    for (size_t i = 0; i < count; i++) {
        styles[i].name = ph_look_names[i];
        PH_TRY(ph_look_make(d->contents, layer, (enum ph_look)i, &d->arena, &styles[i].style, d->err));
    }
    out->styles = styles;
    out->style_count = count;
    return PH_OK;
}

static enum ph_status add_layer(struct draft *d, const struct ph_contents_layer *layer, struct ph_project_layer *layers)
{
    struct ph_project_layer *out = &layers[d->project.layer_count++];
    *out = (struct ph_project_layer){.id = layer_id(d, layer->name), .table = layer->name, .title = layer->title,
                                     .group = groups[group_of(layer)].title, .visible = strcmp(layer->name, "parcels") == 0,
                                     .read_only = layer->is_view};
    if (out->id == NULL) return ph_fail_memory(d->err);
    return add_styles(d, layer, out);
}

static enum ph_status add_layers(struct draft *d)
{
    const struct ph_contents *c = d->contents;
    struct ph_project_layer *layers = take(d, c->count, sizeof *layers);
    const char **titles = take(d, GROUPS, sizeof *titles);
    if (layers == NULL || titles == NULL) return PH_E_MEMORY;
    d->project.layers = layers;
    d->project.groups = titles;
    for (enum group g = 0; g < GROUPS; g++) {
        size_t before = d->project.layer_count;
        for (const char *at = groups[g].layers; *at; at += strcspn(at, " "), at += *at == ' ')
            for (size_t i = 0; i < c->count; i++)
                if (strcspn(at, " ") == strlen(c->layers[i].name) && strncmp(at, c->layers[i].name, strlen(c->layers[i].name)) == 0)
                    PH_TRY(add_layer(d, &c->layers[i], layers));
        for (size_t i = 0; i < c->count; i++)
            if (group_of(&c->layers[i]) == g && !ph_form_names(groups[g].layers, c->layers[i].name)) PH_TRY(add_layer(d, &c->layers[i], layers));
        if (d->project.layer_count > before) titles[d->project.group_count++] = groups[g].title;
    }
    return PH_OK;
}

/* ---- relations and themes ---- */

/* The relations that a column's reference makes: to the table it names, and to a layer that draws that table's rows. */
static enum ph_status add_relations_of(struct draft *d, const struct ph_contents_layer *child, const struct ph_contents_column *column,
                                       struct ph_project_relation *relations)
{
    for (size_t i = 0; i < d->contents->count; i++) {
        const struct ph_contents_layer *parent = &d->contents->layers[i];
        const char *key = ph_contents_key(parent, column->references);
        if (key == NULL) continue;
        struct ph_project_relation *r = &relations[d->project.relation_count++];
        *r = (struct ph_project_relation){ph_look_relation(&d->arena, parent->name, child->name), child->title, layer_id(d, child->name),
                                          column->name, layer_id(d, parent->name), key};
        if (r->id == NULL || r->child == NULL || r->parent == NULL) return ph_fail_memory(d->err);
    }
    return PH_OK;
}

static enum ph_status add_relations(struct draft *d)
{
    const struct ph_contents *c = d->contents;
    size_t most = 0;
    for (size_t i = 0; i < c->count; i++)
        for (size_t k = 0; k < c->layers[i].column_count; k++)
            if (c->layers[i].columns[k].references) most += 2;
    struct ph_project_relation *relations = take(d, most, sizeof *relations);
    if (relations == NULL) return PH_E_MEMORY;
    d->project.relations = relations;
    for (size_t i = 0; i < c->count; i++)
        for (size_t k = 0; k < c->layers[i].column_count; k++)
            if (c->layers[i].columns[k].references) PH_TRY(add_relations_of(d, &c->layers[i], &c->layers[i].columns[k], relations));
    return PH_OK;
}

static enum ph_status add_themes(struct draft *d)
{
    struct ph_project_theme *out = take(d, THEMES, sizeof *out);
    if (out == NULL) return PH_E_MEMORY;
    d->project.themes = out;
    for (size_t i = 0; i < THEMES; i++) {
        if (ph_contents_column(ph_contents_layer(d->contents, themes[i].sights[0].layer), themes[i].field) == NULL) continue;
        struct ph_project_theme *theme = &out[d->project.theme_count++];
        theme->title = themes[i].title;
        for (size_t k = 0; k < 4 && themes[i].sights[k].layer; k++) {
            if (ph_contents_layer(d->contents, themes[i].sights[k].layer) == NULL) continue;
            struct ph_project_sight *sight = &theme->sights[theme->sight_count++];
            *sight = (struct ph_project_sight){layer_id(d, themes[i].sights[k].layer), ph_look_names[themes[i].sights[k].look]};
            if (sight->layer == NULL) return ph_fail_memory(d->err);
        }
    }
    return PH_OK;
}

/* ---- places ---- */

/* A little room around. */
static void add_edge(const struct ph_box *whole, struct ph_box *box)
{
    double edge = EDGE * fmax(fmax(box->max_x - box->min_x, box->max_y - box->min_y), (whole->max_x - whole->min_x) / 10);
    *box = (struct ph_box){box->min_x - edge, box->min_y - edge, box->max_x + edge, box->max_y + edge};
}

static void add_place(struct draft *d, const char *title, const char *layer, struct ph_project_place *places)
{
    struct ph_project_place *place = &places[d->project.place_count];
    place->title = title;
    place->box = ph_contents_layer(d->contents, layer)->extent;
    if (place->box.min_x > place->box.max_x) return; /* no row has a place */
    add_edge(&d->project.extent, &place->box);
    d->project.place_count++;
}

/* A bookmark for the whole and for each other layer that has features. */
static enum ph_status add_places(struct draft *d)
{
    struct ph_project_place *places = take(d, d->project.layer_count, sizeof *places);
    if (places == NULL) return PH_E_MEMORY;
    d->project.places = places;
    d->project.extent = (struct ph_box)PH_BOX_EMPTY;
    add_place(d, "全园", "parcels", places);
    if (d->project.place_count) d->project.extent = places[0].box;
    for (size_t i = 0; i < d->project.layer_count; i++) {
        const struct ph_project_layer *layer = &d->project.layers[i];
        if (layer->visible || strcmp(layer->styles[0].style.geometry, "none") == 0) continue;
        add_place(d, layer->title, layer->table, places);
    }
    return PH_OK;
}

/* ---- the project ---- */

static enum ph_status make(struct draft *d, const struct ph_gpkg *gpkg, const char *path)
{
    const char *slash = strrchr(path, '/');
    bool tagged = ph_contents_column(ph_contents_layer(d->contents, "parcels"), "tag") != NULL;
    d->project.title = tagged ? "盘活审计" : "图形检查";
    d->project.file = slash ? slash + 1 : path;
    PH_TRY(ph_gpkg_crs(gpkg, &d->arena, &d->project.crs, d->err));
    PH_TRY(add_layers(d));
    PH_TRY(add_relations(d));
    PH_TRY(add_themes(d));
    PH_TRY(add_places(d));
    return tagged ? ph_printouts_make(&d->project.extent, d->project.crs.geographic, &d->arena, &d->project.layouts, &d->project.layout_count, d->err) : PH_OK;
}

enum ph_status ph_project_store(struct ph_gpkg *gpkg, const struct ph_contents *contents, const char *path, struct ph_error *err)
{
    struct draft d = {.contents = contents, .err = err};
    struct ph_text document;
    ph_text_init(&document, PROJECT_CAP);
    enum ph_status status = make(&d, gpkg, path);
    if (status == PH_OK) ph_project_xml(&d.project, &document);
    if (status == PH_OK && document.failed) status = ph_fail_memory(err);
    if (status == PH_OK) status = ph_gpkg_add_project(gpkg, d.project.title, (struct ph_str){document.at, document.length}, err);
    ph_text_dispose(&document);
    ph_arena_dispose(&d.arena);
    return status;
}
