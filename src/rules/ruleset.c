#include "rules/ruleset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/yaml.h"

#define EXTENDS_CAP 8

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

struct loader {
    struct ph_ruleset *set;
    char hashes[64 * (EXTENDS_CAP + 1)]; /* of the files read, the deepest last */
    size_t hash_count;
    const char *file;
    int depth;
    struct ph_error *err;
};

static struct ph_place place_of(const struct loader *l, const struct ph_yaml *node)
{
    return node ? (struct ph_place){l->file, node->line, node->column} : (struct ph_place){l->file, 0, 0};
}

static enum ph_status fail_at(const struct loader *l, const struct ph_yaml *node, enum ph_status status)
{
    if (l->err) l->err->status = status;
    return ph_at_line(l->err, l->file, node->key_line ? node->key_line : node->line,
                      node->key_line ? node->key_column : node->column);
}

static enum ph_status check_keys(const struct loader *l, const struct ph_yaml *map, const char *const *allowed)
{
    for (const struct ph_yaml *v = map->child; v; v = v->next) {
        const char *const *a = allowed;
        while (*a && strcmp(*a, v->key) != 0) a++;
        if (*a == NULL)
            return ph_fail(l->err, PH_E_RULES, "不认识的键“%s”", "unknown key '%s'", v->key), fail_at(l, v, PH_E_RULES);
    }
    return PH_OK;
}

/* The text of a scalar under key; NULL when absent or null. */
static const char *text_of(const struct ph_yaml *map, const char *key)
{
    const struct ph_yaml *v = ph_yaml_get(map, key);
    return v && v->kind == PH_YAML_SCALAR ? v->text : NULL;
}

static enum ph_status required(const struct loader *l, const struct ph_yaml *map, const char *key, const char **out)
{
    *out = text_of(map, key);
    if (*out && **out) return PH_OK;
    ph_fail(l->err, PH_E_RULES, "缺少“%s”", "'%s' is missing", key);
    return fail_at(l, map, PH_E_RULES);
}

/* Makes room for one more item in an arena array that grows by doubling at powers of two. */
static void *grown(struct ph_arena *arena, void *items, size_t count, size_t width)
{
    if (count != 0 && (count & (count - 1)) != 0) return items;
    void *more = ph_arena_alloc(arena, (count ? 2 * count : 1) * width);
    if (more && count) memcpy(more, items, count * width);
    return more;
}

static enum ph_status list_of(const struct loader *l, const struct ph_yaml *map, const char *key, const char ***out, size_t *count)
{
    const struct ph_yaml *list = ph_yaml_get(map, key);
    *out = NULL;
    *count = 0;
    if (list == NULL || list->kind == PH_YAML_NULL) return PH_OK;
    if (list->kind != PH_YAML_LIST)
        return ph_fail(l->err, PH_E_RULES, "“%s”应是列表", "'%s' must be a list", key), fail_at(l, list, PH_E_RULES);
    for (const struct ph_yaml *v = list->child; v; v = v->next) {
        if (v->kind != PH_YAML_SCALAR)
            return ph_fail(l->err, PH_E_RULES, "“%s”的每一项应是文字", "items of '%s' must be text", key), fail_at(l, v, PH_E_RULES);
        *out = grown(&l->set->arena, (void *)*out, *count, sizeof **out);
        if (*out == NULL) return ph_fail_memory(l->err);
        (*out)[(*count)++] = v->text;
    }
    return PH_OK;
}

/* Numbers stay numbers, everything else becomes an SQL text literal. */
static const char *literal_of(struct ph_arena *arena, const struct ph_yaml *value)
{
    const char *t = value->text;
    bool number = !value->quoted && *t && strspn(t, "0123456789.+-eE") == strlen(t) && strpbrk(t, "0123456789");
    if (number) return t;
    size_t length = strlen(t), quotes = 0;
    for (size_t i = 0; i < length; i++) quotes += t[i] == '\'';
    char *out = ph_arena_alloc(arena, length + quotes + 3), *at = out;
    if (out == NULL) return NULL;
    *at++ = '\'';
    for (size_t i = 0; i < length; i++) {
        if (t[i] == '\'') *at++ = '\'';
        *at++ = t[i];
    }
    *at++ = '\'';
    *at = '\0';
    return out;
}

