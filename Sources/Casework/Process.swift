package import Ledger
package import Regions

/// The process (办理流程): what may happen to an entity, at which stage and by whom, as data.
///
/// A process is named by the hash of its canonical bytes. An entity's founding event pins one, so a
/// process that was ever pinned must be kept for as long as the ledger.
package struct Process: Sendable, Equatable {
  /// One family of entities after another, in the order of the file.
  package let families: [Family]
  /// Who may write `rules.moved`, which puts an entity under another process.
  package let movers: Actors
  /// SHA-256 of the canonical bytes.
  package let hash: Hash
  private let entries: [String: Entry]

  /// A kind of event together with the family that knows it.
  struct Entry: Sendable, Equatable {
    let family: Int
    let rule: KindRule
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
  /// The slot that stage and handler share.
  package static let stageSlot = "stage"
  /// The slot of the pinned process.
  package static let rulesSlot = "rules"

  /// Checks that the parts fit together.
  ///
  /// - Throws: `ProcessError` for a doubled family, kind, stage or field, a move that names a stage
  ///   which is not there, a family without a stage or without exactly one founding kind, or a
  ///   reserved name.
  package init(families: [Family], movers: Actors) throws(ProcessError) {
    var entries: [String: Entry] = [:]
    for (index, family) in families.enumerated() {
      try family.check()
      for rule in family.kinds {
        guard Self.builtInKinds[rule.kind] == nil else {
          throw ProcessError(
            .reservedName, "every family has \(rule.kind): take it out of \(family.name)")
        }
        let entry = Entry(family: index, rule: rule)
        guard entries.updateValue(entry, forKey: rule.kind) == nil else {
          throw ProcessError(.doubled, "kind \(rule.kind) stands twice: keep one of them")
        }
      }
    }
    guard Set(families.map(\.name)).count == families.count else {
      throw ProcessError(.doubled, "two families have the same name: rename one of them")
    }
    self.families = families
    self.movers = movers
    self.entries = entries
    self.hash = Hash(of: Self.value(families: families, movers: movers).encoded)
  }

  /// The family of that name.
  package func family(named name: String) -> Family? { families.first { $0.name == name } }

  /// The rule for a kind, and the family that it belongs to; `nil` for a kind of no family.
  package func rule(for kind: String) -> (family: Family, rule: KindRule)? {
    entries[kind].map { (families[$0.family], $0.rule) }
  }

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

  package init(
    name: String, chinese: String, english: String, stages: [Stage], fields: [Field] = [],
    kinds: [KindRule], founderRanksFirst: Bool = false
  ) {
    self.name = name
    self.chinese = chinese
    self.english = english
    self.stages = stages
    self.fields = fields
    self.kinds = kinds
    self.founderRanksFirst = founderRanksFirst
  }

  /// The stage of that key.
  package func stage(_ key: String) -> Stage? { stages.first { $0.key == key } }

  /// The field of that name.
  package func field(_ name: String) -> Field? { fields.first { $0.name == name } }

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
      case .found, .field, .fact: break
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

  package init(_ key: String, _ chinese: String, _ english: String, isClosing: Bool = false) {
    self.key = key
    self.chinese = chinese
    self.english = english
    self.isClosing = isClosing
  }
}

/// A descriptive field of a family.
package struct Field: Hashable, Sendable {
  /// What a value must look like. `null` clears a field of any shape.
  package enum Shape: String, CaseIterable, Sendable {
    case any, text, texts, region, location
  }

  package let name: String
  package let shape: Shape

  package init(_ name: String, _ shape: Shape) {
    self.name = name
    self.shape = shape
  }

  /// Whether a value has the field's shape.
  package func accepts(_ value: CanonicalValue) -> Bool {
    switch (shape, value) {
    case (_, .null), (.any, _), (.text, .text): true
    case (.texts, .array(let elements)): elements.allSatisfy { $0.text != nil }
    case (.region, .text(let text)): RegionID(text) != nil
    case (.location, _): Location(value) != nil
    default: false
    }
  }
}

/// What a kind of event does and who may write it.
package struct KindRule: Hashable, Sendable {
  package let kind: String
  package let chinese: String
  package let english: String
  package let effect: Effect
  package let actors: Actors

  package init(
    _ kind: String, _ chinese: String, _ english: String, _ effect: Effect,
    by actors: Actors = .anyone
  ) {
    self.kind = kind
    self.chinese = chinese
    self.english = english
    self.effect = effect
    self.actors = actors
  }
}

/// The effect of an event that is allowed.
package enum Effect: Hashable, Sendable {
  /// Founds the entity, in the family's first stage.
  case found(Handover)
  /// Moves it to another stage, from one of those named.
  case move(from: [String], to: String, Handover)
  /// Sets the field that the body names: `{field, value}`.
  case field
  /// Sets a slot of its own, whose value is the whole body.
  case whole(slot: String)
  /// Adds a fact, which always stands.
  case fact
}

/// Who handles the entity after an event of the stage slot.
package enum Handover: String, CaseIterable, Sendable {
  /// As before.
  case keeps
  /// The regions that the body names under `to`, the lead unit (主办) first.
  case named
  /// The region that handed it over last.
  case giver
  /// The region that acts.
  case actor
}

/// Who may do something. Every condition must hold.
package struct Actors: Hashable, Sendable {
  /// A relation of the acting region to the entity, by the state of the event's own ancestors.
  package enum Place: String, CaseIterable, Sendable {
    case handler, giver, founder
  }

  /// Ascending.
  package let tiers: [Tier]
  /// Role words in ascending order; `*` stands for every role.
  package let roles: [String]
  /// Any one of them suffices; none means that the place does not matter.
  package let places: [Place]

  package init(
    tiers: [Tier] = Tier.allCases, roles: [String] = ["*"], places: [Place] = []
  ) {
    self.tiers = Set(tiers).sorted()
    self.roles = Set(roles).sorted(by: bytesAscend)
    self.places = Set(places).sorted { $0.rawValue < $1.rawValue }
  }

  package static let anyone = Actors()

  /// Whether the role is among those named.
  package func admits(role: String) -> Bool { roles.contains("*") || roles.contains(role) }
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
