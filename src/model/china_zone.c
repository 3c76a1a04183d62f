#include "model/china_zone.h"

#include <stddef.h>

static const struct series {
    enum ph_datum datum;
    int degrees;
    int three_prefixed, three_plain, six_prefixed, six_plain; /* of the first zone: 25 or 13 */
} all[] = {
    {PH_DATUM_CGCS2000, 4490, 4513, 4534, 4491, 4502},
    {PH_DATUM_XIAN80, 4610, 2349, 2370, 2327, 2338},
    {PH_DATUM_BEIJING54, 4214, 2401, 2422, 21413, 21473},
};

static const struct series *series_of(enum ph_datum datum)
{
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].datum == datum) return &all[i];
    return NULL;
}

int ph_china_epsg(enum ph_datum datum, int width, int number, bool prefixed)
{
    const struct series *s = series_of(datum);
    if (s == NULL || width != ph_china_zone_width(number)) return 0;
    if (width == 3) return (prefixed ? s->three_prefixed : s->three_plain) + number - 25;
    return width == 6 ? (prefixed ? s->six_prefixed : s->six_plain) + number - 13 : 0;
}

int ph_china_epsg_degrees(enum ph_datum datum)
{
    const struct series *s = series_of(datum);
    return s ? s->degrees : 0;
}

bool ph_china_zone_of(int epsg, struct ph_china_zone *zone)
{
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (int number = 13; number <= 45; number++)
            for (int prefixed = 0; prefixed < 2; prefixed++) {
                int width = ph_china_zone_width(number);
                if (epsg == 0 || ph_china_epsg(all[i].datum, width, number, prefixed) != epsg) continue;
                *zone = (struct ph_china_zone){all[i].datum, width, number, prefixed};
                return true;
            }
    return false;
}

int ph_china_zone_width(int number)
{
    if (number >= 25 && number <= 45) return 3;
    return number >= 13 && number <= 23 ? 6 : 0;
}
