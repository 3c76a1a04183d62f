/* A value that expressions see, and where values come from. */
#ifndef PH_RULES_VALUE_H
#define PH_RULES_VALUE_H

#include <stddef.h>
#include <stdint.h>

/* A date is the text YYYY-MM-DD to expressions, and quicker to compare and count with as days. */
enum ph_value_kind { PH_VALUE_UNKNOWN, PH_VALUE_INT, PH_VALUE_REAL, PH_VALUE_TEXT, PH_VALUE_DATE };

struct ph_value {
    enum ph_value_kind kind;
    union {
        int64_t integer;
        double real;
        const char *text; /* must live until the next row */
        int32_t date;     /* known, see base/date.h */
    };
};

/* Gives the value of a variable for the row at hand. */
typedef void ph_fetch(const void *row, size_t variable, struct ph_value *out);

#endif
