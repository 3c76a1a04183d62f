/* Outputs that are several files, or a folder. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/target.h"

enum { NAME_CAP = PH_TARGET_PATH_CAP + 300 };

static bool hidden(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
}

void ph_target_remove_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    for (const struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
        char name[NAME_CAP];
        snprintf(name, sizeof name, "%s/%s", folder, entry->d_name);
        if (!hidden(entry)) unlink(name);
    }
    if (dir) closedir(dir);
    rmdir(folder);
}

enum ph_status ph_target_make_folder(const char *folder, struct ph_error *err)
{
    return mkdir(folder, 0777) == 0 ? PH_OK : ph_target_failed(folder, strerror(errno), err);
}

/* What belongs to a shapefile and would be out of date beside a new one. */
static void remove_indexes(const char *shp)
{
    static const char *const suffixes[] = {"sbn", "sbx", "qix", "qpj", "cst", "fix", "idm", "ind", "shp.xml"};
    char name[NAME_CAP];
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        snprintf(name, sizeof name, "%.*s%s", (int)(strlen(shp) - 3), shp, suffixes[i]);
        unlink(name);
    }
}

enum ph_status ph_target_publish_files(const char *folder, const char *path, struct ph_error *err)
{
    const char *slash = strrchr(path, '/'), *last = slash ? slash + 1 : path;
    char from[NAME_CAP], to[NAME_CAP];
    enum ph_status status = PH_OK;
    unlink(path); /* while its companions change it is nothing */
    remove_indexes(path);
    DIR *dir = opendir(folder);
    if (dir == NULL) status = ph_target_failed(path, strerror(errno), err);
    for (const struct dirent *entry; status == PH_OK && (entry = readdir(dir)) != NULL;) {
        if (hidden(entry) || strcmp(entry->d_name, last) == 0) continue;
        snprintf(from, sizeof from, "%s/%s", folder, entry->d_name);
        snprintf(to, sizeof to, "%.*s%s", (int)(last - path), path, entry->d_name);
        status = ph_target_publish(from, to, err);
    }
    if (dir) closedir(dir);
    snprintf(from, sizeof from, "%s/%s", folder, last);
    if (status == PH_OK) status = ph_target_publish(from, path, err);
    ph_target_remove_folder(folder);
    return status;
}

enum ph_status ph_target_check_folder(const char *path, const char *mark, bool overwrite, struct ph_error *err)
{
    struct stat st;
    char name[NAME_CAP];
    snprintf(name, sizeof name, "%s/%s", path, mark);
    if (stat(path, &st) != 0) return ph_target_check(path, overwrite, err);
    if (!S_ISDIR(st.st_mode) || access(name, F_OK) != 0)
        ph_fail(err, PH_E_OUTPUT, "无法写入:同名的文件或其他文件夹已存在", "cannot be written: a file or another folder of this name is in the way");
    else if (!overwrite)
        ph_fail(err, PH_E_EXISTS, "文件已存在;要替换它请加 --overwrite", "the file exists; add --overwrite to replace it");
    else
        return PH_OK;
    ph_at_file(err, path);
    return S_ISDIR(st.st_mode) && access(name, F_OK) == 0 ? PH_E_EXISTS : PH_E_OUTPUT;
}

enum ph_status ph_target_publish_folder(const char *part, const char *path, struct ph_error *err)
{
    char old[NAME_CAP];
    snprintf(old, sizeof old, "%s.old", path);
    ph_target_remove_folder(old);
    bool replaced = rename(path, old) == 0;
    if (rename(part, path) != 0) {
        int reason = errno;
        if (replaced) (void)rename(old, path);
        ph_target_remove_folder(part);
        return ph_target_failed(path, strerror(reason), err);
    }
    ph_target_remove_folder(old);
    return PH_OK;
}
