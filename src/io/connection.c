#include "io/connection.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define BLANKS " \t\r\n\f\v"

/* One key and its value in "key = 'value' key=value". */
struct pair {
    const char *key, *value, *next;
    size_t key_length, value_length; /* the value with its quotes */
};

static const char *behind_prefix(const char *name)
{
    return strncasecmp(name, "PG:", 3) == 0 ? name + 3 : name;
}

static bool is_uri(const char *text)
{
    return strncasecmp(text, "postgresql://", 13) == 0 || strncasecmp(text, "postgres://", 11) == 0;
}

bool ph_connection_is(const char *name)
{
    return strncasecmp(name, "PG:", 3) == 0 || is_uri(name);
}

/* The next pair from `at` on; false at the end, or where there is no pair. */
static bool next_pair(const char *at, struct pair *out)
{
    at += strspn(at, BLANKS);
    out->key = at;
    out->key_length = strcspn(at, BLANKS "=");
    at += out->key_length;
    at += strspn(at, BLANKS);
    if (out->key_length == 0 || *at++ != '=') return false;
    at += strspn(at, BLANKS);
    out->value = at;
    bool quoted = *at == '\'';
    for (at += quoted; *at != '\0' && (quoted ? *at != '\'' : strchr(BLANKS, *at) == NULL); at++)
        if (*at == '\\' && at[1] != '\0') at++;
    at += quoted && *at == '\'';
    out->value_length = (size_t)(at - out->value);
    out->next = at;
    return true;
}

static bool is_key(const struct pair *pair, const char *key)
{
    return strlen(key) == pair->key_length && strncasecmp(key, pair->key, pair->key_length) == 0;
}

static void unquote(const struct pair *pair, char *value, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < pair->value_length && n + 1 < size; i++) {
        if (pair->value[i] == '\'') continue;
        if (pair->value[i] == '\\' && i + 1 < pair->value_length) i++;
        value[n++] = pair->value[i];
    }
    value[n] = '\0';
}

bool ph_connection_value(const char *name, const char *key, char *value, size_t size)
{
    const char *text = behind_prefix(name);
    value[0] = '\0';
    if (is_uri(text)) {
        const char *path = strchr(strstr(text, "://") + 3, '/');
        if (path == NULL || strcmp(key, "dbname") != 0) return false;
        snprintf(value, size, "%.*s", (int)strcspn(path + 1, "?"), path + 1);
        return value[0] != '\0';
    }
    struct pair pair;
    for (const char *at = text; next_pair(at, &pair); at = pair.next)
        if (is_key(&pair, key)) return unquote(&pair, value, size), value[0] != '\0';
    return false;
}

bool ph_connection_for_libpq(const char *name, char out[PH_CONNECTION_BYTES])
{
    static const char *const own[] = {"schemas", "active_schema", "tables"};
    const char *text = behind_prefix(name);
    struct pair pair;
    size_t used = 0;
    out[0] = '\0';
    if (strlen(text) >= PH_CONNECTION_BYTES) return false;
    if (is_uri(text)) return memcpy(out, text, strlen(text) + 1), true;
    const char *at = text;
    for (; next_pair(at, &pair); at = pair.next) {
        bool skip = false;
        for (size_t i = 0; i < sizeof own / sizeof *own; i++) skip |= is_key(&pair, own[i]);
        size_t length = (size_t)(pair.next - at);
        if (!skip) memcpy(out + used, at, length), used += length;
    }
    memcpy(out + used, at, strlen(at) + 1); /* what is no pair is for libpq to complain about */
    return true;
}

void ph_connection_label(const char *name, const char *layer, char *out, size_t size)
{
    char database[200];
    bool named = ph_connection_value(name, "dbname", database, sizeof database);
    snprintf(out, size, "PG:%s%s%s", database, named ? ":" : "", layer);
}