static enum ph_status read_param(struct loader *l, const struct ph_yaml *node)
{
    static const char *const keys[] = {"value", "title", "unit", "source", "sure", "note", NULL};
    struct ph_param param = {.name = node->key, .place = place_of(l, node)};
    const struct ph_yaml *value = node;
    if (node->kind == PH_YAML_MAP) {
        PH_TRY(check_keys(l, node, keys));
        value = ph_yaml_get(node, "value");
        param.title = text_of(node, "title");
        param.unit = text_of(node, "unit");
        param.source = text_of(node, "source");
        param.sure = text_of(node, "sure");
    }
    if (value && value->kind == PH_YAML_SCALAR) {
        param.literal = literal_of(&l->set->arena, value);
        if (param.literal == NULL) return ph_fail_memory(l->err);
    } else if (value && value->kind != PH_YAML_NULL) {
        return ph_fail(l->err, PH_E_RULES, "参数“%s”应是数或文字", "param '%s' must be a number or text", node->key),
               fail_at(l, node, PH_E_RULES);
    }
    struct ph_ruleset *set = l->set;
    for (size_t i = 0; i < set->param_count; i++)
        if (strcmp(set->params[i].name, param.name) == 0) {
            if (param.title == NULL) param.title = set->params[i].title;
            if (param.unit == NULL) param.unit = set->params[i].unit;
            set->params[i] = param;
            return PH_OK;
        }
    set->params = grown(&set->arena, set->params, set->param_count, sizeof param);
    if (set->params == NULL) return ph_fail_memory(l->err);
    set->params[set->param_count++] = param;
    return PH_OK;
}

static enum ph_status read_define(struct loader *l, const struct ph_yaml *node)
{
    static const char *const keys[] = {"title", "expr", "note", NULL};
    struct ph_define define = {.name = node->key, .note = text_of(node, "note"), .title = text_of(node, "title")};
    if (node->kind == PH_YAML_SCALAR) {
        define.expr = node->text;
        define.place = place_of(l, node);
    } else {
        PH_TRY(check_keys(l, node, keys));
        PH_TRY(required(l, node, "expr", &define.expr));
        define.place = place_of(l, ph_yaml_get(node, "expr"));
    }
    struct ph_ruleset *set = l->set;
    for (size_t i = 0; i < set->define_count; i++)
        if (strcmp(set->defines[i].name, define.name) == 0) {
            set->defines[i] = define;
            return PH_OK;
        }
    set->defines = grown(&set->arena, set->defines, set->define_count, sizeof define);
    if (set->defines == NULL) return ph_fail_memory(l->err);
    set->defines[set->define_count++] = define;
    return PH_OK;
}

static enum ph_status read_tag(const struct loader *l, const struct ph_yaml *node, enum ph_tag *tag)
{
    const char *name;
    PH_TRY(required(l, node, "tag", &name));
    for (int t = 0; t < PH_TAG_COUNT; t++)
        if (strcmp(tag_names[t], name) == 0 && t != PH_TAG_UNVERIFIED && t != PH_TAG_NORMAL) {
            *tag = (enum ph_tag)t;
            return PH_OK;
        }
    ph_fail(l->err, PH_E_RULES,
            "标签“%s”不可用;可用:approved_unsupplied、idle、low_efficiency、alert、indicator、data",
            "tag '%s' cannot be used; use approved_unsupplied, idle, low_efficiency, alert, indicator or data", name);
    return fail_at(l, ph_yaml_get(node, "tag"), PH_E_RULES);
}

