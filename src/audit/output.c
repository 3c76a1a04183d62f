#include "audit/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/census.h"
#include "audit/check_table.h"
#include "audit/columns.h"
#include "audit/enterprise_table.h"
#include "audit/evaluation_table.h"
#include "audit/line.h"
#include "audit/look.h"
#include "audit/parcel_table.h"
#include "audit/project.h"
#include "audit/record.h"
#include "audit/tagger.h"
#include "base/date.h"
#include "base/progress.h"
#include "io/gpkg.h"
#include "io/target.h"

#define NO_STAMP 0 /* 1970-01-01: the file of a check without a date */
#define STEP_ROWS ((size_t)4096)
#define TAG_ROWS ((size_t)2048) /* parcels of a piece */

/* A layer whose rows come in pieces. */
struct open_layer {
    struct ph_columns columns; /* without values */
    struct ph_gpkg_layer layer;
    struct ph_gpkg_rows *rows;
};

enum { ENTERPRISES, SCORE_TERMS, ENTERPRISE_LAND, ENTERPRISE_PARCELS, TABLES, PARCELS = TABLES, KINDS };

/* What the threads make at a time: a slice of a table, or parcels with their findings. */
struct piece {
    size_t table, index; /* index: among those of the table; table: PARCELS as well */
};

struct ph_output {
    const struct ph_findings_of_run *run;
    struct ph_gpkg *gpkg;
    struct open_layer parcels, findings, tables[TABLES];
    struct ph_line *line;
    struct piece *pieces; /* of the line */
    size_t piece_count;
    size_t early; /* how many of them are put before the totals are made */
};

/* ---- tables in slices: a number of the rows that they are made from, at a time ---- */

static size_t count_enterprises(const struct ph_findings_of_run *run)
{
    return run->enterprises->t.layer.table.rows;
}

static size_t count_land(const struct ph_findings_of_run *run)
{
    return run->land_layer->bundles.count;
}

static size_t count_stakes(const struct ph_findings_of_run *run)
{
    return run->land->count;
}

static enum ph_status make_enterprises(const struct ph_findings_of_run *run, size_t from, size_t to, struct ph_columns *c, struct ph_error *err)
{
    return ph_enterprise_table_make(run->enterprises, run->evaluation, from, to, c, err);
}

static enum ph_status make_land(const struct ph_findings_of_run *run, size_t from, size_t to, struct ph_columns *c, struct ph_error *err)
{
    PH_TRY(ph_land_layer_columns(run->land_layer, run->enterprises, from, to, c, err));
    return ph_evaluation_add_class_columns(run->evaluation, run->land_layer->rows + from, c, err);
}

static enum ph_status add_terms(const struct ph_findings_of_run *run, size_t from, size_t to, struct ph_records *out, struct ph_error *err)
{
    return ph_evaluation_add_terms(run->evaluation, from, to, out, err);
}

static enum ph_status add_stakes(const struct ph_findings_of_run *run, size_t from, size_t to, struct ph_records *out, struct ph_error *err)
{
    return ph_land_table_add(run->land, run->parcels, run->links, run->enterprises, from, to, out, err);
}

/* A slice is made as columns (none: the table's columns without values), or its rows are added one by one. */
static const struct {
    const char *name, *title;
    size_t step;
    size_t (*count)(const struct ph_findings_of_run *);
    enum ph_status (*make)(const struct ph_findings_of_run *, size_t from, size_t to, struct ph_columns *, struct ph_error *);
    enum ph_status (*columns)(struct ph_columns *, struct ph_error *);
    enum ph_status (*add)(const struct ph_findings_of_run *, size_t from, size_t to, struct ph_records *, struct ph_error *);
} plans[TABLES] = {
    [ENTERPRISES] = {"enterprises", "企业", 2048, count_enterprises, .make = make_enterprises},
    [SCORE_TERMS] = {"score_terms", "评分明细", 2048, count_enterprises, .columns = ph_evaluation_term_columns, .add = add_terms},
    [ENTERPRISE_LAND] = {"enterprise_land", "企业用地", 1024, count_land, .make = make_land},
    [ENTERPRISE_PARCELS] = {"enterprise_parcels", "企业用地明细", 4096, count_stakes, .columns = ph_land_table_columns, .add = add_stakes}};

