#include "geo/gaps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/pairs.h"
#include "geo/plane.h"
#include "geo/rift.h"

/* The union of a whole layer is too much for one call. The ground is cut into square tiles; each tile is worked on with
 * the shapes in a margin about it, which is wider than any gap or mitre reaches, and pieces that meet are joined at the end.
 * Tiles in which no two free edges come close are passed over. */

static const double margin_widths = 6;
static const double tile_widths = 16;      /* at least */
static const double tile_boxes = 2;        /* at least, in mean box sides: of so few shapes most are clear of defects */
static const double least_m2 = 0.01;
static const double touch_widths = 1e-3;   /* from a gap to what lies about it, and between pieces of one gap */
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

/* A piece of a gap within one tile, and the rows about it. */
struct piece {
    size_t tile, shape, first_row, end_row;
};

struct worker {
    const struct tiling *tiling;
    struct ph_geos *geos;
    struct ph_shapes shapes;
    struct piece *pieces;
    uint32_t *rows;
    struct ph_shape_ref *refs;
    struct ph_outlined *outlined; /* the same shapes */
    struct ph_rift rift;
    size_t count, capacity, row_count, row_capacity, ref_capacity, outlined_capacity;
};

/* A piece among those of all tiles. */
struct member {
    const struct worker *worker;
    const struct piece *piece;
    uint32_t gap; /* the number of the first piece of the same gap */
};

