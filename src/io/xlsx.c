#include "io/xlsx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "io/number_format.h"
#include "io/package.h"

#define TEXT_CAP ((size_t)1 << 24)
#define SHARED_CAP ((size_t)20000000)
#define MAIN_PART "xl/workbook.xml"

/* ---- the parts and how they hang together ---- */

struct relation {
    const char *id, *type, *target; /* type: its last word; target: the part's full name */
    struct relation *next;
};

struct relations {
    struct ph_workbook *workbook;
    struct relation *first;
    size_t folder; /* bytes of MAIN_PART's folder */
};

static const char *keep(struct ph_workbook *w, const char *text)
{
    return text ? ph_arena_text(&w->arena, text, strlen(text)) : NULL;
}

/* A target as written, from the folder of the main part: worksheets/sheet1.xml, /xl/worksheets/sheet1.xml. */
static const char *part_name(struct relations *r, const char *target)
{
    if (*target == '/') return keep(r->workbook, target + 1);
    size_t length = strlen(target);
    if (strncmp(target, "../", 3) == 0) return keep(r->workbook, target + 3);
    char *name = ph_arena_alloc(&r->workbook->arena, r->folder + length + 1);
    if (name) snprintf(name, r->folder + length + 1, "%.*s%s", (int)r->folder, MAIN_PART, target);
    return name;
}

static enum ph_status visit_relation(void *payload, struct ph_markup *xml, struct ph_error *err)
{
    struct relations *r = payload;
    if (!ph_markup_is(xml, "Relationship")) return PH_OK;
    struct relation *made = ph_arena_alloc(&r->workbook->arena, sizeof *made);
    if (made == NULL) return ph_fail_memory(err);
    const char *id = keep(r->workbook, ph_markup_attribute(xml, "Id")), *type = keep(r->workbook, ph_markup_attribute(xml, "Type"));
    const char *target = ph_markup_attribute(xml, "Target"), *slash = type ? strrchr(type, '/') : NULL;
    if (id == NULL || type == NULL || target == NULL) return PH_OK;
    *made = (struct relation){id, slash ? slash + 1 : type, part_name(r, target), r->first};
    r->first = made;
    return made->target ? PH_OK : ph_fail_memory(err);
}

static const char *target_of(const struct relations *r, const char *id, const char *type)
{
    for (const struct relation *at = r->first; at; at = at->next)
        if ((id == NULL || strcmp(at->id, id) == 0) && strcmp(at->type, type) == 0) return at->target;
    return NULL;
}

static enum ph_status visit_main(void *payload, struct ph_markup *xml, struct ph_error *err)
{
    struct relations *r = payload;
    struct ph_workbook *w = r->workbook;
    if (ph_markup_is(xml, "workbookPr")) {
        const char *from_1904 = ph_markup_attribute(xml, "date1904");
        w->from_1904 = from_1904 && (strcmp(from_1904, "1") == 0 || strcmp(from_1904, "true") == 0);
    }
    if (!ph_markup_is(xml, "sheet")) return PH_OK;
    const char *name = keep(w, ph_markup_attribute(xml, "name")), *id = ph_markup_attribute(xml, "id");
    const char *part = id ? target_of(r, id, "worksheet") : NULL;
    if (name == NULL || part == NULL) return PH_OK; /* a sheet of charts */
    struct ph_workbook_sheet *sheets = ph_arena_alloc(&w->arena, (w->sheet_count + 1) * sizeof *sheets);
    if (sheets == NULL) return ph_fail_memory(err);
    if (w->sheet_count) memcpy(sheets, w->sheets, w->sheet_count * sizeof *sheets);
    const char *state = ph_markup_attribute(xml, "state");
    sheets[w->sheet_count++] = (struct ph_workbook_sheet){name, part, state && strcmp(state, "visible") != 0};
    w->sheets = sheets;
    return PH_OK;
}

/* ---- shared texts ---- */

