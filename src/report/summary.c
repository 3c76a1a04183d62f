#include "report/summary.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/number.h"

#define CHART_ROWS 16
#define ONE_PAGE 70 /* rows that can still be read on one */
#define THREE 3 /* the first tags: 批而未供, 闲置, 低效 */

enum { NAME, PARCELS, ENTERPRISES, AREA, MU, MORE, CHECK, COLUMNS };

/* One row of the table `totals`. */
struct total {
    const char *topic, *code, *label;
    int64_t parcels, enterprises, area_dm2;
    double factory_m2;
};

struct summary {
    struct ph_arena arena;
    struct ph_sheet *sheet;
    const struct ph_listed *lists;
    struct total *totals;
    size_t count, capacity;
    int64_t all_dm2;
    unsigned next_chart;
};

/* What of a block's rows adds up besides the land: nothing at all, the land alone, the parcels, the enterprises. What does not
 * is in several rows. */
enum adding { ADDS_NOTHING, ADDS_LAND, ADDS_PARCELS, ADDS_ENTERPRISES };

struct block {
    const char *heading, *topic, *titles[COLUMNS];
    enum { FOR_NOTHING, FOR_SHARE, FOR_FACTORY } more;
    enum adding adding;
    const char *chart; /* title; NULL: none */
    size_t drawn;      /* column */
};

static const struct block tags = {"土地分类", "tag", {"类别", "宗数", "企业数", "面积(㎡)", "面积(亩)", "占全部面积", "与清单核对"}, FOR_SHARE, ADDS_PARCELS,
                                  "批而未供、闲置、低效与待核查土地(亩)", MU};
static const struct block measures = {"盘活措施（统计期内）", "measure", {"措施", "宗数", "企业数", "面积(㎡)", "面积(亩)", "标准厂房(㎡)", ""}, FOR_FACTORY, ADDS_NOTHING,
                                      "各项措施盘活土地(亩)", MU};
static const struct block grades = {"亩均效益评价", "grade", {"评级", "宗数", "企业数", "用地面积(㎡)", "用地面积(亩)", "", ""}, FOR_NOTHING, ADDS_ENTERPRISES,
                                    "各级企业(家)", ENTERPRISES};
static const struct block owned = {"土地归属", "land", {"归属", "宗数", "企业数", "面积(㎡)", "面积(亩)", "占全部面积", ""}, FOR_SHARE, ADDS_LAND, NULL, 0};
static const struct block land_uses = {"土地用途", "land_use", {"用途", "宗数", "企业数", "面积(㎡)", "面积(亩)", "占全部面积", ""}, FOR_SHARE, ADDS_PARCELS, NULL, 0};

struct ph_sheet *ph_summary_add(struct ph_book *book)
{
    static const double widths[COLUMNS] = {[NAME] = 18, [PARCELS] = 10, [ENTERPRISES] = 10, [AREA] = 17, [MU] = 14, [MORE] = 14, [CHECK] = 12};
    return ph_book_add(book, "汇总表", widths, COLUMNS);
}

static const char *keep(struct summary *s, const char *text)
{
    const char *kept = ph_arena_text(&s->arena, text ? text : "", text ? strlen(text) : 0);
    return kept ? kept : "";
}

