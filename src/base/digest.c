#include "base/digest.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGEST_BYTES = 32, CHUNK = 256 * 1024 };

static void print(const unsigned char bytes[DIGEST_BYTES], char hex[65])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    hex[64] = '\0';
}

static enum ph_status unavailable(struct ph_error *err)
{
    return ph_fail(err, PH_E_LIBRARY, "SHA-256 不可用", "SHA-256 is not available");
}

struct ph_digest {
    EVP_MD_CTX *context;
    bool good;
};

struct ph_digest *ph_digest_new(void)
{
    struct ph_digest *digest = calloc(1, sizeof *digest);
    if (digest == NULL) return NULL;
    digest->context = EVP_MD_CTX_new();
    digest->good = digest->context != NULL && EVP_DigestInit_ex(digest->context, EVP_sha256(), NULL) == 1;
    return digest;
}

void ph_digest_add(struct ph_digest *digest, const void *data, size_t length)
{
    if (digest != NULL && digest->good) digest->good = EVP_DigestUpdate(digest->context, data, length) == 1;
}

enum ph_status ph_digest_end(struct ph_digest *digest, char hex[65], struct ph_error *err)
{
    unsigned char bytes[DIGEST_BYTES];
    bool good = digest != NULL && digest->good && EVP_DigestFinal_ex(digest->context, bytes, NULL) == 1;
    if (digest != NULL) EVP_MD_CTX_free(digest->context);
    free(digest);
    if (!good) return unavailable(err);
    print(bytes, hex);
    return PH_OK;
}

enum ph_status ph_digest_bytes(const void *data, size_t length, char hex[65], struct ph_error *err)
{
    unsigned char bytes[DIGEST_BYTES];
    if (EVP_Digest(data, length, bytes, NULL, EVP_sha256(), NULL) != 1) return unavailable(err);
    print(bytes, hex);
    return PH_OK;
}

/* Hashes a file to its end; false when it cannot be read or hashed, errno 0 for the latter. */
static bool hash_stream(FILE *file, EVP_MD_CTX *context, char hex[65])
{
    unsigned char bytes[DIGEST_BYTES];
    char *buffer = malloc(CHUNK);
    errno = 0;
    bool good = buffer != NULL && context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
    size_t n;
    while (good && (n = fread(buffer, 1, CHUNK, file)) > 0) good = EVP_DigestUpdate(context, buffer, n) == 1;
    good = good && !ferror(file) && EVP_DigestFinal_ex(context, bytes, NULL) == 1;
    if (good) print(bytes, hex);
    free(buffer);
    return good;
}

enum ph_status ph_digest_file(const char *path, char hex[65], struct ph_error *err)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        ph_fail(err, PH_E_INPUT, "打不开:%s", "cannot open: %s", strerror(errno));
        ph_at_file(err, path);
        return PH_E_INPUT;
    }
    setvbuf(file, NULL, _IONBF, 0);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = hash_stream(file, context, hex);
    int reason = errno;
    EVP_MD_CTX_free(context);
    fclose(file);
    if (good) return PH_OK;
    if (reason == 0) return unavailable(err);
    ph_fail(err, PH_E_INPUT, "读取出错:%s", "read error: %s", strerror(reason));
    ph_at_file(err, path);
    return PH_E_INPUT;
}
