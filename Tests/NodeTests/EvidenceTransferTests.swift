import Evidence
import Foundation
import Node
import Testing

/// Files that are fetched piece by piece, with the line cut in between.
@Suite(.timeLimit(.minutes(10))) struct EvidenceTransferTests {
  private let scratch: ScratchHome
  private let folder: EvidenceFolder
  private let content = EvidenceContent.bytes(10_000)

  init() throws {
    scratch = try ScratchHome()
    folder = try EvidenceFolder.open(in: scratch.home)
  }

  private var name: EvidenceName { EvidenceName(of: content) }

  private func partialNames() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: scratch.path("evidence/partial"))
  }

  @Test func `a fetch cut at any chunk goes on there and ends with the file`() throws {
    let chunk = 1_000
    for cut in stride(from: 0, through: content.count, by: chunk) {
      do {
        var transfer = try folder.transfer(of: name, byteCount: content.count)
        #expect(transfer.receivedBytes == 0)
        for start in stride(from: 0, to: cut, by: chunk) {
          try transfer.append(Array(content[start..<(start + chunk)]))
        }
      }
      #expect(!folder.holds(name), "nothing counts before its end")
      let folder = try EvidenceFolder.open(in: scratch.home)
      #expect(
        try folder.transfers() == [
          EvidenceTransferState(name: name, byteCount: content.count, receivedBytes: cut)
        ])
      var transfer = try folder.transfer(of: name, byteCount: content.count)
      #expect(transfer.receivedBytes == cut)
      try transfer.append(Array(content[cut...]))
      #expect(
        try transfer.finish()
          == EvidenceReceipt(name: name, byteCount: content.count, wasHeld: false))
      #expect(try partialNames() == [])
      #expect(try folder.verify().isSound)
      try scratch.remove("evidence/\(name.relativePath)")
    }
  }

  @Test func `wrong content is refused at the end and removed`() throws {
    var wrong = content
    wrong[9_999] ^= 1
    var transfer = try folder.transfer(of: name, byteCount: wrong.count)
    try transfer.append(wrong)
    let refusal = EvidenceContent.refusal(finishing: transfer)
    #expect(refusal == .wrongContent)
    #expect(try partialNames() == [])
    #expect(!folder.holds(name))
    var again = try folder.transfer(of: name, byteCount: content.count)
    #expect(again.receivedBytes == 0)
    try again.append(content)
    #expect(try again.finish().name == name)
  }

  @Test func `too few bytes cannot be finished and stay; too many are not taken`() throws {
    var transfer = try folder.transfer(of: name, byteCount: content.count)
    try transfer.append(Array(content.prefix(9_999)))
    #expect(
      #expect(throws: EvidenceError.self) { try transfer.append([1, 2]) }?.code == .wrongLength)
    #expect(transfer.receivedBytes == 9_999)
    let refusal = EvidenceContent.refusal(finishing: transfer)
    #expect(refusal == .wrongLength)
    #expect(try folder.transfers().map(\.receivedBytes) == [9_999])
  }

  @Test func `another length is another transfer, and a partial file grown too long begins anew`()
    throws
  {
    var long = try folder.transfer(of: name, byteCount: 20_000)
    try long.append(EvidenceContent.bytes(500))
    #expect(try folder.transfer(of: name, byteCount: content.count).receivedBytes == 0)
    try Data(repeating: 0, count: 10_001).write(
      to: URL(filePath: scratch.path("evidence/partial/\(name).10000")))
    #expect(try folder.transfer(of: name, byteCount: content.count).receivedBytes == 0)
    #expect(try folder.transfers().map(\.receivedBytes) == [0, 500])
  }

  @Test func `one transfer of a file at a time; it may be given up`() throws {
    let transfer = try folder.transfer(of: name, byteCount: content.count)
    let error = #expect(throws: EvidenceError.self) {
      _ = try folder.transfer(of: name, byteCount: content.count)
    }
    #expect(error?.code == .busy)
    try transfer.discard()
    #expect(try partialNames() == [])
    #expect(try folder.transfer(of: name, byteCount: content.count).receivedBytes == 0)
  }

  @Test func `half-fetched files are limited in number and length`() throws {
    var limits = EvidenceLimits()
    limits.transfers = 2
    limits.fileBytes = 100
    let folder = try EvidenceFolder.open(in: scratch.home, limits: limits)
    for index in 0..<2 as Range<UInt8> {
      _ = try folder.transfer(of: EvidenceName(of: [index]), byteCount: 1)
    }
    #expect(try folder.transfer(of: EvidenceName(of: [0]), byteCount: 1).receivedBytes == 0)
    let many = #expect(throws: EvidenceError.self) {
      _ = try folder.transfer(of: EvidenceName(of: [2]), byteCount: 1)
    }
    #expect(many?.code == .tooManyTransfers)
    let large = #expect(throws: EvidenceError.self) {
      _ = try folder.transfer(of: name, byteCount: 101)
    }
    #expect(large?.code == .tooLarge)
  }

  @Test func `what came in another way meanwhile is swept when the folder is opened`() throws {
    do {
      var transfer = try folder.transfer(of: name, byteCount: content.count)
      try transfer.append([content[0]])
    }
    try folder.take(content)
    let folder = try EvidenceFolder.open(in: scratch.home)
    #expect(try folder.transfers() == [])
  }

  @Test func `a link in the place of a partial file is not followed`() throws {
    try scratch.write("secret", to: "secret")
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path("evidence/partial/\(name).10000"),
      withDestinationPath: scratch.path("secret"))
    let error = #expect(throws: EvidenceError.self) {
      _ = try folder.transfer(of: name, byteCount: content.count)
    }
    #expect(error?.code == .foreign)
    #expect(try String(contentsOfFile: scratch.path("secret"), encoding: .utf8) == "secret")
  }
}
