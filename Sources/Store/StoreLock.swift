import Glibc
import Synchronization

/// Holds a node's folder for one process.
///
/// The lock is the kernel's and ends with the process, so a crash leaves none behind.
final class StoreLock: Sendable {
  private let descriptor: Mutex<Int32>

  static let fileName = "store.lock"

  /// - Throws: `StoreError.Code.locked` where another process holds the folder.
  init(folder: String) throws {
    let path = folder + "/" + Self.fileName
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let reason = String(cString: strerror(errno))
      throw StoreError(.disk, "cannot open \(path): \(reason); check the folder and its owner")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      Glibc.close(descriptor)
      throw StoreError(
        .locked, "another liandong runs on \(folder); talk to it, or stop it first")
    }
    self.descriptor = Mutex(descriptor)
  }

  deinit { release() }

  func release() {
    descriptor.withLock { descriptor in
      guard descriptor >= 0 else { return }
      // Not by closing alone: a process that was just forked holds the descriptor until it executes.
      flock(descriptor, LOCK_UN)
      Glibc.close(descriptor)
      descriptor = -1
    }
  }
}
