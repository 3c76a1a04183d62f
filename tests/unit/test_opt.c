#include "cli/opt.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "test.h"

struct sample {
    struct ph_opt_list files, maps, config, open_options;
    bool strict;
    const char *layer, *output;
    int basis;
    int32_t as_of;
    struct ph_opt_period period;
    double share;
};

#define AT(member) offsetof(struct sample, member)

static const struct ph_opt table[] = {
    {.kind = PH_OPT_HEADING, .name = "Group"},
    {.kind = PH_OPT_ARGUMENT, .name = "FILE", .offset = AT(files), .min = 1, .max = 2},
    {.kind = PH_OPT_FLAG, .letter = 's', .name = "strict", .offset = AT(strict)},
    {.kind = PH_OPT_TEXT, .name = "layer", .offset = AT(layer), .value = "NAME"},
    {.kind = PH_OPT_TEXT, .letter = 'o', .name = "output", .offset = AT(output), .value = "FILE"},
    {.kind = PH_OPT_LIST, .flags = PH_OPT_KEY_VALUE, .name = "map", .offset = AT(maps), .value = "A=B"},
    {.kind = PH_OPT_PAIR, .name = "config", .offset = AT(config), .value = "KEY VALUE"},
    {.kind = PH_OPT_LIST, .flags = PH_OPT_KEY_VALUE | PH_OPT_ONE_DASH, .name = "oo", .offset = AT(open_options), .value = "K=V"},
    {.kind = PH_OPT_CHOICE, .name = "basis", .offset = AT(basis), .choices = (const char *const[]){"auto", "plane", NULL}},
    {.kind = PH_OPT_DATE, .name = "as-of", .offset = AT(as_of)},
    {.kind = PH_OPT_PERIOD, .name = "period", .offset = AT(period)},
    {.kind = PH_OPT_NUMBER, .name = "share", .offset = AT(share), .max = 1},
    {.kind = PH_OPT_END}};

enum { MAX_WORDS = 8 };

/* Reads words that end with NULL, from the unknown state on. The caller disposes. */
static bool read(const char *const *words, struct sample *got, struct ph_opt_error *err)
{
    char copies[MAX_WORDS][64];
    char *argv[MAX_WORDS];
    int argc = 0;
    for (; argc < MAX_WORDS && words[argc] != NULL; argc++) {
        snprintf(copies[argc], sizeof copies[argc], "%s", words[argc]);
        argv[argc] = copies[argc];
    }
    ph_opt_init(table, got);
    *err = (struct ph_opt_error){""};
    const struct ph_opt_set set = {table, got};
    bool good = ph_opt_parse(&set, 1, argc, argv, NULL, err) && ph_opt_check_arguments(table, got, err);
    got->layer = got->layer == NULL ? NULL : "given"; /* the copies end here */
    got->output = got->output == NULL ? NULL : "given";
    return good;
}

static void nothing_given_is_unknown(void **state)
{
    (void)state;
    struct sample got;
    struct ph_opt_error err;
    assert_true(read((const char *const[]){"a", NULL}, &got, &err));
    assert_int_equal(got.files.count, 1);
    assert_false(got.strict);
    assert_int_equal(got.maps.count, 0);
    assert_null(got.layer);
    assert_int_equal(got.basis, -1);
    assert_int_equal(got.as_of, INT32_MIN);
    assert_int_equal(got.period.from, INT32_MIN);
    assert_true(isnan(got.share));
    ph_opt_dispose(table, &got);
}

static void every_way_of_writing_is_read(void **state)
{
    (void)state;
    static const char *const ways[][MAX_WORDS] = {
        {"a", "--layer", "x", "-o", "y", "--strict"},           {"--layer=x", "--output=y", "a", "-s"},
        {"-o", "-", "--layer", "-5", "--strict", "--", "a"},    {"a", "--layer=--strict", "-o", "--unknown", "-s"},
        {"a", "--layer", "w", "--layer", "x", "-o", "y", "-s"},
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct sample got;
        struct ph_opt_error err;
        assert_true(read(ways[i], &got, &err));
        assert_non_null(got.layer);
        assert_non_null(got.output);
        assert_true(got.strict);
        assert_int_equal(got.files.count, 1);
        assert_string_equal(got.files.items[0], "a");
        ph_opt_dispose(table, &got);
    }
}

