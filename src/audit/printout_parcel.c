/* A4, 宗地核查表: what is known of one parcel, why it was tagged, by which article, and what to do. */
#include "audit/printout.h"

#include <string.h>

#include "base/text.h"
#include "model/codelist.h"

#define WIDE 210.0
#define HIGH 297.0
#define LEFT 10.0
#define BREADTH 190.0
#define ROW 6.0
#define TITLE_WIDTH 23.0
#define GREY "#eeeeee"
#define TEXT_CAP 8192

/* Fields as people read them; what is unknown is a dash. */
#define SAY(expression) "[% coalesce(to_string(" expression "), '—') %]"
#define FIELD(name) SAY("\"" name "\"")
#define DATE(name) SAY("format_date(\"" name "\", 'yyyy-MM-dd')")
#define NUMBER(name, decimals) SAY("format_number(\"" name "\", " decimals ")")
#define M2(name) SAY("format_number(\"" name "\", 2) || ' ㎡'")
#define MONEY(name) SAY("format_number(\"" name "\", 2) || ' 万元'")
#define PER_MU(name) SAY("format_number(\"" name "\", 2) || ' 万元/亩'")

/* The facts, a row of the form each: title and value in turn. */
static const struct {
    const char *cells[3][2];
} facts[] = {
    {{{"宗地代码", FIELD("parcel_id")}, {"不动产单元号", FIELD("unit_id")}}},
    {{{"地块名称", FIELD("parcel_name")}, {"坐落", FIELD("location")}}},
    {{{"企业名称", FIELD("holder_name")}, {"信用代码", FIELD("holder_code")}}},
    {{{"合同编号", FIELD("contract_id")}, {"电子监管号", FIELD("supervision_id")}}},
    {{{"土地用途", FIELD("land_use")}, {"权属性质", FIELD("ownership")}, {"经营状态", FIELD("operating_state")}}},
    {{{"采用面积", SAY("format_number(\"area_mu\", 2) || ' 亩（' || represent_value(\"area_basis\") || '）'")},
      {"登记面积", M2("registered_m2")},
      {"椭球面积", M2("ellipsoid_m2")}}},
    {{{"批准日期", DATE("approved_date")}, {"合同签订", DATE("contract_date")}, {"交地日期", DATE("delivery_date")}}},
    {{{"约定动工", DATE("agreed_start")}, {"实际动工", DATE("actual_start")}, {"停工日期", DATE("stopped_since")}}},
    {{{"约定竣工", DATE("agreed_completion")}, {"实际竣工", DATE("actual_completion")}, {"停产日期", DATE("closed_since")}}},
    {{{"应动工面积", M2("buildable_m2")}, {"已动工面积", M2("started_m2")}, {"容积率", NUMBER("far", "2")}}},
    {{{"成交价款", MONEY("land_price")}, {"总投资", MONEY("total_investment")}, {"已投资", MONEY("invested")}}},
    {{{"约定亩均税收", PER_MU("agreed_tax")}, {"亩均评级", SAY("\"grade\" || coalesce('（' || format_number(\"score\", 2) || ' 分）', '')")}, {"供应状态", FIELD("supply_state")}}},
};
#define FACTS (sizeof facts / sizeof *facts)

static const struct ph_layout_column rules[] = {
    {"规则", "\"rule\" || '\\n' || represent_value(\"tag\")", 18, PH_LAYOUT_LEFT},
    {"结论", "represent_value(\"outcome\")", 16, PH_LAYOUT_CENTRE},
    {"理由与数值", PH_PRINTOUT_WRAP("if(\"outcome\" = 'hit', \"reason\", '缺少：' || coalesce(\"missing\", ''))", 24, 32), 90, PH_LAYOUT_LEFT},
    {"依据", PH_PRINTOUT_WRAP("\"basis\"", 17, 23), 66, PH_LAYOUT_LEFT},
};

static const struct ph_layout_table rules_table = {
    .layer = PH_PRINTOUT_LAYER "findings", .relation = "parcels_findings", .order = "\"outcome\" || \"rule\"", .columns = rules,
    .column_count = sizeof rules / sizeof *rules, .more_pages = 2};

