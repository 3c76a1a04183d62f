#include "audit/normalise.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "test.h"

/* One column of texts or numbers, normalised as one field. */
struct given {
    enum ph_parcel_field field;
    enum ph_unit_from unit_from;
    struct ph_factor factor;
    const char *const *units; /* a column MJDW beside it; NULL: none */
    enum ph_type type;
    size_t rows;
    const char *const *texts;
    const double *reals;
    const int64_t *integers;
};

struct outcome {
    struct ph_fielded t;
    struct ph_problems problems;
};

static void fill(struct ph_layer *layer, const struct given *g)
{
    size_t values, units;
    assert_int_equal(ph_table_add_column(&layer->table, "SRC", NULL, g->type, &values, NULL), PH_OK);
    if (g->units) assert_int_equal(ph_table_add_column(&layer->table, "MJDW", NULL, PH_TEXT, &units, NULL), PH_OK);
    for (size_t row = 0; row < g->rows; row++) {
        assert_int_equal(ph_layer_add_row(layer, (int64_t)row + 100, NULL), PH_OK);
        struct ph_column *column = &layer->table.columns[values];
        if (g->type == PH_TEXT) column->text[row] = g->texts[row];
        if (g->type == PH_REAL) column->real[row] = g->reals[row];
        if (g->type == PH_INT) column->integer[row] = g->integers[row];
        if (g->units) layer->table.columns[units].text[row] = g->units[row];
    }
}

static void normalise(struct outcome *o, const struct given *g)
{
    *o = (struct outcome){0};
    struct ph_layer layer = {0};
    fill(&layer, g);
    struct ph_match matches[PH_PARCEL_FIELDS];
    for (size_t f = 0; f < PH_PARCEL_FIELDS; f++) matches[f] = (struct ph_match){.source = SIZE_MAX, .factor = PH_FACTOR_ONE};
    matches[g->field] = (struct ph_match){.source = 0, .how = PH_MATCH_TITLE, .unit_from = g->unit_from, .factor = g->factor.over ? g->factor : PH_FACTOR_ONE};
    struct ph_fieldmap map = {.matches = matches, .match_count = PH_PARCEL_FIELDS, .area_unit = g->units ? 1 : SIZE_MAX};
    assert_int_equal(ph_normalise(&layer, &map, &ph_parcel_fields, "宗地.shp", PH_REGISTERED_M2, &o->t, &o->problems, NULL), PH_OK);
    assert_null(layer.table.columns); /* taken over */
    assert_int_equal(o->t.layer.table.rows, g->rows);
}

static void drop(struct outcome *o)
{
    ph_fielded_dispose(&o->t);
    ph_problems_dispose(&o->problems);
}

/* The problem about a row: "code@row", "" for none; more than one is a failure. */
static const char *problem_of(const struct outcome *o, size_t row)
{
    const char *code = "";
    for (size_t i = 0; i < o->problems.count; i++) {
        if (o->problems.items[i].feature != (int64_t)row + 100) continue;
        assert_string_equal(code, "");
        code = o->problems.items[i].code;
    }
    return code;
}

static void dates(void **state)
{
    (void)state;
    static const char *const texts[] = {"2021-06-01", "2021年6月1日", "20210601", "2021/6/1 00:00:00", "", "无", "2021-06", "2021-02-30", "见合同", NULL};
    static const char *const codes[] = {"", "", "", "", "", "", "date.partial", "date.unreadable", "date.unreadable", ""};
    struct outcome o;
    struct given g = {.field = PH_AGREED_START, .type = PH_TEXT, .rows = sizeof texts / sizeof *texts, .texts = texts};
    normalise(&o, &g);
    const struct ph_column *out = ph_field_column(&o.t, PH_AGREED_START);
    assert_int_equal(out->type, PH_DATE);
    assert_string_equal(out->name, "agreed_start");
    for (size_t row = 0; row < g.rows; row++) {
        char text[11];
        ph_date_print(text, out->date[row]);
        assert_string_equal(text, row < 4 ? "2021-06-01" : "");
        assert_string_equal(problem_of(&o, row), codes[row]);
    }
    assert_non_null(strstr(o.problems.items[1].zh, "2021-02-30"));
    drop(&o);
    static const int64_t integers[] = {20210601, 0, PH_INT_UNKNOWN, 20211301};
    g = (struct given){.field = PH_AGREED_START, .type = PH_INT, .rows = 4, .integers = integers};
    normalise(&o, &g);
    assert_int_equal(ph_field_column(&o.t, PH_AGREED_START)->date[1], PH_DATE_UNKNOWN); /* what an empty N(8) reads as */
    assert_string_equal(problem_of(&o, 1), "");
    assert_string_equal(problem_of(&o, 3), "date.unreadable");
    drop(&o);
}

