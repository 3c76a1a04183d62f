#include "base/date.h"

#include <stdio.h>
#include <string.h>

enum { FIRST_YEAR = 1900, LAST_YEAR = 2200 };

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_length(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

/* Days from 0001-01-01 to the first day of the year. */
static int32_t days_before_year(int year)
{
    int y = year - 1;
    return y * 365 + y / 4 - y / 100 + y / 400;
}

enum { EPOCH = 719162 }; /* days from 0001-01-01 to 1970-01-01 */

int32_t ph_date_of(int year, int month, int day)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > month_length(year, month)) return INT32_MIN;
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    return days_before_year(year) - EPOCH + before[month - 1] + (month > 2 && is_leap(year)) + day - 1;
}

bool ph_date_parts(int32_t days, int *year, int *month, int *day)
{
    if (days < -EPOCH || days >= days_before_year(10000) - EPOCH) return false;
    /* Years that begin in March, so that a leap day comes last: 146097 days are 400 of them, 153 days five months. */
    int32_t since = days + EPOCH + 306, era = since / 146097, rest = since % 146097;
    int32_t y = (rest - rest / 1460 + rest / 36524 - rest / 146096) / 365;
    rest -= 365 * y + y / 4 - y / 100;
    int32_t m = (5 * rest + 2) / 153;
    *day = rest - (153 * m + 2) / 5 + 1;
    *month = m < 10 ? m + 3 : m - 9;
    *year = era * 400 + y + (m >= 10);
    return true;
}

bool ph_date_fits(int32_t days)
{
    return days >= days_before_year(FIRST_YEAR) - EPOCH && days < days_before_year(LAST_YEAR + 1) - EPOCH;
}

static void put_two(char *out, unsigned v)
{
    out[0] = (char)('0' + v / 10);
    out[1] = (char)('0' + v % 10);
}

void ph_date_print(char out[11], int32_t days)
{
    int year, month, day;
    out[0] = '\0';
    if (!ph_date_parts(days, &year, &month, &day)) return;
    put_two(out, (unsigned)year / 100);
    put_two(out + 2, (unsigned)year % 100);
    put_two(out + 5, (unsigned)month);
    put_two(out + 8, (unsigned)day);
    out[4] = out[7] = '-';
    out[10] = '\0';
}

int32_t ph_date_add_months(int32_t days, int64_t months)
{
    int year, month, day;
    if (!ph_date_parts(days, &year, &month, &day) || months > 120000 || months < -120000) return INT32_MIN;
    int count = year * 12 + month - 1 + (int)months;
    if (count < 12) return INT32_MIN;
    year = count / 12;
    month = count % 12 + 1;
    int last = month_length(year, month);
    return ph_date_of(year, month, day < last ? day : last);
}

int32_t ph_date_add_years(int32_t days, int64_t years)
{
    if (years > 10000 || years < -10000) return INT32_MIN;
    return ph_date_add_months(days, years * 12);
}

int32_t ph_date_add_days(int32_t days, int64_t more)
{
    int year, month, day;
    if (days == INT32_MIN || more > 4000000 || more < -4000000) return INT32_MIN;
    int64_t sum = days + more;
    if (sum <= INT32_MIN || sum > INT32_MAX || !ph_date_parts((int32_t)sum, &year, &month, &day)) return INT32_MIN;
    return (int32_t)sum;
}

int64_t ph_date_days_between(int32_t from, int32_t to)
{
    return from == INT32_MIN || to == INT32_MIN ? INT64_MIN : (int64_t)to - from;
}

int64_t ph_date_months_between(int32_t from, int32_t to)
{
    int y1, m1, d1, y2, m2, d2;
    if (!ph_date_parts(from, &y1, &m1, &d1) || !ph_date_parts(to, &y2, &m2, &d2)) return INT64_MIN;
    if (to < from) return -ph_date_months_between(to, from);
    int64_t months = (y2 - y1) * 12 + (m2 - m1);
    return ph_date_add_months(from, months) > to ? months - 1 : months;
}

