#include "report/book.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/text.h"
#include "io/target.h"

#define FONT "宋体"
#define HEAD_FONT "黑体"
#define LINE_POINTS 13.5
#define HIGHEST 409.0 /* that a row may be */
#define BANNERS 3
#define LOOKS 2 /* plain, total */
#define FORMULA_CAP 512
#define CELL_CHARACTERS 32000 /* a cell holds 32767 */
#define EXCEL_EPOCH 25569     /* 1970-01-01 */
#define FIRST_SAFE_DAY 61     /* before 1900-03-01 spreadsheets disagree on the day */

struct ph_book {
    struct ph_arena arena;
    lxw_workbook *workbook;
    const char *path;
    lxw_format *cells[PH_KINDS][LOOKS], *banners[BANNERS], *head;
    struct ph_sheet *first;
    lxw_error failure;
    locale_t numbers, before; /* the library prints numbers as the locale has them */
};

struct ph_sheet {
    struct ph_book *book;
    struct ph_sheet *next;
    lxw_worksheet *worksheet;
    const char *name;
    double *widths;
    size_t columns;
    lxw_row_t row;
    int look;
    double lines; /* that the row needs */
};

static void note(struct ph_book *book, lxw_error result)
{
    if (book->failure == LXW_NO_ERROR) book->failure = result;
}

/* ---- looks ---- */

static lxw_format *make_format(struct ph_book *book, const char *font, double size)
{
    lxw_format *format = workbook_add_format(book->workbook);
    format_set_font_name(format, font);
    format_set_font_size(format, size);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    return format;
}

static void frame(lxw_format *format)
{
    format_set_border(format, LXW_BORDER_THIN);
    format_set_border_color(format, 0xA6A6A6);
}

static void make_formats(struct ph_book *book)
{
    static const char *const numbers[PH_KINDS] = {[PH_KIND_TEXT] = "@",       [PH_KIND_LONG] = "General",    [PH_KIND_DATE] = "yyyy-mm-dd",
                                                  [PH_KIND_COUNT] = "#,##0",  [PH_KIND_NUMBER] = "#,##0.00", [PH_KIND_FINE] = "#,##0.0000",
                                                  [PH_KIND_SHARE] = "0.00%"};
    for (int kind = 0; kind < PH_KINDS; kind++)
        for (int look = 0; look < LOOKS; look++) {
            lxw_format *format = book->cells[kind][look] = make_format(book, FONT, 10);
            format_set_num_format(format, numbers[kind]);
            frame(format);
            if (kind == PH_KIND_TEXT || kind == PH_KIND_LONG) format_set_text_wrap(format);
            if (kind == PH_KIND_LONG) format_set_indent(format, 1);
            if (kind == PH_KIND_TEXT || kind == PH_KIND_DATE) format_set_align(format, LXW_ALIGN_CENTER);
            if (look == 1) {
                format_set_bold(format);
                format_set_bg_color(format, 0xF2F2F2);
            }
        }
    book->head = make_format(book, HEAD_FONT, 10);
    frame(book->head);
    format_set_text_wrap(book->head);
    format_set_align(book->head, LXW_ALIGN_CENTER);
    format_set_bg_color(book->head, 0xDDEBF7);
    static const struct {
        const char *font;
        double size;
        int align;
    } banners[BANNERS] = {[PH_BANNER_TITLE] = {HEAD_FONT, 16, LXW_ALIGN_CENTER}, [PH_BANNER_SECTION] = {HEAD_FONT, 11, LXW_ALIGN_LEFT},
                          [PH_BANNER_NOTE] = {FONT, 9, LXW_ALIGN_LEFT}};
    for (int i = 0; i < BANNERS; i++) {
        book->banners[i] = make_format(book, banners[i].font, banners[i].size);
        format_set_align(book->banners[i], (uint8_t)banners[i].align);
        format_set_text_wrap(book->banners[i]);
    }
}

/* ---- the book ---- */

