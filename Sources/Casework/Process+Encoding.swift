package import Ledger
import Regions

extension Process {
  private static let format: Int64 = 1

  /// The process as a value of the ledger's encoding.
  package var value: CanonicalValue {
    Self.value(families: families, movers: movers, roles: roles)
  }

  /// The canonical bytes, whose hash names the process.
  package var encoded: [UInt8] { value.encoded }

  static func value(families: [Family], movers: Actors, roles: [RoleName]) -> CanonicalValue {
    var entries: [String: CanonicalValue] = [
      "process": .integer(format), "families": .array(families.map(\.value)),
      "movers": movers.value,
    ]
    if !roles.isEmpty { entries["roles"] = .array(roles.map(\.value)) }
    return .map(entries)
  }

  /// Reads a process from canonical bytes.
  ///
  /// - Throws: `ProcessError`, also for a process that says more than this version understands: such
  ///   a process must not be folded by, and entities that pin it wait for an upgrade.
  package init(decoding bytes: [UInt8]) throws(ProcessError) {
    let value: CanonicalValue
    do { value = try CanonicalValue(decoding: bytes) } catch {
      throw ProcessError(
        .malformed, "the rules file is not in canonical form: fetch it again", cause: error)
    }
    guard value["process"]?.integer == Self.format else {
      throw ProcessError(.newer, "the rules file has another format: upgrade this node")
    }
    guard let families = value["families"]?.array?.map(Family.init(value:)),
      let movers = value["movers"].flatMap(Actors.init(value:))
    else { throw ProcessError(.malformed, "the rules file lacks families or movers") }
    guard let families = whole(families) else {
      throw ProcessError(.newer, "a family of the rules file cannot be read: upgrade this node")
    }
    guard let roles = list(value["roles"] ?? .array([]), RoleName.init(value:)) else {
      throw ProcessError(.newer, "a role of the rules file cannot be read: upgrade this node")
    }
    try self.init(families: families, movers: movers, roles: roles)
    guard encoded == bytes else {
      throw ProcessError(
        .newer, "the rules file says what this version does not know: upgrade this node")
    }
  }
}

/// The elements, if none is `nil`.
private func whole<Element>(_ elements: [Element?]) -> [Element]? {
  let present = elements.compactMap { $0 }
  return present.count == elements.count ? present : nil
}

/// Reads every element of an array; `nil` for another shape or one element that cannot be read.
private func list<Element>(
  _ value: CanonicalValue?, _ read: (CanonicalValue) -> Element?
) -> [Element]? {
  value?.array.flatMap { whole($0.map(read)) }
}

private func texts(_ texts: [String]) -> CanonicalValue { .array(texts.map { .text($0) }) }

extension CanonicalValue {
  fileprivate var flag: Bool? {
    guard case .boolean(let flag) = self else { return nil }
    return flag
  }
}

extension RoleName {
  var value: CanonicalValue {
    .map(["key": .text(key), "zh": .text(chinese), "en": .text(english)])
  }

  init?(value: CanonicalValue) {
    guard let key = value["key"]?.text, let chinese = value["zh"]?.text,
      let english = value["en"]?.text
    else { return nil }
    self.init(key, chinese, english)
  }
}

extension Family {
  var value: CanonicalValue {
    var entries: [String: CanonicalValue] = [
      "name": .text(name), "zh": .text(chinese), "en": .text(english),
      "stages": .array(stages.map(\.value)), "fields": .array(fields.map(\.value)),
      "kinds": .array(kinds.map(\.value)), "founder_first": .boolean(founderRanksFirst),
    ]
    entries["total"] = total?.value
    return .map(entries)
  }

  init?(value: CanonicalValue) {
    guard let name = value["name"]?.text, let chinese = value["zh"]?.text,
      let english = value["en"]?.text, let stages = list(value["stages"], Stage.init(value:)),
      let fields = list(value["fields"], Field.init(value:)),
      let kinds = list(value["kinds"], KindRule.init(value:)),
      let founderRanksFirst = value["founder_first"]?.flag
    else { return nil }
    var total: StageLimit?
    if let limit = value["total"] {
      guard let read = StageLimit(value: limit) else { return nil }
      total = read
    }
    self.init(
      name: name, chinese: chinese, english: english, stages: stages, fields: fields, kinds: kinds,
      founderRanksFirst: founderRanksFirst, total: total)
  }
}

extension Stage {
  var value: CanonicalValue {
    var entries: [String: CanonicalValue] = [
      "key": .text(key), "zh": .text(chinese), "en": .text(english), "closing": .boolean(isClosing),
    ]
    // What an earlier version did not know is written only where it says something, so that the
    // processes of that version keep their hashes.
    if isEnd != isClosing { entries["ends"] = .boolean(true) }
    if keepsActor { entries["keeps_actor"] = .boolean(true) }
    entries["owner"] = owner.map { .text($0) }
    entries["limit"] = limit?.value
    return .map(entries)
  }

