#include "io/rtree.h"

#include <math.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "database.h"
#include "io/tail.h"
#include "test.h"

static const size_t sizes[] = {0, 1, 2, 50, 51, 52, 102, 103, 2601, 2602, 2652, 20000};
#define SIZES (sizeof sizes / sizeof *sizes)
#define NODE_CELLS 51

static double random_unit(uint64_t *state)
{
    return (double)(random_bits(state) >> 11) / 9007199254740992.0;
}

/* Parcels of up to 300 m in zone 38 with the zone's number before the easting, where a float is worth 4 m; every seventh
 * box is without extent, every eleventh empty when asked for. */
static struct ph_box *make_boxes(size_t count, bool with_empty)
{
    struct ph_box *boxes = malloc((count + 1) * sizeof *boxes);
    assert_non_null(boxes);
    uint64_t state = 20250630;
    for (size_t i = 0; i < count; i++) {
        double x = 38400000 + random_unit(&state) * 60000, y = 4360000 + random_unit(&state) * 40000;
        double w = i % 7 ? random_unit(&state) * 300 : 0, h = i % 7 ? random_unit(&state) * 300 : 0;
        boxes[i] = (struct ph_box){x, y, x + w, y + h};
        if (with_empty && i % 11 == 3) boxes[i] = (struct ph_box){INFINITY, INFINITY, -INFINITY, -INFINITY};
    }
    return boxes;
}

static sqlite3 *open_tree(int page_size)
{
    char sql[160];
    sqlite3 *db = database_open();
    snprintf(sql, sizeof sql, "PRAGMA page_size = %d; CREATE VIRTUAL TABLE rtree_x_geom USING rtree(id, minx, maxx, miny, maxy)", page_size);
    database_run(db, sql);
    return db;
}

static enum ph_status fill(sqlite3 *db, const char *table, const struct ph_box *boxes, size_t count, struct ph_error *err)
{
    struct ph_tail tail = {.db = db, .path = database_path};
    assert_int_equal(ph_tail_begin(&tail, NULL), PH_OK);
    enum ph_status status = ph_rtree_fill(&tail, table, boxes, count, err);
    assert_int_equal(ph_tail_end(&tail, NULL), PH_OK);
    if (status == PH_OK) database_assert_text(db, "PRAGMA integrity_check", "ok");
    return status;
}

static void assert_sound(sqlite3 *db)
{
    database_assert_text(db, "SELECT rtreecheck('rtree_x_geom')", "ok");
}

static bool meets(const struct ph_box *b, const double window[4])
{
    return b->min_x <= window[2] && b->max_x >= window[0] && b->min_y <= window[3] && b->max_y >= window[1];
}

/* The tree finds every box that meets the window, and beyond those only boxes within a float's step of it. */
static void assert_window(sqlite3 *db, const struct ph_box *boxes, size_t count, const double window[4])
{
    const double step = 4;
    const double wider[4] = {window[0] - step, window[1] - step, window[2] + step, window[3] + step};
    unsigned char *found = calloc(count + 1, 1);
    sqlite3_stmt *stmt = NULL;
    assert_non_null(found);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT id FROM rtree_x_geom WHERE maxx >= ? AND maxy >= ? AND minx <= ? AND miny <= ?", -1,
                                        &stmt, NULL),
                     SQLITE_OK);
    for (int i = 0; i < 4; i++) sqlite3_bind_double(stmt, i + 1, window[i]);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        sqlite3_int64 id = sqlite3_column_int64(stmt, 0);
        assert_in_range(id, 1, count);
        assert_false(found[id - 1]);
        found[id - 1] = 1;
        assert_true(meets(&boxes[id - 1], wider));
    }
    for (size_t i = 0; i < count; i++)
        if (meets(&boxes[i], window)) assert_true(found[i]);
    sqlite3_finalize(stmt);
    free(found);
}

static void assert_windows(sqlite3 *db, const struct ph_box *boxes, size_t count)
{
    uint64_t state = 7;
    for (int i = 0; i < 50; i++) {
        double x = 38399000 + random_unit(&state) * 61000, y = 4359000 + random_unit(&state) * 41000;
        double side = i % 5 == 0 ? 0 : pow(10, 1 + random_unit(&state) * 4);
        assert_window(db, boxes, count, (const double[4]){x, y, x + side, y + side});
    }
    for (size_t i = 0; i < count; i += 1 + count / 50) {
        const struct ph_box *b = &boxes[i];
        if (b->min_x <= b->max_x) assert_window(db, boxes, count, (const double[4]){b->max_x, b->max_y, b->max_x, b->max_y});
    }
    assert_window(db, boxes, count, (const double[4]){0, 0, 1e9, 1e9});
}

