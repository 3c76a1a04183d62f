#include "audit/land_words.h"

#include <math.h>

#include "base/number.h"

static void add_number(struct ph_text *out, const char *before, double number, const char *behind)
{
    char room[PH_NUMBER_ROOM];
    ph_text_add(out, before);
    ph_text_add_str(out, ph_number_text(room, number));
    ph_text_add(out, behind);
}

static void add_m2(struct ph_text *out, const char *before, int64_t dm2)
{
    char room[PH_NUMBER_ROOM];
    ph_text_add(out, before);
    ph_text_add_str(out, ph_m2_text(room, dm2));
    ph_text_add(out, "㎡");
}

static bool by_floor(const struct ph_land *land, const struct ph_link *link)
{
    return land->mode == PH_LAND_FLOOR && link->relation != PH_OWN;
}

/* One row of the links. True when there is something to work out. */
static bool add_link(const struct ph_land *land, const struct ph_parcels *p, const struct ph_link *link, struct ph_text *out)
{
    static const char *const ground[PH_RELATIONS] = {"自有 ", "租入 ", "租出 "};
    static const char *const share[PH_RELATIONS] = {" × 份额 ", " × 租入份额 ", " × 租出份额 "};
    static const char *const rooms[PH_RELATIONS] = {" × 自有厂房 ", " × 租用厂房 ", " × 出租厂房 "};
    if (!by_floor(land, link) && link->area_dm2 != INT64_MIN) {
        add_number(out, ground[link->relation], (double)link->area_dm2 / 100, "㎡");
        return false;
    }
    add_m2(out, "宗地 ", p->areas[link->parcel].adopted_dm2);
    if (!by_floor(land, link) && !isnan(link->share)) {
        add_number(out, share[link->relation], link->share * 100, "%");
        return true;
    }
    add_number(out, rooms[link->relation], (double)link->floor_dm2 / 100, "㎡");
    add_number(out, " ÷ 建筑面积 ", ph_field_column(&p->t, PH_FLOOR_M2)->real[link->parcel], "㎡");
    return true;
}

static void add_claims(const struct ph_land *land, const struct ph_parcels *p, const struct ph_links *links, const struct ph_stake *s,
                       struct ph_text *out)
{
    bool worked_out = s->link_count > 1;
    size_t begin = out->length;
    for (size_t i = 0; i < s->link_count; i++) {
        const struct ph_link *link = &links->items[s->link + i];
        if (by_floor(land, link) && link->floor_dm2 == INT64_MIN) continue; /* it claims nothing here */
        if (out->length > begin) ph_text_add(out, " + ");
        worked_out |= add_link(land, p, link, out);
    }
    if (worked_out) add_m2(out, " = ", s->claimed_dm2);
    if (s->area_dm2 == s->claimed_dm2) return;
    if (s->relation == PH_RENTED_OUT && s->area_dm2 > s->claimed_dm2) {
        add_m2(out, ",承租各户另报 ", s->area_dm2 - s->claimed_dm2);
        add_m2(out, ",合计 ", s->area_dm2);
    } else {
        add_m2(out, ",按宗地面积调整为 ", s->area_dm2);
    }
}

void ph_land_words(const struct ph_land *land, const struct ph_parcels *p, const struct ph_links *links, const struct ph_stake *s,
                   struct ph_text *out)
{
    if (s->area_dm2 == INT64_MIN) {
        ph_text_add(out, p->areas[s->parcel].adopted_dm2 == INT64_MIN ? "宗地面积未知" : "面积未知,见数据问题");
        return;
    }
    switch (s->how) {
    case PH_STAKE_WHOLE: add_m2(out, "宗地 ", s->area_dm2); break;
    case PH_STAKE_CLAIMED: add_claims(land, p, links, s, out); break;
    case PH_STAKE_REST:
        add_m2(out, "宗地 ", p->areas[s->parcel].adopted_dm2);
        add_m2(out, " 中其他权利人以外的部分 = ", s->area_dm2);
        break;
    case PH_STAKE_TENANTS: add_m2(out, "承租各户合计 ", s->area_dm2); break;
    case PH_STAKE_EQUAL:
        add_m2(out, "宗地 ", p->areas[s->parcel].adopted_dm2);
        if (s->area_dm2 == 0) ph_text_add(out, " 整宗租出");
        else ph_text_addf(out, " ÷ %zu 家", s->parties);
        add_m2(out, " = ", s->area_dm2);
        break;
    }
}
