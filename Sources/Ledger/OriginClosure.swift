package import Regions

/// The closure (封存) of an origin whose key or store fell into wrong hands, as far as it is held: the
/// hub names every good commit of the origin, and what it does not name has no effect.
///
/// Nodes hold an origin's chain with gaps, so ancestry by hash links could not be judged everywhere
/// alike. The closure is an entity of its own, in parts that fit an event. It takes effect once all
/// its parts are held; then it is the same everywhere, whatever the order of arrival.
package struct OriginClosure: Hashable, Sendable {
  /// The kind of event that opens a closure, with its first part.
  package static let kind = "origin.closed"
  /// The kind of each further part.
  package static let partKind = "origin.closed.part"
  /// The most commits that one part names; with the rest of the body they fit an event.
  package static let commitsPerPart = 4_000
  /// The most parts of a closure: sixteen million commits.
  package static let maximumParts = 4_096

  /// The origin that is closed; `nil` until the opening event is held.
  package private(set) var origin: Origin?
  /// How many parts the closure has; 0 until the opening event is held.
  package private(set) var partCount = 0
  /// The numbers of the parts that are held.
  package private(set) var held: Set<Int> = []
  /// The good commits that those parts name.
  package private(set) var good: Set<CommitPrefix> = []

  package init() {}

  /// Takes one more part into account. Two parts of one number add up, so the order is of no matter.
  package mutating func add(_ part: ClosurePart) {
    if let opening = part.opening { (origin, partCount) = (opening.origin, opening.partCount) }
    held.insert(part.number)
    good.formUnion(part.good)
  }

  /// Whether all parts are held, so that the closure is in force.
  package var isComplete: Bool {
    origin != nil && (0..<partCount).allSatisfy { held.contains($0) }
  }
}

/// What one event says of a closure.
package struct ClosurePart: Hashable, Sendable {
  /// What the first part says besides its commits.
  package struct Opening: Hashable, Sendable {
    package let origin: Origin
    package let partCount: Int
  }

  /// `nil` but for the first part.
  package let opening: Opening?
  /// Counted from 0.
  package let number: Int
  /// The good commits, ascending.
  package let good: [CommitPrefix]

  /// Reads an event as part of a closure.
  ///
  /// That the commit's key is certified for the city tier has been judged before.
  ///
  /// - Returns: `nil` for an event that is none, that another tier than the city wrote, or that does
  ///   not concern everyone: a closure that some do not see would not be the same everywhere.
  package init?(_ event: Event, of stamp: Stamp) {
    guard Self.isWritten(as: event.kind, by: stamp.tier),
      let body = try? CanonicalValue(decoding: event.body),
      let good = body["good"]?.bytes.flatMap(CommitPrefix.list)
    else { return nil }
    self.good = good
    guard event.kind == OriginClosure.kind else {
      guard !event.isFounding, let number = body["part"]?.integer,
        (1..<Int64(OriginClosure.maximumParts)).contains(number)
      else { return nil }
      self.opening = nil
      self.number = Int(number)
      return
    }
    guard event.isFounding, event.audience.contains(.everyone),
      let region = body["region"]?.text.flatMap({ RegionID($0) }),
      let incarnation = body["incarnation"]?.integer.flatMap({ UInt32(exactly: $0) }),
      let parts = body["parts"]?.integer, (1...Int64(OriginClosure.maximumParts)).contains(parts)
    else { return nil }
    self.opening = Opening(
      origin: Origin(region: region, incarnation: incarnation), partCount: Int(parts))
    self.number = 0
  }

  /// Whether an event of this kind and tier is one of closures. A closure bars no other: else two
  /// could bar each other, and neither order would be right.
  package static func isWritten(as kind: String, by tier: Tier) -> Bool {
    tier == .city && (kind == OriginClosure.kind || kind == OriginClosure.partKind)
  }
}

extension OriginClosure {
  /// The bodies of the events that close an origin: the opening event's, then those of the parts.
  ///
  /// - Parameters:
  ///   - rules: the hash of the process to pin.
  ///   - good: the good commits, in any order.
  /// - Returns: `nil` for more than `maximumParts` can name.
  package static func bodies(
    closing origin: Origin, good: [Hash], rules: Hash
  ) -> [CanonicalValue]? {
    let prefixes = Set(good.map { CommitPrefix($0) }).sorted()
    let partCount = max(1, (prefixes.count + commitsPerPart - 1) / commitsPerPart)
    guard partCount <= maximumParts else { return nil }
    return (0..<partCount).map { part in
      let share = prefixes.dropFirst(part * commitsPerPart).prefix(commitsPerPart)
      let good = CanonicalValue.bytes(share.flatMap(\.bytes))
      guard part == 0 else { return .map(["part": .integer(Int64(part)), "good": good]) }
      return .map([
        "rules": .bytes(rules.bytes), "region": .text(origin.region.rawValue),
        "incarnation": .integer(Int64(origin.incarnation)), "parts": .integer(Int64(partCount)),
        "good": good,
      ])
    }
  }
}
