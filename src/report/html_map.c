#include <math.h>

#include "base/number.h"
#include "io/gpkg_shape.h"
#include "report/html_data.h"

#define STEP_METRES 0.1 /* what is drawn is told to this; figures are not taken from it */
#define RADIANS 0.017453292519943295 /* of one degree */
#define DEGREE_METRES 111319.49079327358 /* of the equator; WGS 84 and CGCS2000 */

/* From coordinates of the layer to whole steps from the corner of its extent. */
struct grid {
    double x, y;           /* corner */
    double step_x, step_y; /* of one step, in units of the layer */
};

struct step {
    int64_t x, y;
};

static enum ph_status read_shapes(struct ph_gpkg_reader *audit, struct ph_shapes *shapes, struct ph_error *err)
{
    static const char *const columns[] = {"geom", "fid"};
    struct ph_query *query = NULL;
    PH_TRY(ph_query_columns(audit, "parcels", columns, 2, "ORDER BY fid", &query, err));
    bool row = false;
    enum ph_status status = ph_query_next(query, &row, err);
    while (status == PH_OK && row) {
        size_t length = 0;
        const void *blob = ph_query_blob(query, 0, &length);
        status = ph_gpkg_shape(blob, length, shapes, err);
        if (status != PH_OK && err) err->feature = ph_query_int(query, 1);
        if (status == PH_OK) status = ph_query_next(query, &row, err);
    }
    ph_query_close(query);
    return status;
}

/* Metres of one unit of the layer's coordinates, 0 for degrees. */
static enum ph_status read_unit(struct ph_gpkg_reader *audit, double *metres, struct ph_error *err)
{
    struct ph_query *query = NULL;
    PH_TRY(ph_query_open(audit,
                         "SELECT s.definition FROM gpkg_geometry_columns AS g JOIN gpkg_spatial_ref_sys AS s ON s.srs_id = g.srs_id"
                         " WHERE g.table_name = 'parcels'",
                         &query, err));
    bool row = false;
    enum ph_status status = ph_query_next(query, &row, err);
    if (status == PH_OK) *metres = ph_gpkg_unit_metres(row ? ph_query_text(query, 0) : NULL);
    ph_query_close(query);
    return status;
}

static struct step step_of(const struct grid *grid, struct ph_xy at)
{
    return (struct step){llround((at.x - grid->x) / grid->step_x), llround((at.y - grid->y) / grid->step_y)};
}

static bool clockwise(const struct ph_xy *points, size_t count)
{
    double twice = 0; /* about the first point, so that large coordinates cost nothing */
    for (size_t i = 1; i + 1 < count; i++)
        twice += (points[i].x - points[0].x) * (points[i + 1].y - points[0].y) - (points[i + 1].x - points[0].x) * (points[i].y - points[0].y);
    return twice < 0;
}

/* Without the last point, which is the first, and without steps of no length. */
static void put_ring(FILE *out, const struct grid *grid, const struct ph_xy *points, size_t count, bool outer)
{
    bool forward = clockwise(points, count) == outer;
    struct step last = {0, 0};
    fputs("[", out);
    for (size_t i = 0; i + 1 < count; i++) {
        struct step at = step_of(grid, points[forward ? i : count - 1 - i]);
        if (i > 0 && at.x == last.x && at.y == last.y) continue;
        fprintf(out, "%s%lld,%lld", i ? "," : "", (long long)(at.x - last.x), (long long)(at.y - last.y));
        last = at;
    }
    fputs("]", out);
}

static void put_shape(FILE *out, const struct grid *grid, const struct ph_shapes *s, size_t shape)
{
    bool first = true;
    fputs("[", out);
    for (uint32_t part = ph_first_part(s, shape); part < s->shape_end[shape]; part++)
        for (uint32_t ring = ph_first_ring(s, part); ring < s->part_end[part]; ring++, first = false) {
            uint32_t from = ph_first_point(s, ring);
            if (!first) fputs(",", out);
            put_ring(out, grid, s->points + from, s->ring_end[ring] - from, ring == ph_first_ring(s, part));
        }
    fputs("]", out);
}

static void put_map(FILE *out, const struct ph_shapes *shapes, double unit)
{
    struct ph_box box = ph_shapes_extent(shapes);
    double across = unit > 0 ? unit : DEGREE_METRES * cos((box.min_y + box.max_y) / 2 * RADIANS);
    double up = unit > 0 ? unit : DEGREE_METRES;
    struct grid grid = {box.min_x, box.min_y, STEP_METRES / across, STEP_METRES / up};
    char step[32];
    ph_number_print(step, sizeof step, STEP_METRES);
    fprintf(out, "\"map\":{\"step\":%s,\"shapes\":[", step);
    for (size_t i = 0; i < shapes->shape_count; i++) {
        fputs(i ? ",\n" : "\n", out);
        put_shape(out, &grid, shapes, i);
    }
    fputs("]}", out);
}

enum ph_status ph_html_put_map(FILE *out, struct ph_gpkg_reader *audit, struct ph_error *err)
{
    struct ph_shapes shapes = {0};
    double unit = 1;
    enum ph_status status = read_unit(audit, &unit, err);
    if (status == PH_OK) status = read_shapes(audit, &shapes, err);
    if (status == PH_OK) put_map(out, &shapes, unit);
    ph_shapes_dispose(&shapes);
    return status;
}
