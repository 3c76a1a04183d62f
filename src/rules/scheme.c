#include "rules/scheme.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "rules/scheme_parts.h"

/* Per kind of clause: its section, the key of its expression, the key of the class that limits it. */
static const struct section {
    const char *name, *expr, *limit;
} sections[PH_CLAUSE_KINDS] = {
    [PH_CLAUSE_EXEMPT] = {"exempt", "when", "treat_as"}, [PH_CLAUSE_ADJUST] = {"adjust", "to", NULL},
    [PH_CLAUSE_NEW] = {"new", "when", "at_worst"},       [PH_CLAUSE_VETO] = {"veto", "when", "at_best"},
    [PH_CLAUSE_BONUS] = {"bonus", "points", NULL},
};

static enum ph_status fail(const struct ph_document *d, const struct ph_yaml *node, const char *zh, const char *en)
{
    ph_fail(d->err, PH_E_RULES, "%s%.0s", "%.0s%s", zh, en);
    return ph_document_fail(d, node);
}

static enum ph_status read_number(const struct ph_document *d, const struct ph_yaml *map, const char *key, double least,
                                  double *out)
{
    const char *text = ph_document_text(map, key);
    if (text == NULL || (ph_number_parse(text, strlen(text), out, NULL) == PH_PARSE_OK && *out >= least)) return PH_OK;
    ph_fail(d->err, PH_E_RULES, "%s 应是不小于零的数", "%s must be a number, zero or more", key);
    return ph_document_fail(d, ph_yaml_get(map, key));
}

static enum ph_status read_flag(const struct ph_document *d, const struct ph_yaml *map, const char *key, bool *out)
{
    static const char *const words[] = {"false", "true", NULL};
    int flag;
    PH_TRY(ph_scheme_word(d, map, key, words, *out, &flag));
    *out = flag;
    return PH_OK;
}

/* ---- clauses ---- */

static enum ph_status read_clause(struct ph_document *d, enum ph_clause_kind kind, const struct ph_yaml *node)
{
    const struct section *s = &sections[kind];
    const char *const keys[] = {"title", "title_en", "source", "sure", "reason", s->expr, s->limit ? s->limit : "at_most", NULL};
    if (node->kind != PH_YAML_MAP) return fail(d, node, "每一条应是键值表", "every item must be a map");
    PH_TRY(ph_document_check_keys(d, node, keys));
    struct ph_clause c = {.kind = kind, .place = ph_document_place(d, node), .at_most = INFINITY};
    PH_TRY(ph_document_required(d, node, "title", &c.title));
    PH_TRY(ph_document_required(d, node, s->expr, &c.when));
    c.title_en = ph_document_text(node, "title_en");
    c.source = ph_document_text(node, "source");
    c.sure = ph_document_text(node, "sure");
    c.reason = ph_document_text(node, "reason");
    c.when_place = ph_document_place(d, ph_yaml_get(node, s->expr));
    c.reason_place = ph_document_place(d, ph_yaml_get(node, "reason"));
    if (s->limit == NULL) PH_TRY(read_number(d, node, "at_most", 0, &c.at_most));
    const char *limit = s->limit ? ph_document_text(node, s->limit) : NULL;
    if (limit == NULL && (kind == PH_CLAUSE_NEW || kind == PH_CLAUSE_VETO))
        PH_TRY(ph_document_required(d, node, s->limit, &limit));
    if (limit && strlen(limit) != 1)
        return fail(d, ph_yaml_get(node, s->limit), "应是一档的字母", "must be the letter of a class");
    c.limit = limit ? limit[0] : '\0';
    struct ph_scheme *scheme = d->owner;
    struct ph_clauses *list = &scheme->clauses[kind];
    list->items = ph_document_grown(&scheme->arena, list->items, list->count, sizeof c);
    if (list->items == NULL) return ph_fail_memory(d->err);
    list->items[list->count++] = c;
    return PH_OK;
}

