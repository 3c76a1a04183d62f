#include "audit/output.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/census.h"
#include "audit/check_table.h"
#include "audit/columns.h"
#include "audit/enterprise_table.h"
#include "audit/land_table.h"
#include "audit/evaluation_table.h"
#include "audit/look.h"
#include "audit/project.h"
#include "audit/record.h"
#include "base/date.h"
#include "base/number.h"
#include "base/progress.h"
#include "io/gpkg.h"
#include "io/target.h"

#define NO_STAMP 0 /* 1970-01-01: the file of a check without a date */
#define STEP_ROWS ((size_t)4096)

static const char *basis_name(enum ph_area_basis basis)
{
    switch (basis) {
    case PH_BASIS_REGISTERED: return "registered";
    case PH_BASIS_ELLIPSOID: return "ellipsoid";
    case PH_BASIS_PLANE: return "plane";
    default: return NULL;
    }
}

/* The areas of the parcels as columns. */
static enum ph_status make_area_columns(struct ph_columns *c, const struct ph_parcels *p, struct ph_error *err)
{
    enum { ELLIPSOID, PLANE, AREA, MU, DIFF, PPM, COUNT };
    static const struct {
        const char *name, *title;
    } names[COUNT] = {{"ellipsoid_m2", "椭球面积(㎡)"}, {"plane_m2", "平面面积(㎡)"},       {"area_m2", "采用面积(㎡)"},
                      {"area_mu", "采用面积(亩)"},      {"area_diff_m2", "面积差(㎡)"},     {"area_diff_ppm", "面积差(百万分比)"}};
    size_t at[COUNT], basis;
    for (size_t i = 0; i < COUNT; i++) PH_TRY(ph_columns_make(c, names[i].name, names[i].title, PH_REAL, NULL, &at[i], err));
    PH_TRY(ph_columns_make(c, "area_basis", "面积依据", PH_TEXT, "area_basis", &basis, err));
    struct ph_column *columns = c->made.columns;
    for (size_t row = 0; row < c->made.rows; row++) {
        const struct ph_areas *a = &p->areas[c->first + row];
        columns[at[ELLIPSOID]].real[row] = a->ellipsoid_m2;
        columns[at[PLANE]].real[row] = a->plane_m2;
        columns[at[AREA]].real[row] = a->adopted_dm2 == INT64_MIN ? NAN : (double)a->adopted_dm2 / 100;
        columns[at[MU]].real[row] = ph_mu_from_dm2(a->adopted_dm2);
        columns[at[DIFF]].real[row] = a->diff_m2;
        columns[at[PPM]].real[row] = a->diff_ppm;
        columns[basis].text[row] = basis_name(a->basis);
    }
    return PH_OK;
}

/* The source, where there are several, and its own feature id, by which problems name a row; a source alone that has a column
 * `fid` gives that instead. */
static enum ph_status add_origin(struct ph_columns *c, const struct ph_parcels *p, struct ph_error *err)
{
    const struct ph_fielded *t = &p->t;
    size_t source;
    if (p->part_count > 1) {
        PH_TRY(ph_columns_make(c, "source", "来源", PH_TEXT, NULL, &source, err));
        for (size_t row = 0; row < c->made.rows; row++) c->made.columns[source].text[row] = ph_parcel_part(p, c->first + row)->label;
    }
    for (size_t i = 0; p->part_count == 1 && i < t->carried_count; i++)
        if (ph_text_compare_nocase(t->layer.table.columns[t->carried[i]].name, "fid") == 0) return PH_OK;
    size_t made;
    PH_TRY(ph_columns_make(c, "src_fid", "源要素号", PH_INT, NULL, &made, err));
    for (size_t row = 0; row < c->made.rows; row++) c->made.columns[made].integer[row] = t->layer.fids[c->first + row];
    return PH_OK;
}

static enum ph_status add_tags(struct ph_columns *c, const struct ph_table *tags, struct ph_error *err)
{
    for (size_t i = 0; i < PH_TAGS_COLUMNS; i++) {
        const struct ph_column *column = &tags->columns[i];
        PH_TRY(ph_columns_add(c, column->name, column->title, column->type, column, i == PH_TAGS_TAG ? "tag" : NULL, err));
        c->items[c->count - 1].first = c->first;
    }
    return PH_OK;
}

/* With the values of the parcels from <= row < to (none: only the columns). tags: theirs, NULL in a check. */
static enum ph_status parcel_columns(struct ph_columns *c, const struct ph_findings_of_run *run, size_t from, size_t to, const struct ph_table *tags,
                                     struct ph_error *err)
{
    c->first = from;
    PH_TRY(ph_table_add_rows(&c->made, to - from, err));
    PH_TRY(ph_columns_add_fields(c, &run->parcels->t, err));
    PH_TRY(make_area_columns(c, run->parcels, err));
    if (tags) PH_TRY(add_tags(c, tags, err));
    if (run->evaluation) PH_TRY(ph_evaluation_add_parcel_columns(run->evaluation, c, err));
    PH_TRY(add_origin(c, run->parcels, err));
    PH_TRY(ph_columns_add_carried(c, &run->parcels->t, err));
    ph_columns_settle(c);
    return PH_OK;
}

