/* The columns of a sheet: their names, their types, their values. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/number.h"
#include "io/file.h"
#include "io/sheet_file.h"

#define LOST_FROM 1e15 /* a spreadsheet keeps 15 digits of a number */
#define RANGES 20      /* of cells, in one sentence */

static const struct ph_problem_kind merged = {
    PH_NOTE, "table.merged_cells", "合并单元格的文字每行都算;数值只算在第一行", "texts of joined cells count for each row, figures for the first only"};
static const struct ph_problem_kind twice = {PH_WARNING, "table.duplicate_header", "改名或删去其中一列", "rename or remove one of them"};
static const struct ph_problem_kind nameless = {PH_NOTE, "table.nameless_column", "在表头写上列名", "give the column a name"};
static const struct ph_problem_kind lost_digits = {PH_PROBLEM_ERROR, "id.stored_as_number", "把该列设为文本格式,照原件重新录入",
                                                   "set the column to text and enter it again from the original"};
static const struct ph_problem_kind no_value = {PH_PROBLEM_ERROR, "table.formula_without_value", "用 Excel 或 WPS 打开并保存一次,让公式算出结果",
                                                "open and save it once in Excel or WPS, so that the formulas are worked out"};
static const struct ph_problem_kind fault = {PH_WARNING, "table.formula_error", "改正公式", "repair the formula"};

static const struct ph_problem_kind year = {PH_NOTE, "table.year_in_header", "核对年份;另有一列年度更好", "check the year; a column of years is better"};
static const struct ph_problem_kind years = {
    PH_WARNING, "table.years_in_header", "一行只填一个年度,另设年度一列", "one year a row, and a column of years"};

/* ---- years in names: 2022年税收 ---- */

static bool known(const struct ph_fields *const *lists, const char *name)
{
    for (size_t l = 0; lists[l]; l++)
        if (ph_name_count_known(lists[l], &name, 1)) return true;
    return false;
}

/* The year that a name begins with, where what follows is known and the whole is not; 0 for none. */
static long year_of(const char *name, const struct ph_fields *const *lists, const char **rest)
{
    static const char *const words[] = {"年度", "年"};
    char *end;
    long found = name ? strtol(name, &end, 10) : 0;
    if (found < 1990 || found > 2100 || end != name + 4 || known(lists, name)) return 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        *rest = end + strlen(words[i]);
        if (strncmp(end, words[i], strlen(words[i])) == 0) return known(lists, *rest) ? found : 0;
    }
    return 0;
}

/* One year: the names are read without it. Several: nobody says which is meant, and the columns are carried over. */
static enum ph_status settle_years(struct ph_sheet *s, const struct ph_fields *const *lists, struct ph_error *err)
{
    const char *rest;
    long first = 0, last = 0;
    for (size_t c = 0; c < s->heading.columns; c++) {
        long found = year_of(s->heading.names[c], lists, &rest);
        if (found && (first == 0 || found < first)) first = found;
        if (found > last) last = found;
    }
    if (first == 0) return PH_OK;
    if (first != last)
        return ph_problem_add(&s->problems, &years, s->workbook.path, -1, err, "列名里有 %ld 年到 %ld 年几个年份,这些列未用,原样带出",
                              "the names tell of several years, %ld to %ld: these columns are not used and are carried over", first, last);
    for (size_t c = 0; c < s->heading.columns; c++)
        if (year_of(s->heading.names[c], lists, &rest)) s->heading.names[c] = rest;
    return ph_problem_add(&s->problems, &year, s->workbook.path, -1, err, "列名里写明 %ld 年,按该年的数读", "the names tell of the year %ld: read as its figures", first);
}

/* ---- joined cells ---- */

/* Whether the figures of this column can hold for several rows: those of a field without a unit (a year, a code). */
static bool shared_figures(const struct ph_sheet *s, const struct ph_fields *const *lists, size_t column)
{
    char plain[PH_NAME_BYTES];
    if (s->heading.names[column] == NULL || !ph_name_plain(s->heading.names[column], plain)) return false;
    for (size_t l = 0; lists[l]; l++)
        for (size_t f = 0; f < lists[l]->count; f++) {
            const struct ph_field *field = &lists[l]->items[f];
            if (ph_name_fit(field, plain).rank != PH_NAME_NONE) return field->quantity == PH_PLAIN && field->type != PH_REAL;
        }
    return false;
}

