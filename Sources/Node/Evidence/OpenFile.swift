import CoreFoundation
import Glibc

/// A plain file that is held open.
struct OpenFile: ~Copyable, Sendable {
  /// For messages.
  let path: String
  private let descriptor: CInt

  /// The owner alone: evidence shows people and places.
  static let mode: mode_t = 0o600

  /// What a file is opened for.
  enum Access {
    case reading
    case writing
    /// The file is made if there is none.
    case writingOrMaking

    var flags: CInt {
      switch self {
      case .reading: O_RDONLY
      case .writing: O_RDWR
      case .writingOrMaking: O_RDWR | O_CREAT
      }
    }
  }

  /// Takes over a descriptor, and closes it if it is not that of a plain file.
  init(taking descriptor: CInt, path: String, setsMode: Bool) throws(EvidenceError) {
    self.path = path
    self.descriptor = descriptor
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .failed(HomeSystemFailure("stat"), at: path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .foreign(path) }
    // The creating mode went through the process's mask.
    guard !setsMode || fchmod(descriptor, Self.mode) == 0 else {
      throw .failed(HomeSystemFailure("chmod"), at: path)
    }
  }

  deinit { close(descriptor) }

  /// Takes the file's lock, until it is closed; `false` if another has it.
  func hold() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

  /// Whether it is that file of that device.
  func isFile(_ number: ino_t, onDevice device: dev_t) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_ino == number && status.st_dev == device
  }

  /// The file's length in bytes.
  func byteCount() throws(EvidenceError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .failed(HomeSystemFailure("stat"), at: path)
    }
    return Int(status.st_size)
  }

  /// Makes the file empty.
  func truncate() throws(EvidenceError) {
    guard ftruncate(descriptor, 0) == 0 else {
      throw .failed(HomeSystemFailure("truncate"), at: path)
    }
  }

  /// The bytes from `offset` on: `count` of them, or fewer at the file's end.
  func read(at offset: Int, count: Int) throws(EvidenceError) -> [UInt8] {
    var failure: HomeSystemFailure?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let result = pread(
          descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, offset + filled)
        if result < 0, errno == EINTR { continue }
        if result < 0 { failure = HomeSystemFailure("read") }
        guard result > 0 else { break }
        filled += result
      }
    }
    if let failure { throw .failed(failure, at: path) }
    return bytes
  }

  /// Writes all bytes at `offset`, in their order: after an error, a beginning of them is there.
  func write(_ bytes: [UInt8], at offset: Int) throws(EvidenceError) {
    var written = 0
    while written < bytes.count {
      let result = bytes[written...].withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress, $0.count, offset + written)
      }
      if result < 0, errno == EINTR { continue }
      guard result > 0 else { throw .failed(HomeSystemFailure("write"), at: path) }
      written += result
    }
  }

  /// Puts the file's bytes on the disk.
  func synchronise() throws(EvidenceError) {
    guard fsync(descriptor) == 0 else { throw .failed(HomeSystemFailure("fsync"), at: path) }
  }
}
