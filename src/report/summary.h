/* The sheet in front: classes, measures and grades with their sums as formulas, held against the lists. */
#ifndef PH_REPORT_SUMMARY_H
#define PH_REPORT_SUMMARY_H

#include "report/lists.h"

/* Adds the sheet, still empty. */
struct ph_sheet *ph_summary_add(struct ph_book *book);

/* Fills it. lists: one for each enum ph_list, as written. Errors: PH_E_SUMS when a list does not add up to the total of its
 * tag, or the tags not to all parcels. */
PH_MUST_USE enum ph_status ph_summary_write(struct ph_gpkg_reader *audit, struct ph_sheet *sheet, const char *heading, const char *statement,
                                            const struct ph_listed *lists, struct ph_error *err);

#endif