/* A form under construction, from top to bottom. */
struct form {
    struct ph_layout_item *items;
    size_t count;
    double y;
};

static void put(struct form *f, struct ph_layout_item item)
{
    f->items[f->count++] = item;
}

static void put_cell(struct form *f, double x, double width, double height, const char *text, bool title)
{
    put(f, (struct ph_layout_item){.kind = PH_LAYOUT_LABEL, .x = x, .y = f->y, .width = width, .height = height, .text = text, .points = 8,
                                   .align = title ? PH_LAYOUT_CENTRE : PH_LAYOUT_LEFT, .framed = true, .fill = title ? GREY : NULL});
}

static void put_facts(struct form *f)
{
    for (size_t i = 0; i < FACTS; i++) {
        size_t pairs = facts[i].cells[2][0] ? 3 : 2;
        double width = BREADTH / (double)pairs;
        for (size_t k = 0; k < pairs; k++) {
            put_cell(f, LEFT + (double)k * width, TITLE_WIDTH, ROW, facts[i].cells[k][0], true);
            put_cell(f, LEFT + (double)k * width + TITLE_WIDTH, width - TITLE_WIDTH, ROW, facts[i].cells[k][1], false);
        }
        f->y += ROW;
    }
}

static void put_row(struct form *f, double height, const char *title, const char *text)
{
    put_cell(f, LEFT, TITLE_WIDTH, height, title, true);
    put_cell(f, LEFT + TITLE_WIDTH, BREADTH - TITLE_WIDTH, height, text, false);
    f->y += height;
}

static void put_pictures(struct form *f, double height)
{
    static const struct ph_layout_entry legend[] = {{PH_PRINTOUT_LAYER "parcels", ""}};
    const double map = 122, legend_height = 21;
    put(f, (struct ph_layout_item){.kind = PH_LAYOUT_MAP, .x = LEFT, .y = f->y, .width = map, .height = height, .framed = true, .fill = "#ffffff"});
    put(f, (struct ph_layout_item){.kind = PH_LAYOUT_NORTH, .x = LEFT + map - 12, .y = f->y + 2, .width = 10, .height = 12});
    put(f, (struct ph_layout_item){.kind = PH_LAYOUT_SCALE_BAR, .x = LEFT + 2, .y = f->y + height - 10, .width = 50, .height = 9, .points = 7,
                                   .fill = "#ffffff"});
    put(f, (struct ph_layout_item){.kind = PH_LAYOUT_LABEL, .x = LEFT + map - 26, .y = f->y + height - 6, .width = 25, .height = 5, .points = 7,
                                   .text = PH_PRINTOUT_SCALE, .align = PH_LAYOUT_CENTRE, .fill = "#ffffff"});
    put(f, (struct ph_layout_item){.kind = PH_LAYOUT_LABEL, .x = LEFT + map, .y = f->y, .width = BREADTH - map, .height = legend_height, .text = "",
                                   .points = 8, .framed = true});
    put(f, (struct ph_layout_item){.kind = PH_LAYOUT_LEGEND, .x = LEFT + map + 1, .y = f->y + 0.5, .width = BREADTH - map - 2, .height = legend_height - 1,
                                   .text = "", .points = 7, .columns = 2, .entries = legend, .entry_count = 1});
    put(f, (struct ph_layout_item){.kind = PH_LAYOUT_LABEL, .x = LEFT + map, .y = f->y + legend_height, .width = BREADTH - map,
                                   .height = height - legend_height, .points = 8, .text = "现场照片", .align = PH_LAYOUT_CENTRE, .framed = true});
    f->y += height;
}

static void put_signatures(struct form *f, double height)
{
    static const char *const who[] = {"现场核查（签字）：\n\n\n　　　　年　　月　　日", "企业确认（签字、盖章）：\n\n\n　　　　年　　月　　日",
                                      "审核意见（签字、盖章）：\n\n\n　　　　年　　月　　日"};
    for (size_t i = 0; i < 3; i++)
        put(f, (struct ph_layout_item){.kind = PH_LAYOUT_LABEL, .x = LEFT + (double)i * BREADTH / 3, .y = f->y, .width = BREADTH / 3, .height = height,
                                       .text = who[i], .points = 8, .framed = true, .top = true});
    f->y += height;
}

