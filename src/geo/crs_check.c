#include "geo/crs_check.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

static const double degree = 0.017453292519943295769;
static const double seam = 0.5; /* degrees that a layer may reach over its zone: Hengyang lies on the seam of zones 37 and 38 */

static int meridian(int width, int number)
{
    return width == 3 ? 3 * number : 6 * number - 3;
}

static bool within(double low, double high, double from, double to)
{
    return low >= from && high <= to;
}

static struct ph_box turned(struct ph_box b)
{
    return (struct ph_box){b.min_y, b.min_x, b.max_y, b.max_x};
}

static bool china_degrees(struct ph_box b)
{
    return within(b.min_x, b.max_x, 73, 136) && within(b.min_y, b.max_y, 3, 54);
}

/* Metres of a northing between 17 and 54 degrees. */
static bool china_northing(double low, double high)
{
    return within(low, high, 1.8e6, 6.0e6);
}

/* The prefix of eastings that all carry the same one, -1 when they differ, 0 for none. */
static int prefix_of(double low, double high)
{
    if (high < 1e6 || high >= 1e8) return 0;
    return low >= 0 && floor(low / 1e6) == floor(high / 1e6) ? (int)floor(low / 1e6) : -1;
}

/* 0 for a plain easting of a Gauss-Krüger grid, its prefix for one with a zone of China, -1 for anything else. */
static int china_easting(double low, double high)
{
    int prefix = prefix_of(low, high);
    if (prefix == 0) return within(low, high, 1e5, 9e5) ? 0 : -1;
    return ph_china_zone_width(prefix) && within(low, high, prefix * 1e6 + 1e5, prefix * 1e6 + 9e5) ? prefix : -1;
}

struct checking {
    const struct ph_crs_facts *facts;
    struct ph_box box; /* metres or degrees */
    struct ph_crs_suspicion *out;
    size_t max, count;
};

static void say(struct checking *c, enum ph_severity severity, const char *code, const char *zh, const char *en, ...)
    __attribute__((format(printf, 4, 6), format(printf, 5, 6)));

static void say(struct checking *c, enum ph_severity severity, const char *code, const char *zh, const char *en, ...)
{
    if (c->count >= c->max) return;
    struct ph_crs_suspicion *s = &c->out[c->count++];
    s->severity = severity;
    s->code = code;
    va_list args;
    va_start(args, en);
    va_list again;
    va_copy(again, args);
    vsnprintf(s->zh, sizeof s->zh, zh, args);
    vsnprintf(s->en, sizeof s->en, en, again);
    va_end(again);
    va_end(args);
}

static void say_swapped(struct checking *c)
{
    say(c, PH_PROBLEM_ERROR, "crs.axes",
        "坐标轴颠倒:x 为 %.10g、y 为 %.10g,像是北坐标(纬度)在前;请把 x、y 对调后再用(坐标系“%s”)",
        "axes are swapped: x is %.10g, y is %.10g, as if northing (latitude) came first; turn x and y (CRS \"%s\")", c->box.min_x,
        c->box.min_y, c->facts->name);
}

static enum ph_datum chinese_datum(enum ph_datum datum)
{
    return datum == PH_DATUM_XIAN80 || datum == PH_DATUM_BEIJING54 ? datum : PH_DATUM_CGCS2000;
}

struct advice {
    char text[48]; /* the same in both languages */
};

static struct advice advise(enum ph_datum datum, int width, int number, bool prefixed)
{
    struct advice advice = {"?"};
    int epsg = ph_china_epsg(chinese_datum(datum), width, number, prefixed);
    if (epsg != 0) snprintf(advice.text, sizeof advice.text, "EPSG:%d (%d°E)", epsg, meridian(width, number));
    return advice;
}

