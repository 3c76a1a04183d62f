#include "audit/tagging.h"

#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "audit/facts.h"
#include "base/date.h"
#include "base/threads.h"
#include "base/progress.h"

#define TEXT_CAP ((size_t)1 << 20)
#define CHUNK_ROWS ((size_t)2048)
#define AHEAD 32 /* chunks that may be done before they are taken; a chunk's rows are some 3 MB */

static const struct ph_problem_kind skipped = {
    PH_NOTE, "rule.skipped", "补上该字段后这条规则才能判定", "the rule can be evaluated once the field is there"};

/* Texts under construction for the parcel at hand. */
struct sheet {
    struct ph_text tags, rules, reason, basis, missing, alerts, measures, one, evidence, one_missing;
};

/* One thread's tools. */
struct tagger {
    const struct ph_audit_request *request;
    const struct ph_ruleset *set;
    struct ph_engine *engine;
    struct ph_facts facts;
    struct ph_tagging *out;
    struct ph_table *tags, *findings; /* of the chunk at hand; the texts of both live in the second */
    size_t first;                     /* row of the chunk */
    uint8_t *outcomes;
    struct sheet sheet;
    struct ph_error *err;
};

static void for_each_text(struct sheet *s, void (*f)(struct ph_text *))
{
    struct ph_text *texts[] = {&s->tags,   &s->rules,    &s->reason, &s->basis,    &s->missing,
                               &s->alerts, &s->measures, &s->one,    &s->evidence, &s->one_missing};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) f(texts[i]);
}

static void start_text(struct ph_text *text)
{
    ph_text_init(text, TEXT_CAP);
}

/* Whether a list joined by `sign` has the word already. */
static bool has(const struct ph_text *list, const char *sign, const char *word)
{
    size_t n = strlen(word), m = strlen(sign);
    for (const char *at = ph_text_get(list); *at;) {
        const char *end = strstr(at, sign);
        size_t length = end ? (size_t)(end - at) : strlen(at);
        if (length == n && memcmp(at, word, n) == 0) return true;
        at += length + (end ? m : 0);
    }
    return false;
}

static void join(struct ph_text *list, const char *sign, const char *word)
{
    if (word == NULL || *word == '\0' || has(list, sign, word)) return;
    if (list->length) ph_text_add(list, sign);
    ph_text_add(list, word);
}

static enum ph_status put(const struct tagger *t, struct ph_table *table, size_t column, size_t row, const struct ph_text *text)
{
    if (text->failed) return ph_fail_memory(t->err);
    if (text->length == 0) return PH_OK;
    table->columns[column].text[row] = ph_table_text(t->findings, ph_text_get(text), text->length);
    return table->columns[column].text[row] ? PH_OK : ph_fail_memory(t->err);
}

static enum ph_status add_finding(struct tagger *t, size_t r, bool hit)
{
    struct ph_table *f = t->findings;
    const struct ph_rule *rule = &t->set->rules[r];
    PH_TRY(ph_table_add_rows(f, 1, t->err));
    size_t row = f->rows - 1;
    struct sheet *s = &t->sheet;
    ph_text_clear(&s->evidence);
    PH_TRY(ph_engine_evidence(t->engine, r, &s->evidence, t->err));
    f->columns[PH_FINDING_PARCEL_FID].integer[row] = (int64_t)t->facts.row + 1;
    f->columns[PH_FINDING_PARCEL_ID].text[row] = ph_parcel_text(t->facts.parcels, PH_PARCEL_ID, t->facts.row);
    f->columns[PH_FINDING_RULE].text[row] = rule->id;
    f->columns[PH_FINDING_TAG].text[row] = ph_tag_name(rule->tag);
    f->columns[PH_FINDING_OUTCOME].text[row] = hit ? "hit" : "unknown";
    if (hit) PH_TRY(put(t, f, PH_FINDING_REASON, row, &s->one));
    PH_TRY(put(t, f, PH_FINDING_EVIDENCE, row, &s->evidence));
    f->columns[PH_FINDING_BASIS].text[row] = rule->cited;
    return put(t, f, PH_FINDING_MISSING, row, &s->one_missing);
}

