#include "io/txt.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"

/* Room for one more item of `size` bytes. */
static enum ph_status grow(void *items, size_t count, size_t *capacity, size_t size, struct ph_error *err)
{
    if (count < *capacity) return PH_OK;
    size_t more = *capacity ? 2 * *capacity : 64;
    void *old, *grown;
    memcpy(&old, items, sizeof old);
    grown = realloc(old, more * size);
    if (grown == NULL) return ph_fail_memory(err);
    memcpy(items, &grown, sizeof grown);
    *capacity = more;
    return PH_OK;
}

enum ph_status ph_txt_add_key(struct ph_txt *txt, struct ph_str name, struct ph_str value, struct ph_error *err)
{
    PH_TRY(grow(&txt->keys, txt->key_count, &txt->key_capacity, sizeof *txt->keys, err));
    struct ph_txt_key *key = &txt->keys[txt->key_count];
    key->name = ph_arena_text(&txt->arena, name.at, name.length);
    key->value = ph_arena_text(&txt->arena, value.at, value.length);
    if (key->name == NULL || key->value == NULL) return ph_fail_memory(err);
    txt->key_count++;
    return PH_OK;
}

enum ph_status ph_txt_add_plot(struct ph_txt *txt, size_t line, const struct ph_str *items, size_t count, struct ph_error *err)
{
    PH_TRY(grow(&txt->plots, txt->plot_count, &txt->plot_capacity, sizeof *txt->plots, err));
    const char **kept = ph_arena_alloc(&txt->arena, (count + 1) * sizeof *kept);
    if (kept == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < count; i++)
        if ((kept[i] = ph_arena_text(&txt->arena, items[i].at, items[i].length)) == NULL) return ph_fail_memory(err);
    txt->plots[txt->plot_count++] = (struct ph_txt_plot){.line = line, .items = kept, .item_count = count, .ring_end = txt->ring_count};
    return PH_OK;
}

enum ph_status ph_txt_add_point(struct ph_txt *txt, struct ph_xy point, struct ph_error *err)
{
    if (txt->point_count == PH_TXT_POINTS_CAP)
        return ph_fail(err, PH_E_INPUT, "界址点超过 %zu 个,不像勘测定界数据;请分成几个文件", "more than %zu points, which no survey has; split the file",
                       PH_TXT_POINTS_CAP);
    PH_TRY(grow(&txt->points, txt->point_count, &txt->point_capacity, sizeof *txt->points, err));
    txt->points[txt->point_count++] = point;
    return PH_OK;
}

enum ph_status ph_txt_end_ring(struct ph_txt *txt, struct ph_error *err)
{
    PH_TRY(grow(&txt->ring_end, txt->ring_count, &txt->ring_capacity, sizeof *txt->ring_end, err));
    txt->ring_end[txt->ring_count++] = txt->point_count;
    txt->plots[txt->plot_count - 1].ring_end = txt->ring_count;
    return PH_OK;
}

const char *ph_txt_value(const struct ph_txt *txt, const char *key)
{
    for (size_t i = 0; i < txt->key_count; i++)
        if (strcmp(txt->keys[i].name, key) == 0) return txt->keys[i].value;
    return "";
}

static void write_number(struct ph_text *out, double v, int decimals)
{
    char text[340];
    if (decimals < 0)
        ph_number_print(text, sizeof text, v);
    else
        ph_number_print_fixed(text, sizeof text, v, decimals);
    ph_text_add(out, text);
}

static void write_point(struct ph_text *out, size_t number, size_t ring, struct ph_xy p, int decimals)
{
    ph_text_addf(out, "J%zu,%zu,", number, ring);
    write_number(out, p.y, decimals);
    ph_text_add(out, ",");
    write_number(out, p.x, decimals);
    ph_text_add(out, "\n");
}

void ph_txt_write(const struct ph_txt *txt, int decimals, struct ph_text *out)
{
    ph_text_add(out, "[属性描述]\n");
    for (size_t i = 0; i < txt->key_count; i++) ph_text_addf(out, "%s=%s\n", txt->keys[i].name, txt->keys[i].value);
    ph_text_add(out, "[地块坐标]\n");
    size_t ring = 0, from = 0;
    for (size_t i = 0; i < txt->plot_count; i++) {
        const struct ph_txt_plot *plot = &txt->plots[i];
        for (size_t k = 0; k < plot->item_count; k++) ph_text_addf(out, "%s,", plot->items[k]);
        ph_text_add(out, "@\n");
        size_t number = 1;
        for (size_t in_plot = 1; ring < plot->ring_end; ring++, in_plot++) {
            size_t first = number;
            for (size_t p = from; p < txt->ring_end[ring]; p++) write_point(out, number++, in_plot, txt->points[p], decimals);
            write_point(out, first, in_plot, txt->points[from], decimals);
            from = txt->ring_end[ring];
        }
    }
}

void ph_txt_dispose(struct ph_txt *txt)
{
    ph_arena_dispose(&txt->arena);
    free(txt->keys);
    free(txt->plots);
    free(txt->ring_end);
    free(txt->points);
    memset(txt, 0, sizeof *txt);
}

static enum ph_status bad_layout(const char *words, struct ph_error *err)
{
    return ph_fail(err, PH_E_USAGE,
                   "--txt-layout 有误:“%.200s”;写各列的名称,如 id,x,y:id 地块编号,point 点号,ring 圈号,x 和 y 坐标(哪个是北坐标由数值判断),"
                   "north 北坐标,east 东坐标,- 不用的列",
                   "--txt-layout is wrong: '%.200s'; name the columns, as in id,x,y: id (of the plot), point, ring, x and y (the numbers tell which is "
                   "north), north, east, - for one to skip",
                   words);
}

enum ph_status ph_txt_layout_parse(const char *words, struct ph_txt_layout *out, struct ph_error *err)
{
    static const struct {
        const char *word;
        enum ph_txt_column column;
    } known[] = {{"-", PH_TXT_SKIP},     {"id", PH_TXT_PLOT},     {"point", PH_TXT_POINT}, {"ring", PH_TXT_RING},
                 {"x", PH_TXT_EITHER},   {"y", PH_TXT_EITHER},    {"north", PH_TXT_NORTH}, {"east", PH_TXT_EAST}};
    enum { KNOWN = sizeof known / sizeof *known };
    *out = (struct ph_txt_layout){.count = 0};
    size_t uses[PH_TXT_EAST + 1] = {0};
    for (const char *at = words; at; ) {
        const char *comma = strchr(at, ',');
        struct ph_str word = ph_str_trim((struct ph_str){at, comma ? (size_t)(comma - at) : strlen(at)});
        size_t i = 0;
        while (i < KNOWN && !ph_str_same(word, ph_str_of(known[i].word))) i++;
        if (i == KNOWN || out->count == PH_TXT_ITEMS_CAP) return bad_layout(words, err);
        out->columns[out->count++] = known[i].column;
        uses[known[i].column]++;
        at = comma ? comma + 1 : NULL;
    }
    if (words == NULL) return PH_OK;
    bool either = uses[PH_TXT_EITHER] == 2 && !uses[PH_TXT_NORTH] && !uses[PH_TXT_EAST];
    bool told = !uses[PH_TXT_EITHER] && uses[PH_TXT_NORTH] == 1 && uses[PH_TXT_EAST] == 1;
    return (either || told) && uses[PH_TXT_PLOT] <= 1 && uses[PH_TXT_RING] <= 1 ? PH_OK : bad_layout(words, err);
}
