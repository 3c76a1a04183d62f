/* Shapefile with the national codes for names and a list of what they mean; FileGDB with aliases and coded values. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/unit.h"
#include "io/txt_save.h"
#include "io/vector.h"
#include "model/field.h"
#include "report/export_rows.h"

enum { DBF_NAME = 11, LIST_CAP = 1 << 20 };

static const struct ph_problem_kind
    cut = {PH_WARNING, "export.cut", "全文见 GeoPackage,或输出 .gdb", "the GeoPackage has them whole; so has a .gdb"},
    characters = {PH_WARNING, "export.characters", "改用 --encoding UTF-8,或输出 .gdb", "use --encoding UTF-8, or write a .gdb"};

/* Names of the columns that an audit adds; those of the canonical fields are the first of their other names. */
static const char *const audit_names[][2] = {
    {"ellipsoid_m2", "TQMJ"},   {"plane_m2", "TXMJ"},   {"area_m2", "CYMJ"},      {"area_mu", "MJMU"},    {"area_diff_m2", "MJC"},
    {"area_diff_ppm", "MJCPPM"}, {"area_basis", "MJYJ"}, {"tag", "ZYBQ"},          {"tags", "BQLB"},       {"rules", "MZGZ"},
    {"reason", "YJSM"},         {"basis", "YJTW"},      {"missing", "QSZD"},      {"alerts", "YJTX"},     {"idle_since", "XZQSR"},
    {"idle_days", "XZTS"},      {"idle_fee", "XZF"},    {"measures", "CZCS"},     {"grade", "PJ"},        {"score", "DF"},
    {"src_fid", "YYSH"},        {"source", "LY"},       {"enterprise_fid", "QYXH"}, {"code", "TYDM"},     {"name", "QYMC"},
    {"response", "DDCS"},       {"rank", "PM"},         {"kind", "LX"},           {"parcel_a", "ZDJ"},    {"parcel_b", "ZDY"},
    {"message", "SM"},          {"图幅号", "TFH"},      {"地类编码", "DLBM"},     {"声明面积(公顷)", "SMMJ"}, {"数据产生单位", "SCDW"},
    {"数据产生日期", "SCRQ"},   {"来源文件", "LYWJ"},   {"备注", "BZ"},
};

static const struct ph_field *canonical(const char *name)
{
    for (size_t i = 0; i < ph_parcel_fields.count; i++)
        if (strcmp(ph_parcel_fields.items[i].name, name) == 0) return &ph_parcel_fields.items[i];
    return NULL;
}

static bool plain(const char *name)
{
    size_t n = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
    return n > 0 && name[n] == '\0' && n < DBF_NAME && !(name[0] >= '0' && name[0] <= '9');
}

/* What the column would be called; "" for nothing fit. */
static void propose(const char *name, char out[DBF_NAME])
{
    const struct ph_field *field = canonical(name);
    out[0] = '\0';
    if (field) snprintf(out, DBF_NAME, "%.*s", (int)strcspn(field->aliases, "|"), field->aliases);
    for (size_t i = 0; !field && i < sizeof audit_names / sizeof *audit_names; i++)
        if (strcmp(audit_names[i][0], name) == 0) snprintf(out, DBF_NAME, "%s", audit_names[i][1]);
    if (out[0] == '\0' && plain(name)) snprintf(out, DBF_NAME, "%s", name);
}

/* Ten ASCII letters each, no two the same without regard to case. */
static void name_fields(const struct ph_table *table, char (*names)[DBF_NAME])
{
    for (size_t c = 0, made = 0; c < table->column_count; c++) {
        propose(table->columns[c].name, names[c]);
        for (size_t k = 0; k <= c; k++) {
            if (names[c][0] && (k == c || ph_text_compare_nocase(names[k], names[c]) != 0)) continue;
            snprintf(names[c], DBF_NAME, "F%zu", ++made);
            k = (size_t)-1; /* from the start once more */
        }
    }
}

/* The unit that a title ends in, in parentheses. */
static struct ph_str unit_of(const struct ph_column *column)
{
    const struct ph_field *field = canonical(column->name);
    if (field) return ph_str_of(ph_unit_kept(field->quantity));
    const char *title = column->title ? column->title : column->name, *open = strrchr(title, '(');
    return open ? (struct ph_str){open + 1, strcspn(open + 1, ")")} : (struct ph_str){"", 0};
}

