#include "audit/evaluation.h"

#include <assert.h>
#include <string.h>

static const struct ph_problem_kind absent = {
    PH_WARNING, "scheme.absent", "在企业表补上这一列;没有时按评价方案对缺失的规定处理", "add the column to the enterprise table; without it the scheme's rule for missing cells holds"};

enum ph_status ph_evaluation_open(const struct ph_audit_request *q, struct ph_evaluation *out, struct ph_error *err)
{
    if (q->scheme == NULL) return PH_OK;
    if (q->enterprises == NULL)
        return ph_fail(err, PH_E_USAGE, "给了评价方案(--scheme),还要给企业表(--enterprises)",
                       "a scheme (--scheme) needs an enterprise table (--enterprises)");
    return ph_scheme_load(q->scheme, &out->scheme, err);
}

enum ph_status ph_evaluation_run(const struct ph_audit_request *q, const struct ph_enterprises *enterprises, struct ph_evaluation *e,
                                 struct ph_problems *problems, struct ph_error *err)
{
    if (e->scheme == NULL) return PH_OK;
    PH_TRY(ph_units_make(enterprises, q->as_of, &e->units, err));
    ph_roster_variables(e->variables);
    for (size_t i = 0; i < PH_ENTERPRISE_FIELDS; i++) e->variables[i].present = ph_field_column(&enterprises->t, i) != NULL;
    e->roster = (struct ph_roster){.rows = e->units.count, .variables = e->variables, .variable_count = PH_ROSTER_VARIABLES,
                                   .fetch = ph_units_fetch, .data = &e->units};
    PH_TRY(ph_scoring_run(e->scheme, &e->roster, q->threads, &e->scoring, err));
    for (size_t i = 0, variable; (variable = ph_scoring_absent(e->scoring, i)) != SIZE_MAX; i++)
        PH_TRY(ph_problem_add(problems, &absent, ph_source_facts(enterprises->source)->path, -1, err, "企业表没有“%s”一列,评价方案 %s 要用",
                              "the enterprise table has no column for %s, which scheme %s uses", e->variables[variable].title, e->scheme->name));
    return ph_lifts_find(e->scoring, q->threads, &q->progress, &e->lifts, err);
}

void ph_evaluation_dispose(struct ph_evaluation *e)
{
    ph_lifts_free(e->lifts);
    ph_scoring_free(e->scoring);
    ph_units_dispose(&e->units);
    ph_scheme_free(e->scheme);
    memset(e, 0, sizeof *e);
}

const struct ph_score *ph_evaluation_of_row(const struct ph_evaluation *e, size_t row)
{
    if (e->scoring == NULL || e->units.of_row[row] == SIZE_MAX) return NULL;
    return ph_scoring_row(e->scoring, e->units.of_row[row]);
}

/* One by one, each step would wait for memory that only the step before names: taken together they wait at once. */
void ph_evaluation_of_holdings(const struct ph_evaluation *e, const size_t *holdings, size_t count, const struct ph_score **out)
{
    const struct ph_holding *all = e->units.enterprises->holdings;
    size_t at[PH_EVALUATION_BLOCK];
    assert(count <= PH_EVALUATION_BLOCK);
    for (size_t i = 0; i < count; i++) at[i] = holdings[i] == SIZE_MAX ? SIZE_MAX : all[holdings[i]].row;
    for (size_t i = 0; i < count; i++) at[i] = at[i] == SIZE_MAX ? SIZE_MAX : e->units.of_row[at[i]];
    for (size_t i = 0; i < count; i++) out[i] = at[i] == SIZE_MAX ? NULL : ph_scoring_row(e->scoring, at[i]);
}

const struct ph_score *ph_evaluation_of_parcel(const struct ph_evaluation *e, size_t parcel)
{
    const struct ph_score *score = NULL;
    if (e->scoring) ph_evaluation_of_holdings(e, &e->units.enterprises->holding_of_parcel[parcel], 1, &score);
    return score;
}