static enum ph_status set_cell(struct ph_grid *grid, struct ph_grid_row *row, size_t column, struct ph_cell cell, struct ph_error *err)
{
    size_t count = column < row->count ? row->count : column + 1;
    struct ph_cell *cells = ph_arena_alloc(&grid->arena, count * sizeof *cells); /* rows that repeat share theirs */
    if (cells == NULL) return ph_fail_memory(err);
    memset(cells, 0, count * sizeof *cells);
    if (row->count) memcpy(cells, row->cells, row->count * sizeof *cells);
    cells[column] = cell;
    row->cells = cells;
    row->count = count;
    return PH_OK;
}

static enum ph_status fill_merge(struct ph_sheet *s, const struct ph_merge *merge, const struct ph_fields *const *lists, struct ph_text *places,
                                 struct ph_error *err)
{
    const struct ph_cell *origin = NULL;
    char first[PH_PLACE_BYTES], last[PH_PLACE_BYTES];
    for (size_t r = 0; r < s->grid.row_count; r++) {
        struct ph_grid_row *row = &s->grid.rows[r];
        if (s->heading.roles[r] != PH_ROW_DATA || row->number < merge->first_row || row->number > merge->last_row) continue;
        if (row->number == merge->first_row) origin = ph_grid_cell(row, merge->first_column);
        if (row->number == merge->first_row || origin == NULL || origin->text == NULL) continue;
        if (origin->kind != PH_CELL_TEXT && origin->kind != PH_CELL_DATE && !shared_figures(s, lists, merge->first_column)) continue;
        PH_TRY(set_cell(&s->grid, row, merge->first_column, *origin, err));
    }
    if (origin == NULL || origin->text == NULL || merge->last_row == merge->first_row) return PH_OK;
    ph_grid_place(first, merge->first_column, merge->first_row);
    ph_grid_place(last, merge->last_column, merge->last_row);
    ph_text_addf(places, "%s%s:%s", places->length ? "、" : "", first, last);
    return PH_OK;
}

static enum ph_status fill_merges(struct ph_sheet *s, const struct ph_fields *const *lists, struct ph_error *err)
{
    struct ph_text places;
    ph_text_init(&places, 1 << 20);
    enum ph_status status = PH_OK;
    for (size_t m = 0; status == PH_OK && m < s->grid.merge_count; m++) status = fill_merge(s, &s->grid.merges[m], lists, &places, err);
    if (status == PH_OK && places.length)
        status = ph_problem_add(&s->problems, &merged, s->workbook.path, -1, err, "合并单元格:%s", "joined cells: %s", ph_text_get(&places));
    ph_text_dispose(&places);
    return status;
}

/* ---- names ---- */

/* The name as it stands, without line breaks and the blanks beside them. */
static const char *one_line(struct ph_arena *arena, const char *name)
{
    struct ph_text text;
    ph_text_init(&text, 1 << 20);
    for (const char *at = name; *at;) {
        size_t blanks = strspn(at, " \t\r\n"), word = strcspn(at, " \t\r\n");
        bool broken = false;
        for (size_t i = 0; i < blanks; i++) broken |= at[i] == '\n' || at[i] == '\r';
        ph_text_add_str(&text, (struct ph_str){at, broken ? 0 : blanks});
        at += blanks;
        if (blanks == 0) ph_text_add_str(&text, (struct ph_str){at, word});
        if (blanks == 0) at += word;
    }
    const char *kept = text.failed ? NULL : ph_arena_text(arena, ph_text_get(&text), text.length);
    ph_text_dispose(&text);
    return kept;
}

static const char *with_letters(struct ph_arena *arena, const char *name, const char *letters)
{
    struct ph_text text;
    ph_text_init(&text, 1 << 20);
    ph_text_addf(&text, *name ? "%s(%s列)" : "%s%s列", name, letters);
    const char *kept = text.failed ? NULL : ph_arena_text(arena, ph_text_get(&text), text.length);
    ph_text_dispose(&text);
    return kept;
}

/* A name for the column that no other has before it. */
static enum ph_status name_column(struct ph_sheet *s, size_t at, const char **name, struct ph_error *err)
{
    char letters[PH_PLACE_BYTES], first[PH_PLACE_BYTES];
    const char *given = s->heading.names[at];
    ph_grid_place(letters, at, 0);
    *name = given ? one_line(&s->arena, given) : with_letters(&s->arena, "", letters);
    if (*name == NULL) return ph_fail_memory(err);
    if (given == NULL)
        return ph_problem_add(&s->problems, &nameless, s->workbook.path, -1, err, "%s 列有内容而没有列名,以“%s”带出",
                              "column %s has content and no name; it is carried over as '%s'", letters, *name);
    for (size_t c = 0; c < s->column_count; c++) {
        if (ph_text_compare_nocase(s->columns[c].name, *name) != 0) continue;
        ph_grid_place(first, s->columns[c].at, 0);
        const char *other = with_letters(&s->arena, *name, letters);
        if (other == NULL) return ph_fail_memory(err);
        PH_TRY(ph_problem_add(&s->problems, &twice, s->workbook.path, -1, err, "%s 列与 %s 列的列名都是“%s”,用 %s 列;%s 列以“%s”带出",
                              "columns %s and %s are both named '%s'; %s is used, %s is carried over as '%s'", first, letters, *name, first, letters,
                              other));
        *name = other;
        return PH_OK;
    }
    return PH_OK;
}

