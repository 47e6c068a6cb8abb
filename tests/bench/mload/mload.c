/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mload: a load generator that plays an MTA with one milter or a chain of them.
 *
 *   mload -s unix:/path|inet:PORT@127.0.0.1 [-s NEXT] [-c SESSIONS] [-n MESSAGES] [-k PER_SESSION] [-v] FILE...
 *
 * It speaks version 6 of the milter protocol as Postfix 3.7 does: the envelope goes to each milter command by command,
 * the content to one milter after the other, and a later one sees the header fields that an earlier one has added.
 * One thread a session.  A FILE is a message; leading lines of the form "#! key value" set its envelope (client, name,
 * helo, from, rcpt).  The last line of the output is one JSON object; with -v the answers to each message come before,
 * message by message.  The exit status is 1 where a session broke.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "message.h"
#include "wire.h"

enum { MAX_MILTERS = 4, MAX_ERRORS = 50, CHUNK_BYTES = 65535, TIMEOUT_S = 120 };

/* Steps that a milter may leave out (P_NO...) or leave unanswered (P_NR...), and what it may be offered. */
enum {
  NO_CONNECT = 0x1, NO_HELO = 0x2, NO_MAIL = 0x4, NO_RCPT = 0x8, NO_BODY = 0x10, NO_HEADERS = 0x20, NO_EOH = 0x40,
  NR_HEADER = 0x80, NO_DATA = 0x200, NR_CONNECT = 0x1000, NR_HELO = 0x2000, NR_MAIL = 0x4000, NR_RCPT = 0x8000,
  NR_DATA = 0x10000, NR_EOH = 0x40000, NR_BODY = 0x80000, LEADING_SPACE = 0x100000,
  ALL_ACTIONS = 0x1ff, ALL_STEPS = 0x1fffff
};

typedef struct { int fd; uint32_t steps; } Link;
typedef struct {
  Link links[MAX_MILTERS];
  Buffer out, in, told;
  Field *fields;
  char **owned;
  int field_count, owned_count, is_open;
} Session;

static const char *milters[MAX_MILTERS];
static int milter_count, session_count = 4, message_total = 1000, per_session = 1, is_verbose;
static Message *messages;
static int message_count;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int next_message, latency_count;
static long accepted, rejected, tempfailed, discarded, errors, fields_added;
static double *latencies;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static int is_final(int answer) { return answer == 'a' || answer == 'r' || answer == 't' || answer == 'd'; }

/* Send what is in the buffer and read the answer where there is to be one; 0 goes on, else final or -1. */
static int step(Session *s, Link *link, uint32_t no_reply) {
  if (flush(link->fd, &s->out)) return -1;
  if (link->steps & no_reply) return 0;
  int answer = read_answer(link->fd, &s->in);
  return answer < 0 || is_final(answer) ? answer : 0;
}

/* ---- the message that goes through the chain */

static char *own(Session *s, char *bytes) {
  s->owned = realloc(s->owned, (s->owned_count + 1) * sizeof *s->owned);
  return s->owned[s->owned_count++] = bytes;
}

static void take_fields(Session *s, const Message *m) {
  while (s->owned_count) free(s->owned[--s->owned_count]);
  s->fields = realloc(s->fields, m->field_count * sizeof *s->fields);
  memcpy(s->fields, m->fields, m->field_count * sizeof *s->fields);
  s->field_count = m->field_count;
}

static void insert_field(Session *s, Link *link, uint32_t index, const char *name, const char *value) {
  char *copy;
  if (asprintf(&copy, "%s%s", link->steps & LEADING_SPACE ? "" : " ", value) < 0) fail("asprintf");
  if (index > (uint32_t)s->field_count) index = s->field_count;
  s->fields = realloc(s->fields, (s->field_count + 1) * sizeof *s->fields);
  memmove(s->fields + index + 1, s->fields + index, (s->field_count - index) * sizeof *s->fields);
  s->fields[index] = (Field){own(s, strdup(name)), own(s, copy)};
  s->field_count++;
}

