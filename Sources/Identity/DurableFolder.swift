// Where other targets pull Foundation in, the compiler takes `stat` for CoreFoundation's.
import CoreFoundation
import Glibc

/// One folder of small files that survive a crash: each change is on the disk, file and folder
/// entry, before the call returns.
struct DurableFolder {
  let path: String

  /// Who may read a file.
  enum Readers: mode_t {
    /// The owner alone: private keys.
    case owner = 0o600
    /// Everybody: certificates.
    case everybody = 0o644
  }

  static let folderMode: mode_t = 0o700
  /// The largest file that is read, in bytes.
  static let maximumFileSize = 256 * 1024

  func path(of name: String) -> String { "\(path)/\(name)" }

  /// Makes the folder itself with mode 0700.
  func create() throws {
    guard mkdir(path, Self.folderMode) != 0 else { return }
    let failure = SystemCallFailure("mkdir")
    if failure.number == EEXIST {
      throw IdentityError(.alreadyExists, "\(path) already exists; choose another folder")
    }
    throw IdentityError(
      .inputOutput, "cannot make the folder \(path); check that its parent exists and is writable",
      cause: failure)
  }

  /// Makes the folder with mode 0700 unless a folder stands there already.
  func createIfAbsent() throws {
    do {
      try create()
    } catch let error as IdentityError where error.code == .alreadyExists {
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { throw error }
    }
  }

  /// Writes a new file. Its mode is set when it is created, before a byte is written.
  func createFile(_ name: String, _ text: String, readers: Readers) throws {
    let file = path(of: name)
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let descriptor = open(file, flags, readers.rawValue)
    guard descriptor >= 0 else {
      let failure = SystemCallFailure("open")
      if failure.number == EEXIST {
        throw IdentityError(
          .alreadyExists, "\(file) already exists and is never overwritten; move it away first")
      }
      throw IdentityError(
        .inputOutput, "cannot make \(file); check the folder and its owner", cause: failure)
    }
    do {
      // The creating mode went through the process's mask.
      guard fchmod(descriptor, readers.rawValue) == 0 else { throw SystemCallFailure("fchmod") }
      try Self.writeAll(Array(text.utf8), to: descriptor)
      guard fsync(descriptor) == 0 else { throw SystemCallFailure("fsync") }
    } catch {
      close(descriptor)
      unlink(file)
      throw IdentityError(
        .inputOutput, "cannot write \(file); check the disk's free space", cause: error)
    }
    close(descriptor)
    try synchronise()
  }

  /// Puts a file in the place of an older one, or of none, in one step: a reader sees the whole
  /// old text or the whole new one.
  func replaceFile(_ name: String, _ text: String, readers: Readers) throws {
    let fresh = name + ".new"
    // Left by a crash between writing and renaming; it was never in force.
    unlink(path(of: fresh))
    try createFile(fresh, text, readers: readers)
    try renameFile(fresh, to: name)
  }

  /// Gives a file another name, replacing what bears it.
  func renameFile(_ name: String, to other: String) throws {
    guard rename(path(of: name), path(of: other)) == 0 else {
      throw IdentityError(
        .inputOutput, "cannot rename \(path(of: name)) to \(other)",
        cause: SystemCallFailure("rename"))
    }
    try synchronise()
  }

  /// Moves the whole folder to another path, where nothing or an empty folder stands.
  func move(to other: String) throws {
    guard rename(path, other) == 0 else {
      let failure = SystemCallFailure("rename")
      if [EEXIST, ENOTEMPTY, ENOTDIR].contains(failure.number) {
        throw IdentityError(
          .alreadyExists, "\(other) already exists and is never overwritten; choose another folder")
      }
      throw IdentityError(.inputOutput, "cannot rename \(path) to \(other)", cause: failure)
    }
    try DurableFolder(path: Self.parent(of: other)).synchronise()
  }

  /// Removes the folder and the files named, where they are. For clearing up after a failure,
  /// whose error is the one to report.
  func discard(_ names: [String]) {
    for name in names { unlink(path(of: name)) }
    rmdir(path)
  }

  func holds(_ name: String) -> Bool {
    var status = stat()
    return lstat(path(of: name), &status) == 0
  }

  /// Reads a file. For `readers` owner it refuses one that group or others may touch.
  func readFile(_ name: String, readers: Readers) throws -> String {
    let file = path(of: name)
    // Non-blocking, so that a pipe put in the file's place does not hang the node.
    let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let failure = SystemCallFailure("open")
      throw failure.number == ENOENT
        ? IdentityError(.notFound, "\(file) is not there; check the folder's path, or make it anew")
        : IdentityError(.inputOutput, "cannot open \(file); check its owner", cause: failure)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw IdentityError(.malformed, "\(file) is not a plain file; put the file itself there")
    }
    guard readers == .everybody || status.st_mode & 0o077 == 0 else {
      let mode = String(status.st_mode & 0o777, radix: 8)
      throw IdentityError(
        .exposedKey,
        "\(file) holds a private key and has mode \(mode), so others can reach it; run `chmod 600 "
          + "\(file)`, and if others can log on here, make a new key")
    }
    guard status.st_size <= Self.maximumFileSize else {
      throw IdentityError(
        .malformed, "\(file) has \(status.st_size) bytes, more than \(Self.maximumFileSize)")
    }
    let bytes: [UInt8]
    do {
      bytes = try Self.readAll(from: descriptor)
    } catch {
      throw IdentityError(.inputOutput, "cannot read \(file)", cause: error)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw IdentityError(.malformed, "\(file) is not text; restore it from its source")
    }
    return text
  }

  /// Puts the folder's entries on the disk.
  func synchronise() throws {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw IdentityError(
        .inputOutput, "cannot open the folder \(path)", cause: SystemCallFailure("open"))
    }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw IdentityError(
        .inputOutput, "cannot put the folder \(path) on the disk",
        cause: SystemCallFailure("fsync"))
    }
  }

  /// The path without trailing slashes; `/` stays.
  static func normalised(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  static func parent(of path: String) -> String {
    let path = normalised(path)
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
        let failure = SystemCallFailure("write")
        if failure.number == EINTR { continue }
        throw failure
      }
      written += count
    }
  }

  private static func readAll(from descriptor: CInt) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    while bytes.count <= maximumFileSize {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 {
        let failure = SystemCallFailure("read")
        if failure.number == EINTR { continue }
        throw failure
      }
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return bytes
  }
}

/// A system call that failed, and the system's own words for it.
struct SystemCallFailure: Error, CustomStringConvertible {
  let call: String
  let number: CInt

  /// Takes the number that the call just left behind.
  init(_ call: String) {
    self.number = errno
    self.call = call
  }

  var description: String { "\(call): \(String(cString: strerror(number)))" }
}
