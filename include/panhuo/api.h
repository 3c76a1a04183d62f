/* Marks what the shared library shows. */
#ifndef PANHUO_API_H
#define PANHUO_API_H

#if defined __GNUC__
#define PH_API __attribute__((visibility("default")))
#else
#define PH_API
#endif

#endif