/* The text of an element that opened (si, is), up to its end; what tells the pronunciation is left out. */
static enum ph_status rich_text(struct ph_markup *xml, struct ph_text *text, struct ph_error *err)
{
    bool in_text = false;
    ph_text_clear(text);
    for (int depth = 1; depth > 0;) {
        enum ph_markup_event event;
        PH_TRY(ph_markup_next(xml, &event, err));
        if (event == PH_MARKUP_END) break;
        if (event == PH_MARKUP_OPEN && ph_markup_is(xml, "rPh")) {
            PH_TRY(ph_markup_skip(xml, err));
        } else if (event == PH_MARKUP_OPEN || event == PH_MARKUP_CLOSE) {
            depth += event == PH_MARKUP_OPEN ? 1 : -1;
            if (ph_markup_is(xml, "t")) in_text = event == PH_MARKUP_OPEN;
        } else if (in_text) {
            ph_text_add(text, ph_markup_text(xml));
        }
    }
    return text->failed ? ph_fail_memory(err) : PH_OK;
}

struct shared {
    struct ph_workbook *workbook;
    struct ph_text text;
    size_t capacity;
};

static enum ph_status visit_shared(void *payload, struct ph_markup *xml, struct ph_error *err)
{
    struct shared *s = payload;
    struct ph_workbook *w = s->workbook;
    if (!ph_markup_is(xml, "si")) return PH_OK;
    PH_TRY(rich_text(xml, &s->text, err));
    if (w->shared_count == s->capacity) {
        size_t capacity = s->capacity ? 2 * s->capacity : 1024;
        const char **grown = capacity > SHARED_CAP ? NULL : realloc(w->shared, capacity * sizeof *grown);
        if (grown == NULL) return ph_fail_memory(err);
        w->shared = grown;
        s->capacity = capacity;
    }
    w->shared[w->shared_count] = keep(w, ph_text_get(&s->text));
    return w->shared[w->shared_count++] ? PH_OK : ph_fail_memory(err);
}

static enum ph_status read_shared(struct ph_workbook *w, const char *part, struct ph_error *err)
{
    struct shared s = {.workbook = w};
    ph_text_init(&s.text, TEXT_CAP);
    enum ph_status status = ph_package_parse(w, part, visit_shared, &s, err);
    ph_text_dispose(&s.text);
    return status;
}

/* ---- styles ---- */

struct own_format {
    long id;
    enum ph_number_format format;
    struct own_format *next;
};

struct styles {
    struct ph_workbook *workbook;
    struct own_format *own;
    size_t capacity;
    bool cells; /* within cellXfs */
};

static enum ph_status visit_style(void *payload, struct ph_markup *xml, struct ph_error *err)
{
    struct styles *s = payload;
    struct ph_workbook *w = s->workbook;
    if (ph_markup_is(xml, "numFmt")) {
        struct own_format *made = ph_arena_alloc(&w->arena, sizeof *made);
        if (made == NULL) return ph_fail_memory(err);
        long id = ph_markup_number(xml, "numFmtId", -1);
        const char *code = ph_markup_attribute(xml, "formatCode");
        *made = (struct own_format){id, ph_number_format_code(code ? code : ""), s->own};
        s->own = made;
    }
    if (ph_markup_is(xml, "cellXfs") || ph_markup_is(xml, "cellStyleXfs") || ph_markup_is(xml, "cellStyles")) s->cells = ph_markup_is(xml, "cellXfs");
    if (!s->cells || !ph_markup_is(xml, "xf")) return PH_OK;
    long id = ph_markup_number(xml, "numFmtId", 0);
    enum ph_number_format format = ph_number_format_builtin(id);
    for (const struct own_format *own = s->own; own; own = own->next)
        if (own->id == id) format = own->format;
    if (w->format_count == s->capacity) {
        size_t capacity = s->capacity ? 2 * s->capacity : 256;
        unsigned char *grown = realloc(w->formats, capacity);
        if (grown == NULL) return ph_fail_memory(err);
        w->formats = grown;
        s->capacity = capacity;
    }
    w->formats[w->format_count++] = (unsigned char)format;
    return PH_OK;
}

