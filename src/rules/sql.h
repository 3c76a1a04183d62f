/* SQLite as an evaluator of expressions: a connection that can do nothing else, statements, values in and out.
 * Internal to rules. */
#ifndef PH_RULES_SQL_H
#define PH_RULES_SQL_H

#include "rules/calendar.h"
#include "rules/expr.h"
#include "rules/value.h"

#define PH_SQL_CAP ((size_t)4 * 1024 * 1024) /* of a statement */

/* For one thread. Errors: PH_E_LIBRARY. Close with sqlite3_close. */
PH_MUST_USE enum ph_status ph_sql_open(sqlite3 **db, struct ph_error *err);

/* Has SQLite parse one translated expression. Errors: PH_E_RULES at `place` with SQLite's words. */
PH_MUST_USE enum ph_status ph_sql_check(sqlite3 *db, struct ph_str sql, struct ph_place place, struct ph_error *err);

/* No param and no define may have the name of a variable. Errors: PH_E_RULES at its place. */
PH_MUST_USE enum ph_status ph_sql_check_names(const struct ph_scope *scope, struct ph_error *err);

/* Texts are bound as they are: they must live until the statement has run. */
void ph_sql_bind(sqlite3_stmt *stmt, int parameter, const struct ph_value *value);
/* A text lives until the statement runs again. */
struct ph_value ph_sql_column(sqlite3_stmt *stmt, int column);

#endif
