/* What formulas come to. Everything as SQLite does it; what is rare is left to it. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "model/table.h"
#include "rules/calculator.h"

static const struct ph_value unknown = {.kind = PH_VALUE_UNKNOWN};

static struct ph_value integer(int64_t n)
{
    return (struct ph_value){.kind = PH_VALUE_INT, .integer = n};
}

static struct ph_value real(double x)
{
    return isnan(x) ? unknown : (struct ph_value){.kind = PH_VALUE_REAL, .real = x};
}

static bool is_text(const struct ph_value *v)
{
    return v->kind >= PH_VALUE_TEXT;
}

static const char *text_of(const struct ph_value *v, char scratch[11])
{
    if (v->kind == PH_VALUE_TEXT) return v->text;
    ph_date_print(scratch, v->date);
    return scratch;
}

/* The short ways first: most operands are names and constants. */
static struct ph_value value_of(struct ph_calculator *c, struct ph_node *n)
{
    if (n->op == PH_OP_CONSTANT) return n->value;
    if (n->op == PH_OP_NAME && c->known[n->index]) return c->values[n->index];
    return ph_formula_value(c, n);
}

/* 1, 0, or -1 for unknown. */
static int truth(struct ph_calculator *c, struct ph_value v)
{
    switch (v.kind) {
    case PH_VALUE_UNKNOWN: return -1;
    case PH_VALUE_INT: return v.integer != 0;
    case PH_VALUE_REAL: return v.real != 0;
    default: return ph_calculator_number(c, &v) != 0;
    }
}

int ph_formula_truth(struct ph_calculator *c, struct ph_node *n)
{
    return truth(c, value_of(c, n));
}

static struct ph_value of_truth(int t)
{
    return t < 0 ? unknown : integer(t);
}

/* AND, OR: the first operand that decides does. */
static struct ph_value junction(struct ph_calculator *c, struct ph_node *n)
{
    bool deciding = n->op == PH_OP_OR;
    int result = !deciding;
    for (struct ph_node *each = n->child; each; each = each->next) {
        int t = ph_formula_truth(c, each);
        if (t == deciding) return integer(deciding);
        if (t < 0) result = -1;
    }
    return of_truth(result);
}

static struct ph_value negation(struct ph_calculator *c, struct ph_node *n)
{
    int t = ph_formula_truth(c, n->child);
    return t < 0 ? unknown : integer(!t);
}

static struct ph_value is_null(struct ph_calculator *c, struct ph_node *n)
{
    return integer((value_of(c, n->child).kind == PH_VALUE_UNKNOWN) == (n->op == PH_OP_IS_NULL));
}

static int order(double a, double b)
{
    return (a > b) - (a < b);
}

/* Exactly, though not every integer is a double. */
static int compare_mixed(int64_t i, double r)
{
    if (r < -0x1p63) return 1;
    if (r >= 0x1p63) return -1;
    int64_t whole = (int64_t)r;
    return i != whole ? (i > whole) - (i < whole) : order((double)i, r);
}

/* Of known values: numbers come before texts, texts by their bytes. */
static int compare(const struct ph_value *a, const struct ph_value *b)
{
    if (is_text(a) != is_text(b)) return is_text(a) ? 1 : -1;
    if (a->kind == PH_VALUE_DATE && b->kind == PH_VALUE_DATE) return (a->date > b->date) - (a->date < b->date);
    if (is_text(a)) {
        char own[11], other[11];
        return strcmp(text_of(a, own), text_of(b, other));
    }
    if (a->kind == PH_VALUE_INT && b->kind == PH_VALUE_INT) return (a->integer > b->integer) - (a->integer < b->integer);
    if (a->kind == PH_VALUE_INT) return compare_mixed(a->integer, b->real);
    if (b->kind == PH_VALUE_INT) return -compare_mixed(b->integer, a->real);
    return order(a->real, b->real);
}

static bool holds(enum ph_op op, int comparison)
{
    switch (op) {
    case PH_OP_EQ: return comparison == 0;
    case PH_OP_NE: return comparison != 0;
    case PH_OP_LT: return comparison < 0;
    case PH_OP_LE: return comparison <= 0;
    case PH_OP_GT: return comparison > 0;
    default: return comparison >= 0;
    }
}

/* a op b: 1, 0, or -1 for unknown. */
static int relation(enum ph_op op, const struct ph_value *a, const struct ph_value *b)
{
    return a->kind == PH_VALUE_UNKNOWN || b->kind == PH_VALUE_UNKNOWN ? -1 : holds(op, compare(a, b));
}

static struct ph_value related(struct ph_calculator *c, struct ph_node *n)
{
    struct ph_value a = value_of(c, n->child), b = value_of(c, n->child->next);
    return of_truth(relation(n->op, &a, &b));
}