static void lists_keep_their_order(void **state)
{
    (void)state;
    struct sample got;
    struct ph_opt_error err;
    assert_true(
        read((const char *const[]){"a", "--map", "地块=DKBH", "--map=x=y=z", "b", "-oo", "ENCODING=GBK", NULL}, &got, &err));
    assert_int_equal(got.maps.count, 2);
    assert_null(got.maps.items[2]);
    assert_string_equal(got.maps.items[0], "地块=DKBH");
    assert_string_equal(got.maps.items[1], "x=y=z");
    assert_string_equal(got.open_options.items[0], "ENCODING=GBK");
    assert_string_equal(got.files.items[1], "b");
    ph_opt_dispose(table, &got);
    assert_true(read((const char *const[]){"--config", "KEY", "V", "--config", "A=B", "--oo", "K=V", "a"}, &got, &err));
    assert_int_equal(got.config.count, 2);
    assert_string_equal(got.config.items[0], "KEY=V");
    assert_string_equal(got.config.items[1], "A=B");
    assert_int_equal(got.open_options.count, 1);
    ph_opt_dispose(table, &got);
}

static void arguments_after_two_dashes_may_look_like_options(void **state)
{
    (void)state;
    struct sample got;
    struct ph_opt_error err;
    assert_true(read((const char *const[]){"--", "--strict", "--", NULL}, &got, &err));
    assert_false(got.strict);
    assert_string_equal(got.files.items[0], "--strict");
    assert_string_equal(got.files.items[1], "--");
    ph_opt_dispose(table, &got);
}

static void dates_are_strict(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        int32_t days;
    } cases[] = {
        {"1970-01-01", true, 0},     {"1969-12-31", true, -1},      {"2023-11-30", true, 19691},   {"2024-02-29", true, 19782},
        {"2000-02-29", true, 11016}, {"0001-01-01", true, -719162}, {"9999-12-31", true, 2932896}, {"2023-02-29", false, 0},
        {"1900-02-29", false, 0},    {"2023-13-01", false, 0},      {"2023-00-10", false, 0},      {"2023-04-31", false, 0},
        {"2023-1-1", false, 0},      {"20231130", false, 0},        {"2023/11/30", false, 0},      {"2023-11-30 ", false, 0},
        {"0000-01-01", false, 0},    {"2023-11-3x", false, 0},      {"2023-11-00", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sample got;
        struct ph_opt_error err;
        assert_int_equal(read((const char *const[]){"a", "--as-of", cases[i].text, NULL}, &got, &err), cases[i].good);
        assert_int_equal(got.as_of, cases[i].good ? cases[i].days : INT32_MIN);
        if (!cases[i].good) assert_non_null(strstr(err.text, cases[i].text));
        ph_opt_dispose(table, &got);
    }
}

static void periods_are_two_dates_in_order(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
    } cases[] = {{"2023-01-01/2023-11-30", true},  {"2023-01-01/2023-01-01", true},
                 {"2023-01-02/2023-01-01", false}, {"2023-01-01", false},
                 {"2023-01-01-2023-11-30", false}, {"2023-01-01/2023-11-31", false},
                 {"2023-01-01/", false},           {"/2023-01-01", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sample got;
        struct ph_opt_error err;
        assert_int_equal(read((const char *const[]){"a", "--period", cases[i].text, NULL}, &got, &err), cases[i].good);
        assert_int_equal(got.period.from == INT32_MIN, !cases[i].good); /* nothing is half set */
        assert_int_equal(got.period.to == INT32_MIN, !cases[i].good);
        ph_opt_dispose(table, &got);
    }
}

static void numbers_are_exact_and_strict(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double number; /* NAN = refused */
    } cases[] = {{"0.001", 0.001},
                 {"1", 1.0},
                 {"0", 0.0},
                 {".5", 0.5},
                 {"1.", 1.0},
                 {"+0.25", 0.25},
                 {"1.5", NAN},
                 {"-0.1", NAN},
                 {"0,5", NAN},
                 {"1e-3", NAN},
                 {"0x1", NAN},
                 {"nan", NAN},
                 {".", NAN},
                 {"-", NAN},
                 {"1.2.3", NAN},
                 {" 1", NAN},
                 {"0.1234567890123456", NAN},
                 {"0.12345678901234", 0.12345678901234}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sample got;
        struct ph_opt_error err;
        bool good = read((const char *const[]){"a", "--share", cases[i].text, NULL}, &got, &err);
        assert_int_equal(good, !isnan(cases[i].number));
        if (good) assert_true(got.share >= cases[i].number && got.share <= cases[i].number);
        ph_opt_dispose(table, &got);
    }
}