static bool is_wanted(const struct ph_findings_of_run *run, size_t table)
{
    if (table == ENTERPRISES) return true;
    /* Where each enterprise simply has its own parcels, the parcels say it. */
    return run->evaluation->scheme || (table == ENTERPRISE_PARCELS && run->links->source);
}

static size_t slices_of(const struct ph_output *o, size_t table)
{
    return o->tables[table].rows ? (plans[table].count(o->run) + plans[table].step - 1) / plans[table].step : 0;
}

static enum ph_status make_slice(const struct ph_output *o, size_t table, size_t index, struct ph_records *out, struct ph_error *err)
{
    size_t all = plans[table].count(o->run), from = index * plans[table].step, to = from + plans[table].step < all ? from + plans[table].step : all;
    if (plans[table].add) return plans[table].add(o->run, from, to, out, err);
    struct ph_columns c = {0};
    enum ph_status status = plans[table].make(o->run, from, to, &c, err);
    ph_columns_settle(&c);
    if (status == PH_OK) status = ph_gpkg_make_rows(o->tables[table].rows, c.items, from, to, from, out, err);
    ph_columns_dispose(&c);
    return status;
}

static enum ph_status begin(struct ph_output *o, struct open_layer *l, const char *name, const char *title, struct ph_error *err)
{
    ph_columns_settle(&l->columns);
    l->layer.name = name;
    l->layer.title = title;
    l->layer.columns = l->columns.items;
    l->layer.column_count = l->columns.count;
    return ph_gpkg_begin_layer(o->gpkg, &l->layer, &l->rows, err);
}

/* Everything that comes in pieces, in the order in which it stands in the file. */
static enum ph_status begin_layers(struct ph_output *o, struct ph_error *err)
{
    static const size_t order[TABLES] = {ENTERPRISES, ENTERPRISE_PARCELS, SCORE_TERMS, ENTERPRISE_LAND};
    const struct ph_findings_of_run *run = o->run;
    const struct ph_shapes *shapes = &run->parcels->t.layer.shapes;
    PH_TRY(ph_parcel_table_make(run->parcels, &run->tagging->tags, run->evaluation, 0, 0, &o->parcels.columns, err));
    o->parcels.layer.shapes = shapes;
    PH_TRY(begin(o, &o->parcels, "parcels", "宗地", err));
    PH_TRY(ph_finding_table_make(&run->tagging->findings, &o->findings.columns, err));
    PH_TRY(begin(o, &o->findings, "findings", "规则结论", err));
    for (size_t i = 0; i < TABLES; i++) {
        struct open_layer *table = &o->tables[order[i]];
        if (!is_wanted(run, order[i])) continue;
        PH_TRY(plans[order[i]].make ? plans[order[i]].make(run, 0, 0, &table->columns, err) : plans[order[i]].columns(&table->columns, err));
        if (order[i] == ENTERPRISE_LAND) table->layer.shapes = shapes, table->layer.bundles = &run->land_layer->bundles;
        PH_TRY(begin(o, table, plans[order[i]].name, plans[order[i]].title, err));
    }
    return PH_OK;
}

/* ---- pieces: slices of the tables, then parcels with their findings ---- */

static enum ph_status make_parcels(const struct ph_output *o, struct ph_tagger *tagger, size_t index, struct ph_piece *piece, struct ph_error *err)
{
    const struct ph_findings_of_run *run = o->run;
    size_t all = ph_parcel_count(run->parcels), from = index * TAG_ROWS, to = from + TAG_ROWS < all ? from + TAG_ROWS : all;
    struct ph_table tags = {0}, findings = {0};
    struct ph_columns p = {0}, f = {0};
    enum ph_status status = ph_tagger_tag(tagger, from, to, &tags, &findings, err);
    if (status == PH_OK) status = ph_parcel_table_make(run->parcels, &tags, run->evaluation, from, to, &p, err);
    ph_columns_settle(&p);
    if (status == PH_OK) status = ph_gpkg_make_rows(o->parcels.rows, p.items, from, to, from, &piece->rows[0], err);
    if (status == PH_OK) status = ph_finding_table_make(&findings, &f, err);
    if (status == PH_OK) status = ph_gpkg_make_rows(o->findings.rows, f.items, 0, findings.rows, 0, &piece->rows[1], err);
    ph_columns_dispose(&p);
    ph_columns_dispose(&f);
    ph_table_dispose(&tags);
    ph_table_dispose(&findings);
    return status;
}

