/* What a file holds, found by going the audit's own way as far as it goes. */
#include "panhuo/inspect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/date_order.h"
#include "audit/identify.h"
#include "audit/inspection.h"
#include "io/cpg.h"

static const struct ph_problem_kind broken = {PH_PROBLEM_ERROR, "source.broken", "文件可能未传完或已损坏,请重新取得",
                                              "the file may be cut off or damaged; get it again"};
static const struct ph_problem_kind no_crs = {PH_PROBLEM_ERROR, "crs.missing", "用 --crs 指定", "say it with --crs"};
static const struct ph_problem_kind bad_crs = {PH_PROBLEM_ERROR, "crs.unusable", "用 --crs 指定正确的坐标系",
                                               "say the right one with --crs"};

static const struct ph_source_facts *facts_of(const struct ph_inspection *n)
{
    return ph_inspection_facts(n);
}

/* A failure that the audit would stop at becomes a problem; memory and Ctrl-C stay failures. */
static enum ph_status note_failure(struct ph_inspection *n, const struct ph_problem_kind *kind, enum ph_status status,
                                   const struct ph_error *found, struct ph_error *err)
{
    if (status == PH_OK) return PH_OK;
    if (status == PH_E_MEMORY || status == PH_E_CANCELLED) {
        if (err) *err = *found;
        return status;
    }
    return ph_problem_add_text(&n->problems, kind, facts_of(n)->path, -1, found->zh, found->en, err);
}

/* ---- source and fields ---- */

/* With polygons where there are some, else as a table. */
static enum ph_status open_source(struct ph_inspection *n, const struct ph_inspect_request *q, struct ph_error *err)
{
    struct ph_source_request request = {
        .path = q->source, .layer = q->layer, .encoding = q->encoding, .open_options = q->open_options, .txt_layout = q->txt_layout,
        .readings = true};
    struct ph_source *source = NULL;
    enum ph_status status = ph_source_open(&request, &source, &n->as_parcels);
    if (status != PH_OK && err) *err = n->as_parcels;
    if (status == PH_E_INPUT || (status == PH_OK && !ph_source_facts(source)->has_geometry)) {
        ph_source_free(source);
        request.table = true;
        status = ph_source_open(&request, &source, err);
    }
    PH_TRY(status);
    return ph_parcels_begin(&n->parcels, &(struct ph_audit_source){.path = q->source, .crs = q->crs}, source, err);
}

const struct ph_fields *ph_inspection_fields(enum ph_inspect_kind kind)
{
    static const struct ph_fields *const lists[] = {[PH_INSPECT_PARCELS] = &ph_parcel_fields, [PH_INSPECT_ENTERPRISES] = &ph_enterprise_fields,
                                                   [PH_INSPECT_LEDGER] = &ph_ledger_fields, [PH_INSPECT_LINKS] = &ph_link_fields,
                                                   [PH_INSPECT_UNKNOWN] = &ph_parcel_fields};
    return lists[kind];
}

/* How many columns of the source the list knows, for the choice between lists; the map's words may belong to another. */
static enum ph_status count_matches(const struct ph_inspection *n, enum ph_inspect_kind kind, size_t *count, bool *marked, struct ph_error *err)
{
    struct ph_fieldmap_request request = {.fields = ph_inspection_fields(kind), .source = facts_of(n), .lenient = true};
    struct ph_fieldmap map = {0};
    struct ph_problems aside = {0};
    enum ph_status status = ph_fieldmap_make(&request, &map, &aside, err);
    *count = 0;
    *marked = status == PH_OK && map.matches[ph_inspection_fields(kind)->mark].source != SIZE_MAX;
    for (size_t s = 0; status == PH_OK && s < facts_of(n)->field_count; s++) *count += map.fates[s] == PH_COLUMN_TAKEN;
    ph_fieldmap_dispose(&map);
    ph_problems_dispose(&aside);
    return status;
}

