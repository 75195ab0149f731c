import Foundation
import Ledger
import Node
import Testing

/// Custody files, checked by the script that they bring along, with OpenSSL itself.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: CustodyFixture.isAvailable))
struct CustodyTests {
  @Test func `an export verifies, says what is in it, and shows nothing of others`() async throws {
    let fixture = try await CustodyFixture()
    let run = try fixture.verify()
    #expect(run.status == 0, "\(run.output)")
    let answer = fixture.answer
    #expect(answer.events == 4 && answer.commits == 4 && answer.missing == 0)
    #expect(answer.evidence == 1 && answer.evidenceAbsent == 1)
    let ok = run.output.split(separator: "\n").filter { $0.contains("ok  commits/") }
    #expect(ok.count == answer.commits + answer.events, "\(run.output)")
    let files = try fixture.files()
    #expect(files.count == answer.files + 2)
    // The contact is an event of the same commit, and only its hash is here.
    #expect(try fixture.read("commits/00001/hashes.bin").count == 2 * Hash.byteCount)
    #expect(files.filter { $0.hasPrefix("commits/00001/event-") }.count == 1)
    for file in files {
      let text = String(decoding: try fixture.read(file), as: UTF8.self)
      #expect(!text.contains("13800000000") && !text.contains("李四"), "\(file)")
    }
    let story = try JSONSerialization.jsonObject(with: Data(try fixture.read("story.json")))
    #expect((story as? [Any])?.count == 5)
  }

  @Test func `the script is plain POSIX shell`() async throws {
    let fixture = try await CustodyFixture()
    #expect(try CustodyFixture.run("sh", "-n", "\(fixture.folder)/verify.sh").status == 0)
    let text = Array(CustodyScript.text.utf8)
    #expect(Hash(of: text).description == fixture.answer.verifier)
    let checked = try CustodyFixture.run("shellcheck", "-s", "sh", "\(fixture.folder)/verify.sh")
    // 127: the machine has no shellcheck.
    if checked.status == 127 { print("SKIPPED: no shellcheck on this machine") }
    #expect([0, 127].contains(checked.status), "\(checked.output)")
    #expect(try CustodyFixture.run("sh", "\(fixture.folder)/verify.sh").status == 64)
  }

  @Test func `the same lead gives the same bytes, but for the signature at the end`() async throws {
    let fixture = try await CustodyFixture()
    let second = fixture.city.path("second.tar")
    _ = try await fixture.east.commands.exportLead(
      LeadExportArguments(lead: fixture.answer.lead, path: second))
    let (a, b) = (
      try Data(contentsOf: URL(filePath: fixture.tar)),
      try Data(
        contentsOf: URL(filePath: second))
    )
    // The signature is one block, its header one, and the end of a tar two.
    #expect(a.count == b.count && a.dropLast(4 * 512) == b.dropLast(4 * 512))
    #expect(a.count % 512 == 0 && a.suffix(1024).allSatisfy { $0 == 0 })
    let again = await commandError {
      _ = try await fixture.east.commands.exportLead(
        LeadExportArguments(lead: fixture.answer.lead, path: second))
    }
    #expect(again?.code == .alreadyExists && again?.exit == .refused)
  }

  @Test func `a byte altered in any file does not verify`() async throws {
    let fixture = try await CustodyFixture()
    for file in try fixture.files() {
      let bytes = try fixture.read(file)
      for _ in 0..<3 {
        let place = Int.random(in: bytes.indices)
        var altered = bytes
        altered[place] ^= UInt8.random(in: 1...255)
        try fixture.write(altered, to: file)
        let run = try fixture.verify()
        #expect(run.status == 1, "\(file), byte \(place): \(run.output)")
      }
      try fixture.write(bytes, to: file)
    }
    #expect(try fixture.verify().status == 0)
  }

  @Test func `an exporter that signs what it altered is found out all the same`() async throws {
    let fixture = try await CustodyFixture()
    let proven = try fixture.files().filter {
      $0.hasPrefix("commits/") || $0.hasPrefix("evidence/")
    }
    #expect(proven.count == 4 * 5 + 1)
    for file in proven {
      let bytes = try fixture.read(file)
      for _ in 0..<2 {
        let place = Int.random(in: bytes.indices)
        var altered = bytes
        altered[place] ^= UInt8.random(in: 1...255)
        try fixture.write(altered, to: file)
        try fixture.signAnew()
        let run = try fixture.verify()
        #expect(run.status == 1, "\(file), byte \(place): \(run.output)")
      }
      try fixture.write(bytes, to: file)
    }
    try fixture.signAnew()
    #expect(try fixture.verify().status == 0)
  }

  @Test func `an event that is removed, added or in another's place does not verify`() async throws
  {
    let fixture = try await CustodyFixture()
    let index = String(decoding: try fixture.read("index.txt"), as: UTF8.self)
    let lines = index.split(separator: "\n").map(String.init)
    let events = lines.filter { $0.hasPrefix("event ") }
    func expectFault(_ name: String, _ change: () throws -> Void) throws {
      try change()
      try fixture.signAnew()
      let run = try fixture.verify()
      #expect(run.status == 1 && run.output.contains("FAULT"), "\(name): \(run.output)")
      try fixture.unpack()
    }
    func reindex(_ lines: [String]) throws {
      try fixture.write(Array(lines.map { $0 + "\n" }.joined().utf8), to: "index.txt")
    }
    func path(_ line: String) -> String {
      let words = line.split(separator: " ")
      return "commits/\(words[1])/event-\(words[2]).bin"
    }
    try expectFault("removed with its line") {
      try FileManager.default.removeItem(atPath: "\(fixture.folder)/\(path(events[1]))")
      try reindex(lines.filter { $0 != events[1] })
    }
    try expectFault("left out of the index") { try reindex(lines.filter { $0 != events[3] }) }
    try expectFault("child before parent") {
      try reindex([lines[0], lines[1], events[1], events[0]] + lines.dropFirst(4))
    }
    try expectFault("contents swapped") {
      let (a, b) = (try fixture.read(path(events[1])), try fixture.read(path(events[2])))
      try fixture.write(b, to: path(events[1]))
      try fixture.write(a, to: path(events[2]))
    }
    try expectFault("another lead's name") {
      try reindex(["lead 019b76da-a800-7c5d-b6a9-9bdc65037273"] + lines.dropFirst())
    }
    try expectFault("evidence kept back") {
      try reindex(lines.filter { !$0.hasPrefix("evidence ") })
    }
    #expect(try fixture.verify().status == 0)
  }

  @Test func `a certificate of another CA or another office does not verify`() async throws {
    let fixture = try await CustodyFixture()
    let other = try CommandsCity()
    let foreign = "\(try other.home("east").path)/root.pem"
    #expect(try fixture.verify(by: foreign).status == 1)
    // The hub's certificate in the place of the township's.
    let keys = try fixture.files().filter { $0.hasPrefix("keys/") }
    #expect(keys.count == 2)
    let hub = try Data(contentsOf: URL(filePath: "\(fixture.city.home("hub").path)/node.pem"))
    for key in keys {
      let former = try fixture.read(key)
      try fixture.write(Array(hub), to: key)
      try fixture.signAnew()
      #expect(try fixture.verify().status == 1, "\(key)")
      try fixture.write(former, to: key)
    }
  }
}
