#include "audit/census.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/evaluation_table.h"
#include "audit/land_table.h"

void ph_census_add(struct ph_contents_layer *layer, const char *value, const struct ph_box *box, bool more)
{
    size_t i = 0;
    ph_box_add(&layer->extent, box);
    while (i < layer->class_count && value && strcmp(layer->classes[i].value, value) != 0) i++;
    if (value == NULL || i == PH_CONTENTS_CLASSES) return;
    if (i == layer->class_count) layer->classes[layer->class_count++] = (struct ph_contents_class){.value = value, .box = PH_BOX_EMPTY};
    layer->classes[i].rows += !more;
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

static enum ph_status count_parcels(const struct ph_findings_of_run *run, struct ph_contents_layer *layer, struct ph_error *err)
{
    (void)err;
    for (size_t i = 0; i < ph_parcel_count(run->parcels); i++)
        ph_census_add(layer, run->tagging ? ph_tag_name(run->tagging->tag[i]) : NULL, &boxes_of(run)[i], false);
    return PH_OK;
}

static enum ph_status count_topology(const struct ph_findings_of_run *run, struct ph_contents_layer *layer, struct ph_error *err)
{
    (void)err;
    static const struct ph_box nowhere = PH_BOX_EMPTY;
    bool places = strcmp(layer->geometry, "point") == 0;
    const struct ph_topology *found = &run->check->found;
    for (size_t i = 0; i < found->count; i++) {
        const struct ph_topology_finding *f = &found->items[i];
        const struct ph_box place = {f->place.x, f->place.y, f->place.x, f->place.y};
        const struct ph_box *box = places ? &place : f->shape == PH_NO_ROW ? &nowhere : &found->shapes.boxes[f->shape];
        if (!f->hidden && !(places && isnan(f->place.x))) ph_census_add(layer, ph_topology_kind_name(f->kind), box, false);
    }
    return PH_OK;
}

static enum ph_status count_events(const struct ph_findings_of_run *run, struct ph_contents_layer *layer, struct ph_error *err)
{
    (void)err;
    const struct ph_codelist *kinds = ph_codelist_find("ledger_kind");
    for (size_t i = 0; i < run->ledger->t.layer.table.rows; i++) {
        const struct ph_event *e = &run->ledger->events[i];
        if (e->counted && e->parcel != SIZE_MAX) ph_census_add(layer, kinds->codes[e->kind].value, &boxes_of(run)[e->parcel], false);
    }
    return PH_OK;
}

static enum ph_status count_land(const struct ph_findings_of_run *run, struct ph_contents_layer *layer, struct ph_error *err)
{
    bool *counted = calloc(run->enterprises->t.layer.table.rows + 1, sizeof *counted);
    if (counted == NULL) return ph_fail_memory(err);
    for (size_t from = 0, row, parcel; ph_land_next(run->land, run->enterprises, &from, &row, &parcel); counted[row] = true)
        ph_census_add(layer, ph_grade_text(ph_evaluation_of_row(run->evaluation, row)->grade), &boxes_of(run)[parcel], counted[row]);
    free(counted);
    return PH_OK;
}

enum ph_status ph_census_take(const struct ph_findings_of_run *run, struct ph_contents *contents, struct ph_error *err)
{
    static const struct {
        const char *layer;
        enum ph_status (*count)(const struct ph_findings_of_run *, struct ph_contents_layer *, struct ph_error *);
    } counts[] = {{"enterprise_land", count_land}, {"topology", count_topology}, {"topology_places", count_topology},
                  {"parcels", count_parcels},      {"ledger_land", count_events}};
    for (size_t i = 0; i < contents->count; i++)
        for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
            if (strcmp(contents->layers[i].name, counts[k].layer) == 0) PH_TRY(counts[k].count(run, &contents->layers[i], err));
    ph_census_share(contents, ph_contents_layer(contents, "parcels"));
    return PH_OK;
}
