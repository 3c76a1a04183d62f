#include "audit/look.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "audit/form.h"
#include "model/field.h"

#define QML_CAP ((size_t)8 * 1024 * 1024)

const char *const ph_look_names[PH_LOOKS] = {"默认", "底图", "核查表"};

/* A field's text in a map tip, which is HTML. */
#define TIP(field) "[% replace(coalesce(to_string(\"" field "\"), ''), map('&', '&amp;', '<', '&lt;', '>', '&gt;')) %]"

#define EVERY_LABEL 10000 /* scale from which every feature is labelled */
#define PARCEL_NAME "coalesce(\"parcel_id\", '') || ' ' || coalesce(\"holder_name\", '')"
#define PARCEL_LABEL "coalesce(\"parcel_id\", '') || '\\n' || coalesce(format_number(\"area_mu\", 2), '') || '亩'"
#define PARCEL_TIP "<b>" TIP("parcel_id") "</b> " TIP("holder_name")

/* What a layer is drawn by: the first of these that it has the field for. */
static const struct kind {
    const char *field, *codelist; /* codelist NULL: any */
    const struct ph_style_class *classes;
    size_t class_count;
    const char *name, *label;
    int label_scale;
    const char *tip, *last;
} kinds[] = {
    /* From afar only what is not in order has a name. */
    {"tag", NULL, ph_style_tags, PH_STYLE_TAGS, PARCEL_NAME,
     "CASE WHEN @map_scale <= 10000 THEN " PARCEL_LABEL " WHEN \"tag\" <> 'normal' THEN coalesce(\"parcel_name\", \"parcel_id\") END", 25000,
     PARCEL_TIP "<br/>" TIP("reason"), NULL},
    {"kind", "topology_kind", ph_style_topology, PH_STYLE_TOPOLOGY, "coalesce(represent_value(\"kind\"), '') || ' ' || coalesce(\"parcel_a\", '')", NULL, 0,
     TIP("message"), NULL},
    {"kind", "ledger_kind", ph_style_measures, PH_STYLE_MEASURES, "coalesce(\"event_id\", '') || ' ' || coalesce(represent_value(\"kind\"), '')",
     "coalesce(represent_value(\"kind\"), '') || '\\n' || coalesce(to_string(\"date\"), '')", EVERY_LABEL,
     "<b>" TIP("event_id") "</b> " TIP("date") "<br/>" TIP("note"), "\"kind\" NOT IN ('supply', 'complete')"},
    {"grade", NULL, ph_style_grades, PH_STYLE_GRADES, "coalesce(\"name\", \"code\")",
     "coalesce(\"name\", '') || '\\n' || coalesce(\"grade\", '') || ' ' || coalesce(format_number(\"score\", 2), '')", EVERY_LABEL,
     "<b>" TIP("name") "</b> " TIP("code") "<br/>" TIP("grade") " " TIP("score") "<br/>" TIP("response"), NULL},
    {"parcel_id", NULL, NULL, 0, PARCEL_NAME, PARCEL_LABEL, EVERY_LABEL, PARCEL_TIP, NULL},
};

/* Fields whose text needs room. */
#define LONG_FIELDS "reason basis missing alerts message hint evidence arithmetic grade_reason lift"

static const struct ph_style_class background = {.fill = "#f6f6f4", .line = "#9b9b9b"};

static const struct kind *kind_of(const struct ph_contents_layer *layer)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct ph_contents_column *column = ph_contents_column(layer, kinds[i].field);
        if (column == NULL) continue;
        if (kinds[i].codelist == NULL || (column->codelist && strcmp(column->codelist, kinds[i].codelist) == 0)) return &kinds[i];
    }
    return NULL;
}

/* ---- legend ---- */

/* The class that a view shows alone; SIZE_MAX: all. */
static size_t only_class(const struct ph_contents_layer *layer, const struct kind *kind)
{
    for (size_t i = 0; layer->is_view && i < kind->class_count; i++)
        if (strcmp(layer->name, kind->classes[i].value) == 0) return i;
    return SIZE_MAX;
}