static struct ph_value sign(struct ph_calculator *c, struct ph_node *n)
{
    struct ph_value v = value_of(c, n->child);
    if (v.kind == PH_VALUE_UNKNOWN) return unknown;
    double x = v.kind == PH_VALUE_REAL ? v.real : v.kind == PH_VALUE_INT ? (double)v.integer : NAN;
    bool plain = fabs(x) >= n->value.real || x == 0;
    return plain ? integer(holds((enum ph_op)n->index, order(x, 0))) : ph_calculator_by_sqlite(c, n);
}

static struct ph_value same(struct ph_calculator *c, struct ph_node *n)
{
    struct ph_value a = value_of(c, n->child), b = value_of(c, n->child->next);
    bool both = a.kind != PH_VALUE_UNKNOWN && b.kind != PH_VALUE_UNKNOWN;
    return integer(both ? compare(&a, &b) == 0 : a.kind == b.kind);
}

static struct ph_value between(struct ph_calculator *c, struct ph_node *n)
{
    struct ph_value v = value_of(c, n->child), low = value_of(c, n->child->next),
                    high = value_of(c, n->child->next->next);
    int from = relation(PH_OP_GE, &v, &low), to = relation(PH_OP_LE, &v, &high);
    return of_truth(from == 0 || to == 0 ? 0 : from < 0 || to < 0 ? -1 : 1);
}

static struct ph_value in_list(struct ph_calculator *c, struct ph_node *n)
{
    struct ph_value v = value_of(c, n->child);
    int result = 0;
    for (struct ph_node *each = n->child->next; each && v.kind != PH_VALUE_UNKNOWN; each = each->next) {
        struct ph_value other = value_of(c, each);
        int equal = relation(PH_OP_EQ, &v, &other);
        if (equal > 0) return integer(1);
        if (equal < 0) result = -1;
    }
    return v.kind == PH_VALUE_UNKNOWN ? unknown : of_truth(result);
}

static const char *after_character(const char *at)
{
    if ((unsigned char)*at++ < 0xC0) return at;
    while (((unsigned char)*at & 0xC0) == 0x80) at++;
    return at;
}

/* % stands for any text, _ for one character; ASCII letters match in either case. */
static bool matches(const char *pattern, const char *text)
{
    const char *star = NULL, *retry = NULL; /* behind the last %, and where what follows it is tried */
    while (*text) {
        if (*pattern == '%') {
            star = ++pattern;
            retry = text;
        } else if (*pattern == '_') {
            pattern++;
            text = after_character(text);
        } else if (ph_lower(*pattern) == ph_lower(*text)) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star;
            text = retry = after_character(retry);
        } else {
            return false;
        }
    }
    return pattern[strspn(pattern, "%")] == '\0';
}

static struct ph_value like(struct ph_calculator *c, struct ph_node *n)
{
    struct ph_value v = value_of(c, n->child);
    if (v.kind == PH_VALUE_UNKNOWN) return unknown;
    if (!is_text(&v)) return ph_calculator_by_sqlite(c, n);
    char scratch[11];
    return integer(matches(n->child->next->value.text, text_of(&v, scratch)) != (bool)n->index);
}

static struct ph_value arithmetic_int(enum ph_op op, int64_t a, int64_t b)
{
    int64_t result;
    switch (op) {
    case PH_OP_ADD: return __builtin_add_overflow(a, b, &result) ? real((double)a + (double)b) : integer(result);
    case PH_OP_SUBTRACT: return __builtin_sub_overflow(a, b, &result) ? real((double)a - (double)b) : integer(result);
    case PH_OP_MULTIPLY: return __builtin_mul_overflow(a, b, &result) ? real((double)a * (double)b) : integer(result);
    default: break;
    }
    if (b == 0) return unknown;
    if (op == PH_OP_REMAINDER) return integer(b == -1 ? 0 : a % b);
    return b == -1 && a == INT64_MIN ? real(0x1p63) : integer(a / b);
}

static struct ph_value arithmetic(struct ph_calculator *c, struct ph_node *n)
{
    struct ph_value a = value_of(c, n->child), b = value_of(c, n->child->next);
    if (a.kind == PH_VALUE_UNKNOWN || b.kind == PH_VALUE_UNKNOWN) return unknown;
    if (a.kind == PH_VALUE_INT && b.kind == PH_VALUE_INT) return arithmetic_int(n->op, a.integer, b.integer);
    if (is_text(&a) || is_text(&b) || n->op == PH_OP_REMAINDER) return ph_calculator_by_sqlite(c, n);
    double x = a.kind == PH_VALUE_REAL ? a.real : (double)a.integer, y = b.kind == PH_VALUE_REAL ? b.real : (double)b.integer;
    switch (n->op) {
    case PH_OP_ADD: return real(x + y);
    case PH_OP_SUBTRACT: return real(x - y);
    case PH_OP_MULTIPLY: return real(x * y);
    default: return y == 0 ? unknown : real(x / y);
    }
}

