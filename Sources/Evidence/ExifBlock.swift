/// The TIFF block that EXIF data is (EXIF 2.32, 4.5 and 4.6; TIFF 6.0, section 2).
struct ExifBlock {
  let view: ByteView

  /// `nil` unless it begins as a TIFF block does.
  init?(_ bytes: [UInt8]) {
    let start = ByteView(bytes)
    let order: ByteView.Order
    if start.holds("II*\0", at: 0) {
      order = .littleEndian
    } else if start.holds("MM\0*", at: 0) {
      order = .bigEndian
    } else {
      return nil
    }
    view = ByteView(bytes, order: order)
  }

  /// The directory of the picture itself; empty if its offset leads nowhere.
  var firstDirectory: ExifDirectory { ExifDirectory(in: view, at: view.uint32(at: 4) ?? 0) }
}

/// One directory of a TIFF block.
///
/// Only the first directory's two pointers are ever followed, and no directory's link to the next:
/// so a block has three directories at most, and a cycle of pointers ends by itself.
struct ExifDirectory {
  private let view: ByteView
  private let fields: [Field]

  /// What one entry holds, and where.
  private struct Field {
    let tag: Int
    let type: Int
    let count: Int
    /// Where the entry's four bytes for the value or its offset stand.
    let place: Int
  }

  private enum FieldType {
    static let ascii = 2
    static let long = 4
    static let rational = 5
    static let directory = 13
  }

  private static let entryBytes = 12
  private static let inlineBytes = 4

  /// Reads the entries, as far as they are there.
  init(in view: ByteView, at offset: Int) {
    self.view = view
    let count = min(view.uint16(at: offset) ?? 0, EvidenceBounds.directoryEntries)
    var fields: [Field] = []
    for index in 0..<count {
      let entry = offset + 2 + index * Self.entryBytes
      guard let tag = view.uint16(at: entry), let type = view.uint16(at: entry + 2),
        let count = view.uint32(at: entry + 4), view.uint32(at: entry + 8) != nil
      else { break }
      fields.append(Field(tag: tag, type: type, count: count, place: entry + 8))
    }
    self.fields = fields
  }

  /// The directory that a field points to.
  func directory(_ tag: ExifTag) -> ExifDirectory? {
    guard let field = field(tag, types: [FieldType.long, FieldType.directory]), field.count == 1,
      let offset = view.uint32(at: field.place)
    else { return nil }
    return ExifDirectory(in: view, at: offset)
  }

  /// A text up to its first NUL; `nil` if it is not ASCII or longer than the bound.
  func text(_ tag: ExifTag) -> String? {
    guard let field = field(tag, types: [FieldType.ascii]),
      1...EvidenceBounds.exifTextBytes ~= field.count,
      let bytes = value(of: field, byteCount: field.count)
    else { return nil }
    let text = bytes.prefix { $0 != 0 }
    return text.allSatisfy { $0 < 0x80 } ? String(decoding: text, as: UTF8.self) : nil
  }

  /// Exactly so many fractions; `nil` if one has the denominator zero.
  func rationals(_ tag: ExifTag, count: Int) -> [Double]? {
    let rationalBytes = 8
    guard let field = field(tag, types: [FieldType.rational]), field.count == count,
      let bytes = value(of: field, byteCount: count * rationalBytes)
    else { return nil }
    let numbers = ByteView(bytes, order: view.order)
    var values: [Double] = []
    for offset in stride(from: 0, to: bytes.count, by: rationalBytes) {
      guard let numerator = numbers.uint32(at: offset),
        let denominator = numbers.uint32(at: offset + 4), denominator != 0
      else { return nil }
      values.append(Double(numerator) / Double(denominator))
    }
    return values
  }

  /// The first entry of that tag; further ones are not listened to.
  private func field(_ tag: ExifTag, types: [Int]) -> Field? {
    fields.first { $0.tag == tag.rawValue }.flatMap { types.contains($0.type) ? $0 : nil }
  }

  private func value(of field: Field, byteCount: Int) -> ArraySlice<UInt8>? {
    guard byteCount > Self.inlineBytes else { return view.piece(at: field.place, count: byteCount) }
    return view.uint32(at: field.place).flatMap { view.piece(at: $0, count: byteCount) }
  }
}

/// The EXIF fields that are read.
enum ExifTag: Int {
  // In the first directory.
  case exifDirectory = 0x8769
  case gpsDirectory = 0x8825
  // In the EXIF directory.
  case dateTimeOriginal = 0x9003
  case offsetTimeOriginal = 0x9011
  case subSecondOriginal = 0x9291
  // In the GPS directory.
  case latitudeSide = 0x0001
  case latitude = 0x0002
  case longitudeSide = 0x0003
  case longitude = 0x0004
  case satelliteTime = 0x0007
  case datum = 0x0012
  case satelliteDate = 0x001D
}
