/* The date functions of the rule language: add_years, minus_years, add_months, minus_months, add_days (date, n) and
 * days_between, months_between (from, to). NULL in gives NULL out. */
#ifndef PH_RULES_CALENDAR_H
#define PH_RULES_CALENDAR_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/text.h"

enum ph_step {
    PH_ADD_YEARS,
    PH_MINUS_YEARS,
    PH_ADD_MONTHS,
    PH_MINUS_MONTHS,
    PH_ADD_DAYS,
    PH_DAYS_BETWEEN, /* from here on both arguments are dates */
    PH_MONTHS_BETWEEN
};

#define PH_NOT_A_DATE "not a date (YYYY-MM-DD)" /* the mistake of giving them anything else */

/* What a function of this name does; false when it is none of these. */
bool ph_calendar_find(struct ph_str name, enum ph_step *step);

/* A known date moved, unknown when it leaves the calendar; days or months from one known date to another. */
int32_t ph_calendar_move(enum ph_step step, int32_t date, int64_t n);
int64_t ph_calendar_between(enum ph_step step, int32_t from, int32_t to);

/* Registers the functions with a connection. Returns an SQLite result code. */
int ph_calendar_register(sqlite3 *db);

#endif
