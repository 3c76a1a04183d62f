/* GEOS asked directly, as the witness of what the library says; and a random generator that is the same everywhere. */
#ifndef PH_GEOS_WITNESS_H
#define PH_GEOS_WITNESS_H

#include <geos_c.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/shapes.h"

struct witness {
    GEOSContextHandle_t context;
};

struct witness witness_new(void);
void witness_free(struct witness *witness);

/* The caller destroys it. */
GEOSGeometry *witness_geometry(struct witness *witness, const struct ph_shapes *shapes, size_t index);

bool witness_valid(struct witness *witness, const struct ph_shapes *shapes, size_t index);

/* The nine letters of the relation, "?????????" when GEOS finds none; out has room for 10 bytes. */
void witness_relate(struct witness *witness, const struct ph_shapes *shapes, size_t a, size_t b, char *out);

/* Area of the intersection, square CRS units. */
double witness_common_area(struct witness *witness, const struct ph_shapes *shapes, size_t a, size_t b);

struct dice {
    uint64_t state;
};

uint64_t roll(struct dice *dice);

/* 0 <= result < sides. */
int roll_int(struct dice *dice, int sides);

/* 0 <= result < 1. */
double roll_unit(struct dice *dice);

/* count points, closed if the last does not repeat the first. */
void put_ring(struct ph_shapes *shapes, const struct ph_xy *points, size_t count);
void put_part(struct ph_shapes *shapes);
void put_shape(struct ph_shapes *shapes);

/* One shape from POLYGON or MULTIPOLYGON WKT; false for anything else. */
bool put_wkt(struct witness *witness, struct ph_shapes *shapes, const char *wkt);

#endif
