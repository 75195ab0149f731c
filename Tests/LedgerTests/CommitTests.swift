import Crypto
import Ledger
import Regions
import Testing

/// Commits: what their hashes cover, what binds an entity's id, and the bounds.
@Suite struct CommitTests {
  @Test func `a withheld event leaves the commit's hash and signature good`() throws {
    var origin = try TestOrigin("t1", seed: 1)
    let whole = try origin.seal([origin.draft(), origin.draft(), origin.draft()])
    var parts = whole.parts
    parts[1] = .withheld(whole.entries[1].hash)
    let partial = try Commit(
      stampBytes: whole.stampBytes, previous: whole.previous, parts: parts,
      signature: whole.signature)
    #expect(partial.hash == whole.hash)
    #expect(partial.isSigned(by: origin.key.publicKey))
    #expect(partial.events.map(\.position) == [0, 2])
  }

  @Test func `a commit's bytes survive their one canonical form, whole and in part`() throws {
    var origin = try TestOrigin("t1", seed: 3)
    var bytes = CommitBytes(try origin.seal([origin.draft(), origin.draft()]))
    #expect(try CommitBytes(decoding: bytes.encoded) == bytes)
    bytes.parts[1] = .withheld(Hash(of: [1]))
    #expect(try CommitBytes(decoding: bytes.encoded) == bytes)
    for cut in [0, 1, bytes.encoded.count - 1] {
      #expect(throws: MalformedBytes.self) {
        try CommitBytes(decoding: Array(bytes.encoded.prefix(cut)))
      }
    }
  }

  @Test func `no byte of a commit can change unnoticed`() throws {
    for seed in UInt64(1)...6 {
      var origin = try TestOrigin("t1", seed: seed)
      var numbers = SeededNumbers(seed: seed)
      _ = try origin.seal()
      let commit = try origin.seal([origin.draft(), origin.draft()])
      for _ in 0..<40 {
        let altered = try? Self.altered(commit, &numbers)
        guard let altered, altered != commit else { continue }
        #expect(
          altered.hash != commit.hash || altered.signature != commit.signature, "seed \(seed)")
        #expect(!altered.isSigned(by: origin.key.publicKey), "seed \(seed)")
      }
    }
  }

  private static func altered(_ commit: Commit, _ numbers: inout SeededNumbers) throws -> Commit {
    var stamp = commit.stampBytes
    var signature = commit.signature
    var previous = commit.previous
    var parts = commit.parts
    switch numbers.below(5) {
    case 0: stamp[numbers.below(stamp.count)] ^= UInt8(1 << numbers.below(8))
    case 1: signature[numbers.below(64)] ^= UInt8(1 << numbers.below(8))
    case 2: previous = Hash(of: numbers.bytes(8))
    case 3: parts.swapAt(0, 1)
    default:
      guard case .event(var bytes) = parts[0] else { break }
      bytes[numbers.below(bytes.count)] ^= UInt8(1 << numbers.below(8))
      parts[0] = .event(bytes)
    }
    return try Commit(
      stampBytes: stamp, previous: previous, parts: parts, signature: signature)
  }

  @Test func `an entity's id is a version 7 UUID bound to its founding event`() throws {
    var origin = try TestOrigin("t1", seed: 2)
    let commit = try origin.seal([origin.draft(), origin.draft()])
    let events = commit.events.map(\.event)
    #expect(events[0].entity != events[1].entity)
    for event in events {
      let bytes = event.entity.bytes
      #expect(bytes[6] >> 4 == 7)
      #expect(bytes[8] >> 6 == 0b10)
      #expect(event.entity.milliseconds == commit.stamp.time.milliseconds)
      // 12 bits of the hash's beginning and 62 of its second word, as the id's definition says.
      #expect(
        UInt16(bytes[6] & 15) << 8 | UInt16(bytes[7]) == UInt16(event.hash.bytes[0]) << 4
          | UInt16(event.hash.bytes[1] >> 4))
      let second = event.hash.bytes[8..<16].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      let low = bytes[8..<16].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      #expect(low & (1 << 62 - 1) == second >> 2)
      #expect(EntityID(text: event.entity.description) == event.entity)
    }
  }

  @Test func `the same founding bytes under another stamp found another entity`() throws {
    var one = try TestOrigin("t1", seed: 3)
    let draft = one.draft()
    let first = try one.seal([draft])
    let second = try one.seal([draft])
    #expect(first.events[0].event.bytes == second.events[0].event.bytes)
    #expect(first.events[0].event.hash != second.events[0].event.hash)
    #expect(first.events[0].event.entity != second.events[0].event.entity)
  }

  @Test(arguments: [
    ("no events", 0, 0, false), ("the most events", 256, 1, true), ("one too many", 257, 1, false),
    ("the longest body", 1, 64 * 1024, true), ("a byte too long", 1, 64 * 1024 + 1, false),
    ("the fullest commit", 4, 65_400, true), ("too full", 5, 60_000, false),
  ])
  func `commits keep to their bounds`(
    name: String, events: Int, bodyBytes: Int, isGood: Bool
  ) throws {
    var origin = try TestOrigin("t1", seed: 4)
    let drafts = (0..<events).map { _ in origin.draft(body: [UInt8](repeating: 7, count: bodyBytes))
    }
    let sealed = try? origin.seal(drafts)
    #expect((sealed != nil) == isGood, "\(name)")
  }

  @Test
  func `an event that neither founds nor has a parent is malformed, and so is one that does both`()
    throws
  {
    var origin = try TestOrigin("t1", seed: 5)
    let founding = try origin.seal().events[0].event
    var orphan = origin.draft()
    orphan.entity = founding.entity
    #expect(throws: MalformedBytes.self) { try origin.seal([orphan]) }
    var both = origin.draft()
    both.parents = [founding.hash]
    #expect(throws: MalformedBytes.self) { try origin.seal([both]) }
    var good = orphan
    good.parents = [founding.hash]
    #expect(try origin.seal([good]).events[0].event.entity == founding.entity)
    good.parents = (0..<UInt8(32)).map { Hash(of: [$0]) }
    #expect(throws: Never.self) { try origin.seal([good]) }
    good.parents.append(founding.hash)
    #expect(throws: MalformedBytes.self) { try origin.seal([good]) }
    good.parents = [founding.hash]
    good.salt = [1]
    #expect(throws: MalformedBytes.self) { try origin.seal([good]) }
    good.salt = [UInt8](repeating: 1, count: 16)
    good.kind = String(repeating: "k", count: 65)
    #expect(throws: MalformedBytes.self) { try origin.seal([good]) }
  }

  @Test func `only a first commit has no commit before it`() throws {
    let origin = try TestOrigin("t1", seed: 6)
    let part = Commit.Part.withheld(Hash(of: [1]))
    for (sequence, previous, isGood) in [
      (UInt64(1), Hash.zero, true), (1, Hash(of: [2]), false), (2, .zero, false),
      (2, Hash(of: [2]), true),
    ] {
      let commit = try? Commit(
        stampBytes: origin.stamp(sequence: sequence).encoded, previous: previous, parts: [part],
        signature: [UInt8](repeating: 0, count: 64))
      #expect((commit != nil) == isGood)
    }
  }
}