static enum ph_status make_piece(const void *payload, void *tools, size_t index, struct ph_piece *out, struct ph_error *err)
{
    const struct ph_output *o = payload;
    struct piece piece = o->pieces[index];
    return piece.table == PARCELS ? make_parcels(o, tools, piece.index, out, err) : make_slice(o, piece.table, piece.index, &out->rows[0], err);
}

static enum ph_status put_piece(struct ph_output *o, size_t index, struct ph_error *err)
{
    const struct ph_progress *progress = &o->run->request->progress;
    double done = (double)(index + 1) / (double)o->piece_count;
    struct ph_piece *piece;
    PH_TRY(ph_line_take(o->line, index, &piece, err));
    size_t table = o->pieces[index].table;
    if (table == PARCELS) PH_TRY(ph_progress_tell(progress, PH_STAGE_RULES, done, err));
    if (table != PARCELS) {
        PH_TRY(ph_gpkg_put_rows(o->tables[table].rows, &piece->rows[0], err));
    } else {
        PH_TRY(ph_gpkg_put_rows(o->parcels.rows, &piece->rows[0], err));
        PH_TRY(ph_gpkg_put_rows(o->findings.rows, &piece->rows[1], err));
        o->run->tagging->finding_count += piece->rows[1].count;
    }
    ph_line_release(o->line, index);
    return ph_progress_tell(progress, PH_STAGE_WRITE, done, err);
}

static enum ph_status open_tagger(const void *payload, void **tools, struct ph_error *err)
{
    const struct ph_output *o = payload;
    struct ph_tagger *tagger;
    PH_TRY(ph_tagger_open(o->run->tagging, &tagger, err));
    *tools = tagger;
    return PH_OK;
}

static void close_tagger(void *tools)
{
    ph_tagger_close(tools);
}

/* Adds the pieces of these kinds, each kind's in order, spread evenly: some cost time to make, others time to write. */
static void add_pieces(struct ph_output *o, const size_t count[KINDS], const size_t *kinds, size_t kind_count)
{
    size_t taken[KINDS] = {0}, all = 0;
    for (size_t k = 0; k < kind_count; k++) all += count[kinds[k]];
    for (size_t i = 0; i < all; i++) {
        size_t next = KINDS; /* the kind that would be least far with one more */
        for (size_t k = 0; k < kind_count; k++) {
            size_t t = kinds[k];
            if (taken[t] < count[t] && (next == KINDS || (taken[t] + 1) * count[next] < (taken[next] + 1) * count[t])) next = t;
        }
        o->pieces[o->piece_count++] = (struct piece){next, taken[next]++};
    }
}

/* Receipts come last: threads make them while the totals and all that goes by them are made and written. */
static enum ph_status plan_pieces(struct ph_output *o, struct ph_error *err)
{
    static const size_t early[] = {ENTERPRISES, ENTERPRISE_LAND, PARCELS}, late[] = {SCORE_TERMS};
    size_t count[KINDS] = {[PARCELS] = (ph_parcel_count(o->run->parcels) + TAG_ROWS - 1) / TAG_ROWS}, all = count[PARCELS];
    for (size_t t = 0; t < ENTERPRISE_PARCELS; t++) all += count[t] = slices_of(o, t);
    o->pieces = calloc(all + 1, sizeof *o->pieces);
    if (o->pieces == NULL) return ph_fail_memory(err);
    add_pieces(o, count, early, sizeof early / sizeof *early);
    o->early = o->piece_count;
    add_pieces(o, count, late, sizeof late / sizeof *late);
    return PH_OK;
}

enum ph_status ph_output_make_rows(struct ph_output *o, struct ph_error *err)
{
    PH_TRY(plan_pieces(o, err));
    const struct ph_line_work work = {o, o->piece_count, open_tagger, close_tagger, make_piece};
    return ph_line_start(&work, o->run->tagging->own, o->run->request->threads, &o->line, err);
}

/* ---- layers and tables that are all there ---- */

