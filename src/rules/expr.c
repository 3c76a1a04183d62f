#include "rules/expr.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define DEPTH_CAP 24 /* of defines that use defines */

struct word {
    const char *written, *sql;
};

/* The operators that SQLite writes as words. */
static const char *const keywords[] = {"and", "or",   "not",  "is",   "null", "in",     "between", "like", "case",
                                       "when", "then", "else", "end", "true", "false", "isnull",  "notnull", "glob"};

/* The pure functions, and their Chinese names. */
static const struct word functions[] = {
    {"add_years", NULL},  {"加年", "add_years"},      {"minus_years", NULL},   {"减年", "minus_years"},
    {"add_months", NULL}, {"加月", "add_months"},     {"minus_months", NULL},  {"减月", "minus_months"},
    {"add_days", NULL},   {"加日", "add_days"},       {"days_between", NULL},  {"相差天数", "days_between"},
    {"coalesce", NULL},   {"取先有", "coalesce"},     {"months_between", NULL}, {"相差月数", "months_between"},
    {"iif", NULL},        {"如果", "iif"},            {"ifnull", NULL},        {"nullif", NULL},
    {"abs", NULL},        {"绝对值", "abs"},          {"min", NULL},           {"较小", "min"},
    {"max", NULL},        {"较大", "max"},            {"round", NULL},         {"四舍五入", "round"},
    {"length", NULL},     {"长度", "length"},         {"substr", NULL},        {"截取", "substr"},
    {"instr", NULL},      {"位置", "instr"},          {"trim", NULL},          {"upper", NULL},
    {"lower", NULL},      {"replace", NULL},
};

/* Full-width signs that Chinese input methods produce. Blanks keep two of them from making a comment. */
static const struct word signs[] = {{"（", "("},   {"）", ")"},   {"，", ","},   {"＝", "="},   {"＜", "<"},   {"＞", ">"},
                                    {"≤", "<="},   {"≥", ">="},   {"≠", "<>"},   {"×", " * "},  {"÷", " / "},  {"＋", " + "},
                                    {"－", " - "}, {"＊", " * "}, {"／", " / "}, {"％", " % "}, {"\xE3\x80\x80", " "}};

struct translator {
    const struct ph_scope *scope;
    struct ph_place place;
    enum ph_define_mode mode;
    struct ph_text *sql;
    struct ph_uses *uses;
    int depth;
    struct ph_error *err;
};

static enum ph_status fail(const struct translator *t, enum ph_status status)
{
    return ph_at_line(t->err, t->place.file, t->place.line, t->place.column), status;
}

static bool same(const char *word, const char *at, size_t length)
{
    bool other = ((unsigned char)*word ^ (unsigned char)*at) & ~0x20u; /* by far the most */
    return !other && strlen(word) == length && strncasecmp(word, at, length) == 0;
}

static bool name_byte(unsigned char c)
{
    return c == '_' || c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static const struct word *sign_at(const char *at, size_t left)
{
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t n = strlen(signs[i].written);
        if (n <= left && memcmp(signs[i].written, at, n) == 0) return &signs[i];
    }
    return NULL;
}

static size_t name_length(const char *at, size_t left)
{
    size_t n = 0;
    while (n < left && name_byte((unsigned char)at[n]) && !((unsigned char)at[n] >= 0x80 && sign_at(at + n, left - n))) n++;
    return n;
}

size_t ph_scope_variable(const struct ph_scope *scope, const char *name, size_t length)
{
    for (size_t i = 0; i < scope->variable_count; i++) {
        const struct ph_variable *v = &scope->variables[i];
        if (same(v->name, name, length) || (v->title && same(v->title, name, length))) return i;
    }
    return SIZE_MAX;
}

static void add_parameter(struct translator *t, size_t index)
{
    t->uses->marks[index] = true;
    ph_text_addf(t->sql, "?%zu", index + 1);
}

static enum ph_status translate(struct translator *t, const char *at, size_t left);

static enum ph_status add_define(struct translator *t, size_t d)
{
    const struct ph_define *define = &t->scope->words->defines[d];
    size_t index = t->scope->variable_count + d;
    t->uses->marks[index] = true;
    if (++t->depth > DEPTH_CAP) {
        ph_fail(t->err, PH_E_RULES, "“%s”的定义绕回了自己", "the definition of '%s' refers to itself", define->name);
        return fail(t, PH_E_RULES);
    }
    struct ph_place outer = t->place;
    struct ph_text aside;
    ph_text_init(&aside, 1 << 20);
    struct ph_text *sql = t->sql;
    /* Where it is not written out, the definition is walked all the same, so that its own uses are marked. */
    bool written_out = t->mode == PH_EXPAND_DEFINES;
    if (written_out) {
        ph_text_add(t->sql, "(");
    } else {
        ph_text_addf(t->sql, "?%zu", index + 1);
        t->sql = &aside;
    }
    t->place = define->place;
    enum ph_status status = translate(t, define->expr, strlen(define->expr));
    t->place = outer;
    t->sql = sql;
    if (written_out) ph_text_add(t->sql, ")");
    ph_text_dispose(&aside);
    t->depth--;
    return status;
}

