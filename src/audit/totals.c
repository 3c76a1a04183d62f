#include "audit/totals.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "model/codelist.h"

/* Sums under construction for one row of the totals. */
struct sum {
    struct ph_total total;
    unsigned bases; /* bit per enum ph_area_basis */
};

/* Enterprises by number, from 1, so that each sum counts each of them once. One sum is made after the other. */
struct ph_holders {
    struct ph_index by_code;
    size_t *of_parcel; /* 0: none */
    size_t *last_sum;  /* per number */
    size_t sums;       /* begun */
};

static const char *basis_name(unsigned bases)
{
    if (bases == 0) return NULL;
    if (bases == 1u << PH_BASIS_REGISTERED) return "registered";
    if (bases == 1u << PH_BASIS_ELLIPSOID) return "ellipsoid";
    if (bases == 1u << PH_BASIS_PLANE) return "plane";
    return "mixed";
}

static enum ph_status number_of(struct ph_holders *h, const char *code, size_t *number, struct ph_error *err)
{
    uint64_t *value;
    int added;
    *number = 0;
    if (code == NULL) return PH_OK;
    PH_TRY(ph_index_put(&h->by_code, code, &value, &added, err));
    if (added) *value = h->by_code.count;
    *number = (size_t)*value;
    return PH_OK;
}

static enum ph_status number_holders(struct ph_holders *h, const struct ph_parcels *p, size_t events, struct ph_error *err)
{
    size_t rows = ph_parcel_count(p);
    h->of_parcel = malloc((rows + 1) * sizeof *h->of_parcel);
    h->last_sum = calloc(rows + events + 1, sizeof *h->last_sum);
    if (h->of_parcel == NULL || h->last_sum == NULL) return ph_fail_memory(err);
    for (size_t row = 0; row < rows; row++) PH_TRY(number_of(h, ph_parcel_text(p, PH_HOLDER_CODE, row), &h->of_parcel[row], err));
    return PH_OK;
}

static void free_holders(struct ph_holders *h)
{
    if (h == NULL) return;
    ph_index_dispose(&h->by_code);
    free(h->of_parcel);
    free(h->last_sum);
    free(h);
}

enum ph_status ph_totals_begin(const struct ph_parcels *p, const struct ph_ledger *ledger, struct ph_totals *out, struct ph_error *err)
{
    out->holders = calloc(1, sizeof *out->holders);
    return out->holders ? number_holders(out->holders, p, ledger->t.layer.table.rows, err) : ph_fail_memory(err);
}

static struct sum new_sum(struct ph_holders *h, const char *topic, const char *code, const char *label)
{
    h->sums++;
    return (struct sum){.total = {.topic = topic, .code = code, .label = label, .factory_dm2 = INT64_MIN}};
}

static void add_holder(struct sum *sum, struct ph_holders *h, size_t number)
{
    if (number == 0 || h->last_sum[number] == h->sums) return;
    h->last_sum[number] = h->sums;
    sum->total.enterprises++;
}

static void add_parcel(struct sum *sum, struct ph_holders *h, const struct ph_parcels *p, size_t row)
{
    const struct ph_areas *a = &p->areas[row];
    sum->total.parcels++;
    if (a->adopted_dm2 != INT64_MIN) sum->total.area_dm2 += a->adopted_dm2;
    if (a->ellipsoid_dm2 != INT64_MIN) sum->total.ellipsoid_dm2 += a->ellipsoid_dm2;
    if (a->basis != PH_BASIS_UNSET) sum->bases |= 1u << a->basis;
    add_holder(sum, h, h->of_parcel[row]);
}

/* Closes the sum and appends its row. */
static enum ph_status push(struct ph_totals *t, struct sum *sum, struct ph_error *err)
{
    if (t->count == t->capacity) {
        size_t capacity = t->capacity ? 2 * t->capacity : 64;
        struct ph_total *grown = realloc(t->items, capacity * sizeof *grown);
        if (grown == NULL) return ph_fail_memory(err);
        t->items = grown;
        t->capacity = capacity;
    }
    sum->total.area_basis = basis_name(sum->bases);
    sum->total.topic_label = ph_codelist_text(ph_codelist_find("topic"), sum->total.topic);
    t->items[t->count++] = sum->total;
    return PH_OK;
}