static enum ph_status load(struct ph_gpkg_reader *audit, struct summary *s, struct ph_error *err)
{
    static const char *const columns[] = {"topic", "code", "label", "parcels", "enterprises", "area_m2", "factory_m2"};
    struct ph_query *q = NULL;
    bool row = true;
    PH_TRY(ph_query_columns(audit, "totals", columns, sizeof columns / sizeof *columns, "ORDER BY fid", &q, err));
    enum ph_status status = ph_query_next(q, &row, err);
    for (; status == PH_OK && row; status = ph_query_next(q, &row, err)) {
        if (s->count == s->capacity) {
            size_t capacity = s->capacity ? 2 * s->capacity : 64;
            struct total *grown = realloc(s->totals, capacity * sizeof *grown);
            if (grown == NULL) {
                status = ph_fail_memory(err);
                break;
            }
            s->totals = grown;
            s->capacity = capacity;
        }
        struct total *t = &s->totals[s->count++];
        *t = (struct total){keep(s, ph_query_text(q, 0)), keep(s, ph_query_text(q, 1)), keep(s, ph_query_text(q, 2)), ph_query_int(q, 3),
                            ph_query_int(q, 4), ph_dm2_from_m2(ph_query_real(q, 5)), ph_query_real(q, 6)};
        if (strcmp(t->topic, "all") == 0 && strcmp(t->code, "all") == 0) s->all_dm2 = t->area_dm2;
    }
    ph_query_close(q);
    return status;
}

/* ---- cells ---- */

static void write_count(const struct summary *s, size_t column, int64_t count)
{
    ph_cell_number(s->sheet, column, PH_KIND_COUNT, count == INT64_MIN ? (double)NAN : (double)count);
}

static void write_empty(const struct summary *s, size_t from, size_t to)
{
    for (size_t i = from; i <= to; i++) ph_cell_text(s->sheet, i, PH_KIND_TEXT, NULL);
}

/* Mu and share, from the area in the row. */
static void write_derived(const struct summary *s, int64_t area_dm2, bool share, unsigned all_row)
{
    unsigned row = ph_sheet_row(s->sheet);
    ph_cell_formula(s->sheet, MU, PH_KIND_NUMBER, ph_mu_from_dm2(area_dm2), "=D%u*3/2000", row);
    if (share)
        ph_cell_formula(s->sheet, MORE, PH_KIND_SHARE, s->all_dm2 ? (double)area_dm2 / (double)s->all_dm2 : 0, "=IF(D%u=0,0,D%u/D%u)", all_row, row,
                        all_row);
}

/* Holds the list of this tag, if there is one, against its total, and writes the same check as a formula. */
static enum ph_status write_check(const struct summary *s, const struct total *total, struct ph_error *err)
{
    const struct ph_listed *l = NULL;
    for (size_t i = 0; i < PH_LISTS; i++) {
        const char *tag = ph_list_tag((enum ph_list)i);
        if (s->lists[i].name && tag && strcmp(total->topic, "tag") == 0 && strcmp(tag, total->code) == 0) l = &s->lists[i];
    }
    if (l == NULL) {
        write_empty(s, CHECK, CHECK);
        return PH_OK;
    }
    if ((int64_t)l->rows != total->parcels || l->area_dm2 != total->area_dm2)
        return ph_fail(err, PH_E_SUMS, "“%s”有 %zu 宗 %" PRId64 ".%02d ㎡,与 totals 表不符:写出后被改过;请重新审计",
                       "'%s' has %zu parcels, %" PRId64 ".%02d m², unlike the table totals: it was changed since it was written; audit again", l->name,
                       l->rows, l->area_dm2 / 100, (int)(l->area_dm2 % 100));
    unsigned row = ph_sheet_row(s->sheet);
    ph_cell_formula_text(s->sheet, CHECK, "一致", "=IF(AND(COUNT('%s'!%c%u:%c%u)=B%u,ROUND('%s'!%c%u-D%u,2)=0),\"一致\",\"不一致\")", l->name,
                         l->count_column, l->first, l->count_column, l->last, row, l->name, l->area_column, l->last + 1, row);
    return PH_OK;
}

/* ---- blocks ---- */

/* Whether a row is shown: a measure that nobody took is not. */
static bool shown(const struct block *block, const struct total *t)
{
    return strcmp(t->topic, block->topic) == 0 && (block->more != FOR_FACTORY || t->parcels > 0);
}

