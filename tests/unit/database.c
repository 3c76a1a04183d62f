#include "database.h"

#include <stdlib.h>
#include <unistd.h>

#include "test.h"

char database_path[] = "/tmp/panhuo-test-XXXXXX";

int database_make(void **state)
{
    (void)state;
    int file = mkstemp(database_path);
    return file < 0 ? -1 : close(file);
}

int database_drop(void **state)
{
    (void)state;
    return unlink(database_path);
}

sqlite3 *database_open(void)
{
    sqlite3 *db = NULL;
    assert_int_equal(truncate(database_path, 0), 0);
    assert_int_equal(sqlite3_open(database_path, &db), SQLITE_OK);
    database_run(db, "PRAGMA synchronous = OFF");
    return db;
}

void database_run(sqlite3 *db, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) fail_msg("%s: %s", sql, message);
}

static sqlite3_stmt *ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    return stmt;
}

sqlite3_int64 database_number(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt = ask(db, sql);
    sqlite3_int64 answer = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return answer;
}

void database_assert_text(sqlite3 *db, const char *sql, const char *text)
{
    sqlite3_stmt *stmt = ask(db, sql);
    assert_string_equal((const char *)sqlite3_column_text(stmt, 0), text);
    sqlite3_finalize(stmt);
}

uint64_t random_bits(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545F4914F6CDD1DULL;
}