/* ---- types and what is wrong with cells ---- */

/* A code that was stored as a number of more digits than a spreadsheet keeps, or was saved as 9.14304E+17. */
static bool has_lost_digits(const struct ph_cell *cell)
{
    double value;
    if (cell->kind == PH_CELL_NUMBER) return ph_number_parse(cell->text, strlen(cell->text), &value, NULL) == PH_PARSE_OK && fabs(value) >= LOST_FROM;
    if (cell->kind != PH_CELL_TEXT) return false;
    size_t n = strspn(cell->text, "0123456789");
    if (n != 1) return false;
    if (cell->text[n] == '.') n += 1 + strspn(cell->text + n + 1, "0123456789");
    if ((cell->text[n] != 'E' && cell->text[n] != 'e') || cell->text[n + 1] != '+') return false;
    return ph_number_parse(cell->text, strlen(cell->text), &value, NULL) == PH_PARSE_OK && value >= LOST_FROM;
}

static void settle_type(const struct ph_sheet *s, struct ph_sheet_column *column)
{
    size_t counts[PH_CELL_FAULT + 1] = {0}, seen = 0;
    bool whole = true, days = true;
    for (size_t r = 0; r < s->grid.row_count; r++) {
        const struct ph_cell *cell = ph_grid_cell(&s->grid.rows[r], column->at);
        if (s->heading.roles[r] != PH_ROW_DATA || cell->text == NULL || cell->kind >= PH_CELL_NO_VALUE) continue;
        counts[cell->kind]++;
        seen++;
        whole &= cell->kind == PH_CELL_NUMBER && strcspn(cell->text, ".eE") == strlen(cell->text);
        int32_t day;
        days &= cell->kind == PH_CELL_DATE && ph_date_parse(cell->text, strlen(cell->text), &day) == PH_PARSE_OK;
    }
    bool numbers = seen && counts[PH_CELL_NUMBER] == seen, dates = seen && counts[PH_CELL_DATE] == seen && days;
    column->type = numbers ? (whole ? PH_INT : PH_REAL) : dates ? PH_DATE : PH_TEXT;
    column->kind = numbers ? (whole ? "Integer" : "Real") : dates ? "Date" : counts[PH_CELL_TEXT] == seen ? "String" : "mixed";
}

/* Names the cells of a column that hold this kind: D5–D104、D110. */
static enum ph_status name_cells(struct ph_sheet *s, const struct ph_sheet_column *column, enum ph_cell_kind kind,
                                 const struct ph_problem_kind *problem, struct ph_error *err)
{
    struct ph_text places;
    char place[PH_PLACE_BYTES];
    const char *example = NULL;
    size_t count = 0, ranges = 0;
    ph_text_init(&places, 1 << 20);
    for (size_t r = 0; r < s->grid.row_count; r++) {
        size_t last = r;
        while (last < s->grid.row_count && s->heading.roles[last] == PH_ROW_DATA && ph_grid_cell(&s->grid.rows[last], column->at)->kind == kind &&
               s->grid.rows[last].number - s->grid.rows[r].number == last - r)
            last++;
        if (last == r) continue;
        if (example == NULL) example = ph_grid_cell(&s->grid.rows[r], column->at)->text;
        count += last - r;
        ranges++;
        ph_grid_place(place, column->at, s->grid.rows[r].number);
        if (ranges <= RANGES) ph_text_addf(&places, "%s%s", ranges > 1 ? "、" : "", place);
        ph_grid_place(place, column->at, s->grid.rows[last - 1].number);
        if (ranges <= RANGES && last - r > 1) ph_text_addf(&places, "–%s", place);
        r = last - 1;
    }
    if (ranges > RANGES) ph_text_add(&places, "…");
    enum ph_status status = PH_OK;
    if (count && kind == PH_CELL_NO_VALUE)
        status = ph_problem_add(&s->problems, problem, s->workbook.path, -1, err, "列“%s”有 %zu 个公式没有存下结果,按未知处理:%s",
                                "column '%s': %zu formulas without a stored result, taken as unknown: %s", column->name, count, ph_text_get(&places));
    else if (count)
        status = ph_problem_add(&s->problems, problem, s->workbook.path, -1, err, "列“%s”有 %zu 个公式出错(%s),按未知处理:%s",
                                "column '%s': %zu formulas end in an error (%s), taken as unknown: %s", column->name, count, example, ph_text_get(&places));
    ph_text_dispose(&places);
    return status;
}

