import Crypto
import Ledger

/// Writes the files of a custody file into a tar and keeps the list of their hashes.
struct CustodyWriter: ~Copyable {
  /// The folder that the tar unpacks to.
  static let folder = "custody"

  private var tar: UstarWriter
  /// One line a file, as `sha256sum` writes and reads them.
  private var lines: [String] = []

  init(tar: consuming UstarWriter) { self.tar = tar }

  /// How many files there are so far.
  var fileCount: Int { lines.count }

  /// Adds a file.
  mutating func add(_ path: String, _ bytes: [UInt8]) throws(EvidenceError) {
    try put(path, bytes)
    note(path, SHA256.hash(data: bytes))
  }

  /// Adds a text file.
  mutating func add(_ path: String, text: String) throws(EvidenceError) {
    try add(path, Array(text.utf8))
  }

  /// Adds a file piece by piece.
  ///
  /// - Parameters:
  ///   - byteCount: its length, which the pieces must have together.
  ///   - next: gives the next piece, `nil` at the end.
  /// - Returns: its hash; `nil` where the pieces have another length, and then the tar is of no use.
  mutating func add(
    _ path: String, byteCount: Int, _ next: () throws -> [UInt8]?
  ) throws -> SHA256.Digest? {
    try tar.begin("\(Self.folder)/\(path)", byteCount: byteCount)
    var hasher = SHA256()
    var left = byteCount
    while let piece = try next() {
      guard piece.count <= left else { return nil }
      left -= piece.count
      hasher.update(data: piece)
      try tar.write(piece)
    }
    guard left == 0 else { return nil }
    let digest = hasher.finalize()
    note(path, digest)
    return digest
  }

  /// Adds the list and the exporter's signature of it, and ends the tar.
  ///
  /// - Parameter sign: gives the DER signature of some bytes.
  /// - Returns: the tar's length in bytes, and the list's hash.
  mutating func finish(
    signing sign: ([UInt8]) throws -> [UInt8]
  ) throws -> (byteCount: Int, manifest: SHA256.Digest) {
    let manifest = Array(lines.joined().utf8)
    try put("manifest.txt", manifest)
    try put("manifest.sig", sign(Array("liandong.custody.1\n".utf8) + manifest))
    return (try tar.finish(), SHA256.hash(data: manifest))
  }

  private mutating func put(_ path: String, _ bytes: [UInt8]) throws(EvidenceError) {
    try tar.begin("\(Self.folder)/\(path)", byteCount: bytes.count)
    try tar.write(bytes)
  }

  private mutating func note(_ path: String, _ digest: SHA256.Digest) {
    lines.append("\(Array(digest).hex)  \(path)\n")
  }
}
