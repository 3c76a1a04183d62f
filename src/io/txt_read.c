/* Reading boundary-point files line by line. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "io/txt.h"

enum { TOKENS = PH_TXT_ITEMS_CAP + 2, SHOWN = 80 };

static const struct ph_problem_kind
    unreadable = {PH_PROBLEM_ERROR, "txt.line", "改正该行;所属地块没有图形", "correct the line; its plot has no shape"},
    no_area = {PH_PROBLEM_ERROR, "txt.kind", "宗地应为面", "a parcel must be an area"},
    no_mark = {PH_WARNING, "txt.head", "核对该行;地块首行应以 @ 结尾", "check the line; a plot's line ends in @"},
    few_items = {PH_WARNING, "txt.head", "核对各项是否错位", "check that the items stand in their places"},
    short_ring = {PH_WARNING, "txt.ring", "该环不成面,未计入", "it encloses nothing and was left out"},
    shared_ring = {PH_NOTE, "txt.ring_number", "核对圈号", "check the ring numbers"},
    no_section = {PH_NOTE, "txt.section", "按地块坐标读", "read as coordinates of plots"},
    unused = {PH_NOTE, "txt.unused", "这些行未采用", "these lines were not used"},
    header = {PH_NOTE, "txt.unused", "按标题行略过", "passed over as a line of headings"},
    beyond = {PH_NOTE, "txt.unused", "坐标之后的值未采用", "values behind the coordinates were not used"},
    easting_first = {PH_NOTE, "txt.axes", "按数值判断,已换位", "told from the numbers, and turned"},
    mixed_axes = {PH_PROBLEM_ERROR, "txt.axes", "统一坐标次序", "write all coordinates in one order"};

struct ph_txt_reader {
    struct ph_txt *txt;
    const struct ph_txt_layout *layout;
    const char *source;
    struct ph_problems *problems;
    size_t line;
    enum { HEAD, PLOTS, OTHER } section;
    bool in_plot;
    double ring;     /* number of the ring under way, NaN for none */
    size_t run;      /* its first point */
    size_t bad, unused_lines, beyond_lines;
};

enum ph_status ph_txt_reader_new(struct ph_txt *txt, const struct ph_txt_layout *layout, const char *source, struct ph_problems *problems,
                                 struct ph_txt_reader **out, struct ph_error *err)
{
    *out = malloc(sizeof **out);
    if (*out == NULL) return ph_fail_memory(err);
    **out = (struct ph_txt_reader){.txt = txt, .layout = layout, .source = source, .problems = problems, .ring = NAN};
    return PH_OK;
}

void ph_txt_reader_free(struct ph_txt_reader *reader)
{
    free(reader);
}

#define SAY(r, kind, at, ...) ph_problem_add((r)->problems, kind, (r)->source, (int64_t)(at), err, __VA_ARGS__)

/* The first bytes of a line, for a message. */
static struct ph_str shown(struct ph_str line)
{
    size_t taken = 0, length;
    uint32_t code;
    while (taken < line.length && ph_utf8_next(ph_str_after(line, taken), &code, &length) == PH_UTF8_OK && taken + length <= SHOWN) taken += length;
    return (struct ph_str){line.at, taken};
}

static enum ph_status say_unreadable(struct ph_txt_reader *r, struct ph_str line, struct ph_error *err)
{
    if (r->in_plot) r->txt->plots[r->txt->plot_count - 1].broken = true;
    if (++r->bad > PH_TXT_BAD_CAP)
        return ph_fail(err, PH_E_INPUT, "超过 %zu 行无法识别,不是界址点文件,或版式不对(见 --txt-layout)",
                       "more than %zu lines cannot be read; this is no boundary-point file, or of another layout (see --txt-layout)", PH_TXT_BAD_CAP);
    struct ph_str head = shown(line);
    return SAY(r, &unreadable, r->line, "第 %zu 行无法识别:“%.*s”", "line %zu cannot be read: '%.*s'", r->line, (int)head.length, head.at);
}

/* ---- lines ---- */

static size_t find(struct ph_str text, struct ph_str what)
{
    for (size_t i = 0; i + what.length <= text.length; i++)
        if (memcmp(text.at + i, what.at, what.length) == 0) return i;
    return SIZE_MAX;
}

