#include "audit/land_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/land_words.h"
#include "base/number.h"
#include "model/codelist.h"

#define CHUNK ((size_t)4096)
#define WORDS_CAP ((size_t)1 << 20)

/* ---- table enterprise_parcels ---- */

enum { ENTERPRISE_FID, ENTERPRISE_CODE, PARCEL_FID, PARCEL_ID, RELATION, AREA, ARITHMETIC, COLUMNS };

struct writer {
    const struct ph_land *land;
    const struct ph_parcels *parcels;
    const struct ph_links *links;
    const struct ph_enterprises *enterprises;
    struct ph_columns columns; /* of one chunk */
    struct ph_arena texts;     /* of one chunk */
    struct ph_text words;
    const struct ph_codelist *relations;
};

static enum ph_status make_columns(struct writer *w, struct ph_error *err)
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
    PH_TRY(ph_table_add_rows(&w->columns.made, w->land->count < CHUNK ? w->land->count : CHUNK, err));
    for (size_t i = 0; i < COLUMNS; i++) {
        PH_TRY(ph_columns_make(&w->columns, columns[i].name, columns[i].title, columns[i].type, columns[i].codelist, NULL, err));
        w->columns.items[i].references = columns[i].references;
    }
    ph_columns_settle(&w->columns);
    return PH_OK;
}

static enum ph_status fill_row(struct writer *w, const struct ph_stake *stake, size_t row, struct ph_error *err)
{
    struct ph_column *columns = w->columns.made.columns;
    const struct ph_holding *holding = &w->enterprises->holdings[stake->holding];
    columns[ENTERPRISE_FID].integer[row] = holding->row == SIZE_MAX ? PH_INT_UNKNOWN : (int64_t)holding->row + 1;
    columns[ENTERPRISE_CODE].text[row] = holding->code;
    columns[PARCEL_FID].integer[row] = (int64_t)stake->parcel + 1;
    columns[PARCEL_ID].text[row] = ph_parcel_text(w->parcels, PH_PARCEL_ID, stake->parcel);
    columns[RELATION].text[row] = w->relations->codes[stake->relation].value;
    columns[AREA].real[row] = stake->area_dm2 == INT64_MIN                                ? NAN
                              : stake->relation == PH_RENTED_OUT && stake->area_dm2 > 0 ? -(double)stake->area_dm2 / 100
                                                                                          : (double)stake->area_dm2 / 100;
    ph_text_clear(&w->words);
    ph_land_words(w->land, w->parcels, w->links, stake, &w->words);
    columns[ARITHMETIC].text[row] = w->words.failed ? NULL : ph_arena_text(&w->texts, ph_text_get(&w->words), w->words.length);
    return columns[ARITHMETIC].text[row] ? PH_OK : ph_fail_memory(err);
}

static enum ph_status write_chunks(struct writer *w, struct ph_gpkg_rows *rows, struct ph_error *err)
{
    for (size_t from = 0; from < w->land->count; from += CHUNK) {
        size_t count = w->land->count - from < CHUNK ? w->land->count - from : CHUNK;
        for (size_t i = 0; i < count; i++) PH_TRY(fill_row(w, &w->land->stakes[from + i], i, err));
        PH_TRY(ph_gpkg_write_rows(rows, w->columns.items, 0, count, err));
        ph_arena_dispose(&w->texts);
    }
    return PH_OK;
}

enum ph_status ph_land_table_write(const struct ph_land *land, const struct ph_parcels *parcels, const struct ph_links *links,
                                   const struct ph_enterprises *enterprises, struct ph_gpkg *gpkg, struct ph_error *err)
{
    struct writer w = {.land = land, .parcels = parcels, .links = links, .enterprises = enterprises,
                       .relations = ph_codelist_find("relation")};
    struct ph_gpkg_rows *rows = NULL;
    ph_text_init(&w.words, WORDS_CAP);
    enum ph_status status = make_columns(&w, err);
    struct ph_gpkg_layer layer = {.name = "enterprise_parcels", .title = "企业用地明细", .columns = w.columns.items, .column_count = w.columns.count};
    if (status == PH_OK) status = ph_gpkg_begin_layer(gpkg, &layer, &rows, err);
    if (status == PH_OK) {
        status = write_chunks(&w, rows, err);
        enum ph_status ended = ph_gpkg_end_layer(rows, status != PH_OK, err);
        if (status == PH_OK) status = ended;
    }
    ph_text_dispose(&w.words);
    ph_arena_dispose(&w.texts);
    ph_columns_dispose(&w.columns);
    return status;
}

