/// The chunks of a PNG (W3C PNG specification, third edition, sections 5 and 11).
enum PNGFile {
  /// `nil` if this is no PNG.
  static func judge(_ head: ByteView) -> EvidenceFormat.Judgement? {
    guard head.number(at: 0, byteCount: signatureBytes) == 0x8950_4E47_0D0A_1A0A else { return nil }
    return hasHeader(head) ? .format(.png) : .refused(.damagedHeader("PNG"))
  }

  /// The TIFF block of the EXIF chunk; `nil` if there is none, or a damaged one. EXIF data packed
  /// into text chunks, as before the standard of 2017, is not looked for.
  static func exif(in pieces: EvidencePieces) throws -> [UInt8]? {
    var offset = signatureBytes
    for _ in 0..<EvidenceBounds.pngChunks {
      let head = ByteView(try pieces(offset, lengthBytes + typeBytes))
      guard let length = head.uint32(at: 0), length <= largestNumber,
        head.count == lengthBytes + typeBytes, !head.holds("IEND", at: lengthBytes)
      else { return nil }
      if head.holds("eXIf", at: lengthBytes) {
        guard length <= EvidenceBounds.exifBytes else { return nil }
        let chunk = ByteView(try pieces(offset + lengthBytes, typeBytes + length + checkBytes))
        return chunk.body(typeBytes: typeBytes, length: length)
      }
      offset += lengthBytes + typeBytes + length + checkBytes
    }
    return nil
  }

  private static let signatureBytes = 8
  private static let lengthBytes = 4
  private static let typeBytes = 4
  private static let checkBytes = 4
  private static let headerBytes = 13
  /// The largest number that four bytes of a PNG may hold.
  private static let largestNumber = 0x7FFF_FFFF

  /// Whether the first chunk is a sound IHDR.
  private static func hasHeader(_ head: ByteView) -> Bool {
    guard head.uint32(at: 8) == headerBytes, head.holds("IHDR", at: 12),
      let rest = head.rest(from: 12),
      let header = ByteView(rest).body(typeBytes: typeBytes, length: headerBytes).map({
        ByteView($0)
      }),
      let width = header.uint32(at: 0), let height = header.uint32(at: 4),
      let depth = header.byte(at: 8), let colour = header.byte(at: 9),
      let interlace = header.byte(at: 12)
    else { return false }
    return 1...largestNumber ~= width && 1...largestNumber ~= height
      && [1, 2, 4, 8, 16].contains(depth) && [0, 2, 3, 4, 6].contains(colour)
      && header.uint16(at: 10) == 0 && interlace <= 1
  }
}

extension ByteView {
  /// The body of a PNG chunk whose type stands first; `nil` if it is cut off or its checksum wrong.
  fileprivate func body(typeBytes: Int, length: Int) -> [UInt8]? {
    guard let covered = piece(at: 0, count: typeBytes + length),
      number(at: typeBytes + length, byteCount: 4) == UInt64(CyclicRedundancyCheck.of(covered))
    else { return nil }
    return Array(covered.dropFirst(typeBytes))
  }
}