static bool has_data(const struct ph_sheet *s, size_t at)
{
    for (size_t r = 0; r < s->grid.row_count; r++)
        if (s->heading.roles[r] == PH_ROW_DATA && ph_grid_cell(&s->grid.rows[r], at)->text) return true;
    return false;
}

enum ph_status ph_sheet_plan(struct ph_sheet *s, const struct ph_fields *const *lists, struct ph_error *err)
{
    PH_TRY(settle_years(s, lists, err));
    PH_TRY(fill_merges(s, lists, err));
    s->columns = calloc(s->heading.columns + 1, sizeof *s->columns);
    if (s->columns == NULL) return ph_fail_memory(err);
    for (size_t r = 0; r < s->grid.row_count; r++) s->rows += s->heading.roles[r] == PH_ROW_DATA;
    for (size_t at = 0; at < s->heading.columns; at++) {
        struct ph_sheet_column column = {.at = at};
        if (s->heading.names[at] == NULL && !has_data(s, at)) continue;
        PH_TRY(name_column(s, at, &column.name, err));
        settle_type(s, &column);
        PH_TRY(name_cells(s, &column, PH_CELL_NO_VALUE, &no_value, err));
        PH_TRY(name_cells(s, &column, PH_CELL_FAULT, &fault, err));
        s->columns[s->column_count++] = column;
    }
    return PH_OK;
}

/* ---- values ---- */

static enum ph_status read_value(struct ph_sheet *s, const struct ph_sheet_column *from, const struct ph_grid_row *row, struct ph_table *table,
                                 size_t to, struct ph_problems *problems, struct ph_error *err)
{
    const struct ph_cell *cell = ph_grid_cell(row, from->at);
    struct ph_column *column = &table->columns[to];
    size_t at = table->rows - 1;
    double value;
    if (cell->text == NULL || cell->kind >= PH_CELL_NO_VALUE) return PH_OK;
    if (has_lost_digits(cell)) {
        char place[PH_PLACE_BYTES];
        ph_grid_place(place, from->at, row->number);
        return ph_problem_add(problems, &lost_digits, s->workbook.path, (int64_t)row->number, err,
                              "单元格 %s(%s)的长代码存成了数,第 15 位以后已丢失:%s,按未知处理",
                              "cell %s (%s): a long code is stored as a number and has lost what follows the 15th digit: %s; taken as unknown", place,
                              from->name, cell->text);
    }
    switch (from->type) {
    case PH_TEXT: column->text[at] = ph_table_text(table, cell->text, strlen(cell->text)); return column->text[at] ? PH_OK : ph_fail_memory(err);
    case PH_DATE: (void)ph_date_parse(cell->text, strlen(cell->text), &column->date[at]); return PH_OK;
    case PH_REAL:
    case PH_INT: break;
    }
    (void)ph_number_parse(cell->text, strlen(cell->text), &value, NULL);
    if (from->type == PH_INT)
        column->integer[at] = (int64_t)value;
    else
        column->real[at] = value;
    return PH_OK;
}

enum ph_status ph_sheet_read(struct ph_sheet *s, struct ph_layer *layer, struct ph_problems *problems, struct ph_error *err)
{
    PH_TRY(ph_problems_absorb(problems, &s->problems, err));
    for (size_t c = 0; c < s->column_count; c++) PH_TRY(ph_table_add_column(&layer->table, s->columns[c].name, NULL, s->columns[c].type, NULL, err));
    for (size_t r = 0; r < s->grid.row_count; r++) {
        if (s->heading.roles[r] != PH_ROW_DATA) continue;
        PH_TRY(ph_layer_add_row(layer, (int64_t)s->grid.rows[r].number, err));
        for (size_t c = 0; c < s->column_count; c++) PH_TRY(read_value(s, &s->columns[c], &s->grid.rows[r], &layer->table, c, problems, err));
    }
    ph_grid_dispose(&s->grid);
    ph_file_free(&s->workbook.bytes);
    return PH_OK;
}
