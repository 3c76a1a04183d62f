#include "geo/ellipsoid.h"

#include <math.h>

#include "test.h"

static const double pi = 3.14159265358979323846;

/* WGS 84: 510 065 621.724 km² (Karney 2013); a sphere: 4 pi R². */
static void the_whole_earth(void **state)
{
    (void)state;
    struct ph_ellipsoid wgs = ph_ellipsoid(6378137, 298.257223563), sphere = ph_ellipsoid(6371000, 0);
    assert_true(fabs(4 * pi * ph_ellipsoid_strip(&wgs, 0, pi / 2) / 510065621724088.44 - 1) < 1e-14);
    assert_true(fabs(4 * pi * ph_ellipsoid_strip(&sphere, 0, pi / 2) / (4 * pi * 6371000.0 * 6371000.0) - 1) < 1e-15);
}

/* A strip of 1e-9 degrees is the density times its width: nothing is lost by cancellation. */
static void thin_strips_keep_their_digits(void **state)
{
    (void)state;
    struct ph_ellipsoid e = ph_ellipsoid(6378137, 298.257222101);
    for (double phi = -1.4; phi < 1.5; phi += 0.1) {
        double top = phi + 1.7e-11, width = top - phi;
        double expected = ph_ellipsoid_density(&e, phi + width / 2) * width;
        assert_true(fabs(ph_ellipsoid_strip(&e, phi, top) / expected - 1) < 1e-14);
        assert_true(ph_ellipsoid_strip(&e, top, phi) == -ph_ellipsoid_strip(&e, phi, top));
    }
}

static void series_against_differences(void **state)
{
    (void)state;
    struct ph_ellipsoid e = ph_ellipsoid(6378245, 298.3);
    const double h = 1e-3;
    for (double phi = -1.4; phi < 1.5; phi += 0.1) {
        double s[3], up = ph_ellipsoid_density(&e, phi + h), down = ph_ellipsoid_density(&e, phi - h);
        ph_ellipsoid_density_series(&e, phi, s);
        assert_true(fabs(s[0] / ph_ellipsoid_density(&e, phi) - 1) < 1e-15);
        assert_true(fabs((up - down) / (2 * h) - s[1]) < 1e-6 * e.a * e.a);
        assert_true(fabs((up - 2 * s[0] + down) / (h * h) - s[2]) < 1e-6 * e.a * e.a);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_earth),
        cmocka_unit_test(thin_strips_keep_their_digits),
        cmocka_unit_test(series_against_differences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
