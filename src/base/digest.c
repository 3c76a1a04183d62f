#include "base/digest.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>

_Static_assert(sizeof(struct sha256_ctx) <= sizeof(struct ph_digest), "the state must fit");

static struct sha256_ctx *context(struct ph_digest *digest)
{
    return (struct sha256_ctx *)(void *)digest->state;
}

void ph_digest_init(struct ph_digest *digest)
{
    sha256_init(context(digest));
}

void ph_digest_add(struct ph_digest *digest, const void *data, size_t length)
{
    sha256_update(context(digest), length, data);
}

void ph_digest_finish(struct ph_digest *digest, char hex[65])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[SHA256_DIGEST_SIZE];
    sha256_digest(context(digest), sizeof bytes, bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    hex[64] = '\0';
}

enum ph_status ph_digest_file(const char *path, char hex[65], struct ph_error *err)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        ph_fail(err, PH_E_INPUT, "打不开:%s", "cannot open: %s", strerror(errno));
        return ph_at_file(err, path);
    }
    struct ph_digest digest;
    ph_digest_init(&digest);
    char buffer[65536];
    size_t n;
    while ((n = fread(buffer, 1, sizeof buffer, file)) > 0) ph_digest_add(&digest, buffer, n);
    int failed = ferror(file);
    fclose(file);
    if (failed) {
        ph_fail(err, PH_E_INPUT, "读取出错:%s", "read error: %s", strerror(errno));
        return ph_at_file(err, path);
    }
    ph_digest_finish(&digest, hex);
    return PH_OK;
}
