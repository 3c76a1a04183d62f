/* From the request to the file in its place. */
#include "panhuo/export.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "io/target.h"
#include "report/export_rows.h"

struct ph_export_result {
    struct ph_problems problems; /* keeps the notes' texts */
    struct ph_export_summary summary;
};

enum format { TXT, SHP, GDB, FORMATS };

static enum ph_status choose_format(const struct ph_export_request *q, enum format *format, bool *gbk, struct ph_error *err)
{
    static const char *const suffixes[FORMATS] = {".txt", ".shp", ".gdb"};
    size_t length = strlen(q->output);
    *format = FORMATS;
    for (int i = 0; i < FORMATS; i++)
        if (length > 4 && ph_text_compare_nocase(q->output + length - 4, suffixes[i]) == 0) *format = (enum format)i;
    if (*format == FORMATS)
        return ph_fail(err, PH_E_USAGE, "不能输出为“%.300s”;文件名应以 .txt、.shp 或 .gdb 结尾", "'%.300s' cannot be written; its name must end in .txt, .shp or .gdb", q->output);
    const char *encoding = q->encoding;
    bool utf8 = encoding && ph_text_compare_nocase(encoding, "UTF-8") == 0;
    *gbk = encoding ? !utf8 : *format == SHP;
    if (encoding && (*format == GDB || !(utf8 || ph_text_compare_nocase(encoding, "GBK") == 0)))
        return ph_fail(err, PH_E_USAGE, "encoding 应为 GBK 或 UTF-8,用于 .txt 和 .shp", "encoding takes GBK or UTF-8, for .txt and .shp");
    return PH_OK;
}

static enum ph_status write_rows(const struct ph_export_request *q, enum format format, bool gbk, const struct ph_export_rows *rows, const char *part,
                                 struct ph_problems *notes, struct ph_error *err)
{
    char name[256];
    const char *slash = strrchr(q->output, '/'), *base = slash ? slash + 1 : q->output;
    snprintf(name, sizeof name, "%.*s", (int)strlen(base) - 4, base);
    if (format == TXT) return ph_export_txt(rows, part, gbk, notes, err);
    if (format == GDB) return ph_export_gdb(rows, part, q->layer ? q->layer : "parcels", notes, err);
    PH_TRY(ph_target_make_folder(part, err));
    return ph_export_shp(rows, part, name, gbk, notes, err);
}

/* Under another name beside it, then in its place. */
static enum ph_status write_file(const struct ph_export_request *q, enum format format, bool gbk, const struct ph_export_rows *rows, struct ph_problems *notes,
                                 struct ph_error *err)
{
    char part[PH_TARGET_PATH_CAP + 16];
    snprintf(part, sizeof part, format == GDB ? "%s.part.gdb" : "%s.part", q->output);
    ph_target_remove_folder(part); /* what an end by force left */
    enum ph_status status = write_rows(q, format, gbk, rows, part, notes, err);
    if (status == PH_OK && format == TXT) return ph_target_publish(part, q->output, err);
    if (status == PH_OK && format == GDB) return ph_target_publish_folder(part, q->output, err);
    if (status == PH_OK) return ph_target_publish_files(part, q->output, err);
    if (format == TXT) unlink(part);
    ph_target_remove_folder(part);
    if (err && strncmp(err->file, part, strlen(part)) == 0) snprintf(err->file, sizeof err->file, "%.500s", q->output);
    return status;
}

static enum ph_status list_notes(struct ph_export_result *result, struct ph_error *err)
{
    const struct ph_problems *p = &result->problems;
    struct ph_export_note *notes = ph_arena_alloc(&result->problems.arena, (p->count + 1) * sizeof *notes);
    if (notes == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < p->count; i++) notes[i] = (struct ph_export_note){p->items[i].zh, p->items[i].en, p->items[i].hint_zh, p->items[i].hint_en};
    result->summary.notes = notes;
    result->summary.note_count = p->count;
    return PH_OK;
}

/* The files that a shapefile consists of. */
static enum ph_status check_companions(const struct ph_export_request *q, struct ph_error *err)
{
    static const char *const suffixes[] = {"shx", "dbf", "prj", "cpg", "fields.txt"};
    char name[PH_TARGET_PATH_CAP + 16];
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        snprintf(name, sizeof name, "%.*s%s", (int)(strlen(q->output) - 3), q->output, suffixes[i]);
        PH_TRY(ph_target_check(name, q->overwrite != 0, err));
    }
    return PH_OK;
}

static size_t written(const struct ph_export_rows *rows, enum format format)
{
    size_t count = 0;
    for (size_t row = 0; row < rows->table.rows; row++) count += format != TXT || ph_first_part(&rows->shapes, row) < rows->shapes.shape_end[row];
    return count;
}

static enum ph_status run(const struct ph_export_request *q, struct ph_export_result *result, struct ph_error *err)
{
    enum format format;
    bool gbk = false;
    PH_TRY(choose_format(q, &format, &gbk, err));
    PH_TRY(ph_target_check_input(q->output, q->audit, err));
    PH_TRY(format == GDB ? ph_target_check_folder(q->output, "gdb", q->overwrite != 0, err) : ph_target_check(q->output, q->overwrite != 0, err));
    if (format == SHP) PH_TRY(check_companions(q, err));
    struct ph_gpkg_reader *audit = NULL;
    struct ph_export_rows rows = {0};
    enum ph_status status = ph_gpkg_open(q->audit, &audit, err);
    if (status == PH_OK) status = ph_export_read(audit, q->layer ? q->layer : "parcels", q->where, &rows, err);
    ph_gpkg_close(audit);
    if (status == PH_E_INPUT) ph_at_file(err, q->audit);
    if (status == PH_OK) status = write_file(q, format, gbk, &rows, &result->problems, err);
    result->summary.rows = written(&rows, format);
    ph_export_rows_dispose(&rows);
    return status == PH_OK ? list_notes(result, err) : status;
}

enum ph_status ph_export_run(const struct ph_export_request *request, struct ph_export_result **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_export_result *result = calloc(1, sizeof *result);
    if (result == NULL) return ph_fail_memory(err);
    enum ph_status status = run(request, result, err);
    if (status != PH_OK) {
        ph_export_result_free(result);
        return status;
    }
    *out = result;
    return PH_OK;
}

const struct ph_export_summary *ph_export_result_summary(const struct ph_export_result *result)
{
    return &result->summary;
}

void ph_export_result_free(struct ph_export_result *result)
{
    if (result) ph_problems_dispose(&result->problems);
    free(result);
}
