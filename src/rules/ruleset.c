#include "rules/ruleset.h"

#include <stdlib.h>
#include <string.h>

static const char *const tag_names[PH_TAG_COUNT] = {
    [PH_TAG_APPROVED_UNSUPPLIED] = "approved_unsupplied",
    [PH_TAG_IDLE] = "idle",
    [PH_TAG_LOW_EFFICIENCY] = "low_efficiency",
    [PH_TAG_UNVERIFIED] = "unverified",
    [PH_TAG_NORMAL] = "normal",
    [PH_TAG_ALERT] = "alert",
    [PH_TAG_INDICATOR] = "indicator",
    [PH_TAG_DATA] = "data",
};

const char *ph_tag_name(enum ph_tag tag)
{
    return tag_names[tag];
}

static enum ph_status read_tag(const struct ph_document *d, const struct ph_yaml *node, enum ph_tag *tag)
{
    const char *name;
    PH_TRY(ph_document_required(d, node, "tag", &name));
    for (int t = 0; t < PH_TAG_COUNT; t++)
        if (strcmp(tag_names[t], name) == 0 && t != PH_TAG_UNVERIFIED && t != PH_TAG_NORMAL) {
            *tag = (enum ph_tag)t;
            return PH_OK;
        }
    ph_fail(d->err, PH_E_RULES,
            "标签“%s”不可用;可用:approved_unsupplied、idle、low_efficiency、alert、indicator、data",
            "tag '%s' cannot be used; use approved_unsupplied, idle, low_efficiency, alert, indicator or data", name);
    return ph_document_fail(d, ph_yaml_get(node, "tag"));
}

static const char *cited(struct ph_arena *arena, const struct ph_rule *rule)
{
    static const char mark[] = "〔待核〕";
    if (rule->sure == NULL || strcmp(rule->sure, "V") == 0) return rule->basis;
    size_t n = strlen(rule->basis);
    char *text = ph_arena_alloc(arena, n + sizeof mark);
    if (text == NULL) return NULL;
    memcpy(text, rule->basis, n);
    memcpy(text + n, mark, sizeof mark);
    return text;
}

static enum ph_status read_rule(struct ph_document *d, const struct ph_yaml *node)
{
    static const char *const keys[] = {"id",     "tag",    "title", "title_en", "basis",    "sure",   "source", "when",
                                       "needs",  "reason", "since", "fee",      "measures", "absent", "note",   NULL};
    if (node->kind != PH_YAML_MAP)
        return ph_fail(d->err, PH_E_RULES, "规则应是键值表", "a rule must be a map"), ph_document_fail(d, node);
    PH_TRY(ph_document_check_keys(d, node, keys));
    struct ph_rule rule = {.place = ph_document_place(d, node)};
    PH_TRY(ph_document_required(d, node, "id", &rule.id));
    PH_TRY(read_tag(d, node, &rule.tag));
    PH_TRY(ph_document_required(d, node, "title", &rule.title));
    PH_TRY(ph_document_required(d, node, "basis", &rule.basis));
    PH_TRY(ph_document_required(d, node, "when", &rule.when));
    PH_TRY(ph_document_required(d, node, "reason", &rule.reason));
    rule.title_en = ph_document_text(node, "title_en");
    rule.sure = ph_document_text(node, "sure");
    rule.source = ph_document_text(node, "source");
    rule.cited = cited(d->arena, &rule);
    if (rule.cited == NULL) return ph_fail_memory(d->err);
    rule.since = ph_document_text(node, "since");
    rule.fee = ph_document_text(node, "fee");
    rule.when_place = ph_document_place(d, ph_yaml_get(node, "when"));
    rule.reason_place = ph_document_place(d, ph_yaml_get(node, "reason"));
    rule.since_place = ph_document_place(d, ph_yaml_get(node, "since"));
    rule.fee_place = ph_document_place(d, ph_yaml_get(node, "fee"));
    const char *absent = ph_document_text(node, "absent");
    rule.skip_absent = absent && strcmp(absent, "skip") == 0;
    if (absent && !rule.skip_absent && strcmp(absent, "unknown") != 0)
        return ph_fail(d->err, PH_E_RULES, "absent 只能是 skip 或 unknown", "absent must be skip or unknown"),
               ph_document_fail(d, ph_yaml_get(node, "absent"));
    PH_TRY(ph_document_list(d, node, "needs", &rule.needs, &rule.need_count));
    PH_TRY(ph_document_list(d, node, "measures", &rule.measures, &rule.measure_count));
    struct ph_ruleset *set = d->owner;
    for (size_t i = 0; i < set->rule_count; i++)
        if (strcmp(set->rules[i].id, rule.id) == 0) {
            if (set->rules[i].place.file == rule.place.file)
                return ph_fail(d->err, PH_E_RULES, "规则“%s”重复", "rule '%s' is written twice", rule.id), ph_document_fail(d, node);
            set->rules[i] = rule;
            return PH_OK;
        }
    set->rules = ph_document_grown(&set->arena, set->rules, set->rule_count, sizeof rule);
    if (set->rules == NULL) return ph_fail_memory(d->err);
    set->rules[set->rule_count++] = rule;
    return PH_OK;
}

