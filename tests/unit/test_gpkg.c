#include "io/gpkg.h"

#include <dirent.h>
#include <gdal.h>
#include <math.h>
#include <ogr_api.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "io/target.h"
#include "test.h"

#define ROWS 3

static char folder[] = "/tmp/panhuo-gpkg-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    GDALAllRegister();
    return mkdtemp(folder) ? 0 : -1;
}

/* Removes what the tests leave, and counts what is there. */
static size_t count_files(bool remove_them)
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        count++;
        char path[512];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (remove_them && unlink(path) != 0) rmdir(path);
    }
    closedir(dir);
    return count;
}

static int drop_folder(void **state)
{
    (void)state;
    count_files(true);
    return rmdir(folder);
}

static const char *in_folder(char path[256], const char *name)
{
    snprintf(path, 256, "%s/%s", folder, name);
    return path;
}

static void touch(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
}

static void add_square(struct ph_shapes *s, double x, double y, double side)
{
    const struct ph_xy corners[] = {{x, y}, {x, y + side}, {x + side, y + side}, {x + side, y}, {x, y}};
    for (size_t i = 0; i < 5; i++) assert_int_equal(ph_shapes_add_point(s, corners[i].x, corners[i].y, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_ring(s, NULL), PH_OK);
}

/* A park of three: a square with a hole and a second part; nothing; a square. */
struct park {
    struct ph_shapes shapes;
    struct ph_table table;
    struct ph_gpkg_column columns[6];
    struct ph_gpkg_layer layer;
};

static void make_park(struct park *p)
{
    memset(p, 0, sizeof *p);
    add_square(&p->shapes, 38400000.125, 2970000, 100);
    add_square(&p->shapes, 38400020, 2970020, 10);
    assert_int_equal(ph_shapes_end_part(&p->shapes, NULL), PH_OK);
    add_square(&p->shapes, 38400200, 2970000, 50);
    assert_int_equal(ph_shapes_end_part(&p->shapes, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_shape(&p->shapes, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_shape(&p->shapes, NULL), PH_OK);
    add_square(&p->shapes, 38400300, 2970100, 1.0 / 3);
    assert_int_equal(ph_shapes_end_part(&p->shapes, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_shape(&p->shapes, NULL), PH_OK);
    static const struct {
        const char *name, *title;
        enum ph_type type;
    } columns[] = {{"tag", "标签", PH_TEXT}, {"area_m2", "面积(㎡)", PH_REAL}, {"days", "天数", PH_INT}, {"since", "起算日", PH_DATE}, {"备注\"x", NULL, PH_TEXT}};
    for (size_t i = 0; i < 5; i++) assert_int_equal(ph_table_add_column(&p->table, columns[i].name, columns[i].title, columns[i].type, NULL, NULL), PH_OK);
    assert_int_equal(ph_table_add_rows(&p->table, ROWS, NULL), PH_OK);
    struct ph_column *c = p->table.columns;
    c[0].text[0] = "idle";
    c[0].text[2] = "normal";
    c[1].real[0] = 12499.75;
    c[1].real[2] = 0.1;
    c[2].integer[0] = INT64_MAX;
    c[2].integer[2] = 0;
    c[3].date[0] = 19356; /* 2022-12-30 */
    c[3].date[2] = -1;    /* 1969-12-31 */
    c[4].text[0] = "甲's \"地\"";
    for (size_t i = 0; i < 5; i++)
        p->columns[i] = (struct ph_gpkg_column){.name = c[i].name, .title = c[i].title, .type = c[i].type, .values = &c[i], .codelist = i == 0 ? "tag" : NULL};
    p->columns[5] = (struct ph_gpkg_column){.name = "grade", .title = "评级", .type = PH_TEXT}; /* unknown in every row */
    p->layer = (struct ph_gpkg_layer){.name = "parcels", .title = "宗地", .columns = p->columns, .column_count = 6, .rows = ROWS, .shapes = &p->shapes};
}

static void drop_park(struct park *p)
{
    ph_shapes_dispose(&p->shapes);
    ph_table_dispose(&p->table);
}

/* The park with a table that refers to it, a view and a style. */
static void write_park(const char *path, const struct park *p)
{
    struct ph_gpkg *gpkg = NULL;
    struct ph_gpkg_column reference = {.name = "parcel_fid", .title = "宗地序号", .type = PH_INT, .values = &p->table.columns[2], .references = "parcels(fid)"};
    struct ph_gpkg_layer findings = {.name = "findings", .title = "规则结论", .columns = &reference, .column_count = 1, .rows = 0};
    assert_int_equal(ph_gpkg_create(path, "EPSG:4526", "2023-11-30", &gpkg, NULL), PH_OK);
    assert_int_equal(ph_gpkg_add_layer(gpkg, &p->layer, NULL), PH_OK);
    assert_int_equal(ph_gpkg_add_view(gpkg, "idle", "疑似闲置", &p->layer, "\"tag\" = 'idle'", NULL), PH_OK);
    assert_int_equal(ph_gpkg_add_style(gpkg, "parcels", true, "默认", "<qgis/>", NULL), PH_OK);
    assert_int_equal(ph_gpkg_add_layer(gpkg, &findings, NULL), PH_OK);
    assert_int_not_equal(access(path, F_OK), 0); /* nothing under this name before it is whole */
    assert_int_equal(ph_gpkg_finish(gpkg, NULL), PH_OK);
    assert_int_equal(access(path, F_OK), 0);
}

static void targets(void **state)
{
    (void)state;
    char path[256], other[256], far[5000];
    memset(far, 'a', sizeof far - 1);
    far[sizeof far - 1] = '\0';
    assert_int_equal(ph_target_check(in_folder(path, "new.gpkg"), false, NULL), PH_OK);
    assert_int_equal(count_files(false), 0); /* asked, not written */
    assert_int_equal(ph_target_check(in_folder(path, "no/new.gpkg"), true, NULL), PH_E_OUTPUT);
    assert_int_equal(ph_target_check(folder, true, NULL), PH_E_OUTPUT);
    assert_int_equal(ph_target_check(far, true, NULL), PH_E_OUTPUT);
    touch(in_folder(path, "old.gpkg"));
    struct ph_error err = PH_ERROR_INIT;
    assert_int_equal(ph_target_check(path, false, &err), PH_E_EXISTS);
    assert_string_equal(err.file, path);
    assert_non_null(strstr(err.en, "--overwrite"));
    assert_int_equal(ph_target_check(path, true, NULL), PH_OK);
    touch(in_folder(other, "old.gpkg-wal"));
    assert_int_equal(ph_target_check(path, true, NULL), PH_E_EXISTS);
    assert_int_equal(ph_target_check(in_folder(path, "old.gpkg/new.gpkg"), true, NULL), PH_E_OUTPUT);
    if (geteuid() != 0) { /* the superuser may write everywhere */
        assert_int_equal(chmod(folder, 0500), 0);
        assert_int_equal(ph_target_check(in_folder(path, "new.gpkg"), true, NULL), PH_E_OUTPUT);
        assert_int_equal(chmod(folder, 0700), 0);
    }
    count_files(true);
}

static void inputs_are_no_targets(void **state)
{
    (void)state;
    char path[256], other[256];
    touch(in_folder(path, "a.gpkg"));
    assert_int_equal(link(path, in_folder(other, "b.gpkg")), 0);
    assert_int_not_equal(ph_target_check_input(path, path, NULL), PH_OK);
    assert_int_not_equal(ph_target_check_input(path, other, NULL), PH_OK); /* one file under two names */
    assert_int_equal(ph_target_check_input(path, in_folder(other, "c.gpkg"), NULL), PH_OK);
    assert_int_equal(ph_target_check_input(path, NULL, NULL), PH_OK);
    assert_int_equal(ph_target_check_input(path, "national", NULL), PH_OK);
    count_files(true);
}

static void read_back(void **state)
{
    (void)state;
    char path[256];
    struct park p;
    make_park(&p);
    write_park(in_folder(path, "park.gpkg"), &p);
    assert_int_equal(count_files(false), 1); /* no .part, no journal */
    GDALDatasetH dataset = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, NULL, NULL, NULL);
    assert_non_null(dataset);
    OGRLayerH layer = GDALDatasetGetLayerByName(dataset, "parcels"), view = GDALDatasetGetLayerByName(dataset, "idle");
    assert_int_equal(OGR_L_GetFeatureCount(layer, TRUE), ROWS);
    assert_int_equal(OGR_L_GetFeatureCount(view, TRUE), 1);
    OGRFeatureH first = OGR_L_GetFeature(layer, 1), second = OGR_L_GetFeature(layer, 2), third = OGR_L_GetFeature(layer, 3);
    OGRGeometryH shape = OGR_F_GetGeometryRef(first);
    assert_int_equal(OGR_G_GetGeometryCount(shape), 2);
    assert_int_equal(OGR_G_GetGeometryCount(OGR_G_GetGeometryRef(shape, 0)), 2);
    assert_true(OGR_G_Area(shape) == 10000 - 100 + 2500);
    assert_true(OGR_G_GetX(OGR_G_GetGeometryRef(OGR_G_GetGeometryRef(shape, 0), 0), 0) == 38400000.125);
    assert_null(OGR_F_GetGeometryRef(second));
    assert_string_equal(OGR_F_GetFieldAsString(first, 0), "idle");
    assert_true(OGR_F_GetFieldAsDouble(first, 1) == 12499.75 && OGR_F_GetFieldAsDouble(third, 1) == 0.1);
    assert_true(OGR_F_GetFieldAsInteger64(first, 2) == INT64_MAX && OGR_F_GetFieldAsInteger64(third, 2) == 0);
    assert_string_equal(OGR_F_GetFieldAsString(first, 3), "2022/12/30");
    assert_string_equal(OGR_F_GetFieldAsString(third, 3), "1969/12/31");
    assert_string_equal(OGR_F_GetFieldAsString(first, 4), "甲's \"地\"");
    for (int f = 0; f < 6; f++) assert_true(OGR_F_IsFieldNull(second, f));
    assert_true(OGR_F_IsFieldNull(first, 5));
    OGR_L_SetSpatialFilterRect(layer, 38400299, 2970099, 38400301, 2970101);
    assert_int_equal(OGR_L_GetFeatureCount(layer, TRUE), 1);
    OGR_F_Destroy(first);
    OGR_F_Destroy(second);
    OGR_F_Destroy(third);
    GDALClose(dataset);
    drop_park(&p);
    count_files(true);
}

static void assert_sql(sqlite3 *db, const char *sql, const char *wanted)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    const char *found = (const char *)sqlite3_column_text(stmt, 0);
    if (strcmp(found ? found : "NULL", wanted) != 0) fail_msg("%s: %s, not %s", sql, found ? found : "NULL", wanted);
    sqlite3_finalize(stmt);
}

/* Rows made of several shapes: all of the park, nothing at all, the last. */
static void bundles(void **state)
{
    (void)state;
    char path[256];
    struct park p;
    struct ph_gpkg *gpkg = NULL;
    make_park(&p);
    size_t members[] = {2, 1, 0, 1, 2}, end[] = {3, 4, 5};
    struct ph_box boxes[ROWS] = {p.shapes.boxes[0], PH_BOX_EMPTY, p.shapes.boxes[2]};
    ph_box_add(&boxes[0], &p.shapes.boxes[2]);
    p.layer.bundles = &(struct ph_bundles){members, end, boxes, ROWS};
    assert_int_equal(ph_gpkg_create(in_folder(path, "bundles.gpkg"), "EPSG:4526", "2023-11-30", &gpkg, NULL), PH_OK);
    assert_int_equal(ph_gpkg_add_layer(gpkg, &p.layer, NULL), PH_OK);
    assert_int_equal(ph_gpkg_finish(gpkg, NULL), PH_OK);
    GDALDatasetH dataset = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, NULL, NULL, NULL);
    assert_non_null(dataset);
    OGRLayerH layer = GDALDatasetGetLayerByName(dataset, "parcels");
    OGRFeatureH first = OGR_L_GetFeature(layer, 1), second = OGR_L_GetFeature(layer, 2), third = OGR_L_GetFeature(layer, 3);
    OGRGeometryH all = OGR_F_GetGeometryRef(first), last = OGR_F_GetGeometryRef(third);
    assert_int_equal(OGR_G_GetGeometryCount(all), 3); /* in the order of the members */
    assert_true(OGR_G_Equals(OGR_G_GetGeometryRef(all, 0), OGR_G_GetGeometryRef(last, 0)));
    assert_int_equal(OGR_G_GetGeometryCount(OGR_G_GetGeometryRef(all, 1)), 2);
    assert_null(OGR_F_GetGeometryRef(second));
    OGR_L_SetSpatialFilterRect(layer, 38400210, 2970010, 38400220, 2970020);
    assert_int_equal(OGR_L_GetFeatureCount(layer, TRUE), 1);
    OGR_F_Destroy(first);
    OGR_F_Destroy(second);
    OGR_F_Destroy(third);
    GDALClose(dataset);
    drop_park(&p);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_sql(db, "SELECT min_x = 38400000.125 AND min_y = 2970000 AND max_x > 38400300 AND max_y > 2970100 FROM gpkg_contents WHERE table_name = 'parcels'",
               "1");
    sqlite3_close(db);
    count_files(true);
}

/* SQL while rows of two tables have come in part: neither may write where the other does. */
static void sql_among_rows(void **state)
{
    (void)state;
    enum { MANY = 20000, PIECE = 1000 };
    char path[256];
    struct ph_gpkg *gpkg = NULL;
    struct ph_gpkg_rows *rows[2] = {NULL};
    struct ph_table table = {0};
    struct park p;
    make_park(&p);
    assert_int_equal(ph_table_add_column(&table, "n", NULL, PH_INT, NULL, NULL), PH_OK);
    assert_int_equal(ph_table_add_rows(&table, MANY, NULL), PH_OK);
    for (size_t i = 0; i < MANY; i++) table.columns[0].integer[i] = (int64_t)i * 1000003;
    struct ph_gpkg_column column = {.name = "n", .type = PH_INT, .values = &table.columns[0]};
    struct ph_gpkg_layer layers[2] = {{.name = "a", .title = "甲", .columns = &column, .column_count = 1},
                                      {.name = "b", .title = "乙", .columns = &column, .column_count = 1}};
    assert_int_equal(ph_gpkg_create(in_folder(path, "rows.gpkg"), "EPSG:4526", "2023-11-30", &gpkg, NULL), PH_OK);
    assert_int_equal(ph_gpkg_add_layer(gpkg, &p.layer, NULL), PH_OK);
    for (int k = 0; k < 2; k++) assert_int_equal(ph_gpkg_begin_layer(gpkg, &layers[k], &rows[k], NULL), PH_OK);
    for (size_t from = 0; from < MANY; from += PIECE) {
        char view[24];
        snprintf(view, sizeof view, "v%zu", from);
        for (int k = 0; k < 2; k++) assert_int_equal(ph_gpkg_write_rows(rows[k], NULL, from, from + PIECE, NULL), PH_OK);
        assert_int_equal(ph_gpkg_add_view(gpkg, view, view, &p.layer, "1", NULL), PH_OK);
        assert_int_equal(ph_gpkg_add_style(gpkg, view, true, "默认", "<qgis/>", NULL), PH_OK);
    }
    for (int k = 0; k < 2; k++) assert_int_equal(ph_gpkg_end_layer(rows[k], false, NULL), PH_OK);
    assert_int_equal(ph_gpkg_finish(gpkg, NULL), PH_OK);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_sql(db, "PRAGMA integrity_check", "ok");
    for (int k = 0; k < 2; k++)
        assert_sql(db, k ? "SELECT count(*) FROM b WHERE n = (fid - 1) * 1000003" : "SELECT count(*) FROM a WHERE n = (fid - 1) * 1000003", "20000");
    assert_sql(db, "SELECT count(*) FROM layer_styles", "20");
    sqlite3_close(db);
    ph_table_dispose(&table);
    drop_park(&p);
    count_files(true);
}

/* OGC 12-128r15, clause 2.1.3: GP, version, flags, srs_id, envelope, then WKB, all little endian. */
static void blobs_byte_by_byte(void **state)
{
    (void)state;
    char path[256];
    struct park p;
    sqlite3 *db = NULL;
    make_park(&p);
    write_park(in_folder(path, "park.gpkg"), &p);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_sql(db, "SELECT hex(substr(geom, 1, 8)) FROM parcels WHERE fid = 1", "47500003AE110000"); /* 4526 */
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT geom FROM parcels WHERE fid = 1", -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    const unsigned char *blob = sqlite3_column_blob(stmt, 0);
    double envelope[4], x;
    uint32_t rings;
    memcpy(envelope, blob + 8, sizeof envelope);
    assert_true(envelope[0] == 38400000.125 && envelope[1] == 38400250 && envelope[2] == 2970000 && envelope[3] == 2970100);
    assert_memory_equal(blob + 40, "\x01\x06\x00\x00\x00\x02\x00\x00\x00\x01\x03\x00\x00\x00", 14);
    memcpy(&rings, blob + 54, 4);
    memcpy(&x, blob + 62, 8);
    assert_int_equal(rings, 2);
    assert_true(x == 38400000.125);
    assert_int_equal(sqlite3_column_bytes(stmt, 0), 40 + 9 + 2 * 9 + 3 * (4 + 5 * 16));
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    drop_park(&p);
    count_files(true);
}

static void what_the_format_wants(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *wanted;
    } rows[] = {
        {"PRAGMA integrity_check", "ok"},
        {"SELECT rtreecheck('rtree_parcels_geom')", "ok"},
        {"SELECT group_concat(id) FROM (SELECT id FROM rtree_parcels_geom ORDER BY id)", "1,3"},
        {"SELECT count(*) FROM gpkg_extensions WHERE table_name = 'parcels' AND extension_name = 'gpkg_rtree_index'", "1"},
        {"SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'parcels' AND name LIKE 'rtree_parcels_geom_%'", "6"},
        {"SELECT min_x || ' ' || max_y FROM gpkg_contents WHERE table_name = 'parcels'", "38400000.125 2970100.33333333"},
        {"SELECT identifier FROM gpkg_contents WHERE table_name = 'parcels'", "宗地"},
        {"SELECT data_type FROM gpkg_contents WHERE table_name = 'idle'", "features"},
        {"SELECT data_type FROM gpkg_contents WHERE table_name = 'findings'", "attributes"},
        {"SELECT count(DISTINCT last_change) || max(last_change) FROM gpkg_contents", "12023-11-30T00:00:00.000Z"},
        {"SELECT geometry_type_name || z || m FROM gpkg_geometry_columns WHERE table_name = 'parcels'", "MULTIPOLYGON00"},
        {"SELECT title FROM gpkg_data_columns WHERE table_name = 'parcels' AND column_name = 'since'", "起算日"},
        {"SELECT constraint_name FROM gpkg_data_columns WHERE table_name = 'idle' AND column_name = 'tag'", "tag"},
        {"SELECT count(*) FROM gpkg_data_columns WHERE column_name = '备注\"x'", "0"},
        {"SELECT description FROM gpkg_data_column_constraints WHERE constraint_name = 'tag' AND value = 'idle'", "疑似闲置"},
        {"SELECT f_geometry_column || useAsDefault || update_time FROM layer_styles", "geom12023-11-30T00:00:00.000Z"},
        {"SELECT \"table\" || \"to\" FROM pragma_foreign_key_list('findings')", "parcelsfid"},
        {"SELECT count(*) FROM sqlite_master WHERE name = 'gpkg_ogr_contents'", "0"},
        {"SELECT typeof(days) FROM parcels WHERE fid = 2", "null"},
    };
    char path[256];
    struct park p;
    sqlite3 *db = NULL;
    make_park(&p);
    write_park(in_folder(path, "park.gpkg"), &p);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) assert_sql(db, rows[i].sql, rows[i].wanted);
    sqlite3_close(db);
    drop_park(&p);
    count_files(true);
}

