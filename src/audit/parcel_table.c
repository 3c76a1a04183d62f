#include "audit/parcel_table.h"

#include <math.h>

#include "audit/evaluation_table.h"
#include "base/number.h"

static const char *basis_name(enum ph_area_basis basis)
{
    switch (basis) {
    case PH_BASIS_REGISTERED: return "registered";
    case PH_BASIS_ELLIPSOID: return "ellipsoid";
    case PH_BASIS_PLANE: return "plane";
    default: return NULL;
    }
}

/* The areas of the parcels as columns. */
static enum ph_status make_area_columns(struct ph_columns *c, const struct ph_parcels *p, struct ph_error *err)
{
    enum { ELLIPSOID, PLANE, AREA, MU, DIFF, PPM, COUNT };
    static const struct {
        const char *name, *title;
    } names[COUNT] = {{"ellipsoid_m2", "椭球面积(㎡)"}, {"plane_m2", "平面面积(㎡)"},       {"area_m2", "采用面积(㎡)"},
                      {"area_mu", "采用面积(亩)"},      {"area_diff_m2", "面积差(㎡)"},     {"area_diff_ppm", "面积差(百万分比)"}};
    size_t at[COUNT], basis;
    for (size_t i = 0; i < COUNT; i++) PH_TRY(ph_columns_make(c, names[i].name, names[i].title, PH_REAL, NULL, &at[i], err));
    PH_TRY(ph_columns_make(c, "area_basis", "面积依据", PH_TEXT, "area_basis", &basis, err));
    struct ph_column *columns = c->made.columns;
    for (size_t row = 0; row < c->made.rows; row++) {
        const struct ph_areas *a = &p->areas[c->first + row];
        columns[at[ELLIPSOID]].real[row] = a->ellipsoid_m2;
        columns[at[PLANE]].real[row] = a->plane_m2;
        columns[at[AREA]].real[row] = a->adopted_dm2 == INT64_MIN ? NAN : (double)a->adopted_dm2 / 100;
        columns[at[MU]].real[row] = ph_mu_from_dm2(a->adopted_dm2);
        columns[at[DIFF]].real[row] = a->diff_m2;
        columns[at[PPM]].real[row] = a->diff_ppm;
        columns[basis].text[row] = basis_name(a->basis);
    }
    return PH_OK;
}

/* The source, where there are several, and its own feature id, by which problems name a row; a source alone that has a column
 * `fid` gives that instead. */
static enum ph_status add_origin(struct ph_columns *c, const struct ph_parcels *p, struct ph_error *err)
{
    const struct ph_fielded *t = &p->t;
    size_t source;
    if (p->part_count > 1) {
        PH_TRY(ph_columns_make(c, "source", "来源", PH_TEXT, NULL, &source, err));
        for (size_t row = 0; row < c->made.rows; row++) c->made.columns[source].text[row] = ph_parcel_part(p, c->first + row)->label;
    }
    for (size_t i = 0; p->part_count == 1 && i < t->carried_count; i++)
        if (ph_text_compare_nocase(t->layer.table.columns[t->carried[i]].name, "fid") == 0) return PH_OK;
    size_t made;
    PH_TRY(ph_columns_make(c, "src_fid", "源要素号", PH_INT, NULL, &made, err));
    for (size_t row = 0; row < c->made.rows; row++) c->made.columns[made].integer[row] = t->layer.fids[c->first + row];
    return PH_OK;
}

static enum ph_status add_tags(struct ph_columns *c, const struct ph_table *tags, struct ph_error *err)
{
    for (size_t i = 0; i < PH_TAGS_COLUMNS; i++) {
        const struct ph_column *column = &tags->columns[i];
        PH_TRY(ph_columns_add(c, column->name, column->title, column->type, column, i == PH_TAGS_TAG ? "tag" : NULL, err));
        c->items[c->count - 1].first = c->first;
    }
    return PH_OK;
}

enum ph_status ph_parcel_table_make(const struct ph_parcels *parcels, const struct ph_table *tags, const struct ph_evaluation *evaluation,
                                    size_t from, size_t to, struct ph_columns *c, struct ph_error *err)
{
    c->first = from;
    PH_TRY(ph_table_add_rows(&c->made, to - from, err));
    PH_TRY(ph_columns_add_fields(c, &parcels->t, err));
    PH_TRY(make_area_columns(c, parcels, err));
    if (tags) PH_TRY(add_tags(c, tags, err));
    if (evaluation) PH_TRY(ph_evaluation_add_parcel_columns(evaluation, c, err));
    PH_TRY(add_origin(c, parcels, err));
    return ph_columns_add_carried(c, &parcels->t, err);
}

enum ph_status ph_finding_table_make(const struct ph_table *findings, struct ph_columns *c, struct ph_error *err)
{
    static const char *const lists[PH_FINDING_COLUMNS] = {[PH_FINDING_TAG] = "rule_tag", [PH_FINDING_OUTCOME] = "outcome"};
    for (size_t i = 0; i < findings->column_count; i++) {
        const struct ph_column *column = &findings->columns[i];
        PH_TRY(ph_columns_add(c, column->name, column->title, column->type, column, lists[i], err));
    }
    c->items[PH_FINDING_PARCEL_FID].references = "parcels(fid)";
    return PH_OK;
}
