/* The last sheet: what was run, on what, and how to read the lists. */
#ifndef PH_REPORT_ACCOUNT_H
#define PH_REPORT_ACCOUNT_H

#include "io/gpkg_read.h"
#include "report/book.h"

PH_MUST_USE enum ph_status ph_account_write(struct ph_gpkg_reader *audit, const char *heading, struct ph_book *book, struct ph_error *err);

#endif
