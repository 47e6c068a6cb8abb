/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wall clock that is set from outside for one program, which is started with this in LD_PRELOAD.
 *
 * The file that WALL_CLOCK names holds two 64-bit numbers: microseconds, and whether they are the time itself (1), which
 * stands still then, or are added to the machine's (0).  All other clocks go on as they are. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile struct setting {
  int64_t microseconds;
  int64_t stands_still;
} *setting;

__attribute__((constructor)) static void open_setting(void) {
  const char *path = getenv("WALL_CLOCK");
  int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  void *page = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *setting, PROT_READ, MAP_SHARED, file, 0);
  if (page == MAP_FAILED) _exit(112);
  setting = page;
  close(file);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int failed = (int)syscall(SYS_clock_gettime, clock, now);
  if (failed || !setting || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return failed;
  int64_t microseconds = setting->microseconds;
  if (!setting->stands_still) microseconds += (int64_t)now->tv_sec * 1000000 + now->tv_nsec / 1000;
  now->tv_sec = microseconds / 1000000;
  now->tv_nsec = microseconds % 1000000 * 1000;
  return 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec exact;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &exact);
  now->tv_sec = exact.tv_sec;
  now->tv_usec = exact.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *told) {
  struct timespec exact;
  clock_gettime(CLOCK_REALTIME, &exact);
  if (told) *told = exact.tv_sec;
  return exact.tv_sec;
}
