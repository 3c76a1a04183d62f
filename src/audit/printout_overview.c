/* A3: the whole park with its figures and where they come from. */
#include "audit/printout.h"

#define WIDE 420.0
#define HIGH 297.0
#define SIDE 284.0        /* where the column beside the map begins */
#define SIDE_WIDTH 126.0

static const struct ph_layout_column totals[] = {
    {"项目", "represent_value(\"topic\")", 22, PH_LAYOUT_LEFT},
    {"名称", "coalesce(\"label\", \"code\")", 40, PH_LAYOUT_LEFT},
    {"宗地", "coalesce(to_string(\"parcels\"), '')", 14, PH_LAYOUT_RIGHT},
    {"企业", "coalesce(to_string(\"enterprises\"), '')", 14, PH_LAYOUT_RIGHT},
    {"面积（亩）", "format_number(\"area_mu\", 2)", 18, PH_LAYOUT_RIGHT},
    {"面积（公顷）", "format_number(\"area_m2\" / 10000, 4)", 18, PH_LAYOUT_RIGHT},
};

static const struct ph_layout_table totals_table = {
    .layer = PH_PRINTOUT_LAYER "totals", .condition = "\"topic\" IN ('all', 'tag', 'measure', 'grade', 'land')", .columns = totals,
    .column_count = sizeof totals / sizeof *totals};

static const struct ph_layout_column sources[] = {
    {"来源", "regexp_replace(\"key\", '^input[.][a-z0-9.]*sha256[.]', '')", 30, PH_LAYOUT_LEFT},
    {"SHA-256", "\"value\"", 96, PH_LAYOUT_LEFT},
};

static const struct ph_layout_table sources_table = {
    .layer = PH_PRINTOUT_LAYER "run", .condition = "\"key\" LIKE '%sha256%'", .columns = sources, .column_count = sizeof sources / sizeof *sources,
    .more_pages = 1};

static const struct ph_layout_entry entries[] = {{PH_PRINTOUT_LAYER "parcels", "宗地（宗数）"}};

static const struct ph_layout_item items[] = {
    {.kind = PH_LAYOUT_LABEL, .x = 10, .y = 8, .width = 400, .height = 11, .text = "园区土地盘活审计总图", .points = 24, .bold = true, .align = PH_LAYOUT_CENTRE},
    {.kind = PH_LAYOUT_LABEL, .x = 10, .y = 20, .width = 400, .height = 6, .points = 9, .align = PH_LAYOUT_CENTRE,
     .text = "截止日 [% " PH_PRINTOUT_RUN("as_of") " %]　规则 [% " PH_PRINTOUT_RUN("rules_title") " %]　比例尺 " PH_PRINTOUT_SCALE "　坐标系 [% " PH_PRINTOUT_RUN("crs_name") " %]（[% " PH_PRINTOUT_RUN("crs") " %]）"},
    {.kind = PH_LAYOUT_MAP, .x = 14, .y = 28, .width = 266, .height = 232, .framed = true, .grid = true, .fill = "#ffffff"},
    {.kind = PH_LAYOUT_NORTH, .x = 260, .y = 32, .width = 16, .height = 18},
    {.kind = PH_LAYOUT_SCALE_BAR, .x = 17, .y = 248, .width = 80, .height = 10, .points = 8, .fill = "#ffffff"},
    {.kind = PH_LAYOUT_LEGEND, .x = SIDE, .y = 28, .width = 60, .height = 50, .text = "图例", .points = 9, .entries = entries, .entry_count = 1},
    {.kind = PH_LAYOUT_TABLE, .x = SIDE, .y = 80, .width = SIDE_WIDTH, .height = 150, .points = 7.5, .table = &totals_table},
    {.kind = PH_LAYOUT_TABLE, .x = SIDE, .y = 236, .width = SIDE_WIDTH, .height = 42, .points = 5.5, .table = &sources_table},
    {.kind = PH_LAYOUT_LABEL, .x = 14, .y = 266, .width = 266, .height = 22, .points = 8, .framed = true, .top = true,
     .text = "[% " PH_PRINTOUT_RUN("statement_zh") " %]"},
    {.kind = PH_LAYOUT_LABEL, .x = SIDE, .y = 280, .width = SIDE_WIDTH, .height = 8, .points = 9, .framed = true,
     .text = "制图：　　　　　　　　审核：　　　　　　　　日期：　　　　年　　月　　日"},
};

void ph_printout_overview(struct ph_layout *out)
{
    *out = (struct ph_layout){.name = "总图", .width = WIDE, .height = HIGH, .items = items, .item_count = sizeof items / sizeof *items, .theme = "三类土地"};
}
