#include "audit/ledger_join.h"

#include <stdlib.h>
#include <string.h>

#include "model/name.h"

#define AREA_SHARE 100 /* an event's area is that of all parcels within 1 %: hectares of two decimals */

/* Texts in the form in which they are compared; NULL when there is nothing. */
static enum ph_status plain_text(struct ph_arena *arena, const char *text, const char **out, struct ph_error *err)
{
    char plain[PH_NAME_BYTES];
    *out = NULL;
    if (text == NULL || !ph_name_plain(text, plain) || plain[0] == '\0') return PH_OK;
    *out = ph_arena_text(arena, plain, strlen(plain));
    return *out ? PH_OK : ph_fail_memory(err);
}

/* Puts a parcel before those of the same holder. Parcels come from the last to the first. */
static enum ph_status chain(struct ph_index *index, const char *key, size_t row, size_t *next, struct ph_error *err)
{
    uint64_t *first;
    int added;
    next[row] = SIZE_MAX;
    if (key == NULL) return PH_OK;
    PH_TRY(ph_index_put(index, key, &first, &added, err));
    if (!added) next[row] = (size_t)*first - 1;
    *first = row + 1;
    return PH_OK;
}

static enum ph_status make(struct ph_ledger_join *j, const struct ph_parcels *p, struct ph_error *err)
{
    size_t rows = ph_parcel_count(p);
    j->parcels = p;
    j->next_code = malloc((rows + 1) * sizeof *j->next_code);
    j->next_name = malloc((rows + 1) * sizeof *j->next_name);
    j->found = malloc((rows + 1) * sizeof *j->found);
    if (j->next_code == NULL || j->next_name == NULL || j->found == NULL) return ph_fail_memory(err);
    for (size_t row = rows; row-- > 0;) {
        const char *name;
        PH_TRY(plain_text(&j->texts, ph_parcel_text(p, PH_HOLDER_NAME, row), &name, err));
        PH_TRY(chain(&j->by_code, ph_parcel_text(p, PH_HOLDER_CODE, row), row, j->next_code, err));
        PH_TRY(chain(&j->by_name, name, row, j->next_name, err));
    }
    return PH_OK;
}

static void collect(struct ph_ledger_join *j, const struct ph_index *index, const char *key, const size_t *next)
{
    const uint64_t *first = key ? ph_index_get(index, key) : NULL;
    for (size_t row = first ? (size_t)*first - 1 : SIZE_MAX; row != SIZE_MAX; row = next[row]) j->found[j->count++] = row;
}

static bool ends(const char *text, const char *tail)
{
    size_t n = strlen(text), m = strlen(tail);
    if (n < m || strcmp(text + n - m, tail) != 0) return false;
    return n == m || text[n - m - 1] < '0' || text[n - m - 1] > '9'; /* 8号 is no end of 88号 */
}

/* Whether two addresses name one place: the same, or one with less of the region before it. */
static bool same_place(const char *a, const char *b)
{
    return ends(a, b) || ends(b, a);
}

/* The parcels that lie there, of those found, or of all. *at: the one where there is just one. */
static void count_places(struct ph_ledger_join *j, const char *location, bool all, size_t *count, size_t *at)
{
    size_t rows = all ? ph_parcel_count(j->parcels) : j->count;
    char plain[PH_NAME_BYTES];
    *count = 0;
    for (size_t i = 0; i < rows; i++) {
        size_t row = all ? i : j->found[i];
        const char *text = ph_parcel_text(j->parcels, PH_LOCATION, row);
        if (text == NULL || !ph_name_plain(text, plain) || plain[0] == '\0' || !same_place(plain, location)) continue;
        *at = row;
        ++*count;
    }
}

/* Whether the event states no area, or at least that of all parcels found (1 % less passes for rounding). */
static bool about_all(const struct ph_ledger_join *j, int64_t stated)
{
    int64_t sum = 0;
    for (size_t i = 0; i < j->count; i++) {
        int64_t own = j->parcels->areas[j->found[i]].adopted_dm2;
        if (own == INT64_MIN) return stated == INT64_MIN;
        sum += own;
    }
    return stated == INT64_MIN || stated >= sum - sum / AREA_SHARE;
}

enum ph_status ph_ledger_join_find(struct ph_ledger_join *j, const struct ph_parcels *parcels, const struct ph_join_question *q,
                                   enum ph_join_how *how, struct ph_error *err)
{
    char name[PH_NAME_BYTES] = "", location[PH_NAME_BYTES] = "";
    if (j->parcels == NULL) PH_TRY(make(j, parcels, err));
    if (q->enterprise_name) ph_name_plain(q->enterprise_name, name);
    if (q->location) ph_name_plain(q->location, location);
    bool holder = q->enterprise_code || name[0];
    j->count = 0;
    if (q->enterprise_code)
        collect(j, &j->by_code, q->enterprise_code, j->next_code);
    else if (name[0])
        collect(j, &j->by_name, name, j->next_name);
    *how = holder || location[0] ? PH_JOIN_NONE : PH_JOIN_NOTHING;
    if (*how == PH_JOIN_NOTHING || (holder && j->count == 0)) return PH_OK;
    if (j->count == 1) return *how = PH_JOIN_ONLY, PH_OK;
    size_t places = 0, at = 0;
    if (location[0]) count_places(j, location, !holder, &places, &at);
    if (places == 1) {
        j->found[0] = at;
        j->count = 1;
        *how = PH_JOIN_PLACE;
    } else if (holder) {
        *how = about_all(j, q->area_dm2) ? PH_JOIN_ALL : PH_JOIN_UNDECIDED;
    } else if (places > 1) {
        *how = PH_JOIN_UNDECIDED;
        j->count = places;
    }
    return PH_OK;
}

void ph_ledger_join_dispose(struct ph_ledger_join *j)
{
    ph_arena_dispose(&j->texts);
    ph_index_dispose(&j->by_code);
    ph_index_dispose(&j->by_name);
    free(j->next_code);
    free(j->next_name);
    free(j->found);
    memset(j, 0, sizeof *j);
}
