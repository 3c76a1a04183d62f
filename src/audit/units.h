/* Who is evaluated: every enterprise that counts, alone or as one with those it is judged together with, and what a
 * scheme can know of it. */
#ifndef PH_AUDIT_UNITS_H
#define PH_AUDIT_UNITS_H

#include "audit/enterprises.h"
#include "audit/roster.h"
#include "rules/engine.h"

/* Zero-initialise. */
struct ph_units {
    const struct ph_enterprises *enterprises;
    size_t count;
    size_t *members;  /* rows of the enterprise table, unit by unit; the first of a unit speaks for it: the one with most land */
    size_t *from;     /* per unit and one more: where its members begin */
    size_t *of_row;   /* per row of the table: its unit; SIZE_MAX for a row that does not count (another year, doubled) */
    char as_of[11];
};

/* Once the land is known. A row without a code counts, alone, with unknown land. */
PH_MUST_USE enum ph_status ph_units_make(const struct ph_enterprises *enterprises, int32_t as_of, struct ph_units *out, struct ph_error *err);
void ph_units_dispose(struct ph_units *units);

/* What a variable is for a unit: of several members amounts are added up (unknown when one is), a veto is anyone's, all
 * else is the first one's. `data` is a struct ph_units; dates are written to scratch. */
void ph_units_fetch(const void *data, size_t unit, size_t variable, char scratch[11], struct ph_value *out);

#endif