static enum ph_status take_hit(struct tagger *t, size_t r, enum ph_tag primary)
{
    const struct ph_rule *rule = &t->set->rules[r];
    struct sheet *s = &t->sheet;
    struct ph_table *p = t->tags;
    size_t row = t->facts.row - t->first;
    char since[11];
    double fee;
    ph_text_clear(&s->one);
    ph_text_clear(&s->one_missing);
    PH_TRY(ph_engine_reason(t->engine, r, &s->one, since, &fee, t->err));
    join(&s->rules, ";", rule->id);
    if (rule->tag < PH_TAG_UNVERIFIED) join(&s->tags, ";", ph_tag_name(rule->tag));
    if (rule->tag == PH_TAG_ALERT) join(&s->alerts, ";", rule->title);
    for (size_t i = 0; i < rule->measure_count; i++) join(&s->measures, ";", rule->measures[i]);
    if (rule->tag == primary) {
        join(&s->reason, ";", ph_text_get(&s->one));
        join(&s->basis, ";", rule->cited);
    }
    if (rule->tag == PH_TAG_IDLE && since[0] && p->columns[PH_TAGS_IDLE_SINCE].date[row] == PH_DATE_UNKNOWN) {
        int32_t date;
        if (ph_date_parse(since, strlen(since), &date) == PH_PARSE_OK) {
            p->columns[PH_TAGS_IDLE_SINCE].date[row] = date;
            p->columns[PH_TAGS_IDLE_DAYS].integer[row] = ph_date_days_between(date, t->request->as_of);
        }
    }
    if (rule->tag == PH_TAG_IDLE && isnan(p->columns[PH_TAGS_IDLE_FEE].real[row])) p->columns[PH_TAGS_IDLE_FEE].real[row] = fee;
    return add_finding(t, r, true);
}

static enum ph_status take_unknown(struct tagger *t, size_t r)
{
    struct sheet *s = &t->sheet;
    ph_text_clear(&s->one_missing);
    ph_engine_missing(t->engine, r, &s->one_missing);
    if (t->set->rules[r].tag < PH_TAG_UNVERIFIED) ph_engine_missing(t->engine, r, &s->missing);
    return add_finding(t, r, false);
}

static enum ph_tag primary_tag(const struct tagger *t)
{
    enum ph_tag tag = PH_TAG_NORMAL;
    for (size_t r = 0; r < t->set->rule_count; r++) {
        enum ph_tag own = t->set->rules[r].tag;
        if (own >= PH_TAG_UNVERIFIED) continue;
        if (t->outcomes[r] == PH_HIT && own < tag) tag = own;
        if (t->outcomes[r] == PH_UNDECIDED && tag == PH_TAG_NORMAL) tag = PH_TAG_UNVERIFIED;
    }
    return tag;
}

static enum ph_status tag_parcel(struct tagger *t)
{
    struct sheet *s = &t->sheet;
    struct ph_table *p = t->tags;
    size_t row = t->facts.row - t->first;
    PH_TRY(ph_engine_evaluate(t->engine, ph_facts_fetch, &t->facts, t->outcomes, t->err));
    enum ph_tag tag = primary_tag(t);
    t->out->tag[t->facts.row] = (uint8_t)tag;
    p->columns[PH_TAGS_TAG].text[row] = ph_tag_name(tag);
    for_each_text(s, ph_text_clear);
    /* By precedence of the tags, so that the lists read in that order. */
    for (int level = 0; level < PH_TAG_COUNT; level++)
        for (size_t r = 0; r < t->set->rule_count; r++) {
            if ((int)t->set->rules[r].tag != level) continue;
            if (t->outcomes[r] == PH_HIT) PH_TRY(take_hit(t, r, tag));
            if (t->outcomes[r] == PH_UNDECIDED) PH_TRY(take_unknown(t, r));
        }
    if (tag == PH_TAG_UNVERIFIED) ph_text_addf(&s->reason, "缺%s,无法判定,列入待核查", ph_text_get(&s->missing));
    PH_TRY(put(t, p, PH_TAGS_TAGS, row, &s->tags));
    PH_TRY(put(t, p, PH_TAGS_RULES, row, &s->rules));
    PH_TRY(put(t, p, PH_TAGS_REASON, row, &s->reason));
    PH_TRY(put(t, p, PH_TAGS_BASIS, row, &s->basis));
    PH_TRY(put(t, p, PH_TAGS_MISSING, row, &s->missing));
    PH_TRY(put(t, p, PH_TAGS_ALERTS, row, &s->alerts));
    return put(t, p, PH_TAGS_MEASURES, row, &s->measures);
}