/* The values of a line, trimmed, by the first of the separators that it has, else by blanks. More than TOKENS: TOKENS + 1. */
static size_t split(struct ph_str line, struct ph_str tokens[TOKENS])
{
    static const struct ph_str separators[] = {{",", 1}, {"，", 3}, {";", 1}, {"；", 3}, {"\t", 1}};
    struct ph_str separator = PH_STR(" ");
    bool blanks = true;
    for (size_t i = 0; blanks && i < sizeof separators / sizeof *separators; i++)
        if (find(line, separators[i]) != SIZE_MAX) blanks = false, separator = separators[i];
    size_t count = 0;
    for (bool more = true; more;) {
        size_t end = find(line, separator);
        more = end != SIZE_MAX;
        struct ph_str token = ph_str_trim((struct ph_str){line.at, more ? end : line.length});
        if (more) line = ph_str_after(line, end + separator.length);
        if (blanks && token.length == 0) continue;
        if (count == TOKENS) return TOKENS + 1;
        tokens[count++] = token;
    }
    return count;
}

static bool is_mark(struct ph_str token)
{
    return ph_str_equal(token, PH_STR("@")) || ph_str_equal(token, PH_STR("＠"));
}

/* How many values stand before a closing @; SIZE_MAX when there is none. */
static size_t before_mark(const struct ph_str *tokens, size_t count)
{
    while (count > 0 && tokens[count - 1].length == 0) count--;
    return count > 0 && is_mark(tokens[count - 1]) ? count - 1 : SIZE_MAX;
}

/* Whether the line is [名称] in any kind of brackets. */
static bool section_name(struct ph_str line, struct ph_str *name)
{
    static const struct ph_str brackets[][2] = {{{"[", 1}, {"]", 1}}, {{"【", 3}, {"】", 3}}, {{"［", 3}, {"］", 3}}};
    size_t open = 0, close = 0;
    for (size_t i = 0; i < sizeof brackets / sizeof *brackets; i++) {
        struct ph_str a = brackets[i][0], b = brackets[i][1];
        if (line.length >= a.length && memcmp(line.at, a.at, a.length) == 0) open = a.length;
        if (line.length >= b.length && memcmp(line.at + line.length - b.length, b.at, b.length) == 0) close = b.length;
    }
    if (!open || !close || open + close > line.length) return false;
    *name = ph_str_trim((struct ph_str){line.at + open, line.length - open - close});
    return true;
}

static bool number_of(struct ph_str token, double *out)
{
    return ph_number_parse(token.at, token.length, out, NULL) == PH_PARSE_OK && isfinite(*out);
}

static bool ring_of(struct ph_str token, double *out)
{
    return number_of(token, out) && *out >= 0 && *out <= 1e6 && *out == floor(*out);
}

/* ---- rings and plots ---- */

static bool same(struct ph_xy a, struct ph_xy b)
{
    return a.x == b.x && a.y == b.y;
}

/* Where the ring that begins at `from` comes back to its first point, at least three points on; `count` points, and behind
 * them once more the first if `closing`. SIZE_MAX when it does not. */
static size_t closes_at(const struct ph_xy *p, size_t count, bool closing, size_t from)
{
    for (size_t i = from + 3; i < count; i++)
        if (same(p[i], p[from])) return i;
    return closing && count >= from + 3 && same(p[0], p[from]) ? count : SIZE_MAX;
}

/* Into how many closed rings all the points part; 0 when they do not. */
static size_t closed_rings(const struct ph_xy *p, size_t count, bool closing)
{
    size_t rings = 0, from = 0;
    while (from < count + closing) {
        size_t end = closes_at(p, count, closing, from);
        if (end == SIZE_MAX) return 0;
        from = end + 1;
        rings++;
    }
    return rings;
}

/* Takes `count` points at `from` (in the run) for a ring; those before it have moved down to `to`. */
static enum ph_status keep_ring(struct ph_txt *txt, size_t *to, size_t from, size_t count, struct ph_error *err)
{
    memmove(txt->points + *to, txt->points + from, count * sizeof *txt->points);
    size_t all = txt->point_count;
    txt->point_count = *to += count;
    enum ph_status status = ph_txt_end_ring(txt, err);
    txt->point_count = all;
    return status;
}

/* The points since `run` have one ring number. Files that number no rings have several closed ones among them; else they are
 * one ring, closed or not. */
