#include "io/row.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/large.h"
#include "base/prefetch.h"
#include "io/tree.h"

#define DATE_BYTES 10
#define PLAIN_MAX (DATE_BYTES + 1) /* a date while it has its NUL */
#define VARINT_MAX 9
#define BLOB_HEAD 8      /* magic, version, flags, srs_id */
#define ENVELOPE 32      /* of x and y */
#define WKB_HEAD 9       /* byte order, type, count */
#define AHEAD ((size_t)8) /* rows: there are more columns than processors see coming */
#define BLOCK_ROWS ((size_t)16)
#define LINE_POINTS (64 / sizeof(struct ph_xy)) /* of the memory */
#define FIRST_ROOM ((size_t)512)
#define LARGEST_SHORT_INT ((int64_t)1 << 47)

/* Kinds of values in a record's head. Texts and blobs have their length in it. */
enum { KIND_NULL = 0, KIND_REAL = 7, KIND_ZERO = 8, KIND_ONE = 9, KIND_BLOB = 12, KIND_TEXT = 13 };

/* A column, and the text it had last: what is the same again has the same length. */
struct source {
    const struct ph_column *values; /* NULL: unknown in every row */
    size_t first;
    const char *text;
    size_t length;
};

/* Rows made from columns. */
struct draft {
    struct source *sources;
    size_t count;
    struct ph_row row;
};

/* Puts the value to *out and gives its kind. So do the next ones. */
static uint64_t put_integer(unsigned char **out, int64_t v)
{
    static const struct {
        unsigned bytes, kind;
    } widths[] = {{1, 1}, {2, 2}, {3, 3}, {4, 4}, {6, 5}, {8, 6}};
    if (v == 0 || v == 1) return v == 0 ? KIND_ZERO : KIND_ONE;
    uint64_t magnitude = v < 0 ? ~(uint64_t)v : (uint64_t)v;
    size_t w = 0;
    while (widths[w].bytes < 8 && magnitude >> (8 * widths[w].bytes - 1)) w++;
    *out = ph_put_big(*out, (uint64_t)v, widths[w].bytes);
    return widths[w].kind;
}

/* Whole numbers take less room as integers; SQLite does the same, and gives a real back. */
static uint64_t put_real(unsigned char **out, double v)
{
    if (isnan(v)) return KIND_NULL;
    if (fabs(v) < (double)LARGEST_SHORT_INT && v == (double)(int64_t)v) return put_integer(out, (int64_t)v);
    uint64_t bits;
    static_assert(sizeof bits == sizeof v, "a double of 64 bits");
    memcpy(&bits, &v, sizeof v);
    *out = ph_put_big(*out, bits, 8);
    return KIND_REAL;
}

static uint64_t put_date(unsigned char **out, int32_t days)
{
    if (days == PH_DATE_UNKNOWN) return KIND_NULL;
    ph_date_print((char *)*out, days);
    uint64_t length = **out ? DATE_BYTES : 0;
    *out += length;
    return KIND_TEXT + 2 * length;
}

static uint64_t put_plain(unsigned char **out, const struct ph_column *values, size_t at)
{
    switch (values->type) {
    case PH_REAL: ph_prefetch(&values->real[at + AHEAD]); return put_real(out, values->real[at]);
    case PH_INT: ph_prefetch(&values->integer[at + AHEAD]); return values->integer[at] == PH_INT_UNKNOWN ? KIND_NULL : put_integer(out, values->integer[at]);
    case PH_DATE: return put_date(out, values->date[at]);
    case PH_TEXT: break;
    }
    return KIND_NULL;
}

/* Room for so many bytes of texts, and behind them for everything else. False: there is no memory. */
static bool grow(struct ph_row *row, size_t texts)
{
    unsigned char *grown = realloc(row->values, 2 * texts + row->columns * PLAIN_MAX);
    if (grown == NULL) return false;
    row->values = grown;
    row->text_end = 2 * texts;
    return true;
}

