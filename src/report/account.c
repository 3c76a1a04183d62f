#include "report/account.h"

#include <string.h>

#include "base/text.h"

#define NAME_CAP ((size_t)1 << 12)

struct word {
    const char *key, *zh;
};

static const struct word keys[] = {
    {"program", "程序"}, {"as_of", "截止日"}, {"period_from", "统计期起"}, {"period_to", "统计期止"}, {"crs", "坐标系"}, {"crs_name", "坐标系名称"},
    {"crs_from", "坐标系来自"}, {"area_basis", "面积依据"}, {"area_method", "面积算法"}, {"densify", "加密间距(米)"},
    {"land_share", "用地归属"}, {"rules", "规则集"}, {"rules_title", "规则集名称"}, {"rules_sha256", "规则集 SHA-256"},
    {"scheme", "评价方案"}, {"scheme_title", "评价方案名称"}, {"scheme_sha256", "评价方案 SHA-256"}, {"scheme_source", "评价方案出处"}, {"scheme_example", "评价方案性质"},
    {"overlap_min_m2", "重叠限值(㎡)"}, {"overlap_min_share", "重叠限值(占较小宗地)"}, {"overlap_max_m2", "重叠上限(㎡)"}, {"gaps", "缝隙宽(米)"},
    {"where", "宗地条件"}, {"map", "字段指定"}, {"parcels", "宗地数"}, {"findings", "规则结论数"}, {"topology", "几何问题数"}, {"problems.error", "数据错误数"},
    {"problems.warning", "数据警告数"}, {"statement_zh", "结语"}, {"statement_en", "结语(英文)"},
};

static const struct word beginnings[] = {{"scheme.base.", "评价基准 "}, {"scheme.classes.", "评价分档 "}};

static const struct word roles[] = {{"parcels", "宗地"}, {"enterprises", "企业表"}, {"ledger", "台账"}, {"links", "宗地企业对应表"}, {"rulings", "裁定意见"},
                                    {"against", "参照图层"}};

static const struct word facts[] = {{"layer", "图层"}, {"rows", "行数"}, {"encoding", "编码"}, {"encoding_reason", "编码的理由"},
                                    {"where", "条件"}, {"map", "字段指定"}, {"measured_crs", "量算的坐标系"}, {"transform", "坐标转换"},
                                    {"transform_as_one", "视为一致"}, {"transform_accuracy_m", "转换精度(米)"}};

static const char *const notes[] = {
    "注：本表册由 GeoPackage 成果直接写出，各清单的行与成果中的表一一对应，不另作取舍。",
    "“疑似”为程序按规则核查的结果，是否构成闲置、低效，以主管部门的认定书为准；填有认定书文号的除外。",
    "“待核查”不是“正常”：缺少判定所需的资料，没有数据不等于零。",
    "面积一律取采用面积：有登记面积且单位明确的用登记面积，否则用椭球面积，逐宗依据见成果 parcels 图层 area_basis 列。1亩=2000/3㎡，合计按 0.01㎡ 整数相加。",
    "依据中标“待核”的，条文未与原文核对，引用前请查原文。",
    "金额单位为万元。代码一律为文本。合计为公式，改动清单后随之变化。",
};

static const char *word_of(const struct word *words, size_t count, struct ph_str key)
{
    for (size_t i = 0; i < count; i++)
        if (ph_str_equal(ph_str_of(words[i].key), key)) return words[i].zh;
    return NULL;
}

#define WORD(words, key) word_of(words, sizeof words / sizeof *words, key)

/* input.ROLE, input.ROLE.FACT, input.ROLE.sha256.FILE, and with a number behind a role of which there are several; what is
 * none of them is itself. */
void ph_account_name(const char *key, struct ph_text *name)
{
    static const char input[] = "input.", sha256[] = "sha256.";
    const char *known = WORD(keys, ph_str_of(key));
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
        size_t length = strlen(beginnings[i].key);
        if (strncmp(key, beginnings[i].key, length) != 0) continue;
        ph_text_addf(name, "%s%s", beginnings[i].zh, key + length);
        return;
    }
    if (known || strncmp(key, input, sizeof input - 1) != 0) {
        ph_text_add(name, known ? known : key);
        return;
    }
    const char *at = key + sizeof input - 1;
    struct ph_str role = {at, strcspn(at, ".")};
    const char *word = WORD(roles, role);
    ph_text_add(name, "输入：");
    ph_text_add_str(name, word ? ph_str_of(word) : role);
    at += role.length + (at[role.length] == '.');
    size_t number = strspn(at, "0123456789");
    ph_text_add_str(name, (struct ph_str){at, number});
    at += number + (number > 0 && at[number] == '.');
    if (*at) ph_text_add(name, " ");
    if (strncmp(at, sha256, sizeof sha256 - 1) == 0) {
        ph_text_addf(name, "SHA-256 %s", at + sizeof sha256 - 1);
    } else {
        word = WORD(facts, ph_str_of(at));
        ph_text_add(name, word ? word : at);
    }
}

static enum ph_status write_run(struct ph_gpkg_reader *audit, struct ph_sheet *sheet, struct ph_error *err)
{
    struct ph_query *query = NULL;
    struct ph_text name;
    bool row = true;
    PH_TRY(ph_query_open(audit, "SELECT key, value FROM run ORDER BY fid", &query, err));
    ph_text_init(&name, NAME_CAP);
    enum ph_status status = ph_query_next(query, &row, err);
    for (; status == PH_OK && row; status = ph_query_next(query, &row, err)) {
        const char *key = ph_query_text(query, 0);
        ph_text_clear(&name);
        ph_account_name(key ? key : "", &name);
        ph_cell_text(sheet, 0, PH_KIND_TEXT, name.failed ? key : ph_text_get(&name));
        ph_cell_text(sheet, 1, PH_KIND_LONG, ph_query_text(query, 1));
        ph_sheet_next(sheet);
    }
    ph_text_dispose(&name);
    ph_query_close(query);
    return status;
}

enum ph_status ph_account_write(struct ph_gpkg_reader *audit, const char *heading, struct ph_book *book, struct ph_error *err)
{
    static const double widths[] = {44, 100};
    static const char *const titles[] = {"项", "内容"};
    struct ph_sheet *sheet = ph_book_add(book, "说明", widths, 2);
    ph_sheet_banner(sheet, PH_BANNER_TITLE, "说明");
    ph_sheet_banner(sheet, PH_BANNER_NOTE, heading);
    ph_sheet_head(sheet, titles, true);
    PH_TRY(write_run(audit, sheet, err));
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) ph_sheet_banner(sheet, PH_BANNER_NOTE, notes[i]);
    if (!ph_gpkg_has(audit, "score_terms", NULL))
        ph_sheet_banner(sheet, PH_BANNER_NOTE, "本次审计未给评价方案，没有亩均效益评价结果和评分明细。");
    return PH_OK;
}
