/* An evaluation scheme laid out for a person. */
#include <stdlib.h>
#include <string.h>

#include "audit/roster.h"
#include "audit/words.h"
#include "panhuo/rules.h"
#include "rules/scoring.h"

struct ph_schemebook {
    struct ph_arena arena;
    struct ph_scheme *scheme;
    struct ph_variable variables[PH_ROSTER_VARIABLES];
    struct ph_scheme_sheet sheet;
};

static int is_sure(const char *sure)
{
    return sure == NULL || strcmp(sure, "V") == 0;
}

static struct ph_scheme_treatment treatment(const struct ph_treatment *t)
{
    static const char *const names[] = {[PH_POLICY_VALUE] = "value",     [PH_POLICY_NOT_EVALUATED] = "not_evaluated",
                                        [PH_POLICY_ZERO] = "zero",       [PH_POLICY_GROUP_MEAN] = "group_mean",
                                        [PH_POLICY_PENALTY] = "penalty", [PH_POLICY_FULL] = "full"};
    return (struct ph_scheme_treatment){names[t->policy], t->penalty};
}

static struct ph_scheme_indicator_sheet indicator_sheet(const struct ph_indicator *i)
{
    static const char *const formulas[] = {
        [PH_RATIO] = "ratio", [PH_MINMAX] = "minmax", [PH_LINEAR_DROP] = "linear_drop", [PH_RECIPROCAL] = "reciprocal"};
    static const char *const bases[] = {[PH_BASE_FIXED] = "fixed",
                                        [PH_BASE_MEAN] = "mean",
                                        [PH_BASE_WEIGHTED_MEAN] = "weighted_mean",
                                        [PH_BASE_MEDIAN] = "median",
                                        [PH_BASE_MAX] = "max"};
    return (struct ph_scheme_indicator_sheet){.id = i->id,
                                              .title = i->title,
                                              .title_en = i->title_en,
                                              .unit = i->unit,
                                              .value = i->value,
                                              .source = i->source,
                                              .note = i->note,
                                              .sure = is_sure(i->sure),
                                              .down = i->down,
                                              .weight = i->weight,
                                              .formula = formulas[i->formula],
                                              .floor_share = i->floor_share,
                                              .base_kind = i->formula == PH_MINMAX ? NULL : bases[i->base_kind],
                                              .base = i->base,
                                              .base_times = i->base_times,
                                              .base_over_all = i->base_over_all,
                                              .cap = i->cap,
                                              .floor = i->floor,
                                              .missing = treatment(&i->missing),
                                              .zero = treatment(&i->zero),
                                              .zero_divisor = treatment(&i->zero_divisor),
                                              .file = i->place.file,
                                              .line = i->place.line};
}

static enum ph_status lay_out_group(struct ph_schemebook *b, const struct ph_score_group *g, struct ph_scheme_group_sheet *out,
                                    struct ph_error *err)
{
    static const char *const kinds[] = {
        [PH_CLASS_NONE] = NULL, [PH_CLASS_BY_SHARE] = "share", [PH_CLASS_BY_SCORE] = "score", [PH_CLASS_BY_VALUE] = "value"};
    const struct ph_classes *c = &g->classes;
    struct ph_scheme_indicator_sheet *indicators = ph_arena_alloc(&b->arena, g->indicator_count * sizeof *indicators);
    struct ph_scheme_class_sheet *classes = ph_arena_alloc(&b->arena, (c->count + 1) * sizeof *classes);
    if (indicators == NULL || classes == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < g->indicator_count; i++) indicators[i] = indicator_sheet(&g->indicators[i]);
    for (size_t i = 0; i < c->count; i++)
        classes[i] = (struct ph_scheme_class_sheet){c->list[i].id, c->list[i].response, c->list[i].response_en, c->list[i].limit};
    *out = (struct ph_scheme_group_sheet){.id = g->id,
                                          .title = g->title,
                                          .title_en = g->title_en,
                                          .when = g->when,
                                          .note = g->note,
                                          .needs_land = g->needs_land,
                                          .indicators = indicators,
                                          .indicator_count = g->indicator_count,
                                          .class_by = kinds[c->by],
                                          .class_of = c->of,
                                          .classes = classes,
                                          .class_count = c->count,
                                          .class_source = c->source,
                                          .class_sure = is_sure(c->sure)};
    return PH_OK;
}

