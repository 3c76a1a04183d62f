/* How far a run has come, and a way to stop it. */
#ifndef PANHUO_PROGRESS_H
#define PANHUO_PROGRESS_H

#ifdef __cplusplus
extern "C" {
#endif

enum ph_stage {
    PH_STAGE_READ,    /* reading the parcels */
    PH_STAGE_MEASURE, /* areas */
    PH_STAGE_CHECK,   /* geometry and topology */
    PH_STAGE_RULES,   /* tags and reasons */
    PH_STAGE_LEDGER,  /* ledger and totals */
    PH_STAGE_WRITE,   /* the GeoPackage */
};

/* Called now and then from the calling thread; done is 0 to 1. A result other than 0 stops the run: it returns
 * PH_E_CANCELLED and leaves nothing behind. */
struct ph_progress {
    int (*report)(void *payload, enum ph_stage stage, double done); /* NULL: nobody asks */
    void *payload;
};

#ifdef __cplusplus
}
#endif
#endif
