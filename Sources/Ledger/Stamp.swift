package import Regions

/// A node incarnation: the region whose node it is, and a number that grows each time that node's
/// store was restored.
package struct Origin: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let region: RegionID
  package let incarnation: UInt32

  package init(region: RegionID, incarnation: UInt32) {
    self.region = region
    self.incarnation = incarnation
  }

  package var description: String { "\(region)#\(incarnation)" }

  package static func < (a: Origin, b: Origin) -> Bool {
    a.region != b.region ? a.region < b.region : a.incarnation < b.incarnation
  }
}

/// The two lanes of a link. Urgent: directives, red warnings, receipts. Bulk: the rest.
package enum Lane: UInt8, CaseIterable, Sendable, Comparable {
  case urgent = 0
  case bulk = 1

  package static func < (a: Lane, b: Lane) -> Bool { a.rawValue < b.rawValue }
}

/// The first 16 bytes of the SHA-256 of a node key's DER SubjectPublicKeyInfo.
package struct KeyName: Hashable, Sendable, CustomStringConvertible {
  package static let byteCount = 16
  private let high: UInt64
  private let low: UInt64

  /// Takes exactly 16 bytes; `nil` for any other count.
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    var words: (high: UInt64, low: UInt64) = (0, 0)
    Swift.withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
    (high, low) = (UInt64(bigEndian: words.high), UInt64(bigEndian: words.low))
  }

  /// The 16 bytes.
  package var bytes: [UInt8] {
    var words = (high.bigEndian, low.bigEndian)
    return Swift.withUnsafeBytes(of: &words) { Array($0) }
  }

  package var description: String { bytes.hex }
}

/// Who wrote a commit, where, when and in which order.
///
/// Its bytes are the canonical array `[region, incarnation, seq, time, actor, role, tier, key, lane]`.
/// The region of the origin is the region that speaks, so it stands once.
package struct Stamp: Hashable, Sendable {
  package let origin: Origin
  /// 1 for an origin's first commit, then one more each.
  package let sequence: UInt64
  package let time: HybridTime
  /// The account that acted, `system` where the node itself did.
  package let actor: String
  package let role: String
  /// The region's tier as its certificate says.
  package let tier: Tier
  package let key: KeyName
  package let lane: Lane

  package init(
    origin: Origin, sequence: UInt64, time: HybridTime, actor: String, role: String, tier: Tier,
    key: KeyName, lane: Lane
  ) {
    self.origin = origin
    self.sequence = sequence
    self.time = time
    self.actor = actor
    self.role = role
    self.tier = tier
    self.key = key
    self.lane = lane
  }

  private static let fieldCount = 9

  /// Reads a stamp that takes up all of `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
    var decoder = CanonicalDecoder(bytes)
    func malformed(_ reason: String) -> MalformedBytes {
      MalformedBytes(reason, at: decoder.offset)
    }
    guard try decoder.array() == Self.fieldCount else {
      throw malformed("stamp of another length")
    }
    guard let region = RegionID(try decoder.text()) else { throw malformed("ill-formed region id") }
    guard let incarnation = UInt32(exactly: try decoder.unsigned()), incarnation > 0 else {
      throw malformed("incarnation out of range")
    }
    self.origin = Origin(region: region, incarnation: incarnation)
    let sequence = try decoder.unsigned()
    guard sequence > 0, sequence <= UInt64(Int64.max) else {
      throw malformed("sequence out of range")
    }
    self.sequence = sequence
    let time = try decoder.unsigned()
    guard time <= UInt64(Int64.max) else { throw malformed("time out of range") }
    self.time = HybridTime(rawValue: time)
    self.actor = try decoder.word("actor")
    self.role = try decoder.word("role")
    guard let tier = UInt8(exactly: try decoder.unsigned()).flatMap(Tier.init(rawValue:)) else {
      throw malformed("unknown tier")
    }
    self.tier = tier
    guard let key = KeyName(try decoder.byteSlice()) else { throw malformed("ill-formed key id") }
    self.key = key
    guard let lane = UInt8(exactly: try decoder.unsigned()).flatMap(Lane.init(rawValue:)) else {
      throw malformed("unknown lane")
    }
    self.lane = lane
    try decoder.finish()
  }

  /// The canonical bytes.
  package var encoded: [UInt8] {
    var encoder = CanonicalEncoder(capacity: 96)
    encoder.array(count: Self.fieldCount)
    encoder.text(origin.region.rawValue)
    encoder.unsigned(UInt64(origin.incarnation))
    encoder.unsigned(sequence)
    encoder.unsigned(time.rawValue)
    encoder.text(actor)
    encoder.text(role)
    encoder.unsigned(UInt64(tier.rawValue))
    encoder.byteString(key.bytes)
    encoder.unsigned(UInt64(lane.rawValue))
    return encoder.bytes
  }

  /// The name of the key in a stamp's canonical bytes, without reading the rest of them: the encoding
  /// ends with the 16 bytes of the name and one byte for the lane.
  ///
  /// - Returns: `nil` for bytes that do not end so.
  static func key(inBytes bytes: [UInt8]) -> KeyName? {
    let end = bytes.count - 1
    let start = end - KeyName.byteCount
    guard start > 0, bytes[start - 1] == 0x40 | UInt8(KeyName.byteCount) else { return nil }
    return KeyName(bytes[start..<end])
  }

  /// The hash of a stamp's bytes, which every event of the commit and the commit itself cover.
  package static func hash(of bytes: [UInt8]) -> Hash {
    .tagged("liandong.stamp.1\n", [], then: bytes)
  }
}
