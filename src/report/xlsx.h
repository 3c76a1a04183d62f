/* The workbook: the lists that an office submits, their summary, and what was run. */
#ifndef PH_REPORT_XLSX_H
#define PH_REPORT_XLSX_H

#include "io/gpkg_read.h"

/* Writes the workbook under this name, which nobody else looks at yet. */
PH_MUST_USE enum ph_status ph_xlsx_write(struct ph_gpkg_reader *audit, const char *path, struct ph_error *err);

#endif
