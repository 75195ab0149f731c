/// The encodings of lead files: what Chinese spreadsheets write when they save CSV.
package enum LeadFileEncoding: String, Sendable {
  /// UTF-8, with or without a byte order mark.
  case utf8 = "UTF-8"
  /// GB18030, which contains GBK and GB2312.
  case gb18030 = "GB18030"

  /// Chooses by evidence in a sample that begins with the file's first byte above 127.
  ///
  /// Chinese text in UTF-8 consists of three-byte sequences, and Chinese text in GB18030 hardly ever
  /// forms one by chance. So it is UTF-8 if there are more well-formed sequences of three or four
  /// bytes than malformed bytes. A few damaged bytes in a UTF-8 file then cost their own rows and do
  /// not turn the rest into wrong characters; short GB18030 files that happen to be well-formed
  /// two-byte UTF-8 are still taken for what they are. A sequence cut by the sample's end does not
  /// count.
  static func judged(from sample: some RandomAccessCollection<UInt8>) -> LeadFileEncoding {
    var wellFormed = 0
    var malformed = 0
    var index = sample.startIndex
    while index < sample.endIndex {
      switch UTF8Sequence(at: index, in: sample) {
      case .wellFormed(let length):
        if length >= 3 { wellFormed += 1 }
        index = sample.index(index, offsetBy: length)
      case .cutShort:
        index = sample.endIndex
      case .malformed:
        malformed += 1
        index = sample.index(after: index)
      }
    }
    return wellFormed > malformed ? .utf8 : .gb18030
  }
}

/// What stands at one place of a byte string that should be UTF-8 (RFC 3629).
enum UTF8Sequence: Equatable {
  /// A sequence of that many bytes.
  case wellFormed(length: Int)
  /// The beginning of a sequence whose rest lies beyond the end.
  case cutShort
  /// A byte that begins no sequence.
  case malformed

  init<Bytes: RandomAccessCollection<UInt8>>(at index: Bytes.Index, in bytes: Bytes) {
    let length: Int
    // The second byte's range excludes overlong forms, surrogates and values above U+10FFFF.
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch bytes[index] {
    case 0x00...0x7F:
      self = .wellFormed(length: 1)
      return
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default:
      self = .malformed
      return
    }
    var place = index
    for position in 1..<length {
      place = bytes.index(after: place)
      guard place < bytes.endIndex else {
        self = .cutShort
        return
      }
      guard (position == 1 ? second : 0x80...0xBF).contains(bytes[place]) else {
        self = .malformed
        return
      }
    }
    self = .wellFormed(length: length)
  }
}
