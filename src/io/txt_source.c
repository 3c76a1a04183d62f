#include "io/txt_source.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "io/file.h"
#include "io/geometry.h"
#include "io/txt_check.h"
#include "io/txt_decode.h"
#include "io/txt_shape.h"
#include "io/watch.h"

#define FILE_CAP ((size_t)128 * 1024 * 1024)
#define FILES_CAP 10000

static const struct ph_problem_kind
    skipped = {PH_NOTE, "txt.skipped", "未采用", "it was not used"},
    unread = {PH_WARNING, "txt.skipped", "未采用;若是 UTF-16 的界址点文件,请另存为 UTF-8 或 GBK", "it was not used; a boundary-point file in UTF-16 must be saved as UTF-8 or GBK"},
    crs_assumed = {PH_WARNING, "txt.crs", "核对坐标系,或用 --crs 指定", "check the CRS, or say which with --crs"},
    key_unused = {PH_NOTE, "txt.unused", "未采用", "it was not used"};

struct file {
    const char *path;
    struct ph_txt txt;
    int epsg;
};

struct reading {
    struct ph_source *s;
    const struct ph_source_request *request;
    struct ph_txt_layout layout;
    struct file *files;
    size_t count;
    bool several; /* a folder or a pattern: other files may lie among them */
    struct ph_shapes shapes;
    OGRLayerH layer;
    int epsg;
    struct ph_error *err;
};

/* ---- which files ---- */

static bool ends_in(const char *name, const char *ending)
{
    size_t n = strlen(name), m = strlen(ending);
    return n >= m && EQUAL(name + n - m, ending);
}

static bool is_folder(const char *path)
{
    char **names = VSIReadDirEx(path, 1);
    CSLDestroy(names);
    return names != NULL;
}

static bool is_pattern(const char *path)
{
    return strpbrk(CPLGetFilename(path), "*?") != NULL;
}

static bool folder_of_txt(const char *path)
{
    char **names = VSIReadDir(path);
    bool txt = false, other = ends_in(path, ".gdb");
    for (char **name = names; name && *name; name++) {
        txt |= ends_in(*name, ".txt");
        other |= ends_in(*name, ".shp");
    }
    CSLDestroy(names);
    return txt && !other;
}

