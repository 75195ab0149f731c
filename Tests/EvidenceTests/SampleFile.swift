import Evidence

/// Small valid files, made here byte by byte.
enum SampleFile {
  static let exif = SampleExif().bytes

  /// Every format, with the length of the header that it is told by.
  static let all: [(format: EvidenceFormat, bytes: [UInt8], headerBytes: Int)] = [
    (.jpeg, jpeg(exif: exif), 16), (.png, png(exif: exif), 33), (.pdf, pdf, 16),
    (.mp4, mp4(major: "isom", ["isom", "iso2", "avc1", "mp41"]), 32), (.heic, heic(exif: exif), 24),
    (.heif, heic(exif: exif, major: "mif1", ["mif1"]), 20),
  ]

  static func jpeg(exif: [UInt8]?) -> [UInt8] {
    let frame: [UInt8] = [8, 0, 1, 0, 1, 1, 1, 0x11, 0]
    return [0xFF, 0xD8] + segment(0xE0, Array("JFIF\0".utf8) + [1, 2, 0, 0, 1, 0, 1, 0, 0])
      + (exif.map { segment(0xE1, Array("Exif\0\0".utf8) + $0) } ?? [])
      + segment(0xDB, [0] + Array(repeating: 1, count: 64)) + segment(0xC0, frame)
      + segment(0xDA, [1, 1, 0, 0, 63, 0]) + [0x2A, 0xFF, 0xD9]
  }

  static func segment(_ marker: UInt8, _ body: [UInt8]) -> [UInt8] {
    [0xFF, marker] + bigEndian(body.count + 2, 2) + body
  }

  static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  static func png(exif: [UInt8]?, afterData: Bool = false) -> [UInt8] {
    let metadata = exif.map { chunk("eXIf", $0) } ?? []
    // One grey pixel: zlib's stored block.
    let data = chunk("IDAT", [0x78, 1, 1, 2, 0, 0xFD, 0xFF, 0, 0x80, 0, 0x82, 0, 0x81])
    return pngSignature + chunk("IHDR", bigEndian(1, 4) + bigEndian(1, 4) + [8, 0, 0, 0, 0])
      + (afterData ? data + metadata : metadata + data) + chunk("IEND", [])
  }

  static func chunk(_ type: String, _ body: [UInt8]) -> [UInt8] {
    let covered = Array(type.utf8) + body
    return bigEndian(body.count, 4) + covered + bigEndian(Int(checksum(covered)), 4)
  }

  /// CRC-32 straight from its definition, bit by bit.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var register: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      for bit in 0..<8 {
        let isSet = (register ^ UInt32(byte >> bit)) & 1 == 1
        register >>= 1
        if isSet { register ^= 0xEDB8_8320 }
      }
    }
    return ~register
  }

  static let pdf = Array(
    "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n".utf8)

  static func mp4(major: String, _ compatible: [String]) -> [UInt8] {
    fileType(major, compatible) + box("moov", box("mvhd", Array(repeating: 0, count: 100)))
      + box("mdat", [1, 2, 3, 4])
  }

  static func box(_ type: String, _ body: [UInt8]) -> [UInt8] {
    bigEndian(body.count + 8, 4) + Array(type.utf8) + body
  }

  static func fileType(_ major: String, _ compatible: [String]) -> [UInt8] {
    box("ftyp", Array(major.utf8) + bigEndian(512, 4) + compatible.flatMap { Array($0.utf8) })
  }

  /// A HEIC whose pixels are missing and whose Exif item lies in two pieces.
  static func heic(
    exif: [UInt8], major: String = "heic", _ compatible: [String] = ["mif1", "heic"],
    inItemData: Bool = false, version: Int = 1
  ) -> [UInt8] {
    let payload = bigEndian(6, 4) + Array("Exif\0\0".utf8) + exif
    let type = fileType(major, compatible)
    let half = payload.count / 2
    func meta(base: Int) -> [UInt8] {
      let idBytes = version == 2 ? 4 : 2
      func entry(_ id: Int, _ kind: String) -> [UInt8] {
        box(
          "infe",
          [version == 2 ? 3 : 2, 0, 0, 0] + bigEndian(id, idBytes) + [0, 0] + Array(kind.utf8) + [0]
        )
      }
      func location(_ id: Int, _ extents: [(Int, Int)]) -> [UInt8] {
        bigEndian(id, idBytes) + (version == 0 ? [] : bigEndian(inItemData ? 1 : 0, 2)) + [0, 0]
          + bigEndian(inItemData ? 0 : base, 4) + bigEndian(extents.count, 2)
          + extents.flatMap { bigEndian($0.0, 4) + bigEndian($0.1, 4) }
      }
      let information = box(
        "iinf", [0, 0, 0, 0] + bigEndian(2, 2) + entry(1, "hvc1") + entry(2, "Exif"))
      let locations = box(
        "iloc",
        [UInt8(version), 0, 0, 0, 0x44, 0x40] + bigEndian(2, idBytes) + location(1, [(0, 1)])
          + location(2, [(0, half), (half, payload.count - half)]))
      let handler = box(
        "hdlr",
        Array(repeating: 0, count: 8) + Array("pict".utf8) + [UInt8](repeating: 0, count: 13))
      return box(
        "meta",
        [0, 0, 0, 0] + handler + box("pitm", [0, 0, 0, 0, 0, 1]) + information + locations
          + (inItemData ? box("idat", payload) : []))
    }
    let base = type.count + meta(base: 0).count + 8
    return type + meta(base: base) + box("mdat", inItemData ? [0] : payload)
  }
}
