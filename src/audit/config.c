/* AUDIT.yaml: the same words as the command line, in a file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/parcels.h"
#include "base/date.h"
#include "base/number.h"
#include "base/text.h"
#include "base/yaml.h"

struct ph_audit_config {
    struct ph_arena arena;
};

struct reader {
    struct ph_arena *arena;
    const char *file;
    struct ph_audit_request *request;
    struct ph_audit_source common; /* what the file says of every source */
    struct ph_error *err;
};

static enum ph_status fail(const struct reader *r, const struct ph_yaml *node)
{
    ph_at_line(r->err, r->file, node->key_line ? node->key_line : node->line, node->key_line ? node->key_column : node->column);
    return PH_E_CONFIG;
}

static enum ph_status scalar(const struct reader *r, const struct ph_yaml *node, const char **out)
{
    if (node->kind != PH_YAML_SCALAR)
        return ph_fail(r->err, PH_E_CONFIG, "“%s”应是文字", "'%s' must be text", node->key ? node->key : "-"), fail(r, node);
    *out = node->text;
    return PH_OK;
}

/* A file's name, taken from the folder of AUDIT.yaml; what names no file (PG:…, /vsi…) stays. */
static enum ph_status path(const struct reader *r, const struct ph_yaml *node, const char **out)
{
    const char *name;
    PH_TRY(scalar(r, node, &name));
    if (*out) return PH_OK;
    *out = name;
    const char *slash = strrchr(r->file, '/'), *colon = strchr(name, ':');
    /* PG:dbname=…; but in land.gpkg:boundary it stands before a layer. */
    bool connection = colon != NULL && colon - name > 1 && memchr(name, '.', (size_t)(colon - name)) == NULL;
    if (name[0] == '/' || connection || slash == NULL) return PH_OK;
    size_t folder = (size_t)(slash - r->file) + 1;
    char *joined = ph_arena_alloc(r->arena, folder + strlen(name) + 1);
    if (joined == NULL) return ph_fail_memory(r->err);
    memcpy(joined, r->file, folder);
    memcpy(joined + folder, name, strlen(name) + 1);
    *out = joined;
    return PH_OK;
}

static enum ph_status text(const struct reader *r, const struct ph_yaml *node, const char **out)
{
    const char *value;
    PH_TRY(scalar(r, node, &value));
    if (*out == NULL) *out = value;
    return PH_OK;
}

static enum ph_status date(const struct reader *r, const struct ph_yaml *node, struct ph_str value, int32_t *out)
{
    int32_t days;
    if (ph_date_parse(value.at, value.length, &days) != PH_PARSE_OK)
        return ph_fail(r->err, PH_E_CONFIG, "不是日期:“%.*s”(应如 2023-11-30)", "not a date: '%.*s' (write 2023-11-30)", (int)value.length, value.at),
               fail(r, node);
    if (*out == PH_NO_DATE) *out = days;
    return PH_OK;
}

static enum ph_status period(const struct reader *r, const struct ph_yaml *node)
{
    const char *value;
    PH_TRY(scalar(r, node, &value));
    const char *slash = strchr(value, '/');
    if (slash == NULL || strchr(slash + 1, '/'))
        return ph_fail(r->err, PH_E_CONFIG, "period 应写成 2023-01-01/2023-11-30", "period takes 2023-01-01/2023-11-30"), fail(r, node);
    if (r->request->period_from != PH_NO_DATE || r->request->period_to != PH_NO_DATE) return PH_OK;
    PH_TRY(date(r, node, (struct ph_str){value, (size_t)(slash - value)}, &r->request->period_from));
    return date(r, node, ph_str_of(slash + 1), &r->request->period_to);
}

static enum ph_status basis(const struct reader *r, const struct ph_yaml *node)
{
    static const char *const words[] = {[PH_BASIS_AUTO] = "auto", "registered", "ellipsoid", "plane"};
    const char *value;
    PH_TRY(scalar(r, node, &value));
    for (size_t i = PH_BASIS_AUTO; i <= PH_BASIS_PLANE; i++)
        if (strcmp(words[i], value) == 0) {
            if (r->request->area_basis == PH_BASIS_UNSET) r->request->area_basis = (enum ph_area_basis)i;
            return PH_OK;
        }
    return ph_fail(r->err, PH_E_CONFIG, "area-basis 应为 auto、registered、ellipsoid 或 plane", "area-basis takes auto, registered, ellipsoid or plane"),
           fail(r, node);
}