static struct ph_value minus(struct ph_calculator *c, struct ph_node *n)
{
    struct ph_value v = value_of(c, n->child);
    switch (v.kind) {
    case PH_VALUE_UNKNOWN: return unknown;
    case PH_VALUE_INT: return arithmetic_int(PH_OP_SUBTRACT, 0, v.integer);
    case PH_VALUE_REAL: return real(0 - v.real);
    default: return ph_calculator_by_sqlite(c, n);
    }
}

static struct ph_value concatenation(struct ph_calculator *c, struct ph_node *n)
{
    const struct ph_value parts[] = {value_of(c, n->child), value_of(c, n->child->next)};
    char scratch[2][24];
    const char *texts[2];
    size_t lengths[2];
    for (int i = 0; i < 2; i++) {
        if (parts[i].kind == PH_VALUE_UNKNOWN) return unknown;
        if (parts[i].kind == PH_VALUE_REAL) return parts[!i].kind == PH_VALUE_UNKNOWN ? unknown : ph_calculator_by_sqlite(c, n);
        if (parts[i].kind == PH_VALUE_INT)
            snprintf(scratch[i], sizeof scratch[i], "%lld", (long long)parts[i].integer), texts[i] = scratch[i];
        else
            texts[i] = text_of(&parts[i], scratch[i]);
        lengths[i] = strlen(texts[i]);
    }
    char *joined = ph_calculator_room(c, lengths[0] + lengths[1] + 1);
    if (joined == NULL) return unknown;
    memcpy(joined, texts[0], lengths[0]);
    memcpy(joined + lengths[0], texts[1], lengths[1] + 1);
    return (struct ph_value){.kind = PH_VALUE_TEXT, .text = joined};
}

static struct ph_value choose(struct ph_calculator *c, struct ph_node *n)
{
    struct ph_node *when = n->child;
    struct ph_value of = unknown;
    if (n->op == PH_OP_CASE_OF) {
        of = value_of(c, when);
        when = when->next;
    }
    for (; when && when->next; when = when->next->next) {
        struct ph_value v = value_of(c, when);
        int taken = n->op == PH_OP_CASE_OF ? relation(PH_OP_EQ, &of, &v) : truth(c, v);
        if (taken > 0) return value_of(c, when->next);
    }
    return when ? value_of(c, when) : unknown;
}

static struct ph_value first_known(struct ph_calculator *c, struct ph_node *n)
{
    struct ph_value v = unknown;
    for (struct ph_node *each = n->child; each && v.kind == PH_VALUE_UNKNOWN; each = each->next) v = value_of(c, each);
    return v;
}

/* Of equals, min gives the last and max the first: 1 and 1.0 are equal. */
static struct ph_value extreme(struct ph_calculator *c, struct ph_node *n)
{
    struct ph_value best = value_of(c, n->child);
    for (struct ph_node *each = n->child->next; each; each = each->next) {
        struct ph_value v = value_of(c, each);
        if (best.kind == PH_VALUE_UNKNOWN || v.kind == PH_VALUE_UNKNOWN) return unknown;
        int comparison = compare(&best, &v);
        if (n->op == PH_OP_MIN ? comparison >= 0 : comparison < 0) best = v;
    }
    return best;
}

static struct ph_value length(struct ph_calculator *c, struct ph_node *n)
{
    struct ph_value v = value_of(c, n->child);
    if (v.kind == PH_VALUE_UNKNOWN) return unknown;
    if (!is_text(&v)) return ph_calculator_by_sqlite(c, n);
    char scratch[11];
    int64_t count = 0;
    for (const char *at = text_of(&v, scratch); *at; at = after_character(at)) count++;
    return integer(count);
}

static bool within(const struct ph_value *v, int64_t least)
{
    return v->kind == PH_VALUE_INT && v->integer >= least && v->integer <= INT32_MAX;
}

