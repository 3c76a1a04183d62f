#include "io/heading.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"

#define LOOK_ROWS 60   /* how far down a header is looked for */
#define LOOK_BEYOND 5  /* and how far behind one that is known */
#define LEVELS 3       /* rows that a header may have */
#define LONG_CODE 15   /* characters from which letters and digits are a code */

/* Names of the columns under construction. */
struct names {
    struct ph_arena *arena;
    const struct ph_grid *grid;
    const struct ph_fields *const *lists;
    const char **items;
    struct ph_error *err;
};

/* ---- what a cell says ---- */

static bool is_text(const struct ph_cell *cell)
{
    return cell->kind == PH_CELL_TEXT;
}

static bool known(const struct names *n, const char *name)
{
    for (size_t l = 0; n->lists[l]; l++)
        if (ph_name_count_known(n->lists[l], &name, 1)) return true;
    return false;
}

static bool is_unit(const char *text)
{
    struct ph_factor factor;
    return ph_unit_known(ph_str_of(text)) || ph_unit_of_word(ph_str_of(text), PH_PLAIN, &factor, NULL);
}

/* The plain form without brackets around all of it: (万元). */
static bool plain_unit(const char *text, char out[PH_NAME_BYTES])
{
    if (!ph_name_plain(text, out)) return false;
    size_t length = strlen(out);
    if (length > 2 && out[0] == '(' && out[length - 1] == ')') {
        out[length - 1] = '\0';
        memmove(out, out + 1, length - 1);
    }
    return is_unit(out);
}

/* ---- names over one or more rows ---- */

/* The cell that shows at this place: of a joined range its first. */
static const struct ph_cell *shown(const struct ph_grid *grid, size_t row, size_t column)
{
    const struct ph_cell *cell = ph_grid_cell(&grid->rows[row], column);
    size_t number = grid->rows[row].number;
    for (size_t m = 0; cell->text == NULL && m < grid->merge_count; m++) {
        const struct ph_merge *merge = &grid->merges[m];
        if (number < merge->first_row || number > merge->last_row || column < merge->first_column || column > merge->last_column) continue;
        for (size_t r = row + 1; r-- > 0 && grid->rows[r].number >= merge->first_row;)
            if (grid->rows[r].number == merge->first_row) return ph_grid_cell(&grid->rows[r], merge->first_column);
    }
    return cell;
}

/* The first and last rows that cells joined through this row reach; false when none of its cells is joined. */
static bool merged_rows(const struct ph_grid *grid, size_t row, size_t *from, size_t *to)
{
    size_t number = grid->rows[row].number;
    bool any = false;
    *from = *to = number;
    for (size_t m = 0; m < grid->merge_count; m++) {
        const struct ph_merge *merge = &grid->merges[m];
        if (number < merge->first_row || number > merge->last_row) continue;
        any = true;
        if (merge->first_row < *from) *from = merge->first_row;
        if (merge->last_row > *to) *to = merge->last_row;
    }
    return any;
}

/* A group's name above a column: where no cells are joined (a CSV) it stands above its first column only. */
static const char *group_name(const struct ph_grid *grid, size_t row, size_t column)
{
    const struct ph_cell *cell = shown(grid, row, column);
    const struct ph_grid_row *below = &grid->rows[row + 1];
    size_t from, to;
    if (cell->text || merged_rows(grid, row, &from, &to)) return cell->text;
    for (size_t c = column + 1; c-- > 0 && ph_grid_cell(below, c)->text;)
        if (ph_grid_cell(&grid->rows[row], c)->text) return ph_grid_cell(&grid->rows[row], c)->text;
    return NULL;
}

static const char *join(const struct names *n, const char *const *parts, size_t count, const char *unit)
{
    struct ph_text text;
    ph_text_init(&text, 4 * PH_NAME_BYTES);
    for (size_t i = 0; i < count; i++) ph_text_add(&text, parts[i]);
    if (*unit) ph_text_addf(&text, "(%s)", unit);
    const char *kept = ph_arena_text(n->arena, ph_text_get(&text), text.length);
    ph_text_dispose(&text);
    return kept;
}

static bool repeated(const struct names *n, const char *leaf, size_t row, size_t column)
{
    for (size_t c = 0; c < n->grid->columns; c++) {
        const struct ph_cell *other = c == column ? NULL : ph_grid_cell(&n->grid->rows[row], c);
        if (other && other->text && strcmp(other->text, leaf) == 0) return true;
    }
    return false;
}

