#include "geo/density.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "geo/ellipsoid.h"

enum {
    NODES = 8,       /* Chebyshev nodes a side */
    CHECKS = 5,      /* equidistant check points a side, corners included */
    STENCIL = 17,    /* inverse projections behind one value of D */
    MAX_DEPTH = 3,   /* halvings of a cell */
    MAX_FITS = 4096, /* in all: bounds the time that scattered garbage can cost */
    MAX_CELLS_A_BOX = 1024
};

static const double cell_metres = 262144;
static const double overlap = 1.25; /* fitted square to cell */
static const double good_fit = 4e-13;
static const double usable_fit = 2e-11;  /* a fifth of what the contract asks */
static const double hopeless_fit = 1e-4; /* a singularity, which halving three times does not cure */
static const double farthest_metres = 1e9;
static const double two_pi = 6.283185307179586477;

static const uint32_t none = UINT32_MAX;

struct cell {
    int32_t ix, iy;
    uint32_t node;
};

/* Either a patch, or four children (south-west, south-east, north-west, north-east), or nothing. */
struct node {
    uint32_t patch, children;
};

struct ph_density {
    double size;        /* of a cell, CRS units */
    struct cell *cells; /* sorted by iy, ix */
    struct node *nodes;
    struct ph_patch *patches;
    size_t cell_count, cell_capacity, node_count, node_capacity, patch_count, patch_capacity;
};

struct builder {
    struct ph_density *density;
    struct ph_projector *projector;
    struct ph_ellipsoid ellipsoid;
    double unit; /* metres */
    size_t fits;
    double step, noise; /* of the differentiation, chosen for the cell at hand */
    struct ph_xy scratch[NODES * NODES * STENCIL];
};

static enum ph_status grow(void **array, size_t *capacity, size_t need, size_t width, struct ph_error *err)
{
    if (need <= *capacity) return PH_OK;
    size_t want = *capacity ? *capacity * 2 : 64;
    while (want < need) want *= 2;
    void *grown = realloc(*array, want * width);
    if (grown == NULL) return ph_fail_memory(err);
    *array = grown;
    *capacity = want;
    return PH_OK;
}

/* D at `count` points (at most NODES²). An 8th-order central difference of the inverse projection: with a step of
 * tens of kilometres both its truncation and the rounding of the inverse stay below 1e-13. */
static void sample(struct builder *b, double step, const struct ph_xy *at, size_t count, double *out)
{
    static const double weights[4] = {4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280};
    for (size_t i = 0; i < count; i++) {
        struct ph_xy *s = b->scratch + i * STENCIL;
        *s++ = at[i];
        for (int k = 1; k <= 4; k++) {
            *s++ = (struct ph_xy){at[i].x + k * step, at[i].y};
            *s++ = (struct ph_xy){at[i].x - k * step, at[i].y};
            *s++ = (struct ph_xy){at[i].x, at[i].y + k * step};
            *s++ = (struct ph_xy){at[i].x, at[i].y - k * step};
        }
    }
    ph_project_inverse(b->projector, b->scratch, count * STENCIL);
    for (size_t i = 0; i < count; i++) {
        const struct ph_xy *s = b->scratch + i * STENCIL;
        double lx = 0, ly = 0, px = 0, py = 0;
        for (int k = 0; k < 4; k++) {
            const struct ph_xy *q = s + 1 + 4 * k;
            lx += weights[k] * remainder(q[0].x - q[1].x, two_pi);
            px += weights[k] * (q[0].y - q[1].y);
            ly += weights[k] * remainder(q[2].x - q[3].x, two_pi);
            py += weights[k] * (q[2].y - q[3].y);
        }
        out[i] = ph_ellipsoid_density(&b->ellipsoid, s->y) * fabs(lx * py - ly * px) / (step * step);
    }
}

/* The largest step whose result agrees with that of half the step; else the one that agrees best.
 * False when D is unknown in the middle and at all corners. */
