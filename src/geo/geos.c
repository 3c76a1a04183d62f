#include "geo/geos.h"

#include <geos_c.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ph_geos {
    GEOSContextHandle_t context;
    GEOSMakeValidParams *repair;
    GEOSBufferParams *square;
    char message[256]; /* the last thing GEOS complained about */
};

static void keep_message(const char *message, void *payload)
{
    struct ph_geos *geos = payload;
    snprintf(geos->message, sizeof geos->message, "%s", message);
}

static enum ph_status refused(struct ph_geos *geos, struct ph_error *err)
{
    return ph_fail(err, PH_E_LIBRARY, "GEOS 无法处理图形:%s", "GEOS could not process a geometry: %s", geos->message);
}

enum ph_status ph_geos_new(struct ph_geos **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_geos *geos = calloc(1, sizeof *geos);
    if (geos == NULL) return ph_fail_memory(err);
    geos->context = GEOS_init_r();
    if (geos->context == NULL) {
        free(geos);
        return ph_fail_memory(err);
    }
    GEOSContext_setErrorMessageHandler_r(geos->context, keep_message, geos);
    geos->repair = GEOSMakeValidParams_create_r(geos->context);
    geos->square = GEOSBufferParams_create_r(geos->context);
    if (geos->repair == NULL || geos->square == NULL) {
        ph_geos_free(geos);
        return ph_fail_memory(err);
    }
    GEOSMakeValidParams_setMethod_r(geos->context, geos->repair, GEOS_MAKE_VALID_STRUCTURE);
    GEOSMakeValidParams_setKeepCollapsed_r(geos->context, geos->repair, 0);
    GEOSBufferParams_setJoinStyle_r(geos->context, geos->square, GEOSBUF_JOIN_MITRE);
    GEOSBufferParams_setMitreLimit_r(geos->context, geos->square, 5);
    *out = geos;
    return PH_OK;
}

void ph_geos_free(struct ph_geos *geos)
{
    if (geos == NULL) return;
    if (geos->repair != NULL) GEOSMakeValidParams_destroy_r(geos->context, geos->repair);
    if (geos->square != NULL) GEOSBufferParams_destroy_r(geos->context, geos->square);
    GEOS_finish_r(geos->context);
    free(geos);
}

static bool is_empty(const struct ph_shapes *s, uint32_t ring)
{
    return s->ring_end[ring] == ph_first_point(s, ring);
}

/* What keeps GEOS from taking a ring. An empty one is no ring, but no flaw either. */
static enum ph_flaw ring_flaw(const struct ph_shapes *s, uint32_t ring, struct ph_xy *place)
{
    uint32_t first = ph_first_point(s, ring), end = s->ring_end[ring];
    *place = (struct ph_xy){NAN, NAN};
    for (uint32_t i = first; i < end; i++)
        if (!isfinite(s->points[i].x) || !isfinite(s->points[i].y)) return PH_FLAW_NOT_FINITE;
    if (end == first) return PH_FLAW_NONE;
    *place = s->points[first];
    if (end - first < 4) return PH_FLAW_TOO_FEW_POINTS;
    if (s->points[first].x != s->points[end - 1].x || s->points[first].y != s->points[end - 1].y) return PH_FLAW_NOT_CLOSED;
    return PH_FLAW_NONE;
}

/* NULL: GEOS has said why. */
static GEOSGeometry *ring_in(struct ph_geos *geos, const struct ph_shapes *s, uint32_t ring)
{
    uint32_t first = ph_first_point(s, ring), end = s->ring_end[ring];
    GEOSCoordSequence *points = GEOSCoordSeq_copyFromBuffer_r(geos->context, &s->points[first].x, end - first, 0, 0);
    return points == NULL ? NULL : GEOSGeom_createLinearRing_r(geos->context, points);
}

static void destroy_all(struct ph_geos *geos, GEOSGeometry **parts, size_t count)
{
    for (size_t i = 0; i < count; i++) GEOSGeom_destroy_r(geos->context, parts[i]);
}

