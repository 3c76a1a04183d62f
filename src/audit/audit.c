/* The run, from the request to the written file. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "audit/date_order.h"
#include "audit/gather.h"
#include "audit/hashes.h"
#include "audit/identify.h"
#include "audit/output.h"
#include "audit/staging.h"
#include "audit/statement.h"
#include "base/progress.h"
#include "io/gpkg.h"
#include "io/target.h"

#define STATEMENT_CAP 8192

struct ph_audit_result {
    struct ph_arena arena;
    struct ph_audit_summary summary;
};

/* Everything a run owns. */
struct run {
    struct ph_parcels parcels;
    struct ph_check check;
    struct ph_index by_code;
    struct ph_enterprises enterprises;
    struct ph_links links;
    struct ph_land land;
    struct ph_land_layer land_layer;
    struct ph_evaluation evaluation;
    struct ph_tagging tagging;
    struct ph_ledger ledger;
    struct ph_totals totals;
    struct ph_problems problems;
    struct ph_hashes hashes;
    struct ph_ruleset *rules;
    struct ph_text zh, en;
};

static enum ph_status check_request(const struct ph_audit_request *q, struct ph_error *err)
{
    if (q->source_count == 0) return ph_fail(err, PH_E_USAGE, "没有给出宗地数据", "no parcels were given");
    if (q->output == NULL) return ph_fail(err, PH_E_USAGE, "没有给出输出文件:-o 文件.gpkg", "no output was given: -o FILE.gpkg");
    if (q->as_of == PH_NO_DATE)
        return ph_fail(err, PH_E_USAGE, "没有给出截止日:--as-of 2023-11-30(结果不取系统时间)",
                       "no reference date was given: --as-of 2023-11-30 (results never depend on the clock)");
    if (q->period_from != PH_NO_DATE && q->period_to != PH_NO_DATE && q->period_from > q->period_to)
        return ph_fail(err, PH_E_USAGE, "统计期的起日晚于止日", "the period ends before it begins");
    const char *const inputs[] = {q->enterprises, q->links, q->ledger, q->rules, q->scheme};
    for (size_t i = 0; i < q->source_count; i++) PH_TRY(ph_target_check_input(q->output, q->sources[i].path, err));
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) PH_TRY(ph_target_check_input(q->output, inputs[i], err));
    return ph_output_check(q, err);
}

/* Work that is done beside the calling thread's. */
struct side {
    struct ph_audit_request request; /* whose progress asks `over` when a thread of its own works */
    atomic_bool over;                /* the work is no longer wanted */
    struct run *run;
    enum ph_status (*work)(struct side *side);
    struct ph_problems problems;
    struct ph_error error;
    enum ph_status status;
    pthread_t thread;
    bool started;
};

static int ask_over(void *payload, enum ph_stage stage, double done)
{
    (void)stage, (void)done;
    struct side *side = payload;
    return atomic_load(&side->over);
}

static void *run_side(void *payload)
{
    struct side *side = payload;
    side->status = side->work(side);
    return NULL;
}

static void begin_side(struct side *side, const struct ph_audit_request *q, struct run *r, enum ph_status (*work)(struct side *side))
{
    *side = (struct side){.request = *q, .run = r, .work = work, .error = PH_ERROR_INIT};
    if (q->threads == 1) return;
    side->request.progress = (struct ph_progress){ask_over, side};
    side->started = pthread_create(&side->thread, NULL, run_side, side) == 0;
}

/* Waits for the work; without a thread it is done now, when it is wanted. */
static void end_side(struct side *side, bool wanted)
{
    atomic_store(&side->over, !wanted);
    if (side->started)
        pthread_join(side->thread, NULL);
    else if (wanted)
        run_side(side);
}

/* What the side says comes after what has been said: problems, or its error. */
static enum ph_status take_side(struct side *side, struct ph_problems *problems, struct ph_error *err)
{
    if (side->status == PH_OK) return ph_problems_absorb(problems, &side->problems, err);
    if (err) *err = side->error;
    return side->status;
}

static enum ph_status load_tables(struct side *side)
{
    struct run *r = side->run;
    PH_TRY(ph_enterprises_load(&side->request, &r->enterprises, &side->problems, &side->error));
    PH_TRY(ph_links_load(&side->request, &r->links, &side->problems, &side->error));
    return ph_ledger_load(&side->request, &r->ledger, &side->problems, &side->error);
}

