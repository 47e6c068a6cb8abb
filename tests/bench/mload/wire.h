/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WIRE_H
#define WIRE_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that grow; zero is empty. */
typedef struct { char *bytes; size_t size, capacity; } Buffer;

/* End the program, saying what went wrong. */
void fail(const char *what);

void put(Buffer *b, const void *bytes, size_t size);
void put_u32(Buffer *b, uint32_t value);
void put_string(Buffer *b, const char *s);
void put_macros(Buffer *b, char stage, const char *const *pairs);

/* A packet stands between begin, whose result end wants, and end. */
size_t begin(Buffer *b, char command);
void end(Buffer *b, size_t start);

/* Send what is in the buffer and empty it; -1 where the session broke. */
int flush(int fd, Buffer *b);

/* Read one packet into `in`, with a zero byte behind it; its command, or -1 where the session broke. */
int read_packet(int fd, Buffer *in);

/* The answer to a command: progress is passed over, a reply in words counts as what its code says. */
int read_answer(int fd, Buffer *in);

#endif
