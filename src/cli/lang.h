/* The language of the program's own words: gettext with English msgids and a Chinese catalogue.
 * What the library says comes in both languages as data; ph_lang_pick chooses. */
#ifndef PH_CLI_LANG_H
#define PH_CLI_LANG_H

#include <libintl.h>

#define _(msgid) gettext(msgid)
#define N_(msgid) msgid /* marks a msgid in a const table; translated where it is printed */

/* In the order of the words of --lang. */
enum ph_lang { PH_LANG_ZH, PH_LANG_EN };

/* From LC_ALL, LC_MESSAGES, LANG (the first that is set): English for every language but Chinese.
 * Chinese when nothing, C or POSIX is set: the people who use the program read Chinese, and a bare machine has no locale. */
enum ph_lang ph_lang_of_locale(void);

/* The word after --lang anywhere in argv (so that even a usage error comes in it), else ph_lang_of_locale. */
enum ph_lang ph_lang_of_arguments(int argc, char *const *argv);

/* Makes gettext speak the language. Of the process locale only LC_MESSAGES and LC_CTYPE (strerror needs it) become UTF-8,
 * whatever the user's; numbers stay as they are. Call once, before any thread. Without the catalogue the English msgids show. */
void ph_lang_start(enum ph_lang lang);

const char *ph_lang_pick(enum ph_lang lang, const char *zh, const char *en);

#endif
