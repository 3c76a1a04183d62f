/* Rows made in memory, as SQLite reads them. */
#include "io/row.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "database.h"
#include "io/tree.h"
#include "test.h"

static const char *const type_names[] = {[PH_TEXT] = "TEXT", [PH_REAL] = "REAL", [PH_INT] = "INTEGER", [PH_DATE] = "DATE"};

/* A table of `columns` columns of all types in turn, and its rows written by us. */
struct sheet {
    struct ph_table table;
    struct ph_gpkg_column *columns;
    struct ph_gpkg_layer layer;
    sqlite3 *db;
};

static void make_sheet(struct sheet *s, size_t columns, size_t rows)
{
    memset(s, 0, sizeof *s);
    s->columns = calloc(columns, sizeof *s->columns);
    assert_non_null(s->columns);
    for (size_t i = 0; i < columns; i++) {
        char name[24];
        snprintf(name, sizeof name, "c%zu", i);
        assert_int_equal(ph_table_add_column(&s->table, name, NULL, (enum ph_type)(i % 4), NULL, NULL), PH_OK);
    }
    assert_int_equal(ph_table_add_rows(&s->table, rows, NULL), PH_OK);
    for (size_t i = 0; i < columns; i++)
        s->columns[i] = (struct ph_gpkg_column){.name = s->table.columns[i].name, .type = s->table.columns[i].type, .values = &s->table.columns[i]};
    s->layer = (struct ph_gpkg_layer){.name = "t", .columns = s->columns, .column_count = columns};
}

/* A row whose values are given one by one. */
static void add_values(const struct sheet *s, size_t at, struct ph_row *row, struct ph_records *records)
{
    char date[11];
    for (size_t i = 0; i < s->layer.column_count; i++) {
        const struct ph_column *c = s->columns[i].values;
        if (c == NULL || c->type == PH_TEXT) {
            ph_row_text(row, c ? c->text[at] : NULL);
        } else if (c->type == PH_REAL) {
            ph_row_real(row, c->real[at]);
        } else if (c->type == PH_INT) {
            ph_row_int(row, c->integer[at]);
        } else {
            ph_date_print(date, c->date[at]);
            ph_row_text(row, ph_column_known(c, at) ? date : NULL);
        }
    }
    assert_int_equal(ph_row_add(row, records, NULL), PH_OK);
}

static void write_sheet(struct sheet *s)
{
    s->db = database_open();
    sqlite3_str *sql = sqlite3_str_new(s->db);
    sqlite3_str_appendall(sql, "CREATE TABLE t (fid INTEGER PRIMARY KEY");
    for (size_t i = 0; i < s->layer.column_count; i++) sqlite3_str_appendf(sql, ", %s %s", s->columns[i].name, type_names[s->columns[i].type]);
    sqlite3_str_appendall(sql, ")");
    char *text = sqlite3_str_finish(sql);
    database_run(s->db, text);
    sqlite3_free(text);
    struct ph_records records = {0};
    struct ph_tail tail = {.db = s->db, .path = database_path};
    struct ph_tree tree;
    struct ph_row one;
    size_t half = s->table.rows / 2, from = 0;
    assert_int_equal(ph_records_add(&records, &s->layer, s->columns, 0, half, 0, 0, NULL), PH_OK);
    assert_int_equal(ph_row_open(&one, s->layer.column_count, NULL), PH_OK);
    for (size_t row = half; row < s->table.rows; row++)
        if (row % 2)
            add_values(s, row, &one, &records);
        else
            assert_int_equal(ph_records_add(&records, &s->layer, s->columns, row, row + 1, row, 0, NULL), PH_OK);
    ph_row_close(&one);
    assert_int_equal(records.count, s->table.rows);
    assert_int_equal(ph_tail_begin(&tail, NULL), PH_OK);
    assert_int_equal(ph_tree_open(&tree, &tail, "t", NULL), PH_OK);
    for (size_t i = 0; i < records.count; from = records.ends[i++])
        assert_int_equal(ph_tree_add(&tree, (int64_t)i + 1, records.bytes + from, records.ends[i] - from, NULL), PH_OK);
    assert_int_equal(ph_tree_close(&tree, NULL), PH_OK);
    assert_int_equal(ph_tail_end(&tail, NULL), PH_OK);
    ph_tree_dispose(&tree);
    ph_records_dispose(&records);
}

