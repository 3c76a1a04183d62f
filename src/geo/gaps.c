#include "geo/gaps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/pairs.h"
#include "geo/plane.h"

/* The union of a whole layer is too much for one call. The ground is cut into square tiles; each tile is worked on with
 * the shapes in a margin about it, which is wider than any gap or mitre reaches, and what a border cut apart is joined
 * again at the end. */

static const double margin_widths = 6;
static const double tile_widths = 16;      /* at least */
static const double tile_boxes = 6;        /* at least, in mean box sides */
static const double least_m2 = 0.01;
static const double touch_widths = 1e-3;   /* from a gap to what lies about it */
static const double farthest = 1e9;        /* no coordinate of the Earth lies beyond, in any unit */
enum { MOST_ENTRIES_A_BOX = 8 };

struct entry {
    int64_t x, y; /* of the tile */
    uint32_t row;
};

struct tiling {
    const struct ph_cover *cover;
    double width, side;       /* CRS units */
    struct ph_xy origin;
    struct entry *entries;    /* by tile */
    size_t *tile_end;         /* one past a tile's last entry */
    size_t tile_count;
};

/* A piece of a gap within one tile. */
struct piece {
    size_t tile, shape;
};

struct worker {
    const struct tiling *tiling;
    struct ph_geos *geos;
    struct ph_shapes shapes;
    struct piece *pieces;
    size_t count, capacity;
    struct ph_shape_ref *refs;
    size_t ref_capacity;
};

/* One gap and the rows about it. */
struct rim {
    struct ph_geos *geos;
    const struct ph_cover *cover;
    const struct ph_shapes *gaps;
    double distance;
    struct entry *touching; /* x: the gap */
    size_t count, capacity;
};

static int by_tile(const void *a, const void *b)
{
    const struct entry *p = a, *q = b;
    if (p->y != q->y) return p->y < q->y ? -1 : 1;
    if (p->x != q->x) return p->x < q->x ? -1 : 1;
    return (p->row > q->row) - (p->row < q->row);
}

static bool usable(const struct ph_box *box)
{
    return box->min_x <= box->max_x && box->min_y <= box->max_y && box->min_x > -farthest && box->min_y > -farthest &&
           box->max_x < farthest && box->max_y < farthest;
}

static int64_t tile_number(double offset, double side)
{
    return (int64_t)floor(offset / side);
}

/* Writes the tiles that a row's box reaches with its margin, when entries is not NULL; returns how many. */
static size_t tiles_of(const struct tiling *t, uint32_t row, struct entry *entries)
{
    const struct ph_box *box = &t->cover->shapes->boxes[row];
    if (!usable(box)) return 0;
    double margin = margin_widths * t->width;
    int64_t x0 = tile_number(box->min_x - margin - t->origin.x, t->side), x1 = tile_number(box->max_x + margin - t->origin.x, t->side);
    int64_t y0 = tile_number(box->min_y - margin - t->origin.y, t->side), y1 = tile_number(box->max_y + margin - t->origin.y, t->side);
    size_t count = 0;
    if (entries == NULL) return (size_t)(x1 - x0 + 1) * (size_t)(y1 - y0 + 1);
    for (int64_t y = y0; y <= y1; y++)
        for (int64_t x = x0; x <= x1; x++) entries[count++] = (struct entry){x, y, row};
    return count;
}

/* The tiles' side: some boxes wide, and wider until there are not too many entries. */
static size_t choose_side(struct tiling *t)
{
    const struct ph_shapes *s = t->cover->shapes;
    double sum = 0;
    size_t used = 0;
    for (size_t i = 0; i < s->shape_count; i++) {
        const struct ph_box *box = &s->boxes[i];
        if (!usable(box)) continue;
        if (used++ == 0) t->origin = (struct ph_xy){box->min_x, box->min_y};
        sum += (box->max_x - box->min_x) / 2 + (box->max_y - box->min_y) / 2;
    }
    if (used == 0) return 0;
    t->side = fmax(tile_widths * t->width, tile_boxes * sum / (double)used);
    for (;; t->side *= 2) {
        size_t entries = 0, limit = used * MOST_ENTRIES_A_BOX;
        for (size_t i = 0; i < s->shape_count && entries <= limit; i++) entries += tiles_of(t, (uint32_t)i, NULL);
        if (entries <= limit) return entries;
    }
}

