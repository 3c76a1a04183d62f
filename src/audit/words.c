#include "audit/words.h"

enum ph_status ph_words_list(struct ph_arena *arena, const struct ph_variable *variables, size_t variable_count,
                             const struct ph_words *words, struct ph_rule_name **out, size_t *count, struct ph_error *err)
{
    *count = variable_count + words->define_count + words->param_count;
    struct ph_rule_name *t = *out = ph_arena_alloc(arena, (*count + 1) * sizeof *t);
    if (t == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < variable_count; i++)
        *t++ = (struct ph_rule_name){.kind = PH_NAME_VALUE, .name = variables[i].name, .title = variables[i].title};
    for (size_t i = 0; i < words->define_count; i++) {
        const struct ph_define *d = &words->defines[i];
        *t++ = (struct ph_rule_name){.kind = PH_NAME_DEFINE,
                                     .name = d->name,
                                     .title = d->title,
                                     .expr = d->expr,
                                     .note = d->note,
                                     .file = d->place.file,
                                     .line = d->place.line};
    }
    for (size_t i = 0; i < words->param_count; i++) {
        const struct ph_param *p = &words->params[i];
        *t++ = (struct ph_rule_name){.kind = PH_NAME_PARAM,
                                     .name = p->name,
                                     .title = p->title,
                                     .value = p->literal,
                                     .unit = p->unit,
                                     .source = p->source,
                                     .sure = p->sure,
                                     .file = p->place.file,
                                     .line = p->place.line};
    }
    return PH_OK;
}
