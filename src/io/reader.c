/* Reading a source's features into memory. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/number.h"
#include "base/progress.h"
#include "io/connection.h"
#include "io/dbf.h"
#include "io/geometry.h"
#include "io/source_file.h"
#include "io/watch.h"

#define PROGRESS_ROWS 4096
#define HALVES_FROM 20000 /* rows from which a second handle pays */
#define DAY (24 * 60) /* minutes */
#define BEIJING (8 * 60)
#define UTC 100 /* GDAL counts zones from here, by quarters of an hour */
#define TEXT_CAP ((size_t)16 * 1024 * 1024)

static const struct ph_problem_kind half_character = {
    PH_NOTE, "encoding.half_character", "字段宽度按字节截断;请核对原文", "the field was cut by bytes; check the original"};
static const struct ph_problem_kind bad_bytes = {
    PH_WARNING, "encoding.bad_bytes", "用 --encoding 指定编码,或核对源数据", "give --encoding, or check the source"};
static const struct ph_problem_kind no_such_day = {
    PH_PROBLEM_ERROR, "date.unreadable", "改为真实日期,如 2021-06-01", "write a real date such as 2021-06-01"};
static const struct ph_problem_kind unreadable = {
    PH_PROBLEM_ERROR, "geometry.unreadable", "修复源文件后重新审计", "repair the source and audit again"};

/* Short texts met lately in a column, by their bytes in the file: land uses, states and districts come again and again, and
 * need be decoded and kept only once. */
enum { RECENT_SLOTS = 64, RECENT_BYTES = 32 };

struct recent {
    char raw[RECENT_BYTES];
    size_t length;
    const char *kept; /* NULL: free */
};

struct reading {
    struct ph_source *source;
    struct ph_layer *layer;
    struct ph_problems *problems;
    struct ph_geometry_reader *geometry;
    struct ph_text text;
    struct recent *recent; /* RECENT_SLOTS per column */
    struct ph_dbf *dbf;    /* attributes are read from there; NULL: GDAL gives them */
    const char **ignored;  /* the names of all fields: GDAL need not read them then */
    atomic_int *stop;      /* not 0: another range has failed */
    struct ph_error *err;
};

/* The slot of a text among those of its column, or NULL when it is too long to be looked up. */
static struct recent *slot_of(const struct reading *r, int field, const char *raw, size_t length)
{
    if (length == 0 || length >= RECENT_BYTES) return NULL;
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)raw[i]) * 16777619u;
    return &r->recent[(size_t)field * RECENT_SLOTS + (hash ^ hash >> 15) % RECENT_SLOTS];
}

static enum ph_status read_text(struct reading *r, struct ph_str raw, int field, size_t row)
{
    const struct ph_source_facts *facts = &r->source->facts;
    struct ph_str text = raw;
    bool cut = false, bad = false;
    struct recent *slot = slot_of(r, field, raw.at, raw.length);
    if (slot && slot->kept && slot->length == raw.length && memcmp(slot->raw, raw.at, raw.length) == 0) {
        r->layer->table.columns[field].text[row] = slot->kept;
        return PH_OK;
    }
    if (r->source->decoder) {
        ph_text_clear(&r->text);
        ph_decoder_decode(r->source->decoder, raw.at, raw.length, &r->text, &cut, &bad);
        if (r->text.failed) return ph_fail_memory(r->err);
        text = (struct ph_str){ph_text_get(&r->text), r->text.length};
    }
    struct ph_str trimmed = ph_str_trim(text);
    if (trimmed.length == 0 && !cut && !bad) return PH_OK;
    const char *kept = ph_table_text(&r->layer->table, trimmed.at, trimmed.length);
    if (kept == NULL) return ph_fail_memory(r->err);
    r->layer->table.columns[field].text[row] = trimmed.length ? kept : NULL;
    if (slot && trimmed.length && !cut && !bad) { /* what is odd is reported every time */
        memcpy(slot->raw, raw.at, raw.length);
        slot->length = raw.length;
        slot->kept = kept;
    }
    const char *name = facts->fields[field].name;
    if (cut)
        PH_TRY(ph_problem_add(r->problems, &half_character, facts->path, r->layer->fids[row], r->err, "字段 %s 末尾半个汉字已略去:“%s”",
                              "field %s ended in half a character, left out: '%s'", name, kept));
    if (bad)
        PH_TRY(ph_problem_add(r->problems, &bad_bytes, facts->path, r->layer->fids[row], r->err, "字段 %s 有无法按 %s 解读的字节:“%s”",
                              "field %s has bytes that are not %s: '%s'", name, facts->encoding.name, kept));
    return PH_OK;
}

