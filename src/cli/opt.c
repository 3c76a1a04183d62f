#include "cli/opt.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/lang.h"

struct parser {
    const struct ph_opt_set *sets;
    size_t set_count;
    int argc, at;
    char *const *argv;
    struct ph_opt_error *err;
};

/* An option found in one of the tables, and where its value goes. */
struct found {
    const struct ph_opt *row;
    void *target;
};

__attribute__((format(printf, 2, 3))) static bool fail(struct ph_opt_error *err, const char *format, ...)
{
    if (err == NULL) return false;
    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return false;
}

static void *target_of(const struct ph_opt *row, void *options)
{
    return (char *)options + row->offset;
}

static bool is_list(const struct ph_opt *row)
{
    return row->kind == PH_OPT_LIST || row->kind == PH_OPT_PAIR || row->kind == PH_OPT_ARGUMENT;
}

void ph_opt_init(const struct ph_opt *table, void *options)
{
    for (const struct ph_opt *row = table; row->kind != PH_OPT_END; row++) {
        void *target = target_of(row, options);
        switch (row->kind) {
        case PH_OPT_END:
        case PH_OPT_HEADING: break;
        case PH_OPT_FLAG: *(bool *)target = false; break;
        case PH_OPT_TEXT: *(const char **)target = NULL; break;
        case PH_OPT_ARGUMENT:
        case PH_OPT_LIST:
        case PH_OPT_PAIR: *(struct ph_opt_list *)target = (struct ph_opt_list){0}; break;
        case PH_OPT_CHOICE: *(int *)target = -1; break;
        case PH_OPT_DATE: *(int32_t *)target = INT32_MIN; break;
        case PH_OPT_PERIOD: *(struct ph_opt_period *)target = (struct ph_opt_period){INT32_MIN, INT32_MIN}; break;
        case PH_OPT_NUMBER: *(double *)target = NAN; break;
        }
    }
}

void ph_opt_dispose(const struct ph_opt *table, void *options)
{
    for (const struct ph_opt *row = table; row->kind != PH_OPT_END; row++) {
        if (!is_list(row)) continue;
        struct ph_opt_list *list = target_of(row, options);
        for (size_t i = 0; i < list->count; i++) free(list->items[i]);
        free(list->items);
        *list = (struct ph_opt_list){0};
    }
}

void ph_opt_shown(const struct ph_opt *row, char *text, size_t size)
{
    const char *dashes = row->kind == PH_OPT_ARGUMENT ? "" : row->flags & PH_OPT_ONE_DASH ? "-" : "--";
    snprintf(text, size, "%s%s", dashes, row->name);
}

/* ---- values ---- */

/* YYYY-MM-DD of the Gregorian calendar and nothing else; days since 1970-01-01. */
static bool read_date(const char *text, size_t length, int32_t *days)
{
    static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (length != 10) return false;
    for (size_t i = 0; i < length; i++) {
        bool dash = i == 4 || i == 7;
        if (dash ? text[i] != '-' : text[i] < '0' || text[i] > '9') return false;
    }
    int year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + text[3] - '0';
    int month = (text[5] - '0') * 10 + text[6] - '0', day = (text[8] - '0') * 10 + text[9] - '0';
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (year < 1 || month < 1 || month > 12 || day < 1) return false;
    if (day > month_days[month - 1] + (month == 2 && leap)) return false;
    int past = year - 1;
    int32_t sum = past * 365 + past / 4 - past / 100 + past / 400 + day - 1;
    for (int m = 1; m < month; m++) sum += month_days[m - 1] + (m == 2 && leap);
    *days = sum - 719162; /* 1970-01-01 counted from 0001-01-01 */
    return true;
}

static bool read_period(const char *text, struct ph_opt_period *period)
{
    return strlen(text) == 21 && text[10] == '/' && read_date(text, 10, &period->from) && read_date(text + 11, 10, &period->to) &&
           period->from <= period->to;
}

/* Sign, digits, one point. With at most 15 digits both parts of the quotient are exact in a double, so the
 * result is the correctly rounded value, whatever the locale. */
static bool read_number(const char *text, double *number)
{
    static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    bool negative = *text == '-';
    if (*text == '-' || *text == '+') text++;
    int64_t whole = 0;
    size_t digits = 0, decimals = 0;
    bool point = false;
    for (; *text != '\0'; text++) {
        if (*text == '.' && !point) {
            point = true;
            continue;
        }
        if (*text < '0' || *text > '9' || ++digits > 15) return false;
        whole = whole * 10 + (*text - '0');
        decimals += point;
    }
    *number = (negative ? -(double)whole : (double)whole) / powers[decimals];
    return digits > 0;
}