/* One part without the rings that are no rings: *out is NULL when its outer ring is none. */
static enum ph_status part_in(struct ph_geos *geos, const struct ph_shapes *s, uint32_t part, GEOSGeometry **out, struct ph_error *err)
{
    uint32_t outer = ph_first_ring(s, part), end = s->part_end[part];
    struct ph_xy place;
    *out = NULL;
    if (outer == end || is_empty(s, outer) || ring_flaw(s, outer, &place) != PH_FLAW_NONE) return PH_OK;
    GEOSGeometry **holes = malloc((size_t)(end - outer) * sizeof(GEOSGeometry *));
    if (holes == NULL) return ph_fail_memory(err);
    unsigned count = 0;
    bool good = true;
    for (uint32_t ring = outer + 1; ring < end && good; ring++) {
        if (is_empty(s, ring) || ring_flaw(s, ring, &place) != PH_FLAW_NONE) continue;
        holes[count] = ring_in(geos, s, ring);
        good = holes[count] != NULL;
        count += good;
    }
    GEOSGeometry *shell = good ? ring_in(geos, s, outer) : NULL;
    if (shell == NULL) destroy_all(geos, holes, count);
    else *out = GEOSGeom_createPolygon_r(geos->context, shell, holes, count);
    free(holes);
    return *out == NULL ? refused(geos, err) : PH_OK;
}

static enum ph_status shape_in(struct ph_geos *geos, struct ph_shape_ref ref, GEOSGeometry **out, struct ph_error *err)
{
    const struct ph_shapes *s = ref.shapes;
    uint32_t first = ph_first_part(s, ref.index), end = s->shape_end[ref.index];
    *out = NULL;
    GEOSGeometry **parts = malloc(((size_t)(end - first) + 1) * sizeof(GEOSGeometry *));
    if (parts == NULL) return ph_fail_memory(err);
    unsigned count = 0;
    enum ph_status status = PH_OK;
    for (uint32_t part = first; part < end && status == PH_OK; part++) {
        status = part_in(geos, s, part, &parts[count], err);
        if (status == PH_OK && parts[count] != NULL) count++;
    }
    if (status != PH_OK) destroy_all(geos, parts, count);
    else if (count == 1) *out = parts[0];
    else *out = GEOSGeom_createCollection_r(geos->context, GEOS_MULTIPOLYGON, parts, count);
    free(parts);
    if (status == PH_OK && *out == NULL) status = refused(geos, err);
    return status;
}

static enum ph_status all_in(struct ph_geos *geos, const struct ph_shape_ref *refs, size_t count, GEOSGeometry **out,
                             struct ph_error *err)
{
    *out = NULL;
    GEOSGeometry **items = malloc((count + 1) * sizeof(GEOSGeometry *));
    if (items == NULL) return ph_fail_memory(err);
    enum ph_status status = PH_OK;
    size_t done = 0;
    for (; done < count && status == PH_OK; done++) status = shape_in(geos, refs[done], &items[done], err);
    if (status != PH_OK) destroy_all(geos, items, done - 1);
    else *out = GEOSGeom_createCollection_r(geos->context, GEOS_GEOMETRYCOLLECTION, items, (unsigned)count);
    free(items);
    if (status == PH_OK && *out == NULL) status = refused(geos, err);
    return status;
}

static enum ph_status ring_out(struct ph_geos *geos, const GEOSGeometry *ring, struct ph_shapes *out, struct ph_error *err)
{
    const GEOSCoordSequence *points = GEOSGeom_getCoordSeq_r(geos->context, ring);
    unsigned count = 0;
    if (points == NULL || !GEOSCoordSeq_getSize_r(geos->context, points, &count)) return refused(geos, err);
    for (unsigned i = 0; i < count; i++) {
        double x, y;
        if (!GEOSCoordSeq_getXY_r(geos->context, points, i, &x, &y)) return refused(geos, err);
        PH_TRY(ph_shapes_add_point(out, x, y, err));
    }
    return ph_shapes_end_ring(out, err);
}

