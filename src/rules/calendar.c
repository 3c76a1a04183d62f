#include "rules/calendar.h"

#include <stdint.h>

#include "base/date.h"
#include "model/table.h"

enum step { ADD_YEARS, MINUS_YEARS, ADD_MONTHS, MINUS_MONTHS, ADD_DAYS, DAYS_BETWEEN, MONTHS_BETWEEN };

static const struct function {
    const char *name;
    enum step step;
} functions[] = {
    {"add_years", ADD_YEARS}, {"minus_years", MINUS_YEARS},   {"add_months", ADD_MONTHS},         {"minus_months", MINUS_MONTHS},
    {"add_days", ADD_DAYS},   {"days_between", DAYS_BETWEEN}, {"months_between", MONTHS_BETWEEN},
};

/* Dates come as the engine wrote them, YYYY-MM-DD; anything else is an error of the expression, not unknown. */
static int32_t date_argument(sqlite3_context *context, sqlite3_value *value)
{
    int32_t date = PH_DATE_UNKNOWN;
    const char *text = (const char *)sqlite3_value_text(value);
    if (text == NULL || ph_date_parse(text, (size_t)sqlite3_value_bytes(value), &date) != PH_PARSE_OK)
        sqlite3_result_error(context, "not a date (YYYY-MM-DD)", -1);
    return date;
}

static void result_date(sqlite3_context *context, int32_t date)
{
    char text[11];
    ph_date_print(text, date);
    if (text[0])
        sqlite3_result_text(context, text, 10, SQLITE_TRANSIENT);
    else
        sqlite3_result_null(context);
}

static void call(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    enum step step = ((const struct function *)sqlite3_user_data(context))->step;
    if (sqlite3_value_type(values[0]) == SQLITE_NULL || sqlite3_value_type(values[1]) == SQLITE_NULL) return;
    int32_t date = date_argument(context, values[0]);
    if (date == PH_DATE_UNKNOWN) return;
    if (step == DAYS_BETWEEN || step == MONTHS_BETWEEN) {
        int32_t to = date_argument(context, values[1]);
        if (to == PH_DATE_UNKNOWN) return;
        sqlite3_result_int64(context, step == DAYS_BETWEEN ? ph_date_days_between(date, to) : ph_date_months_between(date, to));
        return;
    }
    int64_t n = sqlite3_value_int64(values[1]);
    switch (step) {
    case ADD_YEARS: result_date(context, ph_date_add_years(date, n)); break;
    case MINUS_YEARS: result_date(context, ph_date_add_years(date, -n)); break;
    case ADD_MONTHS: result_date(context, ph_date_add_months(date, n)); break;
    case MINUS_MONTHS: result_date(context, ph_date_add_months(date, -n)); break;
    default:
        if (n == 0)
            sqlite3_result_value(context, values[0]);
        else
            result_date(context, ph_date_add_days(date, n));
        break;
    }
}

int ph_calendar_register(sqlite3 *db)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *self = (void *)(uintptr_t)&functions[i];
        int result = sqlite3_create_function_v2(db, functions[i].name, 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, self,
                                                call, NULL, NULL, NULL);
        if (result != SQLITE_OK) return result;
    }
    return SQLITE_OK;
}
