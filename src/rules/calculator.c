#include "rules/calculator.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rules/quantity.h"

static enum ph_status prepare_defines(struct ph_calculator *c, struct ph_error *err)
{
    const struct ph_words *words = c->scope.words;
    bool *marks = calloc(c->scope.variable_count + words->define_count + 1, sizeof *marks); /* nobody asks */
    enum ph_status status = marks ? PH_OK : ph_fail_memory(err);
    for (size_t d = 0; status == PH_OK && d < words->define_count; d++) {
        const struct ph_define *define = &words->defines[d];
        status = ph_calculator_prepare(c, define->expr, strlen(define->expr), define->place, &(struct ph_uses){.marks = marks},
                                       &c->defines[d], err);
    }
    free(marks);
    return status;
}

enum ph_status ph_calculator_new(const struct ph_scope *scope, struct ph_calculator **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_calculator *c = calloc(1, sizeof *c);
    if (c == NULL) return ph_fail_memory(err);
    size_t count = scope->variable_count + scope->words->define_count;
    c->scope = *scope;
    c->defines = calloc(scope->words->define_count + 1, sizeof *c->defines);
    c->values = calloc(count + 1, sizeof *c->values);
    c->known = calloc(count + 1, sizeof *c->known);
    enum ph_status status = c->defines && c->values && c->known ? ph_sql_open(&c->db, err) : ph_fail_memory(err);
    if (status == PH_OK) status = ph_sql_check_names(scope, err);
    if (status == PH_OK) status = prepare_defines(c, err);
    if (status != PH_OK) {
        ph_calculator_free(c);
        return status;
    }
    *out = c;
    return PH_OK;
}

void ph_calculator_free(struct ph_calculator *c)
{
    if (c == NULL) return;
    for (struct ph_node *n = c->prepared; n; n = n->prepared) sqlite3_finalize(n->stmt);
    sqlite3_finalize(c->number);
    sqlite3_close(c->db);
    ph_arena_dispose(&c->arena);
    ph_arena_dispose(&c->more);
    free(c->defines);
    free(c->values);
    free(c->known);
    free(c);
}

enum ph_status ph_calculator_take(struct ph_calculator *c, struct ph_str sql, struct ph_node **out, struct ph_error *err)
{
    *out = ph_formula_parse(c, sql);
    return *out ? PH_OK : ph_fail_memory(err);
}

enum ph_status ph_calculator_prepare(struct ph_calculator *c, const char *expr, size_t length, struct ph_place place,
                                     struct ph_uses *uses, struct ph_node **out, struct ph_error *err)
{
    struct ph_text text;
    ph_text_init(&text, PH_SQL_CAP);
    enum ph_status status = ph_expr_translate(&c->scope, expr, length, place, PH_BIND_DEFINES, &text, uses, err);
    struct ph_str sql = {ph_text_get(&text), text.length};
    if (status == PH_OK) status = text.failed ? ph_fail_memory(err) : ph_sql_check(c->db, sql, place, err);
    if (status == PH_OK) sql.at = ph_arena_text(&c->arena, sql.at, sql.length);
    if (status == PH_OK) status = sql.at ? ph_calculator_take(c, sql, out, err) : ph_fail_memory(err);
    ph_text_dispose(&text);
    return status;
}

void ph_calculator_start(struct ph_calculator *c, ph_fetch *fetch, const void *row)
{
    c->fetch = fetch;
    c->row = row;
    c->mistake = NULL;
    c->used = 0;
    if (c->more.head) ph_arena_dispose(&c->more);
    memset(c->known, 0, (c->scope.variable_count + c->scope.words->define_count) * sizeof *c->known);
}

void ph_calculator_set(struct ph_calculator *c, size_t variable, double value)
{
    c->values[variable] = (struct ph_value){.kind = isnan(value) ? PH_VALUE_UNKNOWN : PH_VALUE_REAL, .real = value};
    c->known[variable] = true;
}

struct ph_value ph_calculator_value(struct ph_calculator *c, size_t index)
{
    if (!c->known[index]) {
        size_t variables = c->scope.variable_count;
        if (index < variables)
            c->fetch(c->row, index, &c->values[index]);
        else
            c->values[index] = ph_formula_value(c, c->defines[index - variables]);
        c->known[index] = true;
    }
    return c->values[index];
}

char *ph_calculator_room(struct ph_calculator *c, size_t bytes)
{
    char *at = c->room + c->used;
    if (bytes > sizeof c->room - c->used) {
        at = ph_arena_alloc(&c->more, bytes);
        if (at == NULL && c->mistake == NULL) c->mistake = "out of memory";
    } else {
        c->used += bytes;
    }
    return at;
}

/* Runs a statement to its one value; a text is copied. */
static struct ph_value result_of(struct ph_calculator *c, sqlite3_stmt *stmt)
{
    struct ph_value v = {.kind = PH_VALUE_UNKNOWN};
    if (sqlite3_step(stmt) != SQLITE_ROW) {
        c->mistake = sqlite3_errmsg(c->db);
        return v;
    }
    v = ph_sql_column(stmt, 0);
    if (v.kind == PH_VALUE_TEXT) {
        size_t bytes = strlen(v.text) + 1;
        char *copy = ph_calculator_room(c, bytes);
        if (copy) memcpy(copy, v.text, bytes);
        v = (struct ph_value){.kind = copy ? PH_VALUE_TEXT : PH_VALUE_UNKNOWN, .text = copy};
    }
    return v;
}

static bool prepare(struct ph_calculator *c, struct ph_node *node)
{
    struct ph_text sql;
    ph_text_init(&sql, PH_SQL_CAP);
    ph_text_add(&sql, "SELECT (");
    ph_text_add_str(&sql, node->sql);
    ph_text_add(&sql, ")");
    bool done = !sql.failed && sqlite3_prepare_v3(c->db, ph_text_get(&sql), (int)sql.length, SQLITE_PREPARE_PERSISTENT, &node->stmt, NULL) == SQLITE_OK;
    if (!done) c->mistake = sql.failed ? "out of memory" : sqlite3_errmsg(c->db);
    ph_text_dispose(&sql);
    if (!done) return false;
    node->prepared = c->prepared;
    c->prepared = node;
    return true;
}

struct ph_value ph_calculator_by_sqlite(struct ph_calculator *c, struct ph_node *node)
{
    static const struct ph_value unknown = {.kind = PH_VALUE_UNKNOWN};
    size_t index;
    if (c->mistake || (node->stmt == NULL && !prepare(c, node))) return unknown;
    sqlite3_reset(node->stmt);
    for (struct ph_str rest = node->sql; ph_sql_parameter(&rest, &index);) {
        struct ph_value v = ph_calculator_value(c, index);
        ph_sql_bind(node->stmt, (int)index + 1, &v);
    }
    return c->mistake ? unknown : result_of(c, node->stmt);
}

double ph_calculator_number(struct ph_calculator *c, const struct ph_value *text)
{
    if (c->mistake) return 0;
    if (c->number == NULL && sqlite3_prepare_v2(c->db, "SELECT CAST(?1 AS REAL)", -1, &c->number, NULL) != SQLITE_OK) {
        c->mistake = sqlite3_errmsg(c->db);
        return 0;
    }
    sqlite3_reset(c->number);
    ph_sql_bind(c->number, 1, text);
    return result_of(c, c->number).real;
}
