/* The CRS: what speaks for it, what against, and which it may be instead. */
#include <math.h>
#include <string.h>

#include "audit/inspection.h"
#include "geo/crs_check.h"
#include "geo/crs_evidence.h"

#define GUESSES 24
#define DEGREES (180 / 3.14159265358979323846)

static const char *keep(struct ph_inspection *n, const char *text)
{
    return text ? ph_arena_text(&n->arena, text, strlen(text)) : NULL;
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

static enum ph_status tell_evidence(struct ph_inspection *n, struct ph_box extent, struct ph_error *err)
{
    struct ph_crs_evidence found[PH_CRS_EVIDENCE_MAX];
    size_t count;
    PH_TRY(ph_crs_evidence(n->parcels.crs, extent, found, &count, err));
    struct ph_inspect_evidence *out = ph_arena_alloc(&n->arena, (count + 1) * sizeof *out);
    if (out == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        out[i] = (struct ph_inspect_evidence){found[i].speaks_for, keep(n, found[i].zh), keep(n, found[i].en)};
        if (out[i].zh == NULL || out[i].en == NULL) return ph_fail_memory(err);
    }
    n->content.crs.evidence = out;
    n->content.crs.evidence_count = count;
    return PH_OK;
}

enum ph_status ph_inspection_tell_crs(struct ph_inspection *n, const struct ph_inspect_request *q, struct ph_error *err)
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
        if (anything && !doubtful) PH_TRY(tell_evidence(n, extent, err));
    }
    return anything && doubtful ? tell_guesses(n, extent, err) : PH_OK;
}
