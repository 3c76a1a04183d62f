#include "base/secret.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#define BLANKS " \t\r\n\f\v"

/* Replaces text[from..to) by one star. Returns the place behind it. */
static char *star(char *from, const char *to)
{
    if (to == from) return from;
    *from = '*';
    memmove(from + 1, to, strlen(to) + 1);
    return from + 1;
}

/* The end of a value: a quoted one's closing quote, else the first blank; in the query of a URI also the next parameter. A backslash
 * takes what follows with it. */
static char *value_end(char *at, bool query)
{
    char quote = *at == '\'' || *at == '"' ? *at++ : '\0';
    for (; *at != '\0'; at++) {
        if (*at == '\\' && at[1] != '\0')
            at++;
        else if (quote != '\0' ? *at == quote : strchr(BLANKS, *at) != NULL || (query && *at == '&'))
            break;
    }
    return at;
}

/* Behind every "password=" or "pwd=". */
static void hide_values(char *text)
{
    static const char *const words[] = {"password", "passwd", "pwd"};
    for (char *at = text; *at != '\0'; at++) {
        size_t n = 0;
        for (size_t i = 0; n == 0 && i < sizeof words / sizeof *words; i++)
            if (strncasecmp(at, words[i], strlen(words[i])) == 0) n = strlen(words[i]);
        char *value = at + n + strspn(at + n, BLANKS);
        if (n == 0 || *value != '=') continue;
        value += 1 + strspn(value + 1, BLANKS);
        const char *token = at;
        while (token > text && strchr(BLANKS, token[-1]) == NULL) token--;
        char *end = value_end(value, memchr(token, '?', (size_t)(at - token)) != NULL);
        value += *value == '\'' || *value == '"';
        if (end > value) at = star(value, end) - 1;
    }
}

/* Between the colon and the last @ of every "scheme://user:password@". */
static void hide_users(char *text)
{
    for (char *at = text; (at = strstr(at, "://")) != NULL;) {
        at += 3;
        const char *end = at + strcspn(at, BLANKS), *sign = NULL;
        for (const char *p = at; p < end; p++)
            if (*p == '@') sign = p;
        char *colon = sign ? memchr(at, ':', (size_t)(sign - at)) : NULL;
        if (colon) at = star(colon + 1, sign);
    }
}

void ph_secret_hide(char *text)
{
    if (strchr(text, '=') != NULL) hide_values(text);
    hide_users(text);
}