static bool check_zone(struct checking *c)
{
    const struct ph_crs_zone *zone = &c->facts->zone;
    int prefix = prefix_of(c->box.min_x, c->box.max_x), width = ph_china_zone_width(prefix);
    bool plain = zone->prefix == 0 && (fabs(zone->false_easting - 500000) > 1e-3 || c->box.max_x < 13e6);
    if (prefix == zone->prefix || plain) return false; /* a grid without zone numbers may well be wider than 1000 km */
    if (prefix < 0) {
        say(c, PH_PROBLEM_ERROR, "crs.zone", "东坐标从 %.0f 到 %.0f,跨了不同的带号;一个图层只能有一个带,请分开",
            "eastings run from %.0f to %.0f, across zone numbers; a layer has one zone: split it", c->box.min_x, c->box.max_x);
    } else if (prefix == 0) {
        struct advice fits = advise(c->facts->datum, zone->width, zone->number, false);
        say(c, PH_PROBLEM_ERROR, "crs.zone", "坐标系“%s”的东坐标带有带号 %d,数据(%.0f)却没有;若中央经线无误,相符的是 %s",
            "CRS \"%s\" has zone number %d in its eastings, the data (%.0f) have none; if the central meridian is right, %s fits",
            c->facts->name, zone->prefix, c->box.min_x, fits.text);
    } else {
        struct advice fits = advise(c->facts->datum, width, prefix, true);
        if (zone->prefix == 0)
            say(c, PH_PROBLEM_ERROR, "crs.zone", "东坐标带有带号 %d(%.0f),坐标系“%s”却不带带号;相符的是 %s",
                "eastings carry zone number %d (%.0f), CRS \"%s\" has none; %s fits", prefix, c->box.min_x, c->facts->name,
                fits.text);
        else
            say(c, PH_PROBLEM_ERROR, "crs.zone", "东坐标带有带号 %d(%.0f),坐标系“%s”却是第 %d 带;相符的是 %s",
                "eastings carry zone number %d (%.0f), CRS \"%s\" is zone %d; %s fits", prefix, c->box.min_x, c->facts->name,
                zone->prefix, fits.text);
    }
    return true;
}