/* A day with a time; midnight is left out, for many formats have no other way to write a day. A time whose zone is known is told as
 * Beijing tells it. GDAL takes the times of a FileGDB for UTC, but ArcGIS stores them as they are typed. */
static enum ph_status read_moment(struct reading *r, OGRFeatureH feature, int field, size_t row)
{
    int year, month, day, hour, minute, second, zone;
    if (!OGR_F_GetFieldAsDateTime(feature, field, &year, &month, &day, &hour, &minute, &second, &zone)) return PH_OK;
    int32_t date = ph_date_of(year, month, day);
    if (date == PH_DATE_UNKNOWN) return read_text(r, ph_str_of(OGR_F_GetFieldAsString(feature, field)), field, row);
    bool zoned = zone > 1 && strcmp(r->source->facts.driver, "OpenFileGDB") != 0;
    int minutes = 60 * hour + minute + (zoned ? BEIJING - (zone - UTC) * 15 : 0);
    if (minutes < 0 || minutes >= DAY) date += minutes < 0 ? -1 : 1;
    minutes = (minutes + DAY) % DAY;
    char text[40];
    ph_date_print(text, date);
    if (minutes > 0 || second > 0) snprintf(text + 10, sizeof text - 10, " %02d:%02d:%02d%s", minutes / 60, minutes % 60, second, zoned ? "+08:00" : "");
    const char *kept = ph_table_text(&r->layer->table, text, strlen(text));
    r->layer->table.columns[field].text[row] = kept;
    return kept ? PH_OK : ph_fail_memory(r->err);
}

static enum ph_status read_field(struct reading *r, OGRFeatureH feature, int field, size_t row)
{
    if (!OGR_F_IsFieldSetAndNotNull(feature, field)) return PH_OK;
    struct ph_column *column = &r->layer->table.columns[field];
    switch (column->type) {
    case PH_REAL: column->real[row] = OGR_F_GetFieldAsDouble(feature, field); return PH_OK;
    case PH_INT: column->integer[row] = OGR_F_GetFieldAsInteger64(feature, field); return PH_OK;
    case PH_TEXT:
        if (r->source->facts.fields[field].moment) return read_moment(r, feature, field, row);
        return read_text(r, ph_str_of(OGR_F_GetFieldAsString(feature, field)), field, row);
    case PH_DATE: break;
    }
    int year, month, day, hour, minute, second, zone;
    if (!OGR_F_GetFieldAsDateTime(feature, field, &year, &month, &day, &hour, &minute, &second, &zone)) return PH_OK;
    column->date[row] = ph_date_of(year, month, day);
    if (column->date[row] != PH_DATE_UNKNOWN || (year == 0 && month == 0 && day == 0)) return PH_OK;
    return ph_problem_add(r->problems, &no_such_day, r->source->facts.path, r->layer->fids[row], r->err,
                          "字段 %s 的日期不存在:%04d-%02d-%02d,按未知处理", "field %s: there is no such day: %04d-%02d-%02d; taken as unknown",
                          r->source->facts.fields[field].name, year, month, day);
}

