/* From a rule's expression to SQL: every name becomes a numbered parameter, every call is checked against the
 * list of pure functions. What is not an expression (a sub-select, a second statement, a comment) is refused here,
 * and once more by SQLite's authorizer in the engine. */
#ifndef PH_RULES_EXPR_H
#define PH_RULES_EXPR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "model/table.h"
#include "rules/document.h"

/* A value that expressions can name, in English or in Chinese. */
struct ph_variable {
    const char *name, *title;
    bool present; /* false: the inputs have no column for it, it is unknown for every parcel */
};

struct ph_scope {
    const struct ph_variable *variables;
    size_t variable_count;
    const struct ph_words *words;
};

/* Variable i is the parameter ?(i+1). Define j is, by mode: */
enum ph_define_mode {
    PH_EXPAND_DEFINES, /* its definition written out, in parentheses */
    PH_BIND_DEFINES    /* the parameter ?(variable_count+j+1) */
};

/* Marks what an expression refers to: variables first, then defines; indirect uses through defines included. */
struct ph_uses {
    bool *marks;  /* variable_count + define_count */
    bool *params; /* per param; NULL: not asked for */
};

/* Translates `length` bytes of an expression. Errors: PH_E_RULES at `place`. */
PH_MUST_USE enum ph_status ph_expr_translate(const struct ph_scope *scope, const char *expr, size_t length, struct ph_place place,
                                             enum ph_define_mode mode, struct ph_text *sql, struct ph_uses *uses,
                                             struct ph_error *err);

/* The functions that may be called; NULL past the end. *title receives the
 * Chinese name, NULL when there is none. */
const char *ph_expr_function(size_t index, const char **title);

/* Index among the variables of a name in either language, or SIZE_MAX. */
size_t ph_scope_variable(const struct ph_scope *scope, const char *name, size_t length);

#endif
