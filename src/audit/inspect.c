/* What a file holds, found by going the audit's own way as far as it goes. */
#include "panhuo/inspect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/identify.h"
#include "audit/measure.h"
#include "geo/crs_check.h"

#define GUESSES 24
#define DEGREES (180 / 3.14159265358979323846)

static const struct ph_problem_kind broken = {PH_PROBLEM_ERROR, "source.broken", "文件可能未传完或已损坏,请重新取得",
                                              "the file may be cut off or damaged; get it again"};
static const struct ph_problem_kind no_crs = {PH_PROBLEM_ERROR, "crs.missing", "用 --crs 指定", "say it with --crs"};
static const struct ph_problem_kind bad_crs = {PH_PROBLEM_ERROR, "crs.unusable", "用 --crs 指定正确的坐标系",
                                               "say the right one with --crs"};

struct ph_inspection {
    struct ph_arena arena;
    struct ph_parcels parcels; /* source and table, of whichever kind */
    struct ph_fieldmap map;
    struct ph_problems problems;
    struct ph_inspection_content content;
};

static const char *keep(struct ph_inspection *n, const char *text)
{
    return text ? ph_arena_text(&n->arena, text, strlen(text)) : NULL;
}

static const struct ph_source_facts *facts_of(const struct ph_inspection *n)
{
    return ph_parcels_facts(&n->parcels);
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
        .path = q->source, .layer = q->layer, .encoding = q->encoding, .open_options = q->open_options, .txt_layout = q->txt_layout};
    struct ph_source *source = NULL;
    enum ph_status status = ph_source_open(&request, &source, err);
    if (status == PH_E_INPUT || (status == PH_OK && !ph_source_facts(source)->has_geometry)) {
        ph_source_free(source);
        request.table = true;
        status = ph_source_open(&request, &source, err);
    }
    PH_TRY(status);
    return ph_parcels_begin(&n->parcels, &(struct ph_audit_source){.path = q->source, .crs = q->crs}, source, err);
}

static const struct ph_fields *fields_of(enum ph_inspect_kind kind)
{
    static const struct ph_fields *const lists[] = {&ph_parcel_fields, &ph_enterprise_fields, &ph_ledger_fields, &ph_link_fields};
    return lists[kind];
}

/* How many columns of the source the list knows, for the choice between lists; the map's words may belong to another. */
static enum ph_status count_matches(const struct ph_inspection *n, enum ph_inspect_kind kind, size_t *count, bool *marked, struct ph_error *err)
{
    struct ph_fieldmap_request request = {.fields = fields_of(kind), .source = facts_of(n), .lenient = true};
    struct ph_fieldmap map = {0};
    struct ph_problems aside = {0};
    enum ph_status status = ph_fieldmap_make(&request, &map, &aside, err);
    *count = 0;
    *marked = status == PH_OK && map.matches[fields_of(kind)->mark].source != SIZE_MAX;
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
    size_t best = 0;
    n->content.kind = PH_INSPECT_LINKS;
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
    return PH_OK;
}

static enum ph_status read_parcels(struct ph_inspection *n, const struct ph_inspect_request *q, struct ph_error *err)
{
    PH_TRY(settle_area(n, q, err));
    struct ph_index by_code = {0};
    enum ph_status status = ph_identify(&n->parcels, &by_code, &n->problems, err);
    ph_index_dispose(&by_code);
    return status;
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
            ph_normalise(&layer, &n->map, fields_of(n->content.kind), facts_of(n)->path, open, &n->parcels.t, &n->problems, err);
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
    return n->content.kind == PH_INSPECT_PARCELS ? PH_OK : check_holders(n, err);
}

/* ---- what was found ---- */

/* The unit whose factor this is, in Chinese. */
static const char *unit_name(struct ph_inspection *n, enum ph_quantity quantity, struct ph_factor factor)
{
    static const struct {
        enum ph_quantity quantity;
        struct ph_factor factor;
        const char *name;
    } units[] = {{PH_AREA, {2000, 3}, "亩"},       {PH_AREA, {10000, 1}, "公顷"},    {PH_AREA, {1000000, 1}, "平方公里"},
                 {PH_MONEY, {1, 10000}, "元"},     {PH_MONEY, {1, 10}, "千元"},      {PH_MONEY, {10000, 1}, "亿元"},
                 {PH_PER_MU, {1, 10000}, "元/亩"}, {PH_PER_MU, {1, 15}, "万元/公顷"},
                 {PH_SHARE, {1, 100}, "%"},        {PH_MASS, {1, 1000}, "千克"},     {PH_ELECTRICITY, {10000, 1}, "万kWh"}};
    if (factor.times == factor.over) return ph_unit_kept(quantity);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (units[i].quantity == quantity && units[i].factor.times == factor.times && units[i].factor.over == factor.over)
            return units[i].name;
    char text[80];
    snprintf(text, sizeof text, "%lld/%lld %s", (long long)factor.times, (long long)factor.over, ph_unit_kept(quantity));
    return keep(n, text);
}