static enum ph_status tag_totals(const struct ph_parcels *p, struct ph_holders *h, const struct ph_tagging *tagging, struct ph_totals *out,
                                 struct ph_error *err)
{
    for (int tag = 0; tag <= PH_TAG_NORMAL; tag++) {
        const char *name = ph_tag_name((enum ph_tag)tag);
        struct sum sum = new_sum(h, "tag", name, ph_codelist_text(ph_codelist_find("tag"), name));
        for (size_t row = 0; row < ph_parcel_count(p); row++)
            if (tagging->tag[row] == tag) add_parcel(&sum, h, p, row);
        PH_TRY(push(out, &sum, err));
    }
    return PH_OK;
}

/* A land use, and its parcels as a chain: the first, and per parcel the next. */
struct use {
    const char *name;
    size_t first;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct use *)a)->name, ((const struct use *)b)->name);
}

static enum ph_status chain_uses(const struct ph_parcels *p, struct ph_index *index, struct use *uses, size_t *next, struct ph_error *err)
{
    for (size_t row = ph_parcel_count(p); row-- > 0;) {
        const char *use = ph_parcel_text(p, PH_LAND_USE, row);
        uint64_t *at;
        int added;
        PH_TRY(ph_index_put(index, use ? use : "", &at, &added, err));
        if (added) {
            *at = index->count - 1;
            uses[*at] = (struct use){use ? use : "", SIZE_MAX};
        }
        next[row] = uses[*at].first;
        uses[*at].first = row;
    }
    return PH_OK;
}

/* One row per land use, in the order of their bytes; what is unknown is 未填. */
static enum ph_status land_use_totals(const struct ph_parcels *p, struct ph_holders *h, struct ph_totals *out, struct ph_error *err)
{
    size_t rows = ph_parcel_count(p), *next = malloc((rows + 1) * sizeof *next);
    struct use *uses = malloc((rows + 1) * sizeof *uses);
    struct ph_index index = {0};
    enum ph_status status = next && uses ? chain_uses(p, &index, uses, next, err) : ph_fail_memory(err);
    if (status == PH_OK) qsort(uses, index.count, sizeof *uses, by_name);
    for (size_t i = 0; status == PH_OK && i < index.count; i++) {
        struct sum sum = new_sum(h, "land_use", uses[i].name, *uses[i].name ? uses[i].name : "未填");
        for (size_t row = uses[i].first; row != SIZE_MAX; row = next[row]) add_parcel(&sum, h, p, row);
        status = push(out, &sum, err);
    }
    ph_index_dispose(&index);
    free(uses);
    free(next);
    return status;
}

/* A parcel's area counts once however many events of the kind name it: the largest of them. */
static enum ph_status measure_total(const struct ph_parcels *p, struct ph_holders *h, const struct ph_ledger *ledger, size_t kind, int64_t *largest,
                                    int64_t *measured, struct sum *sum, struct ph_error *err)
{
    size_t parcels = ph_parcel_count(p);
    for (size_t i = 0; i < parcels; i++) largest[i] = -1;
    sum->total.factory_dm2 = 0;
    for (size_t row = 0; row < ledger->t.layer.table.rows; row++) {
        const struct ph_event *e = &ledger->events[row];
        if (!e->counted || e->kind != kind) continue;
        size_t number;
        PH_TRY(number_of(h, e->enterprise, &number, err));
        add_holder(sum, h, number);
        if (e->factory_dm2 != INT64_MIN) sum->total.factory_dm2 += e->factory_dm2;
        if (largest[e->parcel] < 0) sum->total.parcels++;
        int64_t area = e->area_dm2 == INT64_MIN ? 0 : e->area_dm2;
        if (area <= largest[e->parcel]) continue;
        largest[e->parcel] = area;
        measured[e->parcel] = e->ellipsoid_dm2 == INT64_MIN ? 0 : e->ellipsoid_dm2;
    }
    for (size_t i = 0; i < parcels; i++) {
        if (largest[i] < 0) continue;
        sum->total.area_dm2 += largest[i];
        sum->total.ellipsoid_dm2 += measured[i];
        if (p->areas[i].basis != PH_BASIS_UNSET) sum->bases |= 1u << p->areas[i].basis;
    }
    return PH_OK;
}