static void wrong_use_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *words[MAX_WORDS];
        const char *sentence;
    } cases[] = {
        {{NULL}, "FILE is missing"},
        {{"a", "b", "c"}, "'c' is one argument too many"},
        {{"a", "--stritc"}, "unknown option '--stritc'; did you mean --strict?"},
        {{"a", "--as_of=2023-01-01"}, "unknown option '--as_of'; did you mean --as-of?"},
        {{"a", "-ooo", "K=V"}, "unknown option '-ooo'; did you mean -oo?"},
        {{"a", "--wholly-other"}, "unknown option '--wholly-other'"},
        {{"a", "-strict"}, "unknown option '-strict'; did you mean --strict?"},
        {{"a", "-x"}, "unknown option '-x'"},
        {{"a", "---"}, "unknown option '---'"},
        {{"a", "--layer"}, "--layer needs a value"},
        {{"a", "--layer", "--strict"}, "--layer needs a value"},
        {{"a", "-o", "--as-of=2023-01-01"}, "--output needs a value"},
        {{"a", "--config", "KEY"}, "--config needs a value"},
        {{"a", "--layer="}, "--layer was given an empty value"},
        {{""}, "FILE was given an empty value"},
        {{"a", "--strict=yes"}, "--strict takes no value"},
        {{"a", "--map", "x"}, "--map takes A=B, not 'x'"},
        {{"a", "-oo", "=x"}, "-oo takes K=V, not '=x'"},
        {{"a", "--basis", "Plane"}, "--basis takes one of auto|plane, not 'Plane'"},
        {{"a", "b", "\u2014strict"}, "'\u2014strict' begins with a typographic dash; options begin with '-' or '--'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sample got;
        struct ph_opt_error err;
        assert_false(read(cases[i].words, &got, &err));
        assert_string_equal(err.text, cases[i].sentence);
        ph_opt_dispose(table, &got);
    }
}

static void reading_stops_at_a_command(void **state)
{
    (void)state;
    struct globals {
        bool quiet;
    } got;
    static const struct ph_opt globals[] = {
        {.kind = PH_OPT_FLAG, .letter = 'q', .name = "quiet", .offset = offsetof(struct globals, quiet)}, {.kind = PH_OPT_END}};
    char quiet[] = "-q", command[] = "audit", other[] = "--other";
    char *argv[] = {quiet, command, other};
    ph_opt_init(globals, &got);
    const struct ph_opt_set set = {globals, &got};
    struct ph_opt_error err;
    int used = -1;
    assert_true(ph_opt_parse(&set, 1, 3, argv, &used, &err));
    assert_true(got.quiet);
    assert_int_equal(used, 1);
}

static void distances(void **state)
{
    (void)state;
    assert_int_equal(ph_opt_distance("", ""), 0);
    assert_int_equal(ph_opt_distance("audit", "audit"), 0);
    assert_int_equal(ph_opt_distance("audti", "audit"), 2);
    assert_int_equal(ph_opt_distance("rule", "rules"), 1);
    assert_int_equal(ph_opt_distance("abc", ""), 3);
    assert_int_equal(ph_opt_distance("a-name-that-is-longer-than-any-option", "audit"), 32);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_given_is_unknown),
        cmocka_unit_test(every_way_of_writing_is_read),
        cmocka_unit_test(lists_keep_their_order),
        cmocka_unit_test(arguments_after_two_dashes_may_look_like_options),
        cmocka_unit_test(dates_are_strict),
        cmocka_unit_test(periods_are_two_dates_in_order),
        cmocka_unit_test(numbers_are_exact_and_strict),
        cmocka_unit_test(wrong_use_is_named),
        cmocka_unit_test(reading_stops_at_a_command),
        cmocka_unit_test(distances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
