/* The values of one row: variables fetched and definitions worked out when they are first asked for, then kept until the
 * next row. Gives what SQLite would; SQLite judges the syntax, and evaluates what formulas leave to it. For one thread.
 * Internal to rules. */
#ifndef PH_RULES_CALCULATOR_H
#define PH_RULES_CALCULATOR_H

#include "base/arena.h"
#include "rules/expr.h"
#include "rules/formula.h"
#include "rules/sql.h"

#define PH_ROW_TEXT_BYTES 2048

struct ph_calculator {
    struct ph_scope scope;
    sqlite3 *db;
    struct ph_arena arena; /* of the formulas */
    struct ph_node **defines;
    struct ph_node *prepared; /* those with a statement */
    sqlite3_stmt *number;     /* of a text */
    const char *mistake;      /* why the row cannot be evaluated, in SQLite's words; NULL */
    const void *row;
    ph_fetch *fetch;
    struct ph_value *values; /* variables, then defines */
    bool *known;             /* per value: it is there for this row */
    char room[PH_ROW_TEXT_BYTES]; /* texts made for this row */
    size_t used;
    struct ph_arena more; /* those that found no room */
};

/* The scope is borrowed. Checks its names and definitions. Errors: PH_E_RULES at their place. */
PH_MUST_USE enum ph_status ph_calculator_new(const struct ph_scope *scope, struct ph_calculator **out, struct ph_error *err);
void ph_calculator_free(struct ph_calculator *calculator);

/* Makes `length` bytes of an expression ready. Errors: PH_E_RULES at `place`. */
PH_MUST_USE enum ph_status ph_calculator_prepare(struct ph_calculator *c, const char *expr, size_t length, struct ph_place place,
                                                 struct ph_uses *uses, struct ph_node **out, struct ph_error *err);
/* The same from SQL that was translated and checked before, and outlives the calculator. */
PH_MUST_USE enum ph_status ph_calculator_take(struct ph_calculator *c, struct ph_str sql, struct ph_node **out, struct ph_error *err);

/* From here on formulas are about this row, which must last as long as they are. */
void ph_calculator_start(struct ph_calculator *c, ph_fetch *fetch, const void *row);
/* Takes a variable for something else than the row says. */
void ph_calculator_set(struct ph_calculator *c, size_t variable, double value);
/* Variable or define. */
struct ph_value ph_calculator_value(struct ph_calculator *c, size_t index);

/* For formulas: a value worked out by SQLite, a text's number, room for a text (NULL, and a mistake, when memory is out). */
struct ph_value ph_calculator_by_sqlite(struct ph_calculator *c, struct ph_node *node);
double ph_calculator_number(struct ph_calculator *c, const struct ph_value *text);
char *ph_calculator_room(struct ph_calculator *c, size_t bytes);

#endif
