import Glibc

/// The files that people name: what is taken in as evidence, and where it is copied to.
enum EvidencePaths {
  private static let longestName = 120

  /// The last part of a path, shortened to what a body should hold.
  static func name(_ path: String) -> String {
    String((path.split(separator: "/").last.map(String.init) ?? path).prefix(longestName))
  }

  /// The folder that an absolute path lies in.
  static func folder(_ path: String) -> String {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    return folder.isEmpty ? "/" : folder
  }

  /// Opens a file to be taken in. A link is followed: it is the person's own.
  ///
  /// - Throws: `CommandError` of exit 65 where no plain file can be read at the path.
  static func source(_ path: String) throws -> OpenFile {
    // Non-blocking, so that a pipe put in the file's place hangs nobody.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path, String(cString: strerror(errno))) }
    do {
      return try OpenFile(taking: descriptor, path: path, setsMode: false)
    } catch {
      throw unreadable(path, "not a plain file")
    }
  }

  /// Makes a new file, for the owner alone.
  ///
  /// - Throws: `CommandError` of exit 77 where something stands at the path; `EvidenceError`.
  static func target(_ path: String) throws -> OpenFile {
    let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let descriptor = open(path, flags, OpenFile.mode)
    guard descriptor >= 0 else {
      let failure = HomeSystemFailure("open")
      guard failure.number != EEXIST else {
        throw CommandError(
          .alreadyExists, .refused, zh: "\(path) 已存在,不覆盖;请另取文件名",
          en: "\(path) stands already and is never overwritten; choose another name")
      }
      throw EvidenceError.failed(failure, at: path)
    }
    return try OpenFile(taking: descriptor, path: path, setsMode: true)
  }

  private static func unreadable(_ path: String, _ reason: String) -> CommandError {
    CommandError(
      .badField, .badData, zh: "读不了 \(path):\(reason);请核对路径和权限",
      en: "cannot read \(path): \(reason); check the path and the permissions")
  }
}