/* From pieces to gaps. */
struct joint {
    const struct ph_topology_options *options;
    struct ph_geos *geos;
    double distance;
    struct member *members;
    uint32_t *parent;
    struct ph_box *boxes;
    struct ph_shape_ref *refs;
    uint32_t *rows;
    size_t count, row_capacity;
    struct ph_shapes united; /* the gap at hand */
    struct ph_topology found;
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

/* The rows of a tile that come to a piece of a gap; the shapes are in w->refs. */
static enum ph_status find_rows(struct worker *w, const struct entry *entries, size_t count, struct piece *piece, struct ph_error *err)
{
    double distance = touch_widths * w->tiling->width;
    struct ph_box box = w->shapes.boxes[piece->shape];
    box = (struct ph_box){box.min_x - distance, box.min_y - distance, box.max_x + distance, box.max_y + distance};
    piece->first_row = w->row_count;
    for (size_t i = 0; i < count; i++) {
        bool near = false;
        if (ph_boxes_meet(&box, &w->refs[i].shapes->boxes[w->refs[i].index]))
            PH_TRY(ph_geos_near(w->geos, (struct ph_shape_ref){&w->shapes, piece->shape}, w->refs[i], distance, &near, err));
        if (!near) continue;
        PH_TRY(reserve((void **)&w->rows, &w->row_capacity, w->row_count + 1, sizeof *w->rows, err));
        w->rows[w->row_count++] = entries[i].row;
    }
    piece->end_row = w->row_count;
    return PH_OK;
}

static enum ph_status take_shapes(struct worker *w, const struct entry *entries, size_t count, struct ph_error *err)
{
    PH_TRY(reserve((void **)&w->refs, &w->ref_capacity, count, sizeof *w->refs, err));
    PH_TRY(reserve((void **)&w->outlined, &w->outlined_capacity, count, sizeof *w->outlined, err));
    for (size_t i = 0; i < count; i++) {
        bool repaired;
        w->refs[i] = ph_cover_shape(w->tiling->cover, entries[i].row, &repaired);
        w->outlined[i] = (struct ph_outlined){ph_cover_outline(w->tiling->cover, repaired), w->refs[i].index};
    }
    return PH_OK;
}

static enum ph_status look_at_tile(void *payload, size_t tile, struct ph_error *err)
{
    struct worker *w = payload;
    const struct tiling *t = w->tiling;
    size_t first = tile ? t->tile_end[tile - 1] : 0, count = t->tile_end[tile] - first, shapes = w->shapes.shape_count;
    const struct entry *entries = t->entries + first;
    if (count < 2) return PH_OK;
    double x = (double)entries->x, y = (double)entries->y;
    struct ph_box window = {t->origin.x + x * t->side, t->origin.y + y * t->side, t->origin.x + (x + 1) * t->side, t->origin.y + (y + 1) * t->side};
    struct ph_box around = {window.min_x - 2 * t->width, window.min_y - 2 * t->width, window.max_x + 2 * t->width, window.max_y + 2 * t->width};
    PH_TRY(take_shapes(w, entries, count, err));
    bool possible;
    PH_TRY(ph_rift_possible(&w->rift, w->outlined, count, &around, t->width * 1.01, &possible, err));
    if (!possible) return PH_OK;
    if (w->geos == NULL) PH_TRY(ph_geos_new(&w->geos, err));
    PH_TRY(ph_geos_narrow_gaps(w->geos, w->refs, count, t->width, &window, &w->shapes, err));
    for (; shapes < w->shapes.shape_count; shapes++) {
        PH_TRY(reserve((void **)&w->pieces, &w->capacity, w->count + 1, sizeof *w->pieces, err));
        struct piece *piece = &w->pieces[w->count++];
        *piece = (struct piece){.tile = tile, .shape = shapes};
        PH_TRY(find_rows(w, entries, count, piece, err));
    }
    return PH_OK;
}

static int by_piece(const void *a, const void *b)
{
    const struct member *p = a, *q = b;
    if (p->piece->tile != q->piece->tile) return p->piece->tile < q->piece->tile ? -1 : 1;
    return (p->piece->shape > q->piece->shape) - (p->piece->shape < q->piece->shape); /* of one tile all are one worker's */
}

static int by_gap(const void *a, const void *b)
{
    const struct member *p = a, *q = b;
    if (p->gap != q->gap) return p->gap < q->gap ? -1 : 1;
    return by_piece(a, b);
}

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static uint32_t root_of(uint32_t *parent, uint32_t i)
{
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
}

static struct ph_shape_ref shape_of(const struct member *member)
{
    return (struct ph_shape_ref){&member->worker->shapes, member->piece->shape};
}

/* Pieces that meet are one gap, be it that a border of tiles has cut it or that it comes down to a point: what is one gap
 * must not depend on where the borders are. */
static enum ph_status join(void *payload, size_t a, size_t b, struct ph_error *err)
{
    struct joint *j = payload;
    uint32_t x = root_of(j->parent, (uint32_t)a), y = root_of(j->parent, (uint32_t)b);
    bool near;
    if (x == y) return PH_OK;
    PH_TRY(ph_geos_near(j->geos, shape_of(&j->members[a]), shape_of(&j->members[b]), j->distance, &near, err));
    if (near) j->parent[x > y ? x : y] = x < y ? x : y;
    return PH_OK;
}

static enum ph_status joint_init(struct joint *j, const struct worker *workers, size_t workers_count, struct ph_error *err)
{
    for (size_t i = 0; i < workers_count; i++) j->count += workers[i].count;
    j->members = malloc((j->count + 1) * sizeof *j->members);
    j->parent = malloc((j->count + 1) * sizeof *j->parent);
    j->boxes = malloc((j->count + 1) * sizeof *j->boxes);
    j->refs = malloc((j->count + 1) * sizeof *j->refs);
    if (j->members == NULL || j->parent == NULL || j->boxes == NULL || j->refs == NULL) return ph_fail_memory(err);
    size_t at = 0;
    for (size_t i = 0; i < workers_count; i++)
        for (size_t k = 0; k < workers[i].count; k++) j->members[at++] = (struct member){&workers[i], &workers[i].pieces[k], 0};
    qsort(j->members, j->count, sizeof *j->members, by_piece);
    for (size_t i = 0; i < j->count; i++) {
        struct ph_box box = j->members[i].worker->shapes.boxes[j->members[i].piece->shape];
        j->boxes[i] = (struct ph_box){box.min_x - j->distance, box.min_y - j->distance, box.max_x + j->distance, box.max_y + j->distance};
        j->parent[i] = (uint32_t)i;
    }
    return ph_geos_new(&j->geos, err);
}

/* The members in the order of their gaps. */
static enum ph_status join_all(struct joint *j, struct ph_error *err)
{
    struct ph_pairs pairs = {0};
    enum ph_status status = ph_pairs_init(&pairs, j->boxes, j->count, NULL, 0, err);
    for (size_t strip = 0; status == PH_OK && strip < pairs.strip_count; strip++) status = ph_pairs_visit(&pairs, strip, join, j, err);
    ph_pairs_dispose(&pairs);
    for (size_t i = 0; i < j->count; i++) j->members[i].gap = root_of(j->parent, (uint32_t)i);
    if (j->count > 0) qsort(j->members, j->count, sizeof *j->members, by_gap);
    return status;
}

/* The rows about a gap, each once, ascending, in j->rows. */
static enum ph_status gather_rows(struct joint *j, size_t from, size_t to, size_t *count, struct ph_error *err)
{
    size_t total = 0, distinct = 0;
    for (size_t i = from; i < to; i++) {
        const struct piece *piece = j->members[i].piece;
        size_t more = piece->end_row - piece->first_row;
        PH_TRY(reserve((void **)&j->rows, &j->row_capacity, total + more + 1, sizeof *j->rows, err));
        if (more > 0) memcpy(j->rows + total, j->members[i].worker->rows + piece->first_row, more * sizeof *j->rows);
        total += more;
    }
    qsort(j->rows, total, sizeof *j->rows, by_value);
    for (size_t i = 0; i < total; i++)
        if (distinct == 0 || j->rows[distinct - 1] != j->rows[i]) j->rows[distinct++] = j->rows[i];
    *count = distinct;
    return PH_OK;
}

static enum ph_status report(struct joint *j, size_t from, size_t to, struct ph_error *err)
{
    struct ph_topology *out = &j->found;
    struct ph_shapes *u = &j->united;
    size_t about;
    PH_TRY(gather_rows(j, from, to, &about, err));
    if (about < 2) return PH_OK;
    u->point_count = u->ring_count = u->part_count = u->shape_count = 0;
    for (size_t i = from; i < to; i++) j->refs[i - from] = shape_of(&j->members[i]);
    if (to - from == 1) PH_TRY(ph_shape_copy(j->refs[0].shapes, j->refs[0].index, u, err));
    else PH_TRY(ph_geos_union(j->geos, j->refs, to - from, u, err));
    struct ph_topology_finding finding = ph_topology_finding_of(PH_TOPOLOGY_GAP, j->rows[0]);
    PH_TRY(ph_topology_area(j->options, u, 0, ph_plane_area(u, 0), &finding.area_m2, err));
    if (finding.area_m2 < least_m2) return PH_OK;
    finding.b = j->rows[1];
    finding.around = (uint32_t)out->around_count;
    finding.around_count = (uint32_t)about;
    PH_TRY(reserve((void **)&out->around, &out->around_capacity, out->around_count + about, sizeof *out->around, err));
    memcpy(out->around + out->around_count, j->rows, about * sizeof *j->rows);
    out->around_count += about;
    return ph_topology_add(out, &finding, u, 0, err);
}

/* From the pieces to the findings. */
static enum ph_status finish(const struct worker *workers, size_t count, double width, const struct ph_topology_options *options,
                             struct ph_topology *out, struct ph_error *err)
{
    struct joint j = {.options = options, .distance = touch_widths * width};
    size_t start = out->count;
    enum ph_status status = joint_init(&j, workers, count, err);
    if (status == PH_OK) status = join_all(&j, err);
    for (size_t from = 0, to = 0; status == PH_OK && from < j.count; from = to) {
        while (to < j.count && j.members[to].gap == j.members[from].gap) to++;
        status = report(&j, from, to, err);
    }
    if (status == PH_OK) status = ph_topology_merge(&j.found, sizeof j.found, 1, out, err);
    if (status == PH_OK) status = ph_topology_measure(options, out, start, err);
    ph_topology_dispose(&j.found);
    ph_shapes_dispose(&j.united);
    ph_geos_free(j.geos);
    free(j.members);
    free(j.parent);
    free(j.boxes);
    free(j.refs);
    free(j.rows);
    return status;
}

static void worker_dispose(struct worker *w)
{
    ph_geos_free(w->geos);
    ph_shapes_dispose(&w->shapes);
    free(w->pieces);
    free(w->rows);
    free(w->refs);
    free(w->outlined);
    ph_rift_dispose(&w->rift);
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
    if (status == PH_OK) status = finish(workers, count, tiling.width, options, out, err);
    for (size_t i = 0; workers != NULL && i < count; i++) worker_dispose(&workers[i]);
    free(workers);
    free(tiling.entries);
    free(tiling.tile_end);
    return status;
}
