/// Writes a tar of the oldest common form (POSIX.1-1988 ustar): plain files alone, all of one owner,
/// mode and time, so that the same files give the same bytes.
struct UstarWriter: ~Copyable {
  /// The longest name of a file, in bytes.
  static let longestName = 100
  /// The largest file: eleven octal digits of bytes.
  static let largestFile = 0o77777777777
  private static let blockBytes = 512
  /// What is kept in memory before it is written.
  private static let bufferBytes = 256 * 1024

  private let file: OpenFile
  private let modified: Int
  private var buffer: [UInt8] = []
  private var written = 0
  /// How many bytes of the present file are still to come.
  private var left = 0
  private var padding = 0

  /// - Parameters:
  ///   - file: empty; it is written from its beginning.
  ///   - modifiedSeconds: the time of every file, since 1970 UTC.
  init(file: consuming OpenFile, modifiedSeconds: UInt64) {
    self.file = file
    self.modified = Int(min(modifiedSeconds, UInt64(Self.largestFile)))
  }

  /// Begins a file, of which exactly `byteCount` bytes must follow.
  ///
  /// - Parameter name: ASCII of at most ``longestName`` bytes, relative.
  mutating func begin(_ name: String, byteCount: Int) throws(EvidenceError) {
    precondition(left == 0, "the file before is not complete")
    precondition(name.utf8.count <= Self.longestName && byteCount <= Self.largestFile)
    left = byteCount
    padding = (Self.blockBytes - byteCount % Self.blockBytes) % Self.blockBytes
    try append(header(name, byteCount))
    try endFile()
  }

  /// The next bytes of the file that was begun.
  mutating func write(_ bytes: [UInt8]) throws(EvidenceError) {
    precondition(bytes.count <= left, "more bytes than were announced")
    left -= bytes.count
    try append(bytes)
    try endFile()
  }

  /// Ends the tar and puts it on the disk.
  ///
  /// - Returns: its length in bytes.
  mutating func finish() throws(EvidenceError) -> Int {
    precondition(left == 0, "the last file is not complete")
    try append([UInt8](repeating: 0, count: 2 * Self.blockBytes))
    try flush()
    try file.synchronise()
    return written
  }

  private mutating func endFile() throws(EvidenceError) {
    guard left == 0 else { return }
    try append([UInt8](repeating: 0, count: padding))
    padding = 0
  }

  private mutating func append(_ bytes: [UInt8]) throws(EvidenceError) {
    buffer += bytes
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  private mutating func flush() throws(EvidenceError) {
    try file.write(buffer, at: written)
    written += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }

  /// The header of a plain file; fields as in `tar.h`.
  private func header(_ name: String, _ byteCount: Int) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: Self.blockBytes)
    func put(_ text: String, at offset: Int) {
      for (place, byte) in text.utf8.enumerated() { header[offset + place] = byte }
    }
    func octal(_ number: Int, digits: Int) -> String {
      let text = String(number, radix: 8)
      return String(repeating: "0", count: digits - text.utf8.count) + text
    }
    put(name, at: 0)
    put("0000644", at: 100)
    put("0000000", at: 108)
    put("0000000", at: 116)
    put(octal(byteCount, digits: 11), at: 124)
    put(octal(modified, digits: 11), at: 136)
    put("        ", at: 148)
    put("0", at: 156)
    put("ustar", at: 257)
    put("00", at: 263)
    // The sum of all bytes, with the sum's own field as blanks.
    let sum = header.reduce(0) { $0 + Int($1) }
    put(octal(sum, digits: 6) + "\0 ", at: 148)
    return header
  }
}
