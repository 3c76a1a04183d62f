#include "audit/look.h"

#include <stdlib.h>
#include <string.h>

#include "io/style.h"

#define PARCEL_LABEL "coalesce(\"parcel_id\", '') || '\\n' || coalesce(format_number(\"area_mu\", 2), '') || '亩'"
#define QML_CAP ((size_t)8 * 1024 * 1024)

static void look_by_tag(struct ph_style *style, const char *class_value)
{
    style->class_field = "tag";
    style->classes = ph_style_tags;
    style->class_count = PH_STYLE_TAGS;
    for (size_t i = 0; class_value && i < PH_STYLE_TAGS; i++)
        if (strcmp(ph_style_tags[i].value, class_value) == 0) {
            style->classes = &ph_style_tags[i];
            style->class_count = 1;
        }
    style->label_expression = PARCEL_LABEL;
    style->map_tip = "<b>[% \"parcel_id\" %]</b> [% \"holder_name\" %]<br/>[% \"reason\" %]";
}

static void look_plain(struct ph_style *style)
{
    style->label_expression = PARCEL_LABEL;
    style->map_tip = "<b>[% \"parcel_id\" %]</b> [% \"holder_name\" %]";
}

static void look_by_kind(struct ph_style *style)
{
    style->class_field = "kind";
    style->classes = ph_style_topology;
    style->class_count = PH_STYLE_TOPOLOGY;
    style->map_tip = "[% \"message\" %]";
}

enum ph_status ph_look(struct ph_gpkg *gpkg, const struct ph_gpkg_layer *layer, const char *name, const char *class_value,
                       struct ph_error *err)
{
    struct ph_style_field *fields = calloc(layer->column_count + 1, sizeof *fields);
    if (fields == NULL) return ph_fail_memory(err);
    bool tags = false, kinds = false;
    for (size_t i = 0; i < layer->column_count; i++) {
        const struct ph_gpkg_column *column = &layer->columns[i];
        const struct ph_codelist *list = column->codelist ? ph_codelist_find(column->codelist) : NULL;
        fields[i] = (struct ph_style_field){.name = column->name, .title = column->title, .codes = list ? list->codes : NULL,
                                            .code_count = list ? list->count : 0, .read_only = true};
        tags |= strcmp(column->name, "tag") == 0;
        kinds |= column->codelist && strcmp(column->codelist, "topology_kind") == 0;
    }
    struct ph_style style = {.fields = fields, .field_count = layer->column_count,
                             .geometry = layer->shapes == NULL ? "none" : layer->points ? "point" : "polygon"};
    if (layer->shapes && tags)
        look_by_tag(&style, class_value);
    else if (layer->shapes && kinds)
        look_by_kind(&style);
    else if (layer->shapes)
        look_plain(&style);
    struct ph_text qml;
    ph_text_init(&qml, QML_CAP);
    ph_style_qml(&style, &qml);
    enum ph_status status = qml.failed ? ph_fail_memory(err) : ph_gpkg_add_style(gpkg, name, layer->shapes != NULL, "默认", ph_text_get(&qml), err);
    ph_text_dispose(&qml);
    free(fields);
    return status;
}
