#include "geos_witness.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

struct witness witness_new(void)
{
    struct witness witness = {GEOS_init_r()};
    assert_non_null(witness.context);
    return witness;
}

void witness_free(struct witness *witness)
{
    GEOS_finish_r(witness->context);
}

static GEOSGeometry *ring(struct witness *w, const struct ph_shapes *s, uint32_t index)
{
    uint32_t first = ph_first_point(s, index);
    GEOSCoordSequence *points = GEOSCoordSeq_create_r(w->context, s->ring_end[index] - first, 2);
    for (uint32_t i = first; i < s->ring_end[index]; i++)
        assert_int_equal(GEOSCoordSeq_setXY_r(w->context, points, i - first, s->points[i].x, s->points[i].y), 1);
    GEOSGeometry *out = GEOSGeom_createLinearRing_r(w->context, points);
    assert_non_null(out);
    return out;
}

GEOSGeometry *witness_geometry(struct witness *w, const struct ph_shapes *s, size_t index)
{
    uint32_t first = ph_first_part(s, index), end = s->shape_end[index];
    GEOSGeometry **parts = malloc((end - first + 1) * sizeof(GEOSGeometry *));
    for (uint32_t part = first; part < end; part++) {
        uint32_t outer = ph_first_ring(s, part), rings = s->part_end[part] - outer;
        GEOSGeometry **holes = malloc((rings + 1) * sizeof(GEOSGeometry *));
        for (uint32_t i = 1; i < rings; i++) holes[i - 1] = ring(w, s, outer + i);
        parts[part - first] = GEOSGeom_createPolygon_r(w->context, ring(w, s, outer), holes, rings - 1);
        free(holes);
    }
    GEOSGeometry *out = end - first == 1 ? parts[0] : GEOSGeom_createCollection_r(w->context, GEOS_MULTIPOLYGON, parts, end - first);
    free(parts);
    return out;
}

bool witness_valid(struct witness *w, const struct ph_shapes *s, size_t index)
{
    GEOSGeometry *geometry = witness_geometry(w, s, index);
    char valid = GEOSisValid_r(w->context, geometry);
    GEOSGeom_destroy_r(w->context, geometry);
    assert_int_not_equal(valid, 2);
    return valid == 1;
}

void witness_relate(struct witness *w, const struct ph_shapes *s, size_t a, size_t b, char *out)
{
    GEOSGeometry *ga = witness_geometry(w, s, a), *gb = witness_geometry(w, s, b);
    char *letters = GEOSRelate_r(w->context, ga, gb);
    memcpy(out, letters == NULL ? "?????????" : letters, 10);
    if (letters != NULL) GEOSFree_r(w->context, letters);
    GEOSGeom_destroy_r(w->context, ga);
    GEOSGeom_destroy_r(w->context, gb);
}

double witness_common_area(struct witness *w, const struct ph_shapes *s, size_t a, size_t b)
{
    GEOSGeometry *ga = witness_geometry(w, s, a), *gb = witness_geometry(w, s, b);
    GEOSGeometry *common = GEOSIntersection_r(w->context, ga, gb);
    double area = -1;
    assert_non_null(common);
    assert_int_equal(GEOSArea_r(w->context, common, &area), 1);
    GEOSGeom_destroy_r(w->context, common);
    GEOSGeom_destroy_r(w->context, ga);
    GEOSGeom_destroy_r(w->context, gb);
    return area;
}

uint64_t roll(struct dice *dice) /* splitmix64 */
{
    uint64_t z = dice->state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

int roll_int(struct dice *dice, int sides) { return (int)(roll(dice) % (uint64_t)sides); }

double roll_unit(struct dice *dice) { return (double)(roll(dice) >> 11) * 0x1p-53; }

void put_ring(struct ph_shapes *shapes, const struct ph_xy *points, size_t count)
{
    for (size_t i = 0; i < count; i++) assert_int_equal(ph_shapes_add_point(shapes, points[i].x, points[i].y, NULL), PH_OK);
    if (count > 0 && (points[0].x != points[count - 1].x || points[0].y != points[count - 1].y))
        assert_int_equal(ph_shapes_add_point(shapes, points[0].x, points[0].y, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_ring(shapes, NULL), PH_OK);
}

void put_part(struct ph_shapes *shapes) { assert_int_equal(ph_shapes_end_part(shapes, NULL), PH_OK); }

void put_shape(struct ph_shapes *shapes) { assert_int_equal(ph_shapes_end_shape(shapes, NULL), PH_OK); }

static void put_geos_ring(struct witness *w, struct ph_shapes *shapes, const GEOSGeometry *geometry)
{
    const GEOSCoordSequence *points = GEOSGeom_getCoordSeq_r(w->context, geometry);
    unsigned count = 0;
    GEOSCoordSeq_getSize_r(w->context, points, &count);
    for (unsigned i = 0; i < count; i++) {
        struct ph_xy p;
        GEOSCoordSeq_getXY_r(w->context, points, i, &p.x, &p.y);
        assert_int_equal(ph_shapes_add_point(shapes, p.x, p.y, NULL), PH_OK);
    }
    assert_int_equal(ph_shapes_end_ring(shapes, NULL), PH_OK);
}

bool put_wkt(struct witness *w, struct ph_shapes *shapes, const char *wkt)
{
    GEOSGeometry *geometry = GEOSGeomFromWKT_r(w->context, wkt);
    if (geometry == NULL) return false;
    int type = GEOSGeomTypeId_r(w->context, geometry);
    bool ours = type == GEOS_POLYGON || type == GEOS_MULTIPOLYGON;
    for (int i = 0; ours && i < GEOSGetNumGeometries_r(w->context, geometry); i++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(w->context, geometry, i);
        if (GEOSisEmpty_r(w->context, part)) continue;
        put_geos_ring(w, shapes, GEOSGetExteriorRing_r(w->context, part));
        for (int h = 0; h < GEOSGetNumInteriorRings_r(w->context, part); h++)
            put_geos_ring(w, shapes, GEOSGetInteriorRingN_r(w->context, part, h));
        put_part(shapes);
    }
    if (ours) put_shape(shapes);
    GEOSGeom_destroy_r(w->context, geometry);
    return ours;
}
