package import Regions

/// What an author writes of an event, before a commit gives it a hash.
package struct EventDraft: Hashable, Sendable {
  /// The entity; `nil` for an event that founds one, whose id then follows from the event's hash.
  package var entity: EntityID?
  /// What happened, for example `lead.dispatched`.
  package var kind: String
  /// The entity's heads that the author saw, at most `LedgerBounds.parents`.
  package var parents: [Hash]
  /// The regions that this event adds to the entity's audience.
  package var audience: [RegionID]
  /// 16 random bytes, so that a bare hash tells nothing.
  package var salt: [UInt8]
  package var body: [UInt8]

  package init(
    entity: EntityID?, kind: String, parents: [Hash], audience: [RegionID], salt: [UInt8],
    body: [UInt8]
  ) {
    self.entity = entity
    self.kind = kind
    self.parents = parents
    self.audience = audience
    self.salt = salt
    self.body = body
  }

  static let saltBytes = 16

  /// The canonical bytes: `[entity or empty, kind, parents, audience, salt, body]` with parents and
  /// audience sorted and without doubles.
  package var encoded: [UInt8] {
    var encoder = CanonicalEncoder(capacity: body.count + 128)
    encoder.array(count: Event.fieldCount)
    encoder.byteString(entity?.bytes ?? [])
    encoder.text(kind)
    let parents = Set(parents).sorted()
    encoder.array(count: parents.count)
    for parent in parents { encoder.hash(parent) }
    let audience = Set(audience).sorted()
    encoder.array(count: audience.count)
    for region in audience { encoder.text(region.rawValue) }
    encoder.byteString(salt)
    encoder.byteString(body)
    return encoder.bytes
  }
}

/// One fact about one entity, as part of the one commit whose stamp its hash covers.
package struct Event: Hashable, Sendable {
  /// The bytes as received or written; they are never encoded anew.
  package let bytes: [UInt8]
  package let hash: Hash
  package let entity: EntityID
  /// Whether this event founds its entity: it names none, and has no parents.
  package let isFounding: Bool
  package let kind: String
  /// Sorted, without doubles.
  package let parents: [Hash]
  /// Sorted, without doubles.
  package let audience: [RegionID]
  /// Where in ``bytes`` the body stands.
  private let bodyPlace: Range<Int>

  /// What the event says, in the encoding of its kind. A copy of a part of ``bytes``.
  package var body: [UInt8] { Array(bytes[bodyPlace]) }

  static let fieldCount = 6

  /// Reads an event of a commit.
  ///
  /// - Parameters:
  ///   - bytes: the event's canonical bytes.
  ///   - stampHash: `Stamp.hash(of:)` of the commit's stamp.
  ///   - milliseconds: the physical part of the stamp's time.
  /// - Throws: `MalformedBytes` for another shape, an exceeded bound, a parent or region out of order,
  ///   or an event that neither founds nor has a parent.
  package init(
    bytes: [UInt8], stampHash: Hash, milliseconds: UInt64
  ) throws(MalformedBytes) {
    var decoder = CanonicalDecoder(bytes)
    func malformed(_ reason: String) -> MalformedBytes {
      MalformedBytes(reason, at: decoder.offset)
    }
    guard try decoder.array() == Self.fieldCount else {
      throw malformed("event of another length")
    }
    let entity = try decoder.byteSlice()
    self.kind = try decoder.word("kind")
    self.parents = try Self.parents(&decoder)
    self.audience = try Self.audience(&decoder)
    guard try decoder.byteSlice().count == EventDraft.saltBytes else {
      throw malformed("salt of another length")
    }
    let body = try decoder.byteSlice()
    self.bodyPlace = body.startIndex..<body.endIndex
    guard body.count <= LedgerBounds.eventBodyBytes else { throw malformed("event body too long") }
    try decoder.finish()
    self.bytes = bytes
    self.hash = Self.hash(of: bytes, stampHash: stampHash)
    self.isFounding = entity.isEmpty
    if entity.isEmpty {
      guard parents.isEmpty else { throw malformed("founding event with parents") }
      self.entity = EntityID(founding: hash, milliseconds: milliseconds)
    } else {
      guard let id = EntityID(entity) else { throw malformed("ill-formed entity id") }
      guard !parents.isEmpty else { throw malformed("event without parents") }
      self.entity = id
    }
  }

  /// An event's hash covers its commit's stamp and its own bytes.
  package static func hash(of bytes: [UInt8], stampHash: Hash) -> Hash {
    .tagged("liandong.event.1\n", [stampHash], then: bytes)
  }

  private static func parents(
    _ decoder: inout CanonicalDecoder
  ) throws(MalformedBytes) -> [Hash] {
    let count = try decoder.array()
    guard count <= LedgerBounds.parents else {
      throw MalformedBytes("too many parents", at: decoder.offset)
    }
    var parents: [Hash] = []
    for _ in 0..<count {
      let parent = try decoder.hash()
      if let last = parents.last, last >= parent {
        throw MalformedBytes("parents out of order or doubled", at: decoder.offset)
      }
      parents.append(parent)
    }
    return parents
  }

  private static func audience(
    _ decoder: inout CanonicalDecoder
  ) throws(MalformedBytes) -> [RegionID] {
    let count = try decoder.array()
    guard count <= LedgerBounds.audienceAdded else {
      throw MalformedBytes("audience too long", at: decoder.offset)
    }
    var regions: [RegionID] = []
    for _ in 0..<count {
      let text = try decoder.text()
      guard let region = text == RegionID.everyone.rawValue ? .everyone : RegionID(text) else {
        throw MalformedBytes("ill-formed region id", at: decoder.offset)
      }
      if let last = regions.last, last >= region {
        throw MalformedBytes("audience out of order or doubled", at: decoder.offset)
      }
      regions.append(region)
    }
    return regions
  }
}
