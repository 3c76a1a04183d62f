#include "io/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "io/sheet_file.h"

#define KNOWN_ENOUGH 2 /* fields by which a header is recognised */

static const struct ph_problem_kind choice = {PH_NOTE, "table.sheet", "要读别的工作表,写 文件:工作表", "to read another sheet, write FILE:SHEET"};
static const struct ph_problem_kind header = {PH_NOTE, "table.header", "请核对表头所在行", "check that this is the header"};
static const struct ph_problem_kind no_header = {
    PH_WARNING, "table.header_unknown", "用规范的列名作表头,如 统一社会信用代码、企业名称", "use known names in the header, such as 统一社会信用代码, 企业名称"};
static const struct ph_problem_kind skipped = {PH_NOTE, "table.rows_skipped", "不是数据的行不读", "rows that are no data are not read"};
static const struct ph_problem_kind units = {PH_NOTE, "table.units", "列名里没写单位的按此", "for columns whose names state no unit"};

/* ---- which sheet ---- */

static enum ph_status read_one(struct ph_sheet *s, size_t index, const struct ph_fields *const *lists, struct ph_error *err)
{
    ph_heading_dispose(&s->heading);
    ph_grid_dispose(&s->grid);
    ph_problems_dispose(&s->problems);
    s->chosen = index;
    PH_TRY(ph_workbook_read(&s->workbook, index, &s->grid, &s->problems, err));
    return ph_heading_find(&s->grid, lists, &s->heading, err);
}

static enum ph_status find_named(struct ph_sheet *s, const char *name, const struct ph_fields *const *lists, struct ph_error *err)
{
    struct ph_text names;
    for (size_t i = 0; i < s->workbook.sheet_count; i++)
        if (strcmp(s->workbook.sheets[i].name, name) == 0) return read_one(s, i, lists, err);
    ph_text_init(&names, 600);
    for (size_t i = 0; i < s->workbook.sheet_count; i++) ph_text_addf(&names, "%s%s", i ? "、" : "", s->workbook.sheets[i].name);
    ph_fail(err, PH_E_USAGE, "没有工作表“%s”;有:%s", "no sheet '%s'; there are: %s", name, ph_text_get(&names));
    ph_text_dispose(&names);
    return ph_at_file(err, s->workbook.path), PH_E_USAGE;
}

static enum ph_status tell_choice(struct ph_sheet *s, bool known, const char *others, struct ph_error *err)
{
    const char *name = s->workbook.sheets[s->chosen].name;
    size_t count = s->workbook.sheet_count;
    if (!known)
        return ph_problem_add(&s->problems, &choice, s->workbook.path, -1, err, "共 %zu 个工作表,都认不出表头,读“%s”",
                              "none of %zu sheets has a known header; '%s' is read", count, name);
    if (*others == '\0')
        return ph_problem_add(&s->problems, &choice, s->workbook.path, -1, err, "共 %zu 个工作表,读认得表头的“%s”",
                              "of %zu sheets '%s' is read, whose header is known", count, name);
    return ph_problem_add(&s->problems, &choice, s->workbook.path, -1, err, "共 %zu 个工作表,读第一个认得表头的“%s”;也认得表头而未读的有:%s",
                          "of %zu sheets '%s' is read, the first whose header is known; known too and not read: %s", count, name, others);
}

/* How sure it is that the sheet is a table of one of these kinds: 2 when that is what its header fits best, 1 when the field is
 * there that such a table cannot be without, 0 else. */
static int rank_of(const struct ph_heading *h, const struct ph_fields *const *lists)
{
    int rank = 0;
    for (size_t l = 0; lists[l]; l++) {
        const struct ph_fields mark = {.items = &lists[l]->items[lists[l]->mark], .count = 1};
        size_t own = ph_name_count_known(lists[l], h->names, h->columns), most = 0;
        if (own < KNOWN_ENOUGH || ph_name_count_known(&mark, h->names, h->columns) == 0) continue;
        for (size_t i = 0; ph_field_lists[i]; i++) {
            size_t other = ph_name_count_known(ph_field_lists[i], h->names, h->columns);
            if (other > most) most = other;
        }
        if (rank < 1 + (own == most)) rank = 1 + (own == most);
    }
    return rank;
}

