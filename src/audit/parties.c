#include "audit/parties.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/apportion.h"
#include "base/number.h"

#define WHOLE_MAX ((int64_t)1000000000000) /* 10 000 km²: beyond, claims would not fit; no parcel is that large */
#define SLACK_DM2 100                      /* claims may miss the parcel by 1 m² or 0.1 %: rounding of mu and percent */
#define SLACK_SHARE 1000

static const struct ph_problem_kind no_measure = {
    PH_PROBLEM_ERROR, "link.no_measure", "填土地面积、份额或建筑面积", "state the area, the share or the floor area"};
static const struct ph_problem_kind no_floor = {
    PH_PROBLEM_ERROR, "link.no_floor", "补宗地的建筑面积,或改填土地面积、份额", "add the parcel's floor area, or state area or share"};
static const struct ph_problem_kind over_claim = {
    PH_PROBLEM_ERROR, "link.over_claim", "核对各户面积与单位", "check the areas and their units"};
static const struct ph_problem_kind over_let = {
    PH_PROBLEM_ERROR, "link.over_let", "核对租出面积,或补上它的自有、租入", "check the area rented out, or add what it owns or rents"};
static const struct ph_problem_kind owners_short = {
    PH_WARNING, "link.owners_short", "补上其他权利人", "add the other owners"};
static const struct ph_problem_kind no_tenant = {
    PH_WARNING, "link.no_tenant", "补上承租企业的租入行", "add the tenants' rows"};
static const struct ph_problem_kind owner_differs = {
    PH_WARNING, "link.owner_differs", "核对宗地的权利人", "check the parcel's holder"};

/* ---- who ---- */

static enum ph_status make_room(struct ph_parties *p, size_t count, struct ph_error *err)
{
    if (count <= p->capacity) return PH_OK;
    struct ph_party *items = realloc(p->items, 2 * count * sizeof *items);
    if (items) p->items = items;
    int64_t *weights = realloc(p->weights, (2 * count + 1) * sizeof *weights);
    if (weights) p->weights = weights;
    int64_t *parts = realloc(p->parts, (2 * count + 1) * sizeof *parts);
    if (parts) p->parts = parts;
    if (items == NULL || weights == NULL || parts == NULL) return ph_fail_memory(err);
    p->capacity = 2 * count;
    return PH_OK;
}

static int64_t fid_of(const struct ph_division *d, size_t link)
{
    return d->links->t.layer.fids[d->links->items[link].row];
}

static const char *parcel_name(const struct ph_division *d, const struct ph_parties *p)
{
    return ph_parcel_text(d->parcels, PH_PARCEL_ID, p->parcel); /* links found it by this */
}

/* The holder among the parties, in the place that its code gives it. */
static struct ph_party *add_holder(struct ph_parties *p, size_t holding, const char *code)
{
    size_t at = 0;
    while (at < p->count && strcmp(p->items[at].code, code) < 0) at++;
    if (at == p->count || p->items[at].holding != holding) {
        memmove(&p->items[at + 1], &p->items[at], (p->count - at) * sizeof *p->items);
        p->items[at] = (struct ph_party){.holding = holding, .code = code};
        p->count++;
    }
    return &p->items[at];
}

enum ph_status ph_parties_gather(const struct ph_division *d, size_t parcel, size_t from, size_t to, struct ph_parties *p)
{
    size_t holder = d->enterprises->holding_of_parcel[parcel];
    bool owned = false, by_holder = false;
    p->parcel = parcel;
    p->first = from;
    p->count = 0;
    p->whole_dm2 = d->parcels->areas[parcel].adopted_dm2;
    PH_TRY(make_room(p, to - from + 1, d->err));
    for (size_t i = from; i < to; i++) {
        const struct ph_link *link = &d->links->items[i];
        if (p->count == 0 || p->items[p->count - 1].holding != link->holding)
            p->items[p->count++] = (struct ph_party){.holding = link->holding, .code = link->code};
        struct ph_party *party = &p->items[p->count - 1];
        if (party->link_count[link->relation]++ == 0) party->link[link->relation] = i;
        if (link->relation != PH_OWN) continue;
        party->owner = owned = true;
        by_holder |= link->holding == holder;
    }
    if (holder == SIZE_MAX || by_holder) return PH_OK;
    const char *code = d->enterprises->holdings[holder].code;
    if (!owned) {
        add_holder(p, holder, code)->owner = true;
        return PH_OK;
    }
    return ph_problem_add(d->problems, &owner_differs, d->source, fid_of(d, from), d->err, "宗地 %s 的权利人 %s 不在关联表的自有行里,按关联表",
                          "the holder of parcel %s, %s, is not among its owners in the links; the links count", parcel_name(d, p), code);
}

/* ---- what they say ---- */