static enum ph_status method(const struct reader *r, const struct ph_yaml *node)
{
    const char *value;
    PH_TRY(scalar(r, node, &value));
    bool survey = strcmp(value, "survey") == 0;
    if (!survey && strcmp(value, "exact") != 0)
        return ph_fail(r->err, PH_E_CONFIG, "area-method 应为 exact 或 survey", "area-method takes exact or survey"), fail(r, node);
    if (r->request->area_method == PH_METHOD_UNSET) r->request->area_method = survey ? PH_METHOD_SURVEY : PH_METHOD_EXACT;
    return PH_OK;
}

static enum ph_status land_share(const struct reader *r, const struct ph_yaml *node)
{
    static const char *const words[] = {[PH_LAND_EXPLICIT] = "explicit", "owner", "equal", "floor", "merge"};
    const char *value;
    PH_TRY(scalar(r, node, &value));
    for (size_t i = PH_LAND_EXPLICIT; i <= PH_LAND_MERGE; i++)
        if (strcmp(words[i], value) == 0) {
            if (r->request->land_share == PH_LAND_UNSET) r->request->land_share = (enum ph_land_share)i;
            return PH_OK;
        }
    return ph_fail(r->err, PH_E_CONFIG, "land-share 应为 explicit、owner、equal、floor 或 merge",
                   "land-share takes explicit, owner, equal, floor or merge"),
           fail(r, node);
}

/* A list of KEY=VALUE, or a map of the same. */
static enum ph_status pairs(const struct reader *r, const struct ph_yaml *node, const char *const **out)
{
    size_t count = 0;
    for (const struct ph_yaml *v = node->child; v; v = v->next) count++;
    const char **items = ph_arena_alloc(r->arena, (count + 1) * sizeof *items);
    if (items == NULL) return ph_fail_memory(r->err);
    count = 0;
    for (const struct ph_yaml *v = node->child; v; v = v->next) {
        const char *value;
        PH_TRY(scalar(r, v, &value));
        if (v->key) {
            size_t n = strlen(v->key), m = strlen(value);
            char *pair = ph_arena_alloc(r->arena, n + m + 2);
            if (pair == NULL) return ph_fail_memory(r->err);
            snprintf(pair, n + m + 2, "%s=%s", v->key, value);
            value = pair;
        }
        items[count++] = value;
    }
    items[count] = NULL;
    if (node->kind != PH_YAML_LIST && node->kind != PH_YAML_MAP)
        return ph_fail(r->err, PH_E_CONFIG, "“%s”应是列表", "'%s' must be a list", node->key), fail(r, node);
    if (*out == NULL) *out = items;
    return PH_OK;
}

static enum ph_status flag(const struct reader *r, const struct ph_yaml *node, int *out)
{
    const char *value;
    PH_TRY(scalar(r, node, &value));
    if (strcmp(value, "true") == 0)
        *out = 1;
    else if (strcmp(value, "false") != 0)
        return ph_fail(r->err, PH_E_CONFIG, "“%s”应为 true 或 false", "'%s' takes true or false", node->key), fail(r, node);
    return PH_OK;
}

/* A number from 0 on; *out is negative where it is unset. */
static enum ph_status number(const struct reader *r, const struct ph_yaml *node, double *out)
{
    const char *value;
    double given;
    PH_TRY(scalar(r, node, &value));
    if (ph_number_parse(value, strlen(value), &given, NULL) != PH_PARSE_OK || given < 0)
        return ph_fail(r->err, PH_E_CONFIG, "“%s”应为不小于 0 的数,不是“%s”", "'%s' takes a number from 0 on, not '%s'", node->key, value), fail(r, node);
    if (*out < 0) *out = given;
    return PH_OK;
}

