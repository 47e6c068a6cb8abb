/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wall clock that can be set for one program: preloaded, it adds to the real one the seconds that stand, as a 64-bit
 * number, in the file that WALL_CLOCK names.  All other clocks stay as they are. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *added_s;

__attribute__((constructor)) static void look_for_the_file(void) {
  const char *path = getenv("WALL_CLOCK");
  int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  void *page = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *added_s, PROT_READ, MAP_SHARED, fd, 0);
  if (page != MAP_FAILED) added_s = page;
  if (fd >= 0) close(fd);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int failed = (int)syscall(SYS_clock_gettime, clock, now);
  if (!failed && added_s && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += *added_s;
  return failed;
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