/* The classes with the number of features of each. A view that shows one class has that alone. */
static enum ph_status make_legend(const struct ph_contents_layer *layer, const struct kind *kind, struct ph_arena *arena, struct ph_style *out,
                                  struct ph_error *err)
{
    struct ph_style_class *classes = ph_arena_alloc(arena, kind->class_count * sizeof *classes);
    if (classes == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < kind->class_count; i++) {
        char text[256];
        const struct ph_contents_class *found = ph_contents_class(layer, kind->classes[i].value);
        classes[i] = kind->classes[i];
        int n = snprintf(text, sizeof text, "%s（%" PRId64 "）", classes[i].label, found ? found->rows : 0);
        classes[i].label = ph_arena_text(arena, text, (size_t)n);
        if (classes[i].label == NULL) return ph_fail_memory(err);
    }
    size_t only = only_class(layer, kind);
    out->class_field = kind->field;
    out->classes = only == SIZE_MAX ? classes : &classes[only];
    out->class_count = only == SIZE_MAX ? kind->class_count : 1;
    return PH_OK;
}

/* ---- form ---- */

const char *ph_look_relation(struct ph_arena *arena, const char *parent, const char *child)
{
    char text[256];
    int n = snprintf(text, sizeof text, "%s_%s", parent, child);
    return ph_arena_text(arena, text, (size_t)n);
}

/* A field belongs to the people when the source gave it; what the program worked out is not to be edited, nor is a view. */
static bool is_computed(const struct ph_contents_layer *layer, const struct ph_contents_column *column)
{
    static const struct {
        const char *layer;
        const struct ph_fields *fields;
    } given[] = {{"parcels", &ph_parcel_fields}, {"enterprises", &ph_enterprise_fields}, {"ledger", &ph_ledger_fields}};
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        if (strcmp(given[i].layer, layer->name) != 0) continue;
        if (column->title == NULL) return false;
        for (size_t f = 0; f < given[i].fields->count; f++)
            if (strcmp(given[i].fields->items[f].name, column->name) == 0) return false;
    }
    return true;
}

static size_t tab_of(const struct ph_form_tab *tabs, size_t count, const char *field)
{
    size_t rest = 0;
    for (size_t i = 0; i < count; i++) {
        if (ph_form_names(tabs[i].fields, field)) return i;
        if (tabs[i].fields == NULL) rest = i;
    }
    return rest;
}

/* The relations of a tab, in the order in which their tables were written. */
static enum ph_status fill_relations(const struct ph_contents *contents, const struct ph_contents_layer *layer, const char *tables,
                                     struct ph_arena *arena, struct ph_style_tab *out, struct ph_error *err)
{
    const char **ids = ph_arena_alloc(arena, (contents->count + 1) * sizeof *ids);
    if (ids == NULL) return ph_fail_memory(err);
    out->relations = ids;
    for (size_t i = 0; i < contents->count; i++) {
        const struct ph_contents_layer *child = &contents->layers[i];
        if (!ph_form_names(tables, child->name)) continue;
        for (size_t c = 0; c < child->column_count; c++) {
            if (child->columns[c].references == NULL || ph_contents_key(layer, child->columns[c].references) == NULL) continue;
            const char *id = ph_look_relation(arena, layer->name, child->name);
            if (id == NULL) return ph_fail_memory(err);
            ids[out->relation_count++] = id;
            break;
        }
    }
    return PH_OK;
}

