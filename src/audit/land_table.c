#include "audit/land_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/land_words.h"
#include "base/number.h"
#include "base/prefetch.h"
#include "model/codelist.h"

#define WORDS_CAP ((size_t)1 << 20)
#define BLOCK_ROWS ((size_t)64)
#define AHEAD ((size_t)16) /* rows */

/* ---- table enterprise_parcels ---- */

enum { COLUMNS = 7 };

enum ph_status ph_land_table_columns(struct ph_columns *c, struct ph_error *err)
{
    static const struct {
        const char *name, *title;
        enum ph_type type;
        const char *codelist, *references;
    } columns[COLUMNS] = {{"enterprise_fid", "企业序号", PH_INT, NULL, "enterprises(fid)"},
                          {"enterprise_code", "统一社会信用代码", PH_TEXT, NULL, NULL},
                          {"parcel_fid", "宗地序号", PH_INT, NULL, "parcels(fid)"},
                          {"parcel_id", "宗地代码", PH_TEXT, NULL, NULL},
                          {"relation", "关系", PH_TEXT, "relation", NULL},
                          {"area_m2", "面积(㎡,租出为负)", PH_REAL, NULL, NULL},
                          {"arithmetic", "算式", PH_TEXT, NULL, NULL}};
    for (size_t i = 0; i < COLUMNS; i++) {
        PH_TRY(ph_columns_make(c, columns[i].name, columns[i].title, columns[i].type, columns[i].codelist, NULL, err));
        c->items[i].references = columns[i].references;
    }
    return PH_OK;
}

static double m2_of(const struct ph_stake *stake)
{
    if (stake->area_dm2 == INT64_MIN) return NAN;
    return stake->relation == PH_RENTED_OUT && stake->area_dm2 > 0 ? -(double)stake->area_dm2 / 100 : (double)stake->area_dm2 / 100;
}

/* What a stake's row says of its enterprise. */
struct holder {
    size_t row;
    struct ph_str code;
};

/* Enterprises lie anywhere in memory: looked up for some rows at once, they are waited for together. */
static void look_up_holders(const struct ph_stake *stakes, size_t count, const struct ph_enterprises *e, struct holder *out)
{
    for (size_t i = 0; i < count; i++) {
        const struct ph_holding *holding = &e->holdings[stakes[i].holding];
        out[i] = (struct holder){holding->row, {holding->code, 0}};
    }
    for (size_t i = 0; i < count; i++) out[i].code = ph_str_of(out[i].code.at);
}

enum ph_status ph_land_table_add(const struct ph_land *land, const struct ph_parcels *parcels, const struct ph_links *links,
                                 const struct ph_enterprises *enterprises, size_t from, size_t to, struct ph_records *out, struct ph_error *err)
{
    const struct ph_codelist *relations = ph_codelist_find("relation");
    struct ph_row row;
    struct ph_text words;
    ph_text_init(&words, WORDS_CAP);
    enum ph_status status = ph_row_open(&row, COLUMNS, err);
    struct holder holders[BLOCK_ROWS];
    for (size_t i = from; status == PH_OK && i < to; i++) {
        const struct ph_stake *stake = &land->stakes[i];
        size_t at = (i - from) % BLOCK_ROWS, left = to - i;
        if (at == 0) look_up_holders(stake, left < BLOCK_ROWS ? left : BLOCK_ROWS, enterprises, holders);
        ph_row_int(&row, holders[at].row == SIZE_MAX ? PH_INT_UNKNOWN : (int64_t)holders[at].row + 1);
        ph_row_str(&row, holders[at].code);
        ph_row_int(&row, (int64_t)stake->parcel + 1);
        ph_row_text(&row, ph_parcel_text(parcels, PH_PARCEL_ID, stake->parcel));
        ph_row_text(&row, relations->codes[stake->relation].value);
        ph_row_real(&row, m2_of(stake));
        ph_text_clear(&words);
        ph_land_words(land, parcels, links, stake, &words);
        ph_row_str(&row, (struct ph_str){ph_text_get(&words), words.length});
        status = words.failed ? ph_fail_memory(err) : ph_row_add(&row, out, err);
    }
    ph_row_close(&row);
    ph_text_dispose(&words);
    return status;
}

/* ---- layer enterprise_land ---- */

/* The next parcel, from the stake *from on, in which an enterprise of the table has land, with its row there; false: no more. */
static bool next_parcel(const struct ph_land *land, const struct ph_enterprises *e, size_t *from, size_t *row, size_t *parcel)
{
    while (*from < land->count) {
        const struct ph_stake *first = &land->stakes[*from];
        if (*from + AHEAD < land->count) ph_prefetch(&e->holdings[first[AHEAD].holding].row);
        bool unknown = false;
        int64_t dm2 = 0;
        for (; *from < land->count && land->stakes[*from].parcel == first->parcel && land->stakes[*from].holding == first->holding; ++*from) {
            const struct ph_stake *stake = &land->stakes[*from];
            unknown |= stake->area_dm2 == INT64_MIN;
            if (!unknown) dm2 += stake->relation == PH_RENTED_OUT ? -stake->area_dm2 : stake->area_dm2;
        }
        *row = e->holdings[first->holding].row;
        *parcel = first->parcel;
        if (*row != SIZE_MAX && (unknown || dm2 != 0)) return true;
    }
    return false;
}

