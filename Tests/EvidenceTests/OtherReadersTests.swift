import Evidence
import Foundation
import Testing

/// Our reading against Pillow's and exiftool's.
@Suite(.timeLimit(.minutes(3))) struct OtherReadersTests {
  private struct Reading: Decodable {
    let reader: String
    let path: String
    let wall: Int64
    let offset: String?
    let latitude: Double
    let longitude: Double
    let satellite: Int64
  }

  private static let files = 300

  @Test func `random EXIF data is read as other programs read it`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "evidence-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var random = SeededGenerator(seed: evidenceSeed)
    var ours: [String: ImageMetadata] = [:]
    for index in 0..<Self.files {
      let exif = Self.exif(using: &random).bytes
      let (format, bytes): (EvidenceFormat, [UInt8]) =
        switch index % 3 {
        case 0: (.jpeg, SampleFile.jpeg(exif: exif))
        case 1: (.png, SampleFile.png(exif: exif))
        default: (.heic, SampleFile.heic(exif: exif, version: index % 2))
        }
      let file = folder.appending(path: "\(index).\(format.rawValue)")
      try Data(bytes).write(to: file)
      ours[file.path()] = ImageMetadata.read(format, content: bytes)
    }
    let readings = try Self.readings(of: ours.keys.sorted())
    guard !readings.isEmpty else {
      print("SKIPPED: neither Pillow nor exiftool is here, so EXIF was not read by another program")
      return
    }
    for reading in readings {
      let found = try #require(ours[reading.path])
      let about: Comment = "\(reading), \(found), seed \(evidenceSeed)"
      #expect(found.cameraTime?.wallMilliseconds == reading.wall, about)
      #expect(found.cameraTime?.offsetMinutes == reading.offset.flatMap(Self.minutes), about)
      #expect(abs((found.position?.latitude ?? 999) - reading.latitude) < 1e-9, about)
      #expect(abs((found.position?.longitude ?? 999) - reading.longitude) < 1e-9, about)
      #expect(abs((found.satelliteTimeMilliseconds ?? 0) - reading.satellite) <= 1, about)
    }
    let counts = Dictionary(grouping: readings, by: \.reader).mapValues(\.count)
    print("EXIF compared with other readers: \(counts.sorted { $0.key < $1.key })")
  }

  private static func exif(using random: inout SeededGenerator) -> SampleExif {
    func digits(_ range: ClosedRange<Int>, _ count: Int) -> String {
      let text = String(Int.random(in: range, using: &random))
      return String(repeating: "0", count: count - text.count) + text
    }
    func date() -> String { "\(digits(1970...2099, 4)):\(digits(1...12, 2)):\(digits(1...28, 2))" }
    func fraction(below limit: UInt32) -> SampleExif.Fraction {
      let scale = ([1, 10, 1000, 10_000] as [UInt32]).randomElement(using: &random) ?? 1
      return (UInt32.random(in: 0..<(limit * scale), using: &random), scale)
    }
    var exif = SampleExif(isBigEndian: Bool.random(using: &random))
    exif.dateTime = "\(date()) \(digits(0...23, 2)):\(digits(0...59, 2)):\(digits(0...59, 2))"
    exif.fraction = Bool.random(using: &random) ? digits(0...999, 3) : nil
    let sign = Bool.random(using: &random) ? "+" : "-"
    exif.offset =
      Bool.random(using: &random) ? "\(sign)\(digits(0...13, 2)):\(digits(0...59, 2))" : nil
    exif.latitude = (
      [(.random(in: 0...88, using: &random), 1), fraction(below: 60), fraction(below: 60)],
      Bool.random(using: &random) ? "N" : "S"
    )
    exif.longitude = (
      [(.random(in: 0...178, using: &random), 1), fraction(below: 60), fraction(below: 60)],
      Bool.random(using: &random) ? "E" : "W"
    )
    exif.satelliteDate = date()
    exif.satelliteTime = [
      (.random(in: 0...23, using: &random), 1), (.random(in: 0...59, using: &random), 1),
      fraction(below: 60),
    ]
    return exif
  }

  private static func minutes(_ offset: String) -> Int? {
    let parts = offset.dropFirst().split(separator: ":").compactMap { Int($0) }
    guard parts.count == 2 else { return nil }
    return (offset.hasPrefix("-") ? -1 : 1) * (parts[0] * 60 + parts[1])
  }

  private static func readings(of paths: [String]) throws -> [Reading] {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "read_exif.py")
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", script.path()] + paths
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "read_exif.py failed")
    return try output.split(separator: UInt8(ascii: "\n")).map {
      try JSONDecoder().decode(Reading.self, from: Data($0))
    }
  }
}
