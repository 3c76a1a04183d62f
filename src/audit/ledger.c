#include "audit/ledger.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/identify.h"
#include "audit/intake.h"
#include "audit/ledger_join.h"
#include "base/date.h"
#include "base/number.h"
#include "base/progress.h"
#include "model/codelist.h"

#define AREA_SLACK_DM2 100 /* an event's area may exceed the parcel's by 1 m² or 0.1 %: rounding of mu */
#define AREA_SLACK_SHARE 1000

static const struct ph_problem_kind kinds[] = {
    {PH_PROBLEM_ERROR, "ledger.unknown_parcel", "核对宗地代码", "check the parcel code"},
    {PH_PROBLEM_ERROR, "ledger.unknown_kind", "措施应为:供地、二级市场交易、二次投资、提升计划、盘活厂房、置换、招商并购、收储、征缴闲置费、延期、动工、竣工",
     "kinds: supply, trade, reinvest, plan, factory, swap, merge, reclaim, fee, extend, start, complete"},
    {PH_PROBLEM_ERROR, "ledger.date_missing", "补上日期", "add the date"},
    {PH_WARNING, "ledger.outside_period", "不计入本期合计", "not counted in this period"},
    {PH_PROBLEM_ERROR, "ledger.duplicate_event", "核对事件编号", "check the event number"},
    {PH_WARNING, "ledger.area_too_large", "按宗地面积计;核对面积与单位", "counted as the parcel's area; check the area and its unit"},
    {PH_WARNING, "ledger.ambiguous_parcel", "宗地代码重复,按先出现的一宗计", "the parcel code is doubled; counted on the first"},
    {PH_NOTE, "ledger.parcel_found", "补上宗地代码", "add the parcel code"},
    {PH_PROBLEM_ERROR, "ledger.which_parcel", "补上宗地代码,或写明坐落", "add the parcel code, or say where it lies"},
    {PH_WARNING, "ledger.not_done", "完成后改为“已完成”", "write 已完成 when it is done"},
    {PH_NOTE, "ledger.year_only", "补上日期", "add the date"},
};
enum { UNKNOWN_PARCEL, UNKNOWN_KIND, NO_DATE, OUTSIDE, DOUBLED, TOO_LARGE, AMBIGUOUS, FOUND, WHICH, NOT_DONE, YEAR_ONLY };

/* The parcel that a row was found to be about, and how. */
struct place {
    size_t parcel, among; /* among: how many parcels came into question */
    enum ph_join_how how;
    int64_t stated_dm2;   /* the event's area, for all of them */
};

struct reading {
    const struct ph_audit_request *request;
    const struct ph_parcels *parcels;
    const struct ph_index *by_code;
    struct ph_ledger *ledger;
    struct place *places; /* per row */
    size_t place_count, place_capacity;
    struct ph_index seen; /* event and parcel */
    struct ph_problems *problems;
    struct ph_error *err;
};

static const char *text_of(const struct ph_ledger *l, enum ph_ledger_field field, size_t row)
{
    const struct ph_column *column = ph_field_column(&l->t, field);
    return column ? column->text[row] : NULL;
}

static int64_t dm2_at(const struct ph_ledger *l, enum ph_ledger_field field, size_t row)
{
    const struct ph_column *column = ph_field_column(&l->t, field);
    return column ? ph_dm2_from_m2(column->real[row]) : INT64_MIN;
}

/* A row in problems, and the same sentence in the event's message. */
static enum ph_status note(struct reading *r, size_t row, int kind, const char *zh, const char *en)
{
    struct ph_event *event = &r->ledger->events[row];
    if (event->message == NULL) {
        event->message = ph_arena_text(&r->ledger->texts, zh, strlen(zh));
        if (event->message == NULL) return ph_fail_memory(r->err);
    }
    return ph_problem_add_text(r->problems, &kinds[kind], ph_source_facts(r->ledger->source)->path, r->ledger->t.layer.fids[row], zh, en, r->err);
}

