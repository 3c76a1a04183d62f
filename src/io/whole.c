#include "io/whole.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "io/source_file.h"
#include "io/target.h"
#include "io/watch.h"

#define PIECE 512
#define NAME_CAP ((size_t)1 << 14)

/* The name of the first element; "" when there is none. */
static void first_element(const char *text, char name[PIECE])
{
    const char *at = strchr(text, '<');
    while (at && (at[1] == '?' || at[1] == '!')) at = strchr(at + 1, '<');
    snprintf(name, PIECE, "%.*s", at ? (int)strcspn(at + 1, " \t\r\n/>") : 0, at ? at + 1 : "");
}

static bool is_whole(const char *name)
{
    char head[PIECE + 1], tail[PIECE + 1], element[PIECE], end[PIECE + 8];
    VSILFILE *file = VSIFOpenL(name, "rb");
    if (file == NULL) return false;
    head[VSIFReadL(head, 1, PIECE, file)] = '\0';
    VSIFSeekL(file, 0, SEEK_END);
    vsi_l_offset size = VSIFTellL(file);
    VSIFSeekL(file, size > PIECE ? size - PIECE : 0, SEEK_SET);
    size_t length = VSIFReadL(tail, 1, PIECE, file);
    VSIFCloseL(file);
    while (length > 0 && strchr(" \t\r\n", tail[length - 1])) length--;
    tail[length] = '\0';
    first_element(head, element);
    size_t wanted = (size_t)snprintf(end, sizeof end, "</%s>", element);
    if (element[0] == '\0') return false;
    if (length >= wanted && strcmp(tail + length - wanted, end) == 0) return true;
    return size <= PIECE && length >= 2 && strcmp(tail + length - 2, "/>") == 0; /* an empty element, and nothing else */
}

enum ph_status ph_whole_package(const char *path, struct ph_error *err)
{
    struct ph_watch watch;
    struct ph_text name;
    ph_text_init(&name, NAME_CAP);
    ph_text_addf(&name, "/vsizip/{%s}", path);
    ph_watch_begin(&watch);
    char **members = VSIReadDirRecursive(ph_text_get(&name));
    bool whole = members != NULL;
    for (char **m = members; whole && *m; m++) {
        if ((*m)[strlen(*m) - 1] == '/') continue;
        ph_text_clear(&name);
        ph_text_addf(&name, "/vsizip/{%s}/%s", path, *m);
        whole = !name.failed && is_whole(ph_text_get(&name));
    }
    CSLDestroy(members);
    ph_watch_end();
    ph_text_dispose(&name);
    if (whole) return PH_OK;
    ph_fail(err, PH_E_OUTPUT, "没有写全:存临时文件的磁盘可能已满(TMPDIR)", "it was not written to its end: the disk of temporary files may be full (TMPDIR)");
    ph_at_file(err, path);
    return PH_E_OUTPUT;
}