/* The size of a row in dm²; NaN when it states none that counts, or one by a floor area that the parcel lacks. */
static double size_of(const struct ph_division *d, const struct ph_parties *p, const struct ph_link *link)
{
    const struct ph_column *floors = ph_field_column(&d->parcels->t, PH_FLOOR_M2);
    double whole = (double)p->whole_dm2, floor = floors && floors->real[p->parcel] > 0 ? floors->real[p->parcel] : NAN;
    if (d->mode != PH_LAND_FLOOR || link->relation == PH_OWN) {
        if (link->area_dm2 != INT64_MIN) return (double)link->area_dm2;
        if (!isnan(link->share)) return whole * link->share;
    }
    return link->floor_dm2 == INT64_MIN ? NAN : whole * ((double)link->floor_dm2 / 100 / floor);
}

static enum ph_status read_row(const struct ph_division *d, const struct ph_parties *p, struct ph_party *party, size_t at)
{
    const struct ph_link *link = &d->links->items[at];
    double size = size_of(d, p, link);
    if (!isnan(size)) { /* what no parcel has is cut, so that the sums fit */
        party->claim[link->relation] += llround(fmin(size * PH_FINE, (double)(INT64_MAX / 4) / (double)(d->links->count + 1)));
        return PH_OK;
    }
    if (link->floor_dm2 == INT64_MIN && link->relation == PH_OWN) {
        party->rest = true;
        return PH_OK;
    }
    if (link->floor_dm2 == INT64_MIN && link->relation == PH_RENTED_OUT && d->mode == PH_LAND_FLOOR) return PH_OK; /* tenants tell */
    party->unknown[link->relation] = true;
    if (link->floor_dm2 != INT64_MIN)
        return ph_problem_add(d->problems, &no_floor, d->source, fid_of(d, at), d->err, "宗地 %s 没有建筑面积,%s 的部分算不出",
                              "parcel %s has no floor area: the part of %s cannot be worked out", parcel_name(d, p), party->code);
    return ph_problem_add(d->problems, &no_measure, d->source, fid_of(d, at), d->err, "宗地 %s 中 %s 有多少没有写明",
                          "how much of parcel %s is of %s is not stated", parcel_name(d, p), party->code);
}

static enum ph_status read_rows(const struct ph_division *d, struct ph_parties *p, enum ph_relation relation)
{
    for (size_t i = 0; i < p->count; i++)
        for (size_t k = 0; k < p->items[i].link_count[relation]; k++)
            PH_TRY(read_row(d, p, &p->items[i], p->items[i].link[relation] + k));
    return PH_OK;
}

/* ---- what they get ---- */

static int64_t slack_of(const struct ph_parties *p)
{
    int64_t share = p->whole_dm2 / SLACK_SHARE;
    return share > SLACK_DM2 ? share : SLACK_DM2;
}

static int64_t rounded(int64_t claim)
{
    return (claim + PH_FINE / 2) / PH_FINE;
}

/* m² for a sentence. */
struct m2_text {
    char text[32];
};

static struct m2_text m2(int64_t dm2)
{
    struct m2_text out;
    ph_print_m2(out.text, sizeof out.text, dm2);
    return out;
}

static enum ph_status report_owners(const struct ph_division *d, const struct ph_parties *p, int64_t sum, bool vague)
{
    struct m2_text claimed = m2(rounded(sum)), whole = m2(p->whole_dm2);
    int64_t left = p->whole_dm2 - rounded(sum);
    if (left < -slack_of(p))
        return ph_problem_add(d->problems, &over_claim, d->source, fid_of(d, p->first), d->err, "宗地 %s:权利人合计 %s㎡,超过宗地 %s㎡,按比例核减",
                              "parcel %s: its owners claim %s m² of %s m²; reduced in proportion", parcel_name(d, p), claimed.text, whole.text);
    if (left <= slack_of(p) || vague) return PH_OK;
    return ph_problem_add(d->problems, &owners_short, d->source, fid_of(d, p->first), d->err, "宗地 %s:权利人合计 %s㎡,宗地 %s㎡,其余未归到企业",
                          "parcel %s: its owners claim %s m² of %s m²; the rest is nobody's", parcel_name(d, p), claimed.text, whole.text);
}