static enum ph_status write_list(const struct ph_table *table, char (*names)[DBF_NAME], const char *path, struct ph_error *err)
{
    static const char *const types[] = {[PH_TEXT] = "文本", [PH_REAL] = "数值", [PH_INT] = "整数", [PH_DATE] = "日期"};
    struct ph_text text;
    ph_text_init(&text, LIST_CAP);
    ph_text_add(&text, "\xEF\xBB\xBF字段\t中文名\t类型\t单位\tGeoPackage 列\r\n");
    for (size_t c = 0; c < table->column_count; c++) {
        const struct ph_column *column = &table->columns[c];
        struct ph_str unit = unit_of(column);
        const char *title = column->title ? column->title : column->name;
        ph_text_addf(&text, "%s\t%.*s\t%s\t%.*s\t%s\r\n", names[c], column->title ? (int)strcspn(title, "(") : (int)strlen(title), title, types[column->type],
                     (int)unit.length, unit.at, column->name);
    }
    enum ph_status status = text.failed ? ph_fail_memory(err) : ph_txt_save(path, (struct ph_str){ph_text_get(&text), text.length}, false, NULL, err);
    ph_text_dispose(&text);
    return status;
}

static enum ph_status tell_losses(const struct ph_vector_losses *lost, struct ph_problems *notes, struct ph_error *err)
{
    if (lost->cut)
        PH_TRY(ph_problem_add(notes, &cut, "", -1, err, "%zu 处文字超过 254 字节,已截断(如 %s)", "%zu texts are longer than 254 bytes and were cut (in %s for one)",
                              lost->cut, lost->column));
    if (lost->characters)
        PH_TRY(ph_problem_add(notes, &characters, "", -1, err, "%zu 处文字有 GBK 没有的字(如 %s)", "%zu texts have characters that GBK does not have (in %s for one)",
                              lost->characters, lost->column));
    return PH_OK;
}

static enum ph_status write_shp(const struct ph_export_rows *rows, char (*names)[DBF_NAME], const char *path, const char *name, bool gbk,
                                struct ph_problems *notes, struct ph_error *err)
{
    size_t count = rows->table.column_count;
    const char **pointers = malloc((count + 1) * sizeof *pointers);
    char file[4096];
    struct ph_vector_losses lost;
    if (pointers == NULL) return ph_fail_memory(err);
    for (size_t c = 0; c < count; c++) pointers[c] = names[c];
    snprintf(file, sizeof file, "%s/%s.shp", path, name);
    struct ph_vector_layer layer = {.format = PH_VECTOR_SHP, .path = file, .name = name, .crs = rows->crs, .gbk = gbk, .table = &rows->table,
                                    .shapes = &rows->shapes, .names = pointers};
    enum ph_status status = ph_vector_write(&layer, &lost, err);
    free(pointers);
    PH_TRY(status);
    if (gbk) { /* for programs that do not look at the language byte */
        snprintf(file, sizeof file, "%s/%s.cpg", path, name);
        PH_TRY(ph_txt_save(file, PH_STR("936"), false, NULL, err));
    }
    snprintf(file, sizeof file, "%s/%s.fields.txt", path, name);
    PH_TRY(write_list(&rows->table, names, file, err));
    return tell_losses(&lost, notes, err);
}

enum ph_status ph_export_shp(const struct ph_export_rows *rows, const char *path, const char *name, bool gbk, struct ph_problems *notes,
                             struct ph_error *err)
{
    char(*names)[DBF_NAME] = calloc(rows->table.column_count + 1, sizeof *names);
    if (names == NULL) return ph_fail_memory(err);
    name_fields(&rows->table, names);
    enum ph_status status = write_shp(rows, names, path, name, gbk, notes, err);
    free(names);
    return status;
}

enum ph_status ph_export_gdb(const struct ph_export_rows *rows, const char *path, const char *name, struct ph_problems *notes, struct ph_error *err)
{
    size_t count = rows->table.column_count;
    const char **names = malloc((count + 1) * sizeof *names);
    struct ph_vector_losses lost;
    if (names == NULL) return ph_fail_memory(err);
    for (size_t c = 0; c < count; c++) names[c] = rows->table.columns[c].name;
    struct ph_vector_layer layer = {.format = PH_VECTOR_GDB, .path = path, .name = name, .crs = rows->crs, .table = &rows->table,
                                    .shapes = &rows->shapes, .names = names, .lists = rows->lists};
    enum ph_status status = ph_vector_write(&layer, &lost, err);
    free(names);
    PH_TRY(status);
    return tell_losses(&lost, notes, err);
}
