/* What opening and reading share. Internal to io. */
#ifndef PH_IO_SOURCE_FILE_H
#define PH_IO_SOURCE_FILE_H

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include "base/arena.h"
#include "io/source.h"

struct ph_source {
    struct ph_arena arena;
    GDALDatasetH dataset;
    OGRLayerH layer;
    struct ph_source_facts facts;
    struct ph_decoder *decoder; /* NULL: texts are UTF-8 already */
};

#endif