static enum ph_status make_findings(struct ph_table *table, struct ph_error *err)
{
    static const struct {
        const char *name, *title;
        enum ph_type type;
    } columns[PH_FINDING_COLUMNS] = {
        {"parcel_fid", "宗地序号", PH_INT}, {"parcel_id", "宗地代码", PH_TEXT}, {"rule", "规则", PH_TEXT},
        {"tag", "标签", PH_TEXT},           {"outcome", "结论", PH_TEXT},       {"reason", "理由", PH_TEXT},
        {"evidence", "证据", PH_TEXT},      {"basis", "依据", PH_TEXT},         {"missing", "缺少字段", PH_TEXT},
    };
    for (size_t i = 0; i < PH_FINDING_COLUMNS; i++)
        PH_TRY(ph_table_add_column(table, columns[i].name, columns[i].title, columns[i].type, NULL, err));
    return PH_OK;
}

static enum ph_status make_tags(struct ph_table *table, struct ph_error *err)
{
    static const struct {
        const char *name, *title;
        enum ph_type type;
    } columns[PH_TAGS_COLUMNS] = {
        {"tag", "标签", PH_TEXT},        {"tags", "全部标签", PH_TEXT},       {"rules", "命中规则", PH_TEXT},
        {"reason", "理由", PH_TEXT},     {"basis", "依据", PH_TEXT},          {"missing", "缺少字段", PH_TEXT},
        {"alerts", "预警", PH_TEXT},     {"idle_since", "闲置起算日", PH_DATE}, {"idle_days", "闲置天数", PH_INT},
        {"idle_fee", "闲置费(万元)", PH_REAL}, {"measures", "建议措施", PH_TEXT},
    };
    for (size_t i = 0; i < PH_TAGS_COLUMNS; i++)
        PH_TRY(ph_table_add_column(table, columns[i].name, columns[i].title, columns[i].type, NULL, err));
    return PH_OK;
}

static enum ph_status make_tables(struct ph_tagging *out, size_t rows, struct ph_error *err)
{
    PH_TRY(make_tags(&out->tags, err));
    PH_TRY(make_findings(&out->findings, err));
    out->tag = calloc(rows + 1, 1);
    return out->tag ? PH_OK : ph_fail_memory(err);
}

static enum ph_status report_skipped(const struct tagger *t, struct ph_problems *problems)
{
    const struct ph_parcels *p = t->facts.parcels;
    const char *source = p->part_count == 1 ? ph_parcels_facts(p)->path : "";
    for (size_t r = 0; r < t->set->rule_count; r++) {
        const char *absent = ph_engine_skipped_for(t->engine, r);
        if (absent)
            PH_TRY(ph_problem_add(problems, &skipped, source, -1, t->err,
                                  "规则 %s(%s)未执行:数据没有“%s”一列", "rule %s (%s) was not evaluated: the data has no column for %s",
                                  t->set->rules[r].id, t->set->rules[r].title, absent));
    }
    return PH_OK;
}

/* The memory of a chunk's rows, used again: new memory for each costs more than filling it. */
struct buffers {
    struct ph_records parcels, findings;
};

/* One chunk of rows and what was found in it. */
struct chunk {
    struct ph_tagging_chunk given;
    struct ph_table tags, findings; /* until they are rows */
    size_t found;
    bool done;
    enum ph_status status;
    struct ph_error error;
};

struct ph_tagging_job {
    const struct ph_audit_request *request;
    const struct ph_ruleset *set;
    const struct ph_parcels *parcels;
    const struct ph_enterprises *enterprises;
    const struct ph_evaluation *evaluation;
    ph_tagging_make *make;
    const void *payload;
    struct ph_tagging *out;
    struct ph_variable variables[PH_VARIABLES];
    struct chunk *chunks;
    size_t chunk_count;
    struct buffers spare[AHEAD];
    size_t spare_count;
    size_t next;     /* chunk to begin */
    size_t released; /* chunks */
    bool stop;
    struct tagger own; /* of the calling thread */
    pthread_t threads[PH_THREADS_MAX];
    size_t thread_count;
    pthread_mutex_t lock;
    pthread_cond_t moved; /* a chunk was done or released, or the job stopped */
};

static enum ph_status open_tagger(struct tagger *t, const struct ph_tagging_job *job, struct ph_error *err)
{
    *t = (struct tagger){.request = job->request, .set = job->set, .out = job->out, .err = err,
                         .facts = {.parcels = job->parcels, .enterprises = job->enterprises, .evaluation = job->evaluation, .as_of = job->request->as_of}};
    for_each_text(&t->sheet, start_text);
    t->outcomes = malloc(job->set->rule_count + 1);
    if (t->outcomes == NULL) return ph_fail_memory(err);
    return ph_engine_new(job->set, job->variables, PH_VARIABLES, &t->engine, err);
}

