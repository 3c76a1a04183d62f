#include "report/list_columns.h"

#define NUMBER {"序号", NULL, PH_KIND_COUNT, 5, NULL, PH_ADD_NOTHING}
#define PARCEL {"宗地代码", "parcel_id", PH_KIND_TEXT, 21, NULL, PH_ADD_NOTHING}
#define LOCATION {"坐落", "location", PH_KIND_TEXT, 15, NULL, PH_ADD_NOTHING}
#define HOLDER {"用地单位", "holder_name", PH_KIND_TEXT, 15, NULL, PH_ADD_NOTHING}
#define HOLDER_CODE {"统一社会信用代码", "holder_code", PH_KIND_TEXT, 20, NULL, PH_ADD_NOTHING}
#define AREA {"面积(㎡)", "area_m2", PH_KIND_NUMBER, 12, NULL, PH_ADD_AREA}
#define MU {"面积(亩)", "area_mu", PH_KIND_NUMBER, 9.5, NULL, PH_ADD_MU}
#define RULES {"规则", "(replace(parcels.rules, ';', char(10)))", PH_KIND_TEXT, 7, NULL, PH_ADD_NOTHING}
#define REASON {"判定理由与算式", "reason", PH_KIND_LONG, 40, NULL, PH_ADD_NOTHING}
#define BASIS {"依据", "basis", PH_KIND_LONG, 28, NULL, PH_ADD_NOTHING}
#define MEASURES {"拟处置措施", "measures", PH_KIND_LONG, 13, "measure", PH_ADD_NOTHING}
#define PLAIN(title, source, kind, width) {title, source, kind, width, NULL, PH_ADD_NOTHING}

static const struct ph_list_column idle[] = {
    NUMBER, PARCEL, PLAIN("电子监管号", "supervision_id", PH_KIND_TEXT, 17), LOCATION, HOLDER, HOLDER_CODE, AREA, MU,
    PLAIN("约定动工日期", "agreed_start", PH_KIND_DATE, 11), PLAIN("实际动工日期", "actual_start", PH_KIND_DATE, 11),
    PLAIN("闲置起算日", "idle_since", PH_KIND_DATE, 11), PLAIN("闲置天数", "idle_days", PH_KIND_COUNT, 7),
    {"闲置原因", "delay_cause", PH_KIND_TEXT, 10, "delay_cause", PH_ADD_NOTHING}, PLAIN("扣除天数", "delay_days", PH_KIND_COUNT, 7),
    {"闲置费(万元)", "idle_fee", PH_KIND_NUMBER, 9, NULL, PH_ADD_NUMBERS}, RULES, REASON, BASIS, MEASURES,
    PLAIN("认定书文号", "ruling_no", PH_KIND_TEXT, 11),
};

static const struct ph_list_column low_efficiency[] = {
    NUMBER, PARCEL, LOCATION, HOLDER, HOLDER_CODE, PLAIN("土地用途", "land_use", PH_KIND_TEXT, 9), AREA, MU,
    PLAIN("经营状态", "operating_state", PH_KIND_TEXT, 8), PLAIN("停产日期", "closed_since", PH_KIND_DATE, 11),
    PLAIN("约定竣工日期", "agreed_completion", PH_KIND_DATE, 11), PLAIN("约定容积率", "agreed_far", PH_KIND_NUMBER, 7),
    PLAIN("现状容积率", "far", PH_KIND_NUMBER, 7), PLAIN("约定亩均税收(万元/亩)", "agreed_tax", PH_KIND_NUMBER, 10),
    {"评级", "grade", PH_KIND_TEXT, 6, "grade", PH_ADD_NOTHING}, RULES, REASON, BASIS, MEASURES,
};

static const struct ph_list_column unsupplied[] = {
    NUMBER, PARCEL, PLAIN("地块名称", "parcel_name", PH_KIND_TEXT, 17), LOCATION, PLAIN("土地用途", "land_use", PH_KIND_TEXT, 9),
    PLAIN("批准日期", "approved_date", PH_KIND_DATE, 11), PLAIN("供应状态", "supply_state", PH_KIND_TEXT, 9), AREA, MU, RULES, REASON, BASIS, MEASURES,
};

