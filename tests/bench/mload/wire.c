/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packets of the milter protocol: a length, a command, a payload. */
#include "wire.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void fail(const char *what) {
  perror(what);
  exit(2);
}

void put(Buffer *b, const void *bytes, size_t size) {
  if (b->size + size > b->capacity) {
    b->capacity = (b->size + size) * 2 + 256;
    b->bytes = realloc(b->bytes, b->capacity);
    if (!b->bytes) fail("realloc");
  }
  memcpy(b->bytes + b->size, bytes, size);
  b->size += size;
}

void put_u32(Buffer *b, uint32_t value) {
  value = htonl(value);
  put(b, &value, 4);
}

void put_string(Buffer *b, const char *s) { put(b, s, strlen(s) + 1); }

size_t begin(Buffer *b, char command) {
  size_t start = b->size;
  put_u32(b, 0);
  put(b, &command, 1);
  return start;
}

void end(Buffer *b, size_t start) {
  uint32_t size = htonl((uint32_t)(b->size - start - 4));
  memcpy(b->bytes + start, &size, 4);
}

void put_macros(Buffer *b, char stage, const char *const *pairs) {
  size_t start = begin(b, 'D');
  put(b, &stage, 1);
  for (; *pairs; pairs++) put_string(b, *pairs);
  end(b, start);
}

int flush(int fd, Buffer *b) {
  for (size_t sent = 0; sent < b->size;) {
    ssize_t count = write(fd, b->bytes + sent, b->size - sent);
    if (count <= 0) return -1;
    sent += count;
  }
  b->size = 0;
  return 0;
}

static int read_all(int fd, char *into, size_t size) {
  while (size) {
    ssize_t count = read(fd, into, size);
    if (count <= 0) return -1;
    into += count;
    size -= count;
  }
  return 0;
}

/* Read one packet into `in`; its command, or -1 where the session broke. */
int read_packet(int fd, Buffer *in) {
  uint32_t size;
  if (read_all(fd, (char *)&size, 4)) return -1;
  size = ntohl(size);
  if (!size || size > 1u << 24) return -1;
  if (in->capacity < size + 1) {
    in->capacity = size + 1;
    in->bytes = realloc(in->bytes, in->capacity);
    if (!in->bytes) fail("realloc");
  }
  if (read_all(fd, in->bytes, size)) return -1;
  in->bytes[in->size = size] = 0;
  return (unsigned char)in->bytes[0];
}

/* The answer to a command: progress is passed over, a reply in words counts as what its code says. */
int read_answer(int fd, Buffer *in) {
  int answer;
  do answer = read_packet(fd, in);
  while (answer == 'p');
  return answer == 'y' ? (in->bytes[1] == '4' ? 't' : 'r') : answer;
}
