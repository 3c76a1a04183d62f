#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "panhuo/audit.h"
#include "test.h"

static char folder[] = "/tmp/panhuo-config-XXXXXX";
static char file[64];

static int make_folder(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(file, sizeof file, "%s/AUDIT.yaml", folder);
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    unlink(file);
    return rmdir(folder);
}

static enum ph_status read_text(const char *text, struct ph_audit_request *request, struct ph_audit_config **config, struct ph_error *err)
{
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    return ph_audit_config_read(file, request, config, err);
}

static void assert_path(const char *found, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_string_equal(found, path);
}

static int32_t day(const char *text)
{
    int32_t days;
    assert_int_equal(ph_date_parse(text, strlen(text), &days), PH_PARSE_OK);
    return days;
}

static const char all_keys[] = "parcels: 数据/宗 地.shp\n"
                               "out-crs: EPSG:4490\n"
                               "pg_schema: 审计\n"
                               "transform: EPSG:15921\n"
                               "layer: 宗地\n"
                               "where: \"GYZT = '已供'\"\n"
                               "crs: EPSG:4526\n"
                               "encoding: GBK\n"
                               "oo:\n"
                               "  ENCODING: GBK\n"
                               "map:\n"
                               "  - registered_m2=MJ:亩\n"
                               "  - parcel_id=BH\n"
                               "enterprises: 企业.csv\n"
                               "scheme: hengyang-demo\n"
                               "links: 关联.csv\n"
                               "land-share: merge\n"
                               "ledger: /tmp/台账.csv\n"
                               "rules: lixin\n"
                               "as-of: 2023-11-30\n"
                               "period: 2023-01-01/2023-11-30\n"
                               "area-basis: plane\narea-method: survey\ndensify: 35.5\n"
                               "output: out.gpkg\n"
                               "overwrite: true\n"
                               "strict: false\n"
                               "overlap-min-m2: 0\n"
                               "overlap_min_share: 0.01\n"
                               "overlap-max-m2: 1,000.5\n"
                               "gaps: 0.5\n"
                               "against: 红线.gpkg:边界\n"
                               "threads: 2\n";

static void every_key(void **state)
{
    (void)state;
    struct ph_audit_request q = PH_AUDIT_REQUEST_INIT;
    struct ph_audit_config *config = NULL;
    struct ph_error err = PH_ERROR_INIT;
    assert_int_equal(read_text(all_keys, &q, &config, &err), PH_OK);
    assert_int_equal(q.source_count, 1);
    const struct ph_audit_source *s = q.sources;
    assert_path(s->path, "数据/宗 地.shp");
    assert_string_equal(s->layer, "宗地");
    assert_string_equal(s->where, "GYZT = '已供'");
    assert_string_equal(s->crs, "EPSG:4526");
    assert_string_equal(s->encoding, "GBK");
    assert_string_equal(s->transform, "EPSG:15921");
    assert_string_equal(s->open_options[0], "ENCODING=GBK");
    assert_null(s->open_options[1]);
    assert_string_equal(s->map[0], "registered_m2=MJ:亩");
    assert_string_equal(s->map[1], "parcel_id=BH");
    assert_null(s->map[2]);
    assert_null(q.every.crs); /* what the file says wins over no source of its own */
    assert_string_equal(q.out_crs, "EPSG:4490");
    assert_string_equal(q.pg_schema, "审计");
    assert_path(q.enterprises, "企业.csv");
    assert_string_equal(q.scheme, "hengyang-demo");
    assert_path(q.links, "关联.csv");
    assert_int_equal(q.land_share, PH_LAND_MERGE);
    assert_string_equal(q.ledger, "/tmp/台账.csv");
    assert_string_equal(q.rules, "lixin");
    assert_int_equal(q.as_of, day("2023-11-30"));
    assert_int_equal(q.period_from, day("2023-01-01"));
    assert_int_equal(q.period_to, day("2023-11-30"));
    assert_int_equal(q.area_basis, PH_BASIS_PLANE);
    assert_true(q.area_method == PH_METHOD_SURVEY && q.densify == 35.5);
    assert_path(q.output, "out.gpkg");
    assert_true(q.overwrite);
    assert_false(q.strict);
    assert_true(q.overlap_min_m2 == 0); /* every overlap, not: unset */
    assert_true(q.overlap_min_share == 0.01);
    assert_true(q.overlap_max_m2 == 1000.5 && q.gaps == 0.5);
    assert_path(q.against, "红线.gpkg:边界");
    assert_int_equal(q.threads, 2);
    ph_audit_config_free(config);
}