/* The columns of the findings, with the values of a chunk (an empty table: none yet). */
static enum ph_status finding_columns(struct ph_columns *c, const struct ph_table *findings, struct ph_error *err)
{
    static const char *const lists[PH_FINDING_COLUMNS] = {[PH_FINDING_TAG] = "rule_tag", [PH_FINDING_OUTCOME] = "outcome"};
    c->count = 0;
    for (size_t i = 0; i < findings->column_count; i++) {
        const struct ph_column *column = &findings->columns[i];
        PH_TRY(ph_columns_add(c, column->name, column->title, column->type, column, lists[i], err));
    }
    c->items[PH_FINDING_PARCEL_FID].references = "parcels(fid)";
    return PH_OK;
}

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

/* Parcels and findings: rows that the threads make while other layers are written. */
struct tagged {
    const struct ph_findings_of_run *run;
    struct ph_columns parcel_columns, finding_columns; /* without values */
    struct ph_gpkg_layer parcels, findings;
    struct ph_gpkg_rows *parcel_rows, *finding_rows;
    size_t taken; /* chunks */
};

static enum ph_status make_chunk(const void *payload, struct ph_tagging_chunk *chunk, struct ph_error *err)
{
    const struct tagged *t = payload;
    struct ph_columns p = {0}, f = {0};
    enum ph_status status = parcel_columns(&p, t->run, chunk->from, chunk->to, chunk->tags, err);
    if (status == PH_OK) status = ph_gpkg_make_rows(t->parcel_rows, p.items, chunk->from, chunk->to, chunk->from, &chunk->parcel_rows, err);
    if (status == PH_OK) status = finding_columns(&f, chunk->findings, err);
    if (status == PH_OK) status = ph_gpkg_make_rows(t->finding_rows, f.items, 0, chunk->findings->rows, 0, &chunk->finding_rows, err);
    ph_columns_dispose(&p);
    ph_columns_dispose(&f);
    return status;
}

static enum ph_status begin_tagged(struct ph_gpkg *gpkg, const struct ph_findings_of_run *run, struct tagged *t, struct ph_error *err)
{
    t->run = run;
    PH_TRY(parcel_columns(&t->parcel_columns, run, 0, 0, &run->tagging->tags, err));
    PH_TRY(finding_columns(&t->finding_columns, &run->tagging->findings, err));
    t->parcels = (struct ph_gpkg_layer){.name = "parcels", .title = "宗地", .columns = t->parcel_columns.items,
                                        .column_count = t->parcel_columns.count, .shapes = &run->parcels->t.layer.shapes};
    t->findings = (struct ph_gpkg_layer){.name = "findings", .title = "规则结论", .columns = t->finding_columns.items,
                                         .column_count = t->finding_columns.count};
    PH_TRY(ph_gpkg_begin_layer(gpkg, &t->parcels, &t->parcel_rows, err));
    PH_TRY(ph_gpkg_begin_layer(gpkg, &t->findings, &t->finding_rows, err));
    ph_tagging_start(run->tagging_job, make_chunk, t);
    return PH_OK;
}

/* Puts the chunks up to the n-th of `of` shares. How many go between two layers must not depend on how far the threads are: the
 * bytes of the file would. */
