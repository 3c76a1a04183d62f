#include "audit/fieldmap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/name.h"

#define DBF_NAME_BYTES 10
#define RANK_CUT 1000

static const struct ph_problem_kind unused_alias = {
    PH_WARNING, "field.unused_alias", "要改用另一列,请加 --map", "to take the other column, add --map"};

static const struct ph_problem_kind ambiguous = {
    PH_PROBLEM_ERROR, "field.ambiguous", "用 --map 指定其一", "say which with --map"};

/* How well a source name fits one field. */
struct fit {
    int rank; /* as ph_name_rank, or RANK_CUT */
    enum ph_unit_from unit_from;
    struct ph_factor factor;
};

static bool same(struct ph_str a, struct ph_str b)
{
    return ph_str_same(a, b);
}

static bool starts(struct ph_str whole, struct ph_str start)
{
    return whole.length > start.length && same((struct ph_str){whole.at, start.length}, start);
}

static bool cut_of(const struct ph_field *field, struct ph_str name)
{
    if (starts(ph_str_of(field->name), name) || starts(ph_str_of(field->title), name)) return true;
    for (const char *at = field->aliases; *at;) {
        size_t n = strcspn(at, "|");
        if (starts((struct ph_str){at, n}, name)) return true;
        at += n + (at[n] == '|');
    }
    return false;
}

/* Whether a DBF may have cut this name: it fills the 10 bytes, or all but the half of a character. */
static bool may_be_cut(const struct ph_source_facts *source, const struct ph_source_field *field)
{
    if (!source->dbf) return false;
    if (field->cut) return true;
    size_t bytes = 0, width = strcmp(source->encoding.name, "UTF-8") == 0 ? 3 : 2;
    for (const char *p = field->name; *p; p++) {
        if ((unsigned char)*p < 0x80) bytes++;
        else if (((unsigned char)*p & 0xC0) == 0xC0) bytes += width;
    }
    return bytes >= DBF_NAME_BYTES - 1;
}

/* For a name without a unit: whether the table states it elsewhere. */
static enum ph_unit_from unit_beside(const struct ph_source_facts *source, size_t s, const struct ph_field *field, struct ph_factor *factor)
{
    bool stated = ph_unit_in_list(source->fields[s].unit, field->quantity, factor) || ph_unit_in_list(source->units, field->quantity, factor);
    return stated ? PH_UNIT_TABLE : PH_UNIT_ASSUMED;
}

static struct fit fit_of(const struct ph_source_facts *source, size_t s, const struct ph_field *field)
{
    const struct ph_source_field *column = &source->fields[s];
    char plain[PH_NAME_BYTES];
    ph_name_plain(column->name, plain);
    struct ph_name_fit name = ph_name_fit(field, plain), other = {.rank = PH_NAME_NONE};
    char alias[PH_NAME_BYTES];
    ph_name_plain(column->alias ? column->alias : "", alias);
    if (alias[0]) other = ph_name_fit(field, alias);
    if (other.rank != PH_NAME_NONE && (name.rank == PH_NAME_NONE || name.unit == PH_UNIT_NONE)) name = other;
    struct fit fit = {.rank = name.rank, .factor = name.factor};
    if (fit.rank == PH_NAME_NONE && may_be_cut(source, column) && name.bare.length > 0 && cut_of(field, name.bare)) fit.rank = RANK_CUT;
    if (field->quantity == PH_PLAIN || field->quantity == PH_PERCENT)
        fit.unit_from = PH_UNIT_PLAIN;
    else if (name.unit == PH_UNIT_FOUND || (fit.rank == 0 && field->quantity != PH_SHARE)) /* a share may be of 1 or of 100 */
        fit.unit_from = PH_UNIT_NAMED;
    else if (name.unit == PH_UNIT_UNREADABLE)
        fit.unit_from = PH_UNIT_CUT_OFF;
    else
        fit.unit_from = unit_beside(source, s, field, &fit.factor);
    return fit;
}

static size_t find_source(const struct ph_source_facts *source, struct ph_str name)
{
    for (size_t s = 0; s < source->field_count; s++)
        if (ph_str_equal(ph_str_of(source->fields[s].name), name)) return s;
    for (size_t s = 0; s < source->field_count; s++)
        if (same(ph_str_of(source->fields[s].name), name)) return s;
    return SIZE_MAX;
}

