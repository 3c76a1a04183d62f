#include "rules/sql.h"

#include <string.h>

#include "base/date.h"

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
        sqlite3_set_authorizer(*db, authorize, NULL) == SQLITE_OK)
        return PH_OK;
    return ph_fail(err, PH_E_LIBRARY, "SQLite 不可用", "SQLite cannot be used");
}

enum ph_status ph_sql_check(sqlite3 *db, struct ph_str sql, struct ph_place place, struct ph_error *err)
{
    struct ph_text text;
    ph_text_init(&text, PH_SQL_CAP);
    ph_text_add(&text, "SELECT (");
    ph_text_add_str(&text, sql);
    ph_text_add(&text, ")");
    sqlite3_stmt *stmt = NULL;
    enum ph_status status = text.failed ? ph_fail(err, PH_E_RULES, "规则太长", "the rules are too long") : PH_OK;
    if (status == PH_OK && sqlite3_prepare_v2(db, ph_text_get(&text), (int)text.length, &stmt, NULL) != SQLITE_OK) {
        const char *message = sqlite3_errmsg(db);
        status = ph_fail(err, PH_E_RULES, "表达式有误:%s", "the expression is wrong: %s", message);
        ph_at_line(err, place.file, place.line, place.column);
    }
    sqlite3_finalize(stmt);
    ph_text_dispose(&text);
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
    case PH_VALUE_DATE: {
        char text[11];
        ph_date_print(text, v->date);
        sqlite3_bind_text(stmt, parameter, text, -1, SQLITE_TRANSIENT);
        break;
    }
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
