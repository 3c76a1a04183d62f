#include "audit/form.h"

#include <string.h>

static const struct ph_form_tab parcel_tabs[] = {
    {"标识",
     "parcel_id unit_id supervision_id contract_id parcel_name location ownership land_use supply_state ruling_no source src_fid", NULL},
    {"日期",
     "approved_date contract_date delivery_date agreed_start actual_start stopped_since agreed_completion actual_completion closed_since"
     " delay_cause delay_days",
     NULL},
    {"面积",
     "registered_m2 ellipsoid_m2 plane_m2 area_m2 area_mu area_basis area_diff_m2 area_diff_ppm buildable_m2 started_m2 floor_m2 footprint_m2"
     " yard_m2 office_m2 vacant_m2 rented_m2 factory_m2 far agreed_far coverage",
     NULL},
    {"判定", "tag reason basis missing measures alerts idle_since idle_days idle_fee rules tags", "findings"},
    {"企业",
     "holder_name holder_code operating_state grade score land_price total_investment invested fixed_investment agreed_intensity agreed_tax",
     "enterprise_parcels"},
    {"台账", "", "ledger"},
    {"其他", NULL, NULL},
};

static const struct ph_form_tab enterprise_tabs[] = {
    {"标识", "code name year industry size_class founded", NULL},
    {"指标", "tax revenue rd tech_investment value_added energy emission cod electricity water staff", NULL},
    {"用地", "parcels area_m2 area_mu own_m2 rented_in_m2 rented_out_m2 occupied_m2", "enterprise_parcels"},
    {"亩均评价",
     "tax_per_mu reported_tax_per_mu revenue_per_mu rd_per_mu value_added_per_mu energy_per_mu emission_per_mu scheme score_group score rank grade_before grade"
     " grade_reason response completeness lift exempt veto adjust adjust_reason bonus penalty",
     "score_terms"},
    {"其他", NULL, NULL},
};

static const struct ph_form_tab enterprise_land_tabs[] = {
    {"企业用地", NULL, NULL},
    {"评分明细", "", "score_terms"},
    {"用地明细", "", "enterprise_parcels"},
};

static const struct {
    const char *layers;
    const struct ph_form_tab *tabs;
    size_t count;
} forms[] = {
    {"parcels approved_unsupplied idle low_efficiency unverified", parcel_tabs, sizeof parcel_tabs / sizeof *parcel_tabs},
    {"enterprise_land", enterprise_land_tabs, sizeof enterprise_land_tabs / sizeof *enterprise_land_tabs},
    {"enterprises", enterprise_tabs, sizeof enterprise_tabs / sizeof *enterprise_tabs},
};

size_t ph_form_tabs(const char *layer, const struct ph_form_tab **tabs)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (!ph_form_names(forms[i].layers, layer)) continue;
        *tabs = forms[i].tabs;
        return forms[i].count;
    }
    return 0;
}

bool ph_form_names(const char *list, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = list; at && *at; at += strcspn(at, " "), at += *at == ' ')
        if (strcspn(at, " ") == length && strncmp(at, name, length) == 0) return true;
    return false;
}
