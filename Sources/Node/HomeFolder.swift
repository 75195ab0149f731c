import CoreFoundation
import Glibc

/// A folder whose new files are on the disk before the call returns, and are never overwritten.
package struct HomeFolder: Sendable {
  /// The folder's path.
  package let path: String

  /// The folder's own mode: it guards private keys.
  static let mode: mode_t = 0o700

  /// Who may read a file.
  package enum Readers: Sendable {
    /// The owner alone, mode 0600: private keys.
    case owner
    /// Everybody, mode 0644.
    case everybody

    fileprivate var mode: mode_t { self == .owner ? 0o600 : 0o644 }
  }

  package init(path: String) { self.path = path }

  /// Makes the folder and the missing folders above it; the folder itself has mode 0700.
  ///
  /// - Throws: `HomeError`: already exists where something else than a folder stands; input or
  ///   output.
  package func createIfAbsent() throws {
    var waiting = [path]
    while let next = waiting.last {
      let mode = next == path ? Self.mode : 0o755
      guard mkdir(next, mode) != 0 else {
        // The creating mode went through the process's mask.
        guard chmod(next, mode) == 0 else { throw unwritable(next, HomeSystemFailure("chmod")) }
        try HomeFolder(path: Self.parent(of: next)).synchronise()
        waiting.removeLast()
        continue
      }
      let failure = HomeSystemFailure("mkdir")
      switch failure.number {
      case EEXIST where Self.isFolder(next): waiting.removeLast()
      case EEXIST:
        throw HomeError(
          .alreadyExists, "\(next) is not a folder; choose another path or move it away")
      // Where the parent stands, the file system itself takes no folder: proc, for one.
      case ENOENT
      where !Self.isFolder(Self.parent(of: next)) && waiting.count < Self.deepestPath:
        waiting.append(Self.parent(of: next))
      default:
        throw HomeError(
          .inputOutput,
          "cannot make the folder \(next); check the disk, the mount and the owner of the folder "
            + "above", cause: failure)
      }
    }
  }

  /// Writes a new file whole: the bytes are on the disk before the name appears.
  ///
  /// - Throws: `HomeError`: already exists; input or output.
  package func createFile(_ name: String, _ text: String, readers: Readers) throws {
    try createFile(name, bytes: Array(text.utf8), readers: readers)
  }

  /// Writes a new file whole: the bytes are on the disk before the name appears.
  ///
  /// - Throws: `HomeError`: already exists; input or output.
  package func createFile(_ name: String, bytes: [UInt8], readers: Readers) throws {
    let file = path + "/" + name
    let fresh = file + ".new"
    // Left by a run that was cut short; it never bore the file's name.
    unlink(fresh)
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let descriptor = open(fresh, flags, readers.mode)
    guard descriptor >= 0 else { throw unwritable(file, HomeSystemFailure("open")) }
    defer { unlink(fresh) }
    do {
      defer { close(descriptor) }
      // The creating mode went through the process's mask.
      guard fchmod(descriptor, readers.mode) == 0 else { throw HomeSystemFailure("fchmod") }
      try Self.writeAll(bytes, to: descriptor)
      guard fsync(descriptor) == 0 else { throw HomeSystemFailure("fsync") }
    } catch {
      throw unwritable(file, error)
    }
    // A link, not a rename: it fails where a file has appeared meanwhile.
    guard link(fresh, file) == 0 else {
      let failure = HomeSystemFailure("link")
      if failure.number == EEXIST {
        throw HomeError(
          .alreadyExists, "\(file) already exists and is never overwritten; move it away first")
      }
      throw unwritable(file, failure)
    }
    try synchronise()
  }

  /// Puts the folder's entries on the disk.
  package func synchronise() throws {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unwritable(path, HomeSystemFailure("open")) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw unwritable(path, HomeSystemFailure("fsync")) }
  }

  /// Whether something bears that name in the folder.
  package func holds(_ name: String) -> Bool {
    var status = stat()
    return lstat(path + "/" + name, &status) == 0
  }

  /// Whether the folder itself stands.
  package var exists: Bool { Self.isFolder(path) }

  /// Reads a plain file of at most that many bytes.
  ///
  /// - Throws: `HomeError`: not found, input or output, exposed, malformed (no plain file, too
  ///   large, no UTF-8).
  package static func readText(
    _ file: String, atMost limit: Int, readers: Readers = .everybody
  ) throws -> String {
    // Non-blocking, so that a pipe put in the file's place hangs nobody.
    let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let failure = HomeSystemFailure("open")
      throw failure.number == ENOENT || failure.number == ENOTDIR
        ? HomeError(.notFound, "\(file) is not there; check the path")
        : HomeError(.inputOutput, "cannot open \(file); check its owner", cause: failure)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw HomeError(.malformed, "\(file) is not a plain file; name the file itself")
    }
    guard readers == .everybody || status.st_mode & 0o077 == 0 else {
      throw HomeError(
        .exposed,
        "\(file) is secret and others can reach it (mode "
          + "\(String(status.st_mode & 0o777, radix: 8))); run `chmod 600 \(file)`")
    }
    guard status.st_size <= limit else {
      throw HomeError(
        .malformed, "\(file) has \(status.st_size) bytes, more than \(limit); is it the right file?"
      )
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    while bytes.count <= limit {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw HomeError(.inputOutput, "cannot read \(file)", cause: HomeSystemFailure("read"))
      }
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw HomeError(.malformed, "\(file) is not UTF-8 text; save it as UTF-8")
    }
    return text
  }

  /// The most folders that are made for one path.
  private static let deepestPath = 64

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: CInt) throws {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw HomeSystemFailure("write")
      }
      written += count
    }
  }

  private func unwritable(_ file: String, _ cause: any Error) -> HomeError {
    HomeError(
      .inputOutput, "cannot write \(file); check the disk's free space, the mount and the owner",
      cause: cause)
  }
}