/* "征缴闲置费、督促动工": the codes of the column in words. */
static const char *measures_text(struct ph_arena *arena)
{
    const struct ph_codelist *list = ph_codelist_find("measure");
    struct ph_text text;
    ph_text_init(&text, TEXT_CAP);
    ph_text_add(&text, "[% coalesce(array_to_string(array_foreach(string_to_array(\"measures\", ';'), coalesce(map_get(map(");
    for (size_t i = 0; i < list->count; i++) ph_text_addf(&text, "%s'%s', '%s'", i ? ", " : "", list->codes[i].value, list->codes[i].zh);
    ph_text_add(&text, "), @element), @element)), '、'), '补齐资料：' || \"missing\", '—') || coalesce('　闲置费 ' || format_number(\"idle_fee\", 2) || ' 万元', '') %]");
    const char *kept = text.failed ? NULL : ph_arena_text(arena, ph_text_get(&text), text.length);
    ph_text_dispose(&text);
    return kept;
}

static void put_heading(struct form *f)
{
    put(f, (struct ph_layout_item){.kind = PH_LAYOUT_LABEL, .x = LEFT, .y = f->y, .width = BREADTH, .height = 10, .text = "宗地核查表", .points = 18,
                                   .bold = true, .align = PH_LAYOUT_CENTRE});
    put(f, (struct ph_layout_item){.kind = PH_LAYOUT_LABEL, .x = LEFT, .y = f->y + 5, .width = BREADTH, .height = 5, .points = 8,
                                   .align = PH_LAYOUT_RIGHT, .text = "第 [% @atlas_featurenumber %] 张，共 [% @atlas_totalfeatures %] 张"});
    f->y += 11;
}

static void put_rules(struct form *f, double end)
{
    put(f, (struct ph_layout_item){.kind = PH_LAYOUT_TABLE, .x = LEFT, .y = f->y, .width = BREADTH, .height = end - f->y, .points = 7,
                                   .table = &rules_table});
    f->y = end;
}

static void put_footing(struct form *f)
{
    put(f, (struct ph_layout_item){.kind = PH_LAYOUT_LABEL, .x = LEFT, .y = f->y + 1, .width = BREADTH, .height = 8, .points = 6.5, .top = true,
                                   .text = "截止日 [% " PH_PRINTOUT_RUN("as_of") " %]；规则 [% " PH_PRINTOUT_RUN("rules")
                                           " %]（SHA-256 [% left(" PH_PRINTOUT_RUN("rules_sha256") ", 16) %]…）；数据 [% "
                                           PH_PRINTOUT_PARCELS " %]。“疑似”为程序核查结果，认定以主管部门认定书为准。"});
}

enum ph_status ph_printout_parcel(struct ph_arena *arena, struct ph_layout *out, struct ph_error *err)
{
    struct form f = {.items = ph_arena_alloc(arena, (6 * FACTS + 32) * sizeof *f.items), .y = 8};
    const char *measures = measures_text(arena);
    if (f.items == NULL || measures == NULL) return ph_fail_memory(err);
    put_heading(&f);
    put_facts(&f);
    put_row(&f, 8, "核查结论", "[% represent_value(\"tag\") || coalesce('，自 ' || format_date(\"idle_since\", 'yyyy-MM-dd') || ' 起 ' || \"idle_days\" || ' 天', '') %]");
    put_row(&f, 8, "建议措施", measures);
    put_pictures(&f, 88);
    put_rules(&f, 260);
    put_signatures(&f, 24);
    put_footing(&f);
    *out = (struct ph_layout){.name = "宗地核查表", .width = WIDE, .height = HIGH, .items = f.items, .item_count = f.count, .theme = PH_PRINTOUT_THEME,
                              .coverage = PH_PRINTOUT_LAYER "parcels", .condition = "\"tag\" <> 'normal'",
                              .order = "array_find(array('approved_unsupplied', 'idle', 'low_efficiency', 'unverified'), \"tag\") || coalesce(\"parcel_id\", '')",
                              .page_name = "\"parcel_id\"", .file_name = "'宗地核查表_' || lpad(@atlas_featurenumber, 4, '0')"};
    return PH_OK;
}
