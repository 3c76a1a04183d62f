/* The page's own text, embedded from report/page when the program is built. */
#ifndef PH_REPORT_PAGE_H
#define PH_REPORT_PAGE_H

#include "base/text.h"

extern const struct ph_str ph_page_markup; /* with @NAME@ where something is put in */
extern const struct ph_str ph_page_style;
extern const struct ph_str ph_page_script;

#endif
