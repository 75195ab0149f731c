import Crypto
import Evidence

/// Takes in one file chunk by chunk, hashing as it goes. Let go before ``finish()``, it leaves
/// nothing behind.
package struct EvidenceWriter: ~Copyable, Sendable {
  /// How many bytes were taken.
  package private(set) var byteCount = 0

  private let folder: EvidenceFolder
  private let announcedBytes: Int?
  private var file: IncomingFile
  private var hasher = SHA256()
  private var failure: EvidenceError?

  init(folder: EvidenceFolder, announcedBytes: Int?, file: consuming IncomingFile) {
    self.folder = folder
    self.announcedBytes = announcedBytes
    self.file = file
  }

  /// Takes the file's next bytes.
  ///
  /// - Throws: ``EvidenceError``: too large, wrong length, no space, input or output. After an error
  ///   the file cannot be finished any more.
  package mutating func write(_ chunk: [UInt8]) throws(EvidenceError) {
    do throws(EvidenceError) {
      if let failure { throw failure }
      let total = byteCount + chunk.count
      guard total <= folder.limits.fileBytes else {
        throw .tooLarge(limit: folder.limits.fileBytes)
      }
      if let announcedBytes, total > announcedBytes {
        throw .wrongLength(total, announced: announcedBytes)
      }
      try file.file.write(chunk, at: byteCount)
      hasher.update(data: chunk)
      byteCount = total
    } catch {
      failure = error
      throw error
    }
  }

  /// Makes what was written content. When this returns, it is on the disk.
  ///
  /// Content that is held already stays as it is, or is mended if it was damaged.
  ///
  /// - Throws: ``EvidenceError``: wrong length, no space, foreign, input or output, and what
  ///   ``write(_:)`` threw before. Nothing is kept then.
  package consuming func finish() throws(EvidenceError) -> EvidenceReceipt {
    if let failure { throw failure }
    if let announcedBytes, byteCount != announcedBytes {
      throw .wrongLength(byteCount, announced: announcedBytes)
    }
    let name = EvidenceName(hasher.finalize())
    let wasHeld = try file.keep(in: folder, as: name)
    return EvidenceReceipt(name: name, byteCount: byteCount, wasHeld: wasHeld)
  }
}