static void close_tagger(struct tagger *t)
{
    ph_engine_free(t->engine);
    free(t->outcomes);
    for_each_text(&t->sheet, ph_text_dispose);
}

static void borrow_buffers(struct ph_tagging_job *job, struct chunk *chunk)
{
    pthread_mutex_lock(&job->lock);
    if (job->spare_count) {
        const struct buffers *last = &job->spare[--job->spare_count];
        chunk->given.parcel_rows = last->parcels;
        chunk->given.finding_rows = last->findings;
    }
    pthread_mutex_unlock(&job->lock);
}

static void dispose_buffers(struct buffers *buffers)
{
    ph_records_dispose(&buffers->parcels);
    ph_records_dispose(&buffers->findings);
}

/* With the lock held. */
static void return_buffers(struct ph_tagging_job *job, struct chunk *chunk)
{
    struct buffers buffers = {chunk->given.parcel_rows, chunk->given.finding_rows};
    chunk->given.parcel_rows = chunk->given.finding_rows = (struct ph_records){0};
    ph_records_clear(&buffers.parcels);
    ph_records_clear(&buffers.findings);
    if (job->spare_count < AHEAD)
        job->spare[job->spare_count++] = buffers;
    else
        dispose_buffers(&buffers);
}

static void drop_tables(struct chunk *chunk)
{
    ph_table_dispose(&chunk->tags);
    ph_table_dispose(&chunk->findings);
    chunk->given.tags = chunk->given.findings = NULL;
}

static enum ph_status tag_chunk(struct ph_tagging_job *job, struct tagger *t, size_t index)
{
    struct chunk *chunk = &job->chunks[index];
    size_t rows = ph_parcel_count(job->parcels), from = index * CHUNK_ROWS, to = from + CHUNK_ROWS < rows ? from + CHUNK_ROWS : rows;
    chunk->given = (struct ph_tagging_chunk){.from = from, .to = to, .tags = &chunk->tags, .findings = &chunk->findings};
    t->tags = &chunk->tags;
    t->findings = &chunk->findings;
    t->first = from;
    t->err = &chunk->error;
    PH_TRY(make_tags(t->tags, t->err));
    PH_TRY(ph_table_add_rows(t->tags, to - from, t->err));
    PH_TRY(make_findings(t->findings, t->err));
    for (t->facts.row = from; t->facts.row < to; t->facts.row++) PH_TRY(tag_parcel(t));
    chunk->found = chunk->findings.rows;
    if (job->make == NULL) return PH_OK;
    borrow_buffers(job, chunk);
    PH_TRY(job->make(job->payload, &chunk->given, t->err));
    drop_tables(chunk);
    return PH_OK;
}

/* The next chunk to begin, or SIZE_MAX; the calling thread does not wait for room, which it makes itself. */
static size_t claim(struct ph_tagging_job *job, bool wait)
{
    pthread_mutex_lock(&job->lock);
    while (wait && !job->stop && job->next < job->chunk_count && job->next >= job->released + AHEAD) pthread_cond_wait(&job->moved, &job->lock);
    bool none = job->stop || job->next >= job->chunk_count || job->next >= job->released + AHEAD;
    size_t index = none ? SIZE_MAX : job->next++;
    pthread_mutex_unlock(&job->lock);
    return index;
}

/* Tags a chunk; false when there is none to begin. */
static bool work(struct ph_tagging_job *job, struct tagger *t, bool wait)
{
    size_t index = claim(job, wait);
    if (index == SIZE_MAX) return false;
    job->chunks[index].status = tag_chunk(job, t, index);
    pthread_mutex_lock(&job->lock);
    job->chunks[index].done = true;
    pthread_cond_broadcast(&job->moved);
    pthread_mutex_unlock(&job->lock);
    return true;
}

/* Whether the chunk is done, or after waiting. */
static bool is_done(struct ph_tagging_job *job, size_t index, bool wait)
{
    pthread_mutex_lock(&job->lock);
    while (wait && !job->chunks[index].done) pthread_cond_wait(&job->moved, &job->lock);
    bool done = job->chunks[index].done;
    pthread_mutex_unlock(&job->lock);
    return done;
}

/* A thread that cannot get its tools leaves the work to the others. */
static void *run_thread(void *payload)
{
    struct ph_tagging_job *job = payload;
    struct tagger tagger;
    struct ph_error ignored = PH_ERROR_INIT;
    if (open_tagger(&tagger, job, &ignored) == PH_OK)
        while (work(job, &tagger, true)) {
        }
    close_tagger(&tagger);
    return NULL;
}

