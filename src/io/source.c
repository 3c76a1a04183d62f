#include "io/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "io/connection.h"
#include "io/file.h"
#include "io/postgis.h"
#include "io/source_file.h"
#include "io/txt_source.h"
#include "io/watch.h"
#include "io/words.h"
#include "io/markup.h"

#define SAMPLE_ROWS 2000
#define SAMPLE_CAP 20000

static const char *keep(struct ph_source *s, const char *text)
{
    return ph_arena_text(&s->arena, text ? text : "", text ? strlen(text) : 0);
}

static bool ends_in(const char *path, const char *ending)
{
    size_t n = strlen(path), m = strlen(ending);
    return n >= m && EQUAL(path + n - m, ending);
}

/* Why GDAL says nothing: there is no such file, it is an archive, or a part of a shapefile. */
static enum ph_status fail_silently(const char *path, struct ph_error *err)
{
    static const char *const parts[] = {".prj", ".cpg", ".shx", ".sbn", ".sbx", ".qix", ".qpj", ".qmd"};
    const char *archive = ends_in(path, ".zip") ? "/vsizip/" : ends_in(path, ".tar") || ends_in(path, ".tar.gz") || ends_in(path, ".tgz") ? "/vsitar/" : NULL;
    if (!ph_connection_is(path) && !ph_file_exists(path)) return ph_fail(err, PH_E_INPUT, "打不开:文件不存在;请核对路径", "cannot be opened: no such file; check the path");
    if (archive)
        return ph_fail(err, PH_E_INPUT, "打不开:是压缩包;请写成 %s%s", "cannot be opened: it is an archive; write %s%s", archive, path);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (ends_in(path, parts[i]))
            return ph_fail(err, PH_E_INPUT, "打不开:这是 shapefile 的附属文件;请给同名的 .shp", "cannot be opened: it is a part of a shapefile; give the .shp of that name");
    return ph_fail(err, PH_E_INPUT, "打不开:没有驱动认得它", "cannot be opened: no driver knows it");
}

static enum ph_status open_dataset(struct ph_source *s, const struct ph_source_request *request, const char *encoding, struct ph_error *err)
{
    if (ph_connection_is(request->path) && !ph_postgis_name_valid(request->path))
        return ph_fail(err, PH_E_USAGE, PH_POSTGIS_NAME_ZH, PH_POSTGIS_NAME_EN);
    char **options = NULL;
    for (const char *const *o = request->open_options; o && *o; o++) options = CSLAddString(options, *o);
    /* Texts of a DBF are taken as bytes and decoded here: the declared encoding is too often wrong. */
    if (CSLFetchNameValue(options, "ENCODING") == NULL && (ends_in(request->path, ".shp") || ends_in(request->path, ".dbf") || encoding)) {
        options = CSLSetNameValue(options, "ENCODING", encoding ? encoding : "");
        s->raw = encoding == NULL;
    }
    struct ph_watch watch;
    ph_watch_begin(&watch);
    s->dataset = GDALOpenEx(request->path, GDAL_OF_VECTOR | GDAL_OF_READONLY, NULL, (const char *const *)options, NULL);
    ph_watch_end();
    CSLDestroy(options);
    if (s->dataset) return PH_OK;
    const char *message = ph_watch_message(&watch);
    if (!message[0])
        (void)fail_silently(request->path, err);
    else
        ph_fail(err, PH_E_INPUT, "打不开:%s%s", "cannot be opened: %s%s", message,
                strstr(message, "SHAPE_RESTORE_SHX") ? " (--config SHAPE_RESTORE_SHX YES)" : "");
    ph_at_file(err, request->path);
    return PH_E_INPUT;
}

static bool holds_polygons(OGRLayerH layer)
{
    OGRwkbGeometryType type = wkbFlatten(OGR_L_GetGeomType(layer));
    return type == wkbPolygon || type == wkbMultiPolygon || type == wkbUnknown || OGR_GT_IsSubClassOf(type, wkbSurface) ||
           OGR_GT_IsSubClassOf(type, wkbMultiSurface) || type == wkbGeometryCollection;
}

/* A database does not list every table it has. */
static OGRLayerH find_unlisted(const struct ph_source *s, const struct ph_source_request *request)
{
    if (request->layer == NULL || !ph_connection_is(request->path)) return NULL;
    struct ph_watch watch;
    ph_watch_begin(&watch);
    OGRLayerH layer = GDALDatasetGetLayerByName(s->dataset, request->layer);
    ph_watch_end();
    return layer;
}