/* ---- layer enterprise_land ---- */

bool ph_land_next(const struct ph_land *land, const struct ph_enterprises *e, size_t *from, size_t *row, size_t *parcel)
{
    while (*from < land->count) {
        const struct ph_stake *first = &land->stakes[*from];
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

/* Counts per row of the enterprise table the parcels in which it has land; with `parcels`, puts each where at[row] says. */
static void visit(const struct ph_land *land, const struct ph_enterprises *e, size_t *at, size_t *parcels)
{
    for (size_t from = 0, row, parcel; ph_land_next(land, e, &from, &row, &parcel);) {
        if (parcels) parcels[at[row]] = parcel;
        at[row]++;
    }
}

static enum ph_status make_layer_columns(const struct ph_enterprises *e, const size_t *parcels, struct ph_columns *c, struct ph_error *err)
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
    for (size_t i = 0; i < COUNT; i++) PH_TRY(ph_columns_make(c, columns[i].name, columns[i].title, columns[i].type, NULL, NULL, err));
    c->items[FID].references = "enterprises(fid)";
    struct ph_column *out = c->made.columns;
    for (size_t row = 0, at = 0; row < e->t.layer.table.rows; row++) {
        if (parcels[row] == 0) continue;
        const struct ph_holding *holding = &e->holdings[e->holding_of_row[row]];
        int64_t dm2 = ph_holding_dm2(holding);
        out[FID].integer[at] = (int64_t)row + 1;
        out[CODE].text[at] = holding->code;
        out[NAME].text[at] = names ? names->text[row] : NULL;
        out[M2].real[at] = dm2 == INT64_MIN ? NAN : (double)dm2 / 100;
        out[MU].real[at++] = ph_mu_from_dm2(dm2);
    }
    return PH_OK;
}

static enum ph_status make_bundles(const struct ph_land *land, const struct ph_parcels *p, const struct ph_enterprises *e, size_t *at,
                                   struct ph_bundles *b, struct ph_error *err)
{
    size_t rows = e->t.layer.table.rows, count = 0;
    for (size_t row = 0; row < rows; row++) { /* from how many to where they begin */
        size_t own = at[row];
        at[row] = count;
        count += own;
    }
    b->members = malloc((count + 1) * sizeof *b->members);
    b->end = malloc((rows + 1) * sizeof *b->end);
    b->boxes = malloc((rows + 1) * sizeof *b->boxes);
    if (b->members == NULL || b->end == NULL || b->boxes == NULL) return ph_fail_memory(err);
    visit(land, e, at, b->members);
    for (size_t row = 0, i = 0; row < rows; row++) {
        if (i == at[row]) continue;
        struct ph_box *box = &b->boxes[b->count];
        *box = (struct ph_box)PH_BOX_EMPTY;
        for (; i < at[row]; i++) ph_box_add(box, &p->t.layer.shapes.boxes[b->members[i]]);
        b->end[b->count++] = i;
    }
    return PH_OK;
}

enum ph_status ph_land_layer_make(const struct ph_land *land, const struct ph_parcels *p, const struct ph_enterprises *e, struct ph_columns *columns,
                                  struct ph_bundles *bundles, struct ph_error *err)
{
    size_t rows = e->t.layer.table.rows, count = 0;
    size_t *at = calloc(rows + 1, sizeof *at);
    if (at == NULL) return ph_fail_memory(err);
    visit(land, e, at, NULL);
    for (size_t row = 0; row < rows; row++) count += at[row] > 0;
    enum ph_status status = ph_table_add_rows(&columns->made, count, err);
    if (status == PH_OK) status = make_layer_columns(e, at, columns, err);
    if (status == PH_OK) status = make_bundles(land, p, e, at, bundles, err);
    free(at);
    return status;
}
