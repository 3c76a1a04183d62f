/* From columns as they came to the canonical fields: dates, numbers, units, texts. What cannot be read is a row in
 * problems with the text as found, and unknown. */
#ifndef PH_AUDIT_NORMALISE_H
#define PH_AUDIT_NORMALISE_H

#include "audit/fieldmap.h"
#include "model/layer.h"

/* A layer whose known fields have been found and read. */
struct ph_fielded {
    struct ph_layer layer;
    const struct ph_fields *fields;
    size_t *column_of;    /* per field: column of layer.table, SIZE_MAX for none */
    size_t *carried;      /* columns that are no field */
    size_t carried_count;
    size_t source_columns;
    bool unit_open;       /* the unit of the open field is stated nowhere */
};

/* The column of a field, or NULL. Borrowed until the next column is added. */
static inline const struct ph_column *ph_field_column(const struct ph_fielded *t, size_t field)
{
    return t->column_of[field] == SIZE_MAX ? NULL : &t->layer.table.columns[t->column_of[field]];
}

/* Takes the layer over. `open_field`: the field whose unit, when stated nowhere, is left open (kept as read) and not
 * reported, SIZE_MAX for none; where some values state their own unit and others do not, the others are unknown. When it
 * is an area, a column may state its unit row by row (map->area_unit). */
PH_MUST_USE enum ph_status ph_normalise(struct ph_layer *layer, const struct ph_fieldmap *map, const struct ph_fields *fields,
                                        const char *source, size_t open_field, struct ph_fielded *out, struct ph_problems *problems,
                                        struct ph_error *err);
void ph_fielded_dispose(struct ph_fielded *table);

#endif