static enum ph_status tiling_init(struct tiling *t, struct ph_error *err)
{
    size_t entries = choose_side(t), at = 0;
    t->entries = malloc((entries + 1) * sizeof *t->entries);
    t->tile_end = malloc((entries + 1) * sizeof *t->tile_end);
    if (t->entries == NULL || t->tile_end == NULL) return ph_fail_memory(err);
    if (entries == 0) return PH_OK;
    for (size_t i = 0; i < t->cover->shapes->shape_count; i++) at += tiles_of(t, (uint32_t)i, t->entries + at);
    qsort(t->entries, entries, sizeof *t->entries, by_tile);
    for (size_t i = 0; i < entries; i++) {
        bool starts = i == 0 || t->entries[i].x != t->entries[i - 1].x || t->entries[i].y != t->entries[i - 1].y;
        t->tile_count += starts;
        t->tile_end[t->tile_count - 1] = i + 1;
    }
    return PH_OK;
}

static enum ph_status reserve(void **array, size_t *capacity, size_t need, size_t width, struct ph_error *err)
{
    if (need <= *capacity) return PH_OK;
    size_t want = need + need / 2 + 64;
    void *grown = realloc(*array, want * width);
    if (grown == NULL) return ph_fail_memory(err);
    *array = grown;
    *capacity = want;
    return PH_OK;
}

static enum ph_status look_at_tile(void *payload, size_t tile, struct ph_error *err)
{
    struct worker *w = payload;
    const struct tiling *t = w->tiling;
    size_t first = tile ? t->tile_end[tile - 1] : 0, count = t->tile_end[tile] - first, shapes = w->shapes.shape_count;
    if (count < 2) return PH_OK;
    PH_TRY(reserve((void **)&w->refs, &w->ref_capacity, count, sizeof *w->refs, err));
    for (size_t i = 0; i < count; i++) {
        bool repaired;
        w->refs[i] = ph_cover_shape(t->cover, t->entries[first + i].row, &repaired);
    }
    if (w->geos == NULL) PH_TRY(ph_geos_new(&w->geos, err));
    double x = (double)t->entries[first].x, y = (double)t->entries[first].y;
    struct ph_box window = {t->origin.x + x * t->side, t->origin.y + y * t->side, t->origin.x + (x + 1) * t->side, t->origin.y + (y + 1) * t->side};
    PH_TRY(ph_geos_narrow_gaps(w->geos, w->refs, count, t->width, &window, &w->shapes, err));
    for (; shapes < w->shapes.shape_count; shapes++) {
        PH_TRY(reserve((void **)&w->pieces, &w->capacity, w->count + 1, sizeof *w->pieces, err));
        w->pieces[w->count++] = (struct piece){tile, shapes};
    }
    return PH_OK;
}

struct origin {
    struct piece piece;
    const struct ph_shapes *shapes;
};

static int by_origin(const void *a, const void *b)
{
    const struct piece *p = &((const struct origin *)a)->piece, *q = &((const struct origin *)b)->piece;
    if (p->tile != q->tile) return p->tile < q->tile ? -1 : 1;
    return (p->shape > q->shape) - (p->shape < q->shape); /* of one tile all are one worker's, in order */
}

/* The pieces of all tiles, in the tiles' order, joined where a border had cut them. */
static enum ph_status dissolve(struct ph_geos *geos, const struct worker *workers, size_t count, struct ph_shapes *gaps,
                               struct ph_error *err)
{
    size_t total = 0, at = 0;
    for (size_t i = 0; i < count; i++) total += workers[i].count;
    struct origin *order = malloc((total + 1) * sizeof *order);
    struct ph_shape_ref *refs = malloc((total + 1) * sizeof *refs);
    enum ph_status status = order == NULL || refs == NULL ? ph_fail_memory(err) : PH_OK;
    for (size_t i = 0; status == PH_OK && i < count; i++)
        for (size_t j = 0; j < workers[i].count; j++) order[at++] = (struct origin){workers[i].pieces[j], &workers[i].shapes};
    if (status == PH_OK) {
        qsort(order, total, sizeof *order, by_origin);
        for (size_t i = 0; i < total; i++) refs[i] = (struct ph_shape_ref){order[i].shapes, order[i].piece.shape};
        status = ph_geos_dissolve(geos, refs, total, gaps, err);
    }
    free(order);
    free(refs);
    return status;
}

static enum ph_status touches(void *payload, size_t gap, size_t row, struct ph_error *err)
{
    struct rim *rim = payload;
    bool repaired, near;
    struct ph_shape_ref shape = ph_cover_shape(rim->cover, row, &repaired);
    PH_TRY(ph_geos_near(rim->geos, (struct ph_shape_ref){rim->gaps, gap}, shape, rim->distance, &near, err));
    if (!near) return PH_OK;
    PH_TRY(reserve((void **)&rim->touching, &rim->capacity, rim->count + 1, sizeof *rim->touching, err));
    rim->touching[rim->count++] = (struct entry){(int64_t)gap, 0, (uint32_t)row};
    return PH_OK;
}

