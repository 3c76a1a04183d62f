/* Units of area, money and what is built from them: which words mean what, and where they stand in a field's name. */
#ifndef PH_BASE_UNIT_H
#define PH_BASE_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* What a number measures; decides which units a source may state and the unit it is kept in. */
enum ph_quantity {
    PH_PLAIN,   /* no unit */
    PH_AREA,    /* kept in m² */
    PH_MONEY,   /* kept in 万元 */
    PH_PER_MU,  /* kept in 万元/亩 */
    PH_PERCENT, /* kept in % */
    PH_ENERGY,  /* kept in 吨标准煤 */
    PH_ELECTRICITY, /* kept in kWh */
    PH_WATER,   /* kept in tonnes */
    PH_MASS,    /* kept in tonnes */
    PH_SHARE,   /* kept as a fraction of 1 */
};

/* value * times / over is the value in the unit that the quantity is kept in. A ratio of whole numbers, because
 * 1 mu = 2000/3 m² and 1 元 = 1/10000 万元 are no doubles. Reduced; 1/1 for the kept unit itself. */
struct ph_factor {
    int64_t times, over;
};

#define PH_FACTOR_ONE ((struct ph_factor){1, 1})

double ph_factor_apply(struct ph_factor factor, double value);

/* The unit that values of this quantity are kept in, Chinese; "" for PH_PLAIN. */
const char *ph_unit_kept(enum ph_quantity quantity);

/* Whether `word` is a unit of this quantity, in any of the ways it is written (full width, ㎡ m² m2, case, blanks).
 * Areas also know the codes of the cadastre's MJDW field, 1 = m², 2 = mu, 3 = ha; *from_code (may be NULL) tells that
 * such a code was taken, since the code list was not checked against the standard's text.
 * Units that need a conversion factor nobody stated (kWh or tonnes of some fuel for energy, foreign money) are not known. */
bool ph_unit_of_word(struct ph_str word, enum ph_quantity quantity, struct ph_factor *factor, bool *from_code);

/* Whether the word is a unit at all: of any quantity, or one that converts to none of ours. Not the counting words of PH_PLAIN. */
bool ph_unit_known(struct ph_str word);

enum ph_unit_found {
    PH_UNIT_NONE,       /* the name states no unit; *bare is the name */
    PH_UNIT_FOUND,      /* *factor is set */
    PH_UNIT_UNREADABLE, /* the name states a unit that is none of this quantity, or one that was cut off */
};

/* The unit at the end of a field's name: `供地面积(公顷)`, `供地面积（单位：亩）`, `面积亩`, `面积_亩`, `成交价款/万元`,
 * `area_mu`, `price_wan`. *bare receives the name without it (also when unreadable), a view into name; of PH_PLAIN fields
 * counting words (`从业人数(人)`, `扣除天数(天)`) come off. Other words in brackets, `面积(登记)`, belong to the name. */
enum ph_unit_found ph_unit_of_name(const char *name, enum ph_quantity quantity, struct ph_str *bare, struct ph_factor *factor);

/* The unit of this quantity among those of a list (万元、亩), as a table names them for all its columns. False for NULL, when
 * there is none, and when there are two. */
bool ph_unit_in_list(const char *list, enum ph_quantity quantity, struct ph_factor *factor);

#endif