static enum ph_status say(struct reading *r, size_t row, int kind, const char *what_zh, const char *what_en, const char *found)
{
    struct ph_text zh, en;
    ph_text_init(&zh, 2000);
    ph_text_init(&en, 2000);
    ph_text_addf(&zh, "%s%s%s%s", what_zh, found ? ":“" : "", found ? found : "", found ? "”" : "");
    ph_text_addf(&en, "%s%s%s%s", what_en, found ? ": '" : "", found ? found : "", found ? "'" : "");
    enum ph_status status = note(r, row, kind, ph_text_get(&zh), ph_text_get(&en));
    ph_text_dispose(&zh);
    ph_text_dispose(&en);
    return status;
}

static enum ph_status leave_out(struct reading *r, size_t row, int kind, const char *zh, const char *en, const char *found)
{
    r->ledger->events[row].counted = false;
    return say(r, row, kind, zh, en, found);
}

static bool is_one_of(const char *text, const char *const *words)
{
    while (*words && strcmp(*words, text) != 0) words++;
    return *words != NULL;
}

/* The kind whose own word or code it is. */
static size_t position_of(const char *text)
{
    const struct ph_codelist *list = ph_codelist_find("ledger_kind");
    for (size_t k = 0; k < list->count; k++)
        if (ph_text_compare_nocase(list->codes[k].value, text) == 0 || strcmp(list->codes[k].zh, text) == 0) return k;
    return SIZE_MAX;
}

static size_t kind_of(const char *text)
{
    /* What people write besides the list's own words. */
    static const struct {
        const char *kind, *words[12];
    } others[] = {
        {"supply", {"供应", "出让"}},
        {"trade", {"交易", "转让", "腾笼换鸟", "二级市场转让", "二级市场"}},
        {"reinvest", {"再投资", "增资扩产", "增资技改", "技术改造", "技改", "增资技改/二次投资"}},
        {"plan", {"限期提升", "限期整改", "整改提升", "转型升级", "提升计划(限期达标)"}},
        {"factory", {"厂房", "标准厂房", "厂房改造", "厂房改造/加层/分割"}},
        {"swap", {"土地置换", "置换土地"}},
        {"merge", {"并购", "兼并重组", "企业并购", "合作开发"}},
        {"reclaim", {"收储", "收回", "收回收储", "协议收回", "有偿收回", "协议有偿收回", "无偿收回", "政府收储", "土地收储", "收储后再供"}},
        {"fee", {"闲置费"}},
        {"extend", {"延期开工", "延期动工"}},
        {"start", {"开工"}},
    };
    size_t found = position_of(text);
    for (size_t i = 0; found == SIZE_MAX && i < sizeof others / sizeof *others; i++)
        if (is_one_of(text, others[i].words)) found = position_of(others[i].kind);
    return found;
}

/* ---- which parcel ---- */

static enum ph_status tell_found(struct reading *r, size_t row, const struct place *place)
{
    struct ph_event *event = &r->ledger->events[row];
    const char *code = ph_parcel_text(r->parcels, PH_PARCEL_ID, event->parcel);
    char stated[40] = "";
    if (place->how == PH_JOIN_ONLY) return say(r, row, FOUND, "没有宗地代码,按企业名下唯一一宗计", "no parcel code: the only parcel of the enterprise", code);
    if (place->how == PH_JOIN_PLACE) return say(r, row, FOUND, "没有宗地代码,按坐落计", "no parcel code: the parcel that lies there", code);
    char zh[160], en[160];
    if (place->stated_dm2 != INT64_MIN) ph_print_m2(stated, sizeof stated, place->stated_dm2);
    snprintf(zh, sizeof zh, "没有宗地代码,企业名下 %zu 宗都算%s%s%s", place->among, stated[0] ? "(台账所写面积为合计 " : "", stated, stated[0] ? "㎡)" : "");
    snprintf(en, sizeof en, "no parcel code: all %zu parcels of the enterprise count%s%s%s", place->among,
             stated[0] ? " (the area stated is for all of them: " : "", stated, stated[0] ? " m²)" : "");
    return say(r, row, FOUND, zh, en, code);
}