static enum ph_status choose_kind(struct ph_inspection *n, struct ph_error *err)
{
    n->content.kind = PH_INSPECT_PARCELS;
    if (facts_of(n)->has_geometry) return PH_OK;
    /* Of two that fit equally well the one whose mark is there; else the one that comes later must be better: the shorter lists first. */
    static const enum ph_inspect_kind kinds[] = {PH_INSPECT_LINKS, PH_INSPECT_LEDGER, PH_INSPECT_ENTERPRISES, PH_INSPECT_PARCELS};
    size_t best = 2; /* one column, and that not a mark, is chance */
    n->content.kind = PH_INSPECT_UNKNOWN;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t count;
        bool marked;
        PH_TRY(count_matches(n, kinds[i], &count, &marked, err));
        count = 2 * count + marked;
        if (count <= best) continue;
        best = count;
        n->content.kind = kinds[i];
    }
    return PH_OK;
}

/* ---- reading ---- */

static enum ph_status settle_area(struct ph_inspection *n, const struct ph_inspect_request *q, struct ph_error *err)
{
    struct ph_audit_request request = PH_AUDIT_REQUEST_INIT;
    request.progress = q->progress;
    struct ph_error found = PH_ERROR_INIT;
    enum ph_status status = ph_measure(&n->parcels, &request, &n->problems, &found);
    if (status == PH_OK) status = ph_measure_adopt(&n->parcels, &request, &n->problems, &found);
    const struct ph_problem_kind *kind = q->crs == NULL && facts_of(n)->wkt == NULL ? &no_crs : &bad_crs;
    PH_TRY(note_failure(n, kind, status, &found, err));
    if (status != PH_OK) return PH_OK;
    int64_t sum = 0;
    for (size_t i = 0; i < ph_parcel_count(&n->parcels); i++)
        if (n->parcels.areas[i].ellipsoid_dm2 != INT64_MIN) sum += n->parcels.areas[i].ellipsoid_dm2;
    n->content.area_dm2 = sum;
    n->measured = true;
    return PH_OK;
}

static enum ph_status read_parcels(struct ph_inspection *n, const struct ph_inspect_request *q, struct ph_error *err)
{
    PH_TRY(settle_area(n, q, err));
    struct ph_index by_code = {0};
    enum ph_status status = ph_identify(&n->parcels, &by_code, &n->problems, err);
    ph_index_dispose(&by_code);
    return status == PH_OK ? ph_date_order_check(&n->parcels, &n->problems, err) : status;
}

static enum ph_status read_table(struct ph_inspection *n, const struct ph_inspect_request *q, struct ph_error *err)
{
    struct ph_layer layer = {0};
    enum ph_status status = ph_source_read(n->parcels.parts[0].source, 1, &q->progress, &layer, &n->problems, err);
    size_t open = n->content.kind == PH_INSPECT_LEDGER  ? PH_LED_AREA
                  : n->content.kind == PH_INSPECT_LINKS ? PH_LNK_SHARE
                                                        : SIZE_MAX;
    if (status == PH_OK)
        status =
            ph_normalise(&layer, &n->map, ph_inspection_fields(n->content.kind), facts_of(n)->path, open, &n->parcels.t, &n->problems, err);
    ph_layer_dispose(&layer);
    return status;
}

static enum ph_status check_holders(struct ph_inspection *n, struct ph_error *err)
{
    static const size_t fields[] = {[PH_INSPECT_ENTERPRISES] = PH_ENT_CODE, [PH_INSPECT_LEDGER] = PH_LED_ENTERPRISE_CODE,
                                    [PH_INSPECT_LINKS] = PH_LNK_ENTERPRISE_CODE};
    return ph_identify_credit_codes(&n->parcels.t, fields[n->content.kind], facts_of(n)->path, &n->problems, err);
}

