#include "rules/sql.h"

#include <stdlib.h>
#include <string.h>

/* Memory of the connection's own: what comes from the heap instead is counted under one lock for the whole process, and
 * threads with an engine each then wait for one another most of the time. */
#define LOOKASIDE_BYTES 512
#define LOOKASIDE_SLOTS 6000

static int authorize(void *none, int action, const char *a, const char *b, const char *c, const char *d)
{
    (void)none, (void)a, (void)b, (void)c, (void)d;
    /* Function names are on the translator's list already; anything that reads or writes is not an expression. */
    return action == SQLITE_SELECT || action == SQLITE_FUNCTION ? SQLITE_OK : SQLITE_DENY;
}

enum ph_status ph_sql_open(sqlite3 **db, struct ph_error *err)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX; /* a connection serves one thread */
    if (sqlite3_open_v2(":memory:", db, flags, NULL) == SQLITE_OK && ph_calendar_register(*db) == SQLITE_OK &&
        sqlite3_db_config(*db, SQLITE_DBCONFIG_LOOKASIDE, NULL, LOOKASIDE_BYTES, LOOKASIDE_SLOTS) == SQLITE_OK &&
        sqlite3_set_authorizer(*db, authorize, NULL) == SQLITE_OK)
        return PH_OK;
    return ph_fail(err, PH_E_LIBRARY, "SQLite 不可用", "SQLite cannot be used");
}

enum ph_status ph_sql_prepare(sqlite3 *db, const struct ph_text *sql, struct ph_place place, sqlite3_stmt **stmt, struct ph_error *err)
{
    if (sql->failed) return ph_fail(err, PH_E_RULES, "规则太长", "the rules are too long");
    if (sqlite3_prepare_v3(db, ph_text_get(sql), (int)sql->length, SQLITE_PREPARE_PERSISTENT, stmt, NULL) == SQLITE_OK) return PH_OK;
    const char *message = sqlite3_errmsg(db);
    ph_fail(err, PH_E_RULES, "表达式有误:%s", "the expression is wrong: %s", message);
    ph_at_line(err, place.file, place.line, place.column);
    return PH_E_RULES;
}

enum ph_status ph_sql_check(sqlite3 *db, const struct ph_scope *scope, const char *expr, struct ph_place place, struct ph_error *err)
{
    struct ph_text sql;
    ph_text_init(&sql, PH_SQL_CAP);
    bool *marks = calloc(scope->variable_count + scope->words->define_count + 1, sizeof *marks);
    enum ph_status status = marks ? PH_OK : ph_fail_memory(err);
    if (status == PH_OK) {
        ph_text_add(&sql, "SELECT (");
        status = ph_expr_translate(scope, expr, strlen(expr), place, PH_EXPAND_DEFINES, &sql, &(struct ph_uses){.marks = marks}, err);
        ph_text_add(&sql, ")");
    }
    sqlite3_stmt *stmt = NULL;
    if (status == PH_OK) status = ph_sql_prepare(db, &sql, place, &stmt, err);
    sqlite3_finalize(stmt);
    ph_text_dispose(&sql);
    free(marks);
    return status;
}

enum ph_status ph_sql_check_names(const struct ph_scope *scope, struct ph_error *err)
{
    const struct ph_words *words = scope->words;
    for (size_t i = 0; i < words->param_count + words->define_count; i++) {
        bool param = i < words->param_count;
        const char *name = param ? words->params[i].name : words->defines[i - words->param_count].name;
        struct ph_place place = param ? words->params[i].place : words->defines[i - words->param_count].place;
        if (ph_scope_variable(scope, name, strlen(name)) == SIZE_MAX) continue;
        ph_fail(err, PH_E_RULES, "“%s”已是字段名,请换一个名字", "'%s' is the name of a field already", name);
        ph_at_line(err, place.file, place.line, place.column);
        return PH_E_RULES;
    }
    return PH_OK;
}

void ph_sql_bind(sqlite3_stmt *stmt, int parameter, const struct ph_value *v)
{
    switch (v->kind) {
    case PH_VALUE_UNKNOWN: sqlite3_bind_null(stmt, parameter); break;
    case PH_VALUE_INT: sqlite3_bind_int64(stmt, parameter, v->integer); break;
    case PH_VALUE_REAL: sqlite3_bind_double(stmt, parameter, v->real); break;
    case PH_VALUE_TEXT: sqlite3_bind_text(stmt, parameter, v->text, -1, SQLITE_STATIC); break;
    }
}

struct ph_value ph_sql_column(sqlite3_stmt *stmt, int column)
{
    struct ph_value v = {.kind = PH_VALUE_UNKNOWN};
    switch (sqlite3_column_type(stmt, column)) {
    case SQLITE_INTEGER:
        v.kind = PH_VALUE_INT;
        v.integer = sqlite3_column_int64(stmt, column);
        break;
    case SQLITE_FLOAT:
        v.kind = PH_VALUE_REAL;
        v.real = sqlite3_column_double(stmt, column);
        break;
    case SQLITE_TEXT:
        v.kind = PH_VALUE_TEXT;
        v.text = (const char *)sqlite3_column_text(stmt, column);
        break;
    default: break;
    }
    return v;
}
