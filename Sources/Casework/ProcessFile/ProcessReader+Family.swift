import Ledger
import Regions

extension ProcessReader {
  mutating func family(_ entry: YAMLValue.Entry) -> ProcessSketch.Family? {
    guard
      let fields = fields(
        of: entry.value,
        allowed: ["zh", "en", "founder_first", "fields", "total", "stages", "acts"],
        required: ["stages", "acts"]),
      let names = names(in: fields, at: Place(entry))
    else { return nil }
    var described: [Field] = []
    for field in entries(fields["fields"]) {
      guard let shape = word(field.value, as: Field.Shape.self) else { continue }
      described.append(Field(field.key, shape))
    }
    var stages: [Stage] = []
    var stagePlaces: [String: Place] = [:]
    for entry in entries(fields["stages"]) {
      guard let stage = stage(entry) else { continue }
      stages.append(stage)
      stagePlaces[entry.key] = Place(entry)
    }
    var kinds: [KindRule] = []
    var (actPlaces, wordPlaces): ([String: Place], [String: [String: Place]]) = ([:], [:])
    for act in entries(fields["acts"]) {
      var places: [String: Place] = [:]
      guard let rule = self.rule(act, &places) else { continue }
      kinds.append(rule)
      actPlaces[act.key] = Place(act)
      wordPlaces[act.key] = places
    }
    return ProcessSketch.Family(
      place: Place(entry),
      family: Family(
        name: entry.key, chinese: names.chinese, english: names.english, stages: stages,
        fields: described, kinds: kinds, founderRanksFirst: flag(fields["founder_first"]),
        total: fields["total"].flatMap { total($0) }),
      stages: stagePlaces, acts: actPlaces, words: wordPlaces)
  }

  private mutating func total(_ value: YAMLValue) -> StageLimit? {
    fields(of: value, allowed: Self.limitKeys, required: ["limit"]).flatMap {
      limit($0, at: Place(value))
    }
  }

  private mutating func stage(_ entry: YAMLValue.Entry) -> Stage? {
    guard
      let fields = fields(
        of: entry.value,
        allowed: ["zh", "en", "closes", "ends", "keeps_actor", "owner"] + Self.limitKeys),
      let names = names(in: fields, at: Place(entry))
    else { return nil }
    return Stage(
      entry.key, names.chinese, names.english, isClosing: flag(fields["closes"]),
      isEnd: flag(fields["ends"]),
      keepsActor: flag(fields["keeps_actor"]), owner: fields["owner"].flatMap { text($0) },
      limit: limit(fields, at: Place(entry)))
  }

  private static let effects = ["found", "to", "field", "slot", "fact", "note"]

  private mutating func rule(
    _ entry: YAMLValue.Entry, _ places: inout [String: Place]
  ) -> KindRule? {
    guard
      let fields = fields(
        of: entry.value,
        allowed: ["zh", "en", "from", "handler", "by", "takes", "at", "clock", "once"]
          + Self.effects),
      let names = names(in: fields, at: Place(entry)),
      let effect = effect(fields, of: entry, &places)
    else { return nil }
    let stages = words(fields["at"])
    for (word, place) in stages { places[word] = place }
    var actors = Actors.anyone
    if let by = fields["by"] { actors = self.actors(by, &places) }
    return KindRule(
      entry.key, names.chinese, names.english, effect, by: actors,
      demands: entries(fields["takes"]).compactMap { demand($0) }, stages: stages.map(\.word),
      clock: fields["clock"].flatMap { word($0, as: ClockEffect.self) },
      successor: fields["once"].flatMap { text($0) })
  }

  private mutating func effect(
    _ fields: [String: YAMLValue], of entry: YAMLValue.Entry, _ places: inout [String: Place]
  ) -> Effect? {
    let named = Self.effects.filter { fields[$0] != nil }
    guard named.count == 1, let value = fields[named[0]] else {
      note(
        Place(entry), "one_effect",
        "“\(entry.key)”须恰有一种作用:\(Self.effects.joined(separator: "、")) 之一",
        "\(entry.key) needs exactly one effect of \(Self.effects.joined(separator: ", "))")
      return nil
    }
    switch named[0] {
    case "found": return word(value, as: Handover.self).map { .found($0) }
    case "to":
      let from = words(fields["from"])
      for (word, place) in from { places[word] = place }
      guard let to = text(value), !from.isEmpty else {
        note(
          Place(entry), "missing_key", "“\(entry.key)”须以 from 写明原环节",
          "\(entry.key) must say from which stages: add from")
        return nil
      }
      places[to] = places[to] ?? Place(value)
      let handover = fields["handler"].flatMap { word($0, as: Handover.self) } ?? .keeps
      return .move(from: from.map(\.word), to: to, handover)
    case "slot": return text(value).map { .whole(slot: $0) }
    case let name:
      guard flag(value) else {
        note(Place(value), "wrong_type", "此处应为 true", "true is expected here")
        return nil
      }
      return name == "field" ? .field : name == "fact" ? .fact : .note
    }
  }

  mutating func actors(_ value: YAMLValue) -> Actors {
    var places: [String: Place] = [:]
    return actors(value, &places)
  }

  private mutating func actors(_ value: YAMLValue, _ places: inout [String: Place]) -> Actors {
    guard
      let fields = fields(
        of: value, allowed: ["tiers", "roles", "places", "another", "above", "top"])
    else { return .anyone }
    var tiers: [Tier] = []
    for (word, place) in words(fields["tiers"]) {
      if let tier = Tier(name: word) {
        tiers.append(tier)
      } else {
        let known = Tier.allCases.map(\.name)
        note(
          place, "unknown_word", "没有层级“\(word)”,可用:\(known.joined(separator: "、"))",
          "there is no tier '\(word)'; use \(known.joined(separator: ", "))")
      }
    }
    let roles = words(fields["roles"])
    for (word, place) in roles { places["role " + word] = place }
    let relations = words(fields["places"]).compactMap {
      word($0.word, at: $0.place, as: Actors.Place.self)
    }
    return Actors(
      tiers: fields["tiers"] == nil ? Tier.allCases : tiers,
      roles: fields["roles"] == nil ? ["*"] : roles.map(\.word), places: relations,
      isAnother: flag(fields["another"]), above: above(fields, &places))
  }

  /// An entry of `takes`: `name: shape`, `name: shape?` where it may be left out, or `name: shape 2`
  /// for at least so many.
  private mutating func demand(_ entry: YAMLValue.Entry) -> Demand? {
    guard var text = text(entry.value) else { return nil }
    var least: Int64 = 1
    if text.hasSuffix("?") {
      least = 0
      text.removeLast()
    } else if let space = text.firstIndex(of: " "), let number = Int64(text[space...].dropFirst()) {
      least = number
      text = String(text[..<space])
    }
    guard let shape = word(text, at: Place(entry.value), as: Field.Shape.self) else { return nil }
    guard least <= 1 || (least <= 16 && (shape == .texts || shape == .hashes)) else {
      note(
        Place(entry.value), "malformed_number", "只有清单可要求多项,且不超过 16 项",
        "only of a list more than one may be demanded, and 16 at most")
      return nil
    }
    guard let names = labels[entry.key] else {
      note(
        Place(entry), "missing_name", "“\(entry.key)”没有名称,请在 words 中写明中英文",
        "'\(entry.key)' has no names: add it to words")
      return nil
    }
    return Demand(Field(entry.key, shape), names.chinese, names.english, least: least)
  }
}