static enum ph_status measure_totals(const struct ph_parcels *p, struct ph_holders *h, const struct ph_ledger *ledger, struct ph_totals *out,
                                     struct ph_error *err)
{
    const struct ph_codelist *kinds = ph_codelist_find("ledger_kind");
    int64_t *largest = malloc((ph_parcel_count(p) + 1) * sizeof *largest), *measured = malloc((ph_parcel_count(p) + 1) * sizeof *measured);
    enum ph_status status = largest && measured ? PH_OK : ph_fail_memory(err);
    for (size_t k = 0; status == PH_OK && k < kinds->count; k++) {
        struct sum sum = new_sum(h, "measure", kinds->codes[k].value, kinds->codes[k].zh);
        status = measure_total(p, h, ledger, k, largest, measured, &sum, err);
        if (status == PH_OK) status = push(out, &sum, err);
    }
    free(largest);
    free(measured);
    return status;
}

/* How many parcels take part in an overlap with another of the same group; groups NULL: with any other. */
static int64_t overlapping(const struct ph_check *check, const uint8_t *tags, int tag, size_t parcels, struct ph_error *err)
{
    bool *in = calloc(parcels + 1, sizeof *in);
    if (in == NULL) return (void)ph_fail_memory(err), -1;
    int64_t count = 0;
    for (size_t i = 0; i < check->against_from; i++) {
        const struct ph_topology_finding *f = &check->found.items[i];
        if (f->kind < PH_TOPOLOGY_OVERLAP || f->kind > PH_TOPOLOGY_DUPLICATE) continue;
        if (tag >= 0 && (tags[f->a] != tag || tags[f->b] != tag)) continue;
        count += !in[f->a] + (!in[f->b] && f->b != f->a);
        in[f->a] = in[f->b] = true;
    }
    free(in);
    return count;
}

static struct ph_total overlap_row(const char *topic, const char *code, const char *label, int64_t parcels, int64_t area)
{
    return (struct ph_total){.topic = topic, .code = code, .label = label, .parcels = parcels, .enterprises = INT64_MIN, .area_dm2 = area,
                             .ellipsoid_dm2 = area, .factory_dm2 = INT64_MIN, .area_basis = "ellipsoid"};
}

static enum ph_status append(struct ph_totals *t, const struct ph_total *row, struct ph_error *err)
{
    struct sum sum = {.total = *row};
    PH_TRY(push(t, &sum, err));
    t->items[t->count - 1].area_basis = row->area_basis;
    return PH_OK;
}

enum ph_status ph_totals_add_overlaps(const struct ph_audit_request *q, const struct ph_parcels *p, const struct ph_tagging *tagging,
                                      const struct ph_check *check, struct ph_totals *t, struct ph_error *err)
{
    size_t rows = ph_parcel_count(p);
    int32_t *groups = malloc((rows + 1) * sizeof *groups);
    struct ph_excess excess[PH_TAG_NORMAL + 1];
    if (groups == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < rows; i++) groups[i] = tagging->tag[i];
    enum ph_status status = ph_check_groups(p, q, check, groups, PH_TAG_NORMAL + 1, excess, err);
    free(groups);
    PH_TRY(status);
    int64_t count = overlapping(check, tagging->tag, -1, rows, err);
    if (count < 0) return PH_E_MEMORY;
    struct ph_total all = *ph_totals_find(t, "all", "all");
    struct ph_total row = overlap_row("all", "overlap", "重复计算", count, check->twice.ellipsoid_dm2);
    PH_TRY(append(t, &row, err));
    row = overlap_row("all", "net", "扣除重复后", all.parcels, all.area_dm2 - check->excess.ellipsoid_dm2);
    row.ellipsoid_dm2 = all.ellipsoid_dm2 - check->excess.ellipsoid_dm2;
    row.area_basis = check->excess.ellipsoid_dm2 ? "mixed" : all.area_basis;
    PH_TRY(append(t, &row, err));
    for (int tag = 0; tag <= PH_TAG_NORMAL; tag++) {
        count = overlapping(check, tagging->tag, tag, rows, err);
        if (count < 0) return PH_E_MEMORY;
        const char *name = ph_tag_name((enum ph_tag)tag);
        row = overlap_row("tag_overlap", name, ph_codelist_text(ph_codelist_find("tag"), name), count, excess[tag].ellipsoid_dm2);
        PH_TRY(append(t, &row, err));
    }
    return PH_OK;
}

