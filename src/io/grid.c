#include "io/grid.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CELLS_CAP ((size_t)20000000)

enum ph_status ph_grid_put(struct ph_grid *grid, size_t column, enum ph_cell_kind kind, struct ph_str text, struct ph_error *err)
{
    text = ph_str_trim(text);
    if (text.length == 0 && kind != PH_CELL_NO_VALUE) return PH_OK;
    if (column >= PH_GRID_COLUMNS) return ph_fail(err, PH_E_INPUT, "表的列数过多", "the table has too many columns");
    if (column >= grid->pending_capacity) {
        size_t capacity = 2 * column + 64;
        struct ph_cell *grown = realloc(grid->pending, capacity * sizeof *grown);
        if (grown == NULL) return ph_fail_memory(err);
        grid->pending = grown;
        grid->pending_capacity = capacity;
    }
    for (; grid->pending_count <= column; grid->pending_count++) grid->pending[grid->pending_count] = (struct ph_cell){0};
    const char *kept = ph_arena_text(&grid->arena, text.at, text.length);
    if (kept == NULL) return ph_fail_memory(err);
    grid->pending[column] = (struct ph_cell){kept, kind};
    return PH_OK;
}

/* A row that shares or owns its cells. */
static enum ph_status add_row(struct ph_grid *grid, struct ph_grid_row row, struct ph_error *err)
{
    if (row.number > PH_GRID_ROWS) return ph_fail(err, PH_E_INPUT, "表的行数过多", "the table has too many rows");
    if (grid->row_count && row.number <= grid->rows[grid->row_count - 1].number)
        return ph_fail(err, PH_E_INPUT, "表已损坏:第 %zu 行出现两次或次序颠倒", "the table is damaged: row %zu comes twice or out of order", row.number);
    grid->cell_count += row.count;
    if (grid->cell_count > CELLS_CAP) return ph_fail(err, PH_E_INPUT, "表过大:单元格超过两千万", "the table is too large: more than 20 million cells");
    if (grid->row_count == grid->row_capacity) {
        size_t capacity = grid->row_capacity ? 2 * grid->row_capacity : 256;
        struct ph_grid_row *grown = realloc(grid->rows, capacity * sizeof *grown);
        if (grown == NULL) return ph_fail_memory(err);
        grid->rows = grown;
        grid->row_capacity = capacity;
    }
    grid->rows[grid->row_count++] = row;
    if (row.count > grid->columns) grid->columns = row.count;
    return PH_OK;
}

enum ph_status ph_grid_end_row(struct ph_grid *grid, size_t number, struct ph_error *err)
{
    size_t count = grid->pending_count;
    grid->pending_count = 0;
    if (count == 0) return PH_OK;
    struct ph_cell *cells = ph_arena_alloc(&grid->arena, count * sizeof *cells);
    if (cells == NULL) return ph_fail_memory(err);
    memcpy(cells, grid->pending, count * sizeof *cells);
    return add_row(grid, (struct ph_grid_row){number, cells, count}, err);
}

enum ph_status ph_grid_repeat_row(struct ph_grid *grid, struct ph_error *err)
{
    struct ph_grid_row row = grid->rows[grid->row_count - 1];
    row.number++;
    return add_row(grid, row, err);
}

enum ph_status ph_grid_merge(struct ph_grid *grid, struct ph_merge merge, struct ph_error *err)
{
    if (grid->merge_count == grid->merge_capacity) {
        size_t capacity = grid->merge_capacity ? 2 * grid->merge_capacity : 64;
        struct ph_merge *grown = realloc(grid->merges, capacity * sizeof *grown);
        if (grown == NULL) return ph_fail_memory(err);
        grid->merges = grown;
        grid->merge_capacity = capacity;
    }
    grid->merges[grid->merge_count++] = merge;
    return PH_OK;
}

const struct ph_cell *ph_grid_cell(const struct ph_grid_row *row, size_t column)
{
    static const struct ph_cell blank = {0};
    return column < row->count ? &row->cells[column] : &blank;
}

void ph_grid_place(char out[PH_PLACE_BYTES], size_t column, size_t row)
{
    char letters[8];
    size_t n = sizeof letters - 1;
    letters[n] = '\0';
    for (size_t rest = column + 1; rest > 0 && n > 0; rest = (rest - 1) / 26) letters[--n] = (char)('A' + (rest - 1) % 26);
    if (row)
        snprintf(out, PH_PLACE_BYTES, "%s%zu", letters + n, row);
    else
        snprintf(out, PH_PLACE_BYTES, "%s", letters + n);
}

size_t ph_grid_column(const char *place, size_t *row)
{
    size_t column = 0, number = 0;
    const char *at = place;
    for (; *at >= 'A' && *at <= 'Z' && column <= PH_GRID_COLUMNS; at++) column = column * 26 + (size_t)(*at - 'A') + 1;
    for (; *at >= '0' && *at <= '9' && number <= PH_GRID_ROWS; at++) number = number * 10 + (size_t)(*at - '0');
    if (row) *row = number;
    return *at != '\0' || column == 0 || column > PH_GRID_COLUMNS ? SIZE_MAX : column - 1;
}

void ph_grid_dispose(struct ph_grid *grid)
{
    ph_arena_dispose(&grid->arena);
    free(grid->rows);
    free(grid->merges);
    free(grid->pending);
    memset(grid, 0, sizeof *grid);
}
