/* Counts and areas as figures. Areas come as whole 0.01 m²; INT64_MIN has no meaning and becomes `unknown`. */
#ifndef PH_CLI_FIGURES_H
#define PH_CLI_FIGURES_H

#include <stddef.h>
#include <stdint.h>

#define PH_FIGURE 32 /* bytes that always do */

/* Hundredths with two decimals. */
void ph_figure_hundredths(int64_t number, const char *unknown, char *text, size_t size);

/* Whole 0.01 m² to whole 0.01 mu: 1 mu = 2000/3 m². Rounded half away from zero, here and nowhere before. */
int64_t ph_figure_mu(int64_t area_dm2);

void ph_figure_count(int64_t count, const char *unknown, char *text, size_t size);

#endif
