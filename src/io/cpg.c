#include "io/cpg.h"

#include <stdio.h>
#include <string.h>

#include "io/file.h"

#define FILE_CAP ((size_t)1 << 32)
#define CPG_CAP 4096

static const char *dbf_of(const struct ph_source_facts *facts)
{
    for (size_t i = 0; i < facts->file_count; i++) {
        const char *dot = strrchr(facts->files[i], '.');
        if (dot && ph_text_compare_nocase(dot, ".dbf") == 0) return facts->files[i];
    }
    return NULL;
}

/* The name of the .cpg beside the DBF: as it is written there, else in the case of the DBF's own ending. */
static bool name_beside(const char *dbf, char *out, size_t size)
{
    static const char *const endings[] = {".cpg", ".CPG"};
    size_t base = strlen(dbf) - 4;
    for (size_t i = 0; i < 2; i++) {
        snprintf(out, size, "%.*s%s", (int)base, dbf, endings[i]);
        if (ph_file_exists(out)) return true;
    }
    snprintf(out, size, "%.*s%s", (int)base, dbf, endings[strcmp(dbf + base, ".DBF") == 0]);
    return false;
}

static bool between(unsigned char c, unsigned low, unsigned high)
{
    return c >= low && c <= high;
}

/* Whether there are characters of four bytes, which GB 18030 has and code page 936 has not. Their pattern is none that text of
 * one and two bytes can give. */
static bool has_four_bytes(struct ph_str bytes)
{
    const unsigned char *p = (const unsigned char *)bytes.at;
    for (size_t i = 0; i + 3 < bytes.length; i++)
        if (between(p[i], 0x81, 0xFE) && between(p[i + 1], '0', '9') && between(p[i + 2], 0x81, 0xFE) && between(p[i + 3], '0', '9')) return true;
    return false;
}

/* The name that both GDAL and ArcGIS know. */
static enum ph_status name_of(const struct ph_source_facts *facts, const char *dbf, char *out, size_t size, struct ph_error *err)
{
    snprintf(out, size, "%s", facts->encoding.name);
    if (facts->encoding.from == PH_ENCODING_ASCII) out[0] = '\0';
    if (strcmp(out, "BIG5") == 0) snprintf(out, size, "950");
    if (strcmp(out, "GB18030") != 0) return PH_OK;
    struct ph_str bytes;
    PH_TRY(ph_file_read(dbf, FILE_CAP, &bytes, err));
    if (!has_four_bytes(bytes)) snprintf(out, size, "936");
    ph_file_free(&bytes);
    return PH_OK;
}

enum ph_status ph_cpg_write(const struct ph_source_facts *facts, struct ph_cpg *out, struct ph_error *err)
{
    const char *dbf = dbf_of(facts);
    *out = (struct ph_cpg){0};
    if (!facts->dbf || dbf == NULL || strncmp(dbf, "/vsi", 4) == 0 || strlen(dbf) >= sizeof out->path)
        return ph_fail(err, PH_E_USAGE, "--fix-cpg 只用于磁盘上的 shapefile 或 DBF", "--fix-cpg is for a shapefile or DBF on disk");
    if (name_beside(dbf, out->path, sizeof out->path)) {
        struct ph_str old;
        PH_TRY(ph_file_read(out->path, CPG_CAP, &old, err));
        struct ph_str said = ph_str_trim(old);
        snprintf(out->before, sizeof out->before, "%.*s", (int)said.length, said.at);
        ph_file_free(&old);
    }
    PH_TRY(name_of(facts, dbf, out->now, sizeof out->now, err));
    const char *before = ph_encoding_name(ph_str_of(out->before)), *now = ph_encoding_name(ph_str_of(out->now));
    bool readable = strchr(out->before, ' ') == NULL && ph_upper(out->before[0]) != 'O'; /* GDAL knows no "ANSI 936" and no "OEM" */
    if (out->now[0] == '\0' || (readable && before && now && strcmp(before, now) == 0)) return PH_OK;
    out->written = true;
    return ph_file_write(out->path, ph_str_of(out->now), true, err);
}
