import Casework
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// What a certified peer can sign never makes a sound store look damaged.
@Suite struct VerifyPeerTests {
  private let city: HandTurnedCity

  init() throws {
    city = try HandTurnedCity(seed: 80, .twoDistricts())
    try city.settle()
  }

  private func seal(
    sequence: UInt64, previous: Hash, kind: String = "lead.reported", incarnation: UInt32 = 9
  ) throws -> Commit {
    let signer = city[.t1].signer
    let stamp = Stamp(
      origin: Origin(region: .t1, incarnation: incarnation), sequence: sequence,
      time: HybridTime(milliseconds: city.now), actor: "a", role: "a", tier: .township,
      key: signer.key, lane: .bulk)
    var draft = CommitDraft(stamp: stamp)
    var event = try city.leadDraft()
    event.kind = kind
    draft.add(event)
    return try signer.seal(draft, previous: previous)
  }

  private func unsigned(_ commit: Commit) throws -> Commit {
    var bytes = CommitBytes(commit)
    bytes.signature = [UInt8](repeating: 3, count: Commit.signatureBytes)
    return try Commit(bytes)
  }

  private func take(_ commits: [Commit]) throws -> TakeOutcome {
    try city.write(city[.d1]) {
      try $0.take(Shipment(chains: [city[.t1].chain], commits: commits), from: .t1)
    }
  }

  private func verify() throws -> Verification {
    try city[.d1].store.read { try $0.verify(judge: city.authority) { _ in } }
  }

  @Test func `commits that a later one vouches for are good without a signature`() throws {
    let first = try seal(sequence: 1, previous: .zero)
    let second = try seal(sequence: 2, previous: first.hash)
    let third = try seal(sequence: 3, previous: second.hash)
    #expect(try take([unsigned(first), unsigned(second), third]).setAside.isEmpty)
    let report = try verify()
    #expect(report.isGood, "\(report.failures)")
    #expect(report.signatures == report.commits - 2)
    #expect(Set(report.findings.compactMap(\.commit)) == [first.hash, second.hash])
  }

  @Test func `nothing vouches where the later commit is altered itself`() throws {
    let first = try seal(sequence: 1, previous: .zero)
    let second = try seal(sequence: 2, previous: first.hash)
    _ = try take([unsigned(first), second])
    try city[.d1].alterNewestSignature()
    let report = try verify()
    #expect(Set(report.failures.compactMap(\.commit)) == [first.hash, second.hash])
  }

  @Test func `a break of an origin's chain is a finding about it, and no damage here`() throws {
    let first = try seal(sequence: 1, previous: .zero)
    let stray = try seal(sequence: 2, previous: Hash(of: [1]))
    let rival = try seal(sequence: 2, previous: first.hash)
    #expect(try take([first, stray, rival]).setAside.isEmpty)
    let report = try verify()
    #expect(report.isGood, "\(report.failures)")
    #expect(report.findings.map(\.commit) == [stray.hash, rival.hash])
    #expect(report.findings.allSatisfy { $0.origin == "t1#9" && $0.sequence == 2 })
    #expect(report.findingCount == 2)
  }

  @Test func `a kind with a NUL is malformed, and text keeps every byte in the store`() throws {
    #expect(throws: MalformedBytes.self) {
      try seal(sequence: 1, previous: .zero, kind: "lead\0.reported")
    }
    let number = "7\0\0"
    let texts = try city.write(city[.d1]) { transaction in
      let connection = transaction.connection
      try connection.execute("INSERT INTO kinds (name) VALUES (?)", .text(number))
      try connection.execute("INSERT INTO kinds (name) VALUES (?)", .text(""))
      return try connection.first(
        "SELECT a.name, b.name FROM kinds a, kinds b WHERE a.name = ? AND b.name = ?",
        .text(number), .text(""), read: { [$0.text(0), $0.text(1)] })
    }
    #expect(texts == [number, ""])
  }
}
