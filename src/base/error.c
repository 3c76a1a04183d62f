#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/secret.h"

enum ph_status ph_fail(struct ph_error *err, enum ph_status status, const char *zh, const char *en, ...)
{
    if (err == NULL) return status;
    memset(err, 0, sizeof *err);
    err->status = status;
    err->feature = -1;
    va_list args;
    va_start(args, en);
    va_list again;
    va_copy(again, args);
    vsnprintf(err->zh, sizeof err->zh, zh, args);
    vsnprintf(err->en, sizeof err->en, en, again);
    va_end(again);
    va_end(args);
    ph_secret_hide(err->zh);
    ph_secret_hide(err->en);
    return status;
}

enum ph_status ph_fail_memory(struct ph_error *err)
{
    return ph_fail(err, PH_E_MEMORY, "内存不足", "out of memory");
}

enum ph_status ph_at_file(struct ph_error *err, const char *file)
{
    return ph_at_line(err, file, 0, 0);
}

enum ph_status ph_at_line(struct ph_error *err, const char *file, int line, int column)
{
    if (err == NULL) return PH_E_LIBRARY;
    if (err->file[0] == '\0' && file != NULL) {
        snprintf(err->file, sizeof err->file, "%s", file);
        ph_secret_hide(err->file);
        if (err->line == 0) {
            err->line = line;
            err->column = column;
        }
    }
    return err->status;
}
