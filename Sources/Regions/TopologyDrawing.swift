/// The drawing of a topology as an indented tree: one line per region, then a line of counts.
///
/// The tree is that of the links. A region under a managing block bears a mark with its
/// administrative parent.
package struct TopologyDrawing: Sendable {
  private let topology: Topology
  private let day: CalendarDay
  private let language: Language

  /// A drawing with the names and codes that are valid on that day.
  package init(of topology: Topology, on day: CalendarDay, in language: Language) {
    self.topology = topology
    self.day = day
    self.language = language
  }

  /// The drawing; every line ends with a line feed.
  package func text() -> String {
    let tree = topology.linkTree
    var lines: [String] = []
    // Each waiting region with what precedes its own line and the lines below it.
    var waiting = [(region: tree.hub, lead: "", indent: "")]
    while let (region, lead, indent) = waiting.popLast() {
      lines.append(lead + line(of: region))
      let children = tree.children(of: region).sorted { number(of: $0) < number(of: $1) }
      for child in children.reversed() {
        let isLast = child == children.last
        waiting.append(
          (child, indent + (isLast ? "└─ " : "├─ "), indent + (isLast ? "   " : "│  ")))
      }
    }
    lines.append(summary())
    return lines.joined(separator: "\n") + "\n"
  }

  private func number(of region: RegionID) -> Int { topology.region(region)?.number ?? 0 }

  private func line(of id: RegionID) -> String {
    guard let region = topology.region(id) else { return id.rawValue }
    var parts = ["\(id)", topology.name(of: id, on: day) ?? "", region.tier.name]
    parts.append("no:\(region.number)")
    parts += region.codes.filter { $0.period.contains(day) }.map { "\($0.system):\($0.code)" }
    if let address = region.address { parts.append("@\(address)") }
    if let block = region.managedBy, let parent = region.parent {
      parts.append(managed(by: block, under: parent))
    }
    return parts.joined(separator: " ")
  }

  private func managed(by block: RegionID, under parent: RegionID) -> String {
    switch language {
    case .zh: "[由 \(block) 托管,行政上级 \(parent)]"
    case .en: "[managed by \(block), administratively under \(parent)]"
    }
  }

  private func summary() -> String {
    let count: (Tier) -> Int = { tier in topology.regions.count { $0.tier == tier } }
    let managed = topology.regions.count { $0.managedBy != nil }
    let all = topology.regions.count
    let (cities, districts, townships) = (count(.city), count(.district), count(.township))
    switch language {
    case .zh:
      return "共 \(all) 个区域:市 \(cities)、区县 \(districts)、乡镇街道 \(townships);托管 \(managed)"
    case .en:
      return "\(all) regions: \(cities) city, \(districts) district, \(townships) township; "
        + "\(managed) managed by a block"
    }
  }
}