/* An enterprise's row and a parcel in which it has land. */
struct tie {
    size_t row, parcel;
};

static size_t list_ties(const struct ph_land *land, const struct ph_enterprises *e, struct tie *ties)
{
    size_t count = 0;
    for (size_t from = 0; next_parcel(land, e, &from, &ties[count].row, &ties[count].parcel);) count++;
    return count;
}

/* The ties in the order of the rows. at: zeroes, one per row and one more; becomes where the parcels of each row end. */
static void sort_ties(const struct tie *ties, size_t count, size_t rows, size_t *at, size_t *parcels)
{
    for (size_t i = 0; i < count; i++) at[ties[i].row + 1]++;
    for (size_t row = 0; row < rows; row++) at[row + 1] += at[row];
    for (size_t i = 0; i < count; i++) parcels[at[ties[i].row]++] = ties[i].parcel;
}

static void make_bundles(const struct ph_parcels *p, size_t rows, const size_t *end, struct ph_land_layer *out)
{
    struct ph_bundles *b = &out->bundles;
    for (size_t row = 0, i = 0; row < rows; row++) {
        if (i == end[row]) continue;
        struct ph_box *box = &b->boxes[b->count];
        *box = (struct ph_box)PH_BOX_EMPTY;
        for (; i < end[row]; i++) {
            if (i + AHEAD < end[rows - 1]) ph_prefetch(&p->t.layer.shapes.boxes[b->members[i + AHEAD]]);
            ph_box_add(box, &p->t.layer.shapes.boxes[b->members[i]]);
        }
        out->rows[b->count] = row;
        b->end[b->count++] = i;
    }
}

enum ph_status ph_land_layer_make(const struct ph_land *land, const struct ph_parcels *p, const struct ph_enterprises *e,
                                  struct ph_land_layer *out, struct ph_error *err)
{
    size_t rows = e->t.layer.table.rows, *at = calloc(rows + 1, sizeof *at);
    struct tie *ties = malloc((land->count + 1) * sizeof *ties);
    size_t count = ties ? list_ties(land, e, ties) : 0;
    struct ph_bundles *b = &out->bundles;
    b->members = malloc((count + 1) * sizeof *b->members);
    b->end = malloc((rows + 1) * sizeof *b->end);
    b->boxes = malloc((rows + 1) * sizeof *b->boxes);
    out->rows = malloc((rows + 1) * sizeof *out->rows);
    bool good = at && ties && b->members && b->end && b->boxes && out->rows;
    if (good) {
        sort_ties(ties, count, rows, at, b->members);
        make_bundles(p, rows, at, out);
    }
    free(at);
    free(ties);
    return good ? PH_OK : ph_fail_memory(err);
}

enum ph_status ph_land_layer_columns(const struct ph_land_layer *layer, const struct ph_enterprises *e, size_t from, size_t to,
                                     struct ph_columns *c, struct ph_error *err)
{
    enum { FID, CODE, NAME, M2, MU, COUNT };
    static const struct {
        const char *name, *title;
        enum ph_type type;
    } columns[COUNT] = {{"enterprise_fid", "企业序号", PH_INT},
                        {"code", "统一社会信用代码", PH_TEXT},
                        {"name", "企业名称", PH_TEXT},
                        {"area_m2", "用地面积(㎡)", PH_REAL},
                        {"area_mu", "用地面积(亩)", PH_REAL}};
    const struct ph_column *names = ph_field_column(&e->t, PH_ENT_NAME);
    c->first = from;
    PH_TRY(ph_table_add_rows(&c->made, to - from, err));
    for (size_t i = 0; i < COUNT; i++) PH_TRY(ph_columns_make(c, columns[i].name, columns[i].title, columns[i].type, NULL, NULL, err));
    c->items[FID].references = "enterprises(fid)";
    struct ph_column *out = c->made.columns;
    for (size_t i = 0; i < to - from; i++) {
        size_t row = layer->rows[from + i];
        const struct ph_holding *holding = &e->holdings[e->holding_of_row[row]];
        int64_t dm2 = ph_holding_dm2(holding);
        out[FID].integer[i] = (int64_t)row + 1;
        out[CODE].text[i] = holding->code;
        out[NAME].text[i] = names ? names->text[row] : NULL;
        out[M2].real[i] = dm2 == INT64_MIN ? NAN : (double)dm2 / 100;
        out[MU].real[i] = ph_mu_from_dm2(dm2);
    }
    return PH_OK;
}

void ph_land_layer_dispose(struct ph_land_layer *layer)
{
    ph_bundles_dispose(&layer->bundles);
    free(layer->rows);
    layer->rows = NULL;
}
