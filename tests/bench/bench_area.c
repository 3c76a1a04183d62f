/* Time and error of the fitted ellipsoidal area beside inverse projection and PROJ's geodesic area of the corners.
 * bench_area [PARCELS [ROUNDS]]; the two ways take turns, the median round counts. */
#include <geodesic.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "area_witness.h"
#include "geo/surface.h"

enum { MAX_CORNERS = 16, MAX_ROUNDS = 99, SAMPLE = 200 };

static const double two_pi = 6.283185307179586477;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* xorshift: the same parcels on every machine. In [0, 1). */
static double chance(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (double)(*state >> 11) / 9007199254740992.0;
}

static int compare(const void *left, const void *right)
{
    double l, r;
    memcpy(&l, left, sizeof l);
    memcpy(&r, right, sizeof r);
    return (l > r) - (l < r);
}

/* Star-shaped parcels of 4 to 12 corners, 20 to 300 m across, in a square of 20 km. False when memory is out. */
static int make_parcels(struct ph_shapes *shapes, const struct witness *witness, double longitude, double latitude, size_t count)
{
    uint64_t state = 20261123;
    struct ph_xy centre = witness_place(witness, longitude, latitude);
    double m = witness_units(witness);
    enum ph_status status = PH_OK;
    for (size_t i = 0; i < count && status == PH_OK; i++) {
        double x = centre.x + (chance(&state) - 0.5) * 20000 * m, y = centre.y + (chance(&state) - 0.5) * 20000 * m;
        double radius = (10 + 140 * chance(&state)) * m;
        size_t corners = 4 + (size_t)(9 * chance(&state));
        struct ph_xy ring[MAX_CORNERS] = {{0, 0}};
        for (size_t k = 0; k < corners; k++) {
            double r = radius * (0.6 + 0.4 * chance(&state)), angle = two_pi * (double)k / (double)corners;
            ring[k] = (struct ph_xy){x + r * cos(angle), y + r * sin(angle)};
        }
        for (size_t k = 0; k <= corners && status == PH_OK; k++)
            status = ph_shapes_add_point(shapes, ring[k % corners].x, ring[k % corners].y, NULL);
        if (status == PH_OK) status = ph_shapes_end_ring(shapes, NULL);
        if (status == PH_OK) status = ph_shapes_end_part(shapes, NULL);
        if (status == PH_OK) status = ph_shapes_end_shape(shapes, NULL);
    }
    return status == PH_OK;
}

/* The usual way: every corner to longitude-latitude, then the geodesic polygon. */
static void by_geodesics(struct ph_projector *projector, const struct geod_geodesic *geodesic, const struct ph_shapes *shapes,
                         double *out)
{
    const double degrees = 360 / two_pi;
    for (size_t i = 0; i < shapes->shape_count; i++) {
        size_t point = ph_first_point(shapes, i), count = shapes->ring_end[i] - point - 1;
        struct ph_xy ring[MAX_CORNERS];
        double lat[MAX_CORNERS], lon[MAX_CORNERS], area;
        memcpy(ring, shapes->points + point, count * sizeof *ring);
        ph_project_inverse(projector, ring, count);
        for (size_t k = 0; k < count; k++) {
            lat[k] = ring[k].y * degrees;
            lon[k] = ring[k].x * degrees;
        }
        geod_polygonarea(geodesic, lat, lon, (int)count, &area, NULL);
        out[i] = fabs(area);
    }
}

struct timing {
    double prepare, fitted, geodesic;    /* seconds */
    double fitted_error, geodesic_error; /* largest m² on a sample */
    size_t patches;
};

struct race {
    struct ph_crs *crs;
    struct witness *witness;
    struct ph_surface *surface;
    struct ph_projector *projector;
    struct ph_shapes shapes;
    double *plane, *fitted, *geodesic;
};

