#include "io/ods.h"

#include <string.h>

#include "base/date.h"
#include "base/number.h"
#include "io/number_format.h"
#include "io/package.h"

#define TEXT_CAP ((size_t)1 << 24)
#define CONTENT "content.xml"

/* ---- which sheets there are ---- */

struct hidden_style {
    const char *name;
    struct hidden_style *next;
};

struct listing {
    struct ph_workbook *workbook;
    const char *style; /* the one that is being told */
    struct hidden_style *hidden;
};

static const char *keep(struct ph_workbook *w, const char *text)
{
    return text ? ph_arena_text(&w->arena, text, strlen(text)) : NULL;
}

static enum ph_status hide(struct listing *l, struct ph_error *err)
{
    struct hidden_style *made = ph_arena_alloc(&l->workbook->arena, sizeof *made);
    if (made == NULL) return ph_fail_memory(err);
    *made = (struct hidden_style){l->style, l->hidden};
    l->hidden = made;
    return PH_OK;
}

static enum ph_status visit_listing(void *payload, struct ph_markup *xml, struct ph_error *err)
{
    struct listing *l = payload;
    struct ph_workbook *w = l->workbook;
    if (ph_markup_is(xml, "style")) l->style = keep(w, ph_markup_attribute(xml, "name"));
    if (ph_markup_is(xml, "table-properties") && l->style) {
        const char *display = ph_markup_attribute(xml, "display");
        return display && strcmp(display, "false") == 0 ? hide(l, err) : PH_OK;
    }
    if (ph_markup_is(xml, "tracked-changes")) return ph_markup_skip(xml, err);
    if (!ph_markup_is(xml, "table")) return PH_OK;
    struct ph_workbook_sheet *sheets = ph_arena_alloc(&w->arena, (w->sheet_count + 1) * sizeof *sheets);
    if (sheets == NULL) return ph_fail_memory(err);
    if (w->sheet_count) memcpy(sheets, w->sheets, w->sheet_count * sizeof *sheets);
    const char *name = keep(w, ph_markup_attribute(xml, "name")), *style = ph_markup_attribute(xml, "style-name");
    bool hidden = false;
    for (const struct hidden_style *h = l->hidden; h && style; h = h->next) hidden |= strcmp(h->name, style) == 0;
    sheets[w->sheet_count++] = (struct ph_workbook_sheet){name ? name : "", CONTENT, hidden};
    w->sheets = sheets;
    return ph_markup_skip(xml, err);
}

enum ph_status ph_ods_open(struct ph_workbook *w, struct ph_error *err)
{
    struct listing l = {.workbook = w};
    w->driver = "ODS";
    return ph_package_parse(w, CONTENT, visit_listing, &l, err);
}

/* ---- cells ---- */

struct reading {
    struct ph_grid *grid;
    struct ph_markup *xml;
    struct ph_text text, value, type;
    size_t wanted, seen; /* sheets */
    size_t row, column;  /* row: number of the one under way */
    struct ph_error *err;
};

/* The text of the cell that opened, up to its end; comments left out. */
static enum ph_status read_text(struct reading *r)
{
    ph_text_clear(&r->text);
    for (int depth = 1; depth > 0;) {
        enum ph_markup_event event;
        PH_TRY(ph_markup_next(r->xml, &event, r->err));
        if (event == PH_MARKUP_END) break;
        if (event == PH_MARKUP_TEXT && depth > 1) ph_text_add(&r->text, ph_markup_text(r->xml));
        depth -= event == PH_MARKUP_CLOSE;
        if (event != PH_MARKUP_OPEN) continue;
        if (ph_markup_is(r->xml, "annotation")) {
            PH_TRY(ph_markup_skip(r->xml, r->err));
            continue;
        }
        depth++;
        if (r->text.length && (ph_markup_is(r->xml, "p") || ph_markup_is(r->xml, "s") || ph_markup_is(r->xml, "line-break") || ph_markup_is(r->xml, "tab")))
            ph_text_add(&r->text, ph_markup_is(r->xml, "s") ? " " : "\n");
    }
    return r->text.failed ? ph_fail_memory(r->err) : PH_OK;
}

static enum ph_status put(struct reading *r, enum ph_cell_kind kind, const char *text)
{
    return ph_grid_put(r->grid, r->column, kind, ph_str_of(text), r->err);
}

