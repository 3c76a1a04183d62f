#include "io/txt_save.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "io/source_file.h"
#include "io/target.h"
#include "io/watch.h"

enum ph_status ph_txt_save(const char *path, struct ph_str text, bool gbk, bool *lost, struct ph_error *err)
{
    struct ph_watch watch;
    ph_watch_begin(&watch);
    char *recoded = gbk ? CPLRecode(text.at, CPL_ENC_UTF8, "CP936") : NULL;
    char *back = recoded && lost ? CPLRecode(recoded, "CP936", CPL_ENC_UTF8) : NULL;
    ph_watch_end();
    if (back) *lost = strcmp(back, text.at) != 0;
    struct ph_str bytes = recoded ? ph_str_of(recoded) : text;
    errno = 0;
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(bytes.at, 1, bytes.length, file) == bytes.length;
    if (file && fclose(file) != 0) written = false;
    int reason = errno;
    CPLFree(back);
    CPLFree(recoded);
    if (written) return PH_OK;
    return reason == ENOSPC || reason == EDQUOT ? ph_target_no_space(path, err) : ph_target_failed(path, strerror(reason), err);
}
