import Glibc
import Intake
import Regions

/// Writes the rejects file of an import. It holds personal data, so only its owner may read it.
///
/// A file that was not named stands beside the lead file and is made with the first rejected row.
final class RejectsWriter {
  /// The file's path; `nil` while there is none.
  private(set) var path: String?
  private let source: String
  private let language: Language
  private var descriptor: CInt = -1

  /// How many names are tried where others are taken.
  private static let mostNames = 1_000

  /// - Parameters:
  ///   - source: the lead file's path.
  ///   - named: where rejected rows go; nothing may stand there.
  /// - Throws: `HomeError`: already exists; input or output.
  init(for source: String, named path: String?, in language: Language) throws {
    self.source = source
    self.language = language
    guard let path else { return }
    guard try make(path) else {
      throw HomeError(
        .alreadyExists, "\(path) already exists and is never overwritten; move it away")
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// - Throws: `HomeError`: input or output.
  func write(_ rejected: RejectedRow) throws {
    if descriptor < 0 { try makeBesideSource() }
    try write(RejectsFile.line(for: rejected, reason: language == .zh ? \.zh : \.en))
  }

  /// Puts the file on the disk.
  func finish() throws {
    guard descriptor >= 0 else { return }
    guard fsync(descriptor) == 0 else { throw unwritable("fsync") }
  }

  private func makeBesideSource() throws {
    for number in 1...Self.mostNames {
      let mark = number == 1 ? "" : "-\(number)"
      if try make("\(source).rejects\(mark).csv") { return }
    }
    throw HomeError(
      .alreadyExists, "\(Self.mostNames) rejects files stand beside \(source); move them away")
  }

  /// Whether the file is new and ours; `false` where something bears the name.
  private func make(_ path: String) throws -> Bool {
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let failure = HomeSystemFailure("open")
      if failure.number == EEXIST { return false }
      throw HomeError(
        .inputOutput, "cannot make \(path); name another file with --rejects", cause: failure)
    }
    self.path = path
    try write(RejectsFile.header)
    return true
  }

  private func write(_ bytes: [UInt8]) throws {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw unwritable("write") }
      written += count
    }
  }

  private func unwritable(_ call: String) -> HomeError {
    let failure = HomeSystemFailure(call)
    return HomeError(
      .inputOutput, "cannot write \(path ?? source); check the disk's free space", cause: failure)
  }
}
