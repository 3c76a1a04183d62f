/* Collects what GDAL says while it is watched, instead of letting it print. */
#ifndef PH_IO_WATCH_H
#define PH_IO_WATCH_H

#include <stddef.h>

struct ph_watch {
    int failures, warnings;
    char first_failure[512];
    char first_warning[512];
};

/* From here on, on this thread, GDAL's messages go to `watch`, which must stay in place until ph_watch_end. */
void ph_watch_begin(struct ph_watch *watch);
void ph_watch_end(void);

/* What went wrong in GDAL's words: the first failure, else the first warning, else "". */
const char *ph_watch_message(const struct ph_watch *watch);

#endif
