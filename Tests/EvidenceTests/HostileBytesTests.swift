import Evidence
import Testing

/// Random damage to valid files: whatever comes of it, nothing traps and work stays bounded.
@Suite(.timeLimit(.minutes(5))) struct HostileBytesTests {
  private static let rounds = 20_000
  /// The most pieces that any format may ask for: a PNG's chunks, and the EXIF data.
  private static let mostPieces = EvidenceBounds.pngChunks + 1

  @Test func `mutated files never trap, never pass as another format, never cost more than bounds`()
  {
    var random = SeededGenerator(seed: evidenceSeed)
    var accepted = 0
    var withMetadata = 0
    for round in 0..<Self.rounds {
      let sample = SampleFile.all[round % SampleFile.all.count]
      let bytes = Self.mutated(sample.bytes, using: &random)
      if case .format(let format) = EvidenceFormat.judge(head: bytes) {
        accepted += 1
        #expect(Self.begins(bytes, as: format), "seed \(evidenceSeed), round \(round): \(format)")
      }
      for format in [sample.format, .jpeg, .png, .heic] {
        var count = 0
        let found = try? ImageMetadata.read(format) { offset, size in
          count += 1
          if offset < 0 || size < 0 || size > EvidenceBounds.exifBytes + 64 {
            Issue.record("piece \(offset), \(size); seed \(evidenceSeed), round \(round)")
          }
          return Array(bytes.dropFirst(max(0, offset)).prefix(max(0, size)))
        }
        if count > Self.mostPieces {
          Issue.record("\(count) pieces; seed \(evidenceSeed), round \(round)")
        }
        if found != ImageMetadata.none { withMetadata += 1 }
        if let position = found?.position,
          !(abs(position.latitude) <= 90 && abs(position.longitude) <= 180)
        {
          Issue.record("\(position); seed \(evidenceSeed), round \(round)")
        }
      }
    }
    // The damage is neither so heavy that nothing is looked into nor so light that nothing breaks.
    print(
      "hostile bytes: \(Self.rounds) files, \(accepted) accepted, \(withMetadata) readings with data"
    )
    #expect(accepted > Self.rounds / 4 && accepted < Self.rounds)
    #expect(withMetadata > Self.rounds / 20)
  }

  /// One to four changes: bits, bytes, numbers, cuts, repeated and foreign pieces.
  private static func mutated(_ original: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      let at = Int.random(in: 0..<bytes.count, using: &random)
      let end = min(bytes.count, at + Int.random(in: 1...64, using: &random))
      switch Int.random(in: 0..<7, using: &random) {
      case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[at] = UInt8.random(in: 0...255, using: &random)
      case 2:
        let number =
          [0, 1, 0x7F, 0xFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF].randomElement(using: &random) ?? 0
        let width = [2, 4, 8].randomElement(using: &random) ?? 4
        bytes.replaceSubrange(at..<min(bytes.count, at + width), with: bigEndian(number, width))
      case 3: bytes.removeSubrange(end...)
      case 4: bytes.removeSubrange(at..<end)
      case 5: bytes.insert(contentsOf: bytes[at..<end], at: at)
      default:
        let other = SampleFile.all.randomElement(using: &random)?.bytes ?? []
        let from = Int.random(in: 0..<other.count, using: &random)
        bytes.replaceSubrange(at..<end, with: other[from...].prefix(end - at))
      }
    }
    return bytes
  }

  /// The signatures once more, independently.
  private static func begins(_ bytes: [UInt8], as format: EvidenceFormat) -> Bool {
    switch format {
    case .jpeg: bytes.starts(with: [0xFF, 0xD8, 0xFF])
    case .png: bytes.starts(with: SampleFile.pngSignature)
    case .pdf: bytes.starts(with: Array("%PDF-".utf8))
    case .mp4, .heic, .heif: bytes.dropFirst(4).starts(with: Array("ftyp".utf8))
    }
  }
}
