#include "cli/inspect_json.h"

#include <inttypes.h>
#include <math.h>

#include "cli/json.h"

static void member(FILE *out, const char *name, const char *text)
{
    ph_json_member(out, name, text);
    fputc(',', out);
}

static void number(FILE *out, const char *name, double value)
{
    fprintf(out, "\"%s\":", name);
    ph_json_number(out, value);
    fputc(',', out);
}

static void texts(FILE *out, const char *name, const char *const *items, size_t count)
{
    fprintf(out, "\"%s\":[", name);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) fputc(',', out);
        ph_json_string(out, items[i]);
    }
    fputs("],", out);
}

static void print_crs(FILE *out, const struct ph_inspect_crs *crs)
{
    fputs("\"crs\":{", out);
    member(out, "name", crs->name);
    member(out, "code", crs->code);
    member(out, "datum", crs->datum);
    number(out, "central_meridian", crs->central_meridian);
    fprintf(out, "\"ordered\":%s,\"projected\":%s,\"zone_width\":%d,\"zone_number\":%d,\"zone_prefix\":%d,",
            crs->ordered ? "true" : "false", crs->projected ? "true" : "false", crs->zone_width, crs->zone_number,
            crs->zone_prefix);
    member(out, "doubt_zh", crs->zh);
    member(out, "doubt_en", crs->en);
    fputs("\"likely\":[", out);
    for (size_t i = 0; i < crs->guess_count; i++) {
        fputs(i ? ",{" : "{", out);
        member(out, "code", crs->guesses[i].code);
        member(out, "zh", crs->guesses[i].zh);
        member(out, "en", crs->guesses[i].en);
        fprintf(out, "\"certain\":%s,\"swapped\":%s}", crs->guesses[i].certain ? "true" : "false",
                crs->guesses[i].swapped ? "true" : "false");
    }
    fputs("],\"evidence\":[", out);
    for (size_t i = 0; i < crs->evidence_count; i++) {
        fprintf(out, "%s{\"speaks_for\":%s,", i ? "," : "", crs->evidence[i].speaks_for ? "true" : "false");
        member(out, "zh", crs->evidence[i].zh);
        ph_json_member(out, "en", crs->evidence[i].en);
        fputc('}', out);
    }
    fputs("]},\n", out);
}

static void print_readings(FILE *out, const struct ph_inspection_content *c)
{
    fputs("\"readings\":[", out);
    for (size_t i = 0; i < c->reading_count; i++) {
        fputs(i ? ",{" : "{", out);
        member(out, "encoding", c->readings[i].encoding);
        member(out, "samples", c->readings[i].words);
        fprintf(out, "\"bad\":%zu}", c->readings[i].bad);
    }
    fputs("],\n", out);
}

static void print_rules(FILE *out, const struct ph_inspection_content *c)
{
    if (c->rule_set == NULL) return;
    member(out, "rule_set", c->rule_set);
    member(out, "as_of", c->as_of);
    fprintf(out, "\"unverified\":%zu,\"rules\":[", c->unverified);
    for (size_t i = 0; i < c->rule_count; i++) {
        const struct ph_inspect_rule *rule = &c->rules[i];
        fputs(i ? ",\n{" : "\n{", out);
        member(out, "id", rule->id);
        member(out, "title", rule->title);
        member(out, "tag", rule->tag);
        fprintf(out, "\"skipped\":%s,\"undecided\":%zu,\"lacks\":[", rule->skipped ? "true" : "false", rule->undecided);
        for (size_t k = 0; k < rule->lack_count; k++) {
            fputs(k ? ",{" : "{", out);
            member(out, "need", rule->lacks[k].name);
            member(out, "title", rule->lacks[k].title);
            fprintf(out, "\"absent\":%s,\"rows\":%zu}", rule->lacks[k].absent ? "true" : "false", rule->lacks[k].rows);
        }
        fputs("]}", out);
    }
    fputs("],\n", out);
}