/* A table may be one of several in a file. */
static enum ph_status spare_tables(const struct ph_audit_request *q, const struct run *r, struct ph_error *err)
{
    const struct ph_source *const sources[] = {r->enterprises.source, r->links.source, r->ledger.source};
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        if (sources[i] == NULL) continue;
        const struct ph_source_facts *facts = ph_source_facts(sources[i]);
        PH_TRY(ph_target_check_inputs(q->output, facts->files, facts->file_count, err));
    }
    return PH_OK;
}

static enum ph_status start_hashes(const struct ph_audit_request *q, struct run *r, struct ph_error *err)
{
    for (size_t i = 0; i < r->parcels.part_count; i++) PH_TRY(ph_hashes_add(&r->hashes, r->parcels.parts[i].source, err));
    PH_TRY(ph_hashes_add(&r->hashes, r->enterprises.source, err));
    PH_TRY(ph_hashes_add(&r->hashes, r->links.source, err));
    PH_TRY(ph_hashes_add(&r->hashes, r->ledger.source, err));
    ph_hashes_start(&r->hashes, q->threads);
    return PH_OK;
}

/* Reads all inputs. What is reported does not depend on which was faster. */
static enum ph_status read_inputs(const struct ph_audit_request *q, struct run *r, struct ph_error *err)
{
    struct side tables;
    ph_source_load_drivers();
    begin_side(&tables, q, r, load_tables);
    enum ph_status status = ph_parcels_gather(q, &r->parcels, &r->check, &r->problems, err);
    end_side(&tables, status == PH_OK);
    if (status == PH_OK) status = take_side(&tables, &r->problems, err);
    if (status == PH_OK) status = spare_tables(q, r, err);
    ph_problems_dispose(&tables.problems);
    return status;
}

/* Who and what the parcels are, but for where they lie. */
static enum ph_status relate(struct side *side)
{
    const struct ph_audit_request *q = &side->request;
    struct run *r = side->run;
    struct ph_problems *problems = &side->problems;
    struct ph_error *err = &side->error;
    PH_TRY(ph_identify(&r->parcels, &r->by_code, problems, err));
    PH_TRY(ph_date_order_check(&r->parcels, problems, err));
    PH_TRY(ph_progress_tell(&q->progress, PH_STAGE_LEDGER, 0, err));
    PH_TRY(ph_enterprises_join(&r->parcels, &r->enterprises, problems, err));
    PH_TRY(ph_links_join(q, &r->parcels, &r->by_code, &r->enterprises, &r->links, problems, err));
    PH_TRY(ph_progress_tell(&q->progress, PH_STAGE_LEDGER, 0, err));
    PH_TRY(ph_land_divide(q, &r->parcels, &r->links, &r->enterprises, &r->land, problems, err));
    PH_TRY(ph_enterprises_check(&r->enterprises, problems, err));
    PH_TRY(ph_ledger_settle(q, &r->parcels, &r->by_code, &r->ledger, problems, err));
    ph_index_dispose(&r->by_code); /* nothing is looked up by code any more */
    ph_index_dispose(&r->enterprises.by_code);
    ph_index_dispose(&r->enterprises.later);
    PH_TRY(ph_progress_tell(&q->progress, PH_STAGE_LEDGER, 0, err));
    return ph_totals_begin(&r->parcels, &r->ledger, &r->totals, err);
}

static enum ph_status score(struct side *side)
{
    struct run *r = side->run;
    return ph_evaluation_run(&side->request, &r->enterprises, &r->evaluation, &side->problems, &side->error);
}

/* Everything up to scores and tags, which are left to the threads. */
static enum ph_status prepare(const struct ph_audit_request *q, struct run *r, struct ph_error *err)
{
    PH_TRY(ph_ruleset_load(q->rules ? q->rules : "national", &r->rules, err));
    PH_TRY(ph_evaluation_open(q, &r->evaluation, err));
    PH_TRY(read_inputs(q, r, err));
    struct side relations;
    begin_side(&relations, q, r, relate);
    enum ph_status status = ph_check_neighbours(&r->parcels, q, &r->check, &r->problems, err);
    if (status == PH_OK) status = start_hashes(q, r, err);
    end_side(&relations, status == PH_OK);
    if (status == PH_OK) status = take_side(&relations, &r->problems, err);
    ph_problems_dispose(&relations.problems);
    PH_TRY(status);
    return ph_tagging_prepare(q, r->rules, &r->parcels, &r->enterprises, &r->evaluation, &r->tagging, &r->problems, err);
}