static const struct ph_list_column unverified[] = {
    NUMBER, PARCEL, LOCATION, HOLDER, HOLDER_CODE, AREA, MU, PLAIN("经营状态", "operating_state", PH_KIND_TEXT, 8),
    PLAIN("缺少的资料", "(replace(parcels.missing, ';', '、'))", PH_KIND_LONG, 26),
    PLAIN("判不了的规则", "(replace(ph_rules, ',', char(10)))", PH_KIND_TEXT, 9), PLAIN("说明", "reason", PH_KIND_LONG, 30), PLAIN("核查情况", "", PH_KIND_LONG, 26),
};

static const struct ph_list_column ledger[] = {
    NUMBER, PLAIN("事件编号", "event_id", PH_KIND_TEXT, 12), PLAIN("日期", "date", PH_KIND_DATE, 11),
    {"盘活措施", "kind", PH_KIND_TEXT, 13, "ledger_kind", PH_ADD_NOTHING}, PARCEL,
    PLAIN("坐落", "(SELECT location FROM parcels WHERE parcels.fid = ledger.parcel_fid)", PH_KIND_TEXT, 17),
    PLAIN("企业名称", "(coalesce(ph_name, (SELECT holder_name FROM parcels WHERE parcels.fid = ledger.parcel_fid"
          " AND (ledger.enterprise_code IS NULL OR holder_code = ledger.enterprise_code))))", PH_KIND_TEXT, 17),
    PLAIN("统一社会信用代码", "enterprise_code", PH_KIND_TEXT, 20), PLAIN("台账面积(㎡)", "area_m2", PH_KIND_NUMBER, 12.5),
    PLAIN("计入面积(㎡)", "counted_m2", PH_KIND_NUMBER, 12.5), PLAIN("计入面积(亩)", "(counted_m2 * 3 / 2000)", PH_KIND_NUMBER, 9.5),
    PLAIN("标准厂房(㎡)", "factory_m2", PH_KIND_NUMBER, 11), PLAIN("金额(万元)", "amount", PH_KIND_NUMBER, 11),
    PLAIN("是否计入", "(CASE counted WHEN 1 THEN '计入' ELSE '不计' END)", PH_KIND_TEXT, 6), PLAIN("不计入的原因", "message", PH_KIND_LONG, 22),
    PLAIN("备注", "note", PH_KIND_TEXT, 18),
};

static const struct ph_list_column evaluation[] = {
    PLAIN("组内名次", "rank", PH_KIND_COUNT, 6), PLAIN("企业名称", "name", PH_KIND_TEXT, 20), PLAIN("统一社会信用代码", "code", PH_KIND_TEXT, 20),
    PLAIN("行业", "industry", PH_KIND_TEXT, 13), PLAIN("规模", "size_class", PH_KIND_TEXT, 6), PLAIN("评价分组", "score_group", PH_KIND_TEXT, 10),
    {"用地面积(㎡)", "area_m2", PH_KIND_NUMBER, 12.5, NULL, PH_ADD_AREA}, {"用地面积(亩)", "area_mu", PH_KIND_NUMBER, 9.5, NULL, PH_ADD_MU},
    PLAIN("亩均税收(万元/亩)", "tax_per_mu", PH_KIND_NUMBER, 9), PLAIN("亩均营业收入(万元/亩)", "revenue_per_mu", PH_KIND_NUMBER, 10),
    PLAIN("亩均研发(万元/亩)", "rd_per_mu", PH_KIND_NUMBER, 9), PLAIN("亩均增加值(万元/亩)", "value_added_per_mu", PH_KIND_NUMBER, 10), PLAIN("亩均能耗(吨标煤/亩)", "energy_per_mu", PH_KIND_NUMBER, 10),
    PLAIN("亩均排放(当量/亩)", "emission_per_mu", PH_KIND_NUMBER, 9), PLAIN("综合得分", "score", PH_KIND_FINE, 10),
    {"调整前", "grade_before", PH_KIND_TEXT, 7, "grade", PH_ADD_NOTHING}, {"评级", "grade", PH_KIND_TEXT, 7, "grade", PH_ADD_NOTHING},
    PLAIN("调整或不参评的原因", "grade_reason", PH_KIND_LONG, 20),
    PLAIN("分类措施", "response", PH_KIND_TEXT, 10), PLAIN("数据完整度", "completeness", PH_KIND_SHARE, 9), PLAIN("提升到上一级", "lift", PH_KIND_LONG, 56),
};