static enum ph_status choose_layer(struct ph_source *s, const struct ph_source_request *request, struct ph_error *err)
{
    OGRLayerH spatial = NULL; /* of the layers that will do for a table, one with geometry is the last choice */
    int count = GDALDatasetGetLayerCount(s->dataset);
    const char **names = ph_arena_alloc(&s->arena, ((size_t)count + 1) * sizeof *names);
    if (names == NULL) return ph_fail_memory(err);
    char listed[600] = "";
    for (int i = 0; i < count; i++) {
        OGRLayerH layer = GDALDatasetGetLayer(s->dataset, i);
        names[i] = keep(s, OGR_L_GetName(layer));
        if (names[i] == NULL) return ph_fail_memory(err);
        size_t used = strlen(listed);
        snprintf(listed + used, sizeof listed - used, "%s%s (%s)", used ? ", " : "", names[i],
                 OGRGeometryTypeToName(OGR_L_GetGeomType(layer)));
        bool wanted = request->layer ? strcmp(names[i], request->layer) == 0 : request->table || holds_polygons(layer);
        bool aside = request->table && request->layer == NULL && OGR_L_GetGeomType(layer) != wkbNone;
        if (wanted && aside && spatial == NULL) spatial = layer;
        if (wanted && !aside && s->layer == NULL) s->layer = layer;
    }
    if (s->layer == NULL) s->layer = spatial ? spatial : find_unlisted(s, request);
    s->facts.layers = names;
    s->facts.layer_count = (size_t)count;
    if (s->layer) return PH_OK;
    if (request->layer)
        ph_fail(err, PH_E_USAGE, "没有图层“%s”;有:%s", "no layer '%s'; there are: %s", request->layer, listed);
    else
        ph_fail(err, PH_E_INPUT, "没有面图层;有:%s", "no polygon layer; there are: %s", listed);
    ph_at_file(err, request->path);
    return request->layer ? PH_E_USAGE : PH_E_INPUT;
}

/* Raw bytes of field names and of the first rows' texts. */
static enum ph_status take_samples(struct ph_source *s, struct ph_str **samples, size_t *count, struct ph_error *err)
{
    OGRFeatureDefnH defn = OGR_L_GetLayerDefn(s->layer);
    int fields = OGR_FD_GetFieldCount(defn);
    *count = 0;
    *samples = malloc(SAMPLE_CAP * sizeof **samples);
    if (*samples == NULL) return ph_fail_memory(err);
    for (int f = 0; f < fields && *count < SAMPLE_CAP / 2; f++) {
        const char *name = keep(s, OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(defn, f)));
        if (name == NULL) return ph_fail_memory(err);
        (*samples)[(*count)++] = ph_str_of(name);
    }
    OGR_L_ResetReading(s->layer);
    for (int row = 0; row < SAMPLE_ROWS && *count < SAMPLE_CAP; row++) {
        OGRFeatureH feature = OGR_L_GetNextFeature(s->layer);
        if (feature == NULL) break;
        for (int f = 0; f < fields && *count < SAMPLE_CAP; f++) {
            if (OGR_Fld_GetType(OGR_FD_GetFieldDefn(defn, f)) != OFTString || !OGR_F_IsFieldSetAndNotNull(feature, f)) continue;
            const char *text = keep(s, OGR_F_GetFieldAsString(feature, f));
            if (text) (*samples)[(*count)++] = ph_str_of(text);
        }
        OGR_F_Destroy(feature);
    }
    OGR_L_ResetReading(s->layer);
    return PH_OK;
}

static enum ph_status decide_encoding(struct ph_source *s, const struct ph_source_request *request, struct ph_error *err)
{
    if (s->made) return PH_OK;
    bool bytes = s->facts.dbf || strcmp(s->facts.driver, "CSV") == 0 || !OGR_L_TestCapability(s->layer, OLCStringsAsUTF8);
    s->facts.sample_words = "";
    if (!bytes && request->encoding == NULL) return PH_OK;
    const char *ldid = OGR_L_GetName(s->layer) ? GDALGetMetadataItem(s->layer, "LDID_VALUE", "SHAPEFILE") : NULL;
    const char *cpg = GDALGetMetadataItem(s->layer, "CPG_VALUE", "SHAPEFILE");
    s->facts.language_byte = ldid ? (int)strtol(ldid, NULL, 10) : 0;
    struct ph_str *samples = NULL;
    size_t count;
    enum ph_status status = take_samples(s, &samples, &count, err);
    struct ph_encoding_evidence evidence = {
        .option = ph_str_of(request->encoding),
        .language_byte = s->facts.language_byte,
        .cpg = ph_str_of(cpg),
        .samples = samples,
        .sample_count = count,
    };
    if (status == PH_OK) status = ph_encoding_decide(&evidence, &s->facts.encoding, err);
    if (status == PH_OK) status = ph_decoder_open(s->facts.encoding.name, &s->decoder, err);
    if (status == PH_OK) status = ph_words_show(s->decoder, samples, count, &s->arena, &s->facts.sample_words, err);
    if (status == PH_OK && request->readings)
        status = ph_words_readings(samples, count, s->facts.encoding.name, &s->arena, &s->facts.readings, &s->facts.reading_count, err);
    free(samples);
    s->facts.encoding_known = status == PH_OK;
    return status;
}

