/* The way in: the suffix of the output chooses the writer; the file takes its name when it is whole. */
#include "panhuo/report.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "io/gpkg_read.h"
#include "io/target.h"
#include "report/html.h"
#include "report/xlsx.h"

struct format {
    const char *suffix;
    enum ph_status (*write)(struct ph_gpkg_reader *audit, const char *path, struct ph_error *err);
};

static const struct format formats[] = {{".html", ph_html_write}, {".xlsx", ph_xlsx_write}};

static const struct format *format_of(const char *output)
{
    size_t length = strlen(output);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        size_t suffix = strlen(formats[i].suffix);
        if (length > suffix && ph_text_compare_nocase(output + length - suffix, formats[i].suffix) == 0) return &formats[i];
    }
    return NULL;
}

enum ph_status ph_report_write(const struct ph_report_request *request, struct ph_error *err)
{
    const struct format *format = format_of(request->output);
    if (format == NULL)
        return ph_fail(err, PH_E_USAGE, "不支持的报告格式:“%s”;文件名应以 .html 或 .xlsx 结尾", "no report of this kind: '%s'; its name must end in .html or .xlsx",
                       request->output);
    PH_TRY(ph_target_check_input(request->output, request->audit, err));
    PH_TRY(ph_target_check(request->output, request->overwrite != 0, err));
    struct ph_gpkg_reader *audit = NULL;
    PH_TRY(ph_gpkg_open(request->audit, &audit, err));
    char part[PH_TARGET_PATH_CAP + 8];
    snprintf(part, sizeof part, "%s.part", request->output);
    enum ph_status status = format->write(audit, part, err);
    ph_gpkg_close(audit);
    if (status == PH_OK) return ph_target_publish(part, request->output, err);
    unlink(part);
    if (err && strcmp(err->file, part) == 0) snprintf(err->file, sizeof err->file, "%s", request->output);
    if (status == PH_E_INPUT) ph_at_file(err, request->audit);
    return status;
}
