/* Parcels of a finished audit for other programs: boundary-point TXT, shapefile, FileGDB. */
#ifndef PANHUO_EXPORT_H
#define PANHUO_EXPORT_H

#include <stddef.h>

#include "panhuo/api.h"
#include "panhuo/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* All texts UTF-8, borrowed; NULL where not asked for. */
struct ph_export_request {
    const char *audit;    /* the GeoPackage that an audit wrote; it is not changed */
    const char *layer;    /* any layer of polygons; unset: parcels */
    const char *where;    /* a condition over its columns, named in English or by their Chinese titles */
    const char *output;   /* its suffix says what is written: .txt, .shp, .gdb */
    const char *encoding; /* UTF-8 or GBK; unset: UTF-8 for .txt, GBK for .shp; not for .gdb */
    int overwrite;
};

/* What a person must know of the file; two sentences, and what to do. */
struct ph_export_note {
    const char *zh, *en, *hint_zh, *hint_en;
};

struct ph_export_summary {
    size_t rows; /* written */
    const struct ph_export_note *notes;
    size_t note_count;
};

struct ph_export_result;

/* Writes the file, or the files of a shapefile with its field list NAME.fields.txt, whole or not at all; the same audit gives
 * the same texts and coordinates. Errors: PH_E_USAGE for a suffix, a layer or a condition that is not known, and for a CRS that a
 * TXT cannot state; PH_E_INPUT, PH_E_OUTPUT, PH_E_EXISTS. */
PH_API enum ph_status ph_export_run(const struct ph_export_request *request, struct ph_export_result **out, struct ph_error *err);

/* Borrowed until ph_export_result_free. */
PH_API const struct ph_export_summary *ph_export_result_summary(const struct ph_export_result *result);
PH_API void ph_export_result_free(struct ph_export_result *result);

#ifdef __cplusplus
}
#endif
#endif
