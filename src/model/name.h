/* Whether the name of a column, as a source writes it, is one of a field's names. */
#ifndef PH_MODEL_NAME_H
#define PH_MODEL_NAME_H

#include "model/field.h"

#define PH_NAME_BYTES 256
#define PH_NAME_NONE 100000

/* The form in which names are compared: half width, without line breaks and blanks (one between Latin letters becomes '_'),
 * without `*` and `:` around it and without notes in brackets that say nothing of the content (必填, 全称 …). False (and "")
 * when the name is too long to be one. */
bool ph_name_plain(const char *written, char out[PH_NAME_BYTES]);

/* Position of a name among the field's: 0 the canonical, 1 the title, 2… the others; PH_NAME_NONE when it is none of them. */
int ph_name_rank(const struct ph_field *field, struct ph_str name);

struct ph_name_fit {
    int rank;
    enum ph_unit_found unit; /* stated in the name, behind that of the field */
    struct ph_factor factor;
    struct ph_str bare;      /* the name without it; within `plain` */
};

/* A plain name against one field, with and without a unit. */
struct ph_name_fit ph_name_fit(const struct ph_field *field, const char *plain);

/* How many fields of the list the names are known for; each field counts once. names may hold NULL. */
size_t ph_name_count_known(const struct ph_fields *fields, const char *const *names, size_t count);

#endif
