/* What a scheme computes with, taken apart: a value into numerator and denominator, an amount into a column and a factor
 * where it is no more than that. Works on translated SQL (variables as ?1 …, see expr.h). Internal to rules. */
#ifndef PH_RULES_QUANTITY_H
#define PH_RULES_QUANTITY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* Without blanks around and without parentheses around the whole. */
struct ph_str ph_sql_bare(struct ph_str sql);

/* "a / b" and nothing looser than that division outside parentheses: its two sides. */
bool ph_sql_quotient(struct ph_str sql, struct ph_str *numerator, struct ph_str *denominator);

/* A column, times a number or not, negative or not: "?3", "100 * ?3", "-?3". */
bool ph_sql_column_of(struct ph_str sql, size_t *variable, double *factor);

/* The next variable that occurs in *rest, which is then what follows it; false when there is none. */
bool ph_sql_parameter(struct ph_str *rest, size_t *variable);

/* Marks every variable that occurs. */
void ph_sql_mark(struct ph_str sql, bool *marks);

#endif
