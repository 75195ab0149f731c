import Ledger
import Regions
import Testing

@testable import Casework

/// An act of a family that the merge page plays, with the body that it takes and a role that may do it.
struct MergeAct: Hashable {
  let kind: String
  /// The page's word for it: the kind, and for a field which one.
  let name: String
  let body: CanonicalValue
  var role = MergeAct.usualRole

  static let usualRole = "officer"

  init(kind: String, name: String, body: CanonicalValue, role: String = MergeAct.usualRole) {
    (self.kind, self.name, self.body, self.role) = (kind, name, body, role)
  }

  /// What a rule of the process makes of it: a body with all that is demanded.
  init(_ rule: KindRule, named regions: [RegionID]) {
    let role = rule.actors.admits(role: Self.usualRole) ? Self.usualRole : rule.actors.roles[0]
    self.init(
      kind: rule.kind, name: rule.kind, body: Self.body(regions, rule.demands), role: role)
  }

  /// Somebody of an office who has the role.
  func by(_ office: Office) throws -> Office {
    try Office(office.region.rawValue, office.tier, account: office.account, role: role)
  }

  /// Every act of a family: its kinds but the founding one, a field kind with two fields, and the
  /// kinds that every family has. A decision needs a conflict: `MergeDecisions` plays it.
  static func all(of family: Family, rules: Hash, named regions: [RegionID]) -> [MergeAct] {
    var acts: [MergeAct] = []
    for rule in family.kinds {
      switch rule.effect {
      case .found: break
      case .field:
        for field in family.fields.prefix(2) {
          let body = CanonicalValue.map(["field": .text(field.name), "value": .null])
          acts.append(MergeAct(kind: rule.kind, name: "\(rule.kind) \(field.name)", body: body))
        }
      case .move, .whole, .fact, .note:
        acts.append(MergeAct(rule, named: regions))
      }
    }
    return acts
      + Process.builtInKinds.keys.sorted().filter { $0 != Process.conflictDecidedKind }.map {
        MergeAct(kind: $0, name: $0, body: builtInBody($0, rules: rules))
      }
  }

  /// The same act upon these regions, if it names any.
  func naming(_ regions: [RegionID]) -> MergeAct {
    guard case .map(var entries) = body, entries["to"] != nil else { return self }
    entries["to"] = Self.names(regions)
    return MergeAct(kind: kind, name: name, body: .map(entries), role: role)
  }

  static func body(_ regions: [RegionID], _ demands: [Demand] = []) -> CanonicalValue {
    var entries = ["to": names(regions)]
    for demand in demands where demand.least > 0 && entries[demand.field.name] == nil {
      entries[demand.field.name] = sample(demand)
    }
    return .map(entries)
  }

  private static func names(_ regions: [RegionID]) -> CanonicalValue {
    .array(Set(regions).sorted().map { .text($0.rawValue) })
  }

  /// A value that meets a demand.
  private static func sample(_ demand: Demand) -> CanonicalValue {
    switch demand.field.shape {
    case .any, .text: .text("甲")
    case .texts: .array((0..<demand.least).map { .text("甲\($0)") })
    case .hashes: .array((0..<demand.least).map { .bytes(Hash(of: [UInt8($0)]).bytes) })
    case .region: .text("t1")
    case .number, .time: .integer(1)
    case .flag: .boolean(true)
    case .location: .null
    }
  }

  /// A kind that is added gets its body here; without one the page says that it is not understood.
  private static func builtInBody(_ kind: String, rules: Hash) -> CanonicalValue {
    switch kind {
    case Process.rulesMovedKind: .map(["rules": .bytes(rules.bytes)])
    case Process.parentLostKind: .map(["lost": .array([.bytes(Hash(of: [0]).bytes)])])
    default: .map([:])
    }
  }
}

/// What a family's entity can have come to before two acts fork.
struct MergeSituations {
  let process: Process
  let family: Family
  private var known: [Key: [Situation]] = [:]

  /// An entity with all that is written of it, and what that comes to.
  struct Situation {
    var sample: SampleCase
    let last: FoldInput
    let state: EntityState

    func permits(_ act: MergeAct, by office: Office) throws -> Bool {
      try sample.folder.refusal(of: act.kind, on: state, by: act.by(office).actor) == nil
    }
  }

  private struct Key: Hashable {
    let founder: RegionID
    let regions: [RegionID]
  }

  init(_ process: Process, _ family: Family) {
    (self.process, self.family) = (process, family)
  }

  /// An entity at a stage in which both authors may do their acts; `nil` where none is reachable.
  mutating func fork(
    at stage: String, _ first: (MergeAct, Office), _ second: (MergeAct, Office), founder: Office,
    helpers: [Office]
  ) throws -> Situation? {
    let regions = [first.1.region, second.1.region]
    let key = Key(founder: founder.region, regions: regions)
    let all = try known[key] ?? reachable(founder, [first.1, second.1] + helpers, regions)
    known[key] = all
    return try all.first { situation in
      try situation.state.stage?.stage == stage && situation.permits(first.0, by: first.1)
        && situation.permits(second.0, by: second.1)
    }
  }

  /// One entity for each value that the stage slot can come to, by acts that are permitted.
  private func reachable(
    _ founder: Office, _ offices: [Office], _ regions: [RegionID]
  ) throws -> [Situation] {
    var start = SampleCase(process: process)
    guard let founding = family.kinds.first(where: { $0.effect.founds }) else { return [] }
    let act = MergeAct(founding, named: regions)
    guard case .map(var body) = act.body else { return [] }
    body["rules"] = .bytes(process.hash.bytes)
    let root = try start.write(
      EventDraft(
        entity: nil, kind: founding.kind, parents: [], audience: [], salt: start.salt(),
        body: CanonicalValue.map(body).encoded), by: act.by(founder), at: 1)
    let state = try start.state()
    guard let value = state.stage else { return [] }
    var found = [Situation(sample: start, last: root, state: state)]
    var (seen, next) = (Set([value]), 0)
    let moves = family.kinds.filter(\.effect.moves).map { MergeAct($0, named: regions) }
    while next < found.count {
      for act in moves {
        for office in offices where try found[next].permits(act, by: office) {
          let moved = try after(act, by: office, in: found[next])
          if let value = moved.state.stage, seen.insert(value).inserted { found.append(moved) }
        }
      }
      next += 1
    }
    return found
  }

  private func after(
    _ act: MergeAct, by office: Office, in situation: Situation
  ) throws -> Situation {
    var sample = situation.sample
    let event = try sample.write(
      act.kind, act.body, by: act.by(office), at: situation.last.time.milliseconds + 1,
      on: [situation.last])
    let state = try #require(sample.folder.advance(situation.state, by: event))
    return Situation(sample: sample, last: event, state: state)
  }
}

extension Effect {
  fileprivate var founds: Bool { if case .found = self { true } else { false } }
  fileprivate var moves: Bool { if case .move = self { true } else { false } }
}