static enum ph_status tell_lost(struct reading *r, size_t row, const struct place *place)
{
    char zh[160], en[160];
    if (place->how == PH_JOIN_NOTHING) return say(r, row, UNKNOWN_PARCEL, "没有宗地代码", "no parcel code", NULL);
    if (place->how == PH_JOIN_NONE)
        return say(r, row, UNKNOWN_PARCEL, "没有宗地代码,图上也没有该企业或该坐落的宗地", "no parcel code, and no parcel of that enterprise or in that place", NULL);
    snprintf(zh, sizeof zh, "没有宗地代码,可能是 %zu 宗中的哪一宗未写明", place->among);
    snprintf(en, sizeof en, "no parcel code, and %zu parcels come into question", place->among);
    return say(r, row, WHICH, zh, en, NULL);
}

static enum ph_status find_parcel(struct reading *r, size_t row)
{
    struct ph_event *event = &r->ledger->events[row];
    const struct place *place = &r->places[row];
    const char *code = text_of(r->ledger, PH_LED_PARCEL_ID, row);
    event->parcel = place->parcel;
    event->counted = place->parcel != SIZE_MAX;
    if (place->parcel == SIZE_MAX && code) return say(r, row, UNKNOWN_PARCEL, "没有这宗地", "there is no such parcel", code);
    if (place->parcel == SIZE_MAX) return tell_lost(r, row, place);
    if (place->among) return tell_found(r, row, place);
    if (r->parcels->checks[event->parcel].duplicate)
        return say(r, row, AMBIGUOUS, "宗地代码重复,按先出现的一宗计", "the parcel code is doubled; counted on the first", code);
    return PH_OK;
}

static enum ph_status add_place(struct reading *r, struct place place)
{
    if (r->place_count == r->place_capacity) {
        size_t capacity = r->place_capacity ? 2 * r->place_capacity : 1024;
        struct place *grown = realloc(r->places, capacity * sizeof *grown);
        if (grown == NULL) return ph_fail_memory(r->err);
        r->places = grown;
        r->place_capacity = capacity;
    }
    r->places[r->place_count++] = place;
    return PH_OK;
}

/* Writes the parcel that was found into the row. What the event states of all its parcels stays with the first. */
static void settle_row(struct reading *r, size_t row, const struct place *place, bool first)
{
    static const enum ph_ledger_field figures[] = {PH_LED_FACTORY_M2, PH_LED_AMOUNT};
    struct ph_fielded *t = &r->ledger->t;
    t->layer.table.columns[t->column_of[PH_LED_PARCEL_ID]].text[row] = ph_parcel_text(r->parcels, PH_PARCEL_ID, place->parcel);
    if (place->how == PH_JOIN_ALL && t->column_of[PH_LED_AREA] != SIZE_MAX) t->layer.table.columns[t->column_of[PH_LED_AREA]].real[row] = NAN;
    for (size_t i = 0; !first && i < sizeof figures / sizeof *figures; i++)
        if (t->column_of[figures[i]] != SIZE_MAX) t->layer.table.columns[t->column_of[figures[i]]].real[row] = NAN;
}

/* For a row that names no parcel code. */
static enum ph_status look_for(struct reading *r, struct ph_ledger_join *join, size_t row, struct place *place)
{
    struct ph_join_question q = {.enterprise_code = text_of(r->ledger, PH_LED_ENTERPRISE_CODE, row),
                                 .enterprise_name = text_of(r->ledger, PH_LED_ENTERPRISE_NAME, row),
                                 .location = text_of(r->ledger, PH_LED_LOCATION, row),
                                 .area_dm2 = dm2_at(r->ledger, PH_LED_AREA, row)};
    *place = (struct place){.parcel = SIZE_MAX, .stated_dm2 = q.area_dm2};
    PH_TRY(ph_ledger_join_find(join, r->parcels, &q, &place->how, r->err));
    place->among = join->count;
    bool found = place->how == PH_JOIN_ONLY || place->how == PH_JOIN_PLACE || place->how == PH_JOIN_ALL;
    if (found) place->parcel = join->found[0];
    return PH_OK;
}

