/* One sheet of a workbook as a table: its columns named, its rows of data, and what had to be assumed for that. */
#ifndef PH_IO_SHEET_H
#define PH_IO_SHEET_H

#include "io/source.h"

struct ph_sheet;

/* Opens the sheet `request->layer`, else the first whose header is known, and fills in `facts`, which borrow from it.
 * *out is NULL when the request is not for a table that is read here. */
PH_MUST_USE enum ph_status ph_sheet_open(const struct ph_source_request *request, struct ph_source_facts *facts, struct ph_sheet **out,
                                         struct ph_error *err);

/* As ph_source_read, once: what the cells took is freed. The layer's fids are the rows' numbers as a spreadsheet shows them. */
PH_MUST_USE enum ph_status ph_sheet_read(struct ph_sheet *sheet, struct ph_layer *layer, struct ph_problems *problems, struct ph_error *err);
void ph_sheet_free(struct ph_sheet *sheet);

#endif
