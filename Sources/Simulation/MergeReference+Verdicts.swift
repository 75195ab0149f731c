import Casework
import Ledger
import Regions

/// What one event does, by the state of its own ancestors.
extension MergeReference {
  func verdict(on item: Item, pinned: Hash) -> Verdict {
    guard let founder else { return .waits }
    let above = ancestors[item.hash] ?? []
    if above.contains(where: { verdicts[$0] == .waits }) { return .waits }
    if item.hash == founder.hash { return founding(item, pinned) }
    guard above.contains(founder.hash) else {
      return .fails(item.isClosed ? "origin_closed" : "not_allowed", isUnknown: false)
    }
    if item.isClosed { return .fails("origin_closed", isUnknown: false) }
    if item.isFounding { return .fails("not_allowed", isUnknown: false) }
    if item.kind == "parent.lost", !unknownKinds.contains(item.kind) {
      guard item.tier == .city else { return .fails("not_authorised", isUnknown: false) }
      return Self.lost(in: item.body) == nil
        ? .fails("not_understood", isUnknown: false) : .declares
    }
    let before = settle(above, pinned: pinned, slotsOnly: true)
    guard let process = processes[before.rules] else {
      return before.rules == .zero ? .fails("not_understood", isUnknown: true) : .waits
    }
    if unknownKinds.contains(item.kind) { return .fails("not_understood", isUnknown: true) }
    if item.kind == "conflict.decided" {
      return decision(item, before.slots["stage"]?.value, settle(above, pinned: pinned))
    }
    if item.kind == "rules.moved" {
      guard admits(process.movers, item, before.slots["stage"]?.value) else {
        return .fails("not_authorised", isUnknown: false)
      }
      guard let rules = item.body?["rules"]?.bytes.flatMap({ Hash($0) }) else {
        return .fails("not_understood", isUnknown: false)
      }
      return processes[rules] == nil ? .waits : .rules(rules)
    }
    for candidate in process.families {
      for rule in candidate.kinds where rule.kind == item.kind {
        guard candidate.name == family?.name else { return .fails("not_allowed", isUnknown: false) }
        return apply(rule, candidate, item, before.slots["stage"]?.value)
      }
    }
    return .fails("not_understood", isUnknown: true)
  }

  /// A decision is allowed if just this pair is a conflict among its ancestors that none of them
  /// decided.
  func decision(
    _ item: Item, _ stage: CanonicalValue?, _ before: Result
  ) -> Verdict {
    let anyPlace = Actors(places: [.handler, .giver, .founder])
    guard item.tier == .city || admits(anyPlace, item, stage) else {
      return .fails("not_authorised", isUnknown: false)
    }
    guard let slot = item.body?["slot"]?.text, let verdict = item.body?["verdict"]?.text,
      ["confirmed", "redone"].contains(verdict),
      let winner = item.body?["winner"]?.bytes.flatMap({ Hash($0) }),
      let loser = item.body?["loser"]?.bytes.flatMap({ Hash($0) })
    else { return .fails("not_understood", isUnknown: false) }
    let pair = Pair(slot: slot, winner: winner, loser: loser)
    guard let decided = before.conflicts[pair] else {
      return .fails("not_allowed", isUnknown: false)
    }
    return decided.isEmpty ? .decides(pair, verdict) : .fails("already_decided", isUnknown: false)
  }

  func founding(_ item: Item, _ pinned: Hash) -> Verdict {
    guard !unknownKinds.contains(item.kind), let family,
      let rule = family.kinds.first(where: { $0.kind == item.kind })
    else {
      return .fails(item.isClosed ? "origin_closed" : "not_understood", isUnknown: true)
    }
    if item.isClosed { return .fails("origin_closed", isUnknown: false) }
    guard admits(rule.actors, item, nil) else { return .fails("not_authorised", isUnknown: false) }
    guard case .found(let handover) = rule.effect, hasAll(rule, item),
      let value = stage(family.stages[0].key, of: family, handover, item, before: nil)
    else { return .fails("not_understood", isUnknown: false) }
    return .stage(value, entering: family.stages[0].key)
  }