static bool choose_step(struct builder *b, double x0, double y0, double half)
{
    struct ph_xy at[5] = {
        {x0, y0}, {x0 - half, y0 - half}, {x0 + half, y0 - half}, {x0 - half, y0 + half}, {x0 + half, y0 + half}};
    double coarse[5], fine[5], step = 65536 / b->unit;
    bool any = false;
    b->noise = INFINITY;
    sample(b, step, at, 5, coarse);
    for (int tries = 0; tries < 7; tries++, step /= 2) {
        double difference = 0;
        sample(b, step / 2, at, 5, fine);
        for (int i = 0; i < 5; i++) {
            double d = fabs(coarse[i] - fine[i]) / fabs(fine[i]);
            difference = d <= difference ? difference : d; /* keeps NaN */
            any = any || isfinite(fine[i]);
        }
        if (difference < b->noise) {
            b->noise = difference;
            b->step = step;
        }
        if (b->noise <= 2e-13) break;
        memcpy(coarse, fine, sizeof coarse);
    }
    if (!isfinite(b->noise)) b->step = step;
    return any;
}

/* Monomial coefficients of the Chebyshev polynomials T0..T6. */
static const double chebyshev[PH_DENSITY_DEGREE + 1][PH_DENSITY_DEGREE + 1] = {
    {1}, {0, 1}, {-1, 0, 2}, {0, -3, 0, 4}, {1, 0, -8, 0, 8}, {0, 5, 0, -20, 0, 16}, {-1, 0, 18, 0, -48, 0, 32}};

static double chebyshev_at(size_t degree, double u)
{
    double sum = 0;
    for (size_t k = degree + 1; k-- > 0;) sum = sum * u + chebyshev[degree][k];
    return sum;
}

/* Least squares on the Chebyshev grid, where the basis is orthogonal: no equations to solve. */
static void fit_terms(const double *values, const double *nodes, double *terms)
{
    double basis[PH_DENSITY_DEGREE + 1][NODES];
    for (size_t i = 0; i <= PH_DENSITY_DEGREE; i++)
        for (size_t k = 0; k < NODES; k++) basis[i][k] = chebyshev_at(i, nodes[k]);
    memset(terms, 0, PH_DENSITY_TERMS * sizeof *terms);
    for (size_t j = 0; j <= PH_DENSITY_DEGREE; j++) {
        for (size_t i = 0; i + j <= PH_DENSITY_DEGREE; i++) {
            double sum = 0;
            for (size_t r = 0; r < NODES; r++)
                for (size_t k = 0; k < NODES; k++) sum += values[r * NODES + k] * basis[i][k] * basis[j][r];
            sum *= (i ? 2.0 : 1.0) * (j ? 2.0 : 1.0) / (NODES * NODES);
            for (size_t q = 0; q <= j; q++)
                for (size_t p = 0; p <= i; p++) terms[ph_density_term(q) + p] += sum * chebyshev[i][p] * chebyshev[j][q];
        }
    }
}

/* |d³/dt³ (u + at)^i (v + bt)^j| <= n(n-1)(n-2), n = i + j, for |u|, |v|, |a|, |b| <= 1. */
static double bound_cubic(const double *terms)
{
    double bound = 0;
    for (size_t j = 0; j <= PH_DENSITY_DEGREE; j++)
        for (size_t i = 0; i + j <= PH_DENSITY_DEGREE; i++) {
            double n = (double)(i + j);
            if (i + j >= 3) bound += fabs(terms[ph_density_term(j) + i]) * n * (n - 1) * (n - 2);
        }
    return bound;
}

double ph_patch_value(const struct ph_patch *patch, double x, double y)
{
    double u = (x - patch->x0) / patch->half, v = (y - patch->y0) / patch->half, sum = 0;
    for (size_t j = PH_DENSITY_DEGREE + 1; j-- > 0;) {
        const double *row = patch->terms + ph_density_term(j);
        double inner = 0;
        for (size_t i = PH_DENSITY_DEGREE + 1 - j; i-- > 0;) inner = inner * u + row[i];
        sum = sum * v + inner;
    }
    return sum;
}

static double misfit(const struct ph_patch *patch, const struct ph_xy *at, const double *values, size_t count)
{
    double worst = 0;
    for (size_t i = 0; i < count; i++) {
        double d = fabs(ph_patch_value(patch, at[i].x, at[i].y) / values[i] - 1);
        worst = d <= worst ? worst : d; /* keeps NaN */
        if (!isfinite(worst)) return NAN;
    }
    return worst;
}

