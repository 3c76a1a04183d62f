/* Memory that lies anywhere is waited for, unless it is asked for in time. */
#ifndef PH_BASE_PREFETCH_H
#define PH_BASE_PREFETCH_H

/* Asks for what will be read soon; `at` need not be memory that may be read. */
static inline void ph_prefetch(const void *at)
{
#ifdef __GNUC__
    __builtin_prefetch(at);
#else
    (void)at;
#endif
}

#endif