/* The ground among its owners: as claimed, the rest to those whose link states no size. */
static enum ph_status divide_ownership(const struct ph_division *d, struct ph_parties *p)
{
    int64_t full = p->whole_dm2 * PH_FINE, sum = 0;
    size_t takers = 0, taken = 0;
    bool told = false, vague = false;
    for (size_t i = 0; i < p->count; i++) {
        struct ph_party *party = &p->items[i];
        p->weights[i] = party->owner && party->link_count[PH_OWN] == 0 ? full : party->claim[PH_OWN];
        sum += p->weights[i];
        takers += party->rest;
        told |= party->link_count[PH_OWN] > 0;
        vague |= party->rest || party->unknown[PH_OWN];
    }
    int64_t left = full - sum;
    for (size_t i = 0; takers > 0 && left > 0 && i < p->count; i++)
        if (p->items[i].rest) p->weights[i] += left / (int64_t)takers + ((int64_t)taken++ < left % (int64_t)takers);
    bool nobodys = takers == 0 && (sum == 0 || left > slack_of(p) * PH_FINE);
    p->weights[p->count] = nobodys ? left : 0;
    if (told) PH_TRY(report_owners(d, p, sum, vague));
    PH_TRY(ph_apportion(p->whole_dm2, p->weights, p->count + 1, p->parts, d->err));
    for (size_t i = 0; i < p->count; i++) p->items[i].dm2[PH_OWN] = p->parts[i];
    p->left_dm2 = p->parts[p->count];
    return PH_OK;
}

static enum ph_status report_let(const struct ph_division *d, const struct ph_parties *p, const struct ph_party *party, int64_t let, int64_t has)
{
    struct m2_text out = m2(let), in = m2(has);
    return ph_problem_add(d->problems, &over_let, d->source, fid_of(d, party->link[PH_RENTED_OUT]), d->err,
                          "宗地 %s:%s 租出 %s㎡,超过其在该宗的 %s㎡,按后者计", "parcel %s: %s rents out %s m² of the %s m² that it has there; cut to these",
                          parcel_name(d, p), party->code, out.text, in.text);
}

/* What tenants have, less what they let again. *sum_dm2 receives what is taken from the owners. */
static enum ph_status divide_tenancy(const struct ph_division *d, struct ph_parties *p, int64_t *sum_dm2)
{
    int64_t full = p->whole_dm2 * PH_FINE, sum = 0, slack = slack_of(p) * PH_FINE;
    for (size_t i = 0; i < p->count; i++) {
        struct ph_party *party = &p->items[i];
        int64_t in = party->claim[PH_RENTED_IN], out = party->owner ? 0 : party->claim[PH_RENTED_OUT];
        if (out > in && party->unknown[PH_RENTED_IN])
            party->unknown[PH_RENTED_OUT] = true;
        else if (out > in + slack || (out > in && in == 0))
            PH_TRY(report_let(d, p, party, rounded(out), rounded(in)));
        if (out > in) out = in;
        party->dm2[PH_RENTED_OUT] = rounded(out);
        p->weights[i] = in - out;
        sum += in - out;
    }
    p->weights[p->count] = sum < full ? full - sum : 0;
    if (sum > full + slack) {
        struct m2_text claimed = m2(rounded(sum)), whole = m2(p->whole_dm2);
        PH_TRY(ph_problem_add(d->problems, &over_claim, d->source, fid_of(d, p->first), d->err,
                              "宗地 %s:承租各户合计 %s㎡,超过宗地 %s㎡,按比例核减", "parcel %s: its tenants claim %s m² of %s m²; reduced in proportion",
                              parcel_name(d, p), claimed.text, whole.text));
    }
    PH_TRY(ph_apportion(p->whole_dm2, p->weights, p->count + 1, p->parts, d->err));
    for (size_t i = 0; i < p->count; i++) p->items[i].dm2[PH_RENTED_IN] = p->parts[i] + p->items[i].dm2[PH_RENTED_OUT];
    *sum_dm2 = p->whole_dm2 - p->parts[p->count];
    return PH_OK;
}

/* What owners say that they rent out, within what they have. */
static enum ph_status read_lets(const struct ph_division *d, struct ph_parties *p, int64_t *sum_dm2)
{
    *sum_dm2 = 0;
    for (size_t i = 0; i < p->count; i++) {
        struct ph_party *party = &p->items[i];
        p->weights[i] = 0;
        if (!party->owner) continue;
        int64_t has = party->dm2[PH_OWN] + party->dm2[PH_RENTED_IN], let = rounded(party->claim[PH_RENTED_OUT]);
        if (let > has + slack_of(p)) PH_TRY(report_let(d, p, party, let, has));
        party->dm2[PH_RENTED_OUT] = p->weights[i] = let < has ? let : has;
        *sum_dm2 += p->weights[i];
    }
    return PH_OK;
}

/* Tenants have more than owners say: that comes off the owners' land too, and off nobody's when it is used up. */
static enum ph_status take_from_owners(const struct ph_division *d, struct ph_parties *p, int64_t more)
{
    int64_t have = 0;
    for (size_t i = 0; i < p->count; i++) {
        const struct ph_party *party = &p->items[i];
        p->weights[i] = party->owner ? party->dm2[PH_OWN] + party->dm2[PH_RENTED_IN] - party->dm2[PH_RENTED_OUT] : 0;
        have += p->weights[i];
    }
    int64_t taken = more < have ? more : have;
    p->left_dm2 -= more - taken;
    if (taken == 0) return PH_OK;
    PH_TRY(ph_apportion(taken, p->weights, p->count, p->parts, d->err));
    for (size_t i = 0; i < p->count; i++) p->items[i].dm2[PH_RENTED_OUT] += p->parts[i];
    return PH_OK;
}

