import Evidence
import Testing

@Suite(.timeLimit(.minutes(10))) struct ImageMetadataTests {
  private static let wall: Int64 = 1_714_979_289_250  // 2024-05-06 07:08:09.25 on the wall

  private func read(_ exif: SampleExif) -> ImageMetadata {
    .read(.jpeg, content: SampleFile.jpeg(exif: exif.bytes))
  }

  @Test(arguments: [true, false])
  func `time and place are read from every container and byte order`(isBigEndian: Bool) {
    let exif = SampleExif(isBigEndian: isBigEndian).bytes
    let files: [(EvidenceFormat, [UInt8])] = [
      (.jpeg, SampleFile.jpeg(exif: exif)), (.png, SampleFile.png(exif: exif)),
      (.png, SampleFile.png(exif: exif, afterData: true)),
      (.heic, SampleFile.heic(exif: exif, version: 0)), (.heic, SampleFile.heic(exif: exif)),
      (.heif, SampleFile.heic(exif: exif, version: 2)),
      (.heic, SampleFile.heic(exif: exif, inItemData: true)),
    ]
    for (format, bytes) in files {
      let found = ImageMetadata.read(format, content: bytes)
      #expect(found.cameraTime == CameraTime(wallMilliseconds: Self.wall, offsetMinutes: 480))
      #expect(found.cameraTime?.instantMilliseconds == Self.wall - 28_800_000)
      #expect(found.satelliteTimeMilliseconds == 1_714_950_489_000)
      #expect(abs((found.position?.latitude ?? 0) - 34.60342777) < 1e-7)
      #expect(abs((found.position?.longitude ?? 0) - 119.225) < 1e-9)
    }
  }

  @Test func `without EXIF, and in PDF and MP4, nothing is said`() {
    #expect(ImageMetadata.read(.jpeg, content: SampleFile.jpeg(exif: nil)) == .none)
    #expect(ImageMetadata.read(.png, content: SampleFile.png(exif: nil)) == .none)
    for format in [EvidenceFormat.pdf, .mp4] {
      #expect(ImageMetadata.read(format, content: SampleFile.jpeg(exif: SampleFile.exif)) == .none)
    }
  }

  @Test func `without an offset the time is wall time and no instant`() {
    let time = read(SampleExif(fraction: nil, offset: nil)).cameraTime
    #expect(time == CameraTime(wallMilliseconds: Self.wall - 250, offsetMinutes: nil))
    #expect(time?.instantMilliseconds == nil)
  }

  @Test(arguments: [
    "2024:02:30 00:00:00", "2023:02:29 00:00:00", "0000:00:00 00:00:00", "2024:13:01 00:00:00",
    "2024-05-06 07:08:09", "2024:05:06T07:08:09", "2024:05:06 24:00:00", "2024:05:06 07:60:09",
    "    :  :     :  :  ", "2024:05:06 07:08", "1899:12:31 00:00:00", "2024:5:06 07:08:009",
  ])
  func `a time that no clock shows is none`(text: String) {
    #expect(read(SampleExif(dateTime: text)).cameraTime == nil)
  }

  @Test(arguments: ["08:00", "+8:00", "+0800", "+15:00", "+08:60", "Z", "+08:00:00", "   :  "])
  func `an offset that cannot be read counts as absent`(text: String) {
    let time = read(SampleExif(offset: text)).cameraTime
    #expect(time == CameraTime(wallMilliseconds: Self.wall, offsetMinutes: nil))
  }

  @Test func `south and west are negative, and sides must be named`() {
    let south = read(
      SampleExif(
        latitude: ([(33, 1), (30, 1), (0, 1)], "S"), longitude: ([(70, 1), (0, 1), (0, 1)], "W")))
    #expect(south.position == .init(latitude: -33.5, longitude: -70))
    for side in ["", "E", "n", "NS"] {
      let found = read(SampleExif(latitude: ([(33, 1), (30, 1), (0, 1)], side)))
      #expect(found.position == nil && found.cameraTime != nil, "\(side)")
    }
  }

  @Test func `a place that no map has is none`() {
    let bad: [[SampleExif.Fraction]] = [
      [(91, 1), (0, 1), (0, 1)], [(90, 1), (0, 1), (1, 1)], [(34, 0), (0, 1), (0, 1)],
      [(0, 0), (0, 0), (0, 0)], [(34, 1), (61, 1), (0, 1)], [(34, 1), (0, 1), (61, 1)],
      [(34, 1), (0, 1)], [(34, 1), (0, 1), (0, 1), (0, 1)], [(.max, 1), (.max, 1), (.max, 1)],
    ]
    for value in bad { #expect(read(SampleExif(latitude: (value, "N"))).position == nil) }
    #expect(read(SampleExif(latitude: nil)).position == nil)
    #expect(read(SampleExif(longitude: nil)).position == nil)
  }

  @Test func `only WGS-84 is a datum, by any spelling`() {
    for datum in ["WGS-84", "wgs84", "WGS 84", "  ", nil] {
      #expect(read(SampleExif(datum: datum)).position != nil, "\(datum ?? "none")")
    }
    for datum in ["GCJ-02", "TOKYO"] { #expect(read(SampleExif(datum: datum)).position == nil) }
  }

  @Test func `directories that point to each other end`() {
    let builder = SampleExif()
    // The EXIF and GPS pointers lead back to the first directory, whose next one is itself.
    let main = [
      SampleExif.Entry(tag: 0x8769, type: 4, count: 1, value: bigEndian(8, 4)),
      SampleExif.Entry(tag: 0x8825, type: 4, count: 1, value: bigEndian(8, 4)),
    ]
    var bytes = builder.header + builder.directory(main, at: 8).dropLast(4) + bigEndian(8, 4)
    #expect(ImageMetadata.read(.jpeg, content: SampleFile.jpeg(exif: bytes)) == .none)
    // As many entries as two bytes can say, and a pointer to the end of the world.
    bytes = builder.header + [0xFF, 0xFF] + Array(repeating: 0xFF, count: 60_000)
    #expect(ImageMetadata.read(.jpeg, content: SampleFile.jpeg(exif: bytes)) == .none)
    for offset in [0, 1, 7, 0x7FFF_FFFF, 0xFFFF_FFFF] {
      bytes = builder.header.dropLast(4) + bigEndian(offset, 4) + [0, 1]
      #expect(ImageMetadata.read(.jpeg, content: SampleFile.jpeg(exif: bytes)) == .none)
    }
  }

  @Test func `a damaged PNG chunk is not listened to`() {
    var png = SampleFile.png(exif: SampleFile.exif)
    png[33 + 8 + 50] ^= 1
    #expect(ImageMetadata.read(.png, content: png) == .none)
  }

  @Test func `boxes and items without end or size come to an end`() {
    let type = SampleFile.fileType("heic", ["mif1"])
    let information = SampleFile.box(
      "iinf",
      [0, 0, 0, 0, 0, 1] + SampleFile.box("infe", [2, 0, 0, 0, 0, 9, 0, 0] + Array("Exif".utf8)))
    let items: [UInt8] = (0..<5_000).flatMap { bigEndian($0 % 9, 2) + [0, 0, 0xFF, 0xFF] }
    let locations: [[UInt8]] = [
      // Numbers of no bytes, 65,535 extents to each of 65,535 items.
      [0, 0, 0, 0, 0, 0, 0xFF, 0xFF] + items,
      // Offsets and lengths whose sums overflow.
      [0, 0, 0, 0, 0x88, 0x80, 0, 1, 0, 9, 0, 0] + Array(repeating: 0x7F, count: 8) + [0, 1]
        + Array(repeating: 0x7F, count: 16),
      [0, 0, 0, 0, 0x88, 0x80, 0, 1, 0, 9, 0, 0] + Array(repeating: 0xFF, count: 8) + [0, 1]
        + Array(repeating: 0xFF, count: 16),
      [0, 0, 0, 0, 0x33, 0x30, 0, 1], [9, 0, 0, 0, 0x44, 0x40, 0, 1], [],
    ]
    for location in locations {
      let meta = SampleFile.box(
        "meta", [0, 0, 0, 0] + information + SampleFile.box("iloc", location))
      #expect(ImageMetadata.read(.heic, content: type + meta) == .none)
    }
    for size in [[0, 0, 0, 0], [0, 0, 0, 7], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 1]] as [[UInt8]] {
      let tail = size + Array("free".utf8) + Array(repeating: 0x7F, count: 40)
      #expect(ImageMetadata.read(.heic, content: type + tail) == .none)
    }
  }

  @Test func `a file cut off at any byte gives the right value or none`() throws {
    for sample in SampleFile.all {
      let whole = ImageMetadata.read(sample.format, content: sample.bytes)
      for count in 0..<sample.bytes.count {
        let part = ImageMetadata.read(sample.format, content: Array(sample.bytes.prefix(count)))
        #expect(part.position == nil || part.position == whole.position)
        #expect(
          part.satelliteTimeMilliseconds == nil
            || part.satelliteTimeMilliseconds == whole.satelliteTimeMilliseconds)
        if let time = part.cameraTime {
          // Decimals and offset stand behind the time and may be lost without it.
          #expect(time.wallMilliseconds / 1000 == Self.wall / 1000)
          #expect(time.offsetMinutes == nil || time.offsetMinutes == 480)
        }
      }
    }
  }

  @Test func `an error of the source comes through`() {
    struct Cut: Error {}
    for format in [EvidenceFormat.jpeg, .png, .heic] {
      #expect(throws: Cut.self) { try ImageMetadata.read(format) { _, _ in throw Cut() } }
    }
  }
}
