/* YAML as a plain tree in which every value remembers its line and column, so that an error found long
 * after parsing still says where. The only file that knows the YAML library. */
#ifndef PH_BASE_YAML_H
#define PH_BASE_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

enum ph_yaml_kind { PH_YAML_NULL, PH_YAML_SCALAR, PH_YAML_LIST, PH_YAML_MAP };

struct ph_yaml {
    enum ph_yaml_kind kind;
    bool quoted;             /* a scalar written in quotes or as a block: text even if it looks like a number */
    const char *text;        /* scalar; NULL otherwise */
    int line, column;        /* 1-based */
    struct ph_yaml *child;   /* first item or first value */
    struct ph_yaml *next;    /* next sibling */
    const char *key;         /* of a value in a map */
    int key_line, key_column;
};

/* Parses one document. Everything lives in the arena. `name` is what an error calls the file.
 * Errors: PH_E_CONFIG with file, line and column; also for a key written twice. */
PH_MUST_USE enum ph_status ph_yaml_parse(struct ph_arena *arena, const char *text, size_t length, const char *name,
                                         struct ph_yaml **root, struct ph_error *err);

/* Reads a whole file and parses it. Errors: PH_E_CONFIG when it cannot be read or is over 16 MiB. */
PH_MUST_USE enum ph_status ph_yaml_load(struct ph_arena *arena, const char *path, struct ph_yaml **root, struct ph_error *err);

/* The value under a key, or NULL. */
const struct ph_yaml *ph_yaml_get(const struct ph_yaml *map, const char *key);

#endif
