/* Lifts in words. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "rules/lift_state.h"

static const struct ph_lever *lever_of(const struct ph_lifts *l, size_t row, size_t indicator)
{
    int g = l->s->scores[row].group;
    if (g < 0) return NULL;
    return &l->levers[g][indicator == PH_LIFT_LAND ? l->s->scheme->groups[g].indicator_count : indicator];
}

/* What the column is counted in: of an indicator in 万元/亩 the numerator's 万元. */
static struct ph_str unit_of(const struct ph_lifts *l, size_t row, size_t indicator)
{
    if (indicator == PH_LIFT_LAND) return PH_STR("亩");
    int g = l->s->scores[row].group;
    const struct ph_plan_value *v = &l->s->plan.groups[g].indicators[indicator];
    const char *unit = l->s->scheme->groups[g].indicators[indicator].unit;
    if (unit == NULL || l->s->plan.quantities[v->numerator].factor != 1) return PH_STR("");
    return (struct ph_str){unit, v->denominator == PH_NO_QUANTITY ? strlen(unit) : strcspn(unit, "/")};
}

/* As many decimals as the step has. */
static void add_amount(struct ph_text *out, double v, double step, struct ph_str unit)
{
    char room[PH_NUMBER_ROOM];
    int decimals = 2;
    for (double size = step; size < 0.0099 && decimals < 12; size *= 10) decimals++;
    ph_text_add_str(out, ph_fixed_text(room, v, decimals));
    ph_text_add_str(out, unit);
}

static void add_change(const struct ph_lifts *l, size_t row, size_t indicator, const struct ph_lift *lift, struct ph_text *out)
{
    struct ph_str unit = unit_of(l, row, indicator);
    ph_text_add(out, indicator == PH_LIFT_LAND ? "用地" : l->s->roster.variables[lift->variable].title);
    ph_text_add(out, lift->change > 0 ? "增加" : "减少");
    add_amount(out, fabs(lift->change), lift->step, unit);
    ph_text_add(out, "到");
    add_amount(out, lift->to, lift->step, unit);
}

void ph_lift_text(const struct ph_lifts *l, size_t row, size_t indicator, struct ph_text *out)
{
    static const char *const whys[] = {
        [PH_LIFT_NOT_GRADED] = "未定档",
        [PH_LIFT_BEST] = "已在最好一档",
        [PH_LIFT_HELD] = "受一票否决或调档限制,得分再高也不升档",
        [PH_LIFT_NO_COLUMN] = "不是单独一列的增减,不试算",
        [PH_LIFT_CELL_MISSING] = "缺数据,先补",
        [PH_LIFT_OUT_OF_REACH] = "单靠这一项升不了档",
        [PH_LIFT_MIXED] = "这一列使有的指标升、有的指标降,没有算出结果",
        [PH_LIFT_CHANGES_GROUP] = ",将改变分组或退出评价",
        [PH_LIFT_CHANGES_CLAUSE] = ",将触动方案中的其他条件(加分、调档、否决),不试算",
    };
    struct ph_lift lift;
    ph_lifts_get(l, row, indicator, &lift);
    bool change = lift.kind == PH_LIFT_FOUND || lift.kind == PH_LIFT_CHANGES_GROUP || lift.kind == PH_LIFT_CHANGES_CLAUSE;
    if (change) add_change(l, row, indicator, &lift, out);
    if (lift.kind == PH_LIFT_FOUND) {
        ph_text_add(out, ",可达");
        ph_text_add_str(out, (struct ph_str){&lift.grade, 1});
        ph_text_add(out, "档");
        return;
    }
    ph_text_add(out, whys[lift.kind]);
    if (lift.kind == PH_LIFT_CELL_MISSING && indicator != PH_LIFT_LAND)
        ph_text_add(out, "："), ph_scoring_missing(l->s, row, indicator, out);
}

void ph_lift_summary(const struct ph_lifts *l, size_t row, struct ph_text *out)
{
    const struct ph_scoring *s = l->s;
    size_t before = out->length;
    struct ph_lift lift;
    ph_lifts_get(l, row, PH_LIFT_LAND, &lift);
    if (lift.kind == PH_LIFT_NOT_GRADED || lift.kind == PH_LIFT_BEST) return;
    if (lift.kind == PH_LIFT_HELD) {
        ph_lift_text(l, row, PH_LIFT_LAND, out);
        return;
    }
    size_t count = s->scheme->groups[s->scores[row].group].indicator_count;
    for (size_t i = 0; i <= count; i++) {
        size_t indicator = i < count ? i : PH_LIFT_LAND;
        if (lever_of(l, row, indicator)->same_as < i) continue;
        if (isnan(ph_lifts_value(l, row, indicator))) continue;
        ph_text_add(out, out->length > before ? "；" : "单项即可升档：");
        ph_lift_text(l, row, indicator, out);
    }
    if (out->length == before) ph_text_add(out, "单靠任何一项都升不了档");
}
