#include "io/workbook.h"

#include <stdlib.h>
#include <string.h>

#include "io/csv.h"
#include "io/file.h"
#include "io/ods.h"
#include "io/package.h"
#include "io/xlsx.h"

#define FILE_CAP ((size_t)1 << 30)

bool ph_workbook_expected(const char *path)
{
    static const char *const endings[] = {".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".tsv", ".txt"};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++)
        if (ph_text_compare_nocase(dot, endings[i]) == 0) return true;
    return false;
}

static bool starts(struct ph_str bytes, const char *head, size_t length)
{
    return bytes.length >= length && memcmp(bytes.at, head, length) == 0;
}

static enum ph_status open_package(struct ph_workbook *w, struct ph_error *err)
{
    if (ph_package_has(w, "xl/_rels/workbook.xml.rels")) return ph_xlsx_open(w, err);
    if (ph_package_has(w, "content.xml")) return ph_ods_open(w, err);
    ph_fail(err, PH_E_INPUT, "是压缩包,却不是完好的 xlsx 或 ods;请用 Excel 或 WPS 打开后另存为 .xlsx",
            "a zip file, but no xlsx or ods that is whole; open it in Excel or WPS and save it as .xlsx");
    return ph_at_file(err, w->path), PH_E_INPUT;
}

enum ph_status ph_workbook_open(const char *path, const char *encoding, struct ph_workbook *w, struct ph_error *err)
{
    w->path = ph_arena_text(&w->arena, path, strlen(path));
    if (w->path == NULL) return ph_fail_memory(err);
    PH_TRY(ph_file_read(path, FILE_CAP, &w->bytes, err));
    if (starts(w->bytes, "PK\3\4", 4) || starts(w->bytes, "PK\5\6", 4)) {
        ph_file_free(&w->bytes);
        return open_package(w, err);
    }
    if (starts(w->bytes, "\xD0\xCF\x11\xE0", 4))
        ph_fail(err, PH_E_INPUT, "是旧版 .xls 或加了密码的表;请用 Excel 或 WPS 另存为不加密的 .xlsx",
                "an old .xls, or a table under a password; save it in Excel or WPS as .xlsx without one");
    else if (starts(w->bytes, "<", 1))
        ph_fail(err, PH_E_INPUT, "是网页,不是表;请用 Excel 或 WPS 打开后另存为 .xlsx", "a web page, no table; open it in Excel or WPS and save it as .xlsx");
    else
        return ph_csv_open(w, encoding, err);
    return ph_at_file(err, path), PH_E_INPUT;
}

enum ph_status ph_workbook_read(struct ph_workbook *w, size_t sheet, struct ph_grid *grid, struct ph_problems *problems, struct ph_error *err)
{
    if (strcmp(w->driver, "XLSX") == 0) return ph_xlsx_read(w, sheet, grid, err);
    if (strcmp(w->driver, "ODS") == 0) return ph_ods_read(w, sheet, grid, err);
    return ph_csv_read(w, grid, problems, err);
}

void ph_workbook_dispose(struct ph_workbook *w)
{
    ph_arena_dispose(&w->arena);
    ph_file_free(&w->bytes);
    free(w->shared);
    free(w->formats);
    memset(w, 0, sizeof *w);
}
