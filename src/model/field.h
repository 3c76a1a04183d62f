/* The fields that panhuo knows, of parcels, enterprises, the ledger and links: names in both languages, type, quantity. */
#ifndef PH_MODEL_FIELD_H
#define PH_MODEL_FIELD_H

#include <stddef.h>

#include "base/unit.h"
#include "model/table.h"

struct ph_field {
    const char *name;    /* English, the output's column name */
    const char *title;   /* Chinese */
    enum ph_type type;
    enum ph_quantity quantity;
    const char *aliases; /* other names, separated by '|', best first */
};

/* A list of fields of one kind of table. */
struct ph_fields {
    const struct ph_field *items;
    size_t count;
    size_t mark; /* the field by which a table of this kind is told from others */
};

enum ph_parcel_field {
#define FIELD(id, name, title, type, quantity, aliases) PH_##id,
#include "model/parcel_fields.def"
#undef FIELD
    PH_PARCEL_FIELDS
};

enum ph_enterprise_field {
#define FIELD(id, name, title, type, quantity, aliases) PH_ENT_##id,
#include "model/enterprise_fields.def"
#undef FIELD
    PH_ENTERPRISE_FIELDS
};

enum ph_ledger_field {
#define FIELD(id, name, title, type, quantity, aliases) PH_LED_##id,
#include "model/ledger_fields.def"
#undef FIELD
    PH_LEDGER_FIELDS
};

enum ph_link_field {
#define FIELD(id, name, title, type, quantity, aliases) PH_LNK_##id,
#include "model/link_fields.def"
#undef FIELD
    PH_LINK_FIELDS
};

extern const struct ph_fields ph_parcel_fields, ph_enterprise_fields, ph_ledger_fields, ph_link_fields;
extern const struct ph_fields *const ph_field_lists[]; /* all of them, NULL at the end */

#endif
