#include "base/unit.h"

#include <string.h>

struct unit {
    enum ph_quantity quantity;
    const char *word; /* in the form that `simplify` gives */
    struct ph_factor factor;
};

/* 1 m² = 3/2000 mu; 元 counts 1/10000 万元; a cubic metre of water is a tonne. */
static const struct unit units[] = {
    {PH_AREA, "m2", {1, 1}},
    {PH_AREA, "sqm", {1, 1}},
    {PH_AREA, "平方米", {1, 1}},
    {PH_AREA, "平米", {1, 1}},
    {PH_AREA, "亩", {2000, 3}},
    {PH_AREA, "市亩", {2000, 3}},
    {PH_AREA, "mu", {2000, 3}},
    {PH_AREA, "万亩", {20000000, 3}},
    {PH_AREA, "公顷", {10000, 1}},
    {PH_AREA, "ha", {10000, 1}},
    {PH_AREA, "hm2", {10000, 1}},
    {PH_AREA, "万平方米", {10000, 1}},
    {PH_AREA, "万平米", {10000, 1}},
    {PH_AREA, "万m2", {10000, 1}},
    {PH_AREA, "平方公里", {1000000, 1}},
    {PH_AREA, "平方千米", {1000000, 1}},
    {PH_AREA, "km2", {1000000, 1}},
    {PH_MONEY, "万元", {1, 1}},
    {PH_MONEY, "万", {1, 1}},
    {PH_MONEY, "wan", {1, 1}},
    {PH_MONEY, "人民币万元", {1, 1}},
    {PH_MONEY, "万元人民币", {1, 1}},
    {PH_MONEY, "元", {1, 10000}},
    {PH_MONEY, "人民币元", {1, 10000}},
    {PH_MONEY, "yuan", {1, 10000}},
    {PH_MONEY, "千元", {1, 10}},
    {PH_MONEY, "百万元", {100, 1}},
    {PH_MONEY, "千万元", {1000, 1}},
    {PH_MONEY, "亿元", {10000, 1}},
    {PH_MONEY, "亿", {10000, 1}},
    {PH_PERCENT, "%", {1, 1}},
    {PH_PERCENT, "pct", {1, 1}},
    {PH_PERCENT, "percent", {1, 1}},
    {PH_PERCENT, "百分比", {1, 1}},
    {PH_PERCENT, "‰", {1, 10}},
    {PH_ENERGY, "tce", {1, 1}},
    {PH_ENERGY, "吨标准煤", {1, 1}},
    {PH_ENERGY, "吨标煤", {1, 1}},
    {PH_ENERGY, "千克标准煤", {1, 1000}},
    {PH_ENERGY, "公斤标准煤", {1, 1000}},
    {PH_ENERGY, "千克标煤", {1, 1000}},
    {PH_ENERGY, "kgce", {1, 1000}},
    {PH_ENERGY, "万吨标准煤", {10000, 1}},
    {PH_ENERGY, "万吨标煤", {10000, 1}},
    {PH_ENERGY, "万tce", {10000, 1}},
    {PH_ELECTRICITY, "kwh", {1, 1}},
    {PH_ELECTRICITY, "千瓦时", {1, 1}},
    {PH_ELECTRICITY, "千瓦小时", {1, 1}},
    {PH_ELECTRICITY, "度", {1, 1}},
    {PH_ELECTRICITY, "mwh", {1000, 1}},
    {PH_ELECTRICITY, "兆瓦时", {1000, 1}},
    {PH_ELECTRICITY, "万kwh", {10000, 1}},
    {PH_ELECTRICITY, "万千瓦时", {10000, 1}},
    {PH_ELECTRICITY, "万度", {10000, 1}},
    {PH_WATER, "吨", {1, 1}},
    {PH_WATER, "t", {1, 1}},
    {PH_WATER, "立方米", {1, 1}},
    {PH_WATER, "m3", {1, 1}},
    {PH_WATER, "方", {1, 1}},
    {PH_WATER, "万吨", {10000, 1}},
    {PH_WATER, "万立方米", {10000, 1}},
    {PH_WATER, "万m3", {10000, 1}},
    {PH_WATER, "万方", {10000, 1}},
    {PH_MASS, "吨", {1, 1}},
    {PH_MASS, "t", {1, 1}},
    {PH_MASS, "千克", {1, 1000}},
    {PH_MASS, "公斤", {1, 1000}},
    {PH_MASS, "kg", {1, 1000}},
    {PH_SHARE, "%", {1, 100}},
    {PH_SHARE, "pct", {1, 100}},
    {PH_SHARE, "percent", {1, 100}},
    {PH_SHARE, "百分比", {1, 100}},
    {PH_SHARE, "‰", {1, 1000}},
    {PH_PLAIN, "人", {1, 1}},
    {PH_PLAIN, "个", {1, 1}},
    {PH_PLAIN, "天", {1, 1}},
    {PH_PLAIN, "日", {1, 1}},
    {PH_PLAIN, "年", {1, 1}},
    {PH_PLAIN, "家", {1, 1}},
    {PH_PLAIN, "宗", {1, 1}},
    {PH_PLAIN, "当量", {1, 1}},
    {PH_PLAIN, "分", {1, 1}},
};

