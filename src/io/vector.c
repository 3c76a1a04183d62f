#include "io/vector.h"

#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "io/geometry.h"
#include "io/target.h"
#include "io/watch.h"

#define DBF_TEXT 254

struct writing {
    const struct ph_vector_layer *what;
    struct ph_vector_losses *losses;
    GDALDatasetH dataset;
    OGRLayerH layer;
    struct ph_watch watch;
    struct ph_error *err;
};

static enum ph_status failed(const struct writing *w)
{
    const char *why = ph_watch_message(&w->watch);
    return ph_target_failed(w->what->path, why[0] ? why : "GDAL", w->err), PH_E_OUTPUT;
}

/* Bytes of a text in the DBF, and how many of its own fit into one field. */
struct fit {
    size_t bytes, own;
};

static struct fit fit(const struct ph_vector_layer *what, const char *text)
{
    struct ph_str rest = ph_str_of(text);
    struct fit f = {0, 0};
    while (rest.length) {
        uint32_t code;
        size_t length;
        ph_utf8_next(rest, &code, &length);
        size_t bytes = what->gbk ? (code < 0x80 ? 1 : 2) : length;
        if (f.bytes + bytes > DBF_TEXT) break;
        f.bytes += bytes;
        f.own += length;
        rest = ph_str_after(rest, length);
    }
    return f;
}

static bool in_gbk(const char *text)
{
    char *there = CPLRecode(text, CPL_ENC_UTF8, "CP936"), *back = CPLRecode(there, "CP936", CPL_ENC_UTF8);
    bool same = strcmp(text, back) == 0;
    CPLFree(there);
    CPLFree(back);
    return same;
}

static void lose(struct ph_vector_losses *losses, size_t *count, const struct ph_column *column)
{
    if (losses->column == NULL) losses->column = column->name;
    ++*count;
}

/* The width of a text column: that of its longest text. */
static int width_of(struct writing *w, const struct ph_column *column)
{
    size_t width = 1;
    for (size_t row = 0; row < w->what->table->rows; row++) {
        const char *text = column->text[row];
        if (text == NULL) continue;
        struct fit f = fit(w->what, text);
        if (f.bytes > width) width = f.bytes;
        if (text[f.own]) lose(w->losses, &w->losses->cut, column);
        if (w->what->gbk && !in_gbk(text)) lose(w->losses, &w->losses->characters, column);
    }
    return (int)width;
}

static bool small(const struct ph_vector_layer *what, const struct ph_column *column)
{
    for (size_t row = 0; row < what->table->rows; row++) {
        int64_t v = column->integer[row];
        if (v != PH_INT_UNKNOWN && (v < INT32_MIN || v > INT32_MAX)) return false;
    }
    return true;
}

static OGRFieldType type_of(const struct writing *w, const struct ph_column *column)
{
    switch (column->type) {
    case PH_TEXT: return OFTString;
    case PH_REAL: return OFTReal;
    case PH_INT: return small(w->what, column) ? OFTInteger : OFTInteger64;
    case PH_DATE: return OFTDate;
    }
    return OFTString;
}

static enum ph_status add_domain(struct writing *w, const struct ph_codelist *list)
{
    enum { CODES = 64 };
    OGRCodedValue values[CODES + 1];
    size_t count = list->count < CODES ? list->count : CODES;
    for (size_t i = 0; i < count; i++) values[i] = (OGRCodedValue){CPLStrdup(list->codes[i].value), CPLStrdup(list->codes[i].zh)};
    values[count] = (OGRCodedValue){NULL, NULL};
    OGRFieldDomainH domain = OGR_CodedFldDomain_Create(list->name, "", OFTString, OFSTNone, values);
    char *why = NULL;
    bool added = domain && GDALDatasetAddFieldDomain(w->dataset, domain, &why);
    OGR_FldDomain_Destroy(domain);
    for (size_t i = 0; i < count; i++) CPLFree(values[i].pszCode), CPLFree(values[i].pszValue);
    CPLFree(why);
    return added ? PH_OK : failed(w);
}

static enum ph_status add_field(struct writing *w, size_t c)
{
    const struct ph_column *column = &w->what->table->columns[c];
    bool dbf = w->what->format == PH_VECTOR_SHP;
    const struct ph_codelist *list = dbf ? NULL : w->what->lists[c];
    OGRFieldDefnH field = OGR_Fld_Create(w->what->names[c], type_of(w, column));
    if (dbf && column->type == PH_TEXT) OGR_Fld_SetWidth(field, width_of(w, column));
    if (dbf && column->type == PH_REAL) OGR_Fld_SetWidth(field, 19), OGR_Fld_SetPrecision(field, 6);
    if (!dbf && column->title) OGR_Fld_SetAlternativeName(field, column->title);
    enum ph_status status = PH_OK;
    if (list) {
        if (GDALDatasetGetFieldDomain(w->dataset, list->name) == NULL) status = add_domain(w, list);
        OGR_Fld_SetDomainName(field, list->name);
    }
    if (status == PH_OK && OGR_L_CreateField(w->layer, field, FALSE) != OGRERR_NONE) status = failed(w);
    OGR_Fld_Destroy(field);
    return status;
}