/* An event of all parcels of an enterprise becomes one row a parcel; the copies follow behind the last row. */
static enum ph_status copy_row(struct reading *r, struct ph_ledger_join *join, size_t row)
{
    struct place place;
    PH_TRY(look_for(r, join, row, &place));
    for (size_t i = 1; i < join->count; i++) {
        place.parcel = join->found[i];
        PH_TRY(ph_layer_copy_row(&r->ledger->t.layer, row, r->err));
        settle_row(r, r->ledger->t.layer.table.rows - 1, &place, false);
        PH_TRY(add_place(r, place));
    }
    return PH_OK;
}

/* Decides, for each row, which parcel it is about. */
static enum ph_status find_places(struct reading *r, struct ph_ledger_join *join)
{
    struct ph_fielded *t = &r->ledger->t;
    size_t rows = t->layer.table.rows;
    if (t->column_of[PH_LED_PARCEL_ID] == SIZE_MAX)
        PH_TRY(ph_table_add_column(&t->layer.table, "parcel_id", NULL, PH_TEXT, &t->column_of[PH_LED_PARCEL_ID], r->err));
    for (size_t row = 0; row < rows; row++) {
        const char *code = text_of(r->ledger, PH_LED_PARCEL_ID, row);
        const uint64_t *found = code ? ph_index_get(r->by_code, code) : NULL;
        struct place place = {.parcel = found ? (size_t)*found : SIZE_MAX};
        if (code == NULL) PH_TRY(look_for(r, join, row, &place));
        PH_TRY(add_place(r, place));
    }
    for (size_t row = 0; row < rows; row++)
        if (r->places[row].how == PH_JOIN_ALL) PH_TRY(copy_row(r, join, row));
    for (size_t row = 0; row < rows; row++)
        if (r->places[row].parcel != SIZE_MAX && r->places[row].among) settle_row(r, row, &r->places[row], true);
    return PH_OK;
}

/* ---- what else an event must have ---- */

static enum ph_status find_kind(struct reading *r, size_t row)
{
    const char *text = text_of(r->ledger, PH_LED_KIND, row);
    struct ph_event *event = &r->ledger->events[row];
    event->kind = text ? kind_of(text) : SIZE_MAX;
    if (event->kind != SIZE_MAX) { /* the code replaces the word; what is not understood stays as written */
        struct ph_fielded *t = &r->ledger->t;
        t->layer.table.columns[t->column_of[PH_LED_KIND]].text[row] = ph_codelist_find("ledger_kind")->codes[event->kind].value;
        return PH_OK;
    }
    return leave_out(r, row, UNKNOWN_KIND, "措施不认识", "unknown kind", text ? text : "");
}

/* An event of which only the year is known counts when every day of that year, up to the reference date, is in the period. */
static enum ph_status check_year(struct reading *r, size_t row, int32_t from, int32_t to)
{
    const struct ph_column *years = ph_field_column(&r->ledger->t, PH_LED_YEAR);
    int64_t year = years ? years->integer[row] : PH_INT_UNKNOWN;
    int32_t first = year >= 1900 && year <= 2200 ? ph_date_of((int)year, 1, 1) : PH_DATE_UNKNOWN, last = ph_date_add_days(ph_date_add_years(first, 1), -1);
    char text[24];
    if (first == PH_DATE_UNKNOWN) return leave_out(r, row, NO_DATE, "没有日期", "no date", NULL);
    snprintf(text, sizeof text, "%lld", (long long)year);
    if (last > r->request->as_of) last = r->request->as_of;
    if (first > to || last < first || (from != PH_NO_DATE && last < from)) return leave_out(r, row, OUTSIDE, "不在统计期内", "outside the period", text);
    if (last <= to && (from == PH_NO_DATE || first >= from)) return say(r, row, YEAR_ONLY, "只写了年度,整年都在统计期内", "only the year is stated; all of it is in the period", text);
    return leave_out(r, row, NO_DATE, "只写了年度,是否在统计期内无法判定", "only the year is stated; whether it is in the period cannot be told", text);
}

