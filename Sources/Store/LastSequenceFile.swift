import Glibc
package import Ledger
import Synchronization

/// The last sequence that this node used, beside the store: it tells a store that was replaced by a
/// copy made since the last start.
///
/// It is written after each commit without a flush, so it outlives the process but may lag behind
/// after a power cut, which does no harm.
package final class LastSequenceFile: Sendable {
  private let descriptor: Mutex<Int32>

  private static let width = 32

  /// - Parameter folder: the node's folder.
  /// - Throws: `StoreError` where the file cannot be opened.
  package init(folder: String) throws {
    let path = folder + "/sequence"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let reason = String(cString: strerror(errno))
      throw StoreError(.disk, "cannot open \(path): \(reason); check the folder and its owner")
    }
    self.descriptor = Mutex(descriptor)
  }

  deinit {
    descriptor.withLock { _ = close($0) }
  }

  /// The last sequence of that incarnation; 0 where another incarnation or nothing was noted.
  package func read(of incarnation: UInt32) -> UInt64 {
    var buffer = [UInt8](repeating: 0, count: Self.width)
    let count = descriptor.withLock { pread($0, &buffer, Self.width, 0) }
    let words = String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self).split(separator: " ")
    guard words.count >= 2, UInt32(words[0]) == incarnation else { return 0 }
    return UInt64(words[1]) ?? 0
  }

  /// Notes a sequence. A disk that takes it not is noticed by the store's own writes.
  package func note(_ origin: Origin, _ sequence: UInt64) {
    let text = "\(origin.incarnation) \(sequence) "
    let line = Array((text + String(repeating: " ", count: Self.width - text.utf8.count)).utf8)
    descriptor.withLock { _ = pwrite($0, line, Self.width, 0) }
  }
}