/* Writes a layer whose rows are all there. */
static enum ph_status write_layer(struct ph_gpkg *gpkg, const struct ph_findings_of_run *run, const struct ph_gpkg_layer *layer,
                                  struct ph_error *err)
{
    struct ph_gpkg_rows *rows = NULL;
    PH_TRY(ph_gpkg_begin_layer(gpkg, layer, &rows, err));
    enum ph_status status = PH_OK;
    for (size_t from = 0; status == PH_OK && from < layer->rows; from += STEP_ROWS) {
        size_t to = from + STEP_ROWS < layer->rows ? from + STEP_ROWS : layer->rows;
        status = ph_gpkg_write_rows(rows, NULL, from, to, err);
        if (status == PH_OK) status = ph_progress_tell(&run->request->progress, PH_STAGE_WRITE, (double)to / (double)layer->rows, err);
    }
    enum ph_status ended = ph_gpkg_end_layer(rows, status != PH_OK, err);
    return status == PH_OK ? ended : status;
}

static enum ph_status add_views(struct ph_gpkg *gpkg, const struct ph_gpkg_layer *layer, struct ph_error *err)
{
    static const struct {
        const char *name, *title;
    } views[] = {{"approved_unsupplied", "批而未供"}, {"idle", "疑似闲置"}, {"low_efficiency", "疑似低效"}, {"unverified", "待核查"}};
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        char where[64];
        snprintf(where, sizeof where, "\"tag\" = '%s'", views[i].name);
        PH_TRY(ph_gpkg_add_view(gpkg, views[i].name, views[i].title, layer, where, err));
    }
    return ph_gpkg_add_placed_view(gpkg, "ledger_land", "盘活措施", "ledger", layer->name, "parcel_fid", "t.\"counted\" = 1", err);
}

/* The parcels of a check: without tags. */
static enum ph_status write_plain_parcels(struct ph_gpkg *gpkg, const struct ph_findings_of_run *run, struct ph_error *err)
{
    struct ph_columns c = {0};
    enum ph_status status = ph_parcel_table_make(run->parcels, NULL, NULL, 0, ph_parcel_count(run->parcels), &c, err);
    ph_columns_settle(&c);
    struct ph_gpkg_layer parcels = {.name = "parcels", .title = "宗地", .columns = c.items, .column_count = c.count,
                                    .rows = ph_parcel_count(run->parcels), .shapes = &run->parcels->t.layer.shapes};
    if (status == PH_OK) status = write_layer(gpkg, run, &parcels, err);
    ph_columns_dispose(&c);
    return status;
}

static enum ph_status write_topology(struct ph_gpkg *gpkg, const struct ph_findings_of_run *run, struct ph_error *err)
{
    struct ph_check_table table = {0};
    enum ph_status status = ph_check_table_make(run->check, run->parcels, &table, err);
    struct ph_gpkg_layer areas = {.name = "topology", .title = "几何与拓扑问题", .columns = table.areas.items,
                                  .column_count = table.areas.count, .rows = table.areas.made.rows, .shapes = &table.area_shapes};
    struct ph_gpkg_layer places = {.name = "topology_places", .title = "几何问题位置", .columns = table.places.items,
                                   .column_count = table.places.count, .rows = table.places.made.rows, .shapes = &table.place_shapes,
                                   .points = true};
    if (status == PH_OK) status = write_layer(gpkg, run, &areas, err);
    if (status == PH_OK) status = write_layer(gpkg, run, &places, err);
    ph_check_table_dispose(&table);
    return status;
}

/* A table without geometry. */
static enum ph_status write_table(struct ph_gpkg *gpkg, const struct ph_findings_of_run *run, const char *name, const char *title,
                                  struct ph_columns *c, size_t rows, struct ph_error *err)
{
    ph_columns_settle(c);
    struct ph_gpkg_layer layer = {.name = name, .title = title, .columns = c->items, .column_count = c->count, .rows = rows};
    return write_layer(gpkg, run, &layer, err);
}