/* A number or a day out of a DBF, where it is written so that nobody could read it in another way. */
static bool read_plain(struct ph_str bytes, struct ph_column *column, size_t row)
{
    bool negative = bytes.length > 0 && bytes.at[0] == '-', digits = bytes.length > negative && bytes.length <= 18;
    int64_t whole = 0;
    if (bytes.length == 0) return true;
    for (size_t i = negative; digits && i < bytes.length; i++) {
        digits = bytes.at[i] >= '0' && bytes.at[i] <= '9';
        whole = 10 * whole + (bytes.at[i] - '0');
    }
    switch (column->type) {
    case PH_INT: return digits ? (column->integer[row] = negative ? -whole : whole, true) : bytes.at[0] == '*';
    case PH_DATE:
        if (!digits || negative || bytes.length != 8) return false;
        if (whole > 0) column->date[row] = ph_date_of((int)(whole / 10000), (int)(whole / 100 % 100), (int)(whole % 100));
        return whole == 0 || column->date[row] != PH_DATE_UNKNOWN;
    case PH_REAL:
        if (bytes.at[0] == '*') return true;
        for (size_t i = 0; i < bytes.length; i++) {
            char c = ph_lower(bytes.at[i]);
            if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e') return false;
        }
        return ph_number_parse(bytes.at, bytes.length, &column->real[row], NULL) == PH_PARSE_OK && !(negative && column->real[row] == 0);
    case PH_TEXT: break;
    }
    return false;
}

/* The attributes of a row from the DBF; *plain is false, and nothing said, when GDAL has to be asked. */
static enum ph_status read_record(struct reading *r, int64_t fid, size_t row, bool *plain)
{
    struct ph_table *table = &r->layer->table;
    *plain = ph_dbf_seek(r->dbf, fid);
    for (size_t f = 0; *plain && f < table->column_count; f++)
        if (table->columns[f].type != PH_TEXT) *plain = read_plain(ph_dbf_bytes(r->dbf, f), &table->columns[f], row);
    for (size_t f = 0; *plain && f < table->column_count; f++) {
        struct ph_str bytes = table->columns[f].type == PH_TEXT ? ph_dbf_bytes(r->dbf, f) : (struct ph_str){"", 0};
        if (bytes.length) PH_TRY(read_text(r, bytes, (int)f, row));
    }
    return PH_OK;
}

static enum ph_status read_fields(struct reading *r, OGRFeatureH feature, size_t row)
{
    for (size_t f = 0; f < r->source->facts.field_count; f++) PH_TRY(read_field(r, feature, (int)f, row));
    return PH_OK;
}

/* A row that is not plain: all of it as GDAL reads it. */
static enum ph_status read_anew(struct reading *r, int64_t fid, size_t row)
{
    struct ph_watch watch;
    ph_watch_begin(&watch);
    OGR_L_SetIgnoredFields(r->source->layer, NULL);
    OGRFeatureH feature = OGR_L_GetFeature(r->source->layer, fid);
    OGR_L_SetIgnoredFields(r->source->layer, r->ignored);
    ph_watch_end();
    if (feature == NULL) {
        ph_fail(r->err, PH_E_INPUT, "读不出第 %lld 行:%s", "row %lld cannot be read: %s", (long long)fid, ph_watch_message(&watch));
        return ph_at_file(r->err, r->source->facts.path), PH_E_INPUT;
    }
    enum ph_status status = read_fields(r, feature, row);
    OGR_F_Destroy(feature);
    return status;
}

static enum ph_status read_attributes(struct reading *r, OGRFeatureH feature, int64_t fid, size_t row)
{
    bool plain = false;
    if (r->dbf == NULL) return read_fields(r, feature, row);
    PH_TRY(read_record(r, fid, row, &plain));
    return plain ? PH_OK : read_anew(r, fid, row);
}

