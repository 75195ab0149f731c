package import Regions

extension Router {
  /// Whether an entity of this audience could have been routed to that neighbour, so that what its
  /// events name may be served there.
  package func concerns(_ peer: RegionID, _ audience: [RegionID]) -> Bool {
    concerned(by: audience).contains(peer)
  }

  /// The neighbours that may have a file that an event names, the likeliest first: the one that the
  /// event came from, then the others that it concerns.
  ///
  /// - Parameter source: where the event came from; `nil` for an own one.
  package func carriers(from source: RegionID?, audience: [RegionID]) -> [RegionID] {
    let concerned = concerned(by: audience)
    guard let source, source == parent || tree.parent(of: source) == region else {
      return concerned
    }
    return [source] + concerned.filter { $0 != source }
  }
}
