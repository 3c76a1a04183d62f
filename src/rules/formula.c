#include "rules/formula.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rules/calculator.h"
#include "rules/quantity.h"

/* How tightly operators bind, as SQLite has it; a NOT takes in everything from EQUALITY on. */
enum { ANY = 1, CONJUNCTION, EQUALITY, ORDER, SUM, PRODUCT, JOIN };

#define DEPTH_CAP 1000 /* of parentheses and the like; what is deeper is left to SQLite */

struct parser {
    struct ph_calculator *calculator;
    const char *at, *end;
    int depth;
    bool failed; /* memory is out */
};

/* Functions return NULL for what they cannot read (or memory): then SQLite evaluates the whole. */
static struct ph_node *expression(struct parser *p, int least);

static bool name_byte(char c)
{
    return c == '_' || (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') || (ph_lower(c) >= 'a' && ph_lower(c) <= 'z');
}

static bool digit(const struct parser *p, size_t ahead)
{
    return p->at + ahead < p->end && p->at[ahead] >= '0' && p->at[ahead] <= '9';
}

static void skip_blanks(struct parser *p)
{
    while (p->at < p->end && strchr(" \t\r\n", *p->at)) p->at++;
}

/* Takes the word or sign if it comes next. */
static bool take(struct parser *p, const char *text)
{
    skip_blanks(p);
    size_t n = strlen(text);
    if (n > (size_t)(p->end - p->at) || !ph_str_same((struct ph_str){p->at, n}, (struct ph_str){text, n})) return false;
    if (name_byte(text[0]) && p->at + n < p->end && name_byte(p->at[n])) return false;
    p->at += n;
    return true;
}

static struct ph_node *new_node(struct parser *p, enum ph_op op, const char *from)
{
    struct ph_node *node = ph_arena_alloc(&p->calculator->arena, sizeof *node);
    p->failed |= node == NULL;
    if (node) *node = (struct ph_node){.op = op, .sql = {from, (size_t)(p->at - from)}};
    return node;
}

/* Whether AND or OR is decided by one constant among its operands. */
static bool decided(const struct ph_node *node)
{
    if (node->op != PH_OP_AND && node->op != PH_OP_OR) return false;
    for (const struct ph_node *n = node->child; n; n = n->next)
        if (n->op == PH_OP_CONSTANT && n->value.kind == PH_VALUE_INT && (n->value.integer != 0) == (node->op == PH_OP_OR)) return true;
    return false;
}

/* What is made of constants is worked out now. */
static struct ph_node *settle(struct parser *p, struct ph_node *node)
{
    struct ph_str rest = node->sql;
    bool constant = !ph_sql_parameter(&rest, &(size_t){0});
    for (const struct ph_node *n = node->child; n; n = n->next) constant &= n->op == PH_OP_CONSTANT;
    if (decided(node)) {
        node->value = (struct ph_value){.kind = PH_VALUE_INT, .integer = node->op == PH_OP_OR};
    } else if (constant) {
        struct ph_value v = ph_formula_value(p->calculator, node);
        bool mistaken = p->calculator->mistake != NULL; /* a mistake for whoever asks for it */
        p->calculator->mistake = NULL;
        if (mistaken) return node;
        if (v.kind == PH_VALUE_TEXT) v.text = ph_arena_text(&p->calculator->arena, v.text, strlen(v.text));
        if (v.kind == PH_VALUE_TEXT && v.text == NULL) return p->failed = true, NULL;
        node->value = v;
    } else {
        return node;
    }
    node->op = PH_OP_CONSTANT;
    return node;
}

/* A node over its operands, which come as a list. */
static struct ph_node *over(struct parser *p, enum ph_op op, const char *from, struct ph_node *operands)
{
    struct ph_node *node = operands ? new_node(p, op, from) : NULL;
    if (node == NULL) return NULL;
    node->child = operands;
    return settle(p, node);
}

static struct ph_node *last_of(struct ph_node *list)
{
    while (list->next) list = list->next;
    return list;
}

/* `left` and then `right`, NULL when there is no right. */
static struct ph_node *pair(struct ph_node *left, struct ph_node *right)
{
    last_of(left)->next = right;
    return right ? left : NULL;
}

/* "a, b, c)"; *count receives how many. */
static struct ph_node *list(struct parser *p, size_t *count)
{
    struct ph_node *first = expression(p, ANY), *last = first;
    for (*count = 1; last && take(p, ","); ++*count) last = last->next = expression(p, ANY);
    return last && take(p, ")") ? first : NULL;
}

static struct ph_node *text(struct parser *p)
{
    const char *from = p->at++, *end = p->at;
    while (end < p->end && (*end != '\'' || (end + 1 < p->end && end[1] == '\''))) end += *end == '\'' ? 2 : 1;
    char *copy = ph_arena_text(&p->calculator->arena, p->at, (size_t)(end - p->at)), *to = copy;
    if (copy == NULL || end == p->end) return p->failed |= copy == NULL, NULL;
    for (; p->at < end; p->at++) {
        if (*p->at == '\'') p->at++; /* doubled */
        *to++ = *p->at;
    }
    *to = '\0';
    p->at++;
    struct ph_node *node = new_node(p, PH_OP_CONSTANT, from);
    if (node) node->value = (struct ph_value){.kind = PH_VALUE_TEXT, .text = copy};
    return node;
}

/* SQLite reads them, so that they are the same numbers to the last digit. */
static struct ph_node *number(struct parser *p)
{
    const char *from = p->at;
    while (digit(p, 0)) p->at++;
    if (p->at < p->end && *p->at == '.') p->at++;
    while (digit(p, 0)) p->at++;
    if (p->at < p->end && ph_lower(*p->at) == 'e') {
        p->at++;
        if (p->at < p->end && (*p->at == '+' || *p->at == '-')) p->at++;
        if (!digit(p, 0)) return NULL;
        while (digit(p, 0)) p->at++;
    }
    if (p->at < p->end && name_byte(*p->at)) return NULL;
    struct ph_node *node = new_node(p, PH_OP_SQL, from);
    return node ? settle(p, node) : NULL;
}

static struct ph_node *name(struct parser *p)
{
    const char *from = p->at++;
    size_t index = 0;
    while (digit(p, 0)) index = index * 10 + (size_t)(*p->at++ - '0');
    struct ph_node *node = new_node(p, PH_OP_NAME, from);
    if (node) node->index = index - 1;
    return node;
}

static struct ph_node *choice(struct parser *p, const char *from)
{
    bool bare = take(p, "when");
    struct ph_node *first = bare ? NULL : expression(p, ANY), *last = first;
    if (!bare && (first == NULL || !take(p, "when"))) return NULL;
    do {
        struct ph_node *when = expression(p, ANY);
        struct ph_node *then = when && take(p, "then") ? expression(p, ANY) : NULL;
        if (then == NULL) return NULL;
        when->next = then;
        if (last) last->next = when;
        if (first == NULL) first = when;
        last = then;
    } while (take(p, "when"));
    if (take(p, "else") && (last->next = expression(p, ANY)) == NULL) return NULL;
    return take(p, "end") ? over(p, bare ? PH_OP_CASE : PH_OP_CASE_OF, from, first) : NULL;
}

static struct ph_node *call(struct parser *p, const char *from, struct ph_str function)
{
    static const struct {
        const char *name;
        enum ph_op op;
        size_t least, most; /* arguments; with others it is left to SQLite */
    } known[] = {
        {"coalesce", PH_OP_COALESCE, 2, SIZE_MAX}, {"ifnull", PH_OP_COALESCE, 2, 2}, {"iif", PH_OP_CASE, 3, 3},
        {"min", PH_OP_MIN, 2, SIZE_MAX},           {"max", PH_OP_MAX, 2, SIZE_MAX},  {"length", PH_OP_LENGTH, 1, 1},
        {"substr", PH_OP_SUBSTR, 2, 3},            {"round", PH_OP_ROUND, 2, 2},
    };
    size_t count;
    struct ph_node *arguments = list(p, &count);
    struct ph_node *node = arguments ? new_node(p, PH_OP_SQL, from) : NULL;
    if (node == NULL) return NULL;
    node->child = arguments;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (ph_str_same(function, ph_str_of(known[i].name)) && count >= known[i].least && count <= known[i].most) node->op = known[i].op;
    enum ph_step step;
    if (ph_calendar_find(function, &step)) {
        node->op = PH_OP_CALENDAR;
        node->index = step;
    }
    return settle(p, node);
}

static struct ph_node *word(struct parser *p)
{
    const char *from = p->at;
    if (take(p, "null")) return new_node(p, PH_OP_CONSTANT, from); /* unknown */
    if (take(p, "case")) return choice(p, from);
    if (take(p, "not")) {
        struct ph_node *operand = expression(p, EQUALITY);
        return over(p, PH_OP_NOT, from, operand);
    }
    size_t n = 0;
    while (p->at + n < p->end && name_byte(p->at[n])) n++;
    p->at += n;
    return take(p, "(") ? call(p, from, (struct ph_str){from, n}) : NULL;
}

static struct ph_node *operand(struct parser *p)
{
    skip_blanks(p);
    if (p->at == p->end) return NULL;
    const char *from = p->at;
    if (take(p, "(")) {
        struct ph_node *inside = expression(p, ANY);
        return inside && take(p, ")") ? inside : NULL;
    }
    if (take(p, "+")) return operand(p);
    if (take(p, "-")) {
        struct ph_node *of = operand(p);
        /* A number's sign is read with it: there is one more negative integer than positive ones. */
        return over(p, of && of->op == PH_OP_CONSTANT ? PH_OP_SQL : PH_OP_MINUS, from, of);
    }
    if (digit(p, 0) || (*from == '.' && digit(p, 1))) return number(p);
    if (*from == '\'') return text(p);
    return *from == '?' ? name(p) : word(p);
}

/* round(x, n) compared with 0: but for x next to 0 its sign decides, and no digits need be worked out. */
static struct ph_node *as_sign(struct ph_node *node)
{
    struct ph_node *left = node->child, *right = left->next;
    bool zero = right->op == PH_OP_CONSTANT && right->value.kind == PH_VALUE_INT && right->value.integer == 0;
    if (node->op < PH_OP_EQ || node->op > PH_OP_GE || left->op != PH_OP_ROUND || !zero) return node;
    const struct ph_node *digits = left->child->next;
    if (digits->op != PH_OP_CONSTANT || digits->value.kind != PH_VALUE_INT || digits->value.integer < 1 || digits->value.integer > 15) return node;
    node->index = node->op;
    node->op = PH_OP_SIGN;
    node->child = left->child;
    node->value = (struct ph_value){.kind = PH_VALUE_REAL, .real = 2 * pow(10, -(double)digits->value.integer)};
    return node;
}

/* Has `left` an operand more, where it is the same AND or OR. */
static struct ph_node *longer(const struct parser *p, struct ph_node *left, struct ph_node *right, const char *from)
{
    last_of(left->child)->next = right;
    left->sql = (struct ph_str){from, (size_t)(p->at - from)};
    if (decided(left)) {
        left->op = PH_OP_CONSTANT;
        left->value = (struct ph_value){.kind = PH_VALUE_INT, .integer = right->value.integer != 0};
    }
    return left;
}

static struct ph_node *binary(struct parser *p, enum ph_op op, int strength, struct ph_node *left, const char *from)
{
    struct ph_node *right = expression(p, strength + 1);
    if (right == NULL) return NULL;
    if ((op == PH_OP_AND || op == PH_OP_OR) && left->op == op) return longer(p, left, right, from);
    if (op == PH_OP_IS && right->op == PH_OP_CONSTANT && right->value.kind == PH_VALUE_UNKNOWN) return over(p, PH_OP_IS_NULL, from, left);
    struct ph_node *node = over(p, op, from, pair(left, right));
    return node ? as_sign(node) : NULL;
}

static struct ph_node *alike(struct parser *p, bool like, struct ph_node *left, const char *from, bool negated)
{
    struct ph_node *pattern = expression(p, EQUALITY + 1);
    bool plain = like && pattern && pattern->op == PH_OP_CONSTANT && pattern->value.kind == PH_VALUE_TEXT;
    struct ph_node *node = pattern ? new_node(p, plain ? PH_OP_LIKE : PH_OP_SQL, from) : NULL;
    if (node == NULL) return NULL;
    node->index = negated;
    node->child = pair(left, pattern);
    return settle(p, node);
}

/* IS, IN, BETWEEN, LIKE, GLOB, NULL, each with or without NOT: `not` has been read already, or follows IS. */
static struct ph_node *special(struct parser *p, struct ph_node *left, const char *from, bool negated)
{
    size_t count;
    struct ph_node *node = NULL;
    if (take(p, "isnull")) return over(p, PH_OP_IS_NULL, from, left);
    if (take(p, "notnull") || (negated && take(p, "null"))) return over(p, PH_OP_NOT_NULL, from, left);
    if (take(p, "like")) return alike(p, true, left, from, negated);
    if (take(p, "glob")) return alike(p, false, left, from, negated);
    if (take(p, "is")) {
        negated = take(p, "not");
        node = binary(p, PH_OP_IS, EQUALITY, left, from);
    } else if (take(p, "in")) {
        node = take(p, "(") ? over(p, PH_OP_IN, from, pair(left, list(p, &count))) : NULL;
    } else if (take(p, "between")) {
        struct ph_node *low = expression(p, EQUALITY), *high = low && take(p, "and") ? expression(p, EQUALITY + 1) : NULL;
        node = high ? over(p, PH_OP_BETWEEN, from, pair(left, pair(low, high))) : NULL;
    }
    return negated ? over(p, PH_OP_NOT, from, node) : node;
}

/* The operator that comes next and binds at least so tightly; false when none does. */
static bool take_operator(struct parser *p, int least, enum ph_op *op, int *strength)
{
    static const struct {
        const char *written;
        enum ph_op op;
        int strength;
    } operators[] = {
        {"or", PH_OP_OR, ANY},         {"and", PH_OP_AND, CONJUNCTION},  {"<>", PH_OP_NE, EQUALITY},  {"!=", PH_OP_NE, EQUALITY},
        {"==", PH_OP_EQ, EQUALITY},    {"=", PH_OP_EQ, EQUALITY},        {"<=", PH_OP_LE, ORDER},     {">=", PH_OP_GE, ORDER},
        {"<", PH_OP_LT, ORDER},        {">", PH_OP_GT, ORDER},           {"+", PH_OP_ADD, SUM},       {"-", PH_OP_SUBTRACT, SUM},
        {"*", PH_OP_MULTIPLY, PRODUCT}, {"/", PH_OP_DIVIDE, PRODUCT},    {"%", PH_OP_REMAINDER, PRODUCT}, {"||", PH_OP_CONCAT, JOIN},
    };
    const char *from = p->at;
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (!take(p, operators[i].written)) continue;
        *op = operators[i].op;
        *strength = operators[i].strength;
        if (*strength >= least) return true;
        p->at = from;
        return false;
    }
    return false;
}

