package import Evidence

/// Gives one file's bytes, from any offset on.
package struct EvidenceReader: ~Copyable, Sendable {
  package let name: EvidenceName
  /// The file's length in bytes.
  package let byteCount: Int
  /// Where the next chunk begins.
  package private(set) var offset: Int

  private let file: OpenFile

  init(name: EvidenceName, file: consuming OpenFile, offset: Int) throws(EvidenceError) {
    precondition(offset >= 0, "an offset counts from the file's beginning")
    self.name = name
    self.byteCount = try file.byteCount()
    self.offset = offset
    self.file = file
  }

  /// The next bytes, 256 KiB mostly; `nil` at the end and beyond it.
  ///
  /// - Throws: ``EvidenceError``: input or output.
  package mutating func next() throws(EvidenceError) -> [UInt8]? {
    let chunk = try bytes(at: offset, count: EvidenceLimits.chunkBytes)
    offset += chunk.count
    return chunk.isEmpty ? nil : chunk
  }

  /// The bytes at any place, fewer than `count` at the file's end; as ``EvidencePieces`` asks.
  ///
  /// - Throws: ``EvidenceError``: input or output.
  package func bytes(at offset: Int, count: Int) throws(EvidenceError) -> [UInt8] {
    guard offset >= 0, offset < byteCount, count > 0 else { return [] }
    return try file.read(at: offset, count: min(count, byteCount - offset))
  }
}
