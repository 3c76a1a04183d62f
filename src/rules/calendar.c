#include "rules/calendar.h"

#include <stdint.h>

#include "base/date.h"
#include "model/table.h"

static const struct function {
    const char *name;
    enum ph_step step;
} functions[] = {
    {"add_years", PH_ADD_YEARS}, {"minus_years", PH_MINUS_YEARS},   {"add_months", PH_ADD_MONTHS},         {"minus_months", PH_MINUS_MONTHS},
    {"add_days", PH_ADD_DAYS},   {"days_between", PH_DAYS_BETWEEN}, {"months_between", PH_MONTHS_BETWEEN},
};

bool ph_calendar_find(struct ph_str name, enum ph_step *step)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        *step = functions[i].step;
        if (ph_str_equal(name, ph_str_of(functions[i].name))) return true;
    }
    return false;
}

int32_t ph_calendar_move(enum ph_step step, int32_t date, int64_t n)
{
    switch (step) {
    case PH_ADD_YEARS: return ph_date_add_years(date, n);
    case PH_MINUS_YEARS: return n == INT64_MIN ? PH_DATE_UNKNOWN : ph_date_add_years(date, -n);
    case PH_ADD_MONTHS: return ph_date_add_months(date, n);
    case PH_MINUS_MONTHS: return n == INT64_MIN ? PH_DATE_UNKNOWN : ph_date_add_months(date, -n);
    default: return ph_date_add_days(date, n);
    }
}

int64_t ph_calendar_between(enum ph_step step, int32_t from, int32_t to)
{
    return step == PH_DAYS_BETWEEN ? ph_date_days_between(from, to) : ph_date_months_between(from, to);
}

/* Dates come as the engine wrote them, YYYY-MM-DD; anything else is an error of the expression, not unknown. */
static int32_t date_argument(sqlite3_context *context, sqlite3_value *value)
{
    int32_t date = PH_DATE_UNKNOWN;
    const char *text = (const char *)sqlite3_value_text(value);
    if (text == NULL || ph_date_parse(text, (size_t)sqlite3_value_bytes(value), &date) != PH_PARSE_OK)
        sqlite3_result_error(context, PH_NOT_A_DATE, -1);
    return date;
}

static void call(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    enum ph_step step = ((const struct function *)sqlite3_user_data(context))->step;
    if (sqlite3_value_type(values[0]) == SQLITE_NULL || sqlite3_value_type(values[1]) == SQLITE_NULL) return;
    int32_t date = date_argument(context, values[0]);
    if (date == PH_DATE_UNKNOWN) return;
    if (step >= PH_DAYS_BETWEEN) {
        int32_t to = date_argument(context, values[1]);
        if (to != PH_DATE_UNKNOWN) sqlite3_result_int64(context, ph_calendar_between(step, date, to));
        return;
    }
    int64_t n = sqlite3_value_int64(values[1]);
    char text[11];
    ph_date_print(text, ph_calendar_move(step, date, n));
    if (step == PH_ADD_DAYS && n == 0)
        sqlite3_result_value(context, values[0]); /* as it was written */
    else if (text[0])
        sqlite3_result_text(context, text, 10, SQLITE_TRANSIENT);
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