static enum ph_status write_row(const struct summary *s, const struct block *block, const struct total *t, unsigned all_row, struct ph_error *err)
{
    bool land = t->area_dm2 != INT64_MIN;
    write_empty(s, NAME, CHECK);
    ph_cell_text(s->sheet, NAME, PH_KIND_TEXT, *t->label ? t->label : t->code);
    write_count(s, PARCELS, t->parcels);
    write_count(s, ENTERPRISES, t->enterprises);
    if (land) ph_cell_number(s->sheet, AREA, PH_KIND_NUMBER, (double)t->area_dm2 / 100);
    if (land) write_derived(s, t->area_dm2, block->more == FOR_SHARE, all_row);
    if (block->more == FOR_FACTORY) ph_cell_number(s->sheet, MORE, PH_KIND_NUMBER, t->factory_m2 > 0 ? t->factory_m2 : (double)NAN);
    PH_TRY(write_check(s, t, err));
    ph_sheet_next(s->sheet);
    return PH_OK;
}

/* The rows from..to added up. */
static void write_sum(const struct summary *s, const struct block *block, const char *name, const struct total *sum, unsigned from, unsigned to,
                      unsigned all_row)
{
    ph_sheet_total(s->sheet);
    write_empty(s, NAME, CHECK);
    ph_cell_text(s->sheet, NAME, PH_KIND_TEXT, name);
    if (block->adding == ADDS_PARCELS) {
        ph_cell_formula(s->sheet, PARCELS, PH_KIND_COUNT, (double)sum->parcels, "=SUM(B%u:B%u)", from, to);
        write_count(s, ENTERPRISES, sum->enterprises);
    }
    if (block->adding == ADDS_ENTERPRISES)
        ph_cell_formula(s->sheet, ENTERPRISES, PH_KIND_COUNT, (double)sum->enterprises, "=SUM(C%u:C%u)", from, to);
    ph_cell_formula(s->sheet, AREA, PH_KIND_NUMBER, (double)sum->area_dm2 / 100, "=SUM(D%u:D%u)", from, to);
    write_derived(s, sum->area_dm2, block->more == FOR_SHARE, all_row);
    ph_sheet_next(s->sheet);
}

static void add(struct total *sum, const struct total *t)
{
    if (t->parcels != INT64_MIN) sum->parcels += t->parcels;
    if (t->area_dm2 != INT64_MIN) sum->area_dm2 += t->area_dm2;
    if (t->enterprises != INT64_MIN) sum->enterprises += t->enterprises;
}

/* The first rows of a block as bars. */
static void draw(struct summary *s, const struct block *block, unsigned head, size_t rows)
{
    double largest = 0;
    size_t done = 0;
    for (size_t i = 0; i < s->count; i++) {
        const struct total *t = &s->totals[i];
        if (!shown(block, t) || done++ >= rows) continue;
        largest = fmax(largest, block->drawn == MU ? ph_mu_from_dm2(t->area_dm2) : (double)t->enterprises);
    }
    unsigned at = head > s->next_chart ? head : s->next_chart;
    const struct ph_bars bars = {.title = block->chart, .names = NAME, .values = block->drawn, .largest = largest, .from = head + 1,
                                 .kind = block->drawn == MU ? PH_KIND_NUMBER : PH_KIND_COUNT, .to = head + (unsigned)rows, .at = at};
    ph_sheet_bars(s->sheet, &bars);
    s->next_chart = at + CHART_ROWS;
}

