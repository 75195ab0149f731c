import Casework
import Ledger
import Replication
import Testing

@testable import Store

/// What a transaction tells of the evidence that came with it, and the notes of signatures.
@Suite struct LateEvidenceTests {
  private let city: HandTurnedCity

  init() throws {
    city = try HandTurnedCity(seed: 83, .oneChain())
    try city.settle()
  }

  /// A commit as a node has it that may not see all of its events.
  private func part(of commit: Commit, without withheld: Int) throws -> Commit {
    try Commit(
      stampBytes: commit.stampBytes, previous: commit.previous,
      parts: commit.entries.enumerated().map { place, entry in
        guard place != withheld, case .event(let event) = entry else {
          return .withheld(entry.hash)
        }
        return .event(event.bytes)
      }, signature: commit.signature)
  }

  private func effects(ofTaking commits: [Commit]) throws -> StoreEffects {
    try city[.d1].store.write(now: city.now) {
      try $0.take(Shipment(chains: [], commits: commits), from: .t1)
    }.effects
  }

  @Test func `evidence that comes after the rest of its commit is told by its own row`() throws {
    let (lead, other) = (try city.report(at: .t1), try city.report(at: .t1))
    try city.settle()
    var photo = try city.draft(.progress("p"), on: lead, at: .t1)
    photo.kind = Process.evidenceKind(of: "lead")
    let commit = try city.author(.t1, [photo, city.draft(.progress("q"), on: other, at: .t1)])
    let next = try city.author(.t1, [city.leadDraft()])

    let first = try effects(ofTaking: [part(of: commit, without: 0), next])
    #expect(first.firstEvidence == nil)
    let late = try effects(ofTaking: [commit])
    let row = try #require(late.firstEvidence)
    #expect(row < first.place, "it stands where its commit does")
    let found = try city[.d1].store.read {
      try $0.evidence(after: row - 1, ofKinds: [photo.kind], limit: 10).events.map(\.key.hash)
    }
    #expect(found == [commit.entries[0].hash])
    #expect(try effects(ofTaking: [commit]).firstEvidence == nil, "it is held")
  }

  @Test func `a signature is known by the notes of this program and of those before it`() throws {
    let commit = try city.author(.t1, [city.leadDraft()])
    let note = try #require(
      try city[.t1].store.write(now: city.now) { transaction in
        try transaction.connection.first(
          "SELECT signature_note FROM commits WHERE hash = ?", .hash(commit.hash),
          read: { $0.integer(0) })
      }.result)
    let former = Int64(bitPattern: Hash(of: commit.signature).halfWords.high)
    #expect(note != former)
    var other = commit.signature
    other[17] ^= 1
    for known in [note, former] {
      #expect(StoreTransaction.isNote(known, of: commit.signature))
      #expect(!StoreTransaction.isNote(known, of: other))
    }
  }
}