/* The first of the surest that show, or, where none is sure at all, the one with the most known names. */
static enum ph_status find_known(struct ph_sheet *s, const struct ph_fields *const *lists, struct ph_error *err)
{
    struct ph_text others;
    size_t best = 0, best_known = 0;
    int best_rank = -1;
    ph_text_init(&others, 600);
    enum ph_status status = PH_OK;
    for (size_t i = 0; status == PH_OK && i < s->workbook.sheet_count; i++) {
        if (s->workbook.sheets[i].hidden) continue;
        status = read_one(s, i, lists, err);
        int rank = rank_of(&s->heading, lists);
        if (rank > 0 && rank == best_rank) ph_text_addf(&others, "%s%s", others.length ? "、" : "", s->workbook.sheets[i].name);
        if (rank < best_rank || (rank == best_rank && (rank > 0 || s->heading.known <= best_known))) continue;
        if (rank > best_rank) ph_text_clear(&others);
        best = i;
        best_rank = rank;
        best_known = s->heading.known;
    }
    if (status == PH_OK && (s->chosen != best || best_rank < 0)) status = read_one(s, best, lists, err);
    if (status == PH_OK && s->workbook.sheet_count > 1) status = tell_choice(s, best_rank > 0, ph_text_get(&others), err);
    ph_text_dispose(&others);
    return status;
}

/* ---- what was assumed ---- */

/* The numbers of the rows with this role: 1–2、5. */
static size_t list_rows(const struct ph_sheet *s, enum ph_row_role role, struct ph_text *out)
{
    size_t count = 0;
    ph_text_clear(out);
    for (size_t r = 0; r < s->grid.row_count; r++) {
        if (s->heading.roles[r] != role) continue;
        size_t last = r;
        while (last + 1 < s->grid.row_count && s->heading.roles[last + 1] == role && s->grid.rows[last + 1].number == s->grid.rows[last].number + 1) last++;
        ph_text_addf(out, "%s%zu", count ? "、" : "", s->grid.rows[r].number);
        if (last > r) ph_text_addf(out, "–%zu", s->grid.rows[last].number);
        count += last - r + 1;
        r = last;
    }
    return count;
}

/* Empty rows between those that hold something. */
static size_t count_gaps(const struct ph_grid *grid)
{
    return grid->row_count ? grid->rows[grid->row_count - 1].number - grid->rows[0].number + 1 - grid->row_count : 0;
}