static bool append(struct ph_opt_list *list, const char *first, const char *second, struct ph_opt_error *err)
{
    size_t head = strlen(first), tail = second == NULL ? 0 : strlen(second) + 1;
    char **items = realloc(list->items, (list->count + 2) * sizeof *items);
    if (items == NULL) return fail(err, "%s", _("out of memory"));
    list->items = items;
    items[list->count] = NULL;
    char *copy = malloc(head + tail + 1);
    if (copy == NULL) return fail(err, "%s", _("out of memory"));
    memcpy(copy, first, head + 1);
    if (second != NULL) {
        copy[head] = '=';
        memcpy(copy + head + 1, second, tail);
    }
    items[list->count++] = copy;
    items[list->count] = NULL;
    return true;
}

static bool set_choice(const struct ph_opt *row, int *target, const char *shown, const char *word, struct ph_opt_error *err)
{
    char all[256] = "";
    size_t used = 0;
    for (int i = 0; row->choices[i] != NULL; i++) {
        if (strcmp(row->choices[i], word) == 0) {
            *target = i;
            return true;
        }
        if (used < sizeof all) used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", i ? "|" : "", row->choices[i]);
    }
    return fail(err, _("%s takes one of %s, not '%s'"), shown, all, word);
}

static bool set_number(const struct ph_opt *row, double *target, const char *shown, const char *word, struct ph_opt_error *err)
{
    double number = NAN;
    if (!read_number(word, &number)) return fail(err, _("%s takes a number such as 0.5, not '%s'"), shown, word);
    if (row->max > row->min && (number < row->min || number > row->max)) {
        return fail(err, _("%s takes a number from %g to %g, not %s"), shown, row->min, row->max, word);
    }
    *target = number;
    return true;
}

static bool set_value(const struct found *it, const char *word, const char *second, struct ph_opt_error *err)
{
    const struct ph_opt *row = it->row;
    char shown[64];
    ph_opt_shown(row, shown, sizeof shown);
    if (word[0] == '\0') return fail(err, _("%s was given an empty value"), shown);
    if (row->flags & PH_OPT_KEY_VALUE) {
        const char *equals = strchr(word, '=');
        if (equals == NULL || equals == word) return fail(err, _("%s takes %s, not '%s'"), shown, row->value, word);
    }
    switch (row->kind) {
    case PH_OPT_TEXT: *(const char **)it->target = word; return true;
    case PH_OPT_ARGUMENT:
    case PH_OPT_LIST:
    case PH_OPT_PAIR: return append(it->target, word, second, err);
    case PH_OPT_CHOICE: return set_choice(row, it->target, shown, word, err);
    case PH_OPT_NUMBER: return set_number(row, it->target, shown, word, err);
    case PH_OPT_DATE:
        return read_date(word, strlen(word), it->target) ||
               fail(err, _("%s takes a date written YYYY-MM-DD that exists, not '%s'"), shown, word);
    case PH_OPT_PERIOD: {
        struct ph_opt_period period;
        if (!read_period(word, &period)) {
            return fail(err, _("%s takes two dates in order, YYYY-MM-DD/YYYY-MM-DD, not '%s'"), shown, word);
        }
        *(struct ph_opt_period *)it->target = period;
        return true;
    }
    case PH_OPT_END:
    case PH_OPT_HEADING:
    case PH_OPT_FLAG: break;
    }
    return false;
}

/* ---- words ---- */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t ph_opt_distance(const char *a, const char *b)
{
    enum { CAP = 32 };
    size_t row[CAP + 1], width = strlen(b), height = strlen(a);
    if (width > CAP || height > CAP) return CAP;
    for (size_t j = 0; j <= width; j++) row[j] = j;
    for (size_t i = 1; i <= height; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            size_t above = row[j];
            row[j] = least(least(above, row[j - 1]) + 1, corner + (a[i - 1] != b[j - 1]));
            corner = above;
        }
    }
    return row[width];
}

bool ph_opt_is_near(size_t distance, const char *written)
{
    return distance <= 1 + strlen(written) / 4;
}

/* The option a word with a dash names; `length` leaves "=value" out. row == NULL when there is none. */
static struct found find(const struct parser *p, const char *word, size_t length)
{
    bool two = word[1] == '-';
    const char *name = word + 1 + two;
    size_t name_length = length - 1 - two;
    for (size_t i = 0; i < p->set_count; i++) {
        for (const struct ph_opt *row = p->sets[i].table; row->kind != PH_OPT_END; row++) {
            if (row->kind == PH_OPT_HEADING || row->kind == PH_OPT_ARGUMENT) continue;
            bool letter = !two && name_length == 1 && row->letter == name[0];
            bool whole = strlen(row->name) == name_length && memcmp(row->name, name, name_length) == 0;
            if (letter || (whole && (two || (row->flags & PH_OPT_ONE_DASH)))) {
                return (struct found){row, target_of(row, p->sets[i].options)};
            }
        }
    }
    return (struct found){NULL, NULL};
}