/* substr(text, from, count) counted from the front; from 0 or the end, and numbers, are left to SQLite. */
static struct ph_value part(struct ph_calculator *c, struct ph_node *n)
{
    struct ph_node *from_node = n->child->next;
    struct ph_value v = value_of(c, n->child), from = value_of(c, from_node), count = integer(INT32_MAX);
    if (from_node->next) count = value_of(c, from_node->next);
    if (v.kind == PH_VALUE_UNKNOWN || from.kind == PH_VALUE_UNKNOWN || count.kind == PH_VALUE_UNKNOWN) return unknown;
    if (!is_text(&v) || !within(&from, 1) || !within(&count, 0)) return ph_calculator_by_sqlite(c, n);
    char scratch[11];
    const char *start = text_of(&v, scratch);
    for (int64_t i = 1; i < from.integer && *start; i++) start = after_character(start);
    const char *end = start;
    for (int64_t i = 0; i < count.integer && *end; i++) end = after_character(end);
    size_t bytes = (size_t)(end - start);
    char *copy = ph_calculator_room(c, bytes + 1);
    if (copy == NULL) return unknown;
    memcpy(copy, start, bytes);
    copy[bytes] = '\0';
    return (struct ph_value){.kind = PH_VALUE_TEXT, .text = copy};
}

/* The date that a text or date is; a mistake when it is none. */
static int32_t date_of(struct ph_calculator *c, const struct ph_value *v)
{
    int32_t date = v->date;
    bool good = v->kind == PH_VALUE_DATE ? ph_date_fits(date) : ph_date_parse(v->text, strlen(v->text), &date) == PH_PARSE_OK;
    if (!good && c->mistake == NULL) c->mistake = PH_NOT_A_DATE;
    return good ? date : PH_DATE_UNKNOWN;
}

static struct ph_value calendar(struct ph_calculator *c, struct ph_node *n)
{
    enum ph_step step = (enum ph_step)n->index;
    struct ph_value a = value_of(c, n->child), b = value_of(c, n->child->next);
    if (a.kind == PH_VALUE_UNKNOWN || b.kind == PH_VALUE_UNKNOWN) return unknown;
    bool spans = step >= PH_DAYS_BETWEEN;
    if (!is_text(&a) || (spans ? !is_text(&b) : b.kind != PH_VALUE_INT)) return ph_calculator_by_sqlite(c, n);
    int32_t from = date_of(c, &a), to = spans ? date_of(c, &b) : 0;
    if (from == PH_DATE_UNKNOWN || to == PH_DATE_UNKNOWN) return unknown;
    if (spans) return integer(ph_calendar_between(step, from, to));
    if (step == PH_ADD_DAYS && b.integer == 0) return a; /* as it was written */
    int32_t moved = ph_calendar_move(step, from, b.integer);
    return moved == PH_DATE_UNKNOWN ? unknown : (struct ph_value){.kind = PH_VALUE_DATE, .date = moved};
}

static struct ph_value constant(struct ph_calculator *c, struct ph_node *n)
{
    (void)c;
    return n->value;
}

static struct ph_value named(struct ph_calculator *c, struct ph_node *n)
{
    return ph_calculator_value(c, n->index);
}

struct ph_value ph_formula_value(struct ph_calculator *c, struct ph_node *n)
{
    static struct ph_value (*const operations[])(struct ph_calculator *, struct ph_node *) = {
        [PH_OP_SQL] = ph_calculator_by_sqlite,
        [PH_OP_CONSTANT] = constant,
        [PH_OP_NAME] = named,
        [PH_OP_AND] = junction,
        [PH_OP_OR] = junction,
        [PH_OP_NOT] = negation,
        [PH_OP_EQ] = related,
        [PH_OP_NE] = related,
        [PH_OP_LT] = related,
        [PH_OP_LE] = related,
        [PH_OP_GT] = related,
        [PH_OP_GE] = related,
        [PH_OP_SIGN] = sign,
        [PH_OP_IS] = same,
        [PH_OP_IS_NULL] = is_null,
        [PH_OP_NOT_NULL] = is_null,
        [PH_OP_BETWEEN] = between,
        [PH_OP_IN] = in_list,
        [PH_OP_LIKE] = like,
        [PH_OP_ADD] = arithmetic,
        [PH_OP_SUBTRACT] = arithmetic,
        [PH_OP_MULTIPLY] = arithmetic,
        [PH_OP_DIVIDE] = arithmetic,
        [PH_OP_REMAINDER] = arithmetic,
        [PH_OP_CONCAT] = concatenation,
        [PH_OP_MINUS] = minus,
        [PH_OP_CASE] = choose,
        [PH_OP_CASE_OF] = choose,
        [PH_OP_COALESCE] = first_known,
        [PH_OP_MIN] = extreme,
        [PH_OP_MAX] = extreme,
        [PH_OP_LENGTH] = length,
        [PH_OP_SUBSTR] = part,
        [PH_OP_ROUND] = ph_calculator_by_sqlite,
        [PH_OP_CALENDAR] = calendar,
    };
    return operations[n->op](c, n);
}
