#include "io/package.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"

static char *path_of(const struct ph_workbook *workbook, const char *part, struct ph_error *err)
{
    static const char form[] = "/vsizip/{%s}/%s";
    size_t size = sizeof form + strlen(workbook->path) + strlen(part);
    char *path = malloc(size);
    if (path)
        snprintf(path, size, form, workbook->path, part);
    else
        (void)ph_fail_memory(err);
    return path;
}

enum ph_status ph_package_read(const struct ph_workbook *workbook, const char *part, struct ph_str *out, struct ph_error *err)
{
    char *path = path_of(workbook, part, err);
    if (path == NULL) return PH_E_MEMORY;
    struct ph_error found = PH_ERROR_INIT;
    enum ph_status status = ph_file_read(path, PH_PART_CAP, out, &found);
    free(path);
    if (status == PH_OK) return PH_OK;
    ph_fail(err, status, "文件不完整或已损坏:其中的 %s 读不出", "the file is incomplete or damaged: its part %s cannot be read", part);
    return ph_at_file(err, workbook->path), status;
}

bool ph_package_has(const struct ph_workbook *workbook, const char *part)
{
    char *path = path_of(workbook, part, NULL);
    bool there = path && ph_file_exists(path);
    free(path);
    return there;
}

static enum ph_status visit_all(struct ph_markup *xml, ph_package_visit *visit, void *payload, struct ph_error *err)
{
    for (;;) {
        enum ph_markup_event event;
        PH_TRY(ph_markup_next(xml, &event, err));
        if (event == PH_MARKUP_END) return PH_OK;
        if (event == PH_MARKUP_OPEN) PH_TRY(visit(payload, xml, err));
    }
}

enum ph_status ph_package_parse(const struct ph_workbook *workbook, const char *part, ph_package_visit *visit, void *payload,
                                struct ph_error *err)
{
    struct ph_str bytes;
    struct ph_markup *xml = NULL;
    PH_TRY(ph_package_read(workbook, part, &bytes, err));
    enum ph_status status = ph_markup_open(bytes, &xml, err);
    if (status == PH_OK) status = visit_all(xml, visit, payload, err);
    ph_markup_close(xml);
    ph_file_free(&bytes);
    if (status == PH_E_INPUT) ph_at_file(err, workbook->path);
    return status;
}