static enum ph_status check_date(struct reading *r, size_t row)
{
    const struct ph_column *dates = ph_field_column(&r->ledger->t, PH_LED_DATE);
    const struct ph_audit_request *q = r->request;
    int32_t date = dates ? dates->date[row] : PH_DATE_UNKNOWN, to = q->period_to != PH_NO_DATE ? q->period_to : q->as_of;
    if (date == PH_DATE_UNKNOWN) return check_year(r, row, q->period_from, to);
    if ((q->period_from == PH_NO_DATE || date >= q->period_from) && date <= to) return PH_OK;
    char text[11];
    ph_date_print(text, date);
    return leave_out(r, row, OUTSIDE, "不在统计期内", "outside the period", text);
}

/* Where the table tells how far an event has come, only what is done counts; a plan counts from the day it is made. */
static enum ph_status check_state(struct reading *r, size_t row)
{
    static const char *const done[] = {"已完成", "完成", "已处置", "处置完成", "已完成处置", "完成处置", "办结", "已办结", "已盘活", "盘活完成", "已整改", "整改完成",
                                       "已收回", "已收储", "已转让", "已出让", "已置换", "已动工", "已竣工", "是", "100%", NULL};
    const struct ph_event *event = &r->ledger->events[row];
    const char *text = text_of(r->ledger, PH_LED_STATE, row);
    bool plan = event->kind != SIZE_MAX && strcmp(ph_codelist_find("ledger_kind")->codes[event->kind].value, "plan") == 0;
    if (ph_field_column(&r->ledger->t, PH_LED_STATE) == NULL || plan || (text && is_one_of(text, done))) return PH_OK;
    return leave_out(r, row, NOT_DONE, text ? "尚未完成,不计" : "没有写当前状态,不计", text ? "not done yet: it does not count" : "no state is given: it does not count", text);
}

static enum ph_status check_doubled(struct reading *r, size_t row)
{
    const char *id = text_of(r->ledger, PH_LED_EVENT_ID, row), *parcel = text_of(r->ledger, PH_LED_PARCEL_ID, row);
    char number[24];
    if (id == NULL) return PH_OK;
    if (parcel == NULL) {
        snprintf(number, sizeof number, "%zu", r->places[row].parcel);
        parcel = number;
    }
    size_t n = strlen(id), m = strlen(parcel);
    char *key = ph_arena_alloc(&r->ledger->texts, n + m + 2);
    if (key == NULL) return ph_fail_memory(r->err);
    memcpy(key, id, n);
    key[n] = '\t';
    memcpy(key + n + 1, parcel, m + 1);
    uint64_t *first;
    int added;
    PH_TRY(ph_index_put(&r->seen, key, &first, &added, r->err));
    if (added) return PH_OK;
    return leave_out(r, row, DOUBLED, "事件编号重复", "the event is doubled", id);
}

/* part/whole of the measured area, to the nearest 0.01 m². */
static int64_t share_of(int64_t measured, int64_t part, int64_t whole)
{
    if (measured == INT64_MIN || whole <= 0) return INT64_MIN;
    return (int64_t)llround((double)measured * ((double)part / (double)whole));
}

static enum ph_status count_area(struct reading *r, size_t row)
{
    struct ph_event *event = &r->ledger->events[row];
    event->factory_dm2 = dm2_at(r->ledger, PH_LED_FACTORY_M2, row);
    event->area_dm2 = event->ellipsoid_dm2 = INT64_MIN;
    if (event->parcel == SIZE_MAX) return PH_OK;
    const struct ph_areas *parcel = &r->parcels->areas[event->parcel];
    int64_t own = dm2_at(r->ledger, PH_LED_AREA, row), whole = parcel->adopted_dm2;
    bool partial = own != INT64_MIN && own >= 0 && (whole == INT64_MIN || own < whole);
    event->area_dm2 = partial ? own : whole;
    event->ellipsoid_dm2 = partial ? share_of(parcel->ellipsoid_dm2, own, whole) : parcel->ellipsoid_dm2;
    if (own == INT64_MIN || whole == INT64_MIN || own <= whole + AREA_SLACK_DM2 || own <= whole + whole / AREA_SLACK_SHARE) return PH_OK;
    char text[40];
    ph_print_m2(text, sizeof text, own);
    return say(r, row, TOO_LARGE, "面积大于宗地面积(㎡)", "larger than the parcel (m²)", text);
}

