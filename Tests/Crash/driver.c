/* Writes committed rows with a second connection looking on, then ends as it is told.
 *
 *   driver FILE JOURNAL SYNCHRONOUS ROWS kill|close
 *
 * Every row is its own transaction. Halfway it deletes what it wrote first, vacuums and writes it
 * again, so that files shrink as well as grow. The second connection must see every commit. Prints
 * "committed N" when the last row is committed; then kill -9 of itself, or an orderly close.
 * Exit: 0 closed, 1 a reader did not see what was committed, 64 usage, 74 SQLite failed.
 */
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void run(sqlite3 *database, const char *sql) {
  char *message = NULL;
  if (sqlite3_exec(database, sql, NULL, NULL, &message) == SQLITE_OK) return;
  fprintf(stderr, "driver: %s: %s\n", sql, message ? message : "?");
  exit(74);
}

static long number(sqlite3 *database, const char *sql) {
  sqlite3_stmt *statement = NULL;
  long value = -1;
  if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW)
    value = (long)sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return value;
}

static void write_rows(sqlite3 *writer, sqlite3 *reader, long from, long through) {
  char sql[256];
  for (long row = from; row <= through; row++) {
    snprintf(sql, sizeof sql,
             "INSERT INTO fact(id, body) VALUES(%ld, hex(zeroblob(%ld)) || '%ld')", row,
             100 + row * 37 % 900, row);
    run(writer, sql);
    long seen = number(reader, "SELECT max(id) FROM fact");
    if (seen != row) {
      fprintf(stderr, "driver: the reader sees row %ld after row %ld was committed\n", seen, row);
      exit(1);
    }
  }
}

int main(int count, char **arguments) {
  if (count != 6) {
    fprintf(stderr, "usage: driver FILE JOURNAL SYNCHRONOUS ROWS kill|close\n");
    return 64;
  }
  long rows = strtol(arguments[4], NULL, 10);
  sqlite3 *writer = NULL, *reader = NULL;
  char pragmas[128];
  if (sqlite3_open(arguments[1], &writer) != SQLITE_OK) return 74;
  snprintf(pragmas, sizeof pragmas, "PRAGMA journal_mode=%s; PRAGMA synchronous=%s", arguments[2],
           arguments[3]);
  run(writer, pragmas);
  if (sqlite3_open_v2(arguments[1], &reader, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) return 74;

  write_rows(writer, reader, 1, rows / 2);
  run(writer, "DELETE FROM fact");
  run(writer, "VACUUM");
  write_rows(writer, reader, 1, rows);

  printf("committed %ld\n", number(writer, "SELECT count(*) FROM fact"));
  fflush(stdout);
  if (strcmp(arguments[5], "kill") == 0) raise(SIGKILL);
  sqlite3_close(writer);
  sqlite3_close(reader);
  return 0;
}