/* The clauses of a section replace those that an extended scheme had. */
static enum ph_status read_clauses(struct ph_document *d, const struct ph_yaml *root, enum ph_clause_kind kind)
{
    const struct ph_yaml *section = ph_yaml_get(root, sections[kind].name);
    if (section == NULL) return PH_OK;
    ((struct ph_scheme *)d->owner)->clauses[kind] = (struct ph_clauses){0};
    if (section->kind == PH_YAML_NULL) return PH_OK;
    if (section->kind != PH_YAML_LIST) return fail(d, section, "应是列表", "must be a list");
    for (const struct ph_yaml *v = section->child; v; v = v->next) PH_TRY(read_clause(d, kind, v));
    return PH_OK;
}

/* ---- groups ---- */

static enum ph_status read_indicators(struct ph_document *d, const struct ph_yaml *list, struct ph_score_group *group)
{
    if (list == NULL || list->kind != PH_YAML_LIST || list->child == NULL)
        return ph_fail(d->err, PH_E_RULES, "分组“%s”没有指标", "group '%s' has no indicators", group->id),
               ph_at_line(d->err, group->place.file, group->place.line, group->place.column), PH_E_RULES;
    for (const struct ph_yaml *v = list->child; v; v = v->next) {
        struct ph_indicator one;
        PH_TRY(ph_indicator_read(d, v, &one));
        for (size_t i = 0; i < group->indicator_count; i++)
            if (strcmp(group->indicators[i].id, one.id) == 0)
                return ph_fail(d->err, PH_E_RULES, "指标“%s”重复", "indicator '%s' is written twice", one.id),
                       ph_document_fail(d, v);
        if (group->indicator_count == PH_SCHEME_INDICATORS) return fail(d, v, "指标太多", "too many indicators");
        group->indicators = ph_document_grown(d->arena, group->indicators, group->indicator_count, sizeof one);
        if (group->indicators == NULL) return ph_fail_memory(d->err);
        group->indicators[group->indicator_count++] = one;
    }
    return PH_OK;
}

static enum ph_status read_group(struct ph_document *d, const struct ph_yaml *node)
{
    static const char *const keys[] = {"id", "title", "title_en", "note", "when", "needs_land", "indicators", "classes", NULL};
    if (node->kind != PH_YAML_MAP) return fail(d, node, "分组应是键值表", "a group must be a map");
    PH_TRY(ph_document_check_keys(d, node, keys));
    struct ph_score_group g = {.place = ph_document_place(d, node), .needs_land = true};
    PH_TRY(ph_document_required(d, node, "id", &g.id));
    PH_TRY(ph_document_required(d, node, "title", &g.title));
    PH_TRY(ph_document_required(d, node, "when", &g.when));
    g.title_en = ph_document_text(node, "title_en");
    g.note = ph_document_text(node, "note");
    g.when_place = ph_document_place(d, ph_yaml_get(node, "when"));
    PH_TRY(read_flag(d, node, "needs_land", &g.needs_land));
    PH_TRY(read_indicators(d, ph_yaml_get(node, "indicators"), &g));
    const struct ph_yaml *classes = ph_yaml_get(node, "classes");
    struct ph_scheme *scheme = d->owner;
    if (classes) {
        PH_TRY(ph_classes_read(d, classes, &g.classes));
        g.own_classes = true;
    }
    for (size_t i = 0; i < scheme->group_count; i++)
        if (strcmp(scheme->groups[i].id, g.id) == 0) {
            if (scheme->groups[i].place.file == g.place.file)
                return ph_fail(d->err, PH_E_RULES, "分组“%s”重复", "group '%s' is written twice", g.id),
                       ph_document_fail(d, node);
            scheme->groups[i] = g;
            return PH_OK;
        }
    scheme->groups = ph_document_grown(&scheme->arena, scheme->groups, scheme->group_count, sizeof g);
    if (scheme->groups == NULL) return ph_fail_memory(d->err);
    scheme->groups[scheme->group_count++] = g;
    return PH_OK;
}

/* ---- the whole ---- */