static void print_fields(FILE *out, const struct ph_inspection_content *c)
{
    static const char *const hows[] = {"carried", "name", "title", "alias", "cut", "map", "unit", "surplus", "ambiguous"};
    static const char *const from[] = {"none", "name", "table", "map", "column", "measured", "assumed", "unreadable"};
    static const char *const sure[] = {NULL, "low", "fair", "high"};
    fputs("\"fields\":[", out);
    for (size_t i = 0; i < c->field_count; i++) {
        const struct ph_inspect_field *f = &c->fields[i];
        fputs(i ? ",\n{" : "\n{", out);
        member(out, "source", f->source);
        member(out, "type", f->type);
        member(out, "field", f->field);
        member(out, "title", f->title);
        member(out, "how", hows[f->how]);
        member(out, "unit", f->unit);
        member(out, "unit_from", from[f->unit_from]);
        member(out, "sure", sure[f->confidence]);
        fprintf(out, "\"present\":%zu,\"known\":%zu}", f->present, f->known);
    }
    fputs("],\n", out);
}

static void print_problems(FILE *out, const struct ph_inspection_content *c)
{
    fprintf(out, "\"errors\":%zu,\"warnings\":%zu,\"notes\":%zu,\"problems\":[", c->errors, c->warnings, c->notes);
    for (size_t i = 0; i < c->problem_count; i++) {
        const struct ph_inspect_problem *p = &c->problems[i];
        fputs(i ? ",\n{" : "\n{", out);
        member(out, "severity", p->severity);
        member(out, "code", p->code);
        member(out, "hint_zh", p->hint_zh);
        member(out, "hint_en", p->hint_en);
        fprintf(out, "\"count\":%zu,\"examples\":[", p->count);
        for (size_t k = 0; k < p->example_count; k++) {
            fprintf(out, "%s{\"feature\":", k ? "," : "");
            if (p->examples[k].feature < 0)
                fputs("null,", out);
            else
                fprintf(out, "%" PRId64 ",", p->examples[k].feature);
            member(out, "zh", p->examples[k].zh);
            ph_json_member(out, "en", p->examples[k].en);
            fputc('}', out);
        }
        fputs("]}", out);
    }
    fputs("]}\n", out);
}

void ph_inspect_print_json(FILE *out, const struct ph_inspection_content *c)
{
    static const char *const kinds[] = {"parcels", "enterprises", "ledger", "links", "unknown"};
    fputc('{', out);
    member(out, "source", c->source);
    member(out, "driver", c->driver);
    member(out, "layer", c->layer);
    texts(out, "layers", c->layers, c->layer_count);
    member(out, "kind", kinds[c->kind]);
    ph_json_member(out, "geometry", c->has_geometry ? c->geometry : NULL);
    fprintf(out, ",\"rows\":%zu,\"shapes\":{\"single\":%zu,\"multiple\":%zu,\"holed\":%zu,\"none\":%zu,\"vertices\":%zu},\"extent\":", c->rows,
            c->shapes.single, c->shapes.multiple, c->shapes.holed, c->shapes.none, c->shapes.vertices);
    if (isnan(c->min_x)) {
        fputs("null,", out);
    } else {
        const double box[] = {c->min_x, c->min_y, c->max_x, c->max_y};
        for (size_t i = 0; i < 4; i++) {
            fputc(i ? ',' : '[', out);
            ph_json_number(out, box[i]);
        }
        fputs("],", out);
    }
    number(out, "longitude", c->longitude);
    number(out, "latitude", c->latitude);
    if (c->area_dm2 == INT64_MIN)
        fputs("\"ellipsoid_m2\":null,", out);
    else
        fprintf(out, "\"ellipsoid_m2\":%" PRId64 ".%02d,", c->area_dm2 / 100, (int)(c->area_dm2 % 100));
    print_crs(out, &c->crs);
    member(out, "encoding", c->encoding);
    member(out, "encoding_zh", c->encoding_zh);
    member(out, "encoding_en", c->encoding_en);
    member(out, "samples", c->words);
    print_readings(out, c);
    texts(out, "absent", c->absent, c->absent_count);
    print_fields(out, c);
    print_rules(out, c);
    print_problems(out, c);
}
