#include "io/gpkg_read.h"

#include <errno.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

#define SQL_CAP ((size_t)1 << 16)
#define GPKG_APPLICATION_ID 0x47504B47 /* "GPKG" */

struct ph_gpkg_reader {
    sqlite3 *db;
    bool borrowed;
    char path[512]; /* for messages */
};

struct ph_query {
    const struct ph_gpkg_reader *reader;
    sqlite3_stmt *statement;
};

static enum ph_status failed(const struct ph_gpkg_reader *reader, struct ph_error *err)
{
    ph_fail(err, PH_E_INPUT, "无法读取:%s", "cannot be read: %s", sqlite3_errmsg(reader->db));
    ph_at_file(err, reader->path);
    return PH_E_INPUT;
}

/* file:PATH?… with everything encoded that has a meaning in a URI. Without a -wal nobody is writing, and nothing needs to be
 * made beside the file to read it: it may lie in a folder that cannot be written. */
static void uri_of(const char *path, struct ph_text *uri)
{
    struct ph_text wal;
    ph_text_init(&wal, SQL_CAP);
    ph_text_addf(&wal, "%s-wal", path);
    ph_text_add(uri, "file:");
    for (const char *at = path; *at; at++)
        if (strchr("%?#", *at))
            ph_text_addf(uri, "%%%02X", (unsigned)*at);
        else
            ph_text_add_str(uri, (struct ph_str){at, 1});
    ph_text_add(uri, "?mode=ro");
    if (access(ph_text_get(&wal), F_OK) != 0) ph_text_add(uri, "&immutable=1");
    ph_text_dispose(&wal);
}

