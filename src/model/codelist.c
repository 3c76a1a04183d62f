#include "model/codelist.h"

#include <string.h>

static const struct ph_code area_basis[] = {
    {"registered", "登记"},
    {"ellipsoid", "椭球"},
    {"plane", "平面"},
    {"mixed", "混合"}, /* of totals: parcels on different bases */
};

/* Article 8 of 闲置土地处置办法 (国土资源部令第53号). */
static const struct ph_code delay_cause[] = {
    {"JF", "未按约定交地"}, {"GH", "规划依法调整"},       {"ZC", "国家政策变化"},
    {"XF", "群众信访"},     {"JW", "军事管制或文物保护"}, {"QT", "政府其他行为"},
};

static const struct ph_code ledger_kind[] = {
    {"supply", "供地"},     {"trade", "二级市场交易"}, {"reinvest", "二次投资"}, {"plan", "提升计划"},
    {"factory", "盘活厂房"}, {"swap", "置换"},          {"merge", "招商并购"},    {"reclaim", "收回/收储"},
    {"fee", "征缴闲置费"},   {"extend", "延期"},        {"start", "动工"},        {"complete", "竣工"},
};

/* YQ to ZH: the forms of Article 12 of 闲置土地处置办法 (国土资源部令第53号); ZJ and WS: its Article 14. The rest is practice. */
static const struct ph_code measure[] = {
    {"YQ", "延期开工"},
    {"TZ", "调整用途/规划"},
    {"LS", "临时使用"},
    {"XS", "协议有偿收回"},
    {"ZH", "置换土地"},
    {"ZJ", "征缴闲置费"},
    {"WS", "无偿收回"},
    {"DG", "督促动工"},
    {"ZR", "二级市场转让/并购"},
    {"JZ", "增资技改/二次投资"},
    {"CF", "厂房改造/加层/分割"},
    {"TS", "提升计划(限期达标)"},
    {"SC", "收储后再供"},
    {"CX", "撤销批文"},
    {"BY", "不予处置(说明)"},
};

static const struct ph_code outcome[] = {
    {"hit", "命中"},
    {"unknown", "无法判定"},
};

/* How an enterprise has land in a parcel, in the order of enum ph_relation. */
static const struct ph_code relation[] = {
    {"own", "自有"},
    {"rented_in", "租入"},
    {"rented_out", "租出"},
};

/* What a rule may hit as: a parcel's tag, or one of three kinds that leave the tag alone. */
static const struct ph_code rule_tag[] = {
    {"approved_unsupplied", "批而未供"},
    {"idle", "疑似闲置"},
    {"low_efficiency", "疑似低效"},
    {"alert", "预警"},
    {"indicator", "指标"},
    {"data", "数据问题"},
};

static const struct ph_code severity[] = {
    {"error", "错误"},
    {"warning", "警告"},
    {"note", "提示"},
};

/* In order of precedence. */
static const struct ph_code tag[] = {
    {"approved_unsupplied", "批而未供"},
    {"idle", "疑似闲置"},
    {"low_efficiency", "疑似低效"},
    {"unverified", "待核查"},
    {"normal", "正常"},
};

static const struct ph_code cap_hit[] = {
    {"cap", "封顶"},
    {"floor", "保底"},
};

static const struct ph_code grade[] = {
    {"A", "A档"}, {"B", "B档"}, {"C", "C档"}, {"D", "D档"}, {"T", "不参评"},
};

static const struct ph_code topic[] = {
    {"all", "全部"},
    {"tag", "标签"},
    {"measure", "措施"},
    {"grade", "评级"},
    {"land", "企业用地"},
    {"land_use", "土地用途"},
    {"tag_overlap", "标签内重复"},
};

static const struct ph_code topology_kind[] = {
    {"invalid", "图形无效"},       {"hole_outside", "内环在外环之外"}, {"repeated_vertex", "重复点"}, {"spike", "尖刺"},
    {"winding", "环绕向不对"},     {"sliver", "狭长碎面"},             {"overlap", "重叠"},           {"overlap_sliver", "狭长重叠"},
    {"contained", "包含"},         {"duplicate", "重复图形"},          {"gap", "缝隙"},
};

#define LIST(codes) {#codes, codes, sizeof codes / sizeof *codes}

const struct ph_codelist ph_codelists[] = {
    LIST(area_basis), LIST(cap_hit),  LIST(delay_cause), LIST(grade), LIST(ledger_kind), LIST(measure),       LIST(outcome),
    LIST(relation),   LIST(rule_tag), LIST(severity),    LIST(tag),   LIST(topic),       LIST(topology_kind),
};
const size_t ph_codelist_count = sizeof ph_codelists / sizeof *ph_codelists;

const struct ph_codelist *ph_codelist_find(const char *name)
{
    if (name == NULL) return NULL;
    for (size_t i = 0; i < ph_codelist_count; i++)
        if (strcmp(ph_codelists[i].name, name) == 0) return &ph_codelists[i];
    return NULL;
}

const char *ph_codelist_text(const struct ph_codelist *list, const char *value)
{
    if (list == NULL || value == NULL) return NULL;
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->codes[i].value, value) == 0) return list->codes[i].zh;
    return NULL;
}

/* The next code of several. */
static size_t take_code(const char *codes, char code[64])
{
    size_t length = strcspn(codes, ";");
    code[0] = '\0';
    if (length >= 64) return length;
    memcpy(code, codes, length);
    code[length] = '\0';
    return length;
}

bool ph_codelist_words(const struct ph_codelist *list, const char *codes, struct ph_text *out)
{
    char code[64];
    for (const char *at = codes; *at; at += strspn(at, ";")) {
        at += take_code(at, code);
        if (ph_codelist_text(list, code) == NULL) return false;
    }
    for (const char *at = codes; *at; at += strspn(at, ";")) {
        if (at != codes) ph_text_add(out, "、");
        at += take_code(at, code);
        ph_text_add(out, ph_codelist_text(list, code));
    }
    return true;
}
