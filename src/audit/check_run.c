/* The check alone, from the request to its findings, and to a file where one is wanted. */
#include "panhuo/check.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "audit/check_table.h"
#include "audit/gather.h"
#include "audit/output.h"
#include "audit/staging.h"
#include "base/number.h"
#include "io/gpkg.h"
#include "io/target.h"
#include "model/codelist.h"

#define MESSAGE_CAP 4096

struct ph_check_result {
    struct ph_arena arena;
    struct ph_check_summary summary;
};

struct run {
    struct ph_parcels parcels;
    struct ph_check check;
    struct ph_problems problems;
};

static enum ph_status check_request(const struct ph_audit_request *q, struct ph_error *err)
{
    if (q->source_count == 0) return ph_fail(err, PH_E_USAGE, "没有给出宗地数据", "no parcels were given");
    if (q->output == NULL) return PH_OK;
    for (size_t i = 0; i < q->source_count; i++) PH_TRY(ph_target_check_input(q->output, q->sources[i].path, err));
    return ph_output_check(q, err);
}

static enum ph_status examine(const struct ph_audit_request *q, struct run *r, struct ph_error *err)
{
    ph_source_load_drivers();
    PH_TRY(ph_parcels_gather(q, &r->parcels, &r->check, &r->problems, err));
    return ph_check_neighbours(&r->parcels, q, &r->check, &r->problems, err);
}

static enum ph_status keep(struct ph_arena *arena, const char *text, const char **out, struct ph_error *err)
{
    *out = text ? ph_arena_text(arena, text, strlen(text)) : NULL;
    return text && *out == NULL ? ph_fail_memory(err) : PH_OK;
}

static enum ph_status add_sentence(const struct run *r, size_t index, bool english, struct ph_text *text, struct ph_arena *arena,
                                   const char **out, struct ph_error *err)
{
    ph_text_clear(text);
    ph_check_message(&r->check, &r->parcels, index, english, text);
    return text->failed ? ph_fail_memory(err) : keep(arena, ph_text_get(text), out, err);
}

static enum ph_status add_finding(const struct run *r, size_t index, struct ph_text *text, struct ph_arena *arena, struct ph_check_finding *out,
                                  struct ph_error *err)
{
    const struct ph_topology_finding *f = &r->check.found.items[index];
    bool against = index >= r->check.against_from;
    *out = (struct ph_check_finding){.kind = ph_topology_kind_name(f->kind), .against = against, .area_m2 = f->area_m2,
                                     .share_a = f->share_a, .share_b = f->share_b};
    PH_TRY(keep(arena, ph_parcel_text(&r->parcels, PH_PARCEL_ID, f->a), &out->parcel_a, err));
    if (f->b != PH_NO_ROW) {
        const char *b = against ? ph_check_against_name(&r->check, f->b) : ph_parcel_text(&r->parcels, PH_PARCEL_ID, f->b);
        PH_TRY(keep(arena, b, &out->parcel_b, err));
    }
    PH_TRY(add_sentence(r, index, false, text, arena, &out->zh, err));
    return add_sentence(r, index, true, text, arena, &out->en, err);
}

static void count_kind(struct ph_check_summary *s, struct ph_check_kind *kinds, const struct ph_check_finding *f)
{
    size_t i = 0;
    while (i < s->kind_count && !(kinds[i].kind == f->kind && kinds[i].against == f->against)) i++;
    if (i == s->kind_count)
        kinds[s->kind_count++] = (struct ph_check_kind){.kind = f->kind, .label = ph_codelist_text(ph_codelist_find("topology_kind"), f->kind),
                                                        .against = f->against, .area_dm2 = INT64_MIN};
    int64_t dm2 = ph_dm2_from_m2(f->area_m2);
    kinds[i].count++;
    if (dm2 != INT64_MIN) kinds[i].area_dm2 = (kinds[i].area_dm2 == INT64_MIN ? 0 : kinds[i].area_dm2) + dm2;
}

