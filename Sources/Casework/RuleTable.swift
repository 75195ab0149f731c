import Ledger
package import Regions

/// What every role may do at every stage of a process (权限表), one cell for each role, stage and act.
///
/// Each cell is answered by `Folder.refusal(of:on:by:)`, which the acting node and the fold ask too;
/// the table knows no rule of its own. Demands on the body are not part of it. An act that answers a
/// request is asked about as if a township had asked.
package struct RuleTable: Sendable {
  /// Where somebody stands towards an entity.
  package struct Standpoint: Hashable, Sendable {
    package let tier: Tier
    /// `nil` for an office that neither handles the entity, nor handed it over, nor founded it.
    package let place: Actors.Place?
    /// Whether the person is the one who brought the entity into its stage, which the rule of two
    /// (双人审批) asks about.
    package let isSamePerson: Bool

    /// `tier:place`, with `:same` for the same person; such as `city:handler`, `township:elsewhere`.
    package var name: String {
      "\(tier.name):\(place?.rawValue ?? "elsewhere")\(isSamePerson ? ":same" : "")"
    }

    fileprivate static let all: [Standpoint] = Tier.allCases.flatMap { tier in
      (Actors.Place.allCases.map { Optional($0) } + [nil]).flatMap { place in
        [false, true].map { Standpoint(tier: tier, place: place, isSamePerson: $0) }
      }
    }
  }

  /// One role, at one stage, before one act.
  package struct Cell: Sendable {
    package let family: String
    /// `nil` before the founding.
    package let stage: String?
    package let kind: String
    package let role: String
    /// Where the act may be done from; empty where it may not be done at all.
    package let allowed: [Standpoint]
    /// Why it is refused from the other standpoints, by the word of `Refusal.Code`.
    package let refused: [(standpoint: Standpoint, refusal: Refusal)]

    /// Of a cell that allows nothing, the reason of the standpoint that comes nearest to being
    /// allowed; `nil` where something is allowed.
    package var reason: Refusal? {
      guard allowed.isEmpty else { return nil }
      return refused.map(\.refusal).max { Self.depth(of: $0) < Self.depth(of: $1) }
    }

    /// The later a question is asked, the nearer came who fell over it.
    private static func depth(of refusal: Refusal) -> Int {
      let asked: [Refusal.Code] = [
        .tier, .role, .place, .spent, .stage, .samePerson, .notAbove,
      ]
      return asked.firstIndex(of: refusal.code) ?? -1
    }
  }

  package let process: Process
  private let folder: Folder

  private static let regions = (
    handler: RegionID("handler"), giver: RegionID("giver"), founder: RegionID("founder"),
    elsewhere: RegionID("elsewhere")
  )
  private static let samePerson = "same"
  private static let otherPerson = "another"

  package init(_ process: Process) {
    self.process = process
    self.folder = Folder(library: ProcessLibrary([process]))
  }

  /// All cells: families, acts, roles and stages in the order of the process.
  ///
  /// - Parameter visit: called once for each; what it throws ends the walk.
  package func forEachCell(_ visit: (Cell) throws -> Void) rethrows {
    for family in process.families {
      for rule in family.kinds {
        for role in process.roles.map(\.key) {
          if case .found = rule.effect {
            try visit(cell(family, nil, rule, role))
          } else {
            for stage in family.stages { try visit(cell(family, stage, rule, role)) }
          }
        }
      }
    }
  }

  private func cell(_ family: Family, _ stage: Stage?, _ rule: KindRule, _ role: String) -> Cell {
    var allowed: [Standpoint] = []
    var refused: [(Standpoint, Refusal)] = []
    for standpoint in Self.standpoints(at: stage) {
      guard let actor = Self.actor(at: standpoint, role) else { continue }
      let refusal =
        stage.flatMap { Self.state(family, $0, process) }
        .map { folder.refusal(of: rule.kind, on: $0, by: actor) }
        ?? folder.refusal(ofFounding: rule.kind, by: process.hash, by: actor)
      if let refusal { refused.append((standpoint, refusal)) } else { allowed.append(standpoint) }
    }
    return Cell(
      family: family.name, stage: stage?.key, kind: rule.kind, role: role, allowed: allowed,
      refused: refused)
  }

  /// Before the founding nobody has a place; who brought it here is asked only where that is kept.
  private static func standpoints(at stage: Stage?) -> [Standpoint] {
    Standpoint.all.filter { standpoint in
      guard let stage else { return standpoint.place == nil && !standpoint.isSamePerson }
      return stage.keepsActor || !standpoint.isSamePerson
    }
  }

  private static func actor(at standpoint: Standpoint, _ role: String) -> Actor? {
    let region =
      switch standpoint.place {
      case .handler: regions.handler
      case .giver: regions.giver
      case .founder: regions.founder
      case nil: regions.elsewhere
      }
    return region.map {
      Actor(
        tier: standpoint.tier, role: role, region: $0,
        account: standpoint.isSamePerson ? samePerson : otherPerson)
    }
  }

  /// An entity at that stage, whose handler, giver and founder are three offices.
  private static func state(_ family: Family, _ stage: Stage, _ process: Process) -> EntityState? {
    guard let handler = regions.handler, let giver = regions.giver, let founder = regions.founder,
      let founding = family.kinds.first(where: {
        if case .found = $0.effect { true } else { false }
      })
    else { return nil }
    var state = EntityState(
      family: family.name, rules: process.hash,
      founding: EntityState.Founding(
        event: .zero, kind: founding.kind, region: founder, tier: .township,
        time: HybridTime(rawValue: 0), body: []))
    for act in family.kinds.compactMap(\.actors.above?.act) {
      state.requests[act] = Request(tier: .township, days: nil, accounts: [])
    }
    let value = StageValue(
      stage: stage.key, handler: [handler], giver: giver,
      account: stage.keepsActor ? samePerson : nil)
    state.give(
      Process.stageSlot,
      EntityState.Slot(value: value.value, event: .zero, time: HybridTime(rawValue: 0)))
    return state
  }
}