static enum ph_status threads(const struct reader *r, const struct ph_yaml *node)
{
    double given = -1;
    PH_TRY(number(r, node, &given));
    if (given < 1 || given > PH_THREADS_MAX || given != (int)given)
        return ph_fail(r->err, PH_E_CONFIG, "threads 应为 1 到 %d 的整数", "threads takes a whole number from 1 to %d", PH_THREADS_MAX), fail(r, node);
    if (r->request->threads == 0) r->request->threads = (int)given;
    return PH_OK;
}

static enum ph_status topology_key(const struct reader *r, const struct ph_yaml *v, const char *key, bool *known)
{
    struct ph_audit_request *q = r->request;
    *known = true;
    if (strcmp(key, "overlap-min-m2") == 0) return number(r, v, &q->overlap_min_m2);
    if (strcmp(key, "overlap-min-share") == 0) return number(r, v, &q->overlap_min_share);
    if (strcmp(key, "overlap-max-m2") == 0) return number(r, v, &q->overlap_max_m2);
    if (strcmp(key, "gaps") == 0) return number(r, v, &q->gaps);
    if (strcmp(key, "against") == 0) return path(r, v, &q->against);
    *known = false;
    return PH_OK;
}

/* What may stand at the top, for every source, and with one of them. */
static enum ph_status source_key(const struct reader *r, const struct ph_yaml *v, const char *key, struct ph_audit_source *out, bool *known)
{
    *known = true;
    if (strcmp(key, "layer") == 0) return text(r, v, &out->layer);
    if (strcmp(key, "where") == 0) return text(r, v, &out->where);
    if (strcmp(key, "crs") == 0) return text(r, v, &out->crs);
    if (strcmp(key, "encoding") == 0) return text(r, v, &out->encoding);
    if (strcmp(key, "transform") == 0) return text(r, v, &out->transform);
    if (strcmp(key, "map") == 0) return pairs(r, v, &out->map);
    if (strcmp(key, "oo") == 0) return pairs(r, v, &out->open_options);
    if (strcmp(key, "txt-layout") == 0) return text(r, v, &out->txt_layout);
    *known = false;
    return PH_OK;
}

static enum ph_status unknown_key(const struct reader *r, const struct ph_yaml *v)
{
    return ph_fail(r->err, PH_E_CONFIG, "不认识的键“%s”;可用的键见 panhuo help --keys", "unknown key '%s'; panhuo help --keys lists them", v->key),
           fail(r, v);
}

static enum ph_status source(const struct reader *r, const struct ph_yaml *node, struct ph_audit_source *out)
{
    if (node->kind != PH_YAML_MAP) return path(r, node, &out->path);
    for (const struct ph_yaml *v = node->child; v; v = v->next) {
        bool known = strcmp(v->key, "path") == 0;
        PH_TRY(known ? path(r, v, &out->path) : source_key(r, v, v->key, out, &known));
        if (!known) return unknown_key(r, v);
    }
    if (out->path) return PH_OK;
    return ph_fail(r->err, PH_E_CONFIG, "宗地来源没有写 path", "a source of parcels has no path"), fail(r, node);
}

/* One source, or a list of them. */
static enum ph_status parcels(const struct reader *r, const struct ph_yaml *node)
{
    bool list = node->kind == PH_YAML_LIST;
    size_t count = list ? 0 : 1;
    for (const struct ph_yaml *v = list ? node->child : NULL; v; v = v->next) count++;
    if (count == 0) return ph_fail(r->err, PH_E_CONFIG, "parcels 是空的", "parcels is empty"), fail(r, node);
    struct ph_audit_source *sources = ph_arena_alloc(r->arena, count * sizeof *sources);
    if (sources == NULL) return ph_fail_memory(r->err);
    memset(sources, 0, count * sizeof *sources);
    const struct ph_yaml *v = list ? node->child : node;
    for (size_t i = 0; i < count; i++, v = v->next) PH_TRY(source(r, v, &sources[i]));
    if (r->request->source_count > 0) return PH_OK;
    r->request->sources = sources;
    r->request->source_count = count;
    return PH_OK;
}