static enum ph_status read_source(struct ph_inspection *n, const struct ph_inspect_request *q, struct ph_error *err)
{
    struct ph_error found = PH_ERROR_INIT;
    bool shapes = n->content.kind == PH_INSPECT_PARCELS && facts_of(n)->has_geometry;
    enum ph_status status =
        shapes ? ph_parcels_load(&n->map, 1, &q->progress, &n->parcels, &n->problems, &found) : read_table(n, q, &found);
    PH_TRY(note_failure(n, &broken, status, &found, err));
    if (status != PH_OK) {
        ph_fielded_dispose(&n->parcels.t);
        return PH_OK;
    }
    n->content.rows = ph_parcel_count(&n->parcels);
    if (shapes) return read_parcels(n, q, err);
    return n->content.kind == PH_INSPECT_PARCELS || n->content.kind == PH_INSPECT_UNKNOWN ? PH_OK : check_holders(n, err);
}

/* ---- what was found ---- */

static enum ph_status tell_problems(struct ph_inspection *n, struct ph_error *err)
{
    static const char *const severities[] = {[PH_NOTE] = "note", [PH_WARNING] = "warning", [PH_PROBLEM_ERROR] = "error"};
    struct ph_inspection_content *c = &n->content;
    struct ph_inspect_problem *out = ph_arena_alloc(&n->arena, (n->problems.count + 1) * sizeof *out);
    if (out == NULL) return ph_fail_memory(err);
    for (int severity = PH_PROBLEM_ERROR; severity >= PH_NOTE; severity--) {
        size_t first = c->problem_count;
        for (size_t i = 0; i < n->problems.count; i++) {
            const struct ph_problem *p = &n->problems.items[i];
            if ((int)p->severity != severity) continue;
            size_t g = first;
            while (g < c->problem_count && strcmp(out[g].code, p->code) != 0) g++;
            if (g == c->problem_count)
                out[c->problem_count++] = (struct ph_inspect_problem){
                    .severity = severities[severity], .code = p->code, .hint_zh = p->hint_zh, .hint_en = p->hint_en};
            struct ph_inspect_problem *group = &out[g];
            group->count++;
            if (group->example_count < sizeof group->examples / sizeof *group->examples)
                group->examples[group->example_count++] = (struct ph_inspect_example){p->feature, p->zh, p->en};
        }
    }
    c->problems = out;
    c->errors = ph_problems_count(&n->problems, PH_PROBLEM_ERROR);
    c->warnings = ph_problems_count(&n->problems, PH_WARNING) - c->errors;
    c->notes = n->problems.count - c->errors - c->warnings;
    return PH_OK;
}

static enum ph_status tell_readings(struct ph_inspection *n, struct ph_error *err)
{
    const struct ph_source_facts *facts = facts_of(n);
    struct ph_inspect_reading *out = ph_arena_alloc(&n->arena, (facts->reading_count + 1) * sizeof *out);
    if (out == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < facts->reading_count; i++)
        out[i] = (struct ph_inspect_reading){facts->readings[i].name, facts->readings[i].words, facts->readings[i].bad};
    n->content.readings = out;
    n->content.reading_count = facts->reading_count;
    return PH_OK;
}

static void tell_shapes(struct ph_inspection *n)
{
    const struct ph_shapes *shapes = &n->parcels.t.layer.shapes;
    struct ph_inspect_shapes *out = &n->content.shapes;
    for (size_t i = 0; i < shapes->shape_count; i++) {
        uint32_t first = ph_first_part(shapes, i), parts = shapes->shape_end[i] - first;
        bool holed = false;
        for (uint32_t part = first; part < shapes->shape_end[i]; part++) holed |= shapes->part_end[part] - ph_first_ring(shapes, part) > 1;
        *(parts == 0 ? &out->none : parts == 1 ? &out->single : &out->multiple) += 1;
        out->holed += holed;
    }
    out->vertices = shapes->point_count;
}

