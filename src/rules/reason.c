#include "rules/reason.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/number.h"

#define SLOT_CAP 32

enum style { PLAIN, FIXED, PERCENT };

struct slot {
    size_t from, to; /* the text before it */
    enum style style;
    int decimals;
    struct ph_node *formula;
};

struct ph_reason {
    const char *text; /* borrowed */
    struct slot slots[SLOT_CAP];
    size_t slot_count, tail;
};

/* Length of the slot that starts after '{', up to its '}', texts in quotes passed over; 0 when it is not closed. */
static size_t slot_length(const char *at, size_t *style_at)
{
    bool quoted = false;
    *style_at = 0;
    for (size_t i = 0; at[i]; i++) {
        if (at[i] == '\'') quoted = !quoted;
        if (quoted) continue;
        if (at[i] == ':') *style_at = i;
        if (at[i] == '}') return i;
    }
    return 0;
}

static bool read_style(const char *at, size_t length, struct slot *slot)
{
    if (length == 1 && *at == '%') {
        slot->style = PERCENT;
        return true;
    }
    if (length == 3 && at[0] == '.' && at[1] >= '0' && at[1] <= '9' && at[2] == 'f') {
        slot->style = FIXED;
        slot->decimals = at[1] - '0';
        return true;
    }
    return false;
}

static enum ph_status fail(struct ph_place place, struct ph_error *err, const char *zh, const char *en)
{
    ph_fail(err, PH_E_RULES, "reason:%s", "reason: %s", zh);
    if (err) snprintf(err->en, sizeof err->en, "reason: %s", en);
    ph_at_line(err, place.file, place.line, place.column);
    return PH_E_RULES;
}

static enum ph_status take_slot(const struct ph_scope *scope, struct ph_calculator *c, struct ph_str expr, struct ph_place place,
                                struct ph_uses *uses, struct slot *slot, struct ph_error *err)
{
    if (c) return ph_calculator_prepare(c, expr.at, expr.length, place, uses, &slot->formula, err);
    struct ph_text sql;
    ph_text_init(&sql, PH_SQL_CAP);
    enum ph_status status = ph_expr_translate(scope, expr.at, expr.length, place, PH_BIND_DEFINES, &sql, uses, err);
    ph_text_dispose(&sql);
    return status;
}

static enum ph_status compile(const struct ph_scope *scope, struct ph_calculator *c, const char *text, struct ph_place place,
                              struct ph_uses *uses, struct ph_reason *r, struct ph_error *err)
{
    for (size_t i = 0; text[i]; i++) {
        const char *at = text + i;
        if (at[0] == '{' && at[1] == '{') {
            i++;
            continue;
        }
        if (at[0] != '{') continue;
        if (r->slot_count == SLOT_CAP) return fail(place, err, "空格位太多", "too many slots");
        size_t style_at, length = slot_length(at + 1, &style_at);
        if (length == 0) return fail(place, err, "花括号没有关上", "a brace is not closed");
        struct slot *slot = &r->slots[r->slot_count++];
        *slot = (struct slot){.from = r->tail, .to = i};
        if (style_at && !read_style(at + 1 + style_at + 1, length - style_at - 1, slot))
            return fail(place, err, "格式只有 :.2f 和 :%", "a format is :.2f or :%");
        PH_TRY(take_slot(scope, c, (struct ph_str){at + 1, style_at ? style_at : length}, place, uses, slot, err));
        i += length + 1;
        r->tail = i + 1;
    }
    return PH_OK;
}

enum ph_status ph_reason_compile(const struct ph_scope *scope, struct ph_calculator *calculator, const char *text,
                                 struct ph_place place, struct ph_uses *uses, struct ph_reason **out, struct ph_error *err)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) return ph_fail_memory(err);
    (*out)->text = text;
    return compile(scope, calculator, text, place, uses, *out, err);
}

/* A brace in it is the first of two. */
static void add_text(const struct ph_reason *reason, size_t from, size_t to, struct ph_text *out)
{
    while (from < to) {
        const char *at = reason->text + from, *brace = memchr(at, '{', to - from);
        size_t n = brace ? (size_t)(brace - at) + 1 : to - from;
        ph_text_add_str(out, (struct ph_str){at, n});
        from += n + (brace != NULL);
    }
}

static void add_value(const struct slot *slot, const struct ph_value *value, struct ph_text *out)
{
    char room[PH_NUMBER_ROOM];
    struct ph_str number = PH_STR("");
    double real = value->kind == PH_VALUE_INT ? (double)value->integer : value->kind == PH_VALUE_REAL ? value->real : 0;
    if (value->kind == PH_VALUE_UNKNOWN)
        ph_text_add(out, "未知");
    else if (value->kind == PH_VALUE_TEXT)
        ph_text_add(out, value->text);
    else if (value->kind == PH_VALUE_DATE)
        ph_date_print(room, value->date), ph_text_add(out, room);
    else if (slot->style == FIXED)
        number = ph_fixed_text(room, real, slot->decimals);
    else if (slot->style == PERCENT)
        number = ph_fixed_text(room, real * 100, 1);
    else
        number = ph_number_text(room, real);
    ph_text_add_str(out, number);
    if (slot->style == PERCENT && number.length > 0) ph_text_add(out, "%");
}

void ph_reason_add(const struct ph_reason *reason, struct ph_calculator *calculator, struct ph_text *out)
{
    for (size_t i = 0; i < reason->slot_count; i++) {
        const struct slot *slot = &reason->slots[i];
        struct ph_value value = ph_formula_value(calculator, slot->formula);
        add_text(reason, slot->from, slot->to, out);
        add_value(slot, &value, out);
    }
    add_text(reason, reason->tail, strlen(reason->text), out);
}

void ph_reason_free(struct ph_reason *reason)
{
    free(reason);
}
