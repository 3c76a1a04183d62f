/* Texts with separators (RFC 4180 and what programs write instead). */
#ifndef PH_IO_CSV_H
#define PH_IO_CSV_H

#include "io/workbook.h"

/* As ph_workbook_open and ph_workbook_read; workbook->bytes holds the file. */
PH_MUST_USE enum ph_status ph_csv_open(struct ph_workbook *workbook, const char *encoding, struct ph_error *err);
PH_MUST_USE enum ph_status ph_csv_read(struct ph_workbook *workbook, struct ph_grid *grid, struct ph_problems *problems, struct ph_error *err);

#endif