static enum ph_status divide_rentals(const struct ph_division *d, struct ph_parties *p)
{
    int64_t tenants, let;
    bool vague = false;
    PH_TRY(divide_tenancy(d, p, &tenants));
    PH_TRY(read_lets(d, p, &let));
    for (size_t i = 0; i < p->count; i++) vague |= p->items[i].unknown[PH_RENTED_IN];
    for (size_t i = 0; vague && let == 0 && i < p->count; i++) p->items[i].unknown[PH_RENTED_OUT] |= p->items[i].owner;
    if (tenants > let) return take_from_owners(d, p, tenants - let);
    if (tenants > 0 && let - tenants <= slack_of(p)) { /* one and the same, rounded in two ways */
        PH_TRY(ph_apportion(tenants, p->weights, p->count, p->parts, d->err));
        for (size_t i = 0; i < p->count; i++)
            if (p->items[i].owner) p->items[i].dm2[PH_RENTED_OUT] = p->parts[i];
        return PH_OK;
    }
    p->left_dm2 += let - tenants;
    if (let == tenants || vague) return PH_OK;
    struct m2_text lost = m2(let - tenants);
    return ph_problem_add(d->problems, &no_tenant, d->source, fid_of(d, p->first), d->err, "宗地 %s:租出的 %s㎡ 没有承租企业认领,未归到企业",
                          "parcel %s: %s m² are rented out to nobody in the table", parcel_name(d, p), lost.text);
}

static bool lets_all(const struct ph_division *d, const struct ph_parties *p, const struct ph_party *party)
{
    double sum = 0;
    for (size_t k = 0; k < party->link_count[PH_RENTED_OUT]; k++) {
        double size = size_of(d, p, &d->links->items[party->link[PH_RENTED_OUT] + k]);
        if (!isnan(size)) sum += size;
    }
    return sum >= (double)(p->whole_dm2 - slack_of(p));
}

static enum ph_status divide_equally(const struct ph_division *d, struct ph_parties *p)
{
    p->equals = 0;
    for (size_t i = 0; i < p->count; i++) {
        const struct ph_party *party = &p->items[i];
        p->weights[i] = (party->owner && !lets_all(d, p, party)) || party->link_count[PH_RENTED_IN] > 0;
        p->equals += (size_t)p->weights[i];
    }
    p->weights[p->count] = p->equals == 0;
    PH_TRY(ph_apportion(p->whole_dm2, p->weights, p->count + 1, p->parts, d->err));
    for (size_t i = 0; i < p->count; i++) p->items[i].dm2[p->items[i].owner ? PH_OWN : PH_RENTED_IN] = p->parts[i];
    p->left_dm2 = p->parts[p->count];
    return PH_OK;
}

/* The parcel's own area is not known: nor is anybody's. */
static enum ph_status leave_open(const struct ph_division *d, struct ph_parties *p)
{
    for (size_t i = 0; i < p->count; i++)
        for (size_t r = 0; r < PH_RELATIONS; r++)
            p->items[i].unknown[r] = (r == PH_OWN && p->items[i].owner) || (d->mode != PH_LAND_OWNER && p->items[i].link_count[r] > 0);
    p->left_dm2 = p->whole_dm2 == INT64_MIN ? 0 : p->whole_dm2;
    return PH_OK;
}

enum ph_status ph_parties_divide(const struct ph_division *d, struct ph_parties *p)
{
    if (p->whole_dm2 <= 0 || p->whole_dm2 > WHOLE_MAX) return leave_open(d, p);
    if (d->mode == PH_LAND_EQUAL) return divide_equally(d, p);
    PH_TRY(read_rows(d, p, PH_OWN));
    PH_TRY(divide_ownership(d, p));
    if (d->mode == PH_LAND_OWNER) return PH_OK;
    PH_TRY(read_rows(d, p, PH_RENTED_IN));
    PH_TRY(read_rows(d, p, PH_RENTED_OUT));
    return divide_rentals(d, p);
}

int64_t ph_party_dm2(const struct ph_party *party)
{
    if (party->unknown[PH_OWN] || party->unknown[PH_RENTED_IN] || party->unknown[PH_RENTED_OUT]) return INT64_MIN;
    return party->dm2[PH_OWN] + party->dm2[PH_RENTED_IN] - party->dm2[PH_RENTED_OUT];
}

void ph_parties_dispose(struct ph_parties *p)
{
    free(p->items);
    free(p->weights);
    free(p->parts);
    memset(p, 0, sizeof *p);
}