/* Whether the word of a special operator comes next; it is not taken. */
static bool special_next(const struct parser *p)
{
    static const char *const words[] = {"is", "in", "between", "like", "glob", "isnull", "notnull", "not"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct parser ahead = *p;
        if (take(&ahead, words[i])) return true;
    }
    return false;
}

static struct ph_node *expression(struct parser *p, int least)
{
    skip_blanks(p);
    const char *from = p->at;
    struct ph_node *left = ++p->depth <= DEPTH_CAP ? operand(p) : NULL;
    enum ph_op op;
    int strength;
    while (left) {
        if (take_operator(p, least, &op, &strength))
            left = binary(p, op, strength, left, from);
        else if (least <= EQUALITY && special_next(p))
            left = special(p, left, from, take(p, "not"));
        else
            break;
    }
    p->depth--;
    return left;
}

struct ph_node *ph_formula_parse(struct ph_calculator *calculator, struct ph_str sql)
{
    struct parser p = {.calculator = calculator, .at = sql.at, .end = sql.at + sql.length};
    struct ph_node *node = expression(&p, ANY);
    skip_blanks(&p);
    bool whole = p.at == p.end;
    p.at = p.end;
    if (!p.failed && (node == NULL || !whole)) node = new_node(&p, PH_OP_SQL, sql.at);
    return p.failed ? NULL : node;
}
