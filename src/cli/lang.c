#include "cli/lang.h"

#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOMAIN "panhuo"

enum ph_lang ph_lang_of_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value == NULL || value[0] == '\0') continue;
        size_t length = strcspn(value, ".@"); /* C.UTF-8 is as bare as C */
        bool bare = (length == 1 && value[0] == 'C') || (length == 5 && memcmp(value, "POSIX", 5) == 0);
        return bare || strncmp(value, "zh", 2) == 0 ? PH_LANG_ZH : PH_LANG_EN;
    }
    return PH_LANG_ZH;
}

enum ph_lang ph_lang_of_arguments(int argc, char *const *argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        const char *word = NULL;
        if (strncmp(argv[i], "--lang=", 7) == 0) word = argv[i] + 7;
        if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc) word = argv[i + 1];
        if (word == NULL) continue;
        if (strcmp(word, "zh") == 0) return PH_LANG_ZH;
        if (strcmp(word, "en") == 0) return PH_LANG_EN;
    }
    return ph_lang_of_locale();
}

static bool has_catalogue(const char *folder)
{
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/zh_CN/LC_MESSAGES/" DOMAIN ".mo", folder);
    return access(path, R_OK) == 0;
}

/* ../share/locale beside the program's folder: right in the build tree and wherever the whole tree was moved to. */
static bool folder_beside_program(char *folder, size_t size)
{
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) return false;
    program[length] = '\0';
    for (int level = 0; level < 2; level++) {
        char *slash = strrchr(program, '/');
        if (slash == NULL) return false;
        *slash = '\0';
    }
    int written = snprintf(folder, size, "%s/share/locale", program);
    return written > 0 && (size_t)written < size && has_catalogue(folder);
}

void ph_lang_start(enum ph_lang lang)
{
    /* glibc translates nothing under the C locale, but under C.UTF-8 it looks at LANGUAGE. */
    static const char *const locales[] = {"C.UTF-8", "C.utf8", "zh_CN.UTF-8", "en_US.UTF-8"};
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++) {
        if (setlocale(LC_CTYPE, locales[i]) != NULL && setlocale(LC_MESSAGES, locales[i]) != NULL) break;
    }
    setenv("LANGUAGE", lang == PH_LANG_ZH ? "zh_CN" : "en", 1);
    char beside[PATH_MAX + 32];
    const char *folder = getenv("PANHUO_LOCALEDIR");
    if (folder == NULL || folder[0] == '\0') {
        folder = folder_beside_program(beside, sizeof beside) ? beside : PANHUO_LOCALEDIR;
    }
    bindtextdomain(DOMAIN, folder);
    bind_textdomain_codeset(DOMAIN, "UTF-8");
    textdomain(DOMAIN);
}

const char *ph_lang_pick(enum ph_lang lang, const char *zh, const char *en)
{
    return lang == PH_LANG_ZH ? zh : en;
}