static void assert_value(sqlite3_stmt *stmt, int cell, const struct ph_column *column, size_t row)
{
    char date[11];
    if (!ph_column_known(column, row)) {
        assert_int_equal(sqlite3_column_type(stmt, cell), SQLITE_NULL);
        return;
    }
    switch (column->type) {
    case PH_TEXT: assert_string_equal((const char *)sqlite3_column_text(stmt, cell), column->text[row]); break;
    case PH_REAL:
        assert_int_equal(sqlite3_column_type(stmt, cell), SQLITE_FLOAT);
        assert_true(sqlite3_column_double(stmt, cell) == column->real[row]);
        break;
    case PH_INT:
        assert_int_equal(sqlite3_column_type(stmt, cell), SQLITE_INTEGER);
        assert_int_equal(sqlite3_column_int64(stmt, cell), column->integer[row]);
        break;
    case PH_DATE:
        ph_date_print(date, column->date[row]);
        assert_string_equal((const char *)sqlite3_column_text(stmt, cell), date);
        break;
    }
}

static void assert_sheet(struct sheet *s)
{
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_prepare_v2(s->db, "SELECT * FROM t ORDER BY fid", -1, &stmt, NULL), SQLITE_OK);
    for (size_t row = 0; row < s->table.rows; row++) {
        assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
        assert_int_equal(sqlite3_column_int64(stmt, 0), row + 1);
        for (size_t i = 0; i < s->table.column_count; i++) assert_value(stmt, (int)i + 1, &s->table.columns[i], row);
    }
    assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
    sqlite3_finalize(stmt);
    database_assert_text(s->db, "PRAGMA integrity_check", "ok");
}

static void drop_sheet(struct sheet *s)
{
    sqlite3_close(s->db);
    ph_table_dispose(&s->table);
    free(s->columns);
}

/* Every width of an integer, from both sides of each border. */
static void integers(void **state)
{
    (void)state;
    static const int shifts[] = {0, 7, 8, 15, 16, 23, 24, 31, 32, 47, 48, 62};
    enum { SHIFTS = sizeof shifts / sizeof *shifts, ROWS = SHIFTS * 6 + 3 };
    struct sheet s;
    make_sheet(&s, 4, ROWS);
    size_t row = 0;
    for (size_t i = 0; i < SHIFTS; i++)
        for (int64_t d = -1; d <= 1; d++) {
            int64_t v = ((int64_t)1 << shifts[i]) + d;
            s.table.columns[PH_INT].integer[row] = v;
            s.table.columns[PH_REAL].real[row++] = (double)v;
            s.table.columns[PH_INT].integer[row] = -v;
            s.table.columns[PH_REAL].real[row++] = (double)-v;
        }
    s.table.columns[PH_INT].integer[row++] = INT64_MAX;
    s.table.columns[PH_INT].integer[row++] = INT64_MIN + 1; /* INT64_MIN is unknown */
    write_sheet(&s);
    assert_sheet(&s);
    drop_sheet(&s);
}

static void reals(void **state)
{
    (void)state;
    static const double values[] = {0, -0.0, 0.1, -0.1, 1.0 / 3, 1e300, -1e-300, 5e-324, INFINITY, -INFINITY, NAN, 140737488355327.0, 140737488355328.0,
                                    -140737488355328.0, 140737488355327.5, 9007199254740993.0, 1.5, 12777, 1e19};
    enum { ROWS = sizeof values / sizeof *values };
    struct sheet s;
    make_sheet(&s, 2, ROWS);
    memcpy(s.table.columns[PH_REAL].real, values, sizeof values);
    write_sheet(&s);
    assert_sheet(&s);
    drop_sheet(&s);
}

