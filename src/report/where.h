/* A condition that somebody typed, as SQL for the rows of one layer: an expression and nothing else. */
#ifndef PH_REPORT_WHERE_H
#define PH_REPORT_WHERE_H

#include "base/error.h"
#include "base/text.h"
#include "model/table.h"

/* Appends " WHERE (…)" for a condition over the columns, which may also be called by their Chinese titles (without a unit in
 * parentheses); nothing for NULL. Errors: PH_E_USAGE for what is no expression: a sub-select, a second statement, a comment. */
PH_MUST_USE enum ph_status ph_where_add(const char *condition, const struct ph_table *columns, struct ph_text *sql, struct ph_error *err);

#endif
