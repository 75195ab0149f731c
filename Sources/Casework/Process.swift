package import Ledger
import Regions

/// The process (办理流程): what may happen to an entity, at which stage and by whom, as data.
///
/// A process is named by the hash of its canonical bytes. An entity's founding event pins one, so a
/// process that was ever pinned must be kept for as long as the ledger.
package struct Process: Sendable, Equatable {
  /// One family of entities after another, in the order of the file.
  package let families: [Family]
  /// Who may write `rules.moved`, which puts an entity under another process.
  package let movers: Actors
  /// What the roles are called that the process names.
  package let roles: [RoleName]
  /// SHA-256 of the canonical bytes.
  package let hash: Hash
  private let entries: [String: Entry]

  /// A kind of event together with the family that knows it.
  struct Entry: Sendable, Equatable {
    let family: Int
    let rule: KindRule
    /// Whether another act answers it.
    let isRequest: Bool
  }

  /// The kind that moves an entity to another process; every family has it.
  package static let rulesMovedKind = "rules.moved"
  /// The kind that decides on a conflict; every family has it.
  package static let conflictDecidedKind = "conflict.decided"
  /// The kind by which the city declares parents lost for good; every family has it.
  package static let parentLostKind = "parent.lost"
  /// The names of the kinds that every family has, so that none may define them.
  package static let builtInKinds: [String: (chinese: String, english: String)] = [
    rulesMovedKind: ("更换流程", "rules moved"), conflictDecidedKind: ("冲突处理", "conflict decided"),
    parentLostKind: ("宣告缺失", "parent declared lost"),
  ]
  /// The kind by which a file joins an entity of a family; see `evidenceFamilies`.
  package static func evidenceKind(of family: String) -> String { family + ".evidence_added" }
  /// The families whose entities carry files: evidence of leads (证据), attachments of directives (附件).
  package static let evidenceFamilies = ["lead", "directive"]
  /// The slot that stage and handler share.
  package static let stageSlot = "stage"
  /// The slot of the pinned process.
  package static let rulesSlot = "rules"

  /// Checks that the parts fit together.
  ///
  /// - Throws: `ProcessError` for a doubled family, kind, stage or field, a move that names a stage
  ///   which is not there, a family without a stage or without exactly one founding kind, or a
  ///   reserved name.
  package init(
    families: [Family], movers: Actors, roles: [RoleName] = []
  ) throws(ProcessError) {
    var entries: [String: Entry] = [:]
    let requests = Set(families.flatMap(\.kinds).compactMap(\.actors.above?.act))
    for (index, family) in families.enumerated() {
      try family.check()
      for rule in family.kinds {
        guard Self.builtInKinds[rule.kind] == nil else {
          throw ProcessError(
            .reservedName, "every family has \(rule.kind): take it out of \(family.name)")
        }
        let entry = Entry(
          family: index, rule: rule, isRequest: requests.contains(rule.kind))
        guard entries.updateValue(entry, forKey: rule.kind) == nil else {
          throw ProcessError(.doubled, "kind \(rule.kind) stands twice: keep one of them")
        }
      }
    }
    guard Set(families.map(\.name)).count == families.count else {
      throw ProcessError(.doubled, "two families have the same name: rename one of them")
    }
    guard Set(roles.map(\.key)).count == roles.count else {
      throw ProcessError(.doubled, "two roles have the same key: rename one of them")
    }
    self.families = families
    self.movers = movers
    self.roles = roles
    self.entries = entries
    self.hash = Hash(
      of: Self.value(families: families, movers: movers, roles: roles).encoded)
  }

  /// The family of that name.
  package func family(named name: String) -> Family? { families.first { $0.name == name } }

  /// The rule for a kind, and the family that it belongs to; `nil` for a kind of no family.
  package func rule(for kind: String) -> (family: Family, rule: KindRule)? {
    entries[kind].map { (families[$0.family], $0.rule) }
  }

  /// Whether another act answers what the kind asks.
  func isRequest(_ kind: String) -> Bool { entries[kind]?.isRequest ?? false }

  package static func == (a: Process, b: Process) -> Bool { a.hash == b.hash }
}