/* What needs the tags of all parcels. */
static enum ph_status conclude(const struct ph_audit_request *q, struct run *r, struct ph_error *err)
{
    PH_TRY(ph_progress_tell(&q->progress, PH_STAGE_LEDGER, 0, err));
    PH_TRY(ph_totals_make(&r->parcels, &r->tagging, &r->ledger, &r->totals, err));
    if (r->enterprises.source) PH_TRY(ph_totals_add_land(&r->land, &r->totals, err));
    PH_TRY(ph_totals_add_grades(&r->evaluation, &r->land, &r->totals, err));
    PH_TRY(ph_totals_add_overlaps(q, &r->parcels, &r->tagging, &r->check, &r->totals, err));
    ph_statement(q, r->evaluation.scheme, &r->totals, &r->zh, &r->en);
    return r->zh.failed || r->en.failed ? ph_fail_memory(err) : PH_OK;
}

static const char *keep(struct ph_audit_result *result, const char *text, struct ph_error *err)
{
    const char *kept = ph_arena_text(&result->arena, text, strlen(text));
    if (kept == NULL) (void)ph_fail_memory(err);
    return kept;
}

/* What was taken for granted about a whole input. */
static bool is_assumption(const struct ph_problem *p)
{
    static const char *const kinds[] = {"table.", "unit.", "encoding.", "txt.", "enterprise.later_year"};
    for (size_t i = 0; p->feature < 0 && p->severity != PH_PROBLEM_ERROR && i < sizeof kinds / sizeof *kinds; i++)
        if (strncmp(p->code, kinds[i], strlen(kinds[i])) == 0) return true;
    return false;
}

static enum ph_status keep_assumptions(const struct run *r, struct ph_audit_result *out, struct ph_error *err)
{
    struct ph_audit_summary *s = &out->summary;
    struct ph_assumption *kept = ph_arena_alloc(&out->arena, (r->problems.count + 1) * sizeof *kept);
    if (kept == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < r->problems.count; i++) {
        const struct ph_problem *p = &r->problems.items[i];
        bool told = false; /* a file may be given as two tables */
        for (size_t k = 0; k < s->assumption_count; k++) told |= strcmp(kept[k].zh, p->zh) == 0 && strcmp(kept[k].source, p->source) == 0;
        if (told || !is_assumption(p)) continue;
        struct ph_assumption *a = &kept[s->assumption_count++];
        *a = (struct ph_assumption){keep(out, p->source, err), keep(out, p->zh, err), keep(out, p->en, err)};
        if (a->source == NULL || a->zh == NULL || a->en == NULL) return PH_E_MEMORY;
    }
    s->assumptions = kept;
    return PH_OK;
}

/* What outlives the run: the totals with their texts, the counts, the statement. */
static enum ph_status summarise(const struct ph_audit_request *q, const struct run *r, struct ph_audit_result *out, struct ph_error *err)
{
    struct ph_audit_summary *s = &out->summary;
    struct ph_total *totals = ph_arena_alloc(&out->arena, (r->totals.count + 1) * sizeof *totals);
    if (totals == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < r->totals.count; i++) {
        totals[i] = r->totals.items[i];
        totals[i].code = keep(out, r->totals.items[i].code, err);
        totals[i].label = keep(out, r->totals.items[i].label, err);
        if (totals[i].code == NULL || totals[i].label == NULL) return PH_E_MEMORY;
    }
    size_t warnings = ph_problems_count(&r->problems, PH_WARNING);
    char project[PH_TARGET_PATH_CAP + 8];
    ph_gpkg_sidecar(q->output, project, sizeof project);
    *s = (struct ph_audit_summary){.output = keep(out, q->output, err),
                                   .project = keep(out, project, err),
                                   .parcels = ph_parcel_count(&r->parcels),
                                   .totals = totals,
                                   .total_count = r->totals.count,
                                   .errors = ph_problems_count(&r->problems, PH_PROBLEM_ERROR),
                                   .notes = r->problems.count - warnings,
                                   .statement_zh = keep(out, ph_text_get(&r->zh), err),
                                   .statement_en = keep(out, ph_text_get(&r->en), err)};
    s->warnings = warnings - s->errors;
    PH_TRY(keep_assumptions(r, out, err));
    return s->output && s->project && s->statement_zh && s->statement_en ? PH_OK : PH_E_MEMORY;
}