/* All pairs of a gap and a row about it, by gap and row. */
static enum ph_status find_rims(struct rim *rim, struct ph_error *err)
{
    size_t count = rim->gaps->shape_count;
    struct ph_box *boxes = malloc((count + 1) * sizeof *boxes);
    struct ph_pairs pairs = {0};
    if (boxes == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        boxes[i] = rim->gaps->boxes[i];
        boxes[i].min_x -= rim->distance;
        boxes[i].min_y -= rim->distance;
        boxes[i].max_x += rim->distance;
        boxes[i].max_y += rim->distance;
    }
    const struct ph_shapes *s = rim->cover->shapes;
    enum ph_status status = ph_pairs_init(&pairs, boxes, count, s->boxes, s->shape_count, err);
    for (size_t strip = 0; status == PH_OK && strip < pairs.strip_count; strip++) status = ph_pairs_visit(&pairs, strip, touches, rim, err);
    ph_pairs_dispose(&pairs);
    free(boxes);
    if (status == PH_OK && rim->count > 0) qsort(rim->touching, rim->count, sizeof *rim->touching, by_tile);
    return status;
}

static enum ph_status report(const struct rim *rim, const struct ph_topology_options *options, struct ph_topology *out, struct ph_error *err)
{
    for (size_t from = 0, to = 0; from < rim->count; from = to) {
        while (to < rim->count && rim->touching[to].x == rim->touching[from].x) to++;
        size_t gap = (size_t)rim->touching[from].x, about = to - from;
        if (about < 2) continue;
        struct ph_topology_finding finding = ph_topology_finding_of(PH_TOPOLOGY_GAP, rim->touching[from].row);
        PH_TRY(ph_topology_area(options, rim->gaps, gap, ph_plane_area(rim->gaps, gap), &finding.area_m2, err));
        if (finding.area_m2 < least_m2) continue;
        finding.b = rim->touching[from + 1].row;
        finding.around = (uint32_t)out->around_count;
        finding.around_count = (uint32_t)about;
        PH_TRY(reserve((void **)&out->around, &out->around_capacity, out->around_count + about, sizeof *out->around, err));
        for (size_t i = from; i < to; i++) out->around[out->around_count++] = rim->touching[i].row;
        PH_TRY(ph_topology_add(out, &finding, rim->gaps, gap, err));
    }
    return PH_OK;
}

/* From the pieces to the findings. */
static enum ph_status finish(const struct ph_cover *cover, const struct worker *workers, size_t count, double width,
                             const struct ph_topology_options *options, struct ph_topology *out, struct ph_error *err)
{
    struct ph_shapes gaps = {0};
    struct ph_topology found = {0};
    struct rim rim = {.cover = cover, .gaps = &gaps, .distance = touch_widths * width};
    size_t from = out->count;
    enum ph_status status = ph_geos_new(&rim.geos, err);
    if (status == PH_OK) status = dissolve(rim.geos, workers, count, &gaps, err);
    if (status == PH_OK) status = find_rims(&rim, err);
    if (status == PH_OK) status = report(&rim, options, &found, err);
    if (status == PH_OK) status = ph_topology_merge(&found, sizeof found, 1, out, err);
    if (status == PH_OK) status = ph_topology_measure(options, out, from, err);
    free(rim.touching);
    ph_topology_dispose(&found);
    ph_shapes_dispose(&gaps);
    ph_geos_free(rim.geos);
    return status;
}

enum ph_status ph_gaps(const struct ph_cover *cover, const struct ph_topology_options *options, struct ph_topology *out,
                       struct ph_error *err)
{
    const struct ph_shapes *s = cover->shapes;
    if (!(options->gap_width > 0) || s->shape_count < 2) return PH_OK;
    struct tiling tiling = {.cover = cover, .width = options->gap_width / ph_topology_scale(options, 0).y};
    size_t count = options->threads > 1 ? (size_t)options->threads : 1;
    struct worker *workers = calloc(count, sizeof *workers);
    enum ph_status status = workers == NULL ? ph_fail_memory(err) : tiling_init(&tiling, err);
    if (status == PH_OK) {
        for (size_t i = 0; i < count; i++) workers[i].tiling = &tiling;
        status = ph_crew_run(workers, sizeof *workers, count, tiling.tile_count, look_at_tile, options->stop, err);
    }
    if (status == PH_OK) status = finish(cover, workers, count, tiling.width, options, out, err);
    for (size_t i = 0; workers != NULL && i < count; i++) {
        ph_geos_free(workers[i].geos);
        ph_shapes_dispose(&workers[i].shapes);
        free(workers[i].pieces);
        free(workers[i].refs);
    }
    free(workers);
    free(tiling.entries);
    free(tiling.tile_end);
    return status;
}
