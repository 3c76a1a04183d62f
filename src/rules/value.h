/* A value that expressions see. */
#ifndef PH_RULES_VALUE_H
#define PH_RULES_VALUE_H

#include <stdint.h>

enum ph_value_kind { PH_VALUE_UNKNOWN, PH_VALUE_INT, PH_VALUE_REAL, PH_VALUE_TEXT };

struct ph_value {
    enum ph_value_kind kind;
    int64_t integer;
    double real;
    const char *text; /* must live until the next evaluation; dates are YYYY-MM-DD */
};

#endif