/* A date's characters in half width, blanks as ' '. */
struct scan {
    uint32_t code[64]; /* ends in 0 */
    size_t at;
};

static bool start_scan(struct scan *scan, struct ph_str text)
{
    size_t count = 0;
    while (text.length > 0) {
        size_t n;
        uint32_t code;
        if (ph_utf8_next(text, &code, &n) != PH_UTF8_OK || count + 1 >= sizeof scan->code / sizeof *scan->code) return false;
        text = ph_str_after(text, n);
        code = ph_half_width(code);
        scan->code[count++] = ph_is_blank(code) ? ' ' : code;
    }
    scan->code[count] = 0;
    scan->at = 0;
    return true;
}

static bool digit(uint32_t code)
{
    return code >= '0' && code <= '9';
}

static void skip_blanks(struct scan *scan)
{
    while (scan->code[scan->at] == ' ') scan->at++;
}

static bool at_end(const struct scan *scan)
{
    return scan->code[scan->at] == 0;
}

static bool take(struct scan *scan, uint32_t code)
{
    if (scan->code[scan->at] != code) return false;
    scan->at++;
    return true;
}

/* A number of least..most digits that no further digit follows; -1 otherwise, with nothing taken. */
static int take_number(struct scan *scan, int least, int most)
{
    int value = 0, count = 0;
    while (count <= most && digit(scan->code[scan->at + (size_t)count])) {
        value = value * 10 + (int)(scan->code[scan->at + (size_t)count] - '0');
        count++;
    }
    if (count < least || count > most) return -1;
    scan->at += (size_t)count;
    return value;
}

/* Whether the rest is nothing or a time of day, as Beijing tells it. */
static bool take_time(struct scan *scan)
{
    static const char *const zones[] = {"+08", "+0800", "+08:00"};
    if (scan->code[scan->at] == 'T' && digit(scan->code[scan->at + 1])) scan->at++;
    skip_blanks(scan);
    if (at_end(scan)) return true;
    int hour = take_number(scan, 1, 2), second = 0;
    if (hour < 0 || hour > 23 || !take(scan, ':')) return false;
    int minute = take_number(scan, 2, 2);
    if (minute < 0 || minute > 59) return false;
    if (take(scan, ':') && ((second = take_number(scan, 2, 2)) < 0 || second > 59)) return false;
    if (take(scan, '.') && take_number(scan, 1, 9) < 0) return false;
    skip_blanks(scan);
    if (at_end(scan)) return true;
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        size_t n = 0;
        while (zones[i][n] != '\0' && scan->code[scan->at + n] == (unsigned char)zones[i][n]) n++;
        if (zones[i][n] == '\0' && scan->code[scan->at + n] == 0) return true;
    }
    return false;
}

/* The separator behind the year or month: one of - / . or the Chinese word. 0 when it is something else. */
static uint32_t take_separator(struct scan *scan, uint32_t word)
{
    skip_blanks(scan);
    uint32_t code = scan->code[scan->at];
    if (code != '-' && code != '/' && code != '.' && code != word) return 0;
    scan->at++;
    skip_blanks(scan);
    return code;
}

enum { NIAN = 0x5E74, YUE = 0x6708, RI = 0x65E5, HAO = 0x53F7, FEN = 0x4EFD };

static bool year_fits(int year)
{
    return year >= FIRST_YEAR && year <= LAST_YEAR;
}

static enum ph_parse partial(int year, int month)
{
    return year_fits(year) && month >= 1 && month <= 12 ? PH_PARSE_PARTIAL : PH_PARSE_BAD;
}

static enum ph_parse finish(struct scan *scan, int year, int month, int day, int32_t *days)
{
    if (!take_time(scan)) return PH_PARSE_BAD;
    if (year == 0 && month == 0 && day == 0) return PH_PARSE_EMPTY;
    int32_t found = ph_date_of(year, month, day);
    if (!year_fits(year) || found == INT32_MIN) return PH_PARSE_BAD;
    *days = found;
    return PH_PARSE_OK;
}

