/* Building a case sheet, and its rows from the audit's tables. */
#ifndef PH_REPORT_CASE_TREE_H
#define PH_REPORT_CASE_TREE_H

#include <stdbool.h>

#include "base/arena.h"
#include "io/gpkg_read.h"
#include "panhuo/explain.h"

/* A node that can still grow. */
struct ph_case {
    struct ph_case_node node; /* first: a list of these is a list of nodes */
    struct ph_case *last;     /* child */
};

struct ph_explanation {
    struct ph_arena arena;
    struct ph_gpkg_reader *audit;
    struct ph_query *titles; /* of columns */
    struct ph_case root;
    bool failed; /* memory is out */
};

/* Adds a member, or an item (key and title NULL). Never NULL: without memory it is a node of no tree, and `failed` is set. */
struct ph_case *ph_case_add(struct ph_explanation *e, struct ph_case *parent, enum ph_case_kind kind, const char *key, const char *title);

/* A text, or a number given as a text. All are copied; shown NULL: as value. */
void ph_case_value(struct ph_explanation *e, struct ph_case *parent, enum ph_case_kind kind, const char *key, const char *title, const char *value,
                   const char *shown);
void ph_case_real(struct ph_explanation *e, struct ph_case *parent, const char *key, const char *title, double number);

/* The value in this column of the row, told by its type. */
void ph_case_cell(struct ph_explanation *e, struct ph_case *parent, const char *key, const char *title, const char *codelist,
                  const struct ph_query *query, int column);

/* Members for the columns of the query's row, which are those of `table`, but for those that are NULL here: with the titles
 * and words that the file has for them. Unknown ones are left out unless `all`. */
PH_MUST_USE enum ph_status ph_case_row(struct ph_explanation *e, struct ph_case *parent, const char *table, const char *const *columns, size_t count,
                                       const struct ph_query *query, bool all, struct ph_error *err);

/* A table of all rows that the query for these columns gives; ?1 is `key`. Without rows there is no member. */
PH_MUST_USE enum ph_status ph_case_table(struct ph_explanation *e, struct ph_case *parent, const char *name, const char *title, const char *table,
                                         const char *const *columns, size_t count, const char *rest, const char *key, struct ph_error *err);

#endif