static size_t find_field(const struct ph_fields *fields, struct ph_str name)
{
    for (size_t f = 0; f < fields->count; f++)
        if (same(ph_str_of(fields->items[f].name), name) || same(ph_str_of(fields->items[f].title), name)) return f;
    return SIZE_MAX;
}

/* FIELD=SOURCE, or FIELD=SOURCE:unit when no column has the whole as its name. */
static enum ph_status order(const struct ph_fieldmap_request *q, const char *text, struct ph_fieldmap *out, struct ph_error *err)
{
    const char *equal = strchr(text, '=');
    if (equal == NULL) return ph_fail(err, PH_E_USAGE, "--map 应写成 字段=源字段:“%s”", "--map takes FIELD=SOURCE: '%s'", text);
    size_t f = find_field(q->fields, (struct ph_str){text, (size_t)(equal - text)});
    if (f == SIZE_MAX)
        return ph_fail(err, PH_E_USAGE, "--map:没有字段“%.*s”", "--map: there is no field '%.*s'", (int)(equal - text), text);
    const struct ph_field *field = &q->fields->items[f];
    struct ph_match *match = &out->matches[f];
    *match = (struct ph_match){.how = PH_MATCH_ORDERED, .factor = PH_FACTOR_ONE};
    match->source = find_source(q->source, ph_str_of(equal + 1));
    const char *colon = strrchr(equal + 1, ':');
    if (match->source == SIZE_MAX && colon) {
        match->source = find_source(q->source, (struct ph_str){equal + 1, (size_t)(colon - equal - 1)});
        if (match->source != SIZE_MAX && !ph_unit_of_word(ph_str_of(colon + 1), field->quantity, &match->factor, NULL))
            return ph_fail(err, PH_E_USAGE, "--map:“%s”不是%s的单位", "--map: '%s' is no unit of %s", colon + 1, field->title);
        match->unit_from = PH_UNIT_ORDERED;
    }
    if (match->source == SIZE_MAX) {
        char names[600] = "";
        for (size_t s = 0; s < q->source->field_count; s++) {
            size_t used = strlen(names);
            snprintf(names + used, sizeof names - used, "%s%s", s ? ", " : "", q->source->fields[s].name);
        }
        return ph_fail(err, PH_E_USAGE, "--map:源数据没有“%s”这一列;有:%s", "--map: the source has no column '%s'; it has: %s", equal + 1, names);
    }
    if (match->unit_from != PH_UNIT_ORDERED) {
        struct ph_str bare;
        enum ph_unit_found found = ph_unit_of_name(q->source->fields[match->source].name, field->quantity, &bare, &match->factor);
        bool plain = field->quantity == PH_PLAIN || field->quantity == PH_PERCENT;
        match->unit_from = plain ? PH_UNIT_PLAIN : found == PH_UNIT_FOUND ? PH_UNIT_NAMED : unit_beside(q->source, match->source, field, &match->factor);
    }
    return PH_OK;
}

static bool ordered(const struct ph_fieldmap *map, size_t source)
{
    for (size_t f = 0; f < map->match_count; f++)
        if (map->matches[f].how == PH_MATCH_ORDERED && map->matches[f].source == source) return true;
    return false;
}

#define TWO_FIELDS_ZH "列“%s”既像 %s(%s)又像 %s(%s);请指定:--map %s=%s 或 --map %s=%s"
#define TWO_FIELDS_EN "column '%s' may be %s (%s) or %s (%s); say which: --map %s=%s or --map %s=%s"

static enum ph_status two_fields(const struct ph_fieldmap_request *q, size_t s, const struct ph_field *a, const struct ph_field *b,
                                 struct ph_problems *problems, struct ph_error *err)
{
    const char *name = q->source->fields[s].name;
    if (q->lenient)
        return ph_problem_add(problems, &ambiguous, q->source->path, -1, err, TWO_FIELDS_ZH, TWO_FIELDS_EN, name, a->title, a->name, b->title,
                              b->name, a->name, name, b->name, name);
    ph_fail(err, PH_E_FIELDS, TWO_FIELDS_ZH, TWO_FIELDS_EN, name, a->title, a->name, b->title, b->name, a->name, name, b->name, name);
    ph_at_file(err, q->source->path);
    return PH_E_FIELDS;
}