static void tell_unit(struct ph_inspection *n, size_t f, struct ph_inspect_field *out)
{
    const struct ph_match *match = &n->map.matches[f];
    enum ph_inspect_kind kind = n->content.kind;
    size_t area = kind == PH_INSPECT_PARCELS  ? (size_t)PH_REGISTERED_M2
                  : kind == PH_INSPECT_LEDGER ? (size_t)PH_LED_AREA
                                              : SIZE_MAX;
    bool stated = ph_unit_stated(match->unit_from);
    out->unit = unit_name(n, fields_of(kind)->items[f].quantity, match->factor);
    switch (match->unit_from) {
    case PH_UNIT_PLAIN: out->unit_from = PH_UNIT_OF_NONE; break;
    case PH_UNIT_NAMED: out->unit_from = PH_UNIT_OF_NAME; break;
    case PH_UNIT_TABLE: out->unit_from = PH_UNIT_OF_TABLE; break;
    case PH_UNIT_ORDERED: out->unit_from = PH_UNIT_OF_MAP; break;
    case PH_UNIT_ASSUMED: out->unit_from = PH_UNIT_OF_DEFAULT; break;
    case PH_UNIT_CUT_OFF: out->unit_from = PH_UNIT_OF_NOTHING; break;
    }
    if (f == area && !stated) out->unit_from = n->map.area_unit != SIZE_MAX ? PH_UNIT_OF_COLUMN : PH_UNIT_OF_MEASURED;
    if (out->unit_from == PH_UNIT_OF_COLUMN || out->unit_from == PH_UNIT_OF_MEASURED || out->unit_from == PH_UNIT_OF_NOTHING)
        out->unit = NULL;
    if (out->unit && *out->unit == '\0') out->unit = NULL;
}

static size_t count_known(const struct ph_inspection *n, size_t column)
{
    const struct ph_table *table = &n->parcels.t.layer.table;
    size_t known = 0;
    for (size_t row = 0; column < table->column_count && row < table->rows; row++)
        known += ph_column_known(&table->columns[column], row);
    return known;
}

static enum ph_inspect_how how_of(const struct ph_inspection *n, size_t s, size_t f)
{
    static const enum ph_inspect_how hows[] = {
        [PH_MATCH_NONE] = PH_HOW_CARRIED, [PH_MATCH_NAME] = PH_HOW_NAME, [PH_MATCH_TITLE] = PH_HOW_TITLE,
        [PH_MATCH_ALIAS] = PH_HOW_ALIAS,  [PH_MATCH_CUT] = PH_HOW_CUT,   [PH_MATCH_ORDERED] = PH_HOW_ORDERED};
    if (f != SIZE_MAX) return hows[n->map.matches[f].how];
    bool has_area = n->content.kind == PH_INSPECT_PARCELS || n->content.kind == PH_INSPECT_LEDGER;
    if (s == n->map.area_unit && has_area) return PH_HOW_UNIT;
    enum ph_column_fate fate = n->map.fates[s];
    return fate == PH_COLUMN_AMBIGUOUS ? PH_HOW_AMBIGUOUS : fate == PH_COLUMN_SURPLUS ? PH_HOW_SURPLUS : PH_HOW_CARRIED;
}

static enum ph_status tell_fields(struct ph_inspection *n, struct ph_error *err)
{
    const struct ph_source_facts *facts = facts_of(n);
    const struct ph_fields *fields = fields_of(n->content.kind);
    struct ph_inspect_field *out = ph_arena_alloc(&n->arena, (facts->field_count + 1) * sizeof *out);
    const char **absent = ph_arena_alloc(&n->arena, (fields->count + 1) * sizeof *absent);
    if (out == NULL || absent == NULL) return ph_fail_memory(err);
    for (size_t s = 0; s < facts->field_count; s++) {
        size_t f = 0;
        while (f < fields->count && n->map.matches[f].source != s) f++;
        if (f == fields->count) f = SIZE_MAX;
        out[s] = (struct ph_inspect_field){
            .source = facts->fields[s].name, .type = facts->fields[s].driver_type, .how = how_of(n, s, f)};
        size_t column = s;
        if (f != SIZE_MAX) {
            out[s].field = fields->items[f].name;
            out[s].title = fields->items[f].title;
            tell_unit(n, f, &out[s]);
            if (n->parcels.t.column_of) column = n->parcels.t.column_of[f];
        }
        out[s].known = count_known(n, column);
    }
    for (size_t f = 0; f < fields->count; f++)
        if (n->map.matches[f].source == SIZE_MAX) absent[n->content.absent_count++] = fields->items[f].title;
    n->content.fields = out;
    n->content.field_count = facts->field_count;
    n->content.absent = absent;
    return PH_OK;
}