static enum ph_status tell_skipped(struct ph_sheet *s, struct ph_text *rows, struct ph_text *zh, struct ph_text *en, struct ph_error *err)
{
    static const struct {
        enum ph_row_role role;
        const char *zh, *en;
    } kinds[] = {{PH_ROW_TITLE, "标题", "titles"},
                 {PH_ROW_UNITS, "单位", "units"},
                 {PH_ROW_NUMBERING, "列号", "column numbers"},
                 {PH_ROW_REPEATED, "重复的表头", "the header again"},
                 {PH_ROW_SUM, "合计", "sums"},
                 {PH_ROW_REMARK, "注释", "remarks"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (list_rows(s, kinds[i].role, rows) == 0) continue;
        ph_text_addf(zh, "%s%s:第 %s 行", zh->length ? ";" : "", kinds[i].zh, ph_text_get(rows));
        ph_text_addf(en, "%s%s: row %s", en->length ? "; " : "", kinds[i].en, ph_text_get(rows));
    }
    size_t gaps = count_gaps(&s->grid);
    if (gaps) ph_text_addf(zh, "%s空行:%zu 行", zh->length ? ";" : "", gaps);
    if (gaps) ph_text_addf(en, "%sempty: %zu rows", en->length ? "; " : "", gaps);
    if (zh->length == 0) return PH_OK;
    return ph_problem_add_text(&s->problems, &skipped, s->workbook.path, -1, ph_text_get(zh), ph_text_get(en), err);
}

static enum ph_status tell_rows(struct ph_sheet *s, struct ph_error *err)
{
    struct ph_text rows, zh, en;
    ph_text_init(&rows, 1 << 20);
    ph_text_init(&zh, 1 << 20);
    ph_text_init(&en, 1 << 20);
    const char *path = s->workbook.path;
    enum ph_status status = PH_OK;
    size_t levels = list_rows(s, PH_ROW_HEADER, &rows);
    bool first = levels == 1 && s->grid.rows[0].number == 1 && s->heading.roles[0] == PH_ROW_HEADER;
    if (s->heading.known == 0 && levels)
        status = ph_problem_add(&s->problems, &no_header, path, -1, err, "认不出表头,把第 %s 行当作表头", "no known header: row %s is taken for it",
                                ph_text_get(&rows));
    else if (levels && !first)
        status = ph_problem_add(&s->problems, &header, path, -1, err, "表头在第 %s 行,认得其中 %zu 列", "the header is row %s; %zu columns of it are known",
                                ph_text_get(&rows), s->heading.known);
    if (status == PH_OK) status = tell_skipped(s, &rows, &zh, &en, err);
    if (status == PH_OK && s->heading.table_units)
        status = ph_problem_add(&s->problems, &units, path, -1, err, "表上写明单位:%s", "units named for the table: %s", s->heading.table_units);
    if (status == PH_OK && (rows.failed || zh.failed || en.failed)) status = ph_fail_memory(err);
    ph_text_dispose(&rows);
    ph_text_dispose(&zh);
    ph_text_dispose(&en);
    return status;
}

/* ---- facts ---- */

static enum ph_status tell_facts(const struct ph_sheet *s, struct ph_arena *arena, struct ph_source_facts *facts, struct ph_error *err)
{
    const struct ph_workbook *w = &s->workbook;
    struct ph_source_field *fields = ph_arena_alloc(arena, (s->column_count + 1) * sizeof *fields);
    const char **layers = ph_arena_alloc(arena, (w->sheet_count + 1) * sizeof *layers), **files = ph_arena_alloc(arena, sizeof *files);
    if (fields == NULL || layers == NULL || files == NULL) return ph_fail_memory(err);
    for (size_t c = 0; c < s->column_count; c++) {
        const struct ph_sheet_column *column = &s->columns[c];
        fields[c] = (struct ph_source_field){
            .name = column->name, .driver_type = column->kind, .type = column->type, .unit = s->heading.units[column->at]};
    }
    for (size_t i = 0; i < w->sheet_count; i++) layers[i] = w->sheets[i].name;
    *files = w->path;
    *facts = (struct ph_source_facts){.path = w->path,
                                      .driver = w->driver,
                                      .layer = layers[s->chosen],
                                      .geometry = "None",
                                      .layers = layers,
                                      .layer_count = w->sheet_count,
                                      .features = (int64_t)s->rows,
                                      .encoding_known = w->encoding_known,
                                      .encoding = w->encoding,
                                      .sample_words = w->sample_words ? w->sample_words : "",
                                      .readings = w->readings,
                                      .reading_count = w->reading_count,
                                      .fields = fields,
                                      .field_count = s->column_count,
                                      .files = files,
                                      .file_count = 1,
                                      .units = s->heading.table_units};
    return PH_OK;
}

static enum ph_status open_sheet(struct ph_sheet *s, const struct ph_source_request *q, struct ph_source_facts *facts, struct ph_error *err)
{
    const struct ph_fields *one[] = {q->fields, NULL}, *const *lists = q->fields ? one : ph_field_lists;
    PH_TRY(ph_workbook_open(q->path, q->encoding, &s->workbook, err));
    if (s->workbook.sheet_count == 0) return ph_fail(err, PH_E_INPUT, "文件里没有工作表", "the file has no sheet"), ph_at_file(err, q->path);
    PH_TRY(q->layer ? find_named(s, q->layer, lists, err) : find_known(s, lists, err));
    if (s->grid.row_count == 0) return ph_fail(err, PH_E_INPUT, "表里什么也没有", "the table is empty"), ph_at_file(err, q->path);
    PH_TRY(tell_rows(s, err));
    PH_TRY(ph_sheet_plan(s, lists, err));
    return tell_facts(s, &s->arena, facts, err);
}

enum ph_status ph_sheet_open(const struct ph_source_request *q, struct ph_source_facts *facts, struct ph_sheet **out, struct ph_error *err)
{
    *out = NULL;
    if (!q->table || q->open_options || !ph_workbook_expected(q->path)) return PH_OK;
    struct ph_sheet *s = calloc(1, sizeof *s);
    enum ph_status status = s ? open_sheet(s, q, facts, err) : ph_fail_memory(err);
    if (status == PH_OK)
        *out = s;
    else
        ph_sheet_free(s);
    return status;
}

void ph_sheet_free(struct ph_sheet *s)
{
    if (s == NULL) return;
    ph_heading_dispose(&s->heading);
    ph_grid_dispose(&s->grid);
    ph_problems_dispose(&s->problems);
    ph_workbook_dispose(&s->workbook);
    ph_arena_dispose(&s->arena);
    free(s->columns);
    free(s);
}
