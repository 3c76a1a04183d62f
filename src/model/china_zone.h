/* The Gauss-Krüger zones of China, and the EPSG codes of their grids. */
#ifndef PH_MODEL_CHINA_ZONE_H
#define PH_MODEL_CHINA_ZONE_H

#include <stdbool.h>

enum ph_datum { PH_DATUM_OTHER, PH_DATUM_CGCS2000, PH_DATUM_XIAN80, PH_DATUM_BEIJING54, PH_DATUM_WGS84 };

/* EPSG number of a zone: width 3 (zones 25-45) or 6 (13-23), with or without the zone number in the false easting. 0 when
 * there is none. Datum CGCS2000, XIAN80 or BEIJING54. */
int ph_china_epsg(enum ph_datum datum, int width, int number, bool prefixed);

/* EPSG number of the datum's longitude and latitude; 0 for another datum. */
int ph_china_epsg_degrees(enum ph_datum datum);

struct ph_china_zone {
    enum ph_datum datum;
    int width, number;
    bool prefixed;
};

/* The zone that an EPSG number stands for; false when it is none of them. */
bool ph_china_zone_of(int epsg, struct ph_china_zone *zone);

/* Width of the zones that a zone number belongs to, 0 if none. */
int ph_china_zone_width(int number);

#endif