static enum ph_status tell_source(struct ph_inspection *n, struct ph_error *err)
{
    const struct ph_source_facts *facts = facts_of(n);
    struct ph_inspection_content *c = &n->content;
    c->source = facts->path;
    c->driver = facts->driver;
    c->layer = facts->layer;
    c->geometry = facts->geometry;
    c->layers = facts->layers;
    c->layer_count = facts->layer_count;
    c->has_geometry = facts->has_geometry;
    c->words = facts->sample_words;
    PH_TRY(tell_readings(n, err));
    if (!facts->encoding_known) return PH_OK;
    c->encoding = facts->encoding.name;
    c->encoding_zh = facts->encoding.zh;
    c->encoding_en = facts->encoding.en;
    return PH_OK;
}

static enum ph_status look(struct ph_inspection *n, const struct ph_inspect_request *q, struct ph_error *err)
{
    PH_TRY(open_source(n, q, err));
    PH_TRY(choose_kind(n, err));
    const char *dot = strrchr(q->source, '.');
    if (n->content.kind == PH_INSPECT_UNKNOWN && n->as_parcels.status && dot && ph_text_compare_nocase(dot, ".txt") == 0) {
        if (err) *err = n->as_parcels; /* boundary points that are not as they should be, rather than a table of nothing */
        return n->as_parcels.status;
    }
    PH_TRY(tell_source(n, err));
    PH_TRY(ph_parcels_report_encoding(facts_of(n), &n->problems, err));
    struct ph_fieldmap_request fields = {
        .fields = ph_inspection_fields(n->content.kind), .source = facts_of(n), .map = q->map, .lenient = true};
    PH_TRY(ph_fieldmap_make(&fields, &n->map, &n->problems, err));
    PH_TRY(read_source(n, q, err));
    tell_shapes(n);
    PH_TRY(ph_inspection_tell_fields(n, err));
    PH_TRY(ph_inspection_tell_crs(n, q, err));
    PH_TRY(ph_inspection_tell_rules(n, q, err));
    return tell_problems(n, err);
}

enum ph_status ph_inspect(const struct ph_inspect_request *request, struct ph_inspection **out, struct ph_error *err)
{
    *out = NULL;
    if (request->source == NULL) return ph_fail(err, PH_E_USAGE, "没有给出数据", "no source was given");
    struct ph_inspection *n = calloc(1, sizeof *n);
    if (n == NULL) return ph_fail_memory(err);
    n->request = *request;
    n->as_parcels = (struct ph_error)PH_ERROR_INIT;
    n->content = (struct ph_inspection_content){
        .min_x = NAN, .min_y = NAN, .max_x = NAN, .max_y = NAN, .longitude = NAN, .latitude = NAN, .area_dm2 = INT64_MIN};
    enum ph_status status = look(n, request, err);
    if (status != PH_OK) {
        ph_inspection_free(n);
        return status;
    }
    *out = n;
    return PH_OK;
}

const struct ph_inspection_content *ph_inspection_content(const struct ph_inspection *inspection)
{
    return &inspection->content;
}

enum ph_status ph_inspection_fix_cpg(const struct ph_inspection *n, struct ph_inspect_cpg *out, struct ph_error *err)
{
    const struct ph_source_facts *facts = facts_of(n);
    struct ph_cpg made;
    PH_TRY(ph_cpg_write(facts, &made, err));
    *out = (struct ph_inspect_cpg){.written = made.written};
    memcpy(out->path, made.path, sizeof out->path);
    memcpy(out->before, made.before, sizeof out->before);
    memcpy(out->now, made.now, sizeof out->now);
    const char *says = ph_encoding_of_language_byte(facts->language_byte), *is = ph_encoding_name(ph_str_of(made.now));
    if (says && is && strcmp(says, is) != 0) out->language_byte = facts->language_byte;
    return PH_OK;
}

void ph_inspection_free(struct ph_inspection *n)
{
    if (n == NULL) return;
    ph_fieldmap_dispose(&n->map);
    ph_parcels_dispose(&n->parcels);
    ph_problems_dispose(&n->problems);
    ph_arena_dispose(&n->arena);
    free(n);
}
