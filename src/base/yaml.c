#include "base/yaml.h"

#include <errno.h>
#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_CAP 64
#define FILE_CAP ((size_t)16 * 1024 * 1024)

struct reader {
    struct fy_parser *parser;
    struct fy_diag *diag;
    struct ph_arena *arena;
    const char *name;
    struct ph_error *err;
};

static enum ph_status syntax_error(const struct reader *r)
{
    void *at = NULL;
    const struct fy_diag_error *first = fy_diag_errors_iterate(r->diag, &at);
    const char *message = first ? first->msg : "document incomplete";
    enum ph_status status = ph_fail(r->err, PH_E_CONFIG, "YAML 语法错误:%s", "YAML syntax error: %s", message);
    ph_at_line(r->err, r->name, first ? first->line : 0, first ? first->column : 0);
    return status;
}

static struct ph_yaml *new_node(const struct reader *r, enum ph_yaml_kind kind, struct fy_token *token)
{
    struct ph_yaml *node = ph_arena_alloc(r->arena, sizeof *node);
    if (node == NULL) return NULL;
    *node = (struct ph_yaml){.kind = kind};
    const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;
    if (mark) {
        node->line = mark->line + 1;
        node->column = mark->column + 1;
    }
    return node;
}

static enum ph_status read_scalar(const struct reader *r, struct fy_token *token, struct ph_yaml **out)
{
    struct ph_yaml *node = new_node(r, PH_YAML_SCALAR, token);
    if (node == NULL) return ph_fail_memory(r->err);
    size_t length = 0;
    const char *text = token ? fy_token_get_text(token, &length) : "";
    node->quoted = token != NULL && fy_token_scalar_style(token) != FYSS_PLAIN;
    node->text = ph_arena_text(r->arena, text ? text : "", text ? length : 0);
    if (node->text == NULL) return ph_fail_memory(r->err);
    if (!node->quoted && (length == 0 || strcmp(node->text, "null") == 0 || strcmp(node->text, "~") == 0))
        node->kind = PH_YAML_NULL;
    *out = node;
    return PH_OK;
}

static enum ph_status read_value(const struct reader *r, struct fy_event *event, int depth, struct ph_yaml **out);

/* Reads events until the one that closes the list or map; takes over `event`. */
static enum ph_status read_children(const struct reader *r, struct ph_yaml *parent, enum fy_event_type end, int depth)
{
    struct ph_yaml **tail = &parent->child;
    for (;;) {
        struct fy_event *event = fy_parser_parse(r->parser);
        if (event == NULL) return syntax_error(r);
        if (event->type == end) {
            fy_parser_event_free(r->parser, event);
            return PH_OK;
        }
        struct ph_yaml *key = NULL, *value = NULL;
        if (end == FYET_MAPPING_END) {
            PH_TRY(read_value(r, event, depth, &key));
            if (key->text == NULL)
                return ph_fail(r->err, PH_E_CONFIG, "键必须是文字", "a key must be plain text"),
                       ph_at_line(r->err, r->name, key->line, key->column), PH_E_CONFIG;
            event = fy_parser_parse(r->parser);
            if (event == NULL) return syntax_error(r);
        }
        PH_TRY(read_value(r, event, depth, &value));
        if (key) {
            if (ph_yaml_get(parent, key->text))
                return ph_fail(r->err, PH_E_CONFIG, "键“%s”重复", "key '%s' is written twice", key->text),
                       ph_at_line(r->err, r->name, key->line, key->column), PH_E_CONFIG;
            value->key = key->text;
            value->key_line = key->line;
            value->key_column = key->column;
            if (value->line == 0) value->line = key->line;
        }
        *tail = value;
        tail = &value->next;
    }
}

