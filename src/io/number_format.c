#include "io/number_format.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/number.h"

enum ph_number_format ph_number_format_builtin(long id)
{
    if (id == 9 || id == 10) return PH_FORMAT_PERCENT;
    if (id == 17 || id == 27 || id == 36 || id == 50 || id == 52 || id == 57) return PH_FORMAT_MONTH;
    if ((id >= 14 && id <= 16) || id == 22 || (id >= 28 && id <= 31) || (id >= 51 && id <= 54) || id == 58) return PH_FORMAT_DATE;
    return PH_FORMAT_NUMBER;
}

/* Behind what is shown as it stands: "text", [condition], \c, _c, *c. */
static const char *skip_literal(const char *at)
{
    char close = *at == '"' ? '"' : *at == '[' ? ']' : '\0';
    if (close) {
        const char *end = strchr(at + 1, close);
        return end ? end + 1 : at + strlen(at);
    }
    if (*at != '\\' && *at != '_' && *at != '*') return at;
    size_t n = 1;
    uint32_t code;
    if (at[1]) ph_utf8_next(ph_str_of(at + 1), &code, &n);
    return at[1] ? at + 1 + n : at + 1;
}

enum ph_number_format ph_number_format_code(const char *code)
{
    bool year = false, month = false, day = false, time = false;
    for (const char *at = code; *at && *at != ';';) {
        const char *next = skip_literal(at);
        if (*at == '[' && at[1]) time |= strchr("hms", ph_lower(at[1])) != NULL; /* [h]:mm, hours beyond 24 */
        if (next != at) {
            at = next;
            continue;
        }
        if (strncmp(at, "General", 7) == 0) {
            at += 7;
            continue;
        }
        char c = ph_lower(*at++);
        if (c == '%') return PH_FORMAT_PERCENT;
        year |= c == 'y' || (c == 'e' && *at != '+' && *at != '-');
        month |= c == 'm';
        day |= c == 'd';
        time |= c == 'h' || c == 's';
    }
    if (day || (year && !month)) return PH_FORMAT_DATE;
    if (month && (year || !time)) return PH_FORMAT_MONTH;
    return PH_FORMAT_NUMBER;
}

static bool write_date(bool month_only, double value, bool from_1904, char out[PH_FORMATTED_BYTES])
{
    /* The calendar of 1900 has a 29 February that was none: from March on its days count from 1899-12-30. */
    double whole = floor(value);
    if (whole < 0 || whole > 2958465 || (whole == 60 && !from_1904)) return false;
    if (whole == 0 && !from_1904) return out[0] = '\0', value == 0;
    int32_t start = from_1904 ? ph_date_of(1904, 1, 1) : whole >= 61 ? ph_date_of(1899, 12, 30) : ph_date_of(1899, 12, 31);
    int32_t days = ph_date_add_days(start, (int64_t)whole);
    int year, month, day;
    if (!ph_date_parts(days, &year, &month, &day)) return false;
    if (month_only && day == 1)
        snprintf(out, PH_FORMATTED_BYTES, "%d年%d月", year, month);
    else
        ph_date_print(out, days);
    return true;
}

bool ph_number_format_write(enum ph_number_format format, double value, bool from_1904, char out[PH_FORMATTED_BYTES])
{
    out[0] = '\0';
    if (!isfinite(value) || format == PH_FORMAT_NUMBER) return false;
    if (format != PH_FORMAT_PERCENT) return write_date(format == PH_FORMAT_MONTH, value, from_1904, out);
    size_t n = ph_number_print(out, PH_FORMATTED_BYTES - 1, round(value * 1e14) / 1e12); /* 0.07 times 100 is 7 */
    if (n) memcpy(out + n, "%", 2);
    return n > 0;
}