/* 20210601, 202106, 2021: all digits. A time may follow the eight. */
static enum ph_parse parse_digits(struct scan *scan, int32_t *days)
{
    int all = take_number(scan, 8, 8);
    if (all >= 0) return finish(scan, all / 10000, all / 100 % 100, all % 100, days);
    all = take_number(scan, 6, 6);
    if (all >= 0 && at_end(scan)) return partial(all / 100, all % 100);
    all = take_number(scan, 4, 4);
    return all >= 0 && at_end(scan) ? partial(all, 1) : PH_PARSE_BAD;
}

static enum ph_parse parse_parts(struct scan *scan, int32_t *days)
{
    int year = take_number(scan, 4, 4);
    uint32_t first = year < 0 ? 0 : take_separator(scan, NIAN);
    if (first == 0) return PH_PARSE_BAD;
    if (at_end(scan)) return first == NIAN ? partial(year, 1) : PH_PARSE_BAD;
    int month = take_number(scan, 1, 2);
    if (month < 0) return PH_PARSE_BAD;
    if (at_end(scan)) return partial(year, month);
    uint32_t second = take_separator(scan, YUE);
    if (second != (first == NIAN ? (uint32_t)YUE : first)) return PH_PARSE_BAD;
    if (at_end(scan)) return second == YUE ? partial(year, month) : PH_PARSE_BAD;
    if (second == YUE && take(scan, FEN)) return at_end(scan) ? partial(year, month) : PH_PARSE_BAD;
    int day = take_number(scan, 1, 2);
    if (day < 0) return PH_PARSE_BAD;
    if (second == YUE) {
        /* Without the closing word the day may have been cut: 2021年6月1 of 2021年6月15日. */
        skip_blanks(scan);
        if (!take(scan, RI) && !take(scan, HAO)) return PH_PARSE_BAD;
    }
    return finish(scan, year, month, day, days);
}

/* Only separators and blanks: the form's empty template. Only zeros: 0, 00000000. */
static bool is_blank_form(const struct scan *scan)
{
    bool zeros = true, marks = true;
    for (const uint32_t *c = scan->code; *c != 0; c++) {
        zeros = zeros && *c == '0';
        marks = marks && (*c == ' ' || *c == '-' || *c == '/' || *c == '.' || *c == NIAN || *c == YUE || *c == RI);
    }
    return zeros || marks;
}

/* YYYY-MM-DD in plain digits, as the program itself writes dates. */
static bool plain_form(const char *text, size_t length, int parts[3])
{
    static const char pattern[] = "dddd-dd-dd";
    if (length != sizeof pattern - 1) return false;
    int part = 0;
    parts[0] = parts[1] = parts[2] = 0;
    for (size_t i = 0; i < length; i++) {
        bool number = text[i] >= '0' && text[i] <= '9';
        if (number != (pattern[i] == 'd') || (!number && text[i] != '-')) return false;
        if (number)
            parts[part] = parts[part] * 10 + (text[i] - '0');
        else
            part++;
    }
    return true;
}

enum ph_parse ph_date_parse(const char *text, size_t length, int32_t *days)
{
    struct ph_str trimmed = ph_str_trim((struct ph_str){text, length});
    struct scan scan;
    int parts[3];
    if (plain_form(text, length, parts) && parts[0] >= FIRST_YEAR && parts[0] <= LAST_YEAR) {
        *days = ph_date_of(parts[0], parts[1], parts[2]);
        return *days == INT32_MIN ? PH_PARSE_BAD : PH_PARSE_OK;
    }
    *days = INT32_MIN;
    if (ph_says_nothing(trimmed)) return PH_PARSE_EMPTY;
    if (!start_scan(&scan, trimmed)) return PH_PARSE_BAD;
    if (is_blank_form(&scan)) return PH_PARSE_EMPTY;
    size_t digits = 0;
    while (digit(scan.code[digits])) digits++;
    return digits == 4 && scan.code[4] != 0 ? parse_parts(&scan, days) : parse_digits(&scan, days);
}
