#include "rules/document.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"

struct ph_place ph_document_place(const struct ph_document *d, const struct ph_yaml *node)
{
    return node ? (struct ph_place){d->file, node->line, node->column} : (struct ph_place){d->file, 0, 0};
}

enum ph_status ph_document_fail(const struct ph_document *d, const struct ph_yaml *node)
{
    if (d->err) d->err->status = PH_E_RULES;
    ph_at_line(d->err, d->file, node->key_line ? node->key_line : node->line, node->key_line ? node->key_column : node->column);
    return PH_E_RULES;
}

enum ph_status ph_document_check_keys(const struct ph_document *d, const struct ph_yaml *map, const char *const *allowed)
{
    for (const struct ph_yaml *v = map->child; v; v = v->next) {
        const char *const *a = allowed;
        while (*a && strcmp(*a, v->key) != 0) a++;
        if (*a == NULL) return ph_fail(d->err, PH_E_RULES, "不认识的键“%s”", "unknown key '%s'", v->key), ph_document_fail(d, v);
    }
    return PH_OK;
}

const char *ph_document_text(const struct ph_yaml *map, const char *key)
{
    const struct ph_yaml *v = ph_yaml_get(map, key);
    return v && v->kind == PH_YAML_SCALAR ? v->text : NULL;
}

enum ph_status ph_document_required(const struct ph_document *d, const struct ph_yaml *map, const char *key, const char **out)
{
    *out = ph_document_text(map, key);
    if (*out && **out) return PH_OK;
    ph_fail(d->err, PH_E_RULES, "缺少“%s”", "'%s' is missing", key);
    return ph_document_fail(d, map);
}

void *ph_document_grown(struct ph_arena *arena, void *items, size_t count, size_t width)
{
    if (count != 0 && (count & (count - 1)) != 0) return items;
    void *more = ph_arena_alloc(arena, (count ? 2 * count : 1) * width);
    if (more && count) memcpy(more, items, count * width);
    return more;
}

enum ph_status ph_document_list(const struct ph_document *d, const struct ph_yaml *map, const char *key, const char ***out, size_t *count)
{
    const struct ph_yaml *list = ph_yaml_get(map, key);
    *out = NULL;
    *count = 0;
    if (list == NULL || list->kind == PH_YAML_NULL) return PH_OK;
    if (list->kind != PH_YAML_LIST)
        return ph_fail(d->err, PH_E_RULES, "“%s”应是列表", "'%s' must be a list", key), ph_document_fail(d, list);
    for (const struct ph_yaml *v = list->child; v; v = v->next) {
        if (v->kind != PH_YAML_SCALAR)
            return ph_fail(d->err, PH_E_RULES, "“%s”的每一项应是文字", "items of '%s' must be text", key), ph_document_fail(d, v);
        *out = ph_document_grown(d->arena, (void *)*out, *count, sizeof **out);
        if (*out == NULL) return ph_fail_memory(d->err);
        (*out)[(*count)++] = v->text;
    }
    return PH_OK;
}

enum ph_status ph_document_section(struct ph_document *d, const struct ph_yaml *root, const char *key, enum ph_yaml_kind kind,
                                   ph_document_reader *read)
{
    const struct ph_yaml *section = ph_yaml_get(root, key);
    if (section == NULL || section->kind == PH_YAML_NULL) return PH_OK;
    if (section->kind != kind) {
        if (kind == PH_YAML_MAP)
            ph_fail(d->err, PH_E_RULES, "“%s”应是键值表", "'%s' must be a map", key);
        else
            ph_fail(d->err, PH_E_RULES, "“%s”应是列表", "'%s' must be a list", key);
        return ph_document_fail(d, section);
    }
    for (const struct ph_yaml *v = section->child; v; v = v->next) PH_TRY(read(d, v));
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

static enum ph_status read_param(struct ph_document *d, const struct ph_yaml *node)
{
    static const char *const keys[] = {"value", "title", "unit", "source", "sure", "note", NULL};
    struct ph_param param = {.name = node->key, .place = ph_document_place(d, node)};
    const struct ph_yaml *value = node;
    if (node->kind == PH_YAML_MAP) {
        PH_TRY(ph_document_check_keys(d, node, keys));
        value = ph_yaml_get(node, "value");
        param.title = ph_document_text(node, "title");
        param.unit = ph_document_text(node, "unit");
        param.source = ph_document_text(node, "source");
        param.sure = ph_document_text(node, "sure");
    }
    if (value && value->kind == PH_YAML_SCALAR) {
        param.literal = literal_of(d->arena, value);
        if (param.literal == NULL) return ph_fail_memory(d->err);
    } else if (value && value->kind != PH_YAML_NULL) {
        return ph_fail(d->err, PH_E_RULES, "参数“%s”应是数或文字", "param '%s' must be a number or text", node->key), ph_document_fail(d, node);
    }
    struct ph_words *words = d->words;
    for (size_t i = 0; i < words->param_count; i++)
        if (strcmp(words->params[i].name, param.name) == 0) {
            if (param.title == NULL) param.title = words->params[i].title;
            if (param.unit == NULL) param.unit = words->params[i].unit;
            words->params[i] = param;
            return PH_OK;
        }
    words->params = ph_document_grown(d->arena, words->params, words->param_count, sizeof param);
    if (words->params == NULL) return ph_fail_memory(d->err);
    words->params[words->param_count++] = param;
    return PH_OK;
}

static enum ph_status read_define(struct ph_document *d, const struct ph_yaml *node)
{
    static const char *const keys[] = {"title", "expr", "note", NULL};
    struct ph_define define = {.name = node->key, .note = ph_document_text(node, "note"), .title = ph_document_text(node, "title")};
    if (node->kind == PH_YAML_SCALAR) {
        define.expr = node->text;
        define.place = ph_document_place(d, node);
    } else {
        PH_TRY(ph_document_check_keys(d, node, keys));
        PH_TRY(ph_document_required(d, node, "expr", &define.expr));
        define.place = ph_document_place(d, ph_yaml_get(node, "expr"));
    }
    struct ph_words *words = d->words;
    for (size_t i = 0; i < words->define_count; i++)
        if (strcmp(words->defines[i].name, define.name) == 0) {
            words->defines[i] = define;
            return PH_OK;
        }
    words->defines = ph_document_grown(d->arena, words->defines, words->define_count, sizeof define);
    if (words->defines == NULL) return ph_fail_memory(d->err);
    words->defines[words->define_count++] = define;
    return PH_OK;
}

enum ph_status ph_document_words(struct ph_document *d, const struct ph_yaml *root)
{
    PH_TRY(ph_document_section(d, root, "params", PH_YAML_MAP, read_param));
    return ph_document_section(d, root, "define", PH_YAML_MAP, read_define);
}

static void keep_hash(struct ph_document *d, const char hash[65])
{
    memcpy(d->hashes + 64 * d->hash_count++, hash, 64);
}

static bool is_path(const char *name)
{
    const char *dot = strrchr(name, '.');
    return strchr(name, '/') || (dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0));
}

