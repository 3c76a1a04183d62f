#include "io/rtree.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/prefetch.h"
#include "base/radix.h"
#include "io/gpkg_file.h"
#include "io/tree.h"

#define NODE_HEAD 4  /* depth of the tree (root only), number of cells */
#define CELL_BYTES 24 /* id and four floats */
#define NODE_BYTES_MAX (NODE_HEAD + 51 * CELL_BYTES) /* SQLite's limit of cells */
#define NODE_BYTES_MIN (NODE_HEAD + 18 * CELL_BYTES) /* pages of 512 bytes, the smallest */
#define LEVELS 8                                     /* 18 to the power of 8 is more than 2^32 */
#define ROOT 1
#define AHEAD ((size_t)16) /* boxes */
#define RECORD_HEAD 8  /* of a row of its tables, at most */

/* A box as the index stores it. */
struct bounds {
    float min_x, max_x, min_y, max_y;
};

/* Level 0 are the leaves. The nodes of a level are numbered on from its first, the root is always 1. */
struct level {
    size_t children, nodes;
    sqlite3_int64 first;
};

struct packing {
    struct ph_tail *tail;
    const char *table;
    const struct ph_box *boxes;
    const struct ph_keyed *entries; /* of the boxes that are not empty, by their place on the Hilbert curve */
    size_t count;
    struct level levels[LEVELS];
    size_t depth; /* levels above the leaves */
    size_t node_bytes;
    struct bounds *bounds; /* of the nodes of all levels, leaves first */
};

static bool is_there(const struct ph_box *b)
{
    return b->min_x <= b->max_x && b->min_y <= b->max_y;
}

static float round_down(double v)
{
    float f = (float)v;
    return (double)f > v ? nextafterf(f, -INFINITY) : f;
}

static float round_up(double v)
{
    float f = (float)v;
    return (double)f < v ? nextafterf(f, INFINITY) : f;
}

static struct bounds outwards(const struct ph_box *b)
{
    return (struct bounds){round_down(b->min_x), round_up(b->max_x), round_down(b->min_y), round_up(b->max_y)};
}

/* How far along the Hilbert curve of order 16 the cell (x, y) lies. Without branches, of which half would be guessed wrong: in the
 * lower half x and y change places, at its right both are mirrored before. */
static uint32_t hilbert(uint32_t x, uint32_t y)
{
    uint32_t place = 0;
    for (unsigned bit = 16; bit-- > 0;) {
        uint32_t right = x >> bit & 1, upper = y >> bit & 1, lower = upper - 1;
        place = place * 4 + ((3 * right) ^ upper);
        uint32_t mirror = lower & (0 - right), change = (x ^ y) & lower;
        x ^= change ^ mirror;
        y ^= change ^ mirror;
    }
    return place;
}

static uint32_t grid(double v, double from, double to)
{
    double place = (v - from) / (to - from) * 65535;
    if (!(place > 0)) return 0; /* also NaN, of a single point or of infinities */
    return place < 65535 ? (uint32_t)place : 65535;
}

/* room: for 2 × count. Returns how many are not empty; they are at *out, along the curve; equal places keep the order of the rows. */
static size_t order_boxes(const struct ph_box *boxes, size_t count, struct ph_keyed *room, const struct ph_keyed **out)
{
    struct ph_box all = PH_BOX_EMPTY;
    for (size_t i = 0; i < count; i++)
        if (is_there(&boxes[i])) ph_box_add(&all, &boxes[i]);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_there(&boxes[i])) continue;
        uint32_t x = grid(boxes[i].min_x / 2 + boxes[i].max_x / 2, all.min_x, all.max_x);
        uint32_t y = grid(boxes[i].min_y / 2 + boxes[i].max_y / 2, all.min_y, all.max_y);
        room[kept++] = (struct ph_keyed){hilbert(x, y), (uint32_t)i};
    }
    *out = ph_radix_sort(room, room + count, kept);
    return kept;
}

/* The children of a level are spread evenly: node n has those from split(n) to split(n + 1). */
static size_t split(const struct level *level, size_t n)
{
    return (size_t)((uint64_t)level->children * n / level->nodes);
}