/* Begins the file with what needs no scores, while they are made. */
static enum ph_status begin_output(struct run *r, const struct ph_findings_of_run *found, struct ph_output **out, struct ph_error *err)
{
    if (r->evaluation.scheme) PH_TRY(ph_land_layer_make(&r->land, &r->parcels, &r->enterprises, &r->land_layer, err));
    PH_TRY(ph_output_begin(found, out, err));
    if (r->evaluation.scheme == NULL) PH_TRY(ph_output_make_rows(*out, err));
    return ph_output_write_others(*out, err);
}

/* Everything that comes in pieces: scores first, then the rows as they are made. */
static enum ph_status write_layers(const struct ph_audit_request *q, struct run *r, const struct ph_findings_of_run *found, struct ph_output **out,
                                   struct ph_error *err)
{
    struct side scores;
    if (r->evaluation.scheme == NULL) {
        PH_TRY(begin_output(r, found, out, err));
    } else {
        begin_side(&scores, q, r, score);
        enum ph_status status = begin_output(r, found, out, err);
        end_side(&scores, status == PH_OK);
        if (status == PH_OK) status = take_side(&scores, &r->problems, err);
        ph_problems_dispose(&scores.problems);
        PH_TRY(status);
        PH_TRY(ph_output_make_rows(*out, err));
    }
    return ph_output_write_rows(*out, err);
}

/* The file is published only when the totals add up. */
static enum ph_status write(const struct ph_audit_request *q, struct run *r, struct ph_audit_result *result, struct ph_error *err)
{
    struct ph_findings_of_run found = {.request = q, .parcels = &r->parcels, .tagging = &r->tagging, .check = &r->check,
                                       .enterprises = &r->enterprises, .links = &r->links, .land = &r->land, .land_layer = &r->land_layer,
                                       .evaluation = &r->evaluation, .ledger = &r->ledger};
    struct ph_output *output = NULL;
    enum ph_status status = write_layers(q, r, &found, &output, err);
    if (status == PH_OK) status = conclude(q, r, err);
    if (status == PH_OK) status = summarise(q, r, result, err);
    if (status != PH_OK) {
        ph_output_discard(output);
        return status;
    }
    found.rules = r->rules;
    found.totals = &r->totals;
    found.problems = &r->problems;
    found.hashes = &r->hashes;
    found.statement_zh = ph_text_get(&r->zh);
    found.statement_en = ph_text_get(&r->en);
    return ph_output_complete(output, err);
}

static void dispose(struct run *r)
{
    ph_hashes_dispose(&r->hashes);
    ph_totals_dispose(&r->totals);
    ph_ledger_dispose(&r->ledger);
    ph_tagging_dispose(&r->tagging);
    ph_land_layer_dispose(&r->land_layer);
    ph_land_dispose(&r->land);
    ph_links_dispose(&r->links);
    ph_evaluation_dispose(&r->evaluation);
    ph_enterprises_dispose(&r->enterprises);
    ph_index_dispose(&r->by_code);
    ph_check_dispose(&r->check);
    ph_parcels_dispose(&r->parcels);
    ph_problems_dispose(&r->problems);
    ph_ruleset_free(r->rules);
    ph_text_dispose(&r->zh);
    ph_text_dispose(&r->en);
}

void ph_prepare_process(void)
{
    ph_engine_prepare_process();
    ph_arena_prepare_process();
}

enum ph_status ph_audit_run(const struct ph_audit_request *request, struct ph_audit_result **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_audit_result *result = calloc(1, sizeof *result);
    if (result == NULL) return ph_fail_memory(err);
    struct run run = {0};
    struct ph_staging staging;
    ph_text_init(&run.zh, STATEMENT_CAP);
    ph_text_init(&run.en, STATEMENT_CAP);
    enum ph_status status = ph_staging_begin(request, &staging, err);
    if (status == PH_OK) status = check_request(&staging.request, err);
    if (status == PH_OK) status = prepare(&staging.request, &run, err);
    if (status == PH_OK) status = write(&staging.request, &run, result, err);
    dispose(&run);
    status = ph_staging_end(&staging, status, err);
    if (status == PH_OK && staging.label[0]) {
        result->summary.output = keep(result, staging.label, err);
        result->summary.project = NULL;
        if (result->summary.output == NULL) status = PH_E_MEMORY;
    }
    if (status != PH_OK) {
        ph_audit_result_free(result);
        return status;
    }
    *out = result;
    return PH_OK;
}

const struct ph_audit_summary *ph_audit_result_summary(const struct ph_audit_result *result)
{
    return &result->summary;
}

void ph_audit_result_free(struct ph_audit_result *result)
{
    if (result) ph_arena_dispose(&result->arena);
    free(result);
}
