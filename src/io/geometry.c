#include "io/geometry.h"

#include <math.h>
#include <stdlib.h>

#include "io/rings.h"

struct ph_geometry_reader {
    struct ph_shapes *shapes;
    struct ph_problems *problems;
    const char *source;
    bool by_winding;
    struct ph_xy *buffer;
    size_t capacity;
};

/* What was met in one feature. */
struct met {
    bool other, not_finite, unclosed, short_ring, curved, roles;
};

enum kind { NO_GEOMETRY, EMPTY, NOT_POLYGON, PARTLY, NOT_FINITE, UNCLOSED, SHORT_RING, CURVED, ROLES };

static const struct ph_problem_kind kinds[] = {
    [NO_GEOMETRY] = {PH_PROBLEM_ERROR, "geometry.null", "补上图形", "add the geometry"},
    [EMPTY] = {PH_PROBLEM_ERROR, "geometry.empty", "补上图形", "add the geometry"},
    [NOT_POLYGON] = {PH_PROBLEM_ERROR, "geometry.not_polygon", "宗地应为面", "a parcel must be a polygon"},
    [PARTLY] = {PH_WARNING, "geometry.not_polygon", "点、线部分未计入;宗地应为面", "points and lines were left out; a parcel must be a polygon"},
    [NOT_FINITE] = {PH_PROBLEM_ERROR, "geometry.not_finite", "修正坐标", "correct the coordinates"},
    [UNCLOSED] = {PH_WARNING, "geometry.unclosed", "已按首点闭合;请核对界址点", "closed with the first point; check the boundary points"},
    [SHORT_RING] = {PH_WARNING, "geometry.too_few_points", "该环不成面,面积为零", "the ring encloses nothing"},
    [ROLES] = {PH_WARNING, "geometry.ring_roles", "环的绕向不对,已按内外关系定外环与内环;坐标未动",
               "rings are wound wrongly; outer rings and holes were told by which lies in which; no coordinate changed"},
    [CURVED] = {PH_NOTE, "geometry.curved", "圆弧已折线化", "arcs were turned into straight pieces"},
};

enum ph_status ph_geometry_reader_new(struct ph_shapes *shapes, struct ph_problems *problems, const char *source,
                                      bool by_winding, struct ph_geometry_reader **out, struct ph_error *err)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) return ph_fail_memory(err);
    **out = (struct ph_geometry_reader){.shapes = shapes, .problems = problems, .source = source, .by_winding = by_winding};
    return PH_OK;
}

void ph_geometry_reader_free(struct ph_geometry_reader *reader)
{
    if (reader) free(reader->buffer);
    free(reader);
}

static enum ph_status read_ring(struct ph_geometry_reader *r, OGRGeometryH ring, struct met *met, struct ph_error *err)
{
    size_t count = (size_t)OGR_G_GetPointCount(ring);
    if (count > r->capacity) {
        struct ph_xy *grown = realloc(r->buffer, 2 * count * sizeof *grown);
        if (grown == NULL) return ph_fail_memory(err);
        r->buffer = grown;
        r->capacity = 2 * count;
    }
    if (count == 0) {
        met->short_ring = true;
        return PH_OK;
    }
    OGR_G_GetPoints(ring, &r->buffer->x, sizeof *r->buffer, &r->buffer->y, sizeof *r->buffer, NULL, 0);
    for (size_t i = 0; i < count; i++) {
        met->not_finite |= !isfinite(r->buffer[i].x) || !isfinite(r->buffer[i].y);
        PH_TRY(ph_shapes_add_point(r->shapes, r->buffer[i].x, r->buffer[i].y, err));
    }
    struct ph_xy first = r->buffer[0], last = r->buffer[count - 1];
    bool closed = first.x == last.x && first.y == last.y;
    if (!closed) PH_TRY(ph_shapes_add_point(r->shapes, first.x, first.y, err));
    met->unclosed |= !closed;
    met->short_ring |= count + !closed < 4;
    return ph_shapes_end_ring(r->shapes, err);
}

static enum ph_status read_polygon(struct ph_geometry_reader *r, OGRGeometryH polygon, struct met *met, struct ph_error *err)
{
    int rings = OGR_G_GetGeometryCount(polygon);
    size_t before = r->shapes->ring_count;
    for (int i = 0; i < rings; i++) PH_TRY(read_ring(r, OGR_G_GetGeometryRef(polygon, i), met, err));
    return r->shapes->ring_count > before ? ph_shapes_end_part(r->shapes, err) : PH_OK;
}

