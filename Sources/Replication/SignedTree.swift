package import Ledger
package import Regions

/// A link tree as the hub published it: part of the ledger, and the base of all routing.
package struct SignedTree: Hashable, Sendable {
  /// The kind of event that carries a tree.
  package static let kind = "tree.published"

  /// The place of a tree in the hub's chain; the highest is the newest and rules.
  package struct Version: Hashable, Comparable, Sendable {
    package let incarnation: UInt32
    package let sequence: UInt64
    /// Decides where a restored hub used one sequence twice.
    package let event: Hash

    package init(incarnation: UInt32, sequence: UInt64, event: Hash) {
      self.incarnation = incarnation
      self.sequence = sequence
      self.event = event
    }

    package static func < (a: Version, b: Version) -> Bool {
      if a.incarnation != b.incarnation { return a.incarnation < b.incarnation }
      return a.sequence != b.sequence ? a.sequence < b.sequence : a.event < b.event
    }
  }

  package let version: Version
  package let tree: LinkTree

  package init(version: Version, tree: LinkTree) {
    self.version = version
    self.tree = tree
  }

  /// Reads the tree that an event carries.
  ///
  /// That the commit's key is certified for the city tier has been judged before; here the tree
  /// must name the writer as its hub.
  ///
  /// - Returns: `nil` where the event carries no tree, or one that its writer cannot publish.
  package init?(_ event: Event, of stamp: Stamp) {
    guard event.kind == Self.kind, stamp.tier == .city,
      let body = try? CanonicalValue(decoding: event.body),
      let tree = LinkTree(canonical: body["regions"]),
      tree.hub == stamp.origin.region
    else { return nil }
    self.version = Version(
      incarnation: stamp.origin.incarnation, sequence: stamp.sequence, event: event.hash)
    self.tree = tree
  }
}

extension LinkTree {
  /// The canonical form: an array of `[id, tier, parent or null, address or null]`.
  package var canonical: CanonicalValue {
    .array(
      entries.map { entry in
        .array([
          .text(entry.id.rawValue), .integer(Int64(entry.tier.rawValue)),
          entry.parent.map { .text($0.rawValue) } ?? .null,
          entry.address.map { .text($0) } ?? .null,
        ])
      })
  }

  /// Reads the canonical form; `nil` where it is ill-formed or no tree.
  package init?(canonical: CanonicalValue?) {
    guard let rows = canonical?.array, rows.count <= Self.maximumEntries else { return nil }
    var entries: [Entry] = []
    for row in rows {
      guard let fields = row.array, fields.count == 4,
        let id = fields[0].text.flatMap({ RegionID($0) }),
        let tier = fields[1].integer.flatMap({ UInt8(exactly: $0) }).flatMap(Tier.init(rawValue:)),
        fields[2] == .null || fields[2].text != nil, fields[3] == .null || fields[3].text != nil
      else { return nil }
      let parent = fields[2].text.flatMap { RegionID($0) }
      if fields[2] != .null, parent == nil { return nil }
      entries.append(Entry(id: id, tier: tier, parent: parent, address: fields[3].text))
    }
    guard let tree = try? LinkTree(entries: entries) else { return nil }
    self = tree
  }
}
