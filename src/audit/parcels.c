#include "audit/parcels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/progress.h"
#include "base/threads.h"
#include "io/target.h"

static const struct ph_problem_kind encoding_override = {
    PH_WARNING, "encoding.override", "源文件的编码声明不对;panhuo inspect 可见样字", "the file declares a wrong encoding; panhuo inspect shows samples"};
static const struct ph_problem_kind name_cut = {
    PH_NOTE, "encoding.half_character", "DBF 字段名只有 10 字节", "names in a DBF have 10 bytes"};

enum ph_status ph_parcels_report_encoding(const struct ph_source_facts *facts, struct ph_problems *problems, struct ph_error *err)
{
    if (facts->encoding_known && facts->encoding.overrides)
        PH_TRY(ph_problem_add_text(problems, &encoding_override, facts->path, -1, facts->encoding.zh, facts->encoding.en, err));
    struct ph_text names;
    ph_text_init(&names, 4096);
    for (size_t f = 0; f < facts->field_count; f++)
        if (facts->fields[f].cut) ph_text_addf(&names, "%s%s", names.length ? "、" : "", facts->fields[f].name);
    enum ph_status status = PH_OK;
    if (names.length)
        status = ph_problem_add(problems, &name_cut, facts->path, -1, err, "字段名末尾半个汉字已略去:%s",
                                "field names ended in half a character, left out: %s", ph_text_get(&names));
    ph_text_dispose(&names);
    return status;
}

void ph_asked_fill(struct ph_audit_source *asked, const struct ph_audit_source *from)
{
    if (asked->layer == NULL) asked->layer = from->layer;
    if (asked->where == NULL) asked->where = from->where;
    if (asked->crs == NULL) asked->crs = from->crs;
    if (asked->encoding == NULL) asked->encoding = from->encoding;
    if (asked->transform == NULL) asked->transform = from->transform;
    if (asked->open_options == NULL) asked->open_options = from->open_options;
    if (asked->txt_layout == NULL) asked->txt_layout = from->txt_layout;
    if (asked->map == NULL) asked->map = from->map;
}

enum ph_status ph_parcels_begin(struct ph_parcels *p, const struct ph_audit_source *asked, struct ph_source *source, struct ph_error *err)
{
    p->parts = calloc(1, sizeof *p->parts);
    if (p->parts == NULL) {
        ph_source_free(source);
        return ph_fail_memory(err);
    }
    p->parts[0] = (struct ph_part){.source = source, .asked = *asked, .to = SIZE_MAX};
    p->part_count = 1;
    return PH_OK;
}

/* FILE:layer, where two sources are layers of one file. */
static bool name_layer(const struct ph_audit_request *q, const struct ph_audit_source *asked, char *name, size_t size)
{
    size_t same = 0;
    for (size_t i = 0; i < q->source_count; i++) same += strcmp(q->sources[i].path, asked->path) == 0;
    if (same < 2 || asked->layer == NULL) return false;
    snprintf(name, size, "%s:%s", asked->path, asked->layer);
    return true;
}

enum ph_status ph_parcels_read(const struct ph_audit_request *q, const struct ph_audit_source *asked, struct ph_parcels *out,
                               struct ph_problems *problems, struct ph_error *err)
{
    char name[600];
    struct ph_source_request request = {.path = asked->path, .layer = asked->layer, .where = asked->where, .encoding = asked->encoding,
                                        .open_options = asked->open_options, .txt_layout = asked->txt_layout};
    if (name_layer(q, asked, name, sizeof name)) request.name = name;
    struct ph_source *source = NULL;
    PH_TRY(ph_source_open(&request, &source, err));
    PH_TRY(ph_parcels_begin(out, asked, source, err));
    const struct ph_source_facts *facts = ph_parcels_facts(out);
    if (q->output) PH_TRY(ph_target_check_inputs(q->output, facts->files, facts->file_count, err));
    PH_TRY(ph_parcels_report_encoding(facts, problems, err));
    struct ph_fieldmap map = {0};
    struct ph_fieldmap_request fields = {.fields = &ph_parcel_fields, .source = facts, .map = asked->map};
    PH_TRY(ph_fieldmap_make(&fields, &map, problems, err));
    enum ph_status status = ph_parcels_load(&map, ph_thread_count(q->threads, PH_THREADS_MAX), &q->progress, out, problems, err);
    ph_fieldmap_dispose(&map);
    return status;
}

enum ph_status ph_parcels_load(const struct ph_fieldmap *map, int threads, const struct ph_progress *progress, struct ph_parcels *out,
                               struct ph_problems *problems, struct ph_error *err)
{
    const char *path = ph_parcels_facts(out)->path;
    out->registered_source = map->matches[PH_REGISTERED_M2].source;
    struct ph_layer layer = {0};
    enum ph_status status = ph_source_read(out->parts[0].source, threads, progress, &layer, problems, err);
    if (status == PH_OK) status = ph_normalise(&layer, map, &ph_parcel_fields, path, PH_REGISTERED_M2, &out->t, problems, err);
    ph_layer_dispose(&layer);
    PH_TRY(status);
    out->parts[0].to = ph_parcel_count(out);
    out->parts[0].to = ph_parcel_count(out);
    out->parts[0].coded = out->t.column_of[PH_PARCEL_ID] != SIZE_MAX;
    PH_TRY(ph_progress_tell(progress, PH_STAGE_READ, 1, err));
    size_t rows = ph_parcel_count(out);
    out->areas = calloc(rows + 1, sizeof *out->areas);
    out->checks = calloc(rows + 1, sizeof *out->checks);
    return out->areas && out->checks ? PH_OK : ph_fail_memory(err);
}

void ph_parcels_dispose(struct ph_parcels *parcels)
{
    ph_fielded_dispose(&parcels->t);
    for (size_t i = 0; i < parcels->part_count; i++) {
        ph_source_free(parcels->parts[i].source);
        ph_crs_free(parcels->parts[i].crs);
    }
    free(parcels->parts);
    ph_surface_free(parcels->surface);
    ph_crs_free(parcels->crs);
    free(parcels->areas);
    free(parcels->checks);
    memset(parcels, 0, sizeof *parcels);
}

const struct ph_part *ph_parcel_part(const struct ph_parcels *p, size_t row)
{
    const struct ph_part *part = p->parts;
    while (row >= part->to) part++;
    return part;
}

const char *ph_parcel_path(const struct ph_parcels *p, size_t row)
{
    return ph_source_facts(ph_parcel_part(p, row)->source)->path;
}

const char *ph_parcel_text(const struct ph_parcels *p, enum ph_parcel_field field, size_t row)
{
    const struct ph_column *column = ph_field_column(&p->t, field);
    return column ? column->text[row] : NULL;
}