/// One family of entities: leads, directives, receipt lines and so on.
package struct Family: Hashable, Sendable {
  package let name: String
  package let chinese: String
  package let english: String
  /// The first is the stage that the founding event enters.
  package let stages: [Stage]
  /// The descriptive fields, each a slot of its own.
  package let fields: [Field]
  package let kinds: [KindRule]
  /// Whether acts of the founding region rank before those of every tier.
  package let founderRanksFirst: Bool
  /// The limit of the whole handling, from the founding to a close.
  package let total: StageLimit?

  package init(
    name: String, chinese: String, english: String, stages: [Stage], fields: [Field] = [],
    kinds: [KindRule], founderRanksFirst: Bool = false, total: StageLimit? = nil
  ) {
    self.name = name
    self.chinese = chinese
    self.english = english
    self.stages = stages
    self.fields = fields
    self.kinds = kinds
    self.founderRanksFirst = founderRanksFirst
    self.total = total
  }

  /// The stage of that key.
  package func stage(_ key: String) -> Stage? { stages.first { $0.key == key } }

  /// The key of the stage that an event of a kind enters; `nil` for one that moves nothing.
  package func stage(enteredBy kind: String) -> String? {
    switch kinds.first(where: { $0.kind == kind })?.effect {
    case .found: stages.first?.key
    case .move(_, let to, _): to
    case .field, .whole, .fact, .note, nil: nil
    }
  }

  /// What the kinds do to clocks, of those that do.
  package var clockEffects: [String: ClockEffect] {
    Dictionary(
      kinds.compactMap { rule in rule.clock.map { (rule.kind, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// Whether anything of it is limited, so that its entities have clocks.
  package var hasClocks: Bool { total != nil || stages.contains { $0.limit != nil } }

  /// The stages at which an entity counts as closed: the closes, and the ends that acts lead to from
  /// there.
  package var closedStages: Set<String> {
    var closed = Set(stages.filter(\.isClosing).map(\.key))
    let ends = Set(stages.filter(\.isEnd).map(\.key))
    var isGrowing = true
    while isGrowing {
      let reached = kinds.compactMap { rule -> String? in
        guard case .move(let from, let to, _) = rule.effect, ends.contains(to),
          !closed.isDisjoint(with: from)
        else { return nil }
        return to
      }
      isGrowing = !closed.isSuperset(of: reached)
      closed.formUnion(reached)
    }
    return closed
  }

  /// What a stage ends.
  package enum Ending {
    case close
    /// An end that acts lead to from a close: the case stays closed.
    case afterClose
  }

  /// - Returns: `nil` for a stage at which the entity does not count as closed.
  package func ending(at stage: String) -> Ending? {
    guard let stage = self.stage(stage), stage.isEnd else { return nil }
    if stage.isClosing { return .close }
    return closedStages.contains(stage.key) ? .afterClose : nil
  }

  /// The field of that name.
  package func field(_ name: String) -> Field? { fields.first { $0.name == name } }

  /// Whether an act may ask for something: it is a fact or a note of the family.
  func isRequest(_ act: String) -> Bool {
    kinds.contains { $0.kind == act && ($0.effect == .fact || $0.effect == .note) }
  }

  fileprivate func check() throws(ProcessError) {
    let keys = Set(stages.map(\.key))
    guard !stages.isEmpty, keys.count == stages.count else {
      throw ProcessError(.doubled, "family \(name) has no stage or one twice: name each stage once")
    }
    guard Set(fields.map(\.name)).count == fields.count else {
      throw ProcessError(.doubled, "family \(name) has a field twice: keep one of them")
    }
    guard kinds.filter({ if case .found = $0.effect { true } else { false } }).count == 1 else {
      throw ProcessError(.noFounding, "family \(name) needs exactly one founding kind")
    }
    var slots = fields.map(\.name)
    for kind in kinds {
      switch kind.effect {
      case .move(let from, let to, _):
        guard keys.isSuperset(of: from), keys.contains(to) else {
          throw ProcessError(.unknownStage, "\(kind.kind) names a stage that \(name) does not have")
        }
      case .whole(let slot): slots.append(slot)
      case .found, .field, .fact, .note: break
      }
      guard keys.isSuperset(of: kind.stages) else {
        throw ProcessError(.unknownStage, "\(kind.kind) names a stage that \(name) does not have")
      }
      guard Set(kind.demands.map(\.field.name)).count == kind.demands.count else {
        throw ProcessError(.doubled, "\(kind.kind) demands one name twice: keep one of them")
      }
      guard kind.actors.above.map({ isRequest($0.act) && kind.effect == .note }) ?? true else {
        throw ProcessError(
          .unknownAct, "\(kind.kind) must be a note and answer a fact or note of \(name)")
      }
    }
    guard !slots.contains(Process.stageSlot), !slots.contains(Process.rulesSlot) else {
      throw ProcessError(.reservedName, "family \(name) has a slot named stage or rules: rename it")
    }
  }
}

/// A step of the process.
package struct Stage: Hashable, Sendable {
  package let key: String
  package let chinese: String
  package let english: String
  /// Whether a fact concurrent with the move into this stage calls for a review.
  package let isClosing: Bool
  /// Whether the whole handling is over here, so that its clock stops and nothing need lead on. A
  /// closing stage is such a one as well.
  package let isEnd: Bool
  /// Whether the state remembers who brought the entity into this stage, for the rule of two.
  package let keepsActor: Bool
  /// The role whose turn it is; `nil` where nobody's.
  package let owner: String?
  /// How long it may last and when that is warned of; `nil` where it is not limited.
  package let limit: StageLimit?

  package init(
    _ key: String, _ chinese: String, _ english: String, isClosing: Bool = false,
    isEnd: Bool = false,
    keepsActor: Bool = false, owner: String? = nil, limit: StageLimit? = nil
  ) {
    self.key = key
    self.chinese = chinese
    self.english = english
    self.isClosing = isClosing
    self.isEnd = isEnd || isClosing
    self.keepsActor = keepsActor
    self.owner = owner
    self.limit = limit
  }
}

/// Why bytes or parts are not a process that this version can fold.
package struct ProcessError: Error, Sendable, CustomStringConvertible {
  /// What went wrong, as an open set.
  package struct Code: Hashable, Sendable {
    package let word: String
    package init(_ word: String) { self.word = word }
    package static let doubled = Code("doubled")
    package static let noFounding = Code("no_founding")
    package static let unknownStage = Code("unknown_stage")
    package static let unknownAct = Code("unknown_act")
    package static let reservedName = Code("reserved_name")
    package static let malformed = Code("malformed")
    package static let newer = Code("newer")
  }

  package let code: Code
  /// What is wrong, where, and what to do.
  package let message: String
  package let cause: (any Error)?

  init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  package var description: String { message }
}

/// The order of texts by their UTF-8 bytes, which unlike `<` looks at no Unicode table.
func bytesAscend(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
