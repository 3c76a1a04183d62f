#include "audit/land.h"

#include <stdlib.h>
#include <string.h>

#include "audit/parties.h"

static enum ph_status add_stake(struct ph_land *land, const struct ph_stake *stake, struct ph_error *err)
{
    if (land->count == land->capacity) {
        size_t capacity = land->capacity ? 2 * land->capacity : 256;
        struct ph_stake *grown = realloc(land->stakes, capacity * sizeof *grown);
        if (grown == NULL) return ph_fail_memory(err);
        land->stakes = grown;
        land->capacity = capacity;
    }
    land->stakes[land->count++] = *stake;
    return PH_OK;
}

static enum ph_stake_how how_of(const struct ph_land *land, const struct ph_party *party, enum ph_relation relation)
{
    if (land->mode == PH_LAND_EQUAL) return PH_STAKE_EQUAL;
    if (relation == PH_OWN && party->link_count[PH_OWN] == 0) return PH_STAKE_WHOLE;
    if (relation == PH_OWN && party->rest) return PH_STAKE_REST;
    return relation == PH_RENTED_OUT && party->claim[PH_RENTED_OUT] == 0 ? PH_STAKE_TENANTS : PH_STAKE_CLAIMED;
}

static bool has_stake(const struct ph_land *land, const struct ph_party *party, enum ph_relation relation)
{
    if (party->dm2[relation] > 0 || party->unknown[relation]) return true;
    if (relation == PH_OWN) return party->owner;
    return party->link_count[relation] > 0 && land->mode != PH_LAND_EQUAL && land->mode != PH_LAND_OWNER;
}

static enum ph_status keep_party(struct ph_land *land, const struct ph_parties *p, const struct ph_party *party, struct ph_holding *holding,
                                 struct ph_error *err)
{
    for (size_t r = 0; r < PH_RELATIONS; r++) {
        if (!has_stake(land, party, (enum ph_relation)r)) continue;
        struct ph_stake stake = {.parcel = p->parcel, .holding = party->holding, .relation = (enum ph_relation)r,
                                 .how = how_of(land, party, (enum ph_relation)r), .link = party->link[r], .link_count = party->link_count[r],
                                 .parties = p->equals, .area_dm2 = party->unknown[r] ? INT64_MIN : party->dm2[r],
                                 .claimed_dm2 = (party->claim[r] + PH_FINE / 2) / PH_FINE};
        PH_TRY(add_stake(land, &stake, err));
        holding->dm2[r] += party->dm2[r];
        holding->unknown[r] |= party->unknown[r];
    }
    holding->parcels += ph_party_dm2(party) != 0;
    return PH_OK;
}

static size_t root_of(struct ph_holding *holdings, size_t h)
{
    while (holdings[h].unit != h) h = holdings[h].unit = holdings[holdings[h].unit].unit;
    return h;
}

/* Judged together from now on; the lesser code stands for both. */
static void join_units(struct ph_holding *holdings, size_t a, size_t b)
{
    a = root_of(holdings, a);
    b = root_of(holdings, b);
    if (a == b) return;
    if (strcmp(holdings[a].code, holdings[b].code) < 0)
        holdings[b].unit = a;
    else
        holdings[a].unit = b;
}

/* What the run keeps of a divided parcel. */
static enum ph_status keep(const struct ph_division *d, const struct ph_parties *p, struct ph_enterprises *e, struct ph_land *land)
{
    size_t *chosen = &e->holding_of_parcel[p->parcel], most = SIZE_MAX, first = SIZE_MAX;
    bool holder_stays = false, there[PH_LAND_PLACES] = {false};
    int64_t largest = 0;
    for (size_t i = 0; i < p->count; i++) {
        const struct ph_party *party = &p->items[i];
        int64_t dm2 = ph_party_dm2(party);
        PH_TRY(keep_party(land, p, party, &e->holdings[party->holding], d->err));
        if (dm2 == 0) continue;
        there[e->holdings[party->holding].row == SIZE_MAX ? PH_LAND_OFF_ROSTER : PH_LAND_ASSIGNED] = true;
        holder_stays |= party->holding == *chosen;
        if (most == SIZE_MAX || dm2 > largest) {
            most = party->holding;
            largest = dm2;
        }
        if (first == SIZE_MAX) first = party->holding;
        if (land->mode == PH_LAND_MERGE) join_units(e->holdings, first, party->holding);
    }
    if (!holder_stays && most != SIZE_MAX) *chosen = most;
    there[PH_LAND_UNASSIGNED] = p->left_dm2 > 0 || p->count == 0;
    land->sums[PH_LAND_UNASSIGNED].area_dm2 += p->left_dm2;
    for (size_t i = 0; i < PH_LAND_PLACES; i++) land->sums[i].parcels += there[i];
    return PH_OK;
}

static void add_up(struct ph_enterprises *e, struct ph_land *land)
{
    for (size_t h = 0; h < e->holding_count; h++) {
        const struct ph_holding *holding = &e->holdings[h];
        struct ph_land_sum *sum = &land->sums[holding->row == SIZE_MAX ? PH_LAND_OFF_ROSTER : PH_LAND_ASSIGNED];
        sum->area_dm2 += holding->dm2[PH_OWN] + holding->dm2[PH_RENTED_IN] - holding->dm2[PH_RENTED_OUT];
        sum->enterprises += holding->parcels > 0;
        e->holdings[h].unit = root_of(e->holdings, h);
    }
}

enum ph_status ph_land_divide(const struct ph_audit_request *q, const struct ph_parcels *parcels, const struct ph_links *links,
                              struct ph_enterprises *e, struct ph_land *out, struct ph_problems *problems, struct ph_error *err)
{
    out->mode = q->land_share != PH_LAND_UNSET ? q->land_share : links->source ? PH_LAND_EXPLICIT : PH_LAND_OWNER;
    struct ph_division d = {out->mode, parcels, links, e, links->path, problems, err};
    struct ph_parties parties = {0};
    enum ph_status status = PH_OK;
    for (size_t parcel = 0, link = 0; status == PH_OK && parcel < ph_parcel_count(parcels); parcel++) {
        size_t from = link;
        while (link < links->count && links->items[link].parcel == parcel) link++;
        status = ph_parties_gather(&d, parcel, from, link, &parties);
        if (status == PH_OK) status = ph_parties_divide(&d, &parties);
        if (status == PH_OK) status = keep(&d, &parties, e, out);
    }
    ph_parties_dispose(&parties);
    if (status == PH_OK) add_up(e, out);
    return status;
}

void ph_land_dispose(struct ph_land *land)
{
    free(land->stakes);
    memset(land, 0, sizeof *land);
}