static void the_same_bytes_every_time(void **state)
{
    (void)state;
    char path[256], hash[2][65];
    struct park p;
    make_park(&p);
    for (size_t i = 0; i < 2; i++) {
        write_park(in_folder(path, i ? "b.gpkg" : "a.gpkg"), &p);
        assert_int_equal(ph_digest_file(path, hash[i], NULL), PH_OK);
    }
    assert_string_equal(hash[0], hash[1]);
    drop_park(&p);
    count_files(true);
}

static void discarded_leaves_the_old_file(void **state)
{
    (void)state;
    char path[256], part[256], before[65], after[65];
    struct park p;
    struct ph_gpkg *gpkg = NULL;
    make_park(&p);
    write_park(in_folder(path, "park.gpkg"), &p);
    assert_int_equal(ph_digest_file(path, before, NULL), PH_OK);
    touch(in_folder(part, "park.gpkg.part")); /* of a run that was killed */
    assert_int_equal(ph_gpkg_create(path, "EPSG:4526", "2023-11-30", &gpkg, NULL), PH_OK);
    assert_int_equal(ph_gpkg_add_layer(gpkg, &p.layer, NULL), PH_OK);
    ph_gpkg_discard(gpkg);
    ph_gpkg_discard(NULL);
    assert_int_equal(count_files(false), 1);
    assert_int_equal(ph_digest_file(path, after, NULL), PH_OK);
    assert_string_equal(before, after);
    struct ph_error err = PH_ERROR_INIT;
    assert_int_equal(ph_gpkg_create(path, "EPSG:不是", "2023-11-30", &gpkg, &err), PH_E_CRS);
    assert_null(gpkg);
    assert_int_equal(count_files(true), 1);
    drop_park(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets),
        cmocka_unit_test(inputs_are_no_targets),
        cmocka_unit_test(read_back),
        cmocka_unit_test(bundles),
        cmocka_unit_test(sql_among_rows),
        cmocka_unit_test(blobs_byte_by_byte),
        cmocka_unit_test(what_the_format_wants),
        cmocka_unit_test(the_same_bytes_every_time),
        cmocka_unit_test(discarded_leaves_the_old_file),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
