import Glibc
package import Ledger

/// The start counter beside the store: two numbers in a file that no backup of the store contains.
package struct StartCounterFile: Sendable {
  package let path: String

  /// - Parameter folder: the node's folder.
  package init(folder: String) { self.path = folder + "/starts" }

  /// Reads the counter; `nil` where there is no file.
  ///
  /// - Throws: `StoreError` where the file is there and is not what was written.
  package func read() throws -> StartCounter? {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw failure("read")
    }
    defer { Glibc.close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 64)
    let count = Glibc.read(descriptor, &buffer, buffer.count)
    let words = String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self).split(separator: " ")
    guard count >= 0, words.count == 2, let starts = UInt64(words[0]),
      let incarnation = UInt32(words[1].trimmingNewline)
    else {
      throw StoreError(
        .damaged, "\(path) is ill-formed; remove it, and the node opens a new incarnation")
    }
    return StartCounter(starts: starts, incarnation: incarnation)
  }

  /// Replaces the counter; it is on disk when this returns.
  package func write(_ counter: StartCounter) throws {
    let temporary = path + ".new"
    let descriptor = Glibc.open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("write") }
    let bytes = Array("\(counter.starts) \(counter.incarnation)\n".utf8)
    let written = Glibc.write(descriptor, bytes, bytes.count)
    let synced = fsync(descriptor)
    Glibc.close(descriptor)
    guard written == bytes.count, synced == 0, rename(temporary, path) == 0 else {
      throw failure("write")
    }
    try syncFolder()
  }

  private func syncFolder() throws {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("sync") }
    defer { Glibc.close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("sync") }
  }

  private func failure(_ verb: String) -> StoreError {
    let reason = String(cString: strerror(errno))
    let code: StoreError.Code = errno == ENOSPC ? .diskFull : .disk
    return StoreError(code, "cannot \(verb) \(path): \(reason); check the disk and the mount")
  }
}

extension Substring {
  fileprivate var trimmingNewline: Substring { hasSuffix("\n") ? dropLast() : self }
}