static enum ph_type type_of(OGRFieldType type)
{
    switch (type) {
    case OFTInteger:
    case OFTInteger64: return PH_INT;
    case OFTReal: return PH_REAL;
    case OFTDate: return PH_DATE;
    default: return PH_TEXT;
    }
}

static enum ph_status list_fields(struct ph_source *s, struct ph_error *err)
{
    OGRFeatureDefnH defn = OGR_L_GetLayerDefn(s->layer);
    int count = OGR_FD_GetFieldCount(defn);
    struct ph_source_field *fields = ph_arena_alloc(&s->arena, ((size_t)count + 1) * sizeof *fields);
    if (fields == NULL) return ph_fail_memory(err);
    struct ph_text name;
    ph_text_init(&name, 4096);
    for (int f = 0; f < count; f++) {
        OGRFieldDefnH field = OGR_FD_GetFieldDefn(defn, f);
        const char *raw = OGR_Fld_GetNameRef(field);
        fields[f] = (struct ph_source_field){.type = type_of(OGR_Fld_GetType(field))};
        fields[f].moment = OGR_Fld_GetType(field) == OFTDateTime;
        fields[f].driver_type = OGR_GetFieldTypeName(OGR_Fld_GetType(field));
        ph_text_clear(&name);
        if (s->decoder)
            ph_decoder_decode(s->decoder, raw, strlen(raw), &name, &fields[f].cut, NULL);
        else
            ph_text_add(&name, raw);
        fields[f].name = keep(s, ph_text_get(&name));
        const char *alias = OGR_Fld_GetAlternativeNameRef(field);
        if (alias && alias[0] && s->decoder == NULL) fields[f].alias = keep(s, alias);
        if (fields[f].name == NULL || name.failed) return ph_text_dispose(&name), ph_fail_memory(err);
    }
    ph_text_dispose(&name);
    s->facts.fields = fields;
    s->facts.field_count = (size_t)count;
    return PH_OK;
}

static enum ph_status list_files(struct ph_source *s, struct ph_error *err)
{
    if (s->made) return PH_OK;
    char **files = GDALGetFileList(s->dataset);
    int count = CSLCount(files);
    const char **kept = ph_arena_alloc(&s->arena, ((size_t)count + 1) * sizeof *kept);
    bool failed = kept == NULL;
    for (int i = 0; !failed && i < count; i++) failed = (kept[i] = keep(s, files[i])) == NULL;
    CSLDestroy(files);
    if (failed) return ph_fail_memory(err);
    s->facts.files = kept;
    s->facts.file_count = (size_t)count;
    s->facts.rows_tell = count == 0 || strcmp(s->facts.driver, "OpenFileGDB") == 0;
    return PH_OK;
}

static enum ph_status take_crs(struct ph_source *s, struct ph_error *err)
{
    OGRSpatialReferenceH srs = OGR_L_GetSpatialRef(s->layer);
    if (srs == NULL) return PH_OK;
    const char *options[] = {"FORMAT=WKT2_2019", NULL};
    char *wkt = NULL;
    struct ph_watch watch;
    ph_watch_begin(&watch);
    OGRErr result = OSRExportToWktEx(srs, &wkt, options);
    ph_watch_end();
    if (result == OGRERR_NONE && wkt && wkt[0]) s->facts.wkt = keep(s, wkt);
    bool failed = result == OGRERR_NONE && wkt && wkt[0] && s->facts.wkt == NULL;
    CPLFree(wkt);
    return failed ? ph_fail_memory(err) : PH_OK;
}

void ph_source_load_drivers(void)
{
    if (GDALGetDriverCount() == 0) GDALAllRegister();
    ph_markup_prepare();
}

/* What it is called in messages and outputs. */
static enum ph_status name_source(struct ph_source *s, const struct ph_source_request *request, struct ph_error *err)
{
    const char *name = request->name ? request->name : request->path;
    char label[PH_CONNECTION_BYTES];
    if (ph_connection_is(request->path)) {
        ph_connection_label(request->path, OGR_L_GetName(s->layer), label, sizeof label);
        name = label;
    }
    char *kept = ph_arena_text(&s->arena, name, strlen(name));
    if (kept == NULL) return ph_fail_memory(err);
    ph_secret_hide(kept);
    s->facts.path = kept;
    return PH_OK;
}

