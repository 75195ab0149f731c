import Evidence
import Foundation
import Node
import Regions
import Testing

/// Reading all evidence and telling what is wrong with it.
@Suite(.timeLimit(.minutes(10))) struct EvidenceVerifyTests {
  private let scratch: ScratchHome
  private let folder: EvidenceFolder

  init() throws {
    scratch = try ScratchHome()
    folder = try EvidenceFolder.open(in: scratch.home)
  }

  @Test func `sound files are counted, and progress is told after each`() throws {
    for index in 1...40 { try folder.take(EvidenceContent.bytes(index)) }
    var told: [Int] = []
    let result = try folder.verify { files, _ in told.append(files) }
    #expect(result.isSound && result.fileCount == 40 && result.byteCount == 820)
    #expect(told == Array(1...40))
  }

  @Test func `damage, cuts and what is not ours are found, each with its path`() throws {
    let names = try (1...6).map { try folder.take(EvidenceContent.bytes(1_000 * $0)).name }.sorted()
    let flipped = URL(filePath: scratch.path("evidence/\(names[0].relativePath)"))
    var bytes = try Data(contentsOf: flipped)
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: flipped)
    let cut = try FileHandle(
      forWritingTo: URL(filePath: scratch.path("evidence/\(names[1].relativePath)")))
    try cut.truncate(atOffset: 10)
    try cut.close()
    try scratch.makeFolder("evidence/zz")
    try scratch.write("?", to: "evidence/readme.txt")
    try scratch.write("?", to: "evidence/partial/stray")
    try scratch.write("?", to: "evidence/\(names[2].folder)/\(names[2].file).jpg")
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path("evidence/ee"), withDestinationPath: scratch.home.path)
    let result = try folder.verify()
    #expect(result.fileCount == 6)
    let found = Set(result.findings.map { "\($0.kind) \($0.path)" })
    #expect(
      found == [
        "damaged \(names[0].relativePath)", "damaged \(names[1].relativePath)", "foreign zz",
        "foreign readme.txt", "foreign partial/stray", "foreign \(names[2].relativePath).jpg",
        "foreign ee",
      ])
    for finding in result.findings {
      #expect(finding.message(in: .zh).contains(finding.path))
      #expect(finding.message(in: .en).contains(finding.path))
    }
  }

  @Test func `very many findings are counted and the first thousand listed`() throws {
    try scratch.makeFolder("evidence/ab")
    for index in 0..<1_005 { try scratch.write("", to: "evidence/ab/\(index)") }
    let result = try folder.verify()
    #expect(result.findingCount == 1_005 && result.findings.count == 1_000)
  }

  @Test func `an error of the progress ends the work`() throws {
    struct Enough: Error {}
    try folder.take([1])
    #expect(throws: Enough.self) { try folder.verify { _, _ in throw Enough() } }
  }
}
