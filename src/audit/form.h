/* Which fields stand together on a layer's attribute form. */
#ifndef PH_AUDIT_FORM_H
#define PH_AUDIT_FORM_H

#include <stdbool.h>
#include <stddef.h>

struct ph_form_tab {
    const char *title;
    const char *fields;    /* names with blanks between; NULL: all that stand on no other tab */
    const char *relations; /* tables whose rows of the feature stand below, with blanks between; NULL: none */
};

/* Sets *tabs and returns how many the layer's form has: 0 where QGIS may list the fields by itself. */
size_t ph_form_tabs(const char *layer, const struct ph_form_tab **tabs);

/* Whether the name stands in a list with blanks between; list may be NULL. */
bool ph_form_names(const char *list, const char *name);

#endif