static enum ph_status read_parts(struct ph_geometry_reader *r, OGRGeometryH geometry, struct met *met, struct ph_error *err)
{
    OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(geometry));
    if (type == wkbPolygon || type == wkbTriangle) return read_polygon(r, geometry, met, err);
    if (OGR_GT_IsSubClassOf(type, wkbGeometryCollection) || type == wkbPolyhedralSurface || type == wkbTIN) {
        int parts = OGR_G_GetGeometryCount(geometry);
        for (int i = 0; i < parts; i++) PH_TRY(read_parts(r, OGR_G_GetGeometryRef(geometry, i), met, err));
        return PH_OK;
    }
    met->other = true;
    return PH_OK;
}

/* Takes back the rings and parts added since, so that the shape is empty. */
static void take_back(struct ph_shapes *s)
{
    s->part_count = ph_first_part(s, s->shape_count);
    s->ring_count = ph_first_ring(s, s->part_count);
    s->point_count = ph_first_point(s, s->ring_count);
}

static enum ph_status report(struct ph_geometry_reader *r, enum kind kind, int64_t fid, struct ph_error *err)
{
    switch (kind) {
#define SAY(zh, en) return ph_problem_add(r->problems, &kinds[kind], r->source, fid, err, zh, en)
    case NO_GEOMETRY: SAY("没有图形", "there is no geometry");
    case EMPTY: SAY("图形为空", "the geometry is empty");
    case NOT_POLYGON: SAY("图形不是面", "the geometry is not a polygon");
    case PARTLY: SAY("图形混有点或线", "the geometry has points or lines in it");
    case NOT_FINITE: SAY("坐标含非数值(NaN 或无穷),图形未入库", "coordinates are not numbers (NaN or infinite); the geometry was not stored");
    case UNCLOSED: SAY("界址线未闭合", "a ring is not closed");
    case SHORT_RING: SAY("有环不足四点", "a ring has fewer than four points");
    case ROLES: SAY("外环与内环的绕向颠倒", "outer rings and holes are wound the wrong way");
    case CURVED: SAY("含圆弧", "there are arcs");
#undef SAY
    }
    return PH_OK;
}

enum ph_status ph_geometry_read(struct ph_geometry_reader *r, OGRGeometryH geometry, int64_t fid, bool reported, struct ph_error *err)
{
    struct met met = {0};
    if (geometry == NULL) {
        if (!reported) PH_TRY(report(r, NO_GEOMETRY, fid, err));
        return ph_shapes_end_shape(r->shapes, err);
    }
    OGRGeometryH linear = NULL;
    if (OGR_G_HasCurveGeometry(geometry, FALSE)) {
        linear = OGR_G_GetLinearGeometry(geometry, 0, NULL);
        met.curved = true;
    }
    enum ph_status status = read_parts(r, linear ? linear : geometry, &met, err);
    OGR_G_DestroyGeometry(linear);
    PH_TRY(status);
    if (met.not_finite) {
        take_back(r->shapes);
        PH_TRY(report(r, NOT_FINITE, fid, err));
        return ph_shapes_end_shape(r->shapes, err);
    }
    PH_TRY(ph_rings_settle(r->shapes, r->by_winding, &met.roles, err));
    bool nothing = r->shapes->part_count == ph_first_part(r->shapes, r->shapes->shape_count);
    if (nothing && !reported) PH_TRY(report(r, met.other ? NOT_POLYGON : EMPTY, fid, err));
    if (!nothing && met.other) PH_TRY(report(r, PARTLY, fid, err));
    if (met.unclosed) PH_TRY(report(r, UNCLOSED, fid, err));
    if (met.short_ring && !nothing) PH_TRY(report(r, SHORT_RING, fid, err));
    if (met.roles) PH_TRY(report(r, ROLES, fid, err));
    if (met.curved) PH_TRY(report(r, CURVED, fid, err));
    return ph_shapes_end_shape(r->shapes, err);
}

static OGRGeometryH polygon_of(const struct ph_shapes *s, size_t part)
{
    OGRGeometryH polygon = OGR_G_CreateGeometry(wkbPolygon);
    for (size_t ring = ph_first_ring(s, part); ring < s->part_end[part]; ring++) {
        size_t first = ph_first_point(s, ring);
        OGRGeometryH line = OGR_G_CreateGeometry(wkbLinearRing);
        OGR_G_SetPoints(line, (int)(s->ring_end[ring] - first), &s->points[first].x, sizeof *s->points, &s->points[first].y, sizeof *s->points, NULL, 0);
        OGR_G_AddGeometryDirectly(polygon, line);
    }
    return polygon;
}

OGRGeometryH ph_geometry_make(const struct ph_shapes *s, size_t shape)
{
    size_t part = ph_first_part(s, shape), end = s->shape_end[shape];
    if (part == end) return NULL;
    OGRGeometryH all = OGR_G_CreateGeometry(wkbMultiPolygon);
    for (; part < end; part++) OGR_G_AddGeometryDirectly(all, polygon_of(s, part));
    return all;
}