static enum ph_status unknown_name(struct translator *t, const char *at, size_t n, bool call)
{
    if (call)
        ph_fail(t->err, PH_E_RULES, "没有函数“%.*s”;规则里只能用纯函数,见 panhuo rules --explain functions",
                "no function '%.*s'; only pure functions may be used", (int)n, at);
    else
        ph_fail(t->err, PH_E_RULES, "没有字段、参数或定义叫“%.*s”", "no field, param or definition is called '%.*s'", (int)n, at);
    return fail(t, PH_E_RULES);
}

static enum ph_status add_name(struct translator *t, const char *at, size_t n, bool call)
{
    if (call)
        for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
            if (same(functions[i].written, at, n)) {
                ph_text_add(t->sql, functions[i].sql ? functions[i].sql : functions[i].written);
                return PH_OK;
            }
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (same(keywords[i], at, n)) {
            ph_text_addf(t->sql, " %s ", keywords[i]);
            return PH_OK;
        }
    if (call) return unknown_name(t, at, n, true);
    const struct ph_words *words = t->scope->words;
    for (size_t i = 0; i < words->define_count; i++)
        if (same(words->defines[i].name, at, n) || (words->defines[i].title && same(words->defines[i].title, at, n))) return add_define(t, i);
    for (size_t i = 0; i < words->param_count; i++)
        if (same(words->params[i].name, at, n) || (words->params[i].title && same(words->params[i].title, at, n))) {
            if (t->uses->params) t->uses->params[i] = true;
            ph_text_addf(t->sql, "(%s)", words->params[i].literal ? words->params[i].literal : "NULL");
            return PH_OK;
        }
    size_t v = ph_scope_variable(t->scope, at, n);
    if (v == SIZE_MAX) return unknown_name(t, at, n, false);
    add_parameter(t, v);
    return PH_OK;
}

static size_t string_length(const char *at, size_t left)
{
    for (size_t i = 1; i < left; i++) {
        if (at[i] != '\'') continue;
        if (i + 1 < left && at[i + 1] == '\'')
            i++;
        else
            return i + 1;
    }
    return 0;
}

/* Takes the name, keyword or call at `at`; *n receives what was read. */
static enum ph_status take_word(struct translator *t, const char *at, size_t left, size_t *n)
{
    *n = name_length(at, left);
    size_t next = *n;
    while (next < left && at[next] == ' ') next++;
    return add_name(t, at, *n, next < left && (at[next] == '(' || (sign_at(at + next, left - next) == &signs[0])));
}

static enum ph_status translate(struct translator *t, const char *at, size_t left)
{
    static const char operators[] = "()+-*/%<>=!|,. \t\r\n";
    size_t open = 0; /* parentheses: a stray one would end the column that the expression stands in */
    while (left > 0) {
        size_t n = 1;
        const struct word *sign = (unsigned char)*at >= 0x80 ? sign_at(at, left) : NULL;
        char bracket = sign ? sign->sql[0] : *at;
        if (bracket == '(') open++;
        if (bracket == ')' && open-- == 0)
            return ph_fail(t->err, PH_E_RULES, "多了右括号", "a closing parenthesis has no opening one"), fail(t, PH_E_RULES);
        if (sign) {
            n = strlen(sign->written);
            ph_text_add(t->sql, sign->sql);
        } else if (*at == '\'') {
            n = string_length(at, left);
            if (n == 0) return ph_fail(t->err, PH_E_RULES, "文字的单引号没有关上", "a text is not closed"), fail(t, PH_E_RULES);
            ph_text_add_str(t->sql, (struct ph_str){at, n});
        } else if (*at >= '0' && *at <= '9') {
            while (n < left && (name_byte((unsigned char)at[n]) || at[n] == '.') && sign_at(at + n, left - n) == NULL) n++;
            ph_text_add_str(t->sql, (struct ph_str){at, n});
        } else if (name_byte((unsigned char)*at)) {
            PH_TRY(take_word(t, at, left, &n));
        } else if (strchr(operators, *at)) {
            if ((*at == '-' && left > 1 && at[1] == '-') || (*at == '/' && left > 1 && at[1] == '*'))
                return ph_fail(t->err, PH_E_RULES, "表达式里不能有注释", "no comments inside an expression"), fail(t, PH_E_RULES);
            ph_text_add_str(t->sql, (struct ph_str){at, 1});
        } else {
            ph_fail(t->err, PH_E_RULES, "不允许的符号“%c”(文字用单引号)", "sign '%c' is not allowed (texts take single quotes)", *at);
            return fail(t, PH_E_RULES);
        }
        at += n;
        left -= n;
    }
    if (open > 0) return ph_fail(t->err, PH_E_RULES, "少了右括号", "a closing parenthesis is missing"), fail(t, PH_E_RULES);
    return PH_OK;
}

enum ph_status ph_expr_translate(const struct ph_scope *scope, const char *expr, size_t length, struct ph_place place,
                                 enum ph_define_mode mode, struct ph_text *sql, struct ph_uses *uses, struct ph_error *err)
{
    struct translator t = {.scope = scope, .place = place, .mode = mode, .sql = sql, .uses = uses, .err = err};
    return translate(&t, expr, length);
}

const char *ph_expr_function(size_t index, const char **title)
{
    size_t count = sizeof functions / sizeof *functions, i = 0;
    for (; i < count; i++)
        if (functions[i].sql == NULL && index-- == 0) break;
    *title = NULL;
    if (i == count) return NULL;
    for (size_t k = 0; k < count; k++)
        if (functions[k].sql && strcmp(functions[k].sql, functions[i].written) == 0) *title = functions[k].written;
    return functions[i].written;
}
