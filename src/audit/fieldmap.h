/* Which source column is which field: by canonical name, Chinese name, national code, other known names, and names cut
 * to the 10 bytes of a DBF. What fits two fields is an error that shows the way out. */
#ifndef PH_AUDIT_FIELDMAP_H
#define PH_AUDIT_FIELDMAP_H

#include "io/source.h"
#include "model/field.h"
#include "model/problems.h"

enum ph_match_how { PH_MATCH_NONE, PH_MATCH_NAME, PH_MATCH_TITLE, PH_MATCH_ALIAS, PH_MATCH_CUT, PH_MATCH_ORDERED };

enum ph_unit_from {
    PH_UNIT_PLAIN,    /* no unit needed */
    PH_UNIT_NAMED,    /* the column's name states it, or it is the canonical English name */
    PH_UNIT_TABLE,    /* a row of units, or one for the whole table, states it */
    PH_UNIT_ORDERED,  /* --map FIELD=SOURCE:unit */
    PH_UNIT_ASSUMED,  /* nowhere stated: the kept unit is assumed, and reported */
    PH_UNIT_CUT_OFF   /* the name states one that cannot be read */
};

/* For all rows: whatever a column of units says does not matter. */
static inline bool ph_unit_stated(enum ph_unit_from from)
{
    return from == PH_UNIT_NAMED || from == PH_UNIT_TABLE || from == PH_UNIT_ORDERED;
}

struct ph_match {
    size_t source; /* column of the source, SIZE_MAX for none */
    enum ph_match_how how;
    enum ph_unit_from unit_from;
    struct ph_factor factor;
};

/* What became of a column of the source. */
enum ph_column_fate {
    PH_COLUMN_CARRIED,   /* fits no field */
    PH_COLUMN_TAKEN,
    PH_COLUMN_SURPLUS,   /* fits a field that another column fits better */
    PH_COLUMN_AMBIGUOUS  /* fits two fields equally well (lenient only) */
};

struct ph_fieldmap {
    struct ph_match *matches; /* per field */
    enum ph_column_fate *fates; /* per column of the source */
    size_t match_count;
    size_t area_unit;         /* the column that states the area's unit (MJDW), SIZE_MAX for none */
};

struct ph_fieldmap_request {
    const struct ph_fields *fields;
    const struct ph_source_facts *source;
    const char *const *map; /* FIELD=SOURCE[:unit], NULL-terminated, or NULL */
    bool lenient;           /* a column that fits two fields is a problem (field.ambiguous) and is taken for neither */
};

/* Errors: PH_E_FIELDS for a column that fits two fields unless lenient, PH_E_USAGE for a --map that names what is not there.
 * Two columns for one field: the better name is taken, the other reported and carried over. */
PH_MUST_USE enum ph_status ph_fieldmap_make(const struct ph_fieldmap_request *request, struct ph_fieldmap *out,
                                            struct ph_problems *problems, struct ph_error *err);
void ph_fieldmap_dispose(struct ph_fieldmap *map);

#endif