static enum ph_status tell_guesses(struct ph_inspection *n, struct ph_box extent, struct ph_error *err)
{
    struct ph_crs_guess guesses[GUESSES];
    size_t count = ph_crs_guess(extent, guesses, GUESSES);
    struct ph_inspect_guess *out = ph_arena_alloc(&n->arena, (count + 1) * sizeof *out);
    if (out == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        out[i] = (struct ph_inspect_guess){.code = keep(n, guesses[i].code),
                                           .zh = keep(n, guesses[i].zh),
                                           .en = keep(n, guesses[i].en),
                                           .certain = guesses[i].certain,
                                           .swapped = guesses[i].swapped};
        if (!out[i].code || !out[i].zh || !out[i].en) return ph_fail_memory(err);
    }
    n->content.crs.guesses = out;
    n->content.crs.guess_count = count;
    return PH_OK;
}

static void tell_place(struct ph_inspection *n, struct ph_box extent)
{
    struct ph_projector *projector = NULL;
    struct ph_xy middle = {(extent.min_x + extent.max_x) / 2, (extent.min_y + extent.max_y) / 2};
    if (ph_projector_new(n->parcels.crs, &projector, NULL) == PH_OK) {
        ph_project_inverse(projector, &middle, 1);
        n->content.longitude = middle.x * DEGREES;
        n->content.latitude = middle.y * DEGREES;
    }
    ph_projector_free(projector);
}

static enum ph_status tell_crs(struct ph_inspection *n, const struct ph_inspect_request *q, struct ph_error *err)
{
    struct ph_inspection_content *c = &n->content;
    struct ph_box extent = ph_shapes_extent(&n->parcels.t.layer.shapes);
    bool anything = extent.min_x <= extent.max_x;
    c->crs = (struct ph_inspect_crs){.ordered = q->crs != NULL, .central_meridian = NAN};
    if (anything) c->min_x = extent.min_x, c->min_y = extent.min_y, c->max_x = extent.max_x, c->max_y = extent.max_y;
    bool doubtful = n->parcels.crs == NULL;
    for (size_t i = 0; i < n->problems.count; i++) {
        const struct ph_problem *p = &n->problems.items[i];
        if (strncmp(p->code, "crs.", 4) != 0 || c->crs.zh) continue;
        c->crs.zh = p->zh;
        c->crs.en = p->en;
        doubtful |= p->severity == PH_PROBLEM_ERROR;
    }
    if (n->parcels.crs) {
        const struct ph_crs_facts *facts = ph_crs_facts(n->parcels.crs);
        c->crs.name = facts->name;
        c->crs.code = facts->code;
        c->crs.datum = facts->datum_name;
        c->crs.projected = facts->kind == PH_CRS_PROJECTED;
        if (facts->zone.known) c->crs.central_meridian = facts->zone.central_meridian;
        c->crs.zone_width = facts->zone.width;
        c->crs.zone_number = facts->zone.number;
        c->crs.zone_prefix = facts->zone.prefix;
        if (anything && !doubtful) tell_place(n, extent);
    }
    return anything && doubtful ? tell_guesses(n, extent, err) : PH_OK;
}

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

static void tell_source(struct ph_inspection *n)
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
    if (!facts->encoding_known) return;
    c->encoding = facts->encoding.name;
    c->encoding_zh = facts->encoding.zh;
    c->encoding_en = facts->encoding.en;
}

static enum ph_status look(struct ph_inspection *n, const struct ph_inspect_request *q, struct ph_error *err)
{
    PH_TRY(open_source(n, q, err));
    PH_TRY(choose_kind(n, err));
    tell_source(n);
    PH_TRY(ph_parcels_report_encoding(facts_of(n), &n->problems, err));
    struct ph_fieldmap_request fields = {
        .fields = fields_of(n->content.kind), .source = facts_of(n), .map = q->map, .lenient = true};
    PH_TRY(ph_fieldmap_make(&fields, &n->map, &n->problems, err));
    PH_TRY(read_source(n, q, err));
    PH_TRY(tell_fields(n, err));
    PH_TRY(tell_crs(n, q, err));
    return tell_problems(n, err);
}

enum ph_status ph_inspect(const struct ph_inspect_request *request, struct ph_inspection **out, struct ph_error *err)
{
    *out = NULL;
    if (request->source == NULL) return ph_fail(err, PH_E_USAGE, "没有给出数据", "no source was given");
    struct ph_inspection *n = calloc(1, sizeof *n);
    if (n == NULL) return ph_fail_memory(err);
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

void ph_inspection_free(struct ph_inspection *n)
{
    if (n == NULL) return;
    ph_fieldmap_dispose(&n->map);
    ph_parcels_dispose(&n->parcels);
    ph_problems_dispose(&n->problems);
    ph_arena_dispose(&n->arena);
    free(n);
}