/* patch->x0, y0, half are set; the rest is filled. residual NaN: D is unknown somewhere in the square. */
static void fit(struct builder *b, struct ph_patch *patch)
{
    struct ph_xy at[NODES * NODES], checks[CHECKS * CHECKS];
    double values[NODES * NODES], check_values[CHECKS * CHECKS], nodes[NODES];
    for (int k = 0; k < NODES; k++) nodes[k] = cos(two_pi / 4 * (2 * k + 1) / NODES);
    for (int r = 0; r < NODES; r++)
        for (int k = 0; k < NODES; k++)
            at[r * NODES + k] = (struct ph_xy){patch->x0 + patch->half * nodes[k], patch->y0 + patch->half * nodes[r]};
    for (int r = 0; r < CHECKS; r++)
        for (int k = 0; k < CHECKS; k++)
            checks[r * CHECKS + k] = (struct ph_xy){patch->x0 + patch->half * (2.0 * k / (CHECKS - 1) - 1),
                                                    patch->y0 + patch->half * (2.0 * r / (CHECKS - 1) - 1)};
    sample(b, b->step, at, NODES * NODES, values);
    sample(b, b->step, checks, CHECKS * CHECKS, check_values);
    fit_terms(values, nodes, patch->terms);
    patch->cubic = bound_cubic(patch->terms);
    double own = misfit(patch, at, values, NODES * NODES), other = misfit(patch, checks, check_values, CHECKS * CHECKS);
    patch->residual = isnan(own) || isnan(other) ? NAN : fmax(own, other);
    b->fits++;
}

static enum ph_status keep_patch(struct ph_density *density, const struct ph_patch *patch, uint32_t node, struct ph_error *err)
{
    void *patches = density->patches;
    PH_TRY(grow(&patches, &density->patch_capacity, density->patch_count + 1, sizeof *patch, err));
    density->patches = patches;
    density->nodes[node].patch = (uint32_t)density->patch_count;
    density->patches[density->patch_count++] = *patch;
    return PH_OK;
}

static enum ph_status add_nodes(struct ph_density *density, size_t count, uint32_t *first, struct ph_error *err)
{
    void *nodes = density->nodes;
    PH_TRY(grow(&nodes, &density->node_capacity, density->node_count + count, sizeof *density->nodes, err));
    density->nodes = nodes;
    *first = (uint32_t)density->node_count;
    for (size_t i = 0; i < count; i++) density->nodes[density->node_count++] = (struct node){none, none};
    return PH_OK;
}

/* Fits the square round (x0, y0), or halves it until the fit is good. */
static enum ph_status cover(struct builder *b, uint32_t node, double x0, double y0, double half, int depth, struct ph_error *err)
{
    if (b->fits >= MAX_FITS) return PH_OK;
    struct ph_patch patch = {.x0 = x0, .y0 = y0, .half = half * overlap};
    if (!choose_step(b, x0, y0, patch.half)) return PH_OK;
    fit(b, &patch);
    double wanted = fmax(good_fit, 4 * b->noise);
    if (patch.residual <= usable_fit && (patch.residual <= wanted || depth == MAX_DEPTH))
        return keep_patch(b->density, &patch, node, err);
    if (depth == MAX_DEPTH || patch.residual > hopeless_fit) return PH_OK;
    uint32_t children;
    PH_TRY(add_nodes(b->density, 4, &children, err));
    b->density->nodes[node].children = children;
    for (uint32_t k = 0; k < 4; k++) {
        double x = x0 + (k & 1 ? half : -half) / 2, y = y0 + (k & 2 ? half : -half) / 2;
        PH_TRY(cover(b, children + k, x, y, half / 2, depth + 1, err));
    }
    return PH_OK;
}

static int compare_cells(const void *left, const void *right)
{
    const struct cell *l = left, *r = right;
    if (l->iy != r->iy) return l->iy < r->iy ? -1 : 1;
    if (l->ix != r->ix) return l->ix < r->ix ? -1 : 1;
    return 0;
}

static void unite_cells(struct ph_density *density)
{
    if (density->cell_count == 0) return;
    qsort(density->cells, density->cell_count, sizeof *density->cells, compare_cells);
    size_t kept = 1;
    for (size_t i = 1; i < density->cell_count; i++)
        if (compare_cells(&density->cells[i], &density->cells[kept - 1]) != 0) density->cells[kept++] = density->cells[i];
    density->cell_count = kept;
}

static int32_t cell_index(const struct ph_density *density, double at)
{
    return (int32_t)floor(at / density->size);
}

