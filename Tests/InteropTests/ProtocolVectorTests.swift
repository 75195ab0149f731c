import Crypto
import Ledger
import Regions
import Testing

/// The page's vectors of the ledger against the code, so that the two cannot drift apart.
@Suite struct ProtocolVectorTests {
  private let page: ProtocolPage

  init() throws { page = try ProtocolPage() }

  @Test func everyVectorOfThePageIsCheckedByATest() {
    let checked: Set = [
      "key", "canonical", "refused", "stamp", "founding event", "later event", "first commit",
      "second commit", "running hash", "frames", "fingerprints", "comparison",
    ]
    #expect(Set(page.blocks.keys) == checked)
  }

  @Test func canonicalValuesHaveTheBytesOfThePage() throws {
    let lines = try page.lines("canonical")
    #expect(lines.count > 20)
    for (hex, text) in lines {
      let bytes = try #require([UInt8](hex: hex))
      let value = try CanonicalValue(decoding: bytes)
      #expect(value.encoded == bytes)
      // Maps lose their order in memory; the encoding proves it.
      if !text.hasPrefix("{") || text == "{}" { #expect(diagnostic(value) == text) }
    }
    let map = try #require(lines.first { $0.value.hasPrefix("{\"b\"") })
    let written = CanonicalValue.map([
      "aa": .bytes([1]), "线": .boolean(true), "b": .integer(1), "aaaa": .array([]),
    ])
    #expect(written.encoded.hex == map.key)
  }

  @Test func otherFormsAreRefused() throws {
    for (hex, reason) in try page.lines("refused") {
      let bytes = try #require([UInt8](hex: hex))
      #expect(throws: MalformedBytes.self, "\(hex): \(reason)") {
        try CanonicalValue(decoding: bytes)
      }
    }
  }

  @Test func stampHasTheFieldsBytesAndHashOfThePage() throws {
    let time = HybridTime(
      milliseconds: try page.number("stamp", "milliseconds"),
      counter: try page.number("stamp", "counter"))
    #expect(try time.rawValue == page.number("stamp", "time"))
    let region = RegionID(try page.text("stamp", "region"))
    let tier = Tier(rawValue: try page.number("stamp", "tier"))
    let key = KeyName(try page.bytes("stamp", "key"))
    let lane = Lane(rawValue: try page.number("stamp", "lane"))
    let stamp = Stamp(
      origin: Origin(
        region: try #require(region), incarnation: try page.number("stamp", "incarnation")),
      sequence: try page.number("stamp", "sequence"), time: time,
      actor: try page.text("stamp", "actor"), role: try page.text("stamp", "role"),
      tier: try #require(tier), key: try #require(key), lane: try #require(lane))
    #expect(try stamp.encoded == page.bytes("stamp", "bytes"))
    #expect(try Stamp(decoding: stamp.encoded) == stamp)
    #expect(try Stamp.hash(of: stamp.encoded) == page.hash("stamp", "hash"))
  }

  @Test(arguments: ["founding event", "later event"])
  func eventHasTheBytesHashAndEntityOfThePage(block: String) throws {
    let isFounding = block == "founding event"
    let entityText = try page.text(block, "entity")
    let entity = try #require(EntityID(text: entityText))
    let draft = try EventDraft(
      entity: isFounding ? nil : entity, kind: page.text(block, "kind"),
      parents: page.text(block, "parents").split(separator: " ").map {
        try #require(Hash(hex: $0))
      },
      audience: page.text(block, "audience").split(separator: " ").map { word in
        word == "*" ? .everyone : try #require(RegionID(word))
      }, salt: page.bytes(block, "salt"), body: page.bytes(block, "body"))
    #expect(try draft.encoded == page.bytes(block, "bytes"))
    let milliseconds: UInt64 = try page.number("stamp", "milliseconds")
    let event = try Event(
      bytes: draft.encoded, stampHash: page.hash(block, "stamp_hash"), milliseconds: milliseconds)
    #expect(try event.hash == page.hash(block, "hash"))
    #expect(event.entity == entity)
    #expect(event.isFounding == isFounding)
  }

  @Test(arguments: [("first commit", ["founding event"]), ("second commit", ["later event"])])
  func commitHasThePreimageHashAndSignatureOfThePage(block: String, events: [String]) throws {
    let commit = try page.commit(block, events: events)
    let stampHash = Stamp.hash(of: commit.stampBytes)
    let list = Commit.listHash(commit.entries.map(\.hash))
    #expect(try stampHash == page.hash(block, "stamp_hash"))
    #expect(try list == page.hash(block, "list_hash"))
    let preimage = Commit.preimage(stampHash: stampHash, previous: commit.previous, list: list)
    #expect(try preimage == page.bytes(block, "preimage"))
    #expect(try commit.hash == page.hash(block, "hash"))
    let key = try P256.Signing.PublicKey(x963Representation: page.bytes("key", "point"))
    #expect(try Array(key.derRepresentation) == page.bytes("key", "spki"))
    #expect(try KeyName(of: key).bytes == page.bytes("key", "name"))
    #expect(commit.stamp.key == KeyName(of: key))
    #expect(commit.isSigned(by: key))
  }

  @Test func secondCommitVouchesForTheFirst() throws {
    let first = try page.commit("first commit", events: ["founding event"])
    let second = try page.commit("second commit", events: ["later event"])
    var asked: [Hash] = []
    let verdicts = RunVerifier.verdicts(for: [first, second]) { commit in
      asked.append(commit.hash)
      return true
    }
    #expect(verdicts == [true, true])
    #expect(asked == [second.hash])
    var clock = HybridClock(last: first.stamp.time)
    let wall = first.stamp.time.milliseconds - 1000
    #expect(clock.tick(wallMilliseconds: wall) == second.stamp.time)
  }

  @Test func runningHashIsThatOfThePage() throws {
    var running = Hash.zero
    for (position, line) in try page.lines("running hash") {
      let words = try line.split(separator: " ").map { try #require(Hash(hex: $0)) }
      if words.count == 2 { running = running.appending(words[0]) }
      #expect(running == words.last, "position \(position)")
    }
  }

  /// RFC 8949's diagnostic notation.
  private func diagnostic(_ value: CanonicalValue) -> String {
    switch value {
    case .null: "null"
    case .boolean(let flag): "\(flag)"
    case .integer(let number): "\(number)"
    case .bytes(let bytes): "h'\(bytes.hex)'"
    case .text(let text): "\"\(text)\""
    case .array(let elements): "[\(elements.map(diagnostic).joined(separator: ", "))]"
    case .map(let entries):
      "{\(entries.map { "\"\($0)\": \(diagnostic($1))" }.joined(separator: ", "))}"
    }
  }
}
