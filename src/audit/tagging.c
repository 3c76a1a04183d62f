#include "audit/tagging.h"

#include <stdlib.h>
#include <string.h>

#include "audit/tagger.h"

static const struct ph_problem_kind skipped = {
    PH_NOTE, "rule.skipped", "补上该字段后这条规则才能判定", "the rule can be evaluated once the field is there"};

static enum ph_status make_tables(struct ph_tagging *out, size_t rows, struct ph_error *err)
{
    PH_TRY(ph_tagger_make_tags(&out->tags, err));
    PH_TRY(ph_tagger_make_findings(&out->findings, err));
    out->tag = calloc(rows + 1, 1);
    return out->tag ? PH_OK : ph_fail_memory(err);
}

static enum ph_status report_skipped(const struct ph_tagging *t, struct ph_problems *problems, struct ph_error *err)
{
    const struct ph_parcels *p = t->parcels;
    const char *source = p->part_count == 1 ? ph_parcels_facts(p)->path : "";
    for (size_t r = 0; r < t->set->rule_count; r++) {
        const char *absent = ph_tagger_skips(t->own, r);
        if (absent)
            PH_TRY(ph_problem_add(problems, &skipped, source, -1, err,
                                  "规则 %s(%s)未执行:数据没有“%s”一列", "rule %s (%s) was not evaluated: the data has no column for %s",
                                  t->set->rules[r].id, t->set->rules[r].title, absent));
    }
    return PH_OK;
}

enum ph_status ph_tagging_prepare(const struct ph_audit_request *request, const struct ph_ruleset *set, const struct ph_parcels *parcels,
                                  const struct ph_enterprises *enterprises, const struct ph_evaluation *evaluation, struct ph_tagging *out,
                                  struct ph_problems *problems, struct ph_error *err)
{
    *out = (struct ph_tagging){.request = request, .set = set, .parcels = parcels, .enterprises = enterprises, .evaluation = evaluation};
    ph_facts_variables(parcels, enterprises, evaluation, out->variables);
    PH_TRY(make_tables(out, ph_parcel_count(parcels), err));
    PH_TRY(ph_tagger_open(out, &out->own, err));
    return report_skipped(out, problems, err);
}

void ph_tagging_dispose(struct ph_tagging *tagging)
{
    ph_tagger_close(tagging->own);
    ph_table_dispose(&tagging->tags);
    ph_table_dispose(&tagging->findings);
    free(tagging->tag);
    memset(tagging, 0, sizeof *tagging);
}