/* The rows of a topic against the roster. */
static enum ph_status check_sums(const struct ph_totals *t, const char *topic, struct ph_error *err)
{
    int64_t parcels = 0, area = 0, ellipsoid = 0;
    const struct ph_total *all = ph_totals_find(t, "all", "all");
    for (size_t i = 0; i < t->count; i++) {
        if (strcmp(t->items[i].topic, topic) != 0) continue;
        parcels += t->items[i].parcels;
        area += t->items[i].area_dm2;
        ellipsoid += t->items[i].ellipsoid_dm2;
    }
    if (parcels == all->parcels && area == all->area_dm2 && ellipsoid == all->ellipsoid_dm2) return PH_OK;
    return ph_fail(err, PH_E_SUMS, "合计不平:%s 各行之和 %lld 宗 %lld dm²,总表 %lld 宗 %lld dm²;未写出",
                   "the totals do not add up: rows of %s give %lld parcels and %lld dm², the roster %lld and %lld; nothing was written", topic,
                   (long long)parcels, (long long)area, (long long)all->parcels, (long long)all->area_dm2);
}

enum ph_status ph_totals_make(const struct ph_parcels *p, const struct ph_tagging *tagging, const struct ph_ledger *ledger,
                              struct ph_totals *out, struct ph_error *err)
{
    struct ph_holders *h = out->holders;
    struct sum all = new_sum(h, "all", "all", "全部");
    for (size_t row = 0; row < ph_parcel_count(p); row++) add_parcel(&all, h, p, row);
    PH_TRY(push(out, &all, err));
    PH_TRY(tag_totals(p, h, tagging, out, err));
    if (ledger->source) PH_TRY(measure_totals(p, h, ledger, out, err));
    PH_TRY(land_use_totals(p, h, out, err));
    PH_TRY(check_sums(out, "tag", err));
    return check_sums(out, "land_use", err);
}

enum ph_status ph_totals_add_land(const struct ph_land *land, struct ph_totals *t, struct ph_error *err)
{
    static const char *const labels[PH_LAND_PLACES][2] = {[PH_LAND_ASSIGNED] = {"assigned", "归到企业"},
                                                          [PH_LAND_OFF_ROSTER] = {"off_roster", "企业表以外"},
                                                          [PH_LAND_UNASSIGNED] = {"unassigned", "未归到企业"}};
    const struct ph_total all = *ph_totals_find(t, "all", "all");
    int64_t area = 0;
    for (size_t i = 0; i < PH_LAND_PLACES; i++) {
        const struct ph_land_sum *sum = &land->sums[i];
        struct ph_total row = {.topic = "land", .code = labels[i][0], .label = labels[i][1], .parcels = sum->parcels,
                               .enterprises = sum->enterprises, .area_dm2 = sum->area_dm2, .ellipsoid_dm2 = INT64_MIN,
                               .factory_dm2 = INT64_MIN, .area_basis = all.area_basis};
        PH_TRY(append(t, &row, err));
        area += sum->area_dm2;
    }
    if (area == all.area_dm2) return PH_OK;
    return ph_fail(err, PH_E_SUMS, "企业用地不平:各企业与未归到企业的合计 %lld dm²,宗地 %lld dm²;未写出",
                   "the enterprises' land does not add up: theirs and nobody's give %lld dm², the parcels %lld; nothing was written",
                   (long long)area, (long long)all.area_dm2);
}

static const char grades[] = "ABCDT";
enum { NO_GRADE = 0xff };

/* Its place in `grades`; NO_GRADE: none. */
static uint8_t place_of(char grade)
{
    const char *at = grade ? strchr(grades, grade) : NULL;
    return at ? (uint8_t)(at - grades) : NO_GRADE;
}

