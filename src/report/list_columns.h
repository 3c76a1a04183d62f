/* What stands in each list: tables of columns. */
#ifndef PH_REPORT_LIST_COLUMNS_H
#define PH_REPORT_LIST_COLUMNS_H

#include "report/book.h"
#include "report/lists.h"

enum ph_adding {
    PH_ADD_NOTHING,
    PH_ADD_NUMBERS,
    PH_ADD_AREA, /* m², added as whole 0.01 m² */
    PH_ADD_MU    /* of the area column before it */
};

struct ph_list_column {
    const char *title;
    const char *source; /* a column of the table, or an expression in brackets; NULL: the row's number; "": blank, to be filled in */
    enum ph_kind kind;
    double width;
    const char *codes; /* code list whose words are shown, also for several codes joined by ';' */
    enum ph_adding adding;
};

#define PH_LIST_COLUMNS 24 /* at most */

struct ph_list_layout {
    const char *name, *table;
    const char *needs[2]; /* table and column without which there is nothing to list */
    const char *tag;   /* of the parcels, or NULL */
    const char *rest;  /* of the query */
    const struct ph_list_column *columns;
    size_t count;
};

extern const struct ph_list_layout ph_list_layouts[PH_LISTS];

#endif
