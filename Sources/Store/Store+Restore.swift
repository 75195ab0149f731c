import Glibc
import Ledger

extension Store {
  /// Puts a copy of a backup in the place of a node's store; what stood there is kept beside it as
  /// `liandong.db.replaced`, or the next such name that is free.
  ///
  /// The start counter beside the store goes up, so that the next start opens a new incarnation even
  /// where the backup was taken since the last start.
  ///
  /// - Returns: where the replaced store lies now; `nil` where there was none.
  /// - Throws: `StoreError`: `locked` where a node runs on the folder; `disk`.
  package static func replace(
    in folder: String, withCopyOf backup: String
  ) throws -> String? {
    let lock = try StoreLock(folder: folder)
    defer { lock.release() }
    let path = folder + "/" + fileName
    let fresh = path + ".restoring"
    defer { unlink(fresh) }
    try copy(backup, to: fresh)
    let counter = StartCounterFile(folder: folder)
    if let beside = try counter.read() {
      try counter.write(.init(starts: beside.starts + 1, incarnation: beside.incarnation))
    }
    // The old log goes first: SQLite must never apply it to the restored file.
    let hadStore = access(path, F_OK) == 0
    let kept = try freeName(for: path)
    for suffix in fileSuffixes {
      guard access(path + suffix, F_OK) == 0 else { continue }
      guard rename(path + suffix, kept + suffix) == 0 else { throw failure(path) }
    }
    guard rename(fresh, path) == 0 else { throw failure(path) }
    try synchronise(folder)
    return hadStore ? kept : nil
  }

  /// The files of a database, itself last.
  private static let fileSuffixes = ["-wal", "-shm", ""]
  /// How many names are tried for a store that is replaced.
  private static let mostReplaced = 1_000

  private static func freeName(for path: String) throws -> String {
    for number in 1...mostReplaced {
      let name = path + ".replaced" + (number == 1 ? "" : "-\(number)")
      if fileSuffixes.allSatisfy({ access(name + $0, F_OK) != 0 }) { return name }
    }
    throw StoreError(
      .disk,
      "\(mostReplaced) replaced stores lie beside \(path); move those away that nobody needs")
  }

  private static let copyBytes = 1 << 20

  /// Copies a file; the copy is on disk when this returns.
  package static func copy(_ source: String, to target: String) throws {
    let input = Glibc.open(source, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw failure(source) }
    defer { Glibc.close(input) }
    let output = Glibc.open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard output >= 0 else { throw failure(target) }
    defer { Glibc.close(output) }
    var buffer = [UInt8](repeating: 0, count: copyBytes)
    while true {
      let count = Glibc.read(input, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(source) }
      if count == 0 { break }
      var written = 0
      while written < count {
        let step = buffer[written..<count].withUnsafeBytes {
          Glibc.write(output, $0.baseAddress, $0.count)
        }
        if step < 0, errno == EINTR { continue }
        guard step > 0 else { throw failure(target) }
        written += step
      }
    }
    guard fsync(output) == 0 else { throw failure(target) }
  }

  /// Puts a folder's entries on the disk.
  package static func synchronise(_ folder: String) throws {
    let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(folder) }
    defer { Glibc.close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(folder) }
  }

  private static func failure(_ path: String) -> StoreError {
    let number = errno
    let reason = String(cString: strerror(number))
    return StoreError(
      number == ENOSPC ? .diskFull : .disk,
      "cannot copy or move \(path): \(reason); check the path, the disk and the folder's owner")
  }
}
