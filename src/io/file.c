#include "io/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "io/source_file.h"
#include "io/target.h"
#include "io/watch.h"

enum ph_status ph_file_read(const char *path, size_t cap, struct ph_str *out, struct ph_error *err)
{
    GByte *bytes = NULL;
    vsi_l_offset size = 0;
    struct ph_watch watch;
    *out = (struct ph_str){NULL, 0};
    ph_watch_begin(&watch);
    VSILFILE *file = VSIFOpenL(path, "rb");
    bool large = file && VSIFSeekL(file, 0, SEEK_END) == 0 && VSIFTellL(file) > cap;
    bool read = file && !large && VSIFSeekL(file, 0, SEEK_SET) == 0 && VSIIngestFile(file, path, &bytes, &size, (GIntBig)cap);
    if (file) VSIFCloseL(file);
    ph_watch_end();
    if (read) {
        *out = (struct ph_str){(const char *)bytes, (size_t)size};
        return PH_OK;
    }
    if (large)
        ph_fail(err, PH_E_INPUT, "文件超过 %zu MB,不像这类数据;请分成几个", "the file exceeds %zu MB, which no data of this kind does; split it", cap >> 20);
    else if (file == NULL)
        ph_fail(err, PH_E_INPUT, "打不开:文件不存在;请核对路径", "cannot be opened: no such file; check the path");
    else
        ph_fail(err, PH_E_INPUT, "读不出:%s", "cannot be read: %s", ph_watch_message(&watch));
    return ph_at_file(err, path), PH_E_INPUT;
}

void ph_file_free(struct ph_str *bytes)
{
    VSIFree((void *)(uintptr_t)bytes->at);
    *bytes = (struct ph_str){NULL, 0};
}

bool ph_file_exists(const char *path)
{
    struct ph_watch watch;
    ph_watch_begin(&watch);
    VSILFILE *file = VSIFOpenL(path, "rb");
    if (file) VSIFCloseL(file);
    ph_watch_end();
    return file != NULL;
}

enum ph_status ph_file_write(const char *path, struct ph_str text, bool overwrite, struct ph_error *err)
{
    char part[PH_TARGET_PATH_CAP + 8];
    PH_TRY(ph_target_check(path, overwrite, err));
    snprintf(part, sizeof part, "%s.part", path);
    FILE *file = fopen(part, "wb");
    if (file == NULL) return ph_target_failed(path, strerror(errno), err);
    bool written = fwrite(text.at, 1, text.length, file) == text.length;
    int code = errno;
    if (fclose(file) != 0 || !written) {
        (void)remove(part);
        return ph_target_failed(path, strerror(code), err);
    }
    return ph_target_publish(part, path, err);
}