static const struct ph_list_column terms[] = {
    NUMBER, PLAIN("企业名称", "(enterprises.name)", PH_KIND_TEXT, 22), PLAIN("统一社会信用代码", "code", PH_KIND_TEXT, 20),
    PLAIN("指标", "title", PH_KIND_TEXT, 16), PLAIN("数值", "value", PH_KIND_FINE, 12), PLAIN("单位", "unit", PH_KIND_TEXT, 10),
    PLAIN("基准值", "base", PH_KIND_FINE, 12), PLAIN("比值", "ratio", PH_KIND_FINE, 10), PLAIN("权重", "weight", PH_KIND_NUMBER, 8),
    PLAIN("得分", "points", PH_KIND_FINE, 10), {"封顶或保底", "cap_hit", PH_KIND_TEXT, 9, "cap_hit", PH_ADD_NOTHING}, PLAIN("缺数据", "missing", PH_KIND_TEXT, 9),
    PLAIN("算式", "arithmetic", PH_KIND_LONG, 44), PLAIN("升级所需", "lift_value", PH_KIND_FINE, 12),
};

static const struct ph_list_column land[] = {
    NUMBER, PLAIN("企业名称", "(coalesce(enterprises.name, parcels.holder_name))", PH_KIND_TEXT, 24),
    PLAIN("统一社会信用代码", "enterprise_code", PH_KIND_TEXT, 20), PARCEL, PLAIN("坐落", "(parcels.location)", PH_KIND_TEXT, 28),
    {"关系", "relation", PH_KIND_TEXT, 8, "relation", PH_ADD_NOTHING}, {"用地面积(㎡)", "area_m2", PH_KIND_NUMBER, 14, NULL, PH_ADD_AREA},
    {"用地面积(亩)", "(enterprise_parcels.area_m2 * 3 / 2000)", PH_KIND_NUMBER, 11, NULL, PH_ADD_MU}, PLAIN("算式", "arithmetic", PH_KIND_LONG, 46),
};

static const struct ph_list_column topology[] = {
    NUMBER, {"问题", "kind", PH_KIND_TEXT, 13, "topology_kind", PH_ADD_NOTHING}, PLAIN("宗地甲", "parcel_a", PH_KIND_TEXT, 21),
    PLAIN("宗地乙", "parcel_b", PH_KIND_TEXT, 21), PLAIN("参照图层", "against", PH_KIND_TEXT, 12), PLAIN("面积(㎡)", "area_m2", PH_KIND_NUMBER, 12.5),
    PLAIN("面积(亩)", "area_mu", PH_KIND_NUMBER, 9.5), PLAIN("占宗地甲", "share_a", PH_KIND_SHARE, 9), PLAIN("占宗地乙", "share_b", PH_KIND_SHARE, 9),
    PLAIN("说明", "message", PH_KIND_LONG, 60),
};

static const struct ph_list_column problems[] = {
    NUMBER, {"级别", "severity", PH_KIND_TEXT, 7, "severity", PH_ADD_NOTHING}, PLAIN("来源", "source", PH_KIND_TEXT, 20),
    PLAIN("要素号或行号", "feature", PH_KIND_COUNT, 9), PLAIN("代码", "code", PH_KIND_TEXT, 24), PLAIN("问题", "message", PH_KIND_LONG, 60),
    PLAIN("处理建议", "hint", PH_KIND_LONG, 36),
};

