#include "model/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/number.h"

static size_t width(enum ph_type type)
{
    switch (type) {
    case PH_TEXT: return sizeof(const char *);
    case PH_REAL: return sizeof(double);
    case PH_INT: return sizeof(int64_t);
    case PH_DATE: return sizeof(int32_t);
    }
    return 0;
}

static void set_unknown(struct ph_column *column, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        switch (column->type) {
        case PH_TEXT: column->text[i] = NULL; break;
        case PH_REAL: column->real[i] = NAN; break;
        case PH_INT: column->integer[i] = PH_INT_UNKNOWN; break;
        case PH_DATE: column->date[i] = PH_DATE_UNKNOWN; break;
        }
    }
}

static enum ph_status reserve(struct ph_column *column, size_t rows, struct ph_error *err)
{
    if (rows == 0) return PH_OK;
    void *grown = rows > SIZE_MAX / width(column->type) ? NULL : realloc(column->text, rows * width(column->type));
    if (grown == NULL) return ph_fail_memory(err);
    column->text = grown; /* the union's members are all pointers to the same block */
    return PH_OK;
}

enum ph_status ph_table_add_column(struct ph_table *table, const char *name, const char *title, enum ph_type type,
                                   size_t *index, struct ph_error *err)
{
    if (table->column_count == table->column_capacity) {
        size_t capacity = table->column_capacity ? 2 * table->column_capacity : 64;
        struct ph_column *grown = realloc(table->columns, capacity * sizeof *grown);
        if (grown == NULL) return ph_fail_memory(err);
        table->columns = grown;
        table->column_capacity = capacity;
    }
    struct ph_column column = {.type = type};
    column.name = ph_arena_text(&table->arena, name, strlen(name));
    column.title = title ? ph_arena_text(&table->arena, title, strlen(title)) : NULL;
    if (column.name == NULL || (title && column.title == NULL)) return ph_fail_memory(err);
    PH_TRY(reserve(&column, table->capacity, err));
    set_unknown(&column, 0, table->rows);
    if (index) *index = table->column_count;
    table->columns[table->column_count++] = column;
    return PH_OK;
}

enum ph_status ph_table_add_rows(struct ph_table *table, size_t rows, struct ph_error *err)
{
    if (rows > SIZE_MAX - table->rows) return ph_fail_memory(err);
    size_t want = table->rows + rows;
    if (want > table->capacity) {
        size_t capacity = table->capacity < 512 ? 1024 : 2 * table->capacity;
        if (capacity < want) capacity = want;
        for (size_t c = 0; c < table->column_count; c++) PH_TRY(reserve(&table->columns[c], capacity, err));
        table->capacity = capacity;
    }
    for (size_t c = 0; c < table->column_count; c++) set_unknown(&table->columns[c], table->rows, want);
    table->rows = want;
    return PH_OK;
}

void ph_table_copy_values(struct ph_table *table, size_t from, size_t to)
{
    for (size_t c = 0; c < table->column_count; c++) {
        size_t bytes = width(table->columns[c].type);
        memcpy((char *)table->columns[c].text + to * bytes, (char *)table->columns[c].text + from * bytes, bytes);
    }
}

size_t ph_table_find(const struct ph_table *table, const char *name)
{
    for (size_t c = 0; c < table->column_count; c++)
        if (strcasecmp(table->columns[c].name, name) == 0) return c;
    return SIZE_MAX;
}

bool ph_column_known(const struct ph_column *column, size_t row)
{
    switch (column->type) {
    case PH_TEXT: return column->text[row] != NULL;
    case PH_REAL: return !isnan(column->real[row]);
    case PH_INT: return column->integer[row] != PH_INT_UNKNOWN;
    case PH_DATE: return column->date[row] != PH_DATE_UNKNOWN;
    }
    return false;
}

void ph_column_print(const struct ph_column *column, size_t row, char text[PH_VALUE_BYTES])
{
    if (column->type == PH_DATE)
        ph_date_print(text, column->date[row]);
    else if (column->type == PH_INT)
        snprintf(text, PH_VALUE_BYTES, "%" PRId64, column->integer[row]);
    else
        ph_number_print(text, PH_VALUE_BYTES, column->real[row]);
}

enum ph_status ph_table_make_text(struct ph_table *table, size_t index, struct ph_error *err)
{
    struct ph_column *column = &table->columns[index], made = {.name = column->name, .title = column->title, .type = PH_TEXT};
    if (column->type == PH_TEXT) return PH_OK;
    PH_TRY(reserve(&made, table->capacity, err));
    set_unknown(&made, 0, table->rows);
    enum ph_status status = PH_OK;
    for (size_t row = 0; status == PH_OK && row < table->rows; row++) {
        if (!ph_column_known(column, row)) continue;
        char text[PH_VALUE_BYTES];
        ph_column_print(column, row, text);
        made.text[row] = ph_table_text(table, text, strlen(text));
        if (made.text[row] == NULL) status = ph_fail_memory(err);
    }
    free(column->text);
    *column = made;
    return status;
}

const char *ph_table_text(struct ph_table *table, const char *text, size_t length)
{
    return ph_arena_text(&table->arena, text, length);
}

enum ph_status ph_table_absorb(struct ph_table *table, struct ph_table *from, struct ph_error *err)
{
    size_t at = table->rows;
    PH_TRY(ph_table_add_rows(table, from->rows, err));
    for (size_t c = 0; c < table->column_count && from->rows; c++) {
        size_t bytes = width(table->columns[c].type);
        memcpy((char *)table->columns[c].text + at * bytes, from->columns[c].text, from->rows * bytes);
    }
    ph_arena_absorb(&table->arena, &from->arena);
    from->rows = 0;
    return PH_OK;
}

enum ph_status ph_table_reorder(struct ph_table *table, const size_t *from, size_t step, struct ph_error *err)
{
    for (size_t c = 0; c < table->column_count; c++) {
        struct ph_column *column = &table->columns[c], sorted = *column;
        size_t bytes = width(column->type);
        sorted.text = NULL;
        PH_TRY(reserve(&sorted, table->capacity, err));
        for (size_t row = 0; row < table->rows; row++) {
            size_t before = *(const size_t *)(const void *)((const char *)from + row * step);
            memcpy((char *)sorted.text + row * bytes, (const char *)column->text + before * bytes, bytes);
        }
        free(column->text);
        *column = sorted;
    }
    return PH_OK;
}

void ph_table_dispose(struct ph_table *table)
{
    for (size_t c = 0; c < table->column_count; c++) free(table->columns[c].text);
    free(table->columns);
    ph_arena_dispose(&table->arena);
    memset(table, 0, sizeof *table);
}