static void sound_and_complete_at_every_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < SIZES; i++) {
        struct ph_box *boxes = make_boxes(sizes[i], false);
        sqlite3 *db = open_tree(4096);
        assert_int_equal(fill(db, "rtree_x_geom", boxes, sizes[i], NULL), PH_OK);
        assert_sound(db);
        assert_int_equal(database_number(db, "SELECT count(*) FROM rtree_x_geom"), sizes[i]);
        assert_windows(db, boxes, sizes[i]);
        sqlite3_close(db);
        free(boxes);
    }
}

/* Leaves, plus a level above them as long as there is more than one node. */
static void no_more_nodes_than_needed(void **state)
{
    (void)state;
    for (size_t i = 0; i < SIZES; i++) {
        struct ph_box *boxes = make_boxes(sizes[i], false);
        sqlite3 *db = open_tree(4096);
        assert_int_equal(fill(db, "rtree_x_geom", boxes, sizes[i], NULL), PH_OK);
        size_t level = sizes[i] ? (sizes[i] + NODE_CELLS - 1) / NODE_CELLS : 1, nodes = level;
        while (level > 1) nodes += level = (level + NODE_CELLS - 1) / NODE_CELLS;
        assert_int_equal(database_number(db, "SELECT count(*) FROM rtree_x_geom_node"), nodes);
        assert_int_equal(database_number(db, "SELECT count(*) FROM rtree_x_geom_parent"), nodes - 1);
        assert_int_equal(database_number(db, "SELECT count(DISTINCT length(data)) FROM rtree_x_geom_node"), 1);
        sqlite3_close(db);
        free(boxes);
    }
}

static void empty_boxes_stay_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < SIZES; i++) {
        struct ph_box *boxes = make_boxes(sizes[i], true);
        size_t kept = 0;
        for (size_t k = 0; k < sizes[i]; k++) kept += boxes[k].min_x <= boxes[k].max_x;
        sqlite3 *db = open_tree(4096);
        assert_int_equal(fill(db, "rtree_x_geom", boxes, sizes[i], NULL), PH_OK);
        assert_sound(db);
        assert_int_equal(database_number(db, "SELECT count(*) FROM rtree_x_geom"), kept);
        assert_windows(db, boxes, sizes[i]);
        sqlite3_close(db);
        free(boxes);
    }
}

static void no_box_at_all(void **state)
{
    (void)state;
    struct ph_box boxes[60];
    for (size_t i = 0; i < 60; i++) boxes[i] = (struct ph_box){INFINITY, INFINITY, -INFINITY, -INFINITY};
    boxes[5] = (struct ph_box){NAN, NAN, NAN, NAN};
    sqlite3 *db = open_tree(4096);
    assert_int_equal(fill(db, "rtree_x_geom", boxes, 60, NULL), PH_OK);
    assert_sound(db);
    assert_int_equal(database_number(db, "SELECT count(*) FROM rtree_x_geom"), 0);
    sqlite3_close(db);
}

/* All boxes in one place: no direction to sort by. */
static void equal_boxes(void **state)
{
    (void)state;
    static struct ph_box boxes[3000];
    for (size_t i = 0; i < 3000; i++) boxes[i] = (struct ph_box){38500000.1, 4360000.1, 38500000.1, 4360000.1};
    sqlite3 *db = open_tree(4096);
    assert_int_equal(fill(db, "rtree_x_geom", boxes, 3000, NULL), PH_OK);
    assert_sound(db);
    assert_window(db, boxes, 3000, (const double[4]){38500000.1, 4360000.1, 38500000.1, 4360000.1});
    sqlite3_close(db);
}

static void extreme_coordinates(void **state)
{
    (void)state;
    static const struct ph_box boxes[] = {{-1e300, -1e300, 1e300, 1e300}, {-INFINITY, 0, INFINITY, 1}, {0, 0, 1e-320, 1e-320},
                                          {-180, -90, 180, 90},           {1e300, 1e300, 1e300, 1e300}};
    sqlite3 *db = open_tree(4096);
    assert_int_equal(fill(db, "rtree_x_geom", boxes, 5, NULL), PH_OK);
    assert_sound(db);
    assert_int_equal(database_number(db, "SELECT count(*) FROM rtree_x_geom WHERE minx <= 0 AND maxx >= 0 AND miny <= 0 AND maxy >= 0"), 4);
    sqlite3_close(db);
}

