#include "audit/parcels.h"

#include <stdlib.h>
#include <string.h>

#include "base/threads.h"

#include "base/progress.h"

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

enum ph_status ph_parcels_read(const struct ph_audit_request *q, struct ph_parcels *out, struct ph_problems *problems, struct ph_error *err)
{
    struct ph_source_request request = {
        .path = q->parcels, .layer = q->layer, .where = q->where, .encoding = q->encoding, .open_options = q->open_options};
    PH_TRY(ph_source_open(&request, &out->source, err));
    const struct ph_source_facts *facts = ph_source_facts(out->source);
    PH_TRY(ph_parcels_report_encoding(facts, problems, err));
    struct ph_fieldmap map = {0};
    struct ph_fieldmap_request fields = {.fields = &ph_parcel_fields, .source = facts, .map = q->map};
    PH_TRY(ph_fieldmap_make(&fields, &map, problems, err));
    enum ph_status status = ph_parcels_load(&map, ph_thread_count(q->threads, PH_THREADS_MAX), &q->progress, out, problems, err);
    ph_fieldmap_dispose(&map);
    return status;
}

enum ph_status ph_parcels_load(const struct ph_fieldmap *map, int threads, const struct ph_progress *progress, struct ph_parcels *out,
                               struct ph_problems *problems, struct ph_error *err)
{
    const char *path = ph_source_facts(out->source)->path;
    out->registered_source = map->matches[PH_REGISTERED_M2].source;
    struct ph_layer layer = {0};
    enum ph_status status = ph_source_read(out->source, threads, progress, &layer, problems, err);
    if (status == PH_OK) status = ph_normalise(&layer, map, &ph_parcel_fields, path, PH_REGISTERED_M2, &out->t, problems, err);
    ph_layer_dispose(&layer);
    PH_TRY(status);
    PH_TRY(ph_progress_tell(progress, PH_STAGE_READ, 1, err));
    size_t rows = ph_parcel_count(out);
    out->areas = calloc(rows + 1, sizeof *out->areas);
    out->checks = calloc(rows + 1, sizeof *out->checks);
    return out->areas && out->checks ? PH_OK : ph_fail_memory(err);
}

void ph_parcels_dispose(struct ph_parcels *parcels)
{
    ph_fielded_dispose(&parcels->t);
    ph_source_free(parcels->source);
    ph_surface_free(parcels->surface);
    ph_crs_free(parcels->crs);
    free(parcels->areas);
    free(parcels->checks);
    memset(parcels, 0, sizeof *parcels);
}

const char *ph_parcel_text(const struct ph_parcels *p, enum ph_parcel_field field, size_t row)
{
    const struct ph_column *column = ph_field_column(&p->t, field);
    return column ? column->text[row] : NULL;
}