static enum ph_status end_run(struct ph_txt_reader *r, struct ph_error *err)
{
    struct ph_txt *txt = r->txt;
    if (txt->plots[txt->plot_count - 1].broken) txt->point_count = r->run;
    size_t count = txt->point_count - r->run, to = r->run, open = count;
    double number = r->ring;
    r->ring = NAN;
    if (count == 0) return PH_OK;
    const struct ph_xy *p = txt->points + r->run;
    bool closing = false;
    size_t rings = closed_rings(p, count, false);
    if (rings == 0) {
        while (open > 1 && same(p[open - 1], p[0])) open--;
        closing = (rings = closed_rings(p, open, true)) > 0;
    }
    if (rings == 0 && open < 3) {
        PH_TRY(SAY(r, &short_ring, r->line, "到第 %zu 行的环不足三点", "the ring that ends at line %zu has fewer than three points", r->line));
    } else if (rings == 0) {
        PH_TRY(keep_ring(txt, &to, r->run, open, err));
    }
    for (size_t from = 0, k = 0; k < rings; k++) {
        size_t end = closes_at(txt->points + r->run, closing ? open : count, closing, from);
        PH_TRY(keep_ring(txt, &to, r->run + from, end - from, err));
        from = end + 1;
    }
    txt->point_count = to;
    txt->plots[txt->plot_count - 1].repeated += r->run + count - to;
    r->run = to;
    if (rings < 2) return PH_OK;
    return SAY(r, &shared_ring, r->line, "到第 %zu 行,圈号 %d 下有 %zu 个闭合的环,按 %zu 个环读", "up to line %zu ring number %d holds %zu closed rings; read as %zu",
               r->line, (int)number, rings, rings);
}

static enum ph_status end_plot(struct ph_txt_reader *r, struct ph_error *err)
{
    if (!r->in_plot) return PH_OK;
    PH_TRY(end_run(r, err));
    r->in_plot = false;
    struct ph_txt *txt = r->txt;
    struct ph_txt_plot *plot = &txt->plots[txt->plot_count - 1];
    if (!plot->broken) return PH_OK;
    plot->ring_end = txt->ring_count = txt->plot_count > 1 ? plot[-1].ring_end : 0;
    txt->point_count = r->run = txt->ring_count ? txt->ring_end[txt->ring_count - 1] : 0;
    return PH_OK;
}

static enum ph_status begin_plot(struct ph_txt_reader *r, const struct ph_str *items, size_t count, struct ph_error *err)
{
    PH_TRY(end_plot(r, err));
    PH_TRY(ph_txt_add_plot(r->txt, r->line, items, count, err));
    r->in_plot = r->txt->layout_seen = true;
    return PH_OK;
}

static enum ph_status add_point(struct ph_txt_reader *r, double ring, double north, double east, struct ph_error *err)
{
    if (!isnan(r->ring) && ring != r->ring) PH_TRY(end_run(r, err));
    r->ring = ring;
    r->txt->plots[r->txt->plot_count - 1].points++;
    return ph_txt_add_point(r->txt, (struct ph_xy){.x = east, .y = north}, err);
}

/* ---- the layout of the offices ---- */

static enum ph_status read_items(struct ph_txt_reader *r, const struct ph_str *tokens, size_t count, bool marked, struct ph_error *err)
{
    PH_TRY(begin_plot(r, tokens, count, err));
    if (!marked) PH_TRY(SAY(r, &no_mark, r->line, "第 %zu 行没有 @,按地块首行读", "line %zu has no @; read as a plot's line", r->line));
    if (count < PH_TXT_ITEMS)
        PH_TRY(SAY(r, &few_items, r->line, "第 %zu 行地块首行只有 %zu 项,应有 %d 项", "line %zu: a plot's line of %zu items, where %d are due", r->line, count,
                   (int)PH_TXT_ITEMS));
    if (count <= PH_TXT_KIND || !(ph_str_equal(tokens[PH_TXT_KIND], PH_STR("点")) || ph_str_equal(tokens[PH_TXT_KIND], PH_STR("线")))) return PH_OK;
    r->txt->plots[r->txt->plot_count - 1].broken = true;
    return SAY(r, &no_area, r->line, "第 %zu 行的图形属性是“%.*s”,不是面", "line %zu: the shape is '%.*s', not an area", r->line, (int)tokens[PH_TXT_KIND].length,
               tokens[PH_TXT_KIND].at);
}

