#include "io/zip.h"

#include <stdlib.h>
#include <zip.h>

#define DOS_MIDNIGHT 0
#define DOS_FIRST_DAY 0x21 /* 1980-01-01 */

static enum ph_status failed(struct ph_error *err, zip_error_t *error)
{
    const char *why = zip_error_strerror(error);
    ph_fail(err, PH_E_LIBRARY, "无法压缩工程文件:%s", "the project cannot be zipped: %s", why);
    zip_error_fini(error);
    return PH_E_LIBRARY;
}

/* Writes the archive into `archive`, which outlives it. */
static enum ph_status fill(zip_source_t *archive, const char *member, struct ph_str content, struct ph_error *err)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_t *zip = zip_open_from_source(archive, ZIP_TRUNCATE, &error);
    if (zip == NULL) return failed(err, &error);
    zip_source_keep(archive); /* closing takes one reference */
    zip_source_t *source = zip_source_buffer(zip, content.at, content.length, 0);
    zip_int64_t index = source ? zip_file_add(zip, member, source, ZIP_FL_ENC_UTF_8) : -1;
    if (source && index < 0) zip_source_free(source);
    if (index >= 0 && zip_file_set_dostime(zip, (zip_uint64_t)index, DOS_MIDNIGHT, DOS_FIRST_DAY, 0) == 0 && zip_close(zip) == 0) return PH_OK;
    ph_fail(err, PH_E_LIBRARY, "无法压缩工程文件:%s", "the project cannot be zipped: %s", zip_strerror(zip));
    zip_discard(zip);
    return PH_E_LIBRARY;
}

static enum ph_status take(zip_source_t *archive, unsigned char **out, size_t *length, struct ph_error *err)
{
    zip_stat_t stat;
    if (zip_source_stat(archive, &stat) != 0 || zip_source_open(archive) != 0) return failed(err, zip_source_error(archive));
    *out = malloc(stat.size + 1);
    zip_int64_t read = *out ? zip_source_read(archive, *out, stat.size) : 0;
    zip_source_close(archive);
    if (*out == NULL) return ph_fail_memory(err);
    if (read < 0 || (zip_uint64_t)read != stat.size) return failed(err, zip_source_error(archive));
    *length = stat.size;
    return PH_OK;
}

enum ph_status ph_zip_one(const char *member, struct ph_str content, unsigned char **out, size_t *length, struct ph_error *err)
{
    *out = NULL;
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *archive = zip_source_buffer_create(NULL, 0, 0, &error);
    if (archive == NULL) return failed(err, &error);
    enum ph_status status = fill(archive, member, content, err);
    if (status == PH_OK) status = take(archive, out, length, err);
    zip_source_free(archive);
    if (status == PH_OK) return PH_OK;
    free(*out);
    *out = NULL;
    return status;
}