static enum ph_status make_row(struct draft *d, size_t at_row, struct ph_error *err)
{
    struct ph_row *row = &d->row;
    unsigned char *kinds = row->kinds, *out = row->values;
    for (size_t i = 0; i < d->count; i++) {
        struct source *source = &d->sources[i];
        const struct ph_column *values = source->values;
        size_t at = at_row - source->first;
        uint64_t kind = KIND_NULL;
        if (values && values->type != PH_TEXT) {
            kind = put_plain(&out, values, at);
        } else if (values && values->text[at]) {
            ph_prefetch(&values->text[at + AHEAD]);
            if (values->text[at] != source->text) {
                source->text = values->text[at];
                source->length = strlen(source->text);
            }
            size_t used = (size_t)(out - row->values);
            if (used + source->length > row->text_end) {
                if (!grow(row, used + source->length)) return ph_fail_memory(err);
                out = row->values + used;
            }
            memcpy(out, source->text, source->length);
            out += source->length;
            kind = KIND_TEXT + 2 * (uint64_t)source->length;
        }
        kinds = ph_put_varint(kinds, kind);
    }
    row->kind_bytes = (size_t)(kinds - row->kinds);
    row->value_bytes = (size_t)(out - row->values);
    return PH_OK;
}

enum ph_status ph_row_open(struct ph_row *row, size_t columns, struct ph_error *err)
{
    *row = (struct ph_row){.columns = columns, .kinds = malloc(columns * VARINT_MAX + 1)};
    return row->kinds && grow(row, FIRST_ROOM) ? PH_OK : ph_fail_memory(err);
}

void ph_row_close(struct ph_row *row)
{
    free(row->kinds);
    free(row->values);
    *row = (struct ph_row){0};
}

static void put_kind(struct ph_row *row, uint64_t kind, const unsigned char *end)
{
    row->kind_bytes = (size_t)(ph_put_varint(row->kinds + row->kind_bytes, kind) - row->kinds);
    row->value_bytes = (size_t)(end - row->values);
}

void ph_row_int(struct ph_row *row, int64_t v)
{
    unsigned char *out = row->values + row->value_bytes;
    uint64_t kind = v == PH_INT_UNKNOWN ? KIND_NULL : put_integer(&out, v);
    put_kind(row, kind, out);
}

void ph_row_real(struct ph_row *row, double v)
{
    unsigned char *out = row->values + row->value_bytes;
    uint64_t kind = put_real(&out, v);
    put_kind(row, kind, out);
}

void ph_row_text(struct ph_row *row, const char *text)
{
    ph_row_str(row, text ? ph_str_of(text) : (struct ph_str){NULL, 0});
}

void ph_row_str(struct ph_row *row, struct ph_str text)
{
    if (text.at == NULL) {
        put_kind(row, KIND_NULL, row->values + row->value_bytes);
        return;
    }
    if (row->value_bytes + text.length > row->text_end && !grow(row, row->value_bytes + text.length)) row->failed = true;
    if (row->failed) return;
    unsigned char *end = row->values + row->value_bytes;
    memcpy(end, text.at, text.length);
    put_kind(row, KIND_TEXT + 2 * (uint64_t)text.length, end + text.length);
}

/* The shapes that a feature is made of. */
struct members {
    const size_t *at;
    size_t count;
};

static struct members members_of(const struct ph_gpkg_layer *layer, const size_t *row)
{
    const struct ph_bundles *b = layer->bundles;
    if (b == NULL) return (struct members){row, 1};
    size_t first = *row ? b->end[*row - 1] : 0;
    return (struct members){b->members + first, b->end[*row] - first};
}