static enum ph_status read_plots(struct ph_txt_reader *r, struct ph_str line, struct ph_error *err)
{
    struct ph_str tokens[TOKENS];
    size_t count = split(line, tokens);
    if (count > TOKENS) return say_unreadable(r, line, err);
    size_t items = before_mark(tokens, count);
    if (items != SIZE_MAX && items <= PH_TXT_ITEMS_CAP) return read_items(r, tokens, items, true, err);
    double ring = isnan(r->ring) ? 1 : r->ring, north, east;
    if (count >= PH_TXT_ITEMS && count <= PH_TXT_ITEMS_CAP && number_of(tokens[0], &north)) return read_items(r, tokens, count, false, err);
    bool fine = r->in_plot && count >= 4 && number_of(tokens[2], &north) && number_of(tokens[3], &east);
    if (fine && tokens[1].length) fine = ring_of(tokens[1], &ring);
    if (!fine) return say_unreadable(r, line, err);
    for (size_t i = 4; i < count; i++)
        if (tokens[i].length) {
            r->beyond_lines++;
            break;
        }
    return add_point(r, ring, north, east, err);
}

static enum ph_status read_key(struct ph_txt_reader *r, struct ph_str line, struct ph_error *err)
{
    size_t half = find(line, PH_STR("=")), full = find(line, PH_STR("＝")), at = half < full ? half : full;
    if (at == SIZE_MAX) return say_unreadable(r, line, err);
    struct ph_str name = ph_str_trim((struct ph_str){line.at, at});
    if (name.length == 0) return say_unreadable(r, line, err);
    return ph_txt_add_key(r->txt, name, ph_str_trim(ph_str_after(line, at + (half < full ? 1 : 3))), err);
}

static enum ph_status read_layout(struct ph_txt_reader *r, struct ph_str line, struct ph_error *err)
{
    struct ph_str name, tokens[TOKENS];
    if (section_name(line, &name)) {
        PH_TRY(end_plot(r, err));
        r->section = ph_str_equal(name, PH_STR("属性描述")) ? HEAD : ph_str_equal(name, PH_STR("地块坐标")) ? PLOTS : OTHER;
        r->txt->layout_seen |= r->section != OTHER;
        return PH_OK;
    }
    if (r->section == HEAD && find(line, PH_STR("=")) == SIZE_MAX) {
        size_t count = split(line, tokens);
        if (count <= TOKENS && before_mark(tokens, count) != SIZE_MAX) {
            r->section = PLOTS;
            PH_TRY(SAY(r, &no_section, r->line, "第 %zu 行之前没有 [地块坐标]", "there is no [地块坐标] before line %zu", r->line));
        }
    }
    if (r->section == HEAD) return read_key(r, line, err);
    if (r->section == PLOTS) return read_plots(r, line, err);
    r->unused_lines++;
    return PH_OK;
}

/* ---- bare lists ---- */

static enum ph_status read_list(struct ph_txt_reader *r, struct ph_str line, struct ph_error *err)
{
    struct ph_str tokens[TOKENS], id[PH_TXT_ID + 1] = {{"", 0}, {"", 0}, {"", 0}};
    size_t count = split(line, tokens), place = 0;
    double at[2] = {NAN, NAN}, ring = 1;
    bool fine = count >= r->layout->count && count <= TOKENS;
    for (size_t i = 0; i < r->layout->count && i < count && count <= TOKENS; i++) {
        enum ph_txt_column column = r->layout->columns[i];
        if (column == PH_TXT_EITHER) fine &= number_of(tokens[i], &at[place++]);
        if (column == PH_TXT_NORTH) fine &= number_of(tokens[i], &at[0]);
        if (column == PH_TXT_EAST) fine &= number_of(tokens[i], &at[1]);
        if (column == PH_TXT_RING) fine &= ring_of(tokens[i], &ring);
        if (column == PH_TXT_PLOT) id[PH_TXT_ID] = tokens[i];
    }
    if (!fine && r->txt->plot_count == 0 && !r->unused_lines++)
        return SAY(r, &header, r->line, "第 %zu 行不是点", "line %zu is no point", r->line);
    const char *before = r->in_plot ? r->txt->plots[r->txt->plot_count - 1].items[PH_TXT_ID] : NULL;
    if (before == NULL || !ph_str_equal(ph_str_of(before), id[PH_TXT_ID])) PH_TRY(begin_plot(r, id, PH_TXT_ID + 1, err));
    if (!fine) return say_unreadable(r, line, err);
    if (count > r->layout->count) r->beyond_lines++;
    return add_point(r, ring, at[0], at[1], err);
}