/* Units that stand in tables but convert to none of ours without a factor that nobody stated. */
static const char *const foreign[] = {
    "gj", "mj", "万美元", "美元", "usd", "港元", "万港元", "欧元",
};

enum { WORD_BYTES = 40 };

double ph_factor_apply(struct ph_factor factor, double value)
{
    if (factor.times == factor.over) return value;
    return value * (double)factor.times / (double)factor.over;
}

const char *ph_unit_kept(enum ph_quantity quantity)
{
    switch (quantity) {
    case PH_AREA: return "m²";
    case PH_MONEY: return "万元";
    case PH_PER_MU: return "万元/亩";
    case PH_PERCENT: return "%";
    case PH_ENERGY: return "吨标准煤";
    case PH_ELECTRICITY: return "kWh";
    case PH_WATER:
    case PH_MASS: return "吨";
    case PH_SHARE:
    case PH_PLAIN: break;
    }
    return "";
}

/* Half width, lower case, without blanks; ² ³ ㎡ ㎥ ㎢ ㏊ in letters. False when no unit is that long. */
static bool simplify(struct ph_str word, char out[WORD_BYTES])
{
    size_t length = 0;
    while (word.length > 0) {
        uint32_t code;
        size_t n;
        char bytes[4] = "";
        ph_utf8_next(word, &code, &n);
        word = ph_str_after(word, n);
        code = ph_half_width(code);
        const char *letters = code == 0xB2 ? "2" : code == 0xB3 ? "3" : code == 0x33A1 ? "m2" : code == 0x33A5 ? "m3" : code == 0x33A2 ? "km2"
                              : code == 0x33CA ? "ha" : NULL;
        if (ph_is_blank(code)) continue;
        size_t put = letters != NULL ? strlen(letters) : ph_utf8_put(bytes, code);
        if (length + put >= WORD_BYTES) return false;
        memcpy(out + length, letters != NULL ? letters : bytes, put);
        if (put == 1) out[length] = ph_lower(out[length]);
        length += put;
    }
    out[length] = '\0';
    return true;
}

static bool find_unit(const char *word, enum ph_quantity quantity, struct ph_factor *factor)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (units[i].quantity != quantity || strcmp(units[i].word, word) != 0) continue;
        *factor = units[i].factor;
        return true;
    }
    return false;
}

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* `万元/亩`, `元/平方米`, `万元每公顷`, with `/年` or `·年` behind: money over area, in 万元 per 2000/3 m². */
static bool find_per_mu(char *word, struct ph_factor *factor)
{
    static const char *const signs[] = {"/", "每"};
    static const char *const yearly[] = {"/年", "·年", "/a", ".年"};
    for (size_t i = 0; i < sizeof yearly / sizeof *yearly; i++) {
        size_t length = strlen(word), tail = strlen(yearly[i]);
        if (length > tail && strcmp(word + length - tail, yearly[i]) == 0) word[length - tail] = '\0';
    }
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        char *sign = strstr(word, signs[i]);
        struct ph_factor money, area;
        if (sign == NULL) continue;
        *sign = '\0';
        if (!find_unit(word, PH_MONEY, &money) || !find_unit(sign + strlen(signs[i]), PH_AREA, &area)) return false;
        factor->times = money.times * area.over * 2000;
        factor->over = money.over * area.times * 3;
        int64_t divisor = common_divisor(factor->times, factor->over);
        factor->times /= divisor;
        factor->over /= divisor;
        return true;
    }
    return false;
}

