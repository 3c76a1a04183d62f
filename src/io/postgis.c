#include "io/postgis.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/progress.h"
#include "base/text.h"
#include "io/connection.h"
#include "io/gpkg_read.h"

#define SQL_CAP ((size_t)1 << 24)
#define ROW_CAP ((size_t)1 << 28)
#define ROWS_A_STEP 4096
#define MARK "盘活审计 panhuo audit" /* the comment of a schema of ours: only such a one is ever dropped */

/* A connection and where the copy stands. */
struct postgis {
    PGconn *connection;
    const struct ph_postgis_place *place;
    struct ph_gpkg_reader *from;
    const struct ph_progress *progress;
    struct ph_error *err;
};

/* ---- connection and errors ---- */

static void say_nothing(void *ignored, const char *notice)
{
    (void)ignored, (void)notice;
}

bool ph_postgis_name_valid(const char *connection)
{
    char own[PH_CONNECTION_BYTES];
    PQconninfoOption *options = ph_connection_for_libpq(connection, own) ? PQconninfoParse(own, NULL) : NULL;
    PQconninfoFree(options);
    return options != NULL;
}

static enum ph_status at_place(const struct postgis *p, enum ph_status status)
{
    char label[300];
    ph_connection_label(p->place->connection, p->place->schema, label, sizeof label);
    ph_at_file(p->err, label);
    return status;
}

static enum ph_status open_connection(struct postgis *p)
{
    char own[PH_CONNECTION_BYTES];
    if (!ph_postgis_name_valid(p->place->connection) || !ph_connection_for_libpq(p->place->connection, own))
        return ph_fail(p->err, PH_E_USAGE, PH_POSTGIS_NAME_ZH, PH_POSTGIS_NAME_EN);
    const char *const keys[] = {"dbname", "fallback_application_name", "client_encoding", NULL}, *const values[] = {own, "panhuo", "UTF8", NULL};
    p->connection = PQconnectdbParams(keys, values, 1);
    if (p->connection == NULL) return ph_fail_memory(p->err);
    PQsetNoticeProcessor(p->connection, say_nothing, NULL);
    if (PQstatus(p->connection) == CONNECTION_OK) return PH_OK;
    char why[400];
    snprintf(why, sizeof why, "%.*s", (int)strcspn(PQerrorMessage(p->connection), "\r\n"), PQerrorMessage(p->connection));
    ph_fail(p->err, PH_E_OUTPUT, "连不上数据库:%s", "the database cannot be reached: %s", why);
    return at_place(p, PH_E_OUTPUT);
}

/* What the server said to the last command, by its code where something can be done about it. */
static enum ph_status failed(const struct postgis *p, const PGresult *result)
{
    const char *code = PQresultErrorField(result, PG_DIAG_SQLSTATE), *words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    char why[400];
    snprintf(why, sizeof why, "%s", words ? words : PQerrorMessage(p->connection));
    if (code && strcmp(code, "42501") == 0)
        ph_fail(p->err, PH_E_OUTPUT, "没有写权限:%s;请管理员授权,如 GRANT CREATE ON DATABASE", "no right to write: %s; have it granted, as by GRANT CREATE ON DATABASE", why);
    else if (code && strcmp(code, "42P06") == 0)
        ph_fail(p->err, PH_E_EXISTS, "模式已存在;要替换它请加 --overwrite", "the schema exists; add --overwrite to replace it");
    else if (code && (strcmp(code, "2BP01") == 0 || strcmp(code, "55P03") == 0))
        ph_fail(p->err, PH_E_EXISTS, "原有模式不能替换,还有别的对象依赖它或正被占用:%s", "the schema cannot be replaced: something depends on it or holds it: %s", why);
    else if (code && strncmp(code, "53", 2) == 0)
        ph_fail(p->err, PH_E_OUTPUT, "数据库空间或资源不足:%s;原有内容未动", "the database is out of space or memory: %s; what was there is untouched", why);
    else
        ph_fail(p->err, PH_E_OUTPUT, "数据库拒绝写入:%s", "the database refused: %s", why);
    return at_place(p, p->err ? p->err->status : PH_E_OUTPUT);
}

/* One statement that gives no rows. */
static enum ph_status run(const struct postgis *p, const char *sql)
{
    PGresult *result = PQexec(p->connection, sql);
    enum ph_status status = PQresultStatus(result) == PGRES_COMMAND_OK ? PH_OK : failed(p, result);
    PQclear(result);
    return status;
}

