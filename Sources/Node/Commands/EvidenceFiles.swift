import CoreFoundation
import Crypto
import Evidence
import Glibc

/// A file that a person names to be taken in as evidence.
struct SourceFile: ~Copyable {
  let byteCount: Int
  /// The last part of the path, shortened to what a body should hold.
  let name: String
  private let path: String
  private let descriptor: CInt

  private static let longestName = 120

  /// - Throws: `CommandError` of exit 65 where no regular file stands at the path.
  init(path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw Self.unreadable(path, String(cString: strerror(errno)))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      Glibc.close(descriptor)
      throw Self.unreadable(path, "not a file")
    }
    self.path = path
    self.descriptor = descriptor
    self.byteCount = Int(status.st_size)
    let last = path.split(separator: "/").last.map(String.init) ?? path
    self.name = String(last.prefix(Self.longestName))
  }

  deinit { Glibc.close(descriptor) }

  /// Fewer than `count` bytes only at the file's end.
  func bytes(at offset: Int, count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let step = bytes.withUnsafeMutableBytes { buffer in
        pread(descriptor, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
      }
      if step < 0, errno == EINTR { continue }
      guard step >= 0 else { throw Self.unreadable(path, String(cString: strerror(errno))) }
      if step == 0 { break }
      done += step
    }
    return Array(bytes.prefix(done))
  }

  private static func unreadable(_ path: String, _ reason: String) -> CommandError {
    CommandError(
      .badField, .badData, zh: "读不了 \(path):\(reason);请核对路径和权限",
      en: "cannot read \(path): \(reason); check the path and the permissions")
  }
}

/// A new file into which evidence is copied.
final class TargetFile {
  private let path: String
  private let descriptor: CInt
  private var hasher = SHA256()

  /// - Throws: `CommandError` of exit 77 where something stands at the path.
  init(path: String) throws {
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    self.path = path
    guard descriptor >= 0 else {
      guard errno != EEXIST else {
        throw CommandError(
          .alreadyExists, .refused, zh: "\(path) 已存在,不覆盖;请另取文件名",
          en: "\(path) stands already and is never overwritten; choose another name")
      }
      throw Self.unwritable(path)
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func write(_ chunk: [UInt8]) throws {
    var done = 0
    while done < chunk.count {
      let step = chunk.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, chunk.count - done)
      }
      if step < 0, errno == EINTR { continue }
      guard step > 0 else { throw Self.unwritable(path) }
      done += step
    }
    hasher.update(data: chunk)
  }

  /// What the content that was written is called.
  func name() throws -> EvidenceName { EvidenceName(hasher.finalize()) }

  func finish() throws { guard fsync(descriptor) == 0 else { throw Self.unwritable(path) } }

  func discard() { unlink(path) }

  private static func unwritable(_ path: String) -> CommandError {
    let reason = String(cString: strerror(errno))
    return CommandError(
      .badField, .disk, zh: "写不了 \(path):\(reason);请检查目录和磁盘",
      en: "cannot write \(path): \(reason); check the folder and the disk")
  }
}