/* Counts each parcel once in every class that has land in it. Stakes come parcel by parcel. */
static void count_graded_parcels(const uint8_t *grade_of_holding, const struct ph_land *land, struct ph_total rows[sizeof grades - 1])
{
    size_t seen[sizeof grades];
    memset(seen, 0xff, sizeof seen);
    for (size_t i = 0; i < land->count; i++) {
        const struct ph_stake *stake = &land->stakes[i];
        uint8_t at = grade_of_holding[stake->holding];
        if (at == NO_GRADE || stake->relation == PH_RENTED_OUT || stake->area_dm2 == 0 || seen[at] == stake->parcel) continue;
        seen[at] = stake->parcel;
        rows[at].parcels++;
    }
}

/* What each enterprise of the table adds to its class. grade_of_holding: room for one per holding, becomes the class of its enterprise.
 * Returns how many were to be evaluated. */
static int64_t count_graded(const struct ph_evaluation *e, uint8_t *grade_of_holding, struct ph_total rows[sizeof grades - 1])
{
    const struct ph_enterprises *all = e->units.enterprises;
    int64_t roster = 0;
    memset(grade_of_holding, NO_GRADE, all->holding_count);
    for (size_t row = 0; row < all->t.layer.table.rows; row++) {
        const struct ph_score *score = ph_evaluation_of_row(e, row);
        uint8_t at = score ? place_of(score->grade) : NO_GRADE;
        size_t h = all->holding_of_row[row];
        roster += score != NULL;
        if (at == NO_GRADE) continue;
        rows[at].enterprises++;
        if (h == SIZE_MAX) continue;
        grade_of_holding[h] = at;
        for (size_t r = 0; r < PH_RELATIONS; r++) rows[at].area_dm2 += r == PH_RENTED_OUT ? -all->holdings[h].dm2[r] : all->holdings[h].dm2[r];
    }
    return roster;
}

enum ph_status ph_totals_add_grades(const struct ph_evaluation *e, const struct ph_land *land, struct ph_totals *t, struct ph_error *err)
{
    struct ph_total rows[sizeof grades - 1];
    const struct ph_codelist *list = ph_codelist_find("grade");
    int64_t graded = 0, area = 0;
    if (e->scoring == NULL) return PH_OK;
    for (size_t g = 0; g < list->count; g++)
        rows[g] = (struct ph_total){.topic = "grade", .code = list->codes[g].value, .label = list->codes[g].zh, .ellipsoid_dm2 = INT64_MIN,
                                    .factory_dm2 = INT64_MIN, .area_basis = ph_totals_find(t, "all", "all")->area_basis};
    bool classes = false;
    for (size_t g = 0; g < e->scheme->group_count; g++) classes |= e->scheme->groups[g].classes.by != PH_CLASS_NONE;
    if (!classes) rows[place_of('T')].label = "未分档"; /* scored, but the scheme has no classes */
    uint8_t *grade_of_holding = malloc(e->units.enterprises->holding_count + 1);
    if (grade_of_holding == NULL) return ph_fail_memory(err);
    int64_t roster = count_graded(e, grade_of_holding, rows);
    count_graded_parcels(grade_of_holding, land, rows);
    free(grade_of_holding);
    for (size_t g = 0; g < list->count; g++) {
        PH_TRY(append(t, &rows[g], err));
        graded += rows[g].enterprises;
        area += rows[g].area_dm2;
    }
    if (graded == roster && area == land->sums[PH_LAND_ASSIGNED].area_dm2) return PH_OK;
    return ph_fail(err, PH_E_SUMS, "评级不平:各档与不参评共 %lld 家 %lld dm²,企业表 %lld 家 %lld dm²;未写出",
                   "the classes do not add up: with those not evaluated %lld enterprises, %lld dm²; the roster has %lld, %lld; nothing was written",
                   (long long)graded, (long long)area, (long long)roster, (long long)land->sums[PH_LAND_ASSIGNED].area_dm2);
}

void ph_totals_dispose(struct ph_totals *totals)
{
    free(totals->items);
    free_holders(totals->holders);
    memset(totals, 0, sizeof *totals);
}

const struct ph_total *ph_totals_find(const struct ph_totals *totals, const char *topic, const char *code)
{
    for (size_t i = 0; i < totals->count; i++)
        if (strcmp(totals->items[i].topic, topic) == 0 && strcmp(totals->items[i].code, code) == 0) return &totals->items[i];
    return NULL;
}