static enum ph_status read_feature(struct reading *r, OGRFeatureH feature, const struct ph_watch *watch)
{
    int64_t fid = OGR_F_GetFID(feature);
    size_t row = r->layer->table.rows;
    PH_TRY(ph_layer_add_row(r->layer, fid, r->err));
    PH_TRY(read_attributes(r, feature, fid, row));
    const char *path = r->source->facts.path;
    if (watch->failures)
        PH_TRY(ph_problem_add(r->problems, &unreadable, path, fid, r->err, "几何读取出错:%s", "the geometry cannot be read: %s",
                              watch->first_failure));
    if (r->geometry == NULL) return PH_OK;
    return ph_geometry_read(r->geometry, OGR_F_GetGeometryRef(feature), fid, watch->failures > 0, r->err);
}

/* Reads the features from <= id < to; to < 0: to the end. */
static enum ph_status read_range(struct reading *r, int64_t from, int64_t to, const struct ph_progress *progress)
{
    struct ph_source *s = r->source;
    int64_t last = to >= 0 ? to : s->facts.features;
    double total = last > from ? (double)(last - from) : 1;
    OGR_L_ResetReading(s->layer);
    if (from > 0 && OGR_L_SetNextByIndex(s->layer, from) != OGRERR_NONE)
        return ph_fail(r->err, PH_E_INPUT, "定位不到第 %lld 行", "row %lld cannot be found", (long long)from);
    while (!atomic_load(r->stop)) {
        struct ph_watch watch;
        ph_watch_begin(&watch);
        OGRFeatureH feature = OGR_L_GetNextFeature(s->layer);
        ph_watch_end();
        if (feature == NULL && watch.failures) {
            ph_fail(r->err, PH_E_INPUT, "读到第 %zu 行时中断:%s", "reading broke off at row %zu: %s", (size_t)from + r->layer->table.rows + 1,
                    watch.first_failure);
            return ph_at_file(r->err, s->facts.path), PH_E_INPUT;
        }
        bool beyond = feature == NULL || (to >= 0 && OGR_F_GetFID(feature) >= to);
        enum ph_status status = beyond ? PH_OK : read_feature(r, feature, &watch);
        OGR_F_Destroy(feature);
        if (beyond) return PH_OK;
        PH_TRY(status);
        size_t rows = r->layer->table.rows;
        if (rows % PROGRESS_ROWS == 0) PH_TRY(ph_progress_tell(progress, PH_STAGE_READ, (double)rows / total, r->err));
    }
    return PH_OK;
}

/* One range of rows, read into a layer of its own. */
struct range {
    struct ph_source *source;
    struct ph_layer *layer;
    struct ph_problems *problems;
    int64_t from, to;
    const struct ph_progress *progress;
    atomic_int *stop;
    struct ph_error error;
    enum ph_status status;
};

/* Attributes from the DBF itself, where that will do. */
static enum ph_status leave_to_dbf(struct reading *r)
{
    if ((r->dbf = ph_dbf_open(r->source)) == NULL) return PH_OK;
    OGRFeatureDefnH defn = OGR_L_GetLayerDefn(r->source->layer);
    r->ignored = calloc(r->source->facts.field_count + 1, sizeof *r->ignored);
    if (r->ignored == NULL) return ph_fail_memory(r->err);
    for (size_t f = 0; f < r->source->facts.field_count; f++) r->ignored[f] = OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(defn, (int)f));
    OGR_L_SetIgnoredFields(r->source->layer, r->ignored);
    return PH_OK;
}