static enum ph_status collect_cells(struct ph_density *density, const struct ph_box *box, double limit, struct ph_error *err)
{
    bool inside = box->min_x >= -limit && box->min_y >= -limit && box->max_x <= limit && box->max_y <= limit;
    if (!inside || !(box->min_x <= box->max_x) || !(box->min_y <= box->max_y)) return PH_OK;
    int32_t x0 = cell_index(density, box->min_x), x1 = cell_index(density, box->max_x);
    int32_t y0 = cell_index(density, box->min_y), y1 = cell_index(density, box->max_y);
    if ((int64_t)(x1 - x0 + 1) * (y1 - y0 + 1) > MAX_CELLS_A_BOX) return PH_OK;
    for (int32_t y = y0; y <= y1; y++) {
        for (int32_t x = x0; x <= x1; x++) {
            const struct cell *last = density->cell_count ? &density->cells[density->cell_count - 1] : NULL;
            if (last != NULL && last->ix == x && last->iy == y) continue;
            if (density->cell_count == density->cell_capacity) unite_cells(density);
            void *cells = density->cells;
            PH_TRY(grow(&cells, &density->cell_capacity, 2 * (density->cell_count / 2 + 1), sizeof *density->cells, err));
            density->cells = cells;
            density->cells[density->cell_count++] = (struct cell){x, y, none};
        }
    }
    return PH_OK;
}

static enum ph_status build(struct builder *b, const struct ph_box *boxes, size_t count, struct ph_error *err)
{
    struct ph_density *density = b->density;
    for (size_t i = 0; i < count; i++) PH_TRY(collect_cells(density, &boxes[i], farthest_metres / b->unit, err));
    unite_cells(density);
    for (size_t i = 0; i < density->cell_count; i++) {
        struct cell *cell = &density->cells[i];
        PH_TRY(add_nodes(density, 1, &cell->node, err));
        double half = density->size / 2;
        PH_TRY(cover(b, cell->node, (2.0 * cell->ix + 1) * half, (2.0 * cell->iy + 1) * half, half, 0, err));
    }
    return PH_OK;
}

enum ph_status ph_density_new(const struct ph_crs *crs, const struct ph_box *boxes, size_t count, struct ph_density **out,
                              struct ph_error *err)
{
    *out = NULL;
    const struct ph_crs_facts *facts = ph_crs_facts(crs);
    struct ph_density *density = calloc(1, sizeof *density);
    struct builder *b = calloc(1, sizeof *b);
    enum ph_status status = density == NULL || b == NULL ? ph_fail_memory(err) : PH_OK;
    if (status == PH_OK) status = ph_projector_new(crs, &b->projector, err);
    if (status == PH_OK) {
        b->density = density;
        b->unit = facts->metres_per_unit;
        b->ellipsoid = ph_ellipsoid(facts->a, facts->inverse_flattening);
        density->size = cell_metres / b->unit;
        status = build(b, boxes, count, err);
    }
    if (b != NULL) ph_projector_free(b->projector);
    free(b);
    if (status != PH_OK) {
        ph_density_free(density);
        return status;
    }
    *out = density;
    return PH_OK;
}

static const struct cell *find_cell(const struct ph_density *density, int32_t ix, int32_t iy)
{
    size_t low = 0, high = density->cell_count;
    struct cell key = {ix, iy, none};
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_cells(&density->cells[middle], &key);
        if (order == 0) return &density->cells[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct ph_patch *ph_density_at(const struct ph_density *density, double x, double y)
{
    double limit = density->size * INT16_MAX;
    if (!(fabs(x) < limit) || !(fabs(y) < limit)) return NULL;
    const struct cell *cell = find_cell(density, cell_index(density, x), cell_index(density, y));
    if (cell == NULL) return NULL;
    double half = density->size / 2, x0 = (2.0 * cell->ix + 1) * half, y0 = (2.0 * cell->iy + 1) * half;
    uint32_t node = cell->node;
    while (density->nodes[node].children != none) {
        uint32_t k = (x >= x0 ? 1u : 0u) | (y >= y0 ? 2u : 0u);
        half /= 2;
        x0 += x >= x0 ? half : -half;
        y0 += y >= y0 ? half : -half;
        node = density->nodes[node].children + k;
    }
    return density->nodes[node].patch == none ? NULL : &density->patches[density->nodes[node].patch];
}

size_t ph_density_patches(const struct ph_density *density)
{
    return density->patch_count;
}

double ph_density_worst_residual(const struct ph_density *density)
{
    double worst = 0;
    for (size_t i = 0; i < density->patch_count; i++) worst = fmax(worst, density->patches[i].residual);
    return worst;
}

void ph_density_free(struct ph_density *density)
{
    if (density == NULL) return;
    free(density->cells);
    free(density->nodes);
    free(density->patches);
    free(density);
}