static enum ph_status list_findings(const struct run *r, struct ph_check_result *out, struct ph_error *err)
{
    enum { KINDS = 2 * (PH_TOPOLOGY_GAP + 1) };
    const struct ph_topology *found = &r->check.found;
    struct ph_check_summary *s = &out->summary;
    struct ph_check_finding *findings = ph_arena_alloc(&out->arena, (found->count + 1) * sizeof *findings);
    struct ph_check_kind *kinds = ph_arena_alloc(&out->arena, KINDS * sizeof *kinds);
    if (findings == NULL || kinds == NULL) return ph_fail_memory(err);
    s->findings = findings;
    s->kinds = kinds;
    struct ph_text text;
    ph_text_init(&text, MESSAGE_CAP);
    enum ph_status status = PH_OK;
    for (size_t i = 0; status == PH_OK && i < found->count; i++) {
        if (found->items[i].hidden) continue;
        struct ph_check_finding *finding = &findings[s->finding_count++];
        status = add_finding(r, i, &text, &out->arena, finding, err);
        count_kind(s, kinds, finding);
    }
    ph_text_dispose(&text);
    return status;
}

static enum ph_status summarise(const struct ph_audit_request *q, const struct run *r, struct ph_check_result *out, struct ph_error *err)
{
    struct ph_check_summary *s = &out->summary;
    PH_TRY(list_findings(r, out, err));
    s->parcels = ph_parcel_count(&r->parcels);
    for (size_t i = 0; i < s->parcels; i++)
        if (r->parcels.areas[i].ellipsoid_dm2 != INT64_MIN) s->area_dm2 += r->parcels.areas[i].ellipsoid_dm2;
    s->twice_dm2 = r->check.twice.ellipsoid_dm2;
    s->net_dm2 = r->check.excess.ellipsoid_dm2 == INT64_MIN ? INT64_MIN : s->area_dm2 - r->check.excess.ellipsoid_dm2;
    size_t warnings = ph_problems_count(&r->problems, PH_WARNING);
    s->errors = ph_problems_count(&r->problems, PH_PROBLEM_ERROR);
    s->warnings = warnings - s->errors;
    s->notes = r->problems.count - warnings;
    if (q->output == NULL) return PH_OK;
    char project[PH_TARGET_PATH_CAP + 8];
    ph_gpkg_sidecar(q->output, project, sizeof project);
    PH_TRY(keep(&out->arena, project, &s->project, err));
    return keep(&out->arena, q->output, &s->output, err);
}

static enum ph_status write(const struct ph_audit_request *q, const struct run *r, struct ph_error *err)
{
    struct ph_findings_of_run found = {.request = q, .parcels = &r->parcels, .check = &r->check, .problems = &r->problems};
    struct ph_output *output;
    PH_TRY(ph_output_begin(&found, &output, err));
    enum ph_status status = ph_output_write_others(output, err);
    if (status == PH_OK) status = ph_output_write_rows(output, err);
    if (status == PH_OK) return ph_output_complete(output, err);
    ph_output_discard(output);
    return status;
}

enum ph_status ph_check_run(const struct ph_audit_request *request, struct ph_check_result **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_check_result *result = calloc(1, sizeof *result);
    if (result == NULL) return ph_fail_memory(err);
    struct run run = {0};
    struct ph_staging staging;
    enum ph_status status = ph_staging_begin(request, &staging, err);
    struct ph_audit_request *q = &staging.request;
    q->area_basis = PH_BASIS_ELLIPSOID;
    if (status == PH_OK) status = check_request(q, err);
    if (status == PH_OK) status = examine(q, &run, err);
    if (status == PH_OK) status = summarise(q, &run, result, err);
    if (status == PH_OK && q->output) status = write(q, &run, err);
    ph_check_dispose(&run.check);
    ph_parcels_dispose(&run.parcels);
    ph_problems_dispose(&run.problems);
    status = ph_staging_end(&staging, status, err);
    if (status == PH_OK && staging.label[0]) {
        status = keep(&result->arena, staging.label, &result->summary.output, err);
        result->summary.project = NULL;
    }
    if (status != PH_OK) {
        ph_check_result_free(result);
        return status;
    }
    *out = result;
    return PH_OK;
}

const struct ph_check_summary *ph_check_result_summary(const struct ph_check_result *result)
{
    return &result->summary;
}

void ph_check_result_free(struct ph_check_result *result)
{
    if (result) ph_arena_dispose(&result->arena);
    free(result);
}
