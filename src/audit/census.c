#include "audit/census.h"

#include <math.h>
#include <string.h>

#include "audit/evaluation_table.h"

void ph_census_add(struct ph_contents_layer *layer, const char *value, const struct ph_box *box)
{
    size_t i = 0;
    ph_box_add(&layer->extent, box);
    while (i < layer->class_count && value && layer->classes[i].value != value && strcmp(layer->classes[i].value, value) != 0) i++;
    if (value == NULL || i == PH_CONTENTS_CLASSES) return;
    if (i == layer->class_count) layer->classes[layer->class_count++] = (struct ph_contents_class){.value = value, .box = PH_BOX_EMPTY};
    layer->classes[i].rows++;
    ph_box_add(&layer->classes[i].box, box);
}

void ph_census_share(struct ph_contents *contents, const struct ph_contents_layer *layer)
{
    for (size_t i = 0; i < contents->count; i++) {
        struct ph_contents_layer *view = &contents->layers[i];
        const struct ph_contents_class *class = view->is_view ? ph_contents_class(layer, view->name) : NULL;
        if (class == NULL) continue;
        view->classes[view->class_count++] = *class;
        view->extent = class->box;
    }
}

static const struct ph_box *boxes_of(const struct ph_findings_of_run *run)
{
    return run->parcels->t.layer.shapes.boxes;
}

static void count_parcels(const struct ph_findings_of_run *run, struct ph_contents_layer *layer)
{
    for (size_t i = 0; i < ph_parcel_count(run->parcels); i++)
        ph_census_add(layer, run->tagging ? ph_tag_name(run->tagging->tag[i]) : NULL, &boxes_of(run)[i]);
}

static void count_topology(const struct ph_findings_of_run *run, struct ph_contents_layer *layer)
{
    static const struct ph_box nowhere = PH_BOX_EMPTY;
    bool places = strcmp(layer->geometry, "point") == 0;
    const struct ph_topology *found = &run->check->found;
    for (size_t i = 0; i < found->count; i++) {
        const struct ph_topology_finding *f = &found->items[i];
        const struct ph_box place = {f->place.x, f->place.y, f->place.x, f->place.y};
        const struct ph_box *box = places ? &place : f->shape == PH_NO_ROW ? &nowhere : &found->shapes.boxes[f->shape];
        if (!f->hidden && !(places && isnan(f->place.x))) ph_census_add(layer, ph_topology_kind_name(f->kind), box);
    }
}

static void count_events(const struct ph_findings_of_run *run, struct ph_contents_layer *layer)
{
    const struct ph_codelist *kinds = ph_codelist_find("ledger_kind");
    for (size_t i = 0; i < run->ledger->t.layer.table.rows; i++) {
        const struct ph_event *e = &run->ledger->events[i];
        if (e->counted && e->parcel != SIZE_MAX) ph_census_add(layer, kinds->codes[e->kind].value, &boxes_of(run)[e->parcel]);
    }
}

static void count_land(const struct ph_findings_of_run *run, struct ph_contents_layer *layer)
{
    const struct ph_land_layer *land = run->land_layer;
    for (size_t i = 0; i < land->bundles.count; i++)
        ph_census_add(layer, ph_grade_text(ph_evaluation_of_row(run->evaluation, land->rows[i])->grade), &land->bundles.boxes[i]);
}

void ph_census_take(const struct ph_findings_of_run *run, struct ph_contents *contents)
{
    static const struct {
        const char *layer;
        void (*count)(const struct ph_findings_of_run *, struct ph_contents_layer *);
    } counts[] = {{"enterprise_land", count_land}, {"topology", count_topology}, {"topology_places", count_topology},
                  {"parcels", count_parcels},      {"ledger_land", count_events}};
    for (size_t i = 0; i < contents->count; i++)
        for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
            if (strcmp(contents->layers[i].name, counts[k].layer) == 0) counts[k].count(run, &contents->layers[i]);
    ph_census_share(contents, ph_contents_layer(contents, "parcels"));
}