static enum ph_status polygon_out(struct ph_geos *geos, const GEOSGeometry *polygon, struct ph_shapes *out, struct ph_error *err)
{
    const GEOSGeometry *shell = GEOSGetExteriorRing_r(geos->context, polygon);
    int holes = GEOSGetNumInteriorRings_r(geos->context, polygon);
    if (shell == NULL || holes < 0) return refused(geos, err);
    PH_TRY(ring_out(geos, shell, out, err));
    for (int i = 0; i < holes; i++) PH_TRY(ring_out(geos, GEOSGetInteriorRingN_r(geos->context, polygon, i), out, err));
    return ph_shapes_end_part(out, err);
}

/* The polygons of a geometry as parts of the shape that is being built; with `apart` each ends a shape of its own. */
static enum ph_status polygons_out(struct ph_geos *geos, const GEOSGeometry *geometry, bool apart, struct ph_shapes *out,
                                   struct ph_error *err)
{
    int type = GEOSGeomTypeId_r(geos->context, geometry);
    if (type == GEOS_POLYGON) {
        if (GEOSisEmpty_r(geos->context, geometry)) return PH_OK;
        PH_TRY(polygon_out(geos, geometry, out, err));
        return apart ? ph_shapes_end_shape(out, err) : PH_OK;
    }
    if (type != GEOS_MULTIPOLYGON && type != GEOS_GEOMETRYCOLLECTION) return PH_OK;
    int count = GEOSGetNumGeometries_r(geos->context, geometry);
    for (int i = 0; i < count; i++) /* no polygons within polygons: two levels at most come from GEOS */
        PH_TRY(polygons_out(geos, GEOSGetGeometryN_r(geos->context, geometry, i), apart, out, err));
    return PH_OK;
}

/* Takes the result of a GEOS call over: appended as one shape, then destroyed. */
static enum ph_status take(struct ph_geos *geos, GEOSGeometry *result, struct ph_shapes *out, struct ph_error *err)
{
    if (result == NULL) return refused(geos, err);
    enum ph_status status = polygons_out(geos, result, false, out, err);
    GEOSGeom_destroy_r(geos->context, result);
    return status == PH_OK ? ph_shapes_end_shape(out, err) : status;
}

static struct ph_xy place_of(struct ph_geos *geos, const GEOSGeometry *point)
{
    struct ph_xy place = {NAN, NAN};
    if (point == NULL) return place;
    if (GEOSGeomGetX_r(geos->context, point, &place.x) != 1 || GEOSGeomGetY_r(geos->context, point, &place.y) != 1)
        place = (struct ph_xy){NAN, NAN};
    return place;
}

enum ph_status ph_geos_validity(struct ph_geos *geos, struct ph_shape_ref ref, struct ph_validity *out, struct ph_error *err)
{
    const struct ph_shapes *s = ref.shapes;
    *out = (struct ph_validity){PH_FLAW_NONE, {NAN, NAN}};
    for (uint32_t part = ph_first_part(s, ref.index); part < s->shape_end[ref.index]; part++) {
        for (uint32_t ring = ph_first_ring(s, part); ring < s->part_end[part]; ring++) {
            out->flaw = ring_flaw(s, ring, &out->place);
            if (out->flaw != PH_FLAW_NONE) return PH_OK;
        }
    }
    GEOSGeometry *geometry, *where = NULL;
    PH_TRY(shape_in(geos, ref, &geometry, err));
    char *reason = NULL;
    char valid = GEOSisValidDetail_r(geos->context, geometry, 0, &reason, &where);
    if (valid == 0) *out = (struct ph_validity){ph_flaw_of_reason(reason == NULL ? "" : reason), place_of(geos, where)};
    if (reason != NULL) GEOSFree_r(geos->context, reason);
    if (where != NULL) GEOSGeom_destroy_r(geos->context, where);
    GEOSGeom_destroy_r(geos->context, geometry);
    return valid == 2 ? refused(geos, err) : PH_OK;
}

enum ph_status ph_geos_repair(struct ph_geos *geos, struct ph_shape_ref ref, struct ph_shapes *out, struct ph_error *err)
{
    GEOSGeometry *geometry;
    PH_TRY(shape_in(geos, ref, &geometry, err));
    GEOSGeometry *repaired = GEOSMakeValidWithParams_r(geos->context, geometry, geos->repair);
    GEOSGeom_destroy_r(geos->context, geometry);
    return take(geos, repaired, out, err);
}