  func apply(
    _ rule: KindRule, _ family: Family, _ item: Item, _ stage: CanonicalValue?
  ) -> Verdict {
    guard admits(rule.actors, item, stage) else {
      return .fails("not_authorised", isUnknown: false)
    }
    let malformed = Verdict.fails("not_understood", isUnknown: false)
    guard hasAll(rule, item) else { return malformed }
    switch rule.effect {
    case .found: return .fails("not_allowed", isUnknown: false)
    case .fact: return .fact
    case .note: return rule.actors.above.map { answer(item, by: rule, $0) } ?? .note
    case .whole(let slot): return item.body.map { .field(slot, $0) } ?? malformed
    case .field:
      guard let name = item.body?["field"]?.text, let value = item.body?["value"],
        let field = family.fields.first(where: { $0.name == name }), field.accepts(value)
      else { return malformed }
      return .field(name, value)
    case .move(let from, let to, let handover):
      guard let stage, let key = stage["stage"]?.text, from.contains(key) else {
        return .fails("not_allowed", isUnknown: false)
      }
      let before = stage["once"]?.array ?? []
      guard rule.successor == nil || !before.contains(.text(rule.kind)) else {
        return .fails("not_allowed", isUnknown: false)
      }
      let once = rule.successor == nil ? before : before + [.text(rule.kind)]
      return self.stage(to, of: family, handover, item, before: stage, once: once).map {
        .stage($0, entering: to)
      }
        ?? malformed
    }
  }

  /// Whether the body holds what the rule demands.
  func hasAll(_ rule: KindRule, _ item: Item) -> Bool {
    rule.demands.allSatisfy { demand in
      let value = item.body?[demand.field.name]
      // Without a body only a rule that demands nothing is met.
      if item.body == nil { return false }
      guard let value, value != .null else { return demand.least == 0 }
      guard demand.field.accepts(value) else { return false }
      if let elements = value.array { return Set(elements).count >= Int(demand.least) }
      guard let text = value.text, demand.least > 0 else { return true }
      return !text.allSatisfy(\.isWhitespace)
    }
  }

  func admits(_ actors: Actors, _ item: Item, _ stage: CanonicalValue?) -> Bool {
    guard actors.tiers.contains(item.tier),
      actors.roles.contains("*") || actors.roles.contains(item.role)
    else { return false }
    if actors.isAnother {
      guard let former = stage?["by"]?.text, former != item.account else { return false }
    }
    if actors.places.isEmpty || (actors.above != nil && item.tier == .city) { return true }
    let name = CanonicalValue.text(item.region.rawValue)
    return actors.places.contains { place in
      switch place {
      case .handler: stage?["handler"]?.array?.contains(name) ?? false
      case .giver: stage?["giver"] == name
      case .founder: item.region == founder?.region
      }
    }
  }

  /// The value of the stage slot after a move.
  func stage(
    _ key: String, of family: Family, _ handover: Handover, _ item: Item,
    before: CanonicalValue?, once: [CanonicalValue] = []
  ) -> CanonicalValue? {
    var entries: [String: CanonicalValue] = ["stage": .text(key)]
    if !once.isEmpty {
      entries["once"] = .array(
        once.sorted { ($0.text ?? "").utf8.lexicographicallyPrecedes(($1.text ?? "").utf8) })
    }
    let keeps = family.stages.contains { $0.key == key && $0.keepsActor }
    if keeps { entries["by"] = .text(item.account) }
    let here = CanonicalValue.text(item.region.rawValue)
    switch (handover, before) {
    case (.named, _):
      guard let named = item.body?["to"]?.array, !named.isEmpty,
        named.allSatisfy({ $0.text.flatMap { RegionID($0) } != nil })
      else { return nil }
      if let department = item.body?["department"] {
        guard department.text != nil else { return nil }
        entries["department"] = department
      }
      if let due = item.body?["due"] {
        guard due.integer != nil else { return nil }
        entries["due"] = due
      }
      entries["handler"] = .array(named)
      entries["giver"] = here
    case (.keeps, let before?):
      for name in ["handler", "giver", "department", "due"] { entries[name] = before[name] }
    case (.ordered, let before?):
      for name in ["handler", "giver", "department"] { entries[name] = before[name] }
      if let due = item.body?["due"] {
        guard due.integer != nil else { return nil }
        entries["due"] = due
      }
    case (.giver, let before?):
      entries["handler"] = before["giver"].map { .array([$0]) }
      entries["giver"] = here
    case (.actor, _), (_, nil):
      entries["handler"] = .array([here])
      entries["giver"] = here
    }
    return .map(entries)
  }
}
