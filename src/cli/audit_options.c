#include "cli/audit_options.h"

#include <math.h>
#include <stdlib.h>

#include "cli/lang.h"

#define AT(member) offsetof(struct ph_audit_options_given, member)
#define AREA_MAX 1e12
#define SOURCES_MAX 1000
#define WIDTH_MAX 1000

/* Rows that the tables of both commands hold. */
#define SOURCE_ROWS \
    {.kind = PH_OPT_TEXT, \
     .name = "layer", \
     .offset = AT(layer), \
     .value = "NAME", \
     .help = N_("layer of the source (needed when it has several)")}, \
    {.kind = PH_OPT_TEXT, \
     .name = "where", \
     .offset = AT(where), \
     .value = "SQL", \
     .help = N_("only the parcels for which this holds")}, \
    {.kind = PH_OPT_TEXT, \
     .name = "crs", \
     .offset = AT(crs), \
     .value = "EPSG:4526", \
     .help = N_("coordinate reference system of the parcels; overrides the .prj")}, \
    {.kind = PH_OPT_TEXT, \
     .name = "out-crs", \
     .offset = AT(out_crs), \
     .value = "EPSG:4490", \
     .help = N_("coordinate reference system of the output (default: that of the first source); areas are measured in that of each source")}, \
    {.kind = PH_OPT_TEXT, \
     .name = "transform", \
     .offset = AT(transform), \
     .value = "EPSG:15921|PIPELINE", \
     .help = N_("how to come from another datum to that of the output: the code of an operation, or a PROJ pipeline")}, \
    {.kind = PH_OPT_TEXT, \
     .name = "encoding", \
     .offset = AT(encoding), \
     .value = "GBK", \
     .help = N_("encoding of the parcels' texts (default: found out from the file)")}, \
    {.kind = PH_OPT_LIST, \
     .flags = PH_OPT_KEY_VALUE, \
     .name = "map", \
     .offset = AT(map), \
     .value = "FIELD=SOURCE", \
     .help = N_("take a canonical field from this source column, with its unit if need be (registered_m2=AREA:mu); repeatable")}, \
    {.kind = PH_OPT_LIST, \
     .flags = PH_OPT_KEY_VALUE | PH_OPT_ONE_DASH, \
     .name = "oo", \
     .offset = AT(open_options), \
     .value = "KEY=VALUE", \
     .help = N_("open option of the GDAL driver; repeatable")}, \
    {.kind = PH_OPT_TEXT, \
     .name = "txt-layout", \
     .offset = AT(txt_layout), \
     .value = "COLUMNS", \
     .help = N_("the source is a bare list of boundary points with these columns, as in id,x,y: id (of the plot), point, ring, x and y " \
                "(the numbers tell which is north), north, east, - for one to skip")}, \
    {.kind = PH_OPT_PAIR, \
     .flags = PH_OPT_NO_KEY, \
     .name = "config", \
     .offset = AT(config), \
     .value = "KEY VALUE", \
     .help = N_("configuration option of GDAL; repeatable")}

#define METHOD_ROWS \
    {.kind = PH_OPT_CHOICE, \
     .name = "area-method", \
     .offset = AT(area_method), \
     .fallback = "exact", \
     .choices = (const char *const[]){"exact", "survey", NULL}, \
     .help = N_("how areas on the ellipsoid are measured; survey: by the national land survey's procedure and roundings, to be held " \
                "against its figures")}, \
    {.kind = PH_OPT_NUMBER, \
     .name = "densify", \
     .offset = AT(densify), \
     .value = "M", \
     .fallback = "70", \
     .min = 1, \
     .max = 1e6, \
     .help = N_("with --area-method survey: edges are cut into pieces no longer than this, in metres")}