/* Lengths at which the head of a record grows, and a text that fills many pages. */
static void texts(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 56, 57, 58, 8184, 8185, 8186, 40000, 1048570, 1048571};
    enum { ROWS = sizeof lengths / sizeof *lengths };
    struct sheet s;
    make_sheet(&s, 1, ROWS + 2);
    char *text = malloc(1048572);
    assert_non_null(text);
    for (size_t i = 0; i < ROWS; i++) {
        memset(text, 'a' + (int)i, lengths[i]);
        s.table.columns[0].text[i] = ph_table_text(&s.table, text, lengths[i]);
        assert_non_null(s.table.columns[0].text[i]);
    }
    s.table.columns[0].text[ROWS + 1] = "闲置土地";
    free(text);
    write_sheet(&s);
    assert_sheet(&s);
    drop_sheet(&s);
}

static void dates(void **state)
{
    (void)state;
    static const int32_t values[] = {0, -1, 19356, -719162, 2932896, PH_DATE_UNKNOWN, -25567};
    enum { ROWS = sizeof values / sizeof *values };
    struct sheet s;
    make_sheet(&s, 4, ROWS);
    memcpy(s.table.columns[PH_DATE].date, values, sizeof values);
    write_sheet(&s);
    assert_sheet(&s);
    drop_sheet(&s);
}

/* The length of a record's head counts itself: at 127 columns it takes a second byte. */
static void wide(void **state)
{
    (void)state;
    static const size_t widths[] = {1, 3, 123, 124, 125, 126, 127, 128, 129, 300, 1990};
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
        struct sheet s;
        make_sheet(&s, widths[w], 7);
        for (size_t i = 0; i < widths[w]; i++)
            for (size_t row = i % 3; row < 7; row += 2) {
                struct ph_column *c = &s.table.columns[i];
                switch (c->type) {
                case PH_TEXT: c->text[row] = row % 4 ? "甲" : ""; break;
                case PH_REAL: c->real[row] = (double)(i * row) / 8; break;
                case PH_INT: c->integer[row] = (int64_t)(i * i * row); break;
                case PH_DATE: c->date[row] = (int32_t)(i * row); break;
                }
            }
        write_sheet(&s);
        assert_sheet(&s);
        drop_sheet(&s);
    }
}

/* Two texts with everything else behind them: room runs out at every place, for each row anew where rows come one by one. */
static void among_others(void **state)
{
    (void)state;
    enum { COLUMNS = 8, ROWS = 400, LONG = 1000 };
    static char text[LONG + ROWS];
    struct sheet s;
    make_sheet(&s, COLUMNS, ROWS);
    memset(text, 'a', sizeof text);
    for (size_t row = 0; row < ROWS; row++)
        for (size_t i = 0; i < COLUMNS; i++) {
            struct ph_column *c = &s.table.columns[i];
            switch (c->type) {
            case PH_TEXT: assert_non_null(c->text[row] = ph_table_text(&s.table, text, i ? LONG : LONG - ROWS / 2 + row)); break;
            case PH_REAL: c->real[row] = (double)(row + i) / 8; break;
            case PH_INT: c->integer[row] = (int64_t)(row * i); break;
            case PH_DATE: c->date[row] = (int32_t)(row * i); break;
            }
        }
    write_sheet(&s);
    assert_sheet(&s);
    drop_sheet(&s);
}

/* A column that the layer has no values for is NULL, whatever is given. */
static void without_values(void **state)
{
    (void)state;
    struct sheet s;
    make_sheet(&s, 2, 3);
    s.table.columns[0].text[1] = "x";
    s.columns[1].values = NULL;
    write_sheet(&s);
    assert_sheet(&s);
    drop_sheet(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(integers), cmocka_unit_test(reals), cmocka_unit_test(texts),
                                       cmocka_unit_test(dates),    cmocka_unit_test(wide),  cmocka_unit_test(among_others),
                                       cmocka_unit_test(without_values)};
    return cmocka_run_group_tests(tests, database_make, database_drop);
}
