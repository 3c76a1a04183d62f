#include "io/row.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "io/tree.h"

#define DATE_BYTES 10
#define BLOB_HEAD 8      /* magic, version, flags, srs_id */
#define ENVELOPE 32      /* of x and y */
#define WKB_HEAD 9       /* byte order, type, count */
#define LARGEST_SHORT_INT ((int64_t)1 << 47)

/* Kinds of values in a record's head. Texts and blobs have their length in it. */
enum { KIND_NULL = 0, KIND_REAL = 7, KIND_ZERO = 8, KIND_ONE = 9, KIND_BLOB = 12, KIND_TEXT = 13 };

/* One value of the row at hand. */
struct cell {
    uint64_t kind;
    size_t bytes; /* behind the head */
    uint64_t bits; /* of a number */
    const char *text;
    size_t length; /* of `text`: known from the row before when it is the same */
    char date[DATE_BYTES + 1];
};

static void set_null(struct cell *cell)
{
    cell->kind = KIND_NULL;
    cell->bytes = 0;
}

static void set_integer(struct cell *cell, int64_t v)
{
    static const struct {
        unsigned bytes, kind;
    } widths[] = {{1, 1}, {2, 2}, {3, 3}, {4, 4}, {6, 5}, {8, 6}};
    cell->bytes = 0;
    cell->bits = (uint64_t)v;
    cell->kind = v == 0 ? KIND_ZERO : KIND_ONE;
    if (v == 0 || v == 1) return;
    uint64_t magnitude = v < 0 ? ~(uint64_t)v : (uint64_t)v;
    size_t w = 0;
    while (widths[w].bytes < 8 && magnitude >> (8 * widths[w].bytes - 1)) w++;
    cell->bytes = widths[w].bytes;
    cell->kind = widths[w].kind;
}

/* Whole numbers take less room as integers; SQLite does the same, and gives a real back. */
static void set_real(struct cell *cell, double v)
{
    if (isnan(v)) {
        set_null(cell);
        return;
    }
    if (fabs(v) < (double)LARGEST_SHORT_INT && v == (double)(int64_t)v) {
        set_integer(cell, (int64_t)v);
        return;
    }
    static_assert(sizeof cell->bits == sizeof v, "a double of 64 bits");
    memcpy(&cell->bits, &v, sizeof v);
    cell->kind = KIND_REAL;
    cell->bytes = 8;
}

static void set_text(struct cell *cell, const char *text)
{
    set_null(cell);
    if (text == NULL) return;
    if (text != cell->text) cell->length = strlen(text);
    cell->text = text;
    cell->bytes = cell->length;
    cell->kind = KIND_TEXT + 2 * (uint64_t)cell->length;
}

static void set_date(struct cell *cell, int32_t days)
{
    set_null(cell);
    if (days == PH_DATE_UNKNOWN) return;
    ph_date_print(cell->date, days);
    cell->text = cell->date;
    cell->length = strlen(cell->date);
    cell->bytes = cell->length;
    cell->kind = KIND_TEXT + 2 * (uint64_t)cell->length;
}

static void set(struct cell *cell, const struct ph_column *values, size_t row)
{
    switch (values->type) {
    case PH_TEXT: set_text(cell, values->text[row]); break;
    case PH_REAL: set_real(cell, values->real[row]); break;
    case PH_INT:
        if (values->integer[row] == PH_INT_UNKNOWN)
            set_null(cell);
        else
            set_integer(cell, values->integer[row]);
        break;
    case PH_DATE: set_date(cell, values->date[row]); break;
    }
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
        size_t points = s->ring_end[ring_to - 1] - ph_first_point(s, ring_from);
        bytes += (size_t)(part_end - part) * WKB_HEAD + (size_t)(ring_to - ring_from) * 4 + points * sizeof(struct ph_xy);
    }
    if (bytes == 0) return 0;
    return BLOB_HEAD + (layer->points ? 5 + sizeof(struct ph_xy) : ENVELOPE + WKB_HEAD + bytes);
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
    unsigned char *grown = realloc(r->bytes, capacity);
    if (grown == NULL) return ph_fail_memory(err);
    r->bytes = grown;
    r->capacity = capacity;
    return PH_OK;
}

static enum ph_status reserve_rows(struct ph_records *r, size_t rows, struct ph_error *err)
{
    if (r->count + rows <= r->row_capacity) return PH_OK;
    size_t capacity = r->count + rows;
    size_t *grown = realloc(r->ends, capacity * sizeof *grown);
    if (grown == NULL) return ph_fail_memory(err);
    r->ends = grown;
    r->row_capacity = capacity;
    return PH_OK;
}

/* Sets the cells from row `at` of the values; how many bytes their kinds and they themselves take. */
static void set_cells(struct cell *cells, const struct ph_gpkg_layer *layer, const struct ph_gpkg_column *columns, size_t at, size_t *kinds,
                      size_t *values)
{
    *kinds = *values = 0;
    for (size_t i = 0; i < layer->column_count; i++) {
        struct cell *cell = &cells[i];
        if (layer->columns[i].values) set(cell, columns[i].values, at - columns[i].first);
        *kinds += cell->kind < 0x80 ? 1 : ph_varint_bytes(cell->kind);
        *values += cell->bytes;
    }
}

static unsigned char *put_kind(unsigned char *out, uint64_t kind)
{
    if (kind >= 0x80) return ph_put_varint(out, kind);
    *out = (unsigned char)kind;
    return out + 1;
}

static enum ph_status add_row(struct ph_records *r, const struct ph_gpkg_layer *layer, const struct cell *cells, size_t kinds, size_t values,
                              size_t row, int srs_id, struct ph_error *err)
{
    size_t blob = layer->shapes ? blob_bytes(layer, row) : 0;
    uint64_t shape = blob ? KIND_BLOB + 2 * (uint64_t)blob : KIND_NULL;
    size_t head = 1 + kinds + (layer->shapes ? ph_varint_bytes(shape) : 0);
    head += ph_varint_bytes(head + 1); /* it counts itself; SQLite's 2000 columns never take that to three bytes */
    size_t bytes = head + blob + values;
    PH_TRY(reserve(r, bytes, err));
    unsigned char *out = ph_put_varint(r->bytes + r->length, head);
    *out++ = KIND_NULL;
    if (layer->shapes) out = ph_put_varint(out, shape);
    for (size_t i = 0; i < layer->column_count; i++) out = put_kind(out, cells[i].kind);
    if (blob) out = put_blob(out, layer, row, srs_id);
    for (size_t i = 0; i < layer->column_count; i++)
        if (cells[i].bytes) out = cells[i].kind >= KIND_TEXT ? put(out, cells[i].text, cells[i].bytes) : ph_put_big(out, cells[i].bits, (unsigned)cells[i].bytes);
    r->length += bytes;
    r->ends[r->count++] = r->length;
    assert(out == r->bytes + r->length);
    return PH_OK;
}

enum ph_status ph_records_add(struct ph_records *records, const struct ph_gpkg_layer *layer, const struct ph_gpkg_column *columns,
                              size_t from, size_t to, size_t first, int srs_id, struct ph_error *err)
{
    struct cell *cells = calloc(layer->column_count + 1, sizeof *cells);
    enum ph_status status = cells ? reserve_rows(records, to - from, err) : ph_fail_memory(err);
    for (size_t row = from; status == PH_OK && row < to; row++) {
        size_t kinds, values;
        set_cells(cells, layer, columns, row, &kinds, &values);
        status = add_row(records, layer, cells, kinds, values, first + row - from, srs_id, err);
    }
    free(cells);
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
