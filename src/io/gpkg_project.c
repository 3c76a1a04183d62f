/* The QGIS project of the GeoPackage: inside it, and beside it as a file of its own. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "io/gpkg_file.h"
#include "io/target.h"
#include "io/zip.h"

void ph_gpkg_sidecar(const char *path, char *out, size_t size)
{
    struct ph_str stem = ph_str_of(path);
    if (stem.length > 5 && ph_str_same(ph_str_after(stem, stem.length - 5), PH_STR(".gpkg"))) stem.length -= 5;
    snprintf(out, size, "%.*s.qgz", (int)stem.length, stem.at);
}

/* The archive's member is called as the project beside the file. */
static void member_of(const char *sidecar, char *out, size_t size)
{
    const char *slash = strrchr(sidecar, '/');
    const char *name = slash ? slash + 1 : sidecar;
    snprintf(out, size, "%.*s.qgs", (int)(strlen(name) - 4), name);
}

/* QGIS keeps projects as the hexadecimal text of a zip archive. */
static enum ph_status store(struct ph_gpkg *gpkg, const char *name, struct ph_error *err)
{
    sqlite3_stmt *statement = NULL;
    PH_TRY(ph_gpkg_sql(gpkg, err, "CREATE TABLE IF NOT EXISTS qgis_projects (name TEXT PRIMARY KEY, metadata BLOB, content BLOB)"));
    if (sqlite3_prepare_v2(gpkg->db, "INSERT INTO qgis_projects VALUES (?1, ?2, CAST(lower(hex(?3)) AS BLOB))", -1, &statement, NULL) != SQLITE_OK)
        return ph_gpkg_failed(gpkg, err);
    char metadata[128];
    snprintf(metadata, sizeof metadata, "{\"last_modified_time\": \"%s\", \"last_modified_user\": \"panhuo\"}", gpkg->stamp);
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, metadata, -1, SQLITE_STATIC);
    sqlite3_bind_blob64(statement, 3, gpkg->project, gpkg->project_length, SQLITE_STATIC);
    int result = sqlite3_step(statement);
    sqlite3_finalize(statement);
    return result == SQLITE_DONE ? PH_OK : ph_gpkg_failed(gpkg, err);
}

enum ph_status ph_gpkg_add_project(struct ph_gpkg *gpkg, const char *name, struct ph_str document, struct ph_error *err)
{
    char sidecar[sizeof gpkg->path + 8], member[sizeof sidecar];
    ph_gpkg_sidecar(gpkg->path, sidecar, sizeof sidecar);
    member_of(sidecar, member, sizeof member);
    PH_TRY(ph_zip_one(member, document, &gpkg->project, &gpkg->project_length, err));
    return store(gpkg, name, err);
}

static enum ph_status write_file(const char *path, const char *target, const unsigned char *bytes, size_t length, struct ph_error *err)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    ssize_t written = 0;
    while (file >= 0 && length > 0 && (written = write(file, bytes, length)) >= 0) {
        bytes += written;
        length -= (size_t)written;
    }
    if (file >= 0 && length == 0 && close(file) == 0) return PH_OK;
    int reason = errno;
    if (file >= 0 && length > 0) close(file);
    unlink(path);
    if (reason == ENOSPC || reason == EDQUOT) return ph_target_no_space(target, err);
    return ph_target_failed(target, strerror(reason), err);
}

/* Both files are durable before either takes its name, so that only two renames stand between nothing and all. Should the
 * second fail, an older file stays with the new project, which finds its layers all the same. */
enum ph_status ph_gpkg_publish(const struct ph_gpkg *gpkg, struct ph_error *err)
{
    if (gpkg->project == NULL) return ph_target_publish(gpkg->part, gpkg->path, err);
    char sidecar[sizeof gpkg->path + 8], part[sizeof sidecar + 8];
    ph_gpkg_sidecar(gpkg->path, sidecar, sizeof sidecar);
    snprintf(part, sizeof part, "%s.part", sidecar);
    PH_TRY(write_file(part, sidecar, gpkg->project, gpkg->project_length, err));
    bool is_new = access(sidecar, F_OK) != 0;
    PH_TRY(ph_target_sync(part, sidecar, err));
    enum ph_status status = ph_target_sync(gpkg->part, gpkg->path, err);
    if (status != PH_OK) unlink(part);
    if (status == PH_OK) status = ph_target_rename(part, sidecar, err);
    if (status != PH_OK) return status;
    status = ph_target_rename(gpkg->part, gpkg->path, err);
    if (status != PH_OK && is_new) unlink(sidecar);
    return status;
}

/* Takes a text of GDAL's over into the arena. */
static const char *keep(struct ph_arena *arena, char *text)
{
    const char *kept = ph_arena_text(arena, text ? text : "", text ? strlen(text) : 0);
    CPLFree(text);
    return kept;
}

/* "EPSG:1024", or for an ellipsoid without a code its axes as QGIS writes them. */
static const char *ellipsoid_of(OGRSpatialReferenceH srs, struct ph_arena *arena)
{
    const char *authority = OSRGetAuthorityName(srs, "SPHEROID"), *code = OSRGetAuthorityCode(srs, "SPHEROID");
    char text[96], a[32], b[32];
    ph_number_print(a, sizeof a, OSRGetSemiMajor(srs, NULL));
    ph_number_print(b, sizeof b, OSRGetSemiMinor(srs, NULL));
    int n = authority && code ? snprintf(text, sizeof text, "%s:%s", authority, code) : snprintf(text, sizeof text, "PARAMETER:%s:%s", a, b);
    return ph_arena_text(arena, text, (size_t)n);
}

enum ph_status ph_gpkg_crs(const struct ph_gpkg *gpkg, struct ph_arena *arena, struct ph_gpkg_crs *out, struct ph_error *err)
{
    char *wkt = NULL, *proj = NULL, format[] = "FORMAT=WKT2_2019", code[64] = "";
    char *options[] = {format, NULL};
    OSRExportToWktEx(gpkg->srs, &wkt, (const char *const *)options);
    OSRExportToProj4(gpkg->srs, &proj);
    if (OSRGetAuthorityCode(gpkg->srs, NULL))
        snprintf(code, sizeof code, "%s:%s", OSRGetAuthorityName(gpkg->srs, NULL), OSRGetAuthorityCode(gpkg->srs, NULL));
    const char *name = OSRGetName(gpkg->srs);
    *out = (struct ph_gpkg_crs){.wkt = keep(arena, wkt), .proj = keep(arena, proj), .code = ph_arena_text(arena, code, strlen(code)),
                                .name = ph_arena_text(arena, name ? name : "", name ? strlen(name) : 0),
                                .ellipsoid = ellipsoid_of(gpkg->srs, arena), .geographic = OSRIsGeographic(gpkg->srs)};
    return out->wkt && out->proj && out->code && out->name && out->ellipsoid ? PH_OK : ph_fail_memory(err);
}
