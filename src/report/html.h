/* The page for people who have no GIS: one HTML file that holds all it needs and asks no network. */
#ifndef PH_REPORT_HTML_H
#define PH_REPORT_HTML_H

#include "io/gpkg_read.h"

/* Writes the page under this name, which nobody else looks at yet. Errors: PH_E_INPUT, PH_E_OUTPUT. */
PH_MUST_USE enum ph_status ph_html_write(struct ph_gpkg_reader *audit, const char *path, struct ph_error *err);

#endif