static int run(struct race *race, size_t rounds, struct timing *out)
{
    struct geod_geodesic geodesic;
    const struct ph_crs_facts *facts = ph_crs_facts(race->crs);
    geod_init(&geodesic, facts->a, facts->inverse_flattening > 0 ? 1 / facts->inverse_flattening : 0);
    double start = seconds();
    if (ph_surface_new(race->crs, race->shapes.boxes, race->shapes.shape_count, &race->surface, NULL) != PH_OK) return 0;
    out->prepare = seconds() - start;
    out->patches = ph_surface_quality(race->surface).patches;
    if (ph_projector_new(race->crs, &race->projector, NULL) != PH_OK) return 0;
    double fitted[MAX_ROUNDS], slow[MAX_ROUNDS];
    for (size_t r = 0; r < rounds; r++) {
        start = seconds();
        if (ph_surface_measure(race->surface, &race->shapes, 0, race->shapes.shape_count, race->plane, race->fitted, NULL,
                               NULL) != PH_OK)
            return 0;
        fitted[r] = seconds() - start;
        start = seconds();
        by_geodesics(race->projector, &geodesic, &race->shapes, race->geodesic);
        slow[r] = seconds() - start;
    }
    qsort(fitted, rounds, sizeof *fitted, compare);
    qsort(slow, rounds, sizeof *slow, compare);
    out->fitted = fitted[rounds / 2];
    out->geodesic = slow[rounds / 2];
    size_t stride = race->shapes.shape_count / SAMPLE + 1;
    for (size_t i = 0; i < race->shapes.shape_count; i += stride) {
        double truth = witness_shape(race->witness, &race->shapes, i, 0.25);
        out->fitted_error = fmax(out->fitted_error, fabs(race->fitted[i] - truth));
        out->geodesic_error = fmax(out->geodesic_error, fabs(race->geodesic[i] - truth));
    }
    return 1;
}

static int try_crs(const char *name, const char *definition, const double place[2], size_t count, size_t rounds)
{
    struct race race = {.plane = calloc(count, sizeof(double)),
                        .fitted = calloc(count, sizeof(double)),
                        .geodesic = calloc(count, sizeof(double)),
                        .witness = witness_open(definition)};
    struct timing t = {0};
    int fine = race.plane && race.fitted && race.geodesic && race.witness && ph_crs_new(definition, &race.crs, NULL) == PH_OK &&
               make_parcels(&race.shapes, race.witness, place[0], place[1], count) && run(&race, rounds, &t);
    if (fine)
        printf("%-26s %8zu %7.1f %8.3f %9.1f %10.1f %6.0fx %10.1e %10.1e\n", name, t.patches, 1e3 * t.prepare,
               1e9 * t.fitted / (double)race.shapes.point_count, 1e9 * t.fitted / (double)count, 1e9 * t.geodesic / (double)count,
               t.geodesic / t.fitted, t.fitted_error, t.geodesic_error);
    else
        printf("%-26s failed\n", name);
    ph_projector_free(race.projector);
    ph_surface_free(race.surface);
    ph_crs_free(race.crs);
    witness_close(race.witness);
    ph_shapes_dispose(&race.shapes);
    free(race.plane);
    free(race.fitted);
    free(race.geodesic);
    return fine;
}

static void print_machine(void)
{
    char line[256], cpu[200] = "unknown";
    FILE *file = fopen("/proc/cpuinfo", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "model name : %199[^\n]", cpu) == 1) break;
    if (file != NULL) fclose(file);
#ifdef __clang__
    printf("compiler clang %s, CPU %s\n", __clang_version__, cpu);
#else
    printf("compiler gcc %s, CPU %s\n", __VERSION__, cpu);
#endif
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name, *definition;
        double place[2];
    } crss[] = {
        {"EPSG:4526 GK 3 zone 38", "EPSG:4526", {112.6, 26.88}},  {"EPSG:4497 GK 6 zone 19", "EPSG:4497", {113.4, 26.88}},
        {"EPSG:32649 UTM 49N", "EPSG:32649", {112.6, 26.88}},     {"EPSG:2154 Lambert-93", "EPSG:2154", {2.3, 48.8}},
        {"EPSG:2229 Lambert, feet", "EPSG:2229", {-118.2, 34.0}}, {"EPSG:3857 Web Mercator", "EPSG:3857", {112.6, 26.88}},
        {"EPSG:4490 lon-lat", "EPSG:4490", {112.6, 26.88}},
    };
    long count = argc > 1 ? strtol(argv[1], NULL, 10) : 50000, rounds = argc > 2 ? strtol(argv[2], NULL, 10) : 5;
    if (count < 1 || rounds < 1 || rounds > MAX_ROUNDS) {
        fprintf(stderr, "bench_area [PARCELS [ROUNDS]]\n");
        return 2;
    }
    print_machine();
    printf(
        "%ld parcels of 4 to 12 corners, 20 to 300 m; median of %ld rounds taken in turn; errors against the dense reference\n\n",
        count, rounds);
    printf("%-26s %8s %7s %8s %9s %10s %7s %10s %10s\n", "CRS", "patches", "fit ms", "ns/point", "ns/parcel", "geodesic", "ratio",
           "error m2", "geodesic");
    int fine = 1;
    for (size_t i = 0; i < sizeof crss / sizeof *crss; i++)
        fine &= try_crs(crss[i].name, crss[i].definition, crss[i].place, (size_t)count, (size_t)rounds);
    return fine ? 0 : 1;
}