static enum ph_status plan_levels(struct packing *p, struct ph_error *err)
{
    size_t cells = (p->node_bytes - NODE_HEAD) / CELL_BYTES, children = p->count, total = 0;
    sqlite3_int64 next = ROOT + 1;
    for (size_t l = 0; l < LEVELS; l++) {
        size_t nodes = children > cells ? (children + cells - 1) / cells : 1;
        p->levels[l] = (struct level){children, nodes, nodes == 1 ? ROOT : next};
        p->depth = l;
        total += nodes;
        if (nodes == 1) break;
        next += (sqlite3_int64)nodes;
        children = nodes;
    }
    p->bounds = malloc(total * sizeof *p->bounds);
    return p->bounds ? PH_OK : ph_fail_memory(err);
}

/* The size that SQLite chose for the nodes of this file: that of the empty root. */
static enum ph_status read_node_size(struct packing *p, struct ph_error *err)
{
    sqlite3_stmt *stmt = NULL;
    char *sql = sqlite3_mprintf("SELECT length(data) FROM main.\"%w_node\" WHERE nodeno = 1", p->table);
    if (sql == NULL) return ph_fail_memory(err);
    int result = sqlite3_prepare_v2(p->tail->db, sql, -1, &stmt, NULL);
    sqlite3_free(sql);
    if (result != SQLITE_OK)
        return ph_fail(err, PH_E_OUTPUT, "空间索引无法写入:%s", "the spatial index cannot be written: %s", sqlite3_errmsg(p->tail->db));
    sqlite3_int64 size = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    sqlite3_finalize(stmt);
    if (size < NODE_BYTES_MIN || size > NODE_BYTES_MAX)
        return ph_fail(err, PH_E_OUTPUT, "空间索引表无法识别:%s", "not an R-tree as SQLite makes it: %s", p->table);
    p->node_bytes = (size_t)size;
    return PH_OK;
}

static unsigned char *put_cell(unsigned char *out, sqlite3_int64 id, const struct bounds *b)
{
    uint32_t bits[4];
    static_assert(sizeof bits == sizeof *b, "four floats of 32 bits");
    memcpy(bits, b, sizeof bits);
    out = ph_put_big(out, (uint64_t)id, 8);
    for (size_t i = 0; i < 4; i++) out = ph_put_big(out, bits[i], 4);
    return out;
}

/* The bounds of leaf n. Rounding keeps the order, so it is enough to round what is outermost. */
static struct bounds leaf_bounds(const struct packing *p, size_t n)
{
    struct ph_box all = PH_BOX_EMPTY;
    for (size_t i = split(&p->levels[0], n), to = split(&p->levels[0], n + 1); i < to; i++) {
        if (i + AHEAD < p->count) ph_prefetch(&p->boxes[p->entries[i + AHEAD].row]);
        ph_box_add(&all, &p->boxes[p->entries[i].row]);
    }
    return outwards(&all);
}

/* Writes node n of level l into `data`. below: bounds of the level's children, NULL at the leaves. Returns its bounds. */
static struct bounds make_node(const struct packing *p, size_t l, size_t n, const struct bounds *below, unsigned char *data)
{
    const struct level *level = &p->levels[l];
    struct bounds all = {INFINITY, -INFINITY, INFINITY, -INFINITY};
    size_t from = split(level, n), to = split(level, n + 1);
    unsigned char *out = ph_put_big(data, level->first == ROOT ? p->depth : 0, 2);
    out = ph_put_big(out, to - from, 2);
    for (size_t i = from; i < to; i++) {
        if (below == NULL && i + AHEAD < p->count) ph_prefetch(&p->boxes[p->entries[i + AHEAD].row]);
        uint32_t row = below ? 0 : p->entries[i].row;
        struct bounds b = below ? below[i] : outwards(&p->boxes[row]);
        out = put_cell(out, below ? p->levels[l - 1].first + (sqlite3_int64)i : (sqlite3_int64)row + 1, &b);
        all.min_x = fminf(all.min_x, b.min_x);
        all.max_x = fmaxf(all.max_x, b.max_x);
        all.min_y = fminf(all.min_y, b.min_y);
        all.max_y = fmaxf(all.max_y, b.max_y);
    }
    memset(out, 0, p->node_bytes - (size_t)(out - data));
    return all;
}

/* A row of two columns: the rowid, which the record has as NULL, and a number of four bytes. */
static enum ph_status put_row(struct ph_tree *tree, sqlite3_int64 key, sqlite3_int64 value, struct ph_error *err)
{
    unsigned char record[7] = {3, 0, 4};
    ph_put_big(record + 3, (uint64_t)value, 4);
    return ph_tree_add(tree, key, record, sizeof record, err);
}

