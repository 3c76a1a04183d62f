#include "audit/check_table.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "geo/wording.h"

enum { KIND, PARCEL_A, PARCEL_B, FID_A, FID_B, AREA, MU, ELLIPSOID, SHARE, SHARE_A, SHARE_B, REPAIRED, AGAINST, MESSAGE, AREA_COLUMNS };
enum { PLACE_TOPOLOGY, PLACE_KIND, PLACE_PARCEL, PLACE_MESSAGE, PLACE_COLUMNS };

struct column {
    const char *name, *title;
    enum ph_type type;
    const char *codelist;
};

static const struct column area_columns[AREA_COLUMNS] = {
    {"kind", "类型", PH_TEXT, "topology_kind"}, {"parcel_a", "宗地甲", PH_TEXT, NULL},     {"parcel_b", "宗地乙", PH_TEXT, NULL},
    {"fid_a", "宗地甲序号", PH_INT, NULL},      {"fid_b", "宗地乙序号", PH_INT, NULL},     {"area_m2", "面积(㎡)", PH_REAL, NULL},
    {"area_mu", "面积(亩)", PH_REAL, NULL},     {"ellipsoid_m2", "椭球面积(㎡)", PH_REAL, NULL},
    {"share", "占较小宗地", PH_REAL, NULL},     {"share_a", "占宗地甲", PH_REAL, NULL},    {"share_b", "占宗地乙", PH_REAL, NULL},
    {"repaired", "按修复图形", PH_INT, NULL},   {"against", "参照图层", PH_TEXT, NULL},  {"message", "说明", PH_TEXT, NULL},
};

static const struct column place_columns[PLACE_COLUMNS] = {
    {"topology_fid", "拓扑序号", PH_INT, NULL},
    {"kind", "类型", PH_TEXT, "topology_kind"},
    {"parcel_a", "宗地", PH_TEXT, NULL},
    {"message", "说明", PH_TEXT, NULL},
};

struct maker {
    const struct ph_check *check;
    const struct ph_parcels *parcels;
    struct ph_check_table *out;
    struct ph_error *err;
};

static enum ph_status make_columns(struct ph_columns *c, const struct column *columns, size_t count, struct ph_error *err)
{
    for (size_t i = 0; i < count; i++)
        PH_TRY(ph_columns_make(c, columns[i].name, columns[i].title, columns[i].type, columns[i].codelist, NULL, err));
    return PH_OK;
}

static enum ph_status add_text(struct ph_columns *c, size_t column, size_t row, const char *text, struct ph_error *err)
{
    c->made.columns[column].text[row] = ph_table_text(&c->made, text, strlen(text));
    return c->made.columns[column].text[row] ? PH_OK : ph_fail_memory(err);
}

static enum ph_status add_place(const struct maker *m, const struct ph_topology_finding *f, const char *message)
{
    struct ph_columns *c = &m->out->places;
    PH_TRY(ph_table_add_rows(&c->made, 1, m->err));
    size_t row = c->made.rows - 1;
    c->made.columns[PLACE_TOPOLOGY].integer[row] = (int64_t)m->out->areas.made.rows;
    c->made.columns[PLACE_KIND].text[row] = ph_topology_kind_name(f->kind);
    c->made.columns[PLACE_PARCEL].text[row] = ph_parcel_text(m->parcels, PH_PARCEL_ID, f->a);
    PH_TRY(add_text(c, PLACE_MESSAGE, row, message, m->err));
    PH_TRY(ph_shapes_add_point(&m->out->place_shapes, f->place.x, f->place.y, m->err));
    PH_TRY(ph_shapes_end_ring(&m->out->place_shapes, m->err));
    PH_TRY(ph_shapes_end_part(&m->out->place_shapes, m->err));
    return ph_shapes_end_shape(&m->out->place_shapes, m->err);
}

/* What a feature of the reference layer is called in a sentence. */
static void name_against(const struct ph_check *check, size_t row, bool english, char *text, size_t size)
{
    const char *code = ph_check_against_name(check, row);
    int64_t fid = check->against.layer.fids[row];
    if (code && english) snprintf(text, size, "%.120s of the reference layer", code);
    else if (code) snprintf(text, size, "参照图层 %.120s", code);
    else if (english) snprintf(text, size, "feature %" PRId64 " of the reference layer", fid);
    else snprintf(text, size, "参照图层第 %" PRId64 " 号要素", fid);
}

