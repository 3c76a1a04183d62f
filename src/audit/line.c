#include "audit/line.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/threads.h"

#define AHEAD 32 /* pieces that may be made before they are taken; one of parcels is some 3 MB */

struct place {
    struct ph_piece piece;
    bool done;
    enum ph_status status;
    struct ph_error error;
};

struct ph_line {
    struct ph_line_work work;
    void *tools; /* of the calling thread */
    struct place *places;
    struct ph_piece spare[AHEAD]; /* memory that is used again: new memory for each piece costs more than filling it */
    size_t spare_count;
    size_t next;     /* piece to begin */
    size_t released; /* pieces */
    bool stop;
    pthread_t threads[PH_THREADS_CAP];
    int thread_count;
    pthread_mutex_t lock;
    pthread_cond_t moved; /* a piece was made or released, or the line stops */
};

static void dispose_piece(struct ph_piece *piece)
{
    for (size_t i = 0; i < PH_PIECE_LAYERS; i++) ph_records_dispose(&piece->rows[i]);
}

/* The next piece to begin, or SIZE_MAX; the calling thread does not wait for room, which it makes itself. */
static size_t claim(struct ph_line *line, bool wait)
{
    size_t index = SIZE_MAX;
    pthread_mutex_lock(&line->lock);
    while (wait && !line->stop && line->next < line->work.pieces && line->next >= line->released + AHEAD) pthread_cond_wait(&line->moved, &line->lock);
    if (!line->stop && line->next < line->work.pieces && line->next < line->released + AHEAD) {
        index = line->next++;
        if (line->spare_count) line->places[index].piece = line->spare[--line->spare_count];
    }
    pthread_mutex_unlock(&line->lock);
    return index;
}

/* Makes a piece; false when there is none to begin. */
static bool work(struct ph_line *line, void *tools, bool wait)
{
    size_t index = claim(line, wait);
    if (index == SIZE_MAX) return false;
    struct place *place = &line->places[index];
    place->status = line->work.make(line->work.payload, tools, index, &place->piece, &place->error);
    pthread_mutex_lock(&line->lock);
    place->done = true;
    pthread_cond_broadcast(&line->moved);
    pthread_mutex_unlock(&line->lock);
    return true;
}

/* Whether the piece is made, or after waiting. */
static bool is_done(struct ph_line *line, size_t index, bool wait)
{
    pthread_mutex_lock(&line->lock);
    while (wait && !line->places[index].done) pthread_cond_wait(&line->moved, &line->lock);
    bool done = line->places[index].done;
    pthread_mutex_unlock(&line->lock);
    return done;
}

static void *run_thread(void *payload)
{
    struct ph_line *line = payload;
    struct ph_error ignored = PH_ERROR_INIT;
    void *tools;
    if (line->work.open(line->work.payload, &tools, &ignored) != PH_OK) return NULL;
    while (work(line, tools, true)) {
    }
    line->work.close(tools);
    return NULL;
}

enum ph_status ph_line_start(const struct ph_line_work *work_of_line, void *tools, int threads, struct ph_line **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_line *line = calloc(1, sizeof *line);
    struct place *places = calloc(work_of_line->pieces + 1, sizeof *places);
    if (line == NULL || places == NULL) {
        free(line);
        free(places);
        return ph_fail_memory(err);
    }
    line->work = *work_of_line;
    line->tools = tools;
    line->places = places;
    pthread_mutex_init(&line->lock, NULL);
    pthread_cond_init(&line->moved, NULL);
    int others = ph_thread_count(threads, PH_THREADS_CAP) - 1;
    while (line->thread_count < others && (size_t)line->thread_count + 1 < line->work.pieces &&
           pthread_create(&line->threads[line->thread_count], NULL, run_thread, line) == 0)
        line->thread_count++;
    *out = line;
    return PH_OK;
}

enum ph_status ph_line_take(struct ph_line *line, size_t index, struct ph_piece **piece, struct ph_error *err)
{
    struct place *place = &line->places[index];
    while (!is_done(line, index, false) && work(line, line->tools, false)) {
    }
    is_done(line, index, true);
    *piece = &place->piece;
    if (place->status != PH_OK && err) *err = place->error;
    return place->status;
}

void ph_line_release(struct ph_line *line, size_t index)
{
    struct ph_piece *piece = &line->places[index].piece;
    for (size_t i = 0; i < PH_PIECE_LAYERS; i++) ph_records_clear(&piece->rows[i]);
    pthread_mutex_lock(&line->lock);
    if (line->spare_count < AHEAD)
        line->spare[line->spare_count++] = *piece;
    else
        dispose_piece(piece);
    *piece = (struct ph_piece){0};
    line->released = index + 1;
    pthread_cond_broadcast(&line->moved);
    pthread_mutex_unlock(&line->lock);
}

void ph_line_end(struct ph_line *line)
{
    if (line == NULL) return;
    pthread_mutex_lock(&line->lock);
    line->stop = true;
    pthread_cond_broadcast(&line->moved);
    pthread_mutex_unlock(&line->lock);
    for (int i = 0; i < line->thread_count; i++) pthread_join(line->threads[i], NULL);
    for (size_t i = 0; i < line->work.pieces; i++) dispose_piece(&line->places[i].piece);
    for (size_t i = 0; i < line->spare_count; i++) dispose_piece(&line->spare[i]);
    pthread_mutex_destroy(&line->lock);
    pthread_cond_destroy(&line->moved);
    free(line->places);
    free(line);
}