static void the_command_line_wins(void **state)
{
    (void)state;
    static const char text[] = "as_of: 2020-01-01\nperiod: 2019-01-01/2019-12-31\ncrs: EPSG:4527\nrules: lixin\narea_basis: plane\narea_method: survey\nland_share: equal\noutput: b.gpkg\nout-crs: EPSG:4490\n"
                               "map: [parcel_id=BH]\nparcels: b.shp\noverlap-min-m2: 5\ngaps: 1\nthreads: 3\nagainst: b.gpkg\n";
    static const char *const map[] = {"parcel_id=MA", NULL};
    static const struct ph_audit_source sources[] = {{.path = "a.shp"}, {.path = "c.shp", .crs = "EPSG:4528"}};
    struct ph_audit_request q = {.sources = sources, .source_count = 2, .every = {.map = map}, .out_crs = "EPSG:4526", .rules = "national", .as_of = day("2023-11-30"),
                                 .period_from = PH_NO_DATE, .period_to = day("2023-06-30"), .area_basis = PH_BASIS_ELLIPSOID, .area_method = PH_METHOD_EXACT,
                                 .land_share = PH_LAND_OWNER,
                                 .output = "a.gpkg", .overlap_min_m2 = 0, .gaps = 0, .against = "a.gpkg", .threads = 1};
    struct ph_audit_config *config = NULL;
    assert_int_equal(read_text(text, &q, &config, NULL), PH_OK);
    assert_int_equal(q.source_count, 2);
    assert_string_equal(q.sources[0].path, "a.shp");
    assert_string_equal(q.sources[0].crs, "EPSG:4527");
    assert_string_equal(q.sources[1].crs, "EPSG:4528");
    assert_string_equal(q.every.map[0], "parcel_id=MA");
    assert_string_equal(q.out_crs, "EPSG:4526");
    assert_string_equal(q.rules, "national");
    assert_string_equal(q.output, "a.gpkg");
    assert_int_equal(q.as_of, day("2023-11-30"));
    assert_int_equal(q.period_from, PH_NO_DATE); /* a period is taken whole or not at all */
    assert_int_equal(q.period_to, day("2023-06-30"));
    assert_int_equal(q.area_basis, PH_BASIS_ELLIPSOID);
    assert_int_equal(q.area_method, PH_METHOD_EXACT);
    assert_int_equal(q.land_share, PH_LAND_OWNER);
    assert_true(q.overlap_min_m2 == 0 && q.gaps == 0);
    assert_string_equal(q.against, "a.gpkg");
    assert_int_equal(q.threads, 1);
    ph_audit_config_free(config);
}

