/* dropsync: a SQLite VFS that keeps every write in memory until SQLite syncs the file.
 *
 * Preloaded into a process (LD_PRELOAD), it becomes the default VFS above the system's own. What
 * was written to a database, WAL or journal and not yet synced exists in this process only, so
 * kill -9 loses exactly that, as a power cut would at its worst. Reads see the buffered bytes.
 *
 *   DROPSYNC_MARK=FILE   appends the process id to FILE when a first file is opened through the
 *                        shim, so that a test can tell that the shim was really in force.
 *   DROPSYNC_CRASH=1     closing a file drops its unsynced bytes too (default: closing writes them).
 *
 * One process at a time may use a database through the shim: the bytes of one process are unseen
 * by another. A synced file stays whole even if the machine keeps running, so nothing below SQLite
 * (the page cache, the directory) is modelled: creating and deleting a file happen at once.
 */
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_BYTES = 4096, PATH_BYTES = 4096 };

/* The bytes of one path that are newer than the real file. All handles of the path share it. */
typedef struct Buffer {
  struct Buffer *next;
  char path[PATH_BYTES];
  int handles, writers;
  int detached;                /* deleted or replaced while open: new handles start afresh */
  int dirty;                   /* size and realBytes hold only while set */
  sqlite3_int64 size;          /* what SQLite believes the size to be */
  sqlite3_int64 realBytes;     /* how many leading bytes of the real file are still valid */
  unsigned char **blocks;      /* by block number; NULL where the real file's bytes stand */
  sqlite3_int64 blockCapacity;
  sqlite3_int64 blockEnd;      /* one past the highest block in use */
} Buffer;

typedef struct {
  sqlite3_file base;
  Buffer *buffer; /* NULL for temporary files, which pass through */
  int writable;
  sqlite3_file *real;
} File;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards every Buffer and the list */
static Buffer *buffers;
static sqlite3_vfs *below, shim;
static int dropOnClose, marked;

static File *fileOf(sqlite3_file *file) { return (File *)file; }
static sqlite3_file *realOf(sqlite3_file *file) { return fileOf(file)->real; }

/* -- The buffer; every function here is called with the lock held ----------------------------- */

static void forget(Buffer *b) {
  for (sqlite3_int64 i = 0; i < b->blockEnd; i++) free(b->blocks[i]);
  if (b->blocks) memset(b->blocks, 0, (size_t)b->blockEnd * sizeof *b->blocks);
  b->blockEnd = 0;
  b->dirty = 0;
}

/* Begins to differ from the real file. */
static int beginDirty(Buffer *b, sqlite3_file *real) {
  if (b->dirty) return SQLITE_OK;
  int result = real->pMethods->xFileSize(real, &b->size);
  if (result != SQLITE_OK) return result;
  b->realBytes = b->size;
  b->dirty = 1;
  return SQLITE_OK;
}

/* Reads what still stands in the real file; zeros beyond it. */
static int readReal(Buffer *b, sqlite3_file *real, unsigned char *to, int count,
                    sqlite3_int64 at) {
  sqlite3_int64 valid = b->realBytes - at;
  int within = valid <= 0 ? 0 : valid < count ? (int)valid : count;
  memset(to, 0, (size_t)count);
  if (within == 0) return SQLITE_OK;
  int result = real->pMethods->xRead(real, to, within, at);
  return result == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : result;
}

static int blockFor(Buffer *b, sqlite3_file *real, sqlite3_int64 index, unsigned char **block) {
  if (index >= b->blockCapacity) {
    sqlite3_int64 capacity = b->blockCapacity ? b->blockCapacity : 64;
    while (capacity <= index) capacity *= 2;
    unsigned char **grown = realloc(b->blocks, (size_t)capacity * sizeof *grown);
    if (!grown) return SQLITE_NOMEM;
    memset(grown + b->blockCapacity, 0, (size_t)(capacity - b->blockCapacity) * sizeof *grown);
    b->blocks = grown;
    b->blockCapacity = capacity;
  }
  if (!b->blocks[index]) {
    unsigned char *fresh = malloc(BLOCK_BYTES);
    if (!fresh) return SQLITE_NOMEM;
    int result = readReal(b, real, fresh, BLOCK_BYTES, index * BLOCK_BYTES);
    if (result != SQLITE_OK) {
      free(fresh);
      return result;
    }
    b->blocks[index] = fresh;
    if (index >= b->blockEnd) b->blockEnd = index + 1;
  }
  *block = b->blocks[index];
  return SQLITE_OK;
}

