#include "panhuo/explain.h"

#include <stdlib.h>

#include "report/case_find.h"
#include "report/case_sheet.h"

static enum ph_status explain(struct ph_explanation *e, const char *code, struct ph_error *err)
{
    struct ph_case_found found;
    size_t count = 0;
    PH_TRY(ph_query_open(e->audit, "SELECT title, constraint_name FROM gpkg_data_columns WHERE table_name = ?1 AND column_name = ?2", &e->titles, err));
    PH_TRY(ph_case_find(e->audit, code, &e->arena, &found, err));
    switch (found.what) {
    case PH_FOUND_FID: PH_TRY(ph_case_parcels(e, "WHERE fid = ?1", found.code, &count, err)); break;
    case PH_FOUND_PARCEL: PH_TRY(ph_case_parcels(e, "WHERE parcel_id = ?1 ORDER BY fid", found.code, &count, err)); break;
    case PH_FOUND_ENTERPRISE: PH_TRY(ph_case_enterprises(e, found.code, &count, err)); break;
    }
    if (count == 0) return ph_fail(err, PH_E_INPUT, "宗地图层没有第 %s 行", "the layer of parcels has no row %s", found.code);
    return e->failed ? ph_fail_memory(err) : PH_OK;
}

enum ph_status ph_explain(const struct ph_explain_request *request, struct ph_explanation **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_explanation *e = calloc(1, sizeof *e);
    if (e == NULL) return ph_fail_memory(err);
    e->root.node.kind = PH_CASE_LIST;
    enum ph_status status = ph_gpkg_open(request->audit, &e->audit, err);
    if (status == PH_OK) status = explain(e, request->code, err);
    ph_query_close(e->titles);
    e->titles = NULL;
    ph_gpkg_close(e->audit);
    e->audit = NULL;
    if (status == PH_OK)
        *out = e;
    else
        ph_explanation_free(e);
    return status;
}

const struct ph_case_node *ph_explanation_cases(const struct ph_explanation *e) { return &e->root.node; }

void ph_explanation_free(struct ph_explanation *e)
{
    if (e == NULL) return;
    ph_arena_dispose(&e->arena);
    free(e);
}
