/* A finished audit for people who have no GIS: one file to look at, to print, or to submit. */
#ifndef PANHUO_REPORT_H
#define PANHUO_REPORT_H

#include "panhuo/api.h"
#include "panhuo/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* All texts UTF-8, borrowed. */
struct ph_report_request {
    const char *audit;  /* the GeoPackage that an audit wrote; it is not changed */
    const char *output; /* its suffix says what is written: .html a page to look at and print, .xlsx a workbook of the lists that are submitted */
    int overwrite;
};

/* Writes the report, whole or not at all; the same audit gives the same bytes. Errors: PH_E_USAGE for a suffix that is not
 * known, PH_E_INPUT, PH_E_OUTPUT, PH_E_EXISTS, PH_E_SUMS when the rows of the audit do not add up to its totals. */
PH_API enum ph_status ph_report_write(const struct ph_report_request *request, struct ph_error *err);

#ifdef __cplusplus
}
#endif
#endif
