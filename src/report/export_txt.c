/* Boundary-point TXT in the layout of the offices. */
#include <stdio.h>
#include <string.h>

#include "io/txt_save.h"
#include "io/txt_shape.h"
#include "model/china_zone.h"
#include "report/export_rows.h"

#define TXT_CAP ((size_t)1 << 30)
#define ITEM_CAP 4096

static const struct ph_problem_kind
    no_shape = {PH_WARNING, "export.no_shape", "在数据源里补上图形", "add the shape in the source"},
    commas = {PH_NOTE, "export.commas", "版式以逗号分隔", "the layout is separated by commas"},
    characters = {PH_WARNING, "export.characters", "改用 --encoding UTF-8", "use --encoding UTF-8"},
    finer = {PH_NOTE, "export.decimals", "与源数据一致", "as the source has them"};

/* Where each item comes from, best first. */
static const char *const sources[PH_TXT_ITEMS][3] = {
    [PH_TXT_ID] = {"parcel_id", "code", "parcel_a"}, [PH_TXT_NAME] = {"parcel_name", "name", "kind"}, [PH_TXT_SHEET] = {"图幅号"},
    [PH_TXT_USE] = {"land_use"},                     [PH_TXT_CODE] = {"地类编码"},
};

static const char *item_of(const struct ph_table *table, size_t item, size_t row)
{
    for (size_t s = 0; s < 3 && sources[item][s]; s++) {
        size_t c = ph_table_find(table, sources[item][s]);
        if (c != SIZE_MAX && table->columns[c].type == PH_TEXT) return table->columns[c].text[row] ? table->columns[c].text[row] : "";
    }
    return item == PH_TXT_KIND ? "面" : "";
}

/* Without what would part the line; true when something was changed. */
static bool fit(const char *text, struct ph_text *out)
{
    bool changed = false;
    ph_text_clear(out);
    for (const char *at = text; *at; at++) {
        bool comma = *at == ',', blank = *at == '\n' || *at == '\r';
        ph_text_add_str(out, comma ? PH_STR("，") : blank ? PH_STR(" ") : (struct ph_str){at, 1});
        changed |= comma || blank;
    }
    return changed;
}

static enum ph_status add_key(struct ph_txt *txt, const char *name, const char *value, struct ph_error *err)
{
    return ph_txt_add_key(txt, ph_str_of(name), ph_str_of(value), err);
}

/* After the plots: 精度 says how the coordinates are written. */
static enum ph_status add_head(const struct ph_export_rows *rows, const struct ph_china_zone *zone, int decimals, struct ph_txt *txt, struct ph_error *err)
{
    static const char *const systems[] = {[PH_DATUM_CGCS2000] = "2000国家大地坐标系", [PH_DATUM_XIAN80] = "1980西安坐标系",
                                          [PH_DATUM_BEIJING54] = "1954年北京坐标系"};
    char width[8], number[8], precision[16];
    snprintf(width, sizeof width, "%d", zone->width);
    snprintf(number, sizeof number, "%d", zone->number);
    snprintf(precision, sizeof precision, "0.%0*d", decimals, 1);
    PH_TRY(add_key(txt, "格式版本号", "1.01", err));
    PH_TRY(add_key(txt, "数据产生单位", "", err));
    PH_TRY(add_key(txt, "数据产生日期", rows->as_of, err));
    PH_TRY(add_key(txt, "坐标系", systems[zone->datum], err));
    PH_TRY(add_key(txt, "几度分带", width, err));
    PH_TRY(add_key(txt, "投影类型", "高斯克吕格", err));
    PH_TRY(add_key(txt, "计量单位", "米", err));
    PH_TRY(add_key(txt, "带号", number, err));
    PH_TRY(add_key(txt, "精度", precision, err));
    return add_key(txt, "转换参数", ",,,,,,", err);
}

static enum ph_status add_plots(const struct ph_export_rows *rows, struct ph_txt *txt, struct ph_problems *notes, struct ph_error *err)
{
    struct ph_text texts[PH_TXT_ITEMS];
    struct ph_str items[PH_TXT_ITEMS];
    for (size_t i = 0; i < PH_TXT_ITEMS; i++) ph_text_init(&texts[i], ITEM_CAP);
    size_t empty = 0, changed = 0;
    enum ph_status status = PH_OK;
    for (size_t row = 0; row < rows->table.rows && status == PH_OK; row++) {
        if (ph_first_part(&rows->shapes, row) == rows->shapes.shape_end[row]) {
            empty++;
            continue;
        }
        for (size_t i = 0; i < PH_TXT_ITEMS; i++) {
            changed += fit(item_of(&rows->table, i, row), &texts[i]);
            items[i] = ph_str_trim((struct ph_str){ph_text_get(&texts[i]), texts[i].length});
        }
        status = ph_txt_add_shape(txt, items, &rows->shapes, row, err);
    }
    for (size_t i = 0; i < PH_TXT_ITEMS; i++) ph_text_dispose(&texts[i]);
    if (status == PH_OK && empty) status = ph_problem_add(notes, &no_shape, "", -1, err, "%zu 行没有图形,未写入", "%zu rows have no shape and were left out", empty);
    if (status == PH_OK && changed)
        status = ph_problem_add(notes, &commas, "", -1, err, "%zu 项文字里的逗号换成了全角、换行换成了空格", "in %zu texts commas were made full-width and line breaks blanks",
                                changed);
    return status;
}

enum ph_status ph_export_txt(const struct ph_export_rows *rows, const char *path, bool gbk, struct ph_problems *notes, struct ph_error *err)
{
    struct ph_china_zone zone;
    if (!ph_china_zone_of(rows->epsg, &zone))
        return ph_fail(err, PH_E_USAGE, "界址点 TXT 只能写国家高斯—克吕格分带坐标,这个图层是 %.60s;审计时可用 --out-crs EPSG:4526 换算,或输出 .shp、.gdb",
                       "a boundary-point TXT can state the national Gauss-Krüger zones only, this layer has %.60s; audit with --out-crs EPSG:4526, or write .shp or .gdb",
                       rows->crs);
    struct ph_txt txt = {0};
    struct ph_text text;
    ph_text_init(&text, TXT_CAP);
    bool lost = false;
    enum ph_status status = add_plots(rows, &txt, notes, err);
    int decimals = ph_txt_decimals(&txt);
    if (status == PH_OK) status = add_head(rows, &zone, decimals, &txt, err);
    if (status == PH_OK) {
        ph_txt_write(&txt, decimals, &text);
        status = text.failed ? ph_fail_memory(err) : ph_txt_save(path, (struct ph_str){ph_text_get(&text), text.length}, gbk, &lost, err);
    }
    if (status == PH_OK && decimals > 3)
        status = ph_problem_add(notes, &finer, "", -1, err, "坐标写到小数 %d 位", "coordinates have %d decimals", decimals);
    if (status == PH_OK && lost) status = ph_problem_add(notes, &characters, "", -1, err, "有 GBK 没有的字", "there are characters that GBK does not have");
    ph_text_dispose(&text);
    ph_txt_dispose(&txt);
    return status;
}
