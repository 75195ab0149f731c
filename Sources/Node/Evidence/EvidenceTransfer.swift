import Crypto
package import Evidence

/// One file that is being fetched by its hash. Its bytes stay when the transfer is let go or the
/// process ends, and ``EvidenceFolder/transfer(of:byteCount:)`` goes on where it stopped.
package struct EvidenceTransfer: ~Copyable, Sendable {
  package let name: EvidenceName
  /// The whole file's length.
  package let byteCount: Int
  /// How many bytes are here: the offset to fetch from.
  package private(set) var receivedBytes: Int

  private let evidence: EvidenceFolder
  private let folder: OpenFolder
  private let file: OpenFile

  init(
    of name: EvidenceName, byteCount: Int, file: consuming OpenFile,
    in folder: consuming OpenFolder, of evidence: EvidenceFolder
  ) throws(EvidenceError) {
    self.name = name
    self.byteCount = byteCount
    self.evidence = evidence
    var received = try file.byteCount()
    if received > byteCount {
      try file.truncate()
      received = 0
    }
    self.receivedBytes = received
    self.file = file
    self.folder = folder
  }

  /// Takes the next bytes, those at ``receivedBytes``. They are not yet sure to outlive a crash of
  /// the machine; what is lost or torn then shows in ``finish()``.
  ///
  /// - Throws: ``EvidenceError``: wrong length, no space, input or output. The call may be repeated.
  package mutating func append(_ chunk: [UInt8]) throws(EvidenceError) {
    let total = receivedBytes + chunk.count
    guard total <= byteCount else { throw .wrongLength(total, announced: byteCount) }
    try file.write(chunk, at: receivedBytes)
    receivedBytes = total
  }

  /// Hashes the file as it lies on the disk and, if it is the one that was asked for, makes it
  /// content. When this returns, it is on the disk.
  ///
  /// - Throws: ``EvidenceError``: wrong length (the bytes stay, to be gone on with); wrong content
  ///   (they are removed); no space, foreign, input or output.
  package consuming func finish() throws(EvidenceError) -> EvidenceReceipt {
    guard receivedBytes == byteCount else {
      throw .wrongLength(receivedBytes, announced: byteCount)
    }
    let partial = PartialName(name: name, byteCount: byteCount)
    guard try file.contentName() == name else {
      try folder.remove(partial.text)
      try folder.synchronise()
      throw .wrongContent(name)
    }
    let wasHeld = try evidence.keep(file, called: partial.text, in: folder, as: name)
    return EvidenceReceipt(name: name, byteCount: byteCount, wasHeld: wasHeld)
  }

  /// Gives the file up and removes its bytes.
  ///
  /// - Throws: ``EvidenceError``: input or output.
  package consuming func discard() throws(EvidenceError) {
    try folder.remove(PartialName(name: name, byteCount: byteCount).text)
  }
}

/// The name of a half-fetched file: its hash and whole length, so that a fetch is gone on with only
/// where both are the same.
struct PartialName: Hashable {
  let name: EvidenceName
  let byteCount: Int

  init(name: EvidenceName, byteCount: Int) {
    self.name = name
    self.byteCount = byteCount
  }

  /// Reads a file's name; `nil` if it is none of ours.
  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let name = EvidenceName(parts[0]), let byteCount = Int(parts[1]),
      byteCount >= 0, String(byteCount) == parts[1]
    else { return nil }
    self.init(name: name, byteCount: byteCount)
  }

  /// `<64 digits>.<length>`.
  var text: String { "\(name).\(byteCount)" }
}

extension OpenFile {
  /// The name that the file's content bears.
  func contentName() throws(EvidenceError) -> EvidenceName {
    var hasher = SHA256()
    var offset = 0
    while true {
      let chunk = try read(at: offset, count: EvidenceLimits.chunkBytes)
      if chunk.isEmpty { return EvidenceName(hasher.finalize()) }
      hasher.update(data: chunk)
      offset += chunk.count
    }
  }
}
