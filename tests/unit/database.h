/* A database file of a test's own, and short ways to ask it. */
#ifndef PH_TEST_DATABASE_H
#define PH_TEST_DATABASE_H

#include <sqlite3.h>
#include <stdint.h>

extern char database_path[]; /* made by database_make */

/* Group setup and teardown of cmocka. */
int database_make(void **state);
int database_drop(void **state);

/* The file, empty, opened anew. */
sqlite3 *database_open(void);

void database_run(sqlite3 *db, const char *sql);

/* The first number, the first text of the only row. */
sqlite3_int64 database_number(sqlite3 *db, const char *sql);
void database_assert_text(sqlite3 *db, const char *sql, const char *text);

/* xorshift64*: the same numbers everywhere. */
uint64_t random_bits(uint64_t *state);

#endif
