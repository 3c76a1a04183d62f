/* The last sheet: what was run, on what, and how to read the lists. */
#ifndef PH_REPORT_ACCOUNT_H
#define PH_REPORT_ACCOUNT_H

#include "base/text.h"
#include "io/gpkg_read.h"
#include "report/book.h"

/* What a person reads for a key of the table `run`. */
void ph_account_name(const char *key, struct ph_text *name);

PH_MUST_USE enum ph_status ph_account_write(struct ph_gpkg_reader *audit, const char *heading, struct ph_book *book, struct ph_error *err);

#endif