#define TOPOLOGY_ROWS \
    {.kind = PH_OPT_HEADING, .name = N_("Topology")}, \
    {.kind = PH_OPT_NUMBER, \
     .name = "overlap-min-m2", \
     .offset = AT(overlap_min_m2), \
     .value = "M2", \
     .fallback = "1", \
     .max = AREA_MAX, \
     .help = N_("an overlap is reported when it is larger than this …")}, \
    {.kind = PH_OPT_NUMBER, \
     .name = "overlap-min-share", \
     .offset = AT(overlap_min_share), \
     .value = "SHARE", \
     .fallback = "0.001", \
     .max = 1, \
     .help = N_("… or than this share of the smaller parcel")}, \
    {.kind = PH_OPT_NUMBER, \
     .name = "overlap-max-m2", \
     .offset = AT(overlap_max_m2), \
     .value = "M2", \
     .max = AREA_MAX, \
     .help = N_("leave larger overlaps out of the list, to see the small ones; totals count them all the same")}, \
    {.kind = PH_OPT_NUMBER, \
     .name = "gaps", \
     .offset = AT(gaps), \
     .value = "WIDTH", \
     .max = WIDTH_MAX, \
     .help = N_("look for gaps between neighbours narrower than this, in metres")}, \
    {.kind = PH_OPT_TEXT, \
     .name = "against", \
     .offset = AT(against), \
     .value = "FILE[:LAYER]", \
     .help = N_("find overlaps with this layer too, such as an approved boundary or an ecological red line")}, \
    {.kind = PH_OPT_NUMBER, \
     .name = "threads", \
     .offset = AT(threads), \
     .value = "N", \
     .min = 1, \
     .max = PH_THREADS_MAX, \
     .help = N_("threads to use (default: one a core); the result does not depend on it")}

#define END_ROWS \
    {.kind = PH_OPT_TEXT, \
     .name = "pg-schema", \
     .offset = AT(pg_schema), \
     .value = "NAME", \
     .help = N_("schema of the database to write (default: active_schema of the connection, else panhuo_ and the reference date)")}, \
    {.kind = PH_OPT_FLAG, .name = "overwrite", .offset = AT(overwrite), .help = N_("replace the output when it exists")}, \
    {.kind = PH_OPT_FLAG, .name = "strict", .offset = AT(strict), .help = N_("exit status 3 when the problems hold an error")}, \
    {.kind = PH_OPT_FLAG, .flags = PH_OPT_NO_KEY, .name = "json", .offset = AT(json), .help = N_("print the result as JSON")}, \
    {.kind = PH_OPT_END}

const struct ph_opt ph_audit_table[] = {
    {.kind = PH_OPT_HEADING, .name = N_("Parcels")},
    {.kind = PH_OPT_ARGUMENT,
     .name = "PARCELS|AUDIT.yaml",
     .offset = AT(parcels),
     .min = 1,
     .max = SOURCES_MAX,
     .help = N_("polygon layers in any form GDAL reads, audited together, or a file that holds these options under the same names")},
    SOURCE_ROWS,
    {.kind = PH_OPT_HEADING, .name = N_("Tables")},
    {.kind = PH_OPT_TEXT,
     .name = "enterprises",
     .offset = AT(enterprises),
     .value = "FILE",
     .help = N_("enterprise table (CSV)")},
    {.kind = PH_OPT_TEXT,
     .name = "links",
     .offset = AT(links),
     .value = "FILE",
     .help = N_("links of parcels and enterprises (CSV): own, rented in, rented out, with area, share or floor area")},
    {.kind = PH_OPT_CHOICE,
     .name = "land-share",
     .offset = AT(land_share),
     .choices = (const char *const[]){"explicit", "owner", "equal", "floor", "merge", NULL},
     .help = N_("how a parcel's land is divided among its enterprises (default: explicit, as the links say; without links owner)")},
    {.kind = PH_OPT_TEXT, .name = "ledger", .offset = AT(ledger), .value = "FILE", .help = N_("ledger of events (CSV)")},
    {.kind = PH_OPT_HEADING, .name = N_("Audit")},
    {.kind = PH_OPT_DATE,
     .name = "as-of",
     .offset = AT(as_of),
     .value = "YYYY-MM-DD",
     .help = N_("reference date of the audit; required, there is no default")},
    {.kind = PH_OPT_PERIOD,
     .name = "period",
     .offset = AT(period),
     .value = "FROM/TO",
     .help = N_("events of these days count in the totals, both days included, each written YYYY-MM-DD "
                "(default: all up to the reference date)")},
    {.kind = PH_OPT_TEXT,
     .name = "rules",
     .offset = AT(rules),
     .value = "FILE|NAME",
     .fallback = "national",
     .help = N_("rule set: a file, or the name of a built-in one")},
    {.kind = PH_OPT_TEXT,
     .name = "scheme",
     .offset = AT(scheme),
     .value = "FILE|NAME",
     .help = N_("scheme of the per-mu evaluation: a file, or the name of a built-in one (default: no evaluation)")},
    {.kind = PH_OPT_CHOICE,
     .name = "area-basis",
     .offset = AT(area_basis),
     .fallback = "auto",
     .choices = (const char *const[]){"auto", "registered", "ellipsoid", "plane", NULL},
     .help = N_("which area counts; auto: the registered one where there is one and its unit is known, else the ellipsoid one")},
    METHOD_ROWS,
    TOPOLOGY_ROWS,
    {.kind = PH_OPT_HEADING, .name = N_("Output")},
    {.kind = PH_OPT_TEXT,
     .letter = 'o',
     .name = "output",
     .offset = AT(output),
     .value = "OUT.gpkg|PG:…",
     .help = N_("GeoPackage to write, or PostGIS database; required")},
    END_ROWS};

