#include "model/layer.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

enum { NAME, SIZE, COUNT, DAY };

/* One row an id: its values and a square that tell the id. */
static void fill(struct ph_layer *layer, const int64_t *fids, size_t rows, bool shapes)
{
    static const enum ph_type types[] = {PH_TEXT, PH_REAL, PH_INT, PH_DATE};
    static const char *const names[] = {"name", "size", "count", "day"};
    for (size_t c = 0; c < 4; c++) assert_int_equal(ph_table_add_column(&layer->table, names[c], NULL, types[c], NULL, NULL), PH_OK);
    for (size_t row = 0; row < rows; row++) {
        char text[24];
        int64_t fid = fids[row];
        assert_int_equal(ph_layer_add_row(layer, fid, NULL), PH_OK);
        snprintf(text, sizeof text, "%lld", (long long)fid);
        struct ph_column *columns = layer->table.columns;
        if (fid % 2) columns[NAME].text[row] = ph_table_text(&layer->table, text, strlen(text));
        columns[SIZE].real[row] = (double)fid / 4;
        columns[COUNT].integer[row] = fid;
        columns[DAY].date[row] = (int32_t)fid;
        for (int i = 0; shapes && fid % 3 && i < 4; i++)
            assert_int_equal(ph_shapes_add_point(&layer->shapes, (double)fid + (i == 1), (double)fid + (i == 2), NULL), PH_OK);
        if (shapes && fid % 3) {
            assert_int_equal(ph_shapes_end_ring(&layer->shapes, NULL), PH_OK);
            assert_int_equal(ph_shapes_end_part(&layer->shapes, NULL), PH_OK);
        }
        if (shapes) assert_int_equal(ph_shapes_end_shape(&layer->shapes, NULL), PH_OK);
    }
}

static void test_sort(void **state)
{
    (void)state;
    static const int64_t fids[] = {9, 2, 7, 1, 6, 4, 3, 8, 5};
    enum { ROWS = sizeof fids / sizeof *fids };
    for (int shapes = 0; shapes < 2; shapes++) {
        struct ph_layer layer = {0};
        fill(&layer, fids, ROWS, shapes);
        assert_int_equal(ph_layer_sort(&layer, NULL), PH_OK);
        assert_int_equal(layer.shapes.shape_count, shapes ? ROWS : 0);
        for (size_t row = 0; row < ROWS; row++) {
            int64_t fid = (int64_t)row + 1;
            const struct ph_column *columns = layer.table.columns;
            char text[24];
            snprintf(text, sizeof text, "%lld", (long long)fid);
            assert_int_equal(layer.fids[row], fid);
            if (fid % 2)
                assert_string_equal(columns[NAME].text[row], text);
            else
                assert_null(columns[NAME].text[row]);
            assert_true(columns[SIZE].real[row] == (double)fid / 4);
            assert_int_equal(columns[COUNT].integer[row], fid);
            assert_int_equal(columns[DAY].date[row], fid);
            if (shapes && fid % 3) assert_true(layer.shapes.boxes[row].min_x == (double)fid && layer.shapes.boxes[row].max_y == (double)fid + 1);
            if (shapes && fid % 3 == 0) assert_true(layer.shapes.boxes[row].min_x > layer.shapes.boxes[row].max_x);
        }
        assert_int_equal(ph_layer_add_row(&layer, 10, NULL), PH_OK); /* it can still grow */
        ph_layer_dispose(&layer);
    }
    struct ph_layer nothing = {0};
    assert_int_equal(ph_layer_sort(&nothing, NULL), PH_OK);
    ph_layer_dispose(&nothing);
}

/* The hash goes by what is there, not by the way it came in; and any change shows. */
static void test_digest(void **state)
{
    (void)state;
    static const int64_t forth[] = {1, 2, 3, 4}, back[] = {4, 3, 2, 1};
    char wanted[65], found[65];
    struct ph_layer layer = {0}, other = {0};
    fill(&layer, forth, 4, true);
    fill(&other, back, 4, true);
    assert_int_equal(ph_layer_digest(&layer, wanted, NULL), PH_OK);
    assert_int_equal(ph_layer_sort(&other, NULL), PH_OK);
    assert_int_equal(ph_layer_digest(&other, found, NULL), PH_OK);
    assert_string_equal(found, wanted);
    struct ph_column *columns = other.table.columns;
    const char *text = columns[NAME].text[0];
    columns[NAME].text[0] = "";
    assert_int_equal(ph_layer_digest(&other, found, NULL), PH_OK);
    assert_string_not_equal(found, wanted);
    columns[NAME].text[0] = NULL;
    char unknown[65];
    assert_int_equal(ph_layer_digest(&other, unknown, NULL), PH_OK);
    assert_string_not_equal(unknown, found);
    columns[NAME].text[0] = text;
    other.shapes.points[0].x += 1e-9;
    assert_int_equal(ph_layer_digest(&other, found, NULL), PH_OK);
    assert_string_not_equal(found, wanted);
    ph_layer_dispose(&layer);
    ph_layer_dispose(&other);
}

static void test_columns_become_texts(void **state)
{
    (void)state;
    static const int64_t fids[] = {3, 4};
    static const char *const words[] = {"3", "0.75", "3", "1970-01-04"};
    struct ph_layer layer = {0};
    fill(&layer, fids, 2, false);
    layer.table.columns[COUNT].integer[1] = PH_INT_UNKNOWN;
    for (size_t c = 0; c < 4; c++) {
        assert_int_equal(ph_table_make_text(&layer.table, c, NULL), PH_OK);
        assert_int_equal(layer.table.columns[c].type, PH_TEXT);
        assert_string_equal(layer.table.columns[c].text[0], words[c]);
    }
    assert_string_equal(layer.table.columns[SIZE].text[1], "1");
    assert_null(layer.table.columns[COUNT].text[1]);
    assert_string_equal(layer.table.columns[COUNT].name, "count");
    ph_layer_dispose(&layer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sort), cmocka_unit_test(test_digest), cmocka_unit_test(test_columns_become_texts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