static void set_value(const struct writing *w, OGRFeatureH feature, int field, const struct ph_column *column, size_t row)
{
    int year, month, day;
    char text[2 * DBF_TEXT + 1]; /* two bytes of GBK are up to four of UTF-8 */
    switch (column->type) {
    case PH_REAL: OGR_F_SetFieldDouble(feature, field, column->real[row]); break;
    case PH_INT: OGR_F_SetFieldInteger64(feature, field, column->integer[row]); break;
    case PH_DATE:
        if (ph_date_parts(column->date[row], &year, &month, &day)) OGR_F_SetFieldDateTime(feature, field, year, month, day, 0, 0, 0, 0);
        break;
    case PH_TEXT: {
        size_t own = fit(w->what, column->text[row]).own;
        bool cut = w->what->format == PH_VECTOR_SHP && column->text[row][own];
        if (cut) memcpy(text, column->text[row], own), text[own] = '\0';
        OGR_F_SetFieldString(feature, field, cut ? text : column->text[row]);
    }
    }
}

static enum ph_status add_row(struct writing *w, size_t row)
{
    OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(w->layer));
    for (size_t c = 0; c < w->what->table->column_count; c++)
        if (ph_column_known(&w->what->table->columns[c], row)) set_value(w, feature, (int)c, &w->what->table->columns[c], row);
    OGRGeometryH geometry = ph_geometry_make(w->what->shapes, row);
    if (geometry) OGR_F_SetGeometryDirectly(feature, geometry);
    OGRErr result = OGR_L_CreateFeature(w->layer, feature);
    OGR_F_Destroy(feature);
    return result == OGRERR_NONE ? PH_OK : failed(w);
}

static enum ph_status write_layer(struct writing *w)
{
    const struct ph_vector_layer *what = w->what;
    bool dbf = what->format == PH_VECTOR_SHP;
    GDALDriverH driver = GDALGetDriverByName(dbf ? "ESRI Shapefile" : "OpenFileGDB");
    w->dataset = driver ? GDALCreate(driver, what->path, 0, 0, 0, GDT_Unknown, NULL) : NULL;
    if (w->dataset == NULL) return failed(w);
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    bool known = OSRSetFromUserInput(srs, what->crs) == OGRERR_NONE;
    OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    char **options = dbf ? CSLAddString(NULL, what->gbk ? "ENCODING=LDID/77" : "ENCODING=UTF-8") : NULL;
    struct ph_box extent = ph_shapes_extent(what->shapes);
    /* A FileGDB keeps coordinates on a grid: metres on that of a micrometre from the origin, so that 0.001 m stays what it is. */
    if (!dbf && extent.min_x >= 0 && extent.min_y >= 0 && extent.max_x > 1000)
        for (size_t i = 0; i < 4; i++)
            options = CSLAddString(options, (const char *const[]){"XORIGIN=0", "YORIGIN=0", "XYSCALE=1000000", "XYTOLERANCE=0.001"}[i]);
    w->layer = GDALDatasetCreateLayer(w->dataset, what->name, known ? srs : NULL, dbf ? wkbPolygon : wkbMultiPolygon, options);
    CSLDestroy(options);
    OSRRelease(srs);
    if (w->layer == NULL) return failed(w);
    for (size_t c = 0; c < what->table->column_count; c++) PH_TRY(add_field(w, c));
    for (size_t row = 0; row < what->table->rows; row++) PH_TRY(add_row(w, row));
    return PH_OK;
}

enum ph_status ph_vector_write(const struct ph_vector_layer *layer, struct ph_vector_losses *losses, struct ph_error *err)
{
    struct writing w = {.what = layer, .losses = losses, .err = err};
    *losses = (struct ph_vector_losses){0};
    if (GDALGetDriverCount() == 0) GDALAllRegister();
    ph_watch_begin(&w.watch);
    enum ph_status status = write_layer(&w);
    if (w.dataset) GDALClose(w.dataset);
    ph_watch_end();
    if (status == PH_OK && w.watch.failures) status = failed(&w); /* a full disk shows when the file is closed */
    return status;
}