static void tell(Session *s, char command, const char *name, const char *value) {
  if (!is_verbose) return;
  put(&s->told, &command, 1);
  put(&s->told, " ", 1);
  put(&s->told, name, strlen(name));
  put(&s->told, ": ", 2);
  for (const char *c = value; *c; c++) put(&s->told, *c == '\n' ? " " : c, 1);
  put(&s->told, "\n", 1);
}

/* Carry out one change that a milter asks for at the end of the message. */
static void change(Session *s, Link *link, int command) {
  int is_indexed = command == 'i' || command == 'm';
  if (!is_indexed && command != 'h') return;
  const char *name = s->in.bytes + (is_indexed ? 5 : 1), *value = name + strlen(name) + 1;
  if (value > s->in.bytes + s->in.size) return;
  tell(s, command, name, value);
  if (command == 'm') return;
  uint32_t index = UINT32_MAX;
  if (command == 'i') {
    memcpy(&index, s->in.bytes + 1, 4);
    index = ntohl(index);
  }
  insert_field(s, link, index, name, value);
  __sync_fetch_and_add(&fields_added, 1);
}

/* ---- the stages of a session */

static int dial(const char *address) {
  int fd, one = 1;
  if (!strncmp(address, "unix:", 5)) {
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    strncpy(to.sun_path, address + 5, sizeof to.sun_path - 1);
    fd = socket(AF_UNIX, SOCK_STREAM, 0);
    /* A full backlog of a Unix socket answers EAGAIN at once, where TCP would wait. */
    for (int tries = 0; connect(fd, (void *)&to, sizeof to); tries++) {
      if (tries > 2000 || (errno != EAGAIN && errno != ECONNREFUSED)) return close(fd), -1;
      usleep(1000);
    }
  } else {
    const char *port = strchr(address, ':');
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port ? atoi(port + 1) : 0)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(fd, (void *)&to, sizeof to)) return close(fd), -1;
  }
  struct timeval timeout = {TIMEOUT_S, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  return fd;
}

static int open_link(Session *s, Link *link, const char *address) {
  link->fd = dial(address);
  if (link->fd < 0) return -1;
  size_t start = begin(&s->out, 'O');
  put_u32(&s->out, 6);
  put_u32(&s->out, ALL_ACTIONS);
  put_u32(&s->out, ALL_STEPS);
  end(&s->out, start);
  if (flush(link->fd, &s->out) || read_packet(link->fd, &s->in) != 'O' || s->in.size < 13) return -1;
  memcpy(&link->steps, s->in.bytes + 9, 4);
  link->steps = ntohl(link->steps) & ALL_STEPS;
  return 0;
}

static void close_links(Session *s, int is_polite) {
  for (int i = 0; i < milter_count; i++) {
    if (s->links[i].fd >= 0) {
      s->out.size = 0;
      end(&s->out, begin(&s->out, 'Q'));
      if (is_polite) flush(s->links[i].fd, &s->out);
      close(s->links[i].fd);
    }
    s->links[i].fd = -1;
  }
  s->out.size = 0;
  s->is_open = 0;
}

static int open_session(Session *s) {
  for (int i = 0; i < milter_count; i++) s->links[i].fd = -1;
  for (int i = 0; i < milter_count; i++)
    if (open_link(s, &s->links[i], milters[i])) return close_links(s, 0), -1;
  s->is_open = 1;
  return 0;
}

static int send_connect(Session *s, Link *link, const Message *m) {
  static const char *const macros[] = {"j", "mx.local.test", "{daemon_name}", "mx.local.test", "v", "Postfix 3.7.11", NULL};
  if (link->steps & NO_CONNECT) return 0;
  put_macros(&s->out, 'C', macros);
  size_t start = begin(&s->out, 'C');
  int is_ipv6 = strchr(m->client, ':') != NULL;
  uint16_t port = htons(34567);
  put_string(&s->out, m->client_name);
  put(&s->out, is_ipv6 ? "6" : "4", 1);
  put(&s->out, &port, 2);
  if (is_ipv6) put(&s->out, "IPv6:", 5);
  put_string(&s->out, m->client);
  end(&s->out, start);
  return step(s, link, NR_CONNECT);
}

