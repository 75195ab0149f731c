// Where other targets pull Foundation in, the compiler takes `stat` for CoreFoundation's.
import CoreFoundation
import Glibc

/// A folder that is held open: what is done here is done in that very folder, wherever its path
/// leads meanwhile, and no symbolic link is followed.
struct OpenFolder: ~Copyable, Sendable {
  /// For messages.
  let path: String
  private let descriptor: CInt

  static let mode: mode_t = 0o700

  /// Opens a folder by its path, whose last part must not be a link unless that is allowed; where
  /// the parts before it lead is not looked at.
  init(path: String, mayBeLink: Bool = false) throws(EvidenceError) {
    try self.init(path, in: AT_FDCWD, path: path, flags: mayBeLink ? 0 : O_NOFOLLOW)
  }

  private init(
    _ name: String, in parent: CInt, path: String, flags: CInt = O_NOFOLLOW
  ) throws(EvidenceError) {
    self.path = path
    descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags)
    guard descriptor >= 0 else { throw .failed(HomeSystemFailure("open"), at: path) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func path(of name: String) -> String { "\(path)/\(name)" }

  /// Opens a folder in this one.
  func folder(_ name: String) throws(EvidenceError) -> OpenFolder {
    try OpenFolder(name, in: descriptor, path: path(of: name))
  }

  /// Makes a folder of mode 0700 where there is none, and opens it. Both are on the disk.
  func makeFolder(_ name: String) throws(EvidenceError) -> OpenFolder {
    guard mkdirat(descriptor, name, Self.mode) == 0 || errno == EEXIST else {
      throw .failed(HomeSystemFailure("mkdir"), at: path(of: name))
    }
    let made = try folder(name)
    // The creating mode went through the process's mask; and an older folder may be open to others.
    guard fchmod(made.descriptor, Self.mode) == 0 else {
      throw .failed(HomeSystemFailure("chmod"), at: made.path)
    }
    // Also where it stood already: another writer may have made it just now.
    try synchronise()
    return made
  }

  /// Opens a plain file.
  ///
  /// - Returns: `nil` if nothing bears the name.
  func file(_ name: String, _ access: OpenFile.Access) throws(EvidenceError) -> OpenFile? {
    // Non-blocking, so that a pipe put in the file's place hangs nobody.
    let flags = access.flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    let opened = openat(descriptor, name, flags, OpenFile.mode)
    guard opened >= 0 else {
      let failure = HomeSystemFailure("open")
      if failure.number == ENOENT { return nil }
      throw failure.number == ENXIO
        ? .foreign(path(of: name)) : .failed(failure, at: path(of: name))
    }
    return try OpenFile(taking: opened, path: path(of: name), setsMode: access != .reading)
  }

  /// Makes a new empty file and holds it.
  ///
  /// - Returns: `nil` if something bears the name, or the file was removed at once.
  func newFile(_ name: String) throws(EvidenceError) -> OpenFile? {
    let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let opened = openat(descriptor, name, flags, OpenFile.mode)
    guard opened >= 0 else {
      let failure = HomeSystemFailure("open")
      if failure.number == EEXIST { return nil }
      throw .failed(failure, at: path(of: name))
    }
    let file = try OpenFile(taking: opened, path: path(of: name), setsMode: true)
    // Between making and locking it, somebody's sweep may have removed it.
    guard file.hold(), isStillNamed(file, name) else { return nil }
    return file
  }

  /// Whether that open file is the one that bears the name now.
  func isStillNamed(_ file: borrowing OpenFile, _ name: String) -> Bool {
    var status = stat()
    return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0
      && file.isFile(status.st_ino, onDevice: status.st_dev)
  }

  /// Whether a plain file bears that name.
  func holdsFile(_ name: String) -> Bool {
    var status = stat()
    return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0
      && status.st_mode & S_IFMT == S_IFREG
  }

  /// When a file was last written, in nanoseconds since 1970 UTC; 0 where nothing bears the name.
  func modifiedNanoseconds(_ name: String) -> Int {
    var status = stat()
    guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return 0 }
    return status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
  }

  /// Gives a file a further name in another folder, in one step.
  ///
  /// - Returns: `false` where the other folder lies on another disk, or its disk knows no such names.
  func link(_ name: String, to other: borrowing OpenFolder) throws(EvidenceError) -> Bool {
    guard linkat(descriptor, name, other.descriptor, name, 0) != 0 else { return true }
    let failure = HomeSystemFailure("link")
    switch failure.number {
    case EEXIST: return true
    case EXDEV, EPERM, EMLINK, EOPNOTSUPP: return false
    default: throw .failed(failure, at: other.path(of: name))
    }
  }

  /// Removes a file or link; a name that nothing bears is as good as removed.
  func remove(_ name: String) throws(EvidenceError) {
    guard unlinkat(descriptor, name, 0) == 0 || errno == ENOENT else {
      throw .failed(HomeSystemFailure("unlink"), at: path(of: name))
    }
  }

  /// Gives a file its place in another folder, in one step; what bears the name there is replaced.
  func move(_ name: String, to other: borrowing OpenFolder, as newName: String)
    throws(EvidenceError)
  {
    guard renameat(descriptor, name, other.descriptor, newName) == 0 else {
      throw .failed(HomeSystemFailure("rename"), at: other.path(of: newName))
    }
  }

  /// Puts the folder's entries on the disk.
  func synchronise() throws(EvidenceError) {
    guard fsync(descriptor) == 0 else { throw .failed(HomeSystemFailure("fsync"), at: path) }
  }

  /// The names of what lies in the folder, in their order.
  func names() throws(EvidenceError) -> [String] {
    // A descriptor of its own: reading the entries moves a place that duplicates would share.
    let opened = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard opened >= 0, let stream = fdopendir(opened) else {
      let failure = HomeSystemFailure("open")
      if opened >= 0 { close(opened) }
      throw .failed(failure, at: path)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    guard errno == 0 else { throw .failed(HomeSystemFailure("readdir"), at: path) }
    return names.sorted()
  }

  /// The bytes that an ordinary process may still write on this disk.
  func freeBytes() throws(EvidenceError) -> Int {
    var status = statvfs()
    guard fstatvfs(descriptor, &status) == 0 else {
      throw .failed(HomeSystemFailure("statvfs"), at: path)
    }
    let (bytes, overflows) = Int(clamping: status.f_bavail)
      .multipliedReportingOverflow(by: Int(clamping: status.f_frsize))
    return overflows ? .max : bytes
  }
}
