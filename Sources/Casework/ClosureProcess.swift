import Ledger
import Regions

extension Process {
  /// The process of closures (封存): a small one of its own, so that the first one keeps its hash.
  package static let closures = shipped(
    [
      Family(
        name: "closure", chinese: "封存", english: "closure",
        stages: [Stage("closed", "已封存", "closed")],
        kinds: [
          KindRule(
            OriginClosure.kind, "封存", "closed", .found(.actor), by: Actors(tiers: [.city])),
          KindRule(
            OriginClosure.partKind, "封存清单", "list of good commits", .fact,
            by: Actors(tiers: [.city])),
        ])
    ])
}

extension ProcessLibrary {
  /// The rules files that come with the program.
  package static let shipped = ProcessLibrary([
    .firstCut, .contacts, .closures, .publications, .duties, .accounts, .shifts,
  ])
}
