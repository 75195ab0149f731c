import Casework
package import Ledger
package import Regions
package import Store

/// The regions that the ledger describes (区域登记): who is meant by an id, a name or a code.
///
/// It reads the reference entities that the hub publishes; a region's present attributes are those
/// of its last effective `region.changed`, else of its founding.
package struct RegionDirectory: Sendable {
  /// One region's reference entity.
  package struct Entry: Hashable, Sendable {
    package let entity: EntityID
    /// The parents of the next `region.changed`.
    package let heads: [Hash]
    /// The canonical bytes of the present attributes, as ``RegionDirectory/body(of:rules:)`` writes
    /// them.
    package let body: [UInt8]
    package let region: Topology.Region
  }

  private let entries: [RegionID: Entry]

  /// Reads the directory of a store.
  package init(reader: StoreReader) throws {
    var entries: [RegionID: Entry] = [:]
    // By id, hence by age: where a region was described twice, the first entity counts everywhere.
    for stored in try reader.regionEntities().sorted(by: { $0.id < $1.id }) {
      guard let state = stored.state, state.stage != nil else { continue }
      let attributes =
        state[slot: "attributes"]
        ?? (try? CanonicalValue(
          decoding: state.founding.body))
      guard let attributes, let region = Topology.Region(canonical: attributes),
        entries[region.id] == nil
      else { continue }
      entries[region.id] = Entry(
        entity: stored.id, heads: stored.heads, body: attributes.encoded, region: region)
    }
    self.entries = entries
  }

  /// The entry of a region; `nil` where the ledger does not describe it.
  package func entry(_ region: RegionID) -> Entry? { entries[region] }

  /// The permanent number with which the region's lead numbers begin; `nil` where it is unknown.
  package func number(of region: RegionID) -> Int? { entries[region]?.region.number }

  /// The regions described, in ascending order of id.
  package var regions: [Topology.Region] {
    entries.values.map(\.region).sorted { $0.id < $1.id }
  }

  /// The name shown on that day; `nil` where the region is unknown.
  package func name(of region: RegionID, on day: CalendarDay) -> String? {
    guard let names = entries[region]?.region.names else { return nil }
    return (names.first { $0.period.contains(day) } ?? names.last)?.text
  }

  /// What a text that should name a region came to.
  package enum Resolution: Hashable, Sendable {
    case region(RegionID)
    /// Several answer to the text; a person has to choose.
    case ambiguous([RegionID])
    /// None does; these are near.
    case unknown(near: [RegionID])
  }

  /// The most near matches that are offered.
  private static let nearMatches = 5

  /// Finds the region of the tree that a text names, by id, name or code.
  ///
  /// - Parameter tree: only its regions count; `nil` before the first tree was learned.
  package func resolve(_ text: String, in tree: LinkTree?) -> Resolution {
    let known = Set(tree?.entries.map(\.id) ?? [])
    if let id = RegionID(text), known.contains(id) { return .region(id) }
    let described = regions.filter { known.contains($0.id) }
    let found = RegionSearch(regions: described).find(text)
    switch found.count {
    case 1: return .region(found[0])
    case 0:
      let near = RegionSearch(regions: described).near(text, among: known)
      return .unknown(near: Array(near.prefix(Self.nearMatches)))
    default: return .ambiguous(found)
    }
  }
}
