import Glibc

/// Where a reader's bytes come from: each call gives the next bytes. `nil` or an empty array is the
/// end; it is not called again after that. An error that it throws ends the reading.
package typealias ChunkSource = () throws -> [UInt8]?

/// A file as a ``ChunkSource``: reads ``IntakeBounds/fileChunkBytes`` at a time and closes the
/// descriptor when it is released.
package final class FileChunks {
  private let path: String
  private let descriptor: CInt

  /// Opens the file for reading.
  /// - Throws: ``IntakeError`` `unreadable`, which names the path and the system's reason.
  package init(path: String) throws {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.unreadable(path, errno) }
  }

  deinit {
    // Opened for reading only, so a failing close loses nothing.
    if descriptor >= 0 { close(descriptor) }
  }

  /// The next bytes, or `nil` at the end of the file.
  package func next() throws -> [UInt8]? {
    var code: CInt = 0
    let chunk = [UInt8](unsafeUninitializedCapacity: IntakeBounds.fileChunkBytes) { buffer, count in
      var result: Int
      repeat {
        result = read(descriptor, buffer.baseAddress, buffer.count)
      } while result < 0 && errno == EINTR
      if result < 0 { code = errno }
      count = max(result, 0)
    }
    guard code == 0 else { throw Self.unreadable(path, code) }
    return chunk.isEmpty ? nil : chunk
  }

  private static func unreadable(_ path: String, _ code: CInt) -> IntakeError {
    IntakeError(
      .unreadable,
      zh: "线索文件 \(path) 不能读取:\(String(cString: strerror(code)));请核对路径和权限",
      en: "the lead file \(path) cannot be read: \(String(cString: strerror(code))); "
        + "check the path and the permissions")
  }
}
