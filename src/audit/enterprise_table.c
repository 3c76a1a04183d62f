#include "audit/enterprise_table.h"

#include "audit/evaluation_table.h"

#include <math.h>

#include "base/number.h"

static const struct {
    const char *name, *title;
    enum ph_enterprise_field field;
} per_mu[] = {{"tax_per_mu", "亩均税收(万元/亩)", PH_ENT_TAX},
              {"revenue_per_mu", "亩均营业收入(万元/亩)", PH_ENT_REVENUE},
              {"rd_per_mu", "亩均研发投入(万元/亩)", PH_ENT_RD},
              {"value_added_per_mu", "亩均增加值(万元/亩)", PH_ENT_VALUE_ADDED},
              {"energy_per_mu", "亩均综合能耗(吨标准煤/亩)", PH_ENT_ENERGY},
              {"emission_per_mu", "亩均主要污染物排放(当量/亩)", PH_ENT_EMISSION}};
enum { PER_MU = sizeof per_mu / sizeof *per_mu };

static double m2_of(int64_t dm2, bool unknown)
{
    return unknown ? NAN : (double)dm2 / 100;
}

static enum ph_status make_land(const struct ph_enterprises *e, struct ph_columns *c, struct ph_error *err)
{
    static const char *const relations[PH_RELATIONS][2] = {[PH_OWN] = {"own_m2", "自有(㎡)"},
                                                           [PH_RENTED_IN] = {"rented_in_m2", "租入(㎡)"},
                                                           [PH_RENTED_OUT] = {"rented_out_m2", "租出(㎡)"}};
    size_t parcels, area, mu, parts[PH_RELATIONS];
    PH_TRY(ph_columns_make(c, "parcels", "宗数", PH_INT, NULL, &parcels, err));
    PH_TRY(ph_columns_make(c, "area_m2", "用地面积(㎡)", PH_REAL, NULL, &area, err));
    PH_TRY(ph_columns_make(c, "area_mu", "用地面积(亩)", PH_REAL, NULL, &mu, err));
    for (size_t r = 0; r < PH_RELATIONS; r++) PH_TRY(ph_columns_make(c, relations[r][0], relations[r][1], PH_REAL, NULL, &parts[r], err));
    struct ph_column *columns = c->made.columns;
    for (size_t row = 0; row < c->made.rows; row++) {
        size_t h = e->holding_of_row[c->first + row];
        if (h == SIZE_MAX) continue; /* another year, or a doubled row: its land is told once */
        const struct ph_holding *holding = &e->holdings[h];
        int64_t dm2 = ph_holding_dm2(holding);
        columns[parcels].integer[row] = holding->parcels;
        columns[area].real[row] = m2_of(dm2, dm2 == INT64_MIN);
        columns[mu].real[row] = ph_mu_from_dm2(dm2);
        for (size_t r = 0; r < PH_RELATIONS; r++) columns[parts[r]].real[row] = m2_of(holding->dm2[r], holding->unknown[r]);
    }
    return PH_OK;
}

static enum ph_status make_per_mu(const struct ph_enterprises *e, struct ph_columns *c, struct ph_error *err)
{
    for (size_t i = 0; i < PER_MU; i++) {
        const struct ph_column *values = e->source ? ph_field_column(&e->t, per_mu[i].field) : NULL;
        const struct ph_column *reported = e->source && per_mu[i].field == PH_ENT_TAX ? ph_field_column(&e->t, PH_ENT_REPORTED_TAX_PER_MU) : NULL;
        size_t made;
        PH_TRY(ph_columns_make(c, per_mu[i].name, per_mu[i].title, PH_REAL, NULL, &made, err));
        for (size_t row = 0; row < c->made.rows; row++) {
            size_t from = c->first + row, h = e->holding_of_row[from];
            double mu = h == SIZE_MAX ? NAN : ph_mu_from_dm2(ph_holding_dm2(&e->holdings[h])), value = values ? values->real[from] : NAN;
            if (mu > 0) c->made.columns[made].real[row] = value / mu;
            if (h != SIZE_MAX && reported && isnan(value)) c->made.columns[made].real[row] = reported->real[from];
        }
    }
    return PH_OK;
}

enum ph_status ph_enterprise_table_make(const struct ph_enterprises *e, const struct ph_evaluation *evaluation, size_t from, size_t to,
                                        struct ph_columns *c, struct ph_error *err)
{
    const struct ph_fielded none = {.fields = &ph_enterprise_fields};
    c->first = from;
    PH_TRY(ph_table_add_rows(&c->made, to - from, err));
    PH_TRY(ph_columns_add_fields(c, e->source ? &e->t : &none, err));
    PH_TRY(make_land(e, c, err));
    PH_TRY(make_per_mu(e, c, err));
    PH_TRY(ph_evaluation_add_columns(evaluation, c, err));
    return e->source ? ph_columns_add_carried(c, &e->t, err) : PH_OK;
}