static void free_job(struct ph_tagging_job *job)
{
    for (size_t i = 0; job->chunks && i < job->chunk_count; i++) ph_tagging_release(job, i);
    for (size_t i = 0; i < job->spare_count; i++) dispose_buffers(&job->spare[i]);
    free(job->chunks);
    close_tagger(&job->own);
    pthread_mutex_destroy(&job->lock);
    pthread_cond_destroy(&job->moved);
    free(job);
}

enum ph_status ph_tagging_prepare(const struct ph_audit_request *request, const struct ph_ruleset *set, const struct ph_parcels *parcels,
                                const struct ph_enterprises *enterprises, const struct ph_evaluation *evaluation, struct ph_tagging *out,
                                struct ph_problems *problems, struct ph_tagging_job **prepared, struct ph_error *err)
{
    size_t rows = ph_parcel_count(parcels);
    *prepared = NULL;
    struct ph_tagging_job *job = calloc(1, sizeof *job);
    if (job == NULL) return ph_fail_memory(err);
    job->request = request;
    job->set = set;
    job->parcels = parcels;
    job->enterprises = enterprises;
    job->evaluation = evaluation;
    job->out = out;
    job->chunk_count = (rows + CHUNK_ROWS - 1) / CHUNK_ROWS;
    pthread_mutex_init(&job->lock, NULL);
    pthread_cond_init(&job->moved, NULL);
    ph_facts_variables(parcels, enterprises, evaluation, job->variables);
    enum ph_status status = open_tagger(&job->own, job, err);
    job->chunks = calloc(job->chunk_count + 1, sizeof *job->chunks);
    if (status == PH_OK && job->chunks == NULL) status = ph_fail_memory(err);
    if (status == PH_OK) status = make_tables(out, rows, err);
    if (status == PH_OK) status = report_skipped(&job->own, problems);
    if (status != PH_OK) {
        free_job(job);
        return status;
    }
    *prepared = job;
    return PH_OK;
}

void ph_tagging_start(struct ph_tagging_job *job, ph_tagging_make *make, const void *payload)
{
    size_t wanted = (size_t)ph_thread_count(job->request->threads, PH_THREADS_MAX);
    job->make = make;
    job->payload = payload;
    while (job->thread_count + 1 < wanted && job->thread_count + 1 < job->chunk_count &&
           pthread_create(&job->threads[job->thread_count], NULL, run_thread, job) == 0)
        job->thread_count++;
}

size_t ph_tagging_chunk_count(const struct ph_tagging_job *job)
{
    return job->chunk_count;
}

enum ph_status ph_tagging_take(struct ph_tagging_job *job, size_t index, struct ph_tagging_chunk **out, struct ph_error *err)
{
    struct chunk *chunk = &job->chunks[index];
    while (!is_done(job, index, false) && work(job, &job->own, false)) {
    }
    is_done(job, index, true);
    PH_TRY(ph_progress_tell(&job->request->progress, PH_STAGE_RULES, (double)(index + 1) / (double)job->chunk_count, err));
    *out = &chunk->given;
    job->out->finding_count += chunk->found;
    if (chunk->status != PH_OK && err) *err = chunk->error;
    return chunk->status;
}

void ph_tagging_release(struct ph_tagging_job *job, size_t index)
{
    struct chunk *chunk = &job->chunks[index];
    drop_tables(chunk);
    pthread_mutex_lock(&job->lock);
    return_buffers(job, chunk);
    if (job->released <= index) job->released = index + 1;
    pthread_cond_broadcast(&job->moved);
    pthread_mutex_unlock(&job->lock);
}

void ph_tagging_finish(struct ph_tagging_job *job)
{
    pthread_mutex_lock(&job->lock);
    job->stop = true;
    pthread_cond_broadcast(&job->moved);
    pthread_mutex_unlock(&job->lock);
    for (size_t i = 0; i < job->thread_count; i++) pthread_join(job->threads[i], NULL);
    job->thread_count = 0;
}

void ph_tagging_stop(struct ph_tagging_job *job)
{
    if (job == NULL) return;
    ph_tagging_finish(job);
    free_job(job);
}

void ph_tagging_dispose(struct ph_tagging *tagging)
{
    ph_table_dispose(&tagging->tags);
    ph_table_dispose(&tagging->findings);
    free(tagging->tag);
    memset(tagging, 0, sizeof *tagging);
}
