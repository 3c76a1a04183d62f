#include "cli/figures.h"

#include <inttypes.h>
#include <stdio.h>

void ph_figure_hundredths(int64_t number, const char *unknown, char *text, size_t size)
{
    if (number == INT64_MIN) {
        snprintf(text, size, "%s", unknown);
    } else {
        int64_t magnitude = number < 0 ? -number : number;
        snprintf(text, size, "%s%" PRId64 ".%02" PRId64, number < 0 ? "-" : "", magnitude / 100, magnitude % 100);
    }
}

int64_t ph_figure_mu(int64_t area_dm2)
{
    if (area_dm2 == INT64_MIN) return INT64_MIN;
    return (area_dm2 * 3 + (area_dm2 < 0 ? -1000 : 1000)) / 2000;
}

void ph_figure_count(int64_t count, const char *unknown, char *text, size_t size)
{
    snprintf(text, size, "%s", unknown);
    if (count != INT64_MIN) snprintf(text, size, "%" PRId64, count);
}