/* What the file says of every source, where it says nothing else of one. */
static enum ph_status fill_in(const struct reader *r)
{
    struct ph_audit_request *q = r->request;
    struct ph_audit_source *sources = ph_arena_alloc(r->arena, (q->source_count + 1) * sizeof *sources);
    if (sources == NULL) return ph_fail_memory(r->err);
    for (size_t i = 0; i < q->source_count; i++) {
        sources[i] = q->sources[i];
        ph_asked_fill(&sources[i], &r->common);
    }
    q->sources = sources;
    return PH_OK;
}

/* The name of something built in, or a file. */
static enum ph_status built_in(const struct reader *r, const struct ph_yaml *node, const char **out)
{
    const char *name;
    PH_TRY(scalar(r, node, &name));
    bool file = strchr(name, '/') || strstr(name, ".yaml") || strstr(name, ".yml");
    return file ? path(r, node, out) : text(r, node, out);
}

static enum ph_status key(struct reader *r, const struct ph_yaml *v)
{
    struct ph_audit_request *q = r->request;
    char name[64];
    snprintf(name, sizeof name, "%s", v->key);
    for (char *p = name; *p; p++)
        if (*p == '_') *p = '-';
    if (strcmp(name, "parcels") == 0) return parcels(r, v);
    if (strcmp(name, "enterprises") == 0) return path(r, v, &q->enterprises);
    if (strcmp(name, "links") == 0) return path(r, v, &q->links);
    if (strcmp(name, "land-share") == 0) return land_share(r, v);
    if (strcmp(name, "ledger") == 0) return path(r, v, &q->ledger);
    if (strcmp(name, "rules") == 0) return built_in(r, v, &q->rules);
    if (strcmp(name, "scheme") == 0) return built_in(r, v, &q->scheme);
    if (strcmp(name, "out-crs") == 0) return text(r, v, &q->out_crs);
    if (strcmp(name, "output") == 0) return path(r, v, &q->output);
    if (strcmp(name, "pg-schema") == 0) return text(r, v, &q->pg_schema);
    if (strcmp(name, "period") == 0) return period(r, v);
    if (strcmp(name, "area-basis") == 0) return basis(r, v);
    if (strcmp(name, "area-method") == 0) return method(r, v);
    if (strcmp(name, "densify") == 0) return number(r, v, &q->densify);
    if (strcmp(name, "overwrite") == 0) return flag(r, v, &q->overwrite);
    if (strcmp(name, "strict") == 0) return flag(r, v, &q->strict);
    if (strcmp(name, "as-of") == 0) {
        const char *value;
        PH_TRY(scalar(r, v, &value));
        return date(r, v, ph_str_of(value), &q->as_of);
    }
    if (strcmp(name, "threads") == 0) return threads(r, v);
    bool known;
    PH_TRY(topology_key(r, v, name, &known));
    if (!known) PH_TRY(source_key(r, v, name, &r->common, &known));
    return known ? PH_OK : unknown_key(r, v);
}

enum ph_status ph_audit_config_read(const char *file, struct ph_audit_request *request, struct ph_audit_config **out, struct ph_error *err)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) return ph_fail_memory(err);
    struct ph_arena *arena = &(*out)->arena;
    struct reader r = {.arena = arena, .file = ph_arena_text(arena, file, strlen(file)), .request = request, .err = err};
    struct ph_yaml *root = NULL;
    enum ph_status status = r.file ? ph_yaml_load(arena, r.file, &root, err) : ph_fail_memory(err);
    if (status == PH_OK && root->kind != PH_YAML_MAP)
        status = ph_fail(err, PH_E_CONFIG, "应是 键: 值 的列表", "must be a map of keys and values"), fail(&r, root);
    for (const struct ph_yaml *v = status == PH_OK ? root->child : NULL; v && status == PH_OK; v = v->next) status = key(&r, v);
    if (status == PH_OK) status = fill_in(&r);
    if (status == PH_OK) return PH_OK;
    ph_audit_config_free(*out);
    *out = NULL;
    return status;
}

void ph_audit_config_free(struct ph_audit_config *config)
{
    if (config) ph_arena_dispose(&config->arena);
    free(config);
}