/* The name of a column whose header has the parts of several rows: the longest that is known; else all of it where the lowest
 * part is a unit or stands twice; else the lowest part. */
static enum ph_status name_column(const struct names *n, size_t first, size_t levels, size_t column, const char **name)
{
    const char *parts[LEVELS];
    size_t count = 0, last = first + levels - 1;
    *name = NULL;
    for (size_t row = first; row <= last; row++) {
        const char *text = row < last ? group_name(n->grid, row, column) : shown(n->grid, row, column)->text;
        if (text && (count == 0 || strcmp(parts[count - 1], text) != 0)) parts[count++] = text;
    }
    if (count == 0) return PH_OK;
    const char *leaf = parts[count - 1];
    *name = leaf;
    if (count == 1) return PH_OK;
    char unit[PH_NAME_BYTES];
    bool measured = plain_unit(leaf, unit);
    if (measured) count--;
    for (size_t from = 0; from < count; from++) {
        const char *joined = join(n, parts + from, count - from, measured ? unit : "");
        if (joined == NULL) return ph_fail_memory(n->err);
        if (known(n, joined)) return *name = joined, PH_OK;
    }
    if (measured || repeated(n, leaf, last, column)) *name = join(n, parts, count, measured ? unit : "");
    return *name ? PH_OK : ph_fail_memory(n->err);
}

/* Whether these rows can be one header: figures stand in none of them. */
static bool can_be_header(const struct ph_grid *grid, size_t first, size_t levels)
{
    if (first + levels > grid->row_count) return false;
    for (size_t row = first; row < first + levels; row++)
        for (size_t c = 0; c < grid->rows[row].count; c++)
            if (grid->rows[row].cells[c].text && !is_text(&grid->rows[row].cells[c])) return false;
    return true;
}

static enum ph_status name_columns(const struct names *n, size_t first, size_t levels)
{
    for (size_t c = 0; c < n->grid->columns; c++) PH_TRY(name_column(n, first, levels, c, &n->items[c]));
    return PH_OK;
}

static size_t count_known(const struct names *n)
{
    size_t best = 0;
    for (size_t l = 0; n->lists[l]; l++) {
        size_t count = ph_name_count_known(n->lists[l], n->items, n->grid->columns);
        if (count > best) best = count;
    }
    return best;
}

/* Takes these rows for the header when their names are known better than the best so far. */
static enum ph_status try_rows(const struct names *n, size_t row, size_t depth, size_t *first, size_t *levels, size_t *best)
{
    PH_TRY(name_columns(n, row, depth));
    size_t count = count_known(n);
    if (count <= *best) return PH_OK;
    *best = count;
    *first = row;
    *levels = depth;
    return PH_OK;
}

/* Takes in the rows above and below that cells of the header are joined with. */
static void reach(const struct ph_grid *grid, size_t *first, size_t *levels)
{
    size_t from, to;
    while (*levels < LEVELS && *first > 0 && merged_rows(grid, *first, &from, &to) && from <= grid->rows[*first - 1].number &&
           can_be_header(grid, *first - 1, *levels + 1)) {
        --*first;
        ++*levels;
    }
    while (*levels < LEVELS && can_be_header(grid, *first, *levels + 1) && merged_rows(grid, *first + *levels - 1, &from, &to) &&
           to >= grid->rows[*first + *levels].number)
        ++*levels;
}

/* The rows whose names are known best; of two choices the one with fewer rows, then the upper. */
static enum ph_status choose_rows(const struct names *n, size_t *first, size_t *levels, size_t *best)
{
    *first = *best = 0;
    *levels = 1;
    for (size_t row = 0; row < n->grid->row_count && row < LOOK_ROWS && (*best < 2 || row < *first + LOOK_BEYOND); row++)
        PH_TRY(try_rows(n, row, 1, first, levels, best));
    size_t row = *first;
    for (size_t depth = 2; depth <= LEVELS; depth++)
        for (size_t above = depth; above-- > 0;)
            if (row >= above && can_be_header(n->grid, row - above, depth)) PH_TRY(try_rows(n, row - above, depth, first, levels, best));
    reach(n->grid, first, levels);
    return name_columns(n, *first, *levels);
}