enum ph_status ph_geos_intersection(struct ph_geos *geos, struct ph_shape_ref a, struct ph_shape_ref b, struct ph_shapes *out,
                                    struct ph_error *err)
{
    GEOSGeometry *ga, *gb;
    PH_TRY(shape_in(geos, a, &ga, err));
    enum ph_status status = shape_in(geos, b, &gb, err);
    if (status == PH_OK) {
        status = take(geos, GEOSIntersection_r(geos->context, ga, gb), out, err);
        GEOSGeom_destroy_r(geos->context, gb);
    }
    GEOSGeom_destroy_r(geos->context, ga);
    return status;
}

static enum ph_status union_of(struct ph_geos *geos, const struct ph_shape_ref *refs, size_t count, GEOSGeometry **out,
                               struct ph_error *err)
{
    GEOSGeometry *all;
    PH_TRY(all_in(geos, refs, count, &all, err));
    *out = GEOSUnaryUnion_r(geos->context, all);
    GEOSGeom_destroy_r(geos->context, all);
    return *out == NULL ? refused(geos, err) : PH_OK;
}

enum ph_status ph_geos_union(struct ph_geos *geos, const struct ph_shape_ref *refs, size_t count, struct ph_shapes *out,
                             struct ph_error *err)
{
    GEOSGeometry *all;
    PH_TRY(union_of(geos, refs, count, &all, err));
    return take(geos, all, out, err);
}

/* The geometry is consumed. */
static GEOSGeometry *clip(struct ph_geos *geos, GEOSGeometry *geometry, const struct ph_box *window)
{
    GEOSGeometry *rectangle = GEOSGeom_createRectangle_r(geos->context, window->min_x, window->min_y, window->max_x, window->max_y);
    GEOSGeometry *clipped = rectangle == NULL ? NULL : GEOSIntersection_r(geos->context, geometry, rectangle);
    if (rectangle != NULL) GEOSGeom_destroy_r(geos->context, rectangle);
    GEOSGeom_destroy_r(geos->context, geometry);
    return clipped;
}

enum ph_status ph_geos_narrow_gaps(struct ph_geos *geos, const struct ph_shape_ref *refs, size_t count, double width,
                                   const struct ph_box *window, struct ph_shapes *out, struct ph_error *err)
{
    GEOSGeometry *covered;
    PH_TRY(union_of(geos, refs, count, &covered, err));
    GEOSGeometry *grown = GEOSBufferWithParams_r(geos->context, covered, geos->square, width / 2);
    GEOSGeometry *closed = grown == NULL ? NULL : GEOSBufferWithParams_r(geos->context, grown, geos->square, -width / 2);
    GEOSGeometry *gained = closed == NULL ? NULL : GEOSDifference_r(geos->context, closed, covered);
    if (gained != NULL) gained = clip(geos, gained, window);
    GEOSGeom_destroy_r(geos->context, covered);
    if (grown != NULL) GEOSGeom_destroy_r(geos->context, grown);
    if (closed != NULL) GEOSGeom_destroy_r(geos->context, closed);
    if (gained == NULL) return refused(geos, err);
    enum ph_status status = polygons_out(geos, gained, true, out, err);
    GEOSGeom_destroy_r(geos->context, gained);
    return status;
}

enum ph_status ph_geos_near(struct ph_geos *geos, struct ph_shape_ref a, struct ph_shape_ref b, double distance, bool *near,
                            struct ph_error *err)
{
    GEOSGeometry *ga, *gb;
    PH_TRY(shape_in(geos, a, &ga, err));
    enum ph_status status = shape_in(geos, b, &gb, err);
    if (status == PH_OK) {
        char answer = GEOSDistanceWithin_r(geos->context, ga, gb, distance);
        *near = answer == 1;
        if (answer == 2) status = refused(geos, err);
        GEOSGeom_destroy_r(geos->context, gb);
    }
    GEOSGeom_destroy_r(geos->context, ga);
    return status;
}