static enum ph_status lay_out_clauses(struct ph_schemebook *b, struct ph_error *err)
{
    static const char *const kinds[] = {[PH_CLAUSE_EXEMPT] = "exempt",
                                        [PH_CLAUSE_ADJUST] = "adjust",
                                        [PH_CLAUSE_NEW] = "new",
                                        [PH_CLAUSE_VETO] = "veto",
                                        [PH_CLAUSE_BONUS] = "bonus"};
    size_t count = 0;
    for (int kind = 0; kind < PH_CLAUSE_KINDS; kind++) count += b->scheme->clauses[kind].count;
    struct ph_scheme_clause_sheet *out = ph_arena_alloc(&b->arena, (count + 1) * sizeof *out);
    if (out == NULL) return ph_fail_memory(err);
    b->sheet.clauses = out;
    b->sheet.clause_count = count;
    for (int kind = 0; kind < PH_CLAUSE_KINDS; kind++)
        for (size_t i = 0; i < b->scheme->clauses[kind].count; i++) {
            const struct ph_clause *c = &b->scheme->clauses[kind].items[i];
            *out++ = (struct ph_scheme_clause_sheet){.kind = kinds[kind],
                                                     .title = c->title,
                                                     .title_en = c->title_en,
                                                     .when = c->when,
                                                     .reason = c->reason,
                                                     .source = c->source,
                                                     .sure = is_sure(c->sure),
                                                     .limit = c->limit,
                                                     .at_most = c->at_most,
                                                     .file = c->place.file,
                                                     .line = c->place.line};
        }
    return PH_OK;
}

static enum ph_status lay_out_gaps(struct ph_schemebook *b, struct ph_error *err)
{
    const struct ph_scheme *s = b->scheme;
    struct ph_scheme_gap_sheet *out = ph_arena_alloc(&b->arena, (s->gap_count + 1) * sizeof *out);
    if (out == NULL) return ph_fail_memory(err);
    b->sheet.gaps = out;
    b->sheet.gap_count = s->gap_count;
    for (size_t i = 0; i < s->gap_count; i++) {
        const struct ph_scheme_gap *gap = &s->gaps[i];
        size_t g = 0;
        while (gap->indicator < s->groups[g].indicators ||
               gap->indicator >= s->groups[g].indicators + s->groups[g].indicator_count)
            g++;
        *out++ = (struct ph_scheme_gap_sheet){s->groups[g].title, gap->indicator->title, gap->key,
                                              gap->param,         gap->place.file,       gap->place.line};
    }
    return PH_OK;
}

static enum ph_status lay_out(struct ph_schemebook *b, struct ph_error *err)
{
    const struct ph_scheme *s = b->scheme;
    struct ph_scheme_group_sheet *groups = ph_arena_alloc(&b->arena, s->group_count * sizeof *groups);
    if (groups == NULL) return ph_fail_memory(err);
    b->sheet = (struct ph_scheme_sheet){.name = s->name,
                                        .title = s->title,
                                        .title_en = s->title_en,
                                        .source = s->source,
                                        .note = s->note,
                                        .sha256 = s->sha256,
                                        .sure = is_sure(s->sure),
                                        .example = s->example,
                                        .min_land_mu = s->min_land_mu,
                                        .groups = groups,
                                        .group_count = s->group_count};
    for (size_t g = 0; g < s->group_count; g++) PH_TRY(lay_out_group(b, &s->groups[g], &groups[g], err));
    PH_TRY(lay_out_clauses(b, err));
    PH_TRY(lay_out_gaps(b, err));
    struct ph_rule_name *terms;
    PH_TRY(ph_words_list(&b->arena, b->variables, PH_ROSTER_VARIABLES, &s->words, &terms, &b->sheet.term_count, err));
    b->sheet.terms = terms;
    return PH_OK;
}

enum ph_status ph_schemebook_open(const char *name, struct ph_schemebook **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_schemebook *b = calloc(1, sizeof *b);
    if (b == NULL) return ph_fail_memory(err);
    ph_roster_variables(b->variables);
    enum ph_status status = ph_scheme_load(name, &b->scheme, err);
    if (status == PH_OK) status = ph_scheme_validate(b->scheme, b->variables, PH_ROSTER_VARIABLES, err);
    if (status == PH_OK) status = lay_out(b, err);
    if (status != PH_OK) {
        ph_schemebook_free(b);
        return status;
    }
    *out = b;
    return PH_OK;
}

const struct ph_scheme_sheet *ph_schemebook_sheet(const struct ph_schemebook *book)
{
    return &book->sheet;
}

void ph_schemebook_free(struct ph_schemebook *book)
{
    if (book == NULL) return;
    ph_scheme_free(book->scheme);
    ph_arena_dispose(&book->arena);
    free(book);
}

const char *ph_schemebook_builtin(size_t index, const char **text)
{
    const struct ph_builtin_text *scheme = ph_builtin_scheme(index);
    if (scheme && text) *text = scheme->text;
    return scheme ? scheme->name : NULL;
}
