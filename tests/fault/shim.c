/* Preloaded into the program: makes the k-th operation on a *.gpkg.part or *.qgz.part fail.
 * SHIM_STATE  file of two 64-bit numbers, shared: operations so far, failures made
 * SHIM_AT     which operation fails, from 1; 0: none (counting only)
 * SHIM_ERRNO  with which errno */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

static uint64_t *state, fail_at;
static int fail_errno;

__attribute__((constructor)) static void start(void)
{
    const char *path = getenv("SHIM_STATE"), *at = getenv("SHIM_AT"), *code = getenv("SHIM_ERRNO");
    if (path == NULL || at == NULL || code == NULL) return;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    void *map = fd < 0 ? MAP_FAILED : mmap(NULL, 16, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map != MAP_FAILED) state = map;
    fail_at = strtoull(at, NULL, 10);
    fail_errno = (int)strtol(code, NULL, 10);
}

static int is_part(const char *path)
{
    size_t length = strlen(path);
    return (length > 10 && strcmp(path + length - 10, ".gpkg.part") == 0) || (length > 9 && strcmp(path + length - 9, ".qgz.part") == 0);
}

/* Whether this operation is the one that fails; then errno is set. */
static int fails(const char *path)
{
    if (state == NULL || !is_part(path)) return 0;
    if (__atomic_add_fetch(&state[0], 1, __ATOMIC_SEQ_CST) != fail_at) return 0;
    state[1]++;
    errno = fail_errno;
    return 1;
}

static int fd_fails(int fd)
{
    char link[64], path[PATH_MAX];
    if (state == NULL) return 0;
    int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = before;
    if (length < 0) return 0;
    path[length] = '\0';
    return fails(path);
}

#define NEXT(name) (*(__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *data, size_t size) { return fd_fails(fd) ? -1 : NEXT(write)(fd, data, size); }
ssize_t writev(int fd, const struct iovec *parts, int count) { return fd_fails(fd) ? -1 : NEXT(writev)(fd, parts, count); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return fd_fails(fd) ? -1 : NEXT(pwrite)(fd, data, size, at); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) { return fd_fails(fd) ? -1 : NEXT(pwrite64)(fd, data, size, at); }
int fsync(int fd) { return fd_fails(fd) ? -1 : NEXT(fsync)(fd); }
int fdatasync(int fd) { return fd_fails(fd) ? -1 : NEXT(fdatasync)(fd); }
int rename(const char *from, const char *to) { return fails(from) ? -1 : NEXT(rename)(from, to); }
