/// The marker segments of a JPEG (ITU-T T.81, annex B; EXIF 2.32, 4.5.4 and 4.7).
enum JPEGFile {
  /// `nil` if this is no JPEG.
  static func judge(_ head: ByteView) -> EvidenceFormat.Judgement? {
    guard head.number(at: 0, byteCount: 3) == 0xFFD8FF else { return nil }
    guard let marker = head.byte(at: 3), let length = head.uint16(at: 4), length >= lengthBytes,
      opens(marker)
    else { return .refused(.damagedHeader("JPEG")) }
    return .format(.jpeg)
  }

  /// The TIFF block of the first EXIF segment; `nil` if none stands before the picture's data.
  static func exif(in pieces: EvidencePieces) throws -> [UInt8]? {
    var offset = startBytes
    for _ in 0..<EvidenceBounds.jpegSegments {
      let head = ByteView(try pieces(offset, markerBytes + lengthBytes))
      guard head.byte(at: 0) == 0xFF, let marker = head.byte(at: 1) else { return nil }
      guard marker != 0xFF else {
        offset += 1  // A fill byte, as many of which as it likes may precede a marker.
        continue
      }
      guard hasSegment(marker), let length = head.uint16(at: markerBytes), length >= lengthBytes
      else { return nil }
      if marker == applicationSegment1 {
        let body = ByteView(
          try pieces(offset + markerBytes + lengthBytes, length - lengthBytes))
        if body.holds("Exif\0\0", at: 0) {
          // A file that ends within it: what is missing is not there to be read.
          return body.rest(from: exifPrefixBytes).map { Array($0) }
        }
      }
      offset += markerBytes + length
    }
    return nil
  }

  private static let startBytes = 2
  private static let markerBytes = 2
  private static let lengthBytes = 2
  private static let exifPrefixBytes = 6
  private static let applicationSegment1: UInt8 = 0xE1

  /// Whether a JPEG may begin with that segment: tables, frame headers, application data, comment.
  private static func opens(_ marker: UInt8) -> Bool {
    switch marker {
    case 0xC0...0xC7, 0xC9...0xCF, 0xDB, 0xDD, 0xE0...0xEF, 0xFE: true
    default: false
    }
  }

  /// Whether a length and a segment follow that marker, before the picture's data.
  private static func hasSegment(_ marker: UInt8) -> Bool {
    switch marker {
    case 0xC0...0xC7, 0xC9...0xCF, 0xDB...0xFE: true
    default: false
    }
  }
}