static enum ph_status read_into(struct range *range)
{
    const struct ph_source_facts *facts = &range->source->facts;
    struct ph_error *err = &range->error;
    struct reading r = {.source = range->source, .layer = range->layer, .problems = range->problems, .stop = range->stop, .err = err};
    for (size_t f = 0; f < facts->field_count; f++)
        PH_TRY(ph_table_add_column(&r.layer->table, facts->fields[f].name, facts->fields[f].alias, facts->fields[f].type, NULL, err));
    if (facts->has_geometry) PH_TRY(ph_geometry_reader_new(&r.layer->shapes, r.problems, facts->path, facts->dbf, &r.geometry, err));
    ph_text_init(&r.text, TEXT_CAP);
    r.recent = calloc(facts->field_count + 1, RECENT_SLOTS * sizeof *r.recent);
    enum ph_status status = r.recent ? leave_to_dbf(&r) : ph_fail_memory(err);
    if (status == PH_OK) status = read_range(&r, range->from, range->to, range->progress);
    if (r.ignored) OGR_L_SetIgnoredFields(r.source->layer, NULL);
    ph_dbf_close(r.dbf);
    free(r.ignored);
    free(r.recent);
    ph_text_dispose(&r.text);
    ph_geometry_reader_free(r.geometry);
    return status;
}

static void *read_thread(void *payload)
{
    struct range *range = payload;
    range->status = read_into(range);
    if (range->status != PH_OK) atomic_store(range->stop, 1);
    return NULL;
}

/* The second half of the rows beside the first. Of two errors the first half's is told. */
static enum ph_status read_halves(struct range *first, struct ph_source *twin)
{
    struct ph_layer layer = {0};
    struct ph_problems problems = {0};
    struct range second = *first;
    second.source = twin;
    second.layer = &layer;
    second.problems = &problems;
    second.from = first->to = first->source->facts.features / 2;
    second.to = -1;
    second.progress = NULL;
    pthread_t thread;
    bool beside = pthread_create(&thread, NULL, read_thread, &second) == 0;
    enum ph_status status = read_into(first);
    if (status != PH_OK) atomic_store(first->stop, 1);
    if (beside)
        pthread_join(thread, NULL);
    else if (status == PH_OK)
        read_thread(&second);
    if (status == PH_OK && (status = second.status) != PH_OK) first->error = second.error;
    if (status == PH_OK) status = ph_layer_absorb(first->layer, &layer, &first->error);
    if (status == PH_OK) status = ph_problems_absorb(first->problems, &problems, &first->error);
    ph_layer_dispose(&layer);
    ph_problems_dispose(&problems);
    return status;
}

enum ph_status ph_source_read(struct ph_source *source, int threads, const struct ph_progress *progress, struct ph_layer *layer,
                              struct ph_problems *problems, struct ph_error *err)
{
    if (source->sheet) return ph_sheet_read(source->sheet, layer, problems, err);
    PH_TRY(ph_problems_absorb(problems, &source->found, err));
    atomic_int stop = 0;
    struct range all = {.source = source, .layer = layer, .problems = problems, .to = -1, .progress = progress, .stop = &stop,
                        .error = PH_ERROR_INIT};
    struct ph_source *twin = NULL;
    /* Only shapefiles number their rows so that a second handle can start in the middle. */
    bool halves = threads > 1 && source->facts.dbf && !source->filtered && source->facts.features >= HALVES_FROM &&
                  ph_source_twin(source, &twin, NULL) == PH_OK;
    enum ph_status status = halves ? read_halves(&all, twin) : read_into(&all);
    ph_source_free(twin);
    if (status != PH_OK) {
        if (err) *err = all.error;
        return status;
    }
    if (ph_connection_is(source->opened)) PH_TRY(ph_layer_sort(layer, err)); /* a database keeps no order */
    if (source->facts.rows_tell) PH_TRY(ph_layer_digest(layer, source->facts.rows_sha256, err));
    if (source->facts.features >= 0 && (size_t)source->facts.features != layer->table.rows) {
        ph_fail(err, PH_E_INPUT, "文件声明 %lld 行,只读到 %zu 行", "the file declares %lld rows, %zu could be read",
                (long long)source->facts.features, layer->table.rows);
        return ph_at_file(err, source->facts.path), PH_E_INPUT;
    }
    return PH_OK;
}