/* Builds the node that starts with this event; frees the event. */
static enum ph_status read_value(const struct reader *r, struct fy_event *event, int depth, struct ph_yaml **out)
{
    enum fy_event_type type = event->type;
    enum ph_status status = PH_OK;
    if (type == FYET_SCALAR) {
        status = read_scalar(r, event->scalar.value, out);
    } else if (type == FYET_SEQUENCE_START || type == FYET_MAPPING_START) {
        bool map = type == FYET_MAPPING_START;
        *out = new_node(r, map ? PH_YAML_MAP : PH_YAML_LIST,
                        map ? event->mapping_start.mapping_start : event->sequence_start.sequence_start);
        if (*out == NULL) status = ph_fail_memory(r->err);
    } else {
        status = ph_fail(r->err, PH_E_CONFIG, "不支持 YAML 的别名", "YAML aliases are not supported");
        ph_at_file(r->err, r->name);
    }
    fy_parser_event_free(r->parser, event);
    if (status != PH_OK || type == FYET_SCALAR) return status;
    if (depth >= DEPTH_CAP) {
        ph_fail(r->err, PH_E_CONFIG, "嵌套超过 %d 层", "nested deeper than %d levels", DEPTH_CAP);
        return ph_at_line(r->err, r->name, (*out)->line, (*out)->column), PH_E_CONFIG;
    }
    return read_children(r, *out, type == FYET_MAPPING_START ? FYET_MAPPING_END : FYET_SEQUENCE_END, depth + 1);
}

static enum ph_status read_document(const struct reader *r, struct ph_yaml **root)
{
    for (;;) {
        struct fy_event *event = fy_parser_parse(r->parser);
        if (event == NULL) return syntax_error(r);
        enum fy_event_type type = event->type;
        if (type == FYET_STREAM_START || type == FYET_DOCUMENT_START) {
            fy_parser_event_free(r->parser, event);
            continue;
        }
        if (type == FYET_STREAM_END) {
            fy_parser_event_free(r->parser, event);
            ph_fail(r->err, PH_E_CONFIG, "文件是空的", "the file is empty");
            return ph_at_file(r->err, r->name), PH_E_CONFIG;
        }
        PH_TRY(read_value(r, event, 0, root));
        /* The document must end well; a second document is not looked at. */
        event = fy_parser_parse(r->parser);
        if (event == NULL) return syntax_error(r);
        fy_parser_event_free(r->parser, event);
        return PH_OK;
    }
}

enum ph_status ph_yaml_parse(struct ph_arena *arena, const char *text, size_t length, const char *name, struct ph_yaml **root,
                             struct ph_error *err)
{
    struct fy_diag *diag = fy_diag_create(NULL);
    if (diag == NULL) return ph_fail_memory(err);
    fy_diag_set_collect_errors(diag, true); /* or it would print them */
    struct fy_parse_cfg config = {.flags = FYPCF_QUIET, .diag = diag};
    struct reader r = {.parser = fy_parser_create(&config), .diag = diag, .arena = arena, .name = name, .err = err};
    enum ph_status status;
    if (r.parser == NULL || fy_parser_set_string(r.parser, text, length) != 0)
        status = ph_fail_memory(err);
    else
        status = read_document(&r, root);
    if (r.parser) fy_parser_destroy(r.parser);
    fy_diag_destroy(diag);
    return status;
}

enum ph_status ph_yaml_load(struct ph_arena *arena, const char *path, struct ph_yaml **root, struct ph_error *err)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        ph_fail(err, PH_E_CONFIG, "打不开:%s", "cannot open: %s", strerror(errno));
        return ph_at_file(err, path), PH_E_CONFIG;
    }
    char *text = malloc(FILE_CAP + 1);
    size_t length = text ? fread(text, 1, FILE_CAP + 1, file) : 0;
    bool failed = ferror(file) != 0;
    fclose(file);
    enum ph_status status;
    if (text == NULL)
        status = ph_fail_memory(err);
    else if (failed || length > FILE_CAP)
        status = ph_fail(err, PH_E_CONFIG, "读不完(上限 16 MiB)", "cannot be read (limit 16 MiB)"), ph_at_file(err, path);
    else
        status = ph_yaml_parse(arena, text, length, path, root, err);
    free(text);
    return status;
}

const struct ph_yaml *ph_yaml_get(const struct ph_yaml *map, const char *key)
{
    if (map == NULL || map->kind != PH_YAML_MAP) return NULL;
    for (const struct ph_yaml *v = map->child; v; v = v->next)
        if (v->key && strcmp(v->key, key) == 0) return v;
    return NULL;
}
