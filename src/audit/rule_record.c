/* The rules that the run went by, as tables: what a finding's rule says, and what the names in its evidence mean. */
#include <string.h>

#include "audit/facts.h"
#include "audit/record.h"

#define MEASURES_CAP 256

static enum ph_status keep_measures(struct ph_table *made, const struct ph_rule *rule, const char **out, struct ph_error *err)
{
    struct ph_text joined;
    ph_text_init(&joined, MEASURES_CAP);
    for (size_t i = 0; i < rule->measure_count; i++) ph_text_addf(&joined, "%s%s", i ? ";" : "", rule->measures[i]);
    *out = joined.failed ? NULL : ph_table_text(made, ph_text_get(&joined), joined.length);
    ph_text_dispose(&joined);
    return *out ? PH_OK : ph_fail_memory(err);
}

enum ph_status ph_record_rules(const struct ph_findings_of_run *run, struct ph_columns *c, struct ph_error *err)
{
    enum { RULE, TAG, TITLE, CONDITION, REASON, BASIS, SURE, SOURCE, MEASURES, COUNT };
    static const char *const names[COUNT][2] = {{"rule", "规则"},   {"tag", "标签"},   {"title", "名称"},  {"condition", "条件"}, {"reason", "理由"},
                                                {"basis", "依据"}, {"sure", "核对"}, {"source", "出处"}, {"measures", "建议措施"}};
    const struct ph_ruleset *set = run->rules;
    PH_TRY(ph_table_add_rows(&c->made, set->rule_count, err));
    for (size_t i = 0; i < COUNT; i++) PH_TRY(ph_columns_make(c, names[i][0], names[i][1], PH_TEXT, i == TAG ? "rule_tag" : NULL, NULL, err));
    struct ph_column *out = c->made.columns;
    for (size_t row = 0; row < set->rule_count; row++) {
        const struct ph_rule *rule = &set->rules[row];
        const char *const texts[COUNT] = {[RULE] = rule->id,       [TAG] = ph_tag_name(rule->tag), [TITLE] = rule->title, [CONDITION] = rule->when,
                                          [REASON] = rule->reason, [BASIS] = rule->basis,          [SURE] = rule->sure,   [SOURCE] = rule->source};
        for (size_t i = 0; i < COUNT; i++) out[i].text[row] = texts[i];
        PH_TRY(keep_measures(&c->made, rule, &out[MEASURES].text[row], err));
    }
    return PH_OK;
}

enum ph_status ph_record_rule_names(const struct ph_findings_of_run *run, struct ph_columns *c, struct ph_error *err)
{
    enum { NAME, TITLE, EXPRESSION, UNIT, NOTE, COUNT };
    static const char *const names[COUNT][2] = {{"name", "名称"}, {"title", "中文名"}, {"expression", "取值"}, {"unit", "单位"}, {"note", "说明"}};
    const struct ph_words *words = &run->rules->words;
    struct ph_variable variables[PH_VARIABLES];
    ph_facts_variables(NULL, NULL, NULL, variables);
    PH_TRY(ph_table_add_rows(&c->made, PH_VARIABLES + words->define_count + words->param_count, err));
    for (size_t i = 0; i < COUNT; i++) PH_TRY(ph_columns_make(c, names[i][0], names[i][1], PH_TEXT, NULL, NULL, err));
    struct ph_column *out = c->made.columns;
    size_t row = 0;
    for (size_t i = 0; i < PH_VARIABLES; i++, row++) {
        out[NAME].text[row] = variables[i].name;
        out[TITLE].text[row] = variables[i].title;
    }
    for (size_t i = 0; i < words->define_count; i++, row++) {
        const struct ph_define *define = &words->defines[i];
        const char *const texts[COUNT] = {define->name, define->title, define->expr, NULL, define->note};
        for (size_t k = 0; k < COUNT; k++) out[k].text[row] = texts[k];
    }
    for (size_t i = 0; i < words->param_count; i++, row++) {
        const struct ph_param *param = &words->params[i];
        const char *const texts[COUNT] = {param->name, param->title, param->literal, param->unit, param->source};
        for (size_t k = 0; k < COUNT; k++) out[k].text[row] = texts[k];
    }
    return PH_OK;
}
