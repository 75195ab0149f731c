package import Ledger
import Regions

extension EntityState {
  private static let format: UInt64 = 1
  private static let fieldCount = 10
  private static let reviewFlag: UInt64 = 1
  private static let partlyFlag: UInt64 = 2
  fileprivate static let pairFields = 3
  fileprivate static let decidedFields = 5

  /// The canonical bytes: the array `[1, family, rules, founding, slots, facts, ineffective,
  /// conflicts, flags, events]`, each list in ascending order. A conflict is `[slot, winner, loser]`,
  /// and `[slot, winner, loser, deciding event, verdict]` once it is decided. Where anything was asked
  /// for, the requests follow: `[act, tier, accounts, days?]` each.
  package var encoded: [UInt8] {
    var encoder = CanonicalEncoder(capacity: founding.body.count + 512)
    encoder.array(count: Self.fieldCount + (requests.isEmpty ? 0 : 1))
    encoder.unsigned(Self.format)
    encoder.text(family)
    encoder.hash(rules)
    encode(founding, into: &encoder)
    encoder.array(count: slots.count)
    for (name, slot) in slots.sorted(by: { bytesAscend($0.key, $1.key) }) {
      encoder.array(count: 4)
      encoder.text(name)
      encoder.value(slot.value)
      encoder.hash(slot.event)
      encoder.unsigned(slot.time.rawValue)
    }
    encoder.array(count: facts.count)
    for (kind, tally) in facts.sorted(by: { bytesAscend($0.key, $1.key) }) {
      encoder.array(count: 3)
      encoder.text(kind)
      encoder.unsigned(tally.count)
      encoder.hash(tally.digest)
    }
    encoder.array(count: ineffective.count)
    for entry in ineffective {
      encoder.array(count: 2)
      encoder.hash(entry.event)
      encoder.text(entry.reason.rawValue)
    }
    encoder.array(count: conflicts.count)
    for conflict in conflicts {
      encoder.array(count: conflict.decision == nil ? Self.pairFields : Self.decidedFields)
      encoder.text(conflict.slot)
      encoder.hash(conflict.winner)
      encoder.hash(conflict.loser)
      guard let decision = conflict.decision else { continue }
      encoder.hash(decision.event)
      encoder.text(decision.verdict.rawValue)
    }
    let (review, partly) = (
      needsReview ? Self.reviewFlag : 0, isPartlyUnderstood ? Self.partlyFlag : 0
    )
    encoder.unsigned(review | partly)
    encoder.array(count: 2)
    encoder.unsigned(events.count)
    encoder.hash(events.digest)
    if !requests.isEmpty { encodeRequests(into: &encoder) }
    return encoder.bytes
  }

  private func encode(_ founding: Founding, into encoder: inout CanonicalEncoder) {
    encoder.array(count: 6)
    encoder.hash(founding.event)
    encoder.text(founding.kind)
    encoder.text(founding.region.rawValue)
    encoder.unsigned(UInt64(founding.tier.rawValue))
    encoder.unsigned(founding.time.rawValue)
    encoder.byteString(founding.body)
  }

  /// Reads a state that takes up all of `bytes`.
  ///
  /// - Throws: `MalformedBytes` for anything but the one canonical form.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
    var decoder = CanonicalDecoder(bytes)
    let fields = try decoder.array()
    guard fields == Self.fieldCount || fields == Self.fieldCount + 1 else {
      throw MalformedBytes("array of another length", at: decoder.offset)
    }
    guard try decoder.unsigned() == Self.format else {
      throw MalformedBytes("state of another format", at: decoder.offset)
    }
    self.init(
      family: try decoder.text(), rules: try decoder.hash(), founding: try Founding(&decoder))
    try decodeSlotsAndFacts(&decoder)
    for _ in 0..<(try decoder.array()) {
      try decoder.expectArray(2)
      let event = try decoder.hash()
      guard let reason = Reason(rawValue: try decoder.text()) else {
        throw MalformedBytes("unknown reason", at: decoder.offset)
      }
      try decoder.expect(ineffective.last.map { $0.event < event } ?? true)
      ineffective.append(Ineffective(event: event, reason: reason))
    }
    for _ in 0..<(try decoder.array()) {
      let conflict = try Conflict(&decoder)
      try decoder.expect(conflicts.last.map { $0 < conflict } ?? true)
      conflicts.append(conflict)
    }
    let flags = try decoder.unsigned()
    guard flags <= Self.reviewFlag | Self.partlyFlag else {
      throw MalformedBytes("unknown flag", at: decoder.offset)
    }
    needsReview = flags & Self.reviewFlag != 0
    isPartlyUnderstood = flags & Self.partlyFlag != 0
    try decoder.expectArray(2)
    events = Tally(count: try decoder.unsigned(), digest: try decoder.hash())
    if fields > Self.fieldCount { try decodeRequests(&decoder) }
    try decoder.finish()
  }

  private mutating func decodeSlotsAndFacts(
    _ decoder: inout CanonicalDecoder
  ) throws(MalformedBytes) {
    var last: String?
    for _ in 0..<(try decoder.array()) {
      try decoder.expectArray(4)
      let name = try decoder.text()
      try decoder.expect(last.map { bytesAscend($0, name) } ?? true)
      let slot = Slot(
        value: try decoder.value(), event: try decoder.hash(),
        time: HybridTime(rawValue: try decoder.unsigned()))
      // Two names can differ in bytes and still be equal as texts.
      try decoder.expect(give(name, slot))
      last = name
    }
    last = nil
    for _ in 0..<(try decoder.array()) {
      try decoder.expectArray(3)
      let kind = try decoder.text()
      try decoder.expect(last.map { bytesAscend($0, kind) } ?? true)
      let tally = Tally(count: try decoder.unsigned(), digest: try decoder.hash())
      try decoder.expect(facts.updateValue(tally, forKey: kind) == nil)
      last = kind
    }
  }
}

extension EntityState.Founding {
  fileprivate init(_ decoder: inout CanonicalDecoder) throws(MalformedBytes) {
    try decoder.expectArray(6)
    let event = try decoder.hash()
    let kind = try decoder.text()
    guard let region = RegionID(try decoder.text()),
      let tier = UInt8(exactly: try decoder.unsigned()).flatMap(Tier.init(rawValue:))
    else { throw MalformedBytes("ill-formed region or tier", at: decoder.offset) }
    self.init(
      event: event, kind: kind, region: region, tier: tier,
      time: HybridTime(rawValue: try decoder.unsigned()), body: try decoder.byteString())
  }
}

extension Conflict {
  fileprivate init(_ decoder: inout CanonicalDecoder) throws(MalformedBytes) {
    let fields = try decoder.array()
    guard fields == EntityState.pairFields || fields == EntityState.decidedFields else {
      throw MalformedBytes("array of another length", at: decoder.offset)
    }
    self.init(slot: try decoder.text(), winner: try decoder.hash(), loser: try decoder.hash())
    guard fields == EntityState.decidedFields else { return }
    let event = try decoder.hash()
    guard let verdict = Decision.Verdict(rawValue: try decoder.text()) else {
      throw MalformedBytes("unknown verdict", at: decoder.offset)
    }
    decision = Decision(event: event, verdict: verdict)
  }
}

extension CanonicalDecoder {
  mutating func expectArray(_ count: Int) throws(MalformedBytes) {
    guard try array() == count else { throw MalformedBytes("array of another length", at: offset) }
  }

  func expect(_ isAscending: Bool) throws(MalformedBytes) {
    guard isAscending else { throw MalformedBytes("list out of order or doubled", at: offset) }
  }
}