  init?(value: CanonicalValue) {
    guard let key = value["key"]?.text, let chinese = value["zh"]?.text,
      let english = value["en"]?.text, let isClosing = value["closing"]?.flag
    else { return nil }
    var limit: StageLimit?
    if let rule = value["limit"] {
      guard let read = StageLimit(value: rule) else { return nil }
      limit = read
    }
    self.init(
      key, chinese, english, isClosing: isClosing,
      isEnd: value["ends"]?.flag ?? false, keepsActor: value["keeps_actor"]?.flag ?? false,
      owner: value["owner"]?.text, limit: limit)
  }
}

extension Field {
  var value: CanonicalValue { .map(["name": .text(name), "shape": .text(shape.rawValue)]) }

  init?(value: CanonicalValue) {
    guard let name = value["name"]?.text,
      let shape = value["shape"]?.text.flatMap(Shape.init(rawValue:))
    else { return nil }
    self.init(name, shape)
  }
}

extension KindRule {
  var value: CanonicalValue {
    var entries: [String: CanonicalValue] = [
      "kind": .text(kind), "zh": .text(chinese), "en": .text(english), "effect": effect.value,
      "by": actors.value,
    ]
    if !demands.isEmpty { entries["demands"] = .array(demands.map(\.value)) }
    if !stages.isEmpty { entries["stages"] = texts(stages) }
    entries["clock"] = clock.map { .text($0.rawValue) }
    entries["once"] = successor.map { .text($0) }
    return .map(entries)
  }

  init?(value: CanonicalValue) {
    guard let kind = value["kind"]?.text, let chinese = value["zh"]?.text,
      let english = value["en"]?.text, let effect = value["effect"].flatMap(Effect.init(value:)),
      let actors = value["by"].flatMap(Actors.init(value:)),
      let demands = list(value["demands"] ?? .array([]), Demand.init(value:)),
      let stages = list(value["stages"] ?? .array([]), \.text)
    else { return nil }
    var clock: ClockEffect?
    if let word = value["clock"] {
      guard let effect = word.text.flatMap(ClockEffect.init(rawValue:)) else { return nil }
      clock = effect
    }
    self.init(
      kind, chinese, english, effect, by: actors, demands: demands, stages: stages, clock: clock,
      successor: value["once"]?.text)
  }
}

extension Demand {
  var value: CanonicalValue {
    .map([
      "field": field.value, "zh": .text(chinese), "en": .text(english), "least": .integer(least),
    ])
  }

  init?(value: CanonicalValue) {
    guard let field = value["field"].flatMap(Field.init(value:)),
      let chinese = value["zh"]?.text, let english = value["en"]?.text,
      let least = value["least"]?.integer, least >= 0
    else { return nil }
    self.init(field, chinese, english, least: least)
  }
}

extension Effect {
  var value: CanonicalValue {
    switch self {
    case .found(let handover): .map(["found": .text(handover.rawValue)])
    case .move(let from, let to, let handover):
      .map(["from": texts(from), "to": .text(to), "handler": .text(handover.rawValue)])
    case .field: .text("field")
    case .whole(let slot): .map(["slot": .text(slot)])
    case .fact: .text("fact")
    case .note: .text("note")
    }
  }

  init?(value: CanonicalValue) {
    if value == .text("field") {
      self = .field
    } else if value == .text("fact") {
      self = .fact
    } else if value == .text("note") {
      self = .note
    } else if let slot = value["slot"]?.text {
      self = .whole(slot: slot)
    } else if let handover = value["found"]?.text.flatMap(Handover.init(rawValue:)) {
      self = .found(handover)
    } else if let from = list(value["from"], \.text), let to = value["to"]?.text,
      let handover = value["handler"]?.text.flatMap(Handover.init(rawValue:))
    {
      self = .move(from: from, to: to, handover)
    } else {
      return nil
    }
  }
}

extension Actors {
  var value: CanonicalValue {
    var entries: [String: CanonicalValue] = [
      "tiers": texts(tiers.map(\.name)), "roles": texts(roles),
      "places": texts(places.map(\.rawValue)),
    ]
    if isAnother { entries["another"] = .boolean(true) }
    entries["above"] = above?.value
    return .map(entries)
  }

  init?(value: CanonicalValue) {
    guard let tiers = list(value["tiers"], { $0.text.flatMap { Tier(name: $0) } }),
      let roles = list(value["roles"], \.text),
      let places = list(value["places"], { $0.text.flatMap(Place.init(rawValue:)) })
    else { return nil }
    var above: Above?
    if let value = value["above"] {
      guard let read = Above(value: value) else { return nil }
      above = read
    }
    self.init(
      tiers: tiers, roles: roles, places: places, isAnother: value["another"]?.flag ?? false,
      above: above)
  }
}

extension Above {
  var value: CanonicalValue { .map(["act": .text(act), "top": texts(top)]) }

  init?(value: CanonicalValue) {
    guard let act = value["act"]?.text, let top = list(value["top"], \.text) else { return nil }
    self.init(act, top: top)
  }
}
