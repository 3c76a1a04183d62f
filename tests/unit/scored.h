/* Schemes and enterprises for tests, written as text. */
#ifndef PH_TEST_SCORED_H
#define PH_TEST_SCORED_H

#include "rules/scoring.h"

enum { SCORED_COLUMNS = 32, SCORED_ROWS = 256 };

/* A table of enterprises. */
struct scored_table {
    struct ph_roster roster;
    struct ph_variable variables[SCORED_COLUMNS];
    struct ph_value cells[SCORED_ROWS][SCORED_COLUMNS];
    char names[SCORED_COLUMNS][32];
    char text[8192];
};

/* Blank-separated: names of columns in the first line, a row a line; "-" is a cell that is not there. Every canonical name
 * that is not among them is a column that the inputs lack. as_of is 2023-12-31. */
void scored_table_read(struct scored_table *table, const char *text);

/* Rows made by the caller: columns by name, cells all unknown. */
void scored_table_start(struct scored_table *table, const char *names, size_t rows);
struct ph_value *scored_cell(struct scored_table *table, size_t row, const char *name);
void scored_number(struct scored_table *table, size_t row, const char *name, double value);

/* From YAML text. name, title are put before it. Fails the test on an error. */
struct ph_scheme *scored_scheme(const char *yaml);
/* The same without failing. */
enum ph_status scored_scheme_try(const char *yaml, struct ph_scheme **out, struct ph_error *err);

struct ph_scoring *scored_run(const struct ph_scheme *scheme, const struct scored_table *table);

#endif
