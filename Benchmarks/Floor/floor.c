/* The floor: the least time in which bare SQLite writes what three nodes must write.
 *
 *   floor DIRECTORY [ROWS]
 *
 * Writes ROWS (50,000) rows of about 600 bytes into each of three new files, one file after
 * another: journal WAL, synchronous FULL, transactions of 1,000, prepared statements, rows
 * appended under an integer key, one unique 16-byte time-ordered id and one upsert into a
 * projection per row. The data is the same in every run. Prints one JSON object on stdout; the
 * seconds are those of a monotonic clock from the first file's opening to the last one's close.
 * Exit: 0 measured, 64 usage, 74 the files could not be written.
 */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
  FILES = 3,
  ROWS_DEFAULT = 50000,
  ROWS_MAXIMUM = 50000000,
  ROWS_PER_TRANSACTION = 1000,
  ROWS_PER_ENTITY = 5,
  ID_BYTES = 16,
  BODY_BYTES = 560,
  STATE_BYTES = 96,
  EXIT_USAGE = 64,
  EXIT_DISK = 74,
};

static const char *const SCHEMA =
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "CREATE TABLE event(seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, entity INTEGER NOT NULL,"
    " time INTEGER NOT NULL, body BLOB NOT NULL);"
    "CREATE TABLE projection(entity INTEGER PRIMARY KEY, events INTEGER NOT NULL,"
    " time INTEGER NOT NULL, state BLOB NOT NULL);";
static const char *const INSERT_EVENT =
    "INSERT INTO event(seq, id, entity, time, body) VALUES(?1, ?2, ?3, ?4, ?5)";
static const char *const UPSERT_PROJECTION =
    "INSERT INTO projection(entity, events, time, state) VALUES(?1, 1, ?2, ?3)"
    " ON CONFLICT(entity) DO UPDATE SET"
    " events = events + 1, time = excluded.time, state = excluded.state";

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* splitmix64: a deterministic stream that does not compress to nothing. */
static uint64_t next_word(uint64_t *state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static void fill(unsigned char *bytes, size_t count, uint64_t *state) {
  for (size_t at = 0; at < count; at += sizeof(uint64_t)) {
    uint64_t word = next_word(state);
    size_t left = count - at;
    memcpy(bytes + at, &word, left < sizeof word ? left : sizeof word);
  }
}

/* The id begins with the milliseconds, highest byte first, so that ids arrive in key order. */
static void make_id(unsigned char id[ID_BYTES], int64_t milliseconds, uint64_t *state) {
  fill(id, ID_BYTES, state);
  for (int byte = 0; byte < 6; byte++) id[byte] = (unsigned char)(milliseconds >> (40 - 8 * byte));
}

static void require(int result, int wanted, sqlite3 *database, const char *what) {
  if (result == wanted) return;
  fprintf(stderr, "floor: %s: %s\n", what,
          database ? sqlite3_errmsg(database) : sqlite3_errstr(result));
  exit(EXIT_DISK);
}

static void run(sqlite3 *database, const char *sql) {
  require(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK, database, sql);
}

static void write_file(const char *path, int64_t rows) {
  sqlite3 *database = NULL;
  sqlite3_stmt *event = NULL, *projection = NULL;
  unsigned char id[ID_BYTES], body[BODY_BYTES], state[STATE_BYTES];
  uint64_t words = 1;

  require(sqlite3_open(path, &database), SQLITE_OK, database, path);
  run(database, SCHEMA);
  require(sqlite3_prepare_v3(database, INSERT_EVENT, -1, SQLITE_PREPARE_PERSISTENT, &event, NULL),
          SQLITE_OK, database, INSERT_EVENT);
  require(sqlite3_prepare_v3(database, UPSERT_PROJECTION, -1, SQLITE_PREPARE_PERSISTENT,
                             &projection, NULL),
          SQLITE_OK, database, UPSERT_PROJECTION);

  for (int64_t row = 0; row < rows; row++) {
    int64_t time = 1760000000000 + row, entity = row / ROWS_PER_ENTITY + 1;
    if (row % ROWS_PER_TRANSACTION == 0) run(database, "BEGIN IMMEDIATE");
    make_id(id, time, &words);
    fill(body, sizeof body, &words);
    fill(state, sizeof state, &words);

    sqlite3_bind_int64(event, 1, row + 1);
    sqlite3_bind_blob(event, 2, id, sizeof id, SQLITE_STATIC);
    sqlite3_bind_int64(event, 3, entity);
    sqlite3_bind_int64(event, 4, time);
    sqlite3_bind_blob(event, 5, body, sizeof body, SQLITE_STATIC);
    require(sqlite3_step(event), SQLITE_DONE, database, "insert an event");
    sqlite3_reset(event);

    sqlite3_bind_int64(projection, 1, entity);
    sqlite3_bind_int64(projection, 2, time);
    sqlite3_bind_blob(projection, 3, state, sizeof state, SQLITE_STATIC);
    require(sqlite3_step(projection), SQLITE_DONE, database, "write a projection");
    sqlite3_reset(projection);

    if ((row + 1) % ROWS_PER_TRANSACTION == 0 || row + 1 == rows) run(database, "COMMIT");
  }
  sqlite3_finalize(event);
  sqlite3_finalize(projection);
  require(sqlite3_close(database), SQLITE_OK, database, "close the file");
}

int main(int count, char **arguments) {
  int64_t rows = ROWS_DEFAULT;
  char *end = NULL, paths[FILES][4096];
  if (count == 3) rows = strtoll(arguments[2], &end, 10);
  if (count < 2 || count > 3 || (end && *end) || rows < 1 || rows > ROWS_MAXIMUM) {
    fprintf(stderr, "usage: floor DIRECTORY [ROWS, 1 to %d]\n", ROWS_MAXIMUM);
    return EXIT_USAGE;
  }
  for (int file = 0; file < FILES; file++) {
    int length =
        snprintf(paths[file], sizeof paths[file], "%s/floor-%d.sqlite", arguments[1], file + 1);
    if (length >= (int)sizeof paths[file]) {
      fprintf(stderr, "floor: the directory's path is too long\n");
      return EXIT_USAGE;
    }
    if (access(paths[file], F_OK) == 0) {
      fprintf(stderr, "floor: %s exists; name an empty directory\n", paths[file]);
      return EXIT_DISK;
    }
  }

  double began = seconds_now(), last = began, each[FILES];
  for (int file = 0; file < FILES; file++) {
    write_file(paths[file], rows);
    double now = seconds_now();
    each[file] = now - last;
    last = now;
  }
  printf("{\"rows\":%lld,\"files\":%d,\"seconds\":%.3f,\"each\":[%.3f,%.3f,%.3f],"
         "\"sqlite\":\"%s\"}\n",
         (long long)rows, FILES, last - began, each[0], each[1], each[2], sqlite3_libversion());
  return 0;
}
