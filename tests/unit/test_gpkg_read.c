#include "io/gpkg_read.h"

#include <gdal.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/gpkg.h"
#include "io/gpkg_shape.h"
#include "test.h"

static char folder[] = "/tmp/panhuo-read-XXXXXX";
static char path[256];

static const char *in_folder(char out[256], const char *name)
{
    snprintf(out, 256, "%s/%s", folder, name);
    return out;
}

static void sql(const char *file, const char *statements)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, statements, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void add_square(struct ph_shapes *s, double x, double side)
{
    const struct ph_xy corners[] = {{x, 0}, {x, side}, {x + side, side}, {x + side, 0}, {x, 0}};
    for (size_t i = 0; i < 5; i++) assert_int_equal(ph_shapes_add_point(s, corners[i].x, corners[i].y, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_ring(s, NULL), PH_OK);
}

/* Two parcels as the writer writes them: one with a hole, one without a shape; and a table `run` with a value of every kind.
 * The name has in it what means something in a URI. */
static int make_file(void **state)
{
    (void)state;
    GDALAllRegister();
    if (mkdtemp(folder) == NULL) return -1;
    in_folder(path, "盘活 a?b#c%41.gpkg");
    struct ph_shapes shapes = {0};
    add_square(&shapes, 38500000.125, 100);
    add_square(&shapes, 38500010, 10);
    assert_int_equal(ph_shapes_end_part(&shapes, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_shape(&shapes, NULL), PH_OK);
    assert_int_equal(ph_shapes_end_shape(&shapes, NULL), PH_OK);
    const struct ph_gpkg_layer layer = {.name = "parcels", .title = "宗地", .rows = 2, .shapes = &shapes};
    struct ph_gpkg *gpkg = NULL;
    assert_int_equal(ph_gpkg_create(path, "EPSG:4526", "2023-11-30", &gpkg, NULL), PH_OK);
    assert_int_equal(ph_gpkg_add_layer(gpkg, &layer, NULL), PH_OK);
    assert_int_equal(ph_gpkg_finish(gpkg, NULL), PH_OK);
    ph_shapes_dispose(&shapes);
    sql(path, "CREATE TABLE run (fid INTEGER PRIMARY KEY, key TEXT, \"a\"\"b\" TEXT);"
              "INSERT INTO run VALUES (1, 'whole', 7), (2, 'real', 0.1), (3, 'text', '甲'), (4, 'blob', x'00ff'), (5, 'null', NULL)");
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder); /* fails when anything else was left there */
}

static void refused(void **state)
{
    (void)state;
    static const struct {
        const char *name, *statements, *word;
    } files[] = {
        {"absent.gpkg", NULL, "opened"},
        {"plain.gpkg", "CREATE TABLE run (key TEXT)", "no GeoPackage"},
        {"other.gpkg", "PRAGMA application_id = 1196444487; CREATE TABLE gpkg_contents (table_name TEXT)", "`run`"},
        {"run.gpkg", "PRAGMA application_id = 1196444487; CREATE TABLE gpkg_contents (t TEXT); CREATE TABLE run (x TEXT)", "`run`"},
        {"text.gpkg", "", "no GeoPackage"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char name[256];
        in_folder(name, files[i].name);
        if (files[i].statements) sql(name, files[i].statements);
        FILE *file = strcmp(files[i].name, "text.gpkg") == 0 ? fopen(name, "w") : NULL;
        if (file) {
            fputs("not a database, but long enough to be taken for one if nobody looked at it", file);
            fclose(file);
        }
        struct ph_gpkg_reader *reader = NULL;
        struct ph_error err = PH_ERROR_INIT;
        assert_int_equal(ph_gpkg_open(name, &reader, &err), PH_E_INPUT);
        assert_null(reader);
        assert_non_null(strstr(err.en, files[i].word));
        assert_string_equal(err.file, name);
        unlink(name);
    }
    struct ph_gpkg_reader *reader = NULL;
    assert_int_equal(ph_gpkg_open(folder, &reader, NULL), PH_E_INPUT);
}

static void values(void **state)
{
    (void)state;
    struct ph_gpkg_reader *reader = NULL;
    struct ph_query *query = NULL;
    bool row = false;
    assert_int_equal(ph_gpkg_open(path, &reader, NULL), PH_OK);
    assert_true(ph_gpkg_has(reader, "run", NULL));
    assert_true(ph_gpkg_has(reader, "RUN", "KEY"));
    assert_false(ph_gpkg_has(reader, "run", "value"));
    assert_false(ph_gpkg_has(reader, "nosuch", NULL));
    assert_false(ph_gpkg_has(reader, "run\" --", NULL));

    const char *const columns[] = {"key", "nosuch", "a\"b", "(2 * run.fid)"};
    assert_int_equal(ph_query_columns(reader, "run", columns, 4, "JOIN parcels ON 1 WHERE parcels.fid = 1 ORDER BY run.fid", &query, NULL), PH_OK);
    static const enum ph_stored cells[] = {PH_STORED_TEXT, PH_STORED_TEXT, PH_STORED_TEXT, PH_STORED_BLOB, PH_STORED_NULL}; /* affinity TEXT */
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(ph_query_next(query, &row, NULL), PH_OK);
        assert_true(row);
        assert_int_equal(ph_query_cell(query, 1), PH_STORED_NULL);
        assert_int_equal(ph_query_cell(query, 2), cells[i]);
        assert_int_equal(ph_query_int(query, 3), 2 * (i + 1));
    }
    assert_null(ph_query_text(query, 2));
    assert_true(isnan(ph_query_real(query, 2)));
    assert_true(ph_query_int(query, 2) == INT64_MIN);
    assert_int_equal(ph_query_next(query, &row, NULL), PH_OK);
    assert_false(row);
    ph_query_close(query);

    assert_int_equal(ph_query_columns(reader, "nosuch", columns, 3, "ORDER BY nosuch", &query, NULL), PH_OK);
    assert_int_equal(ph_query_next(query, &row, NULL), PH_OK);
    assert_false(row);
    ph_query_close(query);

    assert_int_equal(ph_query_open(reader, "SELECT fid, \"a\"\"b\" FROM run WHERE key = ?1 OR fid = ?2", &query, NULL), PH_OK);
    for (int64_t fid = 1; fid <= 5; fid++) { /* anew with every bind */
        ph_query_bind_text(query, 1, fid == 3 ? "text" : NULL);
        ph_query_bind_text(query, 2, (const char[]){(char)('0' + fid), '\0'});
        assert_int_equal(ph_query_next(query, &row, NULL), PH_OK);
        assert_true(row);
        assert_true(ph_query_int(query, 0) == fid);
        size_t length = 99;
        const unsigned char *blob = ph_query_blob(query, 1, &length);
        if (fid == 3) assert_string_equal(ph_query_text(query, 1), "甲");
        if (fid == 4) assert_true(length == 2 && blob[1] == 0xff);
        if (fid == 5) assert_true(length == 0 && blob == NULL);
    }
    ph_query_close(query);

    struct ph_error err = PH_ERROR_INIT;
    assert_int_equal(ph_query_open(reader, "SELECT nosuch FROM run", &query, &err), PH_E_INPUT);
    assert_non_null(strstr(err.zh, "nosuch"));
    assert_int_equal(ph_query_open(reader, "DELETE FROM run", &query, NULL), PH_OK);
    assert_int_equal(ph_query_next(query, &row, NULL), PH_E_INPUT); /* read-only */
    ph_query_close(query);
    ph_gpkg_close(reader);
}

static void shapes_come_back(void **state)
{
    (void)state;
    struct ph_gpkg_reader *reader = NULL;
    struct ph_query *query = NULL;
    struct ph_shapes shapes = {0};
    bool row = false;
    size_t length = 0;
    assert_int_equal(ph_gpkg_open(path, &reader, NULL), PH_OK);
    assert_int_equal(ph_query_open(reader, "SELECT geom FROM parcels ORDER BY fid", &query, NULL), PH_OK);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(ph_query_next(query, &row, NULL), PH_OK);
        const void *blob = ph_query_blob(query, 0, &length);
        assert_int_equal(ph_gpkg_shape(blob, length, &shapes, NULL), PH_OK);
        if (i > 0) continue;
        unsigned char damaged[512];
        assert_in_range(length, 100, sizeof damaged);
        memcpy(damaged, blob, length);
        for (size_t cut = 1; cut < length; cut++)
            assert_int_equal(ph_gpkg_shape(damaged, cut, &shapes, NULL), PH_E_INPUT);
        damaged[0] = 'X';
        assert_int_equal(ph_gpkg_shape(damaged, length, &shapes, NULL), PH_E_INPUT);
    }
    assert_int_equal(shapes.shape_count, 2);
    assert_int_equal(shapes.part_count, 1);
    assert_int_equal(shapes.ring_count, 2);
    assert_int_equal(shapes.point_count, 10);
    assert_true(shapes.points[0].x == 38500000.125 && shapes.points[6].y == 10);
    ph_query_close(query);
    ph_gpkg_close(reader);
    ph_shapes_dispose(&shapes);
}

/* One that QGIS has open: written to a -wal, which must be read too. */
static void open_elsewhere(void **state)
{
    (void)state;
    sqlite3 *db = NULL;
    struct ph_gpkg_reader *reader = NULL;
    struct ph_query *query = NULL;
    bool row = false;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA journal_mode = WAL; INSERT INTO run (key) VALUES ('late')", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(ph_gpkg_open(path, &reader, NULL), PH_OK);
    assert_int_equal(ph_query_open(reader, "SELECT 1 FROM run WHERE key = 'late'", &query, NULL), PH_OK);
    assert_int_equal(ph_query_next(query, &row, NULL), PH_OK);
    assert_true(row);
    ph_query_close(query);
    ph_gpkg_close(reader);
    assert_int_equal(sqlite3_exec(db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused),
        cmocka_unit_test(values),
        cmocka_unit_test(shapes_come_back),
        cmocka_unit_test(open_elsewhere),
    };
    return cmocka_run_group_tests(tests, make_file, drop_folder);
}
