#include "io/gpkg_shape.h"

#include "io/geometry.h"
#include "io/watch.h"

#define HEADER ((size_t)8) /* magic, version, flags, SRS */

/* Bytes before the WKB: the header and an envelope of the kind that the flags tell; 0 when there is none. */
static size_t prefix(const unsigned char *bytes, size_t length)
{
    static const size_t envelopes[] = {0, 32, 48, 48, 64};
    if (length < HEADER || bytes[0] != 'G' || bytes[1] != 'P') return 0;
    size_t kind = bytes[3] >> 1 & 7;
    return kind < sizeof envelopes / sizeof *envelopes && length > HEADER + envelopes[kind] ? HEADER + envelopes[kind] : 0;
}

double ph_gpkg_unit_metres(const char *wkt)
{
    struct ph_watch watch;
    ph_watch_begin(&watch);
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    bool read = wkt != NULL && OSRSetFromUserInput(srs, wkt) == OGRERR_NONE;
    double metres = !read ? 1 : OSRIsGeographic(srs) ? 0 : OSRGetLinearUnits(srs, NULL);
    OSRRelease(srs);
    ph_watch_end();
    return metres;
}

enum ph_status ph_gpkg_shape(const void *blob, size_t length, struct ph_shapes *shapes, struct ph_error *err)
{
    OGRGeometryH geometry = NULL;
    if (blob != NULL && length > 0) {
        size_t skipped = prefix(blob, length);
        struct ph_watch watch;
        ph_watch_begin(&watch);
        OGRErr result = skipped == 0 ? OGRERR_CORRUPT_DATA
                                     : OGR_G_CreateFromWkb((const unsigned char *)blob + skipped, NULL, &geometry, (int)(length - skipped));
        ph_watch_end();
        if (result != OGRERR_NONE) return ph_fail(err, PH_E_INPUT, "图形列损坏", "the geometry column is damaged");
    }
    struct ph_problems unheard = {0}; /* the audit that wrote it has told them */
    struct ph_geometry_reader *reader = NULL;
    enum ph_status status = ph_geometry_reader_new(shapes, &unheard, "", false, &reader, err);
    if (status == PH_OK) status = ph_geometry_read(reader, geometry, 0, true, err);
    ph_geometry_reader_free(reader);
    ph_problems_dispose(&unheard);
    OGR_G_DestroyGeometry(geometry);
    return status;
}