static enum ph_status read_rule(struct loader *l, const struct ph_yaml *node)
{
    static const char *const keys[] = {"id",     "tag",    "title", "title_en", "basis",    "sure",   "source", "when",
                                       "needs",  "reason", "since", "fee",      "measures", "absent", "note",   NULL};
    if (node->kind != PH_YAML_MAP)
        return ph_fail(l->err, PH_E_RULES, "规则应是键值表", "a rule must be a map"), fail_at(l, node, PH_E_RULES);
    PH_TRY(check_keys(l, node, keys));
    struct ph_rule rule = {.place = place_of(l, node)};
    PH_TRY(required(l, node, "id", &rule.id));
    PH_TRY(read_tag(l, node, &rule.tag));
    PH_TRY(required(l, node, "title", &rule.title));
    PH_TRY(required(l, node, "basis", &rule.basis));
    PH_TRY(required(l, node, "when", &rule.when));
    PH_TRY(required(l, node, "reason", &rule.reason));
    rule.title_en = text_of(node, "title_en");
    rule.sure = text_of(node, "sure");
    rule.source = text_of(node, "source");
    rule.since = text_of(node, "since");
    rule.fee = text_of(node, "fee");
    rule.when_place = place_of(l, ph_yaml_get(node, "when"));
    rule.reason_place = place_of(l, ph_yaml_get(node, "reason"));
    rule.since_place = place_of(l, ph_yaml_get(node, "since"));
    rule.fee_place = place_of(l, ph_yaml_get(node, "fee"));
    const char *absent = text_of(node, "absent");
    rule.skip_absent = absent && strcmp(absent, "skip") == 0;
    if (absent && !rule.skip_absent && strcmp(absent, "unknown") != 0)
        return ph_fail(l->err, PH_E_RULES, "absent 只能是 skip 或 unknown", "absent must be skip or unknown"),
               fail_at(l, ph_yaml_get(node, "absent"), PH_E_RULES);
    PH_TRY(list_of(l, node, "needs", &rule.needs, &rule.need_count));
    PH_TRY(list_of(l, node, "measures", &rule.measures, &rule.measure_count));
    struct ph_ruleset *set = l->set;
    for (size_t i = 0; i < set->rule_count; i++)
        if (strcmp(set->rules[i].id, rule.id) == 0) {
            if (set->rules[i].place.file == rule.place.file)
                return ph_fail(l->err, PH_E_RULES, "规则“%s”重复", "rule '%s' is written twice", rule.id), fail_at(l, node, PH_E_RULES);
            set->rules[i] = rule;
            return PH_OK;
        }
    set->rules = grown(&set->arena, set->rules, set->rule_count, sizeof rule);
    if (set->rules == NULL) return ph_fail_memory(l->err);
    set->rules[set->rule_count++] = rule;
    return PH_OK;
}

static enum ph_status disable(struct loader *l, const struct ph_yaml *root)
{
    const char **ids;
    size_t count;
    PH_TRY(list_of(l, root, "disable", &ids, &count));
    struct ph_ruleset *set = l->set;
    for (size_t d = 0; d < count; d++) {
        size_t i = 0;
        while (i < set->rule_count && strcmp(set->rules[i].id, ids[d]) != 0) i++;
        if (i == set->rule_count)
            return ph_fail(l->err, PH_E_RULES, "disable:没有规则“%s”", "disable: there is no rule '%s'", ids[d]),
                   fail_at(l, ph_yaml_get(root, "disable"), PH_E_RULES);
        memmove(&set->rules[i], &set->rules[i + 1], (--set->rule_count - i) * sizeof *set->rules);
    }
    return PH_OK;
}

static enum ph_status read_section(struct loader *l, const struct ph_yaml *root, const char *key, enum ph_yaml_kind kind,
                                   enum ph_status (*read)(struct loader *l, const struct ph_yaml *node))
{
    const struct ph_yaml *section = ph_yaml_get(root, key);
    if (section == NULL || section->kind == PH_YAML_NULL) return PH_OK;
    if (section->kind != kind) {
        if (kind == PH_YAML_MAP)
            ph_fail(l->err, PH_E_RULES, "“%s”应是键值表", "'%s' must be a map", key);
        else
            ph_fail(l->err, PH_E_RULES, "“%s”应是列表", "'%s' must be a list", key);
        return fail_at(l, section, PH_E_RULES);
    }
    for (const struct ph_yaml *v = section->child; v; v = v->next) PH_TRY(read(l, v));
    return PH_OK;
}

static enum ph_status load_named(struct loader *l, const char *name, const char *beside);