static void numbers_with_units(void **state)
{
    (void)state;
    static const char *const texts[] = {"1,234.50", "１２００", "12.5亩", "0.5公顷", "约2000", "-", "12.5斤", "7.915e+03", NULL};
    static const double wanted[] = {1234.5, 1200, 12.5 * 2000 / 3, 5000, NAN, NAN, NAN, 7915, NAN};
    static const char *const codes[] = {"", "", "", "", "number.unreadable", "", "number.unreadable", "", ""};
    struct outcome o;
    struct given g = {.field = PH_FLOOR_M2, .unit_from = PH_UNIT_NAMED, .type = PH_TEXT, .rows = sizeof texts / sizeof *texts, .texts = texts};
    normalise(&o, &g);
    for (size_t row = 0; row < g.rows; row++) {
        double found = ph_field_column(&o.t, PH_FLOOR_M2)->real[row];
        if (isnan(wanted[row]) ? !isnan(found) : fabs(found - wanted[row]) > 1e-9) fail_msg("%s: %g", texts[row], found);
        assert_string_equal(problem_of(&o, row), codes[row]);
    }
    drop(&o);
}

static void a_factor_of_the_name(void **state)
{
    (void)state;
    static const double reals[] = {3, NAN, INFINITY, 0};
    struct outcome o;
    struct given g = {.field = PH_FLOOR_M2, .unit_from = PH_UNIT_NAMED, .factor = {2000, 3}, .type = PH_REAL, .rows = 4, .reals = reals};
    normalise(&o, &g);
    const double *out = ph_field_column(&o.t, PH_FLOOR_M2)->real;
    assert_true(out[0] == 2000 && isnan(out[1]) && isnan(out[2]) && out[3] == 0);
    assert_string_equal(problem_of(&o, 2), "number.unreadable");
    assert_true(o.t.layer.table.columns[0].real[0] == 3); /* the source's column stays as it was */
    assert_int_equal(o.t.carried_count, 0);
    drop(&o);
    g.factor = PH_FACTOR_ONE;
    normalise(&o, &g);
    assert_int_equal(o.t.column_of[PH_FLOOR_M2], 0); /* serves as it came */
    assert_true(isnan(ph_field_column(&o.t, PH_FLOOR_M2)->real[2]));
    assert_string_equal(problem_of(&o, 2), "number.unreadable");
    drop(&o);
}

static void units_that_are_not_stated(void **state)
{
    (void)state;
    static const double reals[] = {1, 2, 3};
    struct outcome o;
    struct given g = {.field = PH_LAND_PRICE, .unit_from = PH_UNIT_ASSUMED, .type = PH_REAL, .rows = 3, .reals = reals};
    normalise(&o, &g);
    assert_int_equal(o.problems.count, 1);
    assert_string_equal(o.problems.items[0].code, "unit.assumed");
    assert_int_equal(o.problems.items[0].feature, -1);
    assert_true(ph_field_column(&o.t, PH_LAND_PRICE)->real[2] == 3);
    drop(&o);
    g.unit_from = PH_UNIT_CUT_OFF;
    normalise(&o, &g);
    assert_string_equal(o.problems.items[0].code, "unit.unknown");
    assert_true(isnan(ph_field_column(&o.t, PH_LAND_PRICE)->real[2]));
    drop(&o);
    /* The registered area is settled later, against the measured one. */
    g = (struct given){.field = PH_REGISTERED_M2, .unit_from = PH_UNIT_ASSUMED, .type = PH_REAL, .rows = 3, .reals = reals};
    normalise(&o, &g);
    assert_true(o.t.unit_open);
    assert_int_equal(o.problems.count, 0);
    drop(&o);
}

static void some_values_state_their_unit(void **state)
{
    (void)state;
    static const char *const all[] = {"3亩", "0.2公顷", NULL}, *const some[] = {"3亩", "2000", NULL};
    struct outcome o;
    struct given g = {.field = PH_REGISTERED_M2, .unit_from = PH_UNIT_ASSUMED, .type = PH_TEXT, .rows = 3, .texts = all};
    normalise(&o, &g);
    assert_false(o.t.unit_open);
    assert_int_equal(o.problems.count, 0);
    assert_true(ph_field_column(&o.t, PH_REGISTERED_M2)->real[0] == 2000);
    assert_true(ph_field_column(&o.t, PH_REGISTERED_M2)->real[1] == 2000);
    drop(&o);
    g.texts = some;
    normalise(&o, &g);
    assert_false(o.t.unit_open);
    assert_true(ph_field_column(&o.t, PH_REGISTERED_M2)->real[0] == 2000);
    assert_true(isnan(ph_field_column(&o.t, PH_REGISTERED_M2)->real[1]));
    assert_string_equal(problem_of(&o, 1), "unit.unknown");
    drop(&o);
}