static bool fail_unknown(const struct parser *p, const char *word, size_t length)
{
    char name[40], nearest[64] = "";
    size_t best = SIZE_MAX, skip = word[1] == '-' ? 2 : 1;
    snprintf(name, sizeof name, "%.*s", (int)(length - skip), word + skip);
    for (size_t i = 0; i < p->set_count; i++) {
        for (const struct ph_opt *row = p->sets[i].table; row->kind != PH_OPT_END; row++) {
            if (row->kind == PH_OPT_HEADING || row->kind == PH_OPT_ARGUMENT) continue;
            size_t distance = ph_opt_distance(name, row->name);
            if (distance >= best || !ph_opt_is_near(distance, name)) continue;
            best = distance;
            ph_opt_shown(row, nearest, sizeof nearest);
        }
    }
    if (nearest[0] == '\0') return fail(p->err, _("unknown option '%.*s'"), (int)length, word);
    return fail(p->err, _("unknown option '%.*s'; did you mean %s?"), (int)length, word, nearest);
}

/* The next word as a value. A word that is itself an option is not taken: it was forgotten, not meant. */
static const char *take(struct parser *p, const char *shown)
{
    const char *word = p->at < p->argc ? p->argv[p->at] : NULL;
    bool option = word != NULL && word[0] == '-' && word[1] != '\0' && find(p, word, strcspn(word, "=")).row != NULL;
    if (word == NULL || option) {
        fail(p->err, _("%s needs a value"), shown);
        return NULL;
    }
    p->at++;
    return word;
}

static bool read_option(struct parser *p)
{
    const char *word = p->argv[p->at++], *equals = word[1] == '-' ? strchr(word, '=') : NULL;
    size_t length = equals == NULL ? strlen(word) : (size_t)(equals - word);
    struct found it = find(p, word, length);
    if (it.row == NULL) return fail_unknown(p, word, length);
    char shown[64];
    ph_opt_shown(it.row, shown, sizeof shown);
    if (it.row->kind == PH_OPT_FLAG) {
        if (equals != NULL) return fail(p->err, _("%s takes no value"), shown);
        *(bool *)it.target = true;
        return true;
    }
    const char *value = equals == NULL ? take(p, shown) : equals + 1, *second = NULL;
    if (value == NULL) return false;
    if (it.row->kind == PH_OPT_PAIR) {
        if (strchr(value, '=') != NULL) return set_value(&it, value, NULL, p->err); /* newer GDAL: --config KEY=VALUE */
        second = take(p, shown);
        if (second == NULL) return false;
    }
    return set_value(&it, value, second, p->err);
}

static bool takes_arguments(const struct parser *p)
{
    for (size_t i = 0; i < p->set_count; i++) {
        for (const struct ph_opt *row = p->sets[i].table; row->kind != PH_OPT_END; row++) {
            if (row->kind == PH_OPT_ARGUMENT) return true;
        }
    }
    return false;
}

/* En dash, em dash, minus sign, full-width hyphen: what a word processor makes of "-". */
static bool has_wrong_dash(const char *word)
{
    static const char *const dashes[] = {"\u2013", "\u2014", "\u2212", "\uff0d"};
    for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++) {
        if (strncmp(word, dashes[i], 3) == 0) return true;
    }
    return false;
}

static bool read_argument(struct parser *p)
{
    const char *word = p->argv[p->at++];
    for (size_t i = 0; i < p->set_count; i++) {
        for (const struct ph_opt *row = p->sets[i].table; row->kind != PH_OPT_END; row++) {
            if (row->kind != PH_OPT_ARGUMENT) continue;
            struct found it = {row, target_of(row, p->sets[i].options)};
            if ((double)((struct ph_opt_list *)it.target)->count < row->max) return set_value(&it, word, NULL, p->err);
        }
    }
    if (has_wrong_dash(word)) return fail(p->err, _("'%s' begins with a typographic dash; options begin with '-' or '--'"), word);
    return fail(p->err, _("'%s' is one argument too many"), word);
}

bool ph_opt_parse(const struct ph_opt_set *sets, size_t set_count, int argc, char *const *argv, int *used,
                  struct ph_opt_error *err)
{
    struct parser p = {sets, set_count, argc, 0, argv, err};
    bool arguments = takes_arguments(&p), only_arguments = false, good = true;
    while (good && p.at < argc) {
        const char *word = argv[p.at];
        if (only_arguments || word[0] != '-' || word[1] == '\0') {
            if (!arguments && !only_arguments && !has_wrong_dash(word)) break;
            good = read_argument(&p);
        } else if (strcmp(word, "--") == 0) {
            only_arguments = true;
            p.at++;
        } else {
            good = read_option(&p);
        }
    }
    if (used != NULL) *used = p.at;
    return good;
}

bool ph_opt_check_arguments(const struct ph_opt *table, const void *options, struct ph_opt_error *err)
{
    for (const struct ph_opt *row = table; row->kind != PH_OPT_END; row++) {
        if (row->kind != PH_OPT_ARGUMENT) continue;
        const struct ph_opt_list *list = (const void *)((const char *)options + row->offset);
        if ((double)list->count < row->min) return fail(err, _("%s is missing"), row->name);
    }
    return true;
}