/* A float near 38 million steps by 4: the stored box holds the box, with less than a step to spare. */
static void boxes_are_rounded_outwards(void **state)
{
    (void)state;
    size_t count = 2601;
    struct ph_box *boxes = make_boxes(count, false);
    sqlite3 *db = open_tree(4096);
    assert_int_equal(fill(db, "rtree_x_geom", boxes, count, NULL), PH_OK);
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT id, minx, maxx, miny, maxy FROM rtree_x_geom", -1, &stmt, NULL), SQLITE_OK);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        const struct ph_box *b = &boxes[sqlite3_column_int64(stmt, 0) - 1];
        const double low[] = {b->min_x, b->min_y}, high[] = {b->max_x, b->max_y}, step[] = {4, 0.5};
        for (int i = 0; i < 2; i++) {
            double min = sqlite3_column_double(stmt, 1 + 2 * i), max = sqlite3_column_double(stmt, 2 + 2 * i);
            assert_true(min <= low[i] && min > low[i] - step[i]);
            assert_true(max >= high[i] && max < high[i] + step[i]);
        }
    }
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    free(boxes);
}

/* SQLite goes on with the tree as with its own: full nodes split, emptied ones are dissolved. */
static void tree_takes_inserts_and_deletes(void **state)
{
    (void)state;
    for (size_t i = 0; i < SIZES; i++) {
        struct ph_box *boxes = make_boxes(sizes[i], false);
        sqlite3 *db = open_tree(4096);
        assert_int_equal(fill(db, "rtree_x_geom", boxes, sizes[i], NULL), PH_OK);
        database_run(db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO rtree_x_geom"
                    " SELECT 1000000 + i, 38400000 + i * 17 % 60000, 38400100 + i * 17 % 60000, 4360000 + i * 29 % 40000,"
                    " 4360100 + i * 29 % 40000 FROM n");
        assert_sound(db);
        assert_int_equal(database_number(db, "SELECT count(*) FROM rtree_x_geom"), sizes[i] + 3000);
        database_run(db, "DELETE FROM rtree_x_geom WHERE id % 3 <> 0");
        assert_sound(db);
        database_run(db, "UPDATE rtree_x_geom SET minx = minx + 1000, maxx = maxx + 1000 WHERE id % 2 = 0");
        assert_sound(db);
        database_run(db, "DELETE FROM rtree_x_geom");
        assert_sound(db);
        assert_int_equal(database_number(db, "SELECT count(*) FROM rtree_x_geom"), 0);
        sqlite3_close(db);
        free(boxes);
    }
}

/* Small pages make SQLite choose smaller nodes. */
static void node_size_follows_the_page(void **state)
{
    (void)state;
    static const int pages[] = {512, 1024, 65536};
    struct ph_box *boxes = make_boxes(20000, false);
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        sqlite3 *db = open_tree(pages[i]);
        assert_int_equal(fill(db, "rtree_x_geom", boxes, 20000, NULL), PH_OK);
        assert_sound(db);
        assert_windows(db, boxes, 20000);
        sqlite3_close(db);
    }
    free(boxes);
}

static void same_boxes_give_the_same_bytes(void **state)
{
    (void)state;
    struct ph_box *boxes = make_boxes(20000, true);
    sqlite3 *db[2];
    sqlite3_int64 length[2];
    unsigned char *bytes[2];
    for (size_t i = 0; i < 2; i++) {
        db[i] = open_tree(4096);
        assert_int_equal(fill(db[i], "rtree_x_geom", boxes, 20000, NULL), PH_OK);
        bytes[i] = sqlite3_serialize(db[i], "main", &length[i], 0);
        assert_non_null(bytes[i]);
    }
    assert_int_equal(length[0], length[1]);
    assert_memory_equal(bytes[0], bytes[1], (size_t)length[0]);
    for (size_t i = 0; i < 2; i++) {
        sqlite3_free(bytes[i]);
        sqlite3_close(db[i]);
    }
    free(boxes);
}

static void names_what_is_no_tree(void **state)
{
    (void)state;
    sqlite3 *db = open_tree(4096);
    struct ph_error err = {0};
    assert_int_equal(fill(db, "absent", NULL, 0, &err), PH_E_OUTPUT);
    assert_non_null(strstr(err.en, "absent"));
    database_run(db, "CREATE TABLE strange_node (nodeno INTEGER PRIMARY KEY, data); INSERT INTO strange_node VALUES (1, zeroblob(40))");
    assert_int_equal(fill(db, "strange", NULL, 0, &err), PH_E_OUTPUT);
    assert_non_null(strstr(err.en, "strange"));
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_and_complete_at_every_size), cmocka_unit_test(no_more_nodes_than_needed),
        cmocka_unit_test(empty_boxes_stay_out),             cmocka_unit_test(no_box_at_all),
        cmocka_unit_test(equal_boxes),                      cmocka_unit_test(extreme_coordinates),
        cmocka_unit_test(boxes_are_rounded_outwards),       cmocka_unit_test(tree_takes_inserts_and_deletes),
        cmocka_unit_test(node_size_follows_the_page),       cmocka_unit_test(same_boxes_give_the_same_bytes),
        cmocka_unit_test(names_what_is_no_tree),
    };
    return cmocka_run_group_tests(tests, database_make, database_drop);
}