static int writeBuffered(Buffer *b, sqlite3_file *real, const unsigned char *from, int count,
                         sqlite3_int64 at) {
  int result = beginDirty(b, real);
  sqlite3_int64 end = at + count;
  while (result == SQLITE_OK && at < end) {
    int offset = (int)(at % BLOCK_BYTES);
    int part = BLOCK_BYTES - offset < end - at ? BLOCK_BYTES - offset : (int)(end - at);
    unsigned char *block;
    result = blockFor(b, real, at / BLOCK_BYTES, &block);
    if (result != SQLITE_OK) return result;
    memcpy(block + offset, from, (size_t)part);
    from += part;
    at += part;
    if (at > b->size) b->size = at;
  }
  return result;
}

static int readBuffered(Buffer *b, sqlite3_file *real, unsigned char *to, int count,
                        sqlite3_int64 at) {
  sqlite3_int64 end = at + count;
  int isShort = end > b->size;
  while (at < end) {
    sqlite3_int64 index = at / BLOCK_BYTES;
    int offset = (int)(at % BLOCK_BYTES);
    int part = BLOCK_BYTES - offset < end - at ? BLOCK_BYTES - offset : (int)(end - at);
    if (index < b->blockEnd && b->blocks[index]) {
      memcpy(to, b->blocks[index] + offset, (size_t)part);
    } else {
      int result = readReal(b, real, to, part, at);
      if (result != SQLITE_OK) return result;
    }
    to += part;
    at += part;
  }
  return isShort ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

static int truncateBuffered(Buffer *b, sqlite3_file *real, sqlite3_int64 size) {
  int result = beginDirty(b, real);
  if (result != SQLITE_OK) return result;
  sqlite3_int64 keep = (size + BLOCK_BYTES - 1) / BLOCK_BYTES;
  for (sqlite3_int64 i = keep; i < b->blockEnd; i++) {
    free(b->blocks[i]);
    b->blocks[i] = NULL;
  }
  if (b->blockEnd > keep) b->blockEnd = keep;
  if (size % BLOCK_BYTES && keep <= b->blockEnd && b->blocks[keep - 1]) {
    int rest = (int)(size % BLOCK_BYTES);
    memset(b->blocks[keep - 1] + rest, 0, (size_t)(BLOCK_BYTES - rest));
  }
  if (b->realBytes > size) b->realBytes = size;
  b->size = size;
  return SQLITE_OK;
}

/* Hands everything to the real file, shortening first, then in rising order. */
static int passOn(Buffer *b, sqlite3_file *real) {
  if (!b->dirty) return SQLITE_OK;
  sqlite3_int64 present;
  int result = real->pMethods->xFileSize(real, &present);
  if (result == SQLITE_OK && present > b->realBytes)
    result = real->pMethods->xTruncate(real, b->realBytes);
  for (sqlite3_int64 i = 0; result == SQLITE_OK && i < b->blockEnd; i++) {
    sqlite3_int64 left = b->size - i * BLOCK_BYTES;
    int part = left < BLOCK_BYTES ? (int)left : BLOCK_BYTES;
    if (b->blocks[i] && part > 0)
      result = real->pMethods->xWrite(real, b->blocks[i], part, i * BLOCK_BYTES);
  }
  if (result == SQLITE_OK) result = real->pMethods->xFileSize(real, &present);
  if (result == SQLITE_OK && present < b->size)
    result = real->pMethods->xTruncate(real, b->size);
  if (result == SQLITE_OK) forget(b);
  return result;
}

static Buffer *find(const char *path) {
  Buffer *b = buffers;
  while (b && (b->detached || strcmp(b->path, path) != 0)) b = b->next;
  return b;
}

static Buffer *attach(const char *path, int writable) {
  Buffer *b = find(path);
  if (!b) {
    b = calloc(1, sizeof *b);
    if (!b) return NULL;
    snprintf(b->path, sizeof b->path, "%s", path);
    b->next = buffers;
    buffers = b;
  }
  b->handles++;
  b->writers += writable;
  return b;
}

static void release(Buffer *b, int writable) {
  b->writers -= writable;
  if (--b->handles > 0) return;
  Buffer **link = &buffers;
  while (*link != b) link = &(*link)->next;
  *link = b->next;
  forget(b);
  free(b->blocks);
  free(b);
}

/* -- The methods of an open file -------------------------------------------------------------- */

static int dsClose(sqlite3_file *file) {
  File *f = fileOf(file);
  int passed = SQLITE_OK;
  if (f->buffer) {
    pthread_mutex_lock(&lock);
    Buffer *b = f->buffer;
    int lastWriter = f->writable && b->writers == 1;
    if (lastWriter && dropOnClose) forget(b);
    if (lastWriter && !b->detached) passed = passOn(b, f->real);
    release(b, f->writable);
    f->buffer = NULL;
    pthread_mutex_unlock(&lock);
  }
  int closed = f->real->pMethods ? f->real->pMethods->xClose(f->real) : SQLITE_OK;
  return passed != SQLITE_OK ? passed : closed;
}

static int dsRead(sqlite3_file *file, void *to, int count, sqlite3_int64 at) {
  File *f = fileOf(file);
  if (!f->buffer) return f->real->pMethods->xRead(f->real, to, count, at);
  pthread_mutex_lock(&lock);
  int result = f->buffer->dirty ? readBuffered(f->buffer, f->real, to, count, at)
                                : f->real->pMethods->xRead(f->real, to, count, at);
  pthread_mutex_unlock(&lock);
  return result;
}

static int dsWrite(sqlite3_file *file, const void *from, int count, sqlite3_int64 at) {
  File *f = fileOf(file);
  if (!f->buffer) return f->real->pMethods->xWrite(f->real, from, count, at);
  pthread_mutex_lock(&lock);
  int result = writeBuffered(f->buffer, f->real, from, count, at);
  pthread_mutex_unlock(&lock);
  return result;
}

static int dsTruncate(sqlite3_file *file, sqlite3_int64 size) {
  File *f = fileOf(file);
  if (!f->buffer) return f->real->pMethods->xTruncate(f->real, size);
  pthread_mutex_lock(&lock);
  int result = truncateBuffered(f->buffer, f->real, size);
  pthread_mutex_unlock(&lock);
  return result;
}

static int dsSync(sqlite3_file *file, int flags) {
  File *f = fileOf(file);
  int result = SQLITE_OK;
  if (f->buffer) {
    pthread_mutex_lock(&lock);
    result = passOn(f->buffer, f->real);
    pthread_mutex_unlock(&lock);
  }
  return result == SQLITE_OK ? f->real->pMethods->xSync(f->real, flags) : result;
}

static int dsFileSize(sqlite3_file *file, sqlite3_int64 *size) {
  File *f = fileOf(file);
  int result = SQLITE_OK;
  pthread_mutex_lock(&lock);
  if (f->buffer && f->buffer->dirty)
    *size = f->buffer->size;
  else
    result = f->real->pMethods->xFileSize(f->real, size);
  pthread_mutex_unlock(&lock);
  return result;
}

static int dsFileControl(sqlite3_file *file, int operation, void *argument) {
  /* A size hint would lengthen the real file behind the buffer's back. */
  if (operation == SQLITE_FCNTL_SIZE_HINT && fileOf(file)->buffer) return SQLITE_OK;
  int result = realOf(file)->pMethods->xFileControl(realOf(file), operation, argument);
  if (operation == SQLITE_FCNTL_VFSNAME && result == SQLITE_OK)
    *(char **)argument = sqlite3_mprintf("dropsync/%z", *(char **)argument);
  return result;
}

static int dsDeviceCharacteristics(sqlite3_file *file) {
  /* Atomic batches would bypass xWrite and xSync. */
  return realOf(file)->pMethods->xDeviceCharacteristics(realOf(file)) & ~SQLITE_IOCAP_BATCH_ATOMIC;
}

static int dsLock(sqlite3_file *f, int level) {
  return realOf(f)->pMethods->xLock(realOf(f), level);
}
static int dsUnlock(sqlite3_file *f, int level) {
  return realOf(f)->pMethods->xUnlock(realOf(f), level);
}
static int dsCheckReservedLock(sqlite3_file *f, int *held) {
  return realOf(f)->pMethods->xCheckReservedLock(realOf(f), held);
}
static int dsSectorSize(sqlite3_file *f) { return realOf(f)->pMethods->xSectorSize(realOf(f)); }
static int dsShmMap(sqlite3_file *f, int page, int bytes, int extend, void volatile **to) {
  return realOf(f)->pMethods->xShmMap(realOf(f), page, bytes, extend, to);
}
static int dsShmLock(sqlite3_file *f, int offset, int count, int flags) {
  return realOf(f)->pMethods->xShmLock(realOf(f), offset, count, flags);
}
static void dsShmBarrier(sqlite3_file *f) { realOf(f)->pMethods->xShmBarrier(realOf(f)); }
static int dsShmUnmap(sqlite3_file *f, int remove) {
  return realOf(f)->pMethods->xShmUnmap(realOf(f), remove);
}
/* No memory mapping of the file itself: it would not show the buffered bytes. */
static int dsFetch(sqlite3_file *f, sqlite3_int64 at, int count, void **page) {
  (void)f, (void)at, (void)count;
  *page = NULL;
  return SQLITE_OK;
}
static int dsUnfetch(sqlite3_file *f, sqlite3_int64 at, void *page) {
  (void)f, (void)at, (void)page;
  return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    3,          dsClose,  dsRead,   dsWrite,             dsTruncate,
    dsSync,     dsFileSize, dsLock, dsUnlock,            dsCheckReservedLock,
    dsFileControl, dsSectorSize, dsDeviceCharacteristics, dsShmMap, dsShmLock,
    dsShmBarrier, dsShmUnmap, dsFetch, dsUnfetch,
};

/* -- The VFS ---------------------------------------------------------------------------------- */

static void markOnce(void) {
  const char *path = getenv("DROPSYNC_MARK");
  if (marked || !path) return;
  marked = 1;
  FILE *mark = fopen(path, "a");
  if (!mark) return;
  fprintf(mark, "%ld\n", (long)getpid());
  fclose(mark);
}

static int dsOpen(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *given) {
  (void)vfs;
  const int kept = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL |
                   SQLITE_OPEN_SUPER_JOURNAL;
  File *f = fileOf(file);
  memset(f, 0, sizeof *f);
  f->real = (sqlite3_file *)(f + 1);
  int granted = flags;
  int result = below->xOpen(below, path, f->real, flags, &granted);
  if (given) *given = granted;
  if (result == SQLITE_OK && path && (flags & kept) && !(flags & SQLITE_OPEN_DELETEONCLOSE)) {
    pthread_mutex_lock(&lock);
    markOnce();
    f->writable = (granted & SQLITE_OPEN_READWRITE) != 0;
    f->buffer = attach(path, f->writable);
    pthread_mutex_unlock(&lock);
    if (!f->buffer) {
      f->real->pMethods->xClose(f->real);
      return SQLITE_NOMEM;
    }
  }
  /* SQLite calls xClose after a failed open too, if the methods are set. */
  if (result == SQLITE_OK) f->base.pMethods = &methods;
  return result;
}

static int dsDelete(sqlite3_vfs *vfs, const char *path, int syncDirectory) {
  (void)vfs;
  pthread_mutex_lock(&lock);
  Buffer *b = find(path);
  int result = below->xDelete(below, path, syncDirectory);
  if (b && result == SQLITE_OK) b->detached = 1;
  pthread_mutex_unlock(&lock);
  return result;
}

/* A file whose bytes are all buffered is empty on disk, which SQLite would take for absent. */
static int dsAccess(sqlite3_vfs *vfs, const char *path, int flags, int *answer) {
  (void)vfs;
  int result = below->xAccess(below, path, flags, answer);
  if (result != SQLITE_OK || flags != SQLITE_ACCESS_EXISTS) return result;
  pthread_mutex_lock(&lock);
  Buffer *b = find(path);
  if (b && b->dirty) *answer = b->size > 0;
  pthread_mutex_unlock(&lock);
  return result;
}

/* Runs when the library is loaded, before the program's own main. */
__attribute__((constructor)) static void install(void) {
  const char *crash = getenv("DROPSYNC_CRASH");
  dropOnClose = crash && strcmp(crash, "1") == 0;
  if (sqlite3_initialize() != SQLITE_OK) return;
  below = sqlite3_vfs_find(NULL);
  if (!below) return;
  /* The other calls of the VFS below look at nothing of this struct but what is copied here. */
  shim = *below;
  shim.pNext = NULL;
  shim.zName = "dropsync";
  shim.szOsFile = (int)sizeof(File) + below->szOsFile;
  shim.mxPathname = below->mxPathname < PATH_BYTES ? below->mxPathname : PATH_BYTES - 1;
  shim.xOpen = dsOpen;
  shim.xDelete = dsDelete;
  shim.xAccess = dsAccess;
  if (sqlite3_vfs_register(&shim, 1) != SQLITE_OK)
    fprintf(stderr, "dropsync: SQLite refused the VFS; writes are not buffered\n");
}
