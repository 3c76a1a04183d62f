/* The fields of a style: aliases, value maps, locks, and the attribute form. */
#ifndef PH_IO_STYLE_FORM_H
#define PH_IO_STYLE_FORM_H

#include "io/style.h"

void ph_style_fields(const struct ph_style *style, struct ph_xml *xml);

#endif