bool ph_unit_of_word(struct ph_str word, enum ph_quantity quantity, struct ph_factor *factor, bool *from_code)
{
    static const char *const codes[] = {"平方米", "亩", "公顷"};
    char simple[WORD_BYTES];
    if (from_code != NULL) *from_code = false;
    if (!simplify(word, simple)) return false;
    if (quantity == PH_PER_MU) return find_per_mu(simple, factor);
    if (quantity == PH_AREA && simple[0] >= '1' && simple[0] <= '3' && simple[1] == '\0') {
        if (from_code != NULL) *from_code = true;
        return find_unit(codes[simple[0] - '1'], PH_AREA, factor);
    }
    return find_unit(simple, quantity, factor);
}

bool ph_unit_known(struct ph_str word)
{
    static const enum ph_quantity all[] = {PH_AREA, PH_MONEY, PH_PER_MU, PH_PERCENT, PH_ENERGY, PH_ELECTRICITY, PH_WATER, PH_MASS};
    struct ph_factor factor;
    bool from_code;
    if (ph_str_same(word, ph_str_of("t"))) return false; /* of names: zdmj_t */
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (ph_unit_of_word(word, all[i], &factor, &from_code) && !from_code) return true;
    }
    char simple[WORD_BYTES];
    if (!simplify(word, simple)) return false;
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        if (strcmp(simple, foreign[i]) == 0) return true;
    }
    return false;
}

static enum ph_unit_found judge(struct ph_str word, enum ph_quantity quantity, struct ph_factor *factor)
{
    bool from_code;
    if (ph_unit_of_word(word, quantity, factor, &from_code) && !from_code) return PH_UNIT_FOUND;
    *factor = PH_FACTOR_ONE;
    return ph_unit_known(word) ? PH_UNIT_UNREADABLE : PH_UNIT_NONE;
}

static bool starts_with(struct ph_str text, const char *head)
{
    size_t length = strlen(head);
    return text.length >= length && memcmp(text.at, head, length) == 0;
}

static bool ends_with(struct ph_str text, const char *tail)
{
    size_t length = strlen(tail);
    return text.length >= length && memcmp(text.at + text.length - length, tail, length) == 0;
}

/* The name up to `end`, without the separators that stood before the unit. */
static struct ph_str name_before(struct ph_str name, size_t end)
{
    static const char *const separators[] = {"_", "-", "/", ":", "：", "、", ","};
    name.length = end;
    for (bool again = true; again;) {
        again = false;
        name = ph_str_trim(name);
        for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
            if (!ends_with(name, separators[i])) continue;
            name.length -= strlen(separators[i]);
            again = true;
        }
    }
    return name;
}

static const char *const brackets[][2] = {{"(", ")"}, {"（", "）"}, {"[", "]"}, {"【", "】"}, {"〔", "〕"}};
enum { BRACKETS = sizeof brackets / sizeof *brackets };

/* Takes off a closing bracket of any kind, since they are mixed in practice: `（亩)`. False when the text is open. */
static bool take_closing(struct ph_str *text)
{
    for (size_t i = 0; i < BRACKETS; i++) {
        if (!ends_with(*text, brackets[i][1])) continue;
        text->length -= strlen(brackets[i][1]);
        return true;
    }
    return false;
}

/* Whether a closing bracket stands somewhere before the end. */
static bool holds_closing(struct ph_str text)
{
    for (; text.length > 0; text.length--) {
        struct ph_str head = text;
        if (take_closing(&head)) return true;
    }
    return false;
}