bool ph_txt_claims(const struct ph_source_request *request)
{
    if (request->table) return false;
    return request->txt_layout || ends_in(request->path, ".txt") || folder_of_txt(request->path);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

static const char *keep(struct reading *r, const char *text)
{
    return ph_arena_text(&r->s->arena, text, strlen(text));
}

static enum ph_status list_files(struct reading *r)
{
    const char *path = r->request->path;
    bool folder = is_folder(path);
    r->several = folder || is_pattern(path);
    char **names = !r->several ? CSLAddString(NULL, CPLGetFilename(path)) : VSIReadDir(folder ? path : CPLGetPath(path));
    size_t listed = (size_t)CSLCount(names);
    r->files = calloc(listed + 1, sizeof *r->files);
    enum ph_status status = r->files ? PH_OK : ph_fail_memory(r->err);
    for (size_t i = 0; i < listed && status == PH_OK; i++) {
        bool wanted = !r->several || (folder ? ends_in(names[i], ".txt") : fnmatch(CPLGetFilename(path), names[i], FNM_PERIOD) == 0);
        if (!wanted) continue;
        const char *full = !r->several ? path : CPLFormFilename(folder ? path : CPLGetPath(path), names[i], NULL);
        if ((r->files[r->count++].path = keep(r, full)) == NULL) status = ph_fail_memory(r->err);
    }
    CSLDestroy(names);
    PH_TRY(status);
    if (r->count == 0) return ph_fail(r->err, PH_E_INPUT, "没有相符的文件;请核对路径", "there is no such file; check the path");
    if (r->count > FILES_CAP) return ph_fail(r->err, PH_E_INPUT, "TXT 文件超过 %d 个;请分批", "more than %d TXT files; take them in parts", FILES_CAP);
    qsort(r->files, r->count, sizeof *r->files, by_name);
    return PH_OK;
}

/* ---- their contents ---- */

/* What the head says and nothing takes up. */
static enum ph_status report_keys(struct reading *r, const struct file *file)
{
    static const char *const taken[] = {"格式版本号", "数据产生单位", "数据产生日期", "坐标系", "几度分带", "投影类型", "计量单位", "带号", "精度"};
    for (size_t i = 0; i < file->txt.key_count; i++) {
        const struct ph_txt_key *key = &file->txt.keys[i];
        size_t t = 0;
        while (t < sizeof taken / sizeof *taken && strcmp(taken[t], key->name) != 0) t++;
        if (t < sizeof taken / sizeof *taken || strspn(key->value, ",0. \t") == strlen(key->value)) continue;
        PH_TRY(ph_problem_add(&r->s->found, &key_unused, file->path, -1, r->err, "属性描述中的 %s=%s", "%s=%s in the head", key->name, key->value));
    }
    return PH_OK;
}

static enum ph_status read_file(struct reading *r, struct file *file, bool first)
{
    struct ph_str bytes;
    PH_TRY(ph_file_read(file->path, FILE_CAP, &bytes, r->err));
    struct ph_encoding_choice choice;
    const char *words;
    struct ph_problems problems = {0};
    enum ph_status status = ph_txt_decode(bytes, r->request->encoding, &r->layout, file->path, &file->txt, &choice, &words, &problems, r->err);
    ph_file_free(&bytes);
    bool other = (status == PH_OK || status == PH_E_INPUT) && !file->txt.layout_seen;
    if (other && r->several) { /* a readme, a list of something else; what is no text at all may be anything */
        ph_problems_dispose(&problems);
        ph_txt_dispose(&file->txt);
        return ph_problem_add(&r->s->found, status == PH_OK ? &skipped : &unread, file->path, -1, r->err, "%s 不是界址点文件", "%s is no boundary-point file",
                              CPLGetFilename(file->path));
    }
    if (status == PH_OK && other) {
        status = ph_fail(r->err, PH_E_INPUT, "不是界址点文件:没有 [地块坐标];散点清单请加 --txt-layout id,x,y",
                         "this is no boundary-point file: it has no [地块坐标]; a bare list of points takes --txt-layout id,x,y");
        ph_at_file(r->err, file->path);
    }
    if (status == PH_OK) status = ph_problems_absorb(&r->s->found, &problems, r->err);
    ph_problems_dispose(&problems);
    PH_TRY(status);
    if (first) {
        r->s->facts.encoding = choice;
        r->s->facts.encoding_known = true;
        if ((r->s->facts.sample_words = keep(r, words)) == NULL) return ph_fail_memory(r->err);
    }
    PH_TRY(report_keys(r, file));
    PH_TRY(ph_txt_epsg(&file->txt, file->path, &r->s->found, &file->epsg, r->err));
    size_t shapes = r->shapes.shape_count;
    PH_TRY(ph_txt_shapes(&file->txt, file->path, &r->shapes, &r->s->found, r->err));
    return ph_txt_compare(&file->txt, file->path, &r->shapes, shapes, &r->s->found, r->err);
}

/* Takes the files that were skipped out of the list. */
static enum ph_status read_files(struct reading *r)
{
    size_t kept = 0, points = 0;
    for (size_t i = 0; i < r->count; i++) {
        PH_TRY(read_file(r, &r->files[i], kept == 0));
        points += r->files[i].txt.point_count;
        if (points > PH_TXT_POINTS_CAP)
            return ph_fail(r->err, PH_E_INPUT, "界址点共超过 %zu 个;请分批", "more than %zu points in all; take the files in parts", PH_TXT_POINTS_CAP);
        if (!r->files[i].txt.layout_seen) continue;
        struct file file = r->files[i];
        r->files[i] = (struct file){0};
        r->files[kept++] = file;
    }
    r->count = kept;
    return kept ? PH_OK : ph_fail(r->err, PH_E_INPUT, "没有一个是界址点文件", "none of the files is a boundary-point file");
}

static enum ph_status agree_crs(struct reading *r)
{
    const struct file *stated = NULL;
    for (size_t i = 0; i < r->count; i++) {
        const struct file *file = &r->files[i];
        if (file->epsg && stated && file->epsg != stated->epsg) {
            ph_fail(r->err, PH_E_CRS, "坐标系不同:%.150s 是 EPSG:%d,%.150s 是 EPSG:%d;请按坐标系分成几个来源", "different CRSs: %.150s has EPSG:%d, %.150s has EPSG:%d; make them sources of their own",
                    CPLGetFilename(stated->path), stated->epsg, CPLGetFilename(file->path), file->epsg);
            return PH_E_CRS;
        }
        if (file->epsg && !stated) stated = file;
    }
    if (stated == NULL) return PH_OK;
    r->epsg = stated->epsg;
    for (size_t i = 0; i < r->count; i++)
        if (!r->files[i].epsg)
            PH_TRY(ph_problem_add(&r->s->found, &crs_assumed, r->files[i].path, -1, r->err, "没有写明坐标系,按其他文件的 EPSG:%d 读",
                                  "no CRS is stated; read in that of the others, EPSG:%d", r->epsg));
    return PH_OK;
}

/* ---- the dataset ---- */

/* Columns in the order of the output: an item of the plot, or a key of the head. */
static const struct {
    const char *name;
    size_t item;
    bool key;
} columns[] = {{"地块编号", PH_TXT_ID, false},         {"地块名称", PH_TXT_NAME, false},  {"地块用途", PH_TXT_USE, false},
               {"地类编码", PH_TXT_CODE, false},       {"图幅号", PH_TXT_SHEET, false},   {"声明面积(公顷)", PH_TXT_HECTARES, false},
               {"数据产生单位", 0, true},              {"数据产生日期", 0, true}};
enum { NAMED = sizeof columns / sizeof *columns, COLUMNS = NAMED + PH_TXT_ITEMS_CAP - PH_TXT_ITEMS + 1, FILE_COLUMN = COLUMNS - 1 };

static const char *value_of(const struct file *file, const struct ph_txt_plot *plot, size_t column)
{
    if (column == FILE_COLUMN) return CPLGetFilename(file->path);
    if (column < NAMED && columns[column].key) return ph_txt_value(&file->txt, columns[column].name);
    return ph_txt_item(plot, column < NAMED ? columns[column].item : column - NAMED + PH_TXT_ITEMS);
}

static bool used(const struct reading *r, size_t column)
{
    if (column == 0) return true;
    for (size_t i = 0; (column != FILE_COLUMN || r->several) && i < r->count; i++)
        for (size_t k = 0; k < r->files[i].txt.plot_count; k++)
            if (*value_of(&r->files[i], &r->files[i].txt.plots[k], column)) return true;
    return false;
}

/* fields: for each column its field, or -1. */
static enum ph_status make_fields(struct reading *r, int fields[COLUMNS])
{
    int count = 0;
    for (size_t c = 0; c < COLUMNS; c++) {
        fields[c] = -1;
        if (!used(r, c)) continue;
        char name[40];
        snprintf(name, sizeof name, "附加%zu", c - NAMED + 1);
        bool number = c < NAMED && !columns[c].key && columns[c].item == PH_TXT_HECTARES;
        OGRFieldDefnH field = OGR_Fld_Create(c < NAMED ? columns[c].name : c == FILE_COLUMN ? "来源文件" : name, number ? OFTReal : OFTString);
        OGRErr result = OGR_L_CreateField(r->layer, field, TRUE);
        OGR_Fld_Destroy(field);
        if (result != OGRERR_NONE) return ph_fail_memory(r->err);
        fields[c] = count++;
    }
    return PH_OK;
}

static enum ph_status add_plot(struct reading *r, const struct file *file, const struct ph_txt_plot *plot, size_t shape, const int fields[COLUMNS])
{
    OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(r->layer));
    OGR_F_SetFID(feature, r->several ? (GIntBig)shape + 1 : (GIntBig)plot->line);
    for (size_t c = 0; c < COLUMNS; c++) {
        const char *text = fields[c] < 0 ? "" : value_of(file, plot, c);
        double number;
        if (*text == '\0') continue;
        if (OGR_Fld_GetType(OGR_F_GetFieldDefnRef(feature, fields[c])) == OFTString)
            OGR_F_SetFieldString(feature, fields[c], text);
        else if (ph_number_parse(text, strlen(text), &number, NULL) == PH_PARSE_OK)
            OGR_F_SetFieldDouble(feature, fields[c], number);
    }
    OGRGeometryH geometry = ph_geometry_make(&r->shapes, shape);
    if (geometry) OGR_F_SetGeometryDirectly(feature, geometry);
    OGRErr result = OGR_L_CreateFeature(r->layer, feature);
    OGR_F_Destroy(feature);
    return result == OGRERR_NONE ? PH_OK : ph_fail_memory(r->err);
}