/* The root has the least number and is known last: how far the nodes reach is worked out before. */
static enum ph_status put_nodes(const struct packing *p, struct ph_tree *tree, struct ph_error *err)
{
    unsigned char record[RECORD_HEAD + NODE_BYTES_MAX];
    uint64_t kind = 12 + 2 * (uint64_t)p->node_bytes;
    record[0] = (unsigned char)(2 + ph_varint_bytes(kind));
    record[1] = 0;
    unsigned char *data = ph_put_varint(record + 2, kind);
    size_t bytes = (size_t)(data - record) + p->node_bytes;
    const struct bounds *below = NULL;
    struct bounds *bounds = p->bounds;
    for (size_t l = 0; l <= p->depth; l++) {
        for (size_t n = 0; n < p->levels[l].nodes; n++) bounds[n] = l < p->depth && l == 0 ? leaf_bounds(p, n) : make_node(p, l, n, below, data);
        below = bounds;
        bounds += p->levels[l].nodes;
    }
    PH_TRY(ph_tree_add(tree, ROOT, record, bytes, err)); /* made last, it is still there */
    below = NULL;
    bounds = p->bounds;
    for (size_t l = 0; l < p->depth; l++) {
        for (size_t n = 0; n < p->levels[l].nodes; n++) {
            make_node(p, l, n, below, data);
            PH_TRY(ph_tree_add(tree, p->levels[l].first + (sqlite3_int64)n, record, bytes, err));
        }
        below = bounds;
        bounds += p->levels[l].nodes;
    }
    return PH_OK;
}

/* nodeno -> the node above. */
static enum ph_status put_parents(const struct packing *p, struct ph_tree *tree, struct ph_error *err)
{
    for (size_t l = 1; l <= p->depth; l++)
        for (size_t n = 0; n < p->levels[l].nodes; n++)
            for (size_t i = split(&p->levels[l], n); i < split(&p->levels[l], n + 1); i++)
                PH_TRY(put_row(tree, p->levels[l - 1].first + (sqlite3_int64)i, p->levels[l].first + (sqlite3_int64)n, err));
    return PH_OK;
}

/* rowid -> its leaf, in the order of the rows. leaves: room for each box. */
static enum ph_status put_rowids(const struct packing *p, struct ph_tree *tree, uint32_t *leaves, size_t count, struct ph_error *err)
{
    for (size_t n = 0; n < p->levels[0].nodes; n++)
        for (size_t i = split(&p->levels[0], n); i < split(&p->levels[0], n + 1); i++) leaves[p->entries[i].row] = (uint32_t)n;
    for (size_t row = 0; row < count; row++)
        if (is_there(&p->boxes[row])) PH_TRY(put_row(tree, (sqlite3_int64)row + 1, p->levels[0].first + leaves[row], err));
    return PH_OK;
}

static enum ph_status write_tables(const struct packing *p, uint32_t *leaves, size_t count, struct ph_error *err)
{
    static const char *const names[] = {"_node", "_parent", "_rowid"};
    for (size_t i = 0; i < 3; i++) {
        struct ph_tree tree = {0};
        char table[300];
        snprintf(table, sizeof table, "%s%s", p->table, names[i]);
        enum ph_status status = ph_tree_open(&tree, p->tail, table, err);
        if (status == PH_OK)
            status = i == 0   ? put_nodes(p, &tree, err)
                     : i == 1 ? put_parents(p, &tree, err)
                              : put_rowids(p, &tree, leaves, count, err);
        if (status == PH_OK) status = ph_tree_close(&tree, err);
        ph_tree_dispose(&tree);
        PH_TRY(status);
    }
    return PH_OK;
}

enum ph_status ph_rtree_fill(struct ph_tail *tail, const char *table, const struct ph_box *boxes, size_t count, struct ph_error *err)
{
    struct packing p = {.tail = tail, .table = table, .boxes = boxes};
    PH_TRY(read_node_size(&p, err));
    if (count > UINT32_MAX) return ph_fail(err, PH_E_OUTPUT, "要素太多", "too many features");
    struct ph_keyed *room = malloc(2 * (count + 1) * sizeof *room);
    uint32_t *leaves = malloc((count + 1) * sizeof *leaves);
    enum ph_status status = room && leaves ? PH_OK : ph_fail_memory(err);
    if (status == PH_OK) {
        p.count = order_boxes(boxes, count, room, &p.entries);
        status = plan_levels(&p, err);
    }
    if (status == PH_OK) status = write_tables(&p, leaves, count, err);
    free(p.bounds);
    free(leaves);
    free(room);
    return status;
}
