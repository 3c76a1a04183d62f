#include "geo/pairs.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    SAMPLE = 8192,       /* boxes whose middles decide the strips' bounds */
    MOST_ENTRIES_A_BOX = 4 /* on average; wider strips are taken until it holds */
};

static const struct ph_box *box_at(const struct ph_pairs *p, uint32_t entry)
{
    return entry < p->a_count ? &p->a[entry] : &p->b[entry - p->a_count];
}

static bool usable(const struct ph_box *box)
{
    return box->min_x <= box->max_x && box->min_y <= box->max_y && isfinite(box->min_x) && isfinite(box->max_x) &&
           isfinite(box->min_y) && isfinite(box->max_y);
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The strip that holds a northing: the number of bounds at or below it. */
static size_t strip_of(const struct ph_pairs *p, double y)
{
    size_t low = 0, high = p->strip_count - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (p->south[middle] <= y) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* Bounds from an even sample of the boxes' middles. */
static enum ph_status choose_bounds(struct ph_pairs *p, struct ph_error *err)
{
    uint32_t total = p->a_count + p->b_count;
    double *sample = malloc(SAMPLE * sizeof *sample);
    if (sample == NULL) return ph_fail_memory(err);
    size_t step = total / SAMPLE + 1, count = 0;
    for (size_t i = 0; i < total; i += step) {
        const struct ph_box *box = box_at(p, (uint32_t)i);
        if (usable(box)) sample[count++] = box->min_y / 2 + box->max_y / 2;
    }
    qsort(sample, count, sizeof *sample, by_value);
    size_t strips = 1 + (size_t)(sqrt((double)total) / 2);
    if (strips > count / 4 + 1) strips = count / 4 + 1;
    p->strip_count = strips;
    p->south = malloc(strips * sizeof *p->south);
    if (p->south != NULL)
        for (size_t i = 0; i + 1 < strips; i++) p->south[i] = sample[(i + 1) * count / strips];
    free(sample);
    return p->south == NULL ? ph_fail_memory(err) : PH_OK;
}

/* How many entries each strip gets, added up. */
static size_t count_entries(struct ph_pairs *p)
{
    memset(p->strip_end, 0, p->strip_count * sizeof *p->strip_end);
    uint32_t total = p->a_count + p->b_count;
    size_t entries = 0;
    for (uint32_t i = 0; i < total; i++) {
        const struct ph_box *box = box_at(p, i);
        if (!usable(box)) continue;
        size_t last = strip_of(p, box->max_y);
        for (size_t s = strip_of(p, box->min_y); s <= last; s++, entries++) p->strip_end[s]++;
    }
    return entries;
}

/* Every second bound falls. */
static void halve_strips(struct ph_pairs *p)
{
    size_t bounds = (p->strip_count - 1) / 2;
    for (size_t i = 0; i < bounds; i++) p->south[i] = p->south[2 * i + 1];
    p->strip_count = bounds + 1;
}

struct westing {
    double min_x;
    uint32_t entry;
};

static int by_westing(const void *a, const void *b)
{
    const struct westing *x = a, *y = b;
    if (x->min_x != y->min_x) return x->min_x < y->min_x ? -1 : 1;
    return (x->entry > y->entry) - (x->entry < y->entry);
}

/* All entries in order of their western edge, dealt out to the strips. */
static enum ph_status deal(struct ph_pairs *p, size_t entries, struct ph_error *err)
{
    uint32_t total = p->a_count + p->b_count, used = 0;
    struct westing *order = malloc(((size_t)total + 1) * sizeof *order);
    p->entries = malloc((entries + 1) * sizeof *p->entries);
    if (order == NULL || p->entries == NULL) {
        free(order);
        return ph_fail_memory(err);
    }
    for (uint32_t i = 0; i < total; i++)
        if (usable(box_at(p, i))) order[used++] = (struct westing){box_at(p, i)->min_x, i};
    qsort(order, used, sizeof *order, by_westing);
    size_t at = 0;
    for (size_t s = 0; s < p->strip_count; s++) { /* from counts to starts; dealing turns them into ends */
        size_t count = p->strip_end[s];
        p->strip_end[s] = at;
        at += count;
    }
    for (uint32_t i = 0; i < used; i++) {
        const struct ph_box *box = box_at(p, order[i].entry);
        size_t last = strip_of(p, box->max_y);
        for (size_t s = strip_of(p, box->min_y); s <= last; s++) p->entries[p->strip_end[s]++] = order[i].entry;
    }
    free(order);
    return PH_OK;
}

enum ph_status ph_pairs_init(struct ph_pairs *pairs, const struct ph_box *a, size_t a_count, const struct ph_box *b, size_t b_count,
                             struct ph_error *err)
{
    memset(pairs, 0, sizeof *pairs);
    if (a_count >= UINT32_MAX - 1 || b_count >= UINT32_MAX - 1 - a_count)
        return ph_fail(err, PH_E_INPUT, "图斑超过 2^32 个,请分批处理", "more than 2^32 shapes: split the input");
    pairs->a = a;
    pairs->b = b;
    pairs->a_count = (uint32_t)a_count;
    pairs->b_count = b == NULL ? 0 : (uint32_t)b_count;
    PH_TRY(choose_bounds(pairs, err));
    pairs->strip_end = malloc(pairs->strip_count * sizeof *pairs->strip_end);
    if (pairs->strip_end == NULL) return ph_fail_memory(err);
    size_t limit = ((size_t)pairs->a_count + pairs->b_count) * MOST_ENTRIES_A_BOX, entries = count_entries(pairs);
    while (entries > limit && pairs->strip_count > 1) {
        halve_strips(pairs);
        entries = count_entries(pairs);
    }
    return deal(pairs, entries, err);
}

/* Whether the pair of entries is one to be told, and belongs to this strip. */
static bool counts_here(const struct ph_pairs *p, size_t strip, uint32_t e, uint32_t f)
{
    if (p->b != NULL && (e < p->a_count) == (f < p->a_count)) return false;
    double y = box_at(p, e)->min_y, other = box_at(p, f)->min_y;
    return strip_of(p, y > other ? y : other) == strip;
}

enum ph_status ph_pairs_visit(const struct ph_pairs *p, size_t strip, ph_pair_visit *visit, void *payload, struct ph_error *err)
{
    size_t end = p->strip_end[strip];
    for (size_t i = strip ? p->strip_end[strip - 1] : 0; i < end; i++) {
        uint32_t e = p->entries[i];
        const struct ph_box *box = box_at(p, e);
        for (size_t j = i + 1; j < end; j++) {
            uint32_t f = p->entries[j];
            const struct ph_box *other = box_at(p, f);
            if (other->min_x > box->max_x) break;
            if (other->min_y > box->max_y || box->min_y > other->max_y) continue;
            if (!counts_here(p, strip, e, f)) continue;
            uint32_t low = e < f ? e : f, high = e < f ? f : e;
            PH_TRY(visit(payload, low, high - (p->b != NULL ? p->a_count : 0), err));
        }
    }
    return PH_OK;
}

void ph_pairs_dispose(struct ph_pairs *pairs)
{
    free(pairs->south);
    free(pairs->strip_end);
    free(pairs->entries);
    memset(pairs, 0, sizeof *pairs);
}