static enum ph_status make_layer(struct reading *r)
{
    GDALDriverH driver = GDALGetDriverByName("Memory");
    r->s->dataset = GDALCreate(driver ? driver : GDALGetDriverByName("MEM"), "", 0, 0, 0, GDT_Unknown, NULL);
    if (r->s->dataset == NULL) return ph_fail(r->err, PH_E_LIBRARY, "GDAL 没有内存驱动", "GDAL has no memory driver");
    OGRSpatialReferenceH srs = r->epsg ? OSRNewSpatialReference(NULL) : NULL;
    if (srs && OSRImportFromEPSG(srs, r->epsg) == OGRERR_NONE) OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    const char *path = r->request->path;
    r->layer = GDALDatasetCreateLayer(r->s->dataset, is_folder(path) ? CPLGetFilename(path) : CPLGetBasename(path), srs, wkbMultiPolygon, NULL);
    if (srs) OSRRelease(srs);
    return r->layer ? PH_OK : ph_fail_memory(r->err);
}

static enum ph_status make_dataset(struct reading *r)
{
    int fields[COLUMNS];
    PH_TRY(agree_crs(r));
    PH_TRY(make_layer(r));
    PH_TRY(make_fields(r, fields));
    size_t shape = 0;
    for (size_t i = 0; i < r->count; i++)
        for (size_t k = 0; k < r->files[i].txt.plot_count; k++) PH_TRY(add_plot(r, &r->files[i], &r->files[i].txt.plots[k], shape++, fields));
    const char **paths = ph_arena_alloc(&r->s->arena, (r->count + 1) * sizeof *paths);
    if (paths == NULL) return ph_fail_memory(r->err);
    for (size_t i = 0; i < r->count; i++) paths[i] = r->files[i].path;
    r->s->facts.files = paths;
    r->s->facts.file_count = r->count;
    return PH_OK;
}

enum ph_status ph_txt_open(struct ph_source *source, const struct ph_source_request *request, struct ph_error *err)
{
    struct reading r = {.s = source, .request = request, .err = err};
    struct ph_watch watch;
    enum ph_status status = ph_txt_layout_parse(request->txt_layout, &r.layout, err);
    if (status == PH_OK) status = list_files(&r);
    if (status == PH_OK) status = read_files(&r);
    ph_watch_begin(&watch);
    if (status == PH_OK) status = make_dataset(&r);
    ph_watch_end();
    for (size_t i = 0; i < r.count; i++) ph_txt_dispose(&r.files[i].txt);
    free(r.files);
    ph_shapes_dispose(&r.shapes);
    if (status != PH_OK) ph_at_file(err, request->path);
    return status;
}
