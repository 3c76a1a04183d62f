/* What the tests of areas share: a CRS, its witness, shapes and a surface over them. */
#ifndef PH_SURFACE_BENCH_H
#define PH_SURFACE_BENCH_H

#include <stdbool.h>
#include <stddef.h>

#include "area_witness.h"
#include "geo/surface.h"

struct bench {
    struct ph_crs *crs;
    struct witness *witness;
    struct ph_surface *surface;
    struct ph_shapes shapes;
};

/* A lopsided seven-cornered ring of width and height 1, which leaves no symmetry for errors to cancel in. */
enum { CORNERS = 7 };
extern const struct ph_xy corners[CORNERS];

void open_bench(struct bench *b, const char *definition);
void close_bench(struct bench *b);

/* The ring is closed by its first point. */
void add_ring(struct ph_shapes *shapes, const struct ph_xy *points, size_t count);

/* The corners above, `size` CRS units across. */
void add_plot(struct ph_shapes *shapes, struct ph_xy at, double size, bool reversed);

/* Ends the part and the shape. */
void end_shape(struct ph_shapes *shapes);

/* All shapes; makes the surface first if there is none. */
void measure(struct bench *b, double *plane, double *ellipsoid, size_t *slow);

/* What issue and contract ask: max(1e-6 m², 1e-10). */
double tolerance(double area);

#endif
