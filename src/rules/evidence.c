/* What a rule was decided on: evidence and missing values of the row evaluated last. */
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "rules/engine_state.h"

static void add_json_value(const struct ph_value *v, struct ph_text *out)
{
    char number[40];
    switch (v->kind) {
    case PH_VALUE_UNKNOWN: ph_text_add(out, "null"); break;
    case PH_VALUE_INT: ph_text_addf(out, "%lld", (long long)v->integer); break;
    case PH_VALUE_REAL:
        ph_number_print(number, sizeof number, v->real);
        ph_text_add(out, number);
        break;
    case PH_VALUE_TEXT: ph_text_add_json(out, ph_str_of(v->text)); break;
    }
}

void ph_engine_evidence(const struct ph_engine *e, size_t rule, struct ph_text *out)
{
    ph_text_add(out, "{");
    bool first = true;
    for (size_t i = 0; i < e->value_count; i++) {
        if (!e->rule_marks[rule][i]) continue;
        bool define = i >= e->scope.variable_count;
        const char *name = define ? e->set->words.defines[i - e->scope.variable_count].name : e->scope.variables[i].name;
        if (!first) ph_text_add(out, ",");
        first = false;
        ph_text_add_json(out, ph_str_of(name));
        ph_text_add(out, ":");
        add_json_value(&e->values[i], out);
    }
    ph_text_add(out, "}");
}

/* Whether `names` (joined by ";") has `name` already. */
static bool listed(const struct ph_text *names, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = ph_text_get(names); *at;) {
        size_t length = strcspn(at, ";");
        if (length == n && memcmp(at, name, n) == 0) return true;
        at += length + (at[length] == ';');
    }
    return false;
}

static void add_missing(struct ph_text *out, const char *name)
{
    if (listed(out, name)) return;
    if (out->length) ph_text_add(out, ";");
    ph_text_add(out, name);
}

void ph_engine_missing(const struct ph_engine *e, size_t rule, struct ph_text *out)
{
    const struct ph_rule *r = &e->set->rules[rule];
    bool any = false;
    for (size_t i = 0; i < r->need_count; i++) {
        char names[256] = "";
        bool known = false;
        for (const char *at = r->needs[i]; *at;) {
            size_t n = strcspn(at, "|"), v = ph_scope_variable(&e->scope, at, n), used = strlen(names);
            snprintf(names + used, sizeof names - used, "%s%s", used ? "或" : "", e->scope.variables[v].title);
            known |= e->values[v].kind != PH_VALUE_UNKNOWN;
            at += n + (at[n] == '|');
        }
        if (!known) add_missing(out, names);
        any |= !known;
    }
    for (size_t i = 0; !any && i < e->scope.variable_count; i++)
        if (e->rule_marks[rule][i] && e->values[i].kind == PH_VALUE_UNKNOWN) add_missing(out, e->scope.variables[i].title);
}