enum ph_status ph_book_open(const char *path, const char *title, int32_t created, struct ph_book **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_book *book = calloc(1, sizeof *book);
    if (book == NULL) return ph_fail_memory(err);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    book->path = path;
    book->workbook = workbook_new_opt(path, &options);
    book->numbers = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
    if (book->workbook == NULL || book->numbers == (locale_t)0) {
        free(book);
        return ph_fail_memory(err);
    }
    book->before = uselocale(book->numbers);
    char author[] = "panhuo", *kept = ph_arena_text(&book->arena, title, strlen(title));
    lxw_doc_properties properties = {.title = kept, .author = author, .created = created ? (time_t)created * 86400 : 1}; /* 0 is now */
    note(book, workbook_set_properties(book->workbook, &properties));
    make_formats(book);
    *out = book;
    return PH_OK;
}

/* The library does not look whether the rows that it keeps in files aside could be written. */
static bool rows_are_kept(const struct ph_book *book)
{
    for (const struct ph_sheet *s = book->first; s; s = s->next)
        if (fflush(s->worksheet->optimize_tmpfile) != 0 || ferror(s->worksheet->optimize_tmpfile)) return false;
    return true;
}

static void release(struct ph_book *book)
{
    uselocale(book->before);
    freelocale(book->numbers);
    ph_arena_dispose(&book->arena);
    free(book);
}

enum ph_status ph_book_finish(struct ph_book *book, struct ph_error *err)
{
    enum ph_status status = PH_OK;
    errno = 0;
    bool kept = rows_are_kept(book);
    int reason = errno;
    lxw_error result = workbook_close(book->workbook);
    if (reason == 0) reason = errno;
    if (result == LXW_ERROR_MEMORY_MALLOC_FAILED || book->failure == LXW_ERROR_MEMORY_MALLOC_FAILED)
        status = ph_fail_memory(err);
    else if (book->failure != LXW_NO_ERROR)
        status = ph_target_failed(book->path, lxw_strerror(book->failure), err);
    else if (!kept || result != LXW_NO_ERROR)
        status = reason == ENOSPC ? ph_target_no_space(book->path, err)
                                  : ph_target_failed(book->path, kept ? lxw_strerror(result) : strerror(reason), err);
    release(book);
    return status;
}

void ph_book_discard(struct ph_book *book)
{
    if (book == NULL) return;
    for (const struct ph_sheet *s = book->first; s; s = s->next) fclose(s->worksheet->optimize_tmpfile);
    lxw_workbook_free(book->workbook);
    release(book);
}

struct ph_sheet *ph_book_add(struct ph_book *book, const char *name, const double *widths, size_t columns)
{
    struct ph_sheet *sheet = ph_arena_alloc(&book->arena, sizeof *sheet);
    double *kept = ph_arena_alloc(&book->arena, columns * sizeof *kept);
    lxw_worksheet *worksheet = sheet && kept ? workbook_add_worksheet(book->workbook, name) : NULL;
    if (worksheet == NULL) {
        note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return NULL;
    }
    *sheet = (struct ph_sheet){.book = book, .next = book->first, .worksheet = worksheet, .name = name, .widths = kept, .columns = columns};
    book->first = sheet;
    memcpy(kept, widths, columns * sizeof *kept);
    for (size_t i = 0; i < columns; i++) note(book, worksheet_set_column(worksheet, (lxw_col_t)i, (lxw_col_t)i, widths[i], NULL));
    worksheet_set_paper(worksheet, 9); /* A4 */
    worksheet_set_landscape(worksheet);
    worksheet_fit_to_pages(worksheet, 1, 0);
    worksheet_set_margins(worksheet, 0.4, 0.4, 0.5, 0.6);
    worksheet_center_horizontally(worksheet);
    note(book, worksheet_set_footer(worksheet, "&L&8疑似为程序核查结果，认定以主管部门认定书为准&C&8&A&R&8第 &P 页，共 &N 页"));
    return sheet;
}

/* ---- rows ---- */

unsigned ph_sheet_row(const struct ph_sheet *sheet) { return sheet ? sheet->row + 1 : 1; }
bool ph_sheet_full(const struct ph_sheet *sheet) { return sheet && sheet->row + 1 >= LXW_ROW_MAX; }

/* How many lines a text takes in a column this wide. */
static double lines_of(const char *text, double width)
{
    double lines = 0;
    for (const char *at = text;; at += strcspn(at, "\n") + 1) {
        size_t length = strcspn(at, "\n");
        double needed = ceil((double)ph_utf8_width(at, length) / (width - 1));
        lines += needed < 1 ? 1 : needed;
        if (at[length] == '\0') return lines;
    }
}