/* One value; the schema's name is $1, where that stands in the query. *out is "" for NULL and for no row. */
static enum ph_status ask(const struct postgis *p, const char *sql, char *out, size_t size)
{
    const char *const values[] = {p->place->schema};
    PGresult *result = PQexecParams(p->connection, sql, strstr(sql, "$1") != NULL, NULL, values, NULL, NULL, 0);
    enum ph_status status = PQresultStatus(result) == PGRES_TUPLES_OK ? PH_OK : failed(p, result);
    snprintf(out, size, "%s", status == PH_OK && PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    return status;
}

/* ---- the schema ---- */

static enum ph_status look_for_room(const struct postgis *p)
{
    char answer[200];
    size_t length = strlen(p->place->schema);
    if (length == 0 || length >= PH_SCHEMA_BYTES || strncasecmp(p->place->schema, "pg_", 3) == 0)
        return ph_fail(p->err, PH_E_USAGE, "模式名“%s”不能用:1 到 63 字节,不以 pg_ 开头", "no schema can be named '%s': 1 to 63 bytes, and not pg_…", p->place->schema);
    PH_TRY(ask(p, "SELECT extversion FROM pg_extension WHERE extname = 'postgis'", answer, sizeof answer));
    if (answer[0] == '\0')
        return ph_fail(p->err, PH_E_OUTPUT, "数据库里没有 PostGIS;请管理员执行 CREATE EXTENSION postgis", "the database has no PostGIS; have CREATE EXTENSION postgis run in it"),
               at_place(p, PH_E_OUTPUT);
    PH_TRY(ask(p, "SELECT coalesce(obj_description(oid, 'pg_namespace'), '-') FROM pg_namespace WHERE nspname = $1", answer, sizeof answer));
    if (answer[0] == '\0') {
        PH_TRY(ask(p, "SELECT has_database_privilege(current_database(), 'CREATE')", answer, sizeof answer));
        if (answer[0] == 't') return PH_OK;
        return ph_fail(p->err, PH_E_OUTPUT, "没有写权限:不能在这个数据库里建模式;请管理员执行 GRANT CREATE ON DATABASE",
                       "no right to write: no schema may be made in this database; have GRANT CREATE ON DATABASE run"),
               at_place(p, PH_E_OUTPUT);
    }
    if (!p->place->overwrite)
        return ph_fail(p->err, PH_E_EXISTS, "模式已存在;要替换它请加 --overwrite", "the schema exists; add --overwrite to replace it"), at_place(p, PH_E_EXISTS);
    if (strcmp(answer, MARK) != 0)
        return ph_fail(p->err, PH_E_EXISTS, "已有的模式不是 panhuo 写出的,不替换;请换一个 --pg-schema", "the schema there was not written by panhuo and is not replaced; choose another --pg-schema"),
               at_place(p, PH_E_EXISTS);
    PH_TRY(ask(p, "SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = $1", answer, sizeof answer));
    if (answer[0] == 't') return PH_OK;
    return ph_fail(p->err, PH_E_OUTPUT, "没有写权限:已有的模式属于别人", "no right to write: the schema there belongs to somebody else"), at_place(p, PH_E_OUTPUT);
}

enum ph_status ph_postgis_check(const struct ph_postgis_place *place, struct ph_error *err)
{
    struct postgis p = {.place = place, .err = err};
    enum ph_status status = open_connection(&p);
    if (status == PH_OK) status = look_for_room(&p);
    PQfinish(p.connection);
    return status;
}

/* A statement that the server itself makes, of names that it quotes; the schema's is $1. */
static enum ph_status run_made(const struct postgis *p, const char *maker)
{
    char *sql = malloc(SQL_CAP / 64);
    if (sql == NULL) return ph_fail_memory(p->err);
    enum ph_status status = ask(p, maker, sql, SQL_CAP / 64);
    if (status == PH_OK && sql[0]) status = run(p, sql);
    free(sql);
    return status;
}

#define RELATIONS(kind) \
    "SELECT 'DROP " kind " ' || string_agg(format('%I.%I', nspname, relname), ', ') FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace" \
    " WHERE nspname = $1 AND relkind = "

/* Without CASCADE: what others have built on the old audit is theirs to take away. */
static enum ph_status make_schema(const struct postgis *p)
{
    PH_TRY(run(p, "SET LOCAL lock_timeout = '30s'"));
    if (p->place->overwrite) {
        PH_TRY(run_made(p, RELATIONS("VIEW") "'v'"));
        PH_TRY(run_made(p, RELATIONS("TABLE") "'r'"));
        PH_TRY(run_made(p, "SELECT format('DROP SCHEMA IF EXISTS %I', $1::text)"));
    }
    PH_TRY(run_made(p, "SELECT format('CREATE SCHEMA %I', $1::text)"));
    PH_TRY(run_made(p, "SELECT format('COMMENT ON SCHEMA %I IS %L', $1::text, '" MARK "')"));
    return run_made(p, "SELECT format('SET LOCAL search_path = %I, %I, pg_catalog', $1::text, nspname) FROM pg_extension"
                       " JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = 'postgis'");
}

/* ---- tables ---- */

/* Statements for the server, made of what the GeoPackage says of itself. Both quote alike. */
#define TABLES "FROM gpkg_contents AS c JOIN sqlite_master AS m ON m.name = c.table_name AND m.type = 'table' WHERE c.table_name <> 'layer_styles'"

static const char create_tables[] =
    "SELECT printf('CREATE TABLE \"%w\" (%s)', c.table_name, (SELECT group_concat(printf('\"%w\" %s', t.name, CASE"
    " WHEN t.pk THEN 'bigint PRIMARY KEY'"
    " WHEN g.column_name = t.name THEN printf('geometry(%s, %d)', g.geometry_type_name, s.organization_coordsys_id)"
    " WHEN t.type = 'REAL' THEN 'double precision' WHEN t.type IN ('INTEGER', 'MEDIUMINT') THEN 'bigint' WHEN t.type = 'DATE' THEN 'date' ELSE 'text' END), ', ')"
    " FROM pragma_table_info(c.table_name) AS t LEFT JOIN gpkg_geometry_columns AS g ON g.table_name = c.table_name"
    " LEFT JOIN gpkg_spatial_ref_sys AS s ON s.srs_id = g.srs_id)) " TABLES " ORDER BY c.rowid";
static const char create_keys[] =
    "SELECT printf('ALTER TABLE \"%w\" ADD FOREIGN KEY (\"%w\") REFERENCES \"%w\" (\"%w\")', c.table_name, f.\"from\", f.\"table\", f.\"to\")"
    " FROM gpkg_contents AS c, pragma_foreign_key_list(c.table_name) AS f ORDER BY c.rowid, f.id DESC";
static const char create_indexes[] =
    "SELECT printf('CREATE INDEX ON \"%w\" USING gist (\"%w\")', c.table_name, g.column_name) FROM gpkg_geometry_columns AS g"
    " JOIN gpkg_contents AS c ON c.table_name = g.table_name JOIN sqlite_master AS m ON m.name = c.table_name AND m.type = 'table' ORDER BY c.rowid";
static const char create_views[] = "SELECT sql FROM sqlite_master WHERE type = 'view' ORDER BY rowid";
static const char comment_tables[] =
    "SELECT printf('COMMENT ON %s \"%w\" IS %Q', upper(m.type), c.table_name, c.identifier) FROM gpkg_contents AS c"
    " JOIN sqlite_master AS m ON m.name = c.table_name WHERE c.table_name <> 'layer_styles' ORDER BY c.rowid";
static const char comment_columns[] =
    "SELECT printf('COMMENT ON COLUMN \"%w\".\"%w\" IS %Q', d.table_name, d.column_name, d.title) FROM gpkg_data_columns AS d"
    " WHERE d.title IS NOT NULL ORDER BY d.rowid";

/* Runs every statement that a query on the GeoPackage makes. */
static enum ph_status run_all(const struct postgis *p, const char *maker)
{
    struct ph_query *query = NULL;
    PH_TRY(ph_query_open(p->from, maker, &query, p->err));
    enum ph_status status = PH_OK;
    for (bool row = true; status == PH_OK;) {
        status = ph_query_next(query, &row, p->err);
        if (!row) break;
        if (status == PH_OK) status = run(p, ph_query_text(query, 0));
    }
    ph_query_close(query);
    return status;
}

/* ---- rows ---- */

/* Well-known binary in hexadecimal: what stands behind the GeoPackage's own head and envelope. */
static void add_geometry(struct ph_text *out, const unsigned char *blob, size_t length)
{
    static const unsigned char envelopes[] = {0, 32, 48, 48, 64};
    static const char digits[] = "0123456789abcdef";
    size_t kind = length >= 8 ? (blob[3] >> 1) & 7 : 0, from = 8 + (size_t)(kind < sizeof envelopes ? envelopes[kind] : 0);
    for (size_t i = from; i < length; i++) {
        const char pair[] = {digits[blob[i] >> 4], digits[blob[i] & 15]};
        ph_text_add_str(out, (struct ph_str){pair, 2});
    }
}

/* As COPY reads it. */
static void add_text(struct ph_text *out, const char *text)
{
    for (size_t n; *text; text += n) {
        n = strcspn(text, "\\\t\n\r");
        ph_text_add_str(out, (struct ph_str){text, n});
        if (text[n] == '\0') return;
        ph_text_add(out, text[n] == '\\' ? "\\\\" : text[n] == '\t' ? "\\t" : text[n] == '\n' ? "\\n" : "\\r");
        n++;
    }
}

static void add_cell(struct ph_text *out, const struct ph_query *query, int column)
{
    size_t length;
    switch (ph_query_cell(query, column)) {
    case PH_STORED_NULL: ph_text_add(out, "\\N"); break;
    case PH_STORED_INT: ph_text_addf(out, "%lld", (long long)ph_query_int(query, column)); break;
    case PH_STORED_REAL: ph_text_addf(out, "%.17g", ph_query_real(query, column)); break;
    case PH_STORED_TEXT: add_text(out, ph_query_text(query, column)); break;
    case PH_STORED_BLOB: {
        const void *blob = ph_query_blob(query, column, &length);
        add_geometry(out, blob, length);
        break;
    }
    }
}

static enum ph_status send_rows(const struct postgis *p, struct ph_query *query, int columns, double done)
{
    struct ph_text line;
    ph_text_init(&line, ROW_CAP);
    enum ph_status status = PH_OK;
    size_t count = 0;
    for (bool row = true; status == PH_OK; count++) {
        status = ph_query_next(query, &row, p->err);
        if (status != PH_OK || !row) break;
        ph_text_clear(&line);
        for (int c = 0; c < columns; c++) {
            if (c > 0) ph_text_add(&line, "\t");
            add_cell(&line, query, c);
        }
        ph_text_add(&line, "\n");
        if (line.failed)
            status = ph_fail_memory(p->err);
        else if (PQputCopyData(p->connection, ph_text_get(&line), (int)line.length) != 1)
            break; /* the end of the copy tells why */
        if (status == PH_OK && count % ROWS_A_STEP == 0) status = ph_progress_tell(p->progress, PH_STAGE_WRITE, done, p->err);
    }
    ph_text_dispose(&line);
    return status;
}

static enum ph_status copy_table(const struct postgis *p, const char *table, int columns, double done)
{
    struct ph_text sql;
    struct ph_query *query = NULL;
    ph_text_init(&sql, SQL_CAP);
    ph_text_addf(&sql, "SELECT * FROM \"%s\" ORDER BY fid", table); /* names of ours: nothing in them to be quoted */
    enum ph_status status = sql.failed ? ph_fail_memory(p->err) : ph_query_open(p->from, ph_text_get(&sql), &query, p->err);
    ph_text_clear(&sql);
    ph_text_addf(&sql, "COPY \"%s\" FROM STDIN", table);
    PGresult *result = status == PH_OK ? PQexec(p->connection, ph_text_get(&sql)) : NULL;
    ph_text_dispose(&sql);
    if (status == PH_OK && PQresultStatus(result) != PGRES_COPY_IN) status = failed(p, result);
    PQclear(result);
    if (status == PH_OK) {
        status = send_rows(p, query, columns, done);
        PQputCopyEnd(p->connection, status == PH_OK ? NULL : "abandoned");
        while ((result = PQgetResult(p->connection)) != NULL) {
            if (status == PH_OK && PQresultStatus(result) != PGRES_COMMAND_OK) status = failed(p, result);
            PQclear(result);
        }
    }
    ph_query_close(query);
    return status;
}

static enum ph_status copy_tables(const struct postgis *p)
{
    struct ph_query *query = NULL;
    PH_TRY(ph_query_open(p->from, "SELECT c.table_name, (SELECT count(*) FROM pragma_table_info(c.table_name)), row_number() OVER (ORDER BY c.rowid), count(*) OVER () "
                                  TABLES " ORDER BY c.rowid", &query, p->err));
    enum ph_status status = PH_OK;
    for (bool row = true; status == PH_OK;) {
        status = ph_query_next(query, &row, p->err);
        if (!row) break;
        if (status == PH_OK)
            status = copy_table(p, ph_query_text(query, 0), (int)ph_query_int(query, 1), ph_query_real(query, 2) / (ph_query_real(query, 3) + 1));
    }
    ph_query_close(query);
    return status;
}

/* As QGIS makes the table and looks in it, when the schema is in its search path. */
static enum ph_status copy_styles(const struct postgis *p)
{
    PH_TRY(run(p, "CREATE TABLE layer_styles (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, f_table_catalog text, f_table_schema text, f_table_name text,"
                  " f_geometry_column text, stylename text, styleqml xml, stylesld xml, useasdefault boolean, description text, owner text, ui xml,"
                  " update_time timestamp, type text)"));
    struct ph_query *query = NULL;
    PH_TRY(ph_query_open(p->from, "SELECT f_table_name, f_geometry_column, styleName, styleQML, useAsDefault, description, update_time FROM layer_styles ORDER BY id", &query, p->err));
    enum ph_status status = PH_OK;
    for (bool row = true; status == PH_OK;) {
        status = ph_query_next(query, &row, p->err);
        if (status != PH_OK || !row) break;
        const char *values[8] = {p->place->schema};
        for (int c = 0; c < 7; c++) values[c + 1] = ph_query_text(query, c);
        PGresult *result = PQexecParams(p->connection,
                                        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, stylename, styleqml, useasdefault,"
                                        " description, owner, update_time) VALUES (current_database(), $1, $2, nullif($3, ''), $4, XMLPARSE(DOCUMENT $5), $6::int <> 0, $7,"
                                        " current_user, $8::timestamptz AT TIME ZONE 'UTC')",
                                        8, NULL, values, NULL, NULL, 0);
        if (PQresultStatus(result) != PGRES_COMMAND_OK) status = failed(p, result);
        PQclear(result);
    }
    ph_query_close(query);
    return status;
}

/* ---- all of it ---- */

static enum ph_status check_crs(const struct postgis *p)
{
    struct ph_query *query = NULL;
    PH_TRY(ph_query_open(p->from, "SELECT s.srs_name FROM gpkg_geometry_columns JOIN gpkg_spatial_ref_sys AS s USING (srs_id) WHERE upper(s.organization) <> 'EPSG'", &query, p->err));
    bool row = false;
    enum ph_status status = ph_query_next(query, &row, p->err);
    if (status == PH_OK && row)
        status = ph_fail(p->err, PH_E_CRS, "坐标系“%s”没有 EPSG 代码,PostGIS 里写不出;用 --out-crs 或 --crs 指定一个有代码的",
                         "the CRS '%s' has no EPSG code by which PostGIS knows it; choose one with --out-crs or --crs", ph_query_text(query, 0));
    ph_query_close(query);
    return status;
}

static enum ph_status fill(const struct postgis *p)
{
    static const char *const after[] = {create_keys, create_indexes, create_views, comment_tables, comment_columns};
    PH_TRY(check_crs(p));
    PH_TRY(run(p, "BEGIN"));
    PH_TRY(make_schema(p));
    PH_TRY(run_all(p, create_tables));
    PH_TRY(copy_tables(p));
    for (size_t i = 0; i < sizeof after / sizeof *after; i++) PH_TRY(run_all(p, after[i]));
    PH_TRY(copy_styles(p));
    PH_TRY(ph_progress_tell(p->progress, PH_STAGE_WRITE, 1, p->err));
    return run(p, "COMMIT");
}

enum ph_status ph_postgis_publish(const struct ph_postgis_place *place, const char *gpkg, const struct ph_progress *progress, struct ph_error *err)
{
    struct postgis p = {.place = place, .progress = progress, .err = err};
    enum ph_status status = ph_gpkg_open(gpkg, &p.from, err);
    if (status == PH_OK) status = open_connection(&p);
    if (status == PH_OK) status = look_for_room(&p);
    if (status == PH_OK) status = fill(&p);
    PQfinish(p.connection); /* what was not committed is gone */
    ph_gpkg_close(p.from);
    return status;
}
