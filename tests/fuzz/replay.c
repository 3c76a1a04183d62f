/* Runs a fuzz target without a fuzzer: replay MUTATIONS FILE...
 * Every file as it is, then that many others made from them: bytes changed, lines doubled, moved and left out. Always the same ones. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { CAP = 1 << 16 };

struct input {
    unsigned char *at;
    size_t size;
};

static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    return *state ^= *state << 17;
}

static size_t below(uint64_t *state, size_t limit)
{
    return limit ? (size_t)(next(state) >> 16) % limit : 0;
}

static struct input load(const char *path)
{
    struct input input = {malloc(CAP), 0};
    FILE *file = fopen(path, "rb");
    if (file == NULL || input.at == NULL) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(1);
    }
    input.size = fread(input.at, 1, CAP, file);
    fclose(file);
    return input;
}

/* A run of bytes of `from`, to the ends of its lines as often as not. */
static struct input piece(uint64_t *state, struct input from)
{
    size_t a = below(state, from.size + 1), b = a + below(state, from.size - a + 1);
    if (next(state) & 1) {
        while (a > 0 && from.at[a - 1] != '\n') a--;
        while (b < from.size && from.at[b] != '\n') b++;
        if (b < from.size) b++;
    }
    return (struct input){from.at + a, b - a};
}

static void insert(struct input *into, size_t at, struct input what)
{
    if (into->size + what.size > CAP) return;
    memmove(into->at + at + what.size, into->at + at, into->size - at);
    memcpy(into->at + at, what.at, what.size);
    into->size += what.size;
}

static void mutate(uint64_t *state, struct input *it, const struct input *all, size_t count)
{
    static unsigned char words[][12] = {",", "@", "\n", "\r", "[", "]", "=", ";", "\t", " ", "0", "-1", "1e9", ".5", "\xA3\xAC", "\xEF\xBC\x8C", "J1,1,", ",\xC3\xE6,"};
    size_t at = below(state, it->size + 1);
    switch (below(state, 5)) {
    case 0:
        if (at < it->size) it->at[at] = (unsigned char)(1 + below(state, 255));
        break;
    case 1: {
        unsigned char *word = words[below(state, sizeof words / sizeof *words)];
        insert(it, at, (struct input){word, strlen((const char *)word)});
        break;
    }
    case 2: {
        struct input gone = piece(state, *it);
        memmove(gone.at, gone.at + gone.size, (size_t)(it->at + it->size - (gone.at + gone.size)));
        it->size -= gone.size;
        break;
    }
    default: insert(it, at, piece(state, all[below(state, count)])); break;
    }
}

int main(int argc, char **argv)
{
    size_t count = argc > 2 ? (size_t)argc - 2 : 0;
    long mutations = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
    struct input *all = calloc(count + 1, sizeof *all), it = {malloc(CAP), 0};
    uint64_t state = 88172645463325252u;
    if (all == NULL || it.at == NULL || count == 0) return 1;
    for (size_t i = 0; i < count; i++) {
        all[i] = load(argv[i + 2]);
        LLVMFuzzerTestOneInput(all[i].at, all[i].size);
    }
    for (long m = 0; m < mutations; m++) {
        const struct input *from = &all[below(&state, count)];
        memcpy(it.at, from->at, it.size = from->size);
        for (size_t k = 1 + below(&state, 6); k > 0; k--) mutate(&state, &it, all, count);
        LLVMFuzzerTestOneInput(it.at, it.size);
    }
    for (size_t i = 0; i < count; i++) free(all[i].at);
    free(all);
    free(it.at);
    printf("%zu passed, 0 failed\n", count + (size_t)mutations);
    return 0;
}