const struct ph_opt ph_check_table[] = {
    {.kind = PH_OPT_HEADING, .name = N_("Parcels")},
    {.kind = PH_OPT_ARGUMENT,
     .name = "PARCELS",
     .offset = AT(parcels),
     .min = 1,
     .max = SOURCES_MAX,
     .help = N_("polygon layers in any form GDAL reads, checked together")},
    SOURCE_ROWS,
    METHOD_ROWS,
    TOPOLOGY_ROWS,
    {.kind = PH_OPT_HEADING, .name = N_("Output")},
    {.kind = PH_OPT_TEXT,
     .letter = 'o',
     .name = "output",
     .offset = AT(output),
     .value = "OUT.gpkg|PG:…",
     .help = N_("GeoPackage to write, or PostGIS database; without it the findings are only printed")},
    {.kind = PH_OPT_DATE,
     .name = "as-of",
     .offset = AT(as_of),
     .value = "YYYY-MM-DD",
     .fallback = "1970-01-01",
     .help = N_("date that the file bears")},
    END_ROWS};

/* Negative: not given. */
static double given_or_unset(double number)
{
    return isnan(number) ? -1 : number;
}

struct ph_audit_source *ph_audit_sources_of(const struct ph_audit_options_given *given)
{
    struct ph_audit_source *sources = calloc(given->parcels.count, sizeof *sources);
    for (size_t i = 0; sources != NULL && i < given->parcels.count; i++) sources[i].path = given->parcels.items[i];
    return sources;
}

struct ph_audit_request ph_audit_request_of(const struct ph_audit_options_given *given, const struct ph_audit_source *sources)
{
    return (struct ph_audit_request){
        .sources = sources,
        .source_count = given->parcels.count,
        .every =
            {
                .layer = given->layer,
                .where = given->where,
                .crs = given->crs,
                .encoding = given->encoding,
                .transform = given->transform,
                .open_options = (const char *const *)given->open_options.items,
                .txt_layout = given->txt_layout,
                .map = (const char *const *)given->map.items,
            },
        .out_crs = given->out_crs,
        .enterprises = given->enterprises,
        .links = given->links,
        .land_share = (enum ph_land_share)(given->land_share + 1),
        .ledger = given->ledger,
        .rules = given->rules,
        .scheme = given->scheme,
        .as_of = given->as_of,
        .period_from = given->period.from,
        .period_to = given->period.to,
        .area_basis = (enum ph_area_basis)(given->area_basis + 1),
        .area_method = (enum ph_area_method)(given->area_method + 1),
        .densify = given_or_unset(given->densify),
        .output = given->output,
        .pg_schema = given->pg_schema,
        .overlap_min_m2 = given_or_unset(given->overlap_min_m2),
        .overlap_min_share = given_or_unset(given->overlap_min_share),
        .overlap_max_m2 = given_or_unset(given->overlap_max_m2),
        .gaps = given_or_unset(given->gaps),
        .against = given->against,
        .threads = isnan(given->threads) ? 0 : (int)given->threads,
        .overwrite = given->overwrite,
        .strict = given->strict,
    };
}
