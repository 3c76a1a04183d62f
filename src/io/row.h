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

/* Takes all records out; the memory is used again. */
void ph_records_clear(struct ph_records *records);

void ph_records_dispose(struct ph_records *records);

#endif
