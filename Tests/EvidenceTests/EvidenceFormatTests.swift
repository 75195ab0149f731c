import Evidence
import Testing

@Suite struct EvidenceFormatTests {
  @Test func `every format is told by its first bytes`() {
    for sample in SampleFile.all {
      #expect(EvidenceFormat.judge(head: sample.bytes) == .format(sample.format))
    }
  }

  @Test func `a file cut off at any byte is its own format or refused, never another`() {
    for sample in SampleFile.all {
      for count in 0..<sample.bytes.count {
        let judgement = EvidenceFormat.judge(head: sample.bytes.prefix(count))
        if count >= sample.headerBytes {
          #expect(judgement == .format(sample.format), "\(sample.format), \(count) bytes")
        } else {
          let expected: EvidenceRefusal.Code = count == 0 ? .empty : .damagedHeader
          #expect(refusal(judgement)?.code == expected, "\(sample.format), \(count) bytes")
        }
      }
    }
  }

  @Test(arguments: [
    ("isom", ["mp41"], EvidenceFormat.mp4), ("mp42", [], .mp4), ("M4V ", ["isom"], .mp4),
    ("iso6", ["3gp5"], .mp4), ("heic", ["mif1", "heic"], .heic), ("mif1", ["heic"], .heic),
    ("heix", [], .heic), ("mif1", ["mif1"], .heif), ("hevc", ["msf1", "iso8"], .heif),
    ("heic", ["mp42"], .heic),
  ])
  func `brands tell video from picture`(major: String, others: [String], format: EvidenceFormat) {
    #expect(EvidenceFormat.judge(head: SampleFile.mp4(major: major, others)) == .format(format))
  }

  @Test(arguments: [
    ("isom", ["heic"], EvidenceRefusal.Code.contradictory), ("mp42", ["mif1"], .contradictory),
    ("avif", ["mif1"], .unknownFormat), ("mif1", ["avif"], .unknownFormat),
    ("qt  ", ["isom"], .unknownFormat), ("crx ", ["isom"], .unknownFormat),
    ("M4A ", ["mp42"], .unknownFormat), ("3gp4", [], .unknownFormat),
  ])
  func `other brands are refused`(major: String, others: [String], code: EvidenceRefusal.Code) {
    #expect(refusal(SampleFile.mp4(major: major, others)) == code)
  }

  @Test func `a wrong size, length or checksum in the header is noticed`() {
    var many = SampleFile.fileType("isom", Array(repeating: "isom", count: 65))
    #expect(refusal(many) == .damagedHeader, "more brands than the bound")
    many = SampleFile.fileType("isom", Array(repeating: "isom", count: 64))
    #expect(EvidenceFormat.judge(head: many) == .format(.mp4))
    for size in [0, 1, 12, 18, 21, 4097, 0x7FFF_FFFF, 0xFFFF_FFFF] {
      let bytes = bigEndian(size, 4) + SampleFile.mp4(major: "isom", []).dropFirst(4)
      #expect(refusal(bytes) == .damagedHeader, "size \(size)")
    }
    for index in 8..<33 {
      var png = SampleFile.png(exif: nil)
      png[index] ^= 1
      #expect(refusal(png) == .damagedHeader, "byte \(index)")
    }
    for marker in [0x00, 0x01, 0xC8, 0xD0, 0xD8, 0xD9, 0xDA, 0xFF] as [UInt8] {
      var jpeg = SampleFile.jpeg(exif: nil)
      jpeg[3] = marker
      #expect(refusal(jpeg) == .damagedHeader, "marker \(marker)")
    }
    for text in [
      "%PDF-3.0\n........", "%PDF-1.8\n........", "%PDF-1.7<html>...", "%PDF-...........",
    ] {
      #expect(refusal(Array(text.utf8)) == .damagedHeader, "\(text)")
    }
  }

  @Test func `a format hidden behind other bytes is not found`() {
    let shifted: [[UInt8]] = SampleFile.all.map { [0x0A] + $0.bytes }
    let others = [
      "<html><script>alert(1)</script></html>", "<svg xmlns='http://www.w3.org/2000/svg'/>",
      "GIF89a..................", "RIFF....WEBPVP8 ........", "PK\u{3}\u{4}....................",
      "MZ......................", "#!/bin/sh\nrm -rf /\n....",
    ].map { Array($0.utf8) }
    for bytes in shifted + others { #expect(refusal(bytes) == .unknownFormat) }
    // What is appended changes nothing: a file is what its first bytes say.
    let polyglot = SampleFile.jpeg(exif: nil) + SampleFile.pdf + Array("<script>".utf8)
    #expect(EvidenceFormat.judge(head: polyglot) == .format(.jpeg))
  }

  @Test func `media types and what is shown are fixed`() {
    let table = EvidenceFormat.allCases.map {
      "\($0.mediaType) .\($0.fileExtension) \($0.isShownInline)"
    }
    #expect(
      table == [
        "image/jpeg .jpg true", "image/png .png true", "application/pdf .pdf true",
        "video/mp4 .mp4 true", "image/heic .heic false", "image/heif .heif false",
      ])
  }

  @Test func `a refusal says what to do in both languages`() {
    for bytes in [[], [1], Array("%PDF-9 .................".utf8), Array(repeating: 7, count: 99)]
      as [[UInt8]]
    {
      let text = refusal(EvidenceFormat.judge(head: bytes))?.text
      #expect(text?.zh.contains("请") == true)
      #expect(["again", "save"].contains { text?.en.contains($0) == true })
    }
  }

  private func refusal(_ judgement: EvidenceFormat.Judgement) -> EvidenceRefusal? {
    if case .refused(let refusal) = judgement { refusal } else { nil }
  }

  private func refusal(_ bytes: [UInt8]) -> EvidenceRefusal.Code? {
    refusal(EvidenceFormat.judge(head: bytes))?.code
  }
}
