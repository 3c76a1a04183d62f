#include "io/watch.h"

#include <cpl_error.h>
#include <stdio.h>
#include <string.h>

static void CPL_STDCALL take(CPLErr level, CPLErrorNum number, const char *message)
{
    (void)number;
    struct ph_watch *watch = CPLGetErrorHandlerUserData();
    if (level >= CE_Failure) {
        if (watch->failures++ == 0) snprintf(watch->first_failure, sizeof watch->first_failure, "%s", message);
    } else if (level == CE_Warning) {
        if (watch->warnings++ == 0) snprintf(watch->first_warning, sizeof watch->first_warning, "%s", message);
    }
}

void ph_watch_begin(struct ph_watch *watch)
{
    memset(watch, 0, sizeof *watch);
    CPLPushErrorHandlerEx(take, watch);
}

void ph_watch_end(void)
{
    CPLPopErrorHandler();
}

const char *ph_watch_message(const struct ph_watch *watch)
{
    return watch->failures ? watch->first_failure : watch->first_warning;
}
