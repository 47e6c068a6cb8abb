/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wall clock that stands still until somebody moves it, for a program that is started with this in LD_PRELOAD.

   Microseconds of Unix time stand in the file that FROZEN_CLOCK names.  Monotonic clocks go on as they are. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *frozen;

__attribute__((constructor)) static void open_clock(void) {
    const char *path = getenv("FROZEN_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) _exit(112);
    void *page = mmap(NULL, sizeof *frozen, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (page == MAP_FAILED) _exit(112);
    frozen = page;
}

int clock_gettime(clockid_t clock, struct timespec *result) {
    if (!frozen || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE))
        return (int)syscall(SYS_clock_gettime, clock, result);
    int64_t now = *frozen;
    result->tv_sec = now / 1000000;
    result->tv_nsec = now % 1000000 * 1000;
    return 0;
}

int gettimeofday(struct timeval *restrict result, void *restrict zone) {
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    result->tv_sec = now.tv_sec;
    result->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *result) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result) *result = now.tv_sec;
    return now.tv_sec;
}
