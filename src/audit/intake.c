#include "audit/intake.h"

enum ph_status ph_intake(struct ph_source *source, const struct ph_fields *fields, bool lenient, size_t open_field,
                         const struct ph_progress *progress, struct ph_fielded *out, struct ph_problems *oddities,
                         struct ph_problems *problems, struct ph_error *err)
{
    const struct ph_source_facts *facts = ph_source_facts(source);
    struct ph_fieldmap_request request = {.fields = fields, .source = facts, .lenient = lenient};
    struct ph_fieldmap map = {0};
    PH_TRY(ph_fieldmap_make(&request, &map, oddities, err));
    struct ph_layer layer = {0};
    enum ph_status status = ph_source_read(source, 1, progress, &layer, problems, err);
    if (status == PH_OK) status = ph_normalise(&layer, &map, fields, facts->path, open_field, out, oddities, err);
    ph_fieldmap_dispose(&map);
    ph_layer_dispose(&layer);
    return status;
}