static enum ph_status read_event(struct reading *r, size_t row)
{
    struct ph_event *event = &r->ledger->events[row];
    *event = (struct ph_event){.counted = true};
    PH_TRY(find_parcel(r, row));
    PH_TRY(find_kind(r, row));
    PH_TRY(check_date(r, row));
    PH_TRY(check_state(r, row));
    PH_TRY(check_doubled(r, row));
    PH_TRY(count_area(r, row));
    event->enterprise = text_of(r->ledger, PH_LED_ENTERPRISE_CODE, row);
    if (event->enterprise == NULL && event->parcel != SIZE_MAX)
        event->enterprise = ph_parcel_text(r->parcels, PH_HOLDER_CODE, event->parcel);
    return PH_OK;
}

static enum ph_status read_table(const struct ph_audit_request *q, struct ph_ledger *l, struct ph_problems *problems, struct ph_error *err)
{
    struct ph_source_request request = {.path = q->ledger, .table = true, .fields = &ph_ledger_fields};
    PH_TRY(ph_source_open(&request, &l->source, err));
    PH_TRY(ph_intake(l->source, &ph_ledger_fields, false, SIZE_MAX, NULL, &l->t, problems, problems, err));
    /* Each of these, or what can stand in for it. */
    static const enum ph_ledger_field needed[][4] = {{PH_LED_DATE, PH_LED_YEAR, PH_LED_YEAR, PH_LED_YEAR},
                                                     {PH_LED_KIND, PH_LED_KIND, PH_LED_KIND, PH_LED_KIND},
                                                     {PH_LED_PARCEL_ID, PH_LED_ENTERPRISE_CODE, PH_LED_ENTERPRISE_NAME, PH_LED_LOCATION}};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        bool there = false;
        for (size_t k = 0; k < sizeof *needed / sizeof **needed; k++) there |= l->t.column_of[needed[i][k]] != SIZE_MAX;
        if (there) continue;
        const struct ph_field *field = &ph_ledger_fields.items[needed[i][0]];
        ph_fail(err, PH_E_FIELDS, "台账没有“%s”(%s)一列", "the ledger has no column %s (%s)", field->title, field->name);
        return ph_at_file(err, ph_source_facts(l->source)->path), PH_E_FIELDS;
    }
    return ph_identify_credit_codes(&l->t, PH_LED_ENTERPRISE_CODE, ph_source_facts(l->source)->path, problems, err);
}

enum ph_status ph_ledger_load(const struct ph_audit_request *q, struct ph_ledger *out, struct ph_problems *problems, struct ph_error *err)
{
    return q->ledger ? read_table(q, out, problems, err) : PH_OK;
}

enum ph_status ph_ledger_settle(const struct ph_audit_request *q, const struct ph_parcels *parcels, const struct ph_index *by_code,
                              struct ph_ledger *out, struct ph_problems *problems, struct ph_error *err)
{
    if (q->ledger == NULL) return PH_OK;
    struct reading r = {.request = q, .parcels = parcels, .by_code = by_code, .ledger = out, .problems = problems, .err = err};
    struct ph_ledger_join join = {0};
    enum ph_status status = find_places(&r, &join);
    if (status == PH_OK && (out->events = calloc(out->t.layer.table.rows + 1, sizeof *out->events)) == NULL) status = ph_fail_memory(err);
    if (status == PH_OK) status = ph_index_reserve(&r.seen, out->t.layer.table.rows, err);
    for (size_t row = 0; status == PH_OK && row < out->t.layer.table.rows; row++) status = read_event(&r, row);
    ph_ledger_join_dispose(&join);
    free(r.places);
    ph_index_dispose(&r.seen);
    return status == PH_OK ? ph_progress_tell(&q->progress, PH_STAGE_LEDGER, 1, err) : status;
}

void ph_ledger_dispose(struct ph_ledger *ledger)
{
    ph_fielded_dispose(&ledger->t);
    ph_source_free(ledger->source);
    free(ledger->events);
    ph_arena_dispose(&ledger->texts);
    memset(ledger, 0, sizeof *ledger);
}
