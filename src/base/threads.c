#include "base/threads.h"

#include <unistd.h>

int ph_thread_count(int wanted, int most)
{
    long count = wanted > 0 ? wanted : sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > most ? most : (int)count;
}