static enum ph_status put_chunks(struct tagged *t, size_t n, size_t of, struct ph_error *err)
{
    if (t->run == NULL) return PH_OK; /* a check */
    struct ph_tagging_job *job = t->run->tagging_job;
    size_t count = ph_tagging_chunk_count(job);
    for (; t->taken < count * n / of; t->taken++) {
        struct ph_tagging_chunk *chunk;
        PH_TRY(ph_tagging_take(job, t->taken, &chunk, err));
        PH_TRY(ph_gpkg_put_rows(t->parcel_rows, &chunk->parcel_rows, err));
        PH_TRY(ph_gpkg_put_rows(t->finding_rows, &chunk->finding_rows, err));
        ph_tagging_release(job, t->taken);
        PH_TRY(ph_progress_tell(&t->run->request->progress, PH_STAGE_WRITE, (double)(t->taken + 1) / (double)count, err));
    }
    return PH_OK;
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

static enum ph_status end_tagged(struct ph_gpkg *gpkg, const struct ph_findings_of_run *run, struct tagged *t, enum ph_status status,
                                 struct ph_error *err)
{
    if (status == PH_OK) status = put_chunks(t, 1, 1, err);
    ph_tagging_finish(run->tagging_job); /* nobody needs the columns any more */
    struct ph_gpkg_rows *const both[] = {t->parcel_rows, t->finding_rows};
    for (size_t i = 0; i < 2; i++) {
        enum ph_status ended = ph_gpkg_end_layer(both[i], status != PH_OK, err);
        if (status == PH_OK) status = ended;
    }
    if (status == PH_OK) status = add_views(gpkg, &t->parcels, err);
    ph_columns_dispose(&t->parcel_columns);
    ph_columns_dispose(&t->finding_columns);
    return status;
}

/* The parcels of a check: without tags. */
static enum ph_status write_plain_parcels(struct ph_gpkg *gpkg, const struct ph_findings_of_run *run, struct ph_error *err)
{
    struct ph_columns c = {0};
    enum ph_status status = parcel_columns(&c, run, 0, ph_parcel_count(run->parcels), NULL, err);
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

static enum ph_status write_enterprises(struct ph_gpkg *gpkg, const struct ph_findings_of_run *run, struct ph_error *err)
{
    struct ph_columns c = {0};
    enum ph_status status = ph_enterprise_table_make(run->enterprises, run->evaluation, &c, err);
    if (status == PH_OK) status = write_table(gpkg, run, "enterprises", "企业", &c, c.made.rows, err);
    ph_columns_dispose(&c);
    return status;
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

/* What needs no tags. */
static enum ph_status write_others(struct ph_gpkg *gpkg, const struct ph_findings_of_run *run, struct tagged *t, struct ph_error *err)
{
    enum { SHARES = 6 };
    if (run->enterprises) PH_TRY(write_enterprises(gpkg, run, err));
    PH_TRY(put_chunks(t, 1, SHARES, err));
    /* Where each enterprise simply has its own parcels, the parcels say it. */
    if (run->links && (run->links->source || run->evaluation->scheme))
        PH_TRY(ph_land_table_write(run->land, run->parcels, run->links, run->enterprises, gpkg, err));
    PH_TRY(put_chunks(t, 2, SHARES, err));
    if (run->evaluation) PH_TRY(ph_evaluation_write_terms(run->evaluation, gpkg, err));
    PH_TRY(put_chunks(t, 4, SHARES, err));
    if (run->evaluation) PH_TRY(ph_evaluation_write_land(run->evaluation, run->land, run->parcels, gpkg, err));
    if (run->ledger) PH_TRY(write_ledger(gpkg, run, err));
    return write_topology(gpkg, run, err);
}

enum ph_status ph_output_begin(const struct ph_findings_of_run *run, struct ph_gpkg **out, struct ph_error *err)
{
    const struct ph_crs_facts *crs = ph_crs_facts(run->parcels->crs);
    char stamp[11];
    ph_date_print(stamp, run->request->as_of == PH_NO_DATE ? NO_STAMP : run->request->as_of);
    PH_TRY(ph_gpkg_create(run->request->output, crs->code ? crs->code : ph_crs_definition(run->parcels->crs), stamp, out, err));
    struct tagged tagged = {0};
    enum ph_status status = run->tagging ? begin_tagged(*out, run, &tagged, err) : PH_OK;
    if (status == PH_OK) status = write_others(*out, run, &tagged, err);
    if (status == PH_OK && run->tagging) status = ph_gpkg_index_layer(tagged.parcel_rows, err);
    status = run->tagging ? end_tagged(*out, run, &tagged, status, err) : status == PH_OK ? write_plain_parcels(*out, run, err) : status;
    if (status == PH_OK) return PH_OK;
    ph_gpkg_discard(*out);
    *out = NULL;
    return status;
}

/* How QGIS shows what was written. */
static enum ph_status dress(struct ph_gpkg *gpkg, const struct ph_findings_of_run *run, struct ph_error *err)
{
    struct ph_contents contents = {0};
    enum ph_status status = ph_contents_read(ph_gpkg_written(gpkg), &contents, err);
    if (status == PH_OK) status = ph_census_take(run, &contents, err);
    if (status == PH_OK) status = ph_look_store(gpkg, &contents, err);
    if (status == PH_OK) status = ph_project_store(gpkg, &contents, run->request->output, err);
    ph_contents_dispose(&contents);
    return status;
}

enum ph_status ph_output_complete(struct ph_gpkg *gpkg, const struct ph_findings_of_run *run, struct ph_error *err)
{
    enum ph_status status = write_records(gpkg, run, err);
    if (status == PH_OK) status = dress(gpkg, run, err);
    if (status == PH_OK) status = ph_progress_tell(&run->request->progress, PH_STAGE_WRITE, 1, err);
    if (status == PH_OK) return ph_gpkg_finish(gpkg, err);
    ph_gpkg_discard(gpkg);
    return status;
}