static int send_word(Session *s, Link *link, char command, const char *word, uint32_t no_step, uint32_t no_reply) {
  if (link->steps & no_step) return 0;
  size_t start = begin(&s->out, command);
  put_string(&s->out, word);
  end(&s->out, start);
  return step(s, link, no_reply);
}

static int send_sender(Session *s, Link *link, const Message *m) {
  static const char *const macros[] = {"{mail_addr}", "x", "{mail_host}", "x", "{mail_mailer}", "smtp", NULL};
  if (!(link->steps & NO_MAIL)) put_macros(&s->out, 'M', macros);
  return send_word(s, link, 'M', m->sender, NO_MAIL, NR_MAIL);
}

/* A refused recipient ends the message here: no milter of the bench refuses some and takes others. */
static int send_recipient(Session *s, Link *link, const char *recipient) {
  const char *const macros[] = {"{rcpt_addr}", recipient, "{rcpt_host}", "local.test", "{rcpt_mailer}", "local", NULL};
  if (!(link->steps & NO_RCPT)) put_macros(&s->out, 'R', macros);
  return send_word(s, link, 'R', recipient, NO_RCPT, NR_RCPT);
}

static int send_header(Session *s, Link *link) {
  if (link->steps & NO_HEADERS) return 0;
  for (int i = 0; i < s->field_count; i++) {
    const char *value = s->fields[i].value;
    size_t start = begin(&s->out, 'L');
    put_string(&s->out, s->fields[i].name);
    /* Without LEADING_SPACE the MTA takes one space away. */
    put_string(&s->out, !(link->steps & LEADING_SPACE) && *value == ' ' ? value + 1 : value);
    end(&s->out, start);
    int answer = link->steps & NR_HEADER ? 0 : step(s, link, 0);
    if (answer) return answer;
  }
  return 0;
}

static int send_body(Session *s, Link *link, const Message *m) {
  if (link->steps & NO_BODY) return 0;
  for (size_t sent = 0; sent < m->body_size; sent += CHUNK_BYTES) {
    size_t start = begin(&s->out, 'B');
    put(&s->out, m->body + sent, m->body_size - sent < CHUNK_BYTES ? m->body_size - sent : CHUNK_BYTES);
    end(&s->out, start);
    if (flush(link->fd, &s->out)) return -1;
    if (link->steps & NR_BODY) continue;
    int answer = read_answer(link->fd, &s->in);
    if (answer == 's') return 0;
    if (answer < 0 || is_final(answer)) return answer;
  }
  return 0;
}

static int send_content(Session *s, Link *link, const Message *m, const char *queue_id) {
  const char *const macros[] = {"i", queue_id, NULL};
  int answer = 0;
  if (!(link->steps & NO_DATA)) {
    put_macros(&s->out, 'T', macros);
    end(&s->out, begin(&s->out, 'T'));
    answer = step(s, link, NR_DATA);
  }
  if (!answer) answer = send_header(s, link);
  if (!answer && !(link->steps & NO_EOH)) {
    end(&s->out, begin(&s->out, 'N'));
    answer = step(s, link, NR_EOH);
  }
  if (!answer) answer = send_body(s, link, m);
  if (answer) return answer;
  put_macros(&s->out, 'E', macros);
  end(&s->out, begin(&s->out, 'E'));
  if (flush(link->fd, &s->out)) return -1;
  for (;;) {
    answer = read_answer(link->fd, &s->in);
    if (answer < 0 || answer == 'c' || is_final(answer)) return answer;
    change(s, link, answer);
  }
}

/* Take one message through all milters; the answer that settled it, or -1. */
static int send_message(Session *s, const Message *m, int is_first, int number) {
  char queue_id[32];
  int answer = 0;
  snprintf(queue_id, sizeof queue_id, "4Q%08XzL", number);
  take_fields(s, m);
  for (int i = 0; i < milter_count && is_first && !answer; i++) answer = send_connect(s, &s->links[i], m);
  for (int i = 0; i < milter_count && is_first && !answer; i++)
    answer = send_word(s, &s->links[i], 'H', m->helo, NO_HELO, NR_HELO);
  for (int i = 0; i < milter_count && !answer; i++) answer = send_sender(s, &s->links[i], m);
  for (int r = 0; r < m->recipient_count; r++)
    for (int i = 0; i < milter_count && !answer; i++) answer = send_recipient(s, &s->links[i], m->recipients[r]);
  if (answer) return answer;
  for (int i = 0; i < milter_count; i++) {
    answer = send_content(s, &s->links[i], m, queue_id);
    if (answer != 'c' && answer != 'a') return answer;
  }
  return answer;
}

