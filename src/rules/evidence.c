/* What a rule was decided on: evidence and missing values of the row evaluated last. */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/number.h"
#include "rules/engine_state.h"

static void add_integer(int64_t n, struct ph_text *out)
{
    char text[24], *end = text + sizeof text, *at = end;
    uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    do {
        *--at = (char)('0' + rest % 10);
    } while ((rest /= 10) > 0);
    if (n < 0) *--at = '-';
    ph_text_add_str(out, (struct ph_str){at, (size_t)(end - at)});
}

static void add_json_value(const struct ph_value *v, struct ph_text *out)
{
    char number[PH_NUMBER_ROOM];
    switch (v->kind) {
    case PH_VALUE_UNKNOWN: ph_text_add_str(out, PH_STR("null")); break;
    case PH_VALUE_INT: add_integer(v->integer, out); break;
    case PH_VALUE_REAL: ph_text_add_str(out, ph_number_text(number, v->real)); break;
    case PH_VALUE_TEXT: ph_text_add_json(out, ph_str_of(v->text)); break;
    case PH_VALUE_DATE:
        number[0] = '"';
        ph_date_print(number + 1, v->date);
        number[11] = '"';
        ph_text_add_str(out, (struct ph_str){number, 12});
        break;
    }
}

enum ph_status ph_engine_evidence(const struct ph_engine *e, size_t rule, struct ph_text *out, struct ph_error *err)
{
    const struct ph_ready *ready = &e->rules[rule];
    for (size_t i = 0; i < ready->term_count; i++) {
        struct ph_value v = ph_calculator_value(e->calculator, ready->terms[i].index);
        ph_text_add_str(out, ready->terms[i].key);
        add_json_value(&v, out);
    }
    ph_text_add(out, ready->term_count ? "}" : "{}");
    return ph_engine_settle(e, err);
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
            known |= ph_calculator_value(e->calculator, v).kind != PH_VALUE_UNKNOWN;
            at += n + (at[n] == '|');
        }
        if (!known) add_missing(out, names);
        any |= !known;
    }
    const struct ph_ready *ready = &e->rules[rule];
    for (size_t i = 0; !any && i < ready->term_count && ready->terms[i].index < e->scope.variable_count; i++) {
        size_t v = ready->terms[i].index;
        if (ph_calculator_value(e->calculator, v).kind == PH_VALUE_UNKNOWN) add_missing(out, e->scope.variables[v].title);
    }
}