/* What stands in the last pair of brackets, or behind a bracket that a 10-byte name left open. */
static enum ph_unit_found in_brackets(struct ph_str name, enum ph_quantity quantity, struct ph_str *bare, struct ph_factor *factor)
{
    static const char *const heads[] = {"单位：", "单位:", "单位", "unit:", "Unit:"};
    for (size_t at = name.length; at-- > 1;) {
        for (size_t i = 0; i < BRACKETS; i++) {
            struct ph_str inside = ph_str_after(name, at);
            if (!starts_with(inside, brackets[i][0])) continue;
            inside = ph_str_after(inside, strlen(brackets[i][0]));
            bool closed = take_closing(&inside);
            if (!closed && holds_closing(inside)) return PH_UNIT_NONE;
            for (size_t j = 0; j < sizeof heads / sizeof *heads; j++) {
                if (starts_with(inside, heads[j])) inside = ph_str_after(inside, strlen(heads[j]));
            }
            enum ph_unit_found found = judge(ph_str_trim(inside), quantity, factor);
            if (!closed && found == PH_UNIT_NONE && quantity != PH_PLAIN) found = PH_UNIT_UNREADABLE;
            if (found != PH_UNIT_NONE || !closed) *bare = name_before(name, at);
            return found;
        }
    }
    return PH_UNIT_NONE;
}

/* Where the text behind the last `separator` begins, or 0. */
static size_t behind(struct ph_str name, char separator)
{
    for (size_t at = name.length; at-- > 1;) {
        if (name.at[at] == separator) return at + 1;
    }
    return 0;
}

/* A unit behind the last `_` (or `-`, blank), or behind the first `/`. */
static enum ph_unit_found behind_separator(struct ph_str name, enum ph_quantity quantity, struct ph_str *bare,
                                           struct ph_factor *factor)
{
    static const char separators[] = {'_', '-', ' '};
    for (size_t i = 0; i < sizeof separators + 1; i++) {
        const char *slash = memchr(name.at, '/', name.length);
        size_t start = i < sizeof separators ? behind(name, separators[i]) : slash == NULL ? 0 : (size_t)(slash - name.at) + 1;
        if (start == 0 || start >= name.length) continue;
        enum ph_unit_found found = judge(ph_str_after(name, start), quantity, factor);
        if (found == PH_UNIT_NONE) continue;
        *bare = name_before(name, start - 1);
        return found;
    }
    return PH_UNIT_NONE;
}

/* A unit directly behind a Chinese name: the longest tail that is one. Behind a Latin letter a Latin unit needs a
 * separator (alpha is not alp ha). */
static enum ph_unit_found at_end(struct ph_str name, enum ph_quantity quantity, struct ph_str *bare, struct ph_factor *factor)
{
    size_t n;
    uint32_t before = 'a', code;
    for (size_t at = 0; at < name.length; at += n, before = code) {
        struct ph_str tail = ph_str_after(name, at);
        bool from_code;
        ph_utf8_next(tail, &code, &n);
        if (before < 0x80 && code < 0x80 && code != '%') continue;
        if (!ph_unit_of_word(tail, quantity, factor, &from_code) || from_code) continue;
        *bare = name_before(name, at);
        if (bare->length > 0) return PH_UNIT_FOUND;
    }
    return PH_UNIT_NONE;
}

enum ph_unit_found ph_unit_of_name(const char *name, enum ph_quantity quantity, struct ph_str *bare, struct ph_factor *factor)
{
    struct ph_str text = ph_str_trim(ph_str_of(name));
    *bare = text;
    *factor = PH_FACTOR_ONE;
    enum ph_unit_found found = in_brackets(text, quantity, bare, factor);
    if (found != PH_UNIT_NONE || bare->length != text.length) return found;
    if (quantity != PH_PLAIN) found = at_end(text, quantity, bare, factor);
    if (found == PH_UNIT_NONE && quantity != PH_PLAIN) found = behind_separator(text, quantity, bare, factor);
    if (found == PH_UNIT_NONE) {
        *bare = text;
        *factor = PH_FACTOR_ONE;
    }
    return found;
}

bool ph_unit_in_list(const char *list, enum ph_quantity quantity, struct ph_factor *factor)
{
    static const char comma[] = "、";
    struct ph_factor found = PH_FACTOR_ONE, one;
    size_t count = 0;
    for (const char *at = list; at && *at;) {
        const char *end = strstr(at, comma);
        size_t length = end ? (size_t)(end - at) : strlen(at);
        bool from_code;
        if (ph_unit_of_word((struct ph_str){at, length}, quantity, &one, &from_code) && !from_code) {
            count++;
            found = one;
        }
        at += length + (end ? sizeof comma - 1 : 0);
    }
    if (count != 1) return false;
    *factor = found;
    return true;
}
