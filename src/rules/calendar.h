/* The date functions of the rule language, registered with an SQLite connection. NULL in gives NULL out. */
#ifndef PH_RULES_CALENDAR_H
#define PH_RULES_CALENDAR_H

#include <sqlite3.h>

/* add_years, minus_years, add_months, minus_months, add_days (date, n) and days_between, months_between (from, to).
 * Returns an SQLite result code. */
int ph_calendar_register(sqlite3 *db);

#endif