/* The field that column s fits best; *field is SIZE_MAX when it fits none. */
static enum ph_status best_field(const struct ph_fieldmap_request *q, size_t s, const struct ph_fieldmap *map, size_t *field, struct fit *best,
                                 struct ph_problems *problems, struct ph_error *err)
{
    size_t rival = SIZE_MAX;
    *field = SIZE_MAX;
    *best = (struct fit){.rank = PH_NAME_NONE};
    for (size_t f = 0; f < q->fields->count; f++) {
        if (map->matches[f].how == PH_MATCH_ORDERED) continue;
        struct fit fit = fit_of(q->source, s, &q->fields->items[f]);
        if (fit.rank == PH_NAME_NONE || fit.rank > best->rank) continue;
        rival = fit.rank == best->rank ? *field : SIZE_MAX;
        *best = fit;
        *field = f;
    }
    if (rival == SIZE_MAX) return PH_OK;
    size_t other = *field;
    *field = SIZE_MAX;
    return two_fields(q, s, &q->fields->items[rival], &q->fields->items[other], problems, err);
}

static enum ph_match_how how_of(int rank)
{
    return rank == 0 ? PH_MATCH_NAME : rank == 1 ? PH_MATCH_TITLE : rank == RANK_CUT ? PH_MATCH_CUT : PH_MATCH_ALIAS;
}

static enum ph_status match_all(const struct ph_fieldmap_request *q, struct ph_fieldmap *out, int *ranks, struct ph_problems *problems,
                                struct ph_error *err)
{
    for (size_t s = 0; s < q->source->field_count; s++) {
        if (ordered(out, s)) {
            out->fates[s] = PH_COLUMN_TAKEN;
            continue;
        }
        size_t f;
        struct fit fit;
        PH_TRY(best_field(q, s, out, &f, &fit, problems, err));
        if (f == SIZE_MAX) {
            if (fit.rank != PH_NAME_NONE) out->fates[s] = PH_COLUMN_AMBIGUOUS;
            continue;
        }
        struct ph_match *match = &out->matches[f];
        size_t loser = match->source == SIZE_MAX ? SIZE_MAX : fit.rank < ranks[f] ? match->source : s;
        if (loser != s) {
            *match = (struct ph_match){.source = s, .how = how_of(fit.rank), .unit_from = fit.unit_from, .factor = fit.factor};
            ranks[f] = fit.rank;
        }
        out->fates[s] = PH_COLUMN_TAKEN;
        if (loser == SIZE_MAX) continue;
        out->fates[loser] = PH_COLUMN_SURPLUS;
        const struct ph_field *field = &q->fields->items[f];
        PH_TRY(ph_problem_add(problems, &unused_alias, q->source->path, -1, err, "%s(%s)取自列“%s”,列“%s”也像,未用,原样带出",
                              "%s (%s) is taken from column '%s'; '%s' fits too, was not used and is carried over", field->title, field->name,
                              q->source->fields[match->source].name, q->source->fields[loser].name));
    }
    return PH_OK;
}

static size_t find_area_unit(const struct ph_source_facts *source)
{
    static const char *const names[] = {"MJDW", "面积单位", "area_unit"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t s = find_source(source, ph_str_of(names[i]));
        if (s != SIZE_MAX) return s;
    }
    return SIZE_MAX;
}

enum ph_status ph_fieldmap_make(const struct ph_fieldmap_request *q, struct ph_fieldmap *out, struct ph_problems *problems, struct ph_error *err)
{
    *out = (struct ph_fieldmap){.match_count = q->fields->count, .area_unit = find_area_unit(q->source)};
    out->matches = malloc(q->fields->count * sizeof *out->matches);
    int *ranks = calloc(q->fields->count, sizeof *ranks);
    out->fates = calloc(q->source->field_count + 1, sizeof *out->fates);
    enum ph_status status = out->matches && out->fates && ranks ? PH_OK : ph_fail_memory(err);
    for (size_t f = 0; status == PH_OK && f < q->fields->count; f++)
        out->matches[f] = (struct ph_match){.source = SIZE_MAX, .factor = PH_FACTOR_ONE};
    for (const char *const *m = q->map; status == PH_OK && m && *m; m++) status = order(q, *m, out, err);
    if (status == PH_OK) status = match_all(q, out, ranks, problems, err);
    free(ranks);
    if (status != PH_OK) ph_fieldmap_dispose(out);
    return status;
}

void ph_fieldmap_dispose(struct ph_fieldmap *map)
{
    free(map->matches);
    free(map->fates);
    memset(map, 0, sizeof *map);
}