static enum ph_status open_file(struct ph_gpkg_reader *reader, const char *path, struct ph_error *err)
{
    struct stat st;
    if (stat(path, &st) != 0 || access(path, R_OK) != 0) {
        ph_fail(err, PH_E_INPUT, "文件打不开:%s", "the file cannot be opened: %s", strerror(errno));
        ph_at_file(err, path);
        return PH_E_INPUT;
    }
    struct ph_text uri;
    ph_text_init(&uri, SQL_CAP);
    uri_of(path, &uri);
    int result = SQLITE_NOMEM;
    if (!uri.failed) result = sqlite3_open_v2(ph_text_get(&uri), &reader->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
    ph_text_dispose(&uri);
    if (reader->db == NULL) return ph_fail_memory(err);
    if (result != SQLITE_OK) return failed(reader, err);
    sqlite3_db_config(reader->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(reader->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL); /* a mistyped "name" is an error, not a text */
    return PH_OK;
}

static bool is_geopackage(const struct ph_gpkg_reader *reader)
{
    sqlite3_stmt *statement = NULL;
    bool is = sqlite3_prepare_v2(reader->db, "PRAGMA application_id", -1, &statement, NULL) == SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_int(statement, 0) == GPKG_APPLICATION_ID;
    sqlite3_finalize(statement);
    return is && ph_gpkg_has(reader, "gpkg_contents", NULL);
}

enum ph_status ph_gpkg_open(const char *path, struct ph_gpkg_reader **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_gpkg_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) return ph_fail_memory(err);
    snprintf(reader->path, sizeof reader->path, "%s", path);
    enum ph_status status = open_file(reader, path, err);
    if (status == PH_OK && !is_geopackage(reader))
        status = ph_fail(err, PH_E_INPUT, "不是 GeoPackage;请给出 panhuo audit 写出的 .gpkg", "this is no GeoPackage; give the .gpkg that panhuo audit wrote");
    if (status == PH_OK && !ph_gpkg_has(reader, "run", "key"))
        status = ph_fail(err, PH_E_INPUT, "GeoPackage 中没有 run 表,不是 panhuo audit 写出的",
                         "the GeoPackage has no table `run`: panhuo audit did not write it");
    if (status != PH_OK) {
        ph_at_file(err, path);
        ph_gpkg_close(reader);
        return status;
    }
    *out = reader;
    return PH_OK;
}

enum ph_status ph_gpkg_open_on(struct sqlite3 *db, const char *path, struct ph_gpkg_reader **out, struct ph_error *err)
{
    struct ph_gpkg_reader *reader = *out = calloc(1, sizeof *reader);
    if (reader == NULL) return ph_fail_memory(err);
    reader->db = db;
    reader->borrowed = true;
    snprintf(reader->path, sizeof reader->path, "%s", path);
    return PH_OK;
}

void ph_gpkg_close(struct ph_gpkg_reader *reader)
{
    if (reader == NULL) return;
    if (!reader->borrowed) sqlite3_close(reader->db);
    free(reader);
}

bool ph_gpkg_has(const struct ph_gpkg_reader *reader, const char *table, const char *column)
{
    sqlite3_stmt *statement = NULL;
    sqlite3_prepare_v2(reader->db, "SELECT 1 FROM pragma_table_info(?1) WHERE ?2 IS NULL OR name = ?2 COLLATE NOCASE", -1, &statement, NULL);
    sqlite3_bind_text(statement, 1, table, -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(statement, 2, column, -1, SQLITE_TRANSIENT);
    bool has = sqlite3_step(statement) == SQLITE_ROW;
    sqlite3_finalize(statement);
    return has;
}

enum ph_status ph_query_open(struct ph_gpkg_reader *reader, const char *sql, struct ph_query **out, struct ph_error *err)
{
    *out = NULL;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(reader->db, sql, -1, &statement, NULL) != SQLITE_OK) return failed(reader, err);
    struct ph_query *query = malloc(sizeof *query);
    if (query == NULL) {
        sqlite3_finalize(statement);
        return ph_fail_memory(err);
    }
    *query = (struct ph_query){reader, statement};
    *out = query;
    return PH_OK;
}

/* A name between double quotes. */
static void add_name(struct ph_text *sql, const char *name)
{
    ph_text_add(sql, "\"");
    for (const char *at = name; *at; at++) ph_text_add_str(sql, *at == '"' ? PH_STR("\"\"") : (struct ph_str){at, 1});
    ph_text_add(sql, "\"");
}

enum ph_status ph_query_columns(struct ph_gpkg_reader *reader, const char *table, const char *const *columns, size_t count,
                                const char *rest, struct ph_query **out, struct ph_error *err)
{
    if (!ph_gpkg_has(reader, table, NULL)) return ph_query_open(reader, "SELECT NULL WHERE 0", out, err);
    struct ph_text sql;
    ph_text_init(&sql, SQL_CAP);
    for (size_t i = 0; i < count; i++) {
        ph_text_add(&sql, i ? ", " : "SELECT ");
        if (columns[i][0] == '(') {
            ph_text_add(&sql, columns[i]);
        } else if (ph_gpkg_has(reader, table, columns[i])) {
            add_name(&sql, table);
            ph_text_add(&sql, ".");
            add_name(&sql, columns[i]);
        } else {
            ph_text_add(&sql, "NULL");
        }
    }
    ph_text_add(&sql, " FROM ");
    add_name(&sql, table);
    ph_text_add(&sql, " ");
    ph_text_add(&sql, rest);
    *out = NULL;
    enum ph_status status = sql.failed ? ph_fail_memory(err) : ph_query_open(reader, ph_text_get(&sql), out, err);
    ph_text_dispose(&sql);
    return status;
}

void ph_query_close(struct ph_query *query)
{
    if (query == NULL) return;
    sqlite3_finalize(query->statement);
    free(query);
}

/* A place that the query lacks, or memory out, leaves NULL there: the query then finds nothing. */
void ph_query_bind_text(struct ph_query *query, int place, const char *text)
{
    sqlite3_reset(query->statement);
    sqlite3_bind_text(query->statement, place, text, -1, SQLITE_TRANSIENT);
}

enum ph_status ph_query_next(struct ph_query *query, bool *row, struct ph_error *err)
{
    int result = sqlite3_step(query->statement);
    *row = result == SQLITE_ROW;
    return result == SQLITE_ROW || result == SQLITE_DONE ? PH_OK : failed(query->reader, err);
}

enum ph_stored ph_query_cell(const struct ph_query *query, int column)
{
    switch (sqlite3_column_type(query->statement, column)) {
    case SQLITE_INTEGER: return PH_STORED_INT;
    case SQLITE_FLOAT: return PH_STORED_REAL;
    case SQLITE_TEXT: return PH_STORED_TEXT;
    case SQLITE_BLOB: return PH_STORED_BLOB;
    default: return PH_STORED_NULL;
    }
}

const char *ph_query_text(const struct ph_query *query, int column)
{
    return (const char *)sqlite3_column_text(query->statement, column);
}

int64_t ph_query_int(const struct ph_query *query, int column)
{
    return ph_query_cell(query, column) == PH_STORED_NULL ? INT64_MIN : sqlite3_column_int64(query->statement, column);
}

double ph_query_real(const struct ph_query *query, int column)
{
    return ph_query_cell(query, column) == PH_STORED_NULL ? (double)NAN : sqlite3_column_double(query->statement, column);
}

const void *ph_query_blob(const struct ph_query *query, int column, size_t *length)
{
    const void *blob = sqlite3_column_blob(query->statement, column);
    *length = (size_t)sqlite3_column_bytes(query->statement, column);
    return blob;
}
