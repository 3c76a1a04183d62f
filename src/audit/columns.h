/* A list of output columns under construction, and the values of those that are computed for it. */
#ifndef PH_AUDIT_COLUMNS_H
#define PH_AUDIT_COLUMNS_H

#include "audit/normalise.h"
#include "io/gpkg.h"

/* Zero-initialise. */
struct ph_columns {
    struct ph_gpkg_column *items;
    size_t count, capacity;
    struct ph_table made; /* computed columns; one row per output row */
    size_t first;         /* the output row that the first of these is */
    struct ph_arena names;
};

/* A column of values that live elsewhere (NULL: unknown in every row). title, codelist and references are borrowed. */
PH_MUST_USE enum ph_status ph_columns_add(struct ph_columns *c, const char *name, const char *title, enum ph_type type,
                                          const struct ph_column *values, const char *codelist, struct ph_error *err);

/* Every canonical field of the table, whether the source had it or not. */
PH_MUST_USE enum ph_status ph_columns_add_fields(struct ph_columns *c, const struct ph_fielded *table, struct ph_error *err);

/* What the source had besides, under its own names: src_NAME where a name is taken (by an earlier column, fid or geom). */
PH_MUST_USE enum ph_status ph_columns_add_carried(struct ph_columns *c, const struct ph_fielded *table, struct ph_error *err);

/* A computed column: *values is to be filled, one element per row of c->made. Add all rows to c->made first. */
PH_MUST_USE enum ph_status ph_columns_make(struct ph_columns *c, const char *name, const char *title, enum ph_type type,
                                           const char *codelist, size_t *made, struct ph_error *err);

/* Points every computed column at its values; to be called once, after the last one was made. */
void ph_columns_settle(struct ph_columns *c);

void ph_columns_dispose(struct ph_columns *c);

#endif