enum ph_status ph_xlsx_open(struct ph_workbook *w, struct ph_error *err)
{
    struct relations r = {.workbook = w, .folder = sizeof "xl/" - 1};
    struct styles styles = {.workbook = w};
    w->driver = "XLSX";
    PH_TRY(ph_package_parse(w, "xl/_rels/workbook.xml.rels", visit_relation, &r, err));
    PH_TRY(ph_package_parse(w, MAIN_PART, visit_main, &r, err));
    const char *shared = target_of(&r, NULL, "sharedStrings"), *style = target_of(&r, NULL, "styles");
    if (shared) PH_TRY(read_shared(w, shared, err));
    return style ? ph_package_parse(w, style, visit_style, &styles, err) : PH_OK;
}

/* ---- cells ---- */

struct reading {
    struct ph_workbook *workbook;
    struct ph_grid *grid;
    struct ph_markup *xml;
    struct ph_text text, formula;
    size_t row, column; /* of the row and cell under way */
    struct ph_error *err;
};

static enum ph_status put(struct reading *r, enum ph_cell_kind kind, const char *text)
{
    return ph_grid_put(r->grid, r->column, kind, ph_str_of(text), r->err);
}

static enum ph_status put_number(struct reading *r, const char *text, long style)
{
    const struct ph_workbook *w = r->workbook;
    enum ph_number_format format = style >= 0 && (size_t)style < w->format_count ? w->formats[style] : PH_FORMAT_NUMBER;
    char written[PH_FORMATTED_BYTES];
    double value;
    if (ph_number_parse(text, strlen(text), &value, NULL) != PH_PARSE_OK) return put(r, PH_CELL_TEXT, text);
    if (ph_number_format_write(format, value, w->from_1904, written))
        return put(r, format == PH_FORMAT_PERCENT ? PH_CELL_PERCENT : PH_CELL_DATE, written);
    ph_number_print(written, sizeof written, value);
    return put(r, PH_CELL_NUMBER, written);
}

/* A cell whose parts have been read. `shown` tells whether it has a value at all. */
static enum ph_status put_cell(struct reading *r, const char *type, long style, bool has_formula, bool shown)
{
    struct ph_workbook *w = r->workbook;
    const char *text = ph_text_get(&r->text);
    if (r->text.failed) return ph_fail_memory(r->err);
    if (!shown || (*text == '\0' && strcmp(type, "str") != 0)) return has_formula ? put(r, PH_CELL_NO_VALUE, ph_text_get(&r->formula)) : PH_OK;
    if (strcmp(type, "s") == 0) {
        char *end;
        unsigned long index = strtoul(text, &end, 10);
        if (*end == '\0' && index < w->shared_count) return put(r, PH_CELL_TEXT, w->shared[index]);
        return ph_fail(r->err, PH_E_INPUT, "文件已损坏:没有第 %s 号共用文字", "the file is damaged: there is no shared text %s", text);
    }
    if (strcmp(type, "b") == 0) return put(r, PH_CELL_TEXT, strcmp(text, "1") == 0 || strcmp(text, "true") == 0 ? "是" : "否");
    if (strcmp(type, "e") == 0) return put(r, PH_CELL_FAULT, text);
    if (strcmp(type, "d") == 0) return put(r, PH_CELL_DATE, text);
    if (strcmp(type, "n") == 0) return put_number(r, text, style);
    return put(r, PH_CELL_TEXT, text);
}