/* Programs that open the book make no row higher on their own. */
static void set_height(struct ph_sheet *sheet, double points)
{
    note(sheet->book, worksheet_set_row(sheet->worksheet, sheet->row, points < HIGHEST ? points : HIGHEST, NULL));
}

void ph_sheet_next(struct ph_sheet *sheet)
{
    if (sheet == NULL) return;
    if (sheet->lines > 0) set_height(sheet, sheet->lines * LINE_POINTS + 2);
    sheet->row++;
    sheet->look = 0;
    sheet->lines = 0;
}

void ph_sheet_total(struct ph_sheet *sheet)
{
    if (sheet) sheet->look = 1;
}

void ph_sheet_banner(struct ph_sheet *sheet, enum ph_banner kind, const char *text)
{
    if (sheet == NULL) return;
    static const double heights[BANNERS] = {[PH_BANNER_TITLE] = 30, [PH_BANNER_SECTION] = 24, [PH_BANNER_NOTE] = LINE_POINTS};
    double width = 0;
    for (size_t i = 0; i < sheet->columns; i++) width += sheet->widths[i];
    set_height(sheet, heights[kind] * (kind == PH_BANNER_NOTE ? lines_of(text, width) : 1));
    note(sheet->book, worksheet_merge_range(sheet->worksheet, sheet->row, 0, sheet->row, (lxw_col_t)(sheet->columns - 1), text,
                                            sheet->book->banners[kind]));
    ph_sheet_next(sheet);
}

void ph_sheet_head(struct ph_sheet *sheet, const char *const *titles, bool stays)
{
    if (sheet == NULL) return;
    for (size_t i = 0; i < sheet->columns; i++) {
        double lines = lines_of(titles[i], sheet->widths[i]);
        if (lines > sheet->lines) sheet->lines = lines;
        note(sheet->book, worksheet_write_string(sheet->worksheet, sheet->row, (lxw_col_t)i, titles[i], sheet->book->head));
    }
    ph_sheet_next(sheet);
    if (!stays) return;
    worksheet_freeze_panes(sheet->worksheet, sheet->row, 0);
    note(sheet->book, worksheet_repeat_rows(sheet->worksheet, 0, sheet->row - 1));
}

void ph_sheet_filter(struct ph_sheet *sheet, unsigned from, unsigned to)
{
    if (sheet) note(sheet->book, worksheet_autofilter(sheet->worksheet, from - 1, 0, to - 1, (lxw_col_t)(sheet->columns - 1)));
}

void ph_sheet_one_page(struct ph_sheet *sheet)
{
    if (sheet) worksheet_fit_to_pages(sheet->worksheet, 1, 1);
}

/* ---- cells ---- */

static lxw_format *format_of(const struct ph_sheet *sheet, enum ph_kind kind)
{
    return sheet->book->cells[kind][sheet->look];
}

static void blank(struct ph_sheet *sheet, size_t column, enum ph_kind kind)
{
    note(sheet->book, worksheet_write_blank(sheet->worksheet, sheet->row, (lxw_col_t)column, format_of(sheet, kind)));
}

/* The text as a cell takes it: UTF-8, and no longer than it may be. */
static void clean(const char *text, struct ph_text *out)
{
    size_t characters = 0;
    for (struct ph_str rest = ph_str_of(text); rest.length > 0; characters++) {
        uint32_t code;
        size_t length;
        char bytes[4];
        if (characters == CELL_CHARACTERS) {
            ph_text_add(out, "……(此处截断,全文见 GeoPackage)");
            return;
        }
        ph_utf8_next(rest, &code, &length);
        if (code == 0xFFFE || code == 0xFFFF) code = 0xFFFD; /* XML has no such characters */
        ph_text_add_str(out, (struct ph_str){bytes, ph_utf8_put(bytes, code)});
        rest = ph_str_after(rest, length);
    }
}

void ph_cell_text(struct ph_sheet *sheet, size_t column, enum ph_kind kind, const char *text)
{
    if (sheet == NULL) return;
    if (text == NULL) {
        blank(sheet, column, kind);
        return;
    }
    struct ph_text cleaned;
    ph_text_init(&cleaned, 8 * CELL_CHARACTERS);
    clean(text, &cleaned);
    double lines = lines_of(ph_text_get(&cleaned), sheet->widths[column] - (kind == PH_KIND_LONG)); /* indented */
    if (lines > sheet->lines) sheet->lines = lines;
    note(sheet->book, cleaned.failed ? LXW_ERROR_MEMORY_MALLOC_FAILED
                                     : worksheet_write_string(sheet->worksheet, sheet->row, (lxw_col_t)column, ph_text_get(&cleaned),
                                                              format_of(sheet, kind)));
    ph_text_dispose(&cleaned);
}