static void names_and_paths(void **state)
{
    (void)state;
    static const struct {
        const char *written, *found; /* found: NULL for what lies in the folder under the written name */
    } rows[] = {{"a.gpkg", NULL},       {"../a.gpkg", NULL},          {"/data/a.gpkg", "/data/a.gpkg"},
                {"PG:dbname=land", "PG:dbname=land"}, {"/vsizip/a.zip/a.shp", "/vsizip/a.zip/a.shp"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[128];
        snprintf(text, sizeof text, "parcels: '%s'\nrules: rules/ours.yaml\n", rows[i].written);
        struct ph_audit_request q = PH_AUDIT_REQUEST_INIT;
        struct ph_audit_config *config = NULL;
        assert_int_equal(read_text(text, &q, &config, NULL), PH_OK);
        if (rows[i].found)
            assert_string_equal(q.sources[0].path, rows[i].found);
        else
            assert_path(q.sources[0].path, rows[i].written);
        assert_path(q.rules, "rules/ours.yaml");
        ph_audit_config_free(config);
    }
}

static void a_source_with_its_own_keys(void **state)
{
    (void)state;
    static const char *const texts[] = {"parcels: {path: a.shp, crs: EPSG:4527, encoding: UTF-8, map: {parcel_id: BH}}\n",
                                        "parcels:\n  - path: a.shp\n    crs: EPSG:4527\n    encoding: UTF-8\n    map: [parcel_id=BH]\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct ph_audit_request q = PH_AUDIT_REQUEST_INIT;
        struct ph_audit_config *config = NULL;
        assert_int_equal(read_text(texts[i], &q, &config, NULL), PH_OK);
        assert_int_equal(q.source_count, 1);
        assert_path(q.sources[0].path, "a.shp");
        assert_string_equal(q.sources[0].crs, "EPSG:4527");
        assert_string_equal(q.sources[0].encoding, "UTF-8");
        assert_string_equal(q.sources[0].map[0], "parcel_id=BH");
        ph_audit_config_free(config);
    }
}

static void several_sources(void **state)
{
    (void)state;
    static const char text[] = "parcels:\n  - 西区.shp\n  - path: 'PG:dbname=land'\n    layer: east\n    crs: EPSG:4527\n    transform: EPSG:15921\n"
                               "crs: EPSG:4525\nencoding: GBK\n";
    struct ph_audit_request q = PH_AUDIT_REQUEST_INIT;
    struct ph_audit_config *config = NULL;
    assert_int_equal(read_text(text, &q, &config, NULL), PH_OK);
    assert_int_equal(q.source_count, 2);
    assert_path(q.sources[0].path, "西区.shp");
    assert_string_equal(q.sources[0].crs, "EPSG:4525");
    assert_string_equal(q.sources[0].encoding, "GBK");
    assert_null(q.sources[0].layer);
    assert_string_equal(q.sources[1].path, "PG:dbname=land");
    assert_string_equal(q.sources[1].layer, "east");
    assert_string_equal(q.sources[1].crs, "EPSG:4527");
    assert_string_equal(q.sources[1].encoding, "GBK");
    assert_string_equal(q.sources[1].transform, "EPSG:15921");
    ph_audit_config_free(config);
}

static void mistakes_have_a_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int line;
        const char *words;
    } rows[] = {
        {"parcels: a.shp\nledgr: b.csv\n", 2, "ledgr"},
        {"as-of: 2023-02-29\n", 1, "2023-02-29"},
        {"as-of: 2023-11\n", 1, "2023-11"},
        {"\nperiod: 2023-01-01\n", 2, "period"},
        {"period: 2023-01-01/2023-06-31\n", 1, "2023-06-31"},
        {"period: a/b/c\n", 1, "period"},
        {"area-basis: register\n", 1, "registered"},
        {"area-method: fast\n", 1, "survey"},
        {"land-share: half\n", 1, "merge"},
        {"overwrite: yes\n", 1, "true or false"},
        {"gaps: -1\n", 1, "from 0 on"},
        {"overlap-min-m2: 1 mu\n", 1, "1 mu"},
        {"overlap-min-share: [0.1]\n", 1, "overlap-min-share"},
        {"threads: 0\n", 1, "1 to 64"},
        {"threads: 1.5\n", 1, "1 to 64"},
        {"crs: [a]\n", 1, "crs"},
        {"crs:\n", 1, "crs"},
        {"map: registered_m2=MJ\n", 1, "list"},
        {"map:\n  - [a]\n", 2, "text"},
        {"parcels: []\n", 1, "empty"},
        {"parcels:\n  - a.shp\n  - crs: EPSG:4526\n", 3, "no path"},
        {"parcels:\n  - a.shp\n  - [b.shp]\n", 3, "text"},
        {"parcels: {path: a.shp,\n  ledger: b.csv}\n", 2, "ledger"},
        {"- parcels\n", 1, "map of keys"},
        {"parcels: a.shp\nparcels: b.shp\n", 2, "twice"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ph_audit_request q = PH_AUDIT_REQUEST_INIT;
        struct ph_audit_config *config = NULL;
        struct ph_error err = PH_ERROR_INIT;
        assert_int_equal(read_text(rows[i].text, &q, &config, &err), PH_E_CONFIG);
        assert_null(config);
        if (err.line != rows[i].line || strstr(err.en, rows[i].words) == NULL) fail_msg("%s: line %d: %s", rows[i].text, err.line, err.en);
        assert_string_equal(err.file, file);
        assert_true(strlen(err.zh) > 0);
    }
    struct ph_audit_request q = PH_AUDIT_REQUEST_INIT;
    struct ph_audit_config *config = NULL;
    assert_int_equal(ph_audit_config_read("/tmp/没有.yaml", &q, &config, NULL), PH_E_CONFIG);
    assert_null(config);
    ph_audit_config_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key),
        cmocka_unit_test(the_command_line_wins),
        cmocka_unit_test(names_and_paths),
        cmocka_unit_test(a_source_with_its_own_keys), cmocka_unit_test(several_sources),
        cmocka_unit_test(mistakes_have_a_line),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