/* An element that opened in a cell: f, v or is. */
static enum ph_status read_part(struct reading *r, bool *has_formula, bool *shown)
{
    bool formula = ph_markup_is(r->xml, "f"), value = ph_markup_is(r->xml, "v");
    if (ph_markup_is(r->xml, "is")) return *shown = true, rich_text(r->xml, &r->text, r->err);
    if (!formula && !value) return ph_markup_skip(r->xml, r->err);
    *has_formula |= formula;
    *shown |= value;
    for (;;) {
        enum ph_markup_event event;
        PH_TRY(ph_markup_next(r->xml, &event, r->err));
        if (event != PH_MARKUP_TEXT) return PH_OK;
        ph_text_add(formula ? &r->formula : &r->text, ph_markup_text(r->xml));
    }
}

static enum ph_status read_cell(struct reading *r)
{
    char type[12];
    const char *place = ph_markup_attribute(r->xml, "r");
    size_t column = place ? ph_grid_column(place, NULL) : SIZE_MAX;
    if (column != SIZE_MAX) r->column = column;
    const char *given = ph_markup_attribute(r->xml, "t");
    snprintf(type, sizeof type, "%s", given ? given : "n");
    long style = ph_markup_number(r->xml, "s", 0);
    bool has_formula = false, shown = false;
    ph_text_clear(&r->text);
    ph_text_clear(&r->formula);
    for (;;) {
        enum ph_markup_event event;
        PH_TRY(ph_markup_next(r->xml, &event, r->err));
        if (event == PH_MARKUP_OPEN) PH_TRY(read_part(r, &has_formula, &shown));
        if (event == PH_MARKUP_CLOSE || event == PH_MARKUP_END) break;
    }
    PH_TRY(put_cell(r, type, style, has_formula, shown));
    r->column++;
    return PH_OK;
}

static enum ph_status read_row(struct reading *r)
{
    long number = ph_markup_number(r->xml, "r", (long)r->row + 1);
    r->row = number > 0 ? (size_t)number : r->row + 1;
    r->column = 0;
    for (;;) {
        enum ph_markup_event event;
        PH_TRY(ph_markup_next(r->xml, &event, r->err));
        if (event == PH_MARKUP_CLOSE || event == PH_MARKUP_END) return ph_grid_end_row(r->grid, r->row, r->err);
        if (event != PH_MARKUP_OPEN) continue;
        PH_TRY(ph_markup_is(r->xml, "c") ? read_cell(r) : ph_markup_skip(r->xml, r->err));
    }
}

static enum ph_status read_merge(struct reading *r)
{
    const char *reference = ph_markup_attribute(r->xml, "ref"), *colon = reference ? strchr(reference, ':') : NULL;
    char first[PH_PLACE_BYTES];
    struct ph_merge merge;
    if (colon == NULL || (size_t)(colon - reference) >= sizeof first) return PH_OK;
    snprintf(first, sizeof first, "%.*s", (int)(colon - reference), reference);
    merge.first_column = ph_grid_column(first, &merge.first_row);
    merge.last_column = ph_grid_column(colon + 1, &merge.last_row);
    if (merge.first_column == SIZE_MAX || merge.last_column == SIZE_MAX) return PH_OK;
    return ph_grid_merge(r->grid, merge, r->err);
}

static enum ph_status visit_sheet(void *payload, struct ph_markup *xml, struct ph_error *err)
{
    struct reading *r = payload;
    r->xml = xml;
    r->err = err;
    if (ph_markup_is(xml, "row")) return read_row(r);
    return ph_markup_is(xml, "mergeCell") ? read_merge(r) : PH_OK;
}

enum ph_status ph_xlsx_read(struct ph_workbook *w, size_t sheet, struct ph_grid *grid, struct ph_error *err)
{
    struct reading r = {.workbook = w, .grid = grid};
    ph_text_init(&r.text, TEXT_CAP);
    ph_text_init(&r.formula, TEXT_CAP);
    enum ph_status status = ph_package_parse(w, w->sheets[sheet].member, visit_sheet, &r, err);
    ph_text_dispose(&r.text);
    ph_text_dispose(&r.formula);
    return status;
}