enum ph_status ph_txt_read_line(struct ph_txt_reader *r, struct ph_str line, struct ph_error *err)
{
    r->line++;
    if (line.length > PH_TXT_LINE_CAP) {
        ph_fail(err, PH_E_INPUT, "一行超过 %zu 字节,不是界址点文件", "a line of more than %zu bytes: this is no boundary-point file", PH_TXT_LINE_CAP);
        return ph_at_line(err, r->source, (int)r->line, 0);
    }
    line = ph_str_trim(line);
    if (r->layout->count == 0) return line.length ? read_layout(r, line, err) : PH_OK;
    return line.length ? read_list(r, line, err) : end_plot(r, err);
}

/* ---- northing or easting first ---- */

static bool between(double v, double low, double high)
{
    return v >= low && v < high;
}

/* Whether a looks like a northing (latitude) in China and b like an easting (longitude), with or without a zone number. */
static bool north_east(double a, double b)
{
    return (between(a, 1.5e6, 6.2e6) && (between(b, 0, 1e6) || between(b, 13e6, 46e6))) || (between(a, 3, 55) && between(b, 70, 140));
}

struct votes {
    size_t right, turned;
};

/* How many of the points tell that the northing came first, and how many that the easting did. */
static struct votes vote(const struct ph_xy *p, size_t count)
{
    struct votes v = {0, 0};
    for (size_t i = 0; i < count; i++) {
        v.right += north_east(p[i].y, p[i].x);
        v.turned += north_east(p[i].x, p[i].y);
    }
    return v;
}

/* Each plot by its own points, or as the whole file where they do not tell. */
static enum ph_status settle_axes(struct ph_txt_reader *r, struct ph_error *err)
{
    struct ph_txt *txt = r->txt;
    struct votes all = vote(txt->points, txt->point_count);
    bool told = false;
    for (size_t i = 0; i < r->layout->count; i++) told |= r->layout->columns[i] == PH_TXT_NORTH;
    if (told || txt->point_count == 0) return PH_OK;
    if (r->layout->count && all.right == all.turned) {
        ph_fail(err, PH_E_USAGE, "由数值看不出 x、y 哪个是北坐标;请在 --txt-layout 中写 north 和 east",
                "the numbers do not tell whether x or y is north; write north and east in --txt-layout");
        return ph_at_file(err, r->source), PH_E_USAGE;
    }
    size_t turned = 0, from = 0;
    for (size_t i = 0; i < txt->plot_count; i++) {
        const struct ph_txt_plot *plot = &txt->plots[i];
        size_t end = plot->ring_end ? txt->ring_end[plot->ring_end - 1] : 0;
        struct votes own = vote(txt->points + from, end - from);
        if (own.right && own.turned)
            PH_TRY(SAY(r, &mixed_axes, plot->line, "%zu 个点北坐标在前,%zu 个点东坐标在前;按多数读",
                       "%zu points have the northing first, %zu the easting; read as most are", own.right, own.turned));
        bool turn = own.right == own.turned ? all.turned > all.right : own.turned > own.right;
        turned += turn && end > from;
        for (; turn && from < end; from++) txt->points[from] = (struct ph_xy){txt->points[from].y, txt->points[from].x};
        from = end;
    }
    if (turned == 0 || r->layout->count) return PH_OK;
    return SAY(r, &easting_first, -1, "%zu 个地块东坐标在前", "in %zu plots eastings come first", turned);
}

enum ph_status ph_txt_read_end(struct ph_txt_reader *r, struct ph_error *err)
{
    PH_TRY(end_plot(r, err));
    if (r->layout->count == 0 && r->unused_lines)
        PH_TRY(SAY(r, &unused, -1, "[扩展信息] 等节有 %zu 行", "%zu lines in sections like [扩展信息]", r->unused_lines));
    if (r->beyond_lines) PH_TRY(SAY(r, &beyond, -1, "%zu 行在坐标之后还有值", "%zu lines have values behind the coordinates", r->beyond_lines));
    return settle_axes(r, err);
}