static enum ph_status put_value(struct reading *r, bool has_formula)
{
    const char *type = ph_text_get(&r->type), *value = ph_text_get(&r->value), *text = ph_text_get(&r->text);
    char written[PH_FORMATTED_BYTES];
    double number;
    bool percent = strcmp(type, "percentage") == 0;
    if (has_formula && (*text == '#' || strncmp(text, "Err:", 4) == 0)) return put(r, PH_CELL_FAULT, text);
    if (*type == '\0' && *text == '\0') return has_formula ? put(r, PH_CELL_NO_VALUE, "") : PH_OK;
    if (percent || strcmp(type, "float") == 0 || strcmp(type, "currency") == 0) {
        if (ph_number_parse(value, strlen(value), &number, NULL) != PH_PARSE_OK) return put(r, PH_CELL_TEXT, text);
        if (percent && ph_number_format_write(PH_FORMAT_PERCENT, number, false, written)) return put(r, PH_CELL_PERCENT, written);
        ph_number_print(written, sizeof written, number);
        return put(r, PH_CELL_NUMBER, written);
    }
    if (strcmp(type, "date") == 0) {
        int32_t days;
        if (strncmp(value, "1899-12-30", 10) == 0) return PH_OK; /* day 0: an empty cell through a formula */
        bool first = strlen(value) >= 10 && strncmp(value + 8, "01", 2) == 0;
        bool month_only = first && ph_date_parse(text, strlen(text), &days) == PH_PARSE_PARTIAL; /* nobody wrote the day */
        return ph_grid_put(r->grid, r->column, PH_CELL_DATE, month_only ? ph_str_of(text) : (struct ph_str){value, strcspn(value, "T")}, r->err);
    }
    if (strcmp(type, "boolean") == 0) return put(r, PH_CELL_TEXT, strcmp(value, "true") == 0 ? "是" : "否");
    return put(r, PH_CELL_TEXT, strcmp(type, "string") == 0 && *text == '\0' ? value : text);
}

static void note_value(struct reading *r)
{
    static const char *const attributes[] = {"value", "date-value", "boolean-value", "string-value"};
    const char *type = ph_markup_attribute(r->xml, "value-type");
    ph_text_clear(&r->type);
    ph_text_clear(&r->value);
    if (type) ph_text_add(&r->type, type);
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes && r->value.length == 0; i++) {
        const char *value = ph_markup_attribute(r->xml, attributes[i]);
        if (value) ph_text_add(&r->value, value);
    }
}

static enum ph_status read_cell(struct reading *r)
{
    bool covered = ph_markup_is(r->xml, "covered-table-cell"), has_formula = ph_markup_attribute(r->xml, "formula") != NULL;
    long times = ph_markup_number(r->xml, "number-columns-repeated", 1);
    long columns = ph_markup_number(r->xml, "number-columns-spanned", 1), rows = ph_markup_number(r->xml, "number-rows-spanned", 1);
    note_value(r);
    PH_TRY(read_text(r));
    if (r->value.failed || r->type.failed) return ph_fail_memory(r->err);
    if (columns > 1 || rows > 1)
        PH_TRY(ph_grid_merge(r->grid, (struct ph_merge){r->row, r->row + (size_t)rows - 1, r->column, r->column + (size_t)columns - 1}, r->err));
    bool blank = covered || (r->type.length == 0 && r->text.length == 0 && !has_formula);
    for (long i = 0; !blank && i < times; i++, r->column++) PH_TRY(put_value(r, has_formula));
    if (blank && times > 0) r->column += (size_t)times;
    return PH_OK;
}

static enum ph_status read_row(struct reading *r)
{
    long times = ph_markup_number(r->xml, "number-rows-repeated", 1);
    size_t rows = r->grid->row_count;
    r->row++;
    r->column = 0;
    for (;;) {
        enum ph_markup_event event;
        PH_TRY(ph_markup_next(r->xml, &event, r->err));
        if (event == PH_MARKUP_CLOSE || event == PH_MARKUP_END) break;
        if (event == PH_MARKUP_OPEN) PH_TRY(read_cell(r));
    }
    PH_TRY(ph_grid_end_row(r->grid, r->row, r->err));
    for (long i = 1; i < times; i++, r->row++) {
        if (r->grid->row_count == rows) return r->row += (size_t)(times - i), PH_OK;
        PH_TRY(ph_grid_repeat_row(r->grid, r->err));
    }
    return PH_OK;
}

/* The rows of the table that opened, in groups or not. */
static enum ph_status read_rows(struct reading *r)
{
    for (int depth = 1; depth > 0;) {
        enum ph_markup_event event;
        PH_TRY(ph_markup_next(r->xml, &event, r->err));
        if (event == PH_MARKUP_END) break;
        depth -= event == PH_MARKUP_CLOSE;
        if (event != PH_MARKUP_OPEN) continue;
        bool group = ph_markup_is(r->xml, "table-rows") || ph_markup_is(r->xml, "table-header-rows") || ph_markup_is(r->xml, "table-row-group");
        depth += group;
        if (!group) PH_TRY(ph_markup_is(r->xml, "table-row") ? read_row(r) : ph_markup_skip(r->xml, r->err));
    }
    return PH_OK;
}

static enum ph_status visit_table(void *payload, struct ph_markup *xml, struct ph_error *err)
{
    struct reading *r = payload;
    r->xml = xml;
    r->err = err;
    if (ph_markup_is(xml, "tracked-changes")) return ph_markup_skip(xml, err);
    if (!ph_markup_is(xml, "table")) return PH_OK;
    return r->seen++ == r->wanted ? read_rows(r) : ph_markup_skip(xml, err);
}

enum ph_status ph_ods_read(struct ph_workbook *w, size_t sheet, struct ph_grid *grid, struct ph_error *err)
{
    struct reading r = {.grid = grid, .wanted = sheet};
    ph_text_init(&r.text, TEXT_CAP);
    ph_text_init(&r.value, TEXT_CAP);
    ph_text_init(&r.type, TEXT_CAP);
    enum ph_status status = ph_package_parse(w, CONTENT, visit_table, &r, err);
    ph_text_dispose(&r.text);
    ph_text_dispose(&r.value);
    ph_text_dispose(&r.type);
    return status;
}