void ph_check_message(const struct ph_check *check, const struct ph_parcels *parcels, size_t finding, bool english, struct ph_text *out)
{
    const struct ph_topology_finding *f = &check->found.items[finding];
    const char *none = english ? "(no code)" : "(无代码)", *a = ph_parcel_text(parcels, PH_PARCEL_ID, f->a), *b = NULL;
    char reference[200];
    if (f->b != PH_NO_ROW && finding >= check->against_from) {
        name_against(check, f->b, english, reference, sizeof reference);
        b = reference;
    } else if (f->b != PH_NO_ROW) {
        b = ph_parcel_text(parcels, PH_PARCEL_ID, f->b);
    }
    ph_topology_message(f, a ? a : none, f->b == PH_NO_ROW ? NULL : b ? b : none, english, out);
}

static enum ph_status add_finding(const struct maker *m, size_t index, struct ph_text *message)
{
    const struct ph_topology_finding *f = &m->check->found.items[index];
    bool against = index >= m->check->against_from;
    struct ph_columns *c = &m->out->areas;
    PH_TRY(ph_table_add_rows(&c->made, 1, m->err));
    size_t row = c->made.rows - 1;
    struct ph_column *columns = c->made.columns;
    const char *a = ph_parcel_text(m->parcels, PH_PARCEL_ID, f->a), *b = NULL;
    if (f->b != PH_NO_ROW) b = against ? ph_check_against_name(m->check, f->b) : ph_parcel_text(m->parcels, PH_PARCEL_ID, f->b);
    columns[KIND].text[row] = ph_topology_kind_name(f->kind);
    columns[PARCEL_A].text[row] = a;
    columns[PARCEL_B].text[row] = b;
    columns[FID_A].integer[row] = (int64_t)f->a + 1;
    if (f->b != PH_NO_ROW) columns[FID_B].integer[row] = against ? m->check->against.layer.fids[f->b] : (int64_t)f->b + 1;
    columns[AREA].real[row] = f->area_m2;
    columns[MU].real[row] = f->area_m2 * 3 / 2000;
    columns[ELLIPSOID].real[row] = f->ellipsoid_m2;
    columns[SHARE].real[row] = fmax(f->share_a, f->share_b);
    columns[SHARE_A].real[row] = f->share_a;
    columns[SHARE_B].real[row] = f->share_b;
    columns[REPAIRED].integer[row] = f->repaired;
    if (against) columns[AGAINST].text[row] = ph_source_facts(m->check->against_source)->layer; /* parcel_b and fid_b are its own */
    ph_text_clear(message);
    ph_check_message(m->check, m->parcels, index, false, message);
    if (message->failed) return ph_fail_memory(m->err);
    PH_TRY(add_text(c, MESSAGE, row, ph_text_get(message), m->err));
    if (!isnan(f->place.x)) PH_TRY(add_place(m, f, ph_text_get(message)));
    if (f->shape == PH_NO_ROW) return ph_shapes_end_shape(&m->out->area_shapes, m->err);
    return ph_shape_copy(&m->check->found.shapes, f->shape, &m->out->area_shapes, m->err);
}

enum ph_status ph_check_table_make(const struct ph_check *check, const struct ph_parcels *parcels, struct ph_check_table *out,
                                   struct ph_error *err)
{
    struct maker m = {check, parcels, out, err};
    PH_TRY(make_columns(&out->areas, area_columns, AREA_COLUMNS, err));
    PH_TRY(make_columns(&out->places, place_columns, PLACE_COLUMNS, err));
    struct ph_text message;
    ph_text_init(&message, 4096);
    enum ph_status status = PH_OK;
    for (size_t i = 0; status == PH_OK && i < check->found.count; i++)
        if (!check->found.items[i].hidden) status = add_finding(&m, i, &message);
    ph_text_dispose(&message);
    ph_columns_settle(&out->areas);
    ph_columns_settle(&out->places);
    return status;
}

void ph_check_table_dispose(struct ph_check_table *table)
{
    ph_columns_dispose(&table->areas);
    ph_columns_dispose(&table->places);
    ph_shapes_dispose(&table->area_shapes);
    ph_shapes_dispose(&table->place_shapes);
}