static enum ph_status open_source(struct ph_source *s, const struct ph_source_request *request, struct ph_error *err)
{
    ph_source_load_drivers();
    s->made = ph_txt_claims(request);
    if (!s->made) PH_TRY(ph_sheet_open(request, &s->facts, &s->sheet, err));
    if (s->sheet) return PH_OK;
    PH_TRY(s->made ? ph_txt_open(s, request, err) : open_dataset(s, request, NULL, err));
    struct ph_watch watch;
    ph_watch_begin(&watch); /* some drivers read only now */
    enum ph_status status = choose_layer(s, request, err);
    ph_watch_end();
    PH_TRY(status);
    s->open_options = request->open_options;
    s->filtered = request->where != NULL;
    s->opened = request->path;
    PH_TRY(name_source(s, request, err));
    s->facts.driver = s->made ? "TXT" : keep(s, GDALGetDriverShortName(GDALGetDatasetDriver(s->dataset)));
    s->facts.layer = keep(s, OGR_L_GetName(s->layer));
    s->facts.geometry = keep(s, OGRGeometryTypeToName(OGR_L_GetGeomType(s->layer)));
    if (!s->facts.driver || !s->facts.layer || !s->facts.geometry) return ph_fail_memory(err);
    s->facts.dbf = strcmp(s->facts.driver, "ESRI Shapefile") == 0;
    s->facts.has_geometry = OGR_L_GetGeomType(s->layer) != wkbNone;
    ph_watch_begin(&watch);
    status = decide_encoding(s, request, err);
    ph_watch_end();
    PH_TRY(status);
    if (request->where) {
        /* A condition names fields and texts: there GDAL must decode. */
        if (s->decoder && s->facts.dbf) {
            GDALClose(s->dataset);
            s->layer = NULL;
            PH_TRY(open_dataset(s, request, s->facts.encoding.name, err));
            PH_TRY(choose_layer(s, request, err));
            ph_decoder_close(s->decoder);
            s->decoder = NULL;
        }
        ph_watch_begin(&watch);
        OGRErr result = OGR_L_SetAttributeFilter(s->layer, request->where);
        ph_watch_end();
        if (result != OGRERR_NONE)
            return ph_fail(err, PH_E_USAGE, "--where 有误:%s", "--where is wrong: %s", ph_watch_message(&watch));
    }
    ph_watch_begin(&watch);
    s->facts.features = OGR_L_GetFeatureCount(s->layer, TRUE);
    ph_watch_end();
    PH_TRY(list_fields(s, err));
    PH_TRY(list_files(s, err));
    return take_crs(s, err);
}

/* FILE:layer, where no file has the whole as its name. */
static enum ph_status split_layer(struct ph_source *s, struct ph_source_request *request, struct ph_error *err)
{
    const char *whole = request->path, *colon = strrchr(whole, ':');
    if (request->layer || colon == NULL || ph_connection_is(whole) || ph_file_exists(whole)) return PH_OK;
    char *file = ph_arena_text(&s->arena, whole, (size_t)(colon - whole));
    if (file == NULL) return ph_fail_memory(err);
    if (!ph_file_exists(file)) return PH_OK;
    if (request->name == NULL) request->name = whole;
    request->path = file;
    request->layer = colon + 1;
    return PH_OK;
}

enum ph_status ph_source_open(const struct ph_source_request *request, struct ph_source **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_source *s = calloc(1, sizeof *s);
    if (s == NULL) return ph_fail_memory(err);
    struct ph_source_request split = *request;
    enum ph_status status = split_layer(s, &split, err);
    if (status == PH_OK) status = open_source(s, &split, err);
    if (status != PH_OK) {
        ph_source_free(s);
        return status;
    }
    *out = s;
    return PH_OK;
}

enum ph_status ph_source_twin(const struct ph_source *source, struct ph_source **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_source *s = calloc(1, sizeof *s);
    if (s == NULL) return ph_fail_memory(err);
    struct ph_source_request request = {.path = source->opened, .layer = source->facts.layer, .open_options = source->open_options};
    enum ph_status status = open_dataset(s, &request, NULL, err);
    if (status == PH_OK) status = choose_layer(s, &request, err);
    if (status == PH_OK && source->decoder) status = ph_decoder_open(source->facts.encoding.name, &s->decoder, err);
    if (status != PH_OK) {
        ph_source_free(s);
        return status;
    }
    s->facts = source->facts;
    *out = s;
    return PH_OK;
}

const struct ph_source_facts *ph_source_facts(const struct ph_source *source)
{
    return &source->facts;
}

void ph_source_free(struct ph_source *s)
{
    if (s == NULL) return;
    if (s->dataset) GDALClose(s->dataset);
    ph_sheet_free(s->sheet);
    ph_decoder_close(s->decoder);
    ph_problems_dispose(&s->found);
    ph_arena_dispose(&s->arena);
    free(s);
}