/* enterprises: distinct ones of the whole block and of its first three rows. */
static enum ph_status write_block(struct summary *s, const struct block *block, int64_t enterprises, int64_t of_three, struct ph_error *err)
{
    size_t rows = 0;
    for (size_t i = 0; i < s->count; i++) rows += shown(block, &s->totals[i]);
    if (rows == 0) return PH_OK;
    ph_sheet_banner(s->sheet, PH_BANNER_SECTION, block->heading);
    unsigned head = ph_sheet_row(s->sheet), all_row = head + 1 + (unsigned)rows;
    ph_sheet_head(s->sheet, block->titles, false);
    struct total sum = {0}, three = {0};
    size_t done = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (!shown(block, &s->totals[i])) continue;
        PH_TRY(write_row(s, block, &s->totals[i], all_row, err));
        add(&sum, &s->totals[i]);
        if (done++ < THREE) add(&three, &s->totals[i]);
    }
    if (block->adding == ADDS_PARCELS) sum.enterprises = enterprises;
    three.enterprises = of_three;
    if (block->adding != ADDS_NOTHING) write_sum(s, block, "合计", &sum, head + 1, head + (unsigned)rows, all_row);
    if (block == &tags) write_sum(s, block, "其中：三类土地", &three, head + 1, head + THREE, all_row);
    if (block->chart) draw(s, block, head, rows - (block == &tags)); /* the normal ones would dwarf the rest */
    return PH_OK;
}

static enum ph_status write_overlaps(const struct summary *s, struct ph_error *err)
{
    static const struct block overlaps = {.heading = "重叠", .topic = "all", .titles = {"项目", "宗数", "企业数", "面积(㎡)", "面积(亩)", "", ""}};
    ph_sheet_banner(s->sheet, PH_BANNER_SECTION, overlaps.heading);
    ph_sheet_head(s->sheet, overlaps.titles, false);
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->totals[i].topic, overlaps.topic) == 0) PH_TRY(write_row(s, &overlaps, &s->totals[i], 0, err));
    return PH_OK;
}

/* How many different enterprises hold the parcels of the three kinds. */
static enum ph_status count_holders(struct ph_gpkg_reader *audit, int64_t *count, struct ph_error *err)
{
    static const char *const columns[] = {"(count(DISTINCT holder_code))"};
    struct ph_query *q = NULL;
    bool row = false;
    PH_TRY(ph_query_columns(audit, "parcels", columns, 1, "WHERE tag IN ('approved_unsupplied', 'idle', 'low_efficiency')", &q, err));
    enum ph_status status = ph_query_next(q, &row, err);
    *count = ph_query_int(q, 0);
    ph_query_close(q);
    return status;
}

static enum ph_status write_all(struct ph_gpkg_reader *audit, struct summary *s, struct ph_error *err)
{
    int64_t of_three, enterprises = INT64_MIN;
    PH_TRY(count_holders(audit, &of_three, err));
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->totals[i].topic, "all") == 0 && strcmp(s->totals[i].code, "all") == 0) enterprises = s->totals[i].enterprises;
    const struct block *const blocks[] = {&tags, &measures, &grades, &owned, &land_uses};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) PH_TRY(write_block(s, blocks[i], enterprises, of_three, err));
    PH_TRY(write_overlaps(s, err));
    ph_sheet_banner(s->sheet, PH_BANNER_NOTE,
                    "注：1亩=2000/3㎡。亩数由平方米换算，保留全值，显示时取两位，各行显示值之和与合计可差0.01。企业按统一社会信用代码去重，"
                    "一家企业的宗地可属多类，各行之和可大于合计；同一宗地可有多项措施，措施不加合计。");
    if (ph_sheet_row(s->sheet) <= ONE_PAGE) ph_sheet_one_page(s->sheet);
    return PH_OK;
}

enum ph_status ph_summary_write(struct ph_gpkg_reader *audit, struct ph_sheet *sheet, const char *heading, const char *statement,
                                const struct ph_listed *lists, struct ph_error *err)
{
    struct summary s = {.sheet = sheet, .lists = lists};
    ph_sheet_banner(sheet, PH_BANNER_TITLE, "土地盘活审计汇总表");
    ph_sheet_banner(sheet, PH_BANNER_NOTE, heading);
    if (statement) ph_sheet_banner(sheet, PH_BANNER_NOTE, statement);
    enum ph_status status = load(audit, &s, err);
    if (status == PH_OK) status = write_all(audit, &s, err);
    free(s.totals);
    ph_arena_dispose(&s.arena);
    return status;
}