static enum ph_status load_file(struct ph_document *d, const char *name, const char *beside, struct ph_yaml **root)
{
    char path[1024];
    const char *slash = beside ? strrchr(beside, '/') : NULL;
    bool relative = name[0] != '/' && slash != NULL;
    int n = snprintf(path, sizeof path, "%.*s%s", relative ? (int)(slash - beside + 1) : 0, relative ? beside : "", name);
    if (n < 0 || (size_t)n >= sizeof path) return ph_fail(d->err, PH_E_RULES, "路径太长", "path too long");
    d->file = ph_arena_text(d->arena, path, (size_t)n);
    if (d->file == NULL) return ph_fail_memory(d->err);
    char hash[65];
    PH_TRY(ph_digest_file(path, hash, d->err));
    keep_hash(d, hash);
    return ph_yaml_load(d->arena, d->file, root, d->err);
}

static enum ph_status load_builtin(struct ph_document *d, const char *name, struct ph_yaml **root)
{
    char known[512] = "";
    const struct ph_builtin_text *text;
    for (size_t i = 0; (text = d->builtin(i)) != NULL; i++) {
        if (strcmp(text->name, name) != 0) {
            size_t used = strlen(known);
            snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "", text->name);
            continue;
        }
        char hash[65];
        PH_TRY(ph_digest_bytes(text->text, text->length, hash, d->err));
        keep_hash(d, hash);
        d->file = text->name;
        return ph_yaml_parse(d->arena, text->text, text->length, text->name, root, d->err);
    }
    return ph_fail(d->err, PH_E_RULES, "没有内置的“%s”;有:%s;自己的文件请写路径,如 ./my.yaml",
                   "no built-in '%s'; there are: %s; give a path such as ./my.yaml for your own", name, known);
}

static enum ph_status load_named(struct ph_document *d, const char *name, const char *beside)
{
    if (++d->depth > PH_EXTENDS_CAP)
        return ph_fail(d->err, PH_E_RULES, "extends 套用超过 %d 层(是否互相引用?)", "extends more than %d levels deep (a loop?)",
                       PH_EXTENDS_CAP);
    struct ph_yaml *root = NULL;
    enum ph_status status = is_path(name) ? load_file(d, name, beside, &root) : load_builtin(d, name, &root);
    if (status == PH_E_CONFIG || status == PH_E_INPUT) status = PH_E_RULES;
    if (status != PH_OK && d->err) d->err->status = status;
    return status == PH_OK ? d->read(d, root) : status;
}

enum ph_status ph_document_extends(struct ph_document *d, const struct ph_yaml *root)
{
    const char *name = ph_document_text(root, "extends"), *own = d->file;
    if (name == NULL) return PH_OK;
    enum ph_status status = load_named(d, name, own);
    d->file = own;
    return status;
}

enum ph_status ph_document_load(struct ph_document *d, const char *name, char sha256[65])
{
    PH_TRY(load_named(d, name, NULL));
    return ph_digest_bytes(d->hashes, 64 * d->hash_count, sha256, d->err);
}
