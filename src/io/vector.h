/* A layer written for other programs, through GDAL: shapefile or FileGDB. */
#ifndef PH_IO_VECTOR_H
#define PH_IO_VECTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "model/codelist.h"
#include "model/shapes.h"
#include "model/table.h"

enum ph_vector_format { PH_VECTOR_SHP, PH_VECTOR_GDB };

struct ph_vector_layer {
    enum ph_vector_format format;
    const char *path, *name; /* of the file or folder to make, and of the layer */
    const char *crs;         /* WKT or EPSG:n */
    bool gbk;                /* SHP: CP936, said in the DBF's language byte and in the .cpg; else UTF-8 */
    const struct ph_table *table;
    const struct ph_shapes *shapes; /* one a row */
    const char *const *names;       /* a field's name for each column; the column's title becomes the alias, where there are aliases */
    const struct ph_codelist *const *lists; /* GDB: the coded values of each column, or NULL */
};

/* What the format could not take. */
struct ph_vector_losses {
    size_t cut;         /* texts longer than 254 bytes */
    size_t characters;  /* texts with characters that GBK does not have */
    const char *column; /* where the first of them was; borrowed from the table */
};

/* Writes all of it; nothing of the sort may be there yet. Errors: PH_E_OUTPUT in GDAL's words, PH_E_MEMORY; what was written
 * until then remains. */
PH_MUST_USE enum ph_status ph_vector_write(const struct ph_vector_layer *layer, struct ph_vector_losses *losses, struct ph_error *err);

#endif
