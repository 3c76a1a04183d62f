#include "io/target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum ph_status cannot_write(const char *path, const char *why_zh, const char *why_en, struct ph_error *err)
{
    ph_fail(err, PH_E_OUTPUT, "无法写入:%s", "cannot be written: %s", why_zh);
    if (err) snprintf(err->en, sizeof err->en, "cannot be written: %s", why_en);
    ph_at_file(err, path);
    return PH_E_OUTPUT;
}

enum ph_status ph_target_failed(const char *path, const char *why, struct ph_error *err)
{
    return cannot_write(path, why, why, err);
}

enum ph_status ph_target_no_space(const char *path, struct ph_error *err)
{
    return cannot_write(path, "磁盘空间不足(disk full),请清出空间或换一个输出目录;原有文件未动",
                        "no space left on the disk; free some or choose another folder; an existing file was not touched", err);
}

/* The folder of a path, "." when it has none. */
static void folder_of(const char *path, char *folder, size_t size)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        snprintf(folder, size, ".");
    else
        snprintf(folder, size, "%.*s", slash == path ? 1 : (int)(slash - path), path);
}

enum ph_status ph_target_check(const char *path, bool overwrite, struct ph_error *err)
{
    char name[PH_TARGET_PATH_CAP + 16];
    struct stat st;
    if (strlen(path) >= PH_TARGET_PATH_CAP) return cannot_write("", "路径太长", "the path is too long", err);
    folder_of(path, name, sizeof name);
    if (stat(name, &st) != 0 || !S_ISDIR(st.st_mode))
        return cannot_write(path, "文件夹不存在,请先建立", "its folder does not exist; make it first", err);
    if (access(name, W_OK) != 0)
        return cannot_write(path, "文件夹只读,请换一个目录或取得写权限", "its folder is read-only; choose another or get the right to write",
                            err);
    if (stat(path, &st) != 0) return PH_OK;
    if (!S_ISREG(st.st_mode)) return cannot_write(path, "同名的目录或设备已存在", "a folder or device of this name is in the way", err);
    snprintf(name, sizeof name, "%s-wal", path);
    if (access(name, F_OK) == 0) {
        ph_fail(err, PH_E_EXISTS, "文件正在别处编辑(旁边有 -wal),请先在 QGIS 中结束编辑并关闭",
                "the file is being edited elsewhere (there is a -wal beside it); end the editing in QGIS first");
        ph_at_file(err, path);
        return PH_E_EXISTS;
    }
    if (overwrite) return PH_OK;
    ph_fail(err, PH_E_EXISTS, "文件已存在;要替换它请加 --overwrite", "the file exists; add --overwrite to replace it");
    ph_at_file(err, path);
    return PH_E_EXISTS;
}

enum ph_status ph_target_check_input(const char *path, const char *input, struct ph_error *err)
{
    struct stat out, in;
    if (input == NULL || stat(path, &out) != 0 || stat(input, &in) != 0) return PH_OK;
    if (out.st_dev != in.st_dev || out.st_ino != in.st_ino) return PH_OK;
    ph_fail(err, PH_E_USAGE, "输出就是输入文件,会毁掉源数据;请换一个输出文件名", "the output is an input: it would destroy the data; choose another name");
    ph_at_file(err, path);
    return PH_E_USAGE;
}

enum ph_status ph_target_check_inputs(const char *path, const char *const *inputs, size_t count, struct ph_error *err)
{
    for (size_t i = 0; i < count; i++) PH_TRY(ph_target_check_input(path, inputs[i], err));
    return PH_OK;
}

static int sync_path(const char *path, int flags)
{
    int fd = open(path, flags);
    if (fd < 0) return -1;
    int result = fsync(fd);
    int reason = errno;
    close(fd);
    errno = reason;
    return result;
}

/* Why the last call on files failed, about `path`. */
static enum ph_status refused(const char *path, struct ph_error *err)
{
    if (errno == ENOSPC || errno == EDQUOT) return ph_target_no_space(path, err);
    return ph_target_failed(path, strerror(errno), err);
}

enum ph_status ph_target_sync(const char *part, const char *path, struct ph_error *err)
{
    if (sync_path(part, O_RDWR) == 0) return PH_OK;
    enum ph_status status = refused(path, err);
    unlink(part);
    return status;
}

enum ph_status ph_target_rename(const char *part, const char *path, struct ph_error *err)
{
    char folder[PH_TARGET_PATH_CAP];
    folder_of(path, folder, sizeof folder);
    if (rename(part, path) != 0) {
        enum ph_status status = refused(path, err);
        unlink(part);
        return status;
    }
    (void)sync_path(folder, O_RDONLY | O_DIRECTORY); /* some file systems cannot; the file itself is safe */
    return PH_OK;
}

enum ph_status ph_target_publish(const char *part, const char *path, struct ph_error *err)
{
    PH_TRY(ph_target_sync(part, path, err));
    return ph_target_rename(part, path, err);
}
