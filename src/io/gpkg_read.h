/* Reads back what an audit wrote: queries on a GeoPackage that is never changed. */
#ifndef PH_IO_GPKG_READ_H
#define PH_IO_GPKG_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct ph_gpkg_reader;
struct ph_query;

/* Opens a GeoPackage that holds an audit (a table `run`). Nothing is written, not even beside it; one that is open for
 * editing elsewhere is read as it was last saved. Errors: PH_E_INPUT for a file that is missing, unreadable, or something else. */
PH_MUST_USE enum ph_status ph_gpkg_open(const char *path, struct ph_gpkg_reader **out, struct ph_error *err);

/* The same on a connection that somebody else opened, and closes after the reader. */
struct sqlite3;
PH_MUST_USE enum ph_status ph_gpkg_open_on(struct sqlite3 *db, const char *path, struct ph_gpkg_reader **out, struct ph_error *err);
void ph_gpkg_close(struct ph_gpkg_reader *reader); /* after its queries; NULL is allowed */

/* Whether there is a table or view of this name and, with `column`, that column in it. */
bool ph_gpkg_has(const struct ph_gpkg_reader *reader, const char *table, const char *column);

/* Prepares one SELECT; values go in through ?1, ?2 … Errors: PH_E_INPUT when the file lacks what it names. */
PH_MUST_USE enum ph_status ph_query_open(struct ph_gpkg_reader *reader, const char *sql, struct ph_query **out, struct ph_error *err);

/* The same for these columns of one table, in this order; `rest` follows FROM table ("" for nothing). A column that the table
 * lacks is NULL in every row, so that audits without it can be read; one that begins with '(' is an expression. Whatever
 * `rest` and expressions name must be there. Without the table there are no rows. */
PH_MUST_USE enum ph_status ph_query_columns(struct ph_gpkg_reader *reader, const char *table, const char *const *columns, size_t count,
                                            const char *rest, struct ph_query **out, struct ph_error *err);
void ph_query_close(struct ph_query *query); /* NULL is allowed */

/* Sets ?place (1-based) and starts the query anew. The text is copied; NULL is NULL. */
void ph_query_bind_text(struct ph_query *query, int place, const char *text);

/* Goes to the next row; *row is false after the last. */
PH_MUST_USE enum ph_status ph_query_next(struct ph_query *query, bool *row, struct ph_error *err);

/* Values of the row, by position from 0; texts and blobs are borrowed until the next row or bind. */
enum ph_stored { PH_STORED_NULL, PH_STORED_INT, PH_STORED_REAL, PH_STORED_TEXT, PH_STORED_BLOB };
enum ph_stored ph_query_cell(const struct ph_query *query, int column);
const char *ph_query_text(const struct ph_query *query, int column); /* NULL: unknown; a number as SQLite prints it */
int64_t ph_query_int(const struct ph_query *query, int column);      /* INT64_MIN: unknown */
double ph_query_real(const struct ph_query *query, int column);      /* NaN: unknown */
const void *ph_query_blob(const struct ph_query *query, int column, size_t *length); /* NULL: unknown */

#endif