static size_t blob_bytes(const struct ph_gpkg_layer *layer, size_t row)
{
    const struct ph_shapes *s = layer->shapes;
    struct members members = members_of(layer, &row);
    size_t bytes = 0;
    for (size_t m = 0; m < members.count; m++) {
        uint32_t part = ph_first_part(s, members.at[m]), part_end = s->shape_end[members.at[m]];
        if (part == part_end) continue;
        uint32_t ring_from = ph_first_ring(s, part), ring_to = s->part_end[part_end - 1];
        size_t point = ph_first_point(s, ring_from), points = s->ring_end[ring_to - 1] - point;
        for (size_t i = 0; i < points && i < 8 * LINE_POINTS; i += LINE_POINTS) ph_prefetch(&s->points[point + i]);
        bytes += (size_t)(part_end - part) * WKB_HEAD + (size_t)(ring_to - ring_from) * 4 + points * sizeof(struct ph_xy);
    }
    if (bytes == 0) return 0;
    return BLOB_HEAD + (layer->points ? 5 + sizeof(struct ph_xy) : ENVELOPE + WKB_HEAD + bytes);
}

/* The shapes of a bundle lie anywhere: looked up for some rows at once, they are waited for together. */
static void measure_blobs(const struct ph_gpkg_layer *layer, size_t first, size_t count, size_t *blobs)
{
    for (size_t i = 0; i < count; i++) blobs[i] = layer->shapes ? blob_bytes(layer, first + i) : 0;
}

static unsigned char *put(unsigned char *out, const void *data, size_t n)
{
    memcpy(out, data, n);
    return out + n;
}

static unsigned char *put_u32(unsigned char *out, uint32_t v)
{
    return put(out, &v, 4);
}

static unsigned char *put_wkb_head(unsigned char *out, uint32_t type)
{
    *out++ = 1; /* little endian */
    return put_u32(out, type);
}

static unsigned char *put_parts(unsigned char *out, const struct ph_shapes *s, size_t shape)
{
    for (uint32_t part = ph_first_part(s, shape); part < s->shape_end[shape]; part++) {
        uint32_t ring = ph_first_ring(s, part), ring_end = s->part_end[part];
        out = put_u32(put_wkb_head(out, 3), ring_end - ring);
        for (; ring < ring_end; ring++) {
            uint32_t from = ph_first_point(s, ring), count = s->ring_end[ring] - from;
            out = put(put_u32(out, count), &s->points[from], count * sizeof(struct ph_xy));
        }
    }
    return out;
}

/* The feature as a GeoPackage MULTIPOLYGON, or as a POINT. */
static unsigned char *put_blob(unsigned char *out, const struct ph_gpkg_layer *layer, size_t row, int32_t srs_id)
{
    const unsigned char head[4] = {'G', 'P', 0, layer->points ? 0x01 : 0x03}; /* version 1, little endian, envelope of x and y but for a point */
    const struct ph_shapes *s = layer->shapes;
    struct members members = members_of(layer, &row);
    out = put(put(out, head, 4), &srs_id, 4);
    if (layer->points)
        return put(put_wkb_head(out, 1), &s->points[ph_first_point(s, ph_first_ring(s, ph_first_part(s, row)))], sizeof(struct ph_xy));
    const struct ph_box *box = layer->bundles ? &layer->bundles->boxes[row] : &s->boxes[row];
    double envelope[4] = {box->min_x, box->max_x, box->min_y, box->max_y};
    uint32_t parts = 0;
    for (size_t m = 0; m < members.count; m++) parts += s->shape_end[members.at[m]] - ph_first_part(s, members.at[m]);
    out = put_u32(put_wkb_head(put(out, envelope, sizeof envelope), 6), parts);
    for (size_t m = 0; m < members.count; m++) out = put_parts(out, s, members.at[m]);
    return out;
}

static enum ph_status reserve(struct ph_records *r, size_t bytes, struct ph_error *err)
{
    if (r->length + bytes <= r->capacity) return PH_OK;
    size_t capacity = 2 * (r->length + bytes);
    if (capacity < PH_LARGE_PAGE) capacity = PH_LARGE_PAGE;
    unsigned char *grown = r->bytes ? realloc(r->bytes, capacity) : ph_large_alloc(capacity);
    if (grown == NULL) return ph_fail_memory(err);
    r->bytes = grown;
    r->capacity = capacity;
    return PH_OK;
}

