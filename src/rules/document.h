/* A rule file or scheme file while it is read: where things stand, what is wrong with them, and the part that both kinds
 * share: params, defines, `extends`. */
#ifndef PH_RULES_DOCUMENT_H
#define PH_RULES_DOCUMENT_H

#include "base/arena.h"
#include "base/error.h"
#include "base/yaml.h"

#define PH_EXTENDS_CAP 8

/* Where something was written. */
struct ph_place {
    const char *file;
    int line, column;
};

/* A named constant. literal is NULL for null: the criterion is not set. */
struct ph_param {
    const char *name, *title, *unit, *source, *sure;
    const char *literal; /* SQL literal */
    struct ph_place place;
};

/* A named expression. */
struct ph_define {
    const char *name, *title, *expr, *note;
    struct ph_place place;
};

/* The words that a file gives to its expressions. */
struct ph_words {
    struct ph_param *params;
    size_t param_count;
    struct ph_define *defines;
    size_t define_count;
};

/* A YAML text inside the program. */
struct ph_builtin_text {
    const char *name, *text;
    size_t length;
};

/* Set arena, words, builtin, read, owner and err. */
struct ph_document {
    struct ph_arena *arena; /* of what is read */
    struct ph_words *words;
    const struct ph_builtin_text *(*builtin)(size_t index); /* NULL past the end */
    enum ph_status (*read)(struct ph_document *d, const struct ph_yaml *root);
    void *owner;
    struct ph_error *err;
    /* While reading: */
    const char *file;
    char hashes[64 * (PH_EXTENDS_CAP + 1)]; /* of the files read, the deepest last */
    size_t hash_count;
    int depth;
};

/* Loads a built-in text by name, or a file when `name` has a '/' or ends in .yaml or .yml, hands its root to `read`, and
 * gives the hash over the hashes of all that was read. Errors: PH_E_RULES with file, line and column. */
PH_MUST_USE enum ph_status ph_document_load(struct ph_document *d, const char *name, char sha256[65]);

/* For `read`: what the root `extends` is read first, if there is anything. */
PH_MUST_USE enum ph_status ph_document_extends(struct ph_document *d, const struct ph_yaml *root);

/* Places an error written by ph_fail at a node's key, or at the node. Returns PH_E_RULES. */
enum ph_status ph_document_fail(const struct ph_document *d, const struct ph_yaml *node);

struct ph_place ph_document_place(const struct ph_document *d, const struct ph_yaml *node);

/* allowed ends with NULL. */
PH_MUST_USE enum ph_status ph_document_check_keys(const struct ph_document *d, const struct ph_yaml *map, const char *const *allowed);

/* The text of a scalar under key; NULL when absent or null. */
const char *ph_document_text(const struct ph_yaml *map, const char *key);
PH_MUST_USE enum ph_status ph_document_required(const struct ph_document *d, const struct ph_yaml *map, const char *key, const char **out);

/* A list of texts; empty when absent. */
PH_MUST_USE enum ph_status ph_document_list(const struct ph_document *d, const struct ph_yaml *map, const char *key, const char ***out,
                                            size_t *count);

/* Reads every child of the list or map under key. */
typedef enum ph_status ph_document_reader(struct ph_document *d, const struct ph_yaml *node);
PH_MUST_USE enum ph_status ph_document_section(struct ph_document *d, const struct ph_yaml *root, const char *key, enum ph_yaml_kind kind,
                                               ph_document_reader *read);

/* Reads `params` and `define`; what is there already under the same name is replaced. */
PH_MUST_USE enum ph_status ph_document_words(struct ph_document *d, const struct ph_yaml *root);

/* Makes room for one more item in an arena array that grows by doubling at powers of two; NULL when memory is out. */
void *ph_document_grown(struct ph_arena *arena, void *items, size_t count, size_t width);

#endif