/* Where the data lie, in degrees: the box round corners and mid-sides. NaN where the projection does not reach. */
static enum ph_status locate(const struct ph_crs *crs, struct ph_projector **projector, struct ph_box extent, struct ph_box *out,
                             struct ph_error *err)
{
    const struct ph_crs_facts *facts = ph_crs_facts(crs);
    double unit = facts->radians_per_unit / degree;
    if (facts->kind == PH_CRS_GEOGRAPHIC) {
        *out = (struct ph_box){extent.min_x * unit, extent.min_y * unit, extent.max_x * unit, extent.max_y * unit};
        return PH_OK;
    }
    double x[3] = {extent.min_x, (extent.min_x + extent.max_x) / 2, extent.max_x};
    double y[3] = {extent.min_y, (extent.min_y + extent.max_y) / 2, extent.max_y};
    struct ph_xy at[9];
    for (int i = 0; i < 9; i++) at[i] = (struct ph_xy){x[i % 3], y[i / 3]};
    if (*projector == NULL) PH_TRY(ph_projector_new(crs, projector, err));
    ph_project_inverse(*projector, at, 9);
    *out = (struct ph_box){INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (int i = 0; i < 9; i++) {
        double lon = at[i].x / degree, lat = at[i].y / degree;
        if (isnan(lon)) *out = (struct ph_box){NAN, NAN, NAN, NAN};
        if (isnan(lon)) return PH_OK;
        if (lon < out->min_x) out->min_x = lon;
        if (lon > out->max_x) out->max_x = lon;
        if (lat < out->min_y) out->min_y = lat;
        if (lat > out->max_y) out->max_y = lat;
    }
    return PH_OK;
}

static double excess(double low, double high, double from, double to)
{
    return fmax(0, fmax(from - low, high - to));
}

static void check_extent(struct checking *c, struct ph_box at)
{
    const struct ph_crs_facts *facts = c->facts;
    if (isnan(at.min_x)) {
        say(c, PH_PROBLEM_ERROR, "crs.extent", "坐标(%.10g, %.10g)不在坐标系“%s”所能表示的范围内",
            "coordinates (%.10g, %.10g) cannot be placed by CRS \"%s\"", c->box.min_x, c->box.min_y, facts->name);
        return;
    }
    struct ph_box area = facts->area_of_use;
    bool has_area = area.min_x <= area.max_x, zoned = facts->zone.width != 0;
    if (zoned) {
        area.min_x = facts->zone.central_meridian - facts->zone.width / 2.0;
        area.max_x = facts->zone.central_meridian + facts->zone.width / 2.0;
    }
    if (!has_area && !zoned) return;
    double shift = at.min_x < area.min_x - 180 ? 360 : 0; /* areas across the date line run past 180 */
    double east = excess(at.min_x + shift, at.max_x + shift, area.min_x, area.max_x);
    double north = has_area ? excess(at.min_y, at.max_y, area.min_y, area.max_y) : 0;
    if (east > seam || north > seam)
        say(c, PH_PROBLEM_ERROR, "crs.extent",
            "数据位于经度 %.3f~%.3f、纬度 %.3f~%.3f,超出坐标系“%s”的范围(经度 %.2f~%.2f)达 %.2f°;请核对带号与中央经线",
            "the data lie at longitude %.3f to %.3f, latitude %.3f to %.3f, outside the extent of CRS \"%s\" (longitude %.2f to "
            "%.2f) by "
            "%.2f°; check zone and central meridian",
            at.min_x, at.max_x, at.min_y, at.max_y, facts->name, area.min_x, area.max_x, fmax(east, north));
    else if (east > 1e-6 || north > 1e-6)
        say(c, PH_NOTE, "crs.extent",
            "数据(经度 %.3f~%.3f)略超出坐标系“%s”的范围(经度 %.2f~%.2f),最多 %.3f°;位于两带接缝处,请确认所用的带",
            "the data (longitude %.3f to %.3f) reach a little outside CRS \"%s\" (longitude %.2f to %.2f), by at most %.3f°; a "
            "seam of "
            "zones: make sure that this one is meant",
            at.min_x, at.max_x, facts->name, area.min_x, area.max_x, fmax(east, north));
}

static double largest(struct ph_box b)
{
    return fmax(fmax(fabs(b.min_x), fabs(b.max_x)), fmax(fabs(b.min_y), fabs(b.max_y)));
}

static bool contains(struct ph_box outer, struct ph_box inner)
{
    return inner.min_x >= outer.min_x && inner.max_x <= outer.max_x && inner.min_y >= outer.min_y && inner.max_y <= outer.max_y;
}

/* True when a projected CRS is contradicted by the size of the numbers alone. */
static bool check_plane(struct checking *c)
{
    struct ph_box b = c->box;
    const struct ph_crs_facts *facts = c->facts;
    if (largest(b) <= 360 && fabs(b.min_y) <= 90 && fabs(b.max_y) <= 90) {
        say(c, PH_PROBLEM_ERROR, "crs.units", "坐标(%.10g, %.10g)像是经纬度,坐标系“%s”却是投影坐标系;若为经纬度,可用 EPSG:4490",
            "coordinates (%.10g, %.10g) look like degrees, but CRS \"%s\" is projected; for longitude-latitude try EPSG:4490",
            b.min_x, b.min_y, facts->name);
        return true;
    }
    double unit = facts->metres_per_unit;
    struct ph_box area = facts->area_in_plane; /* in CRS units */
    area = (struct ph_box){area.min_x * unit, area.min_y * unit, area.max_x * unit, area.max_y * unit};
    bool swapped = facts->zone.known ? china_easting(b.min_y, b.max_y) >= 0 && china_northing(b.min_x, b.max_x) &&
                                           !(facts->zone.prefix == 0 && contains(area, b))
                                     : !contains(area, b) && contains(area, turned(b));
    if (swapped) say_swapped(c);
    return swapped || (facts->zone.known && check_zone(c));
}

/* True when a geographic CRS is contradicted by the size of the numbers alone. */
static bool check_degrees(struct checking *c)
{
    struct ph_box b = c->box;
    if (largest(b) > 360) {
        struct ph_crs_guess guess = {.code = "?"};
        ph_crs_guess(b, &guess, 1);
        say(c, PH_PROBLEM_ERROR, "crs.units", "坐标(%.10g, %.10g)像是平面坐标(米),坐标系“%s”却是经纬度;可能是 %s",
            "coordinates (%.10g, %.10g) look like metres, but CRS \"%s\" is longitude-latitude; perhaps %s", b.min_x, b.min_y,
            c->facts->name, guess.code);
        return true;
    }
    bool chinese =
        c->facts->datum == PH_DATUM_CGCS2000 || c->facts->datum == PH_DATUM_XIAN80 || c->facts->datum == PH_DATUM_BEIJING54;
    bool swapped =
        (b.max_y > 90 && fmax(fabs(b.min_x), fabs(b.max_x)) <= 90) || (chinese && !china_degrees(b) && china_degrees(turned(b)));
    if (swapped) say_swapped(c);
    return swapped;
}

/* *projector is opened when it is first needed; the caller frees it. */
static enum ph_status suspect(const struct ph_crs *crs, struct ph_projector **projector, struct ph_box extent,
                              struct ph_crs_suspicion *out, size_t max, size_t *count, struct ph_error *err)
{
    *count = 0;
    const struct ph_crs_facts *facts = ph_crs_facts(crs);
    if (!(extent.min_x <= extent.max_x) || !(extent.min_y <= extent.max_y) || !isfinite(largest(extent))) return PH_OK;
    double unit = facts->kind == PH_CRS_PROJECTED ? facts->metres_per_unit : facts->radians_per_unit / degree;
    struct ph_box box = {extent.min_x * unit, extent.min_y * unit, extent.max_x * unit, extent.max_y * unit};
    struct checking c = {facts, box, out, max, 0};
    bool contradicted = facts->kind == PH_CRS_PROJECTED ? check_plane(&c) : check_degrees(&c);
    if (!contradicted) {
        struct ph_box at;
        PH_TRY(locate(crs, projector, extent, &at, err));
        check_extent(&c, at);
    }
    *count = c.count;
    return PH_OK;
}

enum ph_status ph_crs_suspicions(const struct ph_crs *crs, struct ph_box extent, struct ph_crs_suspicion *out, size_t max,
                                 size_t *count, struct ph_error *err)
{
    struct ph_projector *projector = NULL;
    enum ph_status status = suspect(crs, &projector, extent, out, max, count, err);
    ph_projector_free(projector);
    return status;
}

enum ph_status ph_crs_suspect_boxes(const struct ph_crs *crs, const struct ph_box *boxes, size_t count, bool *suspects,
                                    struct ph_error *err)
{
    struct ph_projector *projector = NULL;
    enum ph_status status = PH_OK;
    for (size_t i = 0; i < count && status == PH_OK; i++) {
        struct ph_crs_suspicion worst;
        size_t found;
        status = suspect(crs, &projector, boxes[i], &worst, 1, &found, err);
        suspects[i] = found > 0 && worst.severity >= PH_WARNING;
    }
    ph_projector_free(projector);
    return status;
}

/* One zone of China, with the codes of the older datums beside it. */
static struct ph_crs_guess guess_zone(int width, int number, bool prefixed, bool swapped)
{
    struct ph_crs_guess g = {.swapped = swapped, .certain = prefixed};
    int cgcs = ph_china_epsg(PH_DATUM_CGCS2000, width, number, prefixed),
        xian = ph_china_epsg(PH_DATUM_XIAN80, width, number, prefixed);
    int beijing = ph_china_epsg(PH_DATUM_BEIJING54, width, number, prefixed), cm = meridian(width, number);
    snprintf(g.code, sizeof g.code, "EPSG:%d", cgcs);
    const char *turn_zh = swapped ? "北坐标在前,须先对调 x、y;" : "",
               *turn_en = swapped ? "northing comes first: turn x and y; " : "";
    if (prefixed) {
        snprintf(g.zh, sizeof g.zh,
                 "%s东坐标带有带号 %d:%d 度带,中央经线 %d°。2000 国家大地坐标系为 EPSG:%d;若为 1980 西安坐标系则 EPSG:%d,1954 "
                 "北京坐标系则 "
                 "EPSG:%d,数字本身分不出",
                 turn_zh, number, width, cm, cgcs, xian, beijing);
        snprintf(
            g.en, sizeof g.en,
            "%seastings carry zone number %d: %d-degree zone, central meridian %d°. EPSG:%d for CGCS2000; EPSG:%d if Xi'an 1980, "
            "EPSG:%d if Beijing 1954: the numbers cannot tell",
            turn_en, number, width, cm, cgcs, xian, beijing);
    } else {
        snprintf(g.zh, sizeof g.zh,
                 "%s东坐标不带带号,数字本身分不出哪一带。若中央经线为 %d°(%d 度带):EPSG:%d;1980 西安坐标系 EPSG:%d,1954 "
                 "北京坐标系 EPSG:%d",
                 turn_zh, cm, width, cgcs, xian, beijing);
        snprintf(
            g.en, sizeof g.en,
            "%seastings without zone number: the numbers cannot tell the zone. If the central meridian is %d° (%d-degree zone): "
            "EPSG:%d; Xi'an 1980 EPSG:%d, Beijing 1954 EPSG:%d",
            turn_en, cm, width, cgcs, xian, beijing);
    }
    return g;
}

static struct ph_crs_guess guess_degrees(bool swapped)
{
    struct ph_crs_guess g = {.code = "EPSG:4490", .swapped = swapped};
    snprintf(g.zh, sizeof g.zh,
             "%s坐标像是中国境内的经纬度。2000 国家大地坐标系为 EPSG:4490;若为 WGS84 则 EPSG:4326,1980 西安坐标系 EPSG:4610,"
             "1954 北京坐标系 EPSG:4214,数字本身分不出",
             swapped ? "纬度在前,须先对调 x、y;" : "");
    snprintf(g.en, sizeof g.en,
             "%sthe coordinates look like degrees in China. EPSG:4490 for CGCS2000; EPSG:4326 if WGS 84, EPSG:4610 if Xi'an "
             "1980, EPSG:4214 if Beijing 1954: the numbers cannot tell",
             swapped ? "latitude comes first: turn x and y; " : "");
    return g;
}

/* Half the width of a 3-degree zone at the lowest latitude of the data, metres, with a tenth to spare. */
static double half_zone(double northing)
{
    return 1.5 * 111320 * cos(northing / 6371000) * 1.1;
}

static size_t guess_plane(struct ph_box b, bool swapped, struct ph_crs_guess *out, size_t max)
{
    int prefix = china_easting(b.min_x, b.max_x);
    if (prefix < 0 || !china_northing(b.min_y, b.max_y)) return 0;
    if (prefix > 0) {
        out[0] = guess_zone(ph_china_zone_width(prefix), prefix, true, swapped);
        return 1;
    }
    double half = half_zone(b.min_y);
    int width = fabs(b.min_x - 500000) <= half && fabs(b.max_x - 500000) <= half ? 3 : 6;
    int first = width == 3 ? 25 : 13, last = width == 3 ? 45 : 23;
    size_t count = 0;
    for (int number = first; number <= last && count < max; number++) out[count++] = guess_zone(width, number, false, swapped);
    return count;
}

size_t ph_crs_guess(struct ph_box extent, struct ph_crs_guess *out, size_t max)
{
    if (max == 0 || !(extent.min_x <= extent.max_x) || !(extent.min_y <= extent.max_y)) return 0;
    for (int swapped = 0; swapped < 2; swapped++) {
        struct ph_box b = swapped ? turned(extent) : extent;
        size_t count = guess_plane(b, swapped, out, max);
        if (count > 0) return count;
        if (china_degrees(b)) {
            out[0] = guess_degrees(swapped);
            return 1;
        }
    }
    return 0;
}