static enum ph_status read_scheme(struct ph_document *d, const struct ph_yaml *root)
{
    static const char *const keys[] = {"name",    "title",       "title_en", "extends", "source", "sure",   "note",
                                       "example", "min_land_mu", "params",   "define",  "exempt", "adjust", "new",
                                       "veto",    "bonus",       "classes",  "groups",  NULL};
    if (root->kind != PH_YAML_MAP) return fail(d, root, "方案文件应是键值表", "a scheme file must be a map");
    PH_TRY(ph_document_check_keys(d, root, keys));
    PH_TRY(ph_document_extends(d, root));
    struct ph_scheme *s = d->owner;
    PH_TRY(ph_document_required(d, root, "name", &s->name));
    PH_TRY(ph_document_required(d, root, "title", &s->title));
    s->title_en = ph_document_text(root, "title_en");
    if (ph_yaml_get(root, "source")) s->source = ph_document_text(root, "source");
    if (ph_yaml_get(root, "sure")) s->sure = ph_document_text(root, "sure");
    if (ph_yaml_get(root, "note")) s->note = ph_document_text(root, "note");
    PH_TRY(read_flag(d, root, "example", &s->example));
    PH_TRY(read_number(d, root, "min_land_mu", 0, &s->min_land_mu));
    PH_TRY(ph_document_words(d, root));
    for (int kind = 0; kind < PH_CLAUSE_KINDS; kind++) PH_TRY(read_clauses(d, root, (enum ph_clause_kind)kind));
    const struct ph_yaml *classes = ph_yaml_get(root, "classes");
    if (classes) PH_TRY(ph_classes_read(d, classes, &s->classes));
    PH_TRY(ph_document_section(d, root, "groups", PH_YAML_LIST, read_group));
    if (s->group_count == 0) return fail(d, root, "没有分组(groups)", "there are no groups");
    return PH_OK;
}

/* The classes that clauses name must be there. */
static enum ph_status check_limits(const struct ph_document *d, const struct ph_clauses *clauses,
                                   const struct ph_score_group *group)
{
    for (size_t i = 0; i < clauses->count; i++) {
        const struct ph_clause *c = &clauses->items[i];
        if (c->limit == '\0' || group->classes.by == PH_CLASS_NONE || ph_classes_find(&group->classes, c->limit) >= 0) continue;
        ph_fail(d->err, PH_E_RULES, "“%s”所说的 %c 档,分组“%s”没有", "'%s' names class %c, which group '%s' does not have",
                c->title, c->limit, group->id);
        return ph_at_line(d->err, c->place.file, c->place.line, c->place.column), PH_E_RULES;
    }
    return PH_OK;
}

/* What can be told only when all is read: constants, classes that groups share, classes that clauses name. */
static enum ph_status settle(struct ph_document *d, struct ph_scheme *s)
{
    for (size_t g = 0; g < s->group_count; g++) {
        struct ph_score_group *group = &s->groups[g];
        if (!group->own_classes) group->classes = s->classes;
        for (size_t i = 0; i < group->indicator_count; i++) PH_TRY(ph_indicator_settle(d, s, &group->indicators[i]));
        for (int kind = 0; kind < PH_CLAUSE_KINDS; kind++) PH_TRY(check_limits(d, &s->clauses[kind], group));
    }
    return PH_OK;
}

enum ph_status ph_scheme_load(const char *name, struct ph_scheme **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_scheme *s = calloc(1, sizeof *s);
    if (s == NULL) return ph_fail_memory(err);
    struct ph_document d = {
        .arena = &s->arena, .words = &s->words, .builtin = ph_builtin_scheme, .read = read_scheme, .owner = s, .err = err};
    enum ph_status status = ph_document_load(&d, name, s->sha256);
    if (status == PH_OK) status = settle(&d, s);
    if (status != PH_OK) {
        ph_scheme_free(s);
        return status;
    }
    *out = s;
    return PH_OK;
}

void ph_scheme_free(struct ph_scheme *scheme)
{
    if (scheme == NULL) return;
    ph_arena_dispose(&scheme->arena);
    free(scheme);
}
