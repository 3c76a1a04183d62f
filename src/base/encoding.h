/* In which encoding the bytes of a DBF or CSV are. base/decoder.h reads them. */
#ifndef PH_BASE_ENCODING_H
#define PH_BASE_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

/* The encoding that a name means, as people write it in .cpg files and options: GBK, 936, CP936, ANSI 936, GB2312 give
 * "GB18030" (which holds them all); UTF8, 65001 "UTF-8"; 950 "BIG5"; 1252, ISO-8859-1 "CP1252"; and so on. NULL for a
 * declaration that says nothing (empty, OEM, ANSI, System) or is not known. The result is static. */
const char *ph_encoding_name(struct ph_str written);

/* The encoding that a DBF's language byte (LDID, offset 29) declares, static; NULL for 0 and for unknown ones.
 * 0x57 means "the system's ANSI" and gives "CP1252", as GDAL takes it, though Chinese programs write it over GBK. */
const char *ph_encoding_of_language_byte(int language_byte);

struct ph_encoding_evidence {
    struct ph_str option;         /* what the user ordered; empty: nothing */
    int language_byte;            /* of the DBF; 0 when there is none */
    struct ph_str cpg;            /* text of the .cpg; empty: no such file */
    const struct ph_str *samples; /* raw bytes of field names and values, each up to its first NUL; may end in half a character */
    size_t sample_count;
};

enum ph_encoding_from {
    PH_ENCODING_ORDERED,       /* the option */
    PH_ENCODING_ASCII,         /* no sample has a byte beyond ASCII: it makes no difference */
    PH_ENCODING_LANGUAGE_BYTE, /* declared there, and the bytes fit */
    PH_ENCODING_CPG,           /* declared there, and the bytes fit */
    PH_ENCODING_BYTES,         /* nothing usable was declared, or it contradicts the bytes */
};

struct ph_encoding_choice {
    char name[40]; /* for ph_decoder_open */
    enum ph_encoding_from from;
    bool overrides;     /* a readable declaration says otherwise */
    size_t bad_samples; /* samples that cannot be read in it, some characters will be U+FFFD */
    char zh[384], en[384]; /* which, and why: one sentence */
};

/* The option; else what language byte and .cpg declare, tested against the bytes; where nothing is declared, or what is
 * declared cannot be read or contradicts the bytes, UTF-8 if the bytes are, else GB18030. Two declarations that
 * disagree: the one that fits. Bytes that are UTF-8 with Chinese characters in it outweigh a declared GBK; a declared
 * Western encoding (CP1252, which programs write by default) gives way to bytes that read as common Chinese.
 * Fails with PH_E_USAGE when the option names no encoding that can be read, and when memory is out. */
PH_MUST_USE enum ph_status ph_encoding_decide(const struct ph_encoding_evidence *evidence, struct ph_encoding_choice *choice,
                                              struct ph_error *err);

#endif