/* ---- rows that are no data ---- */

static bool all_units(const struct ph_grid_row *row)
{
    char unit[PH_NAME_BYTES];
    size_t units = 0;
    for (size_t c = 0; c < row->count; c++) {
        if (row->cells[c].text == NULL || ph_says_nothing(ph_str_of(row->cells[c].text))) continue;
        if (!is_text(&row->cells[c])) return false;
        bool measured = plain_unit(row->cells[c].text, unit);
        if (!measured && strcmp(unit, "单位") != 0 && strcmp(unit, "计量单位") != 0) return false;
        units += measured;
    }
    return units > 0;
}

/* 甲 乙 丙 1 2 3: numbers of the columns, one after the other. */
static bool numbers_columns(const struct ph_grid_row *row)
{
    static const char *const stems[] = {"甲", "乙", "丙", "丁", "戊", "己"};
    double expected = 1, value;
    size_t stem = 0, count = 0;
    for (size_t c = 0; c < row->count; c++) {
        const char *text = row->cells[c].text;
        if (text == NULL) continue;
        count++;
        if (expected == 1 && stem < sizeof stems / sizeof *stems && strcmp(text, stems[stem]) == 0) {
            stem++;
            continue;
        }
        if (ph_number_parse(text, strlen(text), &value, NULL) != PH_PARSE_OK || value != expected) return false;
        expected++;
    }
    return count >= 3;
}

static bool ends(const char *text, const char *tail)
{
    size_t n = strlen(text), m = strlen(tail);
    return n >= m && strcmp(text + n - m, tail) == 0;
}

static bool holds_code(const struct ph_grid_row *row)
{
    for (size_t c = 0; c < row->count; c++) {
        const char *text = row->cells[c].text;
        size_t length = 0;
        if (text == NULL || row->cells[c].kind != PH_CELL_TEXT) continue;
        while ((text[length] >= '0' && text[length] <= '9') || (ph_upper(text[length]) >= 'A' && ph_upper(text[length]) <= 'Z')) length++;
        if (length >= LONG_CODE && text[length] == '\0') return true;
    }
    return false;
}

static enum ph_row_role role_by_words(const struct ph_grid_row *row)
{
    static const char *const sums[] = {"合计", "小计", "总计", "共计", "累计", "总和", "合计数"};
    static const char *const remarks[] = {"注:", "备注:", "说明:", "填表", "制表", "审核", "填报", "单位负责人", "统计负责人", "负责人:", "联系人", "报出日期"};
    char plain[PH_NAME_BYTES];
    size_t seen = 0;
    if (holds_code(row)) return PH_ROW_DATA;
    for (size_t c = 0; c < row->count && seen < 3; c++) {
        if (row->cells[c].text == NULL) continue;
        seen++;
        bool fits = ph_name_plain(row->cells[c].text, plain);
        for (size_t i = 0; fits && i < sizeof sums / sizeof *sums; i++) {
            bool whole = strcmp(plain, sums[i]) == 0, head = strncmp(plain, sums[i], strlen(sums[i])) == 0 && strchr(":(", plain[strlen(sums[i])]);
            if (is_text(&row->cells[c]) && (whole || head || (seen < 3 && ends(plain, sums[i])))) return PH_ROW_SUM;
        }
        struct ph_str start = ph_str_of(row->cells[c].text);
        char half[PH_NAME_BYTES];
        if (start.length >= sizeof half) start.length = sizeof half - 1;
        if (seen > 1 || !ph_str_half_width(start, half, sizeof half)) continue;
        for (size_t i = 0; i < sizeof remarks / sizeof *remarks; i++)
            if (strncmp(half, remarks[i], strlen(remarks[i])) == 0 && strchr(half, ':')) return PH_ROW_REMARK;
    }
    return PH_ROW_DATA;
}

/* The lowest row of the header once more, as it stands at the top of every printed page. */
static bool repeats_header(const struct ph_grid *grid, size_t header, size_t row)
{
    size_t same = 0;
    for (size_t c = 0; c < grid->rows[row].count; c++) {
        const char *text = grid->rows[row].cells[c].text, *above = ph_grid_cell(&grid->rows[header], c)->text;
        if (text == NULL) continue;
        if (above == NULL || strcmp(text, above) != 0) return false;
        same++;
    }
    return same > 1;
}