static enum ph_status read_set(struct loader *l, const struct ph_yaml *root)
{
    static const char *const keys[] = {"name", "title", "title_en", "extends", "source", "note",
                                       "params", "define", "rules", "disable", NULL};
    if (root->kind != PH_YAML_MAP)
        return ph_fail(l->err, PH_E_RULES, "规则文件应是键值表", "a rule file must be a map"), fail_at(l, root, PH_E_RULES);
    PH_TRY(check_keys(l, root, keys));
    const char *extends = text_of(root, "extends");
    if (extends) {
        const char *own_file = l->file;
        enum ph_status status = load_named(l, extends, own_file);
        l->file = own_file;
        if (status != PH_OK) return status;
    }
    PH_TRY(required(l, root, "name", &l->set->name));
    PH_TRY(required(l, root, "title", &l->set->title));
    l->set->title_en = text_of(root, "title_en");
    l->set->source = text_of(root, "source");
    PH_TRY(read_section(l, root, "params", PH_YAML_MAP, read_param));
    PH_TRY(read_section(l, root, "define", PH_YAML_MAP, read_define));
    PH_TRY(disable(l, root));
    return read_section(l, root, "rules", PH_YAML_LIST, read_rule);
}

static void keep_hash(struct loader *l, const char hash[65])
{
    memcpy(l->hashes + 64 * l->hash_count++, hash, 64);
}

static bool is_path(const char *name)
{
    const char *dot = strrchr(name, '.');
    return strchr(name, '/') || (dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0));
}

static enum ph_status load_file(struct loader *l, const char *name, const char *beside, struct ph_yaml **root)
{
    char path[1024];
    const char *slash = beside ? strrchr(beside, '/') : NULL;
    bool relative = name[0] != '/' && slash != NULL;
    int n = snprintf(path, sizeof path, "%.*s%s", relative ? (int)(slash - beside + 1) : 0, relative ? beside : "", name);
    if (n < 0 || (size_t)n >= sizeof path) return ph_fail(l->err, PH_E_RULES, "路径太长", "path too long");
    l->file = ph_arena_text(&l->set->arena, path, (size_t)n);
    if (l->file == NULL) return ph_fail_memory(l->err);
    char hash[65];
    PH_TRY(ph_digest_file(path, hash, l->err));
    keep_hash(l, hash);
    return ph_yaml_load(&l->set->arena, l->file, root, l->err);
}

static enum ph_status load_builtin(struct loader *l, const char *name, struct ph_yaml **root)
{
    char known[512] = "";
    for (size_t i = 0; ph_builtin_set(i); i++) {
        const struct ph_builtin_set *set = ph_builtin_set(i);
        if (strcmp(set->name, name) != 0) {
            size_t used = strlen(known);
            snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "", set->name);
            continue;
        }
        char hash[65];
        PH_TRY(ph_digest_bytes(set->text, set->length, hash, l->err));
        keep_hash(l, hash);
        l->file = set->name;
        return ph_yaml_parse(&l->set->arena, set->text, set->length, set->name, root, l->err);
    }
    return ph_fail(l->err, PH_E_RULES, "没有内置规则集“%s”;有:%s;自己的规则文件请写路径,如 ./my.yaml",
                   "no built-in rule set '%s'; there are: %s; give a path such as ./my.yaml for your own", name, known);
}

static enum ph_status load_named(struct loader *l, const char *name, const char *beside)
{
    if (++l->depth > EXTENDS_CAP)
        return ph_fail(l->err, PH_E_RULES, "extends 套用超过 %d 层(是否互相引用?)", "extends more than %d levels deep (a loop?)",
                       EXTENDS_CAP);
    struct ph_yaml *root = NULL;
    enum ph_status status = is_path(name) ? load_file(l, name, beside, &root) : load_builtin(l, name, &root);
    if (status == PH_E_CONFIG || status == PH_E_INPUT) status = PH_E_RULES;
    if (status != PH_OK && l->err) l->err->status = status;
    return status == PH_OK ? read_set(l, root) : status;
}

enum ph_status ph_ruleset_load(const char *name, struct ph_ruleset **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_ruleset *set = calloc(1, sizeof *set);
    if (set == NULL) return ph_fail_memory(err);
    struct loader l = {.set = set, .err = err};
    enum ph_status status = load_named(&l, name, NULL);
    if (status == PH_OK) status = ph_digest_bytes(l.hashes, 64 * l.hash_count, set->sha256, err);
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
