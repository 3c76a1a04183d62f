/* What opening and reading share. Internal to io. */
#ifndef PH_IO_SOURCE_FILE_H
#define PH_IO_SOURCE_FILE_H

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include "base/arena.h"
#include "io/sheet.h"

struct ph_source {
    struct ph_arena arena;
    struct ph_sheet *sheet;     /* a table of its own kind; then there is no dataset */
    GDALDatasetH dataset;
    OGRLayerH layer;
    struct ph_source_facts facts;
    struct ph_decoder *decoder; /* NULL: texts are UTF-8 already */
    const char *opened;         /* as requested; borrowed */
    const char *const *open_options; /* the same */
    bool filtered;              /* a condition is set: rows cannot be counted off */
    bool raw;                   /* GDAL gives the texts of a DBF as they stand there */
    bool made;                  /* the dataset was made here, in memory: texts are decoded, files are listed */
    struct ph_problems found;   /* while it was made; moved on when the source is read */
};

/* A second handle on the same layer, for another thread. Its facts borrow from the first. Free with ph_source_free. */
PH_MUST_USE enum ph_status ph_source_twin(const struct ph_source *source, struct ph_source **out, struct ph_error *err);

#endif
