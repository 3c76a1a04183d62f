/* The lists: one sheet each, its rows as the audit has them. */
#ifndef PH_REPORT_LISTS_H
#define PH_REPORT_LISTS_H

#include "io/gpkg_read.h"
#include "report/book.h"

enum ph_list {
    PH_LIST_IDLE,
    PH_LIST_LOW_EFFICIENCY,
    PH_LIST_UNSUPPLIED,
    PH_LIST_UNVERIFIED,
    PH_LIST_LEDGER,
    PH_LIST_EVALUATION,
    PH_LIST_TERMS,
    PH_LIST_LAND,
    PH_LIST_TOPOLOGY,
    PH_LIST_PROBLEMS,
    PH_LIST_RULES,
    PH_LISTS
};

/* What was written. */
struct ph_listed {
    const char *name; /* of the sheet; NULL: the audit has no such table, and there is no sheet */
    size_t rows;
    int64_t area_dm2;
    unsigned first, last; /* rows of the sheet, from 1; the total, where there is one, is the row after */
    char count_column, area_column; /* letters; '\0': none */
};

/* `heading`: one line above the table. */
PH_MUST_USE enum ph_status ph_list_write(struct ph_gpkg_reader *audit, enum ph_list list, const char *heading, struct ph_book *book,
                                         struct ph_listed *listed, struct ph_error *err);

/* The tag whose parcels the list holds, NULL for lists of something else. */
const char *ph_list_tag(enum ph_list list);

#endif