static enum ph_status fill_ledger(struct ph_columns *c, const struct ph_ledger *l, struct ph_error *err)
{
    enum { PARCEL, COUNTED, MESSAGE, COUNTED_AREA, COUNT };
    size_t at[COUNT];
    PH_TRY(ph_columns_make(c, "parcel_fid", "宗地序号", PH_INT, NULL, &at[PARCEL], err));
    c->items[c->count - 1].references = "parcels(fid)";
    PH_TRY(ph_columns_make(c, "counted", "计入", PH_INT, NULL, &at[COUNTED], err));
    PH_TRY(ph_columns_make(c, "message", "说明", PH_TEXT, NULL, &at[MESSAGE], err));
    PH_TRY(ph_columns_make(c, "counted_m2", "计入面积(㎡)", PH_REAL, NULL, &at[COUNTED_AREA], err));
    struct ph_column *columns = c->made.columns;
    for (size_t row = 0; row < c->made.rows; row++) {
        const struct ph_event *e = &l->events[row];
        if (e->parcel != SIZE_MAX) columns[at[PARCEL]].integer[row] = (int64_t)e->parcel + 1;
        columns[at[COUNTED]].integer[row] = e->counted;
        columns[at[MESSAGE]].text[row] = e->message;
        if (e->counted && e->area_dm2 != INT64_MIN) columns[at[COUNTED_AREA]].real[row] = (double)e->area_dm2 / 100;
    }
    return PH_OK;
}

static enum ph_status write_ledger(struct ph_gpkg *gpkg, const struct ph_findings_of_run *run, struct ph_error *err)
{
    const struct ph_ledger *l = run->ledger;
    struct ph_columns c = {0};
    size_t rows = l->t.layer.table.rows;
    enum ph_status status = ph_table_add_rows(&c.made, rows, err);
    struct ph_fielded none = {.fields = &ph_ledger_fields};
    if (status == PH_OK) status = ph_columns_add_fields(&c, l->source ? &l->t : &none, err);
    if (status == PH_OK) c.items[PH_LED_KIND].codelist = "ledger_kind";
    if (status == PH_OK) status = fill_ledger(&c, l, err);
    if (status == PH_OK && l->source) status = ph_columns_add_carried(&c, &l->t, err);
    if (status == PH_OK) status = write_table(gpkg, run, "ledger", "盘活台账", &c, rows, err);
    ph_columns_dispose(&c);
    return status;
}

static enum ph_status write_records(struct ph_gpkg *gpkg, const struct ph_findings_of_run *run, struct ph_error *err)
{
    static const struct {
        const char *name, *title;
        enum ph_status (*fill)(const struct ph_findings_of_run *, struct ph_columns *, struct ph_error *);
        bool tags; /* only where there are rules: not of a check */
    } tables[] = {{"totals", "合计", ph_record_totals, true},
                  {"rules", "规则", ph_record_rules, true},
                  {"rule_names", "规则用名", ph_record_rule_names, true},
                  {"problems", "数据问题", ph_record_problems, false},
                  {"run", "运行记录", ph_record_run, false}};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct ph_columns c = {0};
        if (run->tagging == NULL && tables[i].tags) continue;
        enum ph_status status = tables[i].fill(run, &c, err);
        if (status == PH_OK) status = write_table(gpkg, run, tables[i].name, tables[i].title, &c, c.made.rows, err);
        ph_columns_dispose(&c);
        PH_TRY(status);
    }
    return PH_OK;
}

enum ph_status ph_output_check(const struct ph_audit_request *request, struct ph_error *err)
{
    char sidecar[PH_TARGET_PATH_CAP + 8];
    PH_TRY(ph_target_check(request->output, request->overwrite != 0, err));
    ph_gpkg_sidecar(request->output, sidecar, sizeof sidecar);
    return ph_target_check(sidecar, request->overwrite != 0, err);
}

/* ---- the whole ---- */

enum ph_status ph_output_begin(const struct ph_findings_of_run *run, struct ph_output **out, struct ph_error *err)
{
    const struct ph_crs_facts *crs = ph_crs_facts(run->parcels->crs);
    char stamp[11];
    struct ph_output *o = *out = calloc(1, sizeof *o);
    if (o == NULL) return ph_fail_memory(err);
    o->run = run;
    ph_date_print(stamp, run->request->as_of == PH_NO_DATE ? NO_STAMP : run->request->as_of);
    enum ph_status status = ph_gpkg_create(run->request->output, crs->code ? crs->code : ph_crs_definition(run->parcels->crs), stamp, &o->gpkg, err);
    if (status == PH_OK && run->tagging) status = begin_layers(o, err);
    if (status == PH_OK) return PH_OK;
    ph_output_discard(o);
    *out = NULL;
    return status;
}

