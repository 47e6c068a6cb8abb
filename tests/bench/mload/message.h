/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stddef.h>

enum { MAX_RECIPIENTS = 8 };

/* The value is exactly what stands after the colon; folds are LF. */
typedef struct { const char *name, *value; } Field;

typedef struct {
  char client[64], client_name[256], helo[256], sender[512], recipients[MAX_RECIPIENTS][512];
  int recipient_count, field_count;
  Field *fields;
  char *body; /* with CRLF */
  size_t body_size;
} Message;

/* Read a message and the lines of its envelope before it; ends the program where that cannot be. */
void load_message(Message *m, const char *path);

#endif
