/* The layers and tables of a GeoPackage with their columns, read back from the file itself: styles, forms and the project
 * go by what is there, whatever wrote it. */
#ifndef PH_AUDIT_CONTENTS_H
#define PH_AUDIT_CONTENTS_H

#include "base/arena.h"
#include "io/gpkg_read.h"
#include "model/shapes.h"

struct ph_contents_column {
    const char *name;
    const char *title;      /* NULL: a column carried over from the source */
    const char *codelist;   /* name of a list in model/codelist.h, or NULL */
    const char *references; /* the layer whose fid it holds, or NULL */
};

/* The rows of a value: how many, and where; the box is empty when none has a shape. */
struct ph_contents_class {
    const char *value;
    int64_t rows;
    struct ph_box box;
};

#define PH_CONTENTS_CLASSES 16 /* no legend has more */

struct ph_contents_layer {
    const char *name, *title;
    const char *geometry; /* "polygon", "point" or "none" */
    bool is_view;
    const struct ph_contents_column *columns; /* without key and geometry */
    size_t column_count;
    struct ph_contents_class classes[PH_CONTENTS_CLASSES]; /* once they were counted: audit/census.h */
    size_t class_count;
    struct ph_box extent;
};

/* Zero-initialise. */
struct ph_contents {
    struct ph_arena arena;
    struct ph_contents_layer *layers; /* in the order they were written */
    size_t count;
};

PH_MUST_USE enum ph_status ph_contents_read(struct ph_gpkg_reader *reader, struct ph_contents *out, struct ph_error *err);
void ph_contents_dispose(struct ph_contents *contents);

/* NULL when there is none. */
const struct ph_contents_layer *ph_contents_layer(const struct ph_contents *contents, const char *name);

/* The class of a value; NULL: no row has it. */
const struct ph_contents_class *ph_contents_class(const struct ph_contents_layer *layer, const char *value);

const struct ph_contents_column *ph_contents_column(const struct ph_contents_layer *layer, const char *name);

/* The field of `layer` that a reference to `table` means: its key, or where the layer draws that table's rows the column that
 * holds theirs; NULL: such references are to another. */
const char *ph_contents_key(const struct ph_contents_layer *layer, const char *table);

#endif