/* ---- threads */

static void count(int answer, double seconds) {
  if (answer < 0) {
    errors++;
    return;
  }
  *(answer == 'r' ? &rejected : answer == 't' ? &tempfailed : answer == 'd' ? &discarded : &accepted) += 1;
  latencies[latency_count++] = seconds;
}

static void finish(Session *s, int number, int answer, double seconds) {
  pthread_mutex_lock(&lock);
  count(answer, seconds);
  if (is_verbose) {
    printf("= %d %c %.3f\n", number % message_count, answer < 0 ? '!' : answer, seconds * 1e3);
    fwrite(s->told.bytes, 1, s->told.size, stdout);
  }
  pthread_mutex_unlock(&lock);
  s->told.size = 0;
}

static int take_number(void) {
  pthread_mutex_lock(&lock);
  int number = errors > MAX_ERRORS ? message_total : next_message++;
  pthread_mutex_unlock(&lock);
  return number;
}

static void *run_session(void *unused) {
  Session s = {0};
  int used = 0;
  (void)unused;
  for (int number; (number = take_number()) < message_total;) {
    double started = now();
    int is_first = !s.is_open;
    int answer = is_first && open_session(&s) ? -1 : send_message(&s, &messages[number % message_count], is_first, number);
    finish(&s, number, answer, now() - started);
    used = is_first ? 1 : used + 1;
    if (s.is_open && (answer < 0 || (answer != 'c' && answer != 'a') || used >= per_session)) close_links(&s, answer >= 0);
  }
  if (s.is_open) close_links(&s, 1);
  return NULL;
}

/* ---- what is told at the end */

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double percentile_ms(double part) {
  return latency_count ? latencies[(int)((latency_count - 1) * part)] * 1e3 : 0;
}

static int usage(void) {
  fprintf(stderr, "usage: mload -s ADDRESS [-s NEXT] [-c SESSIONS] [-n MESSAGES] [-k PER_SESSION] [-v] FILE...\n");
  return 2;
}

int main(int argument_count, char **arguments) {
  int option;
  while ((option = getopt(argument_count, arguments, "s:c:n:k:v")) != -1) switch (option) {
    case 's': if (milter_count == MAX_MILTERS) return usage(); milters[milter_count++] = optarg; break;
    case 'c': session_count = atoi(optarg); break;
    case 'n': message_total = atoi(optarg); break;
    case 'k': per_session = atoi(optarg); break;
    case 'v': is_verbose = 1; break;
    default: return usage();
  }
  message_count = argument_count - optind;
  if (!milter_count || message_count < 1 || session_count < 1 || message_total < 1) return usage();
  messages = calloc(message_count, sizeof *messages);
  for (int i = 0; i < message_count; i++) load_message(&messages[i], arguments[optind + i]);
  latencies = malloc(sizeof *latencies * message_total);
  pthread_t *threads = malloc(session_count * sizeof *threads);
  double started = now();
  for (int i = 0; i < session_count; i++) pthread_create(&threads[i], NULL, run_session, NULL);
  for (int i = 0; i < session_count; i++) pthread_join(threads[i], NULL);
  double seconds = now() - started;
  qsort(latencies, latency_count, sizeof *latencies, by_size);
  printf("{\"messages\": %d, \"seconds\": %.6f, \"accepted\": %ld, \"rejected\": %ld, \"tempfailed\": %ld, "
         "\"discarded\": %ld, \"errors\": %ld, \"fields_added\": %ld, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f}\n",
         latency_count, seconds, accepted, rejected, tempfailed, discarded, errors, fields_added, percentile_ms(.5),
         percentile_ms(.99), percentile_ms(1));
  return errors ? 1 : 0;
}
