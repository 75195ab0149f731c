/// The compact tree that routing consults and that the hub signs: for each region its tier, its
/// parent and the address at which it listens for its children.
///
/// A tree is valid by construction: one hub of tier city, every other region under a region of a
/// higher tier, every parent known. So a path has at most one region per tier. Two trees of the same
/// entries are equal whatever their order was.
package struct LinkTree: Sendable {
  /// One region of the tree.
  package struct Entry: Hashable, Sendable {
    /// The region's permanent id.
    package let id: RegionID
    /// The region's fixed tier.
    package let tier: Tier
    /// The region above; `nil` only at the hub. On links it is the managing block (托管功能板块)
    /// where there is one, else the administrative parent (行政上级).
    package let parent: RegionID?
    /// `host:port` at which the region's node listens for its children; `nil` where unknown. The
    /// tree carries the text as it is; the topology file's reader checks its form.
    package let address: String?

    /// An entry as given; only the tree checks it.
    package init(id: RegionID, tier: Tier, parent: RegionID?, address: String? = nil) {
      self.id = id
      self.tier = tier
      self.parent = parent
      self.address = address
    }
  }

  /// The most entries that a tree may have.
  package static let maximumEntries = 10_000

  /// All entries in ascending order of id: the order in which they are signed.
  package let entries: [Entry]
  /// The municipal hub 市.
  package let hub: RegionID

  private let positions: [RegionID: Int]
  private let childrenByParent: [RegionID: [RegionID]]

  /// Checks the entries and builds the tree, in time linear in their number but for one sort, and
  /// without recursion.
  ///
  /// Throws for more than ``maximumEntries``, a region entered twice, no hub or several, a hub that
  /// is not a city, an unknown parent, a cycle, and a region whose tier is not below its parent's.
  package init(entries: [Entry]) throws(LinkTreeError) {
    var check = LinkTreeCheck()
    hub = try check.hub(of: entries)
    self.entries = entries.sorted { $0.id < $1.id }
    var positions = [RegionID: Int](minimumCapacity: entries.count)
    var children: [RegionID: [RegionID]] = [:]
    for (position, entry) in self.entries.enumerated() {
      positions[entry.id] = position
      // Children come out sorted, as the entries are.
      if let parent = entry.parent { children[parent, default: []].append(entry.id) }
    }
    self.positions = positions
    childrenByParent = children
  }

  /// The number of regions.
  package var count: Int { entries.count }

  /// The entry of that region; `nil` where the region is unknown.
  package func entry(_ region: RegionID) -> Entry? {
    positions[region].map { entries[$0] }
  }

  /// Whether the region is in the tree. ``RegionID/everyone`` never is: it is no place.
  package func contains(_ region: RegionID) -> Bool { positions[region] != nil }

  /// The region's tier; `nil` where the region is unknown.
  package func tier(of region: RegionID) -> Tier? { entry(region)?.tier }

  /// The region above; `nil` at the hub and where the region is unknown.
  package func parent(of region: RegionID) -> RegionID? { entry(region)?.parent }

  /// Where the region's node listens for its children; `nil` where that or the region is unknown.
  package func address(of region: RegionID) -> String? { entry(region)?.address }

  /// The regions directly below, in ascending order; none where the region is unknown.
  package func children(of region: RegionID) -> [RegionID] { childrenByParent[region] ?? [] }
}

extension LinkTree: Hashable {
  /// Trees of the same entries are equal.
  package static func == (a: LinkTree, b: LinkTree) -> Bool { a.entries == b.entries }

  /// Hashes the entries; all else follows from them.
  package func hash(into hasher: inout Hasher) { hasher.combine(entries) }
}