static enum ph_status reserve_rows(struct ph_records *r, size_t rows, struct ph_error *err)
{
    if (r->count + rows <= r->row_capacity) return PH_OK;
    size_t capacity = r->count + (rows > r->count ? rows : r->count);
    size_t *grown = realloc(r->ends, capacity * sizeof *grown);
    if (grown == NULL) return ph_fail_memory(err);
    r->ends = grown;
    r->row_capacity = capacity;
    return PH_OK;
}

/* layer: of a row that may have a shape; NULL: of none. */
static enum ph_status add_row(struct ph_records *r, const struct ph_row *d, const struct ph_gpkg_layer *layer, size_t row, size_t blob, int srs_id,
                              struct ph_error *err)
{
    uint64_t shape = blob ? KIND_BLOB + 2 * (uint64_t)blob : KIND_NULL;
    size_t head = 1 + d->kind_bytes + (layer ? ph_varint_bytes(shape) : 0);
    head += ph_varint_bytes(head + 1); /* it counts itself; SQLite's 2000 columns never take that to three bytes */
    size_t bytes = head + blob + d->value_bytes;
    PH_TRY(reserve(r, bytes, err));
    unsigned char *out = ph_put_varint(r->bytes + r->length, head);
    *out++ = KIND_NULL;
    if (layer) out = ph_put_varint(out, shape);
    out = put(out, d->kinds, d->kind_bytes);
    if (blob) out = put_blob(out, layer, row, srs_id);
    out = put(out, d->values, d->value_bytes);
    r->length += bytes;
    r->ends[r->count++] = r->length;
    assert(out == r->bytes + r->length);
    return PH_OK;
}

enum ph_status ph_row_add(struct ph_row *row, struct ph_records *records, struct ph_error *err)
{
    PH_TRY(row->failed ? ph_fail_memory(err) : reserve_rows(records, 1, err));
    PH_TRY(add_row(records, row, NULL, 0, 0, 0, err));
    row->kind_bytes = row->value_bytes = 0;
    return PH_OK;
}

static enum ph_status start(struct draft *d, const struct ph_gpkg_layer *layer, const struct ph_gpkg_column *columns, struct ph_error *err)
{
    d->count = layer->column_count;
    d->sources = calloc(d->count + 1, sizeof *d->sources);
    if (d->sources == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < d->count; i++)
        if (layer->columns[i].values) d->sources[i] = (struct source){.values = columns[i].values, .first = columns[i].first};
    return ph_row_open(&d->row, d->count, err);
}

enum ph_status ph_records_add(struct ph_records *records, const struct ph_gpkg_layer *layer, const struct ph_gpkg_column *columns,
                              size_t from, size_t to, size_t first, int srs_id, struct ph_error *err)
{
    struct draft draft = {0};
    size_t blobs[BLOCK_ROWS];
    enum ph_status status = reserve_rows(records, to - from, err);
    if (status == PH_OK) status = start(&draft, layer, columns, err);
    for (size_t row = from; status == PH_OK && row < to; row++) {
        size_t i = (row - from) % BLOCK_ROWS, left = to - row;
        if (i == 0) measure_blobs(layer, first + row - from, left < BLOCK_ROWS ? left : BLOCK_ROWS, blobs);
        status = make_row(&draft, row, err);
        if (status == PH_OK) status = add_row(records, &draft.row, layer->shapes ? layer : NULL, first + row - from, blobs[i], srs_id, err);
    }
    free(draft.sources);
    ph_row_close(&draft.row);
    return status;
}

void ph_records_clear(struct ph_records *records)
{
    records->length = records->count = 0;
}

void ph_records_dispose(struct ph_records *records)
{
    free(records->bytes);
    free(records->ends);
    *records = (struct ph_records){0};
}
