/* Office Open XML workbooks (ECMA-376). */
#ifndef PH_IO_XLSX_H
#define PH_IO_XLSX_H

#include "io/workbook.h"

/* As ph_workbook_open and ph_workbook_read. */
PH_MUST_USE enum ph_status ph_xlsx_open(struct ph_workbook *workbook, struct ph_error *err);
PH_MUST_USE enum ph_status ph_xlsx_read(struct ph_workbook *workbook, size_t sheet, struct ph_grid *grid, struct ph_error *err);

#endif