static enum ph_status disable(struct ph_document *d, const struct ph_yaml *root)
{
    const char **ids;
    size_t count;
    PH_TRY(ph_document_list(d, root, "disable", &ids, &count));
    struct ph_ruleset *set = d->owner;
    for (size_t k = 0; k < count; k++) {
        size_t i = 0;
        while (i < set->rule_count && strcmp(set->rules[i].id, ids[k]) != 0) i++;
        if (i == set->rule_count)
            return ph_fail(d->err, PH_E_RULES, "disable:没有规则“%s”", "disable: there is no rule '%s'", ids[k]),
                   ph_document_fail(d, ph_yaml_get(root, "disable"));
        memmove(&set->rules[i], &set->rules[i + 1], (--set->rule_count - i) * sizeof *set->rules);
    }
    return PH_OK;
}

static enum ph_status read_set(struct ph_document *d, const struct ph_yaml *root)
{
    static const char *const keys[] = {"name", "title", "title_en", "extends", "source", "note",
                                       "params", "define", "rules", "disable", NULL};
    if (root->kind != PH_YAML_MAP)
        return ph_fail(d->err, PH_E_RULES, "规则文件应是键值表", "a rule file must be a map"), ph_document_fail(d, root);
    PH_TRY(ph_document_check_keys(d, root, keys));
    PH_TRY(ph_document_extends(d, root));
    struct ph_ruleset *set = d->owner;
    PH_TRY(ph_document_required(d, root, "name", &set->name));
    PH_TRY(ph_document_required(d, root, "title", &set->title));
    set->title_en = ph_document_text(root, "title_en");
    set->source = ph_document_text(root, "source");
    PH_TRY(ph_document_words(d, root));
    PH_TRY(disable(d, root));
    return ph_document_section(d, root, "rules", PH_YAML_LIST, read_rule);
}

enum ph_status ph_ruleset_load(const char *name, struct ph_ruleset **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_ruleset *set = calloc(1, sizeof *set);
    if (set == NULL) return ph_fail_memory(err);
    struct ph_document d = {
        .arena = &set->arena, .words = &set->words, .builtin = ph_builtin_set, .read = read_set, .owner = set, .err = err};
    enum ph_status status = ph_document_load(&d, name, set->sha256);
    if (status != PH_OK) {
        ph_ruleset_free(set);
        return status;
    }
    *out = set;
    return PH_OK;
}

void ph_ruleset_free(struct ph_ruleset *set)
{
    if (set == NULL) return;
    ph_arena_dispose(&set->arena);
    free(set);
}