static void give_roles(struct ph_heading *h, const struct ph_grid *grid, size_t first, size_t levels)
{
    size_t header = first + levels - 1, row = first + levels;
    for (size_t r = 0; r < row; r++) h->roles[r] = r < first ? PH_ROW_TITLE : PH_ROW_HEADER;
    for (; row < grid->row_count && (all_units(&grid->rows[row]) || numbers_columns(&grid->rows[row])); row++)
        h->roles[row] = all_units(&grid->rows[row]) ? PH_ROW_UNITS : PH_ROW_NUMBERING;
    for (; row < grid->row_count; row++)
        h->roles[row] = (unsigned char)(repeats_header(grid, header, row) ? PH_ROW_REPEATED : role_by_words(&grid->rows[row]));
}

/* ---- units ---- */

/* Adds the units behind `单位:` in a cell above the header: 单位:万元、亩. */
static void take_units(const char *text, struct ph_text *units)
{
    char half[4 * PH_NAME_BYTES], unit[PH_NAME_BYTES];
    if (!ph_str_half_width(ph_str_of(text), half, sizeof half)) return;
    for (const char *at = strstr(half, "单位:"); at; at = strstr(at, "单位:")) {
        at += strlen("单位:");
        for (bool more = true; more;) {
            while (*at == ' ' || *at == ',' || *at == ';') at++;
            const char *comma = strstr(at, "、");
            size_t length = strcspn(at, " ,;)");
            if (comma && (size_t)(comma - at) < length) length = (size_t)(comma - at);
            more = length > 0 && length < sizeof unit;
            if (!more) break;
            memcpy(unit, at, length);
            unit[length] = '\0';
            more = is_unit(unit);
            if (!more) break;
            ph_text_addf(units, "%s%s", units->length ? "、" : "", unit);
            at += length + (strncmp(at + length, "、", strlen("、")) == 0 ? strlen("、") : 0);
        }
    }
}

static enum ph_status find_units(struct ph_heading *h, const struct ph_grid *grid, struct ph_error *err)
{
    struct ph_text units;
    char unit[PH_NAME_BYTES];
    ph_text_init(&units, PH_NAME_BYTES);
    for (size_t row = 0; row < grid->row_count && h->roles[row] == PH_ROW_TITLE; row++)
        for (size_t c = 0; c < grid->rows[row].count; c++)
            if (grid->rows[row].cells[c].text) take_units(grid->rows[row].cells[c].text, &units);
    h->table_units = units.length ? ph_arena_text(&h->arena, ph_text_get(&units), units.length) : NULL;
    bool failed = units.failed || (units.length && h->table_units == NULL);
    ph_text_dispose(&units);
    for (size_t row = 0; !failed && row < grid->row_count && h->roles[row] != PH_ROW_DATA; row++)
        for (size_t c = 0; h->roles[row] == PH_ROW_UNITS && c < grid->rows[row].count; c++) {
            const char *text = grid->rows[row].cells[c].text;
            if (text == NULL || !plain_unit(text, unit)) continue;
            h->units[c] = ph_arena_text(&h->arena, unit, strlen(unit));
            failed |= h->units[c] == NULL;
        }
    return failed ? ph_fail_memory(err) : PH_OK;
}

enum ph_status ph_heading_find(const struct ph_grid *grid, const struct ph_fields *const *lists, struct ph_heading *out, struct ph_error *err)
{
    size_t first, levels;
    *out = (struct ph_heading){.columns = grid->columns};
    out->names = calloc(grid->columns + 1, sizeof *out->names);
    out->units = calloc(grid->columns + 1, sizeof *out->units);
    out->roles = calloc(grid->row_count + 1, sizeof *out->roles);
    if (out->names == NULL || out->units == NULL || out->roles == NULL) return ph_fail_memory(err);
    if (grid->row_count == 0) return PH_OK;
    struct names names = {.arena = &out->arena, .grid = grid, .lists = lists, .items = out->names, .err = err};
    PH_TRY(choose_rows(&names, &first, &levels, &out->known));
    give_roles(out, grid, first, levels);
    return find_units(out, grid, err);
}

void ph_heading_dispose(struct ph_heading *heading)
{
    ph_arena_dispose(&heading->arena);
    free(heading->names);
    free(heading->units);
    free(heading->roles);
    memset(heading, 0, sizeof *heading);
}
