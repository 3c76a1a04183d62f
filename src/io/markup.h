/* XML read piece by piece. Names are local ones: which prefixes a writer chose does not matter. */
#ifndef PH_IO_MARKUP_H
#define PH_IO_MARKUP_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"

enum ph_markup_event { PH_MARKUP_OPEN, PH_MARKUP_CLOSE, PH_MARKUP_TEXT, PH_MARKUP_END };

struct ph_markup;

/* Reads `document`, which must stay in place. Close with ph_markup_close. */
PH_MUST_USE enum ph_status ph_markup_open(struct ph_str document, struct ph_markup **out, struct ph_error *err);

/* An element that is empty opens and closes. Errors: PH_E_INPUT where the document is not well formed, or declares a
 * document type (entities: nothing that we read has any). */
PH_MUST_USE enum ph_status ph_markup_next(struct ph_markup *xml, enum ph_markup_event *event, struct ph_error *err);

/* Of the element that opened or closed. */
bool ph_markup_is(const struct ph_markup *xml, const char *name);
/* Of the element that opened, or NULL; valid until the next call of any of these. */
const char *ph_markup_attribute(struct ph_markup *xml, const char *name);
/* The same as a whole number; `otherwise` where it is absent or none. */
long ph_markup_number(struct ph_markup *xml, const char *name, long otherwise);
/* Of PH_MARKUP_TEXT. */
const char *ph_markup_text(const struct ph_markup *xml);
/* Passes over what the element that opened holds, and its end. */
PH_MUST_USE enum ph_status ph_markup_skip(struct ph_markup *xml, struct ph_error *err);

/* NULL is allowed. */
void ph_markup_close(struct ph_markup *xml);

/* To be called once before XML is read in several threads. */
void ph_markup_prepare(void);

#endif
