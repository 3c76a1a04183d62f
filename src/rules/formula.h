/* Translated expressions (see expr.h) taken apart into trees, so that a row costs no SQL statement. What a tree cannot say
 * is left to SQLite, part by part: every node knows the SQL that it stands for. Internal to rules. */
#ifndef PH_RULES_FORMULA_H
#define PH_RULES_FORMULA_H

#include "base/text.h"
#include "rules/calendar.h"
#include "rules/value.h"

enum ph_op {
    PH_OP_SQL, /* by SQLite alone */
    PH_OP_CONSTANT,
    PH_OP_NAME, /* a variable or a define */
    PH_OP_AND,
    PH_OP_OR,
    PH_OP_NOT,
    PH_OP_EQ,
    PH_OP_NE,
    PH_OP_LT,
    PH_OP_LE,
    PH_OP_GT,
    PH_OP_GE,
    PH_OP_SIGN, /* round(x, n) compared with 0: `index` is the comparison, `value` where no rounding gives 0 any more */
    PH_OP_IS,
    PH_OP_IS_NULL,
    PH_OP_NOT_NULL,
    PH_OP_BETWEEN,
    PH_OP_IN,   /* the list behind the first child */
    PH_OP_LIKE, /* a constant text; `index`: NOT */
    PH_OP_ADD,
    PH_OP_SUBTRACT,
    PH_OP_MULTIPLY,
    PH_OP_DIVIDE,
    PH_OP_REMAINDER,
    PH_OP_CONCAT,
    PH_OP_MINUS,
    PH_OP_CASE,    /* WHEN, THEN, …, perhaps ELSE */
    PH_OP_CASE_OF, /* the same behind the first child, which is compared */
    PH_OP_COALESCE,
    PH_OP_MIN,
    PH_OP_MAX,
    PH_OP_LENGTH,
    PH_OP_SUBSTR,
    PH_OP_ROUND,
    PH_OP_CALENDAR /* `index` is the ph_step */
};

struct ph_node {
    enum ph_op op;
    size_t index;
    struct ph_value value; /* of a constant */
    struct ph_node *child, *next; /* the first operand; the next of one's siblings */
    struct ph_str sql;
    sqlite3_stmt *stmt; /* of sql, once SQLite was needed */
    struct ph_node *prepared; /* the next with a statement */
};

struct ph_calculator;

/* The tree of a right expression; lives in the calculator's arena, as `sql` must. NULL when memory is out. */
struct ph_node *ph_formula_parse(struct ph_calculator *calculator, struct ph_str sql);

/* The value for the calculator's row. Worth nothing once there was a mistake (calculator->mistake). */
struct ph_value ph_formula_value(struct ph_calculator *calculator, struct ph_node *node);
/* The same as a condition: 1, 0, or -1 for unknown. */
int ph_formula_truth(struct ph_calculator *calculator, struct ph_node *node);

#endif