void ph_cell_number(struct ph_sheet *sheet, size_t column, enum ph_kind kind, double number)
{
    if (sheet == NULL) return;
    if (isfinite(number))
        note(sheet->book, worksheet_write_number(sheet->worksheet, sheet->row, (lxw_col_t)column, number, format_of(sheet, kind)));
    else
        blank(sheet, column, kind);
}

void ph_cell_date(struct ph_sheet *sheet, size_t column, const char *date)
{
    int32_t days = INT32_MIN;
    if (date && ph_date_parse(date, strlen(date), &days) == PH_PARSE_OK && days >= FIRST_SAFE_DAY - EXCEL_EPOCH)
        ph_cell_number(sheet, column, PH_KIND_DATE, (double)days + EXCEL_EPOCH);
    else
        ph_cell_text(sheet, column, PH_KIND_DATE, date);
}

void ph_cell_formula(struct ph_sheet *sheet, size_t column, enum ph_kind kind, double value, const char *format, ...)
{
    if (sheet == NULL) return;
    char formula[FORMULA_CAP];
    va_list args;
    va_start(args, format);
    vsnprintf(formula, sizeof formula, format, args);
    va_end(args);
    note(sheet->book, worksheet_write_formula_num(sheet->worksheet, sheet->row, (lxw_col_t)column, formula, format_of(sheet, kind), value));
}

void ph_cell_formula_text(struct ph_sheet *sheet, size_t column, const char *value, const char *format, ...)
{
    if (sheet == NULL) return;
    char formula[FORMULA_CAP];
    va_list args;
    va_start(args, format);
    vsnprintf(formula, sizeof formula, format, args);
    va_end(args);
    note(sheet->book, worksheet_write_formula_str(sheet->worksheet, sheet->row, (lxw_col_t)column, formula,
                                                  format_of(sheet, PH_KIND_DATE), value));
}

char ph_column_letter(size_t column) { return (char)('A' + column); }

/* ---- charts ---- */

void ph_sheet_bars(struct ph_sheet *sheet, const struct ph_bars *bars)
{
    if (sheet == NULL) return;
    lxw_chart *chart = workbook_add_chart(sheet->book->workbook, LXW_CHART_BAR);
    lxw_chart_series *series = chart ? chart_add_series(chart, NULL, NULL) : NULL;
    if (series == NULL) {
        note(sheet->book, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    chart_series_set_categories(series, sheet->name, bars->from - 1, (lxw_col_t)bars->names, bars->to - 1, (lxw_col_t)bars->names);
    chart_series_set_values(series, sheet->name, bars->from - 1, (lxw_col_t)bars->values, bars->to - 1, (lxw_col_t)bars->values);
    lxw_chart_fill fill = {.color = 0x2E75B6};
    chart_series_set_fill(series, &fill);
    chart_series_set_labels(series);
    chart_series_set_labels_num_format(series, bars->kind == PH_KIND_COUNT ? "#,##0" : "#,##0.00");
    chart_set_series_gap(chart, 50);
    chart_title_set_name(chart, bars->title);
    lxw_chart_font title = {.size = 12, .bold = LXW_TRUE};
    chart_title_set_name_font(chart, &title);
    chart_axis_set_reverse(chart->y_axis); /* the first row above */
    chart_axis_off(chart->x_axis); /* each bar carries its number */
    chart_axis_major_gridlines_set_visible(chart->x_axis, LXW_FALSE);
    chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    chart_axis_set_min(chart->x_axis, 0);
    chart_axis_set_max(chart->x_axis, bars->largest > 0 ? 1.15 * bars->largest : 1); /* room for the number behind the bar */
    lxw_chart_options options = {.object_position = LXW_OBJECT_MOVE_DONT_SIZE, .x_offset = 12};
    note(sheet->book, worksheet_insert_chart_opt(sheet->worksheet, bars->at - 1, (lxw_col_t)sheet->columns, chart, &options));
}