static enum ph_status write_stakes(struct ph_output *o, struct ph_error *err)
{
    struct ph_records records = {0};
    enum ph_status status = PH_OK;
    for (size_t i = 0; status == PH_OK && i < slices_of(o, ENTERPRISE_PARCELS); i++) {
        ph_records_clear(&records);
        status = make_slice(o, ENTERPRISE_PARCELS, i, &records, err);
        if (status == PH_OK) status = ph_gpkg_put_rows(o->tables[ENTERPRISE_PARCELS].rows, &records, err);
    }
    ph_records_dispose(&records);
    return status;
}

enum ph_status ph_output_write_others(struct ph_output *o, struct ph_error *err)
{
    if (o->run->tagging) {
        PH_TRY(write_ledger(o->gpkg, o->run, err));
        PH_TRY(write_stakes(o, err));
        PH_TRY(ph_gpkg_index_layer(o->parcels.rows, err));
        if (o->tables[ENTERPRISE_LAND].rows) PH_TRY(ph_gpkg_index_layer(o->tables[ENTERPRISE_LAND].rows, err));
    }
    return write_topology(o->gpkg, o->run, err);
}

/* Ends the layers that came in pieces. */
static enum ph_status end_layers(struct ph_output *o, bool abandon, struct ph_error *err)
{
    enum ph_status status = PH_OK;
    struct open_layer *layers[TABLES + 2] = {&o->parcels, &o->findings};
    for (size_t i = 0; i < TABLES; i++) layers[2 + i] = &o->tables[i];
    for (size_t i = 0; i < TABLES + 2; i++) {
        enum ph_status ended = ph_gpkg_end_layer(layers[i]->rows, abandon || status != PH_OK, err);
        layers[i]->rows = NULL;
        if (status == PH_OK) status = ended;
    }
    return status;
}

enum ph_status ph_output_write_rows(struct ph_output *o, struct ph_error *err)
{
    if (o->run->tagging == NULL) return write_plain_parcels(o->gpkg, o->run, err);
    for (size_t i = 0; i < o->early; i++) PH_TRY(put_piece(o, i, err));
    return add_views(o->gpkg, &o->parcels.layer, err);
}

/* What goes by the totals, and how QGIS shows what was written: the project is put together while receipts go to the disk. */
static enum ph_status write_rest(struct ph_output *o, struct ph_contents *contents, struct ph_error *err)
{
    PH_TRY(write_records(o->gpkg, o->run, err));
    PH_TRY(ph_contents_read(ph_gpkg_written(o->gpkg), contents, err));
    for (size_t i = o->early; i < o->piece_count; i++) PH_TRY(put_piece(o, i, err));
    ph_line_end(o->line);
    o->line = NULL;
    ph_census_take(o->run, contents);
    PH_TRY(ph_project_store(o->gpkg, contents, o->run->request->output, err));
    PH_TRY(ph_look_store(o->gpkg, contents, err));
    return end_layers(o, false, err);
}

enum ph_status ph_output_complete(struct ph_output *o, struct ph_error *err)
{
    struct ph_contents contents = {0};
    enum ph_status status = write_rest(o, &contents, err);
    ph_contents_dispose(&contents);
    if (status == PH_OK) status = ph_progress_tell(&o->run->request->progress, PH_STAGE_WRITE, 1, err);
    if (status == PH_OK) {
        status = ph_gpkg_finish(o->gpkg, err);
        o->gpkg = NULL;
    }
    ph_output_discard(o);
    return status;
}

void ph_output_discard(struct ph_output *o)
{
    if (o == NULL) return;
    struct ph_error ignored = PH_ERROR_INIT;
    ph_line_end(o->line);
    (void)end_layers(o, true, &ignored);
    ph_columns_dispose(&o->parcels.columns);
    ph_columns_dispose(&o->findings.columns);
    for (size_t i = 0; i < TABLES; i++) ph_columns_dispose(&o->tables[i].columns);
    ph_gpkg_discard(o->gpkg);
    free(o->pieces);
    free(o);
}