static void the_unit_row_by_row(void **state)
{
    (void)state;
    static const double reals[] = {3, 3, 3, 3, NAN, 3};
    static const char *const units[] = {"平方米", "亩", "3", "斤", "斤", NULL};
    static const double wanted[] = {3, 2000, 30000, NAN, NAN, NAN};
    static const char *const codes[] = {"", "", "", "unit.unknown", "", "unit.unknown"};
    struct outcome o;
    struct given g = {.field = PH_REGISTERED_M2, .unit_from = PH_UNIT_ASSUMED, .units = units, .type = PH_REAL, .rows = 6, .reals = reals};
    normalise(&o, &g);
    assert_false(o.t.unit_open);
    for (size_t row = 0; row < g.rows; row++) {
        double found = ph_field_column(&o.t, PH_REGISTERED_M2)->real[row];
        assert_true(isnan(wanted[row]) ? isnan(found) : found == wanted[row]);
        assert_string_equal(problem_of(&o, row), codes[row]);
    }
    assert_int_equal(o.t.carried_count, 1); /* MJDW */
    assert_int_equal(o.t.carried[0], 1);
    drop(&o);
    g.unit_from = PH_UNIT_NAMED; /* the name of the column outweighs MJDW */
    normalise(&o, &g);
    assert_true(ph_field_column(&o.t, PH_REGISTERED_M2)->real[1] == 3);
    assert_int_equal(o.problems.count, 0);
    drop(&o);
}

static void codes_stored_as_numbers(void **state)
{
    (void)state;
    static const double reals[] = {430499001.0, 4304990010010000512.0, 1.5, NAN};
    static const char *const wanted[] = {"430499001", NULL, "1.5", NULL};
    struct outcome o;
    struct given g = {.field = PH_PARCEL_ID, .type = PH_REAL, .rows = 4, .reals = reals};
    normalise(&o, &g);
    const struct ph_column *out = ph_field_column(&o.t, PH_PARCEL_ID);
    for (size_t row = 0; row < 4; row++)
        if (wanted[row])
            assert_string_equal(out->text[row], wanted[row]);
        else
            assert_null(out->text[row]);
    assert_string_equal(problem_of(&o, 1), "id.stored_as_number");
    assert_string_equal(problem_of(&o, 0), "");
    drop(&o);
    static const int64_t integers[] = {4304990010010001, PH_INT_UNKNOWN};
    g = (struct given){.field = PH_PARCEL_ID, .type = PH_INT, .rows = 2, .integers = integers};
    normalise(&o, &g);
    assert_string_equal(ph_field_column(&o.t, PH_PARCEL_ID)->text[0], "4304990010010001");
    assert_null(ph_field_column(&o.t, PH_PARCEL_ID)->text[1]);
    drop(&o);
}

static void whole_numbers(void **state)
{
    (void)state;
    static const char *const texts[] = {"200", "200.0", "1.5", "9e99", "", "200天"};
    static const int64_t wanted[] = {200, 200, PH_INT_UNKNOWN, PH_INT_UNKNOWN, PH_INT_UNKNOWN, PH_INT_UNKNOWN};
    static const char *const codes[] = {"", "", "number.unreadable", "number.unreadable", "", "number.unreadable"};
    struct outcome o;
    struct given g = {.field = PH_DELAY_DAYS, .type = PH_TEXT, .rows = sizeof texts / sizeof *texts, .texts = texts};
    normalise(&o, &g);
    for (size_t row = 0; row < g.rows; row++) {
        assert_true(ph_field_column(&o.t, PH_DELAY_DAYS)->integer[row] == wanted[row]);
        assert_string_equal(problem_of(&o, row), codes[row]);
    }
    drop(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates),
        cmocka_unit_test(numbers_with_units),
        cmocka_unit_test(a_factor_of_the_name),
        cmocka_unit_test(units_that_are_not_stated),
        cmocka_unit_test(some_values_state_their_unit),
        cmocka_unit_test(the_unit_row_by_row),
        cmocka_unit_test(codes_stored_as_numbers),
        cmocka_unit_test(whole_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
