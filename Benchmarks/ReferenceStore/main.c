// What SQLite itself takes for the rows that a session writes: plain C, no engine.
//
//   reference-store FILE FULL|NORMAL COMMITS
//
// Each transaction is that of an event that submits an order: an event, its order, the end of the order before, the account. Prints
// commits a second, and the seconds of an fsync of 4 KB to a file beside it.

#define _GNU_SOURCE
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static void must(int code, sqlite3 *db) {
  if (code == SQLITE_OK || code == SQLITE_DONE) return;
  fprintf(stderr, "reference-store: %s\n", sqlite3_errmsg(db));
  exit(1);
}

int main(int count, char **words) {
  if (count != 4) return 2;
  sqlite3 *db;
  must(sqlite3_open(words[1], &db), db);
  char pragma[64];
  snprintf(pragma, sizeof pragma, "PRAGMA synchronous=%s", words[2]);
  must(sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON", 0, 0, 0), db);
  must(sqlite3_exec(db, pragma, 0, 0, 0), db);
  must(
    sqlite3_exec(
      db,
      "CREATE TABLE events (seq INTEGER PRIMARY KEY, pair INTEGER NOT NULL, time INTEGER NOT NULL,"
      " body TEXT NOT NULL, commands TEXT);"
      "CREATE TABLE orders (pair INTEGER NOT NULL, number INTEGER NOT NULL, position INTEGER,"
      " role TEXT NOT NULL, side TEXT NOT NULL, price INTEGER NOT NULL, stop_trigger INTEGER,"
      " quantity TEXT NOT NULL, post_only INTEGER NOT NULL, submitted INTEGER NOT NULL,"
      " accepted INTEGER, done INTEGER, state TEXT NOT NULL, filled TEXT NOT NULL,"
      " cancel_reason TEXT, cancel_time INTEGER, rejection TEXT, exchange_id TEXT,"
      " PRIMARY KEY (pair, number)) WITHOUT ROWID;"
      "CREATE INDEX orders_working ON orders (pair, number) WHERE done IS NULL;"
      "CREATE TABLE account (id INTEGER PRIMARY KEY, cash TEXT, seq INTEGER, time INTEGER);"
      "INSERT INTO account VALUES (1, '10000', 0, 0)",
      0, 0, 0),
    db);
  sqlite3_stmt *begin, *commit, *event, *order, *end, *account;
  must(sqlite3_prepare_v2(db, "BEGIN IMMEDIATE", -1, &begin, 0), db);
  must(sqlite3_prepare_v2(db, "COMMIT", -1, &commit, 0), db);
  must(sqlite3_prepare_v2(db, "INSERT INTO events VALUES (?, 0, ?, ?, ?)", -1, &event, 0), db);
  must(
    sqlite3_prepare_v2(
      db,
      "INSERT INTO orders VALUES (0, ?, NULL, 'entry', 'buy', 4512350000000, NULL, '0.01243494', 0,"
      " ?, NULL, NULL, 'pending', '0', NULL, NULL, NULL, NULL)",
      -1, &order, 0),
    db);
  must(
    sqlite3_prepare_v2(
      db, "UPDATE orders SET done = ?, state = 'cancelled', cancel_reason = 'expiry'"
      " WHERE pair = 0 AND number = ?", -1, &end, 0),
    db);
  must(sqlite3_prepare_v2(db, "UPDATE account SET cash = ?, seq = ?, time = ?", -1, &account, 0), db);

  int commits = atoi(words[3]);
  double start = now();
  for (int number = 1; number <= commits; number++) {
    sqlite3_int64 time = 1704067200000000000LL + number * 300000000000LL;
    char body[128], commands[128];
    snprintf(body, sizeof body, "candle %lld 45000.5 45200.25 44900 45123.5 12.5", time);
    snprintf(commands, sizeof commands, "submit %d entry buy 45123.5 0.01243494 -", number);
    must(sqlite3_step(begin), db);
    sqlite3_reset(begin);
    sqlite3_bind_int64(event, 1, number);
    sqlite3_bind_int64(event, 2, time);
    sqlite3_bind_text(event, 3, body, -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(event, 4, commands, -1, SQLITE_TRANSIENT);
    must(sqlite3_step(event), db);
    sqlite3_reset(event);
    sqlite3_bind_int64(order, 1, number);
    sqlite3_bind_int64(order, 2, time);
    must(sqlite3_step(order), db);
    sqlite3_reset(order);
    sqlite3_bind_int64(end, 1, time);
    sqlite3_bind_int64(end, 2, number - 1);
    must(sqlite3_step(end), db);
    sqlite3_reset(end);
    sqlite3_bind_text(account, 1, "10000", -1, SQLITE_TRANSIENT);
    sqlite3_bind_int64(account, 2, number);
    sqlite3_bind_int64(account, 3, time);
    must(sqlite3_step(account), db);
    sqlite3_reset(account);
    must(sqlite3_step(commit), db);
    sqlite3_reset(commit);
  }
  double rate = commits / (now() - start);

  char path[4096];
  snprintf(path, sizeof path, "%s-fsync", words[1]);
  int file = open(path, O_RDWR | O_CREAT, 0644);
  char page[4096];
  memset(page, 1, sizeof page);
  int syncs = 50;
  start = now();
  for (int index = 0; index < syncs; index++) {
    if (pwrite(file, page, sizeof page, (off_t)index * 4096) < 0 || fdatasync(file) < 0) return 1;
  }
  double sync = (now() - start) / syncs;
  close(file);
  unlink(path);
  printf("%.1f %.9f\n", rate, sync);
  return 0;
}
