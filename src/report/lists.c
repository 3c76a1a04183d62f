#include "report/lists.h"

#include <math.h>

#include "base/number.h"
#include "base/text.h"
#include "model/codelist.h"
#include "report/list_columns.h"

#define WORDS_CAP ((size_t)1 << 12)

/* Adding up as the rows come. */
struct sums {
    int64_t area_dm2;
    double numbers[PH_LIST_COLUMNS];
};

static void write_codes(struct ph_sheet *sheet, size_t column, const struct ph_list_column *c, const char *codes)
{
    struct ph_text words;
    ph_text_init(&words, WORDS_CAP);
    bool known = codes && ph_codelist_words(ph_codelist_find(c->codes), codes, &words) && !words.failed;
    ph_cell_text(sheet, column, c->kind, known ? ph_text_get(&words) : codes);
    ph_text_dispose(&words);
}

static void write_cell(struct ph_sheet *sheet, size_t column, const struct ph_list_column *c, const struct ph_query *query, size_t number,
                       struct sums *sums)
{
    if (c->source == NULL) {
        ph_cell_number(sheet, column, c->kind, (double)number);
    } else if (c->codes) {
        write_codes(sheet, column, c, ph_query_text(query, (int)column));
    } else if (c->kind == PH_KIND_DATE) {
        ph_cell_date(sheet, column, ph_query_text(query, (int)column));
    } else if (c->kind <= PH_KIND_LONG || ph_query_cell(query, (int)column) == PH_STORED_TEXT) { /* words where a number should be stay words */
        ph_cell_text(sheet, column, c->kind, ph_query_text(query, (int)column));
    } else {
        double value = ph_query_real(query, (int)column);
        ph_cell_number(sheet, column, c->kind, value);
        if (c->adding == PH_ADD_AREA && !isnan(value)) sums->area_dm2 += ph_dm2_from_m2(value);
        if (c->adding == PH_ADD_NUMBERS && !isnan(value)) sums->numbers[column] += value;
    }
}

static void write_total(struct ph_sheet *sheet, const struct ph_list_layout *layout, const struct sums *sums, const struct ph_listed *listed)
{
    ph_sheet_total(sheet);
    for (size_t i = 0; i < layout->count; i++) {
        const struct ph_list_column *c = &layout->columns[i];
        char letter = ph_column_letter(i);
        if (i == 0)
            ph_cell_text(sheet, i, PH_KIND_TEXT, "合计");
        else if (c->adding == PH_ADD_MU)
            ph_cell_formula(sheet, i, c->kind, ph_mu_from_dm2(sums->area_dm2), "=%c%u*3/2000", listed->area_column, ph_sheet_row(sheet));
        else if (c->adding != PH_ADD_NOTHING)
            ph_cell_formula(sheet, i, c->kind, c->adding == PH_ADD_AREA ? (double)sums->area_dm2 / 100 : sums->numbers[i], "=SUM(%c%u:%c%u)",
                            letter, listed->first, letter, listed->last);
        else
            ph_cell_text(sheet, i, PH_KIND_TEXT, NULL);
    }
}

static enum ph_status write_rows(struct ph_query *query, const struct ph_list_layout *layout, struct ph_sheet *sheet, struct sums *sums,
                                 struct ph_listed *listed, struct ph_error *err)
{
    bool row;
    PH_TRY(ph_query_next(query, &row, err));
    for (; row; ph_sheet_next(sheet)) {
        if (ph_sheet_full(sheet))
            return ph_fail(err, PH_E_OUTPUT, "“%s”超过一张工作表的行数上限 1048576", "'%s' has more rows than a worksheet holds, 1048576", layout->name);
        listed->rows++;
        for (size_t i = 0; i < layout->count; i++) write_cell(sheet, i, &layout->columns[i], query, listed->rows, sums);
        PH_TRY(ph_query_next(query, &row, err));
    }
    return PH_OK;
}

static struct ph_sheet *start(struct ph_book *book, const struct ph_list_layout *layout, const char *heading, struct ph_listed *listed)
{
    double widths[PH_LIST_COLUMNS];
    const char *titles[PH_LIST_COLUMNS];
    for (size_t i = 0; i < layout->count; i++) {
        widths[i] = layout->columns[i].width;
        titles[i] = layout->columns[i].title;
        if (layout->columns[i].adding == PH_ADD_AREA) listed->area_column = ph_column_letter(i);
        if (layout->columns[i].source == NULL) listed->count_column = ph_column_letter(i);
    }
    struct ph_sheet *sheet = ph_book_add(book, layout->name, widths, layout->count);
    ph_sheet_banner(sheet, PH_BANNER_TITLE, layout->name);
    ph_sheet_banner(sheet, PH_BANNER_NOTE, heading);
    ph_sheet_head(sheet, titles, true);
    return sheet;
}

enum ph_status ph_list_write(struct ph_gpkg_reader *audit, enum ph_list list, const char *heading, struct ph_book *book,
                             struct ph_listed *listed, struct ph_error *err)
{
    const struct ph_list_layout *layout = &ph_list_layouts[list];
    *listed = (struct ph_listed){0};
    if (!ph_gpkg_has(audit, layout->needs[0], layout->needs[1])) return PH_OK;
    const char *sources[PH_LIST_COLUMNS];
    for (size_t i = 0; i < layout->count; i++) {
        const char *source = layout->columns[i].source;
        sources[i] = source && *source ? source : "(NULL)";
    }
    struct ph_query *query = NULL;
    PH_TRY(ph_query_columns(audit, layout->table, sources, layout->count, layout->rest, &query, err));
    struct ph_sheet *sheet = start(book, layout, heading, listed);
    struct sums sums = {0};
    listed->name = layout->name;
    listed->first = ph_sheet_row(sheet);
    enum ph_status status = write_rows(query, layout, sheet, &sums, listed, err);
    ph_query_close(query);
    PH_TRY(status);
    if (listed->rows == 0) ph_sheet_banner(sheet, PH_BANNER_SECTION, "（无）");
    listed->last = ph_sheet_row(sheet) - 1;
    listed->area_dm2 = sums.area_dm2;
    if (listed->rows > 0) ph_sheet_filter(sheet, listed->first - 1, listed->last);
    if (listed->area_column) write_total(sheet, layout, &sums, listed);
    return PH_OK;
}

const char *ph_list_tag(enum ph_list list) { return ph_list_layouts[list].tag; }
