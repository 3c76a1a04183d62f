#include "geo/crs_evidence.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#define DEGREES (180 / 3.14159265358979323846)
#define SEAM 0.3       /* degrees from the edge of a zone at which its neighbour is mentioned */
#define KM_PER_DEGREE 111.3

struct telling {
    struct ph_crs_evidence *out;
    size_t count;
};

static void say(struct telling *t, bool speaks_for, const char *zh, const char *en, ...) __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

static void say(struct telling *t, bool speaks_for, const char *zh, const char *en, ...)
{
    if (t->count == PH_CRS_EVIDENCE_MAX) return;
    struct ph_crs_evidence *e = &t->out[t->count++];
    va_list args, again;
    e->speaks_for = speaks_for;
    va_start(args, en);
    va_copy(again, args);
    vsnprintf(e->zh, sizeof e->zh, zh, args);
    vsnprintf(e->en, sizeof e->en, en, again);
    va_end(again);
    va_end(args);
}

/* The corners' range in degrees; false where the projection has no inverse. */
static enum ph_status degrees_of(const struct ph_crs *crs, struct ph_box b, struct ph_box *out, bool *there, struct ph_error *err)
{
    struct ph_xy corners[] = {{b.min_x, b.min_y}, {b.min_x, b.max_y}, {b.max_x, b.min_y}, {b.max_x, b.max_y}};
    struct ph_projector *projector = NULL;
    PH_TRY(ph_projector_new(crs, &projector, err));
    ph_project_inverse(projector, corners, 4);
    ph_projector_free(projector);
    *out = (struct ph_box){INFINITY, INFINITY, -INFINITY, -INFINITY};
    *there = true;
    for (size_t i = 0; i < 4; i++) {
        *there &= isfinite(corners[i].x) && isfinite(corners[i].y);
        out->min_x = fmin(out->min_x, corners[i].x * DEGREES);
        out->max_x = fmax(out->max_x, corners[i].x * DEGREES);
        out->min_y = fmin(out->min_y, corners[i].y * DEGREES);
        out->max_y = fmax(out->max_y, corners[i].y * DEGREES);
    }
    return PH_OK;
}

static void tell_numbers(struct telling *t, const struct ph_crs_facts *f, struct ph_box extent)
{
    bool one = floor(extent.min_x / 1e6) == floor(extent.max_x / 1e6);
    int prefix = one && extent.min_x >= 0 ? (int)floor(extent.min_x / 1e6) : -1;
    if (f->zone.prefix && prefix == f->zone.prefix)
        say(t, true, "东坐标以 %d 开头,正是坐标系的带号", "eastings begin with %d, which is the zone number of the CRS", prefix);
    if (f->zone.prefix == 0 && prefix == 0)
        say(t, true, "东坐标不带带号(%.0f),坐标系也不带", "eastings have no zone number (%.0f), nor has the CRS", extent.min_x);
    if (extent.min_y >= 1.8e6 && extent.max_y <= 6e6)
        say(t, true, "x 为东、y 为北:y(%.0f)是中国的北坐标该有的大小", "x is east, y is north: y (%.0f) is of the size of northings in China", extent.min_y);
}

static void tell_zone(struct telling *t, const struct ph_crs_facts *f, struct ph_box degrees)
{
    const struct ph_crs_zone *zone = &f->zone;
    double half = zone->width / 2.0, far = fmax(fabs(degrees.min_x - zone->central_meridian), fabs(degrees.max_x - zone->central_meridian));
    say(t, far <= half, "宗地在东经 %.3f°–%.3f°,距中央经线 %g° 至多 %.2f°(带宽两侧各 %g°)",
        "the parcels lie at %.3f°E to %.3f°E; from the central meridian %g° that is at most %.2f° (a zone has %g° on each side)", degrees.min_x,
        degrees.max_x, zone->central_meridian, far, half);
}

/* Without a zone number the same figures fit every zone; near a seam, data of the other zone may lie beside. */
static void tell_neighbour(struct telling *t, const struct ph_crs_facts *f, struct ph_box degrees)
{
    const struct ph_crs_zone *zone = &f->zone;
    double middle = (degrees.min_x + degrees.max_x) / 2, half = zone->width / 2.0;
    int side = middle < zone->central_meridian ? -1 : 1, other = zone->number + side;
    double edge = zone->central_meridian + side * half, gap = fabs(edge - middle);
    int epsg = ph_china_epsg(f->datum, zone->width, other, zone->prefix != 0);
    if (zone->prefix == 0)
        say(t, false, "若其实是相邻的 %d 带(EPSG:%d),同样的坐标会落在东经 %.3f°;请确认宗地不在那里",
            "in the neighbouring zone %d (EPSG:%d) the same figures would lie at %.3f°E; make sure that the parcels are not there", other, epsg,
            middle + side * zone->width);
    if (gap <= SEAM)
        say(t, false, "离 %d、%d 带的分界 %g° 约 %.0f 公里:分界那边的宗地可能在另一个文件里,用另一个带",
            "zones %d and %d meet at %g°, about %.0f km away: parcels beyond may be in another file and another zone", zone->number, other, edge,
            gap * KM_PER_DEGREE * cos(degrees.min_y / DEGREES));
}

static void tell_datum(struct telling *t, const struct ph_crs_facts *f)
{
    if (f->datum != PH_DATUM_CGCS2000 && f->datum != PH_DATUM_XIAN80 && f->datum != PH_DATUM_BEIJING54) return;
    say(t, false, "2000 国家大地坐标系、西安80、北京54 的坐标只差几十到一百多米,数值分不出;请按资料核对",
        "coordinates of CGCS2000, Xian 1980 and Beijing 1954 differ by some tens of metres to over a hundred; figures cannot tell them apart: check the papers");
}

enum ph_status ph_crs_evidence(const struct ph_crs *crs, struct ph_box extent, struct ph_crs_evidence out[PH_CRS_EVIDENCE_MAX], size_t *count,
                               struct ph_error *err)
{
    const struct ph_crs_facts *f = ph_crs_facts(crs);
    struct telling t = {.out = out};
    struct ph_box degrees;
    bool there = false;
    *count = 0;
    if (!(extent.min_x <= extent.max_x)) return PH_OK;
    PH_TRY(degrees_of(crs, extent, &degrees, &there, err));
    if (f->kind == PH_CRS_GEOGRAPHIC && there && degrees.min_x >= 73 && degrees.max_x <= 136 && degrees.min_y >= 3 && degrees.max_y <= 54)
        say(&t, true, "经纬度在中国范围内,经度在前", "longitude and latitude lie in China, longitude first");
    if (f->kind == PH_CRS_PROJECTED && f->zone.width && f->zone.number) {
        tell_numbers(&t, f, extent);
        if (there) tell_zone(&t, f, degrees);
        if (there) tell_neighbour(&t, f, degrees);
    }
    tell_datum(&t, f);
    *count = t.count;
    return PH_OK;
}
