/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages from files. */
#define _GNU_SOURCE
#include "message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire.h"

static char *read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END)) fail(path);
  long size = ftell(file);
  rewind(file);
  char *content = malloc(size + 1);
  if (!content || fread(content, 1, size, file) != (size_t)size) fail(path);
  content[size] = 0;
  fclose(file);
  return content;
}

static void set_envelope(Message *m, const char *key, const char *value) {
#define COPY(to) snprintf(to, sizeof to, "%s", value)
  if (!strcmp(key, "client")) COPY(m->client);
  else if (!strcmp(key, "name")) COPY(m->client_name);
  else if (!strcmp(key, "helo")) COPY(m->helo);
  else if (!strcmp(key, "from")) COPY(m->sender);
  else if (!strcmp(key, "rcpt") && m->recipient_count < MAX_RECIPIENTS) COPY(m->recipients[m->recipient_count++]);
#undef COPY
}

static char *read_envelope(Message *m, char *p) {
  char key[32], value[512];
  while (!strncmp(p, "#! ", 3)) {
    char *line_end = strchr(p, '\n');
    if (!line_end) break;
    *line_end = 0;
    if (sscanf(p + 3, "%31s %511[^\r\n]", key, value) == 2) set_envelope(m, key, value);
    p = line_end + 1;
  }
  return p;
}

static char *field_end(char *p) {
  for (;;) {
    p = strchr(p, '\n');
    if (!p || (p[1] != ' ' && p[1] != '\t')) return p;
    p++;
  }
}

/* Fields as a milter gets them: the value exactly as it stands after the colon, folds as LF. */
static char *read_header(Message *m, char *p) {
  while (*p && *p != '\n' && *p != '\r') {
    char *line_end = field_end(p), *colon = strchr(p, ':');
    if (!line_end || !colon || colon > line_end) break;
    char *value = malloc(line_end - colon), *to = value;
    for (char *c = colon + 1; c < line_end; c++)
      if (*c != '\r') *to++ = *c;
    *to = 0;
    m->fields = realloc(m->fields, (m->field_count + 1) * sizeof *m->fields);
    m->fields[m->field_count++] = (Field){strndup(p, colon - p), value};
    p = line_end + 1;
  }
  if (*p == '\r') p++;
  return *p == '\n' ? p + 1 : p;
}

void load_message(Message *m, const char *path) {
  char *content = read_file(path);
  snprintf(m->client, sizeof m->client, "192.0.2.10");
  snprintf(m->client_name, sizeof m->client_name, "mail.example.com");
  snprintf(m->helo, sizeof m->helo, "mail.example.com");
  snprintf(m->sender, sizeof m->sender, "<sender@example.com>");
  char *p = read_header(m, read_envelope(m, content));
  if (!m->recipient_count) set_envelope(m, "rcpt", "<user@local.test>");
  Buffer body = {0};
  for (char *line; *p; p = line) {
    line = strchrnul(p, '\n');
    size_t size = line - p;
    put(&body, p, size && p[size - 1] == '\r' ? size - 1 : size);
    if (*line) line++, put(&body, "\r\n", 2);
  }
  m->body = body.bytes;
  m->body_size = body.size;
  free(content);
}