/* Tabs that hold nothing are left out. */
static enum ph_status make_form(const struct ph_contents *contents, const struct ph_contents_layer *layer, struct ph_style_field *fields,
                                struct ph_arena *arena, struct ph_style *out, struct ph_error *err)
{
    const struct ph_form_tab *tabs = NULL;
    size_t count = ph_form_tabs(layer->name, &tabs);
    struct ph_style_tab *made = ph_arena_alloc(arena, (count + 1) * sizeof *made);
    if (made == NULL) return ph_fail_memory(err);
    for (size_t t = 0; t < count; t++) {
        struct ph_style_tab *tab = &made[out->tab_count];
        *tab = (struct ph_style_tab){.title = tabs[t].title};
        PH_TRY(fill_relations(contents, layer, tabs[t].relations, arena, tab, err));
        bool used = tab->relation_count > 0;
        for (size_t i = 0; i < layer->column_count; i++) {
            if (tab_of(tabs, count, fields[i].name) != t) continue;
            fields[i].tab = out->tab_count;
            used = true;
        }
        out->tab_count += used;
    }
    out->tabs = made;
    return PH_OK;
}

static enum ph_status make_fields(const struct ph_contents *contents, const struct ph_contents_layer *layer, struct ph_arena *arena,
                                  struct ph_style *out, struct ph_error *err)
{
    struct ph_style_field *fields = ph_arena_alloc(arena, (layer->column_count + 1) * sizeof *fields);
    if (fields == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < layer->column_count; i++) {
        const struct ph_contents_column *column = &layer->columns[i];
        const struct ph_codelist *list = ph_codelist_find(column->codelist);
        fields[i] = (struct ph_style_field){.name = column->name, .title = column->title, .read_only = is_computed(layer, column),
                                            .lines = list == NULL && ph_form_names(LONG_FIELDS, column->name)};
        if (list == NULL) continue;
        fields[i].codes = list->codes;
        fields[i].code_count = list->count;
    }
    out->fields = fields;
    out->field_count = layer->column_count;
    return make_form(contents, layer, fields, arena, out, err);
}

enum ph_status ph_look_make(const struct ph_contents *contents, const struct ph_contents_layer *layer, enum ph_look look,
                            struct ph_arena *arena, struct ph_style *out, struct ph_error *err)
{
    const struct kind *kind = kind_of(layer);
    *out = (struct ph_style){.geometry = layer->geometry};
    PH_TRY(make_fields(contents, layer, arena, out, err));
    if (kind) out->name_expression = kind->name;
    if (kind == NULL || strcmp(layer->geometry, "none") == 0) return PH_OK;
    out->label_expression = kind->label;
    out->label_scale = kind->label_scale;
    out->map_tip = kind->tip;
    out->last = kind->last;
    if (look == PH_LOOK_SHEET) out->last = out->outlined = "coalesce($id = @atlas_featureid, false)";
    if (look != PH_LOOK_PLAIN && kind->classes) return make_legend(layer, kind, arena, out, err);
    if (look == PH_LOOK_PLAIN) {
        out->label_expression = PARCEL_LABEL;
        out->label_scale = EVERY_LABEL / 2;
        out->classes = &background;
        out->class_count = 1;
    }
    return PH_OK;
}

static enum ph_status store(struct ph_gpkg *gpkg, const struct ph_contents *contents, const struct ph_contents_layer *layer, struct ph_text *qml,
                            struct ph_arena *arena, struct ph_error *err)
{
    struct ph_style style;
    PH_TRY(ph_look_make(contents, layer, PH_LOOK_DEFAULT, arena, &style, err));
    ph_text_clear(qml);
    ph_style_qml(&style, qml);
    if (qml->failed) return ph_fail_memory(err);
    return ph_gpkg_add_style(gpkg, layer->name, strcmp(layer->geometry, "none") != 0, ph_look_names[PH_LOOK_DEFAULT], ph_text_get(qml), err);
}

enum ph_status ph_look_store(struct ph_gpkg *gpkg, const struct ph_contents *contents, struct ph_error *err)
{
    struct ph_text qml;
    struct ph_arena arena = {0};
    ph_text_init(&qml, QML_CAP);
    enum ph_status status = PH_OK;
    for (size_t i = 0; status == PH_OK && i < contents->count; i++) status = store(gpkg, contents, &contents->layers[i], &qml, &arena, err);
    ph_arena_dispose(&arena);
    ph_text_dispose(&qml);
    return status;
}