static const struct ph_list_column rules[] = {
    NUMBER, PLAIN("规则", "rule", PH_KIND_TEXT, 8), PLAIN("名称", "title", PH_KIND_TEXT, 20), {"结果", "tag", PH_KIND_TEXT, 10, "rule_tag", PH_ADD_NOTHING},
    PLAIN("条件", "condition", PH_KIND_LONG, 50), PLAIN("依据", "basis", PH_KIND_LONG, 40),
    PLAIN("是否核对原文", "(CASE sure WHEN 'V' THEN '见过出处' WHEN 'V~' THEN '见过转载、摘要或草案' ELSE '待核' END)", PH_KIND_TEXT, 12),
    {"建议措施", "measures", PH_KIND_LONG, 22, "measure", PH_ADD_NOTHING},
};

#define COLUMNS(list) list, sizeof list / sizeof *list

const struct ph_list_layout ph_list_layouts[PH_LISTS] = {
    [PH_LIST_IDLE] = {"疑似闲置土地清单", "parcels", {"parcels", "tag"}, "idle", "WHERE tag = 'idle' ORDER BY fid", COLUMNS(idle)},
    [PH_LIST_LOW_EFFICIENCY] = {"低效用地清单", "parcels", {"parcels", "tag"}, "low_efficiency", "WHERE tag = 'low_efficiency' ORDER BY fid", COLUMNS(low_efficiency)},
    [PH_LIST_UNSUPPLIED] = {"批而未供清单", "parcels", {"parcels", "tag"}, "approved_unsupplied", "WHERE tag = 'approved_unsupplied' ORDER BY fid", COLUMNS(unsupplied)},
    [PH_LIST_UNVERIFIED] = {"待核查清单", "parcels", {"parcels", "tag"}, "unverified",
                            "LEFT JOIN (SELECT parcel_fid AS ph_fid, group_concat(DISTINCT rule) AS ph_rules FROM findings WHERE outcome = 'unknown'"
                            " GROUP BY parcel_fid) ON ph_fid = parcels.fid WHERE tag = 'unverified' ORDER BY fid", COLUMNS(unverified)},
    [PH_LIST_LEDGER] = {"盘活措施台账", "ledger", {"ledger", "counted"}, NULL,
                        "LEFT JOIN (SELECT code AS ph_code, min(name) AS ph_name FROM enterprises GROUP BY code) ON ph_code = ledger.enterprise_code"
                        " ORDER BY ledger.fid", COLUMNS(ledger)},
    [PH_LIST_EVALUATION] = {"亩均效益评价结果", "enterprises", {"score_terms", "points"}, NULL, "WHERE grade IS NOT NULL ORDER BY grade = 'T', score_group, rank, fid", COLUMNS(evaluation)},
    [PH_LIST_TERMS] = {"评分明细", "score_terms", {"score_terms", "points"}, NULL,
                       "LEFT JOIN enterprises ON enterprises.fid = score_terms.enterprise_fid ORDER BY enterprises.grade = 'T',"
                       " enterprises.score_group, enterprises.rank, enterprises.fid, score_terms.fid", COLUMNS(terms)},
    [PH_LIST_LAND] = {"企业用地明细", "enterprise_parcels", {"enterprise_parcels", "area_m2"}, NULL,
                      "LEFT JOIN enterprises ON enterprises.fid = enterprise_parcels.enterprise_fid"
                      " LEFT JOIN parcels ON parcels.fid = enterprise_parcels.parcel_fid ORDER BY enterprise_code IS NULL, enterprise_code,"
                      " enterprise_parcels.fid", COLUMNS(land)},
    [PH_LIST_TOPOLOGY] = {"几何问题", "topology", {"topology", "kind"}, NULL, "ORDER BY fid", COLUMNS(topology)},
    [PH_LIST_PROBLEMS] = {"数据问题", "problems", {"problems", "message"}, NULL, "ORDER BY severity = 'note', severity = 'warning', fid", COLUMNS(problems)},
    [PH_LIST_RULES] = {"判定规则", "rules", {"rules", "condition"}, NULL, "ORDER BY fid", COLUMNS(rules)},
};
