#include "audit/tagging.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "audit/tagger.h"
#include "base/progress.h"
#include "base/threads.h"

#define CHUNK_ROWS ((size_t)2048)
#define AHEAD 32 /* chunks that may be done before they are taken; a chunk's rows are some 3 MB */

static const struct ph_problem_kind skipped = {
    PH_NOTE, "rule.skipped", "补上该字段后这条规则才能判定", "the rule can be evaluated once the field is there"};

static enum ph_status make_tables(struct ph_tagging *out, size_t rows, struct ph_error *err)
{
    PH_TRY(ph_tagger_make_tags(&out->tags, err));
    PH_TRY(ph_tagger_make_findings(&out->findings, err));
    out->tag = calloc(rows + 1, 1);
    return out->tag ? PH_OK : ph_fail_memory(err);
}

static enum ph_status report_skipped(const struct ph_tagger *t, struct ph_problems *problems)
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
    struct ph_tagger own; /* of the calling thread */
    pthread_t threads[PH_THREADS_MAX];
    size_t thread_count;
    pthread_mutex_t lock;
    pthread_cond_t moved; /* a chunk was done or released, or the job stopped */
};

static enum ph_status open_tagger(struct ph_tagger *t, const struct ph_tagging_job *job, struct ph_error *err)
{
    const struct ph_facts facts = {.parcels = job->parcels, .enterprises = job->enterprises, .evaluation = job->evaluation, .as_of = job->request->as_of};
    return ph_tagger_open(t, job->request, job->set, job->variables, &facts, job->out, err);
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

static enum ph_status tag_chunk(struct ph_tagging_job *job, struct ph_tagger *t, size_t index)
{
    struct chunk *chunk = &job->chunks[index];
    size_t rows = ph_parcel_count(job->parcels), from = index * CHUNK_ROWS, to = from + CHUNK_ROWS < rows ? from + CHUNK_ROWS : rows;
    chunk->given = (struct ph_tagging_chunk){.from = from, .to = to, .tags = &chunk->tags, .findings = &chunk->findings};
    t->tags = &chunk->tags;
    t->findings = &chunk->findings;
    t->first = from;
    t->err = &chunk->error;
    PH_TRY(ph_tagger_make_tags(t->tags, t->err));
    PH_TRY(ph_table_add_rows(t->tags, to - from, t->err));
    PH_TRY(ph_tagger_make_findings(t->findings, t->err));
    for (t->facts.row = from; t->facts.row < to; t->facts.row++) PH_TRY(ph_tagger_tag(t));
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
static bool work(struct ph_tagging_job *job, struct ph_tagger *t, bool wait)
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
    struct ph_tagger tagger;
    struct ph_error ignored = PH_ERROR_INIT;
    if (open_tagger(&tagger, job, &ignored) == PH_OK)
        while (work(job, &tagger, true)) {
        }
    ph_tagger_close(&tagger);
    return NULL;
}

static void free_job(struct ph_tagging_job *job)
{
    for (size_t i = 0; job->chunks && i < job->chunk_count; i++) ph_tagging_release(job, i);
    for (size_t i = 0; i < job->spare_count; i++) dispose_buffers(&job->spare[i]);
    free(job->chunks);
    ph_tagger_close(&job->own);
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
