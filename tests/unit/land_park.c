#include "land_park.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

static size_t column(struct ph_table *t, const char *name, enum ph_type type)
{
    size_t at;
    assert_int_equal(ph_table_add_column(t, name, NULL, type, &at, NULL), PH_OK);
    return at;
}

static void make_parcels(struct park *p, const struct park_parcel *parcels, size_t count)
{
    struct ph_table *t = &p->parcels.t.layer.table;
    p->parcels.t.column_of = p->parcel_columns;
    for (size_t f = 0; f < PH_PARCEL_FIELDS; f++) p->parcel_columns[f] = SIZE_MAX;
    p->parcel_columns[PH_PARCEL_ID] = column(t, "parcel_id", PH_TEXT);
    p->parcel_columns[PH_FLOOR_M2] = column(t, "floor_m2", PH_REAL);
    assert_int_equal(ph_table_add_rows(t, count, NULL), PH_OK);
    p->parcels.areas = calloc(count + 1, sizeof *p->parcels.areas);
    p->parcels.checks = calloc(count + 1, sizeof *p->parcels.checks);
    p->enterprises.holding_of_parcel = malloc((count + 1) * sizeof *p->enterprises.holding_of_parcel);
    assert_true(p->parcels.areas && p->parcels.checks && p->enterprises.holding_of_parcel && count <= PARCELS_CAP);
    for (size_t i = 0; i < count; i++) {
        uint64_t *value;
        int added;
        snprintf(p->ids[i], sizeof p->ids[i], "P%zu", i + 1);
        t->columns[0].text[i] = p->ids[i];
        t->columns[1].real[i] = parcels[i].floor > 0 ? parcels[i].floor : NAN;
        p->parcels.areas[i].adopted_dm2 = parcels[i].dm2;
        p->enterprises.holding_of_parcel[i] = SIZE_MAX;
        if (parcels[i].holder)
            assert_int_equal(ph_enterprises_find(&p->enterprises, parcels[i].holder, "", 0, &p->enterprises.holding_of_parcel[i], NULL, NULL), PH_OK);
        assert_int_equal(ph_index_put(&p->by_code, p->ids[i], &value, &added, NULL), PH_OK);
        *value = i;
    }
}

static double measure(double stated)
{
    return stated == 0 ? NAN : stated;
}

static void make_links(struct park *p, const struct park_link *ties, const size_t *order, size_t count)
{
    struct ph_table *t = &p->links.t.layer.table;
    static const struct {
        enum ph_link_field field;
        enum ph_type type;
    } fields[] = {{PH_LNK_PARCEL_ID, PH_TEXT}, {PH_LNK_ENTERPRISE_CODE, PH_TEXT}, {PH_LNK_RELATION, PH_TEXT},
                  {PH_LNK_AREA, PH_REAL},      {PH_LNK_SHARE, PH_REAL},           {PH_LNK_FLOOR, PH_REAL}};
    p->links.t.column_of = p->link_columns;
    for (size_t f = 0; f < PH_LINK_FIELDS; f++) p->link_columns[f] = SIZE_MAX;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) p->link_columns[fields[i].field] = column(t, ph_link_fields.items[fields[i].field].name, fields[i].type);
    assert_int_equal(ph_table_add_rows(t, count, NULL), PH_OK);
    p->links.t.layer.fids = calloc(count + 1, sizeof *p->links.t.layer.fids);
    assert_non_null(p->links.t.layer.fids);
    p->links.source = count ? (struct ph_source *)(void *)p : NULL; /* only asked whether it is there */
    p->links.path = "links.csv";
    for (size_t i = 0; i < count; i++) {
        const struct park_link *tie = &ties[order ? order[i] : i];
        t->columns[0].text[i] = p->ids[tie->parcel - 1];
        t->columns[1].text[i] = tie->code;
        t->columns[2].text[i] = tie->relation;
        t->columns[3].real[i] = measure(tie->area);
        t->columns[4].real[i] = measure(tie->share);
        t->columns[5].real[i] = measure(tie->floor);
        p->links.t.layer.fids[i] = (int64_t)i + 1;
    }
    assert_int_equal(ph_links_join(&p->request, &p->parcels, &p->by_code, &p->enterprises, &p->links, &p->problems, NULL), PH_OK);
}

static void make_roster(struct park *p)
{
    struct ph_table *t = &p->enterprises.t.layer.table;
    p->enterprises.t.column_of = p->enterprise_columns;
    for (size_t f = 0; f < PH_ENTERPRISE_FIELDS; f++) p->enterprise_columns[f] = SIZE_MAX;
    p->enterprise_columns[PH_ENT_NAME] = column(t, "name", PH_TEXT);
    p->enterprises.holding_of_row = malloc((p->enterprises.holding_count + 1) * sizeof *p->enterprises.holding_of_row);
    assert_non_null(p->enterprises.holding_of_row);
    for (size_t h = 0; h < p->enterprises.holding_count; h++) {
        if (p->enterprises.holdings[h].code[0] == 'x') continue;
        p->enterprises.holdings[h].row = t->rows;
        p->enterprises.holding_of_row[t->rows] = h;
        assert_int_equal(ph_table_add_rows(t, 1, NULL), PH_OK);
    }
}

void park_divide(struct park *p, enum ph_land_share mode, const struct park_parcel *parcels, size_t parcel_count, const struct park_link *ties,
                   const size_t *order, size_t tie_count)
{
    memset(p, 0, sizeof *p);
    p->request.land_share = mode;
    make_parcels(p, parcels, parcel_count);
    make_links(p, ties, order, tie_count);
    make_roster(p);
    struct ph_error err = PH_ERROR_INIT;
    assert_int_equal(ph_land_divide(&p->request, &p->parcels, &p->links, &p->enterprises, &p->land, &p->problems, &err), PH_OK);
}

void park_drop(struct park *p)
{
    ph_land_dispose(&p->land);
    ph_problems_dispose(&p->problems);
    ph_index_dispose(&p->by_code);
    ph_table_dispose(&p->parcels.t.layer.table);
    ph_table_dispose(&p->links.t.layer.table);
    ph_table_dispose(&p->enterprises.t.layer.table);
    ph_index_dispose(&p->enterprises.by_code);
    free(p->links.t.layer.fids);
    free(p->links.items);
    free(p->parcels.areas);
    free(p->parcels.checks);
    free(p->enterprises.holdings);
    free(p->enterprises.holding_of_parcel);
    free(p->enterprises.holding_of_row);
}

const struct ph_holding *park_holding(const struct park *p, const char *code)
{
    for (size_t h = 0; h < p->enterprises.holding_count; h++)
        if (strcmp(p->enterprises.holdings[h].code, code) == 0) return &p->enterprises.holdings[h];
    fail_msg("no %s", code);
    return NULL;
}

bool park_has_problem(const struct park *p, const char *code)
{
    for (size_t i = 0; i < p->problems.count; i++)
        if (strcmp(p->problems.items[i].code, code) == 0) return true;
    return false;
}
