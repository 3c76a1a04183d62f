/* Rows as SQLite stores them, made in memory by any thread and put into the file later.
 * Format: https://www.sqlite.org/fileformat2.html#record_format */
#ifndef PH_IO_ROW_H
#define PH_IO_ROW_H

#include "io/gpkg.h"

/* Zero-initialise. Records one behind the other. */
struct ph_records {
    unsigned char *bytes;
    size_t *ends; /* per record: one past its last byte */
    size_t length, capacity, count, row_capacity;
};

/* Appends the elements from <= i < to of the columns' values as rows of `layer`: NULL for the fid, which is the rowid, the shape
 * when the layer has shapes, the columns. columns: as many as the layer has. first: number of the first of these rows in the
 * layer, by which the shapes go. srs_id: of the geometries. */
PH_MUST_USE enum ph_status ph_records_add(struct ph_records *records, const struct ph_gpkg_layer *layer, const struct ph_gpkg_column *columns,
                                          size_t from, size_t to, size_t first, int srs_id, struct ph_error *err);

/* A row whose values are given one by one, in the order of the layer's columns: where nobody needs them as columns. Without a shape. */
struct ph_row {
    unsigned char *kinds, *values;
    size_t kind_bytes, value_bytes, text_end, columns;
    bool failed; /* out of memory */
};

/* To be closed whatever the result. */
PH_MUST_USE enum ph_status ph_row_open(struct ph_row *row, size_t columns, struct ph_error *err);
void ph_row_close(struct ph_row *row);

/* One value each: PH_INT_UNKNOWN, NaN and NULL are unknown. At most as many as the row has columns. */
void ph_row_int(struct ph_row *row, int64_t v);
void ph_row_real(struct ph_row *row, double v);
void ph_row_text(struct ph_row *row, const char *text);
void ph_row_str(struct ph_row *row, struct ph_str text);

/* Appends the row and begins the next. */
PH_MUST_USE enum ph_status ph_row_add(struct ph_row *row, struct ph_records *records, struct ph_error *err);

/* Takes all records out; the memory is used again. */
void ph_records_clear(struct ph_records *records);

void ph_records_dispose(struct ph_records *records);

#endif
