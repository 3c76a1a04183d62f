/* cmocka with the headers it wants before it. */
#ifndef PH_TEST_H
#define PH_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
