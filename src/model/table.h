/* A table in memory, column by column. Unknown is a value of its own in every type. */
#ifndef PH_MODEL_TABLE_H
#define PH_MODEL_TABLE_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

enum ph_type { PH_TEXT, PH_REAL, PH_INT, PH_DATE };

#define PH_INT_UNKNOWN INT64_MIN
#define PH_DATE_UNKNOWN INT32_MIN /* dates are days since 1970-01-01, proleptic Gregorian */
/* Unknown text is NULL, unknown real is NaN. */
#define PH_VALUE_BYTES 40

struct ph_column {
    const char *name;  /* as written to the output; unique in the table without regard to ASCII case */
    const char *title; /* Chinese alias; NULL when there is none */
    enum ph_type type;
    union {
        const char **text; /* NUL-terminated UTF-8 in the table's arena, or static */
        double *real;
        int64_t *integer;
        int32_t *date;
    };
};

/* Zero-initialise. Owns its columns; the texts live in `arena`. */
struct ph_table {
    struct ph_arena arena;
    struct ph_column *columns;
    size_t column_count, column_capacity;
    size_t rows, capacity;
};

/* Adds a column of unknowns. name and title are copied. *index receives its position (may be NULL). */
PH_MUST_USE enum ph_status ph_table_add_column(struct ph_table *table, const char *name, const char *title,
                                               enum ph_type type, size_t *index, struct ph_error *err);

/* Adds `rows` rows of unknowns at the end. */
PH_MUST_USE enum ph_status ph_table_add_rows(struct ph_table *table, size_t rows, struct ph_error *err);

/* Gives row `to` the values of row `from`. */
void ph_table_copy_values(struct ph_table *table, size_t from, size_t to);

/* Position of the column with this name (ASCII case ignored), or SIZE_MAX. */
size_t ph_table_find(const struct ph_table *table, const char *name);

/* Whether the value in this row is known. */
bool ph_column_known(const struct ph_column *column, size_t row);

/* A known value that is no text, in words: "17", "0.5", "2021-06-01"; whole real numbers without a decimal point. */
void ph_column_print(const struct ph_column *column, size_t row, char text[PH_VALUE_BYTES]);

/* Turns the values of a column into texts. */
PH_MUST_USE enum ph_status ph_table_make_text(struct ph_table *table, size_t column, struct ph_error *err);

/* Copies text into the table's arena; NULL when memory is out. */
const char *ph_table_text(struct ph_table *table, const char *text, size_t length);

/* Appends all rows of `from`, whose columns must be of the same number and types, and takes over its texts. `from` is
 * left without rows. */
PH_MUST_USE enum ph_status ph_table_absorb(struct ph_table *table, struct ph_table *from, struct ph_error *err);

/* Row i becomes what row from[i] was; `step` bytes lie between one and the next of them. */
PH_MUST_USE enum ph_status ph_table_reorder(struct ph_table *table, const size_t *from, size_t step, struct ph_error *err);

void ph_table_dispose(struct ph_table *table);

#endif
